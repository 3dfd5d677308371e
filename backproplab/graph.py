"""Walking a computation graph: its order, its replay, its names.

Nothing here knows a derivative: slopes are asked of a node's `op`. A node is a `Value` or a `Tensor`; what this
module needs of them is `inputs`, `op` (None for a leaf), `data`, `grad`, `label`, `constant`, the times `born` and
`version`, and the methods `coerce` and `renew`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from . import notation
from .notation import number, operation

if TYPE_CHECKING:
    from .draw.picture import Picture
    from .explore.graph_explorer import GraphExplorer
    from .program import Program
    from .story import Step


now = count().__next__
"""The time, in nodes that came to be: every node is born at one, and given new data at later ones."""


def outputs_first(output: Any) -> list:
    """Every node that `output` depends on, each one after all the nodes that use it.

    A result is always made after its operands, so the order in which nodes were `born` is a topological
    order: it is enough to collect the nodes, each once, and to sort them. Nothing here is recursive, so a
    chain of any length will do.

    >>> from backproplab import Value
    >>> x = Value(3.0); y = x * x; z = y + x
    >>> [node is wanted for node, wanted in zip(outputs_first(z), (z, y, x))]
    [True, True, True]
    """
    order = []
    found, stack = {output}, [output]
    while stack:
        node = stack.pop()  # the last operand first: it is mostly the youngest, so that little is left to sort
        order.append(node)
        for x in node.inputs:
            if x not in found:
                found.add(x)
                stack.append(x)
    order.sort(key=attrgetter("born"), reverse=True)
    return order


def reading_order(output: Any) -> list:
    """The nodes in the order of computation, as one would write it down: each leaf right before its first use."""
    order: dict = {}
    for node in reversed(outputs_first(output)):
        if node.inputs:
            order.update(dict.fromkeys((*node.inputs, node)))
    return list(order) or [output]


def refuse_cycles(nodes: Iterable) -> None:
    """Raise a ValueError if a node, changed by hand, depends on one that was made after it."""
    for node in nodes:
        if any(x.born >= node.born for x in node.inputs):
            raise ValueError(
                f"The inputs of {node.op.name!r} were changed by hand into a cycle or into later results; "
                "a graph is computed from its inputs on, so compute it again instead."
            )


def refuse_stale(nodes: Iterable) -> None:
    """Raise a RuntimeError if an input was given new data after a result had been computed from it."""
    for node in nodes:
        computed = node.version
        for x in node.inputs:
            if x.version >= computed:
                refuse_cycles((node,))
                raise RuntimeError(
                    f"{x.label or f'a {type(x).__name__}'} was given new data after {node.op.name!r} had been computed "
                    "from it, so the gradients would be those of another point; compute the result again first."
                )


def warn_if_spent(leaves: Iterable) -> None:
    """Warn if a leaf still holds a gradient that an optimiser has used: zero_grad was forgotten."""
    for leaf in leaves:
        if leaf.spent:
            name = leaf.label or f"a {type(leaf).__name__}"
            warnings.warn(
                f"{name} still holds the gradient of an earlier step, and the new one is added to it; "
                "call zero_grad() before backward().",
                stacklevel=3,
            )
            return


class Graph:
    """Everything that one Value was computed from: ordered, named, replayable.

    Leaves keep their labels; the nodes between take the letters a, b, c … in forward order (never `e`, never
    a name in use). Constants are part of the picture, but are not leaves and have no gradient.

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
            raise TypeError(f"Graph needs the Value at the end of a computation; got {type(output).__name__}.")
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

    def forward(self, /, **values: float) -> float:
        """Give leaves new values, compute every node again and return the output's value.

        A new forward pass is a new start: every gradient becomes 0. If an operation has no value there, the
        error says which, and the graph stays as it was.
        """
        data = self.evaluate(values)
        for node in self.nodes:
            node.renew(data[node])
        return self.output.data

    def evaluate(self, values: Mapping[str, float]) -> dict[Any, float]:
        """What every node would be if the leaves had these values; the graph itself is left alone."""
        data = {self._leaf(name): self._leaf(name).coerce(value) for name, value in values.items()}
        for node in self.nodes:
            if node.inputs:
                data[node] = node.op.evaluate(*[data[x] for x in node.inputs])
            else:
                data.setdefault(node, node.data)
        return data

    def _leaf(self, name: str) -> Any:
        if name not in self.leaves:
            known = ", ".join(self.leaves) or "none"
            raise ValueError(f"There is no variable called {name!r} here; the variables are: {known}.")
        return self.leaves[name]

    def backward(self) -> None:
        """The gradient of the output in every node, as `Value.backward`: leaves keep adding up."""
        self.output.backward()

    def zero_grad(self) -> None:
        """Set the gradient of every node to 0."""
        for node in self.nodes:
            node.grad = 0.0

    def difference(self, name: str, h: float = 1e-5) -> float:
        """The slope of the output in one leaf by a central difference: (f(x + h) − f(x − h)) / 2h.

        `h` is relative to the leaf's size (but not to less than 0.001). nan where the function has no value on
        one of the two sides.
        """
        x = self._leaf(name).data
        h *= max(1e-3, abs(x))
        try:
            above, below = (self.evaluate({name: x + d})[self.output] for d in (h, -h))
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

    def draw(self, **options: Any) -> Picture:
        """The graph as a picture; for the options see `backproplab.draw.draw`."""
        from .draw import draw

        return draw(self, **options)

    def explore(self) -> GraphExplorer:
        """The graph as an interactive explorer, which moves this very graph."""
        from .explore import GraphExplorer

        return GraphExplorer(self)

    @property
    def stale(self) -> bool:
        """Whether a leaf was given new data after a result had been computed from it."""
        return any(x.version >= node.version for node in self.nodes for x in node.inputs)

    def __repr__(self) -> str:
        if self.stale:
            return f"Graph of {self.formula}: a variable has changed, call forward() to compute the output again"
        return f"Graph of {self.formula}{self.point}: output {number(self.output.data)}"

    @property
    def point(self) -> str:
        """Where the graph was evaluated, as in ` at x = 1`; nothing if it has no variables."""
        at = ", ".join(f"{name} = {number(leaf.data)}" for name, leaf in self.leaves.items())
        return f" at {at}" if at else ""


def _is_number(node: Any) -> bool:
    return node.constant and not node.inputs and not node.label


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
