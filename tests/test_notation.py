"""How formulas are written, in text, LaTeX and MathML."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from backproplab import Value, ops, parse
from backproplab.notation import number, operation

CASES = [  # typed, as text, as LaTeX
    ("(4*x+1)^2", "(4x+1)^2", r"\left(4 x + 1\right)^{2}"),
    ("a-(b-c)", "a−(b−c)", r"a - \left(b - c\right)"),
    ("a-b-c", "a−b−c", r"a - b - c"),
    ("a/(b/c)", "a/(b/c)", r"\frac{a}{\frac{b}{c}}"),
    ("a/b*c", "a/b·c", r"\frac{a}{b} \cdot c"),
    ("(a/b)^2", "(a/b)^2", r"\left(\frac{a}{b}\right)^{2}"),
    ("-x^2", "−x^2", r"-x^{2}"),
    ("(-x)^2", "(−x)^2", r"\left(-x\right)^{2}"),
    ("2^3^2", "2^3^2", r"2^{3^{2}}"),
    ("(2^3)^2", "(2^3)^2", r"\left(2^{3}\right)^{2}"),
    ("2^(-x)", "2^(−x)", r"2^{-x}"),
    ("x*(-y)", "x·(−y)", r"x \cdot \left(-y\right)"),
    ("-(x+y)", "−(x+y)", r"-\left(x + y\right)"),
    ("2*3", "2·3", r"2 \cdot 3"),
    ("1/(1+e^(-x))", "1/(1+e^(−x))", r"\frac{1}{1 + e^{-x}}"),
    ("exp(x)", "exp(x)", r"e^{x}"),
    ("sqrt(x+1)", "sqrt(x+1)", r"\sqrt{x + 1}"),
    ("abs(x)", "abs(x)", r"\left|x\right|"),
    ("max(w1, x)", "maximum(w1, x)", r"\max\left(w_{1}, x\right)"),
    ("relu(x)", "relu(x)", r"\operatorname{relu}\left(x\right)"),
    ("sum(x, y)", "x+y", "x + y"),
    ("dot(w, x, b)", "w·x+b", r"w \cdot x + b"),
    ("theta*rate", "theta·rate", r"\theta \cdot \mathit{rate}"),
    ("1e-7x", "1e−07x", r"1\cdot 10^{-7} x"),
]


@pytest.mark.parametrize("typed, text, latex", CASES)
def test_formulas(typed, text, latex):
    graph = parse(typed)
    assert graph.formula == text
    assert graph.latex() == latex


@pytest.mark.parametrize("typed", [typed for typed, _, _ in CASES])
def test_mathml_is_well_formed_and_keeps_every_symbol(typed):
    root = ElementTree.fromstring(parse(typed).mathml())
    assert root.tag == "math"
    for name in parse(typed).leaves:
        assert name[0] in "".join(root.itertext()) or name == "theta"


def test_mathml_writes_greek_names_and_subscripts():
    text = "".join(ElementTree.fromstring(parse("theta_1 + w2 + lambda").mathml()).itertext())
    assert "θ" in text and "λ" in text and "_" not in text


def test_names_cannot_become_markup():
    value = Value(1.0, "<img src=x>") * 2
    from backproplab import Graph

    assert "<img" not in Graph(value).mathml()


def test_a_negative_constant_is_bracketed():
    from backproplab import Graph

    x = Value(2.0, "x")
    assert Graph(x * -3).formula == "x·(−3)"
    assert Graph((x - -3) ** 2).formula == "(x−(−3))^2"


@pytest.mark.parametrize("op", ops.FUNCTIONS.values(), ids=ops.FUNCTIONS)
def test_an_operation_without_a_form_of_its_own_is_a_function(op):
    arguments = ["x", "y"][: op.arity]
    assert operation(op.name, arguments) == f"{op.name}({', '.join(arguments)})"


@pytest.mark.parametrize(
    "x, text",
    [(40.0, "40"), (-24.0, "−24"), (-0.0, "0"), (1 / 3, "0.3333"), (3.9e-7, "3.9e−07"), (float("-inf"), "−∞"),
     (float("nan"), "nan"), (1234567.0, "1.235e+06")],
)  # fmt: skip
def test_numbers(x, text):
    assert number(x) == text
