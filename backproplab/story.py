"""The story of the two passes: what happens to a graph's numbers, one at a time, in numbers and in words.

Of arrays it tells the operation and the shapes; the arrays themselves are in the steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .graph import Graph, shape_of, single
from .node import refuse_stale
from .notation import fill, number, operation
from .rules import pull_rule

SENTENCES = {
    "start": "Start at the output: if {node} moves by 1, {node} moves by 1, so its gradient is 1",
    "edge": "Through {through} = {written}: slope {slope}, upstream {upstream}, "
    "so {node} gets {(slope)} × {(upstream)} = {contribution}",
    "added": "; with the {before} that it already had, {total}",
    "overwritten": "; = throws away the {before} that it already had",
}
"""What the steps of a backward pass say of numbers, as templates (see `notation.fill`)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the forward or the backward pass, as plain data: pictures and explorers only read it.

    Forward, `node` gets its `value`. Backward, `node` gets the `contribution` slope × upstream through one
    edge, the one into input number `port` of the operation `through`, which brings its gradient from `before`
    (None: it had none) to `total`; the first backward step has no edge, it starts the output at 1. Nodes are
    called by their name in the graph.
    Numbers are floats; of a Tensor they are arrays, and the slope is None where its entries are mixed or moved.
    """

    phase: str
    node: str
    sentence: str
    value: Any = None
    through: str = ""
    port: int = 0
    slope: Any = None
    upstream: Any = None
    contribution: Any = None
    before: Any = None
    total: Any = None


def tell(graph: Graph) -> list[Step]:
    """The steps of both passes at the present values (see `Graph.steps`)."""
    refuse_stale(graph.nodes)
    return [*_forward(graph), *walk(graph, reversed(graph.nodes))]


def _forward(graph: Graph) -> Iterator[Step]:
    for node in graph.nodes:
        if node.inputs:
            yield Step("forward", graph.names[node], _forward_sentence(graph, node), value=node.data)


def _forward_sentence(graph: Graph, node: Any) -> str:
    name, written = graph.names[node], graph.written(node)
    filled = operation(node.op.name, [_shown(x) for x in node.inputs])
    if shape_of(node) or any(map(shape_of, node.inputs)):
        return f"{name} = {written}: {filled} gives {_shown(node)}."
    told = dict.fromkeys((name, written, filled, _shown(node)))  # each form once: −x = −1, not −x = −1 = −1
    return f"{' = '.join(told)}."


def _shown(node: Any) -> str:
    shape = shape_of(node)
    return str(shape) if shape else number(single(node.data))


def walk(
    graph: Graph, visits: Iterable[Any], gradients: Mapping[Any, Any] | None = None, overwrite: bool = False
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
    output, shape = graph.names[graph.output], shape_of(graph.output)
    seed = graph.output.data**0  # ones, even where the output is nan
    gradient = dict(gradients or {})
    before = gradient.get(graph.output)
    gradient[graph.output] = seed if before is None else before + seed
    more = before is not None and not shape
    totals = {"before": number(single(before)), "total": number(single(gradient[graph.output]))} if more else {}
    start = fill(f"{SENTENCES['start']}{SENTENCES['added'] if more else ''}.", {"node": output} | totals)
    if shape:
        start = f"Start at the output: the seed, an array of ones of shape {shape}, makes it the sum of its entries."
    yield Step("backward", output, start, contribution=seed, before=before, total=gradient[graph.output])
    for node in visits:
        if node.constant or not node.inputs:
            continue
        upstream = gradient.get(node, 0.0 * node.data**0)
        for port, contribution in node.send(upstream):
            x, slope = node.inputs[port], node.slope(port)
            before = gradient.get(x)
            gradient[x] = contribution if before is None or overwrite else before + contribution
            numbers = {"slope": slope, "upstream": upstream, "contribution": contribution}
            numbers |= {"before": before, "total": gradient[x]}
            sentence = _edge_sentence(graph, node, port, numbers, overwrite)
            yield Step("backward", graph.names[x], sentence, through=graph.names[node], port=port, **numbers)


def _edge_sentence(graph: Graph, node: Any, port: int, numbers: Mapping[str, Any], overwrite: bool) -> str:
    x = node.inputs[port]
    names = {"through": graph.names[node], "written": graph.written(node), "node": graph.names[x]}
    had = "" if numbers["before"] is None else "overwritten" if overwrite else "added"
    if shape_of(node) or shape_of(x):
        sentence = f"Through {names['through']} = {names['written']}: {_sent(graph, node, port, numbers)}"
        ends = {"": ".", "added": ", added to what it already had.", "overwritten": ", in place of what it already had."}
        return sentence + ends[had]
    words = {name: number(single(x)) for name, x in numbers.items() if x is not None}
    return fill(f"{SENTENCES['edge']}{SENTENCES.get(had, '')}.", names | words)


def _sent(graph: Graph, node: Any, port: int, numbers: Mapping[str, Any]) -> str:
    """What a Tensor sends back, in words: only its shapes, unless there is a short formula for the rest."""
    x, slope = graph.names[node.inputs[port]], numbers["slope"]
    upstream, contribution = numbers["upstream"], numbers["contribution"]
    shapes = f"upstream of shape {upstream.shape}" if upstream.shape else f"upstream {number(upstream.item())}"
    gets = f"{x} gets {contribution.shape}" if contribution.shape else f"{x} gets {number(contribution.item())}"
    if slope is None:
        rule = pull_rule(graph, node, port)
        return f"{shapes}, called δ, so {gets}: {rule}" if rule else f"{shapes}, so {gets}"
    summed = ", summed up where it was repeated" if contribution.shape != upstream.shape else ""
    factor = f"slope {number(slope)}" if isinstance(slope, float) else f"slopes of shape {slope.shape}"
    return f"{factor}, {shapes}, so {gets}: slope × upstream, entry by entry{summed}"
