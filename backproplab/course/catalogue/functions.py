"""Functions that exercises try a learner's code on, each beside its derivative."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, exp, sin


@dataclass(frozen=True, slots=True)
class Function:
    """A function that shows itself as its formula, so that a message about it can be read."""

    formula: str
    function: Callable[[float], float]

    def __call__(self, x: float) -> float:
        return self.function(x)

    def __repr__(self) -> str:
        return self.formula


AFFINE = Function("4x + 1", lambda x: 4 * x + 1), Function("4", lambda x: 4.0)
SQUARE = Function("x²", lambda x: x * x), Function("2x", lambda x: 2 * x)
SINE = Function("sin x", sin), Function("cos x", cos)
EXPONENTIAL = Function("eˣ", exp), Function("eˣ", exp)
