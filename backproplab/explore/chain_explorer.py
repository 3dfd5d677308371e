"""A chain of functions and a nudge that travels through it: at each link it is multiplied by the slope there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

import traitlets

from ..draw import Picture, dials, figure, number_lines
from ..draw.gears import product_text, round_above
from ..draw.paper import DIGIT, LARGE, Paper, compact
from ..draw.plane import Looks
from ..expression import Expression, read
from ..graph import Graph
from ..notation import fill, number
from ..program import Program, Run
from ..value import Value
from .explorer import module, style
from .slots import SVG, filled, live_text
from .surface import degree
from .typed import TypedExplorer, finite

VIEWS = {"lines": "number lines", "dials": "dials", "shares": "shares", "notch": "notch"}
MOST = 10  # links: as many as there are dials
LETTERS = "abcdfghijklmnopqrst"  # e is Euler's number
HEADS = ("at", "value", "slope", "share")  # of the table
WIDTH, HEIGHT, STAGE = 884, 358, (64, 8, 780, 264)

LOOKS: Looks = {
    "share": {"stroke": "gradient", "stroke-width": 2.2},
    "positive": {"fill": "gradient", "stroke": "gradient", "stroke-width": 2},
    "negative": {"fill": "ground", "stroke": "gradient", "stroke-width": 2},
}
WORDS = {
    "alt": "chain {titles}: {passed}; a nudge of {start} arrives {share} times as large",
    "begin": "{start} = {x} is nudged by {nudge}. Press Step: the nudge goes through the first link.",
    "link": "{title}: at {before} = {value} the slope is {slope}. So the nudge arrives at {name} {had}·{(slope)} = {share} times as large: {by} by the slopes, {real} in truth.",
    "undefined": "{start} = {x} does not get through the chain: one of its links has no value there. Move {start} back.",
    "shares": "dots: the share of a nudge that arrives, as a power of ten; filled: positive, open: negative",
}
NOTCH = [  # what stands beside figure 6: name, place, colour, anchor
    ("C", 180, 28, "value", "end"),
    ("z", 184, 154, "value", "end"),
    ("dz", 282, 154, "gradient", "start"),
    ("h", 258, 219, "ink", "start"),
    ("slope", 296, 257, "ink", "start"),
    ("s", 184, 301, "value", "end"),
    ("ds", 239, 325, "gradient", "start"),
]


# ---- said and drawn in Python and in the page (see translate.py) ----------------------------------


class Journey(NamedTuple):
    """A number on its way through the chain, and a nudge of it: a list of what is there after 0, 1, … links."""

    values: list[float]
    ends: list[float]  # with the nudge
    slopes: list[float]  # of each link
    shares: list[float]  # the product of the slopes so far


def journey(leaves, runs, x, nudge):
    """Through the programs of the links; `leaves` are the numbers of their variables' nodes."""
    values, ends, slopes, shares = [x], [x + nudge], [], [1.0]
    for leaf, run in zip(leaves, runs):
        found = run([values[-1]])
        slopes.append(found.gradients[leaf])
        values.append(found.values[-1])
        shares.append(shares[-1] * slopes[-1])
        ends.append(run([ends[-1]]).values[-1])
    return Journey(values, ends, slopes, shares)


def problem(scene, way):
    """Why there is nothing to see, if a link has no value."""
    words = {"start": scene["names"][0], "x": number(way.values[0])}
    return fill(WORDS["undefined"], words) if any([math.isnan(x) for x in way.values]) else ""


def shown(explorer, scene, way, step):
    """What is said in a state, and which view is shown."""
    names, titles, nudge = scene["names"], scene["titles"], explorer.nudge
    k = max(step, 1)
    words = {
        "x": number(way.values[0]),
        "nudge": number(nudge),
        "share": number(way.shares[step]),
        "had": number(way.shares[k - 1]),
        "value": number(way.values[k - 1]),
        "slope": number(way.slopes[k - 1]),
        "by": number(way.shares[step] * nudge),
        "real": number(way.ends[step] - way.values[step]),
        "titles": ", ".join(titles),
        "passed": ", ".join([f"{name} = {number(x)}" for name, x in zip(names[: step + 1], way.values)]),
        "start": names[0],
        "before": names[k - 1],
        "name": names[k],
        "title": titles[k - 1],
    }
    view = "lines" if explorer.view == "dials" and not scene["straight"] else explorer.view
    slopes = ["", *[number(slope) for slope in way.slopes]]
    return {
        "alt": fill(WORDS["alt"], words),
        "sentence": fill(WORDS["link" if step else "begin"], words),
        "view": view,
        "rows": [[title, number(x), slope, number(share)] for title, x, slope, share in zip([names[0], *titles], way.values, slopes, way.shares)],
    }


def slots(scene, way, step, nudge, view):
    """What is in the slots of a view."""
    fill_in = {"lines": line_slots, "dials": dial_slots, "shares": share_slots, "notch": notch_slots}[view]
    return fill_in(scene, way, step, nudge)


def there(yes):
    return {"visibility": "visible" if yes else "hidden"}


def line_slots(scene, way, step, nudge):
    """What moves on the number lines; each has its ends in numbers, and in pixels."""
    heads, found = [scene["names"][0], *scene["titles"]], {}
    at = [place(line, x) for line, x in zip(scene["lines"], way.values)]
    to = [place(line, x) for line, x in zip(scene["lines"], way.ends)]
    for i in range(len(heads)):
        value, moved = way.values[i], way.ends[i] - way.values[i]
        found[f"node {i}"] = there(i <= step)
        found[f"dot {i}"] = {"cx": at[i]}
        found[f"dot title {i}"] = {"text": f"{heads[i]}: {number(value)}"}
        found[f"bar {i}"] = {"x1": at[i], "x2": to[i], **there(i <= step)}
        found[f"value {i}"] = {"text": compact(value), **there(i <= step)}
        found[f"nudge {i}"] = {"text": ("+" if moved > 0 else "") + compact(moved), **there(i <= step)}
    for i, slope in enumerate(way.slopes):
        top, bottom = scene["lines"][i]["y"], scene["lines"][i + 1]["y"]
        corners = [[at[i], top], [to[i], top], [to[i + 1], bottom], [at[i + 1], bottom]]
        text, middle = f"×{compact(slope)}", (at[i] + at[i + 1]) / 2
        width = math.ceil(DIGIT * len(text)) + 14
        found |= {f"{part} {i}": there(i < step) for part in ("rays", "edge", "pill")}
        found[f"way {i}"] = {"x1": at[i], "x2": at[i + 1]}
        found[f"slope title {i}"] = {"text": f"slope {number(slope)}"}
        found[f"frame {i}"] = {"x": middle - width / 2, "width": width}
        found[f"slope {i}"] = {"text": text, "x": middle}
        if math.isfinite(to[i + 1]):
            found[f"area {i}"] = {"points": " ".join([f"{x:.1f},{y:.1f}" for x, y in corners]), **there(i < step)}
        else:
            found[f"area {i}"] = there(False)
    return found


def place(line, x):
    return line["left"] + (line["right"] - line["left"]) * (x - line["low"]) / (line["high"] - line["low"])


def dial_scale(way, nudge):
    """The ends of all dials: they reach a round number above all that they show, also for a nudge of 1."""
    full = round_above(max([abs(x) for share in way.shares for x in (share, share * nudge)]))
    return [-full if min([nudge, *way.slopes]) < 0 else 0.0, full]


def dial_slots(scene, way, step, nudge):
    """What turns on the dials."""
    low, full = dial_scale(way, nudge)
    found = {}
    for i, name in enumerate(scene["names"]):
        amount = way.shares[i] * nudge
        angle = 270 * ((amount - low) / (full - low) - 0.5)
        x, y = scene["dials"][i]
        found[f"hand {i}"] = {"transform": f"rotate({angle:.1f} {x} {y})", **there(i <= step)}
        found[f"dial title {i}"] = {"text": f"{name}: {number(amount)}" if i <= step else name}
        found[f"value {i}"] = {"text": compact(amount, 6) if i <= step else "·"}
        found |= {f"tick {i} {k}": {"text": compact(low + (full - low) * k / 2, 5)} for k in range(3)}
    product = f"{product_text(way.slopes[:step])} times as far as {scene['names'][0]}" if step else ""
    return found | {"product": {"text": product}}


def share_slots(scene, way, step, nudge):
    """What arrives after each link, as powers of ten."""
    found = way.shares[: step + 1]
    points = [[k, math.log10(abs(share)) if share else -math.inf] for k, share in enumerate(found)]
    marks = [["line", points, "share"]]
    for k, share in enumerate(found):
        marks.append(["dot", points[k], 6, "positive" if share > 0 else "negative"])
        if share:
            rises = k > 0 and abs(share) > abs(found[k - 1])  # the text stands where there is no line
            marks.append(["note", compact(share), points[k], -9 if rises else 9, -6, "ink", "end" if rises else "start"])
    heights = [0.0, -1.0, *[y for _, y in points if math.isfinite(y)]]  # a power of ten at least
    room = 0.08 * (max(heights) - min(heights))  # for the text above the highest dot
    up = ["around", "share of the nudge that arrives: 10 to the power of …", [*heights, max(heights) + room]]
    links = len(way.slopes)
    across = ["links passed", -0.5 - 0.05 * links, 1.12 * links + 0.5]
    return {"shares": {"plane": {"box": STAGE, "across": across, "up": up, "looks": LOOKS, "marks": marks}}}


def notch_slots(scene, way, step, nudge):
    """The numbers beside figure 6."""
    slope = way.slopes[0]
    after = math.prod(way.slopes[1:])
    pairs = [["C", way.values[-1]], ["z", way.values[1]], ["", after], ["", slope], ["s", way.values[0]], ["", slope * after]]
    names = ["C", "z", "dz", "slope", "s", "ds"]
    found = {name: {"text": f"{letter} = {number(x)}".strip()} for name, (letter, x) in zip(names, pairs)}
    return found | {"h": {"text": f"h(s) = {scene['h']}"}}


# ---- a chain, and its explorer -------------------------------------------------------------------


class Link(NamedTuple):
    """One function of the chain: its title, the formula alone, and how it is computed."""

    title: str
    formula: str
    expression: Expression
    program: Program
    leaf: int  # the number of the node that is its variable
    straight: bool  # its slope is the same everywhere

    def __call__(self, x: Value) -> Value:
        return self.expression.output({self.expression.names[0]: x})

    def run(self, point: list[float]) -> Run:
        return self.program(*point)


class Chain:
    """A typed chain: links between commas, each an expression in one variable and perhaps a name, `c = b^2`."""

    def __init__(self, text: str, x: float) -> None:
        self.home = x  # where it is drawn for the page, which then moves what moves
        parts = [part.rpartition("=") for part in _split(text)]
        if len(parts) > MOST:
            raise ValueError(f"Found {len(parts)} links, but a chain may have {MOST}: leave some out.")
        self._where = [f"Link {i}: " if len(parts) > 1 else "" for i in range(1, len(parts) + 1)]
        expressions = [self._read(i, formula) for i, (_, _, formula) in enumerate(parts)]
        self.names = self._named([name.strip() for name, _, _ in parts], [expression.names[0] for expression in expressions])
        self.links: list[Link] = []
        for i, expression in enumerate(expressions):
            leaf = Value(x, self.names[i])
            try:
                graph = Graph(expression.output({expression.names[0]: leaf}))
            except ValueError as problem:
                raise ValueError(f"{self._where[i]}{problem}") from None
            x, formula, node = graph.output.data, graph.formula, graph.nodes.index(leaf)
            title = f"{self.names[i + 1]} = {formula}"
            self.links.append(Link(title, formula, expression, Program(graph), node, degree(graph) <= 1))
        self.straight = all(link.straight for link in self.links)

    @property
    def start(self) -> str:
        return self.names[0]

    def _read(self, i: int, formula: str) -> Expression:
        try:
            expression = read(formula)
        except ValueError as problem:
            raise ValueError(f"{self._where[i]}{problem}") from None
        if len(expression.names) != 1:
            found = ", ".join(expression.names) or "none"
            raise ValueError(f"{self._where[i]}Found the variables {found}, but expected one, which takes what comes before.")
        return expression

    def _named(self, given: list[str], variables: list[str]) -> list[str]:
        """The start and the links by name: as given, as the next link calls it, or a letter that is free."""
        names = [variables[0]]
        for i, (name, called) in enumerate(zip(given, [*variables[1:], ""])):
            taken = {*names, *given, ""}
            names.append(name or (called if called not in taken else next(letter for letter in LETTERS if letter not in taken)))
            if names[-1] in names[:-1]:
                raise ValueError(f"{self._where[i]}There is a {name!r} already: give every link a name of its own.")
        return names

    @property
    def scene(self) -> dict[str, Any]:
        """What `shown` has to know of it."""
        return {
            "names": self.names,
            "titles": [link.title for link in self.links],
            "leaves": [link.leaf for link in self.links],
            "h": self.links[0].formula,
            "straight": self.straight,
        }

    def journey(self, x: float, nudge: float) -> Journey:
        return journey(self.scene["leaves"], [link.run for link in self.links], x, nudge)


def _split(text: str) -> list[str]:
    """The parts between commas that are in no bracket."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


class ChainExplorer(TypedExplorer):
    """A nudge travels through a chain of functions, link by link; each multiplies it by its slope at the forward value.

    The chain is typed as links between commas, each in one variable, which takes what comes before: "4*x, x+1, x^2". A link
    may have a name, `car = 2*bicycle`. A list of links does as well, and a list of whole chains offers them all.

    Traits: `expression`, `x` (where it starts) and `nudge`; `step`, how many links the nudge has passed; and `view`: "lines"
    (number lines, with rays that show the slopes), "dials" (only if all slopes are constant: coupled dials, the first
    one turned by the nudge), "shares" (what arrives after each link, as powers of ten) or "notch" (LeCun's sixth figure: the
    first link is h, and sits in a notch of the rest of the network). `span` is the range of x.

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
        svg = filled(self._drawing(self._drawn, view, self._x, step, self.theme), filling, self.theme, found["alt"])
        rows = [", ".join(f"{head} {cell}" for head, cell in zip(HEADS, row)) for row in found["rows"]]
        width = int(ElementTree.fromstring(svg).get("width", WIDTH))
        return Picture(svg, found["alt"], "\n  ".join([found["alt"], found["sentence"], *rows]), width)

    def __repr__(self) -> str:
        return f"ChainExplorer({self.choices or self.expression!r}, x={self._x!r}, nudge={self.nudge!r}, view={self.view!r})"

    @property
    def _journey(self) -> Journey:
        return self._drawn.journey(self._x, self.nudge)

    def _shown(self, step: int) -> dict[str, Any]:
        return shown(self, self._drawn.scene, self._journey, step)

    def _rows(self) -> list[list[str]]:
        return self._shown(self.step)["rows"]

    # ---- drawing ----------------------------------------------------------------------------

    def _drawing(self, chain: Chain, view: str, x: float, step: int, theme: str) -> str:
        """A view; of number lines and dials as they are at x after so many steps, of the others with slots."""
        match view:
            case "lines":
                stages: dict[str, Any] = {link.title: link for link in chain.links}
                return number_lines(stages, x, span=self._span, nudge=self.nudge, name=chain.start, step=step, theme=theme).svg
            case "dials":
                way = chain.journey(0.0, self.nudge)
                return dials(chain.names, way.slopes, self.nudge, full=dial_scale(way, self.nudge)[1], step=step, theme=theme).svg
            case "shares":
                paper = Paper(theme, WIDTH, HEIGHT, "")
                paper.add(paper.root, "g", data_slot="shares")
                paper.add(paper.root, "text", WORDS["shares"], x=STAGE[0], y=334, font_size=LARGE, fill=paper.theme.ink)
                return paper.svg()
        root, paper = ElementTree.fromstring(figure(6, backward=True, theme=theme).svg), Paper(theme, 1, 1, "")
        for label in NOTCH:
            live_text(paper, *label)
        root.extend(ElementTree.fromstring(paper.svg())[1:])
        return ElementTree.tostring(root, encoding="unicode")

    # ---- reacting ---------------------------------------------------------------------------

    def _understood(self, text: str) -> Chain:
        return Chain(text, self._x)

    def _described(self, chain: Chain) -> dict[str, Any]:
        views = [view for view in VIEWS if view != "dials" or chain.straight]
        pictures = {view: ElementTree.fromstring(self._drawing(chain, view, chain.home, len(chain.links), "dark")) for view in views}
        layout = {"lines": _slotted_lines(pictures["lines"]), "dials": _slotted_dials(pictures["dials"]) if chain.straight else []}
        return chain.scene | layout | {
            "pictures": {view: ElementTree.tostring(picture, encoding="unicode") for view, picture in pictures.items()},
            "programs": [link.program.javascript for link in chain.links],
            "span": list(self._span),
        }

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
            raise traitlets.TraitError(f"x and x + nudge must lie within the span {low:g} to {high:g}; got x = {x:g}, nudge = {nudge:g}.")
        return value


def _slotted_lines(root: ElementTree.Element) -> list[dict[str, float]]:
    """Give what `line_slots` moves its names; the ends of each line in numbers and in pixels, and its height."""
    groups = {kind: [it for it in root if it.get(f"data-{kind}")] for kind in ("line", "rays", "edge", "label", "node")}
    pills, labels = ([it for it in groups["label"] if (">" in it.get("data-label", "")) is sign] for sign in (True, False))
    for i, (node, label) in enumerate(zip(groups["node"], labels)):
        _named(i, {"node": node, "dot": node[0], "dot title": node[1], "value": label[0], "nudge": label[1]})
    for i, bar in enumerate(it for it in root if it.get("data-role") == "bar"):
        _named(i, {"bar": bar})
    for i, (rays, edge, pill) in enumerate(zip(groups["rays"], groups["edge"], pills)):
        _named(i, {"rays": rays, "edge": edge, "area": edge[0], "way": edge[-1]})
        _named(i, {"pill": pill, "slope title": pill[0], "frame": pill[1], "slope": pill[2]})
    return [
        {name: float(line.get(f"data-{name}")) for name in ("low", "high", "left", "right")} | {"y": float(line[2].get("y1"))}
        for line in groups["line"]
    ]


def _slotted_dials(root: ElementTree.Element) -> list[list[str]]:
    """Give what `dial_slots` turns its names; about which point each hand turns."""
    dials = [it for it in root if it.get("data-node")]
    for i, dial in enumerate(dials):
        texts = {f"tick {i} {k}": it for k, it in enumerate(dial.findall(f"{SVG}text"))}
        for name, it in texts.items():
            it.set("data-slot", name)
        hand = next(it for it in dial if it.get("data-role") == "hand")
        _named(i, {"hand": hand, "dial title": dial.find(f"{SVG}title")})
    for i, value in enumerate(it for it in root.iter() if it.get("data-role") == "value"):
        _named(i, {"value": value})
    next(it for it in root if it.get("data-role") == "product").set("data-slot", "product")
    return [next(it for it in dial if it.get("data-role") == "hand").get("transform")[:-1].split(" ")[1:] for dial in dials]


def _named(i: int, parts: dict[str, ElementTree.Element]) -> None:
    for name, it in parts.items():
        it.set("data-slot", f"{name} {i}")
