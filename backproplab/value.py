"""A number that remembers where it came from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from numbers import Real
from typing import Any

from . import ops
from .graph import now, outputs_first, refuse_stale, warn_if_spent
from .ops import Op, influence, one


class Spent(float):
    """A gradient that an optimiser has used. What is added to it is an ordinary float again."""


class Value:
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

    __slots__ = ("_data", "grad", "op", "inputs", "label", "constant", "born", "version", "__weakref__")
    __array_ufunc__ = None  # let `np.float64(2) * value` reach Value.__rmul__

    @staticmethod
    def coerce(data: Any) -> float:
        """What a Value makes of the data it is given (see `to_float`)."""
        return to_float(data)

    def __init__(self, data: float, label: str = "") -> None:
        self._data = to_float(data)
        self.grad = 0.0
        self.op: Op | None = None
        self.inputs: tuple[Value, ...] = ()
        self.label = str(label)
        self.constant = False
        self.born = self.version = now()

    @property
    def data(self) -> float:
        """The number itself. Only a leaf may be given a new one: the others are computed."""
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        if self.op:
            raise AttributeError(
                f"This Value was computed by {self.op.name!r}, so its data cannot be set; "
                "change the values it was computed from and compute it again."
            )
        self._data, self.version = to_float(data), now()

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

    def backward(self) -> None:
        """Set `.grad` of every node below to the derivative of this one with respect to it.

        The chain rule, one edge at a time, outputs first: multiply along a path, add over paths
        (Linnainmaa 1970). Gradients of inner nodes start afresh; those of leaves keep adding up until you set
        them to 0. Raises a RuntimeError if a leaf has changed since this was computed.
        """
        order = outputs_first(self)
        refuse_stale(order)
        warn_if_spent([node for node in order if not node.op])
        for node in order:
            if node.op:
                node.grad = 0.0
        self.grad += 1.0
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

    def pull(self, g: Value, among: Container) -> Iterator[tuple[Value, Value]]:
        """The same step on Values: each input among these, with the gradient that `g` sends back to it."""
        rules = self.op.slopes
        slopes = rules(self, *self.inputs) if callable(rules) else None
        for i, x in enumerate(self.inputs):
            if x in among:
                yield x, g * (slopes[i] if slopes else rules[i](self, *self.inputs))

    # ---- recording --------------------------------------------------------------------------

    @staticmethod
    def record(op: Op, *inputs: Any) -> Value:
        """The result of `op` as a new node that remembers its inputs; plain numbers become constants."""
        if op.arity not in (None, len(inputs)):
            raise TypeError(f"{op.name} takes {op.arity} input{'s' * (op.arity > 1)}; got {len(inputs)}.")
        nodes = tuple([x if isinstance(x, Value) else constant(x) for x in inputs])
        fixed = nodes[0].constant and all([x.constant for x in nodes])
        return _node(op, nodes, op.evaluate(*[x._data for x in nodes]), fixed)

    def __add__(self, other: Any) -> Value:
        return _binary(ops.ADD, self, other)

    def __radd__(self, other: Any) -> Value:
        return _binary(ops.ADD, other, self)

    def __sub__(self, other: Any) -> Value:
        return _binary(ops.SUB, self, other)

    def __rsub__(self, other: Any) -> Value:
        return _binary(ops.SUB, other, self)

    def __mul__(self, other: Any) -> Value:
        return _binary(ops.MUL, self, other)

    def __rmul__(self, other: Any) -> Value:
        return _binary(ops.MUL, other, self)

    def __truediv__(self, other: Any) -> Value:
        return _binary(ops.DIV, self, other)

    def __rtruediv__(self, other: Any) -> Value:
        return _binary(ops.DIV, other, self)

    def __pow__(self, other: Any) -> Value:
        return _binary(ops.POW, self, other)

    def __rpow__(self, other: Any) -> Value:
        return _binary(ops.POW, other, self)

    def __neg__(self) -> Value:
        return Value.record(ops.NEG, self)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return Value.record(ops.ABS, self)

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


def _method(op: Op) -> Any:
    def method(self: Value, *others: Any) -> Value:
        return Value.record(op, self, *others)

    method.__name__, method.__doc__ = op.name, f"`{op.name}` of this Value, as a new Value."
    return method


for _op in ops.FUNCTIONS.values():  # x.exp(), x.tanh(), …: one declaration in ops.py is enough
    setattr(Value, _op.name, _method(_op))


_new = object.__new__


def _node(op: Op | None, inputs: tuple[Value, ...], data: float, fixed: bool) -> Value:
    node = _new(Value)
    node._data, node.grad, node.op, node.inputs = data, 0.0, op, inputs
    node.label, node.constant = "", fixed
    node.born = node.version = now()
    return node


def _binary(op: Op, a: Any, b: Any) -> Value:
    try:
        if not isinstance(a, Value):
            a = constant(a)
        if not isinstance(b, Value):
            b = constant(b)
    except TypeError:
        return NotImplemented  # let the other operand try; Python's own TypeError otherwise
    return _node(op, (a, b), op.evaluate(a._data, b._data), a.constant and b.constant)


def constant(data: float, label: str = "") -> Value:
    """A node for a plain number: drawn in the graph, but without a gradient."""
    node = _node(None, (), to_float(data), True)
    node.label = label
    return node


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
