"""Numbers as lengths and areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ...notation import number
from . import inputs
from .canvas import BLACK, GREY, HATCHES, SKY, TINTS, Plot, Size, canvas
from .words import SAID

NEGATIVE = "///"


def bars(
    values: Mapping[str, float | Mapping[str, float]] | Sequence[float],
    *,
    title: str = "",
    x: str = "",
    y: str = "",
    alt: str = "",
    size: Size | None = None,
) -> Plot:
    """Numbers as bars: by their names, side by side within each name, or, if they have none, by their index.

    `values` is name -> number (a lying bar each, the number beside it), name -> {part: number} (a group of bars
    each), or a sequence, whose standing bars are numbered 0, 1, 2, …; there a number that is exactly 0 gets a
    ring. Bars below 0 are hatched, so are the parts of a group. `x` and `y` name what lies along these axes.

    >>> bars({"3 layers": {"written": 15, "different": 9}, "10 layers": {"written": 120, "different": 30}}).alt
    '3 layers: written 15, different 9; 10 layers: written 120, different 30'
    >>> bars([0.5, 0.0, -0.25], y="output").alt
    'output of 3: lowest −0.25, highest 0.5, 1 of them 0'
    """
    if not isinstance(values, Mapping):
        return _standing(inputs.finite("values", values), title, x or "index", y, alt, size)
    if not values:
        raise ValueError("values is empty: give at least one number.")
    groups = {name: dict(part) if isinstance(part, Mapping) else {"": part} for name, part in values.items()}
    parts = list(dict.fromkeys(part for group in groups.values() for part in group))
    numbers = {
        (name, part): inputs.one(f"“{name}” {part}".strip(), v) for name, g in groups.items() for part, v in g.items()
    }
    thick = 0.62 / len(parts)
    width, height = size or (720, 90 + len(groups) * (24 + 30 * len(parts)))
    with canvas(width, height) as drawing:
        axes = drawing.axes
        for i, part in enumerate(parts):
            rows = {k: numbers[name, part] for k, name in enumerate(groups) if (name, part) in numbers}
            places = [k + (i - (len(parts) - 1) / 2) * thick for k in rows]
            names = [f"{list(groups)[k]} {part}".strip() for k in rows]
            hatches = [
                HATCHES[i % len(HATCHES)] or (NEGATIVE if v < 0 and len(parts) == 1 else "") for v in rows.values()
            ]
            colour = SKY if len(parts) == 1 else TINTS[i % len(TINTS)]
            lie(axes, places, list(rows.values()), names, [number(v, 5) for v in rows.values()], thick, colour, hatches)
        _frame(axes, list(numbers.values()), 0.16)
        axes.set_yticks(range(len(groups)), list(groups))
        axes.set(xlabel=x, ylabel=y, title=title)
        if len(parts) > 1:
            drawing.legend([_box(part, i) for i, part in enumerate(parts)])
        said = "; ".join(
            f"{name}: {_said(group)}" if len(parts) > 1 else f"{name} {_said(group)}" for name, group in groups.items()
        )
        return drawing.plot(alt or drawing.titled(said))


def _said(group: Mapping[str, float]) -> str:
    return ", ".join(f"{part} {number(float(v), 5)}".strip() for part, v in group.items())


def _box(part: str, i: int) -> Rectangle:
    return Rectangle((0, 0), 1, 1, fc=TINTS[i % len(TINTS)], ec=BLACK, hatch=HATCHES[i % len(HATCHES)], label=part)


def lie(
    axes: Axes, places: Any, values: Sequence[float], names: Sequence[str], words: Sequence[str], thick: float,
    colour: str = SKY, hatches: Sequence[str] = (),
) -> None:  # fmt: skip
    """Lying bars, each with its words at its end; the names are for the description."""
    edges = [round(place - thick / 2, 9) for place in places]
    drawn = axes.barh(
        edges, values, color=colour, edgecolor=BLACK, height=thick, align="edge", hatch=list(hatches) or None
    )
    axes.bar_label(drawn, [f" {word}" for word in words], padding=4)
    for name, bar in zip(names, drawn):
        bar.set_label(name)


def _frame(axes: Axes, values: Sequence[float], room: float) -> None:
    """Bars that start at a line at 0, the first one on top, with room for the words at their ends."""
    low, high = min(0.0, *values), max(0.0, *values)
    wide = (high - low) or 1.0
    axes.set_xlim(low - (room * wide if low < 0 else 0), high + (room * wide if high > 0 or low == 0 else 0))
    axes.axvline(0, color=BLACK, linewidth=1)
    axes.invert_yaxis()
    axes.grid(False, axis="y")


def _standing(values: np.ndarray, title: str, x: str, y: str, alt: str, size: Size | None) -> Plot:
    if values.ndim != 1:
        raise ValueError(f"values must be one row of numbers; got shape {values.shape}.")
    with canvas(*(size or (720, 320))) as drawing:
        axes = drawing.axes
        drawn = axes.bar(
            range(values.size), values, color=SKY, edgecolor=BLACK, width=0.8, linewidth=0.8, label=y or "bars"
        )
        for bar, value in zip(drawn, values):
            bar.set_label(SAID)
            bar.set_hatch(NEGATIVE if value < 0 else "")
        zeros = np.flatnonzero(values == 0)
        if zeros.size:
            axes.scatter(
                zeros, 0 * zeros, s=44, facecolor="white", edgecolor=BLACK, zorder=3, label="exactly 0", clip_on=False
            )
            drawing.legend()
        axes.axhline(0, color=GREY, linewidth=1)
        axes.grid(False, axis="x")
        axes.set(xlabel=x, ylabel=y, title=title, xlim=(-0.7, values.size - 0.3))
        axes.xaxis.get_major_locator().set_params(integer=True)
        zero = f", {zeros.size} of them 0" if zeros.size else ""
        return drawing.plot(
            alt
            or drawing.titled(
                f"{y or 'bars'} of {values.size}: lowest {number(values.min())}, highest {number(values.max())}{zero}"
            )
        )


def nudges(
    f: Callable[..., float], at: Mapping[str, float], *, h: float = 0.01, label: str = "f", size: Size | None = None
) -> Plot:
    """How far `f` moves when one input at a time moves by `h`: a bar per input, with moved ÷ h beside it.

    >>> nudges(lambda a, b: a * b, {"a": 3.0, "b": 4.0}, h=1.0, label="a·b").alt
    'how far a·b moves from a = 3, b = 4 when one input moves by 1: 4 for a, 3 for b'
    """
    start = f(**at)
    moved = {name: f(**{**at, name: x + h}) - start for name, x in at.items()}
    with canvas(*(size or (720, 130 + 55 * len(moved)))) as drawing:
        axes = drawing.axes
        changes = list(moved.values())
        words = [f"{number(change, 3)} = {number(change / h, 3)} × {number(h)}" for change in changes]
        lie(axes, range(len(moved)), changes, [f"{name} moves by {number(h)}" for name in moved], words, 0.55)
        _frame(axes, changes, 0.6)
        axes.set_yticks(range(len(moved)), list(moved))
        axes.set(xlabel=f"how far {label} moves")
        point = ", ".join(f"{name} = {number(x)}" for name, x in at.items())
        moves = ", ".join(f"{number(change, 3)} for {name}" for name, change in moved.items())
        return drawing.plot(f"how far {label} moves from {point} when one input moves by {number(h)}: {moves}")


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
            axes.add_patch(
                Rectangle(corner, wide, high, fc=colour, ec=BLACK, hatch=hatch, lw=1, label=f"{name} = {area}")
            )
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
