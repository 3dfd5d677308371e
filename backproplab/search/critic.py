"""A cost that learns: the critic, and the actor that is moved by its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np

from .checks import Function, Seed, Vector, positive, whole
from .estimates import Gaussian
from .trials import Result, Trials


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

    `value` is the cost there as it was last seen, noise and all, and `critic` the last one that was fitted; None if the
    start was good enough.
    """

    critic: Critic | None


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

    >>> from backproplab.search import staircase
    >>> actor_critic(staircase, -0.5, evaluations=100)
    0.05 at 0.7022 after 100 evaluations
    """
    probes, moves = whole("probes", probes, 1), whole("moves", moves, 1)
    spread, rate = positive("spread", spread), positive("rate", rate)
    rng = np.random.default_rng(seed)
    trials = Trials(cost, start, evaluations, stop=nan)  # a lucky probe must not end it: only the actor's own cost
    actor = trials.point
    if evaluations < 2 + probes:
        raise ValueError(
            f"evaluations is {evaluations}, but a round takes {probes} probes: give at least {probes + 2}."
        )
    path, value, critic = [actor], trials.at(actor), None
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
