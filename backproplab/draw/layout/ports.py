"""Where the edges end on their boxes, so that each has room for its pill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .layers import main_edges
from .shapes import Box, Edge, incoming

PILL_GAP = 4  # between two pills, and on either side of them
ARROW = 9  # an arrow head, the last straight piece of every edge
CORNER = 8  # how far ports keep away from the corners of a box,
EXIT_CORNER = 12  # and edges that leave it


class Port(NamedTuple):
    """Where an edge meets its boxes: across, from the middle of a box, and along, back from the target's side."""

    weight: float = 1  # how straight it should be
    exits: tuple[float, ...] = (0,)  # where it may leave its source: at one place, or anywhere between two
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
    """A port for every edge: in port order where the box is ordered, otherwise in order of arrival.

    A main edge leaves its source where it will arrive, so that it is straight if the two boxes are aligned; any
    other may leave it where that suits.
    """
    main = main_edges(len(boxes), edges)
    place = {node: i for layer in layers for i, node in enumerate(layer)}
    ports = [Port()] * len(edges)
    for target, inputs in incoming(edges).items():
        inputs.sort(key=lambda edge: edges[edge].port)
        if not boxes[target].ordered:
            inputs.sort(key=lambda edge: place[chains[edge][-2]])
        for edge, port in zip(inputs, spread_ports(len(inputs), side(target) - 2 * CORNER, pill)):
            room = exit_room(side(edges[edge].source))
            lane = max(-room, min(port.lane, room))
            ports[edge] = port._replace(
                weight=edges[edge].weight + (edge in main),
                exits=(lane,) if edge in main else (-room, room),
            )
    return ports


def exit_room(side: float) -> float:
    """How far from the middle of its source an edge may leave it."""
    return max(side / 2 - EXIT_CORNER, 0)


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
        ports.append(Port(lane=middle * lane_step, tip=middle * tip_step, pill=back, comb=comb and comb + ARROW))
    return ports
