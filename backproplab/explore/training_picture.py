"""The picture of a training: where each class is seen, what each unit responds to, every weight and its gradient.

It is drawn once; what changes are slots: paths and texts. Their contents are computed from one byte per number, by
`slots`, which the page has too (translate.py).
"""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..draw import Picture
from ..draw.paper import MARGIN, Paper, Theme, compact
from ..draw.plane import crossings, pixel, trail
from ..notation import number
from .slots import filled
from .training import IMAGE, Layer, Training, Unit

FINE, COARSE = 40, 20  # points along an edge at which the model and its units are computed
WIDTH = 880
MAP = 320  # pixels
LEVELS = {"class": (1, 64), "unit": (16, 48, 96), "image": (24, 56, 88)}  # from which number on a cell is shaded
SHADES = {"class": ("0.16", "0.2"), "unit": ("0.25", "0.3", "0.5"), "image": ("0.25", "0.4", "1")}
SPACE = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} "
PASSING = "%: points that pass a gradient"
BROKEN = -128  # stands for what is no number
LINES = ("train", "held", "before")  # slots that are paths, as are those that end in " line"
NAMES = 28  # pixels for the names of rows
UNITS = 24  # whose responses are drawn; more are counted in words
SHOWN = 24  # images, six in a row
SIGNS = "●■▲◆"
ILL = {
    "dead": ", at 0 for every training point: no gradient gets through, so nothing before it learns by it.",
    "almost dead": ", at 0 for nearly every training point: hardly any gradient gets through.",
    "saturated": ", on the flat side at nearly every training point: hardly any gradient gets through.",
}
MARKS = ("circle", "square", "triangle", "diamond")
COLOURS = ("positive", "negative", "active", "done", "muted")


@dataclass(frozen=True, slots=True)
class Field:
    """A square of numbers, shaded from each level on: slots "NAME 0", "NAME 1", …"""

    name: str
    columns: int
    levels: tuple[int, ...]
    corner: tuple[float, float]  # on the sheet, and the size of a cell, in pixels; the paths are in cells
    size: float
    places: tuple[tuple[float, float], ...] = ((0, 0),)

    @property
    def count(self) -> int:
        return self.columns**2


@dataclass(frozen=True, slots=True)
class Signs:
    """Rows of `count` numbers as squares whose area is the magnitude (Hinton's diagram).

    Filled above 0 (slot "NAME +"), hollow below ("NAME −", with crosses for no number). Row number i starts at
    `places[i]`, in cells, and is wrapped after so many `columns`.
    """

    name: str
    columns: int
    count: int
    places: tuple[tuple[float, float], ...]
    corner: tuple[float, float]
    size: float
    levels: tuple[int, ...] = ()


def told(part: Field | Signs) -> dict[str, Any]:
    """All that the page needs to fill the slots of a part."""
    facts = {name: it for name, it in asdict(part).items() if name not in ("corner", "size")} | {"count": part.count}
    return json.loads(json.dumps(facts))  # with lists, as it comes back


# ---- from numbers to paths ----------------------------------------------------------------------


def to_bytes(values: Any, largest: float | None = None) -> np.ndarray:
    """Numbers as whole numbers from −127 to 127, where 127 is the `largest` of them; −128 for what is none."""
    values = np.asarray(values, dtype=float)
    largest = magnitude(values) if largest is None else largest
    good = np.isfinite(values)
    scaled = np.where(good, values, 0.0) / (largest or 1.0)
    return np.where(good, np.round(127 * np.clip(scaled, -1, 1)), BROKEN).astype(np.int8).ravel()


def magnitude(values: np.ndarray) -> float:
    """The largest magnitude of those that are numbers."""
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))


def contour(square: np.ndarray) -> str:
    """Where a square field goes through 0, in cells; there is no line beside what is no number."""
    chains = crossings(square.reshape(math.isqrt(square.size), -1).tolist(), 0.0)
    return "".join(trail([(pixel(x + 0.5), pixel(y + 0.5)) for x, y in chain]) for chain in chains)


# ---- as the page has it, too ----------------------------------------------------------------------


def slots(
    parts: Sequence[Any], numbers: list[int], texts: dict[str, str], plot: Sequence[float], step: int
) -> dict[str, Any]:
    """The contents of all slots at a step; among the texts are paths, and all that `Sheet.curve` gives."""
    found = {name: {"d" if name in LINES or name.endswith(" line") else "text": text} for name, text in texts.items()}
    used = 0
    for part in parts:
        taken = numbers[used : used + part.count * len(part.places)]
        used += len(taken)
        for i, level in enumerate(part.levels):
            found[f"{part.name} {i}"] = {"d": shade(taken, part.columns, level)}
        if len(part.levels) == 0:
            for sign, path in zip("+−", signs(part, taken)):
                found[f"{part.name} {sign}"] = {"d": path}
    x, y, width, height = plot
    found["now"] = {"d": f"M{short(x + step / int(texts['steps']) * width):g} {y:g}v{height:g}"}
    return found


def short(x: float) -> float:
    """A coordinate to two decimals."""
    return math.floor(100 * x + 0.5) / 100


def shade(numbers: list[int], columns: int, level: int) -> str:
    """The cells of a square from this level on, as rectangles along its rows."""
    path = []
    for r in range(columns):
        start = 0
        for c in range(columns + 1):
            if c == columns or numbers[r * columns + c] < level:
                if c > start:
                    path.append(f"M{start} {r}h{c - start}v1H{start}z")
                start = c + 1
    return "".join(path)


def signs(part: Any, numbers: list[int]) -> list[str]:
    """A square for each number: those above 0, and the others; a cross for no number."""
    paths: list[list[str]] = [[], []]
    for i, v in enumerate(numbers):
        if v != 0:
            (x, y), k, side = part.places[i // part.count], i % part.count, 0.9 * math.sqrt(min(abs(v), 127) / 127)
            margin, s = (1 - side) / 2, short(side)
            left, top = short(x + k % part.columns + margin), short(y + k // part.columns + margin)
            shape = f"l{s:g} {s:g}m0 -{s:g}l-{s:g} {s:g}" if v == BROKEN else f"h{s:g}v{s:g}H{left:g}z"
            paths[1 if v < 0 else 0].append(f"M{left:g} {top:g}{shape}")
    return ["".join(path) for path in paths]


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
        self.units = hidden = sum(layer.linear.weight.shape[0] for layer in t.layers[:-1])
        self.images = t.data.train_x.shape[1] == IMAGE * IMAGE
        self.middle = MAP + 40
        if self.images:
            self.tiles = [(54 * (i % 6) + 2, 26 + 80 * (i // 6)) for i in range(min(SHOWN, len(t.data.test_x)))]
            self._fields("image", self.tiles, IMAGE, 6)
        else:
            self._plane()
            self.responses = [(self.middle + 65 * (i % 8), 252 + 84 * (i // 8)) for i in range(min(UNITS, hidden))]
            self._fields("unit", self.responses, COARSE, 3)
            self.notes = [(x, y + 73) for x, y in self.responses]
        below = 0 if self.images else max((y for _, y in self.responses), default=0) + 84
        self.top = max(MAP + 40, below) + 34  # of the weights
        self._place_weights()

    def _fields(self, kind: str, places: list, columns: int, size: float) -> None:
        self.parts += [Field(f"{kind} {i}", columns, LEVELS[kind], place, size) for i, place in enumerate(places)]

    def _plane(self) -> None:
        t = self.training
        points = np.concatenate([t.data.train_x, t.data.test_x])
        low, high = points.min(0), points.max(0)
        span = 1.12 * float((high - low).max() or 1.0)
        self.corner, self.span = (low + high - span) / 2, span  # equal scales on both axes
        self._fields("class", [(0, 26)] * max(t.classes, 2), FINE, MAP / FINE)
        self.grid, self.coarse = self._points(FINE), self._points(COARSE)

    def _points(self, n: int) -> np.ndarray:
        """The middles of n × n cells, row by row from the top."""
        along = (np.arange(n) + 0.5) / n * self.span
        return np.array([(self.corner[0] + x, self.corner[1] + y) for y in along[::-1] for x in along])

    def _place_weights(self) -> None:
        self.titles: list[tuple[float, float, str, str]] = []  # x, y, title, slot of what is largest
        self.labels: list[tuple[float, float, str, str]] = []  # x, y, name, anchor
        x, y, tallest = 0.0, float(self.top), 0.0
        for i, layer in enumerate(self.training.layers):
            outputs, inputs = layer.linear.weight.shape
            count = inputs + (layer.linear.bias is not None)
            tiled, named = self.images and i == 0, False
            if tiled:  # for each unit its pixels, then the bias
                columns, size, across = IMAGE, 4.0, min(outputs, 16)
                places = [(13 * (j % across), 14 * (j // across)) for j in range(outputs)]
            else:
                columns, size, across = count, max(3.0, min(16.0, 144 / outputs, 400 / count)), 1
                places, named = [(0, j) for j in range(outputs)], size >= 11
            width = max(150, NAMES + size * (places[across - 1][0] + columns))
            height = 16 + size * (places[-1][1] + -(-count // columns))
            for kind in ("weights", "gradients"):
                if x and x + (width if tiled or kind == "gradients" else 2 * width + 22) > WIDTH:
                    x, y, tallest = 0.0, y + tallest + 54, 0.0
                corner = (x + NAMES, y + 54) if named else (x, y + 38)
                self.parts.append(Signs(f"{kind} {i}", columns, count, tuple(places), corner, size))
                note = f" of each unit{SPACE}{PASSING}" if tiled and kind == "weights" else ""
                self.titles.append((x, y, f"{kind}, layer {i + 1}{note}", f"{kind} {i} largest"))
                if named:
                    self._name(x, y + 54, size, i)
                if tiled and kind == "weights":
                    self.notes = [(x + size * a, y + 38 + size * b + 46) for a, b in places]
                x += width + (22 if kind == "weights" else 36)
                tallest = max(tallest, height)
        self.height = round(y + tallest + 68)

    def _name(self, x: float, y: float, size: float, layer: int) -> None:
        """The names of the rows and columns of a layer's weights."""
        linear, last = self.training.layers[layer].linear, len(self.training.layers) - 1
        outputs, inputs = linear.weight.shape
        before, after = "h" if layer else "x", "h" if layer < last else "y"
        columns = [*(f"{before}{i + 1}" for i in range(inputs)), *(["b"] if linear.bias is not None else [])]
        every = 1 if size >= 14 and inputs < 10 else 2
        for i, name in list(enumerate(columns))[::every]:
            self.labels.append((x + NAMES + (i + 0.5) * size, y - 4, name, "middle"))
        for j in range(outputs):
            self.labels.append((x + NAMES - 5, y + (j + 0.5) * size + 4, f"{after}{j + 1}", "end"))

    # ---- a frame ---------------------------------------------------------------------------------

    def frame(self, error: str = "") -> Frame:
        """What is to be seen now."""
        t = self.training
        with np.errstate(all="ignore"):
            losses, shares = t.measured()
            numbers, texts = self._images() if self.images else self._plane_now()
            units = t.units()
        texts |= {
            f"note {i}": f"{unit.name} {unit.ill if unit.ill == 'dead' else _percent(unit.share)}"
            for i, unit in enumerate(units[: len(self.notes)])
        }
        rows = []
        for i, layer in enumerate(t.layers):
            for kind, of in (("weights", "data"), ("gradients", "grad")):
                array = _with_bias(layer, of)
                largest = magnitude(array)
                numbers.append(to_bytes(array, largest))
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
                if len(numbers) < len(margins) + len(self.notes):
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

    def filled(self, frame: Frame, curve: dict[str, str], theme: str) -> Picture:
        """The picture at a moment."""
        numbers = np.frombuffer(frame.data, dtype=np.int8).tolist()
        contents = slots(self.parts, numbers, frame.texts | curve, self.plot, frame.step)
        text = "\n".join([frame.said, *(f"  {name}: {fact}" for name, fact in frame.rows)])
        return Picture(filled(self.drawing(theme), contents, theme, frame.alt), frame.alt, text, WIDTH + 2 * MARGIN)

    def drawing(self, theme: str) -> str:
        """All that never changes, with empty slots."""
        paper = Paper(theme, WIDTH + 2 * MARGIN, self.height + 2 * MARGIN, "")
        pen = _Pen(paper)
        shades = {"unit": pen.theme.value, "image": pen.theme.ink}
        for part in self.parts:
            if isinstance(part, Field):
                kind, i = part.name.split()
                pen.field(part, SHADES[kind], shades.get(kind) or self._colours(pen.theme)[int(i)])
        self._draw_data(pen)
        self._draw_curve(pen)
        if not self.images and self.units:
            more = f" ({UNITS} of {self.units})" if self.units > UNITS else ""
            pen.title(self.middle, 242, f"what each unit responds to{more}{SPACE}{PASSING}")
            for x, y in self.responses:
                pen.frame(x, y, 60, 60)
        for x, y, title, slot in self.titles:
            pen.title(x, y + 10, title)
            pen.text(x, y + 28, slot)
        for i, (x, y) in enumerate(self.notes):
            pen.text(x, y, f"note {i}", size=10)
        for x, y, name, anchor in self.labels:
            pen.draw(
                "text", name, x=x, y=y, font_size=10 if len(name) > 2 else 11, fill=pen.theme.muted, text_anchor=anchor
            )
        for part in self.parts:
            if isinstance(part, Signs):
                pen.signs(part)
        pen.title(
            0, self.height - 8, SPACE.join(["■ above 0", "□ below 0", "area: magnitude", "✕ no number"]), quiet=True
        )
        return paper.svg()

    def _draw_data(self, pen: _Pen) -> None:
        t, theme = self.training, pen.theme
        if self.images:
            pen.title(0, 10, "what it says of held-out images")
            for i, (x, y) in enumerate(self.tiles):
                pen.frame(x, y, 48, 48)
                pen.text(x, y + 60, f"said {i}", size=11, colour=theme.ink)
                pen.text(x, y + 72, f"sure {i}", size=11)
            return
        pen.title(0, 10, "which class it sees where: x1 across, x2 up")
        colours = self._colours(theme)[: t.classes]
        for x, y, solid in ((t.data.train_x, t.data.train_y, True), (t.data.test_x, t.data.test_y, False)):
            for k, colour in enumerate(colours):
                path = "".join(_mark(MARKS[k % len(MARKS)], *self._pixel(point)) for point in x[y == k])
                look = {"fill": colour, "stroke": theme.ground} if solid else {"fill": theme.ground, "stroke": colour}
                pen.draw("path", d=path, stroke_width=0.8 if solid else 1.3, **look)
        pen.frame(0, 26, MAP, MAP)
        kinds = SPACE.join(f"{SIGNS[k % len(SIGNS)]} {k}" for k in range(len(colours)))
        pen.title(0, MAP + 44, f"class: {kinds}{SPACE}hollow: held out", quiet=True)

    def _colours(self, theme: Theme) -> list[str]:
        return [getattr(theme, COLOURS[k % len(COLOURS)]) for k in range(max(self.training.classes, 2))]

    def _pixel(self, point: Iterable[float]) -> tuple[float, float]:
        x, y = (np.asarray(point) - self.corner) / self.span * MAP
        return x, 26 + MAP - y

    def _draw_curve(self, pen: _Pen) -> None:
        theme, (x, y, width, height) = pen.theme, self.plot
        pen.title(self.middle, 10, SPACE.join(["loss", "── training data", "╌╌ held out", "·· before going back"]))
        pen.frame(x, y, width, height)
        pen.path("before", stroke=theme.muted, stroke_width=1.6, stroke_dasharray="1.5 4")
        pen.path("held", stroke=theme.ink, stroke_width=1.6, stroke_dasharray="6 4")
        pen.path("train", stroke=theme.value, stroke_width=2.2)
        pen.path("now", stroke=theme.active, stroke_width=2)
        pen.text(x - 4, y + 10, "top", anchor="end")
        pen.text(x - 4, y + height, "bottom", anchor="end")
        pen.text(x + width, y + height + 14, "last", anchor="end")

    @property
    def plot(self) -> tuple[float, float, float, float]:
        """Where the curves of the loss are: x, y, width, height."""
        return self.middle + 40, 22, WIDTH - self.middle - 40, 172 if not self.images else 290

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

    def text(self, x: float, y: float, slot: str, size: int = 12, anchor: str = "start", colour: str = "") -> None:
        colour = colour or self.theme.muted
        self.draw("text", x=x, y=y, font_size=size, fill=colour, text_anchor=anchor, data_slot=slot)

    def title(self, x: float, y: float, words: str, quiet: bool = False) -> None:
        colour, weight = (self.theme.muted, "normal") if quiet else (self.theme.ink, "bold")
        self.draw("text", words, x=x, y=y, font_size=13, fill=colour, font_weight=weight)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        self.draw("rect", x=x, y=y, width=width, height=height, fill="none", stroke=self.theme.border)


def _placed(part: Field | Signs) -> dict[str, str]:
    x, y, size = map(short, [*part.corner, part.size])
    return {"transform": f"translate({x:g} {y:g}) scale({size:g})"}


def _mark(shape: str, x: float, y: float) -> str:
    x, y = short(x), short(y)
    return f"M{x:g} {y:g}" + {
        "circle": "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",
        "square": "m-3.2 -3.2h6.4v6.4h-6.4z",
        "triangle": "m0 -4.2l4 7.2h-8z",
        "diamond": "m0 -4.6l4.2 4.6l-4.2 4.6l-4.2 -4.6z",
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
