"""Phase 3: the order of the nodes in each layer that lets few edges cross."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from random import Random

from .layers import hierarchy_links
from .shapes import Box, Edge, incoming

Ends = list[list[tuple[int, float]]]  # for every node its neighbours, and where a link ends on each


def minimise_crossings(
    boxes: Sequence[Box], edges: Sequence[Edge], ranks: list[int], chains: list[list[int]]
) -> list[list[int]]:
    """The nodes of each layer in the best order found from several starts.

    Where two orders cross equally often, the one nearer to the order of construction wins; it decides
    between mirror images, too. Sweeping gets stuck, so small graphs are also shaken a few times.
    """
    above, below = [[] for _ in ranks], [[] for _ in ranks]
    shifts = port_fractions(boxes, edges)
    for edge, upper, lower in hierarchy_links(chains, len(boxes)):
        above[lower].append((upper, 0))  # edges into different boxes: their ports do not matter
        below[upper].append((lower, shifts[edge] if lower < len(boxes) else 0))

    def start(nodes: Iterable[int]) -> Ordering:
        layers = [[] for _ in range(max(ranks) + 1)]
        for node in nodes:
            layers[ranks[node]].append(node)
        return Ordering(layers, above, below)

    def cost(ordering: Ordering) -> tuple[int, int]:
        return ordering.crossings(), ordering.disorder(len(boxes))

    walk = depth_first(above, below)
    patience = effort(len(ranks), 6)
    starts = [start(nodes) for nodes in (range(len(ranks)), walk, walk[::-1])]
    best = min((ordering.improved(patience) for ordering in starts), key=cost)
    random = Random(0)
    for _ in range(effort(len(ranks), 12) if len(ranks) < 1000 else 0):
        if best.crossings():
            shaken = best.rearranged(lambda layer: shake(layer, random)).improved(patience // 2)
            best = min(best, shaken, key=cost)
    mirror = best.rearranged(lambda layer: layer[::-1]).improved(patience // 2)
    return min(best, mirror, key=cost).layers


class Ordering:
    """An order of the nodes in each layer, and the two classical ways to improve it."""

    def __init__(self, layers: list[list[int]], above: Ends, below: Ends) -> None:
        self.layers, self.above, self.below = layers, above, below
        self.position = [0] * len(above)
        for layer in layers:
            self.renumber(layer)

    def renumber(self, layer: list[int]) -> None:
        for position, node in enumerate(layer):
            self.position[node] = position

    def ends(self, links: list[tuple[int, float]]) -> list[float]:
        return [self.position[node] + shift for node, shift in links]

    def crossings(self) -> int:
        """How many pairs of links cross: the inversions among their lower ends, taken in upper order."""
        return sum(
            inversions([end for node in layer for end in sorted(self.ends(self.below[node]))])
            for layer in self.layers
        )

    def disorder(self, boxes: int) -> int:
        """How many pairs of boxes stand against the order in which they were made."""
        return sum(inversions([node for node in layer if node < boxes]) for layer in self.layers)

    def barycenter(self, forward: bool) -> None:
        """Sort every layer by the mean position of its neighbours in the layer that was sorted before it.

        Sugiyama, Tagawa and Toda (1981); Eades and Wormald (1994) analyse it, and the median.
        """
        neighbours = self.above if forward else self.below

        def mean(node: int) -> float:
            ends = self.ends(neighbours[node])
            return sum(ends) / len(ends) if ends else self.position[node]

        for layer in self.layers if forward else reversed(self.layers):
            layer.sort(key=mean)
            self.renumber(layer)

    def transpose(self) -> None:
        """Swap neighbours wherever that removes crossings (Gansner et al. 1993)."""
        for _ in range(effort(len(self.position), 5)):
            if not any([self.transpose_layer(layer) for layer in self.layers]):
                return

    def transpose_layer(self, layer: list[int]) -> bool:
        above = [self.ends(self.above[node]) for node in layer]
        below = [self.ends(self.below[node]) for node in layer]
        swapped = False
        for i, j in pairwise(range(len(layer))):
            if swap_gain(above[i], above[j]) + swap_gain(below[i], below[j]) > 0:
                for row in (layer, above, below):
                    row[i], row[j] = row[j], row[i]
                swapped = True
        self.renumber(layer)
        return swapped

    def improved(self, patience: int, rounds: int = 24) -> Ordering:
        """The best of the orders met while sweeping forward and back."""
        best, fewest, stale = self.copy(), self.crossings(), 0
        for sweep in range(rounds):
            if not fewest or stale > patience:
                break
            self.barycenter(forward=sweep % 2 == 0)
            self.transpose()
            crossings = self.crossings()
            stale += 1
            if crossings < fewest:
                best, fewest, stale = self.copy(), crossings, 0
        return best

    def copy(self) -> Ordering:
        return self.rearranged(lambda layer: list(layer))

    def rearranged(self, change: Callable[[list[int]], list[int]]) -> Ordering:
        return Ordering([change(layer) for layer in self.layers], self.above, self.below)


def swap_gain(left: list[float], right: list[float]) -> int:
    """How many crossings fewer there are if two neighbours with these link ends change places."""
    gain = 0
    for x in left:
        for y in right:
            gain += (x > y) - (x < y)
    return gain


def inversions(values: Sequence[float]) -> int:
    """How many pairs stand in descending order, with an accumulator tree (Barth, Juenger, Mutzel 2004).

    >>> inversions([1, 3, 2, 0])
    4
    """
    index = {value: i for i, value in enumerate(sorted(set(values)), start=1)}
    tree = [0] * (len(index) + 1)
    count = 0
    for seen, value in enumerate(values):
        count += seen
        i = index[value]
        while i > 0:  # take away those seen that are not greater
            count -= tree[i]
            i &= i - 1
        i = index[value]
        while i < len(tree):
            tree[i] += 1
            i += i & -i
    return count


def effort(nodes: int, most: int) -> int:
    """How often to try again for something better: the larger the graph, the less often."""
    return max(1, min(most, 1500 // nodes))


def port_fractions(boxes: Sequence[Box], edges: Sequence[Edge]) -> list[float]:
    """Where an edge ends on its target, from -1/2 to 1/2; 0 where the order of inputs is free."""
    fractions = [0.0] * len(edges)
    for target, inputs in incoming(edges).items():
        if boxes[target].ordered:
            for place, edge in enumerate(sorted(inputs, key=lambda edge: edges[edge].port), start=1):
                fractions[edge] = place / (len(inputs) + 1) - 0.5
    return fractions


def depth_first(above: Ends, below: Ends) -> list[int]:
    """Every node, walking back from the results: what feeds the same box comes out close together."""
    seen = dict.fromkeys(())
    stack = [node for node in reversed(range(len(below))) if not below[node]]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack += [source for source, _ in reversed(above[node])]
    return list(seen)


def shake(layer: list[int], random: Random) -> list[int]:
    """The same nodes, each moved by a place or two."""
    places = {node: place + random.gauss(0, 1.5) for place, node in enumerate(layer)}
    return sorted(layer, key=places.get)
