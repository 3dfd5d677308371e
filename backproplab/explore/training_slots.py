"""The slots in the picture of a training: the parts that have them, and what fills them, in Python and in the page.

A part is made of numbers, one byte for each. The page runs `slots`, too: translate.py writes it as JavaScript.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

BROKEN = -128  # stands for what is no number
LINES = ("train", "held", "before")  # slots that are paths, as are those that end in " line"


@dataclass(frozen=True, slots=True)
class Field:
    """A square of numbers, shaded from each level on: slots "NAME 0", "NAME 1", …"""

    view: str
    name: str
    columns: int
    levels: tuple[int, ...]
    corner: tuple[float, float]  # on the sheet, and the size of a cell, in pixels; the paths are in cells
    size: float
    places: tuple[tuple[float, float], ...] = ((0, 0),)

    @property
    def count(self) -> int:
        return self.columns**2


@dataclass(frozen=True, slots=True)
class Signs:
    """Rows of `count` numbers as squares whose area is the magnitude (Hinton's diagram).

    Filled above 0 (slot "NAME +"), hollow below ("NAME −", with crosses for no number). Row number i starts at
    `places[i]`, in cells, and is wrapped after so many `columns`.
    """

    view: str
    name: str
    columns: int
    count: int
    places: tuple[tuple[float, float], ...]
    corner: tuple[float, float]
    size: float
    levels: tuple[int, ...] = ()


def told(part: Field | Signs) -> dict[str, Any]:
    """All that the page needs to fill the slots of a part."""
    facts = {name: it for name, it in asdict(part).items() if name not in ("corner", "size")} | {"count": part.count}
    return json.loads(json.dumps(facts))  # with lists, as it comes back


# ---- from numbers to bytes ----------------------------------------------------------------------


def to_bytes(values: Any, largest: float | None = None) -> np.ndarray:
    """Numbers as whole numbers from −127 to 127, where 127 is the `largest` of them; −128 for what is none."""
    values = np.asarray(values, dtype=float)
    largest = magnitude(values) if largest is None else largest
    good = np.isfinite(values)
    scaled = np.where(good, values, 0.0) / (largest or 1.0)
    return np.where(good, np.round(127 * np.clip(scaled, -1, 1)), BROKEN).astype(np.int8).ravel()


def magnitude(values: np.ndarray) -> float:
    """The largest magnitude of those that are numbers."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))


# ---- as the page has it, too ----------------------------------------------------------------------


def slots(
    parts: Sequence[Any], view: str, numbers: list[int], texts: dict[str, str], plot: Sequence[float], step: int
) -> dict[str, Any]:
    """The contents of all slots of a view at a step; among the texts are paths, and all that `curves` gives."""
    found = {name: {"d" if name in LINES or name.endswith(" line") else "text": text} for name, text in texts.items()}
    used = 0
    for part in parts:
        taken = numbers[used : used + part.count * len(part.places)]
        used += len(taken)
        if part.view != view:
            continue
        for i, level in enumerate(part.levels):
            found[f"{part.name} {i}"] = {"d": shade(taken, part.columns, level)}
        if len(part.levels) == 0:
            for sign, path in zip("+−", signs(part, taken)):
                found[f"{part.name} {sign}"] = {"d": path}
    x, y, width, height = plot
    found["now"] = {"d": f"M{short(x + step / int(texts['steps']) * width):g} {y:g}v{height:g}"}
    return found


def short(x: float) -> float:
    """A coordinate to two decimals."""
    return math.floor(100 * x + 0.5) / 100


def shade(numbers: list[int], columns: int, level: int) -> str:
    """The cells of a square from this level on, as rectangles along its rows."""
    path = []
    for r in range(columns):
        start = 0
        for c in range(columns + 1):
            if c == columns or numbers[r * columns + c] < level:
                if c > start:
                    path.append(f"M{start} {r}h{c - start}v1H{start}z")
                start = c + 1
    return "".join(path)


def signs(part: Any, numbers: list[int]) -> list[str]:
    """A square for each number: those above 0, and the others; a cross for no number."""
    paths: list[list[str]] = [[], []]
    for i, v in enumerate(numbers):
        if v != 0:
            (x, y), k, side = part.places[i // part.count], i % part.count, 0.9 * math.sqrt(min(abs(v), 127) / 127)
            margin, s = (1 - side) / 2, short(side)
            left, top = short(x + k % part.columns + margin), short(y + k // part.columns + margin)
            shape = f"l{s:g} {s:g}m0 -{s:g}l-{s:g} {s:g}" if v == BROKEN else f"h{s:g}v{s:g}H{left:g}z"
            paths[1 if v < 0 else 0].append(f"M{left:g} {top:g}{shape}")
    return ["".join(path) for path in paths]
