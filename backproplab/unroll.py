"""A function of arrays as functions of single numbers: what it did to a Tensor, done again entry by entry, on Values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from . import ops
from .node import outputs_first
from .tensor import Tensor
from .value import Value, constant
from .value import sum as add_up

MOVING = {"reshape", "transpose", "broadcast_to", "index", "concatenate", "sum", "matmul", "linear", "affine"}


def unroll(f: Callable[[Tensor], Tensor], x: Any, names: Sequence[str] = ()) -> tuple[list[Value], list[Value]]:
    """The entries of x and of f(x) as Values, in C order: the same numbers, each with a graph of its own.

    Whatever f does to x is recorded as it is done at x, and must be arithmetic, operations on single entries, and moves,
    sums and products of arrays; softmax and its relatives are that, too. Raises a TypeError for an operation that
    chooses by the numbers (`where`, `max` of an array), because somewhere else it would choose otherwise.

    >>> xs, ys = unroll(lambda x: x * x + x[0], [2.0, 3.0])
    >>> ys[1].backward()
    >>> ys[1].data, [x.grad for x in xs]
    (11.0, [1.0, 6.0])
    """
    leaf = Tensor(x)
    y = f(leaf)
    if not isinstance(y, Tensor):
        raise TypeError(f"f must make a Tensor of a Tensor; it made {type(y).__name__}.")
    labels = names or [""] * leaf.size
    xs = [Value(float(number), label) for number, label in zip(leaf.data.flat, labels)]
    found = {leaf: _array(xs, leaf.shape)}
    for node in reversed(outputs_first(y)):
        if node is not leaf:
            found[node] = _entries(node, [found[x] for x in node.inputs])
    return xs, list(found[y].flat)


def _entries(node: Tensor, inputs: list[np.ndarray]) -> np.ndarray:
    """The Values that are the entries of this node, from those of its inputs."""
    op = node.op
    if op is None:
        return _array([constant(float(number)) for number in node.data.flat], node.shape)
    if ops.TABLE.get(op.name) is op and op.slopes:
        made = np.frompyfunc(lambda *entries: Value.record(op, *entries), len(inputs), 1)(*inputs)
    elif op.name == "mean":
        made = np.add.reduce(*inputs, op.origin[1], keepdims=op.origin[2]) * (node.size / inputs[0].size)
    elif op.name == "logsumexp":
        made = _over(op.origin[1], inputs[0], node.shape, _logsumexp)
    elif op.name in MOVING:
        made = op.forward(*inputs)
    else:
        raise TypeError(
            f"The operation {op.name!r} cannot be taken apart into numbers: use arithmetic, operations on single entries, "
            "sums and products of arrays."
        )
    return _array(np.asarray(made, dtype=object).flat, node.shape)


def _array(entries: Any, shape: tuple[int, ...]) -> np.ndarray:
    array = np.empty(shape, dtype=object)
    array.flat = list(entries)
    return array


def _over(axis: Any, array: np.ndarray, shape: tuple[int, ...], rule: Callable) -> np.ndarray:
    """The rule on all entries along one or more axes."""
    axes = [axis] if isinstance(axis, int) else range(array.ndim) if axis is None else axis
    last = np.moveaxis(array, list(axes), range(-len(axes), 0))
    rows = last.reshape(-1, int(np.prod(last.shape[last.ndim - len(axes) :])))
    return _array([rule(list(row)) for row in rows], shape)


def _logsumexp(entries: list[Value]) -> Value:
    """log Σ eˣ, shifted by the largest entry, wherever the entries will be."""
    largest = reduce(lambda a, b: Value.record(ops.MAXIMUM, a, b), entries)
    return add_up([(x - largest).exp() for x in entries]).log() + largest
