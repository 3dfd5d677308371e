"""The story of the two passes: what happens to a graph's numbers, one at a time, in numbers and in words.

Of arrays it tells the operation and the shapes; the arrays themselves are in the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .graph import Graph, shape_of, single
from .node import refuse_stale
from .notation import bracketed, number, operation
from .rules import pull_rule


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the forward or the backward pass, as plain data: pictures and explorers only read it.

    Forward, `node` gets its `value`. Backward, `node` gets the `contribution` slope × upstream through one
    edge, the one into input number `port` of the operation `through`, which brings its gradient to `total`;
    the first backward step has no edge, it starts the output at 1. Nodes are called by their name in the graph.
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
    total: Any = None


def tell(graph: Graph) -> list[Step]:
    """The steps of both passes at the present values (see `Graph.steps`)."""
    refuse_stale(graph.nodes)
    return [*_forward(graph), *_backward(graph)]


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


def _backward(graph: Graph) -> Iterator[Step]:
    if graph.output.constant:
        return  # nothing can move
    output, shape = graph.names[graph.output], shape_of(graph.output)
    seed = graph.output.data**0  # ones, even where the output is nan
    if shape:
        start = f"Start at the output: the seed, an array of ones of shape {shape}, makes it the sum of its entries."
    else:
        start = f"Start at the output: if {output} moves by 1, {output} moves by 1, so its gradient is 1."
    yield Step("backward", output, start, contribution=seed, total=seed)
    gradient = {graph.output: seed}
    for node in reversed(graph.nodes):
        if node.constant or not node.inputs:
            continue
        upstream = gradient[node]
        for port, contribution in node.send(upstream):
            x, slope = node.inputs[port], node.slope(port)
            so_far = gradient.get(x)
            gradient[x] = contribution if so_far is None else so_far + contribution
            edge = (slope, upstream, contribution)
            sentence = _edge_sentence(graph, node, port, edge, so_far)
            yield Step("backward", graph.names[x], sentence, None, graph.names[node], port, *edge, gradient[x])


def _edge_sentence(graph: Graph, node: Any, port: int, edge: tuple[Any, Any, Any], so_far: Any) -> str:
    x = node.inputs[port]
    through, receiver = f"Through {graph.names[node]} = {graph.written(node)}", graph.names[x]
    if shape_of(node) or shape_of(x):
        sentence = f"{through}: {_sent(graph, node, port, edge)}"
        return f"{sentence}." if so_far is None else f"{sentence}, added to what it already had."
    slope, upstream, contribution = (number(single(part)) for part in edge)
    product = f"{bracketed(slope)} × {bracketed(upstream)} = {contribution}"
    sentence = f"{through}: slope {slope}, upstream {upstream}, so {receiver} gets {product}"
    if so_far is None:
        return sentence + "."
    before = single(so_far)
    return f"{sentence}; with the {number(before)} that it already had, {number(before + single(edge[2]))}."


def _sent(graph: Graph, node: Any, port: int, edge: tuple[Any, Any, Any]) -> str:
    """What a Tensor sends back, in words: only its shapes, unless there is a short formula for the rest."""
    x, (slope, upstream, contribution) = graph.names[node.inputs[port]], edge
    shapes = f"upstream of shape {upstream.shape}" if upstream.shape else f"upstream {number(upstream.item())}"
    gets = f"{x} gets {contribution.shape}" if contribution.shape else f"{x} gets {number(contribution.item())}"
    if slope is None:
        rule = pull_rule(graph, node, port)
        return f"{shapes}, called δ, so {gets}: {rule}" if rule else f"{shapes}, so {gets}"
    summed = ", summed up where it was repeated" if contribution.shape != upstream.shape else ""
    factor = f"slope {number(slope)}" if isinstance(slope, float) else f"slopes of shape {slope.shape}"
    return f"{factor}, {shapes}, so {gets}: slope × upstream, entry by entry{summed}"
