"""The story of the two passes: what happens to a graph's numbers, one at a time, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .graph import Graph
from .node import refuse_stale
from .notation import fill, number, operation
from .ops import influence


SENTENCES = {
    "start": "Start at the output: if {node} moves by 1, {node} moves by 1, so its gradient is 1.",
    "edge": "Through {through} = {written}: slope {slope}, upstream {upstream}, "
    "so {node} gets {(slope)} × {(upstream)} = {contribution}",
    "added": "; with the {before} that it already had, {total}",
    "overwritten": "; = throws away the {before} that it already had",
}
"""What the steps of a backward pass say, as templates (see `notation.fill`)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the forward or the backward pass, as plain data: pictures and explorers only read it.

    Forward, `node` gets its `value`. Backward, `node` gets the `contribution` slope × upstream through one
    edge, the one into input number `port` of the operation `through`, which brings its gradient from `before`
    (None: it had none) to `total`; the first backward step has no edge, it starts the output at 1. Nodes are
    called by their name in the graph.
    """

    phase: str
    node: str
    sentence: str
    value: float | None = None
    through: str = ""
    port: int = 0
    slope: float | None = None
    upstream: float | None = None
    contribution: float | None = None
    before: float | None = None
    total: float | None = None


def tell(graph: Graph) -> list[Step]:
    """The steps of both passes at the present values (see `Graph.steps`)."""
    refuse_stale(graph.nodes)
    return [*_forward(graph), *walk(graph, reversed(graph.nodes))]


def _forward(graph: Graph) -> Iterator[Step]:
    for node in graph.nodes:
        if node.inputs:
            name, value = graph.names[node], number(node.data)
            written = graph.written(node)
            filled = operation(node.op.name, [number(x.data) for x in node.inputs])
            told = dict.fromkeys((name, written, filled, value))  # each form once: −x = −1, not −x = −1 = −1
            yield Step("forward", name, f"{' = '.join(told)}.", value=node.data)


def walk(
    graph: Graph, visits: Iterable[Any], gradients: Mapping[Any, float] | None = None, overwrite: bool = False
) -> Iterator[Step]:
    """The steps of a backward pass in which the nodes hand on their gradients in the order of `visits`.

    Only outputs first, each node once, is right; the rest is there to see what goes wrong. `gradients` are left
    over from an earlier pass (`zero_grad` forgotten), `overwrite` is `=` in place of `+=`.

    >>> from backproplab import parse
    >>> graph = parse("u + u*u", u=3.0)
    >>> [list(walk(graph, reversed(graph.nodes), overwrite=wrong))[-1].total for wrong in (False, True)]
    [7.0, 3.0]
    """
    if graph.output.constant:
        return  # nothing can move
    gradient = dict(gradients or {})
    before = gradient.get(graph.output)
    gradient[graph.output] = (before or 0.0) + 1.0
    output = graph.names[graph.output]
    start = fill(SENTENCES["start"], {"node": output})
    yield Step("backward", output, start, contribution=1.0, before=before, total=gradient[graph.output])
    for node in visits:
        inputs = tuple(x.data for x in node.inputs)
        for port, x in enumerate(node.inputs):
            if x.constant or node.constant:
                continue  # a constant does not move: no slope is asked for
            slope = node.op.slope(port, node.data, inputs)
            upstream = gradient.get(node, 0.0)
            contribution = influence(upstream, slope, node.data)
            before = gradient.get(x)
            gradient[x] = contribution if before is None or overwrite else before + contribution
            numbers = {"slope": slope, "upstream": upstream, "contribution": contribution}
            numbers |= {"before": before, "total": gradient[x]}
            sentence = _edge_sentence(graph, node, x, numbers, overwrite)
            yield Step("backward", graph.names[x], sentence, through=graph.names[node], port=port, **numbers)


def _edge_sentence(graph: Graph, node: Any, x: Any, numbers: Mapping[str, float | None], overwrite: bool) -> str:
    template = SENTENCES["edge"]
    if numbers["before"] is not None:
        template += SENTENCES["overwritten" if overwrite else "added"]
    words = {"through": graph.names[node], "written": graph.written(node), "node": graph.names[x]}
    words |= {name: number(value) for name, value in numbers.items() if value is not None}
    return fill(template + ".", words)
