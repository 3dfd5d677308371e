"""The right engine and five wrong ones, each a few words away from it: their stories, and why nudging disagrees.

Everything that is said is a template (see `notation.fill`), so that the page of an explorer says the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from ..graph import Graph
from ..notation import fill, number
from ..story import Step, walk

LONGEST = 200  # nodes that the engine without an order visits before its story is broken off

ENGINES: dict[str, dict[str, str]] = {
    "right": {"label": "right"},
    "overwrite": {
        "label": "= instead of +=",
        "wrong": "Where several uses of a node meet, = keeps the last contribution only; they should be added.",
        "lucky": "by luck: every node here is used once, so there is nothing to add",
    },
    "unordered": {
        "label": "no order",
        "wrong": "Recursion without an order hands a node on each time it is reached, with what it has by then; {calls}.",
        "lucky": "by luck: only one path leads to each operation here",
    },
    "stale": {
        "label": "stale values",
        "wrong": "Forward was not run again, so values and slopes are still those at {earlier}.",
        "lucky": "so far: move a variable, and this engine stays at {earlier}",
    },
    "leftover": {
        "label": "no zero_grad",
        "wrong": "Without zero_grad, the gradients of an earlier pass, at {earlier}, were still there and were added to.",
        "lucky": "by luck: the gradients of the earlier pass, at {earlier}, were 0",
    },
    "yours": {
        "label": "your order",
        "wrong": "A node has to wait until all its uses have handed on their parts, and to go once.",
        "lucky": "and your order is a right one: every node waited for all its uses",
    },
}

WORDS = {
    "early": " Too early: {missing} still to come, so {through} hands on {upstream} where {due} is due.",
    "again": " {through} has been handed on before, so part of this counts twice.",
    "agrees": "Nudging agrees",
    "differs": "{node}: this engine says {found}, nudging says {nudged}.",
    "rough": "{node}: nudging says {nudged}, but is no judge here: at a corner it takes the mean of the slopes on both "
    "sides, and where the output is huge or turns within a tiny step it is too rough.",
    "nowhere": "{node}: nudging is not possible here: an output next to this point has no finite value.",
    "harmless": "by luck: what goes wrong on the way makes no difference at these values",
    "choose": "Your order: click the node that hands on its gradient next (or go to it with the up and down arrow, "
    "and press Enter). Still to come: {missing}.",
    "nothing": "{node} hands nothing on: there is nothing below it that can move.",
    "help": "Computation graph. Left and right arrow step, up and down arrow go to a node, Enter takes you to its step.",
}


def visits(graph: Graph, engine: str, order: Sequence[str]) -> list[Any]:
    """The nodes in the order in which this engine lets them hand on their gradients."""
    if engine == "unordered":
        return _recursion(graph)
    moving = {graph.names[node]: node for node in reversed(graph.nodes) if handing_on(node)}
    if engine == "yours":
        return [moving[name] for name in order if name in moving]
    return list(moving.values())


def handing_on(node: Any) -> bool:
    """Whether a node has anything to hand on: whether anything below it can move."""
    return bool(node.inputs) and not node.constant


def _recursion(graph: Graph) -> list[Any]:
    """A node gives to all its inputs, then the same begins at each of them: the same node over and over again."""
    found, stack = [], [graph.output]
    while stack and len(found) < LONGEST:
        node = stack.pop()
        if handing_on(node):
            found.append(node)
            stack += reversed(node.inputs)
    return found


def calls(graph: Graph) -> str:
    """How many visits the engine without an order needs, in words."""
    count: dict[Any, int] = {}
    for node in graph.nodes:
        count[node] = int(handing_on(node)) and 1 + sum(count[x] for x in node.inputs)
    total = count[graph.output]
    broken_off = f", of which only the first {LONGEST} are done here" if total > LONGEST else ""
    return f"{total:,} visits in all{broken_off}"


def uses(graph: Graph) -> dict[Any, list[Any]]:
    """The nodes that each moving node hands a part of its gradient to it, in forward order."""
    found: dict[Any, list[Any]] = {node: [] for node in graph.nodes}
    for node in filter(handing_on, graph.nodes):
        for x in dict.fromkeys(node.inputs):
            found[x].append(node)
    return found


def backward(
    graph: Graph,
    order: Sequence[Any],
    due: Mapping[Any, float],
    leftover: Mapping[Any, float] | None = None,
    overwrite: bool = False,
) -> Iterator[Step]:
    """The backward steps in this order of visits, each with a remark if its node should have waited."""
    steps = walk(graph, order, leftover, overwrite)
    yield from islice(steps, 1)  # the start at the output
    for node, (remark, missing) in zip(order, remarks(graph, order)):
        for step in islice(steps, sum(not x.constant for x in node.inputs)):
            words = {"through": step.through, "upstream": number(step.upstream), "due": number(due[node])}
            words["missing"] = ", ".join(missing)
            yield replace(step, sentence=step.sentence + fill(WORDS.get(remark, ""), words))


def remarks(graph: Graph, order: Sequence[Any]) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with each visit of an order: "again", "early" or nothing, and the names that are still to come."""
    waiting_for, gone = uses(graph), set()
    for node in order:
        missing = [graph.names[use] for use in waiting_for[node] if use not in gone]
        yield "again" if node in gone else "early" if missing else "", missing
        gone.add(node)


def agree(found: float, other: float, size: float = 1.0) -> bool:
    """Whether two slopes are the same but for rounding; `size` is that of the output, if one comes from nudging it."""
    most = 1e-4 * max(abs(found), abs(other)) + 1e-7 * max(1.0, abs(size))
    return found == other or abs(found - other) <= most < math.inf


def verdict(
    engine: str, found: Mapping[str, tuple[float, float, float]], size: float, slipped: bool, words: Mapping[str, str]
) -> str:
    """What the referee says: `found` has, for each variable, this engine's gradient, the right one and the difference.

    `slipped` is whether the engine has done anything wrong on the way: if it has and nudging agrees, that was luck.
    """
    sentences, reason = [], ""
    for name, (gradient, due, nudged) in found.items():
        wrong = not agree(gradient, due)
        if math.isnan(nudged):
            said = "nowhere"
        elif not agree(due, nudged, size) or (wrong and agree(gradient, nudged, size)):
            said = "rough"
        elif wrong:
            said, reason = "differs", ENGINES[engine]["wrong"]
        else:
            continue
        sentences.append(fill(WORDS[said], {"node": name, "found": number(gradient), "nudged": number(nudged)}))
    if sentences:
        return " ".join([*sentences[:3], *([fill(reason, words)] if reason else [])])
    luck = WORDS["harmless"] if slipped else ENGINES[engine].get("lucky", "")
    return f"{WORDS['agrees']}, {fill(luck, words)}." if luck else f"{WORDS['agrees']}."
