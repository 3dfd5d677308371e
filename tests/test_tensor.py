"""Tensor: every operation against nudging, in all modes; shapes, dtypes, aliasing, errors."""

from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from backproplab import Value, array_ops, ops
from backproplab.derivatives import check_gradient, gradient, hessian, jacobian, jvp
from backproplab.tensor import Tensor, concatenate, no_grad, stack, to_array, where

RANDOM = np.random.default_rng(0)
A = RANDOM.normal(size=(3, 4))
M = RANDOM.normal(size=(4, 2))
S = RANDOM.normal(size=(2, 4, 3))

CASES = {
    "sum": lambda t: t.sum(),
    "sum axis": lambda t: t.sum(0),
    "sum axes": lambda t: t.sum((0, 1), keepdims=True),
    "mean": lambda t: t.mean(),
    "mean axis": lambda t: t.mean(-1, keepdims=True),
    "max": lambda t: t.max(),
    "max axis": lambda t: t.max(1),
    "min axis": lambda t: t.min(0, keepdims=True),
    "prod": lambda t: t.prod(),
    "prod axis": lambda t: t.prod(1),
    "prod axes": lambda t: t.prod((0, 1), keepdims=True),
    "var": lambda t: t.var(0),
    "norm": lambda t: t.norm(1),
    "logsumexp": lambda t: t.logsumexp(),
    "logsumexp axis": lambda t: t.logsumexp(0, keepdims=True),
    "softmax": lambda t: t.softmax(0),
    "log_softmax": lambda t: t.log_softmax(),
    "reshape": lambda t: t.reshape(2, -1) * A.reshape(2, 6),
    "transpose": lambda t: t.transpose(1, 0) * A.T,
    "T": lambda t: t.T @ t,
    "swapaxes": lambda t: t.reshape(3, 2, 2).swapaxes(0, -1) ** 2,
    "squeeze": lambda t: t.expand_dims(0).squeeze() * A,
    "expand_dims": lambda t: t.expand_dims(1) * t.expand_dims(0),
    "broadcast_to": lambda t: t[0].broadcast_to(3, 4) * A,
    "row": lambda t: t[1] ** 2,
    "slice": lambda t: t[:, 1:3] ** 2,
    "step": lambda t: t[::-1, ::2] ** 2,
    "ellipsis": lambda t: t[..., 0] ** 2,
    "newaxis": lambda t: t[:, None] ** 2,
    "integers": lambda t: t[[0, 0, 1]] ** 2,
    "pairs": lambda t: t[[0, 0, 2], [1, 1, 3]] ** 2,
    "mask": lambda t: t[A > 0] ** 2,
    "scalar entry": lambda t: t[1, 2] ** 2,
    "iterate": lambda t: sum(row.sum() ** 2 for row in t),
    "concatenate": lambda t: concatenate([t, t * t, A], axis=1) ** 2,
    "stack": lambda t: stack([t, t * t], axis=-1) ** 2,
    "where": lambda t: where(A > 0, t, t * t),
    "clip": lambda t: t.clip(-0.5, 0.5),
    "broadcast column": lambda t: t[:, :1] * t + t[0],
    "matrix @ matrix": lambda t: t @ M,
    "matrix @ vector": lambda t: t @ M[:, 0],
    "vector @ matrix": lambda t: A[:, 0] @ t,
    "vector @ vector": lambda t: t[0] @ t[1],
    "stack @ matrix": lambda t: S @ t,
    "matrix @ stack": lambda t: t @ S,
    "stack @ vector": lambda t: S.swapaxes(1, 2) @ t[0],
    "layer without bias": lambda t: Tensor.record(array_ops.LINEAR, t, t),
    "layer": lambda t: Tensor.record(array_ops.AFFINE, t, t, t[1, :3]),
    "layer of a stack": lambda t: Tensor.record(array_ops.AFFINE, S.swapaxes(1, 2), t, t[:, 2]),
    "divide": lambda t: A / (t * t + 1) - t / 2,
    "power": lambda t: abs(t) ** 1.5 + 2**t,
    "nested": lambda t: ((t @ M).tanh() @ M.T).log_softmax().exp().sum(0),
}
cases = pytest.mark.parametrize("f", CASES.values(), ids=CASES)


@cases
def test_backward_agrees_with_nudging(f):
    check = check_gradient(f, A)
    assert check, check


@cases
def test_forward_values_are_numpys(f):
    assert f(Tensor(A)).data.dtype == np.float64


@cases
def test_forward_mode_agrees_with_reverse_mode(f):
    v = RANDOM.normal(size=A.shape)
    y, tangent = jvp(f, A, v)
    jacobian_v = np.tensordot(jacobian(f, A, mode="reverse"), v, axes=2)
    assert tangent.shape == y.shape
    np.testing.assert_allclose(tangent, jacobian_v, rtol=1e-11, atol=1e-13)


@cases
def test_second_derivatives_agree_with_nudged_gradients(f):
    def total(t):
        return (f(t) * f(t)).sum()

    check = check_gradient(lambda t: gradient(total(t), t), A, tolerance=1e-5)
    assert check, check


@pytest.mark.parametrize("name", ops.FUNCTIONS)
def test_every_function_of_the_table(name):
    op = ops.FUNCTIONS[name]
    x = np.array([[0.3, 1.7], [2.9, 0.8]])
    others = [np.array([0.5, 1.9])] * (op.arity - 1)
    y = op(Tensor(x), *others)
    expected = np.array([[op.forward(a, *(o[j] for o in others)) for j, a in enumerate(row)] for row in x.tolist()])
    np.testing.assert_allclose(y.data, expected, rtol=1e-14)
    np.testing.assert_allclose(getattr(Tensor(x), name)(*others).data, expected, rtol=1e-14)
    check = check_gradient(op, x, *others)
    assert check, check


@given(
    hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
    st.sampled_from([ops.ADD, ops.SUB, ops.MUL, ops.DIV, ops.MAXIMUM]),
)
def test_r15_gradients_of_broadcast_operands_have_their_shape(shapes, op):
    random = np.random.default_rng(1)
    arrays = [random.uniform(0.5, 2.0, size=shape) for shape in shapes.input_shapes]
    a, b = map(Tensor, arrays)
    y = op(a, b)
    assert y.shape == shapes.result_shape
    y.backward(random.normal(size=y.shape))
    assert a.grad.shape == a.shape and b.grad.shape == b.shape
    check = check_gradient(op, *arrays)
    assert check, check


SMOOTH = [ops.TANH, ops.SIN, ops.SIGMOID, ops.SOFTPLUS, ops.NEG, ops.ADD, ops.SUB, ops.MUL]


@given(st.lists(st.tuples(st.sampled_from(SMOOTH), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=10))
def test_random_graphs_agree_with_nudging(program):
    def run(*leaves):
        results = list(leaves)
        for op, i, j in program:
            y = op(*[results[k % len(results)] for k in (i, j)[: op.arity]])
            results.append(y.tanh())
        return results[-1]

    check = check_gradient(run, A[:2], A[:1], A[0])
    assert check, check


def test_r02_r04_shared_and_repeated_operands():
    x = Tensor([2.0, 3.0])
    u = x * x
    y = u + u * u
    y.backward([1.0, 1.0])
    np.testing.assert_array_equal(x.grad, 2 * x.data + 4 * x.data**3)
    x.grad = None
    (x - x + x / x).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.0])


def test_r01_long_chains():
    x = y = Tensor([1.0])
    for _ in range(20_000):
        y = y + 1.0
    y.backward()
    assert x.grad == [1.0]
    del y


def test_a_single_number_has_an_array_as_gradient():
    x = Tensor(3.0)
    (x * x + x).backward()
    (x * 2).sum().backward()
    assert type(x.grad) is np.ndarray and x.grad == 9.0 and not x.spent


def test_r05_leaves_keep_adding_up():
    x = Tensor([3.0])
    y = x**3
    y.backward()
    y.backward()
    assert x.grad == [54.0]


def test_r12_integers_are_floats():
    x = Tensor([1, 2])
    assert x.dtype == np.float64
    x.data -= 0.5
    np.testing.assert_array_equal(x.data, [0.5, 1.5])


@pytest.mark.parametrize("other", [2, 2.0, np.float64(2), np.array([2.0, 3.0]), np.array(2), [2.0, 3.0]], ids=repr)
@pytest.mark.parametrize("op", ["+", "-", "*", "/", "**", "@"])
def test_r13_r14_numpy_on_either_side_keeps_the_graph(op, other):
    if op == "@" and np.ndim(other) == 0:
        return
    for expression in (f"t {op} n", f"n {op} t"):
        t = Tensor([1.5, 2.5])
        y = eval(expression, {"t": t, "n": other})
        assert isinstance(y, Tensor) and y.inputs
        np.testing.assert_allclose(y.data, eval(expression, {"t": t.data, "n": np.asarray(other, float)}))
        y.sum().backward()
        assert t.grad.shape == (2,)


def test_r14_numpys_functions_are_refused():
    with pytest.raises(TypeError):
        np.sin(Tensor([1.0]))
    with pytest.raises(TypeError, match="or .data for the array"):
        np.asarray(Tensor([1.0]))


def test_r16_gradients_share_no_memory():
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    seed = np.array([1.0, 1.0])
    (a + b).backward(seed)
    assert not np.shares_memory(a.grad, b.grad) and not np.shares_memory(a.grad, seed)
    c, d = Tensor(A), Tensor(A)
    (c.T.reshape(12) + d.reshape(12)).sum().backward()
    arrays = [c.grad, d.grad, c.data, d.data, A]
    assert not any(np.shares_memory(p, q) for i, p in enumerate(arrays) for q in arrays[:i])
    c.grad += 1.0  # writable


def test_the_given_array_is_copied():
    array = np.array([1.0, 2.0])
    t = Tensor(array)
    array[0] = 9.0
    assert t.data[0] == 1.0
    t.data = array
    array[0] = 7.0
    assert t.data[0] == 9.0


def test_r17_new_data_between_forward_and_backward_is_an_error():
    w = Tensor([1.0, 2.0], "w")
    y = (w * w).sum()
    w.data -= 0.1
    with pytest.raises(RuntimeError, match="w was given new data after 'multiply'"):
        y.backward()
    with pytest.raises(RuntimeError, match="w was given new data"):
        gradient(y, w)
    with pytest.raises(AttributeError, match="computed by 'sum'"):
        y.data = 1.0


def test_r18_kinks_and_nan():
    x = Tensor([-1.0, 0.0, math.nan])
    x.relu().sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.0, math.nan])
    assert np.isnan(Tensor([1.0, math.nan]).max().data)


def test_r19_a_tie_shares_the_gradient():
    x = Tensor([2.0, 2.0, 1.0])
    x.max().backward()
    np.testing.assert_array_equal(x.grad, [0.5, 0.5, 0.0])
    a, b = Tensor([math.inf, -math.inf, 1.0, math.nan]), Tensor([math.inf, -math.inf, 2.0, 2.0])
    for op, grads in ((ops.MAXIMUM, [0.5, 0.5, 0.0, math.nan]), (ops.MINIMUM, [0.5, 0.5, 1.0, math.nan])):
        a.zero_grad()
        op(a, b).backward(np.ones(4))
        np.testing.assert_array_equal(a.grad, grads)


def test_r20_nothing_overflows():
    x = Tensor([-1000.0, 1000.0])
    for y in (x.tanh(), x.sigmoid(), x.softplus(), x.softmax(), x.log_softmax(), x.logsumexp()):
        assert np.isfinite(y.data).all()
    np.testing.assert_array_equal(x.log_softmax().data, [-2000.0, 0.0])


def test_r21_the_graph_is_freed_at_once():
    gc.disable()
    try:
        x = Tensor(A)
        y = (x @ M).tanh().sum()
        y.backward()
        inner = weakref.ref(y.inputs[0])
        del y
        assert inner() is None
    finally:
        gc.enable()


def test_r22_repeated_indices_add_up():
    x = Tensor([1.0, 2.0, 3.0])
    x[[0, 0, 1]].sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 1.0, 0.0])


def test_r26_backward_without_a_seed_explains_the_vector_jacobian_product():
    with pytest.raises(ValueError, match=r"shape \(3, 4\), so its derivative is a Jacobian.*vᵀJ"):
        Tensor(A).tanh().backward()
    with pytest.raises(ValueError, match=r"shape \(3, 4\); got \(4,\)"):
        Tensor(A).tanh().backward(np.ones(4))


def test_an_infinite_slope_without_influence_passes_nothing():
    x = Tensor([0.0, 4.0])
    where(np.array([False, True]), x.sqrt(), 0.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.25])


def test_float32_is_kept():
    x = Tensor(A.astype(np.float32))
    y = ((x * 2 + 1) @ M.astype(np.float32)).softmax().mean()
    assert y.dtype == np.float32
    y.backward()
    assert x.grad.dtype == np.float32


def test_inner_gradients_are_dropped_and_constants_are_not_recorded():
    x = Tensor([1.0, 2.0])
    y = x * 2
    y.sum().backward()
    assert y.grad is None and y.inputs[1].grad is None


def test_no_grad_records_nothing_and_is_left_again_after_an_error():
    x = Tensor([1.0])
    with pytest.raises(ZeroDivisionError), no_grad():
        assert (x * 2).inputs == ()
        raise ZeroDivisionError
    assert (x * 2).inputs


@pytest.mark.parametrize(
    "data, words",
    [
        (["1"], "got an array of str"),
        ([None], "got an array of objects"),
        ([1j], "got an array of complex numbers"),
        ([[1, 2], [3]], "rows that differ"),
        ([Value(1.0)], "got an array of objects"),
        ({"a": 1}, "got an array of objects"),
        (b"1", "got an array of bytes"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(data, words):
    with pytest.raises(TypeError, match=words):
        Tensor(data)
    with pytest.raises(TypeError):
        Tensor([1.0]) + data
    with pytest.raises(TypeError):
        to_array(data)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda t: t + np.ones(3), r"\+ does not fit shape \(3, 4\) and \(3,\)"),
        (lambda t: t @ t, r"@ cannot multiply shapes \(3, 4\) and \(3, 4\)"),
        (lambda t: t @ 2, r"@ cannot multiply shapes \(3, 4\) and \(\)"),
        (lambda t: t.reshape(5), r"reshape does not fit shape \(3, 4\)"),
        (lambda t: t[7], r"\[ \] does not fit shape \(3, 4\): index 7"),
        (lambda t: concatenate([t, t.T]), "concatenate does not fit shape"),
        (lambda t: t.item(), r"one entry; this one has shape \(3, 4\)"),
        (lambda t: gradient(t * 2, t), r"single number to differentiate; got shape \(3, 4\)"),
    ],
)
def test_shapes_that_do_not_fit_are_named(wrong, words):
    with pytest.raises((ValueError, IndexError), match=words) as caught:
        wrong(Tensor(A))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [lambda t, v: t * v, lambda t, v: v * t, lambda t, v: t @ v], ids=["tv", "vt", "@"])
def test_values_and_tensors_do_not_mix_silently(wrong):
    with pytest.raises(TypeError):
        wrong(Tensor(2.0), Value(3.0))


def test_hessian_and_modes():
    f = lambda x: (x[0] ** 2) * x[1] + x[2].exp()  # noqa: E731
    np.testing.assert_allclose(hessian(f, [1.0, 3.0, 0.0]), [[6, 2, 0], [2, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(jacobian(lambda t: t @ M, A, "forward"), jacobian(lambda t: t @ M, A, "reverse"))
    assert jacobian(lambda t: t @ M, A).shape == (3, 2, 3, 4)
    with pytest.raises(ValueError, match="modes"):
        jacobian(f, [1.0], mode="sideways")


def test_repr_is_rounded():
    assert repr(Tensor([1 / 3, 2.0], "w")) == "Tensor([0.3333, 2.    ], shape=(2,), label='w')"
