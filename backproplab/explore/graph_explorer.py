"""Type an expression, slide its variables, walk forward and backward through its graph, and break the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate
from typing import Any
from xml.etree import ElementTree

import traitlets

from ..draw import Picture
from ..draw.graphs import Diagram, State
from ..expression import Expression, read
from ..graph import Graph
from ..notation import pattern
from ..program import Program, Run
from ..story import Step
from ..value import Value, to_float
from .engines import ENGINES, WORDS, Known, Passes, calls, handing_on, judged, known, passes, told, visits
from .explorer import Explorer, module, style

Numbers = dict[str, float]

MANY = 60  # nodes: more than can be taken in at once
NOTE = (
    "This graph has {} nodes, more than can be taken in at once. To look at a part, type only that part, or explore "
    "Graph(node) for a node on the way to the output; graph.draw() folds the whole into fewer boxes."
)


class GraphExplorer(Explorer):
    """The graph of an expression, one step of the forward and backward pass at a time.

    The public traits hold the whole state and may be set and observed from Python: `expression` (text),
    `values` (variable -> number), `step` (0 … `steps`), and how the backward pass is done: `engine` is "right",
    or, to see what goes wrong, "overwrite" (= for +=), "unordered" (recursion without order), "stale" (forward not
    run again since `earlier`), "leftover" (gradients of a pass at `earlier` never set to 0), or "yours": the
    nodes hand on their gradients in the `order` of these names. An expression that cannot be read or computed
    is explained in the explorer, and the last good picture stays. A Graph may be given in place of text.

    The page computes; Python is asked for a new expression only.

    >>> explorer = GraphExplorer("u + u*u", u=3.0)
    >>> explorer.step = explorer.steps
    >>> print(explorer.sentence)
    Through a = u·u: slope 3, upstream 1, so u gets 3 × 1 = 3; with the 4 that it already had, 7.
    >>> explorer.engine = "overwrite"
    >>> explorer.gradients, explorer.verdict.partition(".")[0]
    ({'u': 3.0}, 'u: this engine says 3, nudging says 7')
    >>> explorer.close()
    """

    _esm = module("graph_explorer")
    _css = style("graph_explorer")

    expression = traitlets.Unicode().tag(sync=True)
    values = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    engine = traitlets.Enum(list(ENGINES), "right").tag(sync=True)
    order = traitlets.List(traitlets.Unicode()).tag(sync=True)
    earlier = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    _scene = traitlets.Dict().tag(sync=True)  # what the page draws and computes with: the same until another expression
    _answer = traitlets.Dict().tag(sync=True)  # the expression that Python has dealt with, and what was wrong with it

    def __init__(self, expression: str | Graph, /, **values: float) -> None:
        if isinstance(expression, Graph):  # its variables move with the sliders
            graph = expression
            if not all(isinstance(node, Value) for node in graph.nodes):
                raise ValueError("The explorer moves single numbers, and this graph has arrays; use draw(step=…) instead.")
            self._given = self._read = _Given(graph.formula, tuple(graph.leaves), (graph,))
        else:
            self._given, self._read = None, read(expression)
        graph = self._read.graph(**values)
        self._draw(graph)
        point = {name: leaf.data for name, leaf in graph.leaves.items()}
        super().__init__(expression=self._read.text, values=point, earlier=point)
        self._scene = self._described()
        self._answer = {"text": self.expression, "error": ""}

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """The graph in the picture."""
        return self._diagram.graph

    @property
    def steps(self) -> int:
        """How many steps both passes have together."""
        return len(self._passes.steps)

    @property
    def story(self) -> list[Step]:
        """The steps of both passes as the engine does them."""
        names, story = [node["name"] for node in self._described_graph["nodes"]], []
        for count, move in enumerate(self._passes.steps, start=1):
            through, port = ("", 0) if move.edge is None else (names[move.through], self._uses[move.edge][1])
            numbers = (move.value, through, port, move.slope, move.upstream, move.contribution, move.before, move.total)
            story.append(Step(move.phase, names[move.node], told(self._described_graph, self._passes, count), *numbers))
        return story

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        return told(self._described_graph, self._passes, self.step)

    @property
    def gradients(self) -> Numbers:
        """The gradient of each variable that has one so far, as the engine says."""
        found = self._known(self.step).gradients
        pairs = zip(self.graph.leaves, self._described_graph["leaves"])
        return {name: found[leaf] for name, leaf in pairs if found[leaf] is not None}

    @property
    def verdict(self) -> str:
        """After the last step, what nudging the variables says about the gradients; of your order, what to do next."""
        return judged(self._described_graph, self._run, self._passes, self._known(self.step), self.step)

    @property
    def error(self) -> str:
        """What is wrong with the expression or the values, in words; nothing if all is well."""
        return self._answer["error"] or self._undefined

    def snapshot(self, step: int | None = None) -> Picture:
        step = self.step if step is None else max(0, min(step, self.steps))
        return self._diagram.picture(self._state(step), self.theme)

    def __repr__(self) -> str:
        if isinstance(self._drawn, _Given):
            return f"GraphExplorer({self.graph!r})"
        values = "".join(f", {name}={value!r}" for name, value in self._here().items())
        return f'GraphExplorer("{self._drawn.text}"{values})'

    # ---- computing --------------------------------------------------------------------------

    @property
    def _passes(self) -> Passes:
        """Both passes as the engine does them at the present values, computed again only if something has changed."""
        earlier = [self.earlier.get(name, leaf.data) for name, leaf in self.graph.leaves.items()]
        given = self.engine, list(self._here().values()), earlier, self.order
        if self._done is None or self._done[:4] != given:
            self._done = passes(self._described_graph, self._run, *given)
        return self._done

    def _known(self, step: int) -> Known:
        return known(self._described_graph, self._passes, step)

    def _state(self, step: int) -> State:
        now, nodes = self._known(step), self.graph.nodes
        values, gradients = ({node: x for node, x in zip(nodes, found) if x is not None} for found in (now.values, now.gradients))
        slopes = {self._uses[edge]: slope for edge, slope in enumerate(now.slopes) if slope is not None}
        sent = {self._uses[edge]: now.sent[edge] for edge in now.arrived}
        active = nodes[now.last.node] if now.last else None
        edge = self._uses[now.last.edge] if now.last and now.last.edge is not None else None
        return State(values, gradients, slopes, sent, active, edge, stepping=True)

    def _here(self) -> Numbers:
        """Where the variables are; the rest of the graph is elsewhere if the engine is a stale one."""
        moved = self.values if self.engine == "stale" else {}
        return {name: moved.get(name, leaf.data) for name, leaf in self.graph.leaves.items()}

    def _run(self, point: list[float]) -> Run:
        return self._program(*point)

    def _opening(self) -> str:
        if self.graph.output.constant and not self.graph.output.inputs:
            return "There is nothing to compute: this is a number."
        if not self.graph.output.inputs:
            return "There is nothing to compute forward: press Backward."
        return "Nothing is computed yet: only the variables have values. Press Forward to compute the first node."

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("step")
    def _within_the_story(self, proposal: Any) -> int:
        return max(0, min(proposal.value, self.steps))

    @traitlets.validate("values")
    def _finite_numbers(self, proposal: Any) -> Numbers:
        return _finite(proposal.value)

    @traitlets.validate("earlier")
    def _a_whole_point(self, proposal: Any) -> Numbers:
        values = _finite(proposal.value)
        return {name: values.get(name, leaf.data) for name, leaf in self.graph.leaves.items()}

    @traitlets.validate("order")
    def _nodes_that_hand_on(self, proposal: Any) -> list[str]:
        known = [self.graph.names[node] for node in self.graph.nodes if handing_on(node)]
        for name in proposal.value:
            if name not in known:
                raise traitlets.TraitError(
                    f"There is no node {name!r} that hands on a gradient; there are: {', '.join(known)}."
                )
        return proposal.value

    @traitlets.observe("expression")
    def _on_expression(self, change: Any) -> None:
        if not self._answer:  # still being built
            return
        try:
            given = self._given and self._given.text == self.expression
            self._read = self._given if given else read(self.expression)
        except ValueError as error:
            self._answer = {"text": self.expression, "error": str(error)}
        else:
            self._compute()

    @traitlets.observe("engine")
    def _on_engine(self, change: Any) -> None:
        if self._answer:
            self.earlier = self.values

    @traitlets.observe("values", "step", "engine", "order", "earlier", "theme")
    def _on_change(self, change: Any) -> None:
        if self._answer:
            self._compute()  # for a step, too: somebody else may have moved the graph meanwhile

    def _compute(self) -> None:
        """Bring the graph to the present expression and values, or say why that cannot be."""
        values = {name: self.values.get(name, 1.0) for name in self._read.names}
        error = "" if self.expression == self._read.text else self._answer["error"]
        fresh = self._drawn != self._read
        self._undefined = ""
        with self.hold_sync():
            try:
                if fresh:
                    self._draw(self._read.graph(**values))
                else:
                    self.graph.forward(**(self.earlier if self.engine == "stale" else values))
            except ValueError as problem:  # no value there, or too large to draw
                if fresh:
                    error = error or str(problem)
                self._undefined = str(problem)
            else:
                if fresh:
                    self._scene, self.step, self.order, self.earlier = self._described(), 0, [], values
            self._answer = {"text": self.expression, "error": error}
            self.values = values
            self.step = min(self.step, self.steps)  # another engine or order may have fewer

    def _draw(self, graph: Graph) -> None:
        self._diagram = Diagram(graph, fold=False)
        self._program = Program(graph)
        self._uses = [(node, port) for node in graph.nodes for port in range(len(node.inputs))]  # each edge
        self._drawn = self._read
        self._described_graph = self._facts()
        self._done: Passes | None = None
        self._undefined = ""

    def _facts(self) -> dict[str, Any]:
        """The graph as engines.py takes it: nodes and edges are their places in it."""
        graph, engines = self.graph, [name for name in ENGINES if name != "yours"]
        index = {node: i for i, node in enumerate(graph.nodes)}
        edges = dict(zip(graph.nodes, accumulate((len(node.inputs) for node in graph.nodes), initial=0)))
        uses: dict[Any, list[tuple[int, int]]] = {node: [] for node in graph.nodes}
        for node in filter(handing_on, graph.nodes):
            for port, x in enumerate(node.inputs):
                uses[x].append((index[node], edges[node] + port))
        nodes = [
            {
                "name": graph.names[node],
                "written": graph.written(node),
                "inputs": [index[x] for x in node.inputs],
                "edge": edges[node],  # the number of its first input's edge
                "uses": uses[node],  # and the edges through which they give it its gradient
                "moves": not node.constant,
                "hands": handing_on(node),
                "filled": pattern(node.op.name, len(node.inputs)) if node.op else "",
                "needs": node.op.needs if node.op else "",
            }
            for node in graph.nodes
        ]
        return {
            "formula": graph.formula,
            "nodes": nodes,
            "leaves": [index[leaf] for leaf in graph.leaves.values()],
            "visits": {name: [index[node] for node in visits(graph, name)] for name in engines},
            "calls": calls(graph),
            "opening": self._opening(),
        }

    def _described(self) -> dict[str, Any]:
        """Everything that the page needs to do without Python until there is another expression."""
        picture, pills = self._slotted()
        return self._described_graph | {
            "mathml": self.graph.mathml(),
            "picture": picture,
            "pills": pills,
            "pill": [self._diagram.characters, self._diagram.low_pills],
            "program": self._program.javascript,
            "point": [leaf.data for leaf in self.graph.leaves.values()],
            "note": NOTE.format(len(self.graph.nodes)) if len(self.graph.nodes) > MANY else "",
            "labels": [[name, engine["label"]] for name, engine in ENGINES.items()],  # a saved notebook sorts keys
            "words": WORDS,
        }

    def _slotted(self) -> tuple[str, list[tuple[float, float] | None]]:
        """The drawing with the slots that engines.py fills, and the centre of each edge's pill, if it has one."""
        root = ElementTree.fromstring(self._diagram.svg(State({}, {}), "dark", slots=True))
        root.attrib.update({"role": "group", "style": f"min-width: {0.6 * self._diagram.width:.0f}px"})  # smaller cannot be read
        nodes, arrows, labels = ([it for it in root if it.get(f"data-{kind}")] for kind in ("node", "edge", "label"))
        for i, (box, node) in enumerate(zip(nodes, self.graph.nodes)):
            if node.constant and not node.inputs:
                continue
            marks = {"role": "button", "aria-label": self.graph.names[node], "tabindex": "-1", "data-lm-suppress-shortcuts": ""}
            box.attrib.update({"data-slot": f"node {i}"} | marks)
            for before, it in zip([None, *box], box):
                if role := it.get("data-role"):
                    it.set("data-slot", f"{role} {i}")
                if role == "sum":
                    before.set("data-slot", f"equals {i}")
        pills: list[tuple[float, float] | None] = [None] * len(arrows)
        edges = {arrow.get("data-edge"): edge for edge, arrow in enumerate(arrows)}
        for edge, arrow in enumerate(arrows):
            arrow.set("data-slot", f"edge {edge}")
            next(it for it in arrow if it.get("data-role") == "back").set("data-slot", f"back {edge}")
        for label in labels:
            edge = edges[label.get("data-label")]
            frame, *lines = label
            label.set("data-slot", f"pill {edge}")
            frame.set("data-slot", f"frame {edge}")
            for k, line in enumerate(lines):
                line.set("data-slot", f"line {edge} {k}")
            x, y, width, height = (float(frame.get(side, 0)) for side in ("x", "y", "width", "height"))
            pills[edge] = (x + width / 2, y + height / 2)
        return ElementTree.tostring(root, encoding="unicode"), pills


class _Given(Expression):
    """A graph in place of a typed expression: whoever types its formula again gets it back, shared nodes and all."""

    def graph(self, /, **values: float) -> Graph:
        (graph,) = self.program
        graph.forward(**values)
        return graph


def _finite(numbers: Mapping[str, Any]) -> Numbers:
    """These numbers as floats, and 0 for −0, whose sign the way from the page loses."""
    try:
        values = {name: to_float(value) + 0.0 for name, value in numbers.items()}
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(str(error)) from None
    for name, value in values.items():
        if not math.isfinite(value):
            raise traitlets.TraitError(f"{name} needs a finite number; got {value}.")
    return values
