"""What a Value and a Tensor have in common: they remember how they were computed. And the order to walk through it.

Nothing here knows a derivative. A leaf was given its data; every other node has an `op` and `inputs`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from itertools import count
from operator import attrgetter
from typing import Any

from .ops import ABS, FUNCTIONS, NEG, Op

now = count().__next__
"""The time, in nodes that came to be: every node is born at one, and given new data at later ones."""


class Node:
    """Data, the operation that made them from the data of other nodes, and the gradient of a result in them."""

    __slots__ = ("_data", "grad", "op", "inputs", "label", "constant", "born", "version", "__weakref__")
    __array_ufunc__ = None  # let `np.float64(2) * value` and `array + tensor` reach our operators

    no_gradient: Any = None  # what `grad` is before any backward pass

    def __init__(self, data: Any, label: str = "") -> None:
        self._data, self.grad = self.coerce(data), self.no_gradient
        self.op: Op | None = None
        self.inputs: tuple[Node, ...] = ()
        self.label, self.constant = str(label), False
        self.born = self.version = now()

    @property
    def data(self) -> Any:
        """The number or array itself. Only a leaf may be given a new one: the others are computed.

        `w.data -= …` is an assignment, too; what is written into an array behind our back is not noticed.
        """
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self.op:
            raise AttributeError(
                f"This {type(self).__name__} was computed by {self.op.name!r}, so its data cannot be set; "
                "change the leaves it was computed from and compute it again."
            )
        if data is not self._data:
            self._data = self.coerce(data)
        self.version = now()

    def zero_grad(self) -> None:
        """Forget the gradient, so that the next backward pass starts afresh."""
        self.grad = self.no_gradient

    def __neg__(self) -> Any:
        return self.record(NEG, self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self.record(ABS, self)

    def __reduce__(self) -> tuple:
        """As a list with a line for each node, after those it needs: a chain of any length is pickled and copied.

        Other leaves are in the list as themselves, so that they stay the same node in all that is stored together.
        """
        order = outputs_first(self)[::-1]
        place = {node: i for i, node in enumerate(order)}
        lines = [
            (node.op, [place[x] for x in node.inputs], node._data, node.grad, node.label, node.constant)
            if node.op or node.constant or node is self
            else node
            for node in order
        ]
        return restored, (type(self), lines)


def restored(kind: type[Node], lines: list) -> Node:
    """The last of the nodes on these lines (see `Node.__reduce__`), all of them born now."""
    nodes: list[Node] = []
    for line in lines:
        if isinstance(line, tuple):
            op, places, data, grad, label, constant = line
            own = data if op else kind.coerce(data)  # a leaf may be changed in place
            line = made(kind, op, tuple([nodes[i] for i in places]), own, grad, constant)
            line.label = label
        nodes.append(line)
    return nodes[-1]


_new = object.__new__


def made(kind: type[Node], op: Op | None, inputs: tuple, data: Any, grad: Any, constant: bool) -> Any:
    """A node without the checks of its constructor: a result, or a constant."""
    node = _new(kind)
    node._data, node.grad, node.op, node.inputs = data, grad, op, inputs
    node.label, node.constant = "", constant
    node.born = node.version = now()
    return node


def both_sides(op: Op, operate: Callable) -> tuple[Callable, Callable]:
    """The two methods of a sign: `x + 2` calls x.__add__(2), and `2 + x`, since 2 cannot add it, x.__radd__(2)."""

    def reflected(b: Node, a: Any) -> Any:
        return operate(a, b)

    operate.__doc__ = reflected.__doc__ = f"`a {op.symbol} b`, as a new node."
    return operate, reflected


def _method(op: Op) -> Any:
    def method(self: Node, *others: Any) -> Node:
        return self.record(op, self, *others)

    method.__name__, method.__doc__ = op.name, f"`{op.name}` of this, as a new node."
    return method


for _op in FUNCTIONS.values():  # x.exp(), x.tanh(), …: one declaration in the table is enough
    setattr(Node, _op.name, _method(_op))


# ---- order --------------------------------------------------------------------------------------


def outputs_first(output: Any) -> list:
    """Every node that `output` depends on, each one after all the nodes that use it.

    A result is always made after its operands, so the order in which nodes were `born` is a topological
    order: it is enough to collect the nodes, each once, and to sort them. Nothing here is recursive, so a
    chain of any length will do.

    >>> from backproplab import Value
    >>> x = Value(3.0); y = x * x; z = y + x
    >>> [node is wanted for node, wanted in zip(outputs_first(z), (z, y, x))]
    [True, True, True]
    """
    found, stack = {output}, [output]
    while stack:
        for x in stack.pop().inputs:
            if x not in found:
                found.add(x)
                stack.append(x)
    return sorted(found, key=attrgetter("born"), reverse=True)


def refuse_cycles(nodes: Iterable) -> None:
    """Raise a ValueError if a node, changed by hand, depends on one that was made after it."""
    for node in nodes:
        if any(x.born >= node.born for x in node.inputs):
            raise ValueError(
                f"The inputs of {node.op.name!r} were changed by hand into a cycle or into later results; "
                "a graph is computed from its inputs on, so compute it again instead."
            )


def refuse_stale(nodes: Iterable) -> None:
    """Raise a RuntimeError if an input was given new data after a result had been computed from it."""
    for node in nodes:
        computed = node.version
        for x in node.inputs:
            if x.version >= computed:
                refuse_cycles((node,))
                raise RuntimeError(
                    f"{called(x)} was given new data after {node.op.name!r} had been computed from it, "
                    "so the gradients would be those of another point; compute the result again first."
                )


def called(node: Any) -> str:
    """How a message calls the node."""
    return node.label or f"a {type(node).__name__}"


def backward_order(output: Any) -> list:
    """The nodes for a backward pass, `outputs_first`: refused if stale, with a warning if a gradient is spent."""
    order = outputs_first(output)
    refuse_stale(order)
    for leaf in order:
        if not leaf.op and leaf.spent:
            warnings.warn(
                f"{called(leaf)} still holds the gradient of an earlier step, and the new one is added to it; "
                "call zero_grad() before backward().",
                stacklevel=3,
            )
            break
    return order
