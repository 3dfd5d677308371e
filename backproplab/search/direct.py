"""Direct search: try a point, and keep it if it is better."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from .checks import Function, Seed, Vector, positive, vector
from .trials import Result, Trials


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
    step = positive("step", step)
    rng = None if seed is None else np.random.default_rng(seed)
    with Trials(f, start, evaluations, stop) as trials:
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
    radius, rng = positive("radius", radius), np.random.default_rng(seed)
    middle = vector("center", center)

    def draw() -> np.ndarray:
        direction = rng.standard_normal(middle.size)
        return middle + radius * rng.random() ** (1 / middle.size) * direction / np.linalg.norm(direction)

    with Trials(f, draw(), evaluations, stop) as trials:
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
    step, grow = positive("step", step), positive("grow", grow)
    rng = np.random.default_rng(seed)
    with Trials(f, start, evaluations, stop) as trials:
        d = trials.point.size
        while True:
            child = trials.point + step / sqrt(d) * rng.standard_normal(d)
            step *= grow if trials.improves(child) else grow**-0.25
    return trials.result()
