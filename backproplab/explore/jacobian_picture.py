"""The drawing of a JacobianExplorer: a matrix, what multiplies it from the left or from above, and what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from ..draw.labels import label_width, write
from ..draw.paper import MARGIN, Paper, shortened

WIDTH, HEIGHT, GAP = 78, 40, 16  # of a cell, and between the matrix and what is beside it
TOP = 54.0  # the inputs and their values
LABELS = {"left": "v", "down": "vᵀJ", "top": "v", "right": "Jv", "real": "really"}
BLUE = ("x", "y", "top", "right", "real")  # x, y and their changes are values; v and vᵀJ on the other side are gradients


class Sheet(Paper):
    """A slot for every number, "x 0" or "J 3", for the cell of an entry of J, "cell 3", and for each part, "part left"."""

    def __init__(self, inputs: Sequence[str], outputs: Sequence[str], theme: str) -> None:
        m, n = len(outputs), len(inputs)
        names = max(label_width(shortened(name), 17) for name in outputs) + 92
        left, top = names + WIDTH + GAP, TOP + HEIGHT + GAP
        right, down = left + n * WIDTH + GAP, top + m * HEIGHT + GAP
        width = round(right + 2 * WIDTH + GAP) + 2 * MARGIN
        super().__init__(theme, width, round(down + HEIGHT) + 2 * MARGIN, "", min(1.25, 900 / width))
        for name, x in zip(inputs, range(n)):
            write(self, self.root, shortened(name), left + (x + 0.5) * WIDTH, 16.0, self.theme.ink, 17)
        for name, y in zip(outputs, range(m)):
            write(self, self.root, shortened(name), names - 88, top + y * HEIGHT + 26, self.theme.ink, 17, anchor="end")
        across, along = [j * WIDTH for j in range(n)], [i * HEIGHT for i in range(m)]
        places = {
            "x": [(left + x, 10.0) for x in across],
            "y": [(names - 84, top + y) for y in along],
            "J": [(left + x, top + y) for y in along for x in across],
            "left": [(names, top + y) for y in along],
            "top": [(left + x, TOP) for x in across],
            "down": [(left + x, down) for x in across],
            "right": [(right, top + y) for y in along],
            "real": [(right + WIDTH + GAP, top + y) for y in along],
        }
        for kind, spots in places.items():
            part = self.add(self.root, "g", data_part=kind, data_slot=f"part {kind}")
            if kind in LABELS:
                x, y = spots[0]
                at = (left - GAP - 4, y + 26, "end") if kind in ("top", "down") else (x + WIDTH / 2, y - 10, "middle")
                write(self, part, LABELS[kind], *at[:2], self.theme.ink, 17, anchor=at[2])
            for k, (x, y) in enumerate(spots):
                self.slot(part, kind, k, x, y)

    def slot(self, part: Element, kind: str, k: int, x: float, y: float) -> None:
        """A number in its cell."""
        theme = self.theme
        ink = theme.value if kind in BLUE else theme.ink if kind == "J" else theme.gradient
        look = {"data_slot": f"cell {k}"} if kind == "J" else {"fill": theme.card, "stroke": theme.border, "stroke_width": 1.2}
        if kind not in ("x", "y"):
            self.add(part, "rect", x=x + 1.5, y=y + 1.5, width=WIDTH - 3.0, height=HEIGHT - 3.0, rx=4, **look)
        self.number(part, "", x + WIDTH / 2, y + 25.5, ink, 16, anchor="middle", data_slot=f"{kind} {k}")
