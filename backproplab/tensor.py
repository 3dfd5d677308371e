"""An array that remembers where it came from: Value's story, told with NumPy."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import numpy as np

from . import array_ops, ops
from .array_ops import Axis, sum_to
from .node import Node, backward_order, both_sides, made, now
from .ops import Op, one

_recording = True


def _sign(op: Op) -> tuple[Callable, Callable]:
    """The methods `a + b` and `2 + b` of a sign, here for `op`."""

    def operate(a: Any, b: Any) -> Tensor:
        for x in (a, b):
            if not isinstance(x, Tensor) and (isinstance(x, str) or hasattr(x, "record")):
                return NotImplemented  # text, or a Value: neither is an array
        return matmul(a, b) if op is array_ops.MATMUL else Tensor.record(op, a, b)

    return both_sides(op, operate)


class Tensor(Node):
    """An array of floats, the operation that made it, and the gradient of whatever `backward()` was called on.

    `data` is a float64 array, or float32 if it was given as such; integers and booleans become float64, and
    objects, text and complex numbers are refused with a TypeError. The array given is copied. `grad` is None
    or an array of the same shape; after `backward()` only leaves keep theirs.

    >>> w = Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> y = (w @ [1.0, -1.0]).sum()
    >>> y.backward()
    >>> w.grad
    array([[ 1., -1.],
           [ 1., -1.]])
    """

    __slots__ = ()

    __add__, __radd__ = _sign(ops.ADD)
    __sub__, __rsub__ = _sign(ops.SUB)
    __mul__, __rmul__ = _sign(ops.MUL)
    __truediv__, __rtruediv__ = _sign(ops.DIV)
    __pow__, __rpow__ = _sign(ops.POW)
    __matmul__, __rmatmul__ = _sign(array_ops.MATMUL)

    @staticmethod
    def coerce(data: Any) -> np.ndarray:
        """What a Tensor makes of the data it is given: a copy (see `to_array`)."""
        return to_array(data).copy()

    shape: tuple[int, ...] = property(attrgetter("_data.shape"))
    ndim: int = property(attrgetter("_data.ndim"))
    size: int = property(attrgetter("_data.size"))
    dtype: np.dtype = property(attrgetter("_data.dtype"))

    @property
    def spent(self) -> bool:
        """Whether an optimiser has used this gradient since it was last set to None."""
        return self.grad is not None and not self.grad.flags.writeable

    def spend(self) -> None:
        """Note that an optimiser has used this gradient: it can be read, but no longer written to."""
        self.grad.flags.writeable = False

    def backward(self, seed: Any = None, *, keep: bool = False) -> None:
        """Set `.grad` of every leaf below to the derivative of this with respect to it, added to what it had.

        Each step is a vector-Jacobian product: `seed`, of this tensor's shape, is the vector, and may be left
        out (1.0) if this is a single number. Raises a ValueError for a seed that is missing or of another
        shape, and a RuntimeError if a leaf has changed since this was computed. With `keep`, inner tensors keep
        their gradient, until the next backward pass (`Graph.backward` does so).
        """
        order = backward_order(self)
        for node in order:
            if node.op:
                node.grad = None
        self._add_gradient(seed_of(self, seed), fresh=False)
        with np.errstate(all="ignore"):  # a slope may be infinite
            for node in order:
                g = node.grad
                if node.op is None or g is None:
                    continue
                for x, step in node.pull(g):
                    x._add_gradient(step, fresh=step is not g and step.base is None)
                if not keep:
                    node.grad = None

    def _add_gradient(self, step: np.ndarray, fresh: bool) -> None:
        if self.grad is not None:
            step = self.grad + step
        elif not fresh and not self.op:  # a leaf keeps its gradient, so it must not be a view of another one
            step = step.copy()
        self.grad = step if self.op or type(step) is np.ndarray else np.asarray(step)  # NumPy's sums may be scalars

    def pull(self, g: Any, among: Container | None = None) -> list[tuple[Tensor, Any]]:
        """Each input that can move (and is `among` these), with the gradient that `g`, this node's, sends back to it.

        Given a Tensor as `g`, the rules run on Tensors, so that the result can be differentiated again.
        """
        op, inputs = self.op, self.inputs
        again = isinstance(g, Tensor)
        y, data = (self, inputs) if again else (self._data, [x._data for x in inputs])
        if callable(op.pulls):
            return [(x, step) for x, step in zip(inputs, op.pulls(g, y, *data)) if not x.constant]
        steps = []
        for x, rule in zip(inputs, op.pulls or op.slopes):
            if x.constant or (among is not None and x not in among):
                continue
            if op.pulls:
                step = rule(g, y, *data)
            elif rule is one:
                step = g
            else:
                step = g * rule(y, *data)
                if op.poles:  # 0 × an infinite slope is no influence, not nan
                    step = where(g._data == 0.0, 0.0, step) if again else np.where(g == 0.0, 0.0, step)
            steps.append((x, sum_to(step, x._data.shape)))
        return steps

    def push(self, tangents: Sequence[Any]) -> np.ndarray:
        """The tangent of this node from those of its inputs (None where an input stands still): forward mode."""
        op, y, data = self.op, self._data, [x._data for x in self.inputs]
        moving = [i for i, tangent in enumerate(tangents) if tangent is not None]
        if op.push:
            return op.push(tangents, y, *data)
        if op.slopes:
            return sum(np.broadcast_to(tangents[i] * op.slopes[i](y, *data), y.shape) for i in moving)
        if op.arity is None:  # linear in all inputs together
            return op.on_arrays(*[np.zeros_like(x) if t is None else t for t, x in zip(tangents, data)])
        return sum(op.on_arrays(*[tangents[i] if j == i else x for j, x in enumerate(data)]) for i in moving)

    # ---- what a Graph asks ------------------------------------------------------------------

    def fit(self, data: Any) -> np.ndarray:
        """New data for this leaf; a ValueError if they have another shape."""
        array = to_array(data).astype(self.dtype)
        if array.shape != self.shape:
            raise ValueError(f"{self.label or 'This Tensor'} has shape {self.shape}; got data of shape {array.shape}.")
        return array

    def recompute(self, *inputs: np.ndarray) -> np.ndarray:
        """What this node's operation makes of other inputs."""
        return np.asarray(self.op.on_arrays(*inputs))

    def slope(self, port: int) -> Any:
        """The local derivatives ∂(this)/∂(input number `port`), entry by entry; None if entries are mixed or moved."""
        if not self.op.slopes:
            return None
        with np.errstate(all="ignore"):
            return self.op.slope(port, self._data, tuple([x._data for x in self.inputs]))

    def send(self, g: np.ndarray) -> list[tuple[int, np.ndarray]]:
        """What a gradient `g` of this node contributes to each input that can move, with the input's number."""
        ports = [port for port, x in enumerate(self.inputs) if not x.constant]
        with np.errstate(all="ignore"):
            return [(port, np.asarray(step)) for port, (_, step) in zip(ports, self.pull(g))]

    # ---- recording --------------------------------------------------------------------------

    @staticmethod
    def record(op: Op, *inputs: Any) -> Tensor:
        """The result of `op` as a new node that remembers its inputs; arrays and numbers become constants."""
        for x in inputs:
            if not isinstance(x, Tensor):
                inputs = tuple([x if isinstance(x, Tensor) else _constant(x, inputs) for x in inputs])
                break
        try:
            data = op.on_arrays(*[x._data for x in inputs])
        except (ValueError, IndexError) as error:
            raise type(error)(_misfit(op, inputs, error)) from None
        if type(data) is not np.ndarray:
            data = np.asarray(data)
        fixed = inputs[0].constant and all([x.constant for x in inputs])
        if fixed or not _recording:
            op, inputs = None, ()
        return made(Tensor, op, inputs, data, None, fixed)

    def renew(self, data: np.ndarray) -> None:
        """Take the result of a new forward pass (see `Graph.forward`), inputs before results."""
        self._data, self.grad, self.version = data, None, now()

    # ---- sums -------------------------------------------------------------------------------

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The sum over one axis, several, or all."""
        return Tensor.record(array_ops.reduce_sum(_axes(axis), keepdims), self)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The mean over one axis, several, or all."""
        return Tensor.record(array_ops.reduce_mean(_axes(axis), keepdims), self)

    def var(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The population variance: the mean squared distance from the mean (divided by N, as NumPy)."""
        return ((self - self.mean(axis, keepdims=True)) ** 2).mean(axis, keepdims)

    def max(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The largest entry over one axis, several, or all; a tie shares the gradient."""
        return Tensor.record(array_ops.reduce_extreme("max", _axes(axis), keepdims), self)

    def min(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The smallest entry over one axis, several, or all; a tie shares the gradient."""
        return Tensor.record(array_ops.reduce_extreme("min", _axes(axis), keepdims), self)

    def prod(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The product over one axis, several, or all; right even where entries are 0.

        The entries are multiplied in pairs, then the results, and so on: nothing is ever divided by an entry.
        """
        kept = array_ops.kept_shape(self.shape, _axes(axis))
        axes = [i for i, (n, k) in enumerate(zip(self.shape, kept)) if n != k or k == 1]
        others = [i for i in range(self.ndim) if i not in axes]
        rest = tuple(self.shape[i] for i in others)
        y = self.transpose(*others, *axes).reshape(*rest, -1)
        while y.shape[-1] > 1:
            half = y.shape[-1] // 2
            pairs = y[..., :half] * y[..., half : 2 * half]
            y = concatenate([pairs, y[..., 2 * half :]], axis=-1) if y.shape[-1] % 2 else pairs
        return y.reshape(kept if keepdims else rest)

    def logsumexp(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """log Σ exp over one axis, several, or all, without overflow."""
        return Tensor.record(array_ops.logsumexp(_axes(axis), keepdims), self)

    def softmax(self, axis: int = -1) -> Tensor:
        """exp divided by its sum: positive entries that add up to 1 along the axis."""
        return self.log_softmax(axis).exp()

    def log_softmax(self, axis: int = -1) -> Tensor:
        """The logarithm of softmax, without computing softmax first (which may be 0)."""
        return self - self.logsumexp(axis, keepdims=True)

    def norm(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """The Euclidean length √Σx² over one axis, several, or all. Its slope at 0 does not exist (nan)."""
        return (self * self).sum(axis, keepdims).sqrt()

    # ---- shapes -----------------------------------------------------------------------------

    def reshape(self, *shape: Any) -> Tensor:
        """The same entries in another shape; one length may be −1."""
        shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], Sequence) else shape
        return Tensor.record(array_ops.reshape(shape), self)

    def transpose(self, *axes: int) -> Tensor:
        """The axes in another order; reversed if none is given."""
        axes = tuple(axes[0]) if len(axes) == 1 and isinstance(axes[0], Sequence) else axes
        order = tuple(i % self.ndim for i in axes) if axes else tuple(reversed(range(self.ndim)))
        return Tensor.record(array_ops.transpose(order), self)

    @property
    def T(self) -> Tensor:
        """The transpose: all axes reversed."""
        return self.transpose()

    def swapaxes(self, first: int, second: int) -> Tensor:
        """Two axes exchanged."""
        axes = list(range(self.ndim))
        axes[first], axes[second] = axes[second], axes[first]
        return self.transpose(*axes)

    def squeeze(self, axis: Axis = None) -> Tensor:
        """Without the given axes of length 1; without all such axes if none is given."""
        return self.reshape(np.squeeze(self._data, axis).shape)

    def expand_dims(self, axis: int | tuple[int, ...]) -> Tensor:
        """With a new axis of length 1 at each given place."""
        return self.reshape(np.expand_dims(self._data, axis).shape)

    def broadcast_to(self, *shape: Any) -> Tensor:
        """Repeated to a larger shape."""
        shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], Sequence) else shape
        return Tensor.record(array_ops.broadcast_to(shape), self)

    def __getitem__(self, key: Any) -> Tensor:
        return Tensor.record(array_ops.index(_plain_key(key)), self)

    def clip(self, low: Any, high: Any) -> Tensor:
        """Every entry moved into [low, high]; an entry exactly on the border passes half of the gradient."""
        return self.maximum(low).minimum(high)

    # ---- an array among arrays --------------------------------------------------------------

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise TypeError(
            "NumPy's functions would forget how a Tensor was computed: use the Tensor's own methods, "
            "or .data for the array without its history."
        )

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return float(self.item())

    def item(self) -> float:
        """The only entry as a float; a ValueError if there are more."""
        if self.size != 1:
            raise ValueError(f"item needs a Tensor with one entry; this one has shape {self.shape}.")
        return self._data.item()

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        numbers = np.array2string(self._data, precision=4, suppress_small=True, separator=", ", prefix="Tensor(")
        return f"Tensor({numbers}, shape={self.shape}{label})"


def matmul(a: Any, b: Any) -> Tensor:
    """a @ b for vectors, matrices and stacks of matrices (stacks broadcast)."""
    a, b = as_tensor(a), as_tensor(b)
    if a.ndim > 1 and b.ndim > 1 and a.shape[-1] == b.shape[-2]:
        return Tensor.record(array_ops.MATMUL, a, b)
    if 0 in (a.ndim, b.ndim) or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
        raise ValueError(
            f"@ cannot multiply shapes {a.shape} and {b.shape}: the last length of the first "
            "must be the first of two lengths of the second."
        )
    left = a.expand_dims(0) if a.ndim == 1 else a
    right = b.expand_dims(1) if b.ndim == 1 else b
    y = Tensor.record(array_ops.MATMUL, left, right)
    shape = y.shape[:-2] + (y.shape[-2:-1] if a.ndim > 1 else ()) + (y.shape[-1:] if b.ndim > 1 else ())
    return y.reshape(shape)


def as_tensor(x: Any) -> Tensor:
    """A Tensor as it is; anything else as a constant."""
    return x if isinstance(x, Tensor) else _constant(x, ())


def _constant(data: Any, others: Sequence[Any]) -> Tensor:
    """A plain array or number in a computation; a Python number takes on the precision of the others."""
    if type(data) in (float, int, bool):
        dtypes = [x._data.dtype for x in others if isinstance(x, Tensor)]
        array = np.array(data, np.result_type(*dtypes) if dtypes else float)
    else:
        array = to_array(data)
    return made(Tensor, None, (), array, None, True)


def to_array(data: Any) -> np.ndarray:
    """Anything array-like as float64, or float32 if it was; everything else is refused with a TypeError.

    >>> to_array([1, 2]).dtype
    dtype('float64')
    >>> to_array(["1", "2"])
    Traceback (most recent call last):
    ...
    TypeError: A Tensor holds real numbers; got an array of str.
    """
    if isinstance(data, Tensor):
        return data._data
    if type(data) is np.ndarray and data.dtype == np.float64:
        return data
    try:
        array = np.asarray(data)
    except (ValueError, TypeError):
        raise TypeError("A Tensor holds real numbers in rows of equal length; got rows that differ.") from None
    if array.dtype.kind not in "fiub":
        kind = {"U": "str", "S": "bytes", "O": "objects", "c": "complex numbers"}.get(array.dtype.kind, array.dtype)
        raise TypeError(f"A Tensor holds real numbers; got an array of {kind}.")
    return array if array.dtype in (np.float64, np.float32) else array.astype(np.float64)


def seed_of(y: Tensor, seed: Any) -> np.ndarray:
    if seed is None:
        if y.size != 1:
            raise ValueError(
                f"backward() needs a seed here: this Tensor has shape {y.shape}, so its derivative is a Jacobian, and "
                "backward computes vᵀJ for a vector v; give v as seed, of the same shape, or sum up first."
            )
        return np.ones(y.shape, y.dtype)
    seed = to_array(seed)
    if seed.shape != y.shape:
        raise ValueError(f"The seed of backward() must have the Tensor's shape {y.shape}; got {seed.shape}.")
    return seed.astype(y.dtype)


def _misfit(op: Op, nodes: tuple[Tensor, ...], error: Exception) -> str:
    shapes = " and ".join(str(x.shape) for x in nodes if not (x.constant and x.ndim == 0))
    return f"{op.symbol} does not fit shape {shapes}: {str(error).splitlines()[0].rstrip('. ')}."


def _axes(axis: Axis) -> Axis:
    return tuple(axis) if isinstance(axis, list) else axis


def _plain_key(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(map(_plain_key, key))
    return key._data.astype(int) if isinstance(key, Tensor) else key


# ---- functions of several tensors ---------------------------------------------------------------


def concatenate(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """Tensors joined along an axis that they have."""
    return Tensor.record(array_ops.concatenate(axis), *map(as_tensor, tensors))


def stack(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """Tensors of one shape joined along a new axis."""
    return concatenate([as_tensor(x).expand_dims(axis) for x in tensors], axis)


def where(condition: Any, a: Any, b: Any) -> Tensor:
    """`a` where the condition holds, `b` elsewhere. The condition is data and has no gradient."""
    chosen = condition._data if isinstance(condition, Tensor) else np.asarray(condition)
    return Tensor.record(array_ops.where(chosen), as_tensor(a), as_tensor(b))


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results are leaves, and cost no more than NumPy.

    >>> w = Tensor([1.0, 2.0])
    >>> with no_grad():
    ...     y = w * 2
    >>> y.inputs
    ()
    """
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        _recording = before
