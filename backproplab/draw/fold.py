"""Folding: a large graph in fewer boxes, and every number that is still shown stays as it was.

The boxes of a picture are *parts*. In a whole picture each node is a part of its own; a folded one has, by level,

- terms: additions of additions are one Σ, a constant stands inside the operation that uses it, and a parameter
  that is used once is a chip on its operation;
- neurons: a weighted sum and the function around it are one box as well;
- layers: neurons on the same inputs are one box.

What is hidden in a part is used nowhere else, so an arrow into it still stands for a single path to the node that
the part shows, and its slope is the product along that path. Only the arrows of a layer stand for many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .. import notation
from ..graph import shape_of, single
from ..ops import influence

if TYPE_CHECKING:
    from ..graph import Graph

FOLD_ABOVE = 60  # nodes: a larger graph is folded unless asked otherwise
MOST_BOXES, MOST_ARROWS = 40, 120  # of a folded picture, if another level has fewer
MOST_CONSTANTS = 2  # that are shown in a box
LONGEST_WRITTEN = 60  # operations in a box whose formula is written
LEVELS = ("terms", "neurons", "layers")

SUMS = {"add", "sum"}
WEIGHTED = {"add", "sum", "dot", "linear", "matmul"}  # what a neuron's function may be around
Edge = tuple[Any, int]  # an operation, and which of its inputs


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from `source`, by the edges with which it enters the operations of a part."""

    source: Any
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One box: the nodes whose numbers it shows (several only for a layer), and what it hides."""

    nodes: tuple[Any, ...]
    links: tuple[Link, ...]
    symbol: str = ""  # its operation
    constants: tuple[str, ...] = ()  # as they stand beside the symbol
    chips: tuple[Any, ...] = ()  # leaves that stand on it
    inside: tuple[Any, ...] = ()  # operations and constants that are hidden in it, operands first

    @property
    def node(self) -> Any:
        """The node that it shows, or the first of them."""
        return self.nodes[0]

    @property
    def badge(self) -> str:
        """The operation with its constants, as in `+ 1`."""
        sign = () if self.symbol == "+" and self.constants else (self.symbol,)
        many = len(self.constants) > MOST_CONSTANTS
        return " ".join((*sign, f"+ {len(self.constants)} numbers") if many else (*sign, *self.constants))

    @property
    def contents(self) -> tuple[Any, ...]:
        """All its nodes, shown or not."""
        return (*self.inside, *self.chips, *self.nodes)

    def name(self, names: Mapping[Any, str]) -> str:
        """`h`, or `h1 … h4` for a layer."""
        ends = dict.fromkeys((names[self.nodes[0]], names[self.nodes[-1]]))
        return " … ".join(ends)

    def written(self, names: Mapping[Any, str]) -> str:
        """What it computes from the nodes at its arrows and the chips on it, as in `w1·x1 + b`."""
        if len(self.nodes) > 1:
            return f"layer of {len(self.nodes)}: {self.symbol}"
        if len(self.inside) > LONGEST_WRITTEN:
            return f"{self.badge}, {len(self.inside) + 1} operations"
        if not self.inside:
            operands = [names[x] for x in self.node.inputs]
            return notation.operation(self.node.op.name, operands) if operands else names[self.node]
        pieces: dict[Any, notation.Piece] = {}
        for node in (*self.inside, self.node):
            if node.inputs:
                parts = [pieces.get(x) or notation.leaf(x, names[x], notation.TEXT) for x in node.inputs]
                pieces[node] = notation.TEXT.write(node.op.name, parts)
        return pieces[self.node].text

    def slopes(self, slopes: Mapping[Edge, Any]) -> list[Any]:
        """∂node/∂source for each link; None where that is not one number (or one array) that is known."""
        along: dict[Any, Any] = dict.fromkeys(self.nodes, 1.0)  # ∂node/∂hidden node, along its only path
        for node in (*reversed(self.nodes), *reversed(self.inside)):
            for port, x in enumerate(node.inputs):
                along[x] = _along(along[node], slopes.get((node, port)), node)
        return [self._slope(link, along, slopes) for link in self.links]

    def _slope(self, link: Link, along: Mapping[Any, Any], slopes: Mapping[Edge, Any]) -> Any:
        if len(self.nodes) > 1 or any(node.inputs[port] is not link.source for node, port in link.edges):
            return None  # a matrix of slopes
        if self.node is link.edges[0][0] and len(link.edges) == 1:
            return slopes.get(link.edges[0])
        terms = [_along(along[node], slopes.get((node, port)), node) for node, port in link.edges]
        return None if any(term is None for term in terms) else sum(terms)


def _along(first: Any, second: Any, between: Any) -> float | None:
    """The slope of two edges in a row, with a node between them; None if it is an array, or not known."""
    if first is None or second is None or getattr(first, "shape", ()) or getattr(second, "shape", ()):
        return None  # arrays may be repeated or summed on the way
    first, second = float(first), float(second)
    return first * second if shape_of(between) else influence(first, second, single(between.data))


def parts_of(graph: Graph, fold: bool | str | None = None, expand: bool | str | Iterable[str] = ()) -> list[Part]:
    """The boxes of a graph's picture.

    `fold` is one of LEVELS, True (the first level that is small enough to read), False (never) or None (only
    a graph above FOLD_ABOVE nodes). `expand` names nodes whose box is shown whole; True is all of them.

    >>> from backproplab import parse
    >>> graph = parse("w1*x1 + w2*x2 + b")
    >>> [part.written(graph.names) for part in parts_of(graph, "neurons")]
    ['x1', 'x2', 'w1·x1+w2·x2+b']
    """
    if fold not in (None, True, False, *LEVELS):
        raise ValueError(f"fold is True, False or one of {', '.join(LEVELS)}; got {fold!r}.")
    if fold is False or expand is True or (fold is None and len(graph.nodes) <= FOLD_ABOVE):
        return [_single(node) for node in graph.nodes]
    for level in [fold] if fold in LEVELS else LEVELS:
        parts = _Folder(graph, level).parts()
        if len(parts) <= MOST_BOXES and sum(len(part.links) for part in parts) <= MOST_ARROWS:
            break
    if not expand:
        return parts
    wanted = {graph[name] for name in ([expand] if isinstance(expand, str) else expand)}
    keep = {node for part in parts if wanted & set(part.contents) for node in part.contents}
    return _Folder(graph, level, keep).parts()


class _Folder:
    """Goes through a graph in forward order and lets each operation swallow what only it uses."""

    def __init__(self, graph: Graph, level: str, keep: Container = ()) -> None:
        self.graph, self.level, self.keep = graph, level, keep
        self.uses = Counter(x for node in graph.nodes for x in node.inputs)
        self.part: dict[Any, Part] = {}  # by the node that it shows

    def parts(self) -> list[Part]:
        for node in self.graph.nodes:
            part = _single(node)
            if node.op and node not in self.keep:
                part = self.with_sums(part)
                if self.level != "terms":
                    part = self.with_sum(self.with_products(part))
                part = self.with_chips(self.with_constants(part))
            self.part[node] = part
        parts = list(self.part.values())
        return _layers(parts) if self.level == "layers" else parts

    def is_free(self, link: Link) -> bool:
        """Whether only this link uses its source, and nothing else needs it to be seen."""
        x = link.source
        return self.uses[x] == 1 and x not in self.keep and not (x.inputs and x.label)

    def opened(self, part: Part, link: Link) -> Part:
        """`part`, with the part that `link` comes from hidden in it."""
        inner = self.part.pop(link.source)
        i = part.links.index(link)
        return replace(
            part,
            links=(*part.links[:i], *inner.links, *part.links[i + 1 :]),
            chips=inner.chips + part.chips,
            inside=(*inner.inside, inner.node, *part.inside),
        )

    def with_sums(self, part: Part) -> Part:
        """a + (b + c) as one Σ, and x + y + x with one arrow from x."""
        if _operation(part) not in SUMS:
            return part
        for link in part.links:
            inner = self.part[link.source]
            if self.is_free(link) and _operation(inner) in SUMS:
                part = replace(self.opened(part, link), symbol="Σ", constants=part.constants + inner.constants)
        if part.symbol != "Σ":
            return part
        entries: dict[Any, tuple[Edge, ...]] = {}
        for link in part.links:
            entries[link.source] = entries.get(link.source, ()) + link.edges
        return replace(part, links=tuple(Link(source, edges) for source, edges in entries.items()))

    def with_products(self, part: Part) -> Part:
        """The products w·x inside the sum that adds them up."""
        if _operation(part) in SUMS:
            for link in part.links:
                inner = self.part[link.source]
                if self.is_free(link) and _operation(inner) == "multiply" and len(inner.links) == 1:
                    part = replace(self.opened(part, link), symbol="Σ")
        return part

    def with_sum(self, part: Part) -> Part:
        """The weighted sum inside the function around it: together they are a neuron."""
        if len(part.links) != 1 or part.node.op.arity != 1 or not part.node.op.slopes:
            return part
        (link,) = part.links
        inner = self.part[link.source]
        if not self.is_free(link) or _operation(inner) not in WEIGHTED or not inner.chips:
            return part
        return replace(self.opened(part, link), symbol=f"{part.symbol} {inner.badge}")

    def with_constants(self, part: Part) -> Part:
        """Constants inside, while an arrow is left."""
        for link in part.links:
            x, operation = link.source, _operation(part)
            plain = x.constant and not x.inputs and not getattr(x, "shape", ())
            if not plain or not self.is_free(link) or len(part.links) == 1:
                continue
            shown = notation.bracketed(self.graph.names[x])
            part = replace(part, links=_without(part.links, link), inside=(x, *part.inside))
            self.part.pop(x)
            if operation in SUMS:
                part = replace(part, constants=(*part.constants, f"+ {shown}"))
            elif link.edges[0][1] > 0 or part.node.op.commutative:
                part = replace(part, constants=(*part.constants, shown))
            elif operation != "dot":  # which may have many: they stand in its formula
                part = replace(part, symbol=f"{shown} {part.symbol}")
        return part

    def with_chips(self, part: Part) -> Part:
        """Parameters that nothing else uses stand on the box, while an arrow is left for what they act on."""
        own = [link for link in part.links if link.edges[0][0] is part.node]
        operation = _operation(part)
        if operation == "dot":
            n = len(part.node.inputs) // 2
            own = [link for link in own if link.edges[0][1] < n or link.edges[0][1] == 2 * n]
        elif operation in WEIGHTED:
            own = own[::-1]  # x @ w, w·x + b: the parameter is the last one
        elif operation != "multiply":
            return part
        chips = list(part.chips)
        for link in own:
            x = link.source
            movable = not x.inputs and not x.constant and self.is_free(link)
            if movable and (len(part.links) > 1 or operation == "dot"):
                part = replace(part, links=_without(part.links, link))
                chips.append(self.part.pop(x).node)
        return replace(part, chips=tuple(sorted(chips, key=lambda chip: chip.born)))


def _single(node: Any) -> Part:
    links = tuple(Link(x, ((node, port),)) for port, x in enumerate(node.inputs))
    return Part((node,), links, node.op.symbol if node.op else "")


def _operation(part: Part) -> str:
    return part.node.op.name if part.node.op else ""


def _without(links: tuple[Link, ...], link: Link) -> tuple[Link, ...]:
    return tuple(each for each in links if each is not link)


def _layers(parts: list[Part]) -> list[Part]:
    """Neurons on the same inputs as one box, and one arrow for all edges between two boxes of which one is such."""
    alike: dict[Any, list[Part]] = {}
    for part in parts:
        sources = tuple(link.source for link in part.links)
        alone = None if part.chips else part.node
        alike.setdefault((alone, part.symbol, part.constants, len(part.chips), sources), []).append(part)
    merged = [_layer(group) for group in alike.values()]
    owner = {node: part for part in merged for node in part.nodes}
    return [_with_bundles(part, owner) for part in merged]


def _layer(group: list[Part]) -> Part:
    if len(group) == 1:
        return group[0]
    return replace(
        group[0],
        nodes=tuple(part.node for part in group),
        links=tuple(link for part in group for link in part.links),
        chips=tuple(chip for part in group for chip in part.chips),
        inside=tuple(node for part in group for node in part.inside),
    )


def _with_bundles(part: Part, owner: Mapping[Any, Part]) -> Part:
    bundles: dict[Any, Link] = {}
    for link in part.links:
        source = owner[link.source]
        many = len(source.nodes) > 1 or len(part.nodes) > 1
        key = source.node if many else link.edges
        edges = bundles[key].edges if key in bundles else ()
        bundles[key] = Link(link.source, edges + link.edges)
    return replace(part, links=tuple(bundles.values()))
