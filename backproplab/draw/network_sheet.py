"""Where everything is in the picture of a network, and what it is called: nothing moves, whatever the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from .models import Layer, Reading
from .paper import MARGIN, shortened, wide

ROOMS = (240, 320, 400)  # widths to be tried between the middles of two layers
LABEL = (54, 17)  # the room for the number of a weight
CLEARANCE, AMPLE = 1, 8  # between such a number and any line but its own: at least, and if there is room
ASIDE = 14  # between it and a unit
CAPTION, LEGEND = 42, 28  # heights of the two lines of a layer's caption, and of the legend
LEGEND_WIDTH, LOSS_WIDTH = 550, 175
LETTER = 8.6  # width of a character of a name in its unit
PARTS = [i / 40 for i in range(41)]  # of the way between two layers, at which their numbers may stand


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


class Sheet:
    """The units and weights that are drawn, and the places of both; of numbers, where there is room for all."""

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
        self.named = [bool(own) for own in _per_layer(names, self.layers, "names")]
        self.names = _names(self.layers, names)
        self.titles = _titles(self.layers, titles)
        self.bias_units = bias_units
        self.columns = [self._column(k, most) for k in range(len(self.layers))]
        self.weights = list(self._weights())
        self._arrange(fit)

    # ---- what is drawn --------------------------------------------------------------------------

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

    def units(self, k: int) -> list[Unit]:
        """The drawn units of a layer, without the one that carries the biases."""
        return [unit for unit in self.columns[k] if unit and unit.index is not None]

    def caption(self, k: int) -> tuple[str, str]:
        """The two lines below a layer: its title; its size, and what its units do with their sums."""
        layer, drawn = self.layers[k], len(self.units(k))
        size = f"{layer.size} unit{'s' * (layer.size > 1)}" if drawn == layer.size else f"{drawn} of {layer.size} units"
        return self.titles[k], ", ".join(filter(None, [size, layer.activation]))

    # ---- where it goes --------------------------------------------------------------------------

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
        self.at = {self.columns[k][i]: place for (k, i), place in self.places.items()}

    def _beside(self, k: int) -> float:
        """The room that the first or last layer needs beside its units, for names and its caption."""
        caption = max(wide(line, 7.8) for line in self.caption(k)) / 2 - self.radius
        names = max(wide(shortened(unit.name), 9) for unit in self.units(k)) + 10
        return max(caption, names if self.outside(k) else 0, 0)

    def outside(self, k: int) -> bool:
        """Whether the names of a layer stand beside its units: the first and the last one have room there."""
        if k not in (0, len(self.columns) - 1):
            return False
        return not all(self._has_room(unit.name) for unit in self.units(k)) or (self.named[k] and not self.roomy)

    def inside(self, name: str) -> str:
        """As much of a name as there is room for in a unit."""
        if self._has_room(name):
            return name
        return name[: max(k for k in range(len(name)) if self._has_room(name[:k] + "…"))] + "…"

    def _has_room(self, name: str) -> bool:
        return wide(name, LETTER) <= (46 if self.roomy else 32)

    def radius_of(self, unit: Unit) -> float:
        return float(self.radius if unit.index is not None else min(self.radius, 19))

    # ---- lines, and the numbers on them ---------------------------------------------------------

    def ends(self, weight: Weight) -> tuple[tuple[float, float], tuple[float, float]]:
        """A line runs from the right of one unit to the left of another, and so past no other."""
        (x0, y0), (x1, y1) = self.at[weight.source], self.at[weight.target]
        return (x0 + self.radius_of(weight.source), y0), (x1 - self.radius_of(weight.target), y1)

    def _height(self, weight: Weight, x: float) -> float:
        """Where a line is at this x."""
        (x0, y0), (x1, y1) = self.ends(weight)
        return y0 + (y1 - y0) * (x - x0) / (x1 - x0)

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
