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
from ..ops import influence

if TYPE_CHECKING:
    from ..graph import Graph

FOLD_ABOVE = 60  # nodes: a larger graph is folded unless asked otherwise
MOST_BOXES, MOST_ARROWS = 40, 120  # of a folded picture, if another level has fewer
LEVELS = ("terms", "neurons", "layers")

SUMS = {"add", "sum"}
WEIGHTED = {"add", "sum", "dot", "linear", "matmul"}  # what a neuron's function may be around
Edge = tuple[Any, int]  # an operation, and which of its inputs


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow: from `source` along the edges of each path, the last of which ends in the part's own node."""

    source: Any
    paths: tuple[tuple[Edge, ...], ...]

    @property
    def edge(self) -> Edge:
        """Where the arrow enters the graph's operations."""
        return self.paths[0][0]

    def slope(self, slopes: Mapping[Edge, Any]) -> Any:
        """∂part/∂source along this arrow; None if it is not one number (or one array) that is known."""
        known = [slopes.get(edge) for edge in self.paths[0]]
        if len(self.paths) > 1 or any(slope is None for slope in known):
            return None
        if len(known) == 1:
            return known[0]
        if any(getattr(slope, "shape", ()) for slope in known):
            return None  # arrays that were repeated or summed on the way do not multiply entry by entry
        product = 1.0
        for slope in known:
            product = influence(product, float(slope), 0.0)
        return product


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
        return " ".join((*sign, *self.constants))

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
        if not self.inside or not self.node.inputs:
            operands = [names[x] for x in self.node.inputs]
            return notation.operation(self.node.op.name, operands) if operands else names[self.node]
        pieces: dict[Any, notation.Piece] = {}
        for node in (*self.inside, self.node):
            if node.inputs:
                parts = [pieces.get(x) or notation.leaf(x, names[x], notation.TEXT) for x in node.inputs]
                pieces[node] = notation.TEXT.write(node.op.name, parts)
        return pieces[self.node].text


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
        parts = _folded(graph, level, keep=())
        if len(parts) <= MOST_BOXES and sum(len(part.links) for part in parts) <= MOST_ARROWS:
            break
    if not expand:
        return parts
    wanted = {graph[name] for name in ([expand] if isinstance(expand, str) else expand)}
    keep = {node for part in parts if wanted & set(part.contents) for node in part.contents}
    return _folded(graph, level, keep)


def _single(node: Any) -> Part:
    links = tuple(Link(x, (((node, port),),)) for port, x in enumerate(node.inputs))
    return Part((node,), links, node.op.symbol if node.op else "")


def _folded(graph: Graph, level: str, keep: Container) -> list[Part]:
    uses = Counter(x for node in graph.nodes for x in node.inputs)
    parts: dict[Any, Part] = {}
    for node in graph.nodes:
        part = _single(node)
        if node.op and node not in keep:
            free = {x for x in node.inputs if uses[x] == 1 and x not in keep and not (x.inputs and x.label)}
            part = _with_sums(part, parts, free)
            if level != "terms":
                part = _with_sum_inside(_with_products(part, parts, free), parts, free)
            part = _with_chips(_with_constants(part, graph.names, free), free)
            for hidden in (*part.inside, *part.chips):
                parts.pop(hidden, None)
        parts[node] = replace(part, chips=tuple(sorted(part.chips, key=lambda chip: chip.born)))
    return _layers(list(parts.values())) if level == "layers" else list(parts.values())


def _opened(part: Part, link: Link, inner: Part) -> Part:
    """`part` with `inner`, where `link` came from, hidden in it."""
    i = part.links.index(link)
    inherited = [Link(each.source, tuple(path + link.paths[0] for path in each.paths)) for each in inner.links]
    return replace(
        part,
        links=(*part.links[:i], *inherited, *part.links[i + 1 :]),
        constants=inner.constants + part.constants,
        chips=inner.chips + part.chips,
        inside=(*inner.inside, inner.node, *part.inside),
    )


def _operation(part: Part) -> str:
    return part.node.op.name if part.node.op else ""


def _with_sums(part: Part, parts: Mapping[Any, Part], free: Container) -> Part:
    """a + (b + c) as one Σ."""
    if _operation(part) in SUMS:
        for link in part.links:
            inner = parts[link.source]
            if link.source in free and _operation(inner) in SUMS:
                part = replace(_opened(part, link, inner), symbol="Σ")
    return part


def _with_constants(part: Part, names: Mapping[Any, str], free: Container) -> Part:
    """Constants inside, while an arrow is left."""
    for link in part.links:
        x, operation = link.source, _operation(part)
        if x not in free or x.inputs or not x.constant or getattr(x, "shape", ()) or len(part.links) == 1:
            continue
        shown = notation.bracketed(names[x])
        part = replace(part, links=_without(part.links, link), inside=(x, *part.inside))
        if operation in SUMS:
            part = replace(part, constants=(*part.constants, f"+ {shown}"))
        elif link.edge[1] > 0 or part.node.op.commutative:
            part = replace(part, constants=(*part.constants, shown))
        elif operation != "dot":  # which may have many: they stand in its formula
            part = replace(part, symbol=f"{shown} {part.symbol}")
    return part


def _with_chips(part: Part, free: Container) -> Part:
    """Parameters that nothing else uses stand on the box, while an arrow is left for what they act on."""
    own = [link for link in part.links if link.edge[0] is part.node]
    operation = _operation(part)
    if operation == "dot":
        n = len(part.node.inputs) // 2
        own = [link for link in own if link.edge[1] < n or link.edge[1] == 2 * n]
    elif operation in WEIGHTED:
        own = own[::-1]  # x @ w, w·x + b: the parameter is the last one
    elif operation != "multiply":
        return part
    taken: list[Any] = []
    for link in own:
        x = link.source
        if x in free and not x.inputs and not x.constant and (len(part.links) > 1 or operation == "dot"):
            part = replace(part, links=_without(part.links, link))
            taken.append(x)
    return replace(part, chips=(*part.chips, *taken))


def _without(links: tuple[Link, ...], link: Link) -> tuple[Link, ...]:
    return tuple(each for each in links if each is not link)


def _is_weighting(part: Part) -> bool:
    """Whether this is one input times a parameter or a constant."""
    return _operation(part) == "multiply" and len(part.links) == 1 and not part.node.label


def _with_products(part: Part, parts: Mapping[Any, Part], free: Container) -> Part:
    """The products w·x inside the sum that adds them up."""
    if _operation(part) in SUMS:
        for link in part.links:
            inner = parts[link.source]
            if _is_weighting(inner) and link.source in free:
                opened = _opened(part, link, inner)
                part = replace(opened, symbol="Σ", constants=part.constants)
    return part


def _with_sum_inside(part: Part, parts: Mapping[Any, Part], free: Container) -> Part:
    """A function around a weighted sum: together they are a neuron."""
    if len(part.links) != 1 or part.node.op.arity != 1 or not part.node.op.slopes:
        return part
    (link,) = part.links
    inner = parts[link.source]
    if link.source not in free or _operation(inner) not in WEIGHTED or not inner.chips:
        return part
    return replace(_opened(part, link, inner), symbol=f"{part.symbol} {inner.badge}", constants=())


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
        key = source.node if many else link.edge
        paths = bundles[key].paths if key in bundles else ()
        bundles[key] = Link(source.node, paths + link.paths)
    return replace(part, links=tuple(bundles.values()))
