"""The plots of the lessons. Each carries its facts in words, read off the finished figure.

`curves` draws functions and measured numbers, `bars` numbers by name, `contours` a function of two parameters and
the paths on it, `decision_boundary` what a classifier says of a plane, `heatmap` a matrix, `digits` images; `beside` sets
finished plots side by side. The others are uses of these that a lesson calls by their own name. Anything else is
drawn on a `canvas` in the same style.
"""

from .bars import bars, nudges, rectangle
from .canvas import (
    BLACK,
    BLUE,
    BROWN,
    GREEN,
    GREY,
    MARKERS,
    ORANGE,
    PENS,
    PURPLE,
    SKY,
    VERMILLION,
    VIOLET,
    Canvas,
    Plot,
    beside,
    canvas,
)
from .cells import digits, heatmap
from .lines import curves, losses, spread, step_error, tangent
from .plane import contours, decision_boundary
from .words import describe

__all__ = [
    "BLACK",
    "BLUE",
    "BROWN",
    "GREEN",
    "GREY",
    "MARKERS",
    "ORANGE",
    "PENS",
    "PURPLE",
    "SKY",
    "VERMILLION",
    "VIOLET",
    "Canvas",
    "Plot",
    "bars",
    "beside",
    "canvas",
    "contours",
    "curves",
    "decision_boundary",
    "describe",
    "digits",
    "heatmap",
    "losses",
    "nudges",
    "rectangle",
    "spread",
    "step_error",
    "tangent",
]
