"""Operations that move or mix the entries of arrays: sums, products of matrices, shapes, indexing.

A slope is not enough for these. Each says how to *pull* a gradient back to an input, a function of (g, y,
*inputs), and how to *push* a tangent forward; one that is linear in each input needs no push, since it does to
tangents what it does to data. The rules use only arithmetic and operations, so they run on arrays and, for
second derivatives, on Tensors. Those that depend on an axis, a shape or an index are made by a function.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from . import ops
from .ops import EXP, Op

Axis = int | tuple[int, ...] | None

for _op in vars(ops).copy().values():
    if isinstance(_op, Op) and _op.arity is not None:
        _op.on_arrays = getattr(np, _op.name, _op.forward)  # our names are NumPy's; the rest are made of those
ops.COMPARE.on_arrays = lambda a, b: np.where(np.equal(a, b), 0.0, np.sign(np.subtract(a, b)))


def plain(x: Any) -> np.ndarray:
    """The array itself, for what does not depend on it smoothly (which entry is the largest, say)."""
    return x.data if hasattr(x, "record") else np.asarray(x)


# ---- shapes -------------------------------------------------------------------------------------


@cache
def kept_shape(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """`shape` with 1 in place of the summed axes."""
    axes = range(len(shape)) if axis is None else (axis,) if isinstance(axis, int) else axis
    summed = {i % len(shape) for i in axes}
    return tuple(1 if i in summed else n for i, n in enumerate(shape))


@cache
def reshape(shape: tuple[int, ...]) -> Op:
    return Op(
        "reshape", lambda a: a.reshape(shape), pulls=(lambda g, y, a: g.reshape(a.shape),), origin=(reshape, shape)
    )


@cache
def transpose(axes: tuple[int, ...]) -> Op:
    back = tuple(sorted(range(len(axes)), key=axes.__getitem__))
    return Op(
        "transpose",
        lambda a: a.transpose(axes),
        pulls=(lambda g, y, a: g.transpose(back),),
        symbol="ᵀ",
        origin=(transpose, axes),
    )


@cache
def broadcast_to(shape: tuple[int, ...]) -> Op:
    return Op(
        "broadcast_to",
        lambda a: np.full(shape, a),
        pulls=(lambda g, y, a: sum_to(g, a.shape),),
        origin=(broadcast_to, shape),
    )


def sum_to(g: Any, shape: tuple[int, ...]) -> Any:
    """Undo broadcasting: `g` summed down to `shape`, because an operand that was repeated is a fork."""
    if g.shape == shape:
        return g
    new = g.ndim - len(shape)
    stretched = tuple([i + new for i, n in enumerate(shape) if n == 1 and g.shape[i + new] != 1])
    g = reduce_sum(stretched, True)(g) if stretched else g
    return reduce_sum(tuple(range(new)), False)(g) if new else g


def index(key: Any) -> Op:
    """Entries picked by any NumPy index. What is picked twice is a fork: its gradients add up."""
    return Op(
        "index",
        lambda a: a[key],
        pulls=(lambda g, y, a: scatter(key, a.shape)(g),),
        symbol="[ ]",
        origin=(index, key),
    )


def scatter(key: Any, shape: tuple[int, ...]) -> Op:
    """The opposite of `index`: add entries into zeros at the places of `key`."""

    def forward(g: np.ndarray) -> np.ndarray:
        zeros = np.zeros(shape, g.dtype)
        np.add.at(zeros, key, g)
        return zeros

    return Op("scatter", forward, pulls=(lambda g, y, a: index(key)(g),), origin=(scatter, key, shape))


@cache
def concatenate(axis: int) -> Op:
    def pulls(g: Any, y: Any, *inputs: Any) -> list:
        pieces, start = [], 0
        for x in inputs:
            end = start + x.shape[axis]
            pieces.append(index((slice(None),) * (axis % g.ndim) + (slice(start, end),))(g))
            start = end
        return pieces

    return Op("concatenate", lambda *xs: np.concatenate(xs, axis), pulls=pulls, origin=(concatenate, axis))


# ---- sums and products --------------------------------------------------------------------------


def _kept(y: Any, a: Any, axis: Axis) -> Any:
    """A reduced array with length 1 in place of the summed axes, so that it broadcasts against `a`."""
    return y if y.ndim in (0, a.ndim) else y.reshape(kept_shape(a.shape, axis))


def _spread(g: Any, a: Any, axis: Axis) -> Any:
    """A gradient of a reduced array, repeated over what was reduced."""
    return broadcast_to(a.shape)(_kept(g, a, axis))


@cache
def reduce_sum(axis: Axis, keepdims: bool) -> Op:
    def forward(a: np.ndarray) -> np.ndarray:
        return np.add.reduce(a, axis, keepdims=keepdims)

    origin = (reduce_sum, axis, keepdims)
    return Op("sum", forward, pulls=(lambda g, y, a: _spread(g, a, axis),), symbol="Σ", origin=origin)


@cache
def reduce_mean(axis: Axis, keepdims: bool) -> Op:
    def forward(a: np.ndarray) -> np.ndarray:
        total = np.add.reduce(a, axis, keepdims=keepdims)
        return total * (total.size / a.size)

    def pull(g: Any, y: Any, a: Any) -> Any:
        return _spread(g * (y.size / a.size), a, axis)

    return Op("mean", forward, pulls=(pull,), origin=(reduce_mean, axis, keepdims))


def _share_of_extreme(y: Any, a: Any, axis: Axis) -> np.ndarray:
    """1 at the extreme entry; a tie shares it. nan stays nan."""
    a = plain(a)
    extreme = plain(y).reshape(kept_shape(a.shape, axis))
    at = (a == extreme) | np.isnan(extreme)
    return np.where(np.isnan(extreme), np.nan, at / at.sum(axis, keepdims=True)).astype(a.dtype)


@cache
def reduce_extreme(name: str, axis: Axis, keepdims: bool) -> Op:
    """The largest or smallest entry (`name` is "max" or "min")."""
    extreme = getattr(np, name)
    total = reduce_sum(axis, keepdims)
    return Op(
        name,
        lambda a: extreme(a, axis, keepdims=keepdims),
        pulls=(lambda g, y, a: _kept(g, a, axis) * _share_of_extreme(y, a, axis),),
        push=lambda tangents, y, a: total(tangents[0] * _share_of_extreme(y, a, axis)),
        origin=(reduce_extreme, name, axis, keepdims),
    )


@cache
def logsumexp(axis: Axis, keepdims: bool) -> Op:
    """log Σ eᵃ, shifted by the largest entry so that nothing overflows; its gradient is softmax."""
    total = reduce_sum(axis, keepdims)

    def forward(a: np.ndarray) -> np.ndarray:
        largest = np.maximum.reduce(a, axis, keepdims=True)
        largest[~np.isfinite(largest)] = 0.0
        y = np.log(np.add.reduce(np.exp(a - largest), axis, keepdims=True)) + largest
        return y if keepdims else y.squeeze(axis)

    def share(y: Any, a: Any) -> Any:
        return EXP(a - _kept(y, a, axis))

    return Op(
        "logsumexp",
        forward,
        pulls=(lambda g, y, a: _kept(g, a, axis) * share(y, a),),
        push=lambda tangents, y, a: total(tangents[0] * share(y, a)),
        symbol="logΣexp",
        origin=(logsumexp, axis, keepdims),
    )


MATMUL = Op(  # matrices, or stacks of them
    "matmul",
    np.matmul,
    pulls=(lambda g, y, a, b: g @ b.swapaxes(-1, -2), lambda g, y, a, b: a.swapaxes(-1, -2) @ g),
    symbol="@",
)


LINEAR = Op(  # rows times the transpose of the weights, as a layer stores them: (N, inputs), (outputs, inputs)
    "linear",
    lambda x, w: x @ w.swapaxes(-1, -2),
    pulls=(lambda g, y, x, w, *b: g @ w, lambda g, y, x, w, *b: g.swapaxes(-1, -2) @ x),
    symbol="@ᵀ",
)


def _affine(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    s = LINEAR.forward(x, w)
    s += b
    return s


def _push_affine(tangents: list, y: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    dx, dw, db = tangents
    by_x = 0.0 if dx is None else LINEAR.forward(dx, w)
    by_w = 0.0 if dw is None else LINEAR.forward(x, dw)
    return np.broadcast_to(by_x + by_w + (0.0 if db is None else db), y.shape)


AFFINE = Op(  # the same, and a bias for each output: a layer is one node, as a neuron is with `dot`
    "affine",
    _affine,
    pulls=(*LINEAR.pulls, lambda g, y, x, w, b: g),
    push=_push_affine,
    symbol="@ᵀ+",
)


def nll(labels: np.ndarray) -> Op:
    """log Σ e^a − a[label] for each row: minus the log-likelihood of the labels. Its slope is softmax − one-hot."""
    rows = np.arange(len(labels))
    total = logsumexp(1, False)

    def forward(a: np.ndarray) -> np.ndarray:
        return total.forward(a) - a[rows, labels]

    def slope(a: Any) -> Any:
        one_hot = np.zeros(a.shape, a.dtype)
        one_hot[rows, labels] = 1.0
        e = EXP(a - plain(a).max(1, keepdims=True))  # softmax stays the same whatever is subtracted from a row
        return e / e.sum(1, keepdims=True) - one_hot

    return Op(
        "nll",
        forward,
        pulls=(lambda g, y, a: g.reshape((-1, 1)) * slope(a),),
        push=lambda tangents, y, a: (tangents[0] * slope(a)).sum(1),
        origin=(nll, labels),
    )


def where(condition: np.ndarray) -> Op:
    """a where the condition holds, b elsewhere; the condition itself has no slope."""
    chosen = np.asarray(condition, dtype=bool)
    return Op(
        "where",
        lambda a, b: np.where(chosen, a, b),
        (lambda y, a, b: chosen.astype(plain(y).dtype), lambda y, a, b: (~chosen).astype(plain(y).dtype)),
        origin=(where, condition),
    )


ops.TABLE |= {op.name: op for op in (MATMUL, LINEAR, AFFINE)}
