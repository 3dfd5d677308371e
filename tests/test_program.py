"""Programs: the same numbers from Python's and JavaScript's text and from the engine, whatever the graph."""

from __future__ import annotations

import math
import os
import pickle
import random
import subprocess
import sys

import pytest

from backproplab import DomainError, Graph, Program, Tensor, Value, dot, ops, parse, sum
from backproplab.ops import Op
from backproplab.program import Run
from backproplab.value import constant

TABLE = [op for op in vars(ops).values() if isinstance(op, Op)]
NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0]
EXTREMES = [*NUMBERS, 1e-300, -5e-324, 1e10, 1e300, -1e300, math.inf, -math.inf, math.nan]


def number(chance: random.Random) -> float:
    return chance.choice(NUMBERS) if chance.random() < 0.4 else chance.uniform(-3.0, 3.0)


def random_graph(chance: random.Random) -> Graph:
    """Any operations on any earlier results, shared as often as it happens, on variables and constants."""
    nodes = [Value(number(chance), f"x{i}") for i in range(chance.randint(1, 4))]
    nodes += [constant(number(chance)) for _ in range(chance.randint(0, 2))]
    wanted = len(nodes) + chance.randint(1, 15)
    while len(nodes) < wanted:
        op = chance.choice(TABLE)
        recent = nodes[-chance.randint(1, 6) :]
        try:
            nodes.append(op(*[chance.choice(recent) for _ in range(op.arity or chance.randint(2, 6))]))
        except DomainError:
            continue
    return Graph(nodes[-1])


def random_cases(count: int) -> list[tuple[Program, list[list[float]]]]:
    """Graphs, each with the point that it was made at, one nearby and one far out."""
    cases = []
    for seed in range(count):
        chance = random.Random(seed)
        graph = random_graph(chance)
        here = [leaf.data for leaf in graph.leaves.values()]
        near, far = [chance.uniform(-3.0, 3.0) for _ in here], [chance.choice(EXTREMES) for _ in here]
        cases.append((Program(graph), [here, near, far]))
    return cases


def every_operation_at_extremes() -> list[tuple[Program, list[list[float]]]]:
    """Each operation alone, and with a root above it, which tells 0 from −0."""
    cases = []
    for op in TABLE:
        n = op.arity or 3
        graphs = [Graph(op(*map(Value, [1.0] * n))), Graph(op(*map(Value, [1.0] * n)).abs().sqrt())]
        points = [[x, y, 2.0][:n] for x in EXTREMES for y in (EXTREMES if n > 1 else [0.0])]
        cases += [(Program(graph), points) for graph in graphs]
    return cases


def run_in(browser, cases: list[tuple[Program, list[list[float]]]]) -> list[list[Run]]:
    """What the JavaScript of each program finds at its points: all of them in one page, in one go."""
    page = browser.new_page()
    found = page.evaluate(
        """cases => cases.map(([text, points]) => {
            const program = new Function(`"use strict"; return ${text}`)();
            return points.map(point => { const r = program(point); return [r.values, r.slopes, r.gradients, r.undefined]; });
        })""",
        [[program.javascript, points] for program, points in cases],
    )
    page.close()
    return [[Run(*run) for run in runs] for runs in found]


def agree(found: Run, expected: Run) -> bool:
    """The same to 1e-12 of the largest number in either pass; 0 and −0 are told apart, infinite is infinite, nan is nan."""
    pairs = [
        (a, b)
        for ours, theirs in zip((found.values, found.slopes, found.gradients), expected)
        for a, b in zip(ours, theirs, strict=True)
    ]
    if any((a is None) != (b is None) for a, b in pairs):
        return False
    pairs = [(float(a), b) for a, b in pairs if b is not None]
    largest = max((abs(b) for _, b in pairs if math.isfinite(b)), default=0.0)
    return found.undefined == expected.undefined and all(
        math.copysign(1.0, a) == math.copysign(1.0, b)
        if a == b
        else abs(a - b) <= 1e-12 * largest or (math.isnan(a) and math.isnan(b))
        for a, b in pairs
    )


def decided_by_last_digits(graph: Graph, run: Run) -> bool:
    """Whether there is a sine of a large number, which turns its last digits, those of an exp, say, into the first."""
    value = dict(zip(graph.nodes, run.values))
    wild = (ops.SIN, ops.COS, ops.TAN)
    return any(node.op in wild and 100.0 < abs(value[node.inputs[0]]) < math.inf for node in graph.nodes)


@pytest.fixture(scope="module")
def cases() -> list[tuple[Program, list[list[float]]]]:
    return [*random_cases(1000), *every_operation_at_extremes()]


def test_python_and_javascript_find_the_same(browser, cases):
    """1,000 random graphs at three points each, and every operation at 0, −0, kinks, huge, tiny and infinite numbers."""
    compared = undefined = 0
    for (program, points), runs in zip(cases, run_in(browser, cases), strict=True):
        for point, found in zip(points, runs, strict=True):
            expected = program(*point)
            if decided_by_last_digits(program.graph, expected):
                continue
            assert agree(found, expected), (program.python, point, found, expected)
            compared += 1
            undefined += expected.undefined >= 0
    assert compared > 7000 and undefined > 250, (compared, undefined)


def test_a_program_finds_what_the_engine_finds(cases):
    for program, points in cases:
        for point in points:
            run = program(*point)
            if run.undefined < 0:
                run = run._replace(gradients=[g if g is None else g + 0.0 for g in run.gradients])  # 0, as the engine's
                expected = engine(program.graph, point)
                assert agree(run, expected), (program.python, point, run, expected)
            else:
                assert stops_like_the_engine(program.graph, point, run), (program.python, point, run)


def engine(graph: Graph, point: list[float]) -> Run:
    """What forward and backward find, and the slopes of the operations."""
    graph.forward(**dict(zip(graph.leaves, point, strict=True)))
    graph.backward()
    slopes = [
        None if x.constant else node.op.slope(port, node.data, tuple(x.data for x in node.inputs))
        for node in graph.nodes
        for port, x in enumerate(node.inputs)
    ]
    gradients = [None if node.constant else node.grad for node in graph.nodes]
    return Run([node.data for node in graph.nodes], slopes, gradients, -1)


def stops_like_the_engine(graph: Graph, point: list[float], run: Run) -> bool:
    """Whether the engine refuses the same operation on the same numbers, and nothing is said about what comes after."""
    value = dict(zip(graph.nodes, run.values))
    node = graph.nodes[run.undefined]
    with pytest.raises(DomainError) as ours:
        graph.forward(**dict(zip(graph.leaves, point, strict=True)))
    with pytest.raises(DomainError) as its_own:
        node.op.evaluate(*[value[x] for x in node.inputs])
    after = [*run.values[run.undefined :], *run.slopes, *run.gradients]
    return str(ours.value) == str(its_own.value) and all(x is None or math.isnan(x) for x in after)


# ---- the text -------------------------------------------------------------------------------------


def test_one_line_per_node_and_the_contributions_of_a_fork():
    program = Program(parse("log(x)*x", x=2.0))
    assert program.python.splitlines()[:10] == [
        "def program(n0):  # x",
        "    outside = -1",
        "    if outside < 0 and n0 <= 0.0: outside = 1",
        "    n1 = log(n0)  # a",
        "    n2 = n1 * n0  # b",
        "    g2 = 1.0",
        "    g1 = influence(g2, n0, n2)",
        "    g0 = influence(g2, n1, n2)",
        "    s0 = divide(1.0, n0)",
        "    g0 += influence(g1, s0, n1)",
    ]
    assert program(math.e).gradients == [2.0, math.e, 1.0] and program(0.0).undefined == 1
    assert repr(program) == "Program of log(x)·x"
    assert pickle.loads(pickle.dumps(program)).python == program.python


def test_an_operation_made_of_others_becomes_a_function_of_javascript():
    lines = parse("sigmoid(x)").program().javascript.splitlines()
    assert lines[1:4] == [
        "  const minimum = (a, b) => a < b || a !== a ? a : b;",
        "  const sigmoid = (a) => Math.exp(minimum(a, 0)) / (1 + Math.exp(-Math.abs(a)));",
        "  const influence = (g, slope, y) => g === 0 && y === y || g * slope !== g * slope && g === g && slope === slope"
        " ? 0 : g * slope;",
    ]


def test_a_constant_has_no_slope_and_no_gradient():
    program = parse("2^3*x").program()
    assert program(5.0) == ([2.0, 3.0, 8.0, 5.0, 40.0], [None, None, None, 8.0], [None, None, None, 8.0, 1.0], -1)
    assert parse("2^3").program()() == ([2.0, 3.0, 8.0], [None, None], [None, None, None], -1)


def test_brackets_are_where_they_are_needed(browser):
    """Rules of every shape, written twice and computed three times."""
    rules = [
        lambda a, b: a - (b - (a - b)) - a,
        lambda a, b: 0.1 * (a * (b * 0.7)) * (0.3 * b),
        lambda a, b: a / (b / a) / (a * b) * (b * a / b),
        lambda a, b: -(-a) - -b * -(a + b) + (-2.0) * (a - -3.0),
        lambda a, b: (a + b) * (a - b) / (b - a - 10.0) // 1.0 - (a - b) // 1.0 * 2.0,
        lambda a, b: (a if a > b else b) * (a if 0.0 < a < b or b < -1.0 else -b) - (1.0 if a == b else 2.0),
        lambda a, b: (a if (a if a > 0.0 else b) > 1.0 else b) / (a if not a < b else 2.0),
        lambda a, b: (a + b) ** 2 + 2.0 ** (a - b) - (-a) ** 2.0,
        lambda a, b: ops.MAXIMUM(a if b > 0 else -a, b - (a if a > b else b)),
    ]
    cases = []
    for i, rule in enumerate(rules):
        op = Op(f"rule {i}", rule, (ops.one, lambda y, a, b, rule=rule: rule(b, a) + y))
        points = [[x, y] for x in (-1.5, 0.25, 3.0) for y in (-1.25, 1.0, 3.0)]
        cases.append((Program(Graph(op(Value(1.5, "a"), Value(2.0, "b")))), points))
    for (program, points), runs, rule in zip(cases, run_in(browser, cases), rules, strict=True):
        for (a, b), found in zip(points, runs, strict=True):
            y = rule(a, b)
            assert program(a, b).values == [a, b, y] and program(a, b).slopes[1] == rule(b, a) + y
            assert agree(found, program(a, b)), (program.javascript, a, b, found)


def test_a_formula_of_any_length(browser):
    """Sums of thousands of terms, long chains and squares of squares compile in both languages."""
    x = Value(1.0, "x")
    chain = x
    for _ in range(2000):
        chain = chain * 0.5 + 1.0

    def forward(a):  # written out, it would have 2³⁰ symbols
        for _ in range(30):
            a = (a + a * a) / 2.0
        return a

    doubling = Op("doubling", forward, (lambda y, a: forward(a),))
    outputs = [
        chain,
        sum([Value(float(i)) for i in range(2000)]),
        dot([Value(0.1) for _ in range(2000)], [x] * 2000, Value(1.0)),
        doubling(x),
    ]
    cases = []
    for graph in map(Graph, outputs):
        cases.append((Program(graph), [[leaf.data for leaf in graph.leaves.values()]]))
    for (program, (point,)), (found,) in zip(cases, run_in(browser, cases), strict=True):
        assert agree(found, program(*point)) and agree(program(*point), engine(program.graph, point))


def test_labels_and_names_can_do_no_harm(browser):
    """Not even as a comment: of a label, letters, digits and spaces are left."""
    labels = [
        "</script><script>alert(1)</script>",
        "*/ throw 1 //",
        "'\"`${x}\\",
        "a\nthrow 2\u2028throw 3\rthrow 4",
        "x" * 999,
    ]
    values = [Value(float(i), label) for i, label in enumerate(labels)]
    names = ["if", "n1", "Math", "outside", "a; throw 5", "π", "π", "exp"]
    odd = [Op(name, lambda a, step=float(i): a + step, (ops.one,)) for i, name in enumerate(names)]
    y = sum(values)
    for op in odd:
        y = op(y)
    program = Program(Graph(ops.EXP(y * 0.1)))
    for text in (program.python, program.javascript):
        assert not any(sign in text for sign in ("</", "'", '"', "`", "$", "\\", "\r", "\u2028"))
    point = [1.0, 2.0, 3.0, 4.0, 5.0]
    assert agree(run_in(browser, [(program, [point])])[0][0], program(*point))
    assert program(*point).values[-1] == pytest.approx(math.exp(0.1 * (15.0 + 28.0)), rel=1e-15)


def test_numbers_keep_all_their_digits(browser):
    numbers = [0.1 + 0.2, -1 / 3, 5e-324, 1.7976931348623157e308, 1e22, 123456789012345680.0, -0.0, math.inf, -math.inf]
    numbers += [math.nan]
    cases = [(Program(Graph(Value(1.0) + constant(x))), [[0.5]]) for x in numbers]
    for x, (program, _), (found,) in zip(numbers, cases, run_in(browser, cases), strict=True):
        assert agree(found, program(0.5)) and repr(float(found.values[1])) == repr(x)


def test_the_text_does_not_depend_on_the_hash_seed():
    code = """
from backproplab import parse
program = parse("log(x)/y + sqrt(max(x,y))*relu(x-y) + z^y + softplus(z)").program()
print(program.python, program.javascript)
"""
    texts = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1 and b"softplus" in texts.pop()


# ---- what is refused ------------------------------------------------------------------------------


def test_only_graphs_of_values_are_programs():
    with pytest.raises(TypeError, match=r"^Program needs a graph of Values; got one with a Tensor\.$"):
        Program(Graph(Tensor([1.0, 2.0]).sum()))


def test_a_program_needs_a_number_for_each_leaf():
    program = parse("x*y").program()
    with pytest.raises(TypeError, match=r"needs a number for each of x, y; got 1\."):
        program(1.0)
    with pytest.raises(TypeError, match="one real number"):
        program(1.0, "2")
    assert program(2, Value(3.0)).values == [2.0, 3.0, 6.0]
    with pytest.raises(TypeError, match=r"needs no numbers; got 1\."):
        parse("2^3").program()(1.0)


def test_an_operation_of_ones_own(browser):
    gamma = Op("gamma", math.gamma, (lambda y, a: y,))  # a forward for floats alone: Python can, JavaScript cannot
    program = Program(Graph(gamma(Value(5.0))))
    assert program(4.0).values == [4.0, 6.0]
    with pytest.raises(TypeError, match=r"'gamma' cannot be written .* such as ops\.COS in place of math\.cos"):
        _ = program.javascript

    half = Op("half gamma", math.gamma, (lambda y, a: y,), symbol="Γ", javascript="(a) => a === 4 ? 6 : NaN")
    program = Program(Graph(half(Value(5.0)) + 1.0))
    assert agree(run_in(browser, [(program, [[4.0]])])[0][0], program(4.0))

    cosine = Op("cosine", ops.SIN, (lambda y, a: math.cos(a),))
    floor = Op("floor", lambda a: a // 2.0, (lambda y, a: a // 2.0,))  # which Python and JavaScript round differently
    for op in (cosine, floor):
        with pytest.raises(TypeError, match=f"{op.name!r} cannot be written as a program"):
            Program(Graph(op(Value(5.0))))
    atan = Op("atan", math.atan, (lambda y, a: 1.0 / (1.0 + a * a),))  # which JavaScript's Math has
    program = Program(Graph(atan(Value(5.0))))
    assert agree(run_in(browser, [(program, [[4.0]])])[0][0], program(4.0))
