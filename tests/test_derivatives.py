"""gradient, vjp, jvp, check_gradient on both kinds of nodes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest import approx

from backproplab import Value, dot, ops
from backproplab.derivatives import check_gradient, gradient, hessian, jacobian, jvp, vjp
from backproplab.tensor import Tensor, where


def test_gradient_of_values_any_number_of_times():
    x = Value(1.3)
    y = x.sin()
    found = []
    for _ in range(5):
        found.append(y.data)
        y = gradient(y, x)
    assert found == approx([math.sin(1.3), math.cos(1.3), -math.sin(1.3), -math.cos(1.3), math.sin(1.3)])
    assert x.grad == 0.0


def test_gradient_of_several_values():
    a, b, c = Value(2.0), Value(3.0), Value(5.0)
    da, db, dc = gradient(dot([a, b], [b, a]), [a, b, c])
    assert (da.data, db.data, dc.data) == (6.0, 4.0, 0.0)
    assert gradient(da, b).data == 2.0


def test_gradient_does_not_walk_where_nobody_asked():
    x, base = Value(2.0), Value(-3.0)
    y = x * base ** Value(2.0)  # the slope in the exponent needs log(−3), which has no value
    assert gradient(y, x).data == 9.0
    assert gradient(gradient(y, base), x).data == -6.0


def test_an_infinite_slope_without_influence_passes_nothing():
    x, z, inf = Value(0.0), Value(2.0), Value(math.inf)
    assert [g.data for g in gradient(x.sqrt() * 0 + z, [x, z])] == [0.0, 1.0]
    assert [g.data for g in gradient(dot([x, z], [inf, z]), [x, z])] == [math.inf, 4.0]
    assert gradient(dot([x, z], [inf, z]) * 0, x).data == 0.0
    t = Tensor([0.0, 4.0])
    found = gradient(where(np.array([False, True]), t.sqrt(), 0.0).sum(), t)
    np.testing.assert_array_equal(found.data, [0.0, 0.25])


@pytest.mark.parametrize("name", ops.FUNCTIONS)
def test_second_derivatives_of_values_and_tensors_agree(name):
    op = ops.FUNCTIONS[name]
    x, others = Value(0.7), [Value(0.4)] * (op.arity - 1)
    first = gradient(op(x, *others) ** 2, x)
    second = gradient(first, x)
    t = Tensor([0.7])
    found = hessian(lambda t: (op(t, *[0.4] * (op.arity - 1)) ** 2).sum(), t)
    assert second.data == approx(found.item(), rel=1e-12)


def test_vjp_and_jvp_are_transposes_of_each_other():
    random = np.random.default_rng(0)
    x, v, w = random.normal(size=(3, 4)), random.normal(size=(3, 4)), random.normal(size=(3, 2))
    f = lambda x: (x @ random_matrix).tanh()  # noqa: E731
    random_matrix = random.normal(size=(4, 2))
    y, pullback = vjp(f, x)
    _, tangent = jvp(f, x, v)
    assert np.sum(w * tangent) == approx(np.sum(pullback(w) * v), rel=1e-13)
    np.testing.assert_array_equal(pullback(w), pullback(w))  # nothing adds up between calls


def test_no_derivative_leaves_anything_in_a_stored_gradient():
    w, x = Tensor([2.0, 3.0], "w"), Tensor([1.0, -1.0], "x")
    w.grad, x.grad = np.array([5.0, 6.0]), np.array([7.0, 8.0])
    jacobian(lambda x: x * w, x, mode="reverse")
    jacobian(lambda x: x * w, x, mode="forward")
    vjp(lambda x: x * w, x)[1]([1.0, 1.0])
    assert w.grad.tolist() == [5.0, 6.0] and x.grad.tolist() == [7.0, 8.0]


def test_constant_functions_have_derivative_0():
    f = lambda x: Tensor([1.0, 2.0])  # noqa: E731
    np.testing.assert_array_equal(jacobian(f, [3.0]), [[0.0], [0.0]])
    np.testing.assert_array_equal(jvp(f, [3.0], [1.0])[1], [0.0, 0.0])


def test_jvp_wants_a_direction_of_the_right_shape():
    with pytest.raises(ValueError, match=r"x's shape \(2,\); got \(3,\)"):
        jvp(lambda x: x, [1.0, 2.0], [1.0, 2.0, 3.0])


def test_check_gradient_reports_what_is_wrong(monkeypatch):
    monkeypatch.setattr(ops.TANH, "slopes", (lambda y, a: 1.0 + y * y,))
    check = check_gradient(lambda x: x.tanh(), [0.5, -2.0])
    assert not check and len(check.wrong) == 5
    assert "argument 0, entry" in repr(check) and "relative error" in repr(check)
    assert not check_gradient(lambda x: x.tanh(), Value(0.5))


def test_check_gradient_knows_kinks_and_says_so():
    check = check_gradient(lambda x: x.relu(), [0.0, 1.0])
    assert check and len(check.kinks) == 4  # the entry at 0, and every direction, which moves it
    assert "there is a kink here" in repr(check)
    assert not check_gradient(lambda x: x * x * 1e-3, [1.0, 2.0]).kinks


def test_check_gradient_of_values_and_several_arguments():
    check = check_gradient(lambda a, b: a * b + b.exp(), Value(2.0), Value(0.5))
    assert check and len(check.comparisons) == 2
    assert check_gradient(lambda a, b: a @ b, np.ones((2, 3)), np.ones((3, 1)))
