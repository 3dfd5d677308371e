"""Layered layout: where the boxes and arrows of a computation graph go.

Boxes with sizes come in, positions and paths come out; what is in a box, and in which colours it is
painted, is not known here. The method is the classical one of Sugiyama, Tagawa and Toda (1981), in four
phases, each in a module or two of its own:

1. `longest_path` gives every box a layer, so that every edge points forward;
2. `proper_hierarchy` cuts long edges into links between neighbouring layers, joined by dummy nodes;
3. `minimise_crossings` orders the boxes and dummies within each layer;
4. `assign_coordinates` moves them apart, as straight below their neighbours as that order allows, the
   heaviest path (`main_edges`) first of all.

The last part turns this into a drawing. Every layer is a *band*: inside a band edges only run straight,
each in a lane of its own, and they bend only between two bands, where there are no boxes. So no edge can
pass through a box or a label. Lengths *along* the flow and *across* it are kept apart throughout, and
become x and y (left to right) or y and x (top down) at the very end.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from .drawing import draw
from .layers import longest_path, proper_hierarchy
from .ordering import minimise_crossings
from .shapes import Box, Edge, Layout

__all__ = ["Box", "Edge", "Layout", "layered", "links"]


def layered(
    boxes: Sequence[Box],
    edges: Sequence[Edge],
    *,
    pill: tuple[float, float] = (44, 14),
    fit: float = 900,
    down_boxes: Sequence[Box] | None = None,
    down_pill: tuple[float, float] | None = None,
    tall: float = inf,
) -> Layout:
    """Lay a computation graph out: left to right if that is at most `fit` wide, otherwise top down.

    `pill` is the width and height of an edge's label, for every edge that does not say its own; `down_boxes` and
    `down_pill` are what to use top down, if that differs. There edges bend more tightly if it is more than `tall`.

    >>> square = layered([Box(84, 54), Box(120, 54, ordered=False)], [Edge(0, 1, 0), Edge(0, 1, 1)])
    >>> square.direction, square.tips
    ('right', ((172.0, 17.5), (172.0, 36.5)))
    >>> layered([Box(84, 54)] * 3, [Edge(0, 1), Edge(1, 2)], fit=300).direction
    'down'
    """
    if not boxes:
        raise ValueError("there is nothing to lay out: a layout needs at least one box")
    ranks = longest_path(len(boxes), edges)
    chains = proper_hierarchy(ranks, edges)
    layers = minimise_crossings(boxes, edges, ranks, chains)
    shortest = sum(max(boxes[node].width for node in layer if node < len(boxes)) for layer in layers)

    def drawing(direction: str) -> Layout:
        if direction == "right":
            return draw(boxes, edges, layers, chains, pill, direction, fit, fit)
        return draw(down_boxes or boxes, edges, layers, chains, down_pill or pill, direction, fit, tall)

    right = drawing("right") if shortest <= fit else None
    if right and right.width <= fit:
        return right
    down = drawing("down")
    if down.width <= max(fit, shortest):
        return down
    return min(right or drawing("right"), down, key=lambda drawing: drawing.width)


def links(count: int, edges: Sequence[Edge]) -> int:
    """How many pieces between neighbouring layers the edges have together: the work of a layout grows with it.

    >>> links(3, [Edge(0, 1), Edge(1, 2), Edge(0, 2)])
    4
    """
    ranks = longest_path(count, edges)
    return sum(ranks[edge.target] - ranks[edge.source] for edge in edges)
