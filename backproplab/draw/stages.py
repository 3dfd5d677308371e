"""Number lines, one below the other: a value, and a small change of it, on their way through a chain of functions.

Rays join what is equally spaced on the first line to where it arrives on the next, so that the slope of a stage
can be seen: it is how much the rays spread, and crossed rays are a negative slope.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..notation import bracketed, number
from ..value import Value
from .paper import DIGIT, MARGIN, SMALL, TALLEST, Paper, compact, shortened, wide
from .picture import Picture

SAMPLES = 41  # points of the first line from which the others take their range
RAYS = 21
MOST = 12  # lines


@dataclass(frozen=True, slots=True)
class _Line:
    """One number line: what is on it, where, and the slope of the stage that leads to it."""

    name: str
    low: float
    high: float
    value: float
    moved: float | None  # the value after the nudge
    slope: float | None
    rays: list[float]  # where equally spaced points of the first line arrive

    @property
    def marks(self) -> list[float]:
        """The round numbers that are written at the line."""
        unit = _unit(self.high - self.low)
        if (self.high - self.low) / unit > 6:
            unit *= 2
        return [k * unit for k in range(math.ceil(self.low / unit - 1e-9), math.floor(self.high / unit + 1e-9) + 1)]


def number_lines(
    stages: Mapping[str, Callable[[Any], Any]],
    x: float,
    *,
    span: tuple[float, float],
    nudge: float | None = None,
    common: bool = False,
    name: str = "x",
    step: int | None = None,
    theme: str = "light",
    fit: float = 900,
) -> Picture:
    """A value on its way through a chain of functions, one number line below the other.

    `stages` are functions of one number by their names, in the order in which they are applied; they are run on
    Values, so they may use every operation of the engine. `span` is the range of x that is shown, and with it
    fixed nothing but the marks moves as x does. `nudge` is a change of x, which is followed down the lines.
    Each line has a scale of its own, or all of them the same one if `common`; then lengths can be compared.
    `step` shows only that many stages. Raises a ValueError for an x outside `span`.

    >>> stages = {"u = 7x + 3": lambda x: 7 * x + 3, "y = u²": lambda u: u * u}
    >>> number_lines(stages, 1.0, span=(-2, 2), nudge=0.1)
    x = 1 passes 2 stages: u = 10, y = 100; a nudge of 0.1 arrives as 14.49
      x: 1, moves by 0.1; marks at −2, −1, 0, 1, 2
      u = 7x + 3: 10, slope 7, moves by 0.7; marks at −10, 0, 10, 20
      y = u²: 100, slope 20, moves by 14.49; marks at 0, 50, 100, 150, 200, 250, 300
      the product of the slopes is 140, and 140·0.1 = 14
    """
    low, high = span
    if not stages or len(stages) >= MOST:
        raise ValueError(f"There must be 1 to {MOST - 1} stages; got {len(stages)}.")
    if not (low < high and low <= x <= high and low <= x + (nudge or 0.0) <= high):
        raise ValueError(
            f"x and the nudged x must lie within the span {low:g} to {high:g}; got x={x:g}, nudge={nudge}."
        )
    if step is not None and not 0 <= step <= len(stages):
        raise ValueError(f"There are {len(stages)} stages; got step={step}, expected 0 to {len(stages)}.")
    lines = _lines(stages, x, span, nudge, name)
    if common:
        ends = {"low": min(line.low for line in lines), "high": max(line.high for line in lines)}
        lines = [replace(line, **ends) for line in lines]
    shown = len(stages) if step is None else step
    alt = _alt(lines, nudge, shown)
    text = "\n".join([alt, *("  " + words for words in _facts(lines, nudge, shown))])
    sheet = _Sheet(lines, common, theme, fit, alt, shown)
    return Picture(sheet.svg(), alt, text, sheet.width)


def _lines(
    stages: Mapping[str, Callable[[Any], Any]], x: float, span: tuple[float, float], nudge: float | None, name: str
) -> list[_Line]:
    low, high = span
    points = [low + (high - low) * i / (SAMPLES - 1) for i in range(SAMPLES)]
    value, moved = float(x), None if nudge is None else x + nudge
    lines = [_Line(name, low, high, value, moved, None, points[:: (SAMPLES - 1) // (RAYS - 1)])]
    for title, f in stages.items():
        before = Value(value)
        after = f(before)
        if not isinstance(after, Value):
            raise TypeError(f"The stage {title!r} must give a Value when it is given one; got {type(after).__name__}.")
        after.backward()
        value, slope = after.data, before.grad
        points = [_apply(f, p) for p in points]
        moved = None if moved is None else _apply(f, moved)
        reached = [*points, value, *([] if moved is None else [moved])]
        bottom, top = _range([p for p in reached if math.isfinite(p)])
        lines.append(_Line(title, bottom, top, value, moved, slope, points[:: (SAMPLES - 1) // (RAYS - 1)]))
    return lines


def _apply(f: Callable[[Any], Any], x: float) -> float:
    """f at x; nan where it has no value, because only x itself must have one."""
    try:
        return f(Value(x)).data
    except ArithmeticError:
        return math.nan


def _range(points: Sequence[float]) -> tuple[float, float]:
    """Round numbers around these points."""
    low, high = min(points), max(points)
    if low == high:
        return low - 1.0, high + 1.0
    unit = _unit(high - low)
    return math.floor(low / unit) * unit, math.ceil(high / unit) * unit


def _unit(length: float) -> float:
    """1, 2 or 5 times a power of ten, so that four to ten of them make up the length."""
    power = 10.0 ** math.floor(math.log10(length / 4))
    return max(power * k for k in (1, 2, 5) if power * k <= length / 4)


# ---- words --------------------------------------------------------------------------------------


def _alt(lines: Sequence[_Line], nudge: float | None, shown: int) -> str:
    start, *others = lines[: shown + 1]
    stages = f"{shown} of {len(lines) - 1}" if shown < len(lines) - 1 else str(shown)
    words = f"{start.name} = {number(start.value)} passes {stages} stage{'s' * (stages != '1')}"
    arrived = [f"{line.name.partition(' =')[0]} = {number(line.value)}" for line in others]
    words += f": {', '.join(arrived)}" if arrived else ""
    if nudge is not None and others:
        words += f"; a nudge of {number(nudge)} arrives as {number(others[-1].moved - others[-1].value)}"
    return words


def _facts(lines: Sequence[_Line], nudge: float | None, shown: int) -> list[str]:
    facts, product = [], 1.0
    for line in lines[: shown + 1]:
        words = f"{line.name}: {number(line.value)}"
        if line.slope is not None:
            words += f", slope {number(line.slope)}"
            product *= line.slope
        if line.moved is not None:
            words += f", moves by {number(line.moved - line.value)}"
        facts.append(f"{words}; marks at {', '.join(map(compact, line.marks))}")
    facts += [f"{line.name}; marks at {', '.join(map(compact, line.marks))}" for line in lines[shown + 1 :]]
    if shown > 1:
        facts.append(f"the product of the slopes is {number(product)}")
        if nudge is not None:
            facts[-1] += f", and {number(product)}·{bracketed(number(nudge))} = {number(product * nudge)}"
    return facts


# ---- drawing ------------------------------------------------------------------------------------


class _Sheet(Paper):
    """The lines on paper. Each is a group that says where its ends are, for whoever moves its marks."""

    def __init__(self, lines: Sequence[_Line], common: bool, theme: str, fit: float, alt: str, shown: int) -> None:
        self.width = int(fit)
        self.left = max(wide(shortened(line.name), 8.6) for line in lines) + 26
        self.right = fit - 2 * MARGIN - 96
        self.pitch = min(118.0, (TALLEST - 92) / len(lines))  # many lines stand closer together
        self.top = 34.0
        height = math.ceil(self.top + self.pitch * (len(lines) - 1) + 46)
        super().__init__(theme, self.width, height + 2 * MARGIN, alt)
        self.lines = lines
        for i in range(shown):
            self.rays(i)
        for i in range(shown):
            self.journey(i)
        for i, line in enumerate(lines):
            self.axis(i, line, labelled=self.pitch >= 64 or (common and i == len(lines) - 1))
        for i in range(shown + 1):
            self.marks(i)

    def y(self, i: int) -> float:
        return self.top + i * self.pitch

    def x(self, line: _Line, value: float) -> float:
        return self.left + (self.right - self.left) * (value - line.low) / (line.high - line.low)

    def rays(self, i: int) -> None:
        before, after = self.lines[i], self.lines[i + 1]
        group = self.add(self.root, "g", data_rays=after.name, stroke=self.theme.line, stroke_width=1, opacity=0.35)
        for a, b in zip(before.rays, after.rays):
            if math.isfinite(a) and math.isfinite(b):
                self.add(group, "line", x1=self.x(before, a), y1=self.y(i), x2=self.x(after, b), y2=self.y(i + 1))

    def axis(self, i: int, line: _Line, labelled: bool) -> None:
        theme, y = self.theme, self.y(i)
        group = self.add(
            self.root, "g", data_line=line.name, data_low=f"{line.low:g}", data_high=f"{line.high:g}",
            data_left=self.left, data_right=self.right,
        )  # fmt: skip
        self.add(group, "title", line.name)
        self.add(
            group, "text", shortened(line.name), x=self.left - 26, y=y + 5, font_size=15, font_weight=600,
            text_anchor="end", fill=theme.ink,
        )  # fmt: skip
        self.add(group, "line", x1=self.left - 12, y1=y, x2=self.right + 12, y2=y, stroke=theme.ink, stroke_width=1.6)
        for mark in line.marks:
            x = self.x(line, mark)
            self.add(group, "line", x1=x, y1=y - 4, x2=x, y2=y + 4, stroke=theme.ink, stroke_width=1.2)
            if labelled:
                text = compact(mark)
                width = DIGIT * len(text) + 4
                self.add(group, "rect", x=x - width / 2, y=y + 8, width=width, height=15, fill=theme.ground)
                self.number(group, text, x, y + 20, theme.muted, SMALL, anchor="middle")

    def journey(self, i: int) -> None:
        """The way of the value from one line to the next, with the slope there."""
        before, after = self.lines[i], self.lines[i + 1]
        x0, x1, y0, y1 = self.x(before, before.value), self.x(after, after.value), self.y(i), self.y(i + 1)
        group = self.add(self.root, "g", data_edge=f"{before.name}>{after.name}:0")
        if before.moved is not None and after.moved is not None and math.isfinite(after.moved):
            corners = [(x0, y0), (self.x(before, before.moved), y0), (self.x(after, after.moved), y1), (x1, y1)]
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
            self.add(group, "polygon", points=points, fill=self.theme.active, opacity=0.35)
        self.add(group, "line", x1=x0, y1=y0, x2=x1, y2=y1, stroke=self.theme.value, stroke_width=2.2)
        text = f"×{compact(after.slope)}"
        x, y, width = (x0 + x1) / 2, (y0 + y1) / 2, wide(text, DIGIT) + 14
        label = self.add(self.root, "g", data_label=f"{before.name}>{after.name}:0")
        self.add(label, "title", f"slope {number(after.slope)}")
        self.add(
            label, "rect", x=x - width / 2, y=y - 10, width=width, height=20, rx=8, fill=self.theme.ground,
            stroke=self.theme.line, stroke_width=0.8,
        )  # fmt: skip
        self.number(label, text, x, y + 4.7, self.theme.ink, SMALL, anchor="middle", data_role="slope")

    def marks(self, i: int) -> None:
        """The value as a dot and the nudge as a bar, with their numbers at the end of the line, where they fit."""
        line, y = self.lines[i], self.y(i)
        group = self.add(self.root, "g", data_node=line.name)
        x = self.x(line, line.value)
        self.add(group, "circle", cx=x, cy=y, r=6.5, fill=self.theme.value, stroke=self.theme.ground, stroke_width=1.5)
        self.add(group, "title", f"{line.name}: {number(line.value)}")
        label = self.add(self.root, "g", data_label=f"value of {line.name}")
        right, base = self.right + 20, y + (5 if line.moved is None else -2)
        self.number(label, compact(line.value), right, base, self.theme.value, 15, data_role="value", font_weight=600)
        if line.moved is not None:
            end, change = self.x(line, line.moved), line.moved - line.value
            self.add(
                self.root, "line", x1=x, y1=y, x2=end, y2=y, stroke=self.theme.active, stroke_width=5, data_role="bar"
            )
            text = ("+" if change > 0 else "") + compact(change)
            self.number(label, text, right, y + 15, self.theme.ink, SMALL, data_role="nudge")
