"""Exercises of 05-build-value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from inspect import getsource
from typing import Any

from ..exercises import TODO, Exercise


class Node:
    """What the notebook's MyValue offers to whoever walks through a graph, with a name, and with an eye on the walker."""

    def __init__(self, name: str, data: float, born: int, operands: tuple = (), slopes: tuple = ()) -> None:
        self.name, self.data, self.born, self.slopes = name, data, born, slopes
        self._operands, self._grad = operands, 0.0
        self.looks, self.written = 0, False

    @property
    def operands(self) -> tuple:
        self.looks += 1
        return self._operands

    @property
    def grad(self) -> float:
        return self._grad

    @grad.setter
    def grad(self, grad: float) -> None:
        self._grad, self.written = grad, True

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Recipe:
    """A graph that is made afresh for each engine that is tried on it. `make` lists it in a right order, as a rule the only one."""

    formula: str
    make: Callable[[], list[Node]]

    def __repr__(self) -> str:
        return self.formula


def _fork() -> list[Node]:
    x = Node("x", 2.0, 0)
    u = Node("u", 4.0, 1, (x, x), (2.0, 2.0))
    product = Node("u·u", 16.0, 2, (u, u), (4.0, 4.0))
    return [Node("y", 20.0, 3, (u, product), (1, 1)), product, u, x]


def _cube() -> list[Node]:
    x = Node("x", 3.0, 0)
    m = Node("m", 9.0, 1, (x, x), (3.0, 3.0))
    return [Node("y", 27.0, 2, (x, m), (9.0, 3.0)), m, x]


def _doublings() -> list[Node]:
    nodes = [Node("x", 1.0, 0)]
    for i in range(1, 13):
        below = nodes[0]
        nodes.insert(0, Node(f"y{i}", 2.0 * below.data, i, (below, below), (1, 1)))
    return nodes


def _chain() -> list[Node]:
    nodes = [Node("x", 0.0, 0)]
    for i in range(1, 10_000):
        nodes.append(Node(f"y{i}", 0.0, i, (nodes[-1],), (1.0,)))
    return nodes[::-1]


def _two_leaves() -> list[Node]:
    a, b = Node("a", 3.0, 0), Node("b", 4.0, 1)
    product = Node("a·b", 12.0, 2, (a, b), (4.0, 3.0))
    return [Node("y", 15.0, 3, (product, a), (1, 1)), product, b, a]


FORK, CUBE = Recipe("u + u·u (u = x·x)", _fork), Recipe("x·m (m = x·x)", _cube)
DOUBLINGS, CHAIN = Recipe("twelve doublings of x", _doublings), Recipe("a chain of 10,000 nodes", _chain)
TWO_LEAVES = Recipe("a·b + a", _two_leaves)  # it has two right orders, so no order is compared on it


def names(order: Callable, output: Recipe) -> Any:
    """What an order is compared by: the names of its nodes; or that it was found by far too many looks, or too deep."""
    made = output.make()
    try:
        found = order(made[0])
    except RecursionError:
        if output == CHAIN:
            return "RecursionError"
        raise
    if not hasattr(found, "__iter__") or isinstance(found, tuple | str):
        return found
    if not isinstance(found, list):
        return f"a {type(found).__name__}, not a list"
    if (looks := sum(node.looks for node in made)) > 10 * len(made):
        return f"{looks:,} looks at {len(made)} nodes"
    listed = [str(getattr(node, "name", node)) for node in found]
    return ", ".join(listed) if len(listed) < 100 else listed


def gradients(backward: Callable, nodes: Recipe) -> Any:
    """What a backward pass is compared by: the gradients that it leaves in the nodes, on the first and the second call."""
    made, found = nodes.make(), []
    for _ in range(2):
        given = list(made)
        result = backward(given)
        if not any(node.written for node in made):
            return TODO if result is None else result
        if given != made:
            return "another list: nodes was changed"
        found += [node.grad for node in made]
    return found


def first_gradients(backward: Callable, nodes: Recipe) -> Any:
    """The same, of a single call."""
    found = gradients(backward, nodes)
    return found[: len(found) // 2] if isinstance(found, list) else found


def worked(function: Callable, name: str) -> str:
    """A reference as the solution shows it: with the name that it has in the notebook."""
    return f"```python\n{getsource(function).replace(function.__name__, name).rstrip()}\n```"


# ---- version 2: an order, found by recursion. (References are shown to learners, so they are written as theirs.)


def order_by_recursion(output):
    found, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for x in node.operands:
                visit(x)
            found.append(node)  # after everything that it was made of

    visit(output)
    return found[::-1]


def _operands_first(output: Any) -> list:
    return order_by_recursion(output)[::-1]


def _on_arrival(output: Any) -> list:
    found: list = []

    def visit(node: Any) -> None:
        if node not in found:
            found.append(node)
            for x in node.operands:
                visit(x)

    visit(output)
    return found


def _on_arrival_reversed(output: Any) -> list:
    return _on_arrival(output)[::-1]


def _every_visit(output: Any) -> list:
    found: list = []

    def visit(node: Any) -> None:
        for x in node.operands:
            visit(x)
        found.append(node)

    visit(output)
    return found[::-1]


def _seen_too_late(output: Any) -> list:
    found: list = []

    def visit(node: Any) -> None:
        for x in node.operands:
            visit(x)
        if node not in found:
            found.append(node)

    visit(output)
    return found[::-1]


def _for_each_operand(output: Any) -> list:
    found: list = []
    seen: set = set()

    def visit(node: Any) -> None:
        if node not in seen:
            seen.add(node)
            for x in node.operands:
                visit(x)
                found.append(node)

    visit(output)
    return found[::-1]


def _not_at_all(output: Any) -> list:
    return [output]


# ---- version 2: backward --------------------------------------------------------------------


def backward_once(nodes):
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _overwriting(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad = node.grad * slope


def _slope_only(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += slope


def _without_seed(nodes: list) -> None:
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _seeded_at_a_leaf(nodes: list) -> None:
    nodes[-1].grad = 1.0
    _without_seed(nodes)


def _seeded_with_data(nodes: list) -> None:
    nodes[0].grad = nodes[0].data
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _times_value(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.data * slope


def _with_the_minus(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad -= node.grad * slope


def _from_the_bottom(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes[::-1]:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _output_only(nodes: list) -> None:
    nodes[0].grad = 1.0


def _one_edge(nodes: list) -> None:
    nodes[0].grad = 1.0
    nodes[0].operands[0].grad += nodes[0].slopes[0]


def _emptying(nodes: list) -> None:
    nodes[0].grad = 1.0
    while nodes:
        node = nodes.pop(0)
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _first_operand(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        if node.operands:
            node.operands[0].grad += node.grad * node.slopes[0]


# ---- version 3: an order without recursion --------------------------------------------------


def order(output):
    found, waiting = {output}, [output]
    while waiting:
        node = waiting.pop()
        for x in node.operands:
            if x not in found:
                found.add(x)
                waiting.append(x)
    return sorted(found, key=lambda node: node.born, reverse=True)


def _oldest_first(output: Any) -> list:
    return order(output)[::-1]


def _as_found(output: Any) -> list:
    found, waiting = {output: None}, [output]
    while waiting:
        for x in waiting.pop().operands:
            if x not in found:
                found[x] = None
                waiting.append(x)
    return list(found)


def _found_again(output: Any) -> list:
    found, waiting = [output], [output]
    while waiting:
        for x in waiting.pop().operands:
            found.append(x)
            waiting.append(x)
    return sorted(found, key=lambda node: node.born, reverse=True)


def _waiting_again(output: Any) -> list:
    found, waiting = {output}, [output]
    while waiting:
        for x in waiting.pop().operands:
            found.add(x)
            waiting.append(x)
    return sorted(found, key=lambda node: node.born, reverse=True)


def _without_output(output: Any) -> list:
    return order(output)[1:]


def _one_generation(output: Any) -> list:
    return sorted({output, *output.operands}, key=lambda node: node.born, reverse=True)


# ---- twice ----------------------------------------------------------------------------------


def backward(nodes):
    for node in nodes:
        if node.operands:
            node.grad = 0.0
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _everything_afresh(nodes: list) -> None:
    for node in nodes:
        node.grad = 0.0
    backward_once(nodes)


def _leaves_afresh(nodes: list) -> None:
    for node in nodes:
        if not node.operands:
            node.grad = 0.0
    backward_once(nodes)


def _all_but_the_last(nodes: list) -> None:
    for node in nodes[:-1]:
        node.grad = 0.0
    backward_once(nodes)


def _afresh_at_the_end(nodes: list) -> None:
    backward_once(nodes)
    for node in nodes:
        if node.operands:
            node.grad = 0.0


def _seed_first(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        if node.operands:
            node.grad = 0.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            x.grad += node.grad * slope


def _afresh_on_the_way(nodes: list) -> None:
    nodes[0].grad = 1.0
    for node in nodes:
        for x, slope in zip(node.operands, node.slopes):
            if x.operands:
                x.grad = 0.0
            x.grad += node.grad * slope


def _overwriting_afresh(nodes: list) -> None:
    for node in nodes:
        if node.operands:
            node.grad = 0.0
    _overwriting(nodes)


# ---- rules ----------------------------------------------------------------------------------


def sum_slopes(a, b):
    return (1, 1)


def product_slopes(a, b):
    return (b, a)


def difference_slopes(a, b):
    return (1, -1)


def tanh_slopes(y):
    return (1 - y * y,)


def quotient_slopes(a, b):
    return (1 / b, -a / (b * b))


PAIRS = ((3.0, 4.0), (-2.0, 5.0), (0.5, -0.25))

EXERCISES = {
    "05.forty": Exercise(
        right="trillions",
        because="2⁴¹ − 1 = 2,199,023,255,551 calls: each doubling doubles the paths.",
        mistakes={
            "thousands": "Thousands is four times as many doublings, four times as many calls. But 16 took 64 times as many as 10.",
            "millions": "Millions is where 20 doublings end: 2,097,151 calls. Each further one doubles that.",
            "billions": "Billions is where 30 doublings end. Ten more make it a thousand times as many.",
        },
    ),
    "05.sum-slopes": Exercise(
        right=sum_slopes,
        because="Nudge a or b by 1, and a + b moves by 1.",
        mistakes=[
            (lambda a, b: (b, a), "Those are the slopes of the product. How far does a + b move if only a moves by 1?"),
            (lambda a, b: (a, b), "Those are the operands themselves. A slope says how far the sum moves for each unit of one operand."),
            (lambda a, b: a + b, "That is the value of the sum. A rule returns its two slopes, (towards a, towards b)."),
            (lambda a, b: 1, "1 is right for each of the two operands; return both, as a pair."),
            (lambda a, b: 2, "2 is what both operands together do. Each operand has a slope of its own: return a pair."),
        ],
        hints=(
            "Hold b still and move a by 1. How far does a + b move?",
            "Does the answer depend on a or on b? For a sum it does not.",
            "Both slopes are the same plain number: return a pair of them.",
        ),
        inputs=PAIRS,
    ),
    "05.product-slopes": Exercise(
        right=product_slopes,
        because="Towards a the slope is b, towards b it is a: each factor's slope is the other factor.",
        mistakes=[
            (lambda a, b: (a, b), "The right two numbers, the wrong way round: if a moves by 1, a·b moves by b."),
            (sum_slopes, "(1, 1) belongs to the sum. If a moves by 1, how far does a·b move?"),
            (lambda a, b: a * b, "That is the value of the product. A rule returns its two slopes."),
            (lambda a, b: (a * b, a * b), "That is the value, twice. A slope says how far it moves for each unit of one operand."),
            (lambda a, b: b, "b is the slope towards a. Return both slopes, as a pair."),
            (lambda a, b: a + b, "a + b is what happens if both move at once. Return a pair: one operand at a time."),
        ],
        hints=(
            "A rectangle with the sides a and b: how much does its area grow if only a grows by 1?",
            "At a = 3, b = 4: from 3·4 to 4·4. By how much? Is that one of the two operands?",
            "Each operand's slope is the other operand. First in the pair is the slope towards a.",
        ),
        inputs=PAIRS,
    ),
    "05.order": Exercise(
        right=order_by_recursion,
        because="Every node once, and none before all results that use it.",
        mistakes=[
            (_operands_first, "That is an order for the forward pass, operands first. Backward needs it the other way round: [::-1]."),
            (_on_arrival, "Here a node is put down when it is reached, so u comes before the product that still uses it. Put it down after its operands, and turn the list round."),
            (_on_arrival_reversed, "Almost: the list is turned round, but node is put down before its operands. First visit the operands, then append."),
            (_every_visit, "Some nodes stand in your list several times, once for each path. Skip a node that is in seen, and put it there."),
            (_seen_too_late, "The order is right, but the operands are visited once for each path: 8,191 looks at 13 nodes. Ask whether the node was seen before you go on to them."),
            (_for_each_operand, "Some nodes stand there once for each operand, and leaves are missing: found.append(node) comes after the loop over the operands, not in it."),
            (_not_at_all, "Only the output is there: nobody visited its operands."),
            (lambda output: [], "The list is empty: append each node to found after its operands have been visited."),
        ],
        hints=(
            "When may a node be put down? After everything that it was made of. Then the list has operands first.",
            "Inside the if: mark the node as seen, visit each of its operands, and only then append the node to found.",
            "for x in node.operands: visit(x); then found.append(node). At the end return found[::-1], results first.",
        ),
        inputs=((FORK,), (CUBE,), (DOUBLINGS,)),
        use=names,
        solution=worked(order_by_recursion, "order"),
    ),
    "05.literal": Exercise(
        right=8,
        because="u receives 1 from the sum, 4 and 4 from the product, and = keeps only the last, 4; x receives 8 and 8, and keeps 8.",
        mistakes={
            36: "36 is the truth: dy/dx = (1 + 2u)·2x = 9 · 4. This recipe writes with =, so it forgets.",
            4: "4 is the path straight through u alone. The product is visited first here, but then what?",
            76: "76 counts paths twice. Here every node is visited only once.",
            32: "32 is the product's share, both uses of u. With = not even both of those survive.",
            2: "2 would be right if u kept its first part, 1. = keeps the last one.",
            9: "9 is the true gradient of u, 1 + 4 + 4. The recipe does not add there, either.",
            18: "18 is 9 · 2: all three parts of u were added, but not the two of x. The recipe adds neither.",
            16: "16 is x's share if u had kept both parts of the product, or x both parts of u. = keeps one part each time.",
        },
    ),
    "05.slip": Exercise(
        right=3,
        because="A node that is used several times receives a part from each use: the parts must be added.",
        mistakes={
            1: "Step 1 is right: results before operands, so that a node hands on only when all of its gradient has arrived.",
            2: "Step 2 is right: the output moves one for one with itself.",
            4: "Step 4 is right: the order takes each node once, and then everything is there.",
        },
        hints=(
            "Follow the recipe on y = u + u·u, pencil in hand. Which number was there already when it was replaced?",
            "u is used three times. What should happen to its first part when the second arrives?",
            "Order, start and end are fine. The word that is missing is “add”.",
        ),
        solution="**Step 3.** “The operand's gradient *is* slope × the result's gradient” holds only for an operand that is used once. "
        "In general it *receives* that much from this use, and what it receives is added up: $\\bar x \\mathrel{+}= \\bar y\\cdot\\text{slope}$.",
    ),
    "05.backward": Exercise(
        right=backward_once,
        because="Multiply along each edge, add where edges meet.",
        mistakes=[
            (_overwriting, "This is the recipe with =: where several uses meet, the last one overwrites the others. Add: +=."),
            (_slope_only, "The slopes are added, but nothing is multiplied: each contribution is slope × the gradient of the result, node.grad."),
            (_without_seed, "Everything is 0, because the output's own gradient is: nodes[0].grad = 1.0 comes first, and nothing may wipe it afterwards."),
            (_seeded_at_a_leaf, "The 1.0 stands at the last node, a leaf. It belongs to the output, and nodes has the output first: nodes[0]."),
            (_seeded_with_data, "The output starts with its value. It should start with 1.0: it moves one for one with itself."),
            (_times_value, "You multiply by node.data, the value. What is handed on is the gradient, node.grad."),
            (_with_the_minus, "There is a minus: a gradient says how y moves, up or down. The minus belongs to whoever goes downhill, in notebook 06."),
            (_from_the_bottom, "Only the operands of the output received something. Do you walk from the leaves to the output? nodes has the output first. Or is there a return inside the loop?"),
            (_output_only, "Only the output has a gradient: nothing is handed on. What each operand x receives is made of node.grad and the slope. (To add, write +=; a == only compares.)"),
            (_one_edge, "It ends after the first operand. Is there a return inside the loops?"),
            (_emptying, "The gradients are right, but the list is empty afterwards, and whoever called you may need it again: loop over nodes, without pop."),
            (_first_operand, "Only the first operand receives anything. Each operand does: zip(node.operands, node.slopes)."),
        ],
        hints=(
            "Take the recipe of the cell above. Two lines stay, one sign changes.",
            "nodes[0].grad = 1.0, then a loop over nodes, and in it a loop over zip(node.operands, node.slopes).",
            "In the inner loop: x.grad += node.grad * slope.",
        ),
        inputs=((FORK,), (CUBE,), (DOUBLINGS,)),
        use=first_gradients,
        solution=worked(backward_once, "backward"),
    ),
    "05.deep": Exercise(
        right="error",
        because="visit calls itself once for each node of the chain, and Python allows about a thousand calls inside each other.",
        mistakes={
            "fine": "Each node is visited once, so it looks fine. But the calls are nested: 10,000 of them are open at the same time.",
            "slow": "It is not many calls, 10,000. They are all open at the same time, though, and Python does not allow that.",
            "wrong": "It would be right if it came to an end: the chain has one path only.",
        },
    ),
    "05.order-again": Exercise(
        right=order,
        because="A list of what is waiting takes the place of the nested calls, and births put everything in order.",
        mistakes=[
            (order_by_recursion, "The order is right, but it still calls itself: on a chain of 10,000 nodes Python gives up. Use the loop, and the list waiting."),
            (_oldest_first, "That is oldest first, the order of the forward pass. Backward needs the youngest first: reverse=True."),
            (_as_found, "That is the order in which the nodes were found, and u was found before the product that still uses it. Sort by birth."),
            (_found_again, "A node stands there once for each path: take an operand only if it is not in found yet."),
            (_waiting_again, "The order is right, but a node waits once for each path: 8,191 looks at 13 nodes. Let an operand wait only if it is not in found yet."),
            (_without_output, "The output itself is missing: it belongs into found from the start."),
            (_not_at_all, "Only the output is there: put each new operand into found (found.add) and into waiting (waiting.append)."),
            (_one_generation, "Only the output and its own operands are there. What is found must wait for its turn, too: append it to waiting."),
        ],
        hints=(
            "In the loop, look at each operand of node. Has it been found before? If not, where must it go?",
            "for x in node.operands: if x not in found: put it into found (found.add) and into waiting (waiting.append).",
            "The last line: return sorted(found, key=lambda node: node.born, reverse=True).",
        ),
        inputs=((FORK,), (CUBE,), (DOUBLINGS,), (CHAIN,)),
        use=names,
    ),
    "05.twice": Exercise(
        right=54,
        because="27 from each pass: m starts afresh, the leaf x keeps adding up until somebody sets it to 0.",
        mistakes={
            27: "27 would mean that x was overwritten. A leaf keeps what it has, and the second pass adds its 27.",
            72: "72 is what comes out if the inner node m keeps its gradient, too: then 3 more are added to its 3, and x receives 27 + 9 + 36.",
            45: "45 is what x receives the second time if only x is set to 0, and m is not.",
            0: "0 would need an eraser. backward never takes away, it adds.",
            81: "81 is 3·27: three passes. There were two.",
            729: "729 is 27·27. Two passes add.",
        },
    ),
    "05.backward-again": Exercise(
        right=backward,
        because="Inner nodes start at 0, leaves keep what they have: 27, then 54.",
        mistakes=[
            (backward_once, "Right once. The second time the inner nodes still hold their old gradients: 72 in place of 54. Set these to 0 first."),
            (_everything_afresh, "Now the leaves forget as well: 27 twice. Only nodes with operands start afresh."),
            (_leaves_afresh, "It is the other way round: the leaves keep adding up, the inner nodes, those with operands, start afresh."),
            (_all_but_the_last, "Right as long as there is one leaf, and it stands at the end. Ask each node itself: an inner node has operands."),
            (_afresh_at_the_end, "The leaves are right, but the gradients of the inner nodes are gone, and somebody may want to read them. Set them to 0 before the walk, not after it."),
            (_seed_first, "Everything is 0: what was to be handed on was wiped before. First set all inner nodes to 0, then the output to 1.0, and only then walk."),
            (_afresh_on_the_way, "You set x to 0 each time something arrives, so earlier parts are lost. Set all inner nodes to 0 before the walk."),
            (_emptying, "The list is empty afterwards, so a second pass has nothing to walk along: loop over nodes, without pop."),
            (_overwriting_afresh, "With = only the last part survives. Add: +=."),
        ],
        hints=(
            "Your backward from version 2 stays as it is. What is missing comes before its first line.",
            "A loop over nodes of its own. An inner node has operands, a leaf has none: if node.operands: …",
            "for node in nodes: if node.operands: node.grad = 0.0. After that the lines that you have.",
        ),
        inputs=((FORK,), (CUBE,), (DOUBLINGS,), (TWO_LEAVES,)),
        use=gradients,
    ),
    "05.difference-slopes": Exercise(
        right=difference_slopes,
        because="If b grows by 1, a − b falls by 1.",
        mistakes=[
            (sum_slopes, "(1, 1) belongs to the sum. If b grows by 1, which way does a − b move?"),
            (lambda a, b: (-1, 1), "The right numbers the wrong way round: a is the one with the plus."),
            (lambda a, b: (-1, -1), "The minus of “go downhill” is not here: a slope says how the result moves. a + 1 makes a − b one larger."),
            (lambda a, b: (1, -b), "The −1 does not depend on b: move b by 1, and a − b moves by −1 whatever b is."),
            (lambda a, b: a - b, "That is the value of the difference. A rule returns its two slopes."),
        ],
        hints=(
            "Move a by 1, then (instead) b by 1: how does a − b move?",
            "One of the two moves it up, the other down, by the same amount.",
            "Two plain numbers, as for the sum; one of them with a minus.",
        ),
        inputs=PAIRS,
    ),
    "05.tanh-slopes": Exercise(
        right=tanh_slopes,
        because="1 − y², made from the result that the forward pass has left.",
        mistakes=[
            (lambda y: 1 - y * y, "The right number. A rule returns a tuple, here of one: (1 - y * y,) with the comma."),
            (lambda y: (y * (1 - y),), "y(1 − y) belongs to the sigmoid. For tanh it is 1 − y²."),
            (lambda y: (y,), "That is the value. The slope of tanh is made from it: 1 − y²."),
            (lambda y: (1 - y,), "The square is missing: 1 − y²."),
            (lambda y: (1 - math.tanh(y) ** 2,), "The y that you are given is the result: tanh has been applied already."),
            (lambda y: (-2 * y,), "You differentiated 1 − y². That expression already is the slope: put y in."),
        ],
        hints=(
            "The formula is in the sentence above the cell, and its y is the y that you are given.",
            "1 − y², in Python: 1 - y * y.",
            "The rule returns a tuple of one slope: put it in brackets, with a comma before the closing one.",
        ),
        inputs=((0.0,), (0.5,), (-0.9,)),
    ),
    "05.quotient-slopes": Exercise(
        right=quotient_slopes,
        because="a / b is a · b⁻¹: towards a the slope is 1/b, towards b it is −a/b².",
        mistakes=[
            (lambda a, b: (1 / b, a / (b * b)), "The second sign: a larger b makes a / b smaller (for positive a and b)."),
            (lambda a, b: (1 / b, -1 / (b * b)), "−1/b² is the slope of 1/b. Here a stands in front of it."),
            (lambda a, b: (1 / b, -a / b), "The power rule for b⁻¹ lowers the exponent to −2: −a/b²."),
            (lambda a, b: (1 / b, -a), "The second slope came out as −a. If you wrote -a / b * b: Python goes from left to right, and the b cancels. Brackets: -a / (b * b)."),
            (lambda a, b: (b, a), "Those are the slopes of the product."),
            (lambda a, b: (1 / b, 1 / a), "Towards b it is not 1/a: write a / b as a · b⁻¹ and use the power rule on b⁻¹."),
            (lambda a, b: (-a / (b * b), 1 / b), "Both are right, in the wrong order: the slope towards a comes first."),
            (lambda a, b: a / b, "That is the value of the quotient. A rule returns its two slopes."),
        ],
        hints=(
            "Hold b still: a / b is a straight line in a. How steep is it?",
            "Hold a still: a · b⁻¹. The power rule: bring the −1 down and lower the exponent by one.",
            "Towards a: 1 / b. Towards b: the number −1 times a, divided by b squared.",
        ),
        inputs=PAIRS,
    ),
    "05.downhill": Exercise(
        right=1.64,
        because="2 − 0.01 · 36: the gradient points uphill, and the minus belongs to the step.",
        mistakes={
            1.99: "1.99 is 2 − 0.01: the learning rate alone. It has to be multiplied by the gradient, 36.",
            2.36: "2.36 is uphill. x.grad is +∂y/∂x and carries no minus: whoever wants to go down subtracts it.",
            0.36: "0.36 is the length of the step. Where does x end?",
            -0.36: "−0.36 is the step. Add it to where x is.",
            -34: "−34 is 2 − 36: the learning rate 0.01 is missing.",
            38: "38 is 2 + 36: uphill, and without the learning rate.",
            1.36: "The step is 0.01 · 36 = 0.36. From 2, not from 1.",
        },
        hints=(
            "x.grad says how far y goes up for each unit that x goes up. Which way must x go?",
            "The step is learning rate × gradient, against the gradient.",
            "2 − 0.01 · 36.",
        ),
        solution="$x \\leftarrow x - \\eta\\cdot\\frac{\\partial y}{\\partial x} = 2 - 0.01\\cdot 36 = 1.64$. "
        "`backward` computes, the minus is in the use that is made of it.",
    ),
    "05.which-graph": Exercise(
        right="C",
        because="It catches = for += (8) and recursion without order (76); the truth is 36.",
        mistakes={
            "A": "Nothing is used twice in a·b, so even the overwriting engine gets it right.",
            "B": "It catches = for += (1 in place of 2). But recursion without order gets a + a right.",
        },
        hints=(
            "An engine that overwrites is caught where a node is used twice. Where is one caught that goes without order?",
            "Going without order does harm where a node is used twice and has operands to hand on to.",
            "In which of the three graphs is there a node that is used several times, and is not a leaf?",
        ),
        solution="**C.** In a·b nothing is shared. In a + a something is, but it is a leaf, and a leaf hands nothing on. "
        "Only u is shared *and* hands on: 8 tells the one bug, 76 the other.",
    ),
    "05.choose": Exercise(
        right="order",
        because="The loop keeps its own list of what is waiting, which may be as long as memory allows.",
        mistakes={
            "recursion": "It is one line shorter, and right, up to about a thousand links. A sum of 10,000 terms is a chain of 10,000.",
            "limit": "sys.setrecursionlimit moves the wall. How far it may go depends on Python's version and the system, and beyond that the whole kernel may end, without a message.",
        },
        hints=(
            "How deep do the calls nest on a chain of 10,000 nodes?",
            "Which of the three has no depth at all?",
            "A loop that keeps its own list cannot nest.",
        ),
        solution="**\"order\"**. A list is limited by memory only, nested calls by a limit that was made for programs with a mistake in them. "
        "Recursion has its place in finding the idea (version 2), and where the depth is small for sure.",
    ),
}
