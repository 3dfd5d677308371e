"""Block diagrams in LeCun's notation: a model and its cost as modules and variables, forward and backward.

Observed variables are filled circles, computed ones open; a module is a block whose rounded side is its output;
parameters come in from the side; a cost is a square. Values go forward on solid arrows, gradients come back on
dashed ones. After the lectures of Yann LeCun, "Introduction to Gradient Descent and Backpropagation" (2020).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..notation import number
from .labels import label_width, plain
from .layout import Edge
from .layout.shapes import Point
from .layout.trunk import LANE, STEM, Course, Room, Trunk, stacked
from .paper import MARGIN
from .picture import Picture
from .signs import (
    FORMULA, GAP, HEAD, LINE, NAME, PAIR, PILL, RADIUS, SMALL, Brush, Curve, Piece, Row, breadth, height, in_words, reading, row_width,
)  # fmt: skip
from .wiring import (
    Arrow, BlackBox, Block, Computed, Cost, Module, Node, Numbers, Observed, Parameter, Variable, Wiring, written,
)  # fmt: skip

if TYPE_CHECKING:
    from ..nn import Module as Network

__all__ = ["BlackBox", "BlockDiagram", "Computed", "Cost", "Module", "Observed", "Parameter", "blocks"]

BLOCK, COST = 46, 56  # height of a block with one line, and the side of a square
WIDEST = 900  # pixels, in a notebook
CAPTION = 36  # pixels between a diagram and its captions
TALLEST = 760  # and what fits there without scrolling
STATES = ("active", "done", "greyed")


def blocks(
    model: Variable | Iterable[Variable] | Network,
    *,
    forward: bool = True,
    backward: bool = False,
    shapes: bool = False,
    slopes: bool = False,
    direction: str = "",
    of: str = "",
    wrt: Collection[str] | None = None,
    cut: Collection[str] = (),
    lit: Mapping[str, str] | None = None,
    step: int | None = None,
    theme: str = "light",
    d: str = "∂",
    loss: Any = None,
    x: Any = None,
    y: Any = None,
) -> Picture:
    """The block diagram of what `model` computes: variables wired by `Module`s, or a network from `nn`.

    `forward` shows values, `backward` the gradients and the dashed arrows on which they come back, `shapes` the
    shape of everything, `slopes` the local derivatives (the Jacobians) by which gradients are multiplied. A stack
    goes up, as in LeCun's figures; `direction` "right" turns it, as a slide may need. Gradients are those `of` the cost
    (or the one output) in everything that learns; `wrt` names other variables. `cut` names arrows that carry nothing any
    more: what depends on them is greyed. `lit` marks parts, by name, as "active", "done" or "greyed"; an arrow is called
    "SOURCE>TARGET:PORT", and the gradient of z "∂z"; `step` marks those of a step of the walk forward and back. `d` is the sign of a derivative.

    A network is run forward on `x`, its `loss` computed with the target `y`, and its gradients found by a real
    backward pass.

    Raises a ValueError for names that are not in the diagram, for wiring that goes in a circle, and for shapes
    that do not fit.

    >>> G, C = Module("G", parameters="w"), Cost("C")
    >>> blocks(C(G(Observed("x"), to="ȳ"), Observed("y")), backward=True).alt
    'block diagram: ȳ = G(x, w); C(ȳ, y); back come ∂C/∂C, ∂C/∂ȳ, ∂C/∂w'
    """
    if not isinstance(model, Variable) and hasattr(model, "named_parameters"):
        model = network(model, loss, x, y)
    elif any(given is not None for given in (loss, x, y)):
        raise ValueError("loss, x and y belong to a network from nn; a diagram of variables has its cost in its wiring.")
    wiring = Wiring(model, of=of, wrt=wrt, cut=cut, d=d)
    diagram = BlockDiagram(wiring, forward=forward, backward=backward, shapes=shapes, slopes=slopes, direction=direction)
    return diagram.picture(lit, theme, step)


# ---- a network as a diagram ---------------------------------------------------------------------


def network(model: Network, loss: Any = None, x: Any = None, y: Any = None) -> Variable:
    """The wiring of a network from `nn`, one block per layer, with the values and gradients of a real run.

    The states are called x, z_1, z_2, … and ȳ, all parameters of layer k together w_k, the cost C. Without x there
    are no values; without a loss there are no gradients.
    """
    layers = _layers(model)
    if loss is not None and (x is None or y is None):
        raise ValueError("A loss needs an input x and a target y; leave the loss out to draw the network alone.")
    states, cost = _run(layers, loss, x, y)
    gradients = _gradients(cost, [*states, *(p for layer in layers for p in layer.parameters())])
    names = ["x", *(f"z_{k}" for k in range(1, len(layers))), "ȳ"]
    kinds = [Observed] + [Computed] * len(layers)
    variables = [
        kind(name, value=state, gradient=gradients.get(state)) for kind, name, state in zip(kinds, names, states)
    ]
    for k, (layer, before, after) in enumerate(zip(layers, variables, variables[1:]), start=1):
        _as_module(layer, k, gradients)(before, to=after)
    if loss is None:
        return variables[-1]
    name = getattr(loss, "__name__", type(loss).__name__).removesuffix("_loss")
    square = Cost("C", formula=name.replace("_", " "))
    return square(variables[-1], Observed("y", value=y), to=Computed("", value=cost, gradient=1.0))


def _layers(model: Network) -> list[Network]:
    """The layers of a Sequential, and of those inside it; anything else is one block."""
    if type(model).__name__ != "Sequential":
        return [model]
    return [layer for part in model.layers for layer in _layers(part)]


def _run(layers: Sequence[Network], loss: Any, x: Any, y: Any) -> tuple[list[Any], Any]:
    """The state before and after every layer, and the cost; None where there is nothing to compute with."""
    if x is None:
        return [None] * (len(layers) + 1), None
    from ..tensor import Tensor

    states = [x if isinstance(x, Tensor) else Tensor(x)]
    for k, layer in enumerate(layers, start=1):
        try:
            states.append(layer(states[-1]))
        except ValueError as error:
            raise ValueError(f"Layer {k}, {type(layer).__name__}: {error}") from None
    return states, None if loss is None else loss(states[-1], y)


def _gradients(cost: Any, tensors: Sequence[Any]) -> dict[Any, Any]:
    if cost is None:
        return {}
    from ..derivatives import gradient

    return dict(zip(tensors, gradient(cost, tensors)))


def _as_module(layer: Network, k: int, gradients: Mapping[Any, Any]) -> Module:
    """A layer as a module; all its parameters are one vector, in the order of `named_parameters`."""
    held = layer.parameters()
    parameters = []
    if held:
        value = [entry for p in held for entry in p.data.ravel().tolist()]
        known = all(p in gradients for p in held)
        gradient = [entry for p in held for entry in gradients[p].data.ravel().tolist()] if known else None
        parameters = [Parameter(f"w_{k}", value=value, gradient=gradient)]
    widths = getattr(layer, "weight", None)
    formula = "" if widths is None else "{1} → {0}".format(*widths.shape)
    return Module(type(layer).__name__, parameters, formula=formula)


# ---- the diagram ---------------------------------------------------------------------------------

SEED = Numbers((1.0,), ())  # ∂C/∂C


class BlockDiagram:
    """A block diagram that has been laid out once and can be drawn in any state: parts never move.

    `places` gives the centre of every part by name, for figures whose geometry is their meaning, and `sizes` the
    width and height of blocks, `lanes` the x at which an arrow runs; otherwise parts are laid out in layers, the
    longest path as a straight trunk. `captions` are formulas that stand beside the diagram, or below it.
    """

    brush = Brush

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
        captions: Sequence[str | Row] = (),
    ) -> None:
        if direction not in ("", "up", "right"):
            raise ValueError(f'A block diagram goes "up" or "right"; got direction={direction!r}.')
        if not wiring.blocks:
            raise ValueError("There is nothing to draw: wire variables by calling a module on them, as in G(x, to='y').")
        if backward and wiring.of is None:
            raise ValueError(
                f"This diagram has {len(wiring.outputs)} outputs; say whose gradients are meant, as in "
                f"of={wiring.named(wiring.outputs[0])!r}."
            )
        self.wiring, self.forward, self.backward, self.shapes, self.slopes = wiring, forward, backward, shapes, slopes
        self.sizes, self.lanes = dict(sizes or {}), dict(lanes or {})
        self.captions = [[Piece("label", line, "ink")] if isinstance(line, str) else line for line in captions]
        self.back = dict.fromkeys(wiring.back if backward else ())
        self.nodes: list[Node] = [*wiring.variables, *wiring.blocks]
        self._turn_to(direction or "up", places)
        if not places and not direction and self.extent[1] > TALLEST:
            self._turn_to("right")
            if self.extent[0] > WIDEST:
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
        maker = arrow.carries.made_by
        if isinstance(block.module, BlackBox) or (maker and isinstance(maker.module, BlackBox) and not arrow.carries.name):
            return []
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
            tall = 2 * (SMALL if node in self.wiring.at_side else RADIUS)
            return max(tall, label_width(node.name, NAME) + 8), tall
        module = node.module
        title, formula = label_width(module.title, NAME), label_width(module.formula, FORMULA)
        if module.sign == "cost":
            width, tall = max(COST, title + 20, formula + 16), COST
        else:
            width, tall = max(62, title + 30, formula + 24), BLOCK + (14 if formula else 0)
        ports = LANE * max(len(node.inputs), 1) + 20
        sides = sum(map(self.side_room, self.at_side(node))) - 2 * GAP
        return (max(width, ports), max(tall, sides)) if self.up else (max(width, sides), max(tall, ports))

    def side_room(self, arrow: Arrow) -> float:
        """How much of the side of its block a parameter takes, with its facts."""
        rows = self.value_rows(arrow.source) + self.gradient_rows(arrow.source)
        pill = self.slope_row(arrow)
        if self.up:
            return max(height(rows), 2 * SMALL, 2 * (PAIR + 5 + PILL) if pill else 0) + GAP
        several = len(self.at_side(arrow.target)) > 1
        return max(breadth(rows), 2 * SMALL, 2 * self.side_pill(arrow) * several) + GAP

    def side_pill(self, arrow: Arrow) -> float:
        """How far the pill of a parameter below its block reaches to the right."""
        row = self.slope_row(arrow)
        return PAIR + 5 + row_width(row) + 14 if row else 0.0

    def side_arrow(self, block: Block) -> float:
        """How long the arrow from a parameter at the side of a block is."""
        if not self.up:
            return 36 if not any(map(self.slope_row, self.at_side(block))) else 50
        return max([34.0, *(row_width(row) + 30 for row in map(self.slope_row, self.at_side(block)) if row)])

    def room(self, node: Node) -> Room:
        """How much room a part needs, with what stands beside it."""
        width, tall = self.size(node)
        before, after = self.facts(node)
        reach = breadth if self.up else height
        if isinstance(node, Block) and not self.up:
            before, after = [], []  # they stand at its output, which is the end
        rooms = [reach(rows) + GAP if rows else 0 for rows in (before, after)]
        side, depth = 0 if self.up else 1, 0.0
        for arrow in self.at_side(node) if isinstance(node, Block) else []:
            rows = self.value_rows(arrow.source) + self.gradient_rows(arrow.source)
            depth = max(depth, self.side_arrow(node) + self.size(arrow.source)[side] + (reach(rows) + GAP if rows else 0))
        rooms[side] = max(rooms[side], depth)
        for arrow in self.wiring.arrows:
            if arrow.target is node and arrow.source not in self.wiring.at_side and (row := self.slope_row(arrow)):
                pill = row_width(row) + 14 + PAIR + GAP - width / 2 if self.up else PILL + PAIR + GAP - tall / 2
                rooms = [max(room, pill) for room in rooms] if len(node.inputs) > 1 else [rooms[0], max(rooms[1], pill)]
        half = (width if self.up else tall) / 2
        along = tall / 2 if self.up else max(width, breadth(before), breadth(after)) / 2
        if isinstance(node, Block) and len(self.at_side(node)) == 1 and not self.up:
            along = max(along, self.side_pill(self.at_side(node)[0]))
        return Room(along, half + rooms[0], half + rooms[1])

    def stem(self, arrow: Arrow) -> float:
        row = self.slope_row(arrow)
        if not row:
            return STEM
        return STEM + PILL + 4 if self.up else row_width(row) + 40

    # ---- places -------------------------------------------------------------------------------

    @property
    def inner_arrows(self) -> list[Arrow]:
        return [a for a in self.wiring.arrows if a.source not in self.wiring.at_side]

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
        return stacked(rooms, edges, [index[node] for node in self._main_path()], [self.stem(a) for a in arrows])

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
        bottom = max(places[self.wiring.names[node]][1] + room.along for node, room in rooms.items())
        at = {node: (bottom - y, x) for node in self.nodes for x, y in [places[self.wiring.names[node]]]}
        courses = []
        for arrow in self.inner_arrows:
            (a0, x0), (a1, x1) = at[arrow.source], at[arrow.target]
            w0, w1 = self.size(arrow.source)[0], self.size(arrow.target)[0]
            if lane := self.lanes.get(self.wiring.key(arrow)):
                x0 = x1 = lane
            elif abs(x1 - x0) < abs(w1 - w0) / 2:  # a wide block is left and entered anywhere
                x0, x1 = (x0, x0) if w1 > w0 else (x1, x1)
            start, end = (a0 + rooms[arrow.source].along, x0), (a1 - rooms[arrow.target].along, x1)
            turn = 0
            if abs(x1 - x0) > 2 * RADIUS and sum(a.source is arrow.source for a in self.inner_arrows) > 1:
                turn, start = (1 if x1 > x0 else -1), (a0, x0)  # of several, those that go aside
            elif abs(x1 - x0) > 2 * RADIUS and len(arrow.target.inputs) > 1:
                x1 += math.copysign(LANE, x0 - x1)
                end = end[0], x1
            turned = [(start[0] + RADIUS + STEM / 3, x1)] if turn else []
            courses.append(Course((start, *turned, end), turn))
        broad = max(across + rooms[node].after for node, (_, across) in at.items())
        return Trunk(bottom, broad, tuple(at[node] for node in self.nodes), tuple(courses))

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, tall = self.diagram_extent
        if not self.captions:
            return width, tall
        broad, high = math.ceil(breadth(self.captions)), LINE * len(self.captions)
        if self.caption[1] > tall - 2 * MARGIN:
            return max(width, broad + 2 * MARGIN), tall + high + CAPTION
        return width + CAPTION + broad, max(tall, high + 2 * MARGIN)

    @property
    def caption(self) -> Point:
        """Where the captions begin: beside the diagram if there is room, otherwise below it."""
        (width, tall), broad = self.diagram_extent, breadth(self.captions)
        if width + CAPTION + broad > WIDEST:
            return 0.0, tall - 2 * MARGIN + CAPTION / 2
        return width - 2 * MARGIN + CAPTION, max((tall - 2 * MARGIN - LINE * len(self.captions)) / 2, 0)

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
                    at[arrow.source] = (x + share * width, y + tall / 2 + far + SMALL)
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
                return (left + right) / 2, y + PAIR + 5 + PILL / 2
            return x + PAIR + 5 + half, (y - SMALL + by + self.size(arrow.target)[1] / 2) / 2
        along, across = self.courses[arrow].stops[-1]
        others = [self.courses[a].stops[-1][1] for a in self.courses if a.target is arrow.target]
        side = -1 if len(others) > 1 and across == min(others) else 1
        if self.up:
            x, y = self.xy(along - HEAD - 5 - PILL / 2, across)
            return x + side * (PAIR + 5 + half), y
        x, y = self.xy(along - HEAD - 5 - half, across)
        return x, y + side * (PAIR + 5 + PILL / 2)

    # ---- words --------------------------------------------------------------------------------

    def picture(
        self, lit: Mapping[str, str] | None = None, theme: str = "light", step: int | None = None
    ) -> Picture:
        """The picture in one state: `lit` says which parts are "active", "done" or "greyed", or a `step` does."""
        lit = dict(lit or {})
        if step is not None:
            steps = self.steps()
            if not 0 <= step <= len(steps):
                raise ValueError(f"This diagram has {len(steps)} steps; got step={step}, expected 0 to {len(steps)}.")
            lit = (steps[step - 1][1] if step else self.before()) | lit
        state = dict.fromkeys(sorted(self.wiring.greyed), "greyed") | lit
        parts = set(self.wiring.parts)
        for name, what in state.items():
            if name not in parts:
                raise ValueError(f"There is no part {name!r} to light; there are {', '.join(self.wiring.parts)}.")
            if what not in STATES:
                raise ValueError(f"A part is {', '.join(STATES)}; got {what!r} for {name}.")
        alt = self.alt(state)
        brush = self.brush(self, theme, alt, state)
        brush.paint()
        return Picture(brush.svg(), alt, self.text(state), min(self.extent[0], WIDEST))

    def alt(self, state: Mapping[str, str]) -> str:
        """What the picture says, in one line."""
        facts = [self.wiring.call(block) for block in self.wiring.blocks]
        if self.forward:
            values = [x for x in self._shown() if isinstance(x.value, Numbers) and not x.value.shape]
            facts += [f"{plain(self.wiring.named(x))} is {number(x.value.flat[0])}" for x in values]
        words = f"block diagram: {'; '.join(facts)}"
        if self.backward:
            reached = [x for x in self.wiring.gradients if f"∂{self.wiring.named(x)}" not in self.wiring.greyed]
            names = [plain(self.wiring.gradient_name(x)) for x in reached]
            words += f"; back come {', '.join(names)}" if names else "; no gradient comes back"
        if self.wiring.cut:
            words += f"; cut at {', '.join(map(plain, self.wiring.cut))}"
        active = [plain(name) for name, what in state.items() if what == "active" and ">" not in name]
        return words + (f"; now at {', '.join(active)}" if active else "")

    def _shown(self) -> list[Variable]:
        wiring = self.wiring
        found = dict.fromkeys([*wiring.variables, *wiring.parameters, *wiring.outputs])
        return [x for x in found if x.name or x.value or x is wiring.of]

    def text(self, state: Mapping[str, str]) -> str:
        """Everything that the picture says: a line per variable and per block."""
        lines = [self.alt(state)]
        for x in self._shown():
            lines.append("  " + self.variable_in_words(x, state))
        for block in self.wiring.blocks:
            lines.append("  " + self.block_in_words(block, state))
        lines += ["  " + " ".join(plain(piece.content) for piece in row) for row in self.captions]
        return "\n".join(lines)

    def variable_in_words(self, x: Variable, state: Mapping[str, str]) -> str:
        facts = [x.sign + (", discrete" if x.discrete else "")]
        if self.shapes and x.shape is not None:
            facts.append(plain(written(x.shape)))
        if self.forward and x.value:
            facts.append(f"value {in_words(x.value)}")
        if self.backward and x in self.wiring.gradients:
            found = self.gradient(x)
            words = plain(self.wiring.gradient_name(x))
            words += f" = {in_words(found)}" if found else ""
            words += f" {plain(written(x.gradient_shape))}" if self.shapes and x.gradient_shape else ""
            facts.append(words)
        return f"{plain(self.wiring.named(x))}: {', '.join(facts)}{self._state_in_words(x, state)}"

    def block_in_words(self, block: Block, state: Mapping[str, str]) -> str:
        module = block.module
        sign = ("opaque " if module.opaque else "") + module.sign
        words = f"{plain(self.wiring.names[block])}: {sign}{', ' + plain(module.formula) if module.formula else ''}, "
        words += self.wiring.call(block)
        if self.slopes and self.backward:
            arrows = [a for a in self.wiring.arrows if a.target is block and a in self.back]
            names = []
            for a in arrows:
                shape = self.wiring.slope_shape(block, a.port) if self.shapes else None
                names.append(plain(self.wiring.slope(block, a.port)) + (f" {plain(written(shape))}" if shape else ""))
            words += f"; multiplies by {', '.join(names)}" if names else ""
        return words + self._state_in_words(block, state)

    def _state_in_words(self, node: Node, state: Mapping[str, str]) -> str:
        name = self.wiring.names.get(node)
        words = [state[name]] if name in state else []
        if isinstance(node, Variable) and f"∂{self.wiring.named(node)}" in state:
            words.append(f"gradient {state[f'∂{self.wiring.named(node)}']}")
        return f" ({', '.join(words)})" if words else ""

    # ---- steps --------------------------------------------------------------------------------

    def steps(self) -> list[tuple[str, dict[str, str]]]:
        """A walk forward, then (if gradients are shown) backward: a sentence and what to light, for each step.

        >>> G, C = Module("G", parameters="w"), Cost("C")
        >>> diagram = BlockDiagram(Wiring(C(G(Observed("x"), to="ȳ"), Observed("y"))), backward=True)
        >>> [sentence for sentence, _ in diagram.steps()]  # doctest: +NORMALIZE_WHITESPACE
        ['G takes x and w and gives ȳ.', 'C takes ȳ and y and gives the cost.', 'The pass back begins: ∂C/∂C = 1.',
         'C sends back ∂C/∂ȳ.', 'G sends back ∂C/∂w.']
        """
        wiring = self.wiring
        moves: list[tuple[str, list[str]]] = []
        for block in wiring.blocks:
            touching = [a for a in wiring.arrows if block in (a.source, a.target)]
            made = [y.name for y in block.outputs if y.name]
            taken = _and(plain(wiring.named(x)) for x in block.operands)
            gives = _and(map(plain, made)) or ("the cost" if block.module.sign == "cost" else "its output")
            used = [wiring.names[x] for x in block.operands if x in wiring.names]
            parts = [wiring.names[block], *used, *made, *map(wiring.key, touching)]
            moves.append((f"{plain(wiring.names[block])} takes {taken} and gives {gives}.", parts))
        if self.backward:
            moves.append((f"The pass back begins: {plain(wiring.gradient_name(wiring.of))} = 1.", [f"∂{wiring.named(wiring.of)}"]))
            moves += self._steps_back()
        story, seen, later = [], {}, self.before()
        for sentence, parts in moves:
            for part in parts:
                later.pop(part, None)
            story.append((sentence, later | seen | dict.fromkeys(parts, "active")))
            seen = seen | dict.fromkeys(parts, "done")
        return story

    def before(self) -> dict[str, str]:
        """What is lit before the first step: nothing has come back yet."""
        if not self.backward:
            return {}
        arrows = [self.wiring.key(arrow, backward=True) for arrow in self.back]
        return dict.fromkeys([*arrows, *(f"∂{self.wiring.named(x)}" for x in self.wiring.gradients)], "greyed")

    def _steps_back(self) -> list[tuple[str, list[str]]]:
        wiring, moves = self.wiring, []
        given: set[Variable] = set()
        for block in reversed(wiring.blocks):
            into = [a for a in self.back if a.target is block]
            if not into:
                continue
            above = [a for a in self.back if a.source is block and isinstance(a.target, Variable)]
            names = [plain(wiring.gradient_name(a.carries)) for a in into]
            verb = "adds to" if all(a.carries in given for a in into) else "sends back"
            given.update(a.carries for a in into)
            parts = [wiring.names[block], *(wiring.key(a, backward=True) for a in (*above, *into))]
            parts += dict.fromkeys(f"∂{wiring.named(a.carries)}" for a in into if a.carries in wiring.gradients)
            moves.append((f"{plain(wiring.names[block])} {verb} {_and(dict.fromkeys(names))}.", parts))
        return moves


def _and(words: Iterable[str]) -> str:
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last
