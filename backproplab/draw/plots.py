"""The plots of the lessons. Each carries its facts in words, read off the finished figure.

Figures are made without pyplot: nothing is global, nothing is shown twice, the same plot gives the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..notation import number

Function = Callable[[float], float]

# Okabe and Ito's colours, which differ for every kind of colour vision; lines differ by their dashes too
BLACK, BLUE, VERMILLION, GREEN = "#000000", "#0072b2", "#d55e00", "#009e73"
ORANGE, PURPLE, SKY, GREY = "#e69f00", "#cc79a7", "#56b4e9", "#6b7580"
PENS = tuple(zip((BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY), ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))))
POINTS = 201  # of a drawn curve
STYLE = {
    "font.family": "DejaVu Sans", "font.size": 13, "axes.titlesize": 14, "legend.fontsize": 12.5,
    "lines.linewidth": 2.4, "lines.markersize": 8, "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": GREY, "axes.grid": True, "grid.color": "#e3e7ea", "axes.axisbelow": True,
    "figure.facecolor": "white", "axes.facecolor": "white", "legend.framealpha": 0.92, "hatch.linewidth": 0.6,
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Plot:
    """A drawn figure: its PNG, a one-line `alt` text, and all that it shows as `text`.

    A test that compares text therefore notices a wrong curve, and whoever cannot see it can read it.
    """

    png: bytes
    alt: str
    text: str
    width: int

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text}

    def html(self) -> str:
        """An `<img>` element with everything inside it."""
        source = b64encode(self.png).decode()
        return f'<img alt="{escape(self.alt)}" width="{self.width}" src="data:image/png;base64,{source}">'

    def save(self, path: str | Path) -> None:
        """Write the picture to a file whose name ends in `.png`."""
        path = Path(path)
        if path.suffix != ".png":
            raise ValueError(f"A plot is saved as PNG; got {path.name!r}, expected a name that ends in .png.")
        path.write_bytes(self.png)

    def __repr__(self) -> str:
        return self.text


class Canvas:
    """One figure with one pair of axes in the course's style; `plot(alt)` finishes it."""

    def __init__(self, width: int = 720, height: int = 420, layout: str = "constrained") -> None:
        self.width = width
        self.figure = Figure(figsize=(width / 100, height / 100), layout=layout)
        self.axes: Axes = self.figure.add_subplot()

    def plot(self, alt: str) -> Plot:
        """The figure as it stands, with the sharpness of a projector."""
        png = BytesIO()
        self.figure.savefig(png, format="png", dpi=140, metadata={"Software": None})
        return Plot(png.getvalue(), alt, describe(self.figure, alt), self.width)


@contextmanager
def canvas(width: int = 720, height: int = 420, layout: str = "constrained") -> Iterator[Canvas]:
    """A canvas in the course's style, whatever the reader's own matplotlib settings are."""
    with matplotlib.style.context(["default", STYLE]):
        yield Canvas(width, height, layout)


# ---- words --------------------------------------------------------------------------------------


def describe(figure: Figure, alt: str) -> str:
    """What a figure shows: axes, lines, marked points, patches and written words, with rounded numbers."""
    return "\n".join([alt, *("  " + fact for axes in figure.axes for fact in _facts(axes))])


def _facts(axes: Axes) -> list[str]:
    axis = " and ".join(
        f"{label or 'unlabelled'} from {_span(limits, scale)}"
        for label, limits, scale in (
            (axes.get_xlabel(), axes.get_xlim(), axes.get_xscale()),
            (axes.get_ylabel(), axes.get_ylim(), axes.get_yscale()),
        )
    )
    facts = [f"{axes.get_title() or 'axes'}: {axis}"]
    facts += [_line(line, axes.get_xscale()) for line in axes.lines if len(line.get_xdata())]
    facts += [_points(group) for group in axes.collections if len(group.get_offsets())]
    facts += [_patch(patch) for patch in axes.patches]
    return facts + [f"written: {' '.join(text.get_text().split())}" for text in axes.texts if text.get_text()]


def _span(limits: tuple[float, float], scale: str) -> str:
    return " to ".join(_rounded(limit, scale) for limit in limits)


def _rounded(x: float, scale: str = "linear") -> str:
    """Three digits; on a logarithmic axis only one, because what is drawn there may be rounding noise."""
    return number(float(x), 1 if scale == "log" else 3)


def _line(line: Any, scale: str) -> str:
    xs, ys = line.get_xdata(), line.get_ydata()
    first, last = (f"({_rounded(xs[i], scale)}, {_rounded(ys[i], scale)})" for i in (0, -1))
    low, high = _rounded(min(ys), scale), _rounded(max(ys), scale)
    return f"line {_name(line)}: {len(xs)} points, {first} to {last}, lowest {low}, highest {high}"


def _points(group: Any) -> str:
    points = ", ".join(f"({_rounded(x)}, {_rounded(y)})" for x, y in group.get_offsets())
    return f"points {_name(group)}: {points}"


def _patch(patch: Any) -> str:
    x0, y0, x1, y1 = patch.get_path().get_extents(patch.get_patch_transform()).extents
    return f"patch {_name(patch)}: {_rounded(x0)} to {_rounded(x1)} by {_rounded(y0)} to {_rounded(y1)}"


def _name(artist: Any) -> str:
    label = str(artist.get_label())
    return "without a label" if label.startswith("_") else f"“{label}”"


# ---- plots --------------------------------------------------------------------------------------


def _grid(span: tuple[float, float], points: int = POINTS) -> list[float]:
    low, high = map(float, span)
    return [low + (high - low) * i / (points - 1) for i in range(points)]


def _curve(axes: Axes, f: Function, xs: Sequence[float], label: str, pen: tuple = PENS[0], **options: Any) -> None:
    colour, dashes = pen
    axes.plot(xs, [float(f(x)) for x in xs], color=colour, linestyle=dashes, label=label, **options)


def curves(
    functions: Mapping[str, Function],
    span: tuple[float, float] = (-3, 3),
    *,
    alt: str,
    marks: Mapping[str, tuple[float, float]] | None = None,
    title: str = "",
    x: str = "x",
    y: str = "",
) -> Plot:
    """Functions of one variable by their labels, and marked points (label -> (x, y)).

    >>> print(curves({"x²": lambda x: x * x}, (0, 2), alt="a parabola", marks={"P": (1, 1)}))
    a parabola
      axes: x from −0.1 to 2.1 and unlabelled from −0.2 to 4.2
      line “x²”: 201 points, (0, 0) to (2, 4), lowest 0, highest 4
      points “P”: (1, 1)
    """
    with canvas() as drawing:
        axes, xs = drawing.axes, _grid(span)
        for pen, (label, f) in zip(cycle(PENS), functions.items()):
            _curve(axes, f, xs, label, pen)
        for marker, (label, point) in zip(cycle("os^Dv"), (marks or {}).items()):
            axes.scatter(*point, s=80, marker=marker, color=BLACK, label=label, zorder=3)
        axes.set(xlabel=x, ylabel=y, title=title)
        axes.legend()
        return drawing.plot(alt)


def _slope(f: Function, x: float, h: float = 1e-5) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def tangent(
    f: Function,
    at: float,
    *,
    steps: Sequence[float] = (),
    span: tuple[float, float] | None = None,
    label: str = "f(x)",
    slope: float | None = None,
) -> Plot:
    """`f`, its tangent at `at`, and a secant to `at + h` for each step h. The legend gives every slope.

    `slope` is the tangent's; without it, a central difference.

    >>> tangent(lambda x: x * x, 3.0, steps=(1, 0.1)).alt
    'f(x) with its tangent at x = 3: slope 6; secants: slope 7 for a step of 1, slope 6.1 for a step of 0.1'
    """
    slope = _slope(f, at) if slope is None else slope
    reach = 1.6 * max([1.0, *map(abs, steps)])
    span = span or (at - reach, at + reach)
    secants = [(f(at + h) - f(at)) / h for h in steps]
    with canvas() as drawing:
        axes, xs = drawing.axes, _grid(span)
        _curve(axes, f, xs, label, (BLACK, "-"))
        for pen, h, m in zip(cycle(PENS[1:]), steps, secants):
            _straight(axes, at, f(at), m, span, f"secant, step {number(h)}: slope {number(m, 5)}", pen)
            axes.scatter(at + h, f(at + h), s=60, color=pen[0], zorder=3)
        _straight(axes, at, f(at), slope, span, f"tangent: slope {number(slope)}", PENS[0])
        axes.scatter(at, f(at), s=80, color=BLACK, zorder=4)
        axes.set(xlabel="x", ylabel=label)
        axes.legend()
        alt = f"{label} with its tangent at x = {number(at)}: slope {number(slope)}"
        said = ", ".join(f"slope {number(m, 5)} for a step of {number(h)}" for h, m in zip(steps, secants))
        return drawing.plot(f"{alt}; secants: {said}" if said else alt)


def _straight(
    axes: Axes, x: float, y: float, slope: float, span: tuple[float, float], label: str, pen: tuple
) -> None:
    _curve(axes, lambda t: y + slope * (t - x), span, label, pen, linewidth=2)


def step_error(
    f: Function, x: float, slope: float, steps: Sequence[float] = tuple(10.0**-k for k in range(14))
) -> Plot:
    """How wrong the forward and the central difference are for each step h; `slope` is the true one.

    Errors below 1e-16 are drawn there, since zero has no place on a logarithmic axis.

    >>> from math import exp
    >>> step_error(exp, 1.0, exp(1.0), steps=(0.1, 0.01)).alt
    'error of two finite differences against the step h, both axes logarithmic, for h from 0.1 down to 0.01'
    """
    differences = {
        "forward: (f(x + h) − f(x)) / h": lambda h: (f(x + h) - f(x)) / h,
        "central: (f(x + h) − f(x − h)) / 2h": lambda h: _slope(f, x, h),
    }
    with canvas() as drawing:
        axes = drawing.axes
        for (colour, dashes), marker, (label, difference) in zip(PENS, "os", differences.items()):
            errors = [max(abs(difference(h) - slope), 1e-16) for h in steps]
            axes.loglog(steps, errors, color=colour, linestyle=dashes, marker=marker, label=label)
        axes.set(xlabel="step h", ylabel="error of the slope")
        axes.legend(loc="upper center")
        return drawing.plot(
            "error of two finite differences against the step h, both axes logarithmic, "
            f"for h from {number(max(steps))} down to {number(min(steps))}"
        )


def rectangle(a: float, b: float, da: float, db: float) -> Plot:
    """The area a·b as a rectangle whose sides grow by da and db, and the three pieces that this adds.

    >>> rectangle(3, 4, 1, 1).alt
    'a rectangle of 3 by 4, area 12, grows to 4 by 5, area 20: 12 and b·da = 4 and a·db = 3 and da·db = 1'
    """
    pieces = (
        ("a·b", (0, 0), (a, b), "#dcebf5", ""),
        ("b·da", (a, 0), (da, b), "#f6c9a8", "///"),
        ("a·db", (0, b), (a, db), "#a8dccb", "..."),
        ("da·db", (a, b), (da, db), "#d3a4c4", "xx"),
    )
    size, height = max(a + da, b + db), round(min(460, max(200, 90 + 300 * (b + db) / (a + da))))
    with canvas(560, height, "compressed") as drawing:  # the layout for equal scales on both axes
        axes = drawing.axes
        for name, corner, (wide, high), colour, hatch in pieces:
            if not wide * high:
                continue
            area = number(wide * high)
            axes.add_patch(Rectangle(corner, wide, high, fc=colour, ec=BLACK, hatch=hatch, lw=1, label=f"{name} = {area}"))
            if wide >= 0.06 * size * len(area) and high >= 0.12 * size:  # else it stands in the legend only
                _write(axes, corner[0] + wide / 2, corner[1] + high / 2, area)
        axes.set(xlim=(0, 1.02 * (a + da)), ylim=(0, 1.02 * (b + db)), xlabel="a", ylabel="b", aspect="equal")
        axes.grid(False)
        drawing.figure.legend(*axes.get_legend_handles_labels(), loc="outside right center", handlelength=2.4)
        return drawing.plot(
            f"a rectangle of {number(a)} by {number(b)}, area {number(a * b)}, grows to {number(a + da)} by "
            f"{number(b + db)}, area {number((a + da) * (b + db), 6)}: {number(a * b)} and b·da = {number(b * da)} "
            f"and a·db = {number(a * db)} and da·db = {number(da * db)}"
        )


def _write(axes: Axes, x: float, y: float, text: str) -> None:
    ground = {"facecolor": "white", "edgecolor": "none", "boxstyle": "round,pad=0.2"}
    axes.text(x, y, text, ha="center", va="center", fontsize=15, bbox=ground)


def nudges(f: Callable[..., float], at: Mapping[str, float], *, h: float = 0.01, label: str = "f") -> Plot:
    """How far `f` moves when one input at a time moves by `h`: a bar per input, with moved ÷ h beside it.

    >>> nudges(lambda a, b: a * b, {"a": 3.0, "b": 4.0}, h=1.0, label="a·b").alt
    'how far a·b moves from a = 3, b = 4 when one input moves by 1: 4 for a, 3 for b'
    """
    start = f(**at)
    moved = {name: f(**{**at, name: x + h}) - start for name, x in at.items()}
    with canvas(720, 130 + 55 * len(moved)) as drawing:
        axes = drawing.axes
        bars = axes.barh(list(moved), list(moved.values()), color=SKY, edgecolor=BLACK, height=0.55)
        words = [f" {number(change, 3)} = {number(change / h, 3)} × {number(h)}" for change in moved.values()]
        axes.bar_label(bars, words, padding=4)
        for name, bar in zip(moved, bars):
            bar.set_label(f"{name} moves by {number(h)}")
        low, high = min(0.0, *moved.values()), max(0.0, *moved.values())
        axes.set_xlim(low + 0.6 * low, high + 0.6 * high)  # room for the words
        axes.axvline(0, color=BLACK, linewidth=1)
        axes.invert_yaxis()
        axes.set(xlabel=f"how far {label} moves")
        axes.grid(False, axis="y")
        point = ", ".join(f"{name} = {number(x)}" for name, x in at.items())
        moves = ", ".join(f"{number(change, 3)} for {name}" for name, change in moved.items())
        return drawing.plot(f"how far {label} moves from {point} when one input moves by {number(h)}: {moves}")
