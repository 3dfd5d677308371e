"""Data sets: points to separate, lines to fit, digits to read, and mini-batches of any of them.

Everything is drawn from `numpy.random.default_rng(seed)`: the same seed gives the same points.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

Points = tuple[np.ndarray, np.ndarray]
Seed = int | np.random.Generator

# ---- points in the plane, to be separated -------------------------------------------------------


def two_moons(n: int = 200, noise: float = 0.1, seed: Seed = 0) -> Points:
    """Two half circles that reach into each other: no line separates them, one bend or two do.

    Returns X (n, 2) and y (n,), float64: n // 2 points of the upper moon (label 0), then those of the lower
    one (label 1). Moons have radius 1; `noise` is the standard deviation added to both coordinates.

    >>> X, y = two_moons(6, noise=0.0)
    >>> X.round(2).tolist()
    [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, 0.5], [1.0, -0.5], [2.0, 0.5]]
    >>> y
    array([0., 0., 0., 1., 1., 1.])
    """
    above, below = (np.linspace(0.0, np.pi, m) for m in _shares(n, 2))
    upper = np.column_stack([np.cos(above), np.sin(above)])
    lower = np.column_stack([1.0 - np.cos(below), 0.5 - np.sin(below)])
    return _labelled([upper, lower], noise, seed)


def circles(n: int = 200, noise: float = 0.1, ratio: float = 0.5, seed: Seed = 0) -> Points:
    """A ring inside a ring: only a closed curve separates them.

    Returns X (n, 2) and y (n,), float64: n // 2 points of the outer ring, of radius 1 (label 0), then those of
    the inner one, of radius `ratio` (label 1). `noise` is the standard deviation added to both coordinates.

    >>> X, y = circles(6, noise=0.0)
    >>> np.hypot(X[:, 0], X[:, 1]).round(2), y
    (array([1. , 1. , 1. , 0.5, 0.5, 0.5]), array([0., 0., 0., 1., 1., 1.]))
    """
    if not 0 < ratio < 1:
        raise ValueError(f"ratio is {ratio}, but the inner ring must lie inside: give a number between 0 and 1.")
    outer, inner = (np.linspace(0.0, 2 * np.pi, m, endpoint=False) for m in _shares(n, 2))
    rings = [np.column_stack([r * np.cos(t), r * np.sin(t)]) for r, t in ((1.0, outer), (ratio, inner))]
    return _labelled(rings, noise, seed)


def spiral(n: int = 200, noise: float = 0.02, arms: int = 2, turns: float = 1.5, seed: Seed = 0) -> Points:
    """Arms wound around each other: hardly better than guessing without bends, and many bends with them.

    Returns X (n, 2) and y (n,), float64: arm after arm, labelled 0, 1, … Each runs from near the centre to
    radius 1 while it winds `turns` times around; `noise` is the standard deviation added to both coordinates.

    >>> X, y = spiral(4, noise=0.0, turns=0.5)
    >>> (X.round(2) + 0.0).tolist(), y.tolist()
    ([[0.0, 0.5], [-1.0, 0.0], [0.0, -0.5], [1.0, 0.0]], [0.0, 0.0, 1.0, 1.0])
    """
    _whole("arms", arms, 1)
    wound = []
    for arm, m in enumerate(_shares(n, arms)):
        radius = np.arange(1, m + 1) / m
        angle = 2 * np.pi * (turns * radius + arm / arms)
        wound.append(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    return _labelled(wound, noise, seed)


def xor(n: int = 4, noise: float = 0.0, seed: Seed = 0) -> Points:
    """The corners of the unit square, labelled 1 where exactly one coordinate is 1.

    Returns X (n, 2) and y (n,), float64; more than four points go round the corners again. `noise` is the
    standard deviation added to both coordinates.

    >>> X, y = xor()
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    """
    _whole("n", n, 1)
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[np.arange(n) % 4]
    return _noisy(corners, noise, seed), (corners[:, 0] != corners[:, 1]).astype(float)


# ---- points about a line, to be fitted ----------------------------------------------------------


def noisy_line(
    n: int = 32,
    slope: float = 1.5,
    intercept: float = -0.5,
    noise: float = 0.5,
    *,
    copies: int = 1,
    fresh: bool = False,
    seed: Seed = 0,
) -> Points:
    """Points about the line y = slope·x + intercept, and a knob for how much they repeat each other.

    Returns x and y, float64, both of shape (n · copies,). x is uniform between −1 and 1, `noise` is the standard
    deviation of y about the line. `copies=R` gives the same n points R times over; with `fresh=True` the
    others are new draws from the same law instead: alike, not equal. The first n points are always the same.

    >>> x, y = noisy_line(2, copies=3)
    >>> x.round(2)
    array([ 0.27, -0.46,  0.27, -0.46,  0.27, -0.46])
    >>> noisy_line(2, copies=3, fresh=True)[0].round(2)
    array([ 0.27, -0.46,  0.63,  0.83,  0.09,  0.87])
    """
    _whole("n", n, 1)
    _whole("copies", copies, 1)
    _spread(noise)
    rng = _generator(seed)

    def draw() -> np.ndarray:
        x = rng.uniform(-1.0, 1.0, n)
        return np.stack([x, slope * x + intercept + noise * rng.standard_normal(n)])

    x, y = np.hstack([draw() for _ in range(copies)]) if fresh else np.tile(draw(), copies)
    return x, y


def thirty_two(copies: int = 1) -> Points:
    """The "thirty-two opinions": `noisy_line(32, seed=0)` to two decimals, so small that it can be printed.

    Returns x and y, float64, both of shape (32 · copies,). They are written out here, so that pages that
    compute in the browser use the very same points.

    >>> x, y = thirty_two()
    >>> w, b = np.polyfit(x, y, 1)
    >>> f"w = {w:.4f}, b = {b:.4f}, mean ½r² = {np.mean((w * x + b - y) ** 2) / 2:.4f}"
    'w = 1.4625, b = -0.3549, mean ½r² = 0.1163'
    """
    _whole("copies", copies, 1)
    return np.tile(_X32, copies), np.tile(_Y32, copies)


_X32 = np.array([
    0.27, -0.46, -0.92, -0.97, 0.63, 0.83, 0.21, 0.46, 0.09, 0.87, 0.63, -0.99, 0.71, -0.93, 0.46, -0.65,
    0.73, 0.08, -0.40, -0.15, -0.94, -0.75, 0.34, 0.29, 0.23, -0.23, 0.99, 0.96, 0.37, 0.30, 0.38, -0.22,
])  # fmt: skip
_Y32 = np.array([
    -0.17, -0.92, -1.77, -1.77, 0.11, 0.67, 0.21, 0.94, -1.00, 1.56, 1.12, -1.60, 0.70, -2.06, 0.92, -0.49,
    1.49, 0.28, -0.92, -1.34, -1.92, -1.30, -0.63, 0.14, 0.06, -0.50, 0.40, 0.61, -0.16, -0.63, 0.94, -1.08,
])  # fmt: skip

# ---- handwritten digits -------------------------------------------------------------------------


class Split(NamedTuple):
    """Examples to learn from, and examples that were held out; each x has a row per example."""

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


def digits(split: str = "random") -> Split:
    """1,797 real handwritten digits of 8×8 pixels, 1,437 to learn from and 360 held out.

    Images are float64 of shape (N, 64), row by row, from 0 (paper) to 1 (ink); labels are integers (N,), 0 to 9.
    `split="random"` mixes all writers (one fixed permutation). `split="unshuffled"` holds out the last 360
    images: they come writer after writer, so this is nearer to the question whether *new* writers can be read,
    and everything scores lower. Any other word is a ValueError.

    "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning
    Repository, doi 10.24432/C50P49, licence CC BY 4.0; its test part, taken over from scikit-learn's copy.
    The same attribution lies beside the images, as `about` in digits.npz.

    >>> train_x, train_y, test_x, test_y = digits()
    >>> train_x.shape, test_x.shape
    ((1437, 64), (360, 64))
    >>> for row in digits("unshuffled").train_x[0].reshape(8, 8):
    ...     print("".join(".:oO@"[round(4 * ink)] for ink in row))
    ..:Oo...
    ..O@o@:.
    .:@..Oo.
    .:O..oo.
    .:o..oo.
    .:O..Oo.
    ..@:oO..
    ..oOo...
    """
    if split not in ("random", "unshuffled"):
        raise ValueError(f'There is no split called {split!r}; choose "random" or "unshuffled".')
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as file:
        x, y = file["images"].reshape(-1, 64) / 16.0, file["labels"].astype(int)
        if split == "random":  # stored, because NumPy does not promise that a seed shuffles alike for ever
            x, y = x[file["order"]], y[file["order"]]
    return Split(x[:1437], y[:1437], x[1437:], y[1437:])


# ---- mini-batches -------------------------------------------------------------------------------


class Batches:
    """Mini-batches to loop over, epoch after epoch; made by `batches`."""

    def __init__(self, x: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator, replace: bool) -> None:
        self.x, self.y, self.size, self.replace = x, y, size, replace
        self._rng = rng

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return -(-len(self.x) // self.size)

    def __iter__(self) -> Iterator[Points]:
        """One epoch: the pairs (x of the batch, y of the batch), in a new order."""
        n = len(self.x)
        rows = self._rng.integers(n, size=n) if self.replace else self._rng.permutation(n)
        for start in range(0, n, self.size):
            batch = rows[start : start + self.size]
            yield self.x[batch], self.y[batch]

    def __repr__(self) -> str:
        how = "drawn with replacement" if self.replace else "reshuffled each epoch"
        return f"Batches of {self.size} from {len(self.x)} examples, {len(self)} an epoch, {how}"


def batches(x: np.ndarray, y: np.ndarray, size: int, seed: Seed = 0, *, replace: bool = False) -> Batches:
    """Mini-batches of `size` examples: each `for` over them is one epoch, in an order of its own.

    x and y have one row per example, y of any shape (P, …). An epoch without replacement shows each example
    once; if `size` does not divide P, the last batch is short, so weigh means over batches by their sizes.
    With `replace=True` every example is drawn from all P, as the theory of the noise assumes, and some come twice
    in an epoch, others never. Make the batches once, *before* the loop over epochs: made anew inside it with
    the same seed, every epoch would have the same order.

    >>> x, y = np.arange(5.0), np.arange(5.0) ** 2
    >>> loop = batches(x, y, 2)
    >>> loop
    Batches of 2 from 5 examples, 3 an epoch, reshuffled each epoch
    >>> [len(xb) for xb, yb in loop]
    [2, 2, 1]
    """
    x, y = np.asarray(x), np.asarray(y)
    if not x.ndim or not y.ndim or len(x) != len(y):
        raise ValueError(f"x of shape {x.shape} and y of shape {y.shape} do not pair up: give both a row per example.")
    _whole("size", size, 1)
    if size > len(x):
        raise ValueError(f"size is {size}, but there are {len(x)} examples: give at most {len(x)}, the full batch.")
    return Batches(x, y, size, _generator(seed), replace)


# ---- checks and helpers -------------------------------------------------------------------------


def _labelled(groups: list[np.ndarray], noise: float, seed: Seed) -> Points:
    """All groups as one array, and the number of each point's group as its label."""
    labels = np.repeat(np.arange(len(groups), dtype=float), [len(group) for group in groups])
    return _noisy(np.concatenate(groups), noise, seed), labels


def _noisy(points: np.ndarray, noise: float, seed: Seed) -> np.ndarray:
    _spread(noise)
    return points + noise * _generator(seed).standard_normal(points.shape)


def _shares(n: int, groups: int) -> list[int]:
    """n points over the groups, as evenly as it goes, later groups taking what is left over."""
    _whole("n", n, groups)
    return [n * (i + 1) // groups - n * i // groups for i in range(groups)]


def _whole(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is {value!r}, but must be a whole number of at least {least}: change {name}.")


def _spread(noise: float) -> None:
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise is {noise}, but a standard deviation is at least 0: give such a number.")


def _generator(seed: Seed) -> np.random.Generator:
    """A generator for the seed; one that is given is used as it is, and so goes on where it stands."""
    if seed is None:
        raise ValueError("seed is None, but every data set here can be drawn again: give a whole number, as in seed=0.")
    return np.random.default_rng(seed)
