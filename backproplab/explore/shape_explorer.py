"""A product of matrices by shape: which neighbours fit, and what the order of the brackets costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture
from ..draw.paper import MARGIN, Paper
from ..notation import fill
from .explorer import Explorer, module, style

MOST, LONGEST = 6, 1000  # matrices, and the length of a side
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
SHORT, LONG, GAP, LETTER = 24, 120, 28, 11  # sides, the gap where two do not fit, the width of a letter: in pixels

WORDS = {
    "alt": "Matrices {parts}. ",
    "misfit": "{a} and {b} do not fit: {columns} columns meet {rows} rows. Swap neighbours, or transpose one of them.",
    "fits": "All neighbours fit. Which two would you multiply first?",
    "part": "{cost} multiplications so far, {last} of them for the last product.",
    "done": "In this order {parts} takes {cost} multiplications; from the left it takes {left}, from the right {right}.",
    "note": "(a × b) times (b × c) takes a·b·c multiplications. Reverse mode begins at the end of the cost, with its one "
    "row; forward mode begins at the inputs.",
}


class Part(NamedTuple):
    """A matrix, or a product of some."""

    name: str
    rows: int
    columns: int

    def __str__(self) -> str:
        return f"{self.name} [{self.rows}×{self.columns}]"


class ShapeExplorer(Explorer):
    """Matrices of chosen shapes side by side: neighbours that fit snap together, and any two of those can be multiplied.

    `lengths` are the shared dimensions of a chain, one more than there are matrices (2 to 6); `names` their names.
    By default the first is v = ∂c/∂z, the others Jacobians of the modules below, the last module's first.

    Traits, to be set and observed: `lengths`; `blocks`, the matrices in their order, counted from 1 and negative where
    transposed; `joins`, which neighbours are multiplied, one after the other: 0 is the first of those that are left with
    the next one. A join that cannot be made is left out, with all after it.

    >>> explorer = ShapeExplorer([1, 10, 40, 60, 600])
    >>> explorer.joins = [0, 0, 0]
    >>> explorer.multiplications
    38800
    >>> explorer.joins = [2, 1, 0]
    >>> print(explorer.sentence)
    In this order v·J₃·J₂·J₁ [1×600] takes 1,686,000 multiplications; from the left it takes 38,800, from the right 1,686,000.
    >>> explorer.close()
    """

    _esm = module("shape_explorer")
    _css = style()

    lengths = traitlets.List(traitlets.Int(min=1, max=LONGEST)).tag(sync=True)
    blocks = traitlets.List(traitlets.Int()).tag(sync=True)
    joins = traitlets.List(traitlets.Int(min=0)).tag(sync=True)
    _scene = traitlets.Dict().tag(sync=True)

    def __init__(self, lengths: Sequence[int] = (1, 10, 40, 60, 600), names: Sequence[str] = ()) -> None:
        count = len(lengths) - 1
        if not 2 <= count <= MOST:
            raise ValueError(f"A product has 2 to {MOST} matrices, and one length more; got {len(lengths)} lengths.")
        self._names = [str(name) for name in names] or ["v", *(f"J{SUBSCRIPTS[k]}" for k in range(count - 1, 0, -1))]
        if len(self._names) != count:
            raise ValueError(f"{len(lengths)} lengths make {count} matrices; got {len(self._names)} names.")
        super().__init__(lengths=list(lengths), blocks=list(range(1, count + 1)))
        self._scene = {
            "picture": _Sheet(self.parts, count, max(lengths), "dark", "").svg(),
            "names": self._names,
            "dimensions": [f"d{SUBSCRIPTS[i]}" for i in range(count + 1)],
            "words": WORDS,
            "sizes": [SHORT, LONG, GAP, LETTER, LONGEST],
        }

    # ---- what it shows --------------------------------------------------------------------------

    @property
    def parts(self) -> list[Part]:
        """The matrices that are left."""
        return self._multiplied(self.joins)[0]

    @property
    def multiplications(self) -> int:
        """How many numbers have been multiplied."""
        return sum(self._multiplied(self.joins)[1])

    @property
    def sentence(self) -> str:
        """What fits, or what it costs, in words."""
        parts, costs = self._multiplied(self.joins)
        misfits = [pair for pair in pairwise(parts) if pair[0].columns != pair[1].rows]
        if misfits:
            a, b = misfits[0]
            return fill(WORDS["misfit"], {"a": a.name, "b": b.name, "columns": str(a.columns), "rows": str(b.rows)})
        last = len(self.blocks) - 2
        left, right = (sum(self._multiplied(joins)[1]) for joins in ([0] * (last + 1), range(last, -1, -1)))
        counts = {"cost": sum(costs), "last": costs[-1] if costs else 0, "left": left, "right": right}
        words = {key: f"{count:,}" for key, count in counts.items()} | {"parts": str(parts[0])}
        return fill(WORDS["done" if len(parts) == 1 else "part" if costs else "fits"], words)

    def snapshot(self, step: int | None = None) -> Picture:
        alt = fill(WORDS["alt"], {"parts": ", ".join(map(str, self.parts))}) + self.sentence
        sheet = _Sheet(self.parts, len(self.parts), max(self.lengths), self.theme, alt)
        return Picture(sheet.svg(), alt, f"{alt}\n{WORDS['note']}", int(sheet.root.get("width")))

    def __repr__(self) -> str:
        return f"ShapeExplorer({self.lengths}, {self._names})"

    def _multiplied(self, joins: Sequence[int]) -> tuple[list[Part], list[int]]:
        """What is left after these joins, and what each has cost."""
        parts, costs = [], []
        for block in self.blocks:
            k = abs(block) - 1
            rows, columns = self.lengths[k : k + 2]
            name = self._names[k]
            parts.append(Part(name, rows, columns) if block > 0 else Part(f"{name}ᵀ", columns, rows))
        for at in joins:
            if at + 1 >= len(parts) or parts[at].columns != parts[at + 1].rows:
                break
            a, b = parts[at : at + 2]
            parts[at : at + 2] = [Part(f"{a.name}·{b.name}", a.rows, b.columns)]
            costs.append(a.rows * a.columns * b.columns)
        return parts, costs

    # ---- reacting -------------------------------------------------------------------------------

    @traitlets.validate("lengths")
    def _as_many_lengths(self, proposal: Any) -> list[int]:
        if len(proposal.value) != len(self._names) + 1:
            raise traitlets.TraitError(f"lengths needs {len(self._names) + 1} numbers; got {len(proposal.value)}.")
        return proposal.value

    @traitlets.validate("blocks")
    def _each_matrix_once(self, proposal: Any) -> list[int]:
        if sorted(map(abs, proposal.value)) != list(range(1, len(self._names) + 1)):
            raise traitlets.TraitError(f"blocks needs each of 1 to {len(self._names)} once, or its negative; got {proposal.value}.")
        return proposal.value


class _Sheet(Paper):
    """The parts side by side, to scale with the `largest` length, and places for `count` of them; those that fit touch."""

    def __init__(self, parts: Sequence[Part], count: int, largest: int, theme: str, alt: str) -> None:
        super().__init__(theme, 868 + 2 * MARGIN, LONG + 60 + 2 * MARGIN, alt)
        sides = [[SHORT + (LONG - SHORT) * math.sqrt(d / largest) for d in part[1:]] for part in parts]
        widths = [
            max(width, LETTER * max(len(part.name) if len(parts) > 1 else 0, len(str(part)) - len(part.name) - 1))
            for part, (_, width) in zip(parts, sides)
        ]
        gaps = [GAP * (a.columns != b.rows) for a, b in pairwise(parts)] + [0]
        x = (868 - sum(widths) - sum(gaps)) / 2
        for part, (height, _), width, gap in zip(parts, sides, widths, gaps):
            self.part(part, x, width, height, gap)
            x += width + gap
        for _ in range(count - len(parts)):
            self.part(parts[0], 0.0, 0.0, 0.0, 0)

    def part(self, part: Part, x: float, width: float, height: float, gap: int) -> None:
        theme = self.theme
        group = self.add(self.root, "g", data_slot="", visibility="visible" if width else "hidden")
        self.add(
            group, "rect", x=x, y=(LONG - height) / 2, width=width, height=height, rx=4, fill=theme.leaf, stroke=theme.done,
            stroke_width=2,
        )  # fmt: skip
        middle = x + width / 2
        shape = f"[{part.rows}×{part.columns}]"
        for text, x, y, size in ((part.name, middle, 22, 19), (shape, middle, 46, 16)):
            self.add(group, "text", text, x=x, y=LONG + y, font_size=size, text_anchor="middle", fill=theme.ink)
        sign = "≠" if gap else ""
        self.add(
            group, "text", sign, x=middle + (width + GAP) / 2, y=LONG // 2 + 8, font_size=26, text_anchor="middle",
            fill=theme.ink,
        )  # fmt: skip
