"""A shape bench: matrices in a product, drawn to the size of their shapes, and whether they fit together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle, pairwise

from .labels import label_width, plain, write
from .paper import MARGIN, Paper, shortened
from .picture import Picture

MOST = 7  # matrices
LONGEST, SHORTEST = 150, 22  # sides
GAP = 34
NAME, SMALLEST = 18.0, 15.5  # height of a name, if there is room and if there is not
LETTERS = (1.0, 0.55, 0.8, 0.4, 0.65)  # of the longest side: a dimension that is a letter, in order of appearance

Shape = tuple[int | str, int | str]


def multiplications(shapes: Sequence[tuple[int, int]], order: str) -> int:
    """How many numbers are multiplied when a product of matrices is computed from the "left" or the "right" end.

    (a × b) times (b × c) takes a·b·c.

    >>> chain = [(1, 10), (10, 40), (40, 60), (60, 600)]
    >>> multiplications(chain, "left"), multiplications(chain, "right")
    (38800, 1686000)
    """
    if order not in ("left", "right"):
        raise ValueError(f'A product is computed from the "left" or the "right"; got {order!r}.')
    rest = list(shapes) if order == "left" else [(columns, rows) for rows, columns in reversed(shapes)]
    (rows, inner), total = rest[0], 0
    for _, columns in rest[1:]:
        total += rows * inner * columns
        inner = columns
    return total


def shapes(
    names: Sequence[str],
    of: Sequence[Shape],
    *,
    order: str = "",
    step: int | None = None,
    result: str = "",
    theme: str = "light",
    fit: float = 900,
) -> Picture:
    """A product of matrices as rectangles of their shapes, with what fits and what does not, and the result.

    `of` is a pair for each name: rows and columns, numbers or letters; neighbours fit if the columns of one are
    the rows of the next. With `order`, "left" or "right", brackets show from which end the product is computed,
    and `step` how many of its products are already there. `result` names the product.

    >>> shapes(["∂c/∂z_g", "∂z_g/∂z_f"], [(1, "d_g"), ("d_g", "d_f")], result="∂c/∂z_f")
    ∂c/∂z_f [1×d_f] = ∂c/∂z_g [1×d_g] · ∂z_g/∂z_f [d_g×d_f]: they fit
    >>> shapes(["a", "b"], [(2, 3), (4, 1)])
    a [2×3] · b [4×1]: a and b do not fit, 3 columns meet 4 rows
    """
    if len(names) != len(of) or not 2 <= len(names) <= MOST:
        raise ValueError(
            f"A product has 2 to {MOST} matrices, each with a name and a shape; got {len(names)} and {len(of)}."
        )
    for name, shape in zip(names, of):
        if len(shape) != 2 or not all(isinstance(d, str) or d >= 1 for d in shape):
            raise ValueError(f"A shape is rows and columns, each 1 or more or a letter; {name} has {shape!r}.")
    if order:
        multiplications([(1, 1)], order)
    fits = all(a[1] == b[0] for a, b in pairwise(of))
    if step is not None and not (order and fits and 0 <= step < len(of)):
        raise ValueError(
            f"Steps are those of a product that fits and has an order, 0 to {len(of) - 1}; got step={step}."
        )
    alt = plain(_alt(names, of, order, step, result, fits))
    sheet = _Sheet([str(name) for name in names], of, order, step or 0, result, fits, theme, fit, alt)
    return Picture(sheet.svg(), alt, alt, sheet.width)


def _written(shape: Shape) -> str:
    return f"[{shape[0]}×{shape[1]}]"


def _alt(names: Sequence[str], of: Sequence[Shape], order: str, step: int | None, result: str, fits: bool) -> str:
    words = " · ".join(f"{name} {_written(shape)}" for name, shape in zip(names, of))
    if not fits:
        misfits = [
            f"{m} and {n} do not fit, {a[1]} columns meet {b[0]} rows"
            for (m, a), (n, b) in pairwise(zip(names, of))
            if a[1] != b[0]
        ]
        return f"{words}: {'; '.join(misfits)}"
    words = f"{result or 'product'} {_written((of[0][0], of[-1][1]))} = {words}: they fit"
    if order:
        words += f"; from the {order}"
        if _counted(of):
            words += f" {multiplications(of, order):,} multiplications"
        if step is not None:
            words += f", {step} of {len(of) - 1} products made"
    return words


def _counted(of: Sequence[Shape]) -> bool:
    return all(isinstance(d, int) for shape in of for d in shape)


class _Sheet(Paper):
    """The matrices on paper, side by side, with brackets above and what meets below."""

    def __init__(
        self,
        names: Sequence[str],
        of: Sequence[Shape],
        order: str,
        step: int,
        result: str,
        fits: bool,
        theme: str,
        fit: float,
        alt: str,
    ) -> None:
        self.largest = max((d for shape in of for d in shape if isinstance(d, int)), default=1)
        letters = dict.fromkeys(d for shape in of for d in shape if isinstance(d, str))
        self.letters = dict(zip(letters, cycle(LETTERS)))
        every = [(result or "product", (of[0][0], of[-1][1]))] if fits else []
        every += list(zip(names, of))
        for longest in range(LONGEST, SHORTEST, -4):  # until everything fits in a row
            self.longest, self.size = float(longest), max(SMALLEST, NAME * longest / LONGEST)
            rooms = [
                max(self.side(shape[1]), *(label_width(text, self.size) for text in (shortened(name), _written(shape))))
                for name, shape in every
            ]
            total = sum(rooms) + GAP * (len(rooms) - 1)
            if total <= fit - 2 * MARGIN:
                break
        else:
            raise ValueError(f"The names and shapes do not fit side by side in {fit:g} pixels; draw fewer matrices.")
        levels = len(of) - 1 if order else 0
        self.width = max(math.ceil(total), 300) + 2 * MARGIN
        top = 18.0 * levels + 8
        tallest = max(self.side(shape[0]) for shape in of)
        self.middle, self.below = top + tallest / 2, top + tallest + 24
        counted = bool(order) and _counted(of) and fits
        super().__init__(theme, self.width, math.ceil(self.below + 72 + 28 * counted) + 2 * MARGIN, alt)
        x, centres = (self.width - 2 * MARGIN - total) / 2, []
        for i, ((name, shape), room) in enumerate(zip(every, rooms)):
            self.matrix(name, shape, x + room / 2, made=fits and i == 0)
            centres.append((x, x + room))
            x += room + GAP
        if fits:
            self.sign("=", centres[0][1] + GAP / 2)
            centres = centres[1:]
        for k, ((m, a), (n, b)) in enumerate(pairwise(zip(names, of))):
            self.meeting(f"{m}·{n}", a[1], b[0], centres[k][1] + GAP / 2)
        if order:
            self.brackets(centres, order, step, top)
        if counted:
            words = f"from the {order}: {multiplications(of, order):,} multiplications"
            self.add(
                self.root, "text", words, x=(self.width - 2 * MARGIN) / 2, y=self.below + 90, font_size=15,
                text_anchor="middle", fill=self.theme.ink, data_role="count",
            )  # fmt: skip

    def side(self, d: int | str) -> float:
        """Sides grow with the square root: 1 beside 600 can be seen, and 600 is still the longest."""
        if d == 1:
            return float(SHORTEST)
        part = self.letters[d] if isinstance(d, str) else math.sqrt(d / self.largest)
        return SHORTEST + (self.longest - SHORTEST) * part

    def matrix(self, name: str, shape: Shape, x: float, made: bool) -> None:
        width, height = self.side(shape[1]), self.side(shape[0])
        group = self.add(self.root, "g", data_node=name, data_rows=shape[0], data_columns=shape[1])
        self.add(
            group, "rect", x=x - width / 2, y=self.middle - height / 2, width=width, height=height, rx=3,
            fill=self.theme.card if made else self.theme.leaf, stroke=self.theme.ink if made else self.theme.done,
            stroke_width=2,
        )  # fmt: skip
        self.add(group, "title", f"{name} {_written(shape)}")
        write(self, self.root, shortened(name), x, self.below, self.theme.ink, self.size)
        write(self, self.root, _written(shape), x, self.below + 23, self.theme.muted, self.size - 0.2)

    def sign(self, text: str, x: float) -> None:
        self.add(
            self.root, "text", text, x=x, y=self.middle + 7, font_size=22, text_anchor="middle", fill=self.theme.ink
        )

    def meeting(self, name: str, columns: int | str, rows: int | str, x: float) -> None:
        """Where two matrices meet: the shared dimension, or the two that do not agree."""
        fits = columns == rows
        self.sign("·", x)
        end = self.below + 38
        self.add(self.root, "line", x1=x, y1=self.middle + 14, x2=x, y2=end, stroke=self.theme.line, stroke_width=1)
        group = self.add(self.root, "g", data_label=name, data_state="fits" if fits else "misfits")
        text = f"{columns} = {rows}" if fits else f"{columns} ≠ {rows}"
        y, width = self.below + 55, label_width(text, self.size - 0.2) + 14
        self.add(
            group, "rect", x=x - width / 2, y=y - 16, width=width, height=24, rx=8, fill=self.theme.ground,
            stroke=self.theme.line if fits else self.theme.active, stroke_width=1 if fits else 2.4,
        )  # fmt: skip
        write(self, group, text, x, y, self.theme.ink, self.size - 0.2)

    def brackets(self, spans: Sequence[tuple[float, float]], order: str, step: int, top: float) -> None:
        """One bracket above all that a product takes in; the ones already made are solid."""
        for level in range(1, len(spans)):
            held = spans[: level + 1] if order == "left" else spans[-level - 1 :]
            left, right = held[0][0], held[-1][1]
            y = top - 18 * level + 4
            made = level <= step
            group = self.add(self.root, "g", data_product=level, data_state="done" if made else "waiting")
            self.add(
                group, "path", d=f"M{left:.1f},{y + 9:.1f} V{y:.1f} H{right:.1f} V{y + 9:.1f}", fill="none",
                stroke=self.theme.done if made else self.theme.line, stroke_width=2.6 if made else 1.4,
                **({} if made else {"stroke_dasharray": "5 3"}),
            )  # fmt: skip
