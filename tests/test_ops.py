"""The table of operations: every slope against closed forms and central differences."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytest import approx

import backproplab
from backproplab import DomainError, Value, ops
from backproplab.ops import Op

TABLE = [op for op in vars(ops).values() if isinstance(op, Op)]

# Where each operation is tried: away from kinks, and where values are neither huge nor tiny.
POINTS = {
    "log": [(0.3,), (2.0,), (40.0,)],
    "log1p": [(-0.7,), (0.3,), (40.0,)],
    "sqrt": [(0.3,), (2.0,), (40.0,)],
    "power": [(1.7, 2.3), (0.4, -1.5), (3.0, 0.0)],
    "sum": [(1.0,), (1.0, -2.0, 3.5)],
    "dot": [(1.0, 2.0), (1.0, 2.0, 3.0, -4.0), (1.0, 2.0, 3.0, -4.0, 0.5)],
}
UNARY = [(-3.2,), (-0.4,), (0.7,), (2.9,)]
BINARY = [(1.3, 2.4), (-1.3, 0.4), (-2.0, -0.7)]

CLOSED_FORMS = {  # written independently of the table: value and slopes
    "add": (lambda a, b: a + b, lambda a, b: (1, 1)),
    "subtract": (lambda a, b: a - b, lambda a, b: (1, -1)),
    "multiply": (lambda a, b: a * b, lambda a, b: (b, a)),
    "divide": (lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2)),
    "power": (lambda a, b: a**b, lambda a, b: (b * a ** (b - 1), a**b * math.log(a))),
    "negative": (lambda a: -a, lambda a: (-1,)),
    "exp": (lambda a: math.e**a, lambda a: (math.e**a,)),
    "log": (lambda a: math.log2(a) / math.log2(math.e), lambda a: (1 / a,)),
    "log1p": (lambda a: math.log(1 + a), lambda a: (1 / (1 + a),)),
    "sqrt": (lambda a: a**0.5, lambda a: (0.5 * a**-0.5,)),
    "sin": (math.sin, lambda a: (math.cos(a),)),
    "cos": (math.cos, lambda a: (-math.sin(a),)),
    "tan": (lambda a: math.sin(a) / math.cos(a), lambda a: (1 / math.cos(a) ** 2,)),
    "tanh": (lambda a: math.sinh(a) / math.cosh(a), lambda a: (1 / math.cosh(a) ** 2,)),
    "sigmoid": (lambda a: 1 / (1 + math.exp(-a)), lambda a: (math.exp(-a) / (1 + math.exp(-a)) ** 2,)),
    "relu": (lambda a: max(a, 0), lambda a: (1 if a > 0 else 0,)),
    "softplus": (lambda a: math.log(1 + math.exp(a)), lambda a: (1 / (1 + math.exp(-a)),)),
    "abs": (abs, lambda a: (1 if a > 0 else -1,)),
    "sign": (lambda a: 1 if a > 0 else -1, lambda a: (0,)),
    "floor": (math.floor, lambda a: (0,)),
    "compare": (lambda a, b: 1 if a > b else -1, lambda a, b: (0, 0)),
    "maximum": (max, lambda a, b: (1, 0) if a > b else (0, 1)),
    "minimum": (min, lambda a, b: (1, 0) if a < b else (0, 1)),
    "sum": (lambda *a: math.fsum(a), lambda *a: (1,) * len(a)),
    "dot": (
        lambda *a: math.fsum([*(w * x for w, x in zip(a[: len(a) // 2], a[len(a) // 2 :])), *a[len(a) // 2 * 2 :]]),
        lambda *a: (*a[len(a) // 2 : len(a) // 2 * 2], *a[: len(a) // 2], *(1 for _ in a[len(a) // 2 * 2 :])),
    ),
}

CASES = [
    pytest.param(op, point, id=f"{op.name}{point}")
    for op in TABLE
    for point in POINTS.get(op.name, UNARY if op.arity == 1 else BINARY)
]


def test_r23_every_operation_is_in_the_table_of_closed_forms():
    assert {op.name for op in TABLE} == set(CLOSED_FORMS)
    assert len({op.name for op in TABLE}) == len(TABLE)


@pytest.mark.parametrize("op, point", CASES)
def test_value_and_slopes_against_closed_forms(op, point):
    value, slopes = CLOSED_FORMS[op.name]
    y = op.evaluate(*point)
    assert y == approx(value(*point), rel=1e-14, abs=1e-15)
    assert [op.slope(i, y, point) for i in range(len(point))] == approx(slopes(*point), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("op, point", CASES)
def test_r24_slopes_against_central_differences(op, point):
    for i, x in enumerate(point):
        h = 6e-6 * max(1.0, abs(x))  # the cube root of the rounding error balances it with truncation
        above, below = (op.forward(*point[:i], x + d, *point[i + 1 :]) for d in (h, -h))
        assert op.slope(i, op.forward(*point), point) == approx((above - below) / (2 * h), rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("op, point", CASES)
def test_the_same_rule_runs_on_values(op, point):
    """A slope computed from Values is the same number, and remembers how it was computed."""
    inputs = tuple(map(Value, point))
    y = op(*inputs)
    for i in range(len(point)):
        assert float(op.slope(i, y, inputs)) == approx(op.slope(i, y.data, point), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("op", [op for op in TABLE if op.arity == 1], ids=lambda op: op.name)
@pytest.mark.parametrize("x", [1000.0, -1000.0, 1e300, -1e300, math.inf, -math.inf])
def test_r20_forward_never_raises_however_large_the_input(op, x):
    assert isinstance(op.forward(x), float)
    if op.name in ("tanh", "sigmoid"):
        assert -1.0 <= op.forward(x) <= 1.0
        assert op.slope(0, op.forward(x), (x,)) == 0.0


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_r18_nan_is_never_swallowed(op):
    if op.name == "power":
        return  # IEEE 754 defines nan⁰ = 1; see the next test
    n = op.arity or 2
    assert math.isnan(op.evaluate(*[math.nan] * n))
    assert math.isnan(op.evaluate(*[math.nan, *[1.0] * (n - 1)]))
    assert math.isnan(op.evaluate(*[*[1.0] * (n - 1), math.nan]))


def test_power_with_nan():
    assert math.isnan(ops.POW.evaluate(math.nan, 2.0))
    assert math.isnan(ops.POW.evaluate(2.0, math.nan))


def test_r18_relu_and_abs_have_slope_0_at_their_kink():
    assert ops.RELU.slope(0, 0.0, (0.0,)) == 0.0
    assert ops.ABS.slope(0, 0.0, (0.0,)) == 0.0


@pytest.mark.parametrize("op", [ops.MAXIMUM, ops.MINIMUM], ids=lambda op: op.name)
def test_r19_a_tie_shares_the_gradient(op):
    for x in (2.0, math.inf, -math.inf):
        assert [op.slope(i, x, (x, x)) for i in (0, 1)] == [0.5, 0.5]
    assert [op.slope(i, math.nan, (math.nan, 2.0)) for i in (0, 1)] == approx([math.nan] * 2, nan_ok=True)


@pytest.mark.parametrize(
    "op, point, words",
    [
        (ops.LOG, (-1.0,), "log(−1) has no value: log needs a number above 0."),
        (ops.LOG, (0.0,), "log(0) has no value: log needs a number above 0."),
        (ops.SQRT, (-4.0,), "sqrt(−4) has no value: sqrt needs a number of at least 0."),
        (ops.DIV, (1.0, 0.0), "1 / 0 has no value: a divisor must not be 0."),
        (ops.POW, (-8.0, 1 / 3), "(−8)^0.3333 has no value: a negative base needs a whole exponent"),
        (ops.POW, (0.0, -1.0), "0^(−1) has no value"),
    ],
)
def test_a_value_that_does_not_exist_is_an_error_that_names_it(op, point, words):
    with pytest.raises(DomainError) as caught:
        op.evaluate(*point)
    assert str(caught.value).startswith(words)
    with pytest.raises(DomainError):
        op(*map(Value, point))


def test_r10_powers_of_zero():
    assert ops.POW.evaluate(0.0, 0.0) == 1.0
    assert ops.POW.slope(0, 1.0, (0.0, 0.0)) == 0.0
    assert ops.POW.evaluate(0.0, 0.5) == 0.0
    assert ops.POW.slope(0, 0.0, (0.0, 0.5)) == math.inf
    assert ops.POW.slope(0, 0.0, (0.0, 1.0)) == 1.0
    assert ops.POW.slope(1, 0.0, (0.0, 2.0)) == 0.0


def test_the_slope_in_the_exponent_keeps_its_digits_for_a_small_base():
    y = ops.POW.forward(1e-20, 0.5)
    assert ops.POW.slope(1, y, (1e-20, 0.5)) == approx(1e-10 * math.log(1e-20), rel=1e-14)


def test_zero_times_an_infinite_slope_is_no_influence():
    x = Value(-1.0)
    y = x.relu().sqrt()  # slope of sqrt at 0: infinite; slope of relu at −1: 0
    y.backward()
    assert x.grad == 0.0


def test_powers_of_negative_numbers():
    assert ops.POW.evaluate(-2.0, 3.0) == -8.0
    assert ops.POW.slope(0, -8.0, (-2.0, 3.0)) == 12.0
    assert math.isnan(ops.POW.slope(1, -8.0, (-2.0, 3.0)))
    assert ops.POW.forward(-1e200, 3.0) == -math.inf
    assert ops.POW.forward(-1e200, 2.0) == math.inf


def test_a_slope_that_does_not_exist_is_infinite_and_does_not_raise():
    assert ops.SQRT.slope(0, 0.0, (0.0,)) == math.inf


def test_sigmoid_and_softplus_keep_their_digits_far_out():
    assert ops.SIGMOID.forward(-40.0) == approx(math.exp(-40.0), rel=1e-14)
    assert ops.SOFTPLUS.forward(-40.0) == approx(math.exp(-40.0), rel=1e-14)


def test_operations_called_on_numbers_give_numbers():
    assert ops.EXP(0) == 1.0
    assert ops.MAXIMUM(2, 3.0) == 3.0


ONE_DECLARATION = """
SOFTSIGN = Op("softsign", lambda a: a / (1.0 + ABS(a)), (lambda y, a: (1.0 - ABS(y)) ** 2,))
"""

EVERYWHERE = """
import numpy as np
import backproplab as bp
x = bp.Value(3.0)
y = x.softsign()
y.backward()
assert (y.data, x.grad) == (0.75, 0.0625), y
t = bp.Tensor([3.0, -1.0])
bp.softsign(t).sum().backward()
assert np.allclose(t.grad, [0.0625, 0.25])
graph = bp.parse("2*softsign(x)", x=3.0)
graph.backward()
assert graph["x"].grad == 0.125 and graph.latex() == r"2 \\operatorname{softsign}\\left(x\\right)"
assert "softsign" in graph.draw().svg
assert bp.check_gradient(bp.softsign, [0.5, -2.0]) and bp.check_gradient(bp.softsign, x)
program = graph.program()
assert program(3.0).gradients == [0.125, 2.0, None, 1.0]
assert "const softsign = (a) => a / (1 + Math.abs(a));" in program.javascript
assert bp.gradient(bp.gradient(x.softsign(), x), x).data == -2 / 4**3
"""


def test_one_declaration_works_everywhere(tmp_path):
    """A new operation is one addition to ops.py: floats, arrays, parser, programs, pictures, check, higher orders."""
    house = tmp_path / "backproplab"
    shutil.copytree(Path(backproplab.__file__).parent, house, ignore=shutil.ignore_patterns("__pycache__"))
    table = (house / "ops.py").read_text(encoding="utf-8")
    before, rest = table.split("FUNCTIONS = ")
    (house / "ops.py").write_text(f"{before}{ONE_DECLARATION}\nFUNCTIONS = {rest}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", EVERYWHERE], env=os.environ | {"PYTHONPATH": str(tmp_path)}, cwd=tmp_path,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
