"""Functions of one variable and series of numbers: whatever goes from left to right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle, pairwise
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from ...notation import number
from . import inputs
from .canvas import BLACK, MARKERS, PENS, Plot, Size, canvas

Function = Callable[[float], float]
Series = Sequence[float] | tuple[Sequence[float], Sequence[float]]

POINTS = 201  # of a drawn function
EACH_MARKED = 30  # a longer series carries a few markers only, to tell it from others


def curves(
    lines: Mapping[str, Function | Series | Mapping[str, Series]],
    span: tuple[float, float] | None = None,
    *,
    marks: Mapping[str, tuple[Any, Any]] | None = None,
    log: str = "",
    title: str = "",
    x: str = "x",
    y: str = "",
    alt: str = "",
    size: Size = (720, 420),
) -> Plot:
    """Functions of one variable and series of numbers, by their labels.

    A line is a function (or a Graph with one variable), drawn over `span`; or numbers, drawn against 0, 1, 2, …;
    or a pair (xs, ys). A mapping of series is drawn in one colour, with a dash for each. `span` is that of the
    numbers, or −3 to 3, if it is left out. `marks` are points, label -> (x, y), where x and y may be many numbers.
    `log` names the logarithmic axes: "x", "y" or "xy"; a 0 is then marked at the lower edge. A line is interrupted
    where the function jumps or has no value, and where the numbers are nan or infinite.

    >>> print(curves({"x²": lambda x: x * x}, (0, 2), alt="a parabola", marks={"P": (1, 1)}))
    a parabola
      axes: x from −0.1 to 2.1 and unlabelled from −0.2 to 4.2
      line “x²”: 201 points, (0, 0) to (2, 4), lowest 0, highest 4
      points “P”: (1, 1)
    """
    with canvas(*size) as drawing:
        axes = drawing.axes
        low, high = _draw(axes, lines, span, log, marks, x)
        _ticks(axes)
        axes.set(xlabel=x, ylabel=y, title=title)
        drawing.legend()
        return drawing.plot(
            alt or drawing.titled(f"{_listed([*lines, *(marks or ())])} over {x} from {number(low)} to {number(high)}")
        )


def losses(
    runs: Mapping[str, Series | Mapping[str, Series]],
    *,
    x: str = "step",
    log: bool = False,
    marks: Mapping[str, tuple[Any, Any]] | None = None,
    title: str = "",
    y: str = "loss",
    alt: str = "",
    size: Size = (720, 420),
) -> Plot:
    """The losses of training runs, by their labels, against the step, or against samples seen.

    A run is its losses, one per step; a pair (samples seen, losses); or a mapping of such, as in
    `{"relu": {"training": …, "held out": …}}`. The alt text says where each starts and ends. A loss that is nan or
    infinite interrupts the line.

    >>> losses({"η = 0.1": [4.0, 1.0, 0.25], "η = 2": ([0, 1], [4.0, 9.0])}).alt
    'loss against step: η = 0.1 from 4 to 0.25; η = 2 from 4 to 9'
    """
    with canvas(*size) as drawing:
        axes = drawing.axes
        _draw(axes, runs, None, "y" if log else "", marks, x)
        if not log and axes.dataLim.y0 >= 0:
            axes.set_ylim(bottom=0)
        _ticks(axes)
        axes.set(xlabel=x, ylabel=y, title=title)
        drawing.legend()
        said = "; ".join(f"{line.label} {_journey(line.drawn[1])}" for line in _read(runs))
        return drawing.plot(alt or drawing.titled(f"{y} against {x}{', logarithmic' if log else ''}: {said}"))


def spread(
    sigma: float,
    measured: Mapping[str, Series],
    *,
    samples: int = 0,
    title: str = "",
    alt: str = "",
    size: Size = (720, 420),
) -> Plot:
    """How far the gradient of a mini-batch of B samples lies from the average one, beside its law σ/√B.

    `sigma` is the spread of single samples, √E‖∇L_p − ∇L‖², and `measured` gives what was found, label -> (batch sizes,
    spreads). With `samples`, their number P, the law of batches drawn *without* replacement is drawn too:
    σ/√B · √((P − B)/(P − 1)), which ends in 0 at B = P. Both axes are logarithmic.

    >>> spread(2.0, {"measured": ([1, 4], [2.0, 1.0])}, samples=4).alt
    'spread of the gradient against batch size B, both logarithmic: measured from 2 at B = 1 to 1 at B = 4; law σ/√B with σ = 2'
    """
    sigma = inputs.one("sigma", sigma)
    lines: dict[str, Any] = {**inputs.named("measured", measured), "law: σ/√B": lambda b: sigma / b**0.5}
    if samples > 1:
        lines["law without replacement"] = lambda b: sigma * ((samples - b) / (b * (samples - 1))) ** 0.5
    with canvas(*size) as drawing:
        axes = drawing.axes
        _draw(axes, lines, None, "xy", None, "B", joined=False)
        sizes = sorted({b for label in measured for b in inputs.series(label, measured[label])[0].tolist()})
        axes.set_xticks(sizes, [number(b) for b in sizes], minor=False)
        axes.set_xticks([], minor=True)
        _ticks(axes, which="y")
        axes.set(xlabel="batch size B", ylabel="spread of the gradient", title=title)
        drawing.legend()
        ends = [(label, *inputs.series(label, given)) for label, given in measured.items()]
        said = "; ".join(
            f"{label} from {number(s[0])} at B = {number(b[0])} to {number(s[-1])} at B = {number(b[-1])}"
            for label, b, s in ends
        )
        return drawing.plot(
            alt
            or drawing.titled(
                f"spread of the gradient against batch size B, both logarithmic: {said}; law σ/√B with σ = {number(sigma)}"
            )
        )


def tangent(
    f: Function,
    at: float,
    *,
    steps: Sequence[float] = (),
    span: tuple[float, float] | None = None,
    label: str = "f(x)",
    slope: float | None = None,
    size: Size = (720, 440),
) -> Plot:
    """`f`, its tangent at `at`, and a secant to `at + h` for each step h. The legend gives every slope.

    `slope` is the tangent's; without it, a central difference.

    >>> tangent(lambda x: x * x, 3.0, steps=(1, 0.1)).alt
    'f(x) with its tangent at x = 3: slope 6; secants: slope 7 for a step of 1, slope 6.1 for a step of 0.1'
    """
    f = inputs.function(label, f)
    here = f(at)
    if not isfinite(here):
        raise ValueError(f"{label} has no value at {number(at)}, so it has no tangent there: choose another point.")
    slope = _slope(f, at) if slope is None else slope
    reach = 1.6 * max([1.0, *map(abs, steps)])
    span = inputs.interval("span", span) if span is not None else (at - reach, at + reach)
    secants = [(f(at + h) - here) / h for h in steps]
    with canvas(*size) as drawing:
        axes = drawing.axes
        _curve(axes, f, _grid(span), label, (BLACK, "-"))
        for pen, h, m in zip(cycle(PENS[1:]), steps, secants):
            _straight(axes, at, here, m, span, f"secant, step {number(h)}: slope {number(m, 5)}", pen)
            axes.scatter(at + h, f(at + h), s=60, color=pen[0], zorder=3)
        _straight(axes, at, here, slope, span, f"tangent: slope {number(slope)}", PENS[0])
        axes.scatter(at, here, s=80, color=BLACK, zorder=4)
        axes.set(xlabel="x", ylabel=label)
        drawing.legend()
        alt = f"{label} with its tangent at x = {number(at)}: slope {number(slope)}"
        said = ", ".join(f"slope {number(m, 5)} for a step of {number(h)}" for h, m in zip(steps, secants))
        return drawing.plot(f"{alt}; secants: {said}" if said else alt)


def step_error(
    f: Function,
    x: float,
    slope: float,
    steps: Sequence[float] = tuple(10.0**-k for k in range(14)),
    *,
    size: Size = (720, 420),
) -> Plot:
    """How wrong the forward and the central difference are for each step h; `slope` is the true one.

    Errors below 1e-16 are drawn there, since zero has no place on a logarithmic axis.

    >>> from math import exp
    >>> step_error(exp, 1.0, exp(1.0), steps=(0.1, 0.01)).alt
    'error of two finite differences against the step h, both axes logarithmic, for h from 0.1 down to 0.01'
    """
    f = inputs.function("f", f)
    steps = inputs.finite("steps", steps).tolist()
    differences = {
        "forward: (f(x + h) − f(x)) / h": lambda h: (f(x + h) - f(x)) / h,
        "central: (f(x + h) − f(x − h)) / 2h": lambda h: _slope(f, x, h),
    }
    with canvas(*size) as drawing:
        axes = drawing.axes
        for (colour, dashes), marker, (label, difference) in zip(PENS, MARKERS, differences.items()):
            errors = [max(abs(difference(h) - slope), 1e-16) for h in steps]
            axes.loglog(steps, errors, color=colour, linestyle=dashes, marker=marker, label=label)
        axes.set(xlabel="step h", ylabel="error of the slope")
        drawing.legend()
        return drawing.plot(
            "error of two finite differences against the step h, both axes logarithmic, "
            f"for h from {number(max(steps))} down to {number(min(steps))}",
            digits=1,  # what is drawn there may be rounding noise
        )


# ---- the lines of a plot ------------------------------------------------------------------------


class _Line(NamedTuple):
    """One line as it is given: `drawn` is a function, or (xs, ys)."""

    label: str
    pen: tuple
    marker: str
    drawn: Any


def _read(lines: Any) -> Iterator[_Line]:
    for pen, marker, (label, given) in zip(cycle(PENS), cycle(MARKERS), inputs.named("lines", lines).items()):
        if isinstance(given, Mapping):
            for (_, dashes), (part, numbers) in zip(cycle(PENS), given.items()):
                name = f"{label}, {part}"
                yield _Line(name, (pen[0], dashes), marker, inputs.series(f"“{name}”", numbers))
        elif inputs.is_function(given):
            yield _Line(label, pen, marker, inputs.function(f"“{label}”", given))
        else:
            yield _Line(label, pen, marker, inputs.series(f"“{label}”", given))


def _draw(axes: Axes, lines: Any, span: Any, log: str, marks: Any, x: str, joined: bool = True) -> tuple[float, float]:
    """All lines and marks, and the span they are drawn over. `joined` is whether numbers are joined by a line."""
    if set(log) - set("xy"):
        raise ValueError(f'log is {log!r}, but names the logarithmic axes: give "", "x", "y" or "xy".')
    axes.set(xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear")
    lines = list(_read(lines))
    if not lines and not marks:
        raise ValueError("There is nothing to draw: give at least one line, or marks.")
    xs = [x for line in lines if not callable(line.drawn) for x in line.drawn[0].tolist()]
    span = inputs.interval("span", span) if span is not None else (min(xs), max(xs)) if xs else (-3.0, 3.0)
    if "x" in log and span[0] <= 0:
        raise ValueError(f"{x} starts at {number(span[0])}, which has no place on a logarithmic axis: start above 0.")
    for line in lines:
        if callable(line.drawn):
            _curve(axes, line.drawn, _grid(span, "x" in log), line.label, line.pen)
        else:
            _numbers(axes, line, "y" in log, joined)
    for marker, (label, at) in zip(cycle(MARKERS), (marks or {}).items()):
        mark(axes, label, at, marker)
    return span


def mark(axes: Axes, label: str, at: Any, marker: str, **options: Any) -> None:
    """One point (x, y), or many smaller ones (xs, ys)."""
    x, y = inputs.spots(label, at)
    look = {"s": 80 if x.size == 1 else 36, "color": BLACK, "zorder": 3, **options}
    axes.scatter(x, y, marker=marker, label=label, **look)


def _numbers(axes: Axes, line: _Line, log: bool, joined: bool) -> None:
    xs, ys = line.drawn
    colour, dashes = line.pen
    ys = np.where(np.isfinite(ys), ys, np.nan)
    if log:
        if (ys < 0).any():
            raise ValueError(f"“{line.label}” holds {number(np.nanmin(ys))}, which has no place on a logarithmic axis.")
        for x in xs[ys == 0].tolist():  # minus infinity, on this axis
            zero = {"xycoords": axes.get_xaxis_transform(), "textcoords": "offset points", "color": colour}
            arrow = {"arrowstyle": "-|>", "color": colour, "lw": 2}
            axes.annotate("0", (x, 0), (0, 34), ha="center", va="bottom", arrowprops=arrow, **zero)
        ys = np.where(ys == 0, np.nan, ys)
    look = (
        {"linestyle": dashes}
        if joined
        else {"linestyle": "none", "fillstyle": "none", "markeredgewidth": 2.4, "markersize": 11}
    )
    axes.plot(
        xs, ys, color=colour, label=line.label, marker=line.marker, linewidth=2,
        markevery=1 if xs.size <= EACH_MARKED else (xs.size // 16, xs.size // 8), **look,
    )  # fmt: skip


def _ticks(axes: Axes, which: str = "xy") -> None:
    """Whole numbers where only such were drawn; on a short logarithmic axis plain ones, on a long one powers of ten."""
    for name in which:
        axis = axes.xaxis if name == "x" else axes.yaxis
        if axis.get_scale() == "log":
            low, high = axis.get_view_interval()
            if high / low < 300:
                axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                axis.set_major_formatter(FuncFormatter(lambda tick, _: number(tick)))
            axis.set_minor_formatter(NullFormatter())
        elif name == "x" and all(float(x).is_integer() for line in axes.lines for x in line.get_xdata()):
            axis.set_major_locator(MaxNLocator(nbins="auto", steps=[1, 2, 5, 10], integer=True))


def _grid(span: tuple[float, float], log: bool = False) -> list[float]:
    low, high = map(float, span)
    if log:
        return np.geomspace(low, high, POINTS).tolist()
    return [low + (high - low) * i / (POINTS - 1) for i in range(POINTS)]


def _curve(axes: Axes, f: Function, xs: Sequence[float], label: str, pen: tuple, **options: Any) -> None:
    points = [(x, float(f(x))) for x in xs]
    if not np.isfinite(points).any(axis=0)[1]:
        raise ValueError(f"“{label}” has no value from {number(xs[0])} to {number(xs[-1])}: draw it where it has one.")
    xs, ys = zip(*_interrupted(f, points))
    colour, dashes = pen
    axes.plot(xs, ys, color=colour, linestyle=dashes, label=label, **options)


def _interrupted(f: Function, points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The points, with a gap wherever f jumps: there it changes as much however near one looks."""
    ys = [y for _, y in points if abs(y) < np.inf]
    low, high = min(ys), max(ys)
    least = max(0.01 * (high - low), 1e-9 * max(-low, high))  # less may be rounding noise on a level line
    for here, there in pairwise(points):
        yield here
        if abs(there[1] - here[1]) > least:
            a, b = here, there
            for _ in range(20):
                x = (a[0] + b[0]) / 2
                middle = (x, float(f(x)))
                a, b = (a, middle) if abs(middle[1] - a[1]) > abs(b[1] - middle[1]) else (middle, b)
            if abs(b[1] - a[1]) > 0.5 * abs(there[1] - here[1]):
                if low <= a[1] <= high and low <= b[1] <= high:  # a stair, not a pole
                    yield from (a, (a[0], np.nan), b)
                else:
                    yield a[0], np.nan
    yield points[-1]


def _straight(axes: Axes, x: float, y: float, slope: float, span: tuple[float, float], label: str, pen: tuple) -> None:
    _curve(axes, lambda t: y + slope * (t - x), span, label, pen, linewidth=2)


def _slope(f: Function, x: float, h: float = 1e-5) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def _journey(ys: np.ndarray) -> str:
    """From where to where a run went, and since when its numbers are none."""
    finite = np.isfinite(ys)
    if finite.all():
        return f"from {number(ys[0])} to {number(ys[-1])}"
    return f"from {number(ys[finite][0])} to {number(ys[finite][-1])}, not a finite number {np.sum(~finite)} times"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
