"""Derivatives of any shape and order, by the rules that the engine uses: backward, forward, and checked by nudging."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .graph import outputs_first, refuse_stale
from .tensor import Tensor, as_tensor, to_array
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
    order = outputs_first(y)
    refuse_stale(order)
    matters = _depending_on(wanted, order)
    found: dict[Node, Node] = {y: _like(y, 1.0)}
    for node in order:
        if node.op and node in found:
            for x, step in node.pull(found[node], matters):
                found[x] = found[x] + step if x in found else step
    gradients = [found[x] if x in found else _like(x, 0.0) for x in wanted]
    return gradients[0] if isinstance(xs, Node) else gradients


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

    `v` has the shape of y, and the result that of x.

    >>> y, pullback = vjp(lambda x: x * x, [1.0, 2.0])
    >>> pullback([1.0, 10.0])
    array([ 2., 40.])
    """
    x = _variable(x)
    y = f(x)

    def pullback(v: Any) -> np.ndarray:
        x.grad = None
        y.backward(v)
        found, x.grad = x.grad, None
        return np.zeros_like(x.data) if found is None else found

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
        rows = [pullback(e) for e in _basis(y.shape)]
        return np.array(rows).reshape(y.shape + x.shape)
    columns = [_push(y, x, e) for e in _basis(x.shape)]
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


def _basis(shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    """The arrays of this shape with a single 1."""
    for i in np.ndindex(shape):
        e = np.zeros(shape)
        e[i] = 1.0
        yield e


# ---- checked by nudging ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """One derivative found in two ways: for an entry of an argument, or along a random direction."""

    argument: int
    entry: tuple[int, ...] | None  # None: along a random direction
    analytic: float
    numeric: float
    kink: bool

    @property
    def error(self) -> float:
        """The difference, relative to the larger of the two (or to 1, if both are smaller)."""
        return abs(self.analytic - self.numeric) / max(1.0, abs(self.analytic), abs(self.numeric))

    def __str__(self) -> str:
        where = "a random direction" if self.entry is None else f"entry {self.entry}"
        kink = "; there is a kink here, so no slope can be right" if self.kink else ""
        return (
            f"argument {self.argument}, {where}: analytic {self.analytic:.6g}, numeric {self.numeric:.6g}, "
            f"relative error {self.error:.1e}{kink}"
        )


@dataclass(frozen=True, slots=True, repr=False)
class GradientCheck:
    """What `check_gradient` found. True if every derivative agrees, kinks left out."""

    comparisons: tuple[Comparison, ...]
    tolerance: float

    @property
    def wrong(self) -> list[Comparison]:
        """The comparisons that disagree although there is no kink, worst first."""
        found = [c for c in self.comparisons if not c.kink and not c.error <= self.tolerance]
        return sorted(found, key=lambda c: -c.error)

    @property
    def kinks(self) -> list[Comparison]:
        """The comparisons made at a kink, where a difference quotient proves nothing."""
        return [c for c in self.comparisons if c.kink]

    def __bool__(self) -> bool:
        return not self.wrong

    def __repr__(self) -> str:
        lines = [f"{len(self.comparisons)} derivatives compared, {len(self.wrong)} wrong, {len(self.kinks)} at kinks"]
        return "\n  ".join([*lines, *map(str, self.wrong[:10]), *map(str, self.kinks[:3])])


def check_gradient(f: Callable[..., Node], *arguments: Any, tolerance: float = 1e-6, seed: int = 0) -> GradientCheck:
    """Compare the gradient of f by the rules with central differences, per entry and in random directions.

    Arguments are array-like and become Tensors, or Values if they are Values. If f returns several numbers,
    a fixed random combination of them is checked. Where the slopes on the two sides differ, the point is
    reported as a kink and not counted as wrong.

    >>> check_gradient(lambda x: (x * x).sum(), [1.0, 2.0])
    5 derivatives compared, 0 wrong, 0 at kinks
    """
    random = np.random.default_rng(seed)
    points = [x.data if isinstance(x, Node) else to_array(x) for x in arguments]
    points = [np.array(point, dtype=float) for point in points]
    kinds = [Value if isinstance(x, Value) else Tensor for x in arguments]
    nodes = [kind(point) for kind, point in zip(kinds, points)]
    output = f(*nodes)
    weights = random.normal(size=np.shape(output.data))
    _backward(output, weights)
    found = [np.zeros_like(p) if node.grad is None else np.asarray(node.grad) for node, p in zip(nodes, points)]

    def at(*points: np.ndarray) -> float:
        return float(np.sum(weights * f(*[kind(p) for kind, p in zip(kinds, points)]).data))

    comparisons = []
    for i, point in enumerate(points):
        entries = [(index, e) for index, e in zip(np.ndindex(point.shape), _basis(point.shape))]
        directions = [(None, random.normal(size=point.shape)) for _ in range(3)] if point.ndim else []
        for entry, direction in entries + directions:
            numeric, kink = _nudged(lambda p: at(*points[:i], p, *points[i + 1 :]), point, direction)
            analytic = float(np.sum(found[i] * direction))
            comparisons.append(Comparison(i, entry, analytic, numeric, kink))
    return GradientCheck(tuple(comparisons), tolerance)


def _backward(output: Node, weights: np.ndarray) -> None:
    if isinstance(output, Value):
        (output * float(weights)).backward()
    else:
        output.backward(weights)


def _nudged(f: Callable[[np.ndarray], float], x: np.ndarray, direction: np.ndarray) -> tuple[float, bool]:
    """The slope of f along a direction by central differences, and whether there is a kink.

    The step balances truncation h² with rounding ε/h. At a smooth point the slopes on both sides differ by
    a multiple of h; at a kink they differ whatever h is, so a smaller h tells the two apart.
    """
    h = 6e-6 * max(1.0, float(np.max(np.abs(x), initial=0.0)))
    here = f(x)

    def sides(h: float) -> tuple[float, float]:
        return (f(x + h * direction) - here) / h, (here - f(x - h * direction)) / h

    right, left = sides(h)
    near_right, near_left = sides(h / 8)
    scale = max(1.0, abs(right), abs(left))
    jump, near_jump = abs(right - left), abs(near_right - near_left)
    return (right + left) / 2, jump > 1e-3 * scale and near_jump > 0.5 * jump
