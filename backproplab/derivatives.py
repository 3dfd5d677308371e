"""Derivatives of any shape and order, by the rules that the engine uses: backward and forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .check import basis, check_gradient  # noqa: F401 (the check is to be found here as well)
from .node import outputs_first, refuse_stale
from .tensor import Tensor, as_tensor, seed_of, to_array
from .value import Value, constant

Node = Value | Tensor


def gradient(y: Node, xs: Node | Sequence[Node]) -> Any:
    """∂y/∂x for each x, as Values or Tensors that can be differentiated again.

    `y` is a Value, or a Tensor with one entry. The rules are run on nodes instead of numbers, so that the
    gradient is itself a graph. An x on which y does not depend gets 0. Gradients stored in `.grad` stay.

    >>> x = Value(2.0)
    >>> slope = gradient(x**3, x)
    >>> slope.data, gradient(slope, x).data
    (12.0, 12.0)
    """
    wanted = [xs] if isinstance(xs, Node) else list(xs)
    if isinstance(y, Tensor) and y.size != 1:
        raise ValueError(f"gradient needs a single number to differentiate; got shape {y.shape}: see jacobian and vjp.")
    found = _pulled(y, _like(y, 1.0), wanted)
    gradients = [found[x] if x in found else _like(x, 0.0) for x in wanted]
    return gradients[0] if isinstance(xs, Node) else gradients


def _pulled(y: Node, seed: Any, xs: Sequence[Node]) -> dict[Node, Any]:
    """What `seed`, the gradient of y, becomes on its way back to `xs`; nothing is stored in any node."""
    order = outputs_first(y)
    refuse_stale(order)
    matters = _depending_on(xs, order)
    found = {y: seed}
    with np.errstate(all="ignore"):  # a slope may be infinite
        for node in order:
            if node.op and node in found:
                for x, step in node.pull(found[node], matters):
                    found[x] = found[x] + step if x in found else step
    return found


def _depending_on(xs: Sequence[Node], order: Sequence[Node]) -> set[Node]:
    """The nodes that change when one of `xs` does; the others need no gradient."""
    matters = set(xs)
    for node in reversed(order):
        if any(x in matters for x in node.inputs):
            matters.add(node)
    return matters


def _like(x: Node, number: float) -> Node:
    return constant(number) if isinstance(x, Value) else as_tensor(np.full_like(x.data, number))


def vjp(f: Callable[[Tensor], Tensor], x: Any) -> tuple[Tensor, Callable[[Any], np.ndarray]]:
    """y = f(x) and the function v ↦ vᵀJ, one backward pass per call: reverse mode.

    `v` has the shape of y, and the result that of x. Gradients stored in `.grad` stay, also those of what else f uses.

    >>> y, pullback = vjp(lambda x: x * x, [1.0, 2.0])
    >>> pullback([1.0, 10.0])
    array([ 2., 40.])
    """
    x = _variable(x)
    y = f(x)

    def pullback(v: Any) -> np.ndarray:
        found = _pulled(y, seed_of(y, v), [x])
        return np.array(found[x]) if x in found else np.zeros_like(x.data)

    return y, pullback


def jvp(f: Callable[[Tensor], Tensor], x: Any, v: Any) -> tuple[Tensor, np.ndarray]:
    """y = f(x) and Jv, in one pass from the inputs to the output: forward mode.

    `v` has the shape of x, and the tangent that of y. No difference quotient is involved: every operation
    pushes the tangents of its inputs forward by its own rule.

    >>> y, tangent = jvp(lambda x: x * x, [1.0, 2.0], [1.0, 0.0])
    >>> tangent
    array([2., 0.])
    """
    x = _variable(x)
    y = f(x)
    return y, _push(y, x, v)


def _push(y: Tensor, x: Tensor, v: Any) -> np.ndarray:
    v = to_array(v).astype(x.dtype)
    if v.shape != x.shape:
        raise ValueError(f"jvp needs a direction of x's shape {x.shape}; got {v.shape}.")
    tangents = {x: v}
    for node in reversed(outputs_first(y)):
        if any(input in tangents for input in node.inputs):
            tangents[node] = node.push([tangents.get(input) for input in node.inputs])
    return np.array(tangents[y]) if y in tangents else np.zeros_like(y.data)


def jacobian(f: Callable[[Tensor], Tensor], x: Any, mode: str = "") -> np.ndarray:
    """∂f_i/∂x_j as an array of shape `f(x).shape + x.shape`.

    `mode` "reverse" makes one backward pass per entry of f, "forward" one forward pass per entry of x; the
    cheaper of the two is taken if it is not given.

    >>> jacobian(lambda x: x.softmax(), [0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    if mode not in ("", "reverse", "forward"):
        raise ValueError(f'jacobian has the modes "reverse" and "forward"; got {mode!r}.')
    x = _variable(x)
    y, pullback = vjp(f, x)
    if mode == "reverse" or (not mode and y.size <= x.size):
        rows = [pullback(e) for e in basis(y.shape)]
        return np.array(rows).reshape(y.shape + x.shape)
    columns = [_push(y, x, e) for e in basis(x.shape)]
    return np.moveaxis(np.array(columns).reshape(x.shape + y.shape), range(x.ndim), range(-x.ndim, 0))


def hessian(f: Callable[[Tensor], Tensor], x: Any) -> np.ndarray:
    """∂²f/∂x_i∂x_j of a function with one value, as an array of shape `x.shape + x.shape`.

    >>> hessian(lambda x: (x[0] ** 2) * x[1], [1.0, 3.0])
    array([[6., 2.],
           [2., 0.]])
    """
    return jacobian(lambda x: gradient(f(x), x), x, mode="reverse")


def _variable(x: Any) -> Tensor:
    return x if isinstance(x, Tensor) and not x.constant else Tensor(x)
