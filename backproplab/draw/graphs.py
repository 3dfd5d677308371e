"""A computation graph as a picture: cards for nodes, arrows for edges, a pill with the slope at each arrow.

For whoever measures a picture or moves it in a page: a node is `<g data-node="NAME">`, its box the first shape in
it; an edge is `<g data-edge="SOURCE>TARGET:PORT">` with its path and arrow head, and its pill
`<g data-label="SOURCE>TARGET:PORT">`. Numbers are texts with `data-role` value, gradient, sum or slope. In a picture
of a step, `data-state` is done, active or waiting.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ..node import refuse_stale
from ..notation import bracketed
from ..rules import pull_rule
from .arrays import in_words, shape_of, summary
from .cards import ROW, Body, Card, Figures, sum_text
from .fold import LEVELS, Link, Part, parts_of
from .fold import Edge as Use
from .layout import Edge, Layout, layered, links
from .paper import DIGIT, MARGIN, SMALL, TALLEST, Paper, compact, coordinate
from .picture import Picture

if TYPE_CHECKING:
    from ..graph import Graph
    from ..story import Step

LARGEST = 500  # boxes
LONGEST_LINKS = 4000  # pieces of edges between neighbouring layers
PILL_CHARACTERS = 7  # of a slope
LOW_CHARACTERS = 6  # in a pill with everything on one line
NARROW_CHARACTERS = 5  # in a folded picture
ARRAY_CHARACTERS = 11  # a range, as in −0.3 … 0.86
CONTROLS = 118  # pixels of a slide that the buttons and the sentence of an explorer need, a third smaller
SIGNS = ("", "×", "=")  # slope × upstream = contribution
PILL_ROW, PILL_BASE = 16, 13  # height of a line in a pill, and where in it the text stands
PILL_ROLES = ("slope", "upstream", "contribution")
MOST_CHIPS = {"right": 3, "down": 1}  # on a box that are shown one by one: top down, there is no height for more
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_FACTS = 8  # gradients that are listed in one line


@dataclass(frozen=True, slots=True)
class State:
    """What a picture shows at one moment: the numbers known so far, and what is happening."""

    values: Mapping[Any, Any]
    gradients: Mapping[Any, Any]
    slopes: Mapping[Use, Any] = field(default_factory=dict)  # by operation and input number
    contributions: Mapping[Use, Any] = field(default_factory=dict)  # slope × upstream, in the order of arrival
    active: Any = None  # the node whose number has just appeared
    edge: Use | None = None  # the edge it came through
    stepping: bool = False  # mark what is done and what is waiting

    @classmethod
    def of(cls, graph: Graph) -> State:
        """The graph as it stands; its gradients too, if `backward()` has been called."""
        refuse_stale(graph.nodes)
        values = {node: node.data for node in graph.nodes}
        gradients = graph.gradients
        if not gradients:
            return cls(values, {})
        contributions = {}
        for node in reversed(graph.nodes):
            if node in gradients and node.inputs:
                contributions |= {(node, port): step for port, step in node.send(gradients[node])}
        return cls(values, gradients, _slopes(graph), contributions)

    @classmethod
    def after(cls, graph: Graph, steps: list[Step], count: int) -> State:
        """The graph after the first `count` steps of its story."""
        values = {node: node.data for node in graph.nodes if not node.inputs}
        gradients: dict[Any, Any] = {}
        contributions: dict[Use, Any] = {}
        for step in steps[:count]:
            if step.phase == "forward":
                values[graph[step.node]] = step.value
                continue
            gradients[graph[step.node]] = step.total
            if step.through:
                contributions[graph[step.through], step.port] = step.contribution
        last = steps[count - 1] if count else None
        slopes = _slopes(graph) if gradients else {}
        active = graph[last.node] if last else None
        edge = (graph[last.through], last.port) if last and last.through else None
        return cls(values, gradients, slopes, contributions, active, edge, stepping=True)


def _slopes(graph: Graph) -> dict[Use, Any]:
    return {
        (node, port): node.slope(port)
        for node in graph.nodes
        for port, x in enumerate(node.inputs)
        if not x.constant
    }


def draw(
    graph: Graph,
    *,
    theme: str = "light",
    step: int | None = None,
    fit: float = 900,
    scale: float = 1.0,
    fold: bool | str | None = None,
    expand: bool | str | Iterable[str] = (),
    rules: bool = False,
) -> Picture:
    """The picture of a graph: values in blue, gradients (after `backward()`) in vermillion, slopes on edges.

    `step` shows the graph after that many steps of `graph.steps()`. Left to right if that is at most `fit`
    pixels wide, otherwise top down; `scale` enlarges everything. A graph of more than 60 nodes, or
    too wide to fit, is folded into fewer boxes: `fold` says so by hand (True, False, "terms", "neurons" or
    "layers"), and `expand` names the nodes whose box is shown whole (True: all). `rules` writes every local derivative into its box. The same
    graph gives the same bytes, always.

    >>> from backproplab import parse
    >>> graph = parse("(4*x+1)^2", x=1.0)
    >>> graph.backward()
    >>> draw(graph).alt
    'graph of (4x+1)^2 at x = 1: output 25, gradient of x 40'
    """
    if not scale > 0:
        raise ValueError(f"scale enlarges a picture and must be above 0; got {scale}.")
    options = {"expand": expand, "rules": rules, "stepping": step is not None}
    diagram = Diagram(graph, fit / scale, fold=fold, **options)
    if fold is None and not expand and diagram.width > fit / scale:
        diagram = _folded_to_fit(diagram, fit / scale, **options)
    if step is None:
        return diagram.picture(State.of(graph), theme, scale)
    steps = graph.steps()
    if not 0 <= step <= len(steps):
        raise ValueError(f"This graph has {len(steps)} steps; got step={step}, expected 0 to {len(steps)}.")
    return diagram.picture(State.after(graph, steps, step), theme, scale)


def _folded_to_fit(diagram: Diagram, fit: float, **options: Any) -> Diagram:
    """The same graph folded as little as lets it fit; what does not fit at all is drawn as narrow as can be."""
    candidates = [diagram]
    for level in LEVELS:
        candidates.append(Diagram(diagram.graph, fit, fold=level, **options))
        if candidates[-1].width <= fit:
            return candidates[-1]
    return min(candidates, key=lambda candidate: candidate.width)


class Diagram:
    """A graph that has been laid out once and can be drawn in any state: nodes never move."""

    def __init__(
        self,
        graph: Graph,
        fit: float = 900,
        *,
        fold: bool | str | None = None,
        expand: bool | str | Iterable[str] = (),
        rules: bool = False,
        stepping: bool = True,
    ) -> None:
        """`stepping` keeps room at every edge for a product, so that nothing moves from step to step."""
        self.graph = graph
        self.parts = parts_of(graph, fold, expand)
        index = {node: i for i, part in enumerate(self.parts) for node in part.nodes}
        self.owner = {node: part for part in self.parts for node in part.nodes}
        self.arrows = [(link, part, port) for part in self.parts for port, link in enumerate(part.links)]
        edges = [
            # nothing moves along the edge from a constant: it bends where another need not, and has no slope
            Edge(index[link.source], index[part.node], port, *((0.5, (0, 0)) if link.source.constant else ()))
            for link, part, port in self.arrows
        ]
        self._refuse_too_large(edges)
        self.uses: dict[Any, list[Use]] = defaultdict(list)  # through which a gradient arrives
        for node in graph.nodes:
            for port, x in enumerate(node.inputs):
                if not x.constant:
                    self.uses[x].append((node, port))
        self.stepping = stepping
        self.sent = self._sent_back()
        self._arrange(edges, graph.rules("text") if rules else {}, fit)
        self.width = math.ceil(self.layout.width) + 2 * MARGIN
        self.height = math.ceil(self.layout.height) + 2 * MARGIN

    def _arrange(self, edges: list[Edge], rules: Mapping[Any, Any], fit: float) -> None:
        """Lay it out. Top down height is dear: as much stands side by side as lets the picture `fit` into its width."""
        arrays = any(shape_of(node.data) for node in self.graph.nodes)
        folded = len(self.parts) < len(self.graph.nodes)
        self.products = self.stepping and not arrays and not folded  # there is no room for more than the slope
        usual = ARRAY_CHARACTERS if arrays else NARROW_CHARACTERS if folded else PILL_CHARACTERS
        for low_pills, low_cards in ((self.products, True), (False, True), (False, False)):
            cards = {way: [self._card(part, rules, way, low_cards) for part in self.parts] for way in MOST_CHIPS}
            characters = {"right": usual, "down": LOW_CHARACTERS if low_pills else usual}
            pills = {way: self._pill_room(characters[way], low_pills and way == "down") for way in MOST_CHIPS}
            port = pills["right"][1] + 8 if self.products else ROW  # so that products stand one below the other
            boxes = {
                # left to right, many inputs need a tall side; top down, a wide one, which the layout finds itself
                "right": [card.box(port * len(part.links)) for part, card in zip(self.parts, cards["right"])],
                "down": [card.box() for card in cards["down"]],
            }
            self.layout: Layout = layered(
                boxes["right"], edges, pill=pills["right"], fit=fit - 2 * MARGIN,
                down_boxes=boxes["down"], down_pill=pills["down"], tall=TALLEST - 2 * MARGIN - (CONTROLS if self.stepping else 0),
            )  # fmt: skip
            way = self.layout.direction
            self.boxes, self.cards, self.characters = boxes[way], cards[way], characters[way]
            self.low_pills = low_pills and way == "down"  # slope × upstream = contribution on one line
            if self.layout.width <= fit - 2 * MARGIN:
                break

    def _pill_room(self, characters: int, low: bool) -> tuple[int, int]:
        """Width and height of the largest pill: all slopes, or products, of so many characters."""
        lines = [sign + "0" * characters for sign in SIGNS] if self.products else ["0" * characters]
        width, height, _ = pill_frame(lines, low)
        return width, height + 2

    def _sent_back(self) -> dict[Use, str]:
        """Of the edges without a slope, where entries are mixed or moved: what is sent back, as in `δ @ wᵀ`."""
        rules = {}
        for link, _, _ in self.arrows:
            node, port = link.edges[0]
            if not node.op.slopes and not node.inputs[port].constant and len(link.edges) == 1:
                rules[node, port] = pull_rule(self.graph, node, port)
        return rules

    def _refuse_too_large(self, edges: list[Edge]) -> None:
        nodes, boxes = len(self.graph.nodes), len(self.parts)
        folded = f" and {boxes:,} boxes when folded" if boxes < nodes else ""
        advice = (
            "draw a part of it, Graph(node) for a node on the way to the output, "
            "or compute with Tensors, where a whole layer is one node."
        )
        if boxes > LARGEST:
            raise ValueError(
                f"The graph has {nodes:,} nodes{folded}, too many to draw (at most {LARGEST}): {advice}"
            )
        if links(boxes, edges) > LONGEST_LINKS:
            raise ValueError(
                f"The graph has {nodes:,} nodes{folded}, and some are used so far apart or so often that "
                f"the picture would be all arrows: {advice}"
            )

    def _card(self, part: Part, rules: Mapping[Any, Any], way: str, low: bool) -> Card:
        node, name = part.node, part.name(self.graph.names)
        if node.constant and not node.inputs and not shape_of(node.data):
            return Card(name)
        shape = (len(part.nodes),) if len(part.nodes) > 1 else shape_of(node.data)
        uses = len(self.uses[node]) if len(part.nodes) == 1 else 0
        lines = tuple(map(_raised, rules.get(self.graph.names[node], ())))
        body = Body(name, shape, not node.constant, uses, rules=lines, beside=way == "down" and (low or bool(shape)))
        chips = [self._chip(chips) for chips in _chips(part, MOST_CHIPS[way])]
        ordered = not (node.op and node.op.commutative)
        return Card(body, part.badge, chips, ordered=ordered, below=way == "down")

    def _chip(self, chips: tuple[Any, ...]) -> Body:
        shape = shape_of(chips[0].data) if len(chips) == 1 else (len(chips),)
        return Body(self._chip_name(chips), shape, together=len(chips) > 1)

    def _chip_name(self, chips: tuple[Any, ...]) -> str:
        return self.graph.names[chips[0]] if len(chips) == 1 else f"{len(chips)} parameters"

    def _chips(self, part: Part) -> list[tuple[Any, ...]]:
        return _chips(part, MOST_CHIPS[self.layout.direction])

    # ---- words ------------------------------------------------------------------------------

    def picture(self, state: State, theme: str = "light", scale: float = 1.0) -> Picture:
        """The picture of one state."""
        svg = self.svg(state, theme, scale=scale)
        return Picture(svg, self.alt(state), self.text(state), round(self.width * scale))

    def alt(self, state: State) -> str:
        """What the picture says, in one line."""
        graph = self.graph
        facts = []
        if graph.output in state.values:
            facts.append(f"output {_brief(state.values[graph.output])}")
        moved = {name: state.gradients[leaf] for name, leaf in graph.leaves.items() if leaf in state.gradients}
        if len(moved) > MOST_FACTS:
            facts.append(f"gradients of {len(moved)} variables")
        else:
            facts += [f"gradient of {name} {_brief(gradient)}" for name, gradient in moved.items()]
        if not facts:
            facts = ["nothing computed yet"]
        return f"graph of {graph.formula}{graph.point}: {', '.join(facts)}"

    def text(self, state: State) -> str:
        """Everything that the picture says: a line per node, with value, gradient and slopes."""
        names = self.graph.names
        lines = [self.alt(state)]
        if len(self.parts) < len(self.graph.nodes):
            lines.append(
                f'  {len(self.graph.nodes)} nodes folded into {len(self.parts)} boxes; expand="NAME" shows one whole'
            )
        for part, card in zip(self.parts, self.cards):
            if isinstance(card.body, str):
                continue
            name, written = part.name(names), part.written(names)
            words = self._numbers(name if name == written else f"{name} = {written}", part.nodes, state)
            slopes = [
                f"{in_words(slope)} to {names[link.source]}"
                for link, slope in zip(part.links, part.slopes(state.slopes))
                if slope is not None
            ]
            words += f", slope {', '.join(slopes)}" if slopes else ""
            if state.slopes:
                edges = [(link, self.sent[link.edges[0]]) for link in part.links if self.sent.get(link.edges[0])]
                words += "".join(f", sends {rule} to {names[link.source]}" for link, rule in edges)
            lines.append("  " + words)
            lines += [f"    {rule}" for rule in card.body.rules]
            lines += [f"    {self._numbers(self._chip_name(chips), chips, state)}" for chips in self._chips(part)]
        return "\n".join(lines)

    def _numbers(self, words: str, nodes: tuple[Any, ...], state: State) -> str:
        value, gradient = _figure(nodes, state.values), _figure(nodes, state.gradients)
        if value is not None:
            words += f": value {in_words(value)}"
        if gradient is not None:
            words += f", gradient {in_words(gradient)}"
            terms, uses = self._terms(nodes, state), len(self.uses[nodes[0]])
            if terms and uses > 1:
                words += f" = {sum_text(terms, uses)}"
                if len(terms) <= MOST_FACTS and not shape_of(terms[0]):
                    words += f" ({' + '.join(bracketed(in_words(term)) for term in terms)})"
        return words

    # ---- drawing ----------------------------------------------------------------------------

    def svg(self, state: State, theme: str = "light", *, scale: float = 1.0, slots: bool = False) -> str:
        """The drawing itself. Only presentation attributes: converters strip style sheets.

        With `slots`, the pills of slopes that are not known yet and the heads of gradients that do not flow yet
        are there as well, hidden, so that a page can show any state by setting texts and marks.
        """
        paper = Paper(theme, self.width, self.height, self.alt(state), scale)
        order = sorted(range(len(self.arrows)), key=lambda i: self._is_active(self.arrows[i], state))
        for i in order:  # what is happening is drawn last, on top of what it crosses
            self._draw_arrow(paper, i, state, slots)
        for i in range(len(self.parts)):
            self._draw_part(paper, i, state)
        known = [slope for part in self.parts for slope in part.slopes(state.slopes)]
        for i in order:
            text = self._pill_text(i, known[i], state)
            if text or (slots and self._is_moving(i)):
                self._draw_pill(paper, i, text, state, slots)
        return paper.svg()

    def _is_active(self, arrow: tuple[Link, Part, int], state: State) -> bool:
        link, part, _ = arrow
        if state.edge:
            return any(edge == state.edge for edge in link.edges)
        return state.stepping and not state.gradients and state.active in part.nodes

    def _is_moving(self, i: int) -> bool:
        link, _, _ = self.arrows[i]
        return any(not node.inputs[port].constant for node, port in link.edges)

    def _arrow_name(self, i: int) -> str:
        (link, part, port), names = self.arrows[i], self.graph.names
        return f"{self.owner[link.source].name(names)}>{part.name(names)}:{port}"

    def _arrow_mark(self, i: int, state: State) -> str:
        """Whether something flows through an arrow now, has flowed through it or will; nothing outside of steps."""
        link, part, _ = self.arrows[i]
        if not state.stepping:
            return ""
        if self._is_active(self.arrows[i], state):
            return "active"
        if state.gradients:
            done = all(edge in state.contributions for edge in link.edges)
        else:
            done = all(node in state.values for node in part.nodes)
        return "done" if done else "waiting"

    def _draw_arrow(self, paper: Paper, i: int, state: State, slots: bool) -> None:
        theme, mark = paper.theme, self._arrow_mark(i, state)
        colour, width = {"active": (theme.active, 3.2), "done": (theme.done, 2.0)}.get(mark, (theme.line, 1.6))
        marks = {"data_state": mark} if mark else {}
        group = paper.add(paper.root, "g", data_edge=self._arrow_name(i), **marks)
        path, tip, right = self.layout.paths[i], self.layout.tips[i], self.layout.direction == "right"
        paper.add(group, "path", d=path, fill="none", stroke=colour, stroke_width=width)
        paper.add(group, "polygon", points=_head(*tip, right, 1), fill=colour)
        back = mark == "active" and state.edge is not None  # the gradient flows against the arrow
        if back or slots:
            hidden = {} if back else {"visibility": "hidden"}
            head = _head(*self.layout.routes[i][0], right, -1)
            paper.add(group, "polygon", points=head, fill=theme.gradient, data_role="back", **hidden)

    def _pill_text(self, i: int, slope: Any, state: State) -> list[str]:
        """The lines of a pill: the slope, and at the active edge × upstream and = contribution."""
        link, part, _ = self.arrows[i]
        if slope is None:
            rule = self.sent.get(link.edges[0], "") if state.slopes else ""
            return [rule] if 0 < len(rule) <= self.characters else []
        numbers = [slope]
        if self.products and self._is_active(self.arrows[i], state) and len(link.edges) == 1:
            numbers += [state.gradients.get(part.node, 0.0), state.contributions[link.edges[0]]]
        return pill_lines([self._short(x) for x in numbers], self.characters)

    def _draw_pill(self, paper: Paper, i: int, text: list[str], state: State, slots: bool) -> None:
        active = state.edge is not None and self._is_active(self.arrows[i], state)
        hidden = {} if text else {"visibility": "hidden"}
        empty = [""] * (len(PILL_ROLES) - len(text)) if slots else []  # room for what may come
        text = text or [""]
        theme, (x, y) = paper.theme, self.layout.pills[i]
        width, height, places = pill_frame(text, self.low_pills)
        left, top = x - width / 2, y - height / 2
        group = paper.add(paper.root, "g", data_label=self._arrow_name(i), **hidden)
        paper.add(
            group, "rect", x=left, y=top, width=width, height=height, rx=7,
            fill=theme.ground, stroke=theme.active if active else theme.line, stroke_width=1.8 if active else 0.7,
        )  # fmt: skip
        for line, (dx, dy), role in zip(text + empty, places + places[-1:] * len(empty), PILL_ROLES):
            ink = theme.ink if role == "slope" else theme.gradient
            paper.number(group, line, left + dx, top + dy, ink, SMALL, anchor="middle", data_role=role)

    def _short(self, x: Any) -> str:
        """A slope, in the room that a pill has for it."""
        return summary(x, 4) if shape_of(x) else compact(float(x), min(self.characters, PILL_CHARACTERS))

    def _draw_part(self, paper: Paper, i: int, state: State) -> None:
        part, card, box, centre = self.parts[i], self.cards[i], self.boxes[i], self.layout.centers[i]
        names = self.graph.names
        mark = self._mark(part.nodes, part.contents, state)
        group = self._group(paper, paper.root, part.name(names), part.written(names), mark)
        card.draw(paper, group, box, centre, self._figures(part.nodes, state), **_border(paper, mark))
        for chips, chip, (chip_box, place) in zip(self._chips(part), card.chips, card.chip_boxes(box, centre)):
            name, mark = self._chip_name(chips), self._mark(chips, chips, state)
            inner = self._group(paper, group, name, ", ".join(names[node] for node in chips), mark)
            Card(chip).draw(paper, inner, chip_box, place, self._figures(chips, state), **_border(paper, mark))

    def _group(self, paper: Paper, parent: Any, name: str, written: str, mark: str) -> Any:
        marks = {"data_state": mark} if mark else {}
        group = paper.add(parent, "g", data_node=name, **marks)
        paper.add(group, "title", name if name == written else f"{name} = {written}")
        return group

    def _figures(self, nodes: tuple[Any, ...], state: State) -> Figures:
        return Figures(_figure(nodes, state.values), _figure(nodes, state.gradients), self._terms(nodes, state))

    def _terms(self, nodes: tuple[Any, ...], state: State) -> list[Any]:
        """The contributions to a node's gradient so far, as they arrived; none if they are not all of it."""
        if len(nodes) > 1:
            return []
        uses = set(self.uses[nodes[0]])
        terms = [step for use, step in state.contributions.items() if use in uses]
        gradient = state.gradients.get(nodes[0])
        if gradient is None or not terms or not _adds_up(terms, gradient):
            return []  # a leaf that keeps the gradient of an earlier pass
        return terms

    def _mark(self, nodes: tuple[Any, ...], contents: tuple[Any, ...], state: State) -> str:
        """Whether a box is done, active or waiting in this phase; nothing outside of steps."""
        if not state.stepping or (nodes[0].constant and not nodes[0].inputs):
            return ""
        if state.active in contents:
            return "active"
        known = state.values
        if state.gradients:
            known = {node for node in nodes if all(use in state.contributions for use in self.uses[node])}
            known = known & set(state.gradients)
        return "done" if all(node in known for node in nodes) else "waiting"


def pill_lines(texts, characters):
    """A slope, × upstream and = contribution, as they are written; translated for the page of an explorer."""
    space = " " if max([len(text) for text in texts]) < characters else ""
    return [sign + space + text if sign else text for sign, text in zip(SIGNS, texts)]


def pill_frame(lines, low):
    """Width and height of a pill, and where the middle of each line stands in it: below each other, or `low`, beside.

    >>> pill_frame(["4", "× 10", "= 40"], low=False)[:2], pill_frame(["4", "× 10", "= 40"], low=True)[:2]
    ((38, 49), (97, 17))
    """
    widths = [math.ceil(len(line) * DIGIT) for line in lines]
    if not low:
        width = max(widths) + 5
        return width, PILL_ROW * len(lines) + 1, [(width / 2, PILL_BASE + PILL_ROW * k) for k in range(len(lines))]
    ends = [3 + end + 8 * k for k, end in enumerate(accumulate(widths))]
    middles = [end - width / 2 for end, width in zip(ends, widths)]
    return ends[-1] + 3, PILL_ROW + 1, [(middle, PILL_BASE) for middle in middles]


def _chips(part: Part, most: int) -> list[tuple[Any, ...]]:
    """The chips on a box, each a leaf, or all of them together if they are more than `most` numbers."""
    if len(part.chips) <= most or any(shape_of(chip.data) for chip in part.chips):
        return [(chip,) for chip in part.chips]
    return [part.chips]


def _figure(nodes: tuple[Any, ...], numbers: Mapping[Any, Any]) -> Any:
    """The number of one node, or the list of those of several; None unless all are known."""
    found = [numbers.get(node) for node in nodes]
    if any(x is None for x in found):
        return None
    return found[0] if len(found) == 1 else found


def _raised(rule: str) -> str:
    """x^2 as x²."""
    return re.sub(r"\^(\d+)(?![\d.])", lambda power: power[1].translate(SUPERSCRIPTS), rule)


def _brief(x: Any) -> str:
    shape = shape_of(x)
    return f"of shape {shape}, {summary(x)}" if shape else in_words(x)


def _adds_up(terms: list[Any], gradient: Any) -> bool:
    """Whether these terms are all of a gradient; where one is infinite or no number, they may be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's about ∞ − ∞
        far = abs(sum(terms[1:], terms[0]) - gradient) > 1e-6 * sum(abs(term) for term in terms)
    return not (far.any() if shape_of(far) else far)


def _border(paper: Paper, mark: str) -> dict[str, Any]:
    """The frame of a box, also without colour: thick if active, dashed if waiting."""
    if mark == "active":
        return {"stroke": paper.theme.active, "stroke_width": 3.5}
    if mark == "done":
        return {"stroke": paper.theme.done, "stroke_width": 2.2}
    return {"stroke_dasharray": "5 4"} if mark == "waiting" else {}


def _head(x: float, y: float, right: bool, way: int) -> str:
    """The corners of an arrow head whose tip is at (x, y), pointing along the flow (way 1) or against it (−1)."""
    back = -9 * way
    ends = ((x + back, y - 4.5), (x + back, y + 4.5)) if right else ((x - 4.5, y + back), (x + 4.5, y + back))
    return " ".join(f"{coordinate(a)},{coordinate(b)}" for a, b in ((x, y), *ends))
