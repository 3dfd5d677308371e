"""Arrays in a picture: their shape, their range, and small ones cell by cell.

A cell is a square whose area is the size of the number, full if it is positive and hollow if it is negative, as
Hinton drew weights (Rumelhart, Hinton and Williams 1986), so that its sign does not depend on colour. The largest
square stands for the larger end of the range that is written beside it. Lists of floats are arrays here, too.
"""

from __future__ import annotations

import math
from typing import Any
from xml.etree.ElementTree import Element

from ..notation import number
from .paper import Paper, compact, coordinate

COLUMNS, ROWS = 8, 4  # of an array that is drawn cell by cell
CELL = 11  # pixels
LONGEST_RANGE = 14  # characters, as in −0.123 … 0.123


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an array or of a list of numbers; () for a number."""
    return (len(x),) if isinstance(x, list) else tuple(getattr(x, "shape", ()))


def grid(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of an array that is drawn cell by cell, a long vector in rows of COLUMNS; (0, 0) if it is not.

    >>> grid((3, 2)), grid((12,)), grid((64, 10)), grid(())
    ((3, 2), (2, 8), (0, 0), (0, 0))
    """
    if not 0 < math.prod(shape) <= ROWS * COLUMNS or len(shape) not in (1, 2):
        return 0, 0
    if len(shape) == 2:
        return shape if max(shape) <= COLUMNS else (0, 0)
    return -(-shape[0] // COLUMNS), min(shape[0], COLUMNS)


def cells(x: Any) -> list[list[float]]:
    """The rows of an array that is drawn cell by cell."""
    entries = x if isinstance(x, list) else x.tolist()
    if len(shape_of(x)) == 2:
        return entries
    return [entries[i : i + COLUMNS] for i in range(0, len(entries), COLUMNS)]


def summary(x: Any, characters: int = 5) -> str:
    """A number as it is; an array by its range.

    >>> summary(0.5), summary([0.5, -1.0]), summary([2.0, 2.0])
    ('0.5', '−1 … 0.5', '2')
    """
    shape = shape_of(x)
    if not shape:
        return compact(float(x))
    if not math.prod(shape):
        return "empty"
    low, high = (min(x), max(x)) if isinstance(x, list) else (float(x.min()), float(x.max()))
    text = " … ".join(dict.fromkeys(compact(end, characters) for end in (low, high)))
    return text if len(text) <= LONGEST_RANGE + 1 else f"within ±{number(max(-low, high), 1)}"


def in_words(x: Any) -> str:
    """A number, a small array with all its entries, a larger one by its shape and range.

    >>> in_words(0.5), in_words([0.5, -1.0])
    ('0.5', '[0.5, −1] of shape (2,)')
    """
    shape = shape_of(x)
    if not shape:
        return number(float(x))
    if not 0 < math.prod(shape) <= COLUMNS * ROWS:
        return f"{summary(x)} of shape {shape}"
    return f"{_nested(x if isinstance(x, list) else x.tolist())} of shape {shape}"


def _nested(x: Any) -> str:
    return f"[{', '.join(map(_nested, x))}]" if isinstance(x, list) else number(x)


def draw_cells(paper: Paper, group: Element, x: float, y: float, rows: list[list[float]], colour: str) -> None:
    """The squares of a small array, from (x, y) to the right and down."""
    sizes = [abs(entry) for row in rows for entry in row if math.isfinite(entry)]
    largest = max(sizes, default=0.0) or 1.0
    full, hollow, unknown = [], [], []
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            centre = x + (j + 0.5) * CELL, y + (i + 0.5) * CELL
            if math.isnan(entry):
                unknown.append(_cross(*centre, 3.0))
                continue
            share = min(abs(entry) / largest, 1.0) if largest < math.inf else 1.0
            side = max(1.0, (CELL - 2) * math.sqrt(share))
            if entry < 0:
                hollow.append(_square(*centre, max(side - 1.4, 1.2)))
            else:
                full.append(_square(*centre, side))
    frame = {"stroke": paper.theme.border, "stroke_width": 0.6, "fill": paper.theme.ground}
    paper.add(group, "rect", x=x, y=y, width=CELL * len(rows[0]), height=CELL * len(rows), **frame)
    if full:
        paper.add(group, "path", d="".join(full), fill=colour)
    for outlines in (hollow, unknown):
        if outlines:
            paper.add(group, "path", d="".join(outlines), fill="none", stroke=colour, stroke_width=1.4)


def _square(x: float, y: float, side: float) -> str:
    left, top, side = (coordinate(value) for value in (x - side / 2, y - side / 2, side))
    return f"M{left} {top}h{side}v{side}h-{side}z"


def _cross(x: float, y: float, r: float) -> str:
    left, right, top, bottom = (coordinate(value) for value in (x - r, x + r, y - r, y + r))
    return f"M{left} {top}L{right} {bottom}M{right} {top}L{left} {bottom}"
