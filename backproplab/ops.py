"""Every operation of the engine, declared once.

An operation is its value and its *slopes*: one local derivative for each input, written in terms of the
output `y` and the inputs `a, b`. From that one declaration come the engine's forward and backward passes,
the parser's functions, the number on each drawn edge, the gradient check and the lines of a program.

The rules are free of `if` and use only arithmetic and the operations of this table, so the same rule runs
on floats and on anything that records: Values in place of floats give second derivatives, symbols JavaScript.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from operator import add, mul, neg, sub
from typing import Any

from .notation import number, operation

Rule = Callable[..., Any]


class DomainError(ValueError, ZeroDivisionError):
    """An operation has no value there: log(−1), 1/0. Caught by whoever expects Python's own errors."""


@dataclass(slots=True, eq=False, repr=False)
class Op:
    """One operation: its value, its slopes, how it is drawn and where it has no value.

    `forward(*inputs)` follows IEEE 754 on floats (1/0 is inf, log(−1) is nan) and never raises, so that a
    slope may be infinite; `evaluate(*inputs)` is the same but refuses inputs `outside` the domain.
    `slopes` is one function (y, *inputs) -> ∂y/∂input per input; an operation with any number of inputs
    gives a single function that returns all of them at once. An operation that moves or mixes the entries of
    arrays has no slopes; see `backproplab.array_ops`.

    >>> MUL.forward(3.0, 4.0), MUL.slope(0, 12.0, (3.0, 4.0))
    (12.0, 4.0)
    >>> LOG.evaluate(-1.0)
    Traceback (most recent call last):
    ...
    backproplab.ops.DomainError: log(−1) has no value: log needs a number above 0.
    """

    name: str
    forward: Callable[..., float]
    slopes: tuple[Rule, ...] | Rule = ()
    _: KW_ONLY
    pulls: tuple[Rule, ...] | Rule = ()
    push: Rule | None = None
    symbol: str = ""
    outside: Callable[..., bool] | None = None
    needs: str = ""
    commutative: bool = False
    poles: bool = False  # a slope may be infinite where there is a value
    javascript: str = ""  # only if it is neither made of other operations nor Math.<name>
    origin: tuple = ()  # the call that makes it
    arity: int | None = field(init=False)  # None: any number of inputs
    evaluate: Callable[..., float] = field(init=False)
    on_arrays: Callable[..., Any] = field(init=False)  # array_ops gives NumPy's version where there is one

    def __post_init__(self) -> None:
        rules = self.slopes or self.pulls
        self.arity = None if callable(rules) else len(rules)
        self.symbol = self.symbol or self.name
        self.origin = self.origin or (named, self.name)
        self.evaluate = self._checked if self.outside else self.forward
        self.on_arrays = self.forward

    def _checked(self, *inputs: float) -> float:
        if self.outside(*inputs):
            written = operation(self.name, [number(x) for x in inputs])
            raise DomainError(f"{written} has no value: {self.needs}.")
        return self.forward(*inputs)

    def __call__(self, *inputs: Any) -> Any:
        """The operation on whatever it is given: numbers give a number, Values a Value that remembers."""
        arrays = False
        for x in inputs:
            if type(x) is not float and type(x) is not int:
                if hasattr(x, "record"):
                    return x.record(self, *inputs)
                arrays = True
        return self.on_arrays(*inputs) if arrays else self.forward(*inputs)

    def slope(self, i: int, y: Any, inputs: tuple) -> Any:
        """∂y/∂inputs[i] at these inputs."""
        return self.slopes(y, *inputs)[i] if callable(self.slopes) else self.slopes[i](y, *inputs)

    def slopes_towards(self, wanted: Sequence[bool], y: Any, inputs: Sequence) -> Sequence:
        """The slope for each input that is wanted; no rule is run for another, where there may be no slope."""
        if callable(self.slopes):
            return [slope if want else None for slope, want in zip(self.slopes(y, *inputs), wanted)]
        return [rule(y, *inputs) if want else None for rule, want in zip(self.slopes, wanted)]

    def __reduce__(self) -> tuple:
        """An operation is one of a kind: it is pickled as its name in the table, or as the call that makes it."""
        make, *arguments = self.origin
        return make, tuple(arguments)

    def __deepcopy__(self, memo: dict) -> Op:
        return self

    def __repr__(self) -> str:
        return f"Op({self.name!r})"


# ---- arithmetic and functions that answer as IEEE 754 does, where Python raises -----------------


def ieee(function: Callable[..., float], otherwise: Callable[..., float]) -> Callable[..., float]:
    """`function`, but `otherwise` where Python's version raises."""

    def total(*inputs: float) -> float:
        try:
            return function(*inputs)
        except (ArithmeticError, ValueError):
            return otherwise(*inputs)

    return total


def undefined(*inputs: float) -> float:
    return math.nan


def _divide_by_zero(a: float, b: float) -> float:
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


def _power_beyond(a: float, b: float) -> float:
    if a < 0 and b != math.floor(b):
        return math.nan
    odd = math.copysign(1.0, a) < 0 and b % 2 == 1
    return -math.inf if odd else math.inf


def _maximum(a: float, b: float) -> float:
    return a if a > b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a < b or a != a else b


def _sign(a: float) -> float:
    return 1.0 if a > 0 else -1.0 if a < 0 else a if a != a else 0.0


def _compare(a: float, b: float) -> float:
    return 1.0 if a > b else -1.0 if a < b else a + b if a != a or b != b else 0.0


def _dot(*inputs: float) -> float:
    n = len(inputs) // 2
    return sum(map(mul, inputs[:n], inputs[n:]), *inputs[2 * n :])


def _dot_slopes(y: Any, *inputs: Any) -> tuple:
    n = len(inputs) // 2
    return inputs[n : 2 * n] + inputs[:n] + (1.0,) * (len(inputs) - 2 * n)


def one(y: Any, *inputs: Any) -> float:
    """The slope of an operation that passes a change on as it is; engines skip the multiplication."""
    return 1.0


def no_influence(g: float, slope: float) -> bool:
    """Whether one of the two is 0 and the other infinite: then nothing is passed on, although 0 × ∞ is nan."""
    product = g * slope
    return product != product and g == g and slope == slope


def influence(g: float, slope: float, y: float) -> float:
    """g × slope, the chain rule along one edge from y. If nothing depends on y, its slope need not even exist."""
    return 0.0 if (g == 0.0 and y == y) or no_influence(g, slope) else g * slope


def named(name: str) -> Op:
    """The operation of the table with this name."""
    return TABLE[name]


# ---- the table ----------------------------------------------------------------------------------

ADD = Op("add", add, (one, one), symbol="+", commutative=True)
SUB = Op("subtract", sub, (one, lambda y, a, b: -1.0), symbol="−")
MUL = Op("multiply", mul, (lambda y, a, b: b, lambda y, a, b: a), symbol="×", commutative=True)
DIV = Op(
    "divide",
    ieee(lambda a, b: a / b, _divide_by_zero),
    (lambda y, a, b: 1.0 / b, lambda y, a, b: -y / b),
    symbol="÷",
    outside=lambda a, b: b == 0,
    needs="a divisor must not be 0",
)
POW = Op(  # |sign| is 1 but for 0: the slope of a⁰ is 0 everywhere, and that of 0ᵇ in b is 0 for b > 0
    "power",
    ieee(math.pow, _power_beyond),
    (lambda y, a, b: b * POW(a, b - ABS(SIGN(b))), lambda y, a, b: y * LOG(a + (1.0 - ABS(SIGN(a))))),
    symbol="^",
    poles=True,
    outside=lambda a, b: ((a < 0) & (b > b // 1.0)) | ((a == 0) & (b < 0)),
    needs="a negative base needs a whole exponent, and a base of 0 an exponent of at least 0",
    javascript="(a, b) => a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b)",  # as IEEE 754 has it
)
NEG = Op("negative", neg, (lambda y, a: -1.0,), symbol="−")

EXP = Op("exp", ieee(math.exp, lambda a: math.inf), (lambda y, a: y,))
LOG = Op(
    "log",
    ieee(math.log, lambda a: -math.inf if a == 0 else math.nan),
    (lambda y, a: DIV(1.0, a),),
    outside=lambda a: a <= 0,
    needs="log needs a number above 0",
)
LOG1P = Op(
    "log1p",
    ieee(math.log1p, lambda a: -math.inf if a == -1 else math.nan),
    (lambda y, a: DIV(1.0, 1.0 + a),),
    outside=lambda a: a <= -1,
    needs="log1p needs a number above −1",
)
SQRT = Op(
    "sqrt",
    ieee(math.sqrt, undefined),
    (lambda y, a: DIV(0.5, y),),  # infinite at 0, where the root is vertical
    poles=True,
    outside=lambda a: a < 0,
    needs="sqrt needs a number of at least 0",
)
SIN = Op("sin", ieee(math.sin, undefined), (lambda y, a: COS(a),))
COS = Op("cos", ieee(math.cos, undefined), (lambda y, a: -SIN(a),))
TAN = Op("tan", ieee(math.tan, undefined), (lambda y, a: 1.0 + y * y,))
TANH = Op("tanh", math.tanh, (lambda y, a: 1.0 - y * y,))
SIGMOID = Op(  # 1 / (1 + e⁻ᵃ) without overflow, and with all its digits where it is close to 0
    "sigmoid",
    lambda a: EXP(MINIMUM(a, 0.0)) / (1.0 + EXP(-ABS(a))),
    (lambda y, a: y * (1.0 - y),),
)
RELU = Op("relu", lambda a: MAXIMUM(a, 0.0), (lambda y, a: SIGN(y),))  # 0 at 0, as in PyTorch
SOFTPLUS = Op(  # log(1 + eᵃ) without overflow
    "softplus",
    lambda a: MAXIMUM(a, 0.0) + LOG1P(EXP(-ABS(a))),
    (lambda y, a: SIGMOID(a),),
)
ABS = Op("abs", abs, (lambda y, a: SIGN(a),))
SIGN = Op("sign", _sign, (lambda y, a: 0.0 * y,))
FLOOR = Op(  # a staircase: flat wherever it has a slope; at its edges it has none, and says 0
    "floor",
    ieee(lambda a: float(math.floor(a)), lambda a: a),
    (lambda y, a: 0.0 * SIGN(y),),
    javascript="(a) => Math.floor(a) + 0",  # + 0: −0 becomes 0, as in Python
)
COMPARE = Op(  # the sign of a − b, also where both are ∞
    "compare",
    _compare,
    (lambda y, a, b: 0.0 * y, lambda y, a, b: 0.0 * y),
    symbol="≷",
)
MAXIMUM = Op(  # a tie shares the gradient
    "maximum",
    _maximum,
    (lambda y, a, b: 0.5 + 0.5 * COMPARE(a, b), lambda y, a, b: 0.5 + 0.5 * COMPARE(b, a)),
    commutative=True,
)
MINIMUM = Op(
    "minimum",
    _minimum,
    (lambda y, a, b: 0.5 + 0.5 * COMPARE(b, a), lambda y, a, b: 0.5 + 0.5 * COMPARE(a, b)),
    commutative=True,
)

SUM = Op("sum", lambda *xs: sum(xs), lambda y, *xs: (1.0,) * len(xs), symbol="Σ", commutative=True)
DOT = Op("dot", _dot, _dot_slopes, symbol="w·x")  # Σ wᵢxᵢ (+ b), inputs w₁ … wₙ, x₁ … xₙ (, b)

FUNCTIONS = {op.name: op for op in tuple(globals().values()) if isinstance(op, Op) and op.symbol == op.name}
"""The operations without a sign of their own: each is a method, a function of the package and a word of the parser."""

TABLE = {op.name: op for op in tuple(globals().values()) if isinstance(op, Op)}
