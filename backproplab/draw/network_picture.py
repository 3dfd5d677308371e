"""The drawing of a network: circles for units, lines for weights, with the numbers where there is room.

The sign of a weight is its line's style as well as its colour, its magnitude the line's width.
"""

from __future__ import annotations

import math
from typing import Any
from xml.etree.ElementTree import Element

from ..notation import number
from ..ops import FUNCTIONS
from .network_frame import Frame
from .network_sheet import CAPTION, LABEL, LEGEND, Unit, Weight
from .paper import DIGIT, MARGIN, MONO, SMALL, Paper, compact, shortened, wide

WIDEST, THINNEST = 6.0, 0.8  # lines
FADED = {"waiting": 0.18, "done": 0.55, "active": 1.0}  # lines, while the network is walked through


def drawing(frame: Frame, theme: str) -> str:
    """A moment as an SVG: lines first, thick ones on top, then their numbers, then the units."""
    sheet, pen = frame.sheet, _Pen(frame, theme)
    for weight in sorted(sheet.weights, key=lambda weight: pen.thickness(frame.sizes[weight])):
        pen.line(weight)
    for weight, place in sheet.numbers.items():
        pen.label(weight, *place)
    for k, column in enumerate(sheet.columns):
        for i, unit in enumerate(column):
            if unit:
                pen.unit(unit)
            else:
                pen.left_out(*sheet.places[k, i])
        pen.caption(k)
    if sheet.legend_width:
        pen.legend()
    return pen.svg()


class _Pen(Paper):
    """Draws the parts of a network at one moment."""

    def __init__(self, frame: Frame, theme: str) -> None:
        super().__init__(theme, frame.sheet.width, frame.sheet.height, frame.alt)
        self.frame, self.sheet = frame, frame.sheet
        self.widest = WIDEST if self.sheet.roomy else 4.5
        self.colour = self.theme.gradient if frame.of_gradients else self.theme.value

    # ---- lines ----------------------------------------------------------------------------------

    def thickness(self, size: float) -> float:
        return max(THINNEST, self.widest * min(1.0, abs(size) / self.frame.scale)) if math.isfinite(size) else 1.2

    def stroke(self, size: float) -> dict[str, Any]:
        """How a line of this size is drawn: dashed if negative, plain grey if there is no number."""
        width = self.thickness(size)
        if not math.isfinite(size):
            return {"stroke": self.theme.line, "stroke_width": width}
        if size == 0:
            return {"stroke": self.theme.line, "stroke_width": 1.5, "stroke_dasharray": "1.5 4"}
        look = {"stroke": self.theme.positive if size > 0 else self.theme.negative, "stroke_width": width}
        if size < 0:
            look["stroke_dasharray"] = f"{max(5.0, 2 * width):.1f} {max(3.0, width):.1f}"
        if not self.sheet.roomy:  # many lines: the small ones stand back
            look["stroke_opacity"] = f"{0.25 + 0.75 * min(1.0, abs(size) / self.frame.scale):.2f}"
        return look

    def line(self, weight: Weight) -> None:
        end = weight.source if self.frame.gradients else weight.target
        state = self.frame.state(end.layer)
        shade = {"data_state": state, "opacity": FADED[state]} if state else {}
        group = self.add(self.root, "g", data_edge=weight.name, **shade)
        (x0, y0), (x1, y1) = self.sheet.ends(weight)
        self.add(group, "line", x1=x0, y1=y0, x2=x1, y2=y1, **self.stroke(self.frame.sizes[weight]))
        self.add(group, "title", self.frame.told_of_weight(weight))

    def label(self, weight: Weight, x: float, y: float) -> None:
        """The number of a weight, on its line."""
        group = self.add(self.root, "g", data_label=weight.name)
        size, height = self.frame.sizes[weight], LABEL[1]
        text = "·" if math.isnan(size) else fitted(size, 6)
        width = wide(text, DIGIT) + 6
        self.add(
            group, "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=6, fill=self.theme.ground
        )
        self.number(group, text, x, y + 4.7, self.colour, SMALL, anchor="middle", data_role="weight")

    # ---- units ----------------------------------------------------------------------------------

    def unit(self, unit: Unit) -> None:
        sheet, layer = self.sheet, self.sheet.layers[unit.layer]
        (x, y), radius, state = sheet.at[unit], sheet.radius_of(unit), self.frame.state(unit.layer)
        group = self.add(self.root, "g", data_node=unit.name, **({"data_state": state} if state else {}))
        self.add(group, "circle", cx=x, cy=y, r=radius, **self.outline(unit, state))
        self.add(group, "title", self.frame.told_of_unit(unit))
        if unit.index is None:
            self.number(group, "1", x, y + 5, self.theme.ink, 14, anchor="middle")
            return
        self.inscribe(group, unit, x, y)
        if layer.activation in FUNCTIONS and sheet.roomy:
            self.curve(group, layer.activation, x, y - radius)
        if sheet.numbers and layer.biases and not sheet.bias_units:
            self.bias(unit, x, y + radius + 14)

    def outline(self, unit: Unit, state: str) -> dict[str, Any]:
        theme = self.theme
        fill = theme.constant if unit.index is None else theme.card if unit.layer else theme.leaf
        stroke = {
            "active": {"stroke": theme.active, "stroke_width": 3.5},
            "done": {"stroke": theme.done, "stroke_width": 2.2},
        }.get(state, {"stroke": theme.border, "stroke_width": 1.5})
        dashes = {"stroke_dasharray": "4 3"} if unit.index is None or state == "waiting" else {}
        return {"fill": fill} | stroke | dashes

    def inscribe(self, group: Element, unit: Unit, x: float, y: float) -> None:
        """Name, activation and gradient in their slots: all three where there is room, else the one that matters."""
        roomy, layer = self.sheet.roomy, self.sheet.layers[unit.layer]
        value, gradient = self.frame.value(unit), self.frame.gradient(unit)
        numbers = [
            *([(value, self.theme.value, "value", "")] if layer.values else []),
            *([(gradient, self.theme.gradient, "gradient", "∂" * roomy)] if layer.gradients else []),
        ]
        outside = self.sheet.outside(unit.layer)
        if outside:
            self.name_beside(unit, x, y)
        name = "" if outside else self.sheet.inside(unit.name)
        if numbers and not roomy:
            name, numbers = "", numbers[-1:] if self.frame.of_gradients and gradient is not None else numbers[:1]
        lines = [*([name] if name else []), *numbers]
        middle = y + 4.5 - (len(lines) - 1) * 8 + (1.5 if len(lines) > 2 else 0)
        for i, line in enumerate(lines):
            base = middle + i * 16
            if isinstance(line, str):
                self.name(group, line, x, base, SMALL + (not numbers) * 1.5, "middle")
                continue
            amount, colour, role, sign = line
            text = "·" if amount is None else fitted(amount, 6 - len(sign) if roomy else 5)
            fill = self.theme.muted if amount is None else colour
            self.number(group, sign + text, x, base, fill, SMALL, anchor="middle", data_role=role)

    def name_beside(self, unit: Unit, x: float, y: float) -> None:
        side, anchor = (-1, "end") if unit.layer == 0 else (1, "start")
        group = self.add(self.root, "g", data_label=f"name of {unit.name}")
        self.name(group, unit.name, x + side * (self.sheet.radius + 9), y + 5, 14, anchor)

    def name(self, group: Element, name: str, x: float, y: float, size: float, anchor: str) -> None:
        self.add(
            group, "text", shortened(name), x=x, y=y, font_size=size, font_weight=600, text_anchor=anchor,
            fill=self.theme.ink, data_role="name",
        )  # fmt: skip

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
        size = self.frame.bias(unit)
        group = self.add(self.root, "g", data_label=f"bias of {unit.name}")
        self.add(group, "rect", x=x - 33, y=y - 9, width=66, height=17, rx=6, fill=self.theme.ground)
        line = self.add(group, "text", x=x, y=y + 4.7, font_size=SMALL, text_anchor="middle", fill=self.theme.muted)
        self.add(line, "tspan", "b ")
        text = "·" if size is None else fitted(size, 6)
        self.add(line, "tspan", text, fill=self.colour, font_family=MONO, data_role="bias")

    def left_out(self, x: float, y: float) -> None:
        for dy in (-8.0, 0.0, 8.0):
            self.add(self.root, "circle", cx=x, cy=y + dy, r=2.2, fill=self.theme.muted)

    # ---- below ----------------------------------------------------------------------------------

    def caption(self, k: int) -> None:
        x, y = self.sheet.places[k, 0][0], self.sheet.bottom + 18
        title, size = self.sheet.caption(k)
        group = self.add(self.root, "g", data_label=f"layer {k}", text_anchor="middle")
        self.add(group, "text", title, x=x, y=y, font_size=14, font_weight=600, fill=self.theme.ink)
        self.add(group, "text", size, x=x, y=y + 18, font_size=SMALL, fill=self.theme.muted)

    def legend(self) -> None:
        """What the lines say: their style the sign, their width the size."""
        sheet, scale = self.sheet, self.frame.scale
        group = self.add(self.root, "g")
        what = "gradient" if self.frame.of_gradients else "weight"
        widest = f"±{number(scale)}; width in proportion"
        x, y = (sheet.width - 2 * MARGIN - sheet.legend_width) / 2, float(sheet.bottom + CAPTION + LEGEND - 12)
        for size, words, room in ((0.6, f"{what} above 0", 175), (-0.6, "below 0", 120), (1.0, widest, 255)):
            self.add(group, "line", x1=x, y1=y - 4.5, x2=x + 34, y2=y - 4.5, **self.stroke(size * scale))
            self.add(group, "text", words, x=x + 42, y=y, font_size=SMALL, fill=self.theme.muted)
            x += room
        if sheet.loss is not None:
            loss = "·" if self.frame.loss is None else compact(self.frame.loss)
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
