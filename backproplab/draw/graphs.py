"""A computation graph as a picture: cards for nodes, arrows for edges, a pill with the slope at each arrow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from ..node import refuse_stale
from ..notation import number
from .layout import Box, Edge, Layout, layered, links
from .paper import CHARACTERS, MARGIN, Paper, compact, coordinate, shortened, wide
from .picture import Picture

if TYPE_CHECKING:
    from ..graph import Graph
    from ..story import Step

LARGEST = 500  # nodes
LONGEST_LINKS = 4000  # pieces of edges between neighbouring layers
ROW = 18  # height of a line of text in a node
PILL = (56, 18)

@dataclass(frozen=True, slots=True)
class State:
    """What a picture shows at one moment: the numbers known so far, and what is happening."""

    values: Mapping[Any, float]
    gradients: Mapping[Any, float]
    slopes: Mapping[tuple[Any, int], float] = field(default_factory=dict)  # (node, port) -> slope
    active: Any = None  # the node whose number has just appeared
    edge: tuple[Any, int] | None = None  # the edge it came through
    stepping: bool = False  # mark what is done and what is waiting

    @classmethod
    def of(cls, graph: Graph) -> State:
        """The graph as it stands; its gradients too, if `backward()` has been called."""
        refuse_stale(graph.nodes)
        nodes = graph.nodes
        values = {node: node.data for node in nodes}
        if not graph.output.grad:
            return cls(values, {})
        moving = [node for node in nodes if not node.constant]
        return cls(values, {node: node.grad for node in moving}, _slopes(graph))

    @classmethod
    def after(cls, graph: Graph, steps: list[Step], count: int) -> State:
        """The graph after the first `count` steps of its story."""
        values = {node: node.data for node in graph.nodes if not node.inputs}
        gradients: dict[Any, float] = {}
        for step in steps[:count]:
            shown = values if step.phase == "forward" else gradients
            shown[graph[step.node]] = step.value if step.phase == "forward" else step.total
        last = steps[count - 1] if count else None
        slopes = _slopes(graph) if gradients else {}
        active = graph[last.node] if last else None
        edge = (graph[last.through], last.port) if last and last.through else None
        return cls(values, gradients, slopes, active, edge, stepping=True)


def _slopes(graph: Graph) -> dict[tuple[Any, int], float]:
    slopes = {}
    for node in graph.nodes:
        data = tuple(x.data for x in node.inputs)
        for port, x in enumerate(node.inputs):
            if not x.constant:
                slopes[node, port] = node.op.slope(port, node.data, data)
    return slopes


def draw(graph: Graph, *, theme: str = "light", step: int | None = None, fit: float = 900) -> Picture:
    """The picture of a graph: values in blue, gradients (after `backward()`) in vermillion, slopes on edges.

    `step` shows the graph after that many steps of `graph.steps()`. Left to right if that is at most `fit`
    pixels wide, otherwise top down. The same graph gives the same bytes, always.

    >>> from backproplab import parse
    >>> graph = parse("(4*x+1)^2", x=1.0)
    >>> graph.backward()
    >>> draw(graph).alt
    'graph of (4x+1)^2 at x = 1: output 25, gradient of x 40'
    """
    diagram = Diagram(graph, fit)
    if step is None:
        return diagram.picture(State.of(graph), theme)
    steps = graph.steps()
    if not 0 <= step <= len(steps):
        raise ValueError(f"This graph has {len(steps)} steps; got step={step}, expected 0 to {len(steps)}.")
    return diagram.picture(State.after(graph, steps, step), theme)


class Diagram:
    """A graph that has been laid out once and can be drawn in any state: nodes never move."""

    def __init__(self, graph: Graph, fit: float = 900) -> None:
        if len(graph.nodes) > LARGEST:
            raise ValueError(
                f"The graph has {len(graph.nodes):,} nodes, too many to draw whole (at most {LARGEST}): "
                "draw a part of it, Graph(node) for a node on the way to the output."
            )
        index = {node: i for i, node in enumerate(graph.nodes)}
        self.graph = graph
        self.edges = [(x, node, port) for node in graph.nodes for port, x in enumerate(node.inputs)]
        edges = [
            # nothing moves along the edge from a constant: it bends where another need not, and has no slope
            Edge(index[x], index[node], port, *((0.5, (0, 0)) if x.constant else ())) for x, node, port in self.edges
        ]
        if links(len(graph.nodes), edges) > LONGEST_LINKS:
            raise ValueError(
                f"The graph has {len(graph.nodes):,} nodes, and some are used so far apart that the picture would be all "
                "arrows: draw a part of it, Graph(node) for a node on the way to the output."
            )
        boxes = {
            # left to right, many inputs need a tall side; top down, a wide one, which the layout finds itself
            "right": [self._box(node, port_room=ROW) for node in graph.nodes],
            "down": [self._box(node, port_room=0) for node in graph.nodes],
        }
        self.layout: Layout = layered(
            boxes["right"], edges, pill=PILL, fit=fit - 2 * MARGIN, down_boxes=boxes["down"]
        )
        self.boxes = boxes[self.layout.direction]
        self.paths = self.layout.paths
        self.width = math.ceil(self.layout.width) + 2 * MARGIN
        self.height = math.ceil(self.layout.height) + 2 * MARGIN

    def _box(self, node: Any, port_room: int) -> Box:
        name = self.graph.names[node]
        if node.constant and not node.inputs:
            return Box(max(44, wide(shortened(name), 8.5) + 22), 36)
        numbers = 18 + CHARACTERS * 8
        height = max(3 * ROW, port_room * len(node.inputs)) + 12
        width = max(numbers, wide(shortened(name), 9)) + 22 + _badge(node)
        return Box(width, height, not (node.op and node.op.commutative))

    # ---- words ------------------------------------------------------------------------------

    def picture(self, state: State, theme: str = "light") -> Picture:
        """The picture of one state."""
        return Picture(self.svg(state, theme), self.alt(state), self.text(state), self.width)

    def alt(self, state: State) -> str:
        """What the picture says, in one line."""
        graph = self.graph
        facts = []
        if graph.output in state.values:
            facts.append(f"output {number(state.values[graph.output])}")
        for name, leaf in graph.leaves.items():
            if leaf in state.gradients:
                facts.append(f"gradient of {name} {number(state.gradients[leaf])}")
        if not facts:
            facts = ["nothing computed yet"]
        return f"graph of {graph.formula}{graph.point}: {', '.join(facts)}"

    def text(self, state: State) -> str:
        """Everything that the picture says: a line per node, with value, gradient and slopes."""
        lines = [self.alt(state)]
        for node in self.graph.nodes:
            if node.constant and not node.inputs:
                continue
            name, written = self.graph.names[node], self.graph.written(node)
            words = name if name == written else f"{name} = {written}"
            if node in state.values:
                words += f": value {number(state.values[node])}"
            if node in state.gradients:
                words += f", gradient {number(state.gradients[node])}"
            slopes = [
                f"{number(state.slopes[node, port])} to {self.graph.names[x]}"
                for port, x in enumerate(node.inputs)
                if (node, port) in state.slopes
            ]
            lines.append("  " + words + (f", slope {', '.join(slopes)}" if slopes else ""))
        return "\n".join(lines)

    # ---- drawing ----------------------------------------------------------------------------

    def svg(self, state: State, theme: str = "light") -> str:
        """The drawing itself. Only presentation attributes: converters strip style sheets."""
        brush = _Brush(theme, self.width, self.height, self.alt(state))
        names = self.graph.names
        drawn = [
            (f"{names[x]}>{names[node]}:{port}", (node, port), *geometry)
            for (x, node, port), *geometry in zip(self.edges, self.paths, self.layout.tips, self.layout.pills)
        ]
        # what is happening is drawn last, on top of what it crosses
        for name, edge, path, tip, _ in sorted(drawn, key=lambda arrow: arrow[1] == state.edge):
            brush.arrow(name, path, tip, self.layout.direction, active=edge == state.edge)
        for name, edge, _, _, centre in drawn:
            if edge in state.slopes:
                brush.pill(name, centre, state.slopes[edge], active=edge == state.edge)
        for node, box, centre in zip(self.graph.nodes, self.boxes, self.layout.centers):
            brush.node(self.graph, node, box, centre, state)
        return brush.svg()


def _badge(node: Any) -> int:
    """Width of the field at the left of a node that holds its operation; 0 for a variable."""
    return max(34, wide(node.op.symbol, 9) + 14) if node.op else 0


class _Brush(Paper):
    """Draws the parts of a graph."""

    def arrow(self, name: str, path: str, tip: tuple[float, float], direction: str, active: bool) -> None:
        group = self.add(self.root, "g", data_edge=name)
        colour, width = (self.theme.active, 3.2) if active else (self.theme.line, 1.6)
        self.add(group, "path", d=path, fill="none", stroke=colour, stroke_width=width)
        x, y = tip
        ends = ((x - 9, y - 4.5), (x - 9, y + 4.5)) if direction == "right" else ((x - 4.5, y - 9), (x + 4.5, y - 9))
        corners = " ".join(f"{coordinate(a)},{coordinate(b)}" for a, b in ((x, y), *ends))
        self.add(group, "polygon", points=corners, fill=colour)

    def pill(self, name: str, centre: tuple[float, float], slope: float, active: bool) -> None:
        group = self.add(self.root, "g", data_label=name)
        (x, y), (width, height) = centre, PILL
        text = compact(slope)
        shown = min(wide(text, 7.3) + 8, width)
        stroke = self.theme.active if active else self.theme.line
        self.add(
            group, "rect", x=x - shown / 2, y=y - height / 2 + 1, width=shown, height=height - 2, rx=7,
            fill=self.theme.ground, stroke=stroke, stroke_width=1.8 if active else 0.7,
        )  # fmt: skip
        self.number(group, text, x, y + 4.2, self.theme.ink, 12, anchor="middle")

    def node(self, graph: Graph, node: Any, box: Box, centre: tuple[float, float], state: State) -> None:
        name = graph.names[node]
        group = self.add(self.root, "g", data_node=name)
        self.add(group, "title", self.tooltip(graph, node, state))
        x, y = centre[0] - box.width / 2, centre[1] - box.height / 2
        if node.constant and not node.inputs:
            self.card(group, x, y, box, self.theme.constant, stroke_dasharray="4 3")
            self.number(group, shortened(name), centre[0], centre[1] + 5, self.theme.ink, 14, anchor="middle")
            return
        self.card(group, x, y, box, self.theme.card if node.op else self.theme.leaf, **self.border(node, state))
        badge = _badge(node)
        if badge:
            self.badge(group, node.op.symbol, x, y, badge, box.height)
        left, top = x + badge + 10, centre[1] - 1.5 * ROW
        self.add(group, "text", shortened(name), x=left, y=top + 14, font_size=15, font_weight=700, fill=self.theme.ink)
        self.row(group, "=", state.values.get(node), left, top + ROW + 14, self.theme.value, "value")
        if not node.constant:
            self.row(group, "∂", state.gradients.get(node), left, top + 2 * ROW + 14, self.theme.gradient, "gradient")

    def tooltip(self, graph: Graph, node: Any, state: State) -> str:
        name, written = graph.names[node], graph.written(node)
        return name if name == written else f"{name} = {written}"

    def border(self, node: Any, state: State) -> dict[str, Any]:
        if node is state.active:
            return {"stroke": self.theme.active, "stroke_width": 3.5}
        known = node in (state.gradients or state.values)
        if state.stepping and node.op and known:
            return {"stroke": self.theme.done, "stroke_width": 2.2}
        return {}

    def badge(self, group: Element, symbol: str, x: float, y: float, width: float, height: float) -> None:
        self.add(group, "rect", x=x + 3, y=y + 3, width=width - 3, height=height - 6, rx=5, fill=self.theme.badge)
        size = 19 if len(symbol) < 3 else 14
        self.add(
            group, "text", symbol, x=x + 1.5 + width / 2, y=y + height / 2 + size / 3, text_anchor="middle",
            font_size=size, font_weight=600, fill=self.theme.ink,
        )  # fmt: skip

    def row(
        self, group: Element, sign: str, x: float | None, left: float, base: float, colour: str, role: str
    ) -> None:
        self.add(group, "text", sign, x=left, y=base, font_size=12, fill=self.theme.muted)
        text = "·" if x is None else compact(x)
        colour = self.theme.muted if x is None else colour
        self.number(group, text, left + 14, base, colour, 13.5, data_role=role)
