"""The picture of a training: where each class is seen, what each unit responds to, every weight and its gradient.

Each of its views is drawn once; what changes are slots: paths and texts (see training_slots.py).
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..draw import Picture
from ..draw.paper import LARGE, MARGIN, SMALL, Paper, Theme, compact
from ..draw.plane import crossings, pixel, trail
from ..notation import number
from .slots import filled
from .training import IMAGE, Layer, Training, Unit
from .training_slots import Field, Signs, magnitude, short, slots, to_bytes

FINE, COARSE = 40, 20  # points along an edge at which the model and its units are computed
WIDTH, HEIGHT = 852, 338  # of a view, if the network is not too large for that
MAP = 280  # pixels
TILE = 48
GAP = 36  # between a layer and the next
VIEWS = {"classes": "what it says", "units": "what units respond to", "weights": "weights and gradients"}
LEVELS = {"class": (1, 64), "unit": (16, 48, 96), "image": (24, 56, 88)}  # from which number on a cell is shaded
SHADES = {"class": ("0.16", "0.2"), "unit": ("0.25", "0.3", "0.5"), "image": ("0.25", "0.4", "1")}
SPACE = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} "
PASSING = "%: training points that pass a gradient"
NAMES = 34  # pixels for the names of rows
UNITS, TILES = 24, 32  # whose responses, or weights of an image, are drawn; more are counted in words
SHOWN = 24  # images, eight in a row
SIGNS = "●■▲◆"
ILL = {
    "dead": ", at 0 for every training point: no gradient gets through, so nothing before it learns by it.",
    "almost dead": ", at 0 for nearly every training point: hardly any gradient gets through.",
    "saturated": ", on the flat side at nearly every training point: hardly any gradient gets through.",
}
MARKS = ("circle", "square", "triangle", "diamond")
COLOURS = ("positive", "negative", "active", "done", "muted")


def contour(square: np.ndarray) -> str:
    """Where a square field goes through 0, in cells; there is no line beside what is no number."""
    chains = crossings(square.reshape(math.isqrt(square.size), -1).tolist(), 0.0)
    return "".join(trail([(pixel(x + 0.5), pixel(y + 0.5)) for x, y in chain]) for chain in chains)


# ---- the picture --------------------------------------------------------------------------------


@dataclass
class Frame:
    """What is known of one moment: its numbers as bytes, its texts by slot, and what is said of it."""

    step: int
    losses: list[float]  # training data, held-out data
    data: bytes
    texts: dict[str, str]
    sentence: str
    health: str
    alt: str
    rows: list[list[str]]
    error: str = ""

    @property
    def said(self) -> str:
        return f"{self.sentence} {self.health}".rstrip()

    @cached_property
    def sent(self) -> dict[str, Any]:
        """As it is sent to the page, which has the losses in the curves."""
        told = {name: it for name, it in vars(self).items() if name != "losses"}
        return told | {"data": b64encode(self.data).decode()}


@dataclass
class Sheet:
    """Where everything is: the parts of a frame in their order, and how to draw what never changes."""

    training: Training
    parts: list[Field | Signs] = field(default_factory=list)

    def __post_init__(self) -> None:
        t = self.training
        self.images = t.data.train_x.shape[1] == IMAGE * IMAGE
        self.units = [unit.name for unit in t.units()]
        self.heights = {"classes": 304 if self.images else MAP + 50}
        self.titles: list[tuple[str, float, float, str]] = []  # view, x, y, title
        self.largest: list[tuple[str, float, float, str, str]] = []  # view, x, y, slot, anchor
        self.labels: list[tuple[str, float, float, str, str]] = []  # view, x, y, name, anchor
        self.shares: list[tuple[float, float, str]] = []  # of each unit that is drawn: x, y, anchor
        self.responses: list[tuple[float, float]] = []
        if self.images:
            self.tiles = [(78 * (i % 8), 22 + 94 * (i // 8)) for i in range(min(SHOWN, len(t.data.test_x)))]
            self._fields("image", self.tiles, IMAGE, TILE / IMAGE)
            self._tile_weights()
        else:
            self._plane()
            self._respond()
        self._place_weights()

    @property
    def views(self) -> dict[str, str]:
        """Those that this network has, and what the page calls them."""
        return {view: words for view, words in VIEWS.items() if view in self.heights}

    def _fields(self, kind: str, places: Sequence, columns: int, size: float) -> None:
        view = "units" if kind == "unit" else "classes"
        self.parts += [Field(view, f"{kind} {i}", columns, LEVELS[kind], place, size) for i, place in enumerate(places)]

    def _plane(self) -> None:
        t = self.training
        points = np.concatenate([t.data.train_x, t.data.test_x])
        low, high = points.min(0), points.max(0)
        span = 1.12 * float((high - low).max() or 1.0)
        self.corner, self.span = (low + high - span) / 2, span  # equal scales on both axes
        self._fields("class", [(0, 22)] * max(t.classes, 2), FINE, MAP / FINE)
        self.grid, self.coarse = self._points(FINE), self._points(COARSE)

    def _points(self, n: int) -> np.ndarray:
        """The middles of n × n cells, row by row from the top."""
        along = (np.arange(n) + 0.5) / n * self.span
        return np.array([(self.corner[0] + x, self.corner[1] + y) for y in along[::-1] for x in along])

    def _respond(self) -> None:
        """The responses of units over the plane, as large as there is room for."""
        shown = self.units[:UNITS]
        if not shown:
            return
        for size in (8, 7, 6, 5, 4):
            side = self.side = COARSE * size
            rows = -(-len(shown) // ((WIDTH + 14) // (side + 14)))
            if rows * (side + 25) <= HEIGHT - 22:
                break
        columns = -(-len(shown) // rows)
        self.heights["units"] = 22 + rows * (side + 25)
        self.responses = [((side + 14) * (i % columns), 22 + (side + 25) * (i // columns)) for i in range(len(shown))]
        self._fields("unit", self.responses, COARSE, size)
        self.labels += [("units", x, y + side + 17, name, "start") for (x, y), name in zip(self.responses, shown)]
        self.shares = [(x + side + 6, y + side + 17, "end") for x, y in self.responses]
        self.titles.append(("units", 0, 12, f"what each unit responds to{self._more(UNITS)}"))

    def _more(self, most: int) -> str:
        return f" ({most} of {len(self.units)})" if len(self.units) > most else ""

    def _tile_weights(self) -> None:
        """For each unit of the first layer its pixels, then the bias; and the gradients of both below."""
        linear = self.training.layers[0].linear
        outputs, count = min(TILES, linear.weight.shape[0]), IMAGE * IMAGE + (linear.bias is not None)
        rows, high = -(-outputs // 16), IMAGE + (linear.bias is not None)
        size = next(s for s in (8.0, 7.0, 6.0, 5.0, 4.5, 4.0) if rows * (2 * high * s + 42) + 76 <= HEIGHT or s == 4)
        top = 22.0
        for kind, below in (("weights", 36), ("gradients", 6)):
            pitch = (IMAGE * size + 13) / size, (high * size + below) / size
            places = tuple((pitch[0] * (i % 16), pitch[1] * (i // 16)) for i in range(outputs))
            self.parts.append(Signs("units", f"{kind} 0", IMAGE, count, places, (0.0, top), size))
            self.titles.append(("units", 0, top - 12, f"{kind} of each unit{self._more(TILES)}"))
            self.largest.append(("units", WIDTH, top - 12, f"{kind} 0 largest", "end"))
            if kind == "weights" and self.units:
                for name, (x, y) in zip(self.units, places):
                    at = (x + IMAGE / 2) * size, top + (y + high) * size + 14
                    self.labels.append(("units", *at, name, "middle"))
                    self.shares.append((at[0], at[1] + 16, "middle"))
            top += rows * (high * size + below) + 26
        self.heights["units"] = round(top) + 2

    def _place_weights(self) -> None:
        """The weights of each layer beside their gradients, in the largest size in which all layers have room."""
        layers = [(i, layer.linear) for i, layer in enumerate(self.training.layers) if not (self.images and i == 0)]
        if not layers:
            return
        for most in range(24, 2, -1):
            placed = list(_flow([(*linear.weight.shape, linear.bias is not None) for _, linear in layers], most))
            bottom = max(y + high for *_, y, high, _ in placed)
            if bottom <= HEIGHT - 24:
                break
        self.heights["weights"] = round(bottom) + 24
        for (i, linear), (size, x, apart, y, _, named) in zip(layers, placed):
            outputs, inputs = linear.weight.shape
            count = inputs + (linear.bias is not None)
            for kind, left in (("weights", x), ("gradients", x + apart)):
                corner = (left + NAMES, y + 56.0) if named else (left, y + 40.0)
                places = tuple((0, j) for j in range(outputs))
                self.parts.append(Signs("weights", f"{kind} {i}", count, count, places, corner, size))
                self.titles.append(("weights", left, y + 12, f"{kind}, layer {i + 1}"))
                self.largest.append(("weights", left, y + 31, f"{kind} {i} largest", "start"))
                if named:
                    self._name(*corner, size, i)

    def _name(self, x: float, y: float, size: float, layer: int) -> None:
        """The names of the rows and columns of a layer's weights."""
        linear, last = self.training.layers[layer].linear, len(self.training.layers) - 1
        outputs, inputs = linear.weight.shape
        before, after = "h" if layer else "x", "h" if layer < last else "y"
        columns = [*(f"{before}{i + 1}" for i in range(inputs)), *(["b"] if linear.bias is not None else [])]
        every = 1 if size >= 20 and inputs < 10 else 2
        for i, name in list(enumerate(columns))[::every]:
            self.labels.append(("weights", x + (i + 0.5) * size, y - 5, name, "middle"))
        for j in range(outputs):
            self.labels.append(("weights", x - 6, y + (j + 0.5) * size + 5, f"{after}{j + 1}", "end"))

    # ---- a frame ---------------------------------------------------------------------------------

    def frame(self, error: str = "") -> Frame:
        """What is to be seen now."""
        t = self.training
        with np.errstate(all="ignore"):
            losses, shares = t.measured()
            numbers, texts = self._images() if self.images else self._plane_now()
            units = t.units()
        texts |= {
            f"share {i}": unit.ill if unit.ill == "dead" else _percent(unit.share)
            for i, unit in enumerate(units[: len(self.shares)])
        }
        rows = []
        for i, layer in enumerate(t.layers):
            for kind, of in (("weights", "data"), ("gradients", "grad")):
                array = _with_bias(layer, of)
                largest = magnitude(array)
                shown = TILES if self.images and i == 0 else None
                numbers.append(to_bytes(array[:shown], largest))
                broken = "" if np.isfinite(array).all() else ", not all are numbers"
                texts[f"{kind} {i} largest"] = f"largest {compact(largest)}{broken}"
                rows.append([f"{kind}, layer {i + 1}", texts[f"{kind} {i} largest"]])
        rows += [
            [f"unit {name}", f"passes the gradient on at {_percent(share)} of the training points{ill and f': {ill}'}"]
            for name, share, ill in units
        ]
        norm = math.sqrt(sum(float((p.grad**2).sum()) for p in t.parameters if p.grad is not None))
        said = self._sentence(losses, shares, norm), self._health(units)
        alt = (
            f"training after {t.steps} steps: loss {number(losses[0])} on the training data and {number(losses[1])} on "
            f"held-out data, {_percent(shares[0])} and {_percent(shares[1])} right"
        )
        rows = [
            ["loss", f"{number(losses[0])}, held out {number(losses[1])}"],
            ["right", f"{_percent(shares[0])}, held out {_percent(shares[1])}"],
            ["length of the gradient", number(norm)],
            *rows,
        ]
        return Frame(t.steps, losses, np.concatenate(numbers).tobytes(), texts, *said, alt, rows, error)

    def _plane_now(self) -> tuple[list[np.ndarray], dict[str, str]]:
        """The classes and the responses of units over the plane, and where each changes its sign."""
        t = self.training
        margins = t.margins(self.grid).T
        numbers = [to_bytes(margin, 1.0) for margin in margins]
        texts = {
            f"class {i} line": contour(margin) for i, margin in enumerate(margins[: -1 if t.classes <= 2 else None])
        }
        for layer, (sums, responses, _) in zip(t.layers, t.hidden(self.coarse)):
            for z, a in zip(sums.T, (responses - self._at_rest(layer)).T):
                if len(numbers) < len(margins) + len(self.responses):
                    texts[f"unit {len(numbers) - len(margins)} line"] = contour(z)
                    numbers.append(to_bytes(a))
        return numbers, texts

    @staticmethod
    def _at_rest(layer: Layer) -> float:
        """What a unit says when its sum is 0: half way for a sigmoid."""
        value = np.zeros((1, 1))
        for module in layer.activation:
            value = module(value).data
        return float(value.item())

    def _images(self) -> tuple[list[np.ndarray], dict[str, str]]:
        """Held-out images: first the mistakes of which the model is surest, then others."""
        x, y = self.training.data[2:]
        scores = self.training.scores(x)
        said, sure = scores.argmax(1), scores.max(1)
        wrong = [i for i in np.argsort(-sure, kind="stable") if said[i] != y[i]][: len(self.tiles) // 2]
        right = [i for i in range(len(x)) if said[i] == y[i]]
        shown = [*wrong, *right, *(i for i in range(len(x)) if i not in {*wrong, *right})][: len(self.tiles)]
        texts = {}
        for place, i in enumerate(shown):
            texts[f"said {place}"] = f"✗ {said[i]}, is {y[i]}" if said[i] != y[i] else f"✓ {said[i]}"
            texts[f"sure {place}"] = _percent(sure[i])
        return [to_bytes(x[i], 1.0) for i in shown], texts

    def _sentence(self, losses: list[float], shares: list[float], norm: float) -> str:
        t = self.training
        epoch, batch = divmod(max(t.steps - 1, 0), len(t.sampler))
        where = (
            f"Step {t.steps} (batch {batch + 1} of {len(t.sampler)}, epoch {epoch + 1})"
            if t.steps
            else "Before the first step"
        )
        facts = (
            f"loss {number(losses[0])} on the training data, {number(losses[1])} on held-out data; "
            f"{_percent(shares[0])} and {_percent(shares[1])} right."
        )
        return f"{where}: {facts}" + (f" The gradient has length {number(norm)}." if t.steps else "")

    @staticmethod
    def _health(units: list[Unit]) -> str:
        """What ails units, if anything does."""
        ill = {kind: [unit.name for unit in units if unit.ill == kind] for kind in ILL}
        return " ".join(f"{kind.capitalize()}: {_listed(names)}{ILL[kind]}" for kind, names in ill.items() if names)

    # ---- drawing ---------------------------------------------------------------------------------

    def filled(self, frame: Frame, view: str, curve: dict[str, str], theme: str) -> Picture:
        """A view of a moment."""
        numbers = np.frombuffer(frame.data, dtype=np.int8).tolist()
        contents = slots(self.parts, view, numbers, frame.texts | curve, self.plot, frame.step)
        text = "\n".join([frame.said, *(f"  {name}: {fact}" for name, fact in frame.rows)])
        return Picture(filled(self.drawing(view, theme), contents, theme, frame.alt), frame.alt, text, WIDTH + 2 * MARGIN)

    def drawing(self, view: str, theme: str) -> str:
        """All of a view that never changes, with empty slots."""
        paper = Paper(theme, WIDTH + 2 * MARGIN, self.heights[view] + 2 * MARGIN, "")
        pen = _Pen(paper)
        shades = {"unit": pen.theme.value, "image": pen.theme.ink}
        parts = [part for part in self.parts if part.view == view]
        for part in parts:
            if isinstance(part, Field):
                kind, i = part.name.split()
                pen.field(part, SHADES[kind], shades.get(kind) or self._colours(pen.theme)[int(i)])
            else:
                pen.signs(part)
        if view == "classes":
            self._draw_data(pen)
            self._draw_curve(pen)
        for _, x, y, title in [it for it in self.titles if it[0] == view]:
            pen.title(x, y, title)
        for _, x, y, slot, anchor in [it for it in self.largest if it[0] == view]:
            pen.text(x, y, slot, anchor=anchor)
        for _, x, y, name, anchor in [it for it in self.labels if it[0] == view]:
            pen.draw("text", name, x=x, y=y, font_size=SMALL, fill=pen.theme.muted, text_anchor=anchor)
        if view == "units":
            for x, y in self.responses:
                pen.frame(x, y, self.side, self.side)
            for i, (x, y, anchor) in enumerate(self.shares):
                pen.text(x, y, f"share {i}", anchor=anchor, colour=pen.theme.ink)
        told = ["■ above 0", "□ below 0", "area: magnitude", "✕ no number"] if isinstance(parts[-1], Signs) else []
        if view == "units" and self.shares:
            told.append(PASSING)
        if self.responses and view == "units":
            pen.title(WIDTH, 12, PASSING, quiet=True, anchor="end")
        elif told:
            pen.title(0, self.heights[view] - 2, SPACE.join(told), quiet=True)
        return paper.svg()

    def _draw_data(self, pen: _Pen) -> None:
        t, theme = self.training, pen.theme
        if self.images:
            pen.title(0, 12, "what it says of held-out images")
            for i, (x, y) in enumerate(self.tiles):
                pen.frame(x, y, TILE, TILE)
                pen.text(x, y + TILE + 16, f"said {i}", colour=theme.ink)
                pen.text(x, y + TILE + 33, f"sure {i}")
            return
        pen.title(0, 12, "class it sees: x1 across, x2 up")
        colours = self._colours(theme)[: t.classes]
        for x, y, solid in ((t.data.train_x, t.data.train_y, True), (t.data.test_x, t.data.test_y, False)):
            for k, colour in enumerate(colours):
                path = "".join(_mark(MARKS[k % len(MARKS)], *self._pixel(point)) for point in x[y == k])
                look = {"fill": colour, "stroke": theme.ground} if solid else {"fill": theme.ground, "stroke": colour}
                pen.draw("path", d=path, stroke_width=0.8 if solid else 1.3, **look)
        pen.frame(0, 22, MAP, MAP)
        kinds = SPACE.join(f"{SIGNS[k % len(SIGNS)]} {k}" for k in range(len(colours)))
        pen.title(0, MAP + 44, f"class: {kinds}{SPACE}hollow: held out", quiet=True)

    def _colours(self, theme: Theme) -> list[str]:
        return [getattr(theme, COLOURS[k % len(COLOURS)]) for k in range(max(self.training.classes, 2))]

    def _pixel(self, point: Iterable[float]) -> tuple[float, float]:
        x, y = (np.asarray(point) - self.corner) / self.span * MAP
        return x, 22 + MAP - y

    def _draw_curve(self, pen: _Pen) -> None:
        theme, (x, y, width, height) = pen.theme, self.plot
        pen.title(x - 44, 12, "loss")
        pen.frame(x, y, width, height)
        pen.path("before", stroke=theme.muted, stroke_width=1.8, stroke_dasharray="1.5 4")
        pen.path("held", stroke=theme.ink, stroke_width=1.8, stroke_dasharray="6 4")
        pen.path("train", stroke=theme.value, stroke_width=2.6)
        pen.path("now", stroke=theme.active, stroke_width=2.4)
        pen.text(x - 6, y + 12, "top", anchor="end")
        pen.text(x - 6, y + height, "bottom", anchor="end")
        pen.text(x + width, y + height + 18, "last", anchor="end")
        for i, words in enumerate(["── training data", "╌╌ held out", "·· before going back"]):
            left, down = (x - 44, 46 + 21 * i) if self.images else (x + 170 * i, 44)
            pen.title(left, y + height + down, words, quiet=True)

    @property
    def plot(self) -> tuple[float, float, float, float]:
        """Where the curves of the loss are: x, y, width, height."""
        left, height = (684, 184) if self.images else (MAP + 90, 256)
        return left, 22, WIDTH - left, height

    def curve(
        self, frames: Sequence[tuple[int, list[float]]], before: Sequence[tuple[int, list[float]]]
    ) -> dict[str, str]:
        """The curves of the loss, on a logarithmic axis: the contents of their slots."""
        seen = [loss for _, losses in [*frames, *before] for loss in losses if 0 < loss < math.inf]
        low, high = math.floor(math.log10(min(seen, default=0.1))), math.ceil(math.log10(max(seen, default=1.0)))
        high = max(high, low + 1)
        last = max([1, *(step for step, _ in [*frames, *before])])
        x, y, width, height = self.plot

        def path(points: Iterable[tuple[int, float]]) -> str:
            good = [(step, math.log10(loss)) for step, loss in points if 0 < loss < math.inf]
            scale = height / (high - low)
            places = [(short(x + step / last * width), short(y + (high - v) * scale)) for step, v in good]
            return trail(places) if places else ""

        lines = {"train": (frames, 0), "held": (frames, 1), "before": (before, 0)}
        paths = {name: path((step, losses[i]) for step, losses in points) for name, (points, i) in lines.items()}
        ends = {"top": number(10.0**high), "bottom": number(10.0**low), "last": f"step {last}"}
        return {**paths, **ends, "steps": str(last)}


class _Pen:
    """Draws on a paper; a slot is empty."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.theme = paper, paper.theme

    def draw(self, tag: str, text: str = "", **attributes: Any) -> None:
        self.paper.add(self.paper.root, tag, text, **attributes)

    def path(self, slot: str, **look: Any) -> None:
        self.draw("path", d="", data_slot=slot, **{"fill": "none", **look})

    def field(self, part: Field, opacities: Sequence[str], colour: str) -> None:
        place = _placed(part)
        for level, opacity in enumerate(opacities):
            self.path(f"{part.name} {level}", fill=colour, fill_opacity=opacity, shape_rendering="crispEdges", **place)
        line = f"{short(1.8 / part.size):g}"
        self.path(f"{part.name} line", stroke=self.theme.ink, stroke_width=line, stroke_linecap="round", **place)

    def signs(self, part: Signs) -> None:
        colour = self.theme.value if part.name.startswith("weights") else self.theme.gradient
        place = _placed(part)
        self.path(f"{part.name} +", fill=colour, stroke=colour, stroke_width=f"{short(0.8 / part.size):g}", **place)
        thin = f"{short((1.2 if part.size > 4 else 0.6) / part.size):g}"
        self.path(f"{part.name} −", stroke=colour, stroke_width=thin, **place)

    def text(self, x: float, y: float, slot: str, anchor: str = "start", colour: str = "") -> None:
        colour = colour or self.theme.muted
        self.draw("text", x=x, y=y, font_size=SMALL, fill=colour, text_anchor=anchor, data_slot=slot)

    def title(self, x: float, y: float, words: str, quiet: bool = False, anchor: str = "start") -> None:
        colour, weight, size = (self.theme.muted, "normal", SMALL) if quiet else (self.theme.ink, "bold", LARGE)
        self.draw("text", words, x=x, y=y, font_size=size, fill=colour, font_weight=weight, text_anchor=anchor)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        self.draw("rect", x=x, y=y, width=width, height=height, fill="none", stroke=self.theme.border)


def _flow(shapes: Sequence[tuple[int, int, bool]], most: int) -> Iterator[tuple[int, float, float, float, float, bool]]:
    """Layers one after the other in rows, with cells of at most so many pixels: for each the size of a cell, x, how far
    to the right its gradients are, y, its height, and whether its rows and columns have names."""
    x, y, tallest = 0.0, 0.0, 0.0
    for outputs, inputs, bias in shapes:
        size = max(3, min(most, (WIDTH // 2 - NAMES - 20) // (inputs + bias)))
        named = size >= 16
        apart = max(178.0, NAMES * named + size * (inputs + bias) + 22.0)
        high = (60 if named else 44) + size * outputs
        if x and x + 2 * apart > WIDTH + 22:
            x, y, tallest = 0.0, y + tallest + 16, 0.0
        yield size, x, apart, y, high, named
        x += 2 * apart + GAP
        tallest = max(tallest, high)


def _placed(part: Field | Signs) -> dict[str, str]:
    x, y, size = map(short, [*part.corner, part.size])
    return {"transform": f"translate({x:g} {y:g}) scale({size:g})"}


def _mark(shape: str, x: float, y: float) -> str:
    x, y = short(x), short(y)
    return f"M{x:g} {y:g}" + {
        "circle": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        "square": "m-3.7 -3.7h7.4v7.4h-7.4z",
        "triangle": "m0 -4.8l4.6 8.2h-9.2z",
        "diamond": "m0 -5.2l4.8 5.2l-4.8 5.2l-4.8 -5.2z",
    }[shape]


def _with_bias(layer: Layer, of: str) -> np.ndarray:
    """A layer's weights, or their gradients, with the bias as the last column; 0 where there is none yet."""
    parameters = [p for p in (layer.linear.weight, layer.linear.bias) if p is not None]
    arrays = [np.zeros(p.shape) if getattr(p, of) is None else getattr(p, of) for p in parameters]
    return np.column_stack(arrays)


def _percent(share: float) -> str:
    return f"{round(100 * share)}\N{NO-BREAK SPACE}%" if math.isfinite(share) else "nan"


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"
