"""The factors of every weight's gradient, row by row: which are new, which product is there already, what a cut does."""

from __future__ import annotations

from typing import Any

import traitlets

from ..draw import Picture, factors
from ..draw.products import Count, layer_factors, slots
from ..notation import fill
from .explorer import Explorer, module, style

MOST = 100  # layers
LAYERS = 10  # that are drawn, as in draw/products.py
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"

WORDS = {
    "start": "The gradient of each layer's weights is a row of factors, from the cost down to them. Press Step for the first.",
    "first": "{gradient}: its three factors, {fresh}, are all new, and take 2 multiplications.",
    "next": "{gradient}: the product of its first {reused} factors is there already, from the row above. With three new ones, "
    "{fresh}, that makes 3 multiplications in place of {alone}.",
    "cut": " {link} lets nothing through. Gradients still alive: {alive} of {layers}; become 0: {dead}.",
    "more": "rows below that go on like these: {rest}",
    "alt": "Factors of the gradients, number of layers {layers}: ",
}
COUNTS = ["{written} factors, {different} different; ", "{apart} multiplications, ", "{shared} if common beginnings are kept"]


def shown(explorer, step):
    """What is said in a state, in Python and in the page, and what is in the slots of the page's picture.

    Row i has the links 0 … 2i + 1 of the trunk, and the branch to the weights of the i-th layer from the top.
    """
    layers, cut, sizes = explorer.layers, explorer.cut, explorer._scene["sizes"]
    alive = (cut - 1) // 2 if cut else layers  # the rows above the cut
    rows = [f"∂C/∂W{at(layers, i)}" for i in range(layers)]
    words = {
        "link": factor(layers, layers, cut - 1) if cut else "",
        "alive": str(alive),
        "layers": str(layers),
        "dead": str(layers - alive),
        "written": f"{step * (step + 2):,}",
        "different": str(3 * step),
        "apart": f"{step * (step + 1):,}",
        "shared": str(max(0, 3 * step - 1)),
        "rest": str(layers - LAYERS),
        "gradient": rows[step - 1] if step else "",
        "reused": str(2 * step - 2),
        "alone": str(2 * step),
        "fresh": ", ".join([factor(layers, step - 1, k) for k in range(2 * step - 2, 2 * step + 1)]),
    }
    kind = "next" if step > 1 else "first" if step else "start"
    sentence = fill(WORDS[kind] + (WORDS["cut"] if cut else ""), words)
    counts = [fill(line, words) for line in COUNTS]
    slots = {"more": {"text": fill(WORDS["more"], words) if layers > LAYERS else ""}}
    slots |= {f"count {i}": {"text": line} for i, line in enumerate(counts)}
    slots |= sizes[min(layers, len(sizes)) - 1]
    slots |= {f"row {i}": {"display": "none"} for i in range(LAYERS)}
    for i in range(min(layers, LAYERS)):
        slots[f"row {i}"] = {"display": "inline", "data-state": state(i, -1, step, alive, cut)}
        slots[f"name {i}"] = {"text": f"∂C/∂W{at(layers, i)}"}
        for k in range(2 * i + 3):
            above, below = factor(layers, i, k).split("/")
            slots[f"factor {i} {k}"] = {"data-state": state(i, k, step, alive, cut)}
            slots |= {f"above {i} {k}": {"text": above}, f"below {i} {k}": {"text": below}}
    return {
        "alt": f"{fill(WORDS['alt'], words)}{''.join(counts)}. {sentence}",
        "sentence": sentence,
        "link": words["link"] or "nothing",
        "slots": slots,
        "rows": [[name, str(2 * i + 3), state(i, -1, step, alive, cut)] for i, name in enumerate(rows)],
    }


def state(i, k, step, alive, cut):
    """Of factor k in row i, or, for k = −1, of the row."""
    if i >= step:
        return "waiting"
    if i >= alive:
        return "cut" if k == cut - 1 and cut else "gone"
    return "reused" if 0 <= k < 2 * i else "new"


def at(layers, i):
    """The number of the i-th layer from the top, written small."""
    return "".join([SUBSCRIPTS[int(digit)] for digit in str(layers - i)])


def factor(layers, i, k):
    """Factor k of row i."""
    last = f"∂W{at(layers, i)}" if k == 2 * i + 2 else node(layers, k + 1)
    return f"{node(layers, k)}/{last}"


def node(layers, k):
    """What is k links below the cost."""
    return f"∂{'sz'[k % 2]}{at(layers, (k - 1) // 2)}" if k else "∂C"


class TrunkExplorer(Explorer):
    """A deep network's gradients as rows of factors that begin alike: the trunk is computed once, each branch leaves it.

    Traits, to be set and observed: `layers` (1 … 100, of which the ten next to the cost are drawn), `step` (how many
    rows of the backward pass are there, the last layer first), and `cut`, the number of the trunk's link that lets
    nothing through, counted from the cost (0: none; 1 is ∂C/∂z of the last layer, 2 its ∂z/∂s, and so on).

    >>> explorer = TrunkExplorer(3)
    >>> explorer.count.written, explorer.count.different, explorer.count.multiplications, explorer.count.shared
    (15, 9, 12, 8)
    >>> explorer.cut = 3
    >>> explorer.link, explorer.alive
    ('∂s₃/∂z₂', ['∂C/∂W₃'])
    >>> explorer.close()
    """

    _esm = module("trunk_explorer")
    _css = style("trunk_explorer")

    layers = traitlets.Int(3).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    cut = traitlets.Int(0).tag(sync=True)
    _scene = traitlets.Dict().tag(sync=True)

    def __init__(self, layers: int = 3) -> None:
        super().__init__(layers=layers)
        self.step = self.layers
        picture, sizes = slots()
        self._scene = {"picture": picture, "sizes": sizes, "most": MOST}

    # ---- what it shows --------------------------------------------------------------------------

    @property
    def rows(self) -> dict[str, list[str]]:
        """The factors of each gradient, from the last layer back."""
        return layer_factors(self.layers)

    @property
    def steps(self) -> int:
        """How many rows there are."""
        return self.layers

    @property
    def count(self) -> Count:
        """What the rows that are there cost, each on its own and with their common beginnings kept."""
        return Count.of(dict(list(self.rows.items())[: self.step]))

    @property
    def link(self) -> str:
        """The link that is cut, or nothing."""
        return list(self.rows.values())[-1][self.cut - 1] if self.cut else ""

    @property
    def alive(self) -> list[str]:
        """The gradients in which the cut link does not occur."""
        return [name for name, row in self.rows.items() if self.link not in row]

    @property
    def sentence(self) -> str:
        """What the present row adds, and what the cut does, in words."""
        return shown(self, self.step)["sentence"]

    def snapshot(self, step: int | None = None) -> Picture:
        step = self.step if step is None else step
        return factors(self.layers, step=step, cut=self.link, alt=shown(self, step)["alt"], theme=self.theme)

    def __repr__(self) -> str:
        return f"TrunkExplorer({self.layers})"

    # ---- reacting -------------------------------------------------------------------------------

    @traitlets.validate("layers")
    def _a_network(self, proposal: Any) -> int:
        if not 1 <= proposal.value <= MOST:
            raise traitlets.TraitError(f"layers is {proposal.value}; give a network 1 to {MOST} layers.")
        return proposal.value

    @traitlets.validate("step")
    def _a_row(self, proposal: Any) -> int:
        return max(0, min(proposal.value, self.layers))

    @traitlets.validate("cut")
    def _a_link(self, proposal: Any) -> int:
        if proposal.value < 0:
            raise traitlets.TraitError(f"cut is {proposal.value}; give the number of a link, or 0 for none.")
        return min(proposal.value, 2 * min(self.layers, LAYERS))

    @traitlets.observe("layers")
    def _on_layers(self, change: Any) -> None:
        self.step, self.cut = self.step, self.cut  # as far as there are rows and links
