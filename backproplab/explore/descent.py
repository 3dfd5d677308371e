"""Gradient descent: the run, what is said of it, and the picture, in Python and in the page (translate.py)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..draw.paper import Paper
from ..draw.plane import Axis, Frame, contours, grid, levels
from ..notation import fill, number
from .landscape import (
    ASIDE,
    BOX,
    DOTTED,
    FINE,
    LOOKS,
    NEAR,
    ROOM,
    At,
    Landscape,
    Matrix,
    Vector,
    eigenvalues,
    hessian,
    kinked,
    listed,
    solve,
    times,
)

GRID = 57  # points each way of a landscape
STATE = ["start", "step", "kind", "rate", "matrix", "momentum", "fog", "length", "centre", "width"]

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
    "kink": "Here is a kink: the slope jumps, so there is no curvature, and no limit that it sets for η.",
    "outside": " The point is outside the window.",
    "not positive": "M must be positive semi-definite, or steps may go uphill; its symmetric part has the eigenvalue {lowest}.",
}


class Stop(NamedTuple):
    """A point of a path and what the function is there."""

    point: Vector
    at: At


def descend(at: Any, start: Vector, matrix: Matrix, momentum: float, length: int) -> list[Stop]:
    """Where v ← μv + g, w ← w − Mv leads from the start, until nothing moves, a number is no longer finite, or length."""
    path = [Stop(start, at(start))]
    velocity = [0.0 for _ in start]
    while len(path) <= length and path[-1].at.finite:
        here = path[-1]
        velocity = [momentum * v + g for v, g in zip(velocity, here.at.gradient)]
        point = [x - step for x, step in zip(here.point, times(matrix, velocity))]
        if all([x == y for x, y in zip(point, here.point)]):
            break
        path.append(Stop(point, at(point)))
    return path


def least(matrix: Matrix) -> float:
    """The smallest eigenvalue of the symmetric part; what is below 0 by rounding alone counts as 0."""
    (a, b), (c, d) = matrix
    found = eigenvalues([[a, (b + c) / 2], [(b + c) / 2, d]])[0]
    return 0.0 if abs(found) <= 1e-12 * max(1.0, abs(a), abs(d)) else found


def factor(effect: float, momentum: float) -> float:
    """What a step leaves of the distance, in the long run: the larger root of z² − (1 + μ − λ)z + μ (Polyak 1964)."""
    middle = (1 + momentum - effect) / 2
    under = middle * middle - momentum
    return math.sqrt(momentum) if under < 0 else abs(middle) + math.sqrt(under)


class Descent(Landscape):
    """A run from where it starts to the present step."""

    def __init__(self, surface: Any, state: dict[str, Any]) -> None:
        super().__init__(surface, state)
        self.kind = state["kind"] if self.two else "number"
        self.rates = self.matrix()
        start, momentum, length = self.beginning(state["start"]), state["momentum"], state["length"]
        key = [start, self.rates, momentum, length]
        self.arrive(self.recall("run", key, lambda: descend(surface.at, start, self.rates, momentum, length)))
        finite = [stop for stop in self.until if stop.at.finite]
        self.here = finite[-1] if len(finite) > 0 else self.run[0]  # where a run has ended, the last with a gradient
        self.kink = not surface.quadratic and kinked(lambda p: surface.at(p).gradient, self.here.point)
        self.curvature = self.bent()
        n = len(self.curvature)
        self.effects = eigenvalues(  # how much of the distance to the minimum a step goes, in each direction
            [[sum([r * self.curvature[k][j] for k, r in enumerate(row)]) for j in range(n)] for row in self.rates]
        )

    def matrix(self) -> Matrix:
        """What a step is made with."""
        entries, rate, kind = self.state["matrix"], self.state["rate"], self.kind
        if kind == "full":
            return entries
        n = range(len(self.surface.names))
        return [[0.0 if i != j else rate if kind == "number" else entries[i][i] for j in n] for i in n]

    def bent(self) -> Matrix:
        """The second derivatives here; nan where the gradient jumps."""
        point, quadratic = self.here.point, self.surface.quadratic
        if self.kink:
            return [[math.nan for _ in point] for _ in point]
        return hessian(lambda p: self.surface.at(p).gradient, point, quadratic)

    def toward(self, stop: Stop, curvature: Matrix) -> Vector:
        """From a point to the minimum of a quadratic; 0 where there is none."""
        if not self.surface.quadratic or not eigenvalues(curvature)[0] > 0:
            return [0.0 for _ in stop.point]
        return [-x for x in solve(curvature, stop.at.gradient)]

    # ---- words ------------------------------------------------------------------------------

    @property
    def alt(self) -> str:
        start, state = self.run[0], self.state
        how = [f"η = {number(state['rate'])}"]
        if self.kind != "number":
            how = [f"M = {', '.join([listed(row) for row in self.rates])}"]
        if state["momentum"] != 0:
            how.append(f"momentum {number(state['momentum'])}")
        if state["fog"] != 0:
            how.append(f"fog beyond {number(state['fog'])}")
        words = {"formula": self.surface.formula, "how": ", ".join(how), "names": self.name, "step": str(self.step)}
        ends = {"from": listed(start.point), "was": number(start.at.value)}
        return fill(WORDS["alt"], {**words, **ends, "at": listed(self.now.point), "loss": number(self.now.at.value)})

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        now, last, momentum = self.now, self.last, self.state["momentum"]
        carried = fill(WORDS["carried"], {"momentum": number(momentum)}) if momentum != 0 and self.step > 1 else ""
        points = {
            "before": listed(last.point),
            "at": listed(now.point),
            "change": listed([a - b for a, b in zip(now.point, last.point)]),
            "gradient": listed(last.at.gradient),
        }
        losses = {"was": number(last.at.value), "loss": number(now.at.value)}
        words = {"names": self.name, "step": str(self.step), "carried": carried, **losses, **points}
        said = fill(WORDS["step" if self.step > 0 else "start"], words)
        if self.step < len(self.run) - 1 or self.step == self.state["length"]:
            return said + self.left(WORDS["outside"])
        end = "stuck" if any([g != 0 for g in now.at.gradient]) else "arrived"
        if not now.at.finite:
            end = "trouble" if now.at.trouble != "" else "infinite"
        said += fill(WORDS[end], {"gradient": listed(now.at.gradient), "trouble": now.at.trouble})
        return said + self.left(WORDS["outside"])

    @property
    def verdict(self) -> str:
        """Whether the steps are too long, and where they lead."""
        values = eigenvalues(self.curvature)
        if self.kink or not all([math.isfinite(x) for x in [*self.here.point, *values]]):
            return WORDS["kink"] if self.kink else ""
        momentum, one, quadratic = self.state["momentum"], self.kind == "number", self.surface.quadratic
        bound = 2 * (1 + momentum)
        words = {
            "rate": number(self.state["rate"]),
            "momentum": number(momentum),
            "here": "" if quadratic else " here",
            "curvature": number(values[-1]),
            "low": number(values[0]),
            "top": number(self.effects[-1]),
            "bound": number(bound),
            "limit": number(bound / values[-1]) if values[-1] != 0 else "",
            "run": " in the long run" if momentum != 0 else "",
            "factor": number(max([factor(x, momentum) for x in self.effects])),
        }
        limit = "bound" if not one else "limit with momentum" if momentum != 0 else "limit"
        words = {**words, "limit": fill(WORDS[limit], words), "eta": fill(WORDS["eta" if one else "etas"], words)}
        which = self.which(values[0], values[-1])
        said = [fill(WORDS[which], words)]
        if which in ("across", "below"):
            said.append(fill(WORDS["leaves" if len(values) == 1 else "slowest"], words))
        if not quadratic and which not in ("bends", "flat"):
            said = [fill(WORDS["as here"], {"said": " ".join(said)})]
        return " ".join([*said, *self.angle()])

    def which(self, low: float, high: float) -> str:
        """Which of the sentences about the learning rate holds."""
        effects, momentum, quadratic = self.effects, self.state["momentum"], self.surface.quadratic
        size, ratio = max(abs(low), abs(high)), effects[-1] / (1 + momentum)
        bent = low < -NEAR * size
        if bent and (quadratic or high <= 0):
            return "hill" if quadratic else "bends"
        if size == 0:
            return "flat"
        if math.isnan(ratio):
            return "complex"
        if effects[-1] < 0 and high > 0:
            return "uphill"
        if ratio > 2 + NEAR:
            return "above"
        if ratio > 2 - NEAR:
            return "equal"
        if all([x == 0 for x in effects]):
            return "still"
        if low <= NEAR * size:
            return "mixed" if bent else "straight"
        if abs(effects[0]) <= NEAR * abs(effects[-1]):
            return "never"
        if momentum != 0:
            return "below"
        if all([abs(x - 1) < NEAR for x in effects]):
            return "one"
        return "across" if ratio > 1 else "below"

    def angle(self) -> list[str]:
        """How far a step points away from the minimum, if that is known and in sight."""
        point, gradient, one = self.here.point, self.here.at.gradient, self.kind == "number"
        toward = self.toward(self.here, self.curvature)
        way = [-x for x in (gradient if one else times(self.rates, gradient))]
        size = math.hypot(*way) * math.hypot(*toward)
        if not self.two or not 0 < size < math.inf or self.state["fog"] != 0:
            return []
        cosine = (way[0] * toward[0] + way[1] * toward[1]) / size
        angle = math.floor(math.acos(max(-1.0, min(1.0, cosine))) * 180 / math.pi + 0.5)
        minimum = [x + d if abs(x + d) > NEAR * max(abs(x), abs(d)) else 0.0 for x, d in zip(point, toward)]
        ends = {"at": listed(point), "minimum": listed(minimum)}
        return [fill(WORDS["angle"], {**ends, "what": "gradient" if one else "M·gradient", "angle": str(angle)})]

    def rows(self) -> list[list[str]]:
        """A table of all steps: where it is, the loss, the gradient, and how far the minimum is."""
        found = []
        for i, stop in enumerate(self.run):
            way = math.hypot(*self.toward(stop, self.curvature)) if stop.at.finite else 0.0
            far = number(way) if way > 0 else ""
            found.append([str(i), listed(stop.point), number(stop.at.value), listed(stop.at.gradient), far])
        return found

    # ---- drawing ----------------------------------------------------------------------------

    def draw(self, paper: Paper) -> None:
        now, fog = self.now, self.state["fog"]
        plane, places = self.landscape(paper), [self.place(stop) for stop in self.until]
        if fog != 0:
            plane.fog(places[-1], BOX[2] * fog / self.state["width"], not self.two)
        if now.at.finite:
            self.pointers(plane, places[-1])
        self.trajectory(plane, places)
        self.history(paper)
        self.ruler(paper)
        self.legend(paper)

    def place(self, stop: Stop) -> Vector:
        return stop.point if self.two else [stop.point[0], stop.at.value]

    def landscape(self, paper: Paper) -> Frame:
        at, axes, width = self.surface.at, self.axes, self.state["width"]
        key = [self.middle, width]
        if self.two:
            plane = Frame(paper, BOX, axes[0], axes[1], LOOKS)
            heights = self.recall("heights", key, lambda: grid(lambda p: at(p).value, self.middle, width, GRID))
            plane.contours(self.recall("lines", key, lambda: contours(heights, levels(heights))), "contour", True)
            return plane
        curve = self.recall("curve", key, lambda: [[x, at([x]).value] for x in self.places(FINE)])
        plane = Frame(paper, BOX, axes[0], Axis.around("L", [y for _, y in curve]), LOOKS)
        plane.line(curve, "curve")
        return plane

    def pointers(self, plane: Frame, place: Vector) -> None:
        """The way to the minimum, −gradient (or the tangent), and the next step."""
        slopes, width = self.now.at.gradient, self.state["width"]
        size = math.hypot(*slopes)
        if not self.two:
            plane.line([[place[0] + d, place[1] + slopes[0] * d] for d in (-width / 6, width / 6)], "slope")
        else:
            toward = self.toward(self.now, self.curvature)
            if any([x != 0 for x in toward]) and self.state["fog"] == 0:
                plane.line([place, [x + d for x, d in zip(place, toward)]], "straight")
            if size > 0:
                plane.line([place, [x - width / 4 * g / size for x, g in zip(place, slopes)]], "slope")
        if self.step < len(self.run) - 1:
            plane.arrow(place, [*self.run[self.step + 1].point, place[1]][:2], "step")

    def history(self, paper: Paper) -> None:
        """The loss after each step."""
        losses = [[i, stop.at.value] for i, stop in enumerate(self.until)]
        seen = [loss for _, loss in losses if math.isfinite(loss)]
        scale = "log" if len(seen) > 0 and 0 <= 50 * min(seen) < max(seen) else "linear"
        up = Axis.around("L after each step", [loss for _, loss in losses], scale)
        chart = Frame(paper, (ASIDE, 8, ROOM, 102), Axis("step", 0, max(10, self.step)), up, LOOKS)
        chart.line(losses, "curve")
        for point in losses[-DOTTED:]:
            chart.dot(point, 3.4, "curve point")

    def ruler(self, paper: Paper) -> None:
        """Step × curvature in each direction, on a line that says what happens there."""
        bound = 2 * (1 + self.state["momentum"])
        across = Axis("step × curvature, in each direction", 0, 1.5 * bound)
        line = Frame(paper, (ASIDE, 170, ROOM, 34), across, Axis("", 0, 1, "bare"), LOOKS)
        zones = [["comes nearer", bound]] if self.state["momentum"] != 0 else [["creeps", 1], ["jumps across", 2]]
        begin = 0.0
        for name, end in [*zones, ["flies away", 1.5 * bound]]:
            line.line([[end, 0], [end, 1]], "border")
            line.write(name, line.place([(begin + end) / 2, 0])[0], 14, "ink", "middle")
            begin = end
        for effect in self.effects:
            if math.isfinite(effect):
                line.dot([max(0.0, min(effect, 1.48 * bound)), 0.25], 7, "effect")
