"""A computation graph as a thing of its own: names for its nodes, replay with other values, its formula, its story."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import count, product
from typing import TYPE_CHECKING, Any

from . import notation
from .node import outputs_first, refuse_cycles
from .notation import number, operation

if TYPE_CHECKING:
    from .draw.picture import Picture
    from .explore.graph_explorer import GraphExplorer
    from .program import Program
    from .story import Step


MOST_IN_WORDS = 8  # variables that are listed one by one


def reading_order(output: Any) -> list:
    """The nodes in the order of computation, as one would write it down: each leaf right before its first use."""
    order: dict = {}
    for node in reversed(outputs_first(output)):
        if node.inputs:
            order.update(dict.fromkeys((*node.inputs, node)))
    return list(order) or [output]


class Graph:
    """Everything that one Value or Tensor was computed from: ordered, named, replayable.

    Leaves keep their labels; the nodes between take the letters a, b, c … in forward order (never `e`, never
    a name in use). Constants are part of the picture, but are not leaves and have no gradient. What differs
    between numbers and arrays is asked of the nodes: `fit`, `recompute`, `renew`, `slope` and `send`.

    >>> from backproplab import parse
    >>> graph = parse("(4*x+1)^2", x=1.0)
    >>> graph.output.data
    25.0
    >>> graph.backward()
    >>> graph["x"].grad
    40.0
    >>> graph.forward(x=-1.0)
    9.0
    """

    def __init__(self, output: Any) -> None:
        if not hasattr(output, "inputs"):
            raise TypeError(f"Graph needs the Value or Tensor at the end of a computation; got {type(output).__name__}.")
        self.output = output
        self.nodes: list = reading_order(output)
        refuse_cycles(self.nodes)
        self.names: dict[Any, str] = dict(_named(self.nodes))
        named = [(name, node) for node, name in self.names.items() if not _is_number(node)]
        self._by_name = dict(sorted(named, key=lambda pair: not pair[1].constant))  # a variable hides a constant
        self.leaves: dict[str, Any] = {
            name: node for name, node in self._by_name.items() if not node.inputs and not node.constant
        }

    def __getitem__(self, name: str) -> Any:
        """The node with this name: a label, or the letter that the picture shows."""
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(self._by_name)
            raise KeyError(f"The graph has no node called {name!r}; its nodes are {known}.") from None

    # ---- the two passes ---------------------------------------------------------------------

    def forward(self, /, **values: Any) -> Any:
        """Give leaves new values (arrays of the same shape), compute every node again, return the output's value.

        A new forward pass is a new start: every gradient is forgotten. If an operation has no value there, the
        error says which, and the graph stays as it was.
        """
        data = self.evaluate(values)
        for node in self.nodes:
            node.renew(data[node])
        return self.output.data

    def evaluate(self, values: Mapping[str, Any]) -> dict[Any, Any]:
        """What every node would be if the leaves had these values; the graph itself is left alone."""
        data = {self._leaf(name): self._leaf(name).fit(value) for name, value in values.items()}
        for node in self.nodes:
            if node.inputs:
                data[node] = node.recompute(*[data[x] for x in node.inputs])
            else:
                data.setdefault(node, node.data)
        return data

    def _leaf(self, name: str) -> Any:
        if name not in self.leaves:
            known = ", ".join(self.leaves) or "none"
            raise ValueError(f"There is no variable called {name!r} here; the variables are: {known}.")
        return self.leaves[name]

    def backward(self, seed: Any = None) -> None:
        """The gradient of the output in every node, as the output's own `backward`: leaves keep adding up.

        Inner Tensors keep their gradients, too. `seed` is for an output that is not a single number: the vector v
        of the vector-Jacobian product vᵀJ.
        """
        self.output.backward(*([] if seed is None else [seed]), keep=True)

    @property
    def gradients(self) -> dict[Any, Any]:
        """The gradient of every node that has one; empty before a backward pass."""
        grad = self.output.grad
        if isinstance(grad, float) and grad == 0.0:
            return {}  # Values begin at 0
        return {node: node.grad for node in self.nodes if not node.constant and node.grad is not None}

    def zero_grad(self) -> None:
        """Forget the gradient of every node."""
        for node in self.nodes:
            node.zero_grad()

    def difference(self, name: str, h: float = 1e-5, *, at: tuple[int, ...] | None = None) -> Any:
        """The slope of the output in one leaf by a central difference: (f(x + h) − f(x − h)) / 2h.

        For a Tensor, an array of such slopes, one for each entry (each costs two forward passes), or the one of
        the entry `at` this index. `h` is relative to the size of the number (but not to less than 0.001). nan where
        the function has no value on one of the two sides. A ValueError if the output is not a single number.

        >>> from backproplab import Tensor
        >>> w = Tensor([1.0, 2.0], "w")
        >>> graph = Graph((w * w).sum())
        >>> graph.difference("w").round(6).tolist(), round(graph.difference("w", at=(1,)), 6)
        ([2.0, 4.0], 4.0)
        """
        leaf, shape = self._leaf(name), shape_of(self.output)
        if math.prod(shape) != 1:
            raise ValueError(f"A finite difference needs a single number at the end; this output has shape {shape}.")
        if not shape_of(leaf):
            return self._difference(name, float(leaf.data), leaf.fit, h)

        def one(index: tuple[int, ...]) -> float:
            def moved(x: float) -> Any:
                data = leaf.data.copy()
                data[index] = x
                return data

            return self._difference(name, float(leaf.data[index]), moved, h)

        if at is not None:
            return one(at)
        slopes = leaf.data.copy()
        for index in product(*map(range, leaf.shape)):
            slopes[index] = one(index)
        return slopes

    def _difference(self, name: str, x: float, moved: Callable[[float], Any], h: float) -> float:
        h *= max(1e-3, abs(x))
        try:
            above, below = (single(self.evaluate({name: moved(x + d)})[self.output]) for d in (h, -h))
        except ArithmeticError:
            return math.nan
        return (above - below) / (2 * h)

    # ---- the story --------------------------------------------------------------------------

    def steps(self) -> list[Step]:
        """Both passes, one node's number at a time, at the present values. Changes nothing.

        Raises a RuntimeError if a leaf was given new data and `forward` has not been called since.

        >>> from backproplab import parse
        >>> steps = parse("(4*x+1)^2", x=1.0).steps()
        >>> [step.value for step in steps if step.phase == "forward"]
        [4.0, 5.0, 25.0]
        >>> [step.contribution for step in steps if step.phase == "backward"]
        [1.0, 10.0, 10.0, 40.0]
        >>> print(steps[-1].sentence)
        Through a = 4·x: slope 4, upstream 10, so x gets 4 × 10 = 40.
        """
        from .story import tell

        return tell(self)

    # ---- writing, programming, drawing, exploring ---------------------------------------------

    def written(self, node: Any) -> str:
        """The node's own operation between the names of its operands, as in `4·x`."""
        return operation(node.op.name, [self.names[x] for x in node.inputs]) if node.inputs else self.names[node]

    @property
    def formula(self) -> str:
        """The whole formula as text, as in `(4x+1)^2`."""
        return notation.formula(self.nodes, self.names)

    def latex(self) -> str:
        r"""The whole formula in LaTeX.

        >>> from backproplab import parse
        >>> print(parse("1/(1+e^(-x))").latex())
        \frac{1}{1 + e^{-x}}
        """
        return notation.formula(self.nodes, self.names, notation.LATEX)

    def mathml(self) -> str:
        """The whole formula in presentation MathML, which browsers typeset without any library."""
        return f"<math>{notation.formula(self.nodes, self.names, notation.MATHML)}</math>"

    def program(self) -> Program:
        """Both passes as straight-line code, in Python and in JavaScript."""
        from .program import Program

        return Program(self)

    def rules(self, notation: str = "latex") -> dict[str, tuple[str, ...]]:
        r"""The local derivatives of each operation by its name, written as "latex", "mathml" or "text".

        A line for each operand that can move. Of an operation that moves or mixes the entries of a Tensor, a
        line says what it sends back when its own gradient is δ.

        >>> from backproplab import parse
        >>> parse("(4*x+1)^2").rules("text")
        {'a': ('∂a/∂x = 4',), 'b': ('∂b/∂a = 1',), 'c': ('∂c/∂b = 2b',)}
        >>> print(parse("(4*x+1)^2").rules()["c"][0])
        \frac{\partial c}{\partial b} = 2 b
        """
        from .rules import rules

        return rules(self, notation)

    def draw(self, **options: Any) -> Picture:
        """The graph as a picture; for the options see `backproplab.draw.draw`."""
        from .draw import draw

        return draw(self, **options)

    def explore(self) -> GraphExplorer:
        """The graph as an interactive explorer, which moves this very graph. A ValueError if it has arrays."""
        from .explore import GraphExplorer

        return GraphExplorer(self)

    def __reduce__(self) -> tuple:
        return Graph, (self.output,)

    @property
    def stale(self) -> bool:
        """Whether a leaf was given new data after a result had been computed from it."""
        return any(x.version >= node.version for node in self.nodes for x in node.inputs)

    def __repr__(self) -> str:
        if self.stale:
            return f"Graph of {self.formula}: a variable has changed, call forward() to compute the output again"
        return f"Graph of {self.formula}{self.point}: output {_told(self.output)}"

    @property
    def point(self) -> str:
        """Where the graph was evaluated, as in ` at x = 1` or ` at w of shape (3, 2)`; nothing without variables."""
        if len(self.leaves) > MOST_IN_WORDS:
            return f" at {len(self.leaves)} variables"
        at = ", ".join(
            f"{name} {_told(leaf)}" if shape_of(leaf) else f"{name} = {_told(leaf)}"
            for name, leaf in self.leaves.items()
        )
        return f" at {at}" if at else ""


def shape_of(node: Any) -> tuple[int, ...]:
    """The shape of a Tensor; () for a Value, as for a Tensor with a single number."""
    return getattr(node, "shape", ())


def _told(node: Any) -> str:
    shape = shape_of(node)
    return f"of shape {shape}" if shape else number(node.data)


def single(data: Any) -> float:
    """The only number in a float or an array."""
    return data if isinstance(data, float) else data.item()


def _is_number(node: Any) -> bool:
    return node.constant and not node.inputs and not node.label and not shape_of(node)


def _named(nodes: list) -> Iterator[tuple[Any, str]]:
    """Every node with a name of its own; constants are called by their number."""
    taken = {str(node.label) for node in nodes}
    letters = (letter for letter in _letters() if letter not in taken)
    used: set[str] = set()
    for node in nodes:
        if _is_number(node):
            yield node, number(node.data)
            continue
        name = str(node.label) or next(letters)
        if name in used and not node.constant:  # two nodes with one label
            name = next(f"{name}_{i}" for i in count(2) if f"{name}_{i}" not in used | taken)
        used.add(name)
        yield node, name


def _letters() -> Iterator[str]:
    """a, b, c, d, f … z, then a1, b1 …; `e` is left to Euler."""
    alphabet = "abcdfghijklmnopqrstuvwxyz"
    yield from alphabet
    for i in count(1):
        yield from (f"{letter}{i}" for letter in alphabet)
