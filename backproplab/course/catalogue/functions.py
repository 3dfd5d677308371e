"""Functions that exercises try a learner's code on, each beside its derivative."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, exp, sin


@dataclass(frozen=True, slots=True)
class Named:
    """A function that shows itself as its formula, so that a message about it can be read."""

    formula: str
    function: Callable[[float], float]

    def __call__(self, x: float) -> float:
        return self.function(x)

    def __repr__(self) -> str:
        return self.formula


AFFINE = Named("4x + 1", lambda x: 4 * x + 1), Named("4", lambda x: 4.0)
SQUARE = Named("x²", lambda x: x * x), Named("2x", lambda x: 2 * x)
SINE = Named("sin x", sin), Named("cos x", cos)
EXPONENTIAL = Named("eˣ", exp), Named("eˣ", exp)
