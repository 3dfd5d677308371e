"""Functions of two numbers: landscapes with the paths on them, and what a classifier says of a plane."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke

from ...notation import number
from . import inputs
from .canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    HATCHES,
    MARKERS,
    PENS,
    PURPLE,
    SIZE,
    TINTS,
    VERMILLION,
    VIOLET,
    Canvas,
    Plot,
    Size,
    canvas,
)
from .lines import mark
from .words import SAID

GROUND, RING, HEIGHT = ("#ffffff", "#c3d8e8"), "#6f97b5", "#1f4460"  # low to high, a contour, its number
PATHS = tuple(zip((BLACK, VERMILLION, GREEN, VIOLET, BLUE, PURPLE), ("-", "--", "-.", ":", (0, (6, 1)), (0, (1, 1)))))
GRID = 81  # points each way, of a landscape
FINE, COARSE = 300, 60  # points each way, of a classifier that takes many points at once, or one by one
EACH_MARKED = 30  # steps of a path; of a longer one only the ends are marked


# ---- landscapes ---------------------------------------------------------------------------------


def contours(
    f: Any,
    span: Any = None,
    *,
    paths: Mapping[str, Any] | None = None,
    arrows: Mapping[str, tuple[Any, Any]] | None = None,
    scale: float | None = None,
    samples: Sequence[Any] = (),
    trough: float | None = None,
    marks: Mapping[str, tuple[Any, Any]] | None = None,
    levels: int | Sequence[float] = 10,
    title: str = "",
    x: str = "",
    y: str = "",
    alt: str = "",
    size: Size = (720, 560),
) -> Plot:
    """The contours of a function of two parameters, and what happens on them.

    `f` takes two numbers, or one vector of two (then it may be made of Tensors), or is a Graph with two variables, or
    with more, of which `x` and `y` name two. `span` is (low, high) for both, or ((low, high), (low, high)); if it is
    left out, paths, arrows and marks decide.
    `paths` are runs, label -> points (n, 2): a ring at the start, a filled marker at the end, arrowheads on the way.
    `arrows`, label -> (point, vectors), are vectors (n, 2) that start at one point or at n: many are thin, one alone is
    thick. They are drawn `scale` times as long as they are, which the legend says; if `scale` is left out, so that
    they fit. `samples` are the functions whose average f is: where one is at most `trough` above its lowest, it is
    drawn as a band, and where many bands cross, f is low. `levels` is how many contours there are, or where they lie.

    >>> bowl = lambda w, b: w * w + b * b
    >>> print(contours(bowl, (-2, 2), paths={"η = 0.25": [(2, 0), (1, 0), (0.5, 0)]}, levels=[1.0]))
    contours over w and b; η = 0.25 from (2, 0), where it is 4, in 2 steps to (0.5, 0), where it is 0.25
      axes: w from −2 to 2 and b from −2 to 2
      line “η = 0.25”: 3 points, (2, 0) to (0.5, 0), lowest 0, highest 0
      contour without a label at 1: −1 to 1 by −1 to 1
      points “start”: (2, 0)
    """
    paths = {name: inputs.rows(f"path “{name}”", points) for name, points in (paths or {}).items()}
    arrows = {name: _vectors(name, given) for name, given in (arrows or {}).items()}
    xs, ys = _window(span, [*paths.values(), *(tails for tails, _ in arrows.values())], marks)
    names = inputs.parameters(f, 2) or ("w₁", "w₂")
    function = inputs.function("f", f, (x, y))
    x, y = x or names[0], y or names[1]
    heights = _heights("f", function, xs, ys)
    with canvas(*size) as drawing:
        axes = _plane(drawing, xs, ys, title, x, y)
        if samples:
            _bands(axes, samples, (x, y), xs, ys, trough)
        _landscape(axes, xs, ys, heights, levels, filled=not samples)
        _arrows(axes, arrows, scale, (xs[-1] - xs[0], ys[-1] - ys[0]))
        for k, (pen, marker, (name, points)) in enumerate(zip(cycle(PATHS), cycle("sDv^pP"), paths.items())):
            _path(axes, name, points, pen, marker, first=k == 0)
        for marker, (label, at) in zip(cycle("*XPdh"), (marks or {}).items()):
            mark(axes, label, at, marker, s=150, edgecolor="white", linewidth=0.8, zorder=6)
        drawing.legend()
        runs = "".join(f"; {name} {_journey(function, points)}" for name, points in paths.items())
        fans = "".join(f"; {name}: {_fan(*given)}" for name, given in arrows.items())
        each = f"; the troughs of {len(samples)} samples" if samples else ""
        return drawing.plot(alt or drawing.titled(f"contours over {x} and {y}{runs}{fans}{each}"))


def _vectors(name: str, given: Any) -> tuple[np.ndarray, np.ndarray]:
    tails, vectors = (inputs.rows(f"arrows “{name}”", part) for part in inputs.pair(f"arrows “{name}”", given))
    if len(tails) not in (1, len(vectors)):
        raise ValueError(
            f"arrows “{name}” start at {len(tails)} points, but are {len(vectors)}: give one start, or one each."
        )
    return np.broadcast_to(tails, vectors.shape), vectors


def _window(span: Any, points: list[np.ndarray], marks: Any) -> tuple[np.ndarray, np.ndarray]:
    """Where f is looked at: the span that is given, or all that is to be seen with a margin around it."""
    if span is None:
        seen = [*points, *(np.column_stack(inputs.spots(name, at)) for name, at in (marks or {}).items())]
        if not seen:
            raise ValueError("span is missing: give (low, high), or ((low, high), (low, high)) for the two parameters.")
        low, high = np.vstack(seen).min(axis=0), np.vstack(seen).max(axis=0)
        margin = 0.2 * np.where(high > low, high - low, max(*(high - low), 1.0))
        spans = list(zip(low - margin, high + margin))
    else:
        spans = [span, span] if np.ndim(span) == 1 else list(span)
    if len(spans) != 2:
        raise ValueError(
            f"span must be (low, high), or one such pair for each of the two parameters; got {len(spans)} pairs."
        )
    xs, ys = (np.linspace(*inputs.interval("span", ends), GRID) for ends in spans)
    return xs, ys


def _plane(drawing: Canvas, xs: np.ndarray, ys: np.ndarray, title: str, x: str, y: str) -> Axes:
    """The axes, with just this window in view."""
    drawing.axes.set(xlabel=x, ylabel=y, title=title, xlim=(xs[0], xs[-1]), ylim=(ys[0], ys[-1]), autoscale_on=False)
    drawing.axes.grid(False)
    return drawing.axes


def _heights(what: str, f: Callable[..., float], xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    heights = np.array([[f(x, y) for x in xs.tolist()] for y in ys.tolist()])
    if not np.isfinite(heights).any():
        raise ValueError(
            f"{what} has no finite value from ({number(xs[0])}, {number(ys[0])}) to ({number(xs[-1])}, {number(ys[-1])})."
        )
    return np.ma.masked_invalid(heights)


def _landscape(axes: Axes, xs: np.ndarray, ys: np.ndarray, heights: Any, levels: Any, filled: bool) -> None:
    low, high = float(heights.min()), float(heights.max())
    if isinstance(levels, int):
        levels = _levels(heights, levels)
    inside = [level for level in sorted(inputs.finite("levels", levels).ravel().tolist()) if low < level < high]
    if filled:
        top = np.nextafter(high, np.inf) if high > low else low + 1.0
        colours = LinearSegmentedColormap.from_list("ground", GROUND)(np.linspace(0, 1, len(inside) + 1))
        axes.contourf(xs, ys, heights, [low, *inside, top], colors=colours).set_label(SAID)
    if inside:
        rings = axes.contour(xs, ys, heights, inside, colors=RING, linewidths=1.3, linestyles="solid")
        heights = inside[:: 1 + len(inside) // 7]
        for text in axes.clabel(rings, heights, fmt=lambda v: number(v, 3), fontsize=SIZE, colors=HEIGHT, inline=False):
            text.set(label=SAID, path_effects=[withStroke(linewidth=5, foreground=GROUND[1] if filled else "white")])


def _levels(heights: Any, count: int) -> list[float]:
    """Round heights, the more the closer to the lowest: around a minimum the rings then lie evenly.

    If it lies in a corner, there is no minimum to be seen, only a slope or a saddle, and the heights are even.
    """
    low, high = float(heights.min()), float(heights.max())
    i, j = np.unravel_index(np.argmin(heights), heights.shape)
    corner = i in (0, heights.shape[0] - 1) and j in (0, heights.shape[1] - 1)
    parts = np.arange(1, count + 1) / (count + 1)
    return sorted({float(f"{low + (high - low) * part:.2g}") for part in (parts if corner else parts**2)})


def _bands(
    axes: Axes, samples: Sequence[Any], names: tuple, xs: np.ndarray, ys: np.ndarray, trough: float | None
) -> None:
    heights = [_heights(f"sample {p}", inputs.function(f"sample {p}", f, names), xs, ys) for p, f in enumerate(samples)]
    trough = 0.0008 * float(np.median([h.max() - h.min() for h in heights])) if trough is None else trough
    for p, height in enumerate(heights):
        low = float(height.min())
        band = axes.contourf(xs, ys, height, [low - 1.0, low + trough], colors=[GREY], alpha=min(0.5, 8 / len(samples)))
        band.set_label(f"sample {p}")
    axes.fill([], [], color=GREY, alpha=0.5, label=f"at most {number(trough, 2)} above the lowest of a sample")


def _arrows(axes: Axes, arrows: dict[str, tuple], scale: float | None, window: tuple[float, float]) -> None:
    if not arrows:
        return
    if scale is None:
        reach = max(float(np.abs(vectors / window).max()) for _, vectors in arrows.values())
        scale = _round(0.45 / reach) if reach else 1.0
    drawn = "" if scale == 1 else f", × {number(scale)}"
    colours = cycle((VERMILLION, BLACK, VIOLET, GREEN))
    for colour, (name, (tails, vectors)) in zip(colours, arrows.items()):
        thin = len(vectors) > 1
        axes.quiver(
            *tails.T, *(scale * vectors.T), angles="xy", scale_units="xy", scale=1, color=colour, label=name + drawn,
            width=0.0025 if thin else 0.0085, headwidth=4.5, headlength=5.5, headaxislength=5, zorder=4 if thin else 5,
        )  # fmt: skip


def _round(x: float) -> float:
    """The largest of 1, 2, 5, 10, … (or smaller, 0.5, …) that is not above x."""
    power = 10.0 ** np.floor(np.log10(x))
    return float(f"{max(k for k in (1, 2, 5) if k * power <= x * (1 + 1e-9)) * power:.1g}")


def _fan(tails: np.ndarray, vectors: np.ndarray) -> str:
    many = f"{len(vectors)} arrows, the mean" if len(vectors) > 1 else "an arrow"
    return f"{many} ({', '.join(number(v, 3) for v in vectors.mean(axis=0))})"


def _path(axes: Axes, name: str, points: np.ndarray, pen: tuple, marker: str, first: bool) -> None:
    colour, dashes = pen
    casing = [withStroke(linewidth=5, foreground="white")]
    steps = {"marker": ".", "markersize": 9} if len(points) <= EACH_MARKED else {}
    axes.plot(
        *points.T, color=colour, linestyle=dashes, linewidth=2.2, label=name, path_effects=casing, zorder=4, **steps
    )
    for tail, head in _headed(points, np.ptp(axes.viewLim.get_points(), axis=0)):
        axes.annotate(
            "",
            head,
            tail,
            arrowprops={"arrowstyle": "-|>,head_length=0.6,head_width=0.3", "color": colour, "lw": 0},
            zorder=5,
        )
    ring = {"s": 110, "facecolor": "white", "edgecolor": BLACK, "linewidth": 2.2, "zorder": 6}
    axes.scatter(*points[0], marker="o", label="start" if first else SAID, **ring)
    axes.scatter(*points[-1], marker=marker, s=85, color=colour, edgecolor="white", linewidth=1, zorder=6, label=SAID)


def _headed(points: np.ndarray, window: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Where arrowheads go, from a point to a point: a few places, evenly along the path, where a step has room for one."""
    strides = np.linalg.norm(np.diff(points / window, axis=0), axis=1)
    gone = np.cumsum(strides)
    wanted = {int(np.searchsorted(gone, part * gone[-1])) for part in (0.12, 0.35, 0.6, 0.85)} if len(gone) else set()
    return [(points[k], points[k] + 0.55 * (points[k + 1] - points[k])) for k in sorted(wanted) if strides[k] > 0.02]


def _journey(f: Callable[..., float], points: np.ndarray) -> str:
    (start, end) = (
        f"({', '.join(number(v, 3) for v in at)}), where it is {number(f(*at), 3)}" for at in points[[0, -1]]
    )
    return f"from {start}, in {len(points) - 1} step{'s' if len(points) != 2 else ''} to {end}"


# ---- classifiers --------------------------------------------------------------------------------


def decision_boundary(
    classify: Any,
    points: Any = None,
    labels: Any = None,
    *,
    span: Any = None,
    threshold: float | None = None,
    names: Sequence[str] = (),
    marks: Mapping[str, tuple[Any, Any]] | None = None,
    title: str = "",
    x: str = "x₁",
    y: str = "x₂",
    alt: str = "",
    size: Size = (720, 540),
) -> Plot:
    """What a classifier says of the plane, its boundary as a line, and the points it was made for.

    `classify` is a module or a function. It takes points (n, 2), or one point (2,), and gives for each a label 0, 1, …
    (of an integer type), one score, or one score per class, the largest of which wins. A single score means class 1 where
    it is above `threshold`, which is 0 if it is left out; for probabilities give 0.5. `points` (n, 2) have the classes
    `labels` (n,), each drawn with its own marker; one on the wrong side is ringed. `names` are those of the classes,
    `span` and `marks` as for `contours`.

    >>> import numpy as np
    >>> X, y = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0]]), [0, 1, 0]
    >>> decision_boundary(lambda X: X[:, 0] - 0.5, X, y).alt
    'decision boundary between 2 classes, 1 of 3 points on the wrong side'
    """
    points, labels = _labelled(points, labels)
    xs, ys = _window(span, [points] if len(points) else [], marks)
    together = _takes_many(classify, np.array([[xs[0], ys[0]], [xs[-1], ys[0]], [xs[0], ys[-1]]]))
    xs, ys = (np.linspace(ends[0], ends[-1], FINE if together else COARSE) for ends in (xs, ys))
    everywhere = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    margins = _margins(_scores(classify, everywhere, together), threshold, labels)
    classes = margins.shape[1]
    if len(names) not in (0, classes) or labels.max(initial=0) >= classes:
        found = f"{len(names)} names" if len(names) not in (0, classes) else f"a label {labels.max()}"
        raise ValueError(f"There are {found}, but the classifier knows {classes} classes, counted from 0.")
    names = names or [f"class {k}" for k in range(classes)]
    with canvas(*size) as drawing:
        axes = _plane(drawing, xs, ys, title, x, y)
        for k, margin in enumerate(margins.T.reshape(classes, len(ys), len(xs))):
            _region(axes, xs, ys, margin, names[k], k, line=classes > 2 or k == 1)
        wrong = np.zeros(len(points), dtype=bool)
        if len(points):
            wrong = (
                _margins(_scores(classify, points, together), threshold, labels, checked=False).argmax(axis=1) != labels
            )
        for k in range(classes):
            _members(axes, points[labels == k], names[k], k)
        if wrong.any():
            ring = {"s": 190, "facecolor": "none", "edgecolor": BLACK, "linewidth": 1.8}
            axes.scatter(*points[wrong].T, label="on the wrong side", zorder=4, **ring)
        for marker, (label, at) in zip(cycle("*XPdh"), (marks or {}).items()):
            mark(axes, label, at, marker, s=230, edgecolor="white", linewidth=1, zorder=5)
        drawing.legend()
        said = f", {wrong.sum()} of {len(points)} points on the wrong side" if len(points) else ""
        return drawing.plot(alt or drawing.titled(f"decision boundary between {classes} classes{said}"))


def _labelled(points: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
    if points is None:
        return np.empty((0, 2)), np.empty(0, dtype=int)
    points = inputs.rows("points", points)
    labels = inputs.finite("labels", [0] * len(points) if labels is None else labels)
    whole = labels.astype(int)
    if labels.shape != (len(points),):
        raise ValueError(f"labels must be one for each of the {len(points)} points; got shape {labels.shape}.")
    if (whole != labels).any() or (whole < 0).any():
        odd = number(labels[(whole != labels) | (whole < 0)][0])
        raise ValueError(f"labels must be whole numbers, counted from 0; got {odd}.")
    return points, whole


def _takes_many(classify: Any, three: np.ndarray) -> bool:
    """Whether three points at once are given three answers."""
    if not callable(classify):
        raise TypeError(f"classify must be a module or a function; got {type(classify).__name__}.")
    try:
        return np.shape(_plain(classify(three)))[:1] == (3,)
    except (TypeError, ValueError, IndexError):
        return False


def _plain(said: Any) -> Any:
    """The array of a Tensor, the number of a Value, the numbers of several."""
    if isinstance(said, (list, tuple)):
        return [_plain(part) for part in said]
    return said if isinstance(said, (np.ndarray, np.generic)) else getattr(said, "data", said)


def _scores(classify: Any, points: np.ndarray, together: bool) -> np.ndarray:
    """What the classifier says of each point: labels (n,) of an integer type, or scores (n,) or (n, classes)."""
    said = np.asarray(_plain(classify(points)) if together else [_plain(classify(point)) for point in points])
    if said.dtype.kind not in "iubf" or said.ndim not in (1, 2) or len(said) != len(points):
        raise ValueError(
            f"classify must give a label or scores for each point; for {len(points)} points it gave {said.dtype} of shape {said.shape}."
        )
    if not np.isfinite(said).all():
        raise ValueError("classify gave a score that is nan or infinite: perhaps its training has diverged.")
    return said[:, 0] if said.shape[1:] == (1,) else said


def _margins(said: np.ndarray, threshold: float | None, labels: np.ndarray, checked: bool = True) -> np.ndarray:
    """By how much each class wins (n, classes): above 0 for the one that does."""
    if said.ndim == 2:
        best = np.sort(said, axis=1)
        others = np.where(said == best[:, -1:], best[:, -2:-1], best[:, -1:])
        return said - others
    if said.dtype.kind in "iub":
        classes = max(2, int(said.max()) + 1, int(labels.max(initial=0)) + 1)
        return np.where(said[:, None] == np.arange(classes), 1.0, -1.0)
    if threshold is None and checked and said.min() >= 0 and 0 < said.max() <= 1:
        raise ValueError(
            "All scores lie between 0 and 1, so 0 separates nothing: for probabilities give threshold=0.5."
        )
    above = said - (threshold or 0.0)
    return np.column_stack([-above, above])


def _region(axes: Axes, xs: np.ndarray, ys: np.ndarray, margin: np.ndarray, name: str, k: int, line: bool) -> None:
    if margin.max() <= 0:
        return
    tint = k % len(TINTS)
    hatches = [HATCHES[tint][:1] * 2 or None]
    region = axes.contourf(xs, ys, margin, [0.0, 1.01 * float(margin.max())], colors=[TINTS[tint]], hatches=hatches)
    region.set_edgecolor("white")
    region.set_label(name)
    if line and margin.min() < 0:
        axes.contour(xs, ys, margin, [0.0], colors=BLACK, linewidths=2.2).set_label("boundary")


def _members(axes: Axes, points: np.ndarray, name: str, k: int) -> None:
    pen, tint = PENS[k % len(PENS)][0], TINTS[k % len(TINTS)]
    look = {"marker": MARKERS[k % len(MARKERS)], "s": 46, "color": pen, "edgecolor": "white", "linewidth": 0.7}
    if len(points):
        axes.scatter(*points.T, label=name, zorder=3, **look)
    else:
        box = {"facecolor": tint, "edgecolor": BLACK, "hatch": HATCHES[k % len(HATCHES)]}
        axes.fill([], [], label=name, **box)
