"""A layout with a trunk: one path perfectly straight, everything else beside it.

Layers and their order are those of the layered layout; only its last phase differs. Lengths are along the flow,
which grows towards the output, and across it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from .coordinates import pool_adjacent_violators, weighted_mean, weighted_median
from .drawing import between
from .layers import longest_path, proper_hierarchy
from .ordering import minimise_crossings
from .shapes import Box, Edge, Point

STEM, TIGHT = 26, 13  # an arrow that is straight, and the shortest one if room is scarce
LANE = 22  # between two arrows that enter a box
BESIDE = 26  # between two boxes of a layer
PASSING = 14  # between an arrow that passes a layer and what is beside it
FIRM = 1e6  # how much more the trunk matters than other wishes, and later a long straight way


@dataclass(frozen=True, slots=True)
class Room:
    """What a part needs on either side of its centre: half its length along, and before and after it, across."""

    along: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Course:
    """The way of an edge, as (along, across): straight through every layer, bending in between.

    If it has a `turn`, it leaves its source at the side (−1 before, 1 after) and turns into the flow.
    """

    stops: tuple[Point, ...]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Trunk:
    """Where everything is: the whole length and breadth, a centre per room, a course per edge."""

    length: float
    breadth: float
    centers: tuple[Point, ...]
    courses: tuple[Course, ...]


def stacked(
    rooms: Sequence[Room], edges: Sequence[Edge], trunk: Sequence[int], labels: Sequence[float], fit: float = inf
) -> Trunk:
    """Lay out rooms joined by edges so that the path `trunk` is straight; arrows are shorter if it then `fit`s.

    `labels` are the lengths at the end of each edge at which it is straight and carries a label.

    >>> three = stacked([Room(20, 20, 20)] * 3, [Edge(0, 1), Edge(1, 2)], [0, 1, 2], [0, 0])
    >>> three.centers, three.length
    (((20.0, 20.0), (86.0, 20.0), (152.0, 20.0)), 172.0)
    >>> stacked([Room(20, 20, 20)] * 3, [Edge(0, 1), Edge(1, 2)], [0, 1, 2], [0, 0], fit=150).length
    150.0
    """
    ranks = longest_path(len(rooms), edges)
    chains = proper_hierarchy(ranks, edges)
    boxes = [Box(room.before + room.after, 2 * room.along, ordered=False) for room in rooms]
    layers = minimise_crossings(boxes, edges, ranks, chains)
    firm = firm_nodes(edges, chains, trunk)
    lanes = enter(edges, chains, layers, firm)
    room_of = [*rooms, *[Room(0, 0, 0)] * (len(ranks) - len(rooms))]
    across = settle(layers, chains, lanes, room_of, firm, len(rooms))
    first = min(place - room.before for place, room in zip(across, room_of))
    across = [place - first for place in across]
    turns = leave(edges, chains, lanes, across, firm, rooms)
    starts, ends = stack(layers, chains, lanes, across, room_of, labels, fit)
    rank = {node: i for i, layer in enumerate(layers) for node in layer}
    middle = [(starts[rank[node]] + ends[rank[node]]) / 2 for node in range(len(rooms))]
    courses = []
    for chain, lane, turn, label in zip(chains, lanes, turns, labels):
        source, target = chain[0], chain[-1]
        inner = [(along, across[node]) for node in chain[1:-1] for along in (starts[rank[node]], ends[rank[node]])]
        stops = [(middle[source] + rooms[source].along, across[source]), (ends[rank[source]], across[source]), *inner]
        if turn:
            away = across[chain[1]] + (lane if len(chain) == 2 else 0)
            stops = [(middle[source], across[source]), (ends[rank[source]] + TIGHT / 2, away), *inner]
        entry = starts[rank[target]] - label  # where it carries a label it is straight
        stops += [(entry, across[target] + lane), (middle[target] - rooms[target].along, across[target] + lane)]
        courses.append(Course(tuple(without_repeats(stops)), turn))
    breadth = max(place + room.after for place, room in zip(across, room_of))
    centers = tuple((round(middle[i], 1), round(across[i], 1)) for i in range(len(rooms)))
    return Trunk(ends[-1], breadth, centers, tuple(courses))


def firm_nodes(edges: Sequence[Edge], chains: list[list[int]], trunk: Sequence[int]) -> set[int]:
    """The trunk, with what stands for its edges where they pass through layers."""
    steps = set(pairwise(trunk))
    found = set(trunk)
    for edge, chain in zip(edges, chains):
        if (edge.source, edge.target) in steps:
            steps.discard((edge.source, edge.target))
            found.update(chain)
    return found


def enter(
    edges: Sequence[Edge], chains: list[list[int]], layers: list[list[int]], firm: set[int]
) -> list[float]:
    """Where each edge enters its target, from its middle: the trunk in the middle, others in order of arrival."""
    place = {node: i for layer in layers for i, node in enumerate(layer)}
    into: dict[int, list[int]] = {}
    for i, edge in enumerate(edges):
        into.setdefault(edge.target, []).append(i)
    lanes = [0.0] * len(edges)
    for inputs in into.values():
        inputs.sort(key=lambda i: (place[chains[i][-2]], edges[i].port))
        main = [k for k, i in enumerate(inputs) if chains[i][-2] in firm and chains[i][-1] in firm]
        middle = main[0] if main else (len(inputs) - 1) / 2
        for k, i in enumerate(inputs):
            lanes[i] = (k - middle) * LANE
    return lanes


def leave(
    edges: Sequence[Edge],
    chains: list[list[int]],
    lanes: list[float],
    across: list[float],
    firm: set[int],
    rooms: Sequence[Room],
) -> list[int]:
    """Which edges leave their source at the side: of several the straightest goes on, the others turn off."""
    out: dict[int, list[int]] = {}
    for i, edge in enumerate(edges):
        out.setdefault(edge.source, []).append(i)
    turns = [0] * len(edges)
    for source, outputs in out.items():
        away = {i: across[chains[i][1]] + (lanes[i] if len(chains[i]) == 2 else 0) - across[source] for i in outputs}
        straightest = min(outputs, key=lambda i: (chains[i][1] not in firm or source not in firm, abs(away[i])))
        for i in outputs:
            if i != straightest and abs(away[i]) > rooms[source].along + 2 * PASSING:
                turns[i] = 1 if away[i] > 0 else -1
    return turns


def settle(
    layers: list[list[int]],
    chains: list[list[int]],
    lanes: list[float],
    rooms: Sequence[Room],
    firm: set[int],
    boxes: int,
) -> list[float]:
    """A place across the flow for every node: the trunk at 0, the others as near to their neighbours as they can."""
    before: list[list[tuple[int, float]]] = [[] for _ in rooms]
    after: list[list[tuple[int, float]]] = [[] for _ in rooms]
    for chain, lane in zip(chains, lanes):
        for upper, lower in pairwise(chain):
            shift = lane if lower == chain[-1] else 0
            after[upper].append((lower, shift))
            before[lower].append((upper, -shift))
    both = [earlier + later for earlier, later in zip(before, after)]
    place = [0.0] * len(rooms)
    offsets = [room_taken(layer, rooms, boxes) for layer in layers]
    for layer, taken in zip(layers, offsets):
        anchor = next((k for k, node in enumerate(layer) if node in firm), 0)
        for node, offset in zip(layer, taken):
            place[node] = offset - taken[anchor]

    def sweep(settled: list, order: Iterable[int], centre) -> None:
        for rank in order:
            wishes = []
            for node, offset in zip(layers[rank], offsets[rank]):
                links = settled[node] or both[node] or [(node, 0.0)]
                wish = [(place[other] + shift - offset, 1.0) for other, shift in links]
                wishes.append([(-offset, FIRM)] if node in firm else wish)
            found = pool_adjacent_violators(wishes, centre)
            for node, offset, base in zip(layers[rank], offsets[rank], found):
                place[node] = base + offset

    for centre in (weighted_mean, weighted_median):
        for _ in range(4):
            sweep(after, reversed(range(len(layers))), centre)
            sweep(before, range(len(layers)), centre)
    for chain in chains:  # a long way past other parts is straight: as far out as its farthest piece
        passing = [node for node in chain[1:-1] if node not in firm]
        if passing:
            out = max((place[node] for node in passing), key=abs)
            for node in passing:
                place[node] = out
    for layer, taken in zip(layers, offsets):
        wishes = [
            [(place[node] - offset, FIRM if node >= boxes else 1.0)] for node, offset in zip(layer, taken)
        ]
        for node, offset, base in zip(layer, taken, pool_adjacent_violators(wishes, weighted_mean)):
            place[node] = base + offset
    return place


def room_taken(layer: list[int], rooms: Sequence[Room], boxes: int) -> list[float]:
    """How far each node is from the first, if they stand as close as they may."""
    taken = [0.0]
    for left, right in pairwise(layer):
        gap = BESIDE if left < boxes and right < boxes else PASSING
        taken.append(taken[-1] + rooms[left].after + gap + rooms[right].before)
    return taken


def stack(
    layers: list[list[int]],
    chains: list[list[int]],
    lanes: list[float],
    across: list[float],
    rooms: Sequence[Room],
    labels: Sequence[float],
    fit: float,
) -> tuple[list[float], list[float]]:
    """Where each layer starts and ends along the flow; arrows that bend further need more room between two."""
    rank = {node: i for i, layer in enumerate(layers) for node in layer}
    tight, usual = [float(TIGHT)] * (len(layers) - 1), [float(STEM)] * (len(layers) - 1)
    for chain, lane, label in zip(chains, lanes, labels):
        for upper, lower in pairwise(chain):
            straight = label if lower == chain[-1] else 0.0
            bend = abs(across[lower] + (lane if lower == chain[-1] else 0) - across[upper])
            gap = rank[lower] - 1
            tight[gap] = max(tight[gap], straight + (min(TIGHT + 0.1 * bend, 24) if bend > 1 else 0))
            usual[gap] = max(usual[gap], straight + (STEM + min(0.12 * bend, 24) if bend > 1 else 8))
    depth = [2 * max(rooms[node].along for node in layer) for layer in layers]
    gaps = between(tight, usual, usual, fit - sum(depth))
    starts, ends, end = [], [], 0.0
    for layer, gap in zip(depth, [0.0, *gaps]):
        starts.append(end + gap)
        end = starts[-1] + layer
        ends.append(end)
    return starts, ends


def without_repeats(stops: list[Point]) -> list[Point]:
    """The stops, rounded, without those that repeat one or at which the course just goes straight on."""
    stops = [(round(along, 1) + 0.0, round(beside, 1) + 0.0) for along, beside in stops]
    kept = stops[:1]
    for stop, following in zip(stops[1:], [*stops[2:], None]):
        if stop == kept[-1]:
            continue
        if following and kept[-1][1] == stop[1] == following[1]:
            continue
        kept.append(stop)
    return kept
