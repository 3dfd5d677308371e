"""The figures of the lessons, ready-made: those of LeCun's notes, the stack of trunk and branches, and the legend.

`figure(1)` is LeCun's Figure 1, `figure("trunk")` the stack with its branches; each can be drawn in any state.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from .blocks import BlockDiagram
from .labels import write
from .layout.shapes import Point
from .networks import network
from .paper import SANS
from .picture import Picture
from .signs import FACT, Brush, Piece, Row
from .wiring import BlackBox, Block, Computed, Cost, Module, Observed, Parameter, Variable, Wiring

MOST_CARDS = 5  # samples that are drawn one behind the other


def figure(
    number: int | str,
    *,
    theme: str = "light",
    lit: Mapping[str, str] | None = None,
    step: int | None = None,
    **options: Any,
) -> Picture:
    """A figure by its number in LeCun's notes (1, 2, 4 to 9; the third is a plot), or by its name.

    The names are "unit", "layers", "trunk", "skip", "opaque cost", "actor and critic". Options of all figures:
    `forward`, `backward`, `shapes`, `slopes`, `direction` and `cut`, as in `blocks`; figures with a number of
    something take it as an option, such as `samples` for 2 and `stages` for 9. `lit` and `step` show a state.

    >>> figure(1).alt
    'block diagram: ȳ = G(x, w); C(ȳ, y)'
    """
    if number == 4:
        return units(theme=theme, **options)
    return diagram(number, **options).picture(lit, theme, step)


def units(sizes: Sequence[int] = (3, 4, 2), *, theme: str = "light") -> Picture:
    """Figure 4: a network of two layers, unit by unit (three layers for those who count the variables)."""
    return network(list(sizes), theme=theme)


def diagram(number: int | str, *, cut: str | Collection[str] = (), **options: Any) -> BlockDiagram:
    """The diagram of a figure, laid out once; `diagram(9).steps()` is the walk through it."""
    if number in (3, 4):
        what = "a plot, a noisy path on contours" if number == 3 else "a network drawn unit by unit"
        raise ValueError(f"Figure {number} is {what}, no block diagram; those are {_names()}.")
    if number not in FIGURES:
        raise ValueError(f"There is no figure {number!r}; there are {_names()}.")
    found = FIGURES[number](**options)
    found.wiring.cut_through(cut)
    return found


def _names() -> str:
    return ", ".join(map(repr, FIGURES))


# ---- LeCun's figures ------------------------------------------------------------------------------


def model_and_cost(**options: Any) -> BlockDiagram:
    """Figure 1: the model ȳ = G(x, w) and the cost C(y, ȳ)."""
    prediction = Module("G", parameters="w")(Observed("x"), to="ȳ")
    return BlockDiagram(Wiring(Cost("C")(prediction, Observed("y"))), **options)


def average_loss(samples: int = 3, **options: Any) -> BlockDiagram:
    """Figure 2: the same for each of P samples, one behind the other, and the average of their costs.

    There is one w: it is outside of the samples, and its gradient is the average of theirs.
    """
    _at_least(samples, 1, "samples")
    w = Parameter("w")
    prediction = Module("G", parameters=w)(Observed("x[0]"), to="ȳ[0]")
    costs = [Cost("C")(prediction, Observed("y[0]"))]
    shown = range(1, samples) if samples <= MOST_CARDS else [1, 2, None, samples - 1]
    names = ["⋯" if p is None else f"p = {p}" for p in shown]
    costs += [Sample(name)() for name in names]
    loss = Module("average", formula=f"1/P Σ_p,  P = {samples}")(*costs, to="L")
    left, top, shift = 118.0, 130.0 + 26 * len(names), 26.0
    trunk = left + EDGE
    sizes = {name: (CARD[0], CARD[1]) for name in names}
    places = {
        name: (left + i * shift + CARD[0] / 2, top - i * shift + CARD[1] / 2) for i, name in enumerate(names, start=1)
    }
    middle = trunk + len(names) * shift / 2
    places |= {"L": (middle, 17.0), "average": (middle, 80.0), "C": (trunk, top + 42)}
    sizes["average"] = (max(140.0, len(names) * shift + 60), 52.0)
    places |= {"ȳ[0]": (trunk, top + 104), "y[0]": (trunk + 138, top + 104)}
    places |= {"G": (trunk, top + 157), "x[0]": (trunk, top + 210)}
    lanes = {f"{name}>average:{i}": trunk + i * shift for i, name in enumerate(["C", *names])}
    frame = (left + len(names) * shift + CARD[0], top + CARD[1])
    return _Cards(
        Wiring(loss), places=places, sizes=sizes, lanes=lanes, frame=frame, captions=_one_w(options), **options
    )


def _one_w(options: Mapping[str, Any]) -> list[str]:
    found = ["one w, shared by all samples"]
    return [*found, "∂L/∂w = 1/P Σ_p ∂C_p/∂w"] if options.get("backward") else found


def layers(layers: int = 2, sums: bool | None = None, **options: Any) -> BlockDiagram:
    """Figure 5: linear and non-linear blocks in turn, s_{k+1} = w_k z_k and z_k = h(s_k).

    `sums` says whether the s_k are drawn; of more than two layers they are not, so that the stack fits a screen.
    """
    _at_least(layers, 1, "layers")
    sums = layers <= 2 if sums is None else sums
    z: Variable = Observed("z_0")
    for k in range(layers):
        linear = Module(f"linear_{k + 1}", f"w_{k}", title=f"s_{k + 1} = w_{k} z_{k}")
        s = linear(z, to=f"s_{k + 1}" if sums else "")
        z = Module(f"h_{k + 1}", title=f"z_{k + 1} = h(s_{k + 1})")(s, to=f"z_{k + 1}")
    if options.get("backward"):  # gradients come from a cost
        z = Cost("C")(z, Observed("y"))
    return BlockDiagram(Wiring(z), **options)


def unit(inputs: int = 3, **options: Any) -> BlockDiagram:
    """One unit as blocks: the weighted sum s[i] over its predecessors UP(i), and z[i] = f(s[i])."""
    _at_least(inputs, 1, "inputs")
    below = [Computed(f"z[{j}]") for j in range(inputs)]
    s = Module("weighted sum", "w[i]", formula="Σ_{j∈UP(i)} w[i,j]·z[j]")(*below, to="s[i]")
    return BlockDiagram(Wiring(Module("f")(s, to="z[i]")), **options)


def through_a_function(**options: Any) -> BlockDiagram:
    """Figure 6: a black box with a notch in which a function h sits, z = h(s)."""
    options = {"slopes": True} | options
    below, above = BlackBox("network below"), BlackBox("network above")
    z = Module("h", formula="z = h(s)", slopes=["h′(s)"])(below(to=Computed("s", gradient="dC/dz · h′(s)")), to="z")
    wiring = Wiring(Cost("C")(above(z)), d="d")
    places = {
        "C": (210.0, 22.0), "network above": (220.0, 88.0), "z": (210.0, 149.0), "h": (210.0, 213.0),
        "s": (210.0, 296.0), "network below": (220.0, 363.0),
    }  # fmt: skip
    sizes = {"network above": (440.0, 48.0), "network below": (440.0, 48.0)}
    return _Notch(wiring, places=places, sizes=sizes, lanes={"network above>C:0": 210.0}, **options)


def through_a_sum(outputs: int = 3, **options: Any) -> BlockDiagram:
    """Figure 7: a black box with a notch in which z fans out to s[0], s[1], s[2], each with a weight of its own."""
    _at_least(outputs, 1, "outputs")
    below, above = BlackBox("network below"), BlackBox("network above")
    terms = " + ".join(f"w[{i}]·dC/ds[{i}]" for i in range(outputs))
    z = below(to=Computed("z", gradient=terms if outputs <= 2 else "Σ_i w[i]·dC/ds[i]"))
    sums = [Module(f"× w[{i}]")(z, to=f"s[{i}]") for i in range(outputs)]
    wiring = Wiring(Cost("C")(above(*sums)), d="d")
    width = 130.0 + 146 * outputs
    columns = [150.0 + 146 * i for i in range(outputs)]
    middle = columns[(outputs - 1) // 2]
    places = {"C": (middle, 22.0), "z": (middle, 300.0)}
    places |= {"network above": (width / 2, 88.0), "network below": (width / 2, 367.0)}
    for i, x in enumerate(columns):
        places |= {f"s[{i}]": (x, 149.0), f"× w[{i}]": (x, 206.0)}
    sizes = {"network above": (width, 48.0), "network below": (width, 48.0)}
    return _Notch(wiring, places=places, sizes=sizes, lanes={"network above>C:0": middle}, **options)


def through_a_module(**options: Any) -> BlockDiagram:
    """Figure 8: modules f and g, and the chain rule for vectors with the shapes of its factors."""
    options = {"shapes": True, "slopes": True} | options
    z_f = Module("f")(Observed("x"), to=_column("z_f", "d_f"))
    z_g = Module("g")(z_f, to=_column("z_g", "d_g"))
    captions = []
    if options.get("backward"):
        captions = ["∂c/∂z_f = ∂c/∂z_g · ∂z_g/∂z_f", "[1×d_f] = [1×d_g] [d_g×d_f]"]
    return BlockDiagram(Wiring(Cost("c")(z_g), wrt=["z_f", "z_g"]), captions=captions, **options)


def many_stages(stages: int = 2, **options: Any) -> BlockDiagram:
    """Figure 9: a stack of modules z_{k+1} = f_k(z_k, w_k) up to the cost, each with its two Jacobians."""
    _at_least(stages, 1, "stages")
    options = {"slopes": True} | options
    names = ["k", *(f"k+{i}" for i in range(1, stages + 1))]
    z = _column("z_k", "d_k")
    for here, following in zip(names, names[1:]):
        w = _column(f"w_{{{here}}}", f"p_{{{here}}}", Parameter)
        slopes = [f"∂f_{{{here}}}/∂{x}_{{{here}}}" for x in "zw"]
        z = Module(f"f_{{{here}}}", w, slopes=slopes)(z, to=_column(f"z_{{{following}}}", f"d_{{{following}}}"))
    return BlockDiagram(Wiring(Cost("c")(z, Observed("y"))), **options)


def _column(name: str, size: str, kind: type = Computed) -> Any:
    """A column vector, whose gradient is a row."""
    return kind(name, shape=(size, 1), gradient_shape=(1, size))


# ---- trunk and branches ----------------------------------------------------------------------------


def trunk_and_branches(layers: int = 3, **options: Any) -> BlockDiagram:
    """The stack L = f(g(h(…))): functions in a row, and each layer's parameters as a dead end at its sum.

    A layer is a sum over weights times inputs, and an activation. The factors of ∂L/∂W are the trunk down to that
    layer, which all layers below use again, and one branch that nobody else uses.
    """
    _at_least(layers, 1, "layers")
    if layers > 5:
        raise ValueError(f"There are letters for at most 5 layers; got {layers}.")
    options = {"slopes": True} | options
    letters = "fghijklmnopq"
    inner: Variable = Observed("x")
    rows, used = [], ""
    for n in reversed(range(layers)):
        weights = f"W^{{(n−{n})}}" if n else "W^{(n)}"
        h, g = letters[2 * n + 2], letters[2 * n + 1]
        weighted = Module(h, weights, title=f"{h}: weighted sum")(inner)
        inner = Module(g, title=f"{g}: activation")(weighted)
    wiring = Wiring(Cost("f", formula="loss")(inner))
    for n in range(layers):
        weights = f"W^{{(n−{n})}}" if n else "W^{(n)}"
        path = letters[: 2 * n + 3]
        factors = [f"∂{a}/∂{b}" for a, b in zip(path, path[1:])]
        again = factors[: len(used)]
        used = path[:-1]
        rows.append(_factors(f"∂f/∂{weights}", again, [*factors[len(again) :], f"∂{path[-1]}/∂{weights}"]))
    captions = rows if options.get("backward") else []
    return BlockDiagram(wiring, captions=captions, **options)


def _factors(name: str, again: list[str], new: list[str]) -> Row:
    """∂f/∂W = the factors that another row has used before, and those that are new in this one."""
    row = [Piece("label", f"{name} =", "gradient")]
    if again:
        row.append(Piece("label", f"({' · '.join(again)}) ·", "muted"))
    return [*row, Piece("label", " · ".join(new), "ink")]


def skip_connection(**options: Any) -> BlockDiagram:
    """A skip connection: z goes through f and past it, so that its gradient comes back on two ways."""
    z = Module("g", "w_1")(Observed("x"), to="z")
    s = Module("f", "w_2")(z, to="s")
    return BlockDiagram(Wiring(Cost("C")(Module("+")(s, z, to="ȳ"), Observed("y"))), **options)


# ---- when there is no gradient ----------------------------------------------------------------------


def opaque_cost(**options: Any) -> BlockDiagram:
    """A transparent model G, and a cost C of which only the value is known: no gradient comes back."""
    prediction = Module("G", parameters="w")(Observed("x"), to="ȳ")
    cost = Cost("C", opaque=True)(prediction, to="c")
    captions = ["C says how good ȳ was, not how to make it better:", "∂C/∂ȳ is unknown, so G learns nothing"]
    return BlockDiagram(Wiring(cost), captions=captions if options.get("backward") else [], **options)


def actor_and_critic(learning: str = "actor", **options: Any) -> BlockDiagram:
    """An actor G and a critic Ĉ that imitates the opaque cost C; `learning` says which of the two is being trained.

    The critic learns to say what the cost will say (the gradient of D in v); the actor learns from the critic,
    through which gradients pass (the gradient of ĉ in w).
    """
    if learning not in ("actor", "critic"):
        raise ValueError(f'Either the "actor" or the "critic" learns; got learning={learning!r}.')
    action = Module("G", "w", formula="actor")(Observed("x"), to="a")
    guess = Module("Ĉ", "v", formula="critic")(action, to="ĉ")
    cost = Cost("C", opaque=True)(action, to="c")
    of, wrt = ("ĉ", ["w"]) if learning == "actor" else ("D", ["v"])
    wiring = Wiring(Cost("D", formula="(c − ĉ)²")(guess, cost), of=of, wrt=wrt)
    return BlockDiagram(wiring, **options)


def _at_least(count: int, least: int, what: str) -> None:
    if count < least:
        raise ValueError(f"This figure needs at least {least} of its {what}; got {count}.")


FIGURES: dict[int | str, Callable[..., BlockDiagram]] = {
    1: model_and_cost,
    2: average_loss,
    5: layers,
    6: through_a_function,
    7: through_a_sum,
    8: through_a_module,
    9: many_stages,
    "unit": unit,
    "layers": partial(layers, 3),
    "trunk": trunk_and_branches,
    "skip": skip_connection,
    "opaque cost": opaque_cost,
    "actor and critic": actor_and_critic,
}


# ---- figures whose geometry is their meaning ---------------------------------------------------------

CARD, EDGE = (228.0, 238.0), 50.0  # the size of a card, and how far from its edge x stands


class Sample(BlackBox):
    """The same model and cost for another sample: a card behind the first one."""

    sign = "sample"


class _CardBrush(Brush):
    """Samples as cards, one behind the other."""

    def backdrop(self) -> None:
        """Each card holds the one before it, and the first one the parts of the first sample."""
        at, size, by_name = self.diagram.at, self.diagram.size, self.wiring.by_name
        within = self.root
        for block in reversed([block for block in self.wiring.blocks if isinstance(block.module, Sample)]):
            within = self.card_of(within, block.module.name, at[block])
        (x, y), (_, tall) = at[by_name["C"]], size(by_name["C"])
        within = self.card_of(within, "p = 0", (x - EDGE + CARD[0] / 2, y - tall / 2 - 20 + CARD[1] / 2))
        self.frames = dict.fromkeys(("x[0]", "y[0]", "ȳ[0]", "G", "C"), within)

    def card_of(self, within: Element, name: str, centre: Point) -> Element:
        x, y = centre[0] - CARD[0] / 2, centre[1] - CARD[1] / 2
        group = self.add(within, "g", data_node=name)
        pen = self.pen(name, self.theme.line, 1.3)
        self.add(group, "rect", x=x, y=y, width=CARD[0], height=CARD[1], rx=10, fill=self.theme.card, **pen)
        write(self, group, name, x + CARD[0] - 10, y + 18, self.ink(name, "ink"), FACT - 1, anchor="end")
        return group

    def block(self, block: Block, centre: tuple[float, float]) -> None:
        if not isinstance(block.module, Sample):  # those are drawn already, behind the arrows
            super().block(block, centre)


class _Cards(BlockDiagram):
    brush = _CardBrush


class _NotchBrush(Brush):
    """A black box with a notch: its floor and its ceiling are blocks, its back wall joins them."""

    seamless = True

    def backdrop(self) -> None:
        at, size = self.diagram.at, self.diagram.size
        above, below = (self.wiring.by_name[f"network {where}"] for where in ("above", "below"))
        (x, y), (width, tall) = at[above], size(above)
        left, top, bottom = x - width / 2, y - tall / 2, at[below][1] + size(below)[1] / 2
        wall, ceiling, floor = left + 84, top + tall, at[below][1] - size(below)[1] / 2
        corners = [(left, top), (left + width, top), (left + width, ceiling), (wall, ceiling), (wall, floor)]
        corners += [(left + width, floor), (left + width, bottom), (left, bottom)]
        points = " ".join(f"{x:.0f},{y:.0f}" for x, y in corners)
        self.add(
            self.root, "polygon", points=points, fill=self.theme.opaque, stroke=self.theme.line, stroke_width=2.0,
            stroke_linejoin="round",
        )  # fmt: skip
        for i, text in enumerate(("the rest", "of the", "network")):
            label = self.add(self.root, "g", data_label=text)
            self.add(
                label, "text", text, x=(left + wall) / 2, y=(top + bottom) / 2 - 16 + 22 * i, text_anchor="middle",
                font_size=16, font_family=SANS, fill=self.theme.on_opaque,
            )  # fmt: skip


class _Notch(BlockDiagram):
    brush = _NotchBrush


# ---- the legend ------------------------------------------------------------------------------------


def legend(theme: str = "light") -> Picture:
    """Every sign of the block diagrams, with its meaning."""
    x, z, w = Observed("x"), Computed("z"), Parameter("w")
    many, discrete = Computed("z_k", shape=("d_k", 1)), Computed("n", discrete=True)
    after = [Module("G")(), Cost("C")(), BlackBox("box")()]
    names = {"x": 0, "z": 1, "w": 2, "z_k": 3, "n": 4}
    places = {name: (LEFT, 30.0 + PITCH * row) for name, row in names.items()}
    places |= {name: (RIGHT, 30.0 + PITCH * row) for row, name in enumerate(["G", "C", "box"])}
    diagram = _Legend(Wiring([x, z, w, many, discrete, *after]), places=places)
    return diagram.picture(theme=theme)


PITCH, LEFT, RIGHT = 68.0, 34.0, 474.0  # from row to row, and where the two columns of signs stand
MEANINGS = {
    "x": ("observed variable (filled)", "given from outside: an input, a target"),
    "z": ("computed variable (open)", "what a deterministic function produces"),
    "w": ("parameter (a knob)", "comes in from the side; learning sets it"),
    "z_k": ("tensor (one more rim)", "many numbers; a single rim: one number"),
    "n": ("discrete variable (dotted rim)", "separate values only; unbroken: continuous"),
    "forward": ("forward (solid)", "a value, from what makes it to what takes it"),
    "G": ("module, a deterministic function", "easy to compute towards its rounded side"),
    "C": ("cost, a square", "one number out, which need not be drawn"),
    "box": ("black box: nobody looks inside", "a black cost sends no gradient back"),
    "slope": ("slope, or Jacobian", "multiplies a gradient on its way back"),
    "cut": ("cut", "nothing passes; what depends on it is grey"),
    "backward": ("backward (dashed)", "the gradient ∂C/∂z, the other way"),
}


class _LegendBrush(Brush):
    def paint(self) -> None:
        super().paint()
        rows = list(MEANINGS)
        for i, name in enumerate(rows):
            column, row = (LEFT, i) if i < len(rows) / 2 else (RIGHT, i - len(rows) // 2)
            y = 30.0 + PITCH * row
            for text, base, colour, weight in zip(MEANINGS[name], (y - 4, y + 16), ("ink", "muted"), (700, 400)):
                label = self.add(self.root, "g", data_label=text)
                self.add(
                    label, "text", text, x=column + 56, y=base, font_size=15, font_weight=weight,
                    fill=getattr(self.theme, colour),
                )  # fmt: skip
            self.sample(name, column, y)

    def sample(self, name: str, x: float, y: float) -> None:
        """The signs that are not parts: arrows, a slope, a cut."""

        def arrow(key: str, start: float, end: float, colour: str, **more: Any) -> None:
            self.arrow(key, [((x, y + start), (x, y + start), (x, y + end), (x, y + end))], colour, **more)

        if name == "forward":
            arrow("", 22.0, -22.0, self.theme.value)
        elif name == "backward":
            arrow("", -22.0, 22.0, self.theme.gradient, stroke_dasharray="6 4")
        elif name == "cut":
            arrow("", -22.0, 22.0, self.theme.border, stroke_dasharray="6 4")
            self.gash(self.root, ((x, y - 22.0), (x, y - 22.0), (x, y + 10.0), (x, y + 10.0)))
        elif name == "slope":
            self.pill([Piece("label", "× ∂f/∂z", "ink")], (x, y), "")


class _Legend(BlockDiagram):
    brush = _LegendBrush

    @property
    def diagram_extent(self) -> tuple[int, int]:
        return 884, int(PITCH * len(MEANINGS) / 2) + 24

    def alt(self, state: Mapping[str, str]) -> str:
        return "legend of block diagrams: " + ", ".join(sign for sign, _ in MEANINGS.values())

    def text(self, state: Mapping[str, str]) -> str:
        return "\n  ".join([self.alt(state), *(f"{sign}: {meaning}" for sign, meaning in MEANINGS.values())])
