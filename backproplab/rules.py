"""The rules of a graph, written out: each operation's own local derivative, in the names of its nodes.

A rule is not looked up: the operation's slope is run on fresh nodes that bear the names, and what they recorded is
written down. So what is written is what is computed, without what multiplies by 1 or adds 0.
"""

from __future__ import annotations

from typing import Any

from .graph import Graph, reading_order, shape_of, single
from .notation import DIALECTS, Dialect, Piece, leaf, number
from .ops import LOG, POW, SIGN

SIMPLE = {  # where the rule that is stable everywhere would only confuse
    ("power", 0): lambda y, a, b: b * POW(a, b - 1.0),
    ("power", 1): lambda y, a, b: y * LOG(a),  # for a > 0
    ("maximum", 0): lambda y, a, b: 0.5 + 0.5 * SIGN(a - b),
    ("maximum", 1): lambda y, a, b: 0.5 + 0.5 * SIGN(b - a),
    ("minimum", 0): lambda y, a, b: 0.5 + 0.5 * SIGN(b - a),
    ("minimum", 1): lambda y, a, b: 0.5 + 0.5 * SIGN(a - b),
}
UPSTREAM = "δ"  # g is the name of the seventh node
MOST_LINES = 4  # for one operation


def rules(graph: Graph, notation: str = "latex") -> dict[str, tuple[str, ...]]:
    """For each operation's name, a line per operand that can move (see `Graph.rules`)."""
    dialect = DIALECTS[notation]
    lines = {graph.names[node]: _lines(graph, node, dialect) for node in graph.nodes if node.inputs}
    return {name: found for name, found in lines.items() if found}


def pull_rule(graph: Graph, node: Any, port: int) -> str:
    """What this Tensor sends to an input, written with its gradient `δ`; empty if it has no short name."""
    piece = _run(graph, node, port, DIALECTS["text"])
    return piece.text if piece else ""


def _lines(graph: Graph, node: Any, dialect: Dialect) -> tuple[str, ...]:
    name = dialect.name(graph.names[node])
    terms: dict[Any, list[Piece | None]] = {}
    for port, x in enumerate(node.inputs):
        if not x.constant:
            terms.setdefault(x, []).append(_run(graph, node, port, dialect))
    lines = []
    for x, pieces in terms.items():
        if all(pieces):
            sum_of = dialect.write("sum", pieces) if len(pieces) > 1 else pieces[0]
            lines.append(dialect.derivative(name, dialect.name(graph.names[x]), sum_of.text, not node.op.slopes))
    return (*lines[: MOST_LINES - 1], "…") if len(lines) > MOST_LINES else tuple(lines)


def _run(graph: Graph, node: Any, port: int, dialect: Dialect) -> Piece | None:
    """The slope towards an input, or what an operation without slopes makes of the gradient δ."""
    names: dict[Any, str] = {}
    known: dict[Any, Any] = {}

    def named(x: Any) -> Any:
        if x.constant and not x.inputs and not shape_of(x):
            return x
        if x not in known:
            known[x] = type(x)(x.data if shape_of(x) else 1.0, graph.names[x])  # no rule depends on the number
            names[known[x]] = graph.names[x]
        return known[x]

    y, inputs, op = named(node), tuple(map(named, node.inputs)), node.op
    if op.slopes:
        rule = SIMPLE.get((op.name, port))
        found = rule(y, *inputs) if rule else op.slope(port, y, inputs)
    else:
        g = type(node)(node.data, UPSTREAM)
        names[g] = UPSTREAM
        found = op.pulls(g, y, *inputs)[port] if callable(op.pulls) else op.pulls[port](g, y, *inputs)
    return _written(found, names, dialect)


def _written(found: Any, names: dict[Any, str], dialect: Dialect) -> Piece | None:
    """The formula of a recorded rule; None if an array in it has no name."""
    if isinstance(found, float | int):
        return _numeral(float(found), dialect)
    if not hasattr(found, "inputs"):
        return None
    pieces: dict[Any, Piece] = {}
    numbers: dict[Any, float] = {}
    for node in reading_order(found):
        if node.constant and not shape_of(node) and not node.label:
            numbers[node] = single(node.data)
            pieces[node] = _numeral(numbers[node], dialect)
        elif not node.inputs:
            if node not in names and not node.label:
                return None
            pieces[node] = leaf(node, names.get(node, node.label), dialect)
        else:
            operands = [numbers.get(x) for x in node.inputs]
            alone = _alone(node.op.name, operands)
            if node.op.name == "power" and operands[1] == 0.0:
                numbers[node], pieces[node] = 1.0, _numeral(1.0, dialect)
            elif alone is None:
                pieces[node] = dialect.write(node.op.name, [pieces[x] for x in node.inputs])
            else:
                pieces[node] = pieces[node.inputs[alone]]
    return pieces[found]


def _alone(operation: str, numbers: list[float | None]) -> int | None:
    """The operand that the whole operation is equal to, if there is one: 1·x, x + 0, x¹, 0·x."""
    first, *rest = numbers
    second = rest[0] if rest else None
    if operation == "multiply":
        if first == 1.0 or second == 0.0:
            return 1
        return 0 if second == 1.0 or first == 0.0 else None
    if operation == "add" and first == 0.0:
        return 1
    if (operation in ("add", "subtract") and second == 0.0) or (operation in ("power", "divide") and second == 1.0):
        return 0
    return None


def _numeral(x: float, dialect: Dialect) -> Piece:
    text = number(x)
    return Piece(dialect.number(text), 1 if text.startswith("−") else 4, numeral=True, sticks=True)
