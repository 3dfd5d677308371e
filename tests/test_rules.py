"""Rules: what is written is the operation's own derivative, in the names of the graph."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest import approx

from backproplab import Graph, Tensor, Value, dot, parse
from backproplab.rules import pull_rule

RULES = {
    "x+y": ("∂a/∂x = 1", "∂a/∂y = 1"),
    "x-y": ("∂a/∂x = 1", "∂a/∂y = −1"),
    "x*y": ("∂a/∂x = y", "∂a/∂y = x"),
    "x/y": ("∂a/∂x = 1/y", "∂a/∂y = (−a)/y"),
    "x*x": ("∂a/∂x = x+x",),
    "x^3": ("∂a/∂x = 3x^2",),
    "x^1": ("∂a/∂x = 1",),
    "x^y": ("∂a/∂x = y·x^(y−1)", "∂a/∂y = a·log(x)"),
    "tanh(x)": ("∂a/∂x = 1−a·a",),
    "sigmoid(x)": ("∂a/∂x = a·(1−a)",),
    "relu(x)": ("∂a/∂x = sign(a)",),
    "sqrt(x)": ("∂a/∂x = 0.5/a",),
    "log(x)": ("∂a/∂x = 1/x",),
    "exp(x)": ("∂a/∂x = a",),
    "sin(x)": ("∂a/∂x = cos(x)",),
    "max(x,y)": ("∂a/∂x = 0.5+0.5sign(x−y)", "∂a/∂y = 0.5+0.5sign(y−x)"),
}


@pytest.mark.parametrize("text", RULES)
def test_rules_as_text(text):
    assert parse(text).rules("text") == {"a": RULES[text]}


@pytest.mark.parametrize("text", [text for text in RULES if "max" not in text and text != "x*x"])
def test_a_written_rule_is_the_slope(text):
    """Read back by our own parser and computed, each rule gives the slope that the engine uses."""
    graph = parse(text, **{name: value for name, value in {"x": 0.7, "y": 1.3}.items() if name in text.replace("exp", "")})
    (a,) = [node for node in graph.nodes if node.inputs]
    for line, port in zip(RULES[text], range(2)):
        rule = parse(line.split(" = ")[1].replace("−", "-").replace("·", "*"))
        known = {"x": 0.7, "y": 1.3, "a": a.data}
        assert rule.forward(**{name: known[name] for name in rule.leaves}) == approx(a.slope(port), rel=1e-12)


def test_a_weighted_sum_has_a_rule_per_weight_and_input():
    w, x, b = Value(2.0, "w"), Value(3.0, "x"), Value(0.5, "b")
    assert Graph(dot([w], [x], b)).rules("text")["a"] == ("∂a/∂w = x", "∂a/∂x = w", "∂a/∂b = 1")
    many = Graph(dot([Value(1.0, f"w{i}") for i in range(9)], [Value(1.0, f"x{i}") for i in range(9)]))
    assert len(many.rules("text")["a"]) == 4 and many.rules("text")["a"][-1] == "…"


def test_rules_in_latex_and_mathml():
    graph = parse("tanh(x)/y")
    assert graph.rules()["b"][1] == r"\frac{\partial b}{\partial y} = \frac{-b}{y}"
    assert graph.rules("mathml")["a"][0].startswith("<mrow><mfrac><mrow><mo>∂</mo><mi>a</mi>")


def test_a_rule_is_written_even_where_it_has_no_value():
    assert parse("sqrt(x)", x=0.0).rules("text") == {"a": RULES["sqrt(x)"]}


def test_what_tensors_send_back_is_what_they_compute():
    """Each formula, run with NumPy on the arrays of the step, gives the contribution of that step."""
    random = np.random.default_rng(0)
    x, w = Tensor(random.normal(size=(3, 2)), "x"), Tensor(random.normal(size=(2, 4)), "w")
    graph = Graph((x @ w).T.logsumexp(axis=0, keepdims=True).sum())
    checked = []
    for step in graph.steps():
        if not step.through:
            continue
        rule = pull_rule(graph, graph[step.through], step.port)
        python = rule.replace("ᵀ", ".T").replace("−", "-").replace("·", "*")
        shape = graph[step.node].shape
        names = {name: node.data for name, node in graph._by_name.items()} | {
            "δ": step.upstream, "exp": np.exp, "broadcast_to": lambda a, shape=shape: np.broadcast_to(a, shape)
        }  # fmt: skip
        assert eval(python, names) == approx(step.contribution)
        checked.append(rule)
    assert checked == ["broadcast_to(δ)", "δ·exp(b−c)", "δᵀ", "δ @ wᵀ", "xᵀ @ δ"]


def test_a_rule_with_an_array_that_has_no_name_is_not_written():
    graph = Graph(Tensor([1.0, 3.0, 2.0], "x").max())
    assert pull_rule(graph, graph.output, 0) == "" and graph.rules("text") == {}
    assert graph.steps()[-1].sentence == "Through a = max(x): upstream 1, so x gets (3,)."


def test_numbers_in_rules_do_not_depend_on_the_point():
    assert parse("x^y", x=2.0, y=3.0).rules("text") == parse("x^y", x=0.5, y=math.pi).rules("text")
