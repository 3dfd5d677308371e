"""Descent along a gradient that is estimated by the differences of nearby values."""

from __future__ import annotations

from math import inf

import numpy as np

from .checks import Function, Seed, Vector, positive
from .trials import Result, Trials


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
    rate, h = positive("rate", rate), positive("h", h)
    with Trials(f, start, evaluations, stop) as trials:
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
    rate, h = positive("rate", rate), positive("h", h)
    rng = np.random.default_rng(seed)
    with Trials(f, start, evaluations, stop) as trials:
        w = trials.point
        while True:
            u = rng.standard_normal(w.size)
            slope = (trials.at(w + h * u) - trials.at(w - h * u)) / (2 * h)
            w = w - rate / (w.size + 2) * slope * u
    return trials.result()
