"""Type an expression, slide its variables, walk forward and backward through its graph, and break the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Any

import traitlets

from ..draw import Picture
from ..draw.graphs import Diagram, State
from ..expression import Expression, read
from ..graph import Graph
from ..notation import fill, number, pattern
from ..program import Program, Run
from ..story import SENTENCES, Step, tell
from ..value import Value, to_float
from .engines import ENGINES, WORDS, backward, calls, handing_on, remarks, verdict, visits
from .explorer import Explorer, module, style

Numbers = dict[str, float]


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
        forward = sum(bool(node.inputs) for node in self.graph.nodes)
        edges = sum(not x.constant for node in self._visits() for x in node.inputs)
        return forward + (not self.graph.output.constant) + edges

    @property
    def story(self) -> list[Step]:
        """The steps of both passes as the engine does them."""
        if not self._story:
            graph, due = self.graph, self._run(self._here())
            forward = [step for step in tell(graph) if step.phase == "forward"]
            steps = backward(graph, self._visits(), due, self._leftover(), self.engine == "overwrite")
            self._story = [*forward, *steps]
        return self._story

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        return self.story[self.step - 1].sentence if self.step else self._opening()

    @property
    def gradients(self) -> Numbers:
        """The gradient of each variable that has one so far, as the engine says."""
        found = self._state(self.step).gradients
        return {name: found[leaf] for name, leaf in self.graph.leaves.items() if leaf in found}

    @property
    def verdict(self) -> str:
        """After the last step, what nudging the variables says about the gradients; before it, nothing."""
        graph, here = self.graph, self._here()
        if self.step < self.steps or graph.output.constant:
            return ""
        missing = [node for node in graph.nodes if handing_on(node) and node not in self._visits()]
        if missing and self.engine == "yours":
            return fill(WORDS["choose"], {"missing": ", ".join(graph.names[node] for node in missing)})
        due, gradients = self._run(here), self.gradients
        found = {
            name: (gradients.get(name, 0.0), due[leaf], self._difference(name, here))
            for name, leaf in graph.leaves.items()
        }
        earlier = ", ".join(f"{name} = {number(self.earlier[name])}" for name in graph.leaves)
        words = {"earlier": earlier, "calls": calls(graph)}
        return verdict(self.engine, found, self._output(here), self._slipped(), words)

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

    def _visits(self) -> list[Any]:
        return visits(self.graph, self.engine, self.order)

    def _state(self, step: int) -> State:
        state = State.after(self.graph, self.story, step)
        leaves = {leaf: self._here()[name] for name, leaf in self.graph.leaves.items()}
        gradients = {**self._leftover(), **state.gradients} if state.gradients else {}
        return replace(state, values={**state.values, **leaves}, gradients=gradients)

    def _here(self) -> Numbers:
        """Where the variables are; the rest of the graph is elsewhere if the engine is a stale one."""
        moved = self.values if self.engine == "stale" else {}
        return {name: moved.get(name, leaf.data) for name, leaf in self.graph.leaves.items()}

    def _leftover(self) -> dict[Any, float]:
        """What the variables' gradients are before the backward pass."""
        if self.engine != "leftover":
            return {}
        earlier = self._run(self.earlier)
        return {leaf: earlier[leaf] for leaf in self.graph.leaves.values()}

    def _slipped(self) -> bool:
        """Whether the engine has done anything that the right one would not, be it without consequence."""
        if self.engine == "overwrite":
            return any(step.phase == "backward" and step.before is not None for step in self.story)
        if self.engine == "stale":
            return self._here() != self.earlier
        if self.engine == "leftover":
            return any(x != 0 for x in self._leftover().values())
        return any(remark for remark, _ in remarks(self.graph, self._visits()))

    def _run(self, point: Numbers) -> dict[Any, float]:
        """The right gradients at a point."""
        return dict(zip(self.graph.nodes, self._computed(point).gradients))

    def _output(self, point: Numbers) -> float:
        return self._computed(point).values[-1]

    def _computed(self, point: Numbers) -> Run:
        return self._program(*[point.get(name, leaf.data) for name, leaf in self.graph.leaves.items()])

    def _difference(self, name: str, point: Numbers, h: float = 1e-5) -> float:
        """`Graph.difference`, at any point."""
        x = point[name]
        h *= max(1e-3, abs(x))
        above, below = (self._output({**point, name: x + d}) for d in (h, -h))
        return (above - below) / (2 * h)

    def _opening(self) -> str:
        if not self.steps:
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
        self._story = []
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
        self._drawn = self._read
        self._story: list[Step] = []
        self._undefined = ""

    def _described(self) -> dict[str, Any]:
        """Everything that the page needs to do without Python until there is another expression."""
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
            "mathml": graph.mathml(),
            "picture": self._diagram.svg(State({}, {}), "dark", slots=True),
            "program": self._program.javascript,
            "nodes": nodes,
            "leaves": [index[leaf] for leaf in graph.leaves.values()],
            "point": [leaf.data for leaf in graph.leaves.values()],
            "visits": {name: [index[node] for node in visits(graph, name, ())] for name in engines},
            "calls": calls(graph),
            "opening": self._opening(),
            "words": SENTENCES | WORDS,
            "engines": ENGINES,
            "labels": [[name, engine["label"]] for name, engine in ENGINES.items()],  # a saved notebook sorts keys
        }


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
