"""The referee: derivatives by the rules beside derivatives by nudging."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .tensor import Tensor, to_array
from .value import Value

Node = Value | Tensor


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
        entries = [(index, e) for index, e in zip(np.ndindex(point.shape), basis(point.shape))]
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


def basis(shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    """The arrays of this shape with a single 1."""
    for i in np.ndindex(shape):
        e = np.zeros(shape)
        e[i] = 1.0
        yield e
