"""Value: recording, the backward pass, and the promises that other engines break (rows R… of the regression list)."""

from __future__ import annotations

import builtins
import gc
import math
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from backproplab import DomainError, Graph, Value, dot, ops, sum
from backproplab.graph import outputs_first


def gradients(y: Value, *leaves: Value) -> list[float]:
    y.backward()
    return [leaf.grad for leaf in leaves]


def test_the_example_of_the_course():
    x = Value(1.0)
    y = (4 * x + 1) ** 2
    assert (y.data, gradients(y, x)) == (25.0, [40.0])


def test_r01_long_chains_and_sums():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    assert gradients(y, x) == [1.0]
    assert repr(y) == "Value(100001, grad=1)"
    del y  # 100,000 nested objects are freed without recursion

    terms = [Value(float(i)) for i in range(10_000)]
    assert set(gradients(builtins.sum(terms), *terms)) == {1.0}
    assert set(gradients(sum(terms), *terms)) == {2.0}  # leaves keep adding up


def test_r02_a_node_is_passed_once_all_that_it_influences_is_known():
    a = Value(3.0)
    b = a + a
    assert gradients(b + b, a) == [4.0]
    u = a * a
    assert gradients(u + u * u, a) == [4.0 + 2 * 3.0 + 4 * 3.0**3]


def test_r03_forty_doublings_visit_forty_one_nodes():
    x = y = Value(1.0)
    for _ in range(40):
        y = y + y
    assert len(outputs_first(y)) == 41
    assert gradients(y, x) == [2.0**40]


@pytest.mark.parametrize(
    "function, slope",
    [
        (lambda a: a + a, 2.0),
        (lambda a: a - a, 0.0),
        (lambda a: a * a, 6.0),
        (lambda a: a / a, 0.0),
        (lambda a: a**a, 27.0 * (1 + math.log(3.0))),
        (lambda a: a.maximum(a), 1.0),
        (lambda a: dot([a, a], [a, a]), 12.0),
        (lambda a: sum([a, a, a]), 3.0),
    ],
    ids=["a+a", "a-a", "a*a", "a/a", "a**a", "maximum", "dot", "sum"],
)
def test_r04_the_same_operand_twice(function, slope):
    a = Value(3.0)
    assert gradients(function(a), a) == approx([slope], rel=1e-14)


def test_r05_a_second_backward_starts_inner_gradients_afresh_and_adds_to_leaves():
    x = Value(3.0)
    y = x**3
    z = y * 1.0
    z.backward()
    z.backward()
    assert (y.grad, x.grad) == (1.0, 54.0)
    x.grad = 0.0
    z.backward()
    assert x.grad == 27.0


def test_r07_equal_values_are_not_the_same_node():
    a, b = Value(3.0), Value(3.0)
    assert a != b and a == a and len({a, b}) == 2
    assert gradients(a * b, a, b) == [3.0, 3.0]
    assert a <= b and a >= b and not a < b and Value(1) < 2 < Value(3) and Value(3) > Value(2)


def test_r08_powers_with_a_value_on_either_side():
    a, n = Value(2.0), Value(3.0)
    assert gradients(a**n, a, n) == approx([12.0, 8 * math.log(2)])
    n.grad = 0.0
    assert gradients(2**n, n) == approx([8 * math.log(2)])
    negative = Value(-2.0)
    assert gradients(negative ** Value(3.0), negative) == [12.0]


def test_r09_a_constant_exponent_never_needs_a_logarithm():
    x = Value(-1.0)
    y = (4 * x + 1) ** 2
    assert (y.data, gradients(y, x)) == (9.0, [-24.0])


def test_r11_no_complex_numbers_and_no_integers():
    with pytest.raises(DomainError, match="negative base"):
        Value(-8.0) ** (1 / 3)
    assert type((Value(2) ** -1).data) is float


def test_truth_is_that_of_the_number():
    assert not Value(0.0) and Value(-2.0) and (Value(0.0) or 3) == 3


@pytest.mark.parametrize("other", [np.complex128(1j), np.str_("3"), np.array("3"), np.array(1j)], ids=repr)
def test_numpy_scalars_that_are_no_real_numbers_are_refused(other):
    with pytest.raises(TypeError, match="one real number"):
        Value(other)


def test_numbers_too_large_for_a_float_are_refused():
    with pytest.raises(ValueError, match="1.8e308"):
        Value(10**400)
    with pytest.raises(ValueError, match="1.8e308"):
        Value(1) + 10**400


def test_the_number_of_inputs_is_checked():
    with pytest.raises(TypeError, match="maximum takes 2 inputs; got 1"):
        Value(1).maximum()


NUMBERS = [3, 3.0, True, np.float64(3), np.float32(3), np.int64(3), np.array(3.0)]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: type(number).__name__)
@pytest.mark.parametrize("op", ["+", "-", "*", "/", "**"])
def test_r12_r13_r14_every_operator_with_any_number_on_either_side(op, number):
    for expression in (f"v {op} n", f"n {op} v"):
        v = Value(2.0)
        result = eval(expression, {"v": v, "n": number})
        assert isinstance(result, Value)
        assert result.data == eval(expression, {"v": 2.0, "n": float(number)})
        assert v in outputs_first(result)  # the graph has not been dropped


@pytest.mark.parametrize("other", ["3", None, [3.0], 1j, np.array([1.0, 2.0])], ids=repr)
def test_operands_that_are_no_numbers_are_refused(other):
    for operate in (lambda: Value(1.0) + other, lambda: other * Value(1.0)):
        with pytest.raises(TypeError):
            operate()
    with pytest.raises(TypeError, match="one real number"):
        Value(other)


def test_r17_new_data_between_forward_and_backward_is_an_error_that_says_so():
    x = Value(3.0, "x")
    y = x * x
    x.data = 5.0
    with pytest.raises(RuntimeError, match="x was given new data after 'multiply'"):
        y.backward()
    assert (x.grad, y.grad) == (0.0, 0.0)
    assert gradients(x * x, x) == [10.0]
    x.grad, x.data = 0.0, x.data - 1.0
    assert gradients(x * x, x) == [8.0]


def test_r17_a_replay_makes_only_those_results_stale_that_it_left_out():
    x, y = Value(3.0, "x"), Value(1.0, "y")
    graph, other = Graph(x * 2 + y), x * 5
    graph.forward()  # nothing has changed
    assert gradients(other, x) == [5.0]
    graph.forward(x=4.0)
    graph.backward()
    assert (x.grad, y.grad) == (2.0, 1.0)
    with pytest.raises(RuntimeError, match="x was given new data after"):
        other.backward()


def test_r17_computed_values_cannot_be_overwritten():
    y = Value(3.0) * 2
    with pytest.raises(AttributeError, match="computed by 'multiply'"):
        y.data = 1.0


def test_r21_dropping_the_output_frees_the_graph_at_once():
    gc.disable()
    try:
        x = Value(1.0)
        y = (x * 2).tanh()
        y.backward()
        graph = Graph(y)
        inner = weakref.ref(y.inputs[0])
        del y, graph
        assert inner() is None
    finally:
        gc.enable()


def test_r29_a_cycle_is_an_error_and_not_a_hang():
    x = Value(1.0)
    y = x + 1.0
    z = y * 2.0
    y.inputs = (z, x)
    with pytest.raises(ValueError, match="cycle"):
        z.backward()


def test_an_infinite_slope_does_not_spoil_a_path_that_does_not_need_it():
    x, z = Value(0.0), Value(2.0)
    y = x.sqrt() * 0 + z
    assert (y.data, gradients(y, x, z)) == (2.0, [0.0, 1.0])
    x = Value(0.0)
    assert gradients(x.sqrt(), x) == [math.inf]


def test_nan_is_not_hidden_by_a_zero():
    x = Value(math.nan)
    assert math.isnan(gradients(x.tanh() * 0, x)[0])


def test_constants_get_no_gradient_and_no_slope():
    x = Value(-2.0)
    y = x**2
    two = y.inputs[1]
    y.backward()
    assert two.constant and two.grad == 0.0
    assert not x.constant and not y.constant
    fixed = ops.EXP(two)
    assert fixed.constant and (x * fixed).inputs[1].grad == 0.0


def test_a_leaf_is_its_own_output():
    x = Value(3.0)
    assert gradients(x, x) == [1.0]


def test_functions_and_methods_are_the_same():
    x = Value(0.5)
    for name, op in ops.FUNCTIONS.items():
        others = [Value(2.0)] * (op.arity - 1)
        assert getattr(x, name)(*others).data == op(x, *others).data == op(0.5, *[2.0] * (op.arity - 1))
    assert abs(Value(-2)).data == 2.0 and (+x) is x and (-x).data == -0.5


def test_dot_is_one_node_and_equals_the_written_out_sum():
    ws, xs, b = [Value(w) for w in (1.0, -2.0)], [Value(x) for x in (3.0, 0.5)], Value(0.25)
    y = dot(ws, xs, b)
    assert len(outputs_first(y)) == 6
    one_node = gradients(y, *ws, *xs, b)
    for leaf in (*ws, *xs, b):
        leaf.grad = 0.0
    written_out = ws[0] * xs[0] + ws[1] * xs[1] + b
    assert y.data == written_out.data
    assert one_node == gradients(written_out, *ws, *xs, b)


def test_dot_and_sum_at_their_edges():
    assert dot([], []).data == 0.0 and dot([], [], b=2).data == 2.0
    assert dot([Value(2)], [3.0], b=1).data == 7.0
    assert sum([]).data == 0.0 and sum(iter([Value(1), 2])).data == 3.0
    with pytest.raises(ValueError, match="2 weights and 1 inputs"):
        dot([1, 2], [3])


def test_repr_shows_six_digits_and_the_label():
    assert repr(Value(1 / 3, "x")) == "Value(0.333333, grad=0, label='x')"


# ---- random graphs with shared nodes -------------------------------------------------------------

SMOOTH = [ops.TANH, ops.SIN, ops.SIGMOID, ops.SOFTPLUS, ops.NEG]
PAIRS = [ops.ADD, ops.SUB, ops.MUL]


@st.composite
def programs(draw) -> list[tuple]:
    """Straight-line programs over three leaves; any earlier result may be used again and again."""
    lines, available = [], 3
    for _ in range(draw(st.integers(1, 12))):
        op = draw(st.sampled_from(SMOOTH + PAIRS))
        lines.append((op, [draw(st.integers(0, available - 1)) for _ in range(op.arity)]))
        available += 1
    return lines


def run(program: list[tuple], leaves: list) -> object:
    results = list(leaves)
    for op, inputs in program:
        results.append(ops.TANH(op(*[results[i] for i in inputs])))  # tanh keeps every number small
    return results[-1]


@given(programs(), st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_random_graphs_against_central_differences(program, point):
    leaves = [Value(x) for x in point]
    found = gradients(run(program, leaves), *leaves)
    h = 6e-6
    for i, x in enumerate(point):
        above, below = (run(program, [*point[:i], x + d, *point[i + 1 :]]) for d in (h, -h))
        assert found[i] == approx((above - below) / (2 * h), rel=1e-6, abs=1e-8)
