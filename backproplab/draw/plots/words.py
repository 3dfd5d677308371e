"""What a figure shows, in words: read off the figure itself, so that a wrong plot has other words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver

from ...notation import number

LISTED = 12  # points; more are summed up
CELLS = 36  # numbers of a matrix; a larger one is summed up
SAID = "_said"  # the label of what need not be described, because something else in the figure says it already


def describe(figure: Figure, alt: str, digits: int = 3) -> str:
    """What a figure shows: axes, lines, points, contours, arrows, matrices, patches and written words.

    Numbers are rounded to so many significant digits; the ends of a logarithmic axis to one.
    """
    return "\n".join(
        [alt, *("  " + fact for axes in figure.axes for fact in _facts(axes, partial(number, digits=digits)))]
    )


def _facts(axes: Axes, say: Any) -> Iterator[str]:
    if axes.get_label() == "<colorbar>":
        return
    yield _axes(axes, say)
    for line in axes.lines:
        if len(line.get_xdata()):
            yield f"line {_name(line)}: {_line(np.array(line.get_xydata(), dtype=float), say)}"
    for group in axes.collections:
        for kind, tell in ((ContourSet, _contours), (Quiver, _arrows), (PathCollection, _points)):
            if isinstance(group, kind) and group.get_label() != SAID:
                yield from tell(group, say)
    for image in axes.images:
        yield f"cells {_name(image)}: {_cells(image.get_array(), say)}"
    for row in axes.containers:
        if row.get_label() and not row.get_label().startswith("_"):
            yield f"bars {_name(row)}: {', '.join(say(bar.get_height()) for bar in row)}"
    for patch in axes.patches:
        if patch.get_label() == SAID:
            continue
        x0, y0, x1, y1 = patch.get_path().get_extents(patch.get_patch_transform()).extents
        if x0 <= x1:  # an empty one only stands in the legend
            yield f"patch {_name(patch)}: {_box((x0, x1), (y0, y1), say)}"
    for text in axes.texts:
        if text.get_text() and text.get_label() != SAID:
            yield f"written: {' '.join(text.get_text().split())}"


def _axes(axes: Axes, say: Any) -> str:
    title = axes.get_title() or "axes"
    if not axes.axison:
        return f"{title}: a picture without scales"
    ends = (
        f"{label or 'unlabelled'} from {' to '.join(number(end, 1) if scale == 'log' else say(end) for end in ends)}"
        for label, ends, scale in (
            (axes.get_xlabel(), axes.get_xlim(), axes.get_xscale()),
            (axes.get_ylabel(), axes.get_ylim(), axes.get_yscale()),
        )
    )
    return f"{title}: {' and '.join(ends)}"


def _line(points: np.ndarray, say: Any) -> str:
    finite = np.isfinite(points).all(axis=1)
    drawn, pieces = points[finite], int(np.sum(np.diff(finite, prepend=False) & finite))
    if not len(drawn):
        return "nothing drawn"
    return (
        f"{len(drawn)} points, {_point(drawn[0], say)} to {_point(drawn[-1], say)}, "
        f"lowest {say(drawn[:, 1].min())}, highest {say(drawn[:, 1].max())}"
        + (f", in {pieces} pieces" if pieces > 1 else "")
    )


def _points(group: Any, say: Any) -> Iterator[str]:
    points = np.asarray(group.get_offsets(), dtype=float)
    if not len(points):
        return
    if len(points) <= LISTED:
        said = ", ".join(_point(point, say) for point in points)
    else:
        x, y = points.T
        middle = _point(points.mean(axis=0), say)
        said = f"{len(points)} of them, {_box((x.min(), x.max()), (y.min(), y.max()), say)}, on average {middle}"
    yield f"points {_name(group)}: {said}"


def _contours(group: Any, say: Any) -> Iterator[str]:
    """A line per level and the box it fills; of a filled region, its box and its area."""
    if group.filled:
        for path in group.get_paths():
            if len(path.vertices):
                yield f"region {_name(group)}: {_extents(path, say)}, area {number(_area(path), 2)}"
        return
    for level, path in zip(group.levels, group.get_paths()):
        if len(path.vertices):
            yield f"contour {_name(group)} at {say(level)}: {_extents(path, say)}"


def _extents(path: Any, say: Any) -> str:
    x0, y0, x1, y1 = path.get_extents().extents
    return _box((x0, x1), (y0, y1), say)


def _area(path: Any) -> float:
    """Of all its polygons together; holes run the other way round."""
    corners = (np.asarray(polygon).T for polygon in path.to_polygons())
    return abs(sum(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2 for x, y in corners))


def _arrows(group: Any, say: Any) -> Iterator[str]:
    tails, arrows = np.asarray(group.XY, dtype=float), np.column_stack([group.U, group.V])
    many = (
        f"{len(arrows)} from {_point(tails[0], say)}, on average"
        if len(arrows) > 1
        else f"from {_point(tails[0], say)},"
    )
    length = np.hypot(*arrows.T)
    longest = f", lengths {say(length.min())} to {say(length.max())}" if len(arrows) > 1 else ""
    yield f"arrows {_name(group)}: {many} {_point(arrows.mean(axis=0), say)}{longest}"


def _cells(values: Any, say: Any) -> str:
    """All the numbers of a small matrix; of a larger one its sum, signs, ends and the middle of its weight."""
    values = np.asarray(values, dtype=float)
    size = " × ".join(map(str, values.shape))
    if values.size <= CELLS:
        return f"{size}, " + ", ".join(f"({', '.join(map(say, row))})" for row in values)
    weight = np.abs(values) / (np.abs(values).sum() or 1.0)
    middle = _point([np.sum(weight * index) for index in np.indices(values.shape)], say)
    signs = f"{np.sum(values > 0)} positive, {np.sum(values < 0)} negative, {np.sum(values == 0)} zero"
    return f"{size}, sum {say(values.sum())}, {signs}, {say(values.min())} to {say(values.max())}, middle {middle}"


def _point(point: Iterable[float], say: Any) -> str:
    return f"({', '.join(say(float(x)) for x in point)})"


def _box(x: tuple[float, float], y: tuple[float, float], say: Any) -> str:
    return " by ".join(f"{say(low)} to {say(high)}" for low, high in (x, y))


def _name(artist: Any) -> str:
    label = str(artist.get_label())
    return "without a label" if not label or label.startswith("_") else f"“{label}”"
