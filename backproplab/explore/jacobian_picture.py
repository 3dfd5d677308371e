"""The picture of a JacobianExplorer: a matrix, what multiplies it from the left or from above, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from ..draw.labels import label_width, write
from ..draw.paper import MARGIN, Paper, compact, shortened

WIDTH, HEIGHT, GAP = 78, 46, 16  # of a cell, and between the matrix and what is beside it
TOP = 56.0  # the inputs and their values
LABELS = {"left": "v", "down": "vᵀJ", "top": "v", "right": "Jv", "real": "really"}
CHANGES = ("top", "right", "real")  # of x and y: blue, as values are; v and vᵀJ are gradients


class Sheet(Paper):
    """`numbers` has a list for each of x, y, left, top, down, right and real that is there now.

    `on` says which columns of the matrix J, or rows if it is multiplied `backward`, have a part in the result. With
    `every`, there is a place for each number that may come, for the page to choose from.
    """

    def __init__(
        self,
        inputs: Sequence[str],
        outputs: Sequence[str],
        J: Sequence[Sequence[float]],
        numbers: Mapping[str, Sequence[float]],
        on: Sequence[bool],
        backward: bool,
        theme: str,
        alt: str,
        every: bool = False,
    ) -> None:
        m, n = len(outputs), len(inputs)
        names = max(label_width(shortened(name), 17) for name in outputs) + 92
        left, top = names + WIDTH + GAP, TOP + HEIGHT + GAP
        right, down = left + n * WIDTH + GAP, top + m * HEIGHT + GAP
        width = round(right + 2 * WIDTH + GAP) + 2 * MARGIN
        super().__init__(theme, width, round(down + HEIGHT) + 2 * MARGIN, alt, min(1.25, 900 / width))
        for name, x in zip(inputs, range(n)):
            write(self, self.root, shortened(name), left + (x + 0.5) * WIDTH, 16.0, self.theme.ink, 17)
        for name, y in zip(outputs, range(m)):
            write(self, self.root, shortened(name), names - 88, top + y * HEIGHT + 29, self.theme.ink, 17, anchor="end")
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
        numbers = {**numbers, "J": [entry for row in J for entry in row]}
        self.largest = max(map(abs, numbers["J"])) or 1.0
        for kind, spots in places.items():
            found = numbers.get(kind)
            if not (found or every):
                continue
            part = self.add(self.root, "g", data_part=kind, visibility="visible" if found else "hidden")
            if kind in LABELS:
                x, y = spots[0]
                at = (left - GAP - 4, y + 29, "end") if kind in ("top", "down") else (x + WIDTH / 2, y - 10, "middle")
                write(self, part, LABELS[kind], *at[:2], self.theme.ink, 17, anchor=at[2])
            for k, (x, y) in enumerate(spots):
                self.slot(part, kind, x, y, found[k] if found else None, kind == "J" and on[k // n if backward else k % n])

    def slot(self, part: Element, kind: str, x: float, y: float, value: float | None, on: bool) -> None:
        """A number in its cell: of J with its sign as a colour, its size as a shade, and a frame if it has a part."""
        theme, look = self.theme, {}
        ink = theme.value if kind in ("x", "y", *CHANGES) else theme.ink if kind == "J" else theme.gradient
        cell = self.add(part, "g")
        if kind == "J":
            sign = "-" if value < 0 else "+"
            cell.attrib.update({
                "data-sign": sign, "data-state": "on" if on else "off", "fill-opacity": f"{abs(value) / self.largest / 2:.3f}",
            })  # fmt: skip
            look = {"fill": theme.negative if value < 0 else theme.positive, "stroke": theme.active if on else theme.line}
            look |= {"stroke_width": 3.0 if on else 1.0}
        elif kind not in ("x", "y"):
            look = {"fill": theme.card, "stroke": theme.border, "stroke_width": 1.2}
        if look:
            self.add(cell, "rect", x=x + 1.5, y=y + 1.5, width=WIDTH - 3.0, height=HEIGHT - 3.0, rx=4, **look)
        text = "" if value is None else compact(value)
        self.number(cell, text, x + WIDTH / 2, y + 28, ink, 15, anchor="middle", fill_opacity="1", data_slot="")
