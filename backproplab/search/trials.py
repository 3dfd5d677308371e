"""What all searches share: a function whose calls are counted, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from types import TracebackType

import numpy as np

from ..notation import number
from .checks import Function, Vector, one_number, vector, whole, written


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
        return f"{number(self.value)} at {written(self.point)} after {self.evaluations:,} evaluations"


class Finished(Exception):
    """The budget is spent, or the threshold reached."""


class Trials:
    """f, counted: an evaluation beyond the budget or after `stop` was reached ends the block `with`."""

    def __init__(self, f: Function, start: Vector, evaluations: int, stop: float) -> None:
        self.f, self.stop = f, stop
        self.budget = whole("evaluations", evaluations, 1)
        self.point, self.value = vector("start", start), inf
        self.history: list[float] = []
        self.path = [self.point]

    def at(self, w: np.ndarray) -> float:
        """f(w), as one more evaluation."""
        if len(self.history) >= self.budget or self.value <= self.stop:
            raise Finished
        value = one_number(self.f, w)
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

    def __enter__(self) -> Trials:
        self.at(self.point)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        return kind is Finished

    def result(self) -> Result:
        return Result(self.point, self.value, len(self.history), np.array(self.history), np.array(self.path))
