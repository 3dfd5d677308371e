"""How formulas are written, in text, LaTeX and MathML."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from backproplab import Graph, Value, ops, parse
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
    ("1e16^2", "(1e+16)^2", r"\left(1\cdot 10^{16}\right)^{2}"),
    ("4*2^x", "4·2^x", r"4 \cdot 2^{x}"),
    ("4*(x+1)^2", "4(x+1)^2", r"4 \left(x + 1\right)^{2}"),
    ("2*e+3*x", "2·e+3x", "2 e + 3 x"),
    ("2*e3", "2·e3", "2 e_{3}"),
    ("2*bicycle^2", "2·bicycle^2", r"2 \cdot \mathit{bicycle}^{2}"),
    ("2*(rate+1)*w1", "2(rate+1)·w1", r"2 \left(\mathit{rate} + 1\right) \cdot w_{1}"),
    ("2*w1", "2w1", "2 w_{1}"),
    ("4*(2/3)", "4(2/3)", r"4 \cdot \frac{2}{3}"),
    ("4*2*x", "4·2·x", r"4 \cdot 2 \cdot x"),
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


def test_a_number_as_a_name_is_not_run_together_with_a_number():
    assert Graph(2 * Value(10.0, "10")).formula == "2·10"


def test_any_label_can_be_typeset():
    for label in ("a\nb", "100%", "a_b", "\\", "{", "", "変数", "^", "a b"):
        graph = Graph(Value(1.0, label) * 2)
        assert graph.latex() and ElementTree.fromstring(graph.mathml()) is not None
        assert graph.draw().svg


def test_long_chains_are_cut_and_not_written():
    y = Value(0.5, "x")
    for _ in range(20_000):
        y = y.tanh()
    assert len(Graph(y).formula) < 20 and len(Graph(y).mathml()) < 200


def test_names_cannot_become_markup():
    value = Value(1.0, "<img src=x>") * 2
    assert "<img" not in Graph(value).mathml()


def test_a_negative_constant_is_bracketed():
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
