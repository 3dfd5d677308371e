"""A number that remembers where it came from."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from numbers import Real
from typing import Any

from . import ops
from .node import Node, backward_order, both_sides, made, now
from .ops import Op, influence, no_influence, one


def to_float(data: Any) -> float:
    """One number as a float; anything else is refused with a TypeError.

    >>> to_float(3)
    3.0
    >>> to_float("3")
    Traceback (most recent call last):
    ...
    TypeError: A Value holds one real number; got '3' (str).
    """
    if type(data) is float:
        return data
    shape, kind = getattr(data, "shape", None), getattr(getattr(data, "dtype", None), "kind", "f")
    if isinstance(data, (Real, Value)) or (shape == () and kind in "biuf" and not hasattr(data, "record")):
        try:
            return float(data)
        except OverflowError:
            raise ValueError("A Value holds a number up to about 1.8e308; got a larger one.") from None
    if shape:
        raise TypeError(f"A Value holds one real number; got an array of shape {tuple(shape)}.")
    raise TypeError(f"A Value holds one real number; got {data!r} ({type(data).__name__}).")


def _sign(op: Op) -> tuple[Callable, Callable]:
    """The methods `a + b` and `2 + b` of a sign, here for `op`."""

    def operate(a: Any, b: Any) -> Value:
        try:
            if not isinstance(a, Value):
                a = constant(a)
            if not isinstance(b, Value):
                b = constant(b)
        except TypeError:
            return NotImplemented  # let the other operand try; Python's own TypeError otherwise
        return made(Value, op, (a, b), op.evaluate(a._data, b._data), 0.0, a.constant and b.constant)

    return both_sides(op, operate)


class Spent(float):
    """A gradient that an optimiser has used. What is added to it is an ordinary float again."""


class Value(Node):
    """A float, the operation that made it, and the gradient of whatever `backward()` was called on.

    `data` is a float, `grad` the derivative ∂(output)/∂(this), both without units. Values are compared by
    size with `<`, but are equal only if they are the same node. Integers and NumPy scalars become floats;
    text, complex numbers and arrays are refused with a TypeError.

    >>> x = Value(1.0, "x")
    >>> y = (4 * x + 1) ** 2
    >>> y.backward()
    >>> y, x
    (Value(25, grad=1), Value(1, grad=40, label='x'))
    """

    __slots__ = ()

    no_gradient = 0.0
    coerce = staticmethod(to_float)

    __add__, __radd__ = _sign(ops.ADD)
    __sub__, __rsub__ = _sign(ops.SUB)
    __mul__, __rmul__ = _sign(ops.MUL)
    __truediv__, __rtruediv__ = _sign(ops.DIV)
    __pow__, __rpow__ = _sign(ops.POW)

    @staticmethod
    def record(op: Op, *inputs: Any) -> Value:
        """The result of `op` as a new node that remembers its inputs; plain numbers become constants."""
        if op.arity not in (None, len(inputs)):
            raise TypeError(f"{op.name} takes {op.arity} input{'s' * (op.arity > 1)}; got {len(inputs)}.")
        for x in inputs:
            if not isinstance(x, Value):
                inputs = tuple(map(as_value, inputs))
                break
        fixed = inputs[0].constant and all([x.constant for x in inputs])
        return made(Value, op, inputs, op.evaluate(*[x._data for x in inputs]), 0.0, fixed)

    def renew(self, data: float) -> None:
        """Take the result of a new forward pass (see `Graph.forward`), inputs before results."""
        if any(x.version > self.version for x in self.inputs) or not (self.inputs or data == self._data):
            self.version = now()
        self._data, self.grad = data, 0.0

    @property
    def spent(self) -> bool:
        """Whether an optimiser has used this gradient since it was last set to 0."""
        return type(self.grad) is Spent

    def spend(self) -> None:
        """Note that an optimiser has used this gradient."""
        self.grad = Spent(self.grad)

    def backward(self, seed: float = 1.0, *, keep: bool = True) -> None:
        """Set `.grad` of every node below to the derivative of this one (times `seed`) with respect to it.

        The chain rule, one edge at a time, outputs first: multiply along a path, add over paths
        (Linnainmaa 1970). Gradients of inner nodes start afresh; those of leaves keep adding up until you set
        them to 0. Raises a RuntimeError if a leaf has changed since this was computed. `keep` is there for the
        sake of Tensor: inner Values keep their gradient in any case.
        """
        order = backward_order(self)
        for node in order:
            if node.op:
                node.grad = 0.0
        self.grad += to_float(seed)
        for node in order:
            g, y, op, inputs = node.grad, node._data, node.op, node.inputs
            if op is None or node.constant or (g == 0.0 and y == y):
                continue  # no influence, so nothing to pass on: 0 × an infinite slope must not become nan
            data = [x._data for x in inputs]
            if op.arity is None:
                for x, slope in zip(inputs, op.slopes(y, *data)):
                    if not x.constant:
                        step = g * slope
                        x.grad += step if step == step else influence(g, slope, y)
            else:
                for x, slope in zip(inputs, op.slopes):
                    if not x.constant:
                        step = g if slope is one else g * slope(y, *data)
                        x.grad += step if step == step else influence(g, slope(y, *data), y)

    def pull(self, g: Value, among: Container) -> list[tuple[Value, Value]]:
        """The same step on Values: each input among these, with the gradient that `g` sends back to it."""
        op, inputs = self.op, self.inputs
        slopes = op.slopes_towards([x in among for x in inputs], self._data, [x._data for x in inputs])
        moved = [slope is not None and not no_influence(g._data, slope) for slope in slopes]
        slopes = op.slopes_towards(moved, self, inputs)
        return [(x, g * slope) for x, slope, moves in zip(inputs, slopes, moved) if moves]

    # ---- what a Graph asks ------------------------------------------------------------------

    def fit(self, data: Any) -> float:
        """New data for this leaf."""
        return to_float(data)

    def recompute(self, *inputs: float) -> float:
        """What this node's operation makes of other inputs."""
        return self.op.evaluate(*inputs)

    def slope(self, port: int) -> float:
        """The local derivative ∂(this)/∂(input number `port`)."""
        return self.op.slope(port, self._data, tuple([x._data for x in self.inputs]))

    def send(self, g: float) -> list[tuple[int, float]]:
        """What a gradient `g` of this node contributes to each input that can move, with the input's number."""
        y = self._data
        return [(port, influence(g, self.slope(port), y)) for port, x in enumerate(self.inputs) if not x.constant]

    # ---- a number among numbers -------------------------------------------------------------

    def __float__(self) -> float:
        return self._data

    def __bool__(self) -> bool:
        return self._data != 0.0

    def __lt__(self, other: Any) -> bool:
        return self._data < float(other)

    def __le__(self, other: Any) -> bool:
        return self._data <= float(other)

    def __gt__(self, other: Any) -> bool:
        return self._data > float(other)

    def __ge__(self, other: Any) -> bool:
        return self._data >= float(other)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value({self._data:.6g}, grad={self.grad:.6g}{label})"


def as_value(x: Any) -> Value:
    """A Value as it is; any other number as a constant."""
    return x if isinstance(x, Value) else constant(x)


def constant(data: float, label: str = "") -> Value:
    """A node for a plain number: drawn in the graph, but without a gradient."""
    node = made(Value, None, (), to_float(data), 0.0, True)
    node.label = label
    return node


def dot(ws: Iterable[Any], xs: Iterable[Any], b: Any = 0) -> Value:
    """Σ wᵢ·xᵢ + b as a single node: a neuron's weighted sum. `ws` and `xs` have the same length.

    >>> w, x = Value(2.0), Value(3.0)
    >>> y = dot([w, 5.0], [x, 1.0], b=Value(0.5))
    >>> y.backward()
    >>> y.data, w.grad, x.grad
    (11.5, 3.0, 2.0)
    """
    ws, xs = list(ws), list(xs)
    if len(ws) != len(xs):
        raise ValueError(f"dot needs as many weights as inputs; got {len(ws)} weights and {len(xs)} inputs.")
    bias = [] if not isinstance(b, Value) and b == 0 else [b]
    if not ws:
        return b if isinstance(b, Value) else constant(b)
    return Value.record(ops.DOT, *ws, *xs, *bias)


def sum(values: Iterable[Any]) -> Value:
    """The sum of any number of Values as a single node (Python's own `sum` makes a chain of additions).

    >>> sum([Value(1.0), Value(2.0), 3]).data
    6.0
    """
    values = list(values)
    return Value.record(ops.SUM, *values) if values else constant(0.0)
