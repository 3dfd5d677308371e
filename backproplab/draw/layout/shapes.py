"""What goes into a layout and what comes out of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node to be placed. If its inputs are not `ordered`, they are drawn in the order they arrive.

    >>> Box(120, 54, ordered=False)
    Box(width=120, height=54, ordered=False)
    """

    width: float
    height: float
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from one box to an input (`port`) of another; boxes are named by their index.

    The greater its `weight`, the more it matters that it is straight; the heaviest path to a box matters most.
    `label` is the width and height of what stands on it, if that is not as large as on the others.

    >>> Edge(0, 2, port=1)
    Edge(source=0, target=2, port=1, weight=1, label=None)
    """

    source: int
    target: int
    port: int = 0
    weight: float = 1
    label: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing inside [0, width] x [0, height]: a centre per box; a path, pill and arrow tip per edge.

    >>> from backproplab.draw.layout import layered
    >>> chain = layered([Box(80, 50), Box(80, 50)], [Edge(0, 1)])
    >>> chain.direction, chain.width, chain.height
    ('right', 248.0, 50.0)
    >>> chain.centers, chain.pills, chain.tips
    (((40.0, 25.0), (208.0, 25.0)), ((134.5, 25.0),), ((168.0, 25.0),))
    >>> chain.paths
    ('M80.0 25.0L168.0 25.0',)
    """

    direction: str  # "right" or "down": where the flow goes, and where every arrow head points
    width: float
    height: float
    centers: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]  # the points an edge passes in the direction of the flow
    pills: tuple[Point, ...]  # where the label of an edge is centred, just before the arrow head
    tips: tuple[Point, ...]  # where it ends

    @property
    def paths(self) -> tuple[str, ...]:
        """One SVG path per edge."""
        return tuple(svg_path(list(self.curves(edge))) for edge in range(len(self.routes)))

    def curves(self, edge: int) -> Iterator[tuple[Point, Point, Point, Point]]:
        """The cubic Bezier curves of an edge: start, two control points, end."""
        for (x0, y0), (x1, y1) in pairwise(self.routes[edge]):
            if self.direction == "right":
                middle = (x0 + x1) / 2
                yield (x0, y0), (middle, y0), (middle, y1), (x1, y1)
            else:
                middle = (y0 + y1) / 2
                yield (x0, y0), (x0, middle), (x1, middle), (x1, y1)

    def polyline(self, edge: int, steps: int = 16) -> list[Point]:
        """Points along an edge, close enough together to measure it."""
        points = [self.routes[edge][0]]
        for curve in self.curves(edge):
            points += [bezier(curve, step / steps) for step in range(1, steps + 1)]
        return points


def incoming(edges: Sequence[Edge]) -> dict[int, list[int]]:
    """The edges into each box that has any."""
    inputs = defaultdict(list)
    for index, edge in enumerate(edges):
        inputs[edge.target].append(index)
    return inputs


def bezier(curve: Sequence[Point], t: float) -> Point:
    """The point of a cubic Bezier curve at `t`, by de Casteljau's repeated interpolation."""
    while len(curve) > 1:
        curve = [(a + t * (c - a), b + t * (d - b)) for (a, b), (c, d) in pairwise(curve)]
    return curve[0]


def svg_path(curves: list[tuple[Point, ...]]) -> str:
    """The `d` of an SVG path; a curve that does not bend is a line."""
    path = "M{:.1f} {:.1f}".format(*curves[0][0])
    for (x0, y0), (x1, y1), (x2, y2), (x3, y3) in curves:
        if x0 == x3 or y0 == y3:
            path += f"L{x3:.1f} {y3:.1f}"
        else:
            path += f"C{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f} {x3:.1f} {y3:.1f}"
    return path
