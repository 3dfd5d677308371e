"""Tasks without a gradient: a bowl cut into stairs, and a bicycle that wobbles."""

from __future__ import annotations

import numpy as np

from .checks import Seed, Vector, vector, whole


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
        self.longest = whole("longest", longest, 1)
        self.wobble = wobble * np.random.default_rng(seed).standard_normal(self.longest)

    def ride(self, w: Vector) -> np.ndarray:
        """The angle at the start and after each tick (ticks + 1,), until the fall or the longest ride."""
        gains = vector("w", w)
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
        """Minus the ticks: the searches minimise."""
        return -float(self.ticks(w))
