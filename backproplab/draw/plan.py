"""The plan of a block diagram: what stands beside each part, how large parts are, and where everything goes.

Lengths are along the flow, which goes up or to the right, and across it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property

from .labels import label_width
from .layout import Edge
from .layout.shapes import Point
from .layout.trunk import LANE, TIGHT, Course, Room, Trunk, stacked
from .paper import MARGIN, TALLEST, WIDEST
from .signs import (
    FORMULA,
    GAP,
    HEAD,
    KNOB,
    LINE,
    NAME,
    PAIR,
    PILL,
    RADIUS,
    Curve,
    Piece,
    Row,
    breadth,
    height,
    name_size,
    reading,
    row_width,
)  # fmt: skip
from .wiring import Arrow, BlackBox, Block, Node, Numbers, Variable, Wiring, written

BLOCK, COST = 31, 42  # height of a block with one line, and the side of a square
SIDE, SIDE_PILL = 34, 17  # length of the arrow from a parameter at the side of its block, and on both sides of its pill
ASIDE = PAIR + 5  # between the middle of a pair of arrows and a pill beside it
INDENT = 22  # of a caption's second line
CAPTION = 36  # pixels between a diagram and its captions
SEED = Numbers((1.0,), ())  # ∂C/∂C


class Plan:
    """A block diagram laid out: in layers with the longest path as a straight trunk, or at given places."""

    def __init__(
        self,
        wiring: Wiring,
        *,
        forward: bool = True,
        backward: bool = False,
        shapes: bool = False,
        slopes: bool = False,
        direction: str = "",
        places: Mapping[str, Point] | None = None,
        sizes: Mapping[str, tuple[float, float]] | None = None,
        lanes: Mapping[str, float] | None = None,
        frame: tuple[float, float] | None = None,
        captions: Sequence[str | Row] = (),
    ) -> None:
        if direction not in ("", "up", "right"):
            raise ValueError(f'A block diagram goes "up" or "right"; got direction={direction!r}.')
        if not wiring.blocks:
            raise ValueError("There is nothing to draw: wire variables by calling a module, as in G(x, to='y').")
        if backward and wiring.of is None:
            raise ValueError(
                f"This diagram has {len(wiring.outputs)} outputs; say whose gradients are meant, as in "
                f"of={wiring.named(wiring.outputs[0])!r}."
            )
        self.wiring, self.forward, self.backward, self.shapes, self.slopes = wiring, forward, backward, shapes, slopes
        self.sizes, self.lanes, self.frame = dict(sizes or {}), dict(lanes or {}), frame
        self.captions = [[Piece("label", line, "ink")] if isinstance(line, str) else line for line in captions]
        self.back = dict.fromkeys(wiring.back if backward else ())
        self.nodes: list[Node] = [*wiring.variables, *wiring.blocks]
        self.inner_arrows = [a for a in wiring.arrows if a.source not in wiring.at_side]
        self._turn_to("up", places)
        if not places and (direction == "right" or (not direction and self.extent[1] > TALLEST)):
            self._turn_to("right")
            if self.extent[0] > WIDEST:  # it would shrink, and its text with it
                self._turn_to("up")

    # ---- what is shown ------------------------------------------------------------------------

    def facts(self, node: Node) -> tuple[list[Row], list[Row]]:
        """What stands before and after a part, across the flow: its value, and its gradient."""
        if isinstance(node, Variable):
            return self.value_rows(node), self.gradient_rows(node)
        implicit = [y for y in node.outputs if not y.name and y in self.wiring.outputs]
        return (self.value_rows(implicit[0]), self.gradient_rows(implicit[0])) if implicit else ([], [])

    def value_rows(self, x: Variable) -> list[Row]:
        value = reading(x.value, "value") if self.forward and x.value else None
        shape = Piece("label", written(x.shape), "value") if self.shapes and x.shape else None
        row = [piece for piece in (value, shape) if piece]
        return [row] if row else []

    def gradient_rows(self, x: Variable) -> list[Row]:
        if not self.backward or x not in self.wiring.gradients:
            return []
        name = Piece("label", self.wiring.gradient_name(x), "gradient")
        found = self.gradient(x)
        rows = [[name]]
        if found:
            shown = reading(found, "gradient")
            row = [name._replace(content=f"{name.content} ="), shown]
            rows = [row] if row_width(row) < 210 else [[name], [shown]]
        if self.shapes and x.gradient_shape and (x.gradient_shape != x.shape or not (self.forward and x.value)):
            rows.append([Piece("label", written(x.gradient_shape), "gradient")])
        return rows

    def gradient(self, x: Variable) -> Numbers | str | None:
        return x.gradient or (SEED if x is self.wiring.of else None)

    def slope_row(self, arrow: Arrow) -> Row:
        """The local derivative by which a gradient is multiplied on its way back; none where that is the gradient."""
        block = arrow.target
        if not (self.slopes and isinstance(block, Block) and arrow in self.back):
            return []
        if any(isinstance(end, Block) and isinstance(end.module, BlackBox) for end in (arrow.source, block)):
            return []  # we do not look inside
        slope = self.wiring.slope(block, arrow.port)
        if arrow.carries.name and slope == self.wiring.gradient_name(arrow.carries):
            return []
        row = [Piece("label", f"× {slope}", "ink")]
        shape = self.wiring.slope_shape(block, arrow.port)
        return [*row, Piece("label", written(shape), "muted")] if self.shapes and shape else row

    def at_side(self, block: Block) -> list[Arrow]:
        """The arrows of the parameters that come in from the side of a block."""
        return [a for a in self.wiring.arrows if a.target is block and a.source in self.wiring.at_side]

    # ---- sizes --------------------------------------------------------------------------------

    def size(self, node: Node) -> tuple[float, float]:
        """Width and height of a sign."""
        name = self.wiring.names[node]
        if name in self.sizes:
            return self.sizes[name]
        if isinstance(node, Variable):
            tall = 2 * (KNOB if node in self.wiring.at_side else RADIUS)
            return max(tall, label_width(node.name, name_size(node.name)) + 11), tall
        module = node.module
        title, formula = label_width(module.title, NAME), label_width(module.formula, FORMULA)
        if module.sign == "cost":
            width, tall = max(COST, title + 20, formula + 16), COST + (4 if formula else 0)
        else:
            width, tall = max(62, title + 30, formula + 24), BLOCK + (18 if formula else 0)
        ports = LANE * sum(a.target is node for a in self.inner_arrows) + 20
        sides = sum(map(self.side_room, self.at_side(node))) - GAP
        return (max(width, ports), max(tall, sides)) if self.up else (max(width, sides), max(tall, ports))

    def side_room(self, arrow: Arrow) -> float:
        """How much of the side of its block a parameter takes, with its facts."""
        rows = self.value_rows(arrow.source) + self.gradient_rows(arrow.source)
        if self.up:
            return max(height(rows), 2 * KNOB) + GAP
        several = len(self.at_side(arrow.target)) > 1
        return max(breadth(rows), 2 * KNOB, 2 * self.side_pill(arrow) * several) + GAP

    def side_pill(self, arrow: Arrow) -> float:
        """How far the pill of a parameter below its block reaches to the right."""
        row = self.slope_row(arrow)
        return ASIDE + row_width(row) + 14 if row else 0.0

    def side_arrow(self, block: Block) -> float:
        """How long the arrow from a parameter at the side of a block is."""
        if not self.up:
            return SIDE if not any(map(self.slope_row, self.at_side(block))) else 2 * PILL
        return max([float(SIDE), *(row_width(row) + 14 + 2 * SIDE_PILL for row in map(self.slope_row, self.at_side(block)) if row)])

    def room(self, node: Node) -> Room:
        """How much room a part needs, with what stands beside it."""
        width, tall = self.size(node)
        half = (width if self.up else tall) / 2
        if isinstance(node, Variable):
            before, after = self.facts(node)
            beside = [height(rows) - 4 for rows in (before, after)] if self.up else [breadth(before), breadth(after)]
            along = max(tall if self.up else width, *beside) / 2
            return Room(along, half + self.depth(before), half + self.depth(after))
        facts = self.facts(node) if self.up else ([], [])  # to the right, they stand at the end of the flow
        rooms = [self.depth(rows) for rows in facts]
        side = 0 if self.up else 1
        for arrow in self.at_side(node):
            rows = self.value_rows(arrow.source) + self.gradient_rows(arrow.source)
            rooms[side] = max(rooms[side], self.side_arrow(node) + self.size(arrow.source)[side] + self.depth(rows))
        pills = [row for a in self.inner_arrows if a.target is node and (row := self.slope_row(a))]
        for row in pills:
            reach = ASIDE + GAP + (row_width(row) + 14 if self.up else PILL) - half
            rooms = [max(rooms[0], reach if len(node.inputs) > 1 else 0), max(rooms[1], reach)]
        along = (tall if self.up else width) / 2
        if not self.up and len(self.at_side(node)) == 1:
            along = max(along, self.side_pill(self.at_side(node)[0]))
        return Room(along, half + rooms[0], half + rooms[1])

    def depth(self, rows: list[Row]) -> float:
        """How far rows of facts reach away from their part."""
        return (breadth(rows) if self.up else height(rows)) + GAP if rows else 0.0

    def label(self, arrow: Arrow) -> float:
        """How long an arrow must be straight before its target, so that its pill fits beside it."""
        row = self.slope_row(arrow)
        if not row:
            return 0.0
        return PILL + 5 if self.up else row_width(row) + 14 + HEAD

    # ---- places -------------------------------------------------------------------------------

    def _turn_to(self, direction: str, places: Mapping[str, Point] | None = None) -> None:
        self.up = direction == "up"
        for found in ("at", "courses", "turning"):  # in the other direction
            self.__dict__.pop(found, None)
        self.trunk = self._by_hand(places) if places else self._in_layers()

    def _in_layers(self) -> Trunk:
        index = {node: i for i, node in enumerate(self.nodes)}
        arrows = self.inner_arrows
        edges = [Edge(index[a.source], index[a.target], a.port) for a in arrows]
        rooms = [self.room(node) for node in self.nodes]
        fit = (TALLEST if self.up else WIDEST) - 2 * MARGIN
        return stacked(rooms, edges, [index[node] for node in self._main_path()], [self.label(a) for a in arrows], fit)

    def _main_path(self) -> list[Node]:
        """The longest path to the cost, or to the first output."""
        into: dict[Node, list[Node]] = {}
        depth: dict[Node, int] = dict.fromkeys(self.nodes, 0)
        for arrow in self.inner_arrows:  # each block after what it needs
            into.setdefault(arrow.target, []).append(arrow.source)
            depth[arrow.target] = max(depth[arrow.target], depth[arrow.source] + 1)
        goal = self.wiring.of if self.wiring.of in self.wiring.outputs else self.wiring.outputs[0]
        node: Node = goal if goal.name else goal.made_by
        found = [node]
        while node in into:
            deepest = max(map(depth.__getitem__, into[node]))
            longest = [source for source in into[node] if depth[source] == deepest]
            node = longest[(len(longest) - 1) // 2]
            found.append(node)
        return found[::-1]

    def _by_hand(self, places: Mapping[str, Point]) -> Trunk:
        """The same, from centres given as (x, y) in a diagram that goes up."""
        missing = [name for node, name in self.wiring.names.items() if node in self.nodes and name not in places]
        if missing:
            raise ValueError(f"Every part needs a place; there is none for {', '.join(missing)}.")
        rooms = {node: self.room(node) for node in self.nodes}
        broad = max(places[self.wiring.names[node]][0] + room.after for node, room in rooms.items())
        bottom = max(places[self.wiring.names[node]][1] + room.along for node, room in rooms.items())
        broad, bottom = self.frame or (broad, bottom)
        at = {node: (bottom - y, x) for node in self.nodes for x, y in [places[self.wiring.names[node]]]}
        courses = [self._straight_course(arrow, at, rooms) for arrow in self.inner_arrows]
        return Trunk(bottom, broad, tuple(at[node] for node in self.nodes), tuple(courses))

    def _straight_course(self, arrow: Arrow, at: Mapping[Node, Point], rooms: Mapping[Node, Room]) -> Course:
        """Straight up if it can be; of several arrows that leave a part, those that go aside turn off."""
        source, target = arrow.source, arrow.target
        (a0, x0), (a1, x1) = at[source], at[target]
        w0, w1 = self.size(source)[0], self.size(target)[0]
        if lane := self.lanes.get(self.wiring.key(arrow)):
            x0 = x1 = lane
        elif abs(x1 - x0) < abs(w1 - w0) / 2:  # a wide block is left and entered anywhere
            x0, x1 = (x0, x0) if w1 > w0 else (x1, x1)
        start, end = (a0 + rooms[source].along, x0), a1 - rooms[target].along
        if abs(x1 - x0) <= 2 * RADIUS:
            return Course((start, (end, x1)))
        if sum(other.source is source for other in self.inner_arrows) > 1:
            return Course(((a0, x0), (a0 + RADIUS + TIGHT / 2, x1), (end, x1)), turn=1 if x1 > x0 else -1)
        if isinstance(target, Block) and len(target.inputs) > 1:  # beside the one that is straight
            x1 += math.copysign(LANE, x0 - x1)
        return Course((start, (end, x1)))

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, tall = self.diagram_extent
        lines, beside = self.caption_lines
        broad = math.ceil(max((indent + row_width(row) for indent, row in lines), default=0))
        if not lines:
            return width, tall
        if beside:
            return width + CAPTION + broad, max(tall, LINE * len(lines) + 2 * MARGIN)
        return max(width, broad + 2 * MARGIN), tall + LINE * len(lines) + CAPTION

    @property
    def caption_lines(self) -> tuple[list[tuple[int, Row]], bool]:
        """The captions line by line, each with its indent, and whether they stand beside the diagram.

        They do if there is room, be it with a line for each piece; otherwise they stand below it.
        """
        room = WIDEST - CAPTION - self.diagram_extent[0]
        whole = [(0, row) for row in self.captions]
        broken = [(INDENT * bool(i), [piece]) for row in self.captions for i, piece in enumerate(row)]
        for lines in (whole, broken):
            if all(indent + row_width(row) <= room for indent, row in lines):
                return lines, True
        return whole, False

    @property
    def caption(self) -> Point:
        """Where the captions begin."""
        (width, tall), (lines, beside) = self.diagram_extent, self.caption_lines
        if beside:
            return width - 2 * MARGIN + CAPTION, max((tall - 2 * MARGIN - LINE * len(lines)) / 2, 0)
        return 0.0, tall - 2 * MARGIN + CAPTION / 2

    @property
    def diagram_extent(self) -> tuple[int, int]:
        """Width and height of the picture without its captions."""
        ends = [self.trunk.length]
        for block in self.wiring.blocks if not self.up else []:
            if facts := [*self.facts(block)[0], *self.facts(block)[1]]:
                ends.append(self._centre(block)[0] + self.size(block)[0] / 2 + GAP + breadth(facts))
        length, across = math.ceil(max(ends)) + 2 * MARGIN, math.ceil(self.trunk.breadth) + 2 * MARGIN
        return (across, length) if self.up else (length, across)

    def xy(self, along: float, across: float) -> Point:
        return (across, self.trunk.length - along) if self.up else (along, across)

    @cached_property
    def at(self) -> dict[Node, Point]:
        """The centre of every sign, parameters at the sides of blocks included."""
        at: dict[Node, Point] = {node: self.xy(*centre) for node, centre in zip(self.nodes, self.trunk.centers)}
        for block in self.wiring.blocks:
            (x, y), (width, tall), far = at[block], self.size(block), self.side_arrow(block)
            sides = self.at_side(block)
            for i, arrow in enumerate(sides):
                share = (i + 0.5) / len(sides) - 0.5
                if self.up:
                    at[arrow.source] = (x - width / 2 - far - self.size(arrow.source)[0] / 2, y + share * tall)
                else:
                    at[arrow.source] = (x + share * width, y + tall / 2 + far + KNOB)
        return at

    @cached_property
    def courses(self) -> dict[Arrow, Course]:
        return dict(zip(self.inner_arrows, self.trunk.courses))

    @cached_property
    def turning(self) -> set[tuple[Node, int]]:
        """The parts that an arrow leaves at the side, and the side."""
        return {(arrow.source, course.turn) for arrow, course in self.courses.items() if course.turn}

    def trail(self, arrow: Arrow, shift: float) -> list[Curve]:
        """The curves that an arrow follows, `shift` pixels beside the middle of its way, from rim to rim."""
        if arrow.source in self.wiring.at_side:
            return [self._side_trail(arrow, shift)]
        course = self.courses[arrow]
        stops = [(along, across + shift) for along, across in course.stops]
        stops[-1] = self._rim(arrow.target, stops[-1], -1)
        if course.turn:
            curves = [self._turn(arrow.source, stops[1], course.turn, shift)]
            stops = stops[1:]
        else:
            curves = []
            stops[0] = self._rim(arrow.source, stops[0], 1)
        for (a0, x0), (a1, x1) in zip(stops, stops[1:]):
            half = (a0 + a1) / 2 - shift * max(-1.0, min(1.0, (x1 - x0) / 40))  # a pair keeps its distance in a bend
            curves.append(tuple(self.xy(*p) for p in ((a0, x0), (half, x0), (half, x1), (a1, x1))))
        return curves

    def _rim(self, node: Node, stop: Point, side: int) -> Point:
        """Where an arrow that runs along the flow meets a sign, at its output (1) or its input (−1)."""
        along, across = self._centre(node)
        width, tall = self.size(node) if self.up else self.size(node)[::-1]
        reach = tall / 2
        if isinstance(node, Variable):
            r = min(width, tall) / 2
            off = max(abs(stop[1] - across) - max(width - tall, 0) / 2, 0)
            reach = math.sqrt(max(r * r - off * off, 0)) + max(tall - width, 0) / 2
        return along + side * reach, stop[1]

    def _turn(self, node: Node, stop: Point, side: int, shift: float) -> Curve:
        """The quarter of a turn by which an arrow leaves a sign at its side; of a pair, the inner one is further on."""
        along, across = self._centre(node)
        width, tall = self.size(node) if self.up else self.size(node)[::-1]
        ahead = -side * (shift > 0) + side * (shift < 0)  # 1: the inner one of a pair
        angle = math.radians({1: 42, 0: 26, -1: 10}[ahead])
        r = min(width, tall) / 2
        start = along + r * math.sin(angle), across + side * (r * math.cos(angle) + (width / 2 - r))
        if not isinstance(node, Variable):
            start = along + ahead * PAIR, across + side * width / 2
        corner = (start[0], stop[1])
        out = (start[0], start[1] + 0.7 * (corner[1] - start[1]))
        into = (stop[0] + 0.7 * (corner[0] - stop[0]), stop[1])
        return tuple(self.xy(*p) for p in (start, out, into, stop))

    def _centre(self, node: Node) -> Point:
        x, y = self.at[node]
        return (self.trunk.length - y, x) if self.up else (x, y)

    def _side_trail(self, arrow: Arrow, shift: float) -> Curve:
        (x, y), (bx, by) = self.at[arrow.source], self.at[arrow.target]
        (width, tall), (w, h) = self.size(arrow.target), self.size(arrow.source)
        rim = math.sqrt(h * h / 4 - shift * shift)
        if self.up:
            start, end = (x + (w - h) / 2 + rim, y + shift), (bx - width / 2, y + shift)
        else:
            start, end = (x + shift, y - rim), (x + shift, by + tall / 2)
        return start, start, end, end

    def pill(self, arrow: Arrow) -> Point:
        """The centre of the pill with the slope of an arrow."""
        half = row_width(self.slope_row(arrow)) / 2 + 7
        if arrow.source in self.wiring.at_side:
            (x, y), (bx, by) = self.at[arrow.source], self.at[arrow.target]
            if self.up:
                left, right = x + self.size(arrow.source)[0] / 2, bx - self.size(arrow.target)[0] / 2
                return (left + right) / 2, y - PAIR + 4 + PILL / 2  # on the arrow back, below the one forward
            return x + ASIDE + half, (y - KNOB + by + self.size(arrow.target)[1] / 2) / 2
        along, across = self.courses[arrow].stops[-1]
        others = [self.courses[a].stops[-1][1] for a in self.courses if a.target is arrow.target]
        side = -1 if len(others) > 1 and across == min(others) else 1
        if self.up:
            x, y = self.xy(along - 3.5 - PILL / 2, across)
            return x + side * (ASIDE + half), y
        x, y = self.xy(along - HEAD - half, across)
        return x, y + side * (ASIDE + PILL / 2)
