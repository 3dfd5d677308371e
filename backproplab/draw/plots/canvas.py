"""What every plot is made on, what it returns, and the pens it is drawn with.

Figures are made without pyplot: nothing is global, nothing is shown twice, the same plot gives the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib.image
import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver

from .words import describe

Size = tuple[int, int]  # width and height in pixels, as a notebook shows them

# Okabe and Ito's colours, which differ for every kind of colour vision, and two darker ones, because their
# orange and sky blue are too pale for a line on white. Lines differ by their dashes too, measured ones by markers.
BLACK, BLUE, VERMILLION, GREEN, PURPLE = "#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7"
VIOLET, BROWN, ORANGE, SKY, GREY = "#8030e0", "#601800", "#e69f00", "#56b4e9", "#6b7580"
PENS = tuple(zip((BLUE, VERMILLION, GREEN, PURPLE, VIOLET, BROWN), ("-", "--", "-.", ":", (0, (6, 1)), (0, (1, 1)))))
MARKERS = "os^Dvp"
TINTS = ("#cfe3f1", "#fbdcc4", "#c9ebe0", "#f3dcea", "#e2d3fa", "#e3d2c8")  # the pens, pale enough to write on
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
SIZE = 13  # points of the smallest letters: 18 pixels where a plot is as wide as it was made, as on a slide
STYLE = {
    "font.family": "DejaVu Sans", "font.size": SIZE, "axes.titlesize": 14, "legend.fontsize": SIZE,
    "lines.linewidth": 2.4, "lines.markersize": 8, "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": GREY, "axes.grid": True, "grid.color": "#e3e7ea", "axes.axisbelow": True,
    "figure.facecolor": "white", "axes.facecolor": "white", "legend.framealpha": 0.92, "hatch.linewidth": 0.6,
}  # fmt: skip
DPI = 140  # the sharpness of a projector


@dataclass(frozen=True, slots=True, repr=False)
class Plot:
    """A drawn figure: its PNG, a one-line `alt` text, and all that it shows as `text`.

    A test that compares text therefore notices a wrong curve, and whoever cannot see it can read it.
    """

    png: bytes
    alt: str
    text: str
    width: int

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text}

    def html(self) -> str:
        """An `<img>` element with everything inside it."""
        source = b64encode(self.png).decode()
        return f'<img alt="{escape(self.alt)}" width="{self.width}" src="data:image/png;base64,{source}">'

    def save(self, path: str | Path) -> None:
        """Write the picture to a file whose name ends in `.png`."""
        path = Path(path)
        if path.suffix != ".png":
            raise ValueError(f"A plot is saved as PNG; got {path.name!r}, expected a name that ends in .png.")
        path.write_bytes(self.png)

    def __repr__(self) -> str:
        return self.text


class Canvas:
    """One figure with one pair of axes in the course's style; `plot(alt)` finishes it."""

    def __init__(self, width: int = 720, height: int = 420, layout: str = "constrained") -> None:
        self.width = width
        self.figure = Figure(figsize=(width / 100, height / 100), dpi=DPI, layout=layout)
        self.axes: Axes = self.figure.add_subplot()

    def legend(self, handles: Sequence[Artist] = ()) -> None:
        """What the lines and marks mean (or these handles), above the axes, where it hides nothing."""
        drawn = handles or (*self.axes.lines, *self.axes.collections, *self.axes.patches)
        handles = [a for a in drawn if str(a.get_label() or "_")[0] != "_" and not isinstance(a, ContourSet)]
        labels = [str(artist.get_label()) for artist in handles]
        if labels:
            handles = [_short_arrow(artist) if isinstance(artist, Quiver) else artist for artist in handles]
            self.figure.legend(
                handles, labels, loc="outside upper left", ncols=_columns(labels, self.width), frameon=False,
                handlelength=2.6, borderaxespad=0.2, columnspacing=1.6,
            )  # fmt: skip

    def titled(self, alt: str) -> str:
        """An alt text that begins with the title, if there is one."""
        title = self.axes.get_title()
        return f"{title}: {alt}" if title else alt

    def plot(self, alt: str, digits: int = 3) -> Plot:
        """The figure as it stands; its facts are told to so many significant digits. This ends the canvas."""
        png = BytesIO()
        self.figure.savefig(png, format="png", metadata={"Software": None})
        text = describe(self.figure, alt, digits)
        self.close()
        return Plot(png.getvalue(), alt, text, self.width)

    def close(self) -> None:
        """Let the figure go. Its parts know each other: Python would keep their megabytes until it looks for circles."""
        self.figure.clear()


def _columns(labels: list[str], width: int) -> int:
    """Into how many columns these labels fit; a letter is about 10 pixels wide, the rest of an entry 88."""
    for columns in range(len(labels), 1, -1):
        needed = [88 + 9.6 * max(map(len, column)) for column in np.array_split(labels, columns)]
        if sum(needed) <= width:
            return columns
    return 1


def _short_arrow(arrows: Quiver) -> Line2D:
    colour = arrows.get_facecolor()[0]
    return Line2D([], [], color=colour, marker=">", markevery=[1], linewidth=1.5 if len(arrows.U) > 1 else 5)


@contextmanager
def canvas(width: int = 720, height: int = 420, layout: str = "constrained") -> Iterator[Canvas]:
    """A canvas in the course's style, whatever the reader's own matplotlib settings are."""
    with matplotlib.style.context(["default", STYLE]):
        yield Canvas(width, height, layout)


def beside(*plots: Plot, columns: int = 0) -> Plot:
    """Finished plots next to each other, as one; with `columns`, in rows of so many.

    Draw them small, with `size=(440, 360)` for two: a plot is never shrunk, because then nobody could read it.

    >>> from backproplab.draw.plots import curves
    >>> zoomed = [curves({"L": lambda p: p * p}, (-r, r), size=(440, 300)) for r in (10, 0.1)]
    >>> beside(*zoomed).alt
    '1: L over x from −10 to 10; 2: L over x from −0.1 to 0.1'
    """
    if not plots or not all(isinstance(plot, Plot) for plot in plots):
        found = ", ".join(type(plot).__name__ for plot in plots) or "nothing"
        raise TypeError(f"beside sets finished plots next to each other; got {found}: give it two or more plots.")
    columns = columns or len(plots)
    rows = [plots[i : i + columns] for i in range(0, len(plots), columns)]
    pictures = [np.hstack(_padded([_pixels(plot) for plot in row], 0)) for row in rows]
    png = BytesIO()
    picture = np.vstack(_padded(pictures, 1))
    matplotlib.image.imsave(png, picture, format="png", dpi=DPI, metadata={"Software": None})
    alt = "; ".join(f"{i}: {plot.alt}" for i, plot in enumerate(plots, 1)) if len(plots) > 1 else plots[0].alt
    return Plot(
        png.getvalue(), alt, "\n".join([alt, *(plot.text for plot in plots)]), round(picture.shape[1] * 100 / DPI)
    )


def _pixels(plot: Plot) -> np.ndarray:
    return np.round(255 * matplotlib.image.imread(BytesIO(plot.png))).astype(np.uint8)


def _padded(pictures: list[np.ndarray], axis: int) -> list[np.ndarray]:
    """The pictures, with white at their ends until all are equally long along this axis."""
    longest = max(picture.shape[axis] for picture in pictures)
    widths = [[(0, longest - p.shape[axis] if i == axis else 0) for i in range(3)] for p in pictures]
    return [np.pad(p, width, constant_values=255) for p, width in zip(pictures, widths)]
