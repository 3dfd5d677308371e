"""Matrices and images: a number in every cell of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isqrt, log10
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ...notation import number
from . import inputs
from .canvas import BLACK, GREY, SIZE, Plot, Size, canvas
from .words import SAID

SCALE = "PuOr"  # orange below 0, white at 0, purple above: told apart by every kind of colour vision
LETTER = 10.0  # pixels
HATCHED = 7  # pixels; a smaller cell has no room for hatching


def heatmap(
    matrix: Any,
    *,
    rows: str = "output i",
    columns: str = "input j",
    row: int | None = None,
    column: int | None = None,
    row_names: Sequence[str] = (),
    column_names: Sequence[str] = (),
    limit: float | None = None,
    title: str = "",
    alt: str = "",
    size: Size | None = None,
) -> Plot:
    """A matrix, as of a Jacobian: the number in each cell where it fits, and its colour, white at 0.

    Below 0 a cell is orange, above purple; the sign is read off the number, or off the hatching where numbers do not
    fit. `row` and `column` frame one of them, counted from 0, as in J[i, j]. The colours reach from −limit to limit,
    by default the largest size of an entry: give two plots the same limit to compare them. A vector is one row.

    >>> print(heatmap([[1.0, -2.0], [0.0, 4.0]], row=1))
    2 × 2 matrix, output i by input j, from −2 to 4, with row 1 framed: (0, 4)
      axes: input j from −0.5 to 1.5 and output i from 1.5 to −0.5
      cells “matrix”: 2 × 2, (1, −2), (0, 4)
      patch “row 1”: −0.5 to 1.5 by 0.5 to 1.5
    """
    values = inputs.matrix("matrix", matrix)
    high, wide = values.shape
    framed = [_line(values, *which) for which in (("row", row, 0), ("column", column, 1)) if which[1] is not None]
    room = (size[0] - 200, size[1] - 110) if size else (640, 460)
    cell = min(66.0, room[0] / wide, room[1] / high)
    square = min(high, wide) * cell >= 30  # else a matrix much longer than high would be a thread
    tall = high * cell if square else 90
    limit = float(np.abs(values).max()) or 1.0 if limit is None else limit
    width, height = size or (max(340, round(200 + wide * cell)), max(170, round(110 + tall)))
    with canvas(width, height, "compressed") as drawing:
        axes = drawing.axes
        colours = axes.imshow(
            values, cmap=SCALE, vmin=-limit, vmax=limit, aspect="equal" if square else "auto", label="matrix"
        )
        bar = drawing.figure.colorbar(colours, ax=axes, shrink=0.9, aspect=14, pad=0.03)
        bar.outline.set_visible(False)
        bar.locator = MaxNLocator(4)
        axes.grid(False)
        for name, (x, y), (dx, dy), _ in framed:
            axes.add_patch(
                Rectangle((x - 0.5, y - 0.5), dx, dy, fill=False, ec=BLACK, lw=4, label=name, zorder=4, clip_on=False)
            )
        if not _write(axes, colours, values, limit, cell):
            _hatch(axes, values, cell)
        _names(axes.xaxis, column_names, wide, round(wide * cell / 45))
        _names(axes.yaxis, row_names, high, round(tall / 30))
        axes.spines[:].set_visible(False)
        axes.set(xlabel=columns, ylabel=rows, title=title)
        said = (
            f"{high} × {wide} matrix, {rows} by {columns}, from {number(values.min(), 3)} to {number(values.max(), 3)}"
        )
        said += "".join(f", with {name} framed{entries}" for name, *_, entries in framed)
        return drawing.plot(alt or drawing.titled(said))


def _line(values: np.ndarray, kind: str, index: int, axis: int) -> tuple[str, tuple, tuple, str]:
    """A framed row or column: its name, its first cell, its extent and, if they are few, its entries."""
    if not 0 <= index < values.shape[axis]:
        raise ValueError(f"There is no {kind} {index}: the matrix has {values.shape[axis]}, counted from 0.")
    high, wide = values.shape
    entries = values[index] if axis == 0 else values[:, index]
    said = f": ({', '.join(number(v, 3) for v in entries)})" if entries.size <= 6 else ""
    place = ((0, index), (wide, 1)) if axis == 0 else ((index, 0), (1, high))
    return f"{kind} {index}", *place, said


def _names(axis: Any, names: Sequence[str], count: int, room: int) -> None:
    """The names along an axis, or as many indices as there is room for."""
    if not names:
        axis.set_major_locator(MaxNLocator(nbins=max(1, min(count, room)), integer=True, min_n_ticks=1))
        return
    if len(names) != count:
        raise ValueError(
            f"There are {len(names)} names, but {count} {'columns' if axis.axis_name == 'x' else 'rows'}: give one for each."
        )
    axis.set_ticks(range(count), names)


def _write(axes: Axes, colours: AxesImage, values: np.ndarray, limit: float, cell: float) -> bool:
    """Every number into its cell, all to the same decimal place, unless one of them has no room there."""
    for digits in (3, 2):
        places = max(0, digits - 1 - floor(log10(limit)))
        words = [[_fixed(v, places) for v in row] for row in values.tolist()]
        if max(len(word) for row in words for word in row) * LETTER <= cell - 4:
            break
    else:
        return False
    for (i, j), value in np.ndenumerate(values):
        light = (
            np.dot(np.power(colours.to_rgba(value)[:3], 2.2), (0.2126, 0.7152, 0.0722)) > 0.18
        )  # then black is clearer
        axes.text(
            j,
            i,
            words[i][j],
            ha="center",
            va="center",
            fontsize=SIZE,
            color="black" if light else "white",
            label=SAID,
        )
    return True


def _fixed(x: float, places: int) -> str:
    """Rounded to so many places; a number that has no more is written as short as it is, so 0 stands for nothing else."""
    rounded = f"{x:.{places}f}"
    return number(x) if float(rounded) == x else rounded.replace("-", "−")


def _hatch(axes: Axes, values: np.ndarray, cell: float) -> None:
    """Strokes over every cell below 0."""
    below = np.argwhere(values < 0)
    if len(below) and cell >= HATCHED:
        corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
        cells = corners + below[:, None, ::-1]
        axes.add_collection(PolyCollection(cells, hatch="////", facecolor="none", edgecolor=BLACK, linewidth=0))


def digits(
    images: Any,
    labels: Sequence[int] | None = None,
    predictions: Sequence[int] | None = None,
    *,
    columns: int = 0,
    title: str = "",
    alt: str = "",
    size: Size | None = None,
) -> Plot:
    """Images of digits, what each is, and what was read; a wrong reading is framed and says what it should be.

    `images` are square: (n, k, k), or rows of k² numbers (n, k²), as in `data.digits()`; a single one may be
    (k, k) or (k²,). 0 is paper, 1 is ink. Under each stands its label, or its prediction: “✓ 3” if right, and
    “✗ 9, not 4” if wrong.

    >>> import numpy as np
    >>> digits(np.eye(8).reshape(1, 64), labels=[4], predictions=[9]).alt
    '1 image, 0 read right; wrong: image 0, read as 9, is 4'
    """
    pictures = _square("images", images)
    captions, wrong = _captions(len(pictures), labels, predictions)
    across = columns or min(len(pictures), 7)
    down = ceil(len(pictures) / across)
    width, height = size or (max(230, 112 * across + 16), 134 * down + (44 if title else 12))
    with canvas(width, height) as drawing:
        axes = drawing.axes
        ink = {"cmap": "gray_r", "vmin": min(0.0, pictures.min()), "vmax": max(1.0, pictures.max())}
        for k, (picture, caption) in enumerate(zip(pictures, captions)):
            x, y = k % across, 1.2 * (k // across)
            box = (x + 0.09, x + 0.91, y + 0.91, y + 0.09)
            axes.imshow(picture, extent=box, label=f"{k} {caption}".strip(), interpolation="nearest", **ink)
            frame = {"lw": 4, "ec": BLACK} if k in wrong else {"lw": 1, "ec": GREY}
            axes.add_patch(Rectangle((x + 0.07, y + 0.07), 0.86, 0.86, fill=False, label=SAID, **frame))
            axes.text(x + 0.5, y + 0.97, caption, ha="center", va="top", fontsize=SIZE, label=SAID)
        axes.set(xlim=(0, across), ylim=(1.2 * down, 0), title=title)
        axes.axis("off")
        return drawing.plot(alt or drawing.titled(_summary(len(pictures), labels, predictions, wrong)))


def _square(what: str, given: Any) -> np.ndarray:
    """Square images (n, k, k), from any of the shapes they come in."""
    found = inputs.finite(what, given)
    side = isqrt(found.shape[-1]) if found.ndim else 0
    if found.ndim in (1, 2) and side * side == found.shape[-1]:
        return found.reshape(-1, side, side)
    if found.ndim in (2, 3) and found.shape[-1] == found.shape[-2]:
        return found.reshape(-1, *found.shape[-2:])
    raise ValueError(f"{what} must be square, shape (n, k, k) or (n, k²); got shape {found.shape}.")


def _captions(count: int, labels: Any, predictions: Any) -> tuple[list[str], list[int]]:
    """What stands under each image, and which of them were read wrongly."""
    for name, given in (("labels", labels), ("predictions", predictions)):
        if given is not None and np.shape(given) != (count,):
            raise ValueError(f"There are {count} images, but {name} has shape {np.shape(given)}: give one for each.")
    if labels is None or predictions is None:
        named = labels if labels is not None else predictions
        return [""] * count if named is None else [f"{name}" for name in named], []
    pairs = list(zip(predictions, labels))
    captions = [f"✓ {is_}" if read == is_ else f"✗ {read}, not {is_}" for read, is_ in pairs]
    return captions, [k for k, (read, is_) in enumerate(pairs) if read != is_]


def _summary(count: int, labels: Any, predictions: Any, wrong: list[int]) -> str:
    many = f"{count} image{'s' if count > 1 else ''}"
    if labels is None or predictions is None:
        named = labels if labels is not None else predictions
        return many if named is None else f"{many}: {', '.join(map(str, named))}"
    said = "; wrong: " + ", ".join(f"image {k}, read as {predictions[k]}, is {labels[k]}" for k in wrong)
    return f"{many}, {count - len(wrong)} read right{said if wrong else ''}"
