"""How each sign of a block diagram is drawn: variables, modules, costs, arrows, and the facts beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element

from ..notation import number
from .labels import Run, label_width, plain, write
from .layout.shapes import Point, bezier
from .paper import DIGIT, SMALL, Paper, compact, coordinate
from .wiring import Arrow, BlackBox, Block, Numbers, Observed, Parameter, Variable

if TYPE_CHECKING:
    from .blocks import BlockDiagram

RADIUS, KNOB = 17, 16  # of a variable, and of a parameter at the side of its block
NAME, LONG_NAME, FORMULA, FACT = 18.5, 16.5, 15.5, 16  # font sizes
ROW, BARS = 19, 25  # heights of a row of facts, and of one with bars
GAP = 8  # between a sign and what stands beside it
PAIR = 5.5  # an arrow and the one that goes back run this far on either side of the middle
HEAD = 9
PILL = 22
LINE = 26  # from one caption to the next
SHORT, FEW = 3, 48  # so many numbers are written out, so many are drawn as bars; of more, only the norm is given
ROOM = 6  # digits for which a single number keeps room

Curve = tuple[Point, Point, Point, Point]  # a cubic Bezier curve


# ---- facts: what stands beside a sign -------------------------------------------------------------


class Piece(NamedTuple):
    """A label, a number or bars, in one of the theme's colours."""

    kind: str  # "label", "digits" or "bars"
    content: Any
    colour: str

    @property
    def width(self) -> float:
        match self.kind:
            case "label":
                return label_width(self.content, FACT)
            case "digits":
                return max(len(self.content), ROOM) * DIGIT
            case _:
                return len(self.content) * bar_width(len(self.content))


Row = list[Piece]


def name_size(name: str) -> float:
    """The font size of a variable's name: longer names are a little smaller, so that circles stay circles."""
    return NAME if label_width(name, NAME) <= 28 else LONG_NAME


def bar_width(bars: int) -> float:
    return 8.0 if bars <= 12 else 5.0 if bars <= 24 else 3.0


def row_width(row: Row) -> float:
    return sum(piece.width for piece in row) + GAP / 2 * (len(row) - 1)


def row_height(row: Row) -> float:
    return BARS if any(piece.kind == "bars" for piece in row) else ROW


def breadth(rows: Iterable[Row]) -> float:
    return max(map(row_width, rows), default=0)


def height(rows: Iterable[Row]) -> float:
    return sum(map(row_height, rows))


def reading(numbers: Numbers | str, colour: str) -> Piece:
    """Numbers as they are shown: written out, as bars, or as their norm; a formula as it is."""
    if isinstance(numbers, str):
        return Piece("label", numbers, colour)
    if len(numbers.flat) <= SHORT:
        texts = [compact(x, ROOM) for x in numbers.flat]
        return Piece("digits", texts[0] if len(texts) == 1 else f"({', '.join(texts)})", colour)
    if len(numbers.flat) <= FEW and all(map(math.isfinite, numbers.flat)):
        return Piece("bars", numbers.flat, colour)
    return Piece("digits", f"‖·‖ {compact(numbers.norm, ROOM)}", colour)


def in_words(numbers: Numbers | str) -> str:
    """The same in words."""
    if isinstance(numbers, str):
        return plain(numbers)
    if len(numbers.flat) <= FEW:
        texts = [number(x) for x in numbers.flat]
        return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    return f"norm {number(numbers.norm)}"


# ---- drawing --------------------------------------------------------------------------------------


class Brush(Paper):
    """Draws the signs of a diagram, each in its state: "active", "done" or "greyed"."""

    seamless = False  # whether black boxes are parts of a larger one, which the backdrop draws

    def __init__(self, diagram: BlockDiagram, theme: str, alt: str, state: Mapping[str, str]) -> None:
        super().__init__(theme, *diagram.extent, alt)
        self.diagram, self.wiring, self.up, self.state = diagram, diagram.wiring, diagram.up, state
        self.frames: dict[str, Element] = {}  # the group in which a part is drawn, where it is not the sheet itself

    def paint(self) -> None:
        """Arrows first, on top of which signs stand."""
        diagram = self.diagram
        self.backdrop()
        for arrow in diagram.wiring.arrows:
            self.pair(arrow)
        for node, centre in diagram.at.items():
            if isinstance(node, Variable):
                self.variable(node, centre)
            else:
                self.block(node, centre)
        for arrow in diagram.back:
            self.slope(arrow)
        self.captions()

    def backdrop(self) -> None:
        """What lies behind everything, in figures whose geometry is their meaning."""

    def captions(self) -> None:
        x, top = self.diagram.caption
        for indent, row in self.diagram.caption_lines[0]:
            self.row(self.root, row, x + indent, top, "", "start")
            top += LINE

    # ---- states -------------------------------------------------------------------------------

    def pen(self, part: str, colour: str, width: float) -> dict[str, Any]:
        """How the outline of a part is drawn in its state."""
        match self.state.get(part):
            case "active":
                return {"stroke": self.theme.active, "stroke_width": width + 1.9}
            case "done":
                return {"stroke": self.theme.done, "stroke_width": width + 0.8}
            case "greyed":
                return {"stroke": self.theme.border, "stroke_width": 1.0}
        return {"stroke": colour, "stroke_width": width}

    def arrow_pen(self, part: str, colour: str) -> dict[str, Any]:
        """An arrow that is done keeps its colour, which says which way it goes."""
        pen = self.pen(part, colour, 2.0)
        return pen | {"stroke": colour} if self.state.get(part) == "done" else pen

    def ink(self, part: str, colour: str) -> str:
        """The colour of what is written about a part."""
        return getattr(self.theme, "muted" if self.state.get(part) == "greyed" else colour)

    # ---- arrows -------------------------------------------------------------------------------

    def pair(self, arrow: Arrow) -> None:
        """The arrow of a value, and beside it that of its gradient."""
        back = arrow in self.diagram.back
        colour = "value" if self.diagram.forward else "muted"
        curves = self.diagram.trail(arrow, -PAIR if back else 0.0)
        self.arrow(self.wiring.key(arrow), curves, getattr(self.theme, colour))
        if back:
            curves = [curve[::-1] for curve in reversed(self.diagram.trail(arrow, PAIR))]
            self.arrow(self.wiring.key(arrow, backward=True), curves, self.theme.gradient, stroke_dasharray="6 4")

    def arrow(self, key: str, curves: list[Curve], colour: str, **more: Any) -> None:
        group = self.add(self.root, "g", **({"data_edge": key} if key else {}))
        pen = self.arrow_pen(key, colour)
        *first, (start, out, into, tip) = curves
        before = next(p for p in (into, out, start) if p != tip)
        length = math.dist(before, tip)
        ux, uy = (tip[0] - before[0]) / length, (tip[1] - before[1]) / length
        neck = (tip[0] - (HEAD - 1) * ux, tip[1] - (HEAD - 1) * uy)
        into = neck if into == tip else into
        self.add(group, "path", d=path([*first, (start, out, into, neck)]), fill="none", **pen, **more)
        base = (tip[0] - HEAD * ux, tip[1] - HEAD * uy)
        corners = (tip, (base[0] - 4.5 * uy, base[1] + 4.5 * ux), (base[0] + 4.5 * uy, base[1] - 4.5 * ux))
        points = " ".join(f"{coordinate(round(x, 1))},{coordinate(round(y, 1))}" for x, y in corners)
        self.add(group, "polygon", points=points, fill=pen["stroke"])
        if key in self.wiring.cut:
            self.gash(group, max(curves, key=lambda curve: math.dist(curve[0], curve[3])))

    def gash(self, group: Element, curve: Curve) -> None:
        """A gap in an arrow that is cut, between two strokes."""
        x, y = bezier(curve, 0.45)
        ahead = bezier(curve, 0.55)
        length = math.dist((x, y), ahead)
        ux, uy = (ahead[0] - x) / length, (ahead[1] - y) / length
        self.line(group, (x - 3.5 * ux, y - 3.5 * uy), (x + 3.5 * ux, y + 3.5 * uy), self.theme.ground, 6.0)
        for side in (-3.5, 3.5):
            cx, cy = x + side * ux, y + side * uy
            dx, dy = -5.0 * uy + 2.5 * ux, 5.0 * ux + 2.5 * uy
            self.line(group, (cx - dx, cy - dy), (cx + dx, cy + dy), self.theme.ink, 2.2)

    def line(self, group: Element, start: Point, end: Point, colour: str, width: float, **more: Any) -> None:
        (x1, y1), (x2, y2) = start, end
        self.add(group, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width, **more)

    def slope(self, arrow: Arrow) -> None:
        """The local derivative by which a gradient is multiplied, beside its arrow."""
        if row := self.diagram.slope_row(arrow):
            self.pill(row, self.diagram.pill(arrow), self.wiring.key(arrow, backward=True))

    def pill(self, row: Row, centre: Point, part: str) -> None:
        (x, y), width = centre, row_width(row) + 14
        pen = self.pen(part, self.theme.line, 1.0)
        group = self.add(self.root, "g", data_label=part or row[0].content)
        self.add(
            group, "rect", x=x - width / 2, y=y - PILL / 2, width=width, height=PILL, rx=8,
            fill=self.theme.ground, **pen,
        )  # fmt: skip
        self.row(group, row, x - row_width(row) / 2, y - ROW / 2 - 1, part)

    # ---- variables ----------------------------------------------------------------------------

    def variable(self, x: Variable, centre: Point) -> None:
        name = self.wiring.names[x]
        group = self.add(self.frames.get(name, self.root), "g", data_node=name)
        width, tall = self.diagram.size(x)
        pen = self.pen(name, self.theme.ink, 1.6)
        fill, ink = self.theme.leaf if isinstance(x, Parameter) else self.theme.card, "ink"
        if isinstance(x, Observed):
            fill, ink = self.theme.muted, "ground"
        if self.state.get(name) == "greyed":
            fill, ink = self.theme.ground, "muted"
        dots = {"stroke_dasharray": "0.1 4.7", "stroke_linecap": "round", "stroke_width": 3.2} if x.discrete else {}
        self.circle(group, centre, width, tall, fill=fill, **pen | dots)
        self.add(group, "title", self.diagram.variable_in_words(x, self.state))
        if x.shape:
            self.rim(group, centre, width, tall, pen)
        if isinstance(x, Parameter):
            self.mark(group, centre, tall, pen)
        size = name_size(name)
        write(self, group, name, centre[0], centre[1] + size * 0.3, getattr(self.theme, ink), size)
        before, after = self.diagram.facts(x)
        facts = [(row, name) for row in before], [(row, f"∂{name}") for row in after]
        if x in self.wiring.at_side:  # at the left of its block, or below it
            self.rows(group, [*facts[0], *facts[1]], x, -1 if self.up else 1)
        else:
            self.rows(group, facts[0], x, -1)
            self.rows(group, facts[1], x, 1)

    def circle(self, group: Element, centre: Point, width: float, height: float, **pen: Any) -> None:
        """A circle, longer than high if its name is long."""
        x, y = centre
        if width == height:
            self.add(group, "circle", cx=x, cy=y, r=height / 2, **pen)
        else:
            x, y = x - width / 2, y - height / 2
            self.add(group, "rect", x=x, y=y, width=width, height=height, rx=height / 2, **pen)

    def rim(self, group: Element, centre: Point, width: float, height: float, pen: Mapping[str, Any]) -> None:
        """The edge of another circle behind this one, where no arrow is: many numbers instead of one."""
        x, y = centre
        r, flat, behind = height / 2, (width - height) / 2, 4.5
        half = math.sqrt(r * r - behind * behind / 4)
        if self.up:
            left = x - flat - behind / 2
            start, end = (left, y - half), (left, y + half)
            arc = f"A{coordinate(r)} {coordinate(r)} 0 1 0 "
            way = f"{arc}{coordinate(round(end[0], 1))} {coordinate(round(end[1], 1))}"
        else:
            top = y - behind / 2
            start, end = (x - flat - half, top), (x + flat + half, top)
            arc = f"A{coordinate(r)} {coordinate(r)} 0 0 1 "
            way = f"{arc}{coordinate(x - flat)} {coordinate(y - r - behind)}H{coordinate(x + flat)}"
            way += f"{arc}{coordinate(round(end[0], 1))} {coordinate(round(end[1], 1))}"
        d = f"M{coordinate(round(start[0], 1))} {coordinate(round(start[1], 1))}{way}"
        self.add(group, "path", d=d, fill="none", stroke=pen["stroke"], stroke_width=min(pen["stroke_width"], 1.4))

    def mark(self, group: Element, centre: Point, tall: float, pen: Mapping[str, Any]) -> None:
        """The pointer of a knob: this is what learning turns."""
        x, y = centre[0], centre[1] - tall / 2
        self.line(group, (x, y - 4.0), (x, y + 2.5), pen["stroke"], 2.8, stroke_linecap="round")

    # ---- blocks -------------------------------------------------------------------------------

    def block(self, block: Block, centre: Point) -> None:
        module, name = block.module, self.wiring.names[block]
        group = self.add(self.frames.get(name, self.root), "g", data_node=name)
        width, tall = self.diagram.size(block)
        x, y = centre[0] - width / 2, centre[1] - tall / 2
        black = module.opaque or isinstance(module, BlackBox)
        if isinstance(module, BlackBox) and self.seamless:
            self.add(group, "rect", x=x, y=y, width=width, height=tall, fill="none")
            return
        fill, ink = (self.theme.opaque, "on_opaque") if black else (self.theme.badge, "ink")
        pen = self.pen(name, self.theme.line if black else self.theme.ink, 1.8)
        if self.state.get(name) == "greyed":
            fill, ink = self.theme.ground, "muted"
        if module.sign == "module":
            self.add(group, "path", d=rounded(x, y, width, tall, self.up), fill=fill, **pen)
        else:
            self.add(group, "rect", x=x, y=y, width=width, height=tall, fill=fill, **pen)
        self.add(group, "title", self.diagram.block_in_words(block, self.state))
        colour = getattr(self.theme, ink)
        base = centre[1] + NAME * 0.3 - (10 if module.formula else 0) + (1 if self.up and module.sign == "module" else 0)
        write(self, group, module.title, centre[0], base, colour, NAME)
        if module.formula:
            write(self, group, module.formula, centre[0], base + 18, colour, FORMULA)
        before, after = self.diagram.facts(block)
        implicit = next((y for y in block.outputs if not y.name), None)
        self.rows(group, [(row, name) for row in before], block, -1)
        self.rows(group, [(row, f"∂{self.wiring.named(implicit)}") for row in after], block, 1)

    # ---- facts --------------------------------------------------------------------------------

    def rows(self, group: Element, rows: list[tuple[Row, str]], node: Any, side: int) -> None:
        """Rows of facts before (−1) or after (1) a sign, across the flow."""
        x, y = self.diagram.at[node]
        width, tall = self.diagram.size(node)
        if isinstance(node, Block) and not self.up:  # the output of a cost is not drawn: there is its place
            top = y - (height(row for row, _ in rows) if side < 0 else 0)
            for row, part in rows:
                self.row(group, row, x + width / 2 + GAP, top, part, "start")
                top += row_height(row)
            return
        turning = (node, side) in self.diagram.turning  # an arrow leaves here, and the rows make way
        total = height(row for row, _ in rows)
        if self.up:
            top = y + 1 if turning else y - total / 2
        else:
            top = y - tall / 2 - GAP / 2 - total if side < 0 else y + tall / 2 + GAP / 2
        tops = accumulate((row_height(row) for row, _ in rows), initial=top)
        for (row, part), top in zip(rows, tops):
            broad = row_width(row)
            if self.up:
                left = x - width / 2 - GAP - broad if side < 0 else x + width / 2 + GAP
                anchor = "end" if side < 0 else "start"
            else:
                left, anchor = (x - 5 - broad, "end") if turning else (x - broad / 2, "middle")
            self.row(group, row, left, top, part, anchor)

    def row(self, group: Element, row: Row, left: float, top: float, part: str, anchor: str = "middle") -> None:
        """One row of facts: what is written in one line of text, and bars after it."""
        words = [piece for piece in row if piece.kind != "bars"]
        bars = [piece for piece in row if piece.kind == "bars"]
        base = top + row_height(row) / 2 + FACT * 0.32
        if bars and row[0] is bars[0]:
            words, bars = bars, words
        for pieces in (words, bars):
            if pieces and pieces[0].kind == "bars":
                self.bars(group, pieces[0].content, left, top, self.ink(part, pieces[0].colour))
            elif pieces:
                at = "start" if bars and words else anchor
                x = left + row_width(pieces) * {"start": 0.0, "middle": 0.5, "end": 1.0}[at]
                runs = [
                    Run(piece.content, self.ink(part, piece.colour), SMALL if piece.kind == "digits" else 0)
                    for piece in pieces
                ]
                write(self, group, runs, x, base, runs[0].fill, FACT, anchor=at)
            left += row_width(pieces) + GAP / 2

    def bars(self, group: Element, numbers: Sequence[float], left: float, top: float, colour: str) -> None:
        """A bar per number, up or down from a line, the longest as long as there is room."""
        label = self.add(group, "g", data_label=f"{len(numbers)} numbers")
        most, step, half, zero = max(map(abs, numbers)) or 1.0, bar_width(len(numbers)), BARS / 2 - 2, top + BARS / 2
        self.line(label, (left, zero), (left + step * len(numbers), zero), self.theme.line, 0.8)
        for i, x in enumerate(numbers):
            length = round(abs(x) / most * half, 1)
            self.add(
                label, "rect", x=left + i * step + 0.5, y=zero - length if x > 0 else zero, width=step - 1.0,
                height=max(length, 0.6), fill=colour,
            )  # fmt: skip


def path(curves: Sequence[Curve]) -> str:
    """The `d` of an SVG path along curves; one that does not bend is a line."""

    def written(*points: Point) -> str:
        return " ".join(f"{coordinate(round(x, 1) + 0.0)} {coordinate(round(y, 1) + 0.0)}" for x, y in points)

    d = f"M{written(curves[0][0])}"
    for start, out, into, end in curves:
        straight = start[0] == out[0] == into[0] == end[0] or start[1] == out[1] == into[1] == end[1]
        d += f"L{written(end)}" if straight else f"C{written(out, into, end)}"
    return d


def rounded(x: float, y: float, width: float, height: float, up: bool) -> str:
    """A block whose output side, above or to the right, is rounded."""
    r = min(24.0, width / 2) if up else min(24.0, height / 2, width / 2)
    left, top, right, bottom = (coordinate(float(side)) for side in (x, y, x + width, y + height))
    from_left, to_right = coordinate(x + r), coordinate(x + width - r)
    from_top, to_bottom, r = coordinate(y + r), coordinate(y + height - r), coordinate(r)
    if up:
        return (
            f"M{left} {bottom}V{from_top}A{r} {r} 0 0 1 {from_left} {top}H{to_right}"
            f"A{r} {r} 0 0 1 {right} {from_top}V{bottom}Z"
        )
    return (
        f"M{left} {top}H{to_right}A{r} {r} 0 0 1 {right} {from_top}V{to_bottom}"
        f"A{r} {r} 0 0 1 {to_right} {bottom}H{left}Z"
    )
