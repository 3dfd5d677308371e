"""A function of a vector and its Jacobian: nudge one input, combine its rows to vᵀJ, or its columns to Jv."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from ..draw import Picture
from ..expression import read
from ..graph import Graph
from ..nn import Linear, Module, ReLU, Softmax, Tanh
from ..notation import bracketed, fill, number
from ..program import Program
from ..tensor import Tensor
from ..unroll import unroll
from ..value import Value, to_float
from .explorer import Explorer, module, style
from .jacobian_picture import Sheet

MOST = 6  # inputs, and outputs
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"

MODES = {"jvp": "Jv: nudge x by v", "vjp": "vᵀJ: weigh y by v"}

WORDS = {
    "alt": "Jacobian of {name}, {m} × {n}, at {point}: rows {rows}. ",
    "jvp": "Jv = {terms} = {product}: so much is y predicted to change when x moves by v. Really it changes by {real}.",
    "jvp beyond": "Jv = {terms} = {product}: so much is y predicted to change when x moves by v. But at x + v not every output "
    "is a finite number: {real}.",
    "vjp": "vᵀJ = {terms} = {product}: so much does the sum of the outputs, each times its v, change with each input.",
    "column": "Shapes: [{m}×1] = [{m}×{n}]·[{n}×1]. One forward pass gives Jv, without J; all of J takes {n}, one for "
    "each column.",
    "row": "Shapes: LeCun writes a row, [1×{n}] = [1×{m}]·[{m}×{n}]. Code keeps the same numbers in the shape of x, "
    "({n},): Jᵀv, [{n}×1] = [{n}×{m}]·[{m}×1]. One backward pass gives them, without J; all of J takes {m}, one for "
    "each row.",
    "none": "There is no Jacobian at {point}: a value or a slope is no finite number there. The picture stays.",
}


def _matrix() -> Linear:
    """A matrix that is neither square nor symmetric: a forgotten transpose cannot hide in it."""
    linear = Linear(3, 2, bias=False)
    linear.weight.data = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    return linear


READY: dict[str, tuple[Callable[[], Module], list[float], str]] = {
    "softmax": (Softmax, [1.0, 2.0, 0.5], "J = diag(y) − yyᵀ is symmetric: a forgotten transpose can hide in it."),
    "matrix": (_matrix, [1.0, 2.0, -1.0], "y = Wx, and J = W, wherever x is."),
    "relu": (ReLU, [1.5, -2.0, 0.5], "J is diagonal, 1 where x > 0 and 0 elsewhere: nobody stores it as a matrix."),
    "tanh": (Tanh, [0.5, -1.0, 2.0], "J is diagonal, with 1 − y²: nobody stores it as a matrix."),
}


class JacobianExplorer(Explorer):
    """The Jacobian of a function of at most 6 numbers with at most 6 results, as a heat map that can be multiplied.

    `f` is a ready case ("softmax", diag(p) − ppᵀ; "matrix", its own Jacobian; "relu" and "tanh", diagonal), a list of
    typed expressions with the values of their variables, or a module or a function of a Tensor at `x` (a module gets
    x as a row of a batch). J[i][j] is ∂yᵢ/∂xⱼ.

    Traits, all to be set and observed: `x`; `mode`, which is "jvp" (Jv with `tangent` as v, a number for each input:
    what is predicted when x moves by v, beside what really happens; one number that is not 0 nudges one input) or
    "vjp" (vᵀJ with `cotangent` as v, a number for each output). Where f has no finite Jacobian, `error` says so
    and the last good picture stays.

    >>> explorer = JacobianExplorer(["x*y", "x + y^2"], x=3.0, y=2.0)
    >>> explorer.jacobian
    [[2.0, 3.0], [1.0, 4.0]]
    >>> explorer.mode, explorer.cotangent = "vjp", [1.0, -1.0]
    >>> print(explorer.sentence)
    vᵀJ = 1·row y₁ + (−1)·row y₂ = (1, −1): so much does the sum of the outputs, each times its v, change with each input.
    >>> explorer.close()
    """

    _esm = module("jacobian_explorer")
    _css = style("jacobian_explorer")

    x = traitlets.List().tag(sync=True)
    mode = traitlets.Enum(list(MODES), "jvp").tag(sync=True)
    cotangent = traitlets.List().tag(sync=True)
    tangent = traitlets.List().tag(sync=True)
    _at = traitlets.List().tag(sync=True)  # the last x with a Jacobian: where the picture is
    _scene = traitlets.Dict().tag(sync=True)

    def __init__(self, f: str | Sequence[str] | Callable = "softmax", x: Any = None, /, **values: float) -> None:
        name, leaves, outputs = _taken_apart(f, x, values)
        for what, many in (("inputs", len(leaves)), ("outputs", len(outputs))):
            if not 1 <= many <= MOST:
                raise ValueError(f"A JacobianExplorer shows 1 to {MOST} {what}; got {many}: take a smaller function.")
        self._name, self._given = name, f if isinstance(f, str | list | tuple) else None
        self._inputs = [leaf.label for leaf in leaves]
        self._outputs = [f"y{SUBSCRIPTS[i + 1]}" for i in range(len(outputs))]
        self._feed(leaves, [Graph(output) for output in outputs])
        point = [leaf.data for leaf in leaves]
        if not self._good(point):
            raise ValueError(fill(WORDS["none"].replace("The picture stays.", "Start elsewhere."), {"point": self._point(point)}))
        first = [0.5, *[0.0] * (MOST - 1)]
        super().__init__(x=point, _at=point, tangent=first[: len(leaves)], cotangent=first[: len(outputs)])
        self._scene = self._described()

    # ---- what it shows --------------------------------------------------------------------------

    @property
    def jacobian(self) -> list[list[float]]:
        """∂yᵢ/∂xⱼ, row by row, where the picture is."""
        return self._run(self._at)[1]

    @property
    def weights(self) -> list[float]:
        """v, which multiplies J."""
        return self.cotangent if self.mode == "vjp" else self.tangent

    @property
    def product(self) -> list[float]:
        """vᵀJ, a number for each input, or Jv, one for each output."""
        J = self.jacobian
        return [_dot(self.weights, line) for line in (zip(*J) if self.mode == "vjp" else J)]

    @property
    def change(self) -> list[float]:
        """How y really changes when x moves by v; nothing in mode "vjp"."""
        if self.mode == "vjp":
            return []
        before, after = self._run(self._at)[0], self._run([a + b for a, b in zip(self._at, self.weights)])[0]
        return [_dot((1.0, -1.0), pair) for pair in zip(after, before)]

    @property
    def sentence(self) -> str:
        """What is multiplied and what comes out, in words."""
        kind, names = ("row", self._outputs) if self.mode == "vjp" else ("column", self._inputs)
        parts = [f"{bracketed(number(v))}·{kind} {name}" for v, name in zip(self.weights, names) if v]
        result, real = _vector(self.product), _vector(self.change)
        beyond = " beyond" * (not all(map(math.isfinite, self.change)))
        return fill(WORDS[self.mode + beyond], {"terms": " + ".join(parts) or "0", "product": result, "real": real})

    @property
    def error(self) -> str:
        """Why there is nothing to see at x; nothing if all is well."""
        return "" if self._good(self.x) else fill(WORDS["none"], {"point": self._point(self.x)})

    def snapshot(self, step: int | None = None) -> Picture:
        sheet, words = self._sheet(self.theme), self._words()
        alt, shapes = sheet.root.get("aria-label"), words["row" if self.mode == "vjp" else "column"]
        return Picture(sheet.svg(), alt, f"{alt}\n{shapes}", int(sheet.root.get("width")))

    def __repr__(self) -> str:
        given = self._name if self._given is None else repr(self._given)
        if isinstance(self._given, str | None):
            return f"JacobianExplorer({given}, {self._at})"
        return f"JacobianExplorer({given}, {', '.join(f'{name}={x!r}' for name, x in zip(self._inputs, self._at))})"

    # ---- computing --------------------------------------------------------------------------

    def _feed(self, leaves: list[Value], graphs: list[Graph]) -> None:
        """A program for each output, and which numbers it gets: entries of x, or parameters, which stay."""
        self._programs = [Program(graph) for graph in graphs]
        others = dict.fromkeys(leaf for graph in graphs for leaf in graph.leaves.values() if leaf not in leaves)
        places = {leaf: i for i, leaf in enumerate([*leaves, *others])}
        self._fixed = [leaf.data for leaf in others]
        self._feeds = [[places[leaf] for leaf in graph.leaves.values()] for graph in graphs]
        self._slopes = [[graph.nodes.index(x) if x in graph.nodes else -1 for x in leaves] for graph in graphs]

    def _run(self, x: Sequence[float]) -> tuple[list[float], list[list[float]]]:
        """f and its Jacobian at x."""
        point, y, J = [*x, *self._fixed], [], []
        for program, feeds, slopes in zip(self._programs, self._feeds, self._slopes):
            run = program(*[point[place] for place in feeds])
            y.append(run.values[-1])
            J.append([run.gradients[node] if node >= 0 else 0.0 for node in slopes])
        return y, J

    def _good(self, x: Sequence[float]) -> bool:
        y, J = self._run(x)
        return all(map(math.isfinite, [*y, *(entry for row in J for entry in row)]))

    # ---- showing ----------------------------------------------------------------------------

    def _point(self, x: Sequence[float]) -> str:
        return ", ".join(f"{name} = {number(entry)}" for name, entry in zip(self._inputs, x))

    def _words(self) -> dict[str, str]:
        """The templates, with what never changes filled in."""
        known = {"name": self._name, "m": str(len(self._outputs)), "n": str(len(self._inputs))}
        later = {slot: f"{{{slot}}}" for slot in ("point", "rows", "terms", "product", "real")}
        words = {key: fill(text, known | later) for key, text in WORDS.items()}
        remark = READY[self._given][2] + " " if isinstance(self._given, str) else ""
        return words | {key: remark + words[key] for key in ("column", "row")}

    def _sheet(self, theme: str, every: bool = False) -> Sheet:
        y, J = self._run(self._at)
        sides = ("left", "down") if self.mode == "vjp" else ("top", "right")
        numbers = {"x": self._at, "y": y, **dict(zip(sides, (self.weights, self.product))), "real": self.change}
        facts = {"point": self._point(self._at), "rows": ", ".join(map(_vector, J))}
        alt = fill(self._words()["alt"], facts) + self.sentence
        on = [v != 0.0 for v in self.weights]
        return Sheet(self._inputs, self._outputs, J, numbers, on, self.mode == "vjp", theme, alt, every)

    def _described(self) -> dict[str, Any]:
        """Everything that the page needs: it asks Python for nothing."""
        return {
            "picture": self._sheet("dark", every=True).svg(),
            "programs": [program.javascript for program in self._programs],
            "feeds": self._feeds,
            "slopes": self._slopes,
            "fixed": self._fixed,
            "inputs": self._inputs,
            "outputs": self._outputs,
            "modes": MODES,
            "words": self._words(),
        }

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("x", "tangent", "cotangent", "_at")
    def _as_many_numbers(self, proposal: Any) -> list[float]:
        name = proposal.trait.name
        many = len(self._outputs if name == "cotangent" else self._inputs)
        if len(proposal.value) != many:
            raise traitlets.TraitError(f"{name} needs {many} numbers; got {len(proposal.value)}.")
        return [_finite(name, x) for x in proposal.value]

    @traitlets.observe("x")
    def _on_x(self, change: Any) -> None:
        if self._good(self.x):
            self._at = self.x


def _taken_apart(f: Any, x: Any, values: dict[str, float]) -> tuple[str, list[Value], list[Value]]:
    """The name of a function, its inputs and its outputs as Values."""
    if isinstance(f, str):
        if f not in READY:
            raise ValueError(f"There is no ready case {f!r}; there are {', '.join(READY)}; a typed expression comes in a list.")
        make, usual, _ = READY[f]
        return (f, *_taken_apart(make(), usual if x is None else x, values)[1:])
    if isinstance(f, list | tuple):
        return _typed(list(f), values)
    if x is None or values:
        raise TypeError("A function or a module is explored at a list of numbers: JacobianExplorer(f, [1.0, 2.0]).")
    x = np.ravel(Tensor(x).data)
    names = [f"x{SUBSCRIPTS[(j + 1) % 10]}" for j in range(x.size)]
    if not isinstance(f, Module):
        name = getattr(f, "__name__", "f")
        return (name if name.isidentifier() else "f", *unroll(f, x, names))
    name = type(f).__name__
    if any(isinstance(it, Value) for it in f.parameters()):  # a module on Values
        leaves = [Value(entry, label) for entry, label in zip(x.tolist(), names)]
        found = f(leaves)
        return name, leaves, found if isinstance(found, list) else [found]
    return (name, *unroll(f, x[np.newaxis], names))


def _typed(texts: list[str], values: dict[str, float]) -> tuple[str, list[Value], list[Value]]:
    """Expressions of the same variables: the same leaf for each in all of them."""
    expressions = [read(text) for text in texts]
    names = list(dict.fromkeys(name for expression in expressions for name in expression.names))
    unknown = [name for name in values if name not in names]
    if unknown:
        raise ValueError(f"There is no variable {unknown[0]!r} in these expressions; there are: {', '.join(names)}.")
    leaves = {name: Value(values.get(name, 1.0), name) for name in names}
    return f"({', '.join(texts)})", list(leaves.values()), [expression.output(leaves) for expression in expressions]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    """Σ aᵢbᵢ, and 0 for what is nothing but rounding."""
    total = size = 0.0
    for x, y in zip(a, b):
        total, size = total + x * y, size + abs(x * y)
    return 0.0 if abs(total) < 1e-12 * size else total


def _vector(numbers: Sequence[float]) -> str:
    return f"({', '.join(map(number, numbers))})"


def _finite(name: str, x: Any) -> float:
    try:
        found = to_float(x) + 0.0  # −0 becomes 0
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"{name}: {error}") from None
    if not math.isfinite(found):
        raise traitlets.TraitError(f"{name} needs finite numbers; got {found}.")
    return found
