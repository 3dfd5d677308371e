"""A neural network as a picture: circles for units, lines for weights, with the numbers where there is room.

The sign of a weight is its line's style as well as its colour, its magnitude the line's width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from ..notation import number
from ..ops import FUNCTIONS
from .models import Layer, Reading, read
from .paper import DIGIT, MARGIN, MONO, SMALL, Paper, compact, shortened, wide
from .picture import Picture

WIDEST, THINNEST = 6.0, 0.8  # lines
LISTED = 8  # numbers that are named one by one; of more, the text says the smallest and the largest
ROOMS = (240, 320, 400)  # widths to be tried between the middles of two layers
LABEL = (54, 17)  # the room for the number of a weight
CLEARANCE, AMPLE = 1, 8  # between such a number and any line but its own: at least, and if there is room
ASIDE = 14  # between it and a unit
CAPTION, LEGEND = 42, 28  # heights of the two lines of a layer's caption, and of the legend
LEGEND_WIDTH, LOSS_WIDTH = 550, 175
PARTS = [i / 40 for i in range(41)]  # of the way between two layers, at which their numbers may stand
FADED = {"waiting": 0.18, "done": 0.55, "active": 1.0}  # lines, while the network is walked through


def network(
    model: Any,
    x: Any = None,
    *,
    loss: Callable[[Any], Any] | None = None,
    gradients: bool = False,
    step: int | None = None,
    names: Sequence[Sequence[str] | None] | None = None,
    titles: Sequence[str] | None = None,
    bias_units: bool = False,
    scale: float | None = None,
    most: int = 12,
    theme: str = "light",
    fit: float = 900,
) -> Picture:
    """The picture of a network: its weights, at `x` its activations, and with a `loss` its gradients.

    `model` is a Neuron, Layer or MLP, a Sequential of Linear layers and activations, a list of weight matrices
    (each [outputs × inputs]; None where two units are not connected), or a list of sizes for the bare shape.
    `x` is one sample, and `loss` a function of the model's output that gives one Value or Tensor. Neither
    changes the gradients that the model stores.

    `gradients=True` lets the lines show gradients instead of weights: those of `loss`, or without one those
    that the model stores. `step` shows the network after that many steps: one per layer forward and then,
    with a `loss`, one per layer back. `names` are those of the units, one list per layer, inputs first (None
    for the usual ones), and `titles` those of the layers. `bias_units=True` draws each bias as the weight of a
    unit that is always 1. `scale` is the weight that is drawn widest, if not the largest one. Layers of more
    than `most` units are drawn in part; the picture is at most `fit` pixels wide.

    Raises a TypeError for what is no network, and a ValueError for parts that do not fit together.

    >>> from backproplab.nn import Neuron
    >>> neuron = Neuron(2, "tanh")
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 0.5, -1.0, 0.25
    >>> network(neuron, [1.0, 0.5], loss=lambda y: (y - 1) ** 2)
    2–1 network with 3 parameters at x1 = 1, x2 = 0.5: y = 0.2449, loss 0.5701
      layer         unit  activation  gradient  bias            weights
      input         x1    1           −0.7098
                    x2    0.5         1.42
      output, tanh  y     0.2449      −1.51     0.25 (∂ −1.42)  x1 0.5 (∂ −1.42), x2 −1 (∂ −0.7098)
      lines show weights, the widest ±1
    """
    reading = read(model)
    if x is not None:
        reading.run(x, loss)
    elif loss:
        raise ValueError("A loss is computed at a sample; give x as well.")
    if gradients and not loss:
        reading.take_stored_gradients()
    diagram = _Diagram(reading, names, titles, bias_units, most, fit)
    return diagram.picture(_Moment.of(reading, step), gradients, scale, theme)


class Unit(NamedTuple):
    """A drawn unit: its number in its layer, or None for the one that is always 1 and carries the biases."""

    layer: int
    index: int | None
    name: str


class Weight(NamedTuple):
    """A drawn line, and the number of its source among all that its target adds up."""

    source: Unit
    target: Unit
    port: int

    @property
    def name(self) -> str:
        return f"{self.source.name}>{self.target.name}:{self.port}"


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is known of a network at one moment of its forward and backward pass, by layer."""

    values: int  # so many layers, from the inputs on, have their activations
    gradients: int  # so many, from the output back, have their gradients
    count: int  # layers, inputs included
    words: str = ""

    @classmethod
    def of(cls, reading: Reading, step: int | None) -> _Moment:
        layers = reading.layers
        count = len(layers)
        known, back = bool(layers[0].values), bool(layers[0].gradients)
        if step is None:
            return cls(count * known, count * back, count)
        if not known:
            raise ValueError("A network without a sample has no steps; give x as well.")
        last = count - 1 + count * back
        if not 0 <= step <= last:
            raise ValueError(f"This network has {last} steps; got step={step}, expected 0 to {last}.")
        return cls(min(step, count - 1) + 1, max(0, step - count + 1), count, f"step {step} of {last}")

    def state(self, layer: int) -> str:
        """Of a layer's units: "waiting", "active" (their number has just appeared) or "done"."""
        if not self.words:
            return ""
        if self.gradients:
            place, known = self.count - 1 - layer, self.gradients
        else:
            place, known = layer, self.values
        return "waiting" if place >= known else "active" if place == known - 1 else "done"

    def has_value(self, layer: int) -> bool:
        return layer < self.values

    def has_gradient(self, layer: int) -> bool:
        return layer >= self.count - self.gradients


# ---- where everything goes ----------------------------------------------------------------------


class _Diagram:
    """A network that has been laid out once: nothing moves, whatever its numbers."""

    def __init__(
        self,
        reading: Reading,
        names: Sequence[Sequence[str] | None] | None,
        titles: Sequence[str] | None,
        bias_units: bool,
        most: int,
        fit: float,
    ) -> None:
        if most < 3:
            raise ValueError(f"At least 3 units of a layer are drawn; got most={most}.")
        self.layers, self.loss = reading.layers, reading.loss
        self.named = [bool(given) for given in _per_layer(names, self.layers, "names")]
        self.names = _names(self.layers, names)
        self.titles = _titles(self.layers, titles)
        self.bias_units = bias_units
        self.columns = [self._column(k, most) for k in range(len(self.layers))]
        self.weights = list(self._weights())
        self._arrange(fit)

    def _column(self, k: int, most: int) -> list[Unit | None]:
        """The units of a layer from top to bottom; None stands for those that are left out."""
        units = [Unit(k, i, name) for i, name in enumerate(self.names[k])]
        column: list[Unit | None] = [*units]
        if len(units) > most:
            column = [*units[: most // 2], None, *units[len(units) - (most - 1) // 2 :]]
        if self.bias_units and k + 1 < len(self.layers) and self.layers[k + 1].biases:
            column.append(Unit(k, None, f"bias {k + 1}"))
        return column

    def _weights(self) -> Iterator[Weight]:
        for before, after in pairwise(self.columns):
            for target in filter(None, after):
                for source in filter(None, before if target.index is not None else ()):
                    port = self.layers[source.layer].size if source.index is None else source.index
                    weight = Weight(source, target, port)
                    if self.size_of(weight) is not None:
                        yield weight

    def size_of(self, weight: Weight, gradients: bool = False) -> float | None:
        """The weight or its gradient; nan if only the shape is known, None if the units are not connected."""
        layer, i = self.layers[weight.target.layer], weight.target.index
        rows, biases = (layer.weight_gradients, layer.bias_gradients) if gradients else (layer.weights, layer.biases)
        if weight.source.index is None:
            return biases[i]
        return rows[i][weight.source.index] if rows else math.nan

    def _arrange(self, fit: float) -> None:
        """A place for every unit, and for every number of a weight if there is room for all of them."""
        rows, given = max(map(len, self.columns)), bool(self.layers[1].weights)
        self.roomy = rows <= 5 and len(self.columns) <= 5
        self.radius = 22 if not self.roomy else 34 if self.layers[0].values else 26
        self.legend_width = given * (LEGEND_WIDTH + LOSS_WIDTH * (self.loss is not None))
        self.numbers: dict[Weight, tuple[float, float]] = {}
        for gap in ROOMS if self.roomy and given else ():
            self._spread(gap, 120 if rows <= 4 else 104, fit)
            self.numbers = self._find_room()
            if self.numbers:
                break
        else:
            self._spread(ROOMS[0] if self.roomy else ROOMS[1], 2 * self.radius + (28 if self.roomy else 4), fit)
        self.bottom = max(y for _, y in self.places.values()) + self.radius + (26 if self.numbers else 8)
        self.height = math.ceil(self.bottom + CAPTION + LEGEND * given) + 2 * MARGIN

    def _spread(self, gap: float, pitch: float, fit: float) -> None:
        """Units in columns, with these distances between their middles, or less if the picture became too wide."""
        rows, last = max(map(len, self.columns)), len(self.columns) - 1
        left, right = self._beside(0) + self.radius, self._beside(last) + self.radius
        gap = max(2 * self.radius + 28, min(gap, (fit - 2 * MARGIN - left - right) / last))
        width = max(left + last * gap + right, self.legend_width)
        left += (width - left - last * gap - right) / 2
        self.width = math.ceil(width) + 2 * MARGIN
        self.places = {
            (k, i): (left + k * gap, 10 + self.radius + (i + (rows - len(column)) / 2) * pitch)
            for k, column in enumerate(self.columns)
            for i in range(len(column))
        }
        self.at = {column[i]: self.places[k, i] for k, column in enumerate(self.columns) for i in range(len(column))}

    def outside(self, k: int) -> bool:
        """Whether the names of a layer stand beside its units: the first and the last one have room there."""
        if k not in (0, len(self.columns) - 1):
            return False
        room = self.room_for_name()
        return any(wide(unit.name, 8.6) > room for unit in self.units(k)) or (self.named[k] and not self.roomy)

    def room_for_name(self) -> float:
        """How wide a name may be that stands in a unit."""
        return 46 if self.roomy else 32

    def units(self, k: int) -> list[Unit]:
        """The drawn units of a layer, without the one that carries the biases."""
        return [unit for unit in self.columns[k] if unit and unit.index is not None]

    def _beside(self, k: int) -> float:
        """The room that the first or last layer needs beside its units, for names and its caption."""
        caption = max(wide(line, 7.8) for line in self.caption(k)) / 2 - self.radius
        names = max(wide(shortened(unit.name), 9) for unit in self.units(k)) + 10
        return max(caption, names if self.outside(k) else 0, 0)

    def caption(self, k: int) -> tuple[str, str]:
        """The two lines below a layer: its title; its size, and what its units do with their sums."""
        layer, drawn = self.layers[k], len(self.units(k))
        size = f"{layer.size} unit{'s' * (layer.size > 1)}" if drawn == layer.size else f"{drawn} of {layer.size} units"
        return self.titles[k], ", ".join(filter(None, [size, layer.activation]))

    def _find_room(self) -> dict[Weight, tuple[float, float]]:
        """Where the numbers of the weights stand: between two layers in one column, clear of other lines."""
        found = {}
        for before in range(len(self.columns) - 1):
            weights = [weight for weight in self.weights if weight.source.layer == before]
            if len(weights) > 16:
                return {}
            places = self._between(before)
            middle = sum(places) / len(places)
            # as clear as they need to be, and then as near the middle of the gap as can be
            clearance, _, x = max((min(self._clearance(x, weights), AMPLE), -abs(x - middle), x) for x in places)
            if clearance < CLEARANCE:
                return {}
            found |= {weight: (x, self._height(weight, x)) for weight in weights}
        return found

    def _between(self, before: int) -> list[float]:
        """Places across the gap after a layer, where a column of numbers may stand clear of the units."""
        aside = self.radius + ASIDE + LABEL[0] / 2
        left, right = self.places[before, 0][0] + aside, self.places[before + 1, 0][0] - aside
        return [left + (right - left) * part for part in PARTS] if left <= right else [(left + right) / 2]

    def radius_of(self, unit: Unit) -> float:
        return float(self.radius if unit.index is not None else min(self.radius, 19))

    def ends(self, weight: Weight) -> tuple[tuple[float, float], tuple[float, float]]:
        """A line runs from the right of one unit to the left of another, and so past no other."""
        (x0, y0), (x1, y1) = self.at[weight.source], self.at[weight.target]
        return (x0 + self.radius_of(weight.source), y0), (x1 - self.radius_of(weight.target), y1)

    def _height(self, weight: Weight, x: float) -> float:
        """Where a line is at this x."""
        (x0, y0), (x1, y1) = self.ends(weight)
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

    def _clearance(self, x: float, weights: Sequence[Weight]) -> float:
        """How far the numbers are from each other and from other lines, if they stand at this x on their lines."""
        width, height = LABEL
        free = math.inf
        for one, other in combinations(weights, 2):
            free = min(free, abs(self._height(one, x) - self._height(other, x)) - height)
            for label, line in ((one, other), (other, one)):
                above, below = sorted(self._height(line, x + side) for side in (-width / 2, width / 2))
                y = self._height(label, x)
                free = min(free, max(above - y, y - below) - height / 2)
        return free

    # ---- words ------------------------------------------------------------------------------

    def picture(self, moment: _Moment, gradients: bool, scale: float | None, theme: str) -> Picture:
        if scale is not None and not scale > 0:
            raise ValueError(f"The scale is the weight that is drawn widest, a number above 0; got {scale!r}.")
        sizes = {weight: self._shown(weight, moment, gradients) for weight in self.weights}
        largest = max((abs(size) for size in sizes.values() if math.isfinite(size)), default=0.0)
        scale, alt = scale or largest or 1.0, self.alt(moment)
        brush = _Brush(theme, self, moment, gradients, scale, alt)
        return Picture(self.svg(brush, sizes), alt, self.text(moment, gradients, scale, alt), self.width)

    def alt(self, moment: _Moment) -> str:
        """What the picture says, in one line."""
        words = f"{'–'.join(str(layer.size) for layer in self.layers)} network"
        parameters = sum(layer.parameters for layer in self.layers)
        words += f" with {parameters:,} parameters" if parameters else ""
        if moment.values:
            inputs = self._numbered(0, self.layers[0].values)
            words += f" at {', '.join(inputs)}" if inputs else f" at a sample of {self.layers[0].size} numbers"
        last = len(self.layers) - 1
        facts = self._numbered(last, self.layers[last].values) if moment.has_value(last) else []
        if moment.has_gradient(last):
            facts.append(f"loss {number(self.loss)}")
        if moment.words:
            active = next(title for k, title in enumerate(self.titles) if moment.state(k) == "active")
            facts.append(f"{moment.words}, {'gradients' if moment.gradients else 'activations'} of {active}")
        for k, column in enumerate(self.columns):
            if None in column:
                facts.append(f"{len(self.units(k))} of {self.layers[k].size} units of {self.titles[k]} drawn")
        return words + (f": {', '.join(facts)}" if facts else "")

    def _numbered(self, k: int, numbers: Sequence[float]) -> list[str]:
        """`name = number` for each unit of a layer, unless they are many."""
        if len(numbers) > LISTED:
            return []
        return [f"{name} = {number(x)}" for name, x in zip(self.names[k], numbers)]

    def text(self, moment: _Moment, gradients: bool, scale: float, alt: str) -> str:
        """A table of all that the picture shows, in numbers: a line for each drawn unit."""
        rows = [["layer", "unit", "activation", "gradient", "bias", "weights"]]
        for k, column in enumerate(self.columns):
            for i, unit in enumerate(column):
                title = ", ".join(filter(None, [self.titles[k], self.layers[k].activation])) if i == 0 else ""
                if unit is None:
                    rows.append(["", f"… {self.layers[k].size - len(self.units(k))} more", "", "", "", ""])
                elif unit.index is not None:
                    rows.append([title, *self._row(unit, moment)])
        kept = [column for column in zip(*rows) if any(column[1:])]
        widths = [max(map(len, column)) for column in kept]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in zip(*kept)]
        told = f"lines show {'gradients' if gradients else 'weights'}, the widest ±{number(scale)}"
        return "\n".join([alt, *("  " + line for line in lines), *(["  " + told] if self.legend_width else [])])

    def has_slopes(self, k: int, moment: _Moment) -> bool:
        """Whether the gradients of a layer's parameters are known; those that the model has stored always are."""
        return bool(self.layers[k].weight_gradients) and (self.loss is None or moment.has_gradient(k))

    def _row(self, unit: Unit, moment: _Moment) -> list[str]:
        layer, i = self.layers[unit.layer], unit.index
        known = self.has_slopes(unit.layer, moment)
        slopes = layer.weight_gradients[i] if known else []
        return [
            unit.name,
            number(layer.values[i]) if moment.has_value(unit.layer) else "",
            number(layer.gradients[i]) if moment.has_gradient(unit.layer) else "",
            self._written(layer.biases[i], layer.bias_gradients[i] if known else None) if layer.biases else "",
            self._weights_of(unit.layer, layer.weights[i], slopes) if layer.weights else "",
        ]

    def _weights_of(self, k: int, row: Sequence[float | None], slopes: Sequence[float | None]) -> str:
        """The weights of one unit, with the names of those that they come from; of many, what they lie between."""
        if len(row) <= LISTED:
            named = zip(self.names[k - 1], row, slopes or [None] * len(row))
            return ", ".join(f"{name} {self._written(w, slope)}" for name, w, slope in named if w is not None)
        words = f"{len(row)} from {_span(row)}"
        return f"{words} (∂ {_span(slopes)})" if slopes else words

    @staticmethod
    def _written(amount: float, slope: float | None) -> str:
        return number(amount) + ("" if slope is None else f" (∂ {number(slope)})")

    # ---- drawing ----------------------------------------------------------------------------

    def svg(self, brush: _Brush, sizes: dict[Weight, float]) -> str:
        """The drawing itself: lines first, thick ones on top, then their numbers, then the units."""
        for weight in sorted(self.weights, key=lambda weight: brush.thickness(sizes[weight])):
            brush.line(weight, sizes[weight])
        for weight, place in self.numbers.items():
            brush.label(weight.name, sizes[weight], *place)
        for k, column in enumerate(self.columns):
            for i, unit in enumerate(column):
                if unit:
                    brush.unit(unit)
                else:
                    brush.left_out(self.places[k, i])
            brush.caption(k)
        brush.legend()
        return brush.svg()

    def _shown(self, weight: Weight, moment: _Moment, gradients: bool) -> float:
        """The number that a line shows; nan if it is not known."""
        if gradients and not self.has_slopes(weight.target.layer, moment):
            return math.nan
        return self.size_of(weight, gradients)


class _Brush(Paper):
    """Draws the parts of a network at one moment."""

    def __init__(self, theme: str, diagram: _Diagram, moment: _Moment, gradients: bool, scale: float, alt: str) -> None:
        super().__init__(theme, diagram.width, diagram.height, alt)
        self.diagram, self.moment, self.gradients, self.scale = diagram, moment, gradients, scale
        self.widest = WIDEST if diagram.roomy else 4.5
        self.colour = self.theme.gradient if gradients else self.theme.value

    def thickness(self, size: float) -> float:
        return max(THINNEST, self.widest * min(1.0, abs(size) / self.scale)) if math.isfinite(size) else 1.2

    def pen(self, size: float) -> dict[str, Any]:
        """How a line of this size is drawn: dashed if negative, plain grey if there is no number."""
        width = self.thickness(size)
        if not math.isfinite(size):
            return {"stroke": self.theme.line, "stroke_width": width}
        if size == 0:
            return {"stroke": self.theme.line, "stroke_width": 1.5, "stroke_dasharray": "1.5 4"}
        pen = {"stroke": self.theme.positive if size > 0 else self.theme.negative, "stroke_width": width}
        if size < 0:
            pen["stroke_dasharray"] = f"{max(5.0, 2 * width):.1f} {max(3.0, width):.1f}"
        if not self.diagram.roomy:  # many lines: the small ones stand back
            pen["stroke_opacity"] = f"{0.25 + 0.75 * min(1.0, abs(size) / self.scale):.2f}"
        return pen

    def line(self, weight: Weight, size: float) -> None:
        end = weight.source if self.moment.gradients else weight.target
        state = self.moment.state(end.layer)
        shade = {"data_state": state, "opacity": FADED[state]} if state else {}
        group = self.add(self.root, "g", data_edge=weight.name, **shade)
        (x0, y0), (x1, y1) = self.diagram.ends(weight)
        self.add(group, "line", x1=x0, y1=y0, x2=x1, y2=y1, **self.pen(size))
        self.add(group, "title", self.weight_words(weight))

    def weight_words(self, weight: Weight) -> str:
        """`x1 → h1: weight 0.5, gradient −1.42`."""
        facts = []
        if self.diagram.layers[weight.target.layer].weights:
            facts.append(f"weight {number(self.diagram.size_of(weight))}")
        if self.diagram.has_slopes(weight.target.layer, self.moment):
            facts.append(f"gradient {number(self.diagram.size_of(weight, gradients=True))}")
        return f"{weight.source.name} → {weight.target.name}" + (f": {', '.join(facts)}" if facts else "")

    def label(self, name: str, size: float, x: float, y: float) -> None:
        group = self.add(self.root, "g", data_label=name)
        text, height = "·" if math.isnan(size) else fitted(size, 6), LABEL[1]
        width = wide(text, DIGIT) + 6
        self.add(
            group, "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=6, fill=self.theme.ground
        )
        self.number(group, text, x, y + 4.7, self.colour, SMALL, anchor="middle", data_role="weight")

    def unit(self, unit: Unit) -> None:
        diagram, moment = self.diagram, self.moment
        (x, y), radius = diagram.at[unit], diagram.radius_of(unit)
        state = moment.state(unit.layer)
        group = self.add(self.root, "g", data_node=unit.name, **({"data_state": state} if state else {}))
        self.add(group, "circle", cx=x, cy=y, r=radius, **self.outline(unit))
        self.add(group, "title", self.unit_words(unit))
        if unit.index is None:
            self.number(group, "1", x, y + 5, self.theme.ink, 14, anchor="middle")
            return
        layer = diagram.layers[unit.layer]
        value = layer.values[unit.index] if moment.has_value(unit.layer) else None
        slope = layer.gradients[unit.index] if moment.has_gradient(unit.layer) else None
        self.inscribe(group, unit, value, slope, x, y)
        if layer.activation in FUNCTIONS and diagram.roomy:
            self.curve(group, layer.activation, x, y - radius)
        if diagram.numbers and layer.biases and not diagram.bias_units:
            self.bias(unit, x, y + radius + 14)

    def outline(self, unit: Unit) -> dict[str, Any]:
        theme, state = self.theme, self.moment.state(unit.layer)
        fill = theme.constant if unit.index is None else theme.card if unit.layer else theme.leaf
        stroke = {
            "active": {"stroke": theme.active, "stroke_width": 3.5},
            "done": {"stroke": theme.done, "stroke_width": 2.2},
        }.get(state, {"stroke": theme.border, "stroke_width": 1.5})
        dashes = {"stroke_dasharray": "4 3"} if unit.index is None or state == "waiting" else {}
        return {"fill": fill} | stroke | dashes

    def inscribe(
        self, group: Element, unit: Unit, value: float | None, slope: float | None, x: float, y: float
    ) -> None:
        """Name, activation and gradient in their slots: all three where there is room, else the one that matters."""
        diagram = self.diagram
        layer, name = diagram.layers[unit.layer], unit.name
        if diagram.outside(unit.layer):
            side, anchor = (-1, "end") if unit.layer == 0 else (1, "start")
            beside = self.add(self.root, "g", data_label=f"name of {name}")
            self.name(name, beside, x + side * (diagram.radius + 9), y + 5, 14, anchor)
            name = ""
        elif wide(name, 8.6) > diagram.room_for_name():
            kept = [k for k in range(len(name)) if wide(name[:k] + "…", 8.6) <= diagram.room_for_name()]
            name = name[: max(kept)] + "…"
        numbers = [
            *([(value, self.theme.value, "value", "")] if layer.values else []),
            *([(slope, self.theme.gradient, "gradient", "∂" * diagram.roomy)] if layer.gradients else []),
        ]
        if numbers and not diagram.roomy:
            name, numbers = "", numbers[-1:] if self.gradients and slope is not None else numbers[:1]
        lines = [*([name] if name else []), *numbers]
        middle = y + 4.5 - (len(lines) - 1) * 8 + (1.5 if len(lines) > 2 else 0)
        for i, line in enumerate(lines):
            base = middle + i * 16
            if isinstance(line, str):
                self.name(line, group, x, base, SMALL + (not numbers) * 1.5, "middle")
                continue
            amount, colour, role, sign = line
            text = "·" if amount is None else fitted(amount, 6 - len(sign) if diagram.roomy else 5)
            fill = self.theme.muted if amount is None else colour
            self.number(group, sign + text, x, base, fill, SMALL, anchor="middle", data_role=role)

    def name(self, name: str, group: Element, x: float, y: float, size: float, anchor: str) -> None:
        self.add(
            group, "text", shortened(name), x=x, y=y, font_size=size, font_weight=600, text_anchor=anchor,
            fill=self.theme.ink, data_role="name",
        )  # fmt: skip

    def unit_words(self, unit: Unit) -> str:
        if unit.index is None:
            return "always 1: its weights are the biases"
        layer, i, facts = self.diagram.layers[unit.layer], unit.index, []
        if self.moment.has_value(unit.layer):
            facts.append(f"activation {number(layer.values[i])}")
        if self.moment.has_gradient(unit.layer):
            facts.append(f"gradient {number(layer.gradients[i])}")
        if layer.biases:
            facts.append(f"bias {number(layer.biases[i])}")
        return f"{unit.name}: {', '.join(facts)}" if facts else unit.name

    def curve(self, group: Element, activation: str, x: float, y: float) -> None:
        """The graph of the activation, computed, on a small plate at the top of the unit."""
        width, height = 26, 16
        inputs = [i / 4 for i in range(-10, 11)]
        points = [(a, b) for a in inputs if math.isfinite(b := FUNCTIONS[activation].forward(a))]
        low, high = min(b for _, b in points), max(b for _, b in points)
        self.add(
            group, "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=4,
            fill=self.theme.badge, stroke=self.theme.border, stroke_width=0.8,
        )  # fmt: skip
        places = " ".join(
            f"{x + a * (width - 6) / 5:.1f},{y + height / 2 - 3 - (b - low) / (high - low) * (height - 6):.1f}"
            for a, b in points
        )
        self.add(group, "polyline", points=places, fill="none", stroke=self.theme.ink, stroke_width=1.6)

    def bias(self, unit: Unit, x: float, y: float) -> None:
        diagram = self.diagram
        layer = diagram.layers[unit.layer]
        known = not self.gradients or diagram.has_slopes(unit.layer, self.moment)
        size = (layer.bias_gradients if self.gradients else layer.biases)[unit.index] if known else None
        group = self.add(self.root, "g", data_label=f"bias of {unit.name}")
        self.add(group, "rect", x=x - 33, y=y - 9, width=66, height=17, rx=6, fill=self.theme.ground)
        line = self.add(group, "text", x=x, y=y + 4.7, font_size=SMALL, text_anchor="middle", fill=self.theme.muted)
        self.add(line, "tspan", "b ")
        text = "·" if size is None else fitted(size, 6)
        self.add(line, "tspan", text, fill=self.colour, font_family=MONO, data_role="bias")

    def left_out(self, place: tuple[float, float]) -> None:
        x, y = place
        for dy in (-8.0, 0.0, 8.0):
            self.add(self.root, "circle", cx=x, cy=y + dy, r=2.2, fill=self.theme.muted)

    def caption(self, k: int) -> None:
        x, y = self.diagram.places[k, 0][0], self.diagram.bottom + 18
        title, size = self.diagram.caption(k)
        group = self.add(self.root, "g", data_label=f"layer {k}", text_anchor="middle")
        self.add(group, "text", title, x=x, y=y, font_size=14, font_weight=600, fill=self.theme.ink)
        self.add(group, "text", size, x=x, y=y + 18, font_size=SMALL, fill=self.theme.muted)

    def legend(self) -> None:
        """What the lines say: their style the sign, their width the size."""
        diagram = self.diagram
        if not diagram.legend_width:
            return
        group = self.add(self.root, "g")
        what = "gradient" if self.gradients else "weight"
        widest = f"±{number(self.scale)}; width in proportion"
        x, y = (diagram.width - 2 * MARGIN - diagram.legend_width) / 2, float(diagram.bottom + CAPTION + LEGEND - 12)
        for size, words, room in ((0.6, f"{what} above 0", 175), (-0.6, "below 0", 120), (1.0, widest, 255)):
            self.add(group, "line", x1=x, y1=y - 4.5, x2=x + 34, y2=y - 4.5, **self.pen(size * self.scale))
            self.add(group, "text", words, x=x + 42, y=y, font_size=SMALL, fill=self.theme.muted)
            x += room
        if diagram.loss is not None:
            loss = compact(diagram.loss) if self.moment.has_gradient(len(diagram.layers) - 1) else "·"
            words = self.add(group, "text", x=x, y=y, font_size=SMALL, fill=self.theme.muted)
            self.add(words, "tspan", "∂ ", fill=self.theme.gradient, font_family=MONO)
            self.add(words, "tspan", "of the loss, ")
            self.add(words, "tspan", loss, fill=self.theme.value, font_family=MONO, data_role="loss")


def fitted(x: float, characters: int) -> str:
    """`x` as in the text, or rounded to as many decimals as fit; zeros stay, so that it can be seen.

    >>> fitted(0.1995, 5), fitted(0.5, 5), fitted(-0.01334, 6), fitted(-1.2e-5, 6)
    ('0.200', '0.5', '−0.013', '−1e−05')
    """
    text = number(x)
    decimals = characters - len(f"{x:.0f}") - 1
    if len(text) <= characters or decimals < 1 or abs(x) < 0.1**decimals:
        return compact(x, characters)
    return f"{x:.{decimals}f}".replace("-", "−")


def _span(numbers: Sequence[float | None]) -> str:
    given = [x for x in numbers if x is not None]
    return f"{number(min(given))} to {number(max(given))}"


# ---- names --------------------------------------------------------------------------------------


def _per_layer(given: Sequence[Any] | None, layers: Sequence[Layer], what: str) -> Sequence[Any]:
    if given is not None and (isinstance(given, str) or len(given) != len(layers)):
        raise ValueError(f"{what} has one entry for each layer, inputs first: {len(layers)} here; got {given!r}.")
    return given or [None] * len(layers)


def _names(layers: Sequence[Layer], given: Sequence[Sequence[str] | None] | None) -> list[list[str]]:
    names = []
    last = len(layers) - 1
    for k, (layer, own) in enumerate(zip(layers, _per_layer(given, layers, "names"))):
        letter = "x" if k == 0 else "y" if k == last else "h" if last == 2 else f"h{k}."
        usual = [letter] if layer.size == 1 and k in (0, last) else [f"{letter}{i + 1}" for i in range(layer.size)]
        if own and (isinstance(own, str) or len(own) != layer.size):
            raise ValueError(
                f"Layer {k} has {layer.size} units, so it takes a list of {layer.size} names; got {own!r}."
            )
        names.append([str(name) for name in own] if own else usual)
    every = [name for layer in names for name in layer]
    if len(set(every)) < len(every):
        twice = next(name for name in every if every.count(name) > 1)
        raise ValueError(f"Each unit has a name of its own; {twice!r} is given twice.")
    return names


def _titles(layers: Sequence[Layer], given: Sequence[str] | None) -> list[str]:
    hidden = len(layers) - 2
    usual = ["input", *([f"hidden {k + 1}" for k in range(hidden)] if hidden > 1 else ["hidden"] * hidden), "output"]
    return [str(own or title) for own, title in zip(_per_layer(given, layers, "titles"), usual)]
