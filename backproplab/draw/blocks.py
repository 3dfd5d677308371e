"""Block diagrams in LeCun's notation: a model and its cost as modules and variables, forward and backward.

Observed variables are filled circles, computed ones open; a module is a block whose rounded side is its output;
parameters come in from the side; a cost is a square. Values go forward on solid arrows, gradients come back on
dashed ones. After the lectures of Yann LeCun, "Introduction to Gradient Descent and Backpropagation" (2020).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..notation import number
from .labels import plain
from .picture import Picture
from .plan import Plan
from .signs import Brush, in_words
from .stack import wired
from .wiring import (
    BlackBox,
    Block,
    Computed,
    Cost,
    Module,
    Node,
    Numbers,
    Observed,
    Parameter,
    Variable,
    Wiring,
    written,
)

__all__ = ["BlackBox", "BlockDiagram", "Computed", "Cost", "Module", "Observed", "Parameter", "blocks"]

STATES = ("active", "done", "greyed")


def blocks(
    model: Variable | Iterable[Variable] | Any,
    *,
    forward: bool = True,
    backward: bool = False,
    shapes: bool = False,
    slopes: bool = False,
    direction: str = "",
    of: str = "",
    wrt: Collection[str] | None = None,
    cut: str | Collection[str] = (),
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
    shape of everything, `slopes` the local derivatives (Jacobians) by which gradients are multiplied. A stack goes
    up, as in LeCun's figures; `direction` "right" turns it, as a slide may need, if it then fits a notebook's width.

    Gradients are those `of` the cost (or the one output), in everything that learns or, if given, in `wrt`; `d`
    is the sign of a derivative. `cut` names arrows through which nothing passes: what depends on them is greyed.
    `lit` marks parts by name as "active", "done" or "greyed", or `step` marks those of a step of the walk forward
    and back. An arrow is called "SOURCE>TARGET:PORT", and the gradient of z "∂z".

    A network is run forward on `x`, its `loss` computed with the target `y`, and its gradients found by a real
    backward pass.

    Raises a ValueError for names that are not in the diagram, for wiring that goes in a circle, and for shapes
    that do not fit.

    >>> G, C = Module("G", parameters="w"), Cost("C")
    >>> blocks(C(G(Observed("x"), to="ȳ"), Observed("y")), backward=True).alt
    'block diagram: ȳ = G(x, w); C(ȳ, y); back come ∂C/∂C, ∂C/∂ȳ, ∂C/∂w'
    """
    if not isinstance(model, Variable) and hasattr(model, "named_parameters"):
        model = wired(model, loss, x, y)
    elif any(given is not None for given in (loss, x, y)):
        raise ValueError("loss, x and y belong to a network from nn; wired variables have their cost in the wiring.")
    wiring = Wiring(model, of=of, wrt=wrt, d=d)
    wiring.cut_through(cut)
    options = {"forward": forward, "backward": backward, "shapes": shapes, "slopes": slopes, "direction": direction}
    return BlockDiagram(wiring, **options).picture(lit, theme, step)


class BlockDiagram(Plan):
    """A block diagram that has been laid out once and can be drawn in any state: parts never move.

    `places` gives the centre of every part by name, for figures whose geometry is their meaning, `sizes` the width
    and height of blocks, `lanes` the x at which an arrow runs, `frame` the size of the whole. `captions` stand beside
    the diagram, or below it.
    """

    brush = Brush

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
        return Picture(brush.svg(), alt, self.text(state), self.extent[0])

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
            seed = f"The pass back begins: {plain(wiring.gradient_name(wiring.of))} = 1."
            moves.append((seed, [f"∂{wiring.named(x)}" for x in wiring.gradients if x is wiring.of]))
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
            again = dict.fromkeys(plain(wiring.gradient_name(a.carries)) for a in into if a.carries in given)
            first = dict.fromkeys(plain(wiring.gradient_name(a.carries)) for a in into if a.carries not in given)
            given.update(a.carries for a in into)
            deeds = [f"{verb} {_and(names)}" for verb, names in (("adds to", again), ("sends back", first)) if names]
            parts = [wiring.names[block], *(wiring.key(a, backward=True) for a in (*above, *into))]
            parts += dict.fromkeys(f"∂{wiring.named(a.carries)}" for a in into if a.carries in wiring.gradients)
            moves.append((f"{plain(wiring.names[block])} {_and(deeds)}.", parts))
        return moves


def _and(words: Iterable[str]) -> str:
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last
