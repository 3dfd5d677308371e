"""From places to a drawing: bands along the flow, and a route for every edge through them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from .coordinates import assign_coordinates, choose_exits
from .ports import ARROW, Port, assign_ports
from .shapes import Box, Edge, Layout, Point


class Band(NamedTuple):
    """A layer along the flow: edges run straight from `entry` to `end`, boxes stand in `start` to `end`."""

    entry: float
    start: float
    end: float


def draw(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    layers: list[list[int]],
    chains: list[list[int]],
    label: tuple[float, float],
    direction: str,
    fit: float,
    length: float,
) -> Layout:
    """Phase 4 and the drawing itself, for one direction of flow: top down in a width, and both ways in a length."""
    right = direction == "right"
    lengths = [box.width if right else box.height for box in boxes]
    sides = [box.height if right else box.width for box in boxes]
    labels = [edge.label or label for edge in edges]
    labels = labels if right else [(height, width) for width, height in labels]
    ports = assign_ports(edges, chains, layers, boxes, sides, labels)

    nodes = sum(len(layer) for layer in layers)
    widths = sides + [0.0] * (nodes - len(boxes))
    for edge, port in zip(edges, ports):
        widths[edge.target] = max(widths[edge.target], 2 * port.reach)
    across = assign_coordinates(layers, chains, ports, widths, len(boxes), inf if right else fit)
    first = min(place - width / 2 for place, width in zip(across, widths))
    across = [place - first for place in across]
    exits = choose_exits(chains, ports, across, sides)
    total = max(place + width / 2 for place, width in zip(across, widths))

    bands = stack_bands(layers, chains, ports, lengths, across, exits, length, roomy=14 * right)
    band_of = [Band(0, 0, 0)] * nodes
    for layer, band in zip(layers, bands):
        for node in layer:
            band_of[node] = band
    middle = [(band_of[box].start + band_of[box].end) / 2 for box in range(len(boxes))]

    def point(along: float, beside: float) -> Point:
        x, y = (along, beside) if right else (beside, along)
        return (round(x, 1) + 0.0, round(y, 1) + 0.0)

    routes, pills = [], []
    for chain, port, exit in zip(chains, ports, exits):
        target = chain[-1]
        tip = middle[target] - lengths[target] / 2
        start = middle[chain[0]] + lengths[chain[0]] / 2
        leave = across[chain[0]] + exit
        stops = route(chain, port, (start, leave), tip, across, band_of)
        routes.append(tuple(point(*stop) for stop in without_straight_stops(stops)))
        pills.append(point(tip - port.label, across[target] + port.lane))

    width, height = point(bands[-1].end, total)
    return Layout(
        direction=direction,
        width=width,
        height=height,
        centers=tuple(point(middle[box], across[box]) for box in range(len(boxes))),
        routes=tuple(routes),
        pills=tuple(pills),
        tips=tuple(route[-1] for route in routes),
    )


def route(
    chain: list[int], port: Port, start: Point, tip: float, across: list[float], band_of: list[Band]
) -> list[Point]:
    """The points an edge passes, along and across: straight through every band, bending in between."""
    source, target = chain[0], chain[-1]
    lane = across[target] + port.lane
    stops = [start, (band_of[source].end, start[1])]
    for dummy in chain[1:-1]:
        stops += [(band_of[dummy].entry, across[dummy]), (band_of[dummy].end, across[dummy])]
    stops += [(band_of[target].entry, lane), (tip - port.comb, lane)]
    return stops + [(tip - ARROW, across[target] + port.tip), (tip, across[target] + port.tip)]


def stack_bands(
    layers: list[list[int]],
    chains: list[list[int]],
    ports: list[Port],
    lengths: list[float],
    across: list[float],
    exits: list[float],
    fit: float,
    roomy: float,
) -> list[Band]:
    """The bands one after the other, with more room between two where edges have further to bend.

    To `fit` into a length, edges bend more tightly where that helps, and by `roomy` less where there is room.
    """
    rank = {node: i for i, layer in enumerate(layers) for node in layer}
    approach, bend = [0.0] * len(layers), [0.0] * len(layers)
    for chain, port, exit in zip(chains, ports, exits):
        last = rank[chain[-1]]
        approach[last] = max(approach[last], port.start)
        for upper, lower in pairwise(chain):
            start = across[upper] + (exit if upper == chain[0] else 0)
            end = across[lower] + (port.lane if lower == chain[-1] else 0)
            bend[rank[lower]] = max(bend[rank[lower]], abs(end - start))
    depth = [max((lengths[node] for node in layer if node < len(lengths)), default=0) for layer in layers]
    gaps = [16 + min(40, 0.2 * width) for width in bend[1:]]
    if fit < inf:
        tight = [min(5 + 0.4 * width, 12 + 0.05 * width, 20) for width in bend[1:]]
        loose = [gap + roomy for gap in gaps]
        gaps = between(tight, gaps, loose, total=fit - sum(approach) - sum(depth))
    bands, end = [], 0.0
    for i, gap in enumerate([0.0, *gaps]):
        entry = end + gap
        start = entry + approach[i]
        end = start + depth[i]
        bands.append(Band(entry, start, end))
    return bands


def between(least: list[float], usual: list[float], most: list[float], total: float) -> list[float]:
    """Lengths that add up to `total`, if it lies between the sums of the least and of the most.

    >>> between([10, 20], [20, 40], [30, 60], total=45)
    [15.0, 30.0]
    """
    low, high = (least, usual) if total < sum(usual) else (usual, most)
    room = sum(high) - sum(low)
    share = max(0, min((total - sum(low)) / room, 1)) if room else 0
    return [start + share * (end - start) for start, end in zip(low, high)]


def without_straight_stops(stops: list[Point]) -> list[Point]:
    """The same route without stops at which it just goes straight on."""
    kept = [stops[0]]
    for before, stop, after in zip(stops, stops[1:], stops[2:]):
        if not abs(before[1] - stop[1]) < 0.05 > abs(stop[1] - after[1]):
            kept.append(stop)
    return kept + [stops[-1]]
