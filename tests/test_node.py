"""What Values and Tensors have in common: they can be copied and stored together with how they were computed."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from backproplab import Graph, Value, dot, ops, parse
from backproplab import sum as total
from backproplab.nn import Linear, cross_entropy
from backproplab.tensor import Tensor, concatenate, stack, where

WAYS = {"pickle": lambda thing: pickle.loads(pickle.dumps(thing)), "deepcopy": copy.deepcopy}
ways = pytest.mark.parametrize("again", WAYS.values(), ids=WAYS)


@ways
def test_a_computed_value_takes_its_history_along(again):
    x = Value(2.0, "x")
    y = dot([x, 3.0], [x.exp(), x]) + total([x, x / 2]) ** 2
    y.label = "y"
    y.backward()
    copy_of_x, z = again((x, y))
    assert z is not y and (z.data, z.grad, z.label) == (y.data, 1.0, "y")
    assert [x.grad for x in z.inputs] == [x.grad for x in y.inputs]
    before, copy_of_x.grad = copy_of_x.grad, 0.0  # the very leaf that z was computed from
    z.backward()
    assert copy_of_x.grad == before == x.grad
    assert Graph(z).formula == Graph(y).formula
    assert (z * 1.0).inputs[1].constant and (z + copy_of_x).data == y.data + 2.0


@ways
def test_chains_of_any_length(again):
    x = y = Value(1.0)
    for _ in range(100_000):
        y = y + 1.0
    copy_of_x, z = again((x, y))
    z.backward()
    assert (z.data, copy_of_x.grad, x.grad) == (100_001.0, 1.0, 0.0)


TENSORS = {
    "arithmetic": lambda t: -t / 2 + 2.0 * t**2 - abs(t),
    "functions": lambda t: t.tanh().maximum(0.1).softplus(),
    "products": lambda t: t @ t.T @ [1.0, 2.0],
    "reductions": lambda t: t.sum(0) * t.mean() + t.max(0) - t.min(),
    "softmax": lambda t: t.log_softmax() + t.var(1, keepdims=True),
    "shapes": lambda t: t.reshape(3, 2).transpose(1, 0).expand_dims(1).broadcast_to(2, 4, 3),
    "index": lambda t: t[[0, 0, 1]] * t[0] * t[:, 1:2].sum(),
    "together": lambda t: stack([concatenate([t, t]), where(t.data[:1] > 0, concatenate([t, t]), 1.0)]),
    "layer": lambda t: cross_entropy(Linear(3, 4)(t), [0, 3]),
}


@ways
@pytest.mark.parametrize("f", TENSORS.values(), ids=TENSORS)
def test_a_computed_tensor_takes_its_history_along(f, again):
    t = Tensor([[0.3, -1.2, 2.0], [0.7, 0.1, -0.5]], "t")
    y = f(t)
    copy_of_t, z = again((t, y))
    np.testing.assert_array_equal(z.data, y.data)
    assert copy_of_t.label == "t" and not np.shares_memory(copy_of_t.data, t.data)
    for node in (y, z):
        node.backward(np.ones(y.shape))
    np.testing.assert_array_equal(copy_of_t.grad, t.grad)


def test_a_shallow_copy_of_a_leaf_has_data_of_its_own():
    t = Tensor([1.0, 2.0])
    other = copy.copy(t)
    other.data -= 1.0
    np.testing.assert_array_equal(t.data, [1.0, 2.0])


def test_an_operation_is_one_of_a_kind():
    for op in ops.TABLE.values():
        assert copy.deepcopy(op) is op and pickle.loads(pickle.dumps(op)) is op


@ways
def test_a_graph_is_copied_with_its_names(again):
    graph = parse("(4*x+1)^2", x=1.0)
    other = again(graph)
    assert repr(other) == repr(graph) and other.forward(x=-1.0) == 9.0 and graph["x"].data == 1.0


def test_what_was_stored_in_another_process_is_not_younger_than_what_is_computed_from_it(tmp_path):
    values = [Value(float(i)) for i in range(1000)]
    (tmp_path / "value").write_bytes(pickle.dumps(values[-1]))
    code = "import pickle; x = pickle.load(open('value', 'rb')); y = x * x; y.backward(); print(x.grad)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "1998.0\n", done.stderr
