"""What is known of one moment of a training: a byte for each number that is drawn, all texts, what is said of it."""

from __future__ import annotations

import math
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..draw.paper import compact
from ..draw.plane import crossings, pixel, trail
from ..notation import number
from .training import Layer, Training, Unit
from .training_sheet import TILES, Sheet
from .training_slots import magnitude, to_bytes

ILL = {
    "dead": ", at 0 for every training point: no gradient gets through, so nothing before it learns by it.",
    "almost dead": ", at 0 for nearly every training point: hardly any gradient gets through.",
    "saturated": ", on the flat side at nearly every training point: hardly any gradient gets through.",
}


@dataclass
class Frame:
    """One moment: its numbers as bytes, in the order of a sheet's parts, its texts by slot, and what is said of it."""

    step: int
    losses: list[float]  # training data, held-out data
    data: bytes
    texts: dict[str, str]
    sentence: str
    health: str
    alt: str
    rows: list[list[str]]
    error: str = ""

    @classmethod
    def of(cls, sheet: Sheet, error: str = "") -> Frame:
        """What is to be seen now of the training that has this sheet."""
        t = sheet.training
        with np.errstate(all="ignore"):
            losses, shares = t.measured()
            numbers, texts = _images(sheet) if sheet.images else _plane(sheet)
            units = t.units()
        arrays, largest = _weights(sheet)
        for label, unit in zip(sheet.shares, units):
            texts[label.text] = unit.ill if unit.ill == "dead" else _percent(unit.share)
        texts |= {f"{kind} {i} largest": text for (kind, i), text in largest.items()}
        (loss, held), (right, held_right) = map(number, losses), map(_percent, shares)
        norm = number(math.sqrt(sum(float((p.grad**2).sum()) for p in t.parameters if p.grad is not None)))
        sentence = (
            f"{_moment(t)}: loss {loss} on the training data, {held} on held-out data; {right} and {held_right} right."
        )
        if t.steps:
            sentence += f" The gradient has length {norm}."
        alt = (
            f"training after {t.steps} steps: loss {loss} on the training data and {held} on held-out data, "
            f"{right} and {held_right} right"
        )
        rows = [
            ["loss", f"{loss}, held out {held}"],
            ["right", f"{right}, held out {held_right}"],
            ["length of the gradient", norm],
            *([f"{kind}, layer {i + 1}", text] for (kind, i), text in largest.items()),
            *([f"unit {unit.name}", _passing(unit)] for unit in units),
        ]
        data = np.concatenate([*numbers, *arrays]).tobytes()
        return cls(t.steps, losses, data, texts, sentence, _health(units), alt, rows, error)

    @property
    def said(self) -> str:
        return f"{self.sentence} {self.health}".rstrip()

    @cached_property
    def sent(self) -> dict[str, Any]:
        """As it is sent to the page, which has the losses in the curves."""
        told = {name: it for name, it in vars(self).items() if name != "losses"}
        return told | {"data": b64encode(self.data).decode()}


# ---- numbers, and texts by slot ------------------------------------------------------------------


def _plane(sheet: Sheet) -> tuple[list[np.ndarray], dict[str, str]]:
    """The classes and the responses of units over the plane, and where each changes its sign."""
    t = sheet.training
    margins = t.margins(sheet.grid).T
    numbers = [to_bytes(margin, 1.0) for margin in margins]
    texts = {f"class {i} line": _contour(margin) for i, margin in enumerate(margins[: -1 if t.classes <= 2 else None])}
    units = [
        (z, a)
        for layer, (sums, responses, _) in zip(t.layers, t.hidden(sheet.coarse))
        for z, a in zip(sums.T, (responses - _at_rest(layer)).T)
    ]
    for i, (z, a) in enumerate(units[: len(sheet.responses)]):
        texts[f"unit {i} line"] = _contour(z)
        numbers.append(to_bytes(a))
    return numbers, texts


def _contour(square: np.ndarray) -> str:
    """Where a square field goes through 0, in cells; there is no line beside what is no number."""
    chains = crossings(square.reshape(math.isqrt(square.size), -1).tolist(), 0.0)
    return "".join(trail([(pixel(x + 0.5), pixel(y + 0.5)) for x, y in chain]) for chain in chains)


def _at_rest(layer: Layer) -> float:
    """What a unit says when its sum is 0: half way for a sigmoid."""
    value = np.zeros((1, 1))
    for module in layer.activation:
        value = module(value).data
    return float(value.item())


def _images(sheet: Sheet) -> tuple[list[np.ndarray], dict[str, str]]:
    """Held-out images: first the mistakes of which the model is surest, then others."""
    x, y = sheet.training.data[2:]
    scores = sheet.training.scores(x)
    said, sure = scores.argmax(1), scores.max(1)
    wrong = [i for i in np.argsort(-sure, kind="stable") if said[i] != y[i]][: len(sheet.tiles) // 2]
    right = [i for i in range(len(x)) if said[i] == y[i]]
    shown = [*wrong, *right, *(i for i in range(len(x)) if i not in {*wrong, *right})][: len(sheet.tiles)]
    texts = {}
    for place, i in enumerate(shown):
        texts[f"said {place}"] = f"✗ {said[i]}, is {y[i]}" if said[i] != y[i] else f"✓ {said[i]}"
        texts[f"sure {place}"] = _percent(sure[i])
    return [to_bytes(x[i], 1.0) for i in shown], texts


def _weights(sheet: Sheet) -> tuple[list[np.ndarray], dict[tuple[str, int], str]]:
    """The weights and the gradients of each layer; how large the largest is, of ("weights", 0), ("gradients", 0), …"""
    numbers, texts = [], {}
    for i, layer in enumerate(sheet.training.layers):
        for kind, of in (("weights", "data"), ("gradients", "grad")):
            array = _with_bias(layer, of)
            largest = magnitude(array)
            numbers.append(to_bytes(array[: TILES if sheet.images and i == 0 else None], largest))
            broken = "" if np.isfinite(array).all() else ", not all are numbers"
            texts[kind, i] = f"largest {compact(largest)}{broken}"
    return numbers, texts


def _with_bias(layer: Layer, of: str) -> np.ndarray:
    """A layer's weights, or their gradients, with the bias as the last column; 0 where there is none yet."""
    parameters = [p for p in (layer.linear.weight, layer.linear.bias) if p is not None]
    arrays = [np.zeros(p.shape) if getattr(p, of) is None else getattr(p, of) for p in parameters]
    return np.column_stack(arrays)


# ---- in words ------------------------------------------------------------------------------------


def _moment(t: Training) -> str:
    if not t.steps:
        return "Before the first step"
    epoch, batch = divmod(t.steps - 1, len(t.sampler))
    return f"Step {t.steps} (batch {batch + 1} of {len(t.sampler)}, epoch {epoch + 1})"


def _health(units: list[Unit]) -> str:
    """What ails units, if anything does."""
    ill = {kind: [unit.name for unit in units if unit.ill == kind] for kind in ILL}
    return " ".join(f"{kind.capitalize()}: {_listed(names)}{ILL[kind]}" for kind, names in ill.items() if names)


def _passing(unit: Unit) -> str:
    ill = f": {unit.ill}" if unit.ill else ""
    return f"passes the gradient on at {_percent(unit.share)} of the training points{ill}"


def _percent(share: float) -> str:
    return f"{round(100 * share)}\N{NO-BREAK SPACE}%" if math.isfinite(share) else "nan"


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"
