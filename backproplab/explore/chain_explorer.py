"""A chain of functions and a nudge that travels through it: at each link it is multiplied by the slope there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import traitlets

from ..draw import Picture
from .chain import Chain
from .chain_journey import Journey, problem, shown, slots
from .chain_picture import VIEWS, drawing, slotted
from .explorer import module, style
from .slots import filled
from .typed import TypedExplorer, finite

HEADS = ("at", "value", "slope", "share")  # of the table


class ChainExplorer(TypedExplorer):
    """A nudge travels through a chain of functions, link by link; each multiplies it by its slope at the forward value.

    The chain is typed as links between commas, each in one variable, which takes what comes before: "4*x, x+1, x^2". A
    link may have a name, `car = 2*bicycle`. A list of links does as well, and a list of whole chains offers them all.

    Traits: `expression`, `x` (where it starts) and `nudge`; `step`, how many links the nudge has passed; and `view`:
    "lines" (number lines, with rays that show the slopes), "dials" (only if all slopes are constant: coupled dials, the
    first one turned by the nudge), "shares" (what arrives after each link, as powers of ten) or "notch" (LeCun's sixth
    figure: the first link is h, and sits in a notch of the rest of the network). `span` is the range of x.

    >>> explorer = ChainExplorer("4*x, x+1, x^2", x=1.0)
    >>> explorer.slopes, explorer.share
    ([4.0, 1.0, 10.0], 40.0)
    >>> print(explorer.sentence)
    c = b^2: at b = 5 the slope is 10. So the nudge arrives at c 4·10 = 40 times as large: 4 by the slopes, 4.16 in truth.
    >>> explorer.close()
    """

    _esm = module("chain_explorer")
    _css = style("surface")

    x = traitlets.Float(0.0).tag(sync=True)
    nudge = traitlets.Float(0.1).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    view = traitlets.Enum(list(VIEWS), "lines").tag(sync=True)

    def __init__(
        self,
        links: str | Sequence[str],
        /,
        x: float = 0.0,
        *,
        nudge: float | None = None,
        view: str = "",
        span: tuple[float, float] | None = None,
    ) -> None:
        if not isinstance(links, str) and all(isinstance(link, str) and "," not in link for link in links):
            links = ", ".join(links)
        self._x = x = finite("x", x)
        view = view or "lines"
        nudge = finite("nudge", (1.0 if view == "dials" else 0.1) if nudge is None else nudge)
        self._span = span or (min(-2.0, x, x + nudge), max(2.0, x, x + nudge))
        super().__init__(links, x=x, nudge=nudge)
        self._undefined = ""
        self.view = view
        self.step = self.steps

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def steps(self) -> int:
        """How many links there are."""
        return len(self._drawn.links)

    @property
    def slopes(self) -> list[float]:
        """The slope of each link at the value that arrives there."""
        return self._journey.slopes

    @property
    def shares(self) -> list[float]:
        """What share of a small nudge arrives after 0, 1, 2, … links."""
        return self._journey.shares

    @property
    def share(self) -> float:
        """What share of a small nudge arrives after the links that it has passed."""
        return self.shares[self.step]

    @property
    def sentence(self) -> str:
        """What happened at the present step, in words."""
        return self._shown(self.step)["sentence"]

    @property
    def error(self) -> str:
        return self._answer["error"] or self._undefined

    def snapshot(self, step: int | None = None) -> Picture:
        step = self.step if step is None else step
        found = self._shown(step)
        view, live = found["view"], found["view"] in ("shares", "notch")
        filling = slots(self._drawn.scene, self._journey, step, self.nudge, view) if live else {}
        empty = drawing(self._drawn, view, self.theme, x=self._x, step=step, nudge=self.nudge, span=self._span)
        svg = filled(empty, filling, self.theme, found["alt"])
        rows = [", ".join(f"{head} {cell}" for head, cell in zip(HEADS, row)) for row in found["rows"]]
        width = int(ElementTree.fromstring(svg).attrib["width"])
        return Picture(svg, found["alt"], "\n  ".join([found["alt"], found["sentence"], *rows]), width)

    def __repr__(self) -> str:
        chain = self.choices or self.expression
        return f"ChainExplorer({chain!r}, x={self._x!r}, nudge={self.nudge!r}, view={self.view!r})"

    @property
    def _journey(self) -> Journey:
        return self._drawn.journey(self._x, self.nudge)

    def _shown(self, step: int) -> dict[str, Any]:
        return shown(self, self._drawn.scene, self._journey, step)

    def _rows(self) -> list[list[str]]:
        return self._shown(self.step)["rows"]

    # ---- reacting ---------------------------------------------------------------------------

    def _understood(self, text: str) -> Chain:
        return Chain(text, self._x)

    def _described(self, chain: Chain) -> dict[str, Any]:
        views = slotted(chain, nudge=self.nudge, span=self._span)
        programs = [link.program.javascript for link in chain.links]
        return chain.scene | views | {"programs": programs, "span": list(self._span)}

    def _renewed(self, chain: Chain) -> None:
        if words := problem(chain.scene, chain.journey(self.x, 0.0)):
            raise ValueError(words)
        self._undefined, self._x, self._drawn = "", self.x, chain
        self.step = min(self.step, self.steps)

    @traitlets.observe("x")
    def _on_x(self, change: Any) -> None:
        if not self._answer:
            return
        self._again()
        self._undefined = problem(self._drawn.scene, self._drawn.journey(self.x, 0.0))
        if not self._undefined:
            self._x = self.x

    @traitlets.validate("step")
    def _within_the_chain(self, proposal: Any) -> int:
        return max(0, min(proposal.value, self.steps))

    @traitlets.validate("x", "nudge")
    def _within_the_span(self, proposal: Any) -> float:
        value = finite(proposal.trait.name, proposal.value)
        x, nudge = (value, self.nudge) if proposal.trait.name == "x" else (self.x, value)
        low, high = self._span
        if self._answer and not (low <= x <= high and low <= x + nudge <= high):
            raise traitlets.TraitError(
                f"x and x + nudge must lie within the span {low:g} to {high:g}; got x = {x:g}, nudge = {nudge:g}."
            )
        return value
