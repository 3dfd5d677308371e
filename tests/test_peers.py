"""The same random programs in other engines: HIPS autograd always, micrograd where it is installed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backproplab import Tensor, Value

autograd = pytest.importorskip("autograd", reason="HIPS autograd is not installed here")
import autograd.numpy as anp  # noqa: E402

UNARY = {
    "tanh": (lambda x: x.tanh(), anp.tanh),
    "sin": (lambda x: x.sin(), anp.sin),
    "exp": (lambda x: (x * 0.1).exp(), lambda x: anp.exp(x * 0.1)),
    "log1p": (lambda x: (x * x).log1p(), lambda x: anp.log1p(x * x)),
    "sqrt": (lambda x: (x * x + 1).sqrt(), lambda x: anp.sqrt(x * x + 1)),
    "sigmoid": (lambda x: x.sigmoid(), lambda x: 1 / (1 + anp.exp(-x))),
    "cube": (lambda x: (x / 2) ** 3, lambda x: (x / 2) ** 3),
}
ARRAYS = {
    "T": (lambda x: x.T, lambda x: x.T),
    "matmul": (lambda x: x @ x.T @ x * 0.1, lambda x: x @ x.T @ x * 0.1),
    "centre": (lambda x: x - x.mean(0, keepdims=True), lambda x: x - anp.mean(x, 0, keepdims=True)),
    "roll": (lambda x: x[[1, 2, 0]], lambda x: x[anp.array([1, 2, 0])]),
    "sum": (lambda x: x + x.sum(1, keepdims=True), lambda x: x + anp.sum(x, 1, keepdims=True)),
    "max": (lambda x: x * x.max(), lambda x: x * anp.max(x)),
    "lse": (lambda x: x - x.logsumexp(1, keepdims=True), lambda x: x - _logsumexp(x)),
}
BINARY = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "sub": (lambda a, b: a - b, lambda a, b: a - b),
    "mul": (lambda a, b: a * b, lambda a, b: a * b),
    "div": (lambda a, b: a / (b * b + 1), lambda a, b: a / (b * b + 1)),
    "max": (lambda a, b: a.maximum(b + 0.125), lambda a, b: anp.maximum(a, b + 0.125)),
}


def _logsumexp(x):
    largest = anp.max(x, 1, keepdims=True)
    return anp.log(anp.sum(anp.exp(x - largest), 1, keepdims=True)) + largest


def programs(one_operand: dict):
    """Lines (name, i, j): an operation on earlier results, shared as often as it happens."""
    names = st.sampled_from([*one_operand, *BINARY])
    return st.lists(st.tuples(names, st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12)


def run(program, one_operand: dict, leaves: list, engine: int, squash):
    results = list(leaves)
    for name, i, j in program:
        a, b = results[i % len(results)], results[j % len(results)]
        y = BINARY[name][engine](a, b) if name in BINARY else one_operand[name][engine](a)
        results.append(squash(y))  # tanh keeps numbers small, so that 1e-12 means something
    return results[-1]


@given(programs(UNARY), st.lists(st.floats(-2, 2, width=16), min_size=2, max_size=2))
def test_values_agree_with_autograd(program, point):
    leaves = [Value(x) for x in point]
    y = run(program, UNARY, leaves, 0, lambda x: x.tanh())
    y.backward()
    f = lambda point: run(program, UNARY, [point[0], point[1]], 1, anp.tanh)  # noqa: E731
    np.testing.assert_allclose([x.grad for x in leaves], autograd.grad(f)(np.array(point)), rtol=1e-12, atol=1e-12)


@given(programs(UNARY | ARRAYS), st.integers(0, 5))
def test_tensors_agree_with_autograd(program, seed):
    random = np.random.default_rng(seed)
    a, b, weights = random.normal(size=(3, 3, 3))
    one_operand = UNARY | ARRAYS
    leaves = [Tensor(a), Tensor(b)]
    (run(program, one_operand, leaves, 0, lambda x: x.tanh()) * weights).sum().backward()
    f = lambda a, b: anp.sum(run(program, one_operand, [a, b], 1, anp.tanh) * weights)  # noqa: E731
    for leaf, expected in zip(leaves, autograd.grad(f, (0, 1))(a, b)):
        found = np.zeros_like(expected) if leaf.grad is None else leaf.grad
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_the_readme_graph_of_micrograd():
    """micrograd's own example, with the numbers that its README prints; in micrograd itself where it is installed."""

    def example(value):
        a, b = value(-4.0), value(2.0)
        c = a + b
        d = a * b + b**3
        c = c + (c + 1)
        c = c + (1 + c + (-a))
        d = d + (d * 2 + (b + a).relu())
        d = d + (3 * d + (b - a).relu())
        e = c - d
        f = e**2
        g = f / 2.0
        g = g + 10.0 / f
        g.backward()
        return g.data, a.grad, b.grad

    assert [f"{x:.4f}" for x in example(Value)] == ["24.7041", "138.8338", "645.5773"]
    micrograd = pytest.importorskip("micrograd.engine", reason="micrograd is not installed here")
    np.testing.assert_allclose(example(Value), example(micrograd.Value), rtol=1e-14)
