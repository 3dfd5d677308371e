"""Where the edges end on their boxes, so that each has room for its pill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .shapes import Box, Edge, incoming

PILL_GAP = 4  # between two pills, and on either side of them
ARROW = 9  # an arrow head, the last straight piece of every edge
CORNER = 8  # ports keep away from the corners of a box


class Port(NamedTuple):
    """Where an edge meets its target: across, from the middle of the box, and along, back from its side."""

    lane: float = 0  # where it comes in and carries its pill
    tip: float = 0  # where it touches the box
    pill: float = 0  # how far back the centre of its pill is
    comb: float = 0  # how far back it starts to turn from its lane to its tip


def assign_ports(
    edges: Sequence[Edge],
    chains: list[list[int]],
    layers: list[list[int]],
    boxes: Sequence[Box],
    side: Callable[[int], float],
    pill: tuple[float, float],
) -> list[Port]:
    """A port for every edge: in port order where the box is ordered, otherwise in order of arrival."""
    place = {node: i for layer in layers for i, node in enumerate(layer)}
    ports = [Port()] * len(edges)
    for target, inputs in incoming(edges).items():
        inputs.sort(key=lambda edge: edges[edge].port)
        if not boxes[target].ordered:
            inputs.sort(key=lambda edge: place[chains[edge][-2]])
        for edge, port in zip(inputs, spread_ports(len(inputs), side(target) - 2 * CORNER, pill)):
            ports[edge] = port
    return ports


def spread_ports(count: int, room: float, pill: tuple[float, float]) -> list[Port]:
    """`count` ports on `room` pixels; `pill` is its length along and its width across the flow.

    If the pills do not fit beside each other they stand in two staggered rows, where an edge of one row
    passes between two pills of the other. If even these are wider than the box, the edges come in as wide
    as their pills need and close up, like a comb, between the pills and the box.
    """
    length, width = pill
    wide, narrow = width + PILL_GAP, width / 2 + PILL_GAP
    gaps = max(count - 1, 1)
    one_row = wide * (count - 1) <= room
    lane_step = wide if one_row else max(narrow, room / gaps)
    tip_step = min(lane_step, room / gaps)
    closing = (lane_step - tip_step) * gaps / 2
    comb = 8 + closing / 3 if closing > 0.5 else 0
    ports = []
    for i in range(count):
        row = 0 if one_row else i % 2
        back = ARROW + comb + PILL_GAP / 2 + row * (length + PILL_GAP) + length / 2
        middle = i - (count - 1) / 2
        ports.append(Port(middle * lane_step, middle * tip_step, back, comb and comb + ARROW))
    return ports
