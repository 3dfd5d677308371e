"""Nudge: how far a function moves when its inputs do, and how that becomes a slope as the nudge gets smaller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture
from ..draw.paper import LARGE, Paper, compact
from ..draw.plane import Looks
from ..expression import read
from ..notation import fill, number
from ..ops import MUL
from ..program import Program, Run
from .explorer import module, style
from .slots import filled
from .typed import TypedExplorer, finite

Numbers = dict[str, float]

WIDTH, HEIGHT = 884, 358
STAGE, SQUARE = (64, 8, 330, 284), (64, 8, 284, 284)  # where the picture is, also of an area
CHART, ASIDE, BELOW = (486, 8, 180, 240), 706, (430, 332)  # the error against h, the numbers, and the legend
POINTS = 161  # of a curve
REACH = 1.25  # how far a curve goes to both sides, as long as h is at most 1
SIZES = [10.0 ** (-k / 2) for k in range(31)]  # the steps of the error curve
DECADES = [float(f"1e-{k}") for k in range(16)]  # those of the table
SMALLEST = 1e-16  # an error that is drawn: 0 has no place on a logarithmic axis
NOISE = 1e-8  # relative to x: about the root of a float's precision; below it, rounding is most of the error
VIEWS = {"curve": "curve", "bars": "bars", "rectangle": "rectangle"}

LOOKS: Looks = {
    "curve": {"stroke": "value", "stroke-width": 2.6},
    "tangent": {"stroke": "gradient", "stroke-width": 2, "stroke-dasharray": "7 5"},
    "secant": {"stroke": "ink", "stroke-width": 1.8},
    "nudge": {"stroke": "active", "stroke-width": 4},
    "here": {"fill": "value", "stroke": "ground", "stroke-width": 1.5},
    "there": {"fill": "ink", "stroke": "ground", "stroke-width": 1.5},
    "amount": {"fill": "leaf", "stroke": "value", "stroke-width": 1.5},
    "piece": {"fill": "active", "stroke": "ink", "stroke-width": 1.2},
    "corner": {"fill": "gradient", "stroke": "ink", "stroke-width": 1.2},
    "zero": {"stroke": "line", "stroke-width": 1},
    "forward": {"stroke": "ink", "stroke-width": 1.8},
    "central": {"stroke": "positive", "stroke-width": 1.8, "stroke-dasharray": "5 4"},
    "now": {"fill": "ink"},
    "now central": {"fill": "ground", "stroke": "positive", "stroke-width": 2.2},
}
BESIDE = (("forward", "off", 20, "ink"), ("central", "miss", 112, "ink"), ("slope", "", 204, "gradient"))
WORDS = {
    "curve": "┄ tangent: slope by rule;  ─ secant: slope by nudging",
    "bars": "pale: before the nudge;  filled: what the nudge adds",
    "rectangle": "pale: before the nudge;  filled: what the nudge adds",
    "alt": "{formula} at {point}, {who} nudged by {h}: moves by {change}, {change} ÷ {h} = {forward}; slope by rule {slope}",
    "said": "{who} {moves} by h = {h}, and {formula} from {value} to {end}: by {change}. {change} ÷ {h} = {forward}; the slope, by rule, is {slope}.",
    "exact": " At this h they agree.",
    "corner": " The corner, h·h = {corner}, is the whole difference: {corner} ÷ {h} = {extra}.",
    "off": " The nudge is off by {off}; nudged both ways, {central}, off by {miss}.",
    "edge": " The nudge is off by {off}. Both ways is not possible here: on the other side, at −h, {formula} has no value.",
    "over": "From {point}, {who} {moves} by h = {h}, and there {formula} has no value: choose a smaller h.",
    "none": "no value",
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


def at(run, here, moved, t):
    """The value when those variables are moved by t; nan where there is none."""
    return run([x + t if yes else x for x, yes in zip(here, moved)]).values[-1]


def slope(scene, run, here, moved):
    """How fast it grows when those variables move together."""
    gradients = run(here).gradients
    return sum([gradients[node] for node, yes in zip(scene["nodes"], moved) if yes])


def nudge(scene, run, here, moved, h):
    rule, value, end, below = slope(scene, run, here, moved), *[at(run, here, moved, t) for t in (0.0, h, -h)]
    forward, central = (end - value) / h, (end - below) / (2 * h)
    return Nudge(value, end, forward, central, abs(forward - rule), abs(central - rule))


def moving(explorer, scene):
    """Which variables are nudged: one, or all."""
    return [name == explorer.nudged or explorer.nudged not in scene["names"] for name in scene["names"]]


def where(scene, here):
    return ", ".join([f"{name} = {number(x, 6)}" for name, x in zip(scene["names"], here)])


def problem(scene, run, here):
    """Why there is nothing to see there, if there is no value."""
    words = {"formula": scene["formula"], "point": where(scene, here)}
    return fill(WORDS["undefined"], words) if math.isnan(run(here).values[-1]) else ""


def shown(explorer, scene, run, here, h):
    """What is said and drawn in a state, in Python and in the page; `here` are the variables' values."""
    moved = moving(explorer, scene)
    names = [name for name, yes in zip(scene["names"], moved) if yes]
    found, rule = nudge(scene, run, here, moved, h), slope(scene, run, here, moved)
    words = {
        "formula": scene["formula"],
        "point": where(scene, here),
        "who": " and ".join(names),
        "moves": "moves" if len(names) == 1 else "move",
        "off": number(found.off, 2),
        "miss": number(found.miss, 2),
        "value": number(found.value, 6),
        "end": number(found.end, 6),
        "change": number(found.end - found.value, 6),
        "h": number(h, 6),
        "slope": number(rule, 6),
        "forward": number(found.forward, 6),
        "central": number(found.central, 6),
        "corner": number(h * h, 6),
        "extra": number(h * h / h, 6),
    }
    mine = [x for x, yes in zip(here, moved) if yes]
    more = "corner" if scene["sides"] and len(names) == 2 else "off"
    if found.off <= NOISE * max(1.0, abs(rule)) and h > 1e-6:
        more = "exact"
    if math.isnan(found.central):
        more = "edge"
    if h < NOISE * max([1.0, *[abs(x) for x in mine]]):
        more = "noise"
    if all([x + h == x for x in mine]):
        more = "nothing"
    view = "curve" if explorer.view == "rectangle" and not scene["sides"] else explorer.view
    planes = {"curve": curve, "bars": bars, "rectangle": rectangle}
    slots = {
        "stage": {"plane": planes[view](scene, run, here, moved, h)},
        "chart": {"plane": chart(scene, run, here, moved, h)},
        "legend": {"text": fill(WORDS[view], words)},
    }
    for name, error, *_ in BESIDE:
        none = words[name] == "nan"
        slots[name] = {"text": WORDS["none"] if none else words[name]}
        if error:
            slots[error] = {"text": "" if none else f"off by {words[error]}"}
    over = math.isnan(found.end)
    return {
        "alt": fill(WORDS["over"] if over else WORDS["alt"], words),
        "sentence": fill(WORDS["over"] if over else WORDS["said"] + WORDS[more], words),
        "slots": slots,
        "rows": [row(size, nudge(scene, run, here, moved, size)) for size in scene["decades"]],
    }


def row(h, found):
    """Of the table: both difference quotients, and how far they are off."""
    return [number(h), number(found.forward, 6), number(found.off, 1), number(found.central, 6), number(found.miss, 1)]


def curve(scene, run, here, moved, h):
    """The function along the nudge, with its tangent and its secant."""
    names = [name for name, yes in zip(scene["names"], moved) if yes]
    found, rule = nudge(scene, run, here, moved, h), slope(scene, run, here, moved)
    base, value, end = here[moved.index(True)] if len(names) == 1 else 0.0, found.value, found.end
    reach = REACH * max(1.0, h)
    points = [[base + t, at(run, here, moved, t)] for t in [reach * (2 * k / (POINTS - 1) - 1) for k in range(POINTS)]]
    far = sorted([abs(y - value) for _, y in points if math.isfinite(y - value)]) or [1.0]
    near = [y for _, y in points if abs(y - value) <= 2 * far[math.floor(0.8 * (len(far) - 1))]]
    label = names[0] if len(names) == 1 else f"added to {' and '.join(names)}"
    marks = [["line", points, "curve"]]
    for rise, look in ((rule, "tangent"), (found.forward, "secant")):
        marks.append(["line", [[base + t, value + rise * t] for t in (-reach, reach)], look])
    marks.append(["line", [[base, value], [base + h, value], [base + h, end]], "nudge"])
    marks.append(["dot", [base + h, end], 6, "there"])
    marks.append(["dot", [base, value], 6.5, "here"])
    return {"box": STAGE, "across": [label, base - reach, base + reach], "up": ["around", scene["formula"], near], "looks": LOOKS, "marks": marks}


def bars(scene, run, here, moved, h):
    """What the inputs move, and what that moves."""
    found = nudge(scene, run, here, moved, h)
    rows = [[name, x, x + h if yes else x] for name, x, yes in zip(scene["names"], here, moved)]
    rows.append([scene["formula"], found.value, found.end])
    marks = []
    for k, (name, start, end) in enumerate(reversed(rows)):
        marks.append(["box", [0.0, k + 0.2], [start, k + 0.6], "amount"])
        if end != start:
            marks.append(["box", [start, k + 0.2], [end, k + 0.6], "piece"])
        change = f" moves by {compact(end - start)}" if end != start else ""
        marks.append(["note", f"{name}: {number(start, 6)}{change}", [min(0.0, start, end), k + 0.66], 4, 0])
    marks.append(["line", [[0, 0], [0, len(rows)]], "zero"])
    across = ["around", "", [0.0, *[x for _, *ends in rows for x in ends]]]
    return {"box": STAGE, "across": across, "up": ["", 0, len(rows), "bare"], "looks": LOOKS, "marks": marks}


def rectangle(scene, run, here, moved, h):
    """The area of a product of two variables, and what its sides add."""
    (first, second), (a, b) = scene["names"], here
    da, db = [h if yes else 0.0 for yes in moved]
    low, high = min(0.0, a, b), max(0.0, a, b) + max(1.0, h)
    pieces = [
        [scene["formula"], [0.0, 0.0], [a, b], "amount", "ink"],
        [f"{second}·h", [a, 0.0], [a + da, b], "piece", "opaque"],
        [f"{first}·h", [0.0, b], [a, b + db], "piece", "opaque"],
        ["h·h", [a, b], [a + da, b + db], "corner", "ground"],
    ]
    marks, scale = [], SQUARE[2] / (high - low)
    for name, start, end, look, colour in pieces:
        width, height = abs(end[0] - start[0]), abs(end[1] - start[1])
        if width and height:
            marks.append(["box", start, end, look])
        if scale * width > 36 and scale * height > 20:
            marks.append(["note", name, [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2], 0, 5, colour, "middle"])
    return {"box": SQUARE, "across": [first, low, high], "up": [second, low, high], "looks": LOOKS, "marks": marks}


def chart(scene, run, here, moved, h):
    """The error of both difference quotients, against h."""
    found = [[math.log10(size), nudge(scene, run, here, moved, size)] for size in [*scene["sizes"], h]]
    forward = [[x, max(it.off, SMALLEST)] for x, it in found]
    central = [[x, max(it.miss, SMALLEST)] for x, it in found]
    marks = [["line", forward[:-1], "forward"], ["line", central[:-1], "central"]]
    marks = [*marks, ["dot", central[-1], 6, "now central"], ["dot", forward[-1], 5, "now"]]
    up = ["around", "error of the slope", [y for _, y in [*forward, *central]], "log"]
    across = ["h = 10 to the power of …", -15.5, max(0.5, math.log10(h))]
    return {"box": CHART, "across": across, "up": up, "looks": LOOKS, "marks": marks}


# ---- a function, and its explorer ---------------------------------------------------------------


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

    @property
    def scene(self) -> dict[str, Any]:
        """What `shown` has to know of it."""
        return {
            "formula": self.graph.formula,
            "names": self.names,
            "nodes": self.nodes,
            "sides": self.sides,
            "sizes": SIZES,
            "decades": DECADES,
        }

    def run(self, point: Sequence[float]) -> Run:
        return self.program(*point)


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
        return slope(*self._situation)

    @property
    def nudge(self) -> Nudge:
        """What the present nudge does."""
        return nudge(*self._situation, self.h)

    @property
    def sentence(self) -> str:
        """What the nudge does, in words."""
        return self._shown(self.h)["sentence"]

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

    # ---- drawing ----------------------------------------------------------------------------

    @property
    def _point(self) -> list[float]:
        return [self._here[name] for name in self._drawn.names]

    @property
    def _situation(self) -> tuple[dict[str, Any], Any, list[float], list[bool]]:
        return self._drawn.scene, self._drawn.run, self._point, moving(self, self._drawn.scene)

    def _shown(self, h: float) -> dict[str, Any]:
        return shown(self, self._drawn.scene, self._drawn.run, self._point, h)

    def _rows(self) -> list[list[str]]:
        return self._shown(self.h)["rows"]

    def _picture(self, h: float) -> Picture:
        found = self._shown(h)
        svg = filled(_drawing(self.theme), found["slots"], self.theme, found["alt"])
        rows = ["h {}: {}, off by {}; both ways {}, off by {}".format(*row) for row in found["rows"]]
        return Picture(svg, found["alt"], "\n  ".join([found["alt"], found["sentence"], *rows]), WIDTH)

    # ---- reacting ---------------------------------------------------------------------------

    def _understood(self, text: str) -> Function:
        return Function(text, self.values or self._here)

    def _described(self, function: Function) -> dict[str, Any]:
        return function.scene | {
            "picture": _drawing("dark"),
            "mathml": function.graph.mathml(),
            "program": function.program.javascript,
        }

    def _renewed(self, function: Function) -> None:
        point = {name: self.values.get(name, function.point[name]) for name in function.names}
        if words := problem(function.scene, function.run, list(point.values())):
            raise ValueError(words)
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
        self._undefined = problem(self._drawn.scene, self._drawn.run, list(point.values()))
        if not self._undefined:
            self._here = point

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


def _drawing(theme: str) -> str:
    """Where both planes, the numbers beside them and the legend will be."""
    paper = Paper(theme, WIDTH, HEIGHT, "")
    for name in ("stage", "chart"):
        paper.add(paper.root, "g", data_slot=name)
    ink, muted = paper.theme.ink, paper.theme.muted
    for name, error, y, colour in BESIDE:
        paper.add(paper.root, "text", WORDS[name], x=ASIDE, y=y, font_size=LARGE, fill=ink)
        look = {"font_size": 20, "font_weight": 600, "fill": getattr(paper.theme, colour)}
        paper.add(paper.root, "text", data_slot=name, x=ASIDE, y=y + 26, **look)
        if error:
            paper.add(paper.root, "text", data_slot=error, x=ASIDE, y=y + 49, font_size=LARGE, fill=muted)
    paper.add(paper.root, "text", data_slot="legend", x=BELOW[0], y=BELOW[1], font_size=LARGE, fill=ink)
    return paper.svg()
