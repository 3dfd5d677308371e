"""What is known of a network at one moment of its forward and backward pass, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

from ..notation import number
from .network_sheet import Sheet, Unit, Weight

LISTED = 8  # numbers that are named one by one; of more, the text says the smallest and the largest


class Frame:
    """One moment: the numbers that are known by then, what the lines show, and what is said of it.

    So many layers have their activations, from the inputs on, and so many their gradients, from the output back.
    """

    def __init__(self, sheet: Sheet, step: int | None, gradients: bool, scale: float | None) -> None:
        self.sheet, self.layers = sheet, sheet.layers
        self.of_gradients = gradients  # lines, and the numbers on them, instead of weights
        self.count = len(self.layers)  # inputs included
        self.values, self.gradients, self.moment = self._reached(step)
        if scale is not None and not scale > 0:
            raise ValueError(f"The scale is the weight that is drawn widest, a number above 0; got {scale!r}.")
        self.sizes = {weight: self._shown(weight) for weight in sheet.weights}
        largest = max((abs(size) for size in self.sizes.values() if math.isfinite(size)), default=0.0)
        self.scale = scale or largest or 1.0

    def _reached(self, step: int | None) -> tuple[int, int, str]:
        """How many layers have their activations and their gradients; which step that is, in words."""
        known, back = bool(self.layers[0].values), bool(self.layers[0].gradients)
        if step is None:
            return self.count * known, self.count * back, ""
        if not known:
            raise ValueError("A network without a sample has no steps; give x as well.")
        last = self.count - 1 + self.count * back
        if not 0 <= step <= last:
            raise ValueError(f"This network has {last} steps; got step={step}, expected 0 to {last}.")
        return min(step, self.count - 1) + 1, max(0, step - self.count + 1), f"step {step} of {last}"

    # ---- numbers --------------------------------------------------------------------------------

    def state(self, k: int) -> str:
        """Of a layer's units: "waiting", "active" (their number has just appeared) or "done"."""
        if not self.moment:
            return ""
        place, known = (self.count - 1 - k, self.gradients) if self.gradients else (k, self.values)
        return "waiting" if place >= known else "active" if place == known - 1 else "done"

    def value(self, unit: Unit) -> float | None:
        return self.layers[unit.layer].values[unit.index] if unit.layer < self.values else None

    def gradient(self, unit: Unit) -> float | None:
        return self.layers[unit.layer].gradients[unit.index] if self._has_gradient(unit.layer) else None

    def _has_gradient(self, k: int) -> bool:
        return k >= self.count - self.gradients

    def has_slopes(self, k: int) -> bool:
        """Whether the gradients of a layer's parameters are known; those that the model has stored always are."""
        return bool(self.layers[k].weight_gradients) and (self.sheet.loss is None or self._has_gradient(k))

    def bias(self, unit: Unit) -> float | None:
        """The number beside the bias of a unit: like those of the lines a weight or a gradient."""
        layer, i = self.layers[unit.layer], unit.index
        if not self.of_gradients:
            return layer.biases[i]
        return layer.bias_gradients[i] if self.has_slopes(unit.layer) else None

    @property
    def loss(self) -> float | None:
        return self.sheet.loss if self._has_gradient(self.count - 1) else None

    def _shown(self, weight: Weight) -> float:
        """The number that a line shows; nan if it is not known."""
        if self.of_gradients and not self.has_slopes(weight.target.layer):
            return math.nan
        return self.sheet.size_of(weight, self.of_gradients)

    # ---- words ----------------------------------------------------------------------------------

    @cached_property
    def alt(self) -> str:
        """What the picture says, in one line."""
        words = f"{'–'.join(str(layer.size) for layer in self.layers)} network"
        parameters = sum(layer.parameters for layer in self.layers)
        words += f" with {parameters:,} parameters" if parameters else ""
        if self.values:
            inputs = self._numbered(0)
            words += f" at {', '.join(inputs)}" if inputs else f" at a sample of {self.layers[0].size} numbers"
        facts = self._numbered(self.count - 1) if self.values == self.count else []
        if self.loss is not None:
            facts.append(f"loss {number(self.loss)}")
        titles = self.sheet.titles
        if self.moment:
            active = next(title for k, title in enumerate(titles) if self.state(k) == "active")
            facts.append(f"{self.moment}, {'gradients' if self.gradients else 'activations'} of {active}")
        for k, column in enumerate(self.sheet.columns):
            if None in column:
                facts.append(f"{len(self.sheet.units(k))} of {self.layers[k].size} units of {titles[k]} drawn")
        return words + (f": {', '.join(facts)}" if facts else "")

    def _numbered(self, k: int) -> list[str]:
        """`name = activation` for each unit of a layer, unless they are many."""
        values = self.layers[k].values
        if len(values) > LISTED:
            return []
        return [f"{name} = {number(x)}" for name, x in zip(self.sheet.names[k], values)]

    @property
    def text(self) -> str:
        """A table of all that the picture shows, in numbers: a line for each drawn unit."""
        rows = [["layer", "unit", "activation", "gradient", "bias", "weights"]]
        for k, column in enumerate(self.sheet.columns):
            title = ", ".join(filter(None, [self.sheet.titles[k], self.layers[k].activation]))
            for i, unit in enumerate(column):
                if unit is None:
                    rows.append(["", f"… {self.layers[k].size - len(self.sheet.units(k))} more", "", "", "", ""])
                elif unit.index is not None:
                    rows.append(["" if i else title, *self._row(unit)])
        kept = [column for column in zip(*rows) if any(column[1:])]
        widths = [max(map(len, column)) for column in kept]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in zip(*kept)]
        if self.sheet.legend_width:
            what = "gradients" if self.of_gradients else "weights"
            lines.append(f"lines show {what}, the widest ±{number(self.scale)}")
        return "\n".join([self.alt, *("  " + line for line in lines)])

    def _row(self, unit: Unit) -> list[str]:
        layer, i, known = self.layers[unit.layer], unit.index, self.has_slopes(unit.layer)
        value, gradient = self.value(unit), self.gradient(unit)
        return [
            unit.name,
            "" if value is None else number(value),
            "" if gradient is None else number(gradient),
            _written(layer.biases[i], layer.bias_gradients[i] if known else None) if layer.biases else "",
            self._weights_of(unit, layer.weight_gradients[i] if known else []) if layer.weights else "",
        ]

    def _weights_of(self, unit: Unit, slopes: Sequence[float | None]) -> str:
        """The weights of one unit, with the names of those that they come from; of many, what they lie between."""
        row = self.layers[unit.layer].weights[unit.index]
        if len(row) <= LISTED:
            named = zip(self.sheet.names[unit.layer - 1], row, slopes or [None] * len(row))
            return ", ".join(f"{name} {_written(w, slope)}" for name, w, slope in named if w is not None)
        words = f"{len(row)} from {_span(row)}"
        return f"{words} (∂ {_span(slopes)})" if slopes else words

    def told_of_weight(self, weight: Weight) -> str:
        """`x1 → h1: weight 0.5, gradient −1.42`."""
        facts, k = {}, weight.target.layer
        if self.layers[k].weights:
            facts["weight"] = self.sheet.size_of(weight)
        if self.has_slopes(k):
            facts["gradient"] = self.sheet.size_of(weight, gradients=True)
        return _told(f"{weight.source.name} → {weight.target.name}", facts)

    def told_of_unit(self, unit: Unit) -> str:
        """`h1: activation 0.2449, gradient −1.51, bias 0.25`."""
        if unit.index is None:
            return "always 1: its weights are the biases"
        biases = self.layers[unit.layer].biases
        facts = {
            "activation": self.value(unit),
            "gradient": self.gradient(unit),
            "bias": biases[unit.index] if biases else None,
        }
        return _told(unit.name, facts)


def _told(name: str, facts: dict[str, float | None]) -> str:
    known = [f"{what} {number(x)}" for what, x in facts.items() if x is not None]
    return f"{name}: {', '.join(known)}" if known else name


def _written(amount: float, slope: float | None) -> str:
    return number(amount) + ("" if slope is None else f" (∂ {number(slope)})")


def _span(numbers: Sequence[float | None]) -> str:
    given = [x for x in numbers if x is not None]
    return f"{number(min(given))} to {number(max(given))}"
