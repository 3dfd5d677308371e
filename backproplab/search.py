"""Life without gradients: methods that only ask what a function is worth at a point, and what that costs.

Every method minimises f, a function of a vector that returns one number, and knows nothing else about it. An
*evaluation* is one call of f; the start counts. They all take

- `evaluations`: the budget, after which the search ends;
- `stop`: a threshold, the search ends at the first value that is no larger;
- `seed`: a whole number or a `numpy.random.Generator`; the same seed gives the same search,

and return a `Result`. A value of nan is worse than any number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf, nan, sqrt
from types import TracebackType
from typing import Any, Protocol

import numpy as np

from .notation import number

Function = Callable[[np.ndarray], float]
Vector = np.ndarray | list[float] | tuple[float, ...] | float
Seed = int | np.random.Generator


@dataclass(frozen=True, eq=False)
class Result:
    """What a search found: the best `point` (d,), its `value`, and what they cost.

    `evaluations` is the number of calls of f, `history` (evaluations,) the best value so far after each of
    them, `path` (m, d) the points that were the best in their turn, the start first.
    """

    point: np.ndarray
    value: float
    evaluations: int
    history: np.ndarray = field(repr=False)
    path: np.ndarray = field(repr=False)

    def __repr__(self) -> str:
        return f"{number(self.value)} at {_written(self.point)} after {self.evaluations:,} evaluations"


# ---- what all methods share ---------------------------------------------------------------------


class _Finished(Exception):
    """The budget is spent, or the threshold reached."""


class _Trials:
    """f, counted: an evaluation beyond the budget or after `stop` was reached ends the block `with`."""

    def __init__(self, f: Function, start: Vector, evaluations: int, stop: float) -> None:
        self.f, self.stop = f, stop
        self.budget = _whole("evaluations", evaluations, 1)
        self.point, self.value = _vector("start", start), inf
        self.history: list[float] = []
        self.path = [self.point]

    def at(self, w: np.ndarray) -> float:
        """f(w), as one more evaluation."""
        if len(self.history) >= self.budget or self.value <= self.stop:
            raise _Finished
        value = _one_number(self.f, w)
        if value < self.value:  # never for nan
            if self.history:
                self.path.append(w)
            self.point, self.value = w, value
        self.history.append(self.value)
        return value

    def improves(self, w: np.ndarray) -> bool:
        """Whether f(w) is below everything so far; then w is the new `point`."""
        before = self.value
        self.at(w)
        return self.value < before

    def __enter__(self) -> _Trials:
        self.at(self.point)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        return kind is _Finished

    def result(self) -> Result:
        return Result(self.point, self.value, len(self.history), np.array(self.history), np.array(self.path))


# ---- search by trying ---------------------------------------------------------------------------


def coordinate_search(
    f: Function,
    start: Vector,
    *,
    step: float = 0.5,
    smallest: float = 1e-9,
    evaluations: int = 10_000,
    stop: float = -inf,
    seed: Seed | None = None,
) -> Result:
    """Compass search: one coordinate at a time, a step forth, else a step back; keep what is better.

    When no coordinate helps, the step is halved, until it falls below `smallest` (Fermi and Metropolis 1952;
    Kolda, Lewis and Torczon 2003). It draws nothing: a `seed` only shuffles the order of the coordinates, anew
    in each round.

    >>> coordinate_search(lambda w: (w[0] - 1) ** 2 + (w[1] + 2) ** 2, [0, 0], stop=0.0)
    0 at (1, −2) after 15 evaluations
    """
    step = _positive("step", step)
    rng = None if seed is None else np.random.default_rng(seed)
    with _Trials(f, start, evaluations, stop) as trials:
        d = trials.point.size
        while step >= smallest:
            axes = step * (np.eye(d) if rng is None else rng.permutation(np.eye(d)))
            better = [trials.improves(trials.point + e) or trials.improves(trials.point - e) for e in axes]
            step *= 1.0 if any(better) else 0.5
    return trials.result()


def blind_search(
    f: Function,
    center: Vector,
    *,
    radius: float = 1.0,
    evaluations: int = 10_000,
    stop: float = -inf,
    seed: Seed = 0,
) -> Result:
    """Draws uniform in a ball about `center`, each without memory of the others.

    To come within r of one point takes (radius/r)ᵈ draws on average: a tenth of the radius costs 10ᵈ. The
    center itself is not tried. (A direction from a Gaussian, a length from a dth root: Muller 1959.)

    >>> blind_search(lambda w: w @ w, [0, 0], stop=0.01)
    0.002739 at (−0.04695, −0.02312) after 4 evaluations
    """
    radius, rng = _positive("radius", radius), np.random.default_rng(seed)
    middle = _vector("center", center)

    def draw() -> np.ndarray:
        direction = rng.standard_normal(middle.size)
        return middle + radius * rng.random() ** (1 / middle.size) * direction / np.linalg.norm(direction)

    with _Trials(f, draw(), evaluations, stop) as trials:
        while True:
            trials.at(draw())
    return trials.result()


def random_search(
    f: Function,
    start: Vector,
    *,
    step: float = 0.1,
    evaluations: int = 10_000,
    stop: float = -inf,
    seed: Seed = 0,
) -> Result:
    """Random strides of a fixed length from the best point so far; keep what is better.

    A stride is Gaussian with root mean square length `step`. Once the goal is nearer than that, in many
    dimensions nearly every stride overshoots: see `evolution_strategy`.

    >>> random_search(lambda w: w @ w, [1, 0], stop=0.01)
    0.002456 at (0.04349, 0.02376) after 31 evaluations
    """
    return evolution_strategy(f, start, step=step, grow=1.0, evaluations=evaluations, stop=stop, seed=seed)


def evolution_strategy(
    f: Function,
    start: Vector,
    *,
    step: float = 0.5,
    grow: float = 1.5,
    evaluations: int = 10_000,
    stop: float = -inf,
    seed: Seed = 0,
) -> Result:
    """The (1+1) evolution strategy: one parent, one child, the better of the two lives on.

    A child is a Gaussian stride away, of root mean square length `step`. Success multiplies the step by
    `grow`, failure by grow^(−¼): one child in five being better keeps it as it is (Rechenberg's 1/5 rule, 1973,
    in the form of Kern et al. 2004).

    >>> evolution_strategy(lambda w: w @ w, [1, 0], stop=0.01)
    0.002184 at (−0.0457, −0.009771) after 19 evaluations
    """
    step, grow = _positive("step", step), _positive("grow", grow)
    rng = np.random.default_rng(seed)
    with _Trials(f, start, evaluations, stop) as trials:
        d = trials.point.size
        while True:
            child = trials.point + step / sqrt(d) * rng.standard_normal(d)
            step *= grow if trials.improves(child) else grow**-0.25
    return trials.result()


# ---- descent by differences ---------------------------------------------------------------------


def difference_descent(
    f: Function,
    start: Vector,
    *,
    rate: float = 0.2,
    h: float = 1e-6,
    evaluations: int = 10_000,
    stop: float = -inf,
    seed: Seed | None = None,
) -> Result:
    """Gradient descent with the gradient from forward differences: d + 1 evaluations for each step.

    w ← w − rate · g with gᵢ = (f(w + h·eᵢ) − f(w)) / h. It draws nothing; `seed` is there because all methods
    have one.

    >>> difference_descent(lambda w: w @ w, [1, 0], stop=0.01).evaluations  # 5 steps, and a look at where they led
    16
    """
    rate, h = _positive("rate", rate), _positive("h", h)
    with _Trials(f, start, evaluations, stop) as trials:
        w, here = trials.point, trials.value
        while True:
            gradient = [(trials.at(w + h * e) - here) / h for e in np.eye(w.size)]
            w = w - rate * np.array(gradient)
            here = trials.at(w)
    return trials.result()


def two_point_descent(
    f: Function,
    start: Vector,
    *,
    rate: float = 0.5,
    h: float = 1e-6,
    evaluations: int = 10_000,
    stop: float = -inf,
    seed: Seed = 0,
) -> Result:
    """Descent along random directions, by the slope between two points: 2 evaluations for each step.

    w ← w − rate/(d + 2) · slope · u with u Gaussian and slope = (f(w + h·u) − f(w − h·u)) / 2h. The mean of
    slope · u is the gradient; d + 2 is how much larger it is in the mean square, so that `rate` may be as large
    as for gradient descent with the best step on a round bowl (Nesterov and Spokoiny 2017).

    >>> two_point_descent(lambda w: w @ w, [1, 0], stop=0.01)
    0.007535 at (0.02172, −0.08405) after 24 evaluations
    """
    rate, h = _positive("rate", rate), _positive("h", h)
    rng = np.random.default_rng(seed)
    with _Trials(f, start, evaluations, stop) as trials:
        w = trials.point
        while True:
            u = rng.standard_normal(w.size)
            slope = (trials.at(w + h * u) - trials.at(w - h * u)) / (2 * h)
            w = w - rate / (w.size + 2) * slope * u
    return trials.result()


# ---- estimating a gradient from costs alone -----------------------------------------------------


class Policy(Protocol):
    """A law that actions are drawn from, with parameters: what `score_function` needs to know."""

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """n actions, one per row."""

    def score(self, actions: np.ndarray) -> np.ndarray:
        """∇ log π(action) in the parameters, (n, number of parameters)."""


class Gaussian:
    """Vectors w ~ N(θ, s²): parameters `theta` (d,), and a spread `s` (same unit) that stays as it is.

    >>> Gaussian([1.0, 0.0], s=0.1).score(np.array([[1.1, 0.0]])).round(6)
    array([[10.,  0.]])
    """

    def __init__(self, theta: Vector, s: float = 0.1) -> None:
        self.theta, self.s = _vector("theta", theta), _positive("s", s)

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """n vectors, (n, d)."""
        return self.theta + self.s * rng.standard_normal((n, self.theta.size))

    def score(self, actions: np.ndarray) -> np.ndarray:
        """∇ log π in θ: (w − θ)/s², (n, d)."""
        return (actions - self.theta) / self.s**2

    def mirror(self, actions: np.ndarray) -> np.ndarray:
        """The same vectors on the other side of θ, just as likely: the second halves of antithetic pairs."""
        return 2 * self.theta - actions


class Categorical:
    """Actions 0 … k−1, with probabilities softmax(logits); the parameters are the k `logits`.

    To have given probabilities, give their logarithms. With two actions, component 1 of a gradient is the one
    in the single parameter of a sigmoid.

    >>> policy = Categorical(np.log([0.25, 0.75]))
    >>> policy.probabilities
    array([0.25, 0.75])
    >>> policy.score(np.array([1]))
    array([[-0.25,  0.25]])
    >>> policy.slope([10, 9])
    array([ 0.1875, -0.1875])
    """

    def __init__(self, logits: Vector) -> None:
        self.logits = _vector("logits", logits)
        powers = np.exp(self.logits - self.logits.max())
        self.probabilities = powers / powers.sum()

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """n actions, (n,): the number of actions after the first whose tail probability a uniform draw is below."""
        tails = self.probabilities[::-1].cumsum()[::-1]
        return (rng.random((n, 1)) < tails[1:]).sum(axis=1)

    def score(self, actions: np.ndarray) -> np.ndarray:
        """∇ log π in the logits: 1 at the action taken, minus the probabilities, (n, k)."""
        return np.eye(self.logits.size)[actions] - self.probabilities

    def slope(self, costs: Vector) -> np.ndarray:
        """The exact gradient (k,) of the mean cost, for who knows the cost (k,) of every action: π(C − E C)."""
        c = np.asarray(costs, dtype=float)
        return self.probabilities * (c - self.probabilities @ c)


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimated gradient: the mean of `draws` (n, parameters), each an unbiased estimate by itself."""

    draws: np.ndarray = field(repr=False)
    evaluations: int

    @property
    def gradient(self) -> np.ndarray:
        """The mean of the draws, (parameters,)."""
        return self.draws.mean(axis=0)

    @property
    def sd(self) -> np.ndarray:
        """The standard deviation of a single draw, (parameters,)."""
        return self.draws.std(axis=0)

    @property
    def error(self) -> np.ndarray:
        """The standard error of `gradient`, (parameters,): sd/√n."""
        return self.sd / sqrt(len(self.draws))

    @property
    def variance(self) -> float:
        """The variance of a single draw, summed over the parameters."""
        return float(self.draws.var(axis=0).sum())

    def __repr__(self) -> str:
        return f"{_written(self.gradient)} ± {_written(self.error)} from {self.evaluations:,} evaluations"


def score_function(
    cost: Callable[[Any], float],
    policy: Policy,
    draws: int = 1000,
    *,
    baseline: float | str = 0.0,
    antithetic: bool = False,
    seed: Seed = 0,
) -> Estimate:
    """The gradient of the mean cost of a policy, from the costs of sampled actions alone (REINFORCE).

    Each draw is (C − b) · ∇ log π(action), whose mean is ∇ E[C] (Williams 1992): C is only a number, never
    differentiated. `policy` is a `Gaussian` (cost takes a vector), a `Categorical` (cost takes an int) or
    anything with the methods of `Policy`. To lower the mean cost, step *against* the gradient.

    `baseline` b is a number that does not depend on the action drawn, or "leave-one-out", the mean cost of the
    other draws; both leave the mean alone. "batch mean", the mean of all, is the usual slip: it shrinks the
    gradient by 1 − 1/draws. With `antithetic=True` each draw is the mean over a vector and its mirror image
    about θ, at two evaluations; every baseline cancels. Raises a ValueError for another word, for
    "leave-one-out" with one draw, and for a policy without mirror images.

    >>> score_function(lambda action: (10, 9)[action], Categorical([0, 0]), 10_000)
    (0.2595, −0.2595) ± (0.0475, 0.0475) from 10,000 evaluations
    >>> score_function(lambda action: (10, 9)[action], Categorical([0, 0]), 100, baseline=9.5)
    (0.25, −0.25) ± (0, 0) from 100 evaluations
    """
    n, rng = _whole("draws", draws, 1), np.random.default_rng(seed)
    actions = policy.sample(rng, n)
    costs = np.array([_one_number(cost, action) for action in actions])
    advantage = (costs - _baseline(baseline, costs))[:, None]
    if not antithetic:
        return Estimate(advantage * policy.score(actions), n)
    if not hasattr(policy, "mirror"):
        raise ValueError(f"A {type(policy).__name__} has no mirror images for antithetic pairs: leave antithetic out.")
    mirrored = np.array([_one_number(cost, action) for action in policy.mirror(actions)])
    return Estimate((costs - mirrored)[:, None] / 2 * policy.score(actions), 2 * n)  # the mirror's score is −score


def _baseline(baseline: float | str, costs: np.ndarray) -> Any:
    if baseline == "batch mean":
        return costs.mean()
    if baseline == "leave-one-out":
        if len(costs) < 2:
            raise ValueError(
                "With 1 draw there is no other to leave out for: take 2 draws or more, or a number as baseline."
            )
        return (costs.sum() - costs) / (len(costs) - 1)
    if isinstance(baseline, str):
        raise ValueError(f'There is no baseline {baseline!r}: give a number, "leave-one-out" or "batch mean".')
    return float(baseline)


# ---- a cost that learns: actor and critic -------------------------------------------------------


def staircase(u: Vector, *, lopsided: float = 1.0) -> float:
    """⌈20·b(u)⌉/20, a bowl b = ‖u − 0.7‖² cut into stairs of height 0.05: its slope is 0 or does not exist.

    u is a number or a vector (d,). `lopsided` makes the bowl that many times as steep beyond 0.7, so that no
    parabola fits it.

    >>> staircase(-0.5), staircase(0.7), staircase(1.2), staircase(1.2, lopsided=4.0)
    (1.45, 0.0, 0.25, 1.0)
    """
    away = np.atleast_1d(np.asarray(u, dtype=float)) - 0.7
    bowl = away**2 @ np.where(away > 0, lopsided, 1.0)
    return float(np.ceil(20 * bowl) / 20)


@dataclass(frozen=True, eq=False)
class Critic:
    """A cost that was learned from probes: c + g·(u − m) + ½(u − m)ᵀH(u − m), which has a gradient everywhere.

    `center` m (d,), `constant` c, `slope` g (d,), `curvature` H (d, d), symmetric. It is right only where it
    had probes, and only as far as the true cost looks like a parabola (or like a plane, if H is 0).
    """

    center: np.ndarray
    constant: float
    slope: np.ndarray
    curvature: np.ndarray

    @classmethod
    def fit(cls, points: np.ndarray, costs: Vector, degree: int = 2) -> Critic:
        """The parabola (or, with `degree=1`, the plane) that fits the probes best, in least squares.

        `points` (n, d), or (n,) for one dimension; `costs` (n,). Raises a ValueError if the probes are too few
        or too special to tell all coefficients.

        >>> critic = Critic.fit(np.array([0.0, 1.0, 3.0]), [5.0, 2.0, 2.0])
        >>> critic.minimum().round(6), round(critic(2.0), 6), critic.gradient(0.0).round(6)
        (array([2.]), 1.0, array([-4.]))
        """
        if degree not in (1, 2):
            raise ValueError(f"A critic of degree {degree!r} is not made here: choose 1, a plane, or 2, a parabola.")
        x, c = np.asarray(points, dtype=float), np.asarray(costs, dtype=float)
        x = x[:, None] if x.ndim == 1 else x
        if x.ndim != 2 or c.shape != x.shape[:1]:
            raise ValueError(f"points {x.shape} and costs {c.shape} do not pair up: give a row and a cost per probe.")
        center, d = x.mean(axis=0), x.shape[1]
        away = x - center
        i, j = np.triu_indices(d if degree == 2 else 0)
        features = np.hstack([np.ones((len(x), 1)), away, away[:, i] * away[:, j]])
        weights, _, rank, _ = np.linalg.lstsq(features, c, rcond=None)
        if rank < features.shape[1]:
            raise ValueError(
                f"{len(x)} probes tell only {rank} of the critic's {features.shape[1]} coefficients: "
                "give more of them, spread over all directions."
            )
        curvature = np.zeros((d, d))
        curvature[i, j] = weights[1 + d :]
        return cls(center, float(weights[0]), weights[1 : 1 + d], curvature + curvature.T)

    def __call__(self, u: Vector) -> float:
        """What the critic expects u (d,) to cost."""
        away = np.atleast_1d(u) - self.center
        return float(self.constant + self.slope @ away + away @ self.curvature @ away / 2)

    def gradient(self, u: Vector) -> np.ndarray:
        """∂(expected cost)/∂u at u (d,): what the actor is moved by."""
        return self.slope + self.curvature @ (np.atleast_1d(u) - self.center)

    def minimum(self) -> np.ndarray:
        """The point (d,) where the critic is lowest; a ValueError if it has no such point."""
        if np.linalg.eigvalsh(self.curvature).min() <= 0:
            raise ValueError(
                "This critic goes down for ever in some direction: fit a parabola to more or wider probes."
            )
        return self.center - np.linalg.solve(self.curvature, self.slope)

    def mean(self, policy: Gaussian) -> float:
        """The cost it expects on average over a Gaussian policy, c(θ) + ½s²·tr H: a baseline for `score_function`."""
        return self(policy.theta) + policy.s**2 * float(np.trace(self.curvature)) / 2


@dataclass(frozen=True, eq=False, repr=False)
class ActorCritic(Result):
    """The result of `actor_critic`: `point` is where the actor stands at the end, `path` where it went.

    `value` is the cost there as it was last seen, noise and all, and `critic` the last one that was fitted.
    """

    critic: Critic


def actor_critic(
    cost: Function,
    start: Vector,
    *,
    probes: int = 10,
    spread: float = 0.5,
    degree: int = 2,
    rate: float = 0.1,
    moves: int = 10,
    evaluations: int = 500,
    stop: float = -inf,
    seed: Seed = 0,
) -> ActorCritic:
    """Learn a differentiable cost from probes of a black box, and move the actor by *its* gradient.

    Round by round: `probes` Gaussian draws about the actor u (d,), of standard deviation `spread`; a `Critic`
    fitted to their costs; `moves` steps u ← u − rate · ∂critic/∂u, which end where the probes end, since the
    critic knows nothing beyond: at a distance of spread·√d. The black box is asked, never differentiated. This is
    backpropagation through a learned cost (LeCun's description; deterministic policy gradients, Silver et al.
    2014); for the critic as a baseline, see `Critic.mean`. Ends, where the actor stands, when its own cost is at
    most `stop` or the budget does not allow for another round. Raises what `Critic.fit` raises.

    >>> actor_critic(staircase, -0.5, evaluations=100)
    0.05 at 0.7022 after 100 evaluations
    """
    probes, moves = _whole("probes", probes, 1), _whole("moves", moves, 1)
    spread, rate = _positive("spread", spread), _positive("rate", rate)
    rng = np.random.default_rng(seed)
    trials = _Trials(cost, start, evaluations, stop=nan)  # a lucky probe must not end it: only the actor's own cost
    actor = trials.point
    if evaluations < 2 + probes:
        raise ValueError(
            f"evaluations is {evaluations}, but a round takes {probes} probes: give at least {probes + 2}."
        )
    path, value = [actor], trials.at(actor)
    while value > stop and len(trials.history) + probes + 1 <= evaluations:
        points = actor + spread * rng.standard_normal((probes, actor.size))
        critic = Critic.fit(points, [trials.at(u) for u in points], degree)
        actor = _descend(critic, actor, rate, moves, spread * sqrt(actor.size))
        value = trials.at(actor)
        path.append(actor)
    return ActorCritic(actor, value, len(trials.history), np.array(trials.history), np.array(path), critic)


def _descend(critic: Critic, start: np.ndarray, rate: float, moves: int, reach: float) -> np.ndarray:
    """`moves` steps down the critic; the first one out of `reach` ends there."""
    u = start
    for _ in range(moves):
        u = u - rate * critic.gradient(u)
        gone = float(np.linalg.norm(u - start))
        if gone > reach:
            return start + (u - start) * reach / gone
    return u


# ---- a task without a gradient ------------------------------------------------------------------


class Balance:
    """Staying upright on a bicycle that wobbles: how long it lasts has no useful gradient.

    Angle a (radians) and its rate v follow v ← v + dt·(9a + force + wobble), a ← a + dt·v, with dt = 0.02 s and
    a = 0.05 at first. The rider pushes with force −w₁a − w₂v, at most 6 either way, and has fallen when |a|
    exceeds 0.5. The wobble, of standard deviation 0.5, is drawn once for the seed, so each ride with the same w
    ends alike. Without damping, w₁ must exceed 9 to hold the balance.

    >>> bicycle = Balance()
    >>> [bicycle.ticks([w1, 0]) for w1 in (0, 4, 8, 12)]
    [51, 68, 136, 500]
    """

    pull, strongest, fallen, dt, first = 9.0, 6.0, 0.5, 0.02, 0.05

    def __init__(self, seed: Seed = 0, *, longest: int = 500, wobble: float = 0.5) -> None:
        self.longest = _whole("longest", longest, 1)
        self.wobble = wobble * np.random.default_rng(seed).standard_normal(self.longest)

    def ride(self, w: Vector) -> np.ndarray:
        """The angle at the start and after each tick (ticks + 1,), until the fall or the longest ride."""
        gains = _vector("w", w)
        if gains.size != 2:
            raise ValueError(
                f"w has {gains.size} numbers, but a rider has two gains: give w = (for the angle, for its rate)."
            )
        angles, a, v = [self.first], self.first, 0.0
        for wobble in self.wobble.tolist():
            force = -float(gains[0]) * a - float(gains[1]) * v
            v += self.dt * (self.pull * a + max(-self.strongest, min(self.strongest, force)) + wobble)
            a += self.dt * v
            angles.append(a)
            if abs(a) > self.fallen:
                break
        return np.array(angles)

    def ticks(self, w: Vector) -> int:
        """How many ticks the ride lasts, the one of the fall included; at most `longest`."""
        return len(self.ride(w)) - 1

    def cost(self, w: Vector) -> float:
        """Minus the ticks: the searches above minimise."""
        return -float(self.ticks(w))


# ---- checks and helpers -------------------------------------------------------------------------


def _one_number(f: Callable[[Any], float], w: Any) -> float:
    value = f(w.copy() if isinstance(w, np.ndarray) else w)  # whatever f does to its argument, the search keeps its own
    try:
        if isinstance(value, np.ndarray) and value.ndim:
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        shape = f" of shape {value.shape}" if isinstance(value, np.ndarray) else f" {value!r}"
        raise TypeError(f"The function returned a {type(value).__name__}{shape}, but must return one number.") from None


def _vector(name: str, value: Vector) -> np.ndarray:
    vector = np.array(value, dtype=float, ndmin=1)
    if vector.ndim != 1 or not vector.size or not np.isfinite(vector).all():
        found = f"an array of shape {vector.shape}" if vector.ndim != 1 or not vector.size else _written(vector)
        raise ValueError(f"{name} is {found}, but must be a vector of finite numbers, as in [0.0, 1.0].")
    return vector


def _whole(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is {value!r}, but must be a whole number of at least {least}: change {name}.")
    return int(value)


def _positive(name: str, value: float) -> float:
    if not 0 < value < inf:
        raise ValueError(f"{name} is {value}, but must be above 0 and finite: change {name}.")
    return float(value)


def _written(vector: np.ndarray) -> str:
    """One number as it is, a short vector as (1, −2), a long one by its first three numbers and its length."""
    if vector.size == 1:
        return number(vector[0])
    more = f", … {vector.size} numbers" if vector.size > 3 else ""
    return f"({', '.join(number(x) for x in vector[:3])}{more})"
