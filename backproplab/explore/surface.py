"""What the explorers of descent have in common: a function of one or two parameters that can be typed, and a window on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture
from ..draw.paper import Paper, wide
from ..draw.plane import Axis, Frame
from ..expression import read
from ..graph import Graph
from ..notation import fill, number, pattern
from ..program import Program
from ..value import to_float
from .explorer import Explorer

Vector = list[float]
Matrix = list[list[float]]

FINE = 201  # points of a curve
DOTTED = 60  # points of a run that are dots, the last ones
BOX = (52, 20, 400, 400)  # where in the picture the landscape is
LOOKS: dict[str, dict[str, Any]] = {
    "contour": {"stroke": "value", "stroke_width": 1.2},
    "curve": {"stroke": "value", "stroke_width": 2.4},
    "curve point": {"fill": "value"},
    "path": {"stroke": "ink", "stroke_width": 1.6},
    "stop": {"fill": "ink"},
    "start": {"fill": "none", "stroke": "ink", "stroke_width": 2},
    "now": {"fill": "ink", "stroke": "ground", "stroke_width": 1.5},
    "step": {"stroke": "gradient", "stroke_width": 2.8},
    "slope": {"stroke": "gradient", "stroke_width": 1.6, "stroke_dasharray": "6 4"},
    "straight": {"stroke": "muted", "stroke_width": 1.6, "stroke_dasharray": "2 4"},
    "fog": {"fill": "badge", "fill_rule": "evenodd"},
    "border": {"stroke": "line", "stroke_width": 1},
    "effect": {"fill": "active", "stroke": "ink"},
    "trough": {"stroke": "line", "stroke_width": 0.9},
    "own trough": {"stroke": "active", "stroke_width": 2.2},
    "own contour": {"stroke": "active", "stroke_width": 1, "stroke_dasharray": "5 4"},
    "lowers": {"stroke": "gradient", "stroke_width": 1.3},
    "raises": {"stroke": "negative", "stroke_width": 1.3, "stroke_dasharray": "3 3"},
    "A": {"stroke": "positive", "stroke_width": 1.8, "stroke_dasharray": "7 4"},
    "B": {"stroke": "negative", "stroke_width": 1.8, "stroke_dasharray": "2 3"},
    "C": {"stroke": "done", "stroke_width": 1.8, "stroke_dasharray": "9 3 2 3"},
    "D": {"stroke": "ink", "stroke_width": 1.8, "stroke_dasharray": "5 5"},
    "with": {"stroke": "gradient", "stroke_width": 1.6},
    "without": {"stroke": "gradient", "stroke_width": 1.6, "stroke_dasharray": "4 4"},
    "drawn": {"fill": "gradient"},
    "drawn once": {"fill": "none", "stroke": "gradient", "stroke_width": 1.6},
}
"""How everything is drawn, in Python and in the page: attributes of SVG, and colours by their names in a theme."""
MARKS = {
    "point": "M4 -4a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
    "cross": "M4 -9l10 10m0 -10l-10 10",
    "line": "M-2 -4h20",
    "arrow": "M-2 -4h20m-6 -4l6 4l-6 4",
}
"""Samples of what a picture has, for its legend: paths from the foot of the words, 24 wide."""
NEAR = 1e-9  # how near two numbers are to be called equal


class At(NamedTuple):
    """A function at one point: its value, its gradient, and why it has none (nothing if it has)."""

    value: float
    gradient: Vector
    trouble: str

    @property
    def finite(self) -> bool:
        return all(map(math.isfinite, [self.value, *self.gradient]))


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
            "formula": self.graph.formula,
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


# ---- matrices of one or two rows ----------------------------------------------------------------


def hessian(gradient: Any, point: Sequence[float], quadratic: bool) -> Matrix:
    """The second derivatives, as central differences of the gradient.

    A quadratic has the same ones everywhere: there, steps of 1 around 0 give them exactly, up to rounding.
    """
    columns = []
    point = [0.0] * len(point) if quadratic else point
    for j, x in enumerate(point):
        h = 1.0 if quadratic else 1e-4 * max(1.0, abs(x))
        above, below = (gradient([*point[:j], x + d, *point[j + 1 :]]) for d in (h, -h))
        columns.append([(a - b) / (2 * h) for a, b in zip(above, below)])
    n = len(columns)
    return [[(columns[i][j] + columns[j][i]) / 2 for j in range(n)] for i in range(n)]


def times(matrix: Matrix, v: Sequence[float]) -> Vector:
    return [sum(m * x for m, x in zip(row, v)) for row in matrix]


def eigenvalues(m: Matrix) -> Vector:
    """Both eigenvalues, the smaller one first; nan if they are complex. Of a single number, itself."""
    if len(m) == 1:
        return [m[0][0]]
    mean, apart = (m[0][0] + m[1][1]) / 2, (m[0][0] - m[1][1]) / 2
    under = apart * apart + m[0][1] * m[1][0]
    if not under >= -1e-12 * mean * mean:
        return [math.nan, math.nan]
    root = math.sqrt(max(under, 0.0))
    return [mean - root, mean + root]


def solve(m: Matrix, v: Vector) -> Vector:
    """The x with m·x = v."""
    if len(m) == 1:
        return [v[0] / m[0][0]]
    (a, b), (c, d) = m
    return [(d * v[0] - b * v[1]) / (a * d - b * c), (a * v[1] - c * v[0]) / (a * d - b * c)]


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


def listed(v: Sequence[float]) -> str:
    """A point or a vector as it is written: `1`, or `(10, 1)`."""
    return number(v[0]) if len(v) == 1 else f"({', '.join(map(number, v))})"


# ---- the explorer -------------------------------------------------------------------------------


class SurfaceExplorer(Explorer):
    """Traits and reactions that explorers of descent share; a subclass says what a text means in `_understood`."""

    expression = traitlets.Unicode().tag(sync=True)
    start = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    rate = traitlets.Float(0.1).tag(sync=True)
    width = traitlets.Float(6.0).tag(sync=True)
    centre = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
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
        home = [self.centre[name] for name in self._surface.names]
        looks = {name: {key.replace("_", "-"): x for key, x in look.items()} for name, look in LOOKS.items()}
        scene = {"home": home, "widest": self.width, "looks": looks, "legend": self._laid_out(), "marks": MARKS}
        return {**self._surface.described(), **scene}

    def _legend(self) -> list[tuple[str, str, str]]:
        """What the picture has: a mark, its look, and what it is."""
        raise NotImplementedError

    def _laid_out(self) -> list[list[Any]]:
        """The legend with its places, in as many rows as it needs."""
        x, rows = BOX[0], [[]]
        for mark, look, words in self._legend():
            if x + (room := 24 + wide(words, 7.0)) > 852:
                x, rows = BOX[0], [*rows, []]
            rows[-1].append([mark, look, words, x])
            x += room + 14
        return [[*it, 484 + 16 * i - 9 * (len(rows) - 1)] for i, row in enumerate(rows) for it in row]

    @property
    def error(self) -> str:
        """What is wrong with the expression, in words; nothing if all is well."""
        return self._answer["error"]

    def _axes(self, middle: Vector) -> list[Axis]:
        """Those of the window around this point."""
        return [Axis(name, c - self.width / 2, c + self.width / 2) for name, c in zip(self._surface.names, middle)]

    def _trajectory(self, plane: Frame, places: Sequence[Sequence[float]]) -> None:
        """The run so far."""
        plane.line(places, "path")
        for place in places[-DOTTED:]:
            plane.dot(place, 2.6, "stop")
        plane.dot(places[0], 6, "start")
        plane.dot(places[-1], 5.5, "now")

    def _picture(self, paper: Paper, alt: str, facts: list[str]) -> Picture:
        for mark, look, words, x, y in self._laid_out():
            colours = {**{"fill": "none"}, **LOOKS[look]}
            for name in ("fill", "stroke"):
                if colours.get(name, "none") != "none":
                    colours[name] = getattr(paper.theme, colours[name])
            paper.add(paper.root, "path", d=MARKS[mark], transform=f"translate({x} {y})", **colours)
            paper.add(paper.root, "text", words, x=x + 24, y=y, font_size=13, fill=paper.theme.ink)
        return Picture(paper.svg(), alt, "\n".join([alt, *facts]), 884)

    def _begin(self) -> Vector:
        return [self.start[name] for name in self._surface.names]

    def _window(self, point: Vector) -> Vector:
        """The middle of the window: `centre` in full view, and the nearer to the present point the closer one looks."""
        zoom = min(1.0, self.width / self._scene["widest"])
        home = [self.centre[name] for name in self._surface.names]
        return [c + (p - c) * (1 - zoom) if abs(p - c) < 1e6 * self.width else c for p, c in zip(point, home)]

    @traitlets.validate("start", "centre")
    def _finite_point(self, proposal: Any) -> dict[str, float]:
        before = getattr(self, proposal.trait.name)
        given = {name: _finite(name, x) for name, x in proposal.value.items()}
        return {name: given.get(name, before.get(name, 1.0)) for name in self._surface.names}

    @traitlets.validate("rate")
    def _finite_rate(self, proposal: Any) -> float:
        return _finite("rate", proposal.value)

    @traitlets.validate("width")
    def _sensible_width(self, proposal: Any) -> float:
        if not 1e-9 <= _finite("width", proposal.value) <= 1e9:
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


def _finite(name: str, x: Any) -> float:
    try:
        x = to_float(x) + 0.0  # −0 becomes 0
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"{name}: {error}") from None
    if not math.isfinite(x):
        raise traitlets.TraitError(f"{name} needs a finite number; got {x}.")
    return x
