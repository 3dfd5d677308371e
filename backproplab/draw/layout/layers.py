"""Phases 1 and 2: a layer for each box, and dummy nodes where an edge passes through a layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .shapes import Edge, incoming


def topological_order(count: int, edges: Sequence[Edge]) -> list[int]:
    """Boxes so that every edge points forward (Kahn 1962)."""
    waiting = [0] * count
    users = [[] for _ in range(count)]
    for edge in edges:
        waiting[edge.target] += 1
        users[edge.source].append(edge.target)
    order = [box for box in range(count) if not waiting[box]]
    for box in order:  # grows while we walk along it
        for user in users[box]:
            waiting[user] -= 1
            if not waiting[user]:
                order.append(user)
    if len(order) < count:
        raise ValueError("the edges form a cycle, so no order of the boxes lets every arrow point forward")
    return order


def longest_path(count: int, edges: Sequence[Edge]) -> list[int]:
    """A layer for each box: its distance to the end by the longest path, so it sits beside its first use.

    A box with more inputs than uses then moves back to its inputs, if there is room: that shortens the
    sum of all edges, the aim of Gansner, Koutsofios, North and Vo (1993), who use network simplex.
    """
    inputs, users = [[] for _ in range(count)], [[] for _ in range(count)]
    for edge in edges:
        inputs[edge.target].append(edge.source)
        users[edge.source].append(edge.target)
    order = topological_order(count, edges)
    rank = [0] * count
    for box in reversed(order):
        rank[box] = min((rank[user] - 1 for user in users[box]), default=0)
    for box in order:
        if len(inputs[box]) > len(users[box]):
            rank[box] = max(rank[source] + 1 for source in inputs[box])
    first = min(rank)
    return [layer - first for layer in rank]


def main_edges(count: int, edges: Sequence[Edge]) -> set[int]:
    """Of the edges into each box the one that ends the heaviest path; none if two are equal in that.

    They form the paths that a reader follows first, so phase 4 draws them straight.
    """
    inputs = incoming(edges)
    heaviest = [0.0] * count  # of the paths that end at each box
    main = set()
    for box in topological_order(count, edges):
        if box in inputs:
            paths = sorted((heaviest[edges[edge].source] + edges[edge].weight, edge) for edge in inputs[box])
            heaviest[box], edge = paths[-1]
            if len(paths) == 1 or paths[-2][0] < heaviest[box]:
                main.add(edge)
    return main


def proper_hierarchy(ranks: list[int], edges: Sequence[Edge]) -> list[list[int]]:
    """Each edge as a chain of nodes in consecutive layers (Sugiyama, Tagawa and Toda 1981).

    Between source and target stand dummy nodes, numbered after the boxes; `ranks` grows by theirs. The edges
    from one box share their dummies as far as they go: one line, from which they branch off.
    """
    chains, lines = [], defaultdict(list)
    for edge in edges:
        line, start = lines[edge.source], ranks[edge.source] + 1
        length = ranks[edge.target] - start
        for rank in range(start + len(line), start + length):
            line.append(len(ranks))
            ranks.append(rank)
        chains.append([edge.source, *line[:length], edge.target])
    return chains


def hierarchy_links(chains: list[list[int]], boxes: int) -> Iterator[tuple[int, int, int]]:
    """The pieces of the chains between neighbouring layers, each once: an edge, and the two nodes of the piece."""
    drawn = set()
    for edge, chain in enumerate(chains):
        for piece in reversed(list(pairwise(chain))):
            if piece in drawn:
                break  # and so are all before it
            if piece[1] >= boxes:
                drawn.add(piece)
            yield edge, *piece
