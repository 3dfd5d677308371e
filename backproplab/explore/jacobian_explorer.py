"""A function of a vector and its Jacobian: nudge one input, combine its rows to vᵀJ, or its columns to Jv."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import traitlets

from ..draw import Picture
from ..draw.paper import compact
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
from .slots import filled

MOST = 6  # inputs, and outputs
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"

PARTS = ("x", "y", "J", "left", "down", "top", "right", "real")  # of the picture
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


def shown(explorer, runs):
    """What is said and drawn in a state, in Python and in the page; `runs` are the programs of the outputs."""
    scene, backward, x = explorer._scene, explorer.mode == "vjp", explorer._at
    words, inputs, outputs, v = scene["words"], scene["inputs"], scene["outputs"], explorer.cotangent if backward else explorer.tangent
    y, J = at(scene, runs, x)
    product = [dot(v, line) for line in (zip(*J) if backward else J)]
    after = [] if backward else at(scene, runs, [a + b for a, b in zip(x, v)])[0]
    real = [dot([1.0, -1.0], [a, b]) for a, b in zip(after, y)]
    entries = [entry for row in J for entry in row]
    numbers = {"x": x, "y": y, "J": entries} | ({"left": v, "down": product} if backward else {"top": v, "right": product, "real": real})
    slots = {f"part {part}": {"visibility": "visible" if part in numbers else "hidden"} for part in PARTS}
    for part, found in numbers.items():
        slots |= {f"{part} {k}": {"text": compact(entry)} for k, entry in enumerate(found)}
    largest = max([abs(entry) for entry in entries]) or 1.0
    for k, entry in enumerate(entries):
        on = v[k // len(x) if backward else k % len(x)] != 0
        colour, size = "negative" if entry < 0 else "positive", abs(entry) / largest / 2
        frame = {"stroke": "active" if on else "line", "stroke-width": 3.0 if on else 1.0}
        slots[f"cell {k}"] = {"fill": colour, "fill-opacity": size, "data-state": "on" if on else "off", **frame}
    kind, names = ["row", outputs] if backward else ["column", inputs]
    terms = [f"{bracketed(number(weight))}·{kind} {name}" for weight, name in zip(v, names) if weight != 0]
    beyond = "" if all([math.isfinite(change) for change in real]) else " beyond"
    told = {"terms": " + ".join(terms) or "0", "product": vector(product), "real": vector(real)}
    sentence = fill(words[explorer.mode + beyond], told)
    return {
        "alt": fill(words["alt"], {"point": where(inputs, x), "rows": ", ".join([vector(row) for row in J])}) + sentence,
        "sentence": sentence,
        "shapes": words[kind],
        "error": "" if good(scene, runs, explorer.x) else fill(words["none"], {"point": where(inputs, explorer.x)}),
        "slots": slots,
        "rows": [[name, *[number(entry) for entry in row]] for name, row in zip(outputs, J)],
        "product": product,
        "real": real,
    }


def at(scene, runs, x):
    """f and its Jacobian at x."""
    point, y, J = [*x, *scene["fixed"]], [], []
    for run, feeds, slopes in zip(runs, scene["feeds"], scene["slopes"]):
        found = run([point[place] for place in feeds])
        y.append(found.values[-1])
        J.append([found.gradients[node] if node >= 0 else 0.0 for node in slopes])
    return [y, J]


def good(scene, runs, x):
    """Whether f and its Jacobian are finite there."""
    y, J = at(scene, runs, x)
    return all([math.isfinite(entry) for row in [y, *J] for entry in row])


def dot(a, b):
    """Σ aᵢbᵢ, and 0 for what is nothing but rounding."""
    total, size = 0.0, 0.0
    for x, y in zip(a, b):
        total += x * y
        size += abs(x * y)
    return 0.0 if abs(total) < 1e-12 * size else total


def vector(numbers):
    return f"({', '.join([number(x) for x in numbers])})"


def where(names, x):
    return ", ".join([f"{name} = {number(entry)}" for name, entry in zip(names, x)])


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
        self._programs = [Program(Graph(output)) for output in outputs]
        self._runs = [lambda point, program=program: program(*point) for program in self._programs]
        scene, point = self._described(leaves), [leaf.data for leaf in leaves]
        if not good(scene, self._runs, point):
            raise ValueError(fill(WORDS["none"].replace("The picture stays.", "Start elsewhere."), {"point": where(self._inputs, point)}))
        first = [0.5, *[0.0] * (MOST - 1)]
        super().__init__(x=point, _at=point, tangent=first[: len(leaves)], cotangent=first[: len(outputs)], _scene=scene)

    # ---- what it shows --------------------------------------------------------------------------

    @property
    def jacobian(self) -> list[list[float]]:
        """∂yᵢ/∂xⱼ, row by row, where the picture is."""
        return at(self._scene, self._runs, self._at)[1]

    @property
    def weights(self) -> list[float]:
        """v, which multiplies J."""
        return self.cotangent if self.mode == "vjp" else self.tangent

    @property
    def product(self) -> list[float]:
        """vᵀJ, a number for each input, or Jv, one for each output."""
        return self._shown["product"]

    @property
    def change(self) -> list[float]:
        """How y really changes when x moves by v; nothing in mode "vjp"."""
        return self._shown["real"]

    @property
    def sentence(self) -> str:
        """What is multiplied and what comes out, in words."""
        return self._shown["sentence"]

    @property
    def error(self) -> str:
        """Why there is nothing to see at x; nothing if all is well."""
        return self._shown["error"]

    def snapshot(self, step: int | None = None) -> Picture:
        found, sheet = self._shown, Sheet(self._inputs, self._outputs, self.theme)
        svg = filled(sheet.svg(), found["slots"], self.theme, found["alt"])
        return Picture(svg, found["alt"], f"{found['alt']}\n{found['shapes']}", int(sheet.root.get("width")))

    def __repr__(self) -> str:
        given = self._name if self._given is None else repr(self._given)
        if isinstance(self._given, str | None):
            return f"JacobianExplorer({given}, {self._at})"
        return f"JacobianExplorer({given}, {', '.join(f'{name}={x!r}' for name, x in zip(self._inputs, self._at))})"

    # ---- showing ----------------------------------------------------------------------------

    @property
    def _shown(self) -> dict[str, Any]:
        return shown(self, self._runs)

    def _words(self) -> dict[str, str]:
        """The templates, with what never changes filled in."""
        known = {"name": self._name, "m": str(len(self._outputs)), "n": str(len(self._inputs))}
        later = {slot: f"{{{slot}}}" for slot in ("point", "rows", "terms", "product", "real")}
        words = {key: fill(text, known | later) for key, text in WORDS.items()}
        remark = READY[self._given][2] + " " if isinstance(self._given, str) else ""
        return words | {key: remark + words[key] for key in ("column", "row")}

    def _described(self, leaves: list[Value]) -> dict[str, Any]:
        """Everything that the page needs: it asks Python for nothing.

        Each program gets, by its `feeds`, entries of x, or parameters, which stay (`fixed`).
        """
        graphs = [program.graph for program in self._programs]
        others = dict.fromkeys(leaf for graph in graphs for leaf in graph.leaves.values() if leaf not in leaves)
        places = {leaf: i for i, leaf in enumerate([*leaves, *others])}
        return {
            "picture": Sheet(self._inputs, self._outputs, "dark").svg(),
            "programs": [program.javascript for program in self._programs],
            "feeds": [[places[leaf] for leaf in graph.leaves.values()] for graph in graphs],
            "slopes": [[graph.nodes.index(x) if x in graph.nodes else -1 for x in leaves] for graph in graphs],
            "fixed": [leaf.data for leaf in others],
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
        if good(self._scene, self._runs, self.x):
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


def _finite(name: str, x: Any) -> float:
    try:
        found = to_float(x) + 0.0  # −0 becomes 0
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"{name}: {error}") from None
    if not math.isfinite(found):
        raise traitlets.TraitError(f"{name} needs finite numbers; got {found}.")
    return found
