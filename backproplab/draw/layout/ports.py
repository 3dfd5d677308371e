"""Where the edges end on their boxes, so that each has room for its label."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from .layers import main_edges
from .shapes import Box, Edge, incoming

Size = tuple[float, float]  # of a label: along and across the flow

LABEL_GAP = 5  # between two labels, and on either side of them
BARE = 8  # the room across of an edge without a label
ARROW = 9  # an arrow head, the last straight piece of every edge
CORNER = 8  # how far ports keep away from the corners of a box,
EXIT_CORNER = 12  # and edges that leave it


class Port(NamedTuple):
    """Where an edge meets its boxes: across, from the middle of a box, and along, back from the target's side."""

    weight: float = 1  # how straight it should be
    exits: tuple[float, ...] = (0,)  # where it may leave its source: at one place, or anywhere between two
    lane: float = 0  # where it comes in and carries its label
    tip: float = 0  # where it touches the box
    label: float = 0  # how far back the centre of its label is
    start: float = 0  # how far back its label begins: up to there it may bend
    reach: float = 0  # how far from the middle of the box its label reaches
    comb: float = 0  # how far back it starts to turn from its lane to its tip


def assign_ports(
    edges: Sequence[Edge],
    chains: list[list[int]],
    layers: list[list[int]],
    boxes: Sequence[Box],
    sides: Sequence[float],
    labels: Sequence[Size],
) -> list[Port]:
    """A port for every edge: in port order where the box is ordered, otherwise in order of arrival.

    `sides` are the sizes of the boxes across the flow. A main edge leaves its source where it will arrive, so
    that it is straight if the two boxes are aligned; any other may leave it where that suits.
    """
    main = main_edges(len(boxes), edges)
    place = {node: i for layer in layers for i, node in enumerate(layer)}
    ports = [Port()] * len(edges)
    for target, inputs in incoming(edges).items():
        inputs.sort(key=lambda edge: edges[edge].port)
        if not boxes[target].ordered:
            inputs.sort(key=lambda edge: place[chains[edge][-2]])
        spread = spread_ports([labels[edge] for edge in inputs], sides[target] - 2 * CORNER)
        for edge, port in zip(inputs, spread):
            room = exit_room(sides[edges[edge].source])
            lane = max(-room, min(port.lane, room))
            ports[edge] = port._replace(
                weight=edges[edge].weight + (edge in main),
                exits=(lane,) if edge in main else (-room, room),
            )
    return ports


def exit_room(side: float) -> float:
    """How far from the middle of its source an edge may leave it."""
    return max(side / 2 - EXIT_CORNER, 0)


def spread_ports(labels: Sequence[Size], room: float) -> list[Port]:
    """A port for each edge into a box, on `room` pixels of its side.

    If the labels do not fit beside each other they stand in two staggered rows, where an edge of one row
    passes between two labels of the other. If even these are wider than the box, the edges come in as wide
    as their labels need and close up, like a comb, between the labels and the box.

    >>> [port.lane for port in spread_ports([(14, 44), (14, 44)], room=100)]
    [-24.5, 24.5]
    """
    widths = [max(width, BARE) for _, width in labels]
    steps = [(one + other) / 2 + LABEL_GAP for one, other in pairwise(widths)]
    rows = 1 if sum(steps) <= room else 2
    if rows == 2:
        steps = [max(one, other) / 2 + LABEL_GAP for one, other in pairwise(widths)]
        steps = [step * max(1, room / sum(steps)) for step in steps]
    lanes = list(accumulate(steps, initial=-sum(steps) / 2))
    squeeze = min(1, room / sum(steps)) if steps else 1
    closing = sum(steps) * (1 - squeeze) / 2
    comb = 8 + closing / 3 if closing > 0.5 else 0
    first_row = max(length for length, _ in labels[::rows])
    ports = []
    for i, (lane, (length, width)) in enumerate(zip(lanes, labels)):
        back = ARROW + comb + LABEL_GAP / 2 + (i % rows) * (first_row + LABEL_GAP)
        ports.append(
            Port(
                lane=lane,
                tip=lane * squeeze,
                label=back + length / 2,
                start=back + length + LABEL_GAP / 2,
                reach=abs(lane) + width / 2,
                comb=comb and comb + ARROW,
            )
        )
    return ports
