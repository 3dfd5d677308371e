"""A product of matrices by shape: which neighbours fit, and what the order of the brackets costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from operator import index
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture
from ..draw.paper import MARGIN, Paper
from ..notation import fill
from .explorer import Explorer, module, style
from .slots import filled

MOST, LONGEST = 6, 1000  # matrices, and the length of a side
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
WIDE, SHORT, LONG, GAP, LETTER = 868, 24, 200, 28, 11  # all, sides, the gap where two do not fit, a letter: in pixels

WORDS = {
    "alt": "Matrices {parts}. ",
    "misfit": "{a} and {b} do not fit: {columns} meet {rows}. Swap neighbours, or transpose one of them.",
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


def shown(explorer):
    """What is said and drawn in a state, and what can be done in it, in Python and in the page."""
    scene, steps = explorer._scene, multiplied(explorer, explorer.joins)
    parts, costs = steps["parts"], steps["costs"]
    boxes = placed(parts, max(explorer.lengths), scene["side"])
    slots = {}
    for i in range(len(explorer.blocks)):
        if i < len(boxes):
            box = boxes[i]
            slots[f"box {i}"] = {"visibility": "visible"}
            slots[f"rect {i}"] = {key: box[key] for key in ("x", "y", "width", "height")}
            slots[f"name {i}"] = {"x": box["middle"], "text": parts[i].name}
            slots[f"shape {i}"] = {"x": box["middle"], "text": shape(parts[i])}
            slots[f"sign {i}"] = {"x": box["middle"] + (box["width"] + GAP) / 2, "text": "≠" if box["gap"] else ""}
        else:
            slots[f"box {i}"] = {"visibility": "hidden"}
    whole = multiplied(explorer, [])["parts"]
    products = [[part.name, shape(part), f"{cost:,}"] for part, cost in zip(steps["made"], costs)]
    words = said(explorer, parts, costs)
    return {
        "alt": fill(WORDS["alt"], {"parts": ", ".join([f"{part.name} {shape(part)}" for part in parts])}) + words,
        "sentence": words,
        "slots": slots,
        "rows": [*[[part.name, shape(part), ""] for part in whole], *products, ["all products", "", f"{sum(costs):,}"]],
        "products": [[f"{a.name} × {b.name}", a.columns == b.rows] for a, b in pairwise(parts)],
        "swaps": [f"{a.name} ⇄ {b.name}" for a, b in pairwise(whole)],
        "turns": [f"({part.name})ᵀ" for part in whole],
        "joins": explorer.joins[: len(costs)],
    }


def multiplied(explorer, joins):
    """What is left after these joins, what they have made, and what each has cost."""
    parts, made, costs = [], [], []
    for block in explorer.blocks:
        k = abs(block) - 1
        name, rows, columns = explorer._scene["names"][k], explorer.lengths[k], explorer.lengths[k + 1]
        parts.append(Part(name, rows, columns) if block > 0 else Part(f"{name}ᵀ", columns, rows))
    for at in joins:
        if at + 1 >= len(parts) or parts[at].columns != parts[at + 1].rows:
            break
        a, b = parts[at : at + 2]
        made.append(Part(f"{a.name}·{b.name}", a.rows, b.columns))
        parts = [*parts[:at], made[-1], *parts[at + 2 :]]
        costs.append(a.rows * a.columns * b.columns)
    return {"parts": parts, "made": made, "costs": costs}


def said(explorer, parts, costs):
    """What fits, or what it costs, in words."""
    misfits = [[a, b] for a, b in pairwise(parts) if a.columns != b.rows]
    if len(misfits):
        a, b = misfits[0]
        return fill(WORDS["misfit"], {"a": a.name, "b": b.name, "columns": many(a.columns, "column"), "rows": many(b.rows, "row")})
    left, right = [sum(multiplied(explorer, joins)["costs"]) for joins in explorer._scene["ends"]]
    counts = [["cost", sum(costs)], ["last", costs[-1] if len(costs) else 0], ["left", left], ["right", right]]
    kind = "done" if len(parts) == 1 else "part" if len(costs) else "fits"
    return fill(WORDS[kind], {key: f"{count:,}" for key, count in counts} | {"parts": f"{parts[0].name} {shape(parts[0])}"})


def placed(parts, largest, most):
    """Where the parts are, to scale with the `largest` length, whose side has `most` pixels; those that fit touch."""
    sides = [[SHORT + (most - SHORT) * math.sqrt(d / largest) for d in (part.rows, part.columns)] for part in parts]
    names = [len(part.name) if len(parts) > 1 else 0 for part in parts]
    widths = [max(side[1], LETTER * max(name, len(shape(part)))) for part, side, name in zip(parts, sides, names)]
    gaps = [*[GAP if a.columns != b.rows else 0 for a, b in pairwise(parts)], 0]
    x, boxes = (WIDE - sum(widths) - sum(gaps)) / 2, []
    for side, width, gap in zip(sides, widths, gaps):
        boxes.append({"x": x, "y": (most - side[0]) / 2, "width": width, "height": side[0], "gap": gap, "middle": x + width / 2})
        x += width + gap
    return boxes


def shape(part):
    return f"[{part.rows}×{part.columns}]"


def many(count, what):
    return f"{count} {what}{'s' * (count > 1)}"


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
        try:
            lengths = [index(length) for length in lengths]
        except TypeError:
            raise TypeError(f"A product needs the lengths of its matrices as whole numbers; got {lengths!r}.") from None
        if not all(1 <= length <= LONGEST for length in lengths):
            raise ValueError(f"The lengths must be from 1 to {LONGEST:,}; got {lengths}.")
        count = len(lengths) - 1
        if not 2 <= count <= MOST:
            raise ValueError(f"A product has 2 to {MOST} matrices, and one length more; got {len(lengths)} lengths.")
        self._names = [str(name) for name in names] or ["v", *(f"J{SUBSCRIPTS[k]}" for k in range(count - 1, 0, -1))]
        if len(self._names) != count:
            raise ValueError(f"{len(lengths)} lengths make {count} matrices; got {len(self._names)} names.")
        super().__init__(lengths=lengths, blocks=list(range(1, count + 1)))
        last, side = range(count - 1), min(LONG, (WIDE - GAP * (count - 1)) // count)
        self._scene = {
            "picture": self._drawing(side, "dark"),
            "names": self._names,
            "dimensions": [f"d{SUBSCRIPTS[i]}" for i in range(count + 1)],
            "side": side,  # of the longest, in pixels: so that all find room
            "ends": [[0 for _ in last], list(reversed(last))],  # the joins from the left, and from the right
            "most": LONGEST,
            "note": WORDS["note"],
        }

    # ---- what it shows --------------------------------------------------------------------------

    @property
    def parts(self) -> list[Part]:
        """The matrices that are left."""
        return multiplied(self, self.joins)["parts"]

    @property
    def multiplications(self) -> int:
        """How many numbers have been multiplied."""
        return sum(multiplied(self, self.joins)["costs"])

    @property
    def sentence(self) -> str:
        """What fits, or what it costs, in words."""
        return shown(self)["sentence"]

    def snapshot(self, step: int | None = None) -> Picture:
        found = shown(self)
        svg = filled(self._drawing(self._scene["side"], self.theme), found["slots"], self.theme, found["alt"])
        rows = ["  " + ", ".join(filter(None, row)) for row in found["rows"]]
        return Picture(svg, found["alt"], "\n".join([found["alt"], *rows, WORDS["note"]]), WIDE + 2 * MARGIN)

    def __repr__(self) -> str:
        return f"ShapeExplorer({self.lengths}, {self._names})"

    def _drawing(self, side: int, theme: str) -> str:
        """A slot for each matrix: its rectangle, its name, its shape, and the sign that it does not fit the next."""
        paper = Paper(theme, WIDE + 2 * MARGIN, side + 60 + 2 * MARGIN, "")
        ink = {"text_anchor": "middle", "fill": paper.theme.ink}
        for i in range(len(self._names)):
            group = paper.add(paper.root, "g", data_slot=f"box {i}")
            look = {"fill": paper.theme.leaf, "stroke": paper.theme.done, "stroke_width": 2}
            paper.add(group, "rect", data_slot=f"rect {i}", rx=4, **look)
            for name, y, size in (("name", side + 22, 19), ("shape", side + 46, 16), ("sign", side // 2 + 8, 26)):
                paper.add(group, "text", data_slot=f"{name} {i}", y=y, font_size=size, **ink)
        return paper.svg()

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
