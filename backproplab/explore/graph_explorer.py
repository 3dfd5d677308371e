"""Type an expression, slide its variables, and walk forward and backward through its graph."""

from __future__ import annotations

import math
from typing import Any

import traitlets

from ..draw import Picture
from ..draw.graphs import Diagram, State
from ..expression import Expression, read
from ..graph import Graph
from ..notation import number
from ..value import to_float
from .explorer import Explorer, module, style


class GraphExplorer(Explorer):
    """The graph of an expression, one step of the forward and backward pass at a time.

    The public traits hold the whole state and may be set and observed from Python: `expression` (text),
    `values` (variable -> number) and `step` (0 … `steps`). An expression that cannot be read or computed is
    explained in the explorer, and the last good picture stays. A Graph may be given in place of text.

    >>> explorer = GraphExplorer("(4*x+1)^2", x=1.0)
    >>> explorer.step = explorer.steps
    >>> print(explorer.sentence)
    Through a = 4·x: slope 4, upstream 10, so x gets 4 × 10 = 40.
    >>> explorer.values = {"x": -1.0}
    >>> print(explorer.sentence)
    Through a = 4·x: slope 4, upstream −6, so x gets 4 × (−6) = −24.
    >>> explorer.close()
    """

    _esm = module("graph_explorer")
    _css = style()

    expression = traitlets.Unicode().tag(sync=True)
    values = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    _view = traitlets.Dict().tag(sync=True)  # everything that the page shows, ready to be shown

    def __init__(self, expression: str | Graph, /, **values: float) -> None:
        if isinstance(expression, Graph):  # its variables move with the sliders
            graph = expression
            graph.forward(**values)
            self._read = Expression(graph.formula, tuple(graph.leaves), ())
        else:
            self._read = read(expression)
            graph = self._read.graph(**values)
        self._error = ""
        self._show(graph)
        super().__init__(expression=self._read.text, values=self._point())
        self._update()

    @property
    def graph(self) -> Graph:
        """The graph in the picture."""
        return self._diagram.graph

    @property
    def steps(self) -> int:
        """How many steps both passes have together."""
        return len(self._story)

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        if self.step:
            return self._story[self.step - 1].sentence
        if not self._story:
            return "There is nothing to compute: this is a number."
        if self._story[0].phase == "backward":
            return "There is nothing to compute forward: press Backward."
        return "Nothing is computed yet: only the variables have values. Press Forward to compute the first node."

    def snapshot(self, step: int | None = None) -> Picture:
        step = self.step if step is None else step
        return self._diagram.picture(State.after(self.graph, self._story, step), self.theme)

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self._point().items())
        return f'GraphExplorer("{self._drawn.text}"{values})'

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("step")
    def _within_the_story(self, proposal: Any) -> int:
        return max(0, min(proposal.value, self.steps))

    @traitlets.validate("values")
    def _finite_numbers(self, proposal: Any) -> dict[str, float]:
        try:
            values = {name: to_float(value) for name, value in proposal.value.items()}
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None
        for name, value in values.items():
            if not math.isfinite(value):
                raise traitlets.TraitError(f"{name} needs a finite number; got {value}.")
        return values

    @traitlets.observe("expression")
    def _on_expression(self, change: Any) -> None:
        if not self._view:  # still being built
            return
        try:
            self._read = read(self.expression)
        except ValueError as error:
            self._error = str(error)
            self._view = {**self._view, "error": self._error}
        else:
            self._compute()

    @traitlets.observe("values", "step", "theme")
    def _on_change(self, change: Any) -> None:
        if self._view:
            self._compute()  # for a step, too: somebody else may have moved the graph meanwhile

    def _compute(self) -> None:
        """Bring the graph to the present expression and values, or say why that cannot be."""
        values = {name: self.values.get(name, 1.0) for name in self._read.names}
        try:
            if self._drawn == self._read:
                self.graph.forward(**values)
                self._story = self.graph.steps()
            else:
                self._show(self._read.graph(**values))
                self.step = 0
        except ValueError as error:  # no value there, or too large to draw
            self._error = str(error)
        else:
            self._error = "" if self.expression == self._read.text else self._error
        if values != self.values:
            with self.hold_trait_notifications():
                self.values = values
        self._update()

    def _show(self, graph: Graph) -> None:
        self._diagram = Diagram(graph)
        self._story = graph.steps()
        self._drawn = self._read
        self._ranges: dict[str, tuple[float, float]] = {}

    def _point(self) -> dict[str, float]:
        return {name: leaf.data for name, leaf in self.graph.leaves.items()}

    def _state(self) -> State:
        return State.after(self.graph, self._story, self.step)

    def _update(self) -> None:
        state = self._state()
        forward = sum(step.phase == "forward" for step in self._story)
        self._view = {
            "error": self._error,
            "formula": self.graph.mathml(),
            "picture": self._diagram.svg(state, self.theme),
            "sentence": self.sentence,
            "variables": self._variables(state.gradients),
            "output": self.graph.names[self.graph.output],
            "step": self.step,
            "steps": self.steps,
            "forward": forward,
        }

    def _variables(self, gradients: Any) -> list[dict[str, Any]]:
        """One row per variable: its slider, and its gradient beside the finite difference."""
        rows = []
        for name in self._read.names:
            value = self.values.get(name, 1.0)
            low, high = self._ranges.get(name, (-5.0, 5.0))  # wider if need be, never narrower under the hand
            self._ranges[name] = low, high = min(low, value), max(high, value)
            row = {"name": name, "value": value, "low": low, "high": high}
            leaf = self.graph.leaves.get(name)
            if leaf in gradients and leaf.data == value:
                row["gradient"] = _in_words(gradients[leaf], "it has none", 4)
                if any(step.node == name for step in self._story[self.step :]):
                    row["gradient"] += " so far"  # another path is still to come
                else:
                    row["difference"] = _in_words(self.graph.difference(name), "not possible here", 6)
            rows.append(row)
        return rows


def _in_words(slope: float, otherwise: str, digits: int) -> str:
    return otherwise if math.isnan(slope) else number(slope, digits)
