"""A function of a Tensor, taken apart into Values: the same numbers, the same slopes, at other points too."""

from __future__ import annotations

import numpy as np
import pytest

from backproplab import Graph, Tensor, jacobian
from backproplab.nn import Linear, ReLU, Sequential, Softmax, Tanh
from backproplab.program import Program
from backproplab.unroll import unroll

FUNCTIONS = {
    "softmax": (lambda x: x.softmax(), [1.0, 2.0, 0.5]),
    "log-softmax of columns": (lambda x: x.reshape(2, 2).log_softmax(0), [1.0, -2.0, 0.5, 3.0]),
    "linear": (Linear(3, 2), [[1.0, 2.0, 3.0]]),
    "no bias": (Linear(3, 2, bias=False), [[1.0, 2.0, 3.0]]),
    "two layers": (Sequential(Linear(3, 4), Tanh(), Linear(4, 2), ReLU(), Softmax()), [[1.0, 2.0, 3.0]]),
    "mean": (lambda x: (x - x.mean()) * x.reshape(3, 1).mean(0), [1.0, 2.0, 5.0]),
    "product": (lambda x: x.reshape(2, 2).T @ x.reshape(2, 2), [1.0, 2.0, 5.0, 6.0]),
    "norm": (lambda x: x / (x * x).sum().sqrt(), [1.0, 2.0]),
    "picked twice": (lambda x: x[[0, 0]] * x, [3.0, 2.0]),
    "one number": (lambda x: (x * x).sum(), [3.0, 2.0]),
    "nothing of x": (lambda x: Tensor([1.0, 2.0]), [3.0, 2.0]),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("shift", [0.0, -4.5])
def test_the_entries_compute_what_the_tensor_does_wherever_they_are(name, shift):
    f, x = FUNCTIONS[name]
    xs, ys = unroll(f, x)
    there = np.array(x) * np.linspace(1, -1, len(xs)).reshape(np.shape(x)) + shift
    J, point = [], dict(zip(xs, there.flat))
    for y, due in zip(ys, np.ravel(f(Tensor(there)).data), strict=True):
        graph = Graph(y)
        run = Program(graph)(*[point.get(leaf, leaf.data) for leaf in graph.leaves.values()])
        slopes = dict(zip(graph.nodes, run.gradients))
        J.append([slopes.get(leaf, 0.0) for leaf in xs])
        assert run.values[-1] == pytest.approx(due, abs=1e-12)
    np.testing.assert_allclose(J, jacobian(f, there).reshape(len(ys), -1), atol=1e-12)


def test_softmax_of_large_scores_does_not_overflow():
    _, ys = unroll(lambda x: x.softmax(), [1000.0, 999.0])
    assert [y.data for y in ys] == pytest.approx([0.7310585786, 0.2689414214])


@pytest.mark.parametrize("f", [lambda x: x.max(), lambda x: x.min(0)], ids=["max", "min"])
def test_what_chooses_by_the_numbers_is_refused(f):
    with pytest.raises(TypeError, match="'m(ax|in)' cannot be taken apart into numbers"):
        unroll(f, [1.0, 2.0])


def test_a_function_that_makes_no_tensor_is_refused():
    with pytest.raises(TypeError, match="it made float"):
        unroll(lambda x: 2.0, [1.0])
