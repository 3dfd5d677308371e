"""Descend: any function of one or two parameters, any learning rate, and why it flies away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import traitlets

from ..notation import fill, number
from .descent import STATE, WORDS, Descent, least
from .explorer import module, style
from .landscape import Matrix, listed
from .surface import Surface, SurfaceExplorer, lowest
from .typed import finite


class Known(NamedTuple):
    """A surface that has a name: its expression, and a start, rate and window that go well with it."""

    expression: str
    start: dict[str, float]
    rate: float
    centre: dict[str, float]
    width: float


SURFACES = {
    "valley": Known("0.04*(p-2)^2 + 0.2*sin(2*p) + 1", {"p": -6.5}, 0.4, {"p": 0.0}, 20.0),
    "bowl": Known("0.5*(u^2 + v^2)", {"u": 2.0, "v": 1.0}, 0.1, {"u": 0.0, "v": 0.0}, 6.0),
    "ravine": Known("0.5*(w1^2 + 25*w2^2)", {"w1": 10.0, "w2": 1.0}, 0.07, {"w1": 0.0, "w2": 0.0}, 24.0),
    "saddle": Known("0.5*(u^2 - v^2)", {"u": 2.0, "v": 0.01}, 0.1, {"u": 0.0, "v": 0.0}, 6.0),
    "banana": Known("(1-x)^2 + 100*(y-x^2)^2", {"x": -1.2, "y": 1.0}, 0.001, {"x": 0.0, "y": 0.7}, 4.0),
    "staircase": Known("floor(4*(u-0.7)^2)/4", {"u": -0.5}, 0.1, {"u": 0.7}, 3.2),
    "prototypes": Known(
        "minimum(minimum((x+2)^2 + (y-1)^2, (x-2)^2 + (y-1.5)^2), x^2 + (y+1.5)^2)",
        {"x": -0.4, "y": 0.6}, 0.2, {"x": 0.0, "y": 0.0}, 7.0,
    ),
    "four": Known("(x^2+y-11)^2 + (x+y^2-7)^2", {"x": 0.0, "y": 0.0}, 0.01, {"x": 0.0, "y": 0.0}, 11.0),
}
"""Surfaces that can be asked for by name. Staircase: flat almost everywhere, so nothing moves. Prototypes: the squared
distance to the nearest of three points; which one that is has no gradient, but how far it is has. Banana: Rosenbrock 1960; four (valleys): Himmelblau 1972."""

KINDS = {"number": "one number η", "diagonal": "one for each parameter", "full": "a matrix M"}


class DescentExplorer(SurfaceExplorer):
    """Gradient descent on any function of one or two parameters, step by step, and why it does what it does.

    Give an expression or the name of a surface (one of SURFACES, such as "ravine"), and where to start:
    a parameter without a value starts at 1. The public traits hold the whole state and may be set and observed from
    Python: `expression`, `start` (parameter -> number), `step` (0 … `steps`), `kind` of learning rate ("number",
    "diagonal" or "full"), `rate` (η), `matrix` (2 × 2, takes the place of η; its symmetric part must be positive
    semi-definite; of a diagonal one only the diagonal counts), `momentum` (0 up to 1), `fog` (what is farther from the
    present point cannot be seen; 0 is a clear day), and the window: its `centre` and `width`. A run ends after `length`
    steps, or when nothing moves, or where a number is no longer finite.

    >>> explorer = DescentExplorer("(4*x+1)^2", x=1.0, rate=0.07)
    >>> print(explorer.verdict)
    η = 0.07 is above 2 ÷ the largest curvature = 2 ÷ 32 = 0.0625: each step overshoots by more than it came, so it flies away.
    >>> explorer.rate = 1 / 32
    >>> explorer.path, explorer.steps
    ([(1.0,), (-0.25,)], 1)
    >>> explorer.close()
    """

    _esm = module("descent_explorer")
    _css = style("surface")

    kind = traitlets.Enum(list(KINDS), "number").tag(sync=True)
    matrix = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    momentum = traitlets.Float(0.0).tag(sync=True)
    fog = traitlets.Float(0.0).tag(sync=True)
    length = traitlets.Int(300).tag(sync=True)

    _model, _state = Descent, STATE
    _knobs = [
        ("η", "rate", 0, 0.1, 0.0005),
        ("momentum", "momentum", 0, 0.99, 0.01, 0, 0.999),
        ("fog beyond", "fog", 0, 5, 0.05, 0),
    ]

    def __init__(
        self,
        expression: str,
        /,
        *,
        rate: float | None = None,
        matrix: Sequence[Any] | None = None,
        momentum: float = 0.0,
        fog: float = 0.0,
        width: float | None = None,
        centre: Mapping[str, float] | None = None,
        length: int = 300,
        **start: float,
    ) -> None:
        given = {"rate": rate, "width": width, "centre": centre and dict(centre)}
        traits = {name: value for name, value in given.items() if value is not None}
        if matrix is None:
            traits["matrix"] = [[0.1, 0.0], [0.0, 0.1]]
        elif len(matrix) == 2 and all(isinstance(entry, (int, float)) for entry in matrix):
            traits |= {"kind": "diagonal", "matrix": [[matrix[0], 0.0], [0.0, matrix[-1]]]}
        else:
            traits |= {"kind": "full", "matrix": [list(row) if isinstance(row, Sequence) else [row] for row in matrix]}
        super().__init__(expression, start=start, momentum=momentum, fog=fog, length=length, **traits)

    def _understood(self, text: str, start: Mapping[str, float]) -> tuple[Surface, dict[str, Any]]:
        known = SURFACES.get(text.strip().lower())
        if known:
            surface = Surface(known.expression, {**known.start, **({} if self._answer else start)})
            return surface, {"start": surface.start, "rate": known.rate, "centre": known.centre, "width": known.width}
        surface = Surface(text, start)
        begin = list(surface.start.values())
        lowest_point = lowest(surface.at, begin, True) if surface.quadratic else None
        reach = max((abs(x - c) for x, c in zip(begin, lowest_point or begin)), default=0.0)
        centre = dict(zip(surface.names, lowest_point or begin))
        return surface, {"start": surface.start, "centre": centre, "width": float(f"{2.6 * reach:.3g}") or 6.0}

    def _described(self) -> dict[str, Any]:
        return {**super()._described(), "kinds": [*KINDS.items()], "not positive": WORDS["not positive"]}

    def _legend(self) -> list[tuple[str, str, str]]:
        two = len(self._surface.names) == 2
        found = [("point", "start", "start"), ("point", "now", "now"), ("arrow", "step", "next step")]
        found.append(("line", "slope", "−gradient" if two else "tangent"))
        if two and self._surface.quadratic:
            found.append(("line", "straight", "straight to the minimum"))
        return found

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def losses(self) -> list[float]:
        """The function's value at every point of the run."""
        return [stop.at.value for stop in self._at().run]

    @property
    def gradient(self) -> tuple[float, ...]:
        """The slopes at the present point."""
        return tuple(self._at().here.at.gradient)

    @property
    def curvature(self) -> Matrix:
        """The second derivatives at the present point; nan at a kink, where the slope jumps."""
        return self._at().curvature

    def _facts(self, shown: Descent) -> list[str]:
        stops = [(i, shown.run[i]) for i in sorted({*range(min(shown.step, 4) + 1), shown.step})]
        facts = [f"  step {i}: at {listed(stop.point)}, L = {number(stop.at.value)}" for i, stop in stops]
        return [*facts, f"  {shown.sentence}", f"  {shown.verdict}".rstrip()]

    def __repr__(self) -> str:
        rates: dict[str, Any] = {"rate": self.rate}
        if self._at().kind == "diagonal":
            rates = {"matrix": [self.matrix[0][0], self.matrix[1][1]]}
        elif self._at().kind == "full":
            rates = {"matrix": self.matrix}
        options = {name: getattr(self, name) for name in ("momentum", "fog") if getattr(self, name)}
        given = "".join(f", {name}={value!r}" for name, value in {**rates, **options, **self.start}.items())
        return f'DescentExplorer("{self._drawn}"{given})'

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("momentum", "fog")
    def _not_negative(self, proposal: Any) -> float:
        name, value = proposal.trait.name, finite(proposal.trait.name, proposal.value)
        if value < 0 or name == "momentum" and value >= 1:
            wanted = "a number from 0 up to, but not including, 1" if name == "momentum" else "a number of at least 0"
            raise traitlets.TraitError(f"{name} needs {wanted}; got {value}.")
        return value

    @traitlets.validate("length")
    def _some_steps(self, proposal: Any) -> int:
        if not 1 <= proposal.value <= 10_000:
            raise traitlets.TraitError(f"length needs a whole number from 1 to 10,000; got {proposal.value}.")
        return proposal.value

    @traitlets.validate("matrix")
    def _positive_semidefinite(self, proposal: Any) -> Matrix:
        rows = proposal.value
        if [len(row) for row in rows] != [2, 2]:
            raise traitlets.TraitError(f"matrix needs two rows of two numbers; got {rows}.")
        rows = [[finite("matrix", x) for x in row] for row in rows]
        if (lowest_one := least(rows)) < 0:
            raise traitlets.TraitError(fill(WORDS["not positive"], {"lowest": number(lowest_one)}))
        return rows

    @traitlets.observe("start", "kind", "rate", "matrix", "momentum", "length")
    def _on_change(self, change: Any) -> None:
        if self._answer:
            self.step = min(self.step, self.steps)  # another run may be shorter
