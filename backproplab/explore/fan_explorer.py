"""A fan-out, LeCun's seventh figure: one z moves several sums, and their contributions to dC/dz add."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree

import traitlets

from ..draw import Picture, figure
from ..draw.paper import Paper
from ..draw.plane import Axis, Frame, Looks
from ..notation import bracketed, fill, number
from .explorer import Explorer, module, style
from .labels import SVG, Label, closed, opened, write
from .typed import finite

BRANCHES = 3  # as in the figure
WIDTH, BARS = 884, (636, 130, 200, 300)
FAINT = "0.25"  # of a closed branch

LOOKS: Looks = {
    "part": {"fill": "gradient", "stroke": "ink", "stroke_width": 1.2},
    "sum": {"fill": "ground", "stroke": "gradient", "stroke_width": 3},
    "zero": {"stroke": "line", "stroke_width": 1},
}
WORDS = {
    "alt": "fan-out: z = {z} moves {sums}; dC/dz = {products} = {gradient}{shut}",
    "said": "A nudge of z by {nudge} moves the sums by {moves}, and C by {effects} = {effect}. So dC/dz = {products} = {gradient}.",
    "shut": "; closed: {closed}",
    "lost": " Closed branches hand nothing on: with all of them open it is {all}.",
}

LABELS = [  # what stands beside figure 7
    Label("z = {z}", 270, 418, "value", "end"),
    Label("= {gradient}", 325, 424, "gradient"),
    *(Label(f"= {{s{i}}}", 176 + 146 * i, 192, "value") for i in range(BRANCHES)),
    *(Label(f"= {{g{i}}}", 179 + 146 * i, 234, "gradient") for i in range(BRANCHES)),
    *(Label(f"= {{w{i}}}", 200 + 146 * i, 295, "ink") for i in range(BRANCHES)),
]


class FanExplorer(Explorer):
    """One variable z that is used several times, s[i] = w[i]·z: each branch sends w[i]·dC/ds[i] back, and they add.

    Its three `weights` and `slopes`, dC/ds[i] of the rest of the network, are given; `z`, `nudge` (of z) and
    `opened`, which branches are, are traits to be set and observed. A closed branch passes neither the nudge nor a gradient.

    >>> explorer = FanExplorer([2, -1, 3], [1, 4, 2])
    >>> explorer.contributions, explorer.gradient
    ([2.0, -4.0, 6.0], 4.0)
    >>> explorer.opened = [True, False, True]
    >>> explorer.gradient
    8.0
    >>> explorer.close()
    """

    _esm = module("fan_explorer")
    _css = style("surface")

    z = traitlets.Float(1.0).tag(sync=True)
    nudge = traitlets.Float(0.1).tag(sync=True)
    opened = traitlets.List(traitlets.Bool()).tag(sync=True)
    _scene = traitlets.Dict().tag(sync=True)

    def __init__(
        self, weights: Sequence[float] = (2, -1, 3), slopes: Sequence[float] = (1, 4, 2), *, z: float = 1.0, nudge: float = 0.1
    ) -> None:
        self.weights = [finite("weights", w) for w in weights]
        self.slopes = [finite("slopes", g) for g in slopes]
        if not len(self.weights) == len(self.slopes) == BRANCHES:
            raise ValueError(f"This fan has {BRANCHES} weights and {BRANCHES} slopes; got {len(self.weights)} and {len(self.slopes)}.")
        super().__init__(z=z, nudge=nudge)
        self.opened = [True] * len(self.weights)
        self._scene = {
            "picture": closed(self._base("dark")),
            "weights": self.weights,
            "slopes": self.slopes,
            "bars": list(BARS),
            "labels": [list(label) for label in LABELS],
            "words": WORDS,
            "looks": {name: {key.replace("_", "-"): x for key, x in look.items()} for name, look in LOOKS.items()},
        }

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def contributions(self) -> list[float]:
        """What each branch sends back to z: w[i]·dC/ds[i], 0 from a closed one."""
        return [w * g if is_open else 0.0 for w, g, is_open in zip(self.weights, self.slopes, self.opened)]

    @property
    def gradient(self) -> float:
        """dC/dz, the sum of the contributions of the open branches."""
        return sum(self.contributions)

    @property
    def sentence(self) -> str:
        """What the nudge does, in words."""
        return fill(WORDS["said"] + ("" if all(self.opened) else WORDS["lost"]), self._facts)

    def snapshot(self, step: int | None = None) -> Picture:
        facts = self._facts
        alt = fill(WORDS["alt"], facts)
        root = self._base(self.theme, alt)
        for i, is_open in enumerate(self.opened):
            for part in root.iter(f"{SVG}g"):
                name = part.get("data-node") or part.get("data-edge") or ""
                if f"w[{i}]" in name or f"s[{i}]" in name:
                    part.set("opacity", "1" if is_open else FAINT)
        write(root, LABELS, facts, self.theme)
        root.append(self._bars())
        return Picture(closed(root), alt, f"{alt}\n  {self.sentence}", WIDTH)

    def __repr__(self) -> str:
        return f"FanExplorer({self.weights}, {self.slopes}, z={self.z!r}, nudge={self.nudge!r})"

    # ---- words and drawing: as fan_explorer.js does ----------------------------------------------

    @property
    def _facts(self) -> dict[str, str]:
        ways = [i for i, is_open in enumerate(self.opened) if is_open]
        sums = [w * self.z for w in self.weights]
        moves = [w * self.nudge if is_open else 0.0 for w, is_open in zip(self.weights, self.opened)]
        numbers = {"z": self.z, "nudge": self.nudge, "gradient": self.gradient, "effect": self.gradient * self.nudge}
        numbers["all"] = sum(w * g for w, g in zip(self.weights, self.slopes))
        for i, (w, g, s, part) in enumerate(zip(self.weights, self.slopes, sums, self.contributions)):
            numbers |= {f"w{i}": w, f"g{i}": g, f"s{i}": s, f"p{i}": part}
        closed = ", ".join(f"s[{i}]" for i, is_open in enumerate(self.opened) if not is_open)
        return {name: number(x) for name, x in numbers.items()} | {
            "sums": ", ".join(f"s[{i}] = {number(s)}" for i, s in enumerate(sums)),
            "moves": ", ".join(number(move) for move in moves),
            "products": " + ".join(_product(self.weights[i], self.slopes[i]) for i in ways) or "0",
            "effects": " + ".join(_product(self.slopes[i], moves[i]) for i in ways) or "0",
            "shut": fill(WORDS["shut"], {"closed": closed}) if closed else "",
        }

    def _base(self, theme: str, alt: str = "") -> ElementTree.Element:
        """Figure 7, with room for the bars beside it."""
        root = opened(figure(7, backward=True, theme=theme).svg, alt)
        left, top, _, height = root.get("viewBox", "").split()
        root.set("viewBox", f"{left} {top} {WIDTH} {height}")
        root.set("width", str(WIDTH))
        root[0].set("width", str(WIDTH))
        return root

    def _bars(self) -> ElementTree.Element:
        """The contributions, each beginning where the one before ends, and their sum."""
        paper = Paper(self.theme, WIDTH, 500, "")
        ends = list(accumulate(self.contributions, initial=0.0))
        rows = len(self.weights) + 1
        frame = Frame(paper, BARS, Axis.around("contributions to dC/dz", ends), Axis("", 0, rows, "bare"), LOOKS)
        for i, (start, end) in enumerate(zip([*ends[:-1], 0.0], [*ends[1:], self.gradient])):
            y, words = rows - 1 - i, f"w[{i}]·dC/ds[{i}]: "
            words = "sum: " + number(self.gradient) if i == rows - 1 else words + (number(end - start) if self.opened[i] else "closed")
            if start != end:
                frame.box((start, y + 0.15), (end, y + 0.55), "sum" if i == rows - 1 else "part")
            frame.write(words, 6, frame.place((0, y + 0.65))[1], "ink")
        frame.line([(0, 0), (0, rows)], "zero")
        return ElementTree.fromstring(paper.svg())[1]

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("z", "nudge")
    def _finite(self, proposal: Any) -> float:
        return finite(proposal.trait.name, proposal.value)

    @traitlets.validate("opened")
    def _for_each_branch(self, proposal: Any) -> list[bool]:
        if len(proposal.value) != len(self.weights):
            raise traitlets.TraitError(f"There are {len(self.weights)} branches; got {len(proposal.value)} values for opened.")
        return proposal.value


def _product(a: float, b: float) -> str:
    return f"{bracketed(number(a))}·{bracketed(number(b))}"
