"""A chain of functions, as it is typed: links between commas, of which each takes what comes before."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..expression import Expression, read
from ..graph import Graph
from ..program import Program, Run
from ..value import Value
from .chain_journey import Journey, journey
from .surface import degree

MOST = 10  # links: as many as there are dials
LETTERS = "abcdfghijklmnopqrst"  # e is Euler's number


class Link(NamedTuple):
    """One function of the chain: its title, the formula alone, and how it is computed."""

    title: str
    formula: str
    expression: Expression
    program: Program
    leaf: int  # the number of the node that is its variable
    straight: bool  # its slope is the same everywhere

    def __call__(self, x: Value) -> Value:
        return self.expression.output({self.expression.names[0]: x})

    def run(self, point: list[float]) -> Run:
        return self.program(*point)


class Chain:
    """A typed chain: links between commas, each an expression in one variable and perhaps a name, `c = b^2`."""

    def __init__(self, text: str, x: float) -> None:
        self.home = x  # where it is drawn for the page, which then moves what moves
        parts = [part.rpartition("=") for part in _split(text)]
        if len(parts) > MOST:
            raise ValueError(f"Found {len(parts)} links, but a chain may have {MOST}: leave some out.")
        self._where = [f"Link {i}: " if len(parts) > 1 else "" for i in range(1, len(parts) + 1)]
        expressions = [self._read(i, formula) for i, (_, _, formula) in enumerate(parts)]
        given, variables = [name.strip() for name, _, _ in parts], [expression.names[0] for expression in expressions]
        self.names = self._named(given, variables)
        self.links: list[Link] = []
        for i, expression in enumerate(expressions):
            leaf = Value(x, self.names[i])
            try:
                graph = Graph(expression.output({expression.names[0]: leaf}))
            except ValueError as problem:
                raise ValueError(f"{self._where[i]}{problem}") from None
            x, formula, node = graph.output.data, graph.formula, graph.nodes.index(leaf)
            title = f"{self.names[i + 1]} = {formula}"
            self.links.append(Link(title, formula, expression, Program(graph), node, degree(graph) <= 1))
        self.straight = all(link.straight for link in self.links)

    @property
    def start(self) -> str:
        return self.names[0]

    def _read(self, i: int, formula: str) -> Expression:
        try:
            expression = read(formula)
        except ValueError as problem:
            raise ValueError(f"{self._where[i]}{problem}") from None
        if len(expression.names) != 1:
            found = ", ".join(expression.names) or "none"
            raise ValueError(
                f"{self._where[i]}Found the variables {found}, but expected one, which takes what comes before."
            )
        return expression

    def _named(self, given: list[str], variables: list[str]) -> list[str]:
        """The start and the links by name: as given, as the next link calls it, or a letter that is free."""
        names = [variables[0]]
        for i, (name, called) in enumerate(zip(given, [*variables[1:], ""])):
            taken = {*names, *given, ""}
            names.append(name or next(it for it in (called, *LETTERS) if it not in taken))
            if names[-1] in names[:-1]:
                raise ValueError(f"{self._where[i]}There is a {name!r} already: give every link a name of its own.")
        return names

    @property
    def scene(self) -> dict[str, Any]:
        """What `shown` has to know of it."""
        return {
            "names": self.names,
            "titles": [link.title for link in self.links],
            "leaves": [link.leaf for link in self.links],
            "h": self.links[0].formula,
            "straight": self.straight,
        }

    def journey(self, x: float, nudge: float) -> Journey:
        return journey(self.scene["leaves"], [link.run for link in self.links], x, nudge)


def _split(text: str) -> list[str]:
    """The parts between commas that are in no bracket."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts
