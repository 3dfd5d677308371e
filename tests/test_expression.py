"""The parser: what it reads, how it binds, and what it says of everything else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from backproplab import DomainError, ExpressionError, ops, parse
from backproplab.expression import CONSTANTS, LONGEST, read


@pytest.mark.parametrize(
    "text, values, result",
    [
        ("5x+3", {"x": 2}, 13),
        ("2(x+1)(x-1)", {"x": 3}, 16),
        ("(3+y)^z", {"y": 1, "z": 2}, 16),
        ("2.718^(-t)", {"t": 2}, 2.718**-2),
        ("1/(1+e^(-x))", {"x": 0}, 0.5),
        ("-x^2", {"x": 3}, -9),
        ("(-x)^2", {"x": 3}, 9),
        ("2^3^2", {}, 512),
        ("(2^3)^2", {}, 64),
        ("a-(b-c)", {"a": 1, "b": 2, "c": 4}, 3),
        ("a-b-c", {"a": 1, "b": 2, "c": 4}, -5),
        ("a/b/c", {"a": 8, "b": 2, "c": 4}, 1),
        ("a/(b*c)", {"a": 8, "b": 2, "c": 4}, 1),
        ("2^-x", {"x": 2}, 0.25),
        ("2*-x", {"x": 2}, -4),
        ("--x", {"x": 2}, 2),
        ("+x", {"x": 2}, 2),
        ("-2^2", {}, -4),
        ("1/2x", {"x": 4}, 2),
        ("2x^2", {"x": 3}, 18),
        ("-2x", {"x": 3}, -6),
        ("2e3", {}, 2000),
        ("2e-3x", {"x": 5}, 0.01),
        ("2e", {}, 2 * math.e),
        ("2e^(-x)", {"x": 1}, 2 / math.e),
        ("(x+1)x", {"x": 2}, 6),
        ("2pi", {}, 2 * math.pi),
        ("π*r^2", {"r": 2}, 4 * math.pi),
        ("x**2", {"x": 3}, 9),
        (".5x + 1.", {"x": 2}, 2),
        ("learning_rate * w_1 + θ2", {"learning_rate": 2, "w_1": 3, "θ2": 1}, 7),
        ("xy", {"xy": 5}, 5),
        ("max(x, 2) + min(x, 2)", {"x": 5}, 7),
        ("maximum(x, 2) - minimum(x, 2)", {"x": 5}, 3),
        ("ln(e) + log(1)", {}, 1),
        ("sum(x, 2, 3)", {"x": 1}, 6),
        ("dot(w1, w2, x1, x2, b)", {"w1": 1, "w2": 2, "x1": 3, "x2": 4, "b": 5}, 16),
        ("dot(w, x)", {"w": 2, "x": 3}, 6),
        ("4·x − 1 ÷ 2 × y", {"x": 1, "y": 2}, 3),
        ("text + self", {"text": 1, "self": 2}, 3),
        (" 4\t* x\n+ 1 ", {"x": 1}, 5),
        ("1e−07 + 2E−3", {}, 0.0020001),
        ("µ*x", {"µ": 2, "x": 3}, 6),
    ],
)
def test_r28_reads(text, values, result):
    assert parse(text, **values).output.data == approx(result, rel=1e-15)


@pytest.mark.parametrize("name", ops.FUNCTIONS)
def test_reads_every_function(name):
    op = ops.FUNCTIONS[name]
    arguments = (0.5, 0.25)[: op.arity]
    assert parse(f"{name}({', '.join(map(str, arguments))})").output.data == op.forward(*arguments)


@pytest.mark.parametrize(
    "text, column, words",
    [
        ("5x+", 4, 'Found the end at column 4, but expected a number, a name or "(".'),
        ("2..3", 1, "Found '2..3' at column 1, which is not a number"),
        ("1.2.3", 1, "Found '1.2.3' at column 1"),
        ('__import__("os")', 1, "Found '_' at column 1"),
        ("x.__class__", 3, "Found '_' at column 3"),
        ("qux(x)", 1, "not a function: for a product write qux*(x); the functions are abs,"),
        ("foo(x)", 1, "not a function: for a product write foo*(x); perhaps you meant floor"),
        ("3 + x(x+1)", 5, "write x*(x+1)"),
        ("tanhh(x)", 1, "perhaps you meant tanh"),
        ("sin x", 1, "write what it is to be applied to, as in sin(x)"),
        ("sin", 1, "as in sin(x)"),
        ("x=1", 2, "give values separately, as in x=1"),
        ("(x+1", 5, 'expected an operator or ")" for the "(" at column 1'),
        ("x)", 2, 'Found ")" at column 2'),
        ("()", 2, 'Found ")" at column 2'),
        ("sin()", 5, 'Found ")" at column 5'),
        ("max(1)", 1, "Found 1 argument for 'max' at column 1; it takes 2."),
        ("sin(1, 2)", 1, "Found 2 arguments"),
        ("dot(x)", 1, "at least 2"),
        ("x y", 3, "Found 'y' at column 3 right after 'x'"),
        ("x 2", 3, "Found '2' at column 3"),
        ("2 3", 3, "Found '3' at column 3"),
        ("(x)2", 4, "Found '2' at column 4"),
        ("x,y", 2, 'Found "," at column 2'),
        ("", 1, 'Found nothing, but expected an expression, such as "4*x+1".'),
        ("   ", 4, "Found nothing"),
        ("x²", 1, "Found 'x²' at column 1"),
        ("x²+1", 1, "; write the power as x^2."),
        ("(x+1)¹⁰", 6, "; write the power as ^10."),
        ("3,5*x", 2, "a decimal number is written with a point, as in 2.5"),
        ("3 $ 4", 3, "Found '$' at column 3"),
        ("😀", 1, "Found '😀' at column 1"),
        ("1e999", 1, "numbers go up to about 1.8e308"),
        ("x" * 100_000, LONGEST + 1, "Found 100,000 characters"),
        ("(" * 10_000 + "x" + ")" * 10_000, LONGEST + 1, "characters"),
        ("(" * 1000 + "x" + ")" * 1000, 102, "more than 100"),
        ("^".join("x" * 1000), 203, "more than 100"),
        ("u = x*x; u + ", 14, 'expected a number, a name or "("'),
        ("u = x*x x; u", 9, "write an operator between them"),
        ("u = x*x); u", 8, 'expected an operator or ";"'),
        ("u = u + 1; u", 1, "used in what it stands for"),
        ("u = 2; u = 3; u", 8, "defined already"),
        ("u = x; x = 2; u*x", 8, "used as a variable before"),
        ("u = x*x; x", 1, "never used"),
        ("e = 3; e", 1, "a constant"),
        ("log = 3; log", 1, "a function"),
        ("x+1; x", 4, "only a part that has a name ends with one"),
        ("(u = 3; u)", 4, "an equals sign gives a part its name"),
    ],
)
def test_r28_refuses_in_one_sentence_with_the_column(text, column, words):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    sentence = str(caught.value)
    assert caught.value.column == column and words in sentence
    assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 400


@pytest.mark.parametrize("text", [None, 3, b"x", ["x"]])
def test_refuses_what_is_not_text(text):
    with pytest.raises(TypeError, match="expression as text"):
        parse(text)


def test_values_must_belong_to_variables():
    with pytest.raises(ValueError, match="has no variable 'y'; its variables are: x"):
        parse("2x", y=1.0)
    with pytest.raises(ValueError, match="has no variable 'e'; it has no variables"):
        parse("2e", e=1.0)
    with pytest.raises(TypeError, match="one real number"):
        parse("2x", x="1")


def test_a_variable_without_a_value_is_one():
    assert parse("x + 2y", y=3.0).output.data == 7.0


def test_reading_computes_nothing():
    assert read("log(x-1)").names == ("x",)
    with pytest.raises(DomainError, match=r"log\(0\)"):
        parse("log(x-1)")


def test_long_expressions_within_the_limit_are_read():
    assert parse("+".join(["x"] * (LONGEST // 2))).output.data == LONGEST // 2
    assert parse("-" * 4000 + "x").output.data == 1.0


# ---- random expressions --------------------------------------------------------------------------

ATOMS = st.sampled_from(["x", "y", "z", "2", "0.5", "3.25", "1e-7", "e", "pi"])


def combine(inner):
    binary = st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})")
    bare = st.tuples(inner, st.sampled_from("+-*"), inner).map("".join)
    function = st.tuples(st.sampled_from(["sin", "tanh", "sigmoid", "softplus"]), inner).map(lambda t: f"{t[0]}({t[1]})")
    quotient = inner.map(lambda text: f"1/(2+tanh({text}))")
    square = inner.map(lambda text: f"tanh({text})^2")
    power = inner.map(lambda text: f"2*2^tanh({text})")
    return st.one_of(power, binary, bare, function, quotient, square, inner.map(lambda text: f"-({text})"))


EXPRESSIONS = st.recursive(ATOMS, combine, max_leaves=12)
POINTS = st.fixed_dictionaries({name: st.floats(-1.5, 1.5) for name in "xyz"})


def at(text: str, point: dict) -> dict:
    return {name: point[name] for name in read(text).names}


@given(EXPRESSIONS, POINTS)
def test_means_what_python_means(text, point):
    """The one place where Python is asked: our own generated text, with our own functions."""
    expected = eval(text.replace("^", "**"), {name: op.forward for name, op in ops.FUNCTIONS.items()} | CONSTANTS | point)
    assert parse(text, **at(text, point)).output.data == approx(expected, rel=1e-12, abs=1e-12)


@given(EXPRESSIONS, POINTS)
def test_gradients_agree_with_nudging(text, point):
    graph = parse(text, **at(text, point))
    graph.backward()
    for name, leaf in graph.leaves.items():
        assert leaf.grad == approx(graph.difference(name), rel=1e-5, abs=1e-5 * max(1, abs(graph.output.data)))


@given(EXPRESSIONS, POINTS)
def test_the_written_formula_reads_back_as_the_same_function(text, point):
    graph = parse(text, **at(text, point))
    again = parse(graph.formula, **at(text, point))
    assert again.output.data == approx(graph.output.data, rel=1e-12, abs=1e-12)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        read(text)
    except ExpressionError as error:
        assert str(error).endswith(".") and 1 <= error.column <= len(text) + 1


def test_a_part_with_a_name_is_one_node_however_often_it_is_used():
    graph = parse("u = x*x; m = u*u; u + m", x=2.0)
    assert graph.names[graph["u"]] == "u" and graph.output.inputs == (graph["u"], graph["m"])
    assert graph["m"].inputs == (graph["u"], graph["u"])
    graph.backward()
    assert (graph.output.data, graph["u"].grad, graph["x"].grad) == (20.0, 9.0, 36.0)


@pytest.mark.parametrize("text", ["y = 4x + 1", "u = 4x; y = u + 1", "u = 4x; y = u + 1;"])
def test_the_result_may_have_a_name(text):
    graph = parse(text, x=2.0)
    assert graph.output is graph["y"] and graph.output.data == 9.0 and graph.formula == "4x+1"


def test_a_name_for_a_variable_or_a_number_makes_no_node():
    graph = parse("u = x; k = 2; k*u + u", x=3.0)
    assert list(graph.leaves) == ["x"] and graph.output.data == 9.0 and graph.formula == "2x+x"


@pytest.mark.parametrize("text", ["u = x*x; u + u*u", "u = x+1; v = u*u; v/u - v", "s = -x; s^2 + s*(s - 1)"])
def test_the_formula_of_named_parts_reads_as_it_was_typed(text):
    graph = parse(text, x=2.0)
    again = parse(graph.formula, x=2.0)
    assert again.output.data == graph.output.data and len(again.nodes) == len(graph.nodes)
    assert graph.formula.partition(";")[0] == again.formula.partition(";")[0]
