"""A rectangle with axes, and what is drawn in it: curves, contours, arrows.

The pages of explorers run this too (explore/translate.py): so a twin looks like what its page draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..notation import number
from .paper import LARGE, SMALL, Paper, compact

Point = tuple[float, float]
Looks = dict[str, dict[str, Any]]
Grid = Sequence[Sequence[float]]
Chains = list[list[Point]]

LEVELS = 12  # contours at most
SCALES: dict[str, Callable[[float], float]] = {
    "linear": lambda v: v,
    "log": lambda v: math.log10(v) if v > 0 else -math.inf,
    "count": lambda v: math.log10(1 + v),  # like log, but 0 has a place
    "bare": lambda v: v,  # linear, without ticks
}


@dataclass(frozen=True)
class Axis:
    """What is along one side of a rectangle: a label, and the numbers at both ends."""

    label: str
    low: float
    high: float
    scale: str = "linear"

    def at(self, v: float) -> float:
        """Where v lies: 0 at the low end, 1 at the high one."""
        low, high = self.ends
        return (SCALES[self.scale](v) - low) / (high - low)

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Both ends on the scale; 0 and 1 where two floats are too near to each other for an axis."""
        low, high = SCALES[self.scale](self.low), SCALES[self.scale](self.high)
        return (low, high) if 1e-9 * max(abs(low), abs(high)) < high - low < math.inf else (0.0, 1.0)

    def ticks(self, count: int = 5) -> list[float]:
        """Round numbers along the axis, about so many."""
        if self.scale == "bare":
            return []
        low, high = self.ends
        raw = (high - low) / count
        power = 10.0 ** math.floor(math.log10(raw))
        step = power * next((k for k, most in ((1, 1.5), (2, 3.5), (5, 7.5)) if raw / power < most), 10)
        log = self.scale != "linear"
        if self.scale == "log" and high - low < 2:  # few powers of ten: numbers between them as well
            between = (1, 2, 5) if count > 3 else (1, 3)
            found = [k * 10.0**n for n in range(math.floor(low), math.floor(high) + 1) for k in between]
            return [x for x in found if low - 1e-9 <= math.log10(x) <= high + 1e-9]
        if log:
            step = max(1, math.ceil(step))
        places = [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        if not log:
            return places
        powers = [10.0**place for place in places]
        return powers if self.scale == "log" else [0.0, *powers]

    def spaced(self, length: float, room: float = 0) -> list[float]:
        """The ticks for an axis of so many pixels on which each has this much room, or as much as its number is wide."""
        found: list[float] = []
        for count in (5, 3, 2, 1):
            found = self.ticks(count)
            places = [[length * self.at(tick), room or 10 + 9 * len(compact(tick))] for tick in found]
            if all([b[0] - a[0] >= (a[1] + b[1]) / 2 for a, b in zip(places, places[1:])]):
                return found
        return found[:1]

    @classmethod
    def around(cls, label: str, values: Sequence[float], scale: str = "linear") -> Axis:
        """The axis on which these numbers have room; on a logarithmic one, those above 0."""
        seen = [v for v in values if abs(v) < 1e300 and (scale == "linear" or v > 0)]
        low, high = (min(seen), max(seen)) if len(seen) > 0 else (1.0, 1.0)
        if scale == "log":
            return cls(label, max(low / 1.5, high * 1e-16), high * 1.5, scale)
        margin = 0.06 * (high - low) or 0.5 * max(abs(high), 1e-300)
        return cls(label, low - margin, high + margin)


def pixel(v: float) -> float:
    """A coordinate to a tenth; what lies far outside is only known to do so."""
    return math.floor(10 * v + 0.5) / 10 if -9999 < v < 9999 else -9999.0 if v < 0 else 9999.0


class Frame:
    """A rectangle (left, top, width, height) on a paper, `across` and `up` its axes.

    Points are given in the axes' numbers, sizes in pixels. What is drawn has one of the `looks`: attributes of SVG,
    whose colours are names of the theme's.
    """

    def __init__(self, paper: Paper, box: tuple[int, int, int, int], across: Axis, up: Axis, looks: Looks) -> None:
        left, top, width, height = box
        self.paper, self.width, self.height, self.across, self.up, self.looks = paper, width, height, across, up, looks
        theme, group = paper.theme, paper.add(paper.root, "g", transform=f"translate({left} {top})")
        small = {"font_size": SMALL, "fill": theme.muted}
        for tick in across.spaced(width):
            x = pixel(width * across.at(tick))
            paper.add(group, "path", d=f"M{x:g} {height}v5", stroke=theme.line)
            paper.add(group, "text", compact(tick), x=x, y=height + 19, text_anchor="middle", **small)
        for tick in up.spaced(height, SMALL + 6):
            y = pixel(height * (1 - up.at(tick)))
            paper.add(group, "path", d=f"M0 {y:g}h-5", stroke=theme.line)
            paper.add(group, "text", compact(tick), x=-8, y=y + 5, text_anchor="end", **small)
        words = {"font_size": LARGE, "fill": theme.ink}
        paper.add(group, "text", across.label, x=width // 2, y=height + 38, text_anchor="middle", **words)
        paper.add(group, "text", up.label, x=0, y=-7, **words)
        self.inside = paper.add(group, "svg", width=width, height=height)  # which cuts off what is outside
        paper.add(group, "rect", width=width, height=height, fill="none", stroke=theme.line)

    def place(self, point: Sequence[float]) -> Point:
        """The pixel of a point."""
        return pixel(self.width * self.across.at(point[0])), pixel(self.height * (1 - self.up.at(point[1])))

    def put(self, tag: str, look: str, **shape: Any) -> None:
        self.paper.add(self.inside, tag, **shape, **coloured(self.looks[look], self.paper.theme))

    def line(self, points: Sequence[Sequence[float]], look: str) -> None:
        """A line through the points, with a gap where one is not finite."""
        runs = [[]]
        for point in points:
            if all([math.isfinite(v) for v in point]):
                runs[-1].append(self.place(point))
            else:
                runs.append([])
        d = "".join([trail(run) for run in runs if len(run) > 0])
        if d != "":
            self.put("path", look, d=d, fill="none", stroke_linejoin="round")

    def dot(self, point: Sequence[float], r: float, look: str) -> None:
        if all([math.isfinite(v) for v in point]):
            x, y = self.place(point)
            self.put("circle", look, cx=x, cy=y, r=r)

    def box(self, corner: Sequence[float], opposite: Sequence[float], look: str) -> None:
        """A rectangle between two opposite corners."""
        (x0, y0), (x1, y1) = self.place(corner), self.place(opposite)
        self.put("path", look, d=f"M{x0:g} {y0:g}H{x1:g}V{y1:g}H{x0:g}Z")

    def write(self, text: str, x: float, y: float, colour: str = "ink", anchor: str = "start") -> None:
        """A text at a pixel."""
        fill = getattr(self.paper.theme, colour)
        look = {"font_size": LARGE, "fill": fill, "text_anchor": anchor}
        self.paper.add(self.inside, "text", text, x=pixel(x), y=pixel(y), **look)

    def fog(self, point: Sequence[float], r: float, slit: bool = False) -> None:
        """Hide all but a circle about a point, or all but a slit as high as the rectangle."""
        (x, y), (width, height) = self.place(point), (self.width, self.height)
        r = pixel(r)
        hole = f"M{pixel(x - r):g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0Z"
        if slit:
            hole = f"M{pixel(x - r):g} 0h{2 * r:g}v{height}h{-2 * r:g}Z"
        self.put("path", "fog", d=f"M0 0H{width}V{height}H0Z{hole}")

    def arrow(self, tail: Sequence[float], head: Sequence[float], look: str) -> None:
        """An arrow, whose head is left away where it would be longer than the arrow."""
        (a, b), (c, d) = self.place(tail), self.place(head)
        self.put("path", look, d=trail([(a, b), (c, d)]))
        length, size = math.hypot(c - a, d - b), 2.5 + 2 * self.looks[look]["stroke_width"]
        if length > size:
            u, v = (c - a) / length * size, (d - b) / length * size
            corners = [(c + u / 2, d + v / 2), (c - u - v / 2, d - v + u / 2), (c - u + v / 2, d - v - u / 2)]
            fill = getattr(self.paper.theme, self.looks[look]["stroke"])
            self.paper.add(self.inside, "path", d=trail([(pixel(x), pixel(y)) for x, y in corners]) + "Z", fill=fill)

    def contours(self, lines: Sequence[tuple[float, Chains]], look: str, labels: bool = False) -> None:
        """Lines as `contours` finds them, over the whole rectangle; every second one with its number."""
        theme, numbers = self.paper.theme, []
        for k, (level, found) in enumerate(lines):
            if len(found) == 0:
                continue
            chains = [[(pixel(self.width * x), pixel(self.height * (1 - y))) for x, y in chain] for chain in found]
            self.put("path", look, d="".join([trail(chain) for chain in chains]), fill="none")
            room = [(x, y) for x, y in max(chains, key=len) if 16 < y < self.height - 10 and 30 < x < self.width - 30]
            if labels and k % 2 == 1 and len(room) > 0:
                x, y = min(room, key=lambda place: place[1])
                if all([abs(y - b) >= SMALL + 4 or abs(x - a) >= 70 for _, a, b in numbers]):
                    numbers.append((level, x, y))
        for level, x, y in numbers:
            halo = {"stroke": theme.ground, "stroke_width": 4, "paint_order": "stroke"}
            size = {"font_size": SMALL, "text_anchor": "middle"}
            self.paper.add(self.inside, "text", number(level), x=x, y=y + 5, fill=theme.value, **size, **halo)


def coloured(look: dict[str, Any], theme: Any) -> dict[str, Any]:
    """A look in the colours of a theme."""
    return {
        name: getattr(theme, value) if name in ("fill", "stroke") and value != "none" else value
        for name, value in look.items()
    }


def trail(places: Sequence[Point]) -> str:
    """A line through pixels, as the attribute `d` of a path."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places)


def grid(f: Callable[[list[float]], Any], centre: Sequence[float], width: float, n: int) -> list[list[Any]]:
    """What f is at n × n points of a square, row by row from its lower edge."""
    xs, ys = ([c - width / 2 + width * k / (n - 1) for k in range(n)] for c in centre)
    return [[f([x, y]) for x in xs] for y in ys]


def levels(heights: Grid, count: int = LEVELS) -> list[float]:
    """Heights for contours: so much of the area is below each that the rings of a bowl lie evenly."""
    seen = sorted(h for row in heights for h in row if math.isfinite(h))
    if len(seen) == 0 or seen[0] == seen[-1]:
        return []
    unit = 10.0 ** (math.floor(math.log10(seen[-1] - seen[0])) - 3)
    found = [seen[math.floor((len(seen) - 1) * (k / (count + 1)) ** 2)] for k in range(1, count + 1)]
    heights = [math.floor(h / unit + 0.5) * unit for h in found]
    return [h for k, h in enumerate(heights) if h not in heights[:k]]


def contours(heights: Grid, levels: Sequence[float]) -> list[tuple[float, Chains]]:
    """Each level with its lines; columns and rows of the grid go from 0 to 1."""
    n = len(heights) - 1
    return [(level, [[(i / n, j / n) for i, j in chain] for chain in crossings(heights, level)]) for level in levels]


def crossings(heights: Grid, level: float) -> list[list[Point]]:
    """Where the heights of a grid cross a level: chains of (column, row), by marching squares.

    Each cell links those of its four sides that are crossed; the chains are then walked from side to side. Where all
    four are crossed, the mean of the corners decides which belong together.

    >>> crossings([[0.0, 0.0], [1.0, 1.0]], 0.5)
    [[(1, 0.5), (0, 0.5)]]
    """
    n = len(heights[0])
    links: dict[int, list[int]] = {}  # of a cell's lower side, which is 2·cell, and its left one, 2·cell + 1
    sides: list[int] = []
    for j in range(len(heights) - 1):
        low, high = heights[j], heights[j + 1]
        for i in range(n - 1):
            count = (low[i] >= level) + (low[i + 1] >= level) + (high[i] >= level) + (high[i + 1] >= level)
            corners = [low[i], low[i + 1], high[i + 1], high[i]] if 0 < count < 4 else []
            if len(corners) == 0 or not all([math.isfinite(corner) for corner in corners]):
                continue
            above, here = [corner >= level for corner in corners], j * n + i
            around = [2 * here, 2 * here + 3, 2 * (here + n), 2 * here + 1]  # lower, right, upper, left
            crossed = [side for k, side in enumerate(around) if above[k] != above[(k + 1) % 4]]
            if len(crossed) == 4 and (sum(corners) / 4 >= level) != above[0]:
                crossed = [crossed[0], crossed[3], crossed[1], crossed[2]]
            for k, side in enumerate(crossed):
                if links.get(side) is None:
                    links[side] = []
                    sides.append(side)
                links[side].append(crossed[k + 1 if k % 2 == 0 else k - 1])

    def point(side: int) -> Point:
        i, j = side // 2 % n, side // 2 // n
        a, b = heights[j][i], heights[j + side % 2][i + 1 - side % 2]
        part = (level - a) / (b - a)
        return (i, j + part) if side % 2 == 1 else (i + part, j)

    chains, seen = [], {side: False for side in sides}
    for start in sorted(sides, key=lambda side: len(links[side])):  # the ends of open chains first
        if not seen[start]:
            chain, side = [], start
            while side is not None:
                seen[side] = True
                chain.append(side)
                side = next((other for other in links[side] if not seen[other]), None)
            if len(chain) > 2 and start in links[chain[-1]]:
                chain.append(start)
            chains.append([point(side) for side in chain])
    return chains
