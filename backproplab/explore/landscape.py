"""What explorers of descent compute and draw: a run on a function of one or two parameters, and a window on it.

The page runs this too: translate.py writes it as JavaScript.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..draw.paper import LARGE, Paper
from ..draw.plane import Axis, Frame, coloured
from ..notation import number

Vector = list[float]
Matrix = list[list[float]]

FINE = 201  # points of a curve
DOTTED = 60  # points of a run that are dots, the last ones
BOX = (64, 8, 272, 272)  # where in the picture the landscape is
ASIDE, ROOM = 436, 416  # where the charts beside it begin, and how wide they may be
WIDTH, HEIGHT = 884, 346  # of the picture
NEAR = 1e-9  # how near two numbers are to be called equal
LOOKS: dict[str, dict[str, Any]] = {
    "contour": {"stroke": "value", "stroke_width": 1.2},
    "curve": {"stroke": "value", "stroke_width": 2.4},
    "curve point": {"fill": "value"},
    "path": {"stroke": "ink", "stroke_width": 1.6},
    "stop": {"fill": "ink"},
    "start": {"fill": "none", "stroke": "ink", "stroke_width": 2},
    "now": {"fill": "ink", "stroke": "ground", "stroke_width": 1.5},
    "step": {"stroke": "gradient", "stroke_width": 2.8},
    "slope": {"stroke": "gradient", "stroke_width": 1.6, "stroke_dasharray": "6 4"},
    "straight": {"stroke": "muted", "stroke_width": 1.6, "stroke_dasharray": "2 4"},
    "fog": {"fill": "badge", "fill_rule": "evenodd"},
    "border": {"stroke": "line", "stroke_width": 1},
    "effect": {"fill": "active", "stroke": "ink"},
    "trough": {"stroke": "line", "stroke_width": 0.9},
    "own trough": {"stroke": "active", "stroke_width": 2.2},
    "own contour": {"stroke": "active", "stroke_width": 1, "stroke_dasharray": "5 4"},
    "lowers": {"stroke": "gradient", "stroke_width": 1.3},
    "raises": {"stroke": "negative", "stroke_width": 1.3, "stroke_dasharray": "3 3"},
    "A": {"stroke": "positive", "stroke_width": 1.8, "stroke_dasharray": "7 4"},
    "B": {"stroke": "negative", "stroke_width": 1.8, "stroke_dasharray": "2 3"},
    "C": {"stroke": "done", "stroke_width": 1.8, "stroke_dasharray": "9 3 2 3"},
    "D": {"stroke": "ink", "stroke_width": 1.8, "stroke_dasharray": "5 5"},
    "with": {"stroke": "gradient", "stroke_width": 1.6},
    "without": {"stroke": "gradient", "stroke_width": 1.6, "stroke_dasharray": "4 4"},
    "drawn": {"fill": "gradient"},
    "drawn once": {"fill": "none", "stroke": "gradient", "stroke_width": 1.6},
}
"""How everything is drawn: attributes of SVG, and colours by their names in a theme."""
MARKS = {
    "point": "M4 -4a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
    "cross": "M4 -9l10 10m0 -10l-10 10",
    "line": "M-2 -4h20",
    "arrow": "M-2 -4h20m-6 -4l6 4l-6 4",
}
"""Samples of what a picture has, for its legend: paths from the foot of the words, 24 wide."""


class At(NamedTuple):
    """A function at one point: its value, its gradient, and why it has none (nothing if it has)."""

    value: float
    gradient: Vector
    trouble: str

    @property
    def finite(self) -> bool:
        return all([math.isfinite(x) for x in [self.value, *self.gradient]])


# ---- matrices of one or two rows ----------------------------------------------------------------


def moved(point: Vector, j: int, by: float) -> Vector:
    """The point, with its number j changed by so much."""
    return [x + by if i == j else x for i, x in enumerate(point)]


def hessian(gradient: Callable[[Vector], Vector], point: Vector, quadratic: bool) -> Matrix:
    """The second derivatives, as central differences of the gradient.

    A quadratic has the same ones everywhere: there, steps of 1 around 0 give them exactly, up to rounding.
    """
    here, columns = [0.0 for _ in point] if quadratic else point, []
    for j, x in enumerate(here):
        h = 1.0 if quadratic else 1e-4 * max(1.0, abs(x))
        above, below = gradient(moved(here, j, h)), gradient(moved(here, j, -h))
        columns.append([(a - b) / (2 * h) for a, b in zip(above, below)])
    return [[(columns[i][j] + columns[j][i]) / 2 for j in range(len(here))] for i in range(len(here))]


def kinked(gradient: Callable[[Vector], Vector], point: Vector) -> bool:
    """Whether the gradient jumps here: over ten times the way it changes by about as much, not by ten times that."""
    for j, x in enumerate(point):
        h = 1e-4 * max(1.0, abs(x))
        near, far = [(gradient(moved(point, j, d)), gradient(moved(point, j, -d))) for d in (h, 10 * h)]
        for a, b, c, d in zip(*near, *far):
            if abs(a - b) > NEAR * (abs(a) + abs(b)) and 0.5 < (c - d) / (a - b) < 3:
                return True
    return False


def times(matrix: Matrix, v: Vector) -> Vector:
    return [sum([m * x for m, x in zip(row, v)]) for row in matrix]


def eigenvalues(m: Matrix) -> Vector:
    """Both eigenvalues, the smaller one first; nan if they are complex. Of a single number, itself."""
    if len(m) == 1:
        return [m[0][0]]
    mean, apart = (m[0][0] + m[1][1]) / 2, (m[0][0] - m[1][1]) / 2
    under = apart * apart + m[0][1] * m[1][0]
    if not under >= -1e-12 * mean * mean:
        return [math.nan, math.nan]
    root = math.sqrt(max(under, 0.0))
    return [mean - root, mean + root]


def solve(m: Matrix, v: Vector) -> Vector:
    """The x with m·x = v."""
    if len(m) == 1:
        return [v[0] / m[0][0]]
    (a, b), (c, d) = m
    return [(d * v[0] - b * v[1]) / (a * d - b * c), (a * v[1] - c * v[0]) / (a * d - b * c)]


def listed(v: Sequence[float]) -> str:
    """A point or a vector as it is written: `1`, or `(10, 1)`."""
    return number(v[0]) if len(v) == 1 else f"({', '.join([number(x) for x in v])})"


# ---- the window ---------------------------------------------------------------------------------


class Landscape:
    """A run on a surface and the window on it; `state` has the traits of the explorer.

    A subclass has a `run` of stops, each with its `point`, and calls `arrive` when it knows it.
    """

    def __init__(self, surface: Any, state: dict[str, Any]) -> None:
        self.surface, self.state, self.size = surface, state, (WIDTH, HEIGHT)
        self.two = len(surface.names) == 2
        self.name = f"({', '.join(surface.names)})" if self.two else surface.names[0]

    def arrive(self, run: list[Any]) -> None:
        """Stand at the present step of this run, or at its end."""
        self.run, self.step = run, max(0, min(self.state["step"], len(run) - 1))
        self.now, self.last, self.until = run[self.step], run[max(0, self.step - 1)], run[: self.step + 1]
        width = self.state["width"]
        home = [self.state["centre"].get(name, 0.0) for name in self.surface.names]
        zoom = min(1.0, width / self.surface.widest)
        self.middle = [  # of the window: the nearer to the present point, the closer one looks
            c + (p - c) * (1 - zoom) if abs(p - c) < 1e6 * width else c for p, c in zip(self.now.point, home)
        ]
        self.axes = [Axis(name, c - width / 2, c + width / 2) for name, c in zip(self.surface.names, self.middle)]

    def recall(self, name: str, key: list[Any], compute: Callable[[], Any]) -> Any:
        """What takes a while to compute: known, as long as it comes of the same numbers."""
        known = self.surface.memory.get(name)
        if known is None or known[0] != key:
            known = [key, compute()]
            self.surface.memory[name] = known
        return known[1]

    def beginning(self, start: dict[str, float]) -> Vector:
        return [start.get(name, 1.0) for name in self.surface.names]

    def places(self, fine: int) -> Vector:
        """So many numbers across the window."""
        return [self.middle[0] + self.state["width"] * (i / (fine - 1) - 0.5) for i in range(fine)]

    def left(self, words: str) -> str:
        """These words, if the present point is out of sight."""
        far = [abs(x - c) > self.state["width"] / 2 for x, c in zip(self.now.point, self.middle)]
        return words if any(far) else ""

    def trajectory(self, plane: Frame, places: list[Vector]) -> None:
        """The run so far."""
        plane.line(places, "path")
        for place in places[-DOTTED:]:
            plane.dot(place, 3, "stop")
        plane.dot(places[0], 7, "start")
        plane.dot(places[-1], 6.5, "now")

    def legend(self, paper: Paper) -> None:
        for mark, look, words, x, y in self.surface.legend:
            sample = {"fill": "none", **coloured(LOOKS[look], paper.theme)}
            paper.add(paper.root, "path", d=MARKS[mark], transform=f"translate({x} {y})", **sample)
            paper.add(paper.root, "text", words, x=x + 24, y=y, font_size=LARGE, fill=paper.theme.ink)
