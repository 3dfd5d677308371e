"""A small seeded generator that gives the same numbers in Python and in the page (`Mulberry` is in runtime.js, too)."""

from __future__ import annotations


class Mulberry:
    """Mulberry32 (Tommy Ettinger, 2017: a counter whose bits are mixed): 32 bits of state, one number per call."""

    def __init__(self, seed: int) -> None:
        self._state = seed & 0xFFFFFFFF

    def random(self) -> float:
        """A number from 0 up to but not including 1, a multiple of 2⁻³²."""
        self._state = (self._state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (self._state ^ self._state >> 15) * (self._state | 1) & 0xFFFFFFFF
        t ^= t + (t ^ t >> 7) * (t | 61) & 0xFFFFFFFF
        return (t ^ t >> 14) / 2**32


class Random(Mulberry):
    """Draws from it.

    Good enough to draw samples in a picture, and the same on both sides; for anything else use NumPy.

    >>> draw = Random(7)
    >>> [draw.below(6) for _ in range(8)], draw.permutation(5)
    ([0, 0, 5, 4, 3, 2, 2, 1], [1, 3, 0, 4, 2])
    """

    def below(self, n: int) -> int:
        """A whole number from 0 to n − 1."""
        return int(self.random() * n)

    def permutation(self, n: int) -> list[int]:
        """The numbers 0 … n − 1 in a random order (Fisher and Yates's shuffle)."""
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order
