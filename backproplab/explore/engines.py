"""The right engine and five wrong ones, each a few words away from it: their stories, and why nudging disagrees.

From `passes` on, all is translated for the page (see translate.py): a graph is the `scene` that GraphExplorer describes, a
node or an edge is its place in there, and `run` is its program, which takes a list of the variables' values.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..draw.cards import sum_of_numbers
from ..draw.graphs import MOST_FACTS, SIGNS, pill_frame, pill_lines
from ..draw.paper import compact
from ..graph import MOST_IN_WORDS, Graph
from ..notation import fill, number
from ..ops import influence
from ..story import SENTENCES

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
    "rough": "{node}: nudging says {nudged}.",
    "why rough": "Nudging is no judge here: at a corner it takes the mean of the slopes on both sides, and where the "
    "output is huge or turns within a tiny step it is too rough.",
    "nowhere": "{node}: nudging is not possible here.",
    "why nowhere": "An output next to this point has no finite value.",
    "harmless": "by luck: what goes wrong on the way makes no difference at these values",
    "begin": "Your order: go on with Forward, and start at the output; then you choose which node hands on its gradient first.",
    "choose": "Your order: click the node that hands on its gradient next (or go to it with the up and down arrow, "
    "and press Enter). Still to come: {missing}.",
    "nothing": "{node} hands nothing on: there is nothing below it that can move.",
    "help": "Computation graph. Left and right arrow step, up and down arrow go to a node, Enter takes you to its step.",
}


def visits(graph: Graph, engine: str) -> list[Any]:
    """The nodes in the order in which this engine lets them hand on their gradients."""
    return _recursion(graph) if engine == "unordered" else [node for node in reversed(graph.nodes) if handing_on(node)]


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


# ---- both passes ----------------------------------------------------------------------------------


class Move(NamedTuple):
    """A step: forward, a node gets its value; backward, a contribution through an edge, or the start at the output."""

    phase: str
    node: int
    value: float | None = None
    through: int | None = None
    edge: int | None = None
    slope: float | None = None
    upstream: float | None = None
    contribution: float | None = None
    before: float | None = None
    total: float | None = None
    remark: str = ""  # "early" or "again": its node should have waited
    missing: list[str] = []


class Passes(NamedTuple):
    """Both passes of an engine, with the variables at `point`."""

    engine: str
    point: list[float]
    earlier: list[float]
    order: list[str]
    found: Any  # the Run of what the engine takes for the present point
    steps: list[Move]
    forward: int  # how many of the steps are forward
    leftover: list[float | None]  # each node's gradient before the backward pass


class Known(NamedTuple):
    """What is known after a step: a number or None for each node, or for each edge."""

    values: list[float | None]
    gradients: list[float | None]
    slopes: list[float | None]
    sent: list[float | None]  # contributions
    arrived: list[int]  # the edges through which they came, in order
    backward: bool
    last: Move | None


def passes(scene, run, engine, point, earlier, order):
    """Both passes as this engine does them; `order` is that of the nodes' names in "yours"."""
    nodes, found = scene["nodes"], run(earlier if engine == "stale" else point)
    steps = [Move("forward", i, value=found.values[i]) for i, node in enumerate(nodes) if len(node["inputs"])]
    forward, leftover = len(steps), [None] * len(nodes)
    if engine == "leftover":
        before = run(earlier).gradients
        for leaf in scene["leaves"]:
            leftover[leaf] = before[leaf]
    if nodes[-1]["moves"]:
        yours = [i for name in order for i, node in enumerate(nodes) if node["hands"] and node["name"] == name]
        steps = [*steps, *walk(nodes, found, scene["visits"].get(engine, yours), leftover, engine == "overwrite")]
    return Passes(engine, point, earlier, order, found, steps, forward, leftover)


def walk(nodes, found, visits, leftover, overwrite):
    """The backward steps in this order of visits, as `walk` in story.py tells them of the right one."""
    gradients, gone, output = [*leftover], [], len(nodes) - 1
    before = gradients[output]
    gradients[output] = 1.0 if before is None else before + 1.0
    steps = [Move("backward", output, contribution=1.0, before=before, total=gradients[output])]
    for through in visits:
        node = nodes[through]
        missing = [nodes[use]["name"] for use in dict.fromkeys([use for use, _ in node["uses"]]) if use not in gone]
        remark = "again" if through in gone else "early" if missing else ""
        gone.append(through)
        for port, x in enumerate(node["inputs"]):
            if not nodes[x]["moves"]:
                continue
            edge, upstream, before = node["edge"] + port, gradients[through], gradients[x]
            slope = found.slopes[edge]
            upstream = 0.0 if upstream is None else upstream
            contribution = influence(upstream, slope, found.values[through])
            gradients[x] = contribution if before is None or overwrite else before + contribution
            steps.append(Move("backward", x, None, through, edge, slope, upstream, contribution, before, gradients[x], remark, missing))
    return steps


def known(scene, both, step):
    """What is known after so many steps."""
    nodes, found, backward = scene["nodes"], both.found, step > both.forward
    values = [None if len(node["inputs"]) else x for node, x in zip(nodes, found.values)]
    for leaf, x in zip(scene["leaves"], both.point):
        values[leaf] = x
    gradients = [*both.leftover] if backward else [None] * len(nodes)
    sent, arrived = [None] * len(found.slopes), []
    for move in both.steps[:step]:
        if move.phase == "forward":
            values[move.node] = move.value
        else:
            gradients[move.node] = move.total
        if move.edge is not None:
            sent[move.edge] = move.contribution
            if move.edge not in arrived:
                arrived.append(move.edge)
    slopes = found.slopes if backward else [None] * len(found.slopes)
    return Known(values, gradients, slopes, sent, arrived, backward, both.steps[step - 1] if step else None)


# ---- words ----------------------------------------------------------------------------------------


def told(scene, both, step):
    """What a step does, in words."""
    if not step:
        return scene["opening"]
    nodes, found, move = scene["nodes"], both.found, both.steps[step - 1]
    node = nodes[move.node]
    if move.phase == "forward":  # each form once: −x = −1, not −x = −1 = −1
        forms = [node["name"], node["written"], filled_in(node, found.values), number(move.value)]
        return f"{' = '.join(dict.fromkeys(forms))}."
    had = "" if move.before is None else SENTENCES["overwritten" if both.engine == "overwrite" else "added"]
    words = {"node": node["name"], "total": number(move.total), "before": "" if move.before is None else number(move.before)}
    if move.through is None:
        return fill(f"{SENTENCES['start']}{had}.", words)
    through = nodes[move.through]
    words |= {"through": through["name"], "written": through["written"], "missing": ", ".join(move.missing)}
    words |= {"slope": number(move.slope), "upstream": number(move.upstream), "contribution": number(move.contribution)}
    words |= {"due": number(found.gradients[move.through])}
    return fill(f"{SENTENCES['edge']}{had}.{WORDS.get(move.remark, '')}", words)


def filled_in(node, values):
    """An operation between its operands' values."""
    return fill(node["filled"], {str(i): number(values[x]) for i, x in enumerate(node["inputs"])})


def where(scene, point):
    return ", ".join([f"{scene['nodes'][leaf]['name']} = {number(x)}" for leaf, x in zip(scene["leaves"], point)])


def alt(scene, both, now):
    """What the picture says, in one line, as `Diagram.alt` does."""
    nodes, leaves, facts = scene["nodes"], scene["leaves"], []
    if now.values[-1] is not None:
        facts.append(f"output {number(now.values[-1])}")
    moved = [leaf for leaf in leaves if now.gradients[leaf] is not None]
    if len(moved) > MOST_FACTS:
        facts.append(f"gradients of {len(moved)} variables")
    else:
        facts = [*facts, *[f"gradient of {nodes[leaf]['name']} {number(now.gradients[leaf])}" for leaf in moved]]
    at = where(scene, both.earlier if both.engine == "stale" else both.point) if len(leaves) <= MOST_IN_WORDS else f"{len(leaves)} variables"
    return f"graph of {scene['formula']}{f' at {at}' if at else ''}: {', '.join(facts) or 'nothing computed yet'}"


def agree(found, other, size):
    """Whether two slopes are the same but for rounding; `size` is that of the output, if one comes from nudging it."""
    most = 1e-4 * max(abs(found), abs(other)) + 1e-7 * max(1.0, size)
    return found == other or abs(found - other) <= most < math.inf


def nudged(run, point, i):
    """The central difference in variable number i, as `Graph.difference`."""
    h = 1e-5 * max(1e-3, abs(point[i]))
    above, below = [run([*point[:i], point[i] + d, *point[i + 1 :]]).values[-1] for d in (h, -h)]
    return (above - below) / (2 * h)


def judged(scene, run, both, now, step):
    """What the referee says after the last step; of an order of your own, what is still to be chosen."""
    nodes, engine, found = scene["nodes"], ENGINES[both.engine], []
    if not nodes[-1]["moves"]:
        return ""
    missing = [node["name"] for node in nodes if node["hands"] and node["name"] not in both.order]
    if both.engine == "yours" and missing and step <= both.forward:
        return WORDS["begin"]
    if step < len(both.steps):
        return ""
    if both.engine == "yours" and missing:
        return fill(WORDS["choose"], {"missing": ", ".join(missing)})
    right, reasons = run(both.point), []
    size = abs(right.values[-1])
    words = {"earlier": where(scene, both.earlier), "calls": scene["calls"]}
    for i, leaf in enumerate(scene["leaves"]):
        gradient, due, difference = now.gradients[leaf], right.gradients[leaf], nudged(run, both.point, i)
        gradient = 0.0 if gradient is None else gradient
        wrong = not agree(gradient, due, 1.0)
        rough = not agree(due, difference, size) or (wrong and agree(gradient, difference, size))
        if not math.isnan(difference) and not rough and not wrong:
            continue
        said = "nowhere" if math.isnan(difference) else "rough" if rough else "differs"
        reason = fill(engine["wrong"], words) if said == "differs" else WORDS[f"why {said}"]
        if reason not in reasons:
            reasons.append(reason)
        found.append(fill(WORDS[said], {"node": nodes[leaf]["name"], "found": number(gradient), "nudged": number(difference)}))
    if found:
        return " ".join([*found[:3], *reasons])
    luck = WORDS["harmless"] if slipped(both) else engine.get("lucky", "")
    return f"{WORDS['agrees']}, {fill(luck, words)}." if luck else f"{WORDS['agrees']}."


def slipped(both):
    """Whether the engine has done anything that the right one would not, be it without consequence."""
    if both.engine == "overwrite":
        return any([move.before is not None for move in both.steps])
    if both.engine == "stale":
        return both.point != both.earlier
    if both.engine == "leftover":
        return any([x for x in both.leftover if x is not None])
    return any([move.remark != "" for move in both.steps])


# ---- the page's picture ---------------------------------------------------------------------------


def shown(scene, run, both, step):
    """What is said in a state, and what is in the slots of the page's picture: as draw/graphs.py draws it."""
    now = known(scene, both, step)
    slots = {}
    for i, node in enumerate(scene["nodes"]):
        slots |= box_slots(scene, now, i)
        for port in range(len(node["inputs"])):
            slots |= edge_slots(scene, now, i, node["edge"] + port)
    return {
        "alt": alt(scene, both, now),
        "sentence": told(scene, both, step),
        "verdict": judged(scene, run, both, now, step),
        "asides": [aside(scene, run, both, now, step, i) for i in range(len(scene["leaves"]))],
        "slots": slots,
        "rows": [row(scene, now, i) for i in range(len(scene["nodes"]))],
    }


def box_slots(scene, now, i):
    value, gradient, uses = now.values[i], now.gradients[i], [edge for _, edge in scene["nodes"][i]["uses"]]
    terms = [now.sent[edge] for edge in now.arrived if edge in uses]
    far = abs(sum(terms) - gradient) > 1e-6 * sum([abs(x) for x in terms]) if terms and gradient is not None else False
    total = "" if far or gradient is None else sum_of_numbers(terms, len(uses))
    done = gradient is not None and all([edge in now.arrived for edge in uses]) if now.backward else value is not None
    active = now.last is not None and now.last.node == i
    return {
        f"value {i}": {"text": "·" if value is None else compact(value), "fill": "muted" if value is None else "value"},
        f"gradient {i}": {"text": "·" if gradient is None else compact(gradient), "fill": "muted" if gradient is None else "gradient"},
        f"sum {i}": {"text": total},
        f"equals {i}": {"text": "=" if total else ""},
        f"node {i}": {"data-state": "active" if active else "done" if done else "waiting"},
    }


def edge_slots(scene, now, i, edge):
    """The arrow, and the pill with its slope, and × upstream = contribution where they flow."""
    last = now.last
    active = last is not None and (last.edge == edge if now.backward else last.node == i)
    done = now.sent[edge] is not None if now.backward else now.values[i] is not None
    flows, slope, centre = active and now.backward, now.slopes[edge], scene["pills"][edge]
    slots = {
        f"edge {edge}": {"data-state": "active" if active else "done" if done else "waiting"},
        f"back {edge}": {"visibility": "visible" if flows else "hidden"},
        f"pill {edge}": {"visibility": "hidden" if slope is None else "visible"},
    }
    if slope is None or centre is None:
        return slots
    most, low = scene["pill"]
    lines = pill_lines([compact(x, most) for x in ([slope, last.upstream, last.contribution] if flows else [slope])], most)
    width, height, places = pill_frame(lines, low)
    x, y = centre[0] - width / 2, centre[1] - height / 2
    slots[f"pill {edge}"] = {"visibility": "visible", "data-state": "active" if flows else ""}
    slots[f"frame {edge}"] = {"x": x, "y": y, "width": width, "height": height}
    for k in range(len(SIGNS)):
        dx, dy = places[k] if k < len(lines) else places[-1]
        slots[f"line {edge} {k}"] = {"text": lines[k] if k < len(lines) else "", "x": x + dx, "y": y + dy}
    return slots


def aside(scene, run, both, now, step, i):
    """What stands beside a variable's slider: the words, its gradient so far, and what nudging says."""
    leaf = scene["leaves"][i]
    gradient = now.gradients[leaf]
    if gradient is None:
        return None
    text = "it has none" if math.isnan(gradient) else number(gradient)
    words = f"gradient of {scene['nodes'][-1]['name']} in {scene['nodes'][leaf]['name']}: "
    if any([move.node == leaf for move in both.steps[step:]]):  # another path is still to come
        return [words, f"{text} so far", ""]
    difference = nudged(run, both.point, i)
    return [words, text, f" by nudging: {'not possible here' if math.isnan(difference) else number(difference, 6)}"]


def row(scene, now, i):
    """Of the table of all numbers."""
    nodes = scene["nodes"]
    node, value, gradient = nodes[i], now.values[i], now.gradients[i]
    slopes = [[now.slopes[node["edge"] + port], nodes[x]["name"]] for port, x in enumerate(node["inputs"])]
    return [
        node["name"],
        node["written"] if len(node["inputs"]) else "",
        "" if value is None else number(value),
        ", ".join([f"{number(slope)} to {name}" for slope, name in slopes if slope is not None]),
        "" if gradient is None else number(gradient),
    ]
