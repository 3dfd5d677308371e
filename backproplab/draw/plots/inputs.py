"""What the plots are given, as arrays; what cannot be drawn is refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any

import numpy as np

from ...graph import Graph

# What a function says where it has no value: log(−1), 1/0, exp(1000)
NO_VALUE = (ValueError, ArithmeticError)


def array(what: str, given: Any) -> np.ndarray:
    """Anything made of numbers (lists, arrays, Values, Tensors) as an array of floats."""
    if not isinstance(given, (np.ndarray, np.generic)):
        given = getattr(given, "data", given)  # a Tensor's array, a Value's number
    try:
        found = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be numbers, equally many in every row; got {_short(given)}.") from None
    if not found.size:
        raise ValueError(f"{what} is empty: give at least one number.")
    return found


def finite(what: str, given: Any) -> np.ndarray:
    """As `array`, without nan or infinity."""
    found = array(what, given)
    if not np.isfinite(found).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(found))[0])
        place = first[0] if len(first) == 1 else first
        raise ValueError(f"{what} holds {found[first]} at index {place}, which cannot be drawn: leave it out.")
    return found


def rows(what: str, given: Any, width: int = 2) -> np.ndarray:
    """Finite points or vectors (n, width); a single one may come without its row."""
    found = finite(what, given)
    found = found[None] if found.ndim == 1 else found
    if found.ndim != 2 or found.shape[1] != width:
        raise ValueError(f"{what} must be rows of {width} numbers, shape (n, {width}); got shape {np.shape(given)}.")
    return found


def matrix(what: str, given: Any) -> np.ndarray:
    """A finite matrix; a vector counts as one row."""
    found = finite(what, given)
    if not 1 <= found.ndim <= 2:
        raise ValueError(
            f"{what} must be a matrix with rows and columns; got shape {found.shape}: flatten it to two axes."
        )
    return np.atleast_2d(found)


def series(what: str, given: Any) -> tuple[np.ndarray, np.ndarray]:
    """(xs, ys), or ys alone against 0, 1, 2, …: both of shape (n,). y may have gaps (nan), x may not."""
    if isinstance(given, tuple) and len(given) == 2 and not all(np.ndim(part) == 0 for part in given):
        x, y = finite(f"x of {what}", given[0]), array(f"y of {what}", given[1])
    else:
        y = array(what, given)
        x, y = (y[0], y[1]) if y.ndim == 2 and len(y) == 2 else (np.arange(float(y.size)), y)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"{what} must be as many x as y, each in one row; got shapes {x.shape} and {y.shape}.")
    if not np.isfinite(y).any():
        raise ValueError(f"{what} holds no finite number, so there is nothing to draw.")
    return x, y


def named(what: str, given: Any) -> dict[str, Any]:
    """A mapping from labels to what is to be drawn."""
    if not isinstance(given, Mapping):
        raise TypeError(f'{what} must be given by their labels, as in {{"label": …}}; got {_short(given)}.')
    return dict(given)


def function(what: str, f: Any, names: Sequence[str] = ("x",)) -> Callable[..., float]:
    """A function of as many numbers as there are names, from a callable or a Graph.

    A callable may also take them as one vector; a Graph takes them as its leaves of these names, or as its only leaves.
    Where it has no value, the function that is returned says nan.
    """
    if isinstance(f, Graph):
        return _of_graph(what, f, names)
    if not callable(f):
        raise TypeError(f"{what} must be a function or a Graph; got {_short(f)}.")
    if len(names) == 1 or _takes(f, len(names)):
        return lambda *at: value(f, *at)
    return lambda *at: value(f, np.array(at))


def is_function(f: Any) -> bool:
    return callable(f) or isinstance(f, Graph)


def parameters(f: Any, count: int) -> Sequence[str]:
    """What a function calls its numbers, if it takes so many: the names of its leaves or arguments."""
    if isinstance(f, Graph):
        return list(f.leaves) if len(f.leaves) == count else ()
    return _takes(f, count) if callable(f) else ()


def _takes(f: Any, count: int) -> Sequence[str]:
    try:
        taken = [p for p in signature(f).parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    except ValueError:  # some built-in functions do not say
        return ()
    needed = [p.name for p in taken if p.default is Parameter.empty]
    return needed if len(needed) == count else ()


def _of_graph(what: str, graph: Graph, names: Sequence[str]) -> Callable[..., float]:
    leaves = list(names) if all(name in graph.leaves for name in names) else list(graph.leaves)
    if len(leaves) != len(names):
        known = ", ".join(graph.leaves) or "none"
        raise ValueError(
            f"{what} must have {len(names)} variable(s) to draw it over; its variables are {known}: name yours."
        )

    def f(*at: float) -> float:
        return graph.evaluate(dict(zip(leaves, map(float, at))))[graph.output]

    return lambda *at: value(f, *at)


def value(f: Callable[..., Any], *at: Any) -> float:
    """f there, or nan where it has no value."""
    try:
        return float(f(*at))
    except NO_VALUE:
        return float("nan")


def pair(what: str, given: Any) -> tuple[Any, Any]:
    """(xs, ys), each of them one number or many."""
    try:
        x, y = given
    except (TypeError, ValueError):
        raise TypeError(
            f"{what} must be a pair (x, y) of numbers, or of rows of numbers; got {_short(given)}."
        ) from None
    return x, y


def spots(label: str, at: Any) -> tuple[np.ndarray, np.ndarray]:
    """The (xs, ys) of a mark, both of shape (n,)."""
    x, y = (np.atleast_1d(finite(f"mark “{label}”", part)) for part in pair(f"mark “{label}”", at))
    if x.shape != y.shape or x.ndim > 1:
        raise ValueError(f"mark “{label}” must have as many x as y; got shapes {x.shape} and {y.shape}.")
    return x, y


def one(what: str, given: Any) -> float:
    """One finite number."""
    found = finite(what, given)
    if found.size != 1:
        raise ValueError(f"{what} must be one number; got {found.size} of them.")
    return float(found.item())


def interval(what: str, given: Any) -> tuple[float, float]:
    """Two finite numbers, the lower one first."""
    ends = finite(what, given)
    if ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(f"{what} must be two numbers, the lower one first; got {_short(given)}.")
    return float(ends[0]), float(ends[1])


def _short(given: Any) -> str:
    text = f"{type(given).__name__} {given!r}"
    return text if len(text) <= 60 else text[:59] + "…"
