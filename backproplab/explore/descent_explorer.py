"""Descend: any function of one or two parameters, any learning rate, and why it flies away."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import traitlets

from ..draw import Picture
from ..draw.paper import Paper
from ..draw.plane import Axis, Frame, grid, levels
from ..notation import fill, number
from .explorer import module, style
from .surface import (
    BOX,
    DOTTED,
    FINE,
    LOOKS,
    NEAR,
    At,
    Matrix,
    Surface,
    SurfaceExplorer,
    Vector,
    _finite,
    eigenvalues,
    hessian,
    listed,
    lowest,
    solve,
    times,
)

GRID = 57  # points each way of a landscape


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

WORDS = {
    "alt": "descent on {formula} with {how}: from {names} = {from}, L = {was}, after {step} steps at {at}, L = {loss}",
    "start": "Start at {names} = {at}: L = {loss}, gradient {gradient}.",
    "step": "Step {step}: the gradient at {before} is {gradient}, so{carried} {names} moves by {change} to {at}. L goes from {was} to {loss}.",
    "carried": ", with {momentum} of the move before,",
    "arrived": " Here the gradient is 0: nothing moves any more.",
    "stuck": " The gradient here is {gradient}, but the step made of it is 0: nothing moves any more.",
    "trouble": " {trouble} So there is no gradient to step by: every number from here on would be nan.",
    "infinite": " That is more than a float can hold: every number from here on would be nan.",
    "eta": "η = {rate}",
    "etas": "The largest eigenvalue of M·curvature, {top},",
    "limit": "2 ÷ the largest curvature = 2 ÷ {curvature} = {limit}",
    "limit with momentum": "2·(1 + {momentum}) ÷ the largest curvature = {limit}",
    "bound": "{bound}",
    "as here": "If the curvature were everywhere as it is here: {said}",
    "above": "{eta} is above {limit}: each step overshoots by more than it came, so it flies away.",
    "equal": "{eta} is exactly {limit}: it jumps across and back for ever.",
    "one": "The step is gradient ÷ curvature in every direction: one step lands at the lowest point.",
    "across": "{eta} is below {limit}, but above half of it: it jumps across and comes nearer.",
    "below": "{eta} is below {limit}: it comes nearer.",
    "leaves": "A step leaves {factor} of the distance{run}.",
    "slowest": "In the slowest direction, a step leaves {factor} of the distance{run}.",
    "mixed": "{eta} is below {limit}: where it curves upwards it comes nearer; but the smallest curvature is {low}, below 0: that way steps grow.",
    "straight": "{eta} is below {limit}; in one direction the curvature is 0: there the slope never changes.",
    "still": "With a learning rate of 0, no step ever moves.",
    "never": "In one direction no step ever moves: there M·curvature has the eigenvalue 0.",
    "complex": "The eigenvalues of M·curvature are complex: the path turns.",
    "hill": "The smallest curvature is {low}, below 0: that way it goes down ever more steeply, and steps grow.",
    "bends": "The curvature here is {low}, below 0: it bends downwards, and no η is too large for that.",
    "flat": "The curvature{here} is 0: there is nothing that η could be too large for.",
    "uphill": "{eta} is below 0: steps go uphill.",
    "angle": "From {at}, −{what} points {angle}° away from the minimum {minimum}.",
    "not positive": "M must be positive semi-definite, or steps may go uphill; its symmetric part has the eigenvalue {lowest}.",
}


class Stop(NamedTuple):
    """A point of a path and what the function is there."""

    point: Vector
    at: At


def descend(at: Any, start: Vector, matrix: Matrix, momentum: float, length: int) -> list[Stop]:
    """Where v ← μv + g, w ← w − Mv leads from the start, until nothing moves, a number is no longer finite, or length."""
    path = [Stop(list(start), at(start))]
    velocity = [0.0] * len(start)
    while len(path) <= length and path[-1].at.finite:
        here = path[-1]
        velocity = [momentum * v + g for v, g in zip(velocity, here.at.gradient)]
        point = [x - step for x, step in zip(here.point, times(matrix, velocity))]
        if point == here.point:
            break
        path.append(Stop(point, at(point)))
    return path


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

    _kept: tuple[Any, list[Stop]] = (None, [])  # the last run and what it was made with

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
        return surface, {"start": surface.start, "centre": centre, "width": 2.6 * reach or 6.0}

    def _described(self) -> dict[str, Any]:
        return {**super()._described(), "words": WORDS, "kinds": [*KINDS.items()]}

    def _legend(self) -> list[tuple[str, str, str]]:
        two = len(self._surface.names) == 2
        found = [("point", "start", "start"), ("point", "now", "now"), ("arrow", "step", "next step")]
        found.append(("line", "slope", "−gradient" if two else "tangent"))
        if two and self._surface.quadratic:
            found.append(("line", "straight", "straight to the minimum"))
        return found

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def path(self) -> list[tuple[float, ...]]:
        """Every point of the run, the start first."""
        return [tuple(stop.point) for stop in self._run()]

    @property
    def losses(self) -> list[float]:
        """L at every point of the run."""
        return [stop.at.value for stop in self._run()]

    @property
    def steps(self) -> int:
        """How many steps the run has."""
        return len(self._run()) - 1

    @property
    def gradient(self) -> tuple[float, ...]:
        """The gradient at the present point."""
        return tuple(self._here().at.gradient)

    @property
    def curvature(self) -> Matrix:
        """The second derivatives at the present point."""
        return self._curvature(self._here().point)

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        return self._told(min(self.step, self.steps))

    @property
    def verdict(self) -> str:
        """What learning rate and curvature have to do with each other, and where −gradient points."""
        return self._judged(self._here())

    def snapshot(self, step: int | None = None) -> Picture:
        run = self._run()
        k = max(0, min(self.step if step is None else step, self.steps))
        here, alt = run[k], self._alt(k)
        paper = Paper(self.theme, 884, 512, alt)
        plane, places = self._landscape(paper, here), [self._place(stop) for stop in run[: k + 1]]
        if self.fog:
            plane.fog(places[-1], BOX[2] * self.fog / self.width, slit=len(here.point) == 1)
        if here.at.finite:
            self._pointers(plane, here, run[k + 1].point if k < self.steps else None)
        self._trajectory(plane, places)
        losses = [stop.at.value for stop in run[: k + 1]]
        seen = [loss for loss in losses if math.isfinite(loss)]
        scale = "log" if seen and 0 <= 50 * min(seen) < max(seen) else "linear"
        axes = Axis("step", 0, max(10, k)), Axis.around("L after each step", losses, scale)
        chart = Frame(paper, (540, 20, 300, 210), *axes, LOOKS)
        chart.line(list(enumerate(losses)), "curve")
        for point in list(enumerate(losses))[-DOTTED:]:
            chart.dot(point, 2.6, "curve point")
        self._ruler(paper, here)
        return self._picture(paper, alt, self._facts(k))

    def __repr__(self) -> str:
        rates: dict[str, Any] = {"rate": self.rate}
        if self._kind() == "diagonal":
            rates = {"matrix": [self.matrix[0][0], self.matrix[1][1]]}
        elif self._kind() == "full":
            rates = {"matrix": self.matrix}
        options = {name: getattr(self, name) for name in ("momentum", "fog") if getattr(self, name)}
        given = "".join(f", {name}={value!r}" for name, value in {**rates, **options, **self.start}.items())
        return f'DescentExplorer("{self._drawn}"{given})'

    # ---- computing --------------------------------------------------------------------------

    def _kind(self) -> str:
        return self.kind if len(self._surface.names) == 2 else "number"

    def _rates(self) -> Matrix:
        """The matrix that a step is made with."""
        n, kind = len(self._surface.names), self._kind()
        if kind == "full":
            return self.matrix
        diagonal = [self.matrix[i][i] if kind == "diagonal" else self.rate for i in range(n)]
        return [[diagonal[i] if i == j else 0.0 for j in range(n)] for i in range(n)]

    def _run(self) -> list[Stop]:
        key = (self._surface, self._begin(), self._rates(), self.momentum, self.length)
        if self._kept[0] != key:
            self._kept = key, descend(self._surface.at, *key[1:])
        return self._kept[1]

    def _here(self) -> Stop:
        """The present point; where a run has come to its end, the last at which there is a gradient."""
        run = self._run()[: self.step + 1]
        return next((stop for stop in reversed(run) if stop.at.finite), run[0])

    def _curvature(self, point: Vector) -> Matrix:
        return hessian(lambda p: self._surface.at(p).gradient, point, self._surface.quadratic)

    def _effects(self, curvature: Matrix) -> Vector:
        """The eigenvalues of M·curvature: how much of the distance to the minimum a step goes, in each direction."""
        rates, n = self._rates(), len(curvature)
        product = [[sum(rates[i][k] * curvature[k][j] for k in range(n)) for j in range(n)] for i in range(n)]
        return eigenvalues(product)

    # ---- words ------------------------------------------------------------------------------

    def _names(self) -> str:
        names = self._surface.names
        return names[0] if len(names) == 1 else f"({', '.join(names)})"

    def _told(self, k: int) -> str:
        run = self._run()
        here, last = run[k], run[max(0, k - 1)]
        told = {
            "names": self._names(),
            "step": str(k),
            "before": listed(last.point),
            "at": listed(here.point),
            "change": listed([a - b for a, b in zip(here.point, last.point)]),
            "gradient": listed(last.at.gradient),
            "carried": fill(WORDS["carried"], {"momentum": number(self.momentum)}) if self.momentum and k > 1 else "",
            "was": number(last.at.value),
            "loss": number(here.at.value),
        }
        said = fill(WORDS["step" if k else "start"], told)
        if k < self.steps or k == self.length:
            return said
        if not here.at.finite:
            return said + fill(WORDS["trouble" if here.at.trouble else "infinite"], {"trouble": here.at.trouble})
        return said + fill(
            WORDS["stuck" if any(here.at.gradient) else "arrived"], {"gradient": listed(here.at.gradient)}
        )

    def _judged(self, here: Stop) -> str:
        """Whether the steps are too long, and where they lead."""
        curvature = self._curvature(here.point)
        words, effects = [], self._effects(curvature)
        if not all(map(math.isfinite, [*here.point, *eigenvalues(curvature)])):
            return ""
        case = self._case(curvature, effects)
        one, bound = self._kind() == "number", 2 * (1 + self.momentum)
        low, high = eigenvalues(curvature)[0], eigenvalues(curvature)[-1]
        told = {
            "rate": number(self.rate),
            "momentum": number(self.momentum),
            "here": "" if self._surface.quadratic else " here",
            "curvature": number(high),
            "low": number(low),
            "top": number(effects[-1]),
            "bound": number(bound),
            "limit": number(bound / high) if high else "",
            "run": " in the long run" if self.momentum else "",
            "factor": number(max(_factor(x, self.momentum) for x in effects)),
        }
        limit = "bound" if not one else "limit with momentum" if self.momentum else "limit"
        told |= {"limit": fill(WORDS[limit], told), "eta": fill(WORDS["eta" if one else "etas"], told)}
        words.append(fill(WORDS[case], told))
        if case in ("across", "below"):
            words.append(fill(WORDS["leaves" if len(curvature) == 1 else "slowest"], told))
        if not self._surface.quadratic and case not in ("bends", "flat"):
            words = [fill(WORDS["as here"], {"said": " ".join(words)})]
        toward = self._toward(here, curvature)
        way = [-x for x in (here.at.gradient if one else times(self._rates(), here.at.gradient))]
        size = math.hypot(*way) * math.hypot(*toward)
        if len(way) == 2 and 0 < size < math.inf and not self.fog:  # which hides the minimum
            cosine = (way[0] * toward[0] + way[1] * toward[1]) / size
            angle = math.floor(math.degrees(math.acos(max(-1.0, min(1.0, cosine)))) + 0.5)
            ends = [(x + d, max(abs(x), abs(d))) for x, d in zip(here.point, toward)]
            minimum = listed([x if abs(x) > NEAR * size else 0.0 for x, size in ends])
            what = "gradient" if one else "M·gradient"
            told = {"at": listed(here.point), "what": what, "angle": str(angle), "minimum": minimum}
            words.append(fill(WORDS["angle"], told))
        return " ".join(words)

    def _case(self, curvature: Matrix, effects: Vector) -> str:
        low, high = eigenvalues(curvature)[0], eigenvalues(curvature)[-1]
        size, ratio = max(abs(low), abs(high)), effects[-1] / (1 + self.momentum)
        bent = low < -NEAR * size
        if bent and (self._surface.quadratic or high <= 0):
            return "hill" if self._surface.quadratic else "bends"
        if not size:
            return "flat"
        if math.isnan(ratio):
            return "complex"
        if effects[-1] < 0 and high > 0:
            return "uphill"
        if ratio > 2 + NEAR:
            return "above"
        if ratio > 2 - NEAR:
            return "equal"
        if not any(effects):
            return "still"
        if low <= NEAR * size:
            return "mixed" if bent else "straight"
        if abs(effects[0]) <= NEAR * abs(effects[-1]):
            return "never"
        if self.momentum:
            return "below"
        return "one" if all(abs(x - 1) < NEAR for x in effects) else "across" if ratio > 1 else "below"

    def _toward(self, here: Stop, curvature: Matrix) -> Vector:
        """From a point to the minimum of a quadratic; 0 where there is none."""
        if not self._surface.quadratic or not eigenvalues(curvature)[0] > 0:
            return [0.0] * len(here.point)
        return [-x for x in solve(curvature, here.at.gradient)]

    def _alt(self, k: int) -> str:
        run = self._run()
        start, here = run[0], run[k]
        told = {
            "formula": self._surface.graph.formula,
            "how": self._rate_in_words(),
            "names": self._names(),
            "from": listed(start.point),
            "was": number(start.at.value),
            "step": str(k),
            "at": listed(here.point),
            "loss": number(here.at.value),
        }
        return fill(WORDS["alt"], told)

    def _rate_in_words(self) -> str:
        rates = (
            f"η = {number(self.rate)}" if self._kind() == "number" else f"M = {', '.join(map(listed, self._rates()))}"
        )
        more = {"momentum": self.momentum, "fog beyond": self.fog}
        return ", ".join([rates, *(f"{name} {number(x)}" for name, x in more.items() if x)])

    def _facts(self, k: int) -> list[str]:
        run = self._run()
        shown = sorted({*range(min(k, 4) + 1), k})
        points = [f"  step {i}: at {listed(run[i].point)}, L = {number(run[i].at.value)}" for i in shown]
        here = next((stop for stop in reversed(run[: k + 1]) if stop.at.finite), run[0])
        return [*points, f"  {self._told(k)}", f"  {self._judged(here)}".rstrip()]

    # ---- drawing ----------------------------------------------------------------------------

    def _landscape(self, paper: Paper, here: Stop) -> Frame:
        middle = self._window(here.point)
        axes = self._axes(middle)
        if len(axes) == 2:
            plane = Frame(paper, BOX, *axes, LOOKS)
            heights = grid(lambda p: self._surface.at(p).value, middle, self.width, GRID)
            plane.contours(heights, levels(heights), "contour", labels=True)
            return plane
        xs = [axes[0].low + self.width * i / (FINE - 1) for i in range(FINE)]
        curve = [(x, self._surface.at([x]).value) for x in xs]
        plane = Frame(paper, BOX, axes[0], Axis.around("L", [y for _, y in curve]), LOOKS)
        plane.line(curve, "curve")
        return plane

    def _place(self, stop: Stop) -> Vector:
        return stop.point if len(stop.point) == 2 else [stop.point[0], stop.at.value]

    def _pointers(self, plane: Frame, here: Stop, following: Vector | None) -> None:
        """The way to the minimum, −gradient (or the tangent), and the next step."""
        place, slopes = self._place(here), here.at.gradient
        if len(here.point) == 1:
            plane.line([(place[0] + d, place[1] + slopes[0] * d) for d in (-self.width / 6, self.width / 6)], "slope")
        else:
            toward = self._toward(here, self._curvature(here.point))
            if any(toward) and not self.fog:
                plane.line([place, [x + d for x, d in zip(place, toward)]], "straight")
            if size := math.hypot(*slopes):
                plane.line([place, [x - self.width / 4 * g / size for x, g in zip(place, slopes)]], "slope")
        if following:
            plane.arrow(place, [*following, place[1]][:2], "step")

    def _ruler(self, paper: Paper, here: Stop) -> None:
        """Step × curvature in each direction, on a line that says what happens there."""
        bound = 2 * (1 + self.momentum)
        axes = Axis("step × curvature, in each direction", 0, 1.5 * bound), Axis("", 0, 1, "bare")
        ruler = Frame(paper, (540, 346, 300, 34), *axes, LOOKS)
        zones = {"comes nearer": bound} if self.momentum else {"creeps": 1.0, "jumps across": 2.0}
        begin = 0.0
        for name, end in {**zones, "flies away": 1.5 * bound}.items():
            ruler.line([(end, 0), (end, 1)], "border")
            x, _ = ruler.place([(begin + end) / 2, 0])
            paper.add(ruler.inside, "text", name, x=x, y=13, font_size=12.5, fill=paper.theme.ink, text_anchor="middle")
            begin = end
        for effect in self._effects(self._curvature(here.point)):
            if math.isfinite(effect):
                ruler.dot([max(0.0, min(effect, 1.48 * bound)), 0.28], 6, "effect")

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("momentum", "fog")
    def _not_negative(self, proposal: Any) -> float:
        name, value = proposal.trait.name, _finite(proposal.trait.name, proposal.value)
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
        rows = [[_finite("matrix", x) for x in row] for row in rows]
        (a, b), (c, d) = rows
        least = eigenvalues([[a, (b + c) / 2], [(b + c) / 2, d]])[0]
        if least < -1e-12 * max(1.0, abs(a), abs(d)):
            raise traitlets.TraitError(fill(WORDS["not positive"], {"lowest": number(least)}))
        return rows

    @traitlets.observe("start", "kind", "rate", "matrix", "momentum", "length")
    def _on_change(self, change: Any) -> None:
        if self._answer:
            self.step = min(self.step, self.steps)  # another run may be shorter


def _factor(effect: float, momentum: float) -> float:
    """What a step leaves of the distance, in the long run: the larger root of z² − (1 + μ − λ)z + μ (Polyak 1964)."""
    middle = (1 + momentum - effect) / 2
    under = middle * middle - momentum
    return math.sqrt(momentum) if under < 0 else abs(middle) + math.sqrt(under)
