"""The picture of a training: where each class is seen, what each unit responds to, every weight and its gradient.

Each of its views is drawn once; what changes are slots: paths and texts (see training_slots.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ..draw import Picture
from ..draw.paper import LARGE, MARGIN, SMALL, Paper
from ..draw.plane import trail
from ..notation import number
from .slots import filled
from .training_frame import Frame
from .training_sheet import MAP, SHADES, SPACE, TILE, WIDTH, Label, Sheet
from .training_slots import Field, Signs, short, slots

COLOURS = ("positive", "negative", "active", "done", "muted")  # of classes
MARKS = (  # of their points: in words, and as the path around a point
    ("●", "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"),
    ("■", "m-3.7 -3.7h7.4v7.4h-7.4z"),
    ("▲", "m0 -4.8l4.6 8.2h-9.2z"),
    ("◆", "m0 -5.2l4.8 5.2l-4.8 5.2l-4.8 -5.2z"),
)

Losses = Sequence[tuple[int, list[float]]]  # a step, and its losses


def picture(sheet: Sheet, frame: Frame, view: str, curve: dict[str, str], theme: str) -> Picture:
    """A view of a moment, with the `curves` so far."""
    numbers = np.frombuffer(frame.data, dtype=np.int8).tolist()
    contents = slots(sheet.parts, view, numbers, frame.texts | curve, sheet.plot, frame.step)
    text = "\n".join([frame.said, *(f"  {name}: {fact}" for name, fact in frame.rows)])
    svg = filled(drawing(sheet, view, theme), contents, theme, frame.alt)
    return Picture(svg, frame.alt, text, WIDTH + 2 * MARGIN)


def curves(plot: Sequence[float], frames: Losses, before: Losses) -> dict[str, str]:
    """The curves of the loss, on a logarithmic axis: the contents of their slots."""
    seen = [loss for _, losses in [*frames, *before] for loss in losses if 0 < loss < math.inf]
    low, high = math.floor(math.log10(min(seen, default=0.1))), math.ceil(math.log10(max(seen, default=1.0)))
    high = max(high, low + 1)
    last = max([1, *(step for step, _ in [*frames, *before])])
    x, y, width, height = plot
    scale = height / (high - low)

    def path(points: Iterable[tuple[int, float]]) -> str:
        good = [(step, math.log10(loss)) for step, loss in points if 0 < loss < math.inf]
        places = [(short(x + step / last * width), short(y + (high - v) * scale)) for step, v in good]
        return trail(places) if places else ""

    lines = {"train": (frames, 0), "held": (frames, 1), "before": (before, 0)}
    paths = {name: path((step, losses[i]) for step, losses in points) for name, (points, i) in lines.items()}
    ends = {"top": number(10.0**high), "bottom": number(10.0**low), "last": f"step {last}"}
    return {**paths, **ends, "steps": str(last)}


# ---- what never changes --------------------------------------------------------------------------


def drawing(sheet: Sheet, view: str, theme: str) -> str:
    """All of a view that never changes, with empty slots."""
    paper = Paper(theme, WIDTH + 2 * MARGIN, sheet.heights[view] + 2 * MARGIN, "")
    pen = _Pen(paper)

    def here(labels: Iterable[Label]) -> Iterator[tuple[float, float, str, str]]:
        return ((x, y, text, anchor) for shown_in, x, y, text, anchor in labels if shown_in == view)

    for part in [it for it in sheet.parts if it.view == view]:
        if isinstance(part, Field):
            pen.field(part)
        else:
            pen.signs(part)
    if view == "classes":
        if sheet.images:
            _draw_images(pen, sheet)
        else:
            _draw_points(pen, sheet)
        _draw_plot(pen, sheet)
    for x, y, words, anchor in here(sheet.titles):
        pen.title(x, y, words, anchor)
    for x, y, slot, anchor in here(sheet.largest):
        pen.slot(x, y, slot, anchor)
    for x, y, name, anchor in here(sheet.names):
        pen.text(x, y, name, anchor)
    if view == "units":
        for x, y in sheet.responses:
            pen.frame(x, y, sheet.side, sheet.side)
    for x, y, slot, anchor in here(sheet.shares):
        pen.slot(x, y, slot, anchor, pen.theme.ink)
    for x, y, words, anchor in here(sheet.legends):
        pen.title(x, y, words, anchor, quiet=True)
    return paper.svg()


def _draw_images(pen: _Pen, sheet: Sheet) -> None:
    pen.title(0, 12, "what it says of held-out images")
    for i, (x, y) in enumerate(sheet.tiles):
        pen.frame(x, y, TILE, TILE)
        pen.slot(x, y + TILE + 16, f"said {i}", colour=pen.theme.ink)
        pen.slot(x, y + TILE + 33, f"sure {i}")


def _draw_points(pen: _Pen, sheet: Sheet) -> None:
    data, ground = sheet.training.data, pen.theme.ground
    pen.title(0, 12, "class it sees: x1 across, x2 up")
    kinds = [(k, pen.colour(k), *MARKS[k % len(MARKS)]) for k in range(sheet.training.classes)]
    for x, y, solid in ((data.train_x, data.train_y, True), (data.test_x, data.test_y, False)):
        for k, colour, _, mark in kinds:
            places = [map(short, sheet.pixel(point)) for point in x[y == k]]
            path = "".join(f"M{left:g} {top:g}{mark}" for left, top in places)
            look = {"fill": colour, "stroke": ground} if solid else {"fill": ground, "stroke": colour}
            pen.draw("path", d=path, stroke_width=0.8 if solid else 1.3, **look)
    pen.frame(0, 22, MAP, MAP)
    signs = SPACE.join(f"{sign} {k}" for k, _, sign, _ in kinds)
    pen.title(0, MAP + 44, f"class: {signs}{SPACE}hollow: held out", quiet=True)


def _draw_plot(pen: _Pen, sheet: Sheet) -> None:
    theme, (x, y, width, height) = pen.theme, sheet.plot
    pen.title(x - 44, 12, "loss")
    pen.frame(x, y, width, height)
    pen.path("before", stroke=theme.muted, stroke_width=1.8, stroke_dasharray="1.5 4")
    pen.path("held", stroke=theme.ink, stroke_width=1.8, stroke_dasharray="6 4")
    pen.path("train", stroke=theme.value, stroke_width=2.6)
    pen.path("now", stroke=theme.active, stroke_width=2.4)
    pen.slot(x - 6, y + 12, "top", "end")
    pen.slot(x - 6, y + height, "bottom", "end")
    pen.slot(x + width, y + height + 18, "last", "end")
    for i, words in enumerate(["── training data", "╌╌ held out", "·· before going back"]):
        left, down = (x - 44, 46 + 21 * i) if sheet.images else (x + 170 * i, 44)
        pen.title(left, y + height + down, words, quiet=True)


class _Pen:
    """Draws on a paper; a slot is empty."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.theme = paper, paper.theme

    def draw(self, tag: str, text: str = "", **attributes: Any) -> None:
        self.paper.add(self.paper.root, tag, text, **attributes)

    def path(self, slot: str, **look: Any) -> None:
        self.draw("path", d="", data_slot=slot, **{"fill": "none", **look})

    def field(self, part: Field) -> None:
        kind, k = part.name.split()
        colour = {"unit": self.theme.value, "image": self.theme.ink}.get(kind) or self.colour(int(k))
        place = _placed(part)
        for i, opacity in enumerate(SHADES[kind].values()):
            self.path(f"{part.name} {i}", fill=colour, fill_opacity=opacity, shape_rendering="crispEdges", **place)
        line = f"{short(1.8 / part.size):g}"
        self.path(f"{part.name} line", stroke=self.theme.ink, stroke_width=line, stroke_linecap="round", **place)

    def signs(self, part: Signs) -> None:
        colour = self.theme.value if part.name.startswith("weights") else self.theme.gradient
        place = _placed(part)
        self.path(f"{part.name} +", fill=colour, stroke=colour, stroke_width=f"{short(0.8 / part.size):g}", **place)
        thin = f"{short((1.2 if part.size > 4 else 0.6) / part.size):g}"
        self.path(f"{part.name} −", stroke=colour, stroke_width=thin, **place)

    def colour(self, k: int) -> str:
        """Of class number k."""
        return getattr(self.theme, COLOURS[k % len(COLOURS)])

    def text(self, x: float, y: float, words: str, anchor: str = "start", colour: str = "", **more: Any) -> None:
        colour = colour or self.theme.muted
        self.draw("text", words, x=x, y=y, font_size=SMALL, fill=colour, text_anchor=anchor, **more)

    def slot(self, x: float, y: float, slot: str, anchor: str = "start", colour: str = "") -> None:
        self.text(x, y, "", anchor, colour, data_slot=slot)

    def title(self, x: float, y: float, words: str, anchor: str = "start", quiet: bool = False) -> None:
        colour, weight, size = (self.theme.muted, "normal", SMALL) if quiet else (self.theme.ink, "bold", LARGE)
        self.draw("text", words, x=x, y=y, font_size=size, fill=colour, font_weight=weight, text_anchor=anchor)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        self.draw("rect", x=x, y=y, width=width, height=height, fill="none", stroke=self.theme.border)


def _placed(part: Field | Signs) -> dict[str, str]:
    x, y, size = map(short, [*part.corner, part.size])
    return {"transform": f"translate({x:g} {y:g}) scale({size:g})"}
