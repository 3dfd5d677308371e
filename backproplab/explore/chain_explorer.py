"""A chain of functions and a nudge that travels through it: at each link it is multiplied by the slope there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture, dials, figure, number_lines
from ..draw.paper import Paper, compact
from ..draw.plane import Axis, Frame, Looks
from ..expression import Expression, read
from ..graph import Graph
from ..notation import fill, number
from ..program import Program
from ..value import Value
from .explorer import module, style
from .labels import Label, closed, opened, write
from .surface import degree
from .typed import TypedExplorer, finite

VIEWS = {"lines": "number lines", "dials": "dials", "shares": "shares", "notch": "notch"}
MOST = 10  # links: as many as there are dials
LETTERS = "abcdfghijklmnopqrst"  # e is Euler's number
HEADS = ("at", "value", "slope", "share")  # of the table
WIDTH, HEIGHT, STAGE = 884, 512, (80, 24, 720, 400)

LOOKS: Looks = {
    "share": {"stroke": "gradient", "stroke_width": 2.2},
    "positive": {"fill": "gradient", "stroke": "gradient", "stroke_width": 2},
    "negative": {"fill": "ground", "stroke": "gradient", "stroke_width": 2},
}
WORDS = {
    "alt": "chain {titles}: {passed}; a nudge of {start} arrives {share} times as large",
    "begin": "{start} = {x} is nudged by {nudge}. Press Step: the nudge goes through the first link.",
    "link": "{title}: at {before} = {value} the slope is {slope}. So the nudge arrives at {name} {had}·{(slope)} = {share} times as large: {by} by the slopes, {real} in truth.",
    "undefined": "{start} = {x} does not get through the chain: one of its links has no value there. Move {start} back.",
    "shares": "dots: the share of a nudge that arrives, as a power of ten; filled: positive, open: negative",
}
NOTCH = [  # what stands beside figure 6
    Label("C = {C}", 170, 46, "value", "end"),
    Label("z = {z}", 178, 212, "value", "end"),
    Label("= {dz}", 298, 212, "gradient"),
    Label("h(s) = {h}", 256, 300, "ink"),
    Label("= {slope}", 296, 352, "ink"),
    Label("s = {s}", 178, 404, "value", "end"),
    Label("= {ds}", 244, 430, "gradient"),
]


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

    def at(self, x: float) -> tuple[float, float]:
        """Its value and slope there."""
        found = self.program(x)
        return found.values[-1], found.gradients[self.leaf]


class Journey(NamedTuple):
    """A number on its way through the chain, and a nudge of it: a list of what is there after 0, 1, … links."""

    values: list[float]
    slopes: list[float]
    shares: list[float]  # the product of the slopes so far
    moves: list[float]  # how far each really moves

    @property
    def undefined(self) -> bool:
        return any(map(math.isnan, self.values))


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

    def journey(self, x: float, nudge: float) -> Journey:
        values, slopes, ends = [x], [], [x + nudge]
        for link in self.links:
            value, slope = link.at(values[-1])
            values.append(value)
            slopes.append(slope)
            ends.append(link.at(ends[-1])[0])
        return Journey(values, slopes, list(accumulate([1.0, *slopes], mul)), [b - a for a, b in zip(values, ends)])


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
        return self._sentence(self.step)

    @property
    def error(self) -> str:
        return self._answer["error"] or self._undefined

    def snapshot(self, step: int | None = None) -> Picture:
        step = self.step if step is None else step
        facts = self._facts(step)
        alt = fill(WORDS["alt"], facts)
        svg, width = getattr(self, f"_{self._view}")(step, facts)
        lines = [alt, self._sentence(step), *(", ".join(f"{head} {cell}" for head, cell in zip(HEADS, row)) for row in self._rows())]
        return Picture(closed(opened(svg, alt)), alt, "\n  ".join(lines), width)

    def __repr__(self) -> str:
        return f"ChainExplorer({self.choices or self.expression!r}, x={self._x!r}, nudge={self.nudge!r}, view={self.view!r})"

    # ---- words ------------------------------------------------------------------------------

    @property
    def _journey(self) -> Journey:
        return self._drawn.journey(self._x, self.nudge)

    @property
    def _view(self) -> str:
        return "lines" if self.view == "dials" and not self._drawn.straight else self.view

    def _facts(self, step: int) -> dict[str, str]:
        chain, way = self._drawn, self._journey
        dz = math.prod(way.slopes[1:])
        k = max(step, 1)
        numbers = {"x": way.values[0], "nudge": self.nudge, "share": way.shares[step], "had": way.shares[k - 1]}
        numbers |= {"value": way.values[k - 1], "slope": way.slopes[k - 1], "by": way.shares[step] * self.nudge, "real": way.moves[step]}
        if self._view == "notch":
            numbers |= {"slope": way.slopes[0], "s": way.values[0], "z": way.values[1], "C": way.values[-1]}
            numbers |= {"dz": dz, "ds": way.slopes[0] * dz}
        return {name: number(x) for name, x in numbers.items()} | {
            "titles": ", ".join(link.title for link in chain.links),
            "passed": ", ".join(f"{name} = {number(x)}" for name, x in zip(chain.names[: step + 1], way.values)),
            "start": chain.start,
            "before": chain.names[k - 1],
            "name": chain.names[k],
            "title": chain.links[k - 1].title,
            "h": chain.links[0].formula,
        }

    def _sentence(self, step: int) -> str:
        facts = self._facts(step)
        slope = self._journey.slopes[max(step, 1) - 1]
        return fill(WORDS["link" if step else "begin"], facts | {"slope": number(slope)})

    def _rows(self) -> list[list[str]]:
        chain, way = self._drawn, self._journey
        titles = [chain.start, *(link.title for link in chain.links)]
        return [
            [title, number(value), slope, number(share)]
            for title, value, slope, share in zip(titles, way.values, ["", *map(number, way.slopes)], way.shares)
        ]

    # ---- drawing ----------------------------------------------------------------------------

    def _lines(self, step: int, facts: Any) -> tuple[str, int]:
        return self._on_lines(self._drawn, self._x, step, self.theme)

    def _on_lines(self, chain: Chain, x: float, step: int, theme: str) -> tuple[str, int]:
        stages: dict[str, Any] = {link.title: link for link in chain.links}
        drawn = number_lines(stages, x, span=self._span, nudge=self.nudge, name=chain.start, step=step, theme=theme)
        return drawn.svg, drawn.width

    def _dials(self, step: int, facts: Any) -> tuple[str, int]:
        return self._on_dials(self._drawn, step, self.theme)

    def _on_dials(self, chain: Chain, step: int, theme: str) -> tuple[str, int]:
        way = chain.journey(0.0, self.nudge)
        amounts = [share * self.nudge for share in way.shares]
        most = max(map(abs, amounts + way.shares))
        full = next((p * k for p in [10.0 ** math.floor(math.log10(most))] for k in (1, 2, 5, 10) if p * k >= most), most)
        drawn = dials(chain.names, way.slopes, self.nudge, full=full, step=step, theme=theme)
        return drawn.svg, drawn.width

    def _shares(self, step: int, facts: Any) -> tuple[str, int]:
        shares = self._journey.shares[: step + 1]
        paper = Paper(self.theme, WIDTH, HEIGHT, "")
        powers = [(k, math.log10(abs(share)) if share else -math.inf) for k, share in enumerate(shares)]
        up = Axis.around("share of the nudge that arrives: 10 to the power of …", [0.0, *(y for _, y in powers)])
        frame = Frame(paper, STAGE, Axis("links passed", -0.5 - 0.05 * self.steps, 1.12 * self.steps + 0.5), up, LOOKS)
        frame.line(powers, "share")
        for (k, y), share in zip(powers, shares):
            frame.dot((k, y), 5, "positive" if share > 0 else "negative")
            if share:
                px, py = frame.place((k, y))
                way = (-9, "end") if k and abs(share) > abs(shares[k - 1]) else (9, "start")  # where there is no line
                frame.write(compact(share), px + way[0], py - 6 if py > 20 else py + 20, "ink", way[1])
        paper.add(paper.root, "text", WORDS["shares"], x=STAGE[0], y=484, font_size=13, fill=paper.theme.ink)
        return paper.svg(), WIDTH

    def _notch(self, step: int, facts: dict[str, str]) -> tuple[str, int]:
        drawn = figure(6, backward=True, theme=self.theme)
        root = opened(drawn.svg)
        write(root, NOTCH, facts, self.theme)
        return closed(root), drawn.width

    # ---- reacting ---------------------------------------------------------------------------

    def _understood(self, text: str) -> Chain:
        return Chain(text, self._x)

    def _described(self, chain: Chain) -> dict[str, Any]:
        steps = len(chain.links)
        pictures = {"lines": self._on_lines(chain, chain.home, steps, "dark")[0], "notch": figure(6, backward=True, theme="dark").svg}
        if chain.straight:
            pictures["dials"] = self._on_dials(chain, steps, "dark")[0]
        return {
            "pictures": pictures,
            "span": list(self._span),
            "names": chain.names,
            "links": [[link.title, link.program.javascript, link.leaf] for link in chain.links],
            "h": chain.links[0].formula,
            "words": WORDS,
            "notch": [list(row) for row in NOTCH],
            "looks": {name: {key.replace("_", "-"): x for key, x in look.items()} for name, look in LOOKS.items()},
        }

    def _renewed(self, chain: Chain) -> None:
        if chain.journey(self.x, 0.0).undefined:
            raise ValueError(fill(WORDS["undefined"], {"start": chain.start, "x": number(self.x)}))
        self._undefined, self._x, self._drawn = "", self.x, chain
        self.step = min(self.step, self.steps)

    @traitlets.observe("x")
    def _on_x(self, change: Any) -> None:
        if not self._answer:
            return
        self._again()
        if self._drawn.journey(self.x, 0.0).undefined:
            self._undefined = fill(WORDS["undefined"], {"start": self._drawn.start, "x": number(self.x)})
        else:
            self._undefined, self._x = "", self.x

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

