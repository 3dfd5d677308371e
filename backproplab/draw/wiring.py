"""How a block diagram is described: variables and modules, wired by calling modules on variables.

The notation is LeCun's: an observed variable is filled, a computed one open, a module has one rounded side,
a cost is a square. Nothing is drawn here; `blocks` does that.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from .labels import plain

Shape = tuple[int | str, ...]


# ---- variables ----------------------------------------------------------------------------------


class Variable:
    """One number or many: `Observed`, `Computed` or a `Parameter`.

    `shape` is () for a single number, otherwise a tuple of sizes, each an int or a symbol such as "d_f"; it is
    left out if it does not matter, and follows from `value` (a number, nested lists, an array, a Value or a
    Tensor) if that is given. A value or gradient may also be a formula, as text. `gradient_shape` is the shape of
    the variable unless the gradient is written as a row. A `discrete` variable takes separate values only.
    """

    sign = ""

    def __init__(
        self,
        name: str,
        *,
        shape: Sequence[int | str] | None = None,
        value: Any = None,
        gradient: Any = None,
        gradient_shape: Sequence[int | str] | None = None,
        discrete: bool = False,
    ) -> None:
        self.name, self.discrete = name, discrete
        self.value, self.gradient = _numbers(value), _numbers(gradient)
        self.shape = _agreeing(name, "shape", shape, self.value)
        own = self.shape if gradient_shape is None else gradient_shape
        self.gradient_shape = _agreeing(name, "gradient's shape", own, self.gradient)
        self.made_by: Block | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Observed(Variable):
    """A variable whose value is given from outside: an input, or a target."""

    sign = "observed"


class Computed(Variable):
    """A variable that a deterministic function produces."""

    sign = "computed"


class Parameter(Variable):
    """A variable that learning sets: shared by all samples, and the end of the road for gradients."""

    sign = "parameter"


class Numbers(NamedTuple):
    """The numbers of an array, flat, and its shape."""

    flat: tuple[float, ...]
    shape: Shape

    @property
    def norm(self) -> float:
        """The length of all entries taken as one vector."""
        return math.hypot(*self.flat)


def _numbers(value: Any) -> Numbers | str | None:
    """Numbers of any kind, without needing to know NumPy."""
    if value is None or isinstance(value, Numbers | str):
        return value
    value = value.data if hasattr(value, "backward") else value
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, list | tuple):
        return Numbers((float(value),), ())
    parts = [_numbers(part) for part in value]
    if len({part.shape for part in parts}) > 1:
        raise ValueError("The rows of a value have different lengths; an array needs rows that are equally long.")
    return Numbers(sum((part.flat for part in parts), ()), (len(parts), *(parts[0].shape if parts else ())))


def _agreeing(
    name: str, what: str, shape: Sequence[int | str] | None, numbers: Numbers | str | None
) -> Shape | None:
    numbers = None if isinstance(numbers, str) else numbers
    if numbers is None or shape is None:
        return numbers.shape if numbers else None if shape is None else tuple(shape)
    if not fits(tuple(shape), numbers.shape):
        raise ValueError(f"{name} was given the {what} {written(shape)} and numbers of shape {written(numbers.shape)}.")
    return numbers.shape


def fits(a: Shape | None, b: Shape | None) -> bool:
    """Whether two shapes can be the same: a number and a symbol may turn out to be equal."""
    if a is None or b is None:
        return True
    return len(a) == len(b) and all(m == n or isinstance(m, str) is not isinstance(n, str) for m, n in zip(a, b))


def written(shape: Sequence[int | str]) -> str:
    """A shape in brackets.

    >>> written(("d_g", 1)), written(())
    ('[d_g×1]', 'one number')
    """
    return f"[{'×'.join(map(str, shape))}]" if len(shape) else "one number"


# ---- modules ------------------------------------------------------------------------------------


class Module:
    """A deterministic function with any number of inputs and outputs, drawn with its output side rounded.

    `parameters` (names or `Parameter`s) come in from the side. `title` stands in the block, if that is not its name,
    and `formula` below it. With
    `takes` and `gives`, the shapes of inputs and outputs (None for any), wrong calls are noticed. `slopes` name
    the local derivatives in the inputs and then in the parameters, where ∂output/∂input will not do. An `opaque`
    module is a black box: no gradient passes through it.

    >>> G, C = Module("G", parameters="w"), Cost("C")
    >>> G(Observed("x"), to="ȳ")
    Computed('ȳ')
    """

    sign = "module"

    def __init__(
        self,
        name: str,
        parameters: str | Parameter | Sequence[str | Parameter] = (),
        *,
        title: str = "",
        formula: str = "",
        takes: Sequence[Sequence[int | str] | None] | None = None,
        gives: Sequence[Sequence[int | str] | None] | None = None,
        slopes: Sequence[str] = (),
        opaque: bool = False,
    ) -> None:
        given = [parameters] if isinstance(parameters, str | Parameter) else parameters
        self.name, self.title, self.formula = name, title or name, formula
        self.slopes, self.opaque = tuple(slopes), opaque
        self.parameters = tuple(Parameter(p) if isinstance(p, str) else p for p in given)
        self.takes, self.gives = takes, gives

    def __call__(self, *inputs: Variable, to: Any = "") -> Any:
        """Wire the module to variables. `to` names the output, or is a `Computed`, or a list of these if it has
        several; an output without a name is drawn as a mere wire. Returns the output, or a tuple of them.
        """
        for x in inputs:
            if not isinstance(x, Variable):
                raise TypeError(f"{self.name} takes variables, such as Observed('x'); got {x!r}.")
        several = isinstance(to, list | tuple)
        outputs = tuple(Computed(y) if isinstance(y, str) else y for y in (to if several else [to]))
        self._check("takes", "input", inputs)
        self._check("gives", "output", outputs)
        Block(self, inputs, outputs)
        return outputs if several else outputs[0]

    def _check(self, verb: str, what: str, variables: Sequence[Variable]) -> None:
        declared = getattr(self, verb)
        if declared is None:
            return
        if len(declared) != len(variables):
            raise ValueError(f"{self.name} {verb} {len(declared)} {what}s; it was wired to {len(variables)}.")
        for variable, shape in zip(variables, declared):
            shape = None if shape is None else tuple(shape)
            if not fits(variable.shape, shape):
                raise ValueError(
                    f"{self.name} {verb} an {what} of shape {written(shape)}; {variable.name or 'it'} has shape "
                    f"{written(variable.shape)}."
                )
            variable.shape = shape if variable.shape is None else variable.shape

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Cost(Module):
    """A function with one number as its output, which need not be drawn: a square."""

    sign = "cost"


class BlackBox(Module):
    """A part of a network into which we do not look; gradients pass through it all the same."""

    sign = "black box"


class Block:
    """One use of a module: where it stands in a diagram."""

    def __init__(self, module: Module, inputs: tuple[Variable, ...], outputs: tuple[Variable, ...]) -> None:
        self.module, self.inputs, self.outputs = module, inputs, outputs
        for y in outputs:
            if y.made_by or not isinstance(y, Computed):
                made = f"{y.made_by.module.name} already does" if y.made_by else f"{y.name} is {y.sign}"
                raise ValueError(f"{module.name} cannot produce {y.name}: {made}.")
            y.made_by = self

    @property
    def operands(self) -> tuple[Variable, ...]:
        """The inputs, then the parameters: the numbers of their ports."""
        return self.inputs + self.module.parameters


Node = Variable | Block


class Arrow(NamedTuple):
    """A wire between two parts. Its gradient, if any, goes back from target to source."""

    source: Node
    target: Node
    port: int  # which input or output of the block this is
    carries: Variable


# ---- the whole ----------------------------------------------------------------------------------


class Wiring:
    """Everything from which `outputs` are computed, with a name for each part, and what gradients reach.

    `of` is the variable (or cost) whose gradients are meant; `wrt` are the variables in which they are wanted,
    by default all that parameters and computed variables without a maker reach.
    """

    def __init__(
        self,
        outputs: Variable | Iterable[Variable],
        *,
        of: str = "",
        wrt: Collection[str] | None = None,
        d: str = "∂",
    ) -> None:
        self.outputs = (outputs,) if isinstance(outputs, Variable) else tuple(outputs)
        self.blocks = _in_order(self.outputs)
        found = dict.fromkeys(x for block in self.blocks for x in (*block.inputs, *block.outputs))
        parameters = dict.fromkeys(w for block in self.blocks for w in block.module.parameters)
        found = list(dict.fromkeys([*found, *self.outputs]))
        uses = {w: sum(w in block.module.parameters for block in self.blocks) for w in parameters}
        self.at_side = {w for w in parameters if uses[w] == 1 and w not in found}
        self.variables = [w for w in parameters if w not in self.at_side and w not in found]
        self.variables += [x for x in found if x.name]
        self.parameters = list(parameters)
        self.names = self._names(parameters)
        self.by_name = {name: node for node, name in self.names.items()}
        self.arrows = list(self._arrows())
        self.d = d
        self.of = self._of(of)
        self.wrt = None if wrt is None else {self._variable(name) for name in wrt}
        self.wanted = self._wanted()
        self.reached, self.back = self._backward(())
        self.cut: tuple[str, ...] = ()
        self.greyed: set[str] = set()

    # ---- parts ------------------------------------------------------------------------------

    def _names(self, parameters: Iterable[Parameter]) -> dict[Node, str]:
        names: dict[Node, str] = {}
        taken: dict[str, Variable] = {}
        for x in dict.fromkeys([*self.variables, *parameters]):
            if taken.setdefault(x.name, x) is not x:
                raise ValueError(f"Two variables are called {x.name!r}; parts are told apart by name: rename one.")
            names[x] = x.name
        used = set(taken)
        for block in self.blocks:
            name, count = block.module.name, 1
            while name in used:
                count += 1
                name = f"{block.module.name}#{count}"
            used.add(name)
            names[block] = name
        return names

    def _arrows(self) -> Iterator[Arrow]:
        for block in self.blocks:
            for port, x in enumerate(block.operands):
                source = x if x.name else x.made_by
                if source is None:
                    raise ValueError(f"An input of {block.module.name} has no name and no maker; give it a name.")
                yield Arrow(source, block, port, x)
            for port, y in enumerate(block.outputs):
                if y.name:
                    yield Arrow(block, y, port, y)

    def key(self, arrow: Arrow, backward: bool = False) -> str:
        """The name of an arrow, `SOURCE>TARGET:PORT`; the gradient's arrow goes the other way."""
        ends = self.names[arrow.source], self.names[arrow.target]
        return ">".join(ends[::-1] if backward else ends) + f":{arrow.port}"

    def named(self, variable: Variable) -> str:
        """The name of a variable; of one without a name, what made it."""
        return variable.name or variable.made_by.module.name

    def _variable(self, name: str) -> Variable:
        for x in (*self.variables, *self.parameters, *self.outputs):
            if self.named(x) == name:
                return x
        raise ValueError(f"There is no variable {name!r} in this diagram; there are {self._listed()}.")

    def _listed(self) -> str:
        return ", ".join(dict.fromkeys(self.named(x) for x in (*self.variables, *self.parameters, *self.outputs)))

    @property
    def parts(self) -> list[str]:
        """The name of everything that can be lit: nodes, arrows, and gradients as `∂NAME`."""
        arrows = [*map(self.key, self.arrows), *(self.key(arrow, backward=True) for arrow in self.back)]
        return [*self.by_name, *arrows, *(f"∂{self.named(x)}" for x in self.gradients)]

    @property
    def gradients(self) -> list[Variable]:
        """The variables whose gradient has a name, output first; none if no gradient comes back at all."""
        return [x for x in self.reached if x.name or x is self.of] if self.back else []

    # ---- gradients --------------------------------------------------------------------------

    def _of(self, name: str) -> Variable | None:
        if name:
            return self._variable(name)
        costs = [y for y in self.outputs if y.made_by and y.made_by.module.sign == "cost"]
        candidates = costs or list(self.outputs)
        return candidates[0] if len(candidates) == 1 else None

    def _wanted(self) -> set[Variable]:
        """The variables that have a gradient worth computing: those on the way to what learns, or to `wrt`."""
        wanted = set()

        def want(x: Variable) -> None:
            source = isinstance(x, Parameter) or (isinstance(x, Computed) and not x.made_by)
            if source if self.wrt is None else x in self.wrt:
                wanted.add(x)

        for x in (*self.variables, *self.parameters, *self.outputs):
            want(x)
        for block in self.blocks:
            learns = self.wrt is None and isinstance(block.module, BlackBox)
            if not block.module.opaque and (learns or any(x in wanted for x in block.operands)):
                wanted.update(block.outputs)
        return wanted

    def _backward(self, cut: Collection[str]) -> tuple[list[Variable], list[Arrow]]:
        """The variables that a gradient of `of` reaches, and the arrows through which it goes, output first."""
        reached: dict[Variable, None] = dict.fromkeys([self.of] if self.of else [])
        back: dict[Arrow, None] = {}
        arrows = {}
        for arrow in self.arrows:
            arrows.setdefault(arrow.target, []).append(arrow)

        def pass_back(node: Node) -> None:
            for arrow in arrows.get(node, []):
                if arrow.carries in self.wanted and self.key(arrow, backward=True) not in cut:
                    back[arrow] = None
                    reached[arrow.carries] = None

        for block in reversed(self.blocks):
            for y in block.outputs:
                if y in reached and y.name:
                    pass_back(y)
            arrived = any(y in reached and (not y.name or any(a in back for a in arrows[y])) for y in block.outputs)
            if arrived and not block.module.opaque:
                pass_back(block)
        return list(reached), list(back)

    def cut_through(self, cut: str | Collection[str]) -> None:
        """Cut arrows by name, so that nothing passes them: `greyed` are the parts that then depend on nothing.

        Without a value, all that is computed from it is lost, and every gradient; without a gradient, those
        that have no other way.
        """
        self.cut = (cut,) if isinstance(cut, str) else tuple(cut)
        names = [*map(self.key, self.arrows), *(self.key(arrow, backward=True) for arrow in self.back)]
        for key in self.cut:
            if key not in names:
                raise ValueError(f"There is no arrow {key!r} to cut; there are {', '.join(names)}.")
        lost: set[Node] = set()
        for block in self.blocks:
            for arrow in self.arrows:  # into a block before out of it
                if arrow.target is block or arrow.source is block:
                    if self.key(arrow) in self.cut or arrow.source in lost:
                        lost.update((arrow.target, *(block.outputs if arrow.target is block else ())))
        reached, back = ([], []) if lost else self._backward(self.cut)
        self.greyed = {self.names[node] for node in lost if node in self.names}
        self.greyed.update(self.key(a) for a in self.arrows if a.source in lost or self.key(a) in self.cut)
        self.greyed.update(self.key(arrow, backward=True) for arrow in self.back if arrow not in back)
        self.greyed.update(f"∂{self.named(x)}" for x in self.gradients if x not in reached)

    # ---- what is written --------------------------------------------------------------------

    def gradient_name(self, x: Variable) -> str:
        """∂C/∂x, as a label."""
        return f"{self.d}{self.named(self.of)}/{self.d}{self.named(x)}"

    def slope(self, block: Block, port: int) -> str:
        """The local derivative of a block in one of its operands, as a label."""
        if port < len(block.module.slopes):
            return block.module.slopes[port]
        made = ", ".join(map(self.named, block.outputs))
        made = f"({made})" if len(block.outputs) > 1 else made
        return f"{self.d}{made}/{self.d}{self.named(block.operands[port])}"

    def slope_shape(self, block: Block, port: int) -> Shape | None:
        """[size of the output × size of the operand], if both are known."""
        shapes = block.outputs[0].shape, block.operands[port].shape
        if None in shapes or len(block.outputs) > 1:
            return None
        return tuple(size(shape) for shape in shapes)

    def call(self, block: Block) -> str:
        """A block as a formula: ȳ = G(x, w)."""
        formula = f"{block.module.name}({', '.join(self.named(x) for x in block.operands)})"
        made = [y.name for y in block.outputs if y.name]
        return plain(f"{', '.join(made)} = {formula}" if made else formula)


def size(shape: Shape) -> int | str:
    """How many numbers a shape holds.

    >>> size(("d_f", 1)), size((2, 3)), size(())
    ('d_f', 6, 1)
    """
    symbols = [n for n in shape if isinstance(n, str)]
    count = math.prod(n for n in shape if not isinstance(n, str))
    return "·".join(([str(count)] if count != 1 else []) + symbols) if symbols else count


def _in_order(outputs: Iterable[Variable]) -> list[Block]:
    """The blocks from which the outputs are computed, each after those that it needs."""
    order: dict[Block, None] = {}
    open_blocks: dict[Block, None] = {}
    stack = [y.made_by for y in reversed(tuple(outputs)) if y.made_by]
    while stack:
        block = stack[-1]
        if block in order:
            stack.pop()
            continue
        waiting = [x.made_by for x in block.inputs if x.made_by and x.made_by not in order]
        if not waiting:
            order[block] = None
            open_blocks.pop(block, None)
            stack.pop()
            continue
        open_blocks[block] = None
        for needed in waiting:
            if needed in open_blocks:
                raise ValueError(
                    f"The wiring goes round in a circle through {block.module.name}: what a block takes must not be "
                    "computed from what it gives."
                )
        stack += reversed(waiting)
    return list(order)
