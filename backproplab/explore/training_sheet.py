"""Where everything is in the picture of a training, in the largest size for which a view has room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..nn import Linear
from .training import IMAGE, Training
from .training_slots import Field, Signs

VIEWS = {"classes": "what it says", "units": "what units respond to", "weights": "weights and gradients"}
WIDTH, HEIGHT = 852, 338  # of a view, if the network is not too large for that
MAP, TILE = 280, 48  # pixels along an edge: of the plane, and of an image
FINE, COARSE = 40, 20  # points along an edge at which the model and its units are computed
SHOWN = 24  # images, eight in a row
UNITS, TILES = 24, 32  # whose responses, or weights of an image, are drawn; more are counted in words
NAMES = 34  # pixels for the names of rows
GAP = 36  # between a layer and the next
SPACE = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} "  # between the words of a legend
SIGNS = SPACE.join(["■ above 0", "□ below 0", "area: magnitude", "✕ no number"])
PASSING = "%: training points that pass a gradient"
SHADES = {  # from which number on a cell is shaded, and how densely
    "class": {1: "0.16", 64: "0.2"},
    "unit": {16: "0.25", 48: "0.3", 96: "0.5"},
    "image": {24: "0.25", 56: "0.4", 88: "1"},
}


class Label(NamedTuple):
    """A text, or the slot of one, and where it is."""

    view: str
    x: float
    y: float
    text: str
    anchor: str = "start"


class Sheet:
    """The places of all parts, in the order in which a frame has their numbers, and of the texts around them."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.images = training.data.train_x.shape[1] == IMAGE * IMAGE
        self.units = [unit.name for unit in training.units()]
        self.heights = {"classes": 304 if self.images else MAP + 50}
        self.parts: list[Field | Signs] = []
        self.titles: list[Label] = []
        self.names: list[Label] = []
        self.largest: list[Label] = []  # slots
        self.shares: list[Label] = []  # slots, for each unit that is drawn
        self.legends: list[Label] = []
        self.responses: list[tuple[float, float]] = []
        if self.images:
            self.tiles = [(78 * (i % 8), 22 + 94 * (i // 8)) for i in range(min(SHOWN, len(training.data.test_x)))]
            self._fields("image", self.tiles, IMAGE, TILE / IMAGE)
            self._place_pixels()
        else:
            self._place_plane()
            self._place_responses()
        self._place_weights()

    @property
    def views(self) -> dict[str, str]:
        """Those that this network has, and what the page calls them."""
        return {view: words for view, words in VIEWS.items() if view in self.heights}

    @property
    def plot(self) -> tuple[float, float, float, float]:
        """Where the curves of the loss are: x, y, width, height."""
        left, height = (684, 184) if self.images else (MAP + 90, 256)
        return left, 22, WIDTH - left, height

    def pixel(self, point: Iterable[float]) -> tuple[float, float]:
        """Where a point of the plane is."""
        x, y = (np.asarray(point) - self.corner) / self.span * MAP
        return x, 22 + MAP - y

    # ---- over the plane, or of images -----------------------------------------------------------

    def _fields(self, kind: str, places: Sequence[tuple[float, float]], columns: int, size: float) -> None:
        view, levels = "units" if kind == "unit" else "classes", tuple(SHADES[kind])
        self.parts += [Field(view, f"{kind} {i}", columns, levels, place, size) for i, place in enumerate(places)]

    def _place_plane(self) -> None:
        data = self.training.data
        points = np.concatenate([data.train_x, data.test_x])
        low, high = points.min(0), points.max(0)
        span = 1.12 * float((high - low).max() or 1.0)
        self.corner, self.span = (low + high - span) / 2, span  # equal scales on both axes
        self.grid, self.coarse = self._points(FINE), self._points(COARSE)
        self._fields("class", [(0, 22)] * max(self.training.classes, 2), FINE, MAP / FINE)

    def _points(self, n: int) -> np.ndarray:
        """The middles of n × n cells, row by row from the top."""
        along = (np.arange(n) + 0.5) / n * self.span
        return np.array([(self.corner[0] + x, self.corner[1] + y) for y in along[::-1] for x in along])

    def _place_responses(self) -> None:
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
        for i, (name, (x, y)) in enumerate(zip(shown, self.responses)):
            self.names.append(Label("units", x, y + side + 17, name))
            self.shares.append(Label("units", x + side + 6, y + side + 17, f"share {i}", "end"))
        self.titles.append(Label("units", 0, 12, f"what each unit responds to{self._more(UNITS)}"))
        self.legends.append(Label("units", WIDTH, 12, PASSING, "end"))

    def _more(self, most: int) -> str:
        return f" ({most} of {len(self.units)})" if len(self.units) > most else ""

    # ---- weights and gradients -------------------------------------------------------------------

    def _place_pixels(self) -> None:
        """For each unit of the first layer its pixels, then the bias; and the gradients of both below."""
        units, count = _shape(self.training.layers[0].linear)
        shown, high = min(TILES, units), IMAGE + (count > IMAGE * IMAGE)
        rows = -(-shown // 16)
        size = next(s for s in (8.0, 7.0, 6.0, 5.0, 4.5, 4.0) if rows * (2 * high * s + 42) + 76 <= HEIGHT or s == 4)
        top = 22.0
        for kind, below in (("weights", 36), ("gradients", 6)):
            pitch = (IMAGE * size + 13) / size, (high * size + below) / size
            places = tuple((pitch[0] * (i % 16), pitch[1] * (i // 16)) for i in range(shown))
            self.parts.append(Signs("units", f"{kind} 0", IMAGE, count, places, (0.0, top), size))
            self.titles.append(Label("units", 0, top - 12, f"{kind} of each unit{self._more(TILES)}"))
            self.largest.append(Label("units", WIDTH, top - 12, f"{kind} 0 largest", "end"))
            if kind == "weights":
                for i, (name, (x, y)) in enumerate(zip(self.units, places)):
                    middle, bottom = (x + IMAGE / 2) * size, top + (y + high) * size
                    self.names.append(Label("units", middle, bottom + 14, name, "middle"))
                    self.shares.append(Label("units", middle, bottom + 30, f"share {i}", "middle"))
            top += rows * (high * size + below) + 26
        self.heights["units"] = round(top) + 2
        self.legends.append(Label("units", 0, round(top), SPACE.join([SIGNS, PASSING]) if self.units else SIGNS))

    def _place_weights(self) -> None:
        """The weights of each layer beside their gradients, in the largest size in which all layers have room."""
        layers = [(i, layer.linear) for i, layer in enumerate(self.training.layers) if not (self.images and i == 0)]
        if not layers:
            return
        shapes = [_shape(linear) for _, linear in layers]
        for most in range(24, 2, -1):
            placed = list(_flow(shapes, most))
            bottom = max(y + high for *_, y, high, _ in placed)
            if bottom <= HEIGHT - 24:
                break
        self.heights["weights"] = round(bottom) + 24
        self.legends.append(Label("weights", 0, round(bottom) + 22, SIGNS))
        for (i, _), (rows, columns), (size, x, apart, y, _, named) in zip(layers, shapes, placed):
            for kind, left in (("weights", x), ("gradients", x + apart)):
                corner = (left + NAMES, y + 56.0) if named else (left, y + 40.0)
                places = tuple((0, j) for j in range(rows))
                self.parts.append(Signs("weights", f"{kind} {i}", columns, columns, places, corner, size))
                self.titles.append(Label("weights", left, y + 12, f"{kind}, layer {i + 1}"))
                self.largest.append(Label("weights", left, y + 31, f"{kind} {i} largest"))
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
            self.names.append(Label("weights", x + (i + 0.5) * size, y - 5, name, "middle"))
        for j in range(outputs):
            self.names.append(Label("weights", x - 6, y + (j + 0.5) * size + 5, f"{after}{j + 1}", "end"))


def _shape(linear: Linear) -> tuple[int, int]:
    """How many units a layer has, and how many weights each of them, with its bias."""
    outputs, inputs = linear.weight.shape
    return outputs, inputs + (linear.bias is not None)


def _flow(shapes: Sequence[tuple[int, int]], most: int) -> Iterator[tuple[int, float, float, float, float, bool]]:
    """Layers one after the other in rows, with cells of at most so many pixels: for each the size of a cell, x, how far
    to the right its gradients are, y, its height, and whether its rows and columns have names."""
    x, y, tallest = 0.0, 0.0, 0.0
    for rows, columns in shapes:
        size = max(3, min(most, (WIDTH // 2 - NAMES - 20) // columns))
        named = size >= 16
        apart = max(178.0, NAMES * named + size * columns + 22.0)
        high = (60 if named else 44) + size * rows
        if x and x + 2 * apart > WIDTH + 22:
            x, y, tallest = 0.0, y + tallest + 16, 0.0
        yield size, x, apart, y, high, named
        x += 2 * apart + GAP
        tallest = max(tallest, high)
