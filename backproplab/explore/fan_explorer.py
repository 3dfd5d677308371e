"""A fan-out, as in LeCun's seventh figure: one z moves several sums, and their contributions to dC/dz add."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree

import traitlets

from ..draw import Picture, figure
from ..draw.paper import Paper
from ..draw.plane import Looks
from ..notation import bracketed, fill, number
from .explorer import Explorer, module, style
from .slots import SVG, filled, live_text
from .typed import finite

FEWEST, MOST = 2, 6  # branches
COLUMN = 146  # of a branch, in the figure
BESIDE = 3  # branches of a figure that leaves room for the bars beside it

LOOKS: Looks = {
    "part": {"fill": "gradient", "stroke": "ink", "stroke-width": 1.2},
    "sum": {"fill": "ground", "stroke": "gradient", "stroke-width": 3},
    "zero": {"stroke": "line", "stroke-width": 1},
}
WORDS = {
    "alt": "fan-out: z = {z} moves {sums}; dC/dz = {products} = {gradient}{shut}",
    "said": "A nudge of z by {nudge} moves the sums by {moves}, and C by {effects} = {effect}. So dC/dz = {products} = {gradient}.",
    "shut": "; closed: {closed}",
    "lost": " Closed branches hand nothing on: with all of them open it is {all}.",
}


def shown(explorer):
    """What is said and drawn in a state, in Python and in the page."""
    weights, slopes, opened, z = explorer._scene["weights"], explorer._scene["slopes"], explorer.opened, explorer.z
    branches = range(len(weights))
    ways = [i for i in branches if opened[i]]
    parts = [weights[i] * slopes[i] if opened[i] else 0.0 for i in branches]
    moves = [weights[i] * explorer.nudge if opened[i] else 0.0 for i in branches]
    gradient = sum(parts)
    closed = ", ".join([f"s[{i}]" for i in branches if not opened[i]])
    words = {
        "z": number(z),
        "nudge": number(explorer.nudge),
        "gradient": number(gradient),
        "effect": number(gradient * explorer.nudge),
        "all": number(sum([weights[i] * slopes[i] for i in branches])),
        "sums": ", ".join([f"s[{i}] = {number(weights[i] * z)}" for i in branches]),
        "moves": ", ".join([number(move) for move in moves]),
        "products": " + ".join([product(weights[i], slopes[i]) for i in ways]) or "0",
        "effects": " + ".join([product(slopes[i], moves[i]) for i in ways]) or "0",
        "shut": fill(WORDS["shut"], {"closed": closed}) if closed else "",
    }
    slots = {"z": {"text": f"z = {number(z)}"}, "gradient": {"text": f"= {number(gradient)}"}, "bars": {"plane": bars(explorer, parts)}}
    for i in branches:
        numbers = [["s", weights[i] * z], ["g", slopes[i]], ["w", weights[i]]]
        slots |= {f"{name}{i}": {"text": f"= {number(x)}"} for name, x in numbers}
        slots[f"branch {i}"] = {"opacity": 1.0 if opened[i] else 0.25}
    said = fill(WORDS["said"] + (WORDS["lost"] if closed else ""), words)
    return {"alt": fill(WORDS["alt"], words), "sentence": said, "slots": slots}


def product(a, b):
    return f"{bracketed(number(a))}·{bracketed(number(b))}"


def bars(explorer, parts):
    """The contributions, each beginning where the one before ends, and their sum."""
    ends = [0.0, *accumulate(parts)]
    count, low, high = len(ends), min(ends), max(ends)
    margin = 0.06 * (high - low) or 1.0
    marks = []
    for i, (start, end) in enumerate(zip([*ends[:-1], 0.0], [*ends[1:], ends[-1]])):
        y, last = count - 1 - i, i == count - 1
        if start != end:
            marks.append(["box", [start, y + 0.15], [end, y + 0.55], "sum" if last else "part"])
        name = "sum" if last else f"w[{i}]·dC/ds[{i}]"
        given = number(end - start) if last or explorer.opened[i] else "closed"
        marks.append(["note", f"{name}: {given}", [low - margin, y + 0.65], 6, 0])
    marks.append(["line", [[0, 0], [0, count]], "zero"])
    across = ["contributions to dC/dz", low - margin, high + margin]
    return {"box": explorer._scene["bars"], "across": across, "up": ["", 0, count, "bare"], "looks": LOOKS, "marks": marks}


class FanExplorer(Explorer):
    """One variable z that is used several times, s[i] = w[i]·z: each branch sends w[i]·dC/ds[i] back, and they add.

    Its 2 to 6 `weights` and as many `slopes`, dC/ds[i] of the rest of the network, are given; `z`, `nudge` (of z) and
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
        if not FEWEST <= len(self.weights) == len(self.slopes) <= MOST:
            raise ValueError(f"A fan has {FEWEST} to {MOST} weights and as many slopes; got {len(self.weights)} and {len(self.slopes)}.")
        super().__init__(z=z, nudge=nudge)
        self.opened = [True] * len(self.weights)
        svg, bars = self._drawing("dark")
        self._scene = {"picture": svg, "weights": self.weights, "slopes": self.slopes, "bars": bars}

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
        return shown(self)["sentence"]

    def snapshot(self, step: int | None = None) -> Picture:
        found = shown(self)
        svg = filled(self._drawing(self.theme)[0], found["slots"], self.theme, found["alt"])
        return Picture(svg, found["alt"], f"{found['alt']}\n  {found['sentence']}", self._size[0])

    def __repr__(self) -> str:
        return f"FanExplorer({self.weights}, {self.slopes}, z={self.z!r}, nudge={self.nudge!r})"

    @property
    def _size(self) -> tuple[int, int]:
        """Of the picture: the bars are beside a narrow figure, and below a wide one."""
        count = len(self.weights)
        return (COLUMN * count + 446, 423) if count <= BESIDE else (COLUMN * count + 162, 511 + 44 * (count + 1))

    def _drawing(self, theme: str) -> tuple[str, list[int]]:
        """The figure with its slots, and where the bars are."""
        count = len(self.weights)
        root = ElementTree.fromstring(figure(7, outputs=count, backward=True, theme=theme).svg)
        for part in root.iter(f"{SVG}g"):
            name = part.get("data-node") or part.get("data-edge") or ""
            for i in range(count):
                if f"w[{i}]" in name or f"s[{i}]" in name:
                    part.set("data-slot", f"branch {i}")
        width, height = self._size
        paper = Paper(theme, width, height, "")
        root[0].attrib.update(paper.root[0].attrib)
        root.attrib.update({name: paper.root.get(name, "") for name in ("viewBox", "width", "height")})
        middle = 150 + COLUMN * ((count - 1) // 2)
        live_text(paper, "z", middle - 22, 333, "value", "end")
        live_text(paper, "gradient", middle + 25, 335, "gradient")
        for i in range(count):
            for name, x, y, colour in (("s", 172, 133, "value"), ("g", 175, 175, "gradient"), ("w", 200, 211, "ink")):
                live_text(paper, f"{name}{i}", x + COLUMN * i, y, colour)
        paper.add(paper.root, "g", data_slot="bars")
        root.extend(ElementTree.fromstring(paper.svg())[1:])
        beside = count <= BESIDE
        box = [COLUMN * count + 198, 100, 200, 240] if beside else [40, 431, COLUMN * count + 50, 44 * (count + 1)]
        return ElementTree.tostring(root, encoding="unicode"), box

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("z", "nudge")
    def _finite(self, proposal: Any) -> float:
        return finite(proposal.trait.name, proposal.value)

    @traitlets.validate("opened")
    def _for_each_branch(self, proposal: Any) -> list[bool]:
        if len(proposal.value) != len(self.weights):
            raise traitlets.TraitError(f"There are {len(self.weights)} branches; got {len(proposal.value)} values for opened.")
        return proposal.value
