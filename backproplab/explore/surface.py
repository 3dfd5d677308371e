"""What the explorers of descent have in common: a typed function of one or two parameters, and its traits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import traitlets

from ..draw import Picture
from ..draw.paper import Paper, wide
from ..expression import read
from ..graph import Graph
from ..notation import fill, number, pattern
from ..program import Program
from .explorer import Explorer
from .landscape import (
    ASIDE,
    HEIGHT,
    WIDTH,
    At,
    Landscape,
    Vector,
    eigenvalues,
    hessian,
    solve,
)
from .typed import finite


class Surface:
    """A typed expression as a function of its parameters; names that are `columns` of data are no parameters."""

    def __init__(
        self, text: str, start: Mapping[str, float], columns: Mapping[str, Sequence[float]] | None = None
    ) -> None:
        columns = columns or {}
        expression = read(text)
        self.names = [name for name in expression.names if name not in columns]
        self.columns = [name for name in expression.names if name in columns]
        if not 1 <= len(self.names) <= 2:
            found = f"{len(self.names)}: {', '.join(self.names)}" if self.names else "none"
            raise ValueError(f"Found {found}, but expected an expression of one or two parameters.")
        self.start = {name: start.get(name, 1.0) for name in self.names}
        self.rows = list(zip(*(columns[name] for name in self.columns))) if self.columns else [()]
        self.graph = expression.graph(**self.start, **dict(zip(self.columns, self.rows[0])))
        self.program = Program(self.graph)
        self._nodes = [self.graph.nodes.index(self.graph.leaves[name]) for name in self.names]
        self._order = [[*self.names, *self.columns].index(name) for name in self.graph.leaves]
        self.quadratic = degree(self.graph) <= 2
        self.formula = self.graph.formula
        self.widest, self.legend, self.memory = 1.0, [], {}  # of the picture: see landscape.py

    def at(self, point: Sequence[float], row: Sequence[float] = ()) -> At:
        """Value and gradient there, for these data; nan where there is none."""
        given = [*point, *row]
        found = self.program(*[given[k] for k in self._order])
        trouble = self._trouble(found.values, found.undefined) if found.undefined >= 0 else ""
        return At(found.values[-1], [found.gradients[node] for node in self._nodes], trouble)

    def _trouble(self, values: list[float], i: int) -> str:
        node = self.graph.nodes[i]
        inputs = {str(port): number(values[self.graph.nodes.index(x)]) for port, x in enumerate(node.inputs)}
        return f"{fill(pattern(node.op.name, len(inputs)), inputs)} has no value: {node.op.needs}."

    def described(self) -> dict[str, Any]:
        """What the page needs to compute it."""
        nodes = self.graph.nodes
        return {
            "formula": self.formula,
            "mathml": self.graph.mathml(),
            "program": self.program.javascript,
            "names": self.names,
            "parameters": self._nodes,
            "order": self._order,
            "quadratic": self.quadratic,
            "undefined": {
                i: [pattern(node.op.name, len(node.inputs)), [nodes.index(x) for x in node.inputs], node.op.needs]
                for i, node in enumerate(nodes)
                if node.op and node.op.outside
            },
        }


def degree(graph: Graph) -> float:
    """The degree of a polynomial; infinite for everything else.

    >>> from backproplab import parse
    >>> degree(parse("(4*x+1)^2 - x*y")), degree(parse("exp(x)")), degree(parse("exp(2)*x"))
    (2, inf, 1)
    """
    found: dict[Any, float] = {}
    for node in graph.nodes:
        operands = [found[x] for x in node.inputs]
        name = node.op.name if node.op else ""
        if not operands or not any(operands):
            found[node] = 0 if node.constant else 1
        elif name in ("add", "subtract", "negative", "sum"):
            found[node] = max(operands)
        elif name == "multiply":
            found[node] = sum(operands)
        elif name == "divide" and not operands[1]:
            found[node] = operands[0]
        elif name == "power" and not operands[1] and node.inputs[1].data in (1.0, 2.0):
            found[node] = operands[0] * int(node.inputs[1].data)
        else:
            found[node] = math.inf
    return found[graph.output]


def lowest(at: Any, start: Sequence[float], quadratic: bool) -> Vector | None:
    """The lowest point near here, by Newton's method; None if there is none to be found."""
    point = list(start)
    for _ in range(60):
        found = at(point)
        curvature = hessian(lambda p: at(p).gradient, point, quadratic)
        if not found.finite or not eigenvalues(curvature)[0] > 0:
            return None
        step = solve(curvature, found.gradient)
        point = [x - s for x, s in zip(point, step)]
        if all(abs(s) <= 1e-12 * max(1.0, abs(x)) for s, x in zip(step, point)):
            return [x + 0.0 for x in point] if at(point).finite else None
    return None


# ---- the explorer -------------------------------------------------------------------------------


class SurfaceExplorer(Explorer):
    """Traits and reactions that explorers of descent share; a subclass says what a text means in `_understood`."""

    expression = traitlets.Unicode().tag(sync=True)
    start = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    rate = traitlets.Float(0.1).tag(sync=True)
    width = traitlets.Float(6.0).tag(sync=True)
    centre = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    _model: ClassVar[type[Landscape]]  # the run and its picture, which the page has too
    _state: ClassVar[list[str]]  # the traits that it depends on
    _knobs: ClassVar[list[tuple]]  # sliders: label, trait, low, high, step, and what it is kept between

    _scene = traitlets.Dict().tag(sync=True)  # what the page computes with: the same until another expression
    _answer = traitlets.Dict().tag(sync=True)  # the expression that Python has dealt with, and what was wrong with it

    def __init__(self, expression: str, **traits: Any) -> None:
        if not isinstance(expression, str):
            raise TypeError(
                f'{type(self).__name__} needs an expression as text, such as "(4*x+1)^2"; got {expression!r}.'
            )
        self._surface, view = self._understood(expression, traits.get("start", {}))
        super().__init__(**{**view, **traits, "expression": expression, "start": view["start"]})
        self._drawn = expression
        self._scene = self._described()
        self._answer = {"text": expression, "error": ""}

    def _understood(self, text: str, start: Mapping[str, float]) -> tuple[Surface, dict[str, Any]]:
        """The function, and traits that go well with it: at least `start`, `centre` and `width`."""
        raise NotImplementedError

    def _described(self) -> dict[str, Any]:
        surface = self._surface
        surface.widest, surface.legend = self.width, self._laid_out()
        home = [self.centre[name] for name in surface.names]
        view = {"home": home, "widest": surface.widest, "legend": surface.legend}
        return {**surface.described(), **view, "knobs": self._knobs, "state": self._state}

    def _legend(self) -> list[tuple[str, str, str]]:
        """What the picture has: a mark, its look, and what it is."""
        raise NotImplementedError

    def _laid_out(self) -> list[list[Any]]:
        """The legend with its places, in two columns below what is beside the landscape."""
        found = self._legend()
        rows = math.ceil(len(found) / 2)
        second = ASIDE - 20 + max(wide(words, 8.4) for *_, words in found[:rows])
        places = [(x, HEIGHT - 28 - 25 * i) for x in (ASIDE - 56, second) for i in reversed(range(rows))]
        return [[*it, *place] for it, place in zip(found, places)]

    # ---- what it shows ----------------------------------------------------------------------

    def _at(self, step: int | None = None) -> Any:
        """The run and its picture, now or after so many steps."""
        state = {name: getattr(self, name) for name in self._state}
        return self._model(self._surface, state if step is None else {**state, "step": step})

    @property
    def path(self) -> list[tuple[float, ...]]:
        """Every point of the run, the start first."""
        return [tuple(stop.point) for stop in self._at().run]

    @property
    def steps(self) -> int:
        """How many steps the run has."""
        return len(self._at().run) - 1

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        return self._at().sentence

    @property
    def verdict(self) -> str:
        """What is to be said of the steps from here."""
        return self._at().verdict

    def _facts(self, shown: Any) -> list[str]:
        """What the picture's text says besides its alternative text."""
        raise NotImplementedError

    def snapshot(self, step: int | None = None) -> Picture:
        shown = self._at(step)
        paper = Paper(self.theme, WIDTH, HEIGHT, shown.alt)
        shown.draw(paper)
        return Picture(paper.svg(), shown.alt, "\n".join([shown.alt, *self._facts(shown)]), WIDTH)

    @property
    def error(self) -> str:
        """What is wrong with the expression, in words; nothing if all is well."""
        return self._answer["error"]

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("start", "centre")
    def _finite_point(self, proposal: Any) -> dict[str, float]:
        before = getattr(self, proposal.trait.name)
        given = {name: finite(name, x) for name, x in proposal.value.items()}
        return {name: given.get(name, before.get(name, 1.0)) for name in self._surface.names}

    @traitlets.validate("rate")
    def _finite_rate(self, proposal: Any) -> float:
        return finite("rate", proposal.value)

    @traitlets.validate("width")
    def _sensible_width(self, proposal: Any) -> float:
        if not 1e-9 <= finite("width", proposal.value) <= 1e9:
            raise traitlets.TraitError(f"width needs a number from 1e-9 to 1e9; got {proposal.value!r}.")
        return proposal.value

    @traitlets.validate("step")
    def _within_the_run(self, proposal: Any) -> int:
        return max(0, min(proposal.value, self.steps)) if self._answer else max(0, proposal.value)

    @traitlets.observe("expression")
    def _on_expression(self, change: Any) -> None:
        if self._answer:  # not while it is being built
            self._try()

    @traitlets.observe("start")
    def _on_start(self, change: Any) -> None:
        if self._answer and self.expression != self._drawn:
            self._try()  # perhaps it has a value there

    def _try(self) -> None:
        """Take over the expression, or say why that cannot be."""
        if self.expression == self._drawn:  # a mistake was taken back
            self._answer = {"text": self.expression, "error": ""}
            return
        try:
            surface, view = self._understood(self.expression, self.start)
        except ValueError as problem:
            self._answer = {"text": self.expression, "error": str(problem)}
            return
        with self.hold_sync():
            self.step = 0  # of the run that is now left
            self._drawn, self._surface = self.expression, surface
            for name, value in view.items():
                setattr(self, name, value)
            self._scene = self._described()
            self._answer = {"text": self.expression, "error": ""}
