"""Nudge: how far a function moves when its inputs do, and how that becomes a slope as the nudge gets smaller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture
from ..draw.paper import Paper, compact
from ..draw.plane import Axis, Frame, Looks
from ..expression import read
from ..notation import fill, number
from ..ops import MUL
from ..program import Program
from .explorer import module, style
from .typed import TypedExplorer, finite

Numbers = dict[str, float]

WIDTH, HEIGHT = 884, 512
STAGE, CHART = (60, 20, 400, 400), (560, 20, 280, 230)  # where the picture is, and the error against h
POINTS = 161  # of a curve
REACH = 1.25  # how far a curve goes to both sides, as long as h is at most 1
SIZES = [10.0 ** (-k / 2) for k in range(31)]  # the steps of the error curve
DECADES = [float(f"1e-{k}") for k in range(16)]  # those of the table
SMALLEST = 1e-16  # an error that is drawn: 0 has no place on a logarithmic axis
NOISE = 1e-8  # relative to x: about the root of a float's precision; below it, rounding is most of the error
VIEWS = {"curve": "curve", "bars": "bars", "rectangle": "rectangle"}

LOOKS: Looks = {
    "curve": {"stroke": "value", "stroke_width": 2.6},
    "tangent": {"stroke": "gradient", "stroke_width": 2, "stroke_dasharray": "7 5"},
    "secant": {"stroke": "ink", "stroke_width": 1.8},
    "nudge": {"stroke": "active", "stroke_width": 4},
    "here": {"fill": "value", "stroke": "ground", "stroke_width": 1.5},
    "there": {"fill": "ink", "stroke": "ground", "stroke_width": 1.5},
    "amount": {"fill": "leaf", "stroke": "value", "stroke_width": 1.5},
    "piece": {"fill": "active", "stroke": "ink", "stroke_width": 1.2},
    "corner": {"fill": "gradient", "stroke": "ink", "stroke_width": 1.2},
    "zero": {"stroke": "line", "stroke_width": 1},
    "forward": {"stroke": "ink", "stroke_width": 1.8},
    "central": {"stroke": "positive", "stroke_width": 1.8, "stroke_dasharray": "5 4"},
    "now": {"fill": "ink"},
    "now central": {"fill": "ground", "stroke": "positive", "stroke_width": 2.2},
}
BESIDE = (("forward", "off", 330, "ink"), ("central", "miss", 362, "ink"), ("slope", "", 394, "gradient"))
WORDS = {
    "curve": "━ {formula};  ┄ tangent: the slope by rule;  ─ secant: the slope by nudging",
    "bars": "outlined: before the nudge;  filled: what the nudge adds",
    "rectangle": "outlined: {formula} before the nudge;  filled: what the nudge adds",
    "alt": "{formula} at {point}, {who} nudged by {h}: moves by {change}, {change} ÷ {h} = {forward}; slope by rule {slope}",
    "said": "{who} {moves} by h = {h}, and {formula} from {value} to {end}: by {change}. {change} ÷ {h} = {forward}; the slope, by rule, is {slope}.",
    "exact": " They agree, whatever h is.",
    "corner": " The corner, h·h = {corner}, is the whole difference: {corner} ÷ {h} = {extra}.",
    "off": " The nudge is off by {off}; nudged both ways, {central}, off by {miss}.",
    "noise": " At so small an h both values agree in nearly all of their digits: the error is mostly rounding.",
    "nothing": " {point} plus {h} is the same float: nothing moves at all.",
    "undefined": "{formula} has no value at {point}: move a slider back, or type another number.",
    "forward": "● nudged",
    "central": "○ both ways",
    "slope": "┄ by rule",
}


class Nudge(NamedTuple):
    """What a nudge of h does: values before and after, difference quotients, and how far those are off the slope."""

    value: float
    end: float
    forward: float
    central: float
    off: float
    miss: float


class Function:
    """A typed expression as a function of all its variables, with its program."""

    def __init__(self, text: str, values: Numbers) -> None:
        expression = read(text)
        if not expression.names:
            raise ValueError(f"Found no variable in {text!r}, but expected one that can be nudged, as in x^2.")
        given = {name: x for name, x in values.items() if name in expression.names}
        self.graph = expression.graph(**given)
        self.program = Program(self.graph)
        self.names = list(self.graph.leaves)
        self.point = {name: leaf.data for name, leaf in self.graph.leaves.items()}
        self.nodes = [self.graph.nodes.index(leaf) for leaf in self.graph.leaves.values()]
        output = self.graph.output
        self.sides = output.op is MUL and len({*output.inputs}) == 2 and all(x in self.graph.leaves.values() for x in output.inputs)

    def at(self, point: Numbers, nudged: Sequence[str] = (), t: float = 0.0) -> float:
        """Its value when those variables are moved by t; nan where there is none."""
        return self.program(*[point[name] + (t if name in nudged else 0.0) for name in self.names]).values[-1]

    def slope(self, point: Numbers, nudged: Sequence[str]) -> float:
        """How fast it grows when those variables move together."""
        gradients = self.program(*[point[name] for name in self.names]).gradients
        return sum((gradients[node] for name, node in zip(self.names, self.nodes) if name in nudged), 0.0)

    def nudge(self, point: Numbers, nudged: Sequence[str], h: float) -> Nudge:
        value, end, below = (self.at(point, nudged, t) for t in (0.0, h, -h))
        slope, forward, central = self.slope(point, nudged), (end - value) / h, (end - below) / (2 * h)
        return Nudge(value, end, forward, central, abs(forward - slope), abs(central - slope))


class NudgeExplorer(TypedExplorer):
    """A derivative as a response to a nudge: slide the step h from 1 down to 1e-15, from secant to tangent and beyond.

    Any expression; of its variables one is `nudged`, or all of them together ("" or "all"). Given a list of expressions,
    the page offers them: a gallery of rules, each with its finite differences beside it. `view` is "curve" (secant and
    tangent), "bars" (what the inputs move, and what that moves) or "rectangle" (for a product of two variables: its area).
    Beside it, the error of the slope found by nudging, against h: for a nudge to one side, and to both.

    `expression`, `values` (variable -> number), `h`, `nudged` and `view` hold the whole state, and may be set and
    observed from Python.

    >>> explorer = NudgeExplorer("a*b", a=3.0, b=4.0, h=0.1)
    >>> print(explorer.sentence)
    a and b move by h = 0.1, and a·b from 12 to 12.71: by 0.71. 0.71 ÷ 0.1 = 7.1; the slope, by rule, is 7. The corner, h·h = 0.01, is the whole difference: 0.01 ÷ 0.1 = 0.1.
    >>> explorer.nudged = "a"
    >>> explorer.nudge.forward.__round__(6), explorer.slope
    (4.0, 4.0)
    >>> explorer.close()
    """

    _esm = module("nudge_explorer")
    _css = style("surface")

    values = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    h = traitlets.Float(1.0).tag(sync=True)
    nudged = traitlets.Unicode("").tag(sync=True)
    view = traitlets.Enum(list(VIEWS), "curve").tag(sync=True)

    def __init__(
        self, expression: str | Sequence[str], /, *, h: float = 1.0, nudged: str = "", view: str = "", **values: float
    ) -> None:
        values = {name: finite(name, x) for name, x in values.items()}
        self._here = values
        super().__init__(expression, values=values, h=h, nudged="" if nudged == "all" else nudged)
        known = [name for function in self._known.values() for name in function.names]
        for name in values:
            if name not in known:
                raise ValueError(f"There is no variable {name!r} to give a value to; there are: {', '.join(dict.fromkeys(known))}.")
        self.view = view or ("rectangle" if self._drawn.sides else "curve")

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def slope(self) -> float:
        """The slope by rule: the gradients of what is nudged, added."""
        return self._drawn.slope(self._here, self._moved)

    @property
    def nudge(self) -> Nudge:
        """What the present nudge does."""
        return self._drawn.nudge(self._here, self._moved, self.h)

    @property
    def sentence(self) -> str:
        """What the nudge does, in words."""
        return self._sentence(self.h)

    @property
    def error(self) -> str:
        return self._answer["error"] or self._undefined

    def snapshot(self, step: int | None = None) -> Picture:
        """The static picture of the present state, or with h = 10^−step."""
        return self._picture(self.h if step is None else DECADES[step])

    def frames(self) -> list[Picture]:
        """Pictures for h = 1, 0.1, 0.01 and 0.001."""
        return [self._picture(h) for h in DECADES[:4]]

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self._here.items())
        chosen = f", nudged={self.nudged!r}" if self.nudged else ""
        given = self.choices or self.expression
        return f"NudgeExplorer({given!r}, h={self.h!r}{chosen}, view={self.view!r}{values})"

    # ---- words ------------------------------------------------------------------------------

    @property
    def _moved(self) -> list[str]:
        return [self.nudged] if self.nudged in self._drawn.names else self._drawn.names

    def _facts(self, h: float) -> dict[str, str]:
        found, moved = self._drawn.nudge(self._here, self._moved, h), self._moved
        numbers = {"value": found.value, "end": found.end, "change": found.end - found.value, "h": h, "slope": self.slope}
        numbers |= {"forward": found.forward, "central": found.central, "corner": h * h, "extra": h * h / h}
        return {name: number(x, 6) for name, x in numbers.items()} | {
            "formula": self._drawn.graph.formula,
            "point": ", ".join(f"{name} = {number(self._here[name], 6)}" for name in self._drawn.names),
            "who": " and ".join(moved),
            "moves": "moves" if len(moved) == 1 else "move",
            "off": number(found.off, 2),
            "miss": number(found.miss, 2),
        }

    def _sentence(self, h: float) -> str:
        found, moved, here = self._drawn.nudge(self._here, self._moved, h), self._moved, self._here
        if all(here[name] + h == here[name] for name in moved):
            more = "nothing"
        elif h < NOISE * max(1.0, *(abs(here[name]) for name in moved)):
            more = "noise"
        elif found.off <= NOISE * max(1.0, abs(self.slope)) and h > 1e-6:
            more = "exact"
        else:
            more = "corner" if self._drawn.sides and len(moved) == 2 else "off"
        return fill(WORDS["said"] + WORDS[more], self._facts(h))

    def _rows(self) -> list[list[str]]:
        """The table: for each power of ten, both difference quotients and how far they are off."""
        found = [(h, self._drawn.nudge(self._here, self._moved, h)) for h in DECADES]
        return [
            [number(h), number(it.forward, 6), number(it.off, 1), number(it.central, 6), number(it.miss, 1)] for h, it in found
        ]

    # ---- drawing: as nudge_explorer.js does ------------------------------------------------------

    def _picture(self, h: float) -> Picture:
        alt = fill(WORDS["alt"], self._facts(h))
        paper = Paper(self.theme, WIDTH, HEIGHT, alt)
        view = self._view
        getattr(self, f"_{view}")(paper, h)
        self._chart(paper, h)
        facts, theme = self._facts(h), paper.theme
        for name, error, y, colour in BESIDE:
            paper.add(paper.root, "text", WORDS[name], x=524, y=y, font_size=15, fill=theme.ink)
            paper.add(paper.root, "text", facts[name], x=664, y=y, font_size=17, font_weight=600, fill=getattr(theme, colour))
            if error:
                paper.add(paper.root, "text", f"off by {facts[error]}", x=764, y=y, font_size=13, fill=theme.muted)
        paper.add(paper.root, "text", fill(WORDS[view], facts), x=STAGE[0], y=484, font_size=13, fill=theme.ink)
        text = [alt, self._sentence(h), *("h {}: {}, off by {}; both ways {}, off by {}".format(*row) for row in self._rows())]
        return Picture(paper.svg(), alt, "\n  ".join(text), WIDTH)

    @property
    def _view(self) -> str:
        return "curve" if self.view == "rectangle" and not self._drawn.sides else self.view

    def _curve(self, paper: Paper, h: float) -> None:
        moved, here = self._moved, self._here
        base = here[moved[0]] if len(moved) == 1 else 0.0
        reach = REACH * max(1.0, h)
        ts = [reach * (2 * k / (POINTS - 1) - 1) for k in range(POINTS)]
        ys = [self._drawn.at(here, moved, t) for t in ts]
        found, slope = self._drawn.nudge(here, moved, h), self.slope
        far = sorted(abs(y - found.value) for y in ys if math.isfinite(y - found.value)) or [1.0]
        near = [y for y in ys if abs(y - found.value) <= 2 * far[math.floor(0.8 * (len(far) - 1))]]
        label = moved[0] if len(moved) == 1 else f"added to {' and '.join(moved)}"
        frame = Frame(paper, STAGE, Axis(label, base - reach, base + reach), Axis.around(self._drawn.graph.formula, near), LOOKS)
        frame.line([(base + t, y) for t, y in zip(ts, ys)], "curve")
        for rise, look in ((slope, "tangent"), (found.forward, "secant")):
            frame.line([(base + t, found.value + rise * t) for t in (-reach, reach)], look)
        frame.line([(base, found.value), (base + h, found.value), (base + h, found.end)], "nudge")
        frame.dot((base + h, found.end), 6, "there")
        frame.dot((base, found.value), 6.5, "here")

    def _bars(self, paper: Paper, h: float) -> None:
        found = self._drawn.nudge(self._here, self._moved, h)
        bars = [(name, self._here[name], self._here[name] + (h if name in self._moved else 0.0)) for name in self._drawn.names]
        bars.append((self._drawn.graph.formula, found.value, found.end))
        across = Axis.around("", [0.0, *(x for _, *ends in bars for x in ends)])
        frame = Frame(paper, STAGE, across, Axis("", 0, len(bars), "bare"), LOOKS)
        for k, (name, start, end) in enumerate(reversed(bars)):
            frame.box((0.0, k + 0.2), (start, k + 0.6), "amount")
            if end != start:
                frame.box((start, k + 0.2), (end, k + 0.6), "piece")
            words = f"{name}: {number(start, 6)}" + (f" moves by {compact(end - start)}" if end != start else "")
            frame.write(words, frame.place((min(0.0, start, end), 0))[0] + 4, frame.place((0, k + 0.66))[1], "ink")
        frame.line([(0, 0), (0, len(bars))], "zero")

    def _rectangle(self, paper: Paper, h: float) -> None:
        (a, b), (da, db) = self._sides, (h if name in self._moved else 0.0 for name in self._drawn.names)
        low, high = min(0.0, a, b), max(0.0, a, b) + max(1.0, h)
        frame = Frame(paper, STAGE, *(Axis(name, low, high) for name in self._drawn.names), LOOKS)
        first, second = self._drawn.names
        pieces = [
            (self._drawn.graph.formula, (0.0, 0.0), (a, b), "amount", "ink"),
            (f"{second}·h", (a, 0.0), (a + da, b), "piece", "opaque"),
            (f"{first}·h", (0.0, b), (a, b + db), "piece", "opaque"),
            ("h·h", (a, b), (a + da, b + db), "corner", "ground"),
        ]
        for name, start, end, look, colour in pieces:
            if start[0] != end[0] and start[1] != end[1]:
                frame.box(start, end, look)
                (x0, y0), (x1, y1) = frame.place(start), frame.place(end)
                if abs(x1 - x0) > 34 and abs(y1 - y0) > 18:
                    frame.write(name, (x0 + x1) / 2, (y0 + y1) / 2 + 5, colour, "middle")

    @property
    def _sides(self) -> list[float]:
        return [self._here[name] for name in self._drawn.names]

    def _chart(self, paper: Paper, h: float) -> None:
        found = [(math.log10(size), self._drawn.nudge(self._here, self._moved, size)) for size in [*SIZES, h]]
        lines = {
            "forward": [(x, max(it.off, SMALLEST)) for x, it in found],
            "central": [(x, max(it.miss, SMALLEST)) for x, it in found],
        }
        up = Axis.around("error of the slope", [y for line in lines.values() for _, y in line], "log")
        frame = Frame(paper, CHART, Axis("h = 10 to the power of …", -15.5, max(0.5, math.log10(h))), up, LOOKS)
        for look, line in lines.items():
            frame.line(line[:-1], look)
        frame.dot(lines["central"][-1], 6, "now central")
        frame.dot(lines["forward"][-1], 5, "now")

    # ---- reacting ---------------------------------------------------------------------------

    def _understood(self, text: str) -> Function:
        return Function(text, self.values or self._here)

    def _described(self, function: Function) -> dict[str, Any]:
        return {
            "formula": function.graph.formula,
            "mathml": function.graph.mathml(),
            "program": function.program.javascript,
            "names": function.names,
            "nodes": function.nodes,
            "sides": function.sides,
            "words": WORDS,
            "sizes": SIZES,
            "decades": DECADES,
            "beside": [list(row) for row in BESIDE],
            "looks": {name: {key.replace("_", "-"): x for key, x in look.items()} for name, look in LOOKS.items()},
        }

    def _renewed(self, function: Function) -> None:
        point = {name: self.values.get(name, function.point[name]) for name in function.names}
        if math.isnan(function.at(point)):
            raise ValueError(self._undefined_at(function, point))
        self._undefined, self._here, self._drawn = "", point, function
        self.values = {**self.values, **point}
        if self.nudged not in function.names:
            self.nudged = ""

    @traitlets.observe("values")
    def _on_values(self, change: Any) -> None:
        if not self._answer:
            return
        self._again()
        point = {name: self.values.get(name, 1.0) for name in self._drawn.names}
        if math.isnan(self._drawn.at(point)):
            self._undefined = self._undefined_at(self._drawn, point)
        else:
            self._undefined, self._here = "", point

    def _undefined_at(self, function: Function, point: Numbers) -> str:
        place = ", ".join(f"{name} = {number(x, 6)}" for name, x in point.items())
        return fill(WORDS["undefined"], {"formula": function.graph.formula, "point": place})

    @traitlets.validate("values")
    def _finite_numbers(self, proposal: Any) -> Numbers:
        return {name: finite(name, x) for name, x in proposal.value.items()}

    @traitlets.validate("h")
    def _positive_step(self, proposal: Any) -> float:
        if not finite("h", proposal.value) > 0:
            raise traitlets.TraitError(f"h is {proposal.value!r}; give how far to nudge, a number above 0.")
        return proposal.value

    @traitlets.validate("nudged")
    def _a_variable(self, proposal: Any) -> str:
        names = self._drawn.names
        if proposal.value and proposal.value not in names:
            raise traitlets.TraitError(f"There is no variable {proposal.value!r} to nudge; there are: {', '.join(names)}.")
        return proposal.value
