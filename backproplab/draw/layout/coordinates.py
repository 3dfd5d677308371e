"""Phase 4: a place across the flow for every node, with edges as straight as their order allows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise
from math import inf

from .layers import hierarchy_links
from .ordering import effort
from .ports import Port, exit_room

Link = tuple[int, float, float]  # a node next door, where the link ends on it, how straight it should be
Wish = tuple[float, float]  # a position, and how much it matters

BOX_GAP = 18  # between two boxes of a layer
LANE_GAP = 10  # between an edge that passes through a layer and what is beside it
STRAIGHT = 0.05  # a bend too small to be drawn


def assign_coordinates(
    layers: list[list[int]],
    chains: list[list[int]],
    ports: list[Port],
    widths: list[float],
    boxes: int,
    fit: float = inf,
) -> list[float]:
    """A place across the flow for every node, without overlap and with edges as straight as can be.

    Layer by layer every node is put where its links want it; the nodes of a layer keep their distances
    by isotonic regression of place minus the room taken so far, and stay within `fit` by cutting that off
    at both ends. First by least squares, which spreads changes far, then by least absolute distances,
    which leave most links perfectly straight. What still bends although it need not is then pushed straight.
    """
    before, after = straightening_links(chains, ports, boxes, len(widths))
    both = [earlier + later for earlier, later in zip(before, after)]
    offsets = [running_offsets(layer, widths, boxes) for layer in layers]
    ends = [(widths[layer[0]] / 2, offset[-1] + widths[layer[-1]] / 2) for layer, offset in zip(layers, offsets)]
    wall = max(fit, *(left + right for left, right in ends)) / 2
    place = [0.0] * len(widths)
    for layer, offset in zip(layers, offsets):
        for node, shift in zip(layer, offset):
            place[node] = shift - offset[-1] / 2

    def sweep(settled: list[list[Link]], order: Iterable[int], centre: Callable) -> None:
        for rank in order:
            layer, offset, (left, right) = layers[rank], offsets[rank], ends[rank]
            wishes = [
                [(place[other] + end - start, weight) for other, end, weight in settled[node] or both[node]]
                or [(place[node] - start, 1)]
                for node, start in zip(layer, offset)
            ]
            for node, start, found in zip(layer, offset, pool_adjacent_violators(wishes, centre)):
                place[node] = start + max(left - wall, min(found, wall - right))

    for centre in (weighted_mean, weighted_median):
        for _ in range(1 + effort(len(widths), 4)):
            sweep(after, reversed(range(len(layers))), centre)
            sweep(before, range(len(layers)), centre)
    gaps = Gaps(layers, offsets, ends, wall)
    for _ in range(effort(len(widths), 8)):
        if not push_straight_groups(place, gaps, both):
            break
    return place


class Gaps:
    """What stands next to each node in its layer, a node or a wall, and how far away that has to stay."""

    def __init__(
        self, layers: list[list[int]], offsets: list[list[float]], ends: list[tuple[float, float]], wall: float
    ) -> None:
        self.beside: dict[int, dict[int, tuple[int, float]]] = {1: {}, -1: {}}  # to the right, to the left
        self.walls: dict[int, dict[int, float]] = {1: {}, -1: {}}
        for layer, offset, (left, right) in zip(layers, offsets, ends):
            self.walls[-1][layer[0]] = left - wall
            self.walls[1][layer[-1]] = wall - (right - offset[-1])
            for (earlier, start), (later, end) in pairwise(zip(layer, offset)):
                self.beside[1][earlier] = later, end - start
                self.beside[-1][later] = earlier, end - start

    def neighbour(self, node: int, side: int) -> int | None:
        return self.beside[side].get(node, (None, 0))[0]

    def room(self, place: list[float], node: int, side: int) -> float:
        """How far the node can move to that side."""
        if node in self.walls[side]:
            return (self.walls[side][node] - place[node]) * side
        neighbour, distance = self.beside[side][node]
        return abs(place[neighbour] - place[node]) - distance


def choose_exits(chains: list[list[int]], ports: list[Port], place: list[float], widths: list[float]) -> list[float]:
    """Where each edge leaves its source, from the middle: there where it is straight, if the box is as wide as that.

    If not, an only edge leaves from the middle, and one of several from as far out as it can, so that the edges
    of a box never cross each other there.
    """
    uses = Counter(chain[0] for chain in chains)
    exits = []
    for chain, port in zip(chains, ports):
        source, next_node = chain[:2]
        straight = place[next_node] + (port.lane if len(chain) == 2 else 0) - place[source]
        room = exit_room(widths[source])
        exits.append(0.0 if uses[source] == 1 and abs(straight) > room else max(-room, min(straight, room)))
    return exits


def running_offsets(layer: list[int], widths: list[float], boxes: int) -> list[float]:
    """How far each node is from the first, if they stand as close as they may."""
    offsets = [0.0]
    for left, right in pairwise(layer):
        gap = BOX_GAP if left < boxes and right < boxes else LANE_GAP
        offsets.append(offsets[-1] + (widths[left] + widths[right]) / 2 + gap)
    return offsets


def straightening_links(
    chains: list[list[int]], ports: list[Port], boxes: int, nodes: int
) -> tuple[list[list[Link]], list[list[Link]]]:
    """The links of every node to the layers before and after it; long edges weigh more (Gansner et al.).

    An edge that may leave its source anywhere between two places is as straight as it can be there, and its
    distance from that, max(|x|, r), is (|x − r| + |x + r|) / 2: two links, to either end, of half the weight.
    """
    before, after = [[] for _ in range(nodes)], [[] for _ in range(nodes)]
    computed = {chain[-1] for chain in chains}
    for edge, upper, lower in hierarchy_links(chains, boxes):
        port = ports[edge]
        weight = port.weight + (upper in computed) + 3 * (upper >= boxes) + 3 * (lower >= boxes)
        shift = port.lane if lower < boxes else 0
        exits = port.exits if upper < boxes else (0,)
        for exit in exits:
            after[upper].append((lower, shift - exit, weight / len(exits)))
            before[lower].append((upper, exit - shift, weight / len(exits)))
    return before, after


def push_straight_groups(place: list[float], gaps: Gaps, links: list[list[Link]]) -> bool:
    """Move all that hangs together by straight links as one, where that straightens other links.

    Node by node nothing may improve although a whole group could move: Sander's linear segments (1996).
    A group pushes along the groups it touches, if that is worth it for all of them together.
    """

    def wanted(nodes: dict[int, None]) -> float:
        wishes = [
            (place[other] + shift - place[node], weight)
            for node in nodes
            for other, shift, weight in links[node]
            if other not in nodes
        ]
        low, high = median_interval(wishes) if wishes else (0, 0)
        return max(low, min(0, high))

    moved = False
    group_of = straight_groups(place, links)
    for group in {id(group): group for group in group_of}.values():
        step = wanted(dict.fromkeys(group))
        if abs(step) < STRAIGHT:
            continue
        side = 1 if step > 0 else -1
        pushed = dict.fromkeys(group)
        for node in (queue := list(group)):  # grows while we walk along it
            neighbour = gaps.neighbour(node, side)
            if neighbour is not None and neighbour not in pushed and gaps.room(place, node, side) < STRAIGHT:
                touched = group_of[neighbour]
                pushed.update(dict.fromkeys(touched))
                queue += touched
        free = min(gaps.room(place, node, side) for node in pushed if gaps.neighbour(node, side) not in pushed)
        step = min(wanted(pushed) * side, free)
        if step > STRAIGHT:
            moved = True
            for node in pushed:
                place[node] += step * side
    return moved


def straight_groups(place: list[float], links: list[list[Link]]) -> list[list[int]]:
    """For every node the group that holds it: all it is joined to by links that are straight."""
    group_of = [[node] for node in range(len(place))]
    for node, ends in enumerate(links):
        for other, shift, _ in ends:
            here, there = group_of[node], group_of[other]
            if here is not there and abs(place[other] + shift - place[node]) < STRAIGHT:
                small, large = sorted((here, there), key=len)
                large += small
                for member in small:
                    group_of[member] = large
    return group_of


def pool_adjacent_violators(wishes: list[list[Wish]], centre: Callable[[list[Wish]], float]) -> list[float]:
    """Places that never decrease and are as close as can be to what each one wishes.

    Isotonic regression (Ayer et al. 1955): neighbours in the wrong order are pooled into one block, which
    then takes its common centre. It is exact for squares (mean) and for absolute distances (median).

    >>> pool_adjacent_violators([[(1, 1)], [(6, 1)], [(4, 1)]], weighted_mean)
    [1.0, 5.0, 5.0]
    """
    blocks = []
    for wish in wishes:
        size, pooled, place = 1, wish, centre(wish)
        while blocks and blocks[-1][2] > place:
            earlier_size, earlier, _ = blocks.pop()
            size, pooled = earlier_size + size, earlier + pooled
            place = centre(pooled)
        blocks.append((size, pooled, place))
    return [place for size, _, place in blocks for _ in range(size)]


def weighted_mean(wishes: list[Wish]) -> float:
    return sum(place * weight for place, weight in wishes) / sum(weight for _, weight in wishes)


def weighted_median(wishes: list[Wish]) -> float:
    low, high = median_interval(wishes)
    return (low + high) / 2


def median_interval(wishes: list[Wish]) -> tuple[float, float]:
    """Between which places any has at most half of the weight on either side."""
    ordered = sorted(wishes)
    weights = list(accumulate(weight for _, weight in ordered))
    half = weights[-1] / 2
    low = bisect_left(weights, half)
    high = min(bisect_right(weights, half), len(weights) - 1)
    return ordered[low][0], ordered[high][0]
