"""The story of the two passes: what happens to a graph's numbers, one at a time, in numbers and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .graph import Graph
from .node import refuse_stale
from .notation import bracketed, number, operation
from .ops import influence


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the forward or the backward pass, as plain data: pictures and explorers only read it.

    Forward, `node` gets its `value`. Backward, `node` gets the `contribution` slope × upstream through one
    edge, the one into input number `port` of the operation `through`, which brings its gradient to `total`;
    the first backward step has no edge, it starts the output at 1. Nodes are called by their name in the graph.
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
    total: float | None = None


def tell(graph: Graph) -> list[Step]:
    """The steps of both passes at the present values (see `Graph.steps`)."""
    refuse_stale(graph.nodes)
    return [*_forward(graph), *_backward(graph)]


def _forward(graph: Graph) -> Iterator[Step]:
    for node in graph.nodes:
        if node.inputs:
            name, value = graph.names[node], number(node.data)
            written = graph.written(node)
            filled = operation(node.op.name, [number(x.data) for x in node.inputs])
            told = dict.fromkeys((name, written, filled, value))  # each form once: −x = −1, not −x = −1 = −1
            yield Step("forward", name, f"{' = '.join(told)}.", value=node.data)


def _backward(graph: Graph) -> Iterator[Step]:
    if graph.output.constant:
        return  # nothing can move
    output = graph.names[graph.output]
    start = f"Start at the output: if {output} moves by 1, {output} moves by 1, so its gradient is 1."
    yield Step("backward", output, start, contribution=1.0, total=1.0)
    gradient = {graph.output: 1.0}
    for node in reversed(graph.nodes):
        inputs = tuple(x.data for x in node.inputs)
        for port, x in enumerate(node.inputs):
            if x.constant or node.constant:
                continue  # a constant does not move: no slope is asked for
            slope = node.op.slope(port, node.data, inputs)
            upstream = gradient[node]
            contribution = influence(upstream, slope, node.data)
            so_far = gradient.get(x)
            gradient[x] = contribution if so_far is None else so_far + contribution
            edge = (slope, upstream, contribution)
            sentence = _edge_sentence(graph, node, x, edge, so_far)
            yield Step("backward", graph.names[x], sentence, None, graph.names[node], port, *edge, gradient[x])


def _edge_sentence(graph: Graph, node: Any, x: Any, edge: tuple[float, float, float], so_far: float | None) -> str:
    slope, upstream, contribution = map(number, edge)
    product = f"{bracketed(slope)} × {bracketed(upstream)} = {contribution}"
    sentence = (
        f"Through {graph.names[node]} = {graph.written(node)}: slope {slope}, upstream {upstream}, "
        f"so {graph.names[x]} gets {product}"
    )
    if so_far is None:
        return sentence + "."
    total = number(so_far + edge[2])
    return f"{sentence}; with the {number(so_far)} that it already had, {total}."
