"""The gradient of a mean cost, estimated from the costs of random actions alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Protocol

import numpy as np

from .checks import Seed, Vector, one_number, positive, vector, whole, written


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
        self.theta, self.s = vector("theta", theta), positive("s", s)

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
        self.logits = vector("logits", logits)
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
        return f"{written(self.gradient)} ± {written(self.error)} from {self.evaluations:,} evaluations"


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
    n, rng = whole("draws", draws, 1), np.random.default_rng(seed)
    actions = policy.sample(rng, n)
    costs = np.array([one_number(cost, action) for action in actions])
    advantage = (costs - _baseline(baseline, costs))[:, None]
    if not antithetic:
        return Estimate(advantage * policy.score(actions), n)
    if not hasattr(policy, "mirror"):
        raise ValueError(f"A {type(policy).__name__} has no mirror images for antithetic pairs: leave antithetic out.")
    mirrored = np.array([one_number(cost, action) for action in policy.mirror(actions)])
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
