"""What a search is given, checked: vectors, whole numbers, numbers above 0, a function that returns one number."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

from ..notation import number

Function = Callable[[np.ndarray], float]
Vector = np.ndarray | list[float] | tuple[float, ...] | float
Seed = int | np.random.Generator


def one_number(f: Callable[[Any], float], w: Any) -> float:
    value = f(w.copy() if isinstance(w, np.ndarray) else w)  # whatever f does to its argument, the search keeps its own
    try:
        if isinstance(value, np.ndarray) and value.ndim:
            raise TypeError
        return float(value)
    except (TypeError, ValueError):
        shape = f" of shape {value.shape}" if isinstance(value, np.ndarray) else f" {value!r}"
        raise TypeError(f"The function returned a {type(value).__name__}{shape}, but must return one number.") from None


def vector(name: str, value: Vector) -> np.ndarray:
    array = np.array(value, dtype=float, ndmin=1)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        found = f"an array of shape {array.shape}" if array.ndim != 1 or not array.size else written(array)
        raise ValueError(f"{name} is {found}, but must be a vector of finite numbers, as in [0.0, 1.0].")
    return array


def whole(name: str, value: int, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is {value!r}, but must be a whole number of at least {least}: change {name}.")
    return int(value)


def positive(name: str, value: float) -> float:
    if not 0 < value < inf:
        raise ValueError(f"{name} is {value}, but must be above 0 and finite: change {name}.")
    return float(value)


def written(x: np.ndarray) -> str:
    """One number as it is, a short vector as (1, −2), a long one by its first three numbers and its length."""
    if x.size == 1:
        return number(x[0])
    more = f", … {x.size} numbers" if x.size > 3 else ""
    return f"({', '.join(map(number, x[:3]))}{more})"
