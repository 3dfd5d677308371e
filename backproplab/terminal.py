"""A graph as lines of text: a table of its numbers, and both passes in sentences. No line is wider than a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .graph import Graph
from .notation import number
from .story import Step

WIDTH = 80  # characters in a line
WIDEST = 24  # characters in a cell for which a column makes room; what is longer sticks out

PASSES = {
    "forward": "Forward, every value from the values before it:",
    "backward": "Backward, every gradient is slope × upstream:",
}


def lines(graph: Graph, step: int | None = None) -> Iterator[str]:
    """The graph after the first `step` steps of its story (by default, all of them), and these steps.

    A graph of single numbers, at its present values, which are not changed. A ValueError if it has fewer steps.

    >>> from backproplab import parse
    >>> print(*lines(parse("u + u*u", u=3.0)), sep="\\n")
    Graph of u+u·u at u = 3: output 12
    <BLANKLINE>
      node  value  gradient  computed as  slopes
      u         3         7
      a         9         1  u·u          3 to u, 3 to u
      b        12         1  u + a        1 to u, 1 to a
    <BLANKLINE>
    Forward, every value from the values before it:
      1  a = u·u = 3·3 = 9.
      2  b = u + a = 3 + 9 = 12.
    <BLANKLINE>
    Backward, every gradient is slope × upstream:
      3  Start at the output: if b moves by 1, b moves by 1, so its gradient is 1.
      4  Through b = u + a: slope 1, upstream 1, so u gets 1 × 1 = 1.
      5  Through b = u + a: slope 1, upstream 1, so a gets 1 × 1 = 1.
      6  Through a = u·u: slope 3, upstream 1, so u gets 3 × 1 = 3; with the 1 that
         it already had, 4.
      7  Through a = u·u: slope 3, upstream 1, so u gets 3 × 1 = 3; with the 4 that
         it already had, 7.
    """
    story = graph.steps()
    if step is not None and not 0 <= step <= len(story):
        has = f"{len(story)} step{'s' * (len(story) != 1)}"
        raise ValueError(f"This graph has {has}; got step {step}, expected 0 to {len(story)}.")
    steps = story[:step]
    yield from _wrapped(repr(graph))
    yield ""
    yield from _table(graph, steps)
    digits = len(str(len(story)))
    told = ""
    for i, it in enumerate(steps, start=1):
        if it.phase != told:
            told = it.phase
            yield from ("", PASSES[told])
        yield from _wrapped(f"  {i:{digits}}  {it.sentence}", indent=digits + 4)
    if graph.output.constant:
        yield from ("", "There is no variable in it, so nothing can move, and there are no gradients.")


def _table(graph: Graph, steps: list[Step]) -> Iterator[str]:
    """A line for each node: its name, value, gradient, operation, and the slopes to its operands, as far as known."""
    values = {graph.names[node]: node.data for node in graph.nodes if not node.inputs}
    values |= {it.node: it.value for it in steps if it.phase == "forward"}
    gradients = {it.node: it.total for it in steps if it.phase == "backward"}
    slopes: dict[str, list[str]] = {}
    for it in steps:
        if it.through:
            slopes.setdefault(it.through, []).append(f"{number(it.slope)} to {it.node}")
    rows = [("node", "value", "gradient", "computed as", "slopes")]
    for node in graph.nodes:
        name = graph.names[node]
        if node.inputs or not node.constant or node is graph.output:  # other numbers are where they are used
            known = [number(numbers[name]) if name in numbers else "" for numbers in (values, gradients)]
            rows.append((name, *known, graph.written(node) if node.inputs else "", ", ".join(slopes.get(name, []))))
    columns = [[len(cell) for cell in column if len(cell) <= WIDEST] for column in zip(*rows, strict=True)]
    name, value, gradient, written, _ = [max(column, default=0) for column in columns]
    for row in rows:
        cells = f"  {row[0]:{name}}  {row[1]:>{value}}  {row[2]:>{gradient}}  {row[3]:{written}}  {row[4]}"
        yield from _wrapped(cells.rstrip(), indent=name + value + gradient + 8)


def _wrapped(text: str, indent: int = 2) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
