"""Text to graph, safely: `parse("(4*x+1)^2", x=1.0)`. A grammar of its own; Python is never evaluated.

    text     = (name "=" sum ";")* (sum | name "=" sum)    u = x*x; u + u*u: u is one node, used three times
    sum      = product (("+" | "-") product)*
    product  = signed (("*" | "/" | nothing) signed)*      nothing: after a number or ")", as in 4x or 2(x+1)
    signed   = ("+" | "-") signed | power
    power    = atom (("^" | "**") signed)?                 so -x^2 is −(x²), and 2^3^2 is 2^(3^2)
    atom     = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from unicodedata import normalize

from . import ops
from .graph import Graph
from .ops import Op
from .value import Value, constant

LONGEST = 5000  # characters
DEEPEST = 100  # brackets (and signs and exponents) inside one another

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
FUNCTIONS = {**ops.FUNCTIONS, "sum": ops.SUM, "dot": ops.DOT}
FUNCTIONS |= {"max": ops.MAXIMUM, "min": ops.MINIMUM, "ln": ops.LOG}
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
SIGNS = {"**": "^", "×": "*", "·": "*", "∙": "*", "÷": "/", "−": "-"}  # as typed, or as our pictures write them

TOKEN = re.compile(r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+\-−]?[0-9]+)?)|(?P<name>[^\W\d_]\w*)|(?P<sign>\*\*|.)", re.S)


class ExpressionError(ValueError):
    """A typed expression that cannot be read. `column` counts from 1."""

    def __init__(self, sentence: str, column: int) -> None:
        super().__init__(sentence)
        self.column = column


def parse(text: str, /, **values: float) -> Graph:
    """The graph of a typed expression, evaluated at `values`; a variable without a value is 1.

    Every name is one variable and one node, however often it occurs. Known are `+ - * / ^ **`, brackets, the
    constants `pi` and `e`, and the functions of `backproplab.ops` (also `max`, `min`, `ln`, `sum`, `dot`). A product sign may be
    left out after a number or a closing bracket and binds like `*`, so `1/2x` is (1/2)·x. A part may be given a name first,
    `u = x*x; u + u*u`: then it is one node, which is used as often as its name occurs.

    Raises ExpressionError if the text cannot be read, ValueError for a value that has no variable, and
    DomainError where the expression has no value.

    >>> parse("2(x+1)(x-1)", x=3.0).output.data
    16.0
    >>> parse("-x^2", x=3.0).output.data, parse("2^3^2").output.data
    (-9.0, 512.0)
    >>> parse("u = x*x; u + u*u", x=2.0)
    Graph of u = x·x; u+u·u at x = 2: output 20
    >>> parse("5x+")
    Traceback (most recent call last):
    ...
    backproplab.expression.ExpressionError: Found the end at column 4, but expected a number, a name or "(".
    """
    return read(text).graph(**values)


def read(text: str) -> Expression:
    """Read a typed expression without computing anything."""
    if not isinstance(text, str):
        raise TypeError(f'parse needs an expression as text, such as "4*x+1"; got {type(text).__name__}.')
    return _Reader(text).expression()


@dataclass(frozen=True, slots=True)
class Expression:
    """A typed expression that has been understood: its variables in order, and a program in postfix order.

    An instruction is a number, a name (of a variable, a constant, a part), an operation with how many results it
    takes, or a Definition, which gives the last result its name.
    """

    text: str
    names: tuple[str, ...]
    program: tuple[Any, ...]

    def graph(self, /, **values: float) -> Graph:
        """The graph at these values of the variables; 1 for those that are not given."""
        values = {normalize("NFKC", name): value for name, value in values.items()}
        for name in values:
            if name not in self.names:
                known = f"its variables are: {', '.join(self.names)}" if self.names else "it has no variables"
                raise ValueError(f"The expression {self.text!r} has no variable {name!r}; {known}.")
        return Graph(self.output({name: Value(values.get(name, 1.0), name) for name in self.names}))

    def output(self, leaves: Mapping[str, Value]) -> Value:
        """The result as a Value, on these leaves as the variables: other expressions may have the same."""
        results: list[Value] = []
        named = dict(leaves)
        for instruction in self.program:
            match instruction:
                case float():
                    results.append(constant(instruction))
                case str():
                    value = named.get(instruction)
                    results.append(constant(CONSTANTS[instruction], instruction) if value is None else value)
                case Definition(name):
                    named[name] = value = results.pop()
                    if value.inputs:  # a variable or a number keeps its own
                        value.label = value.label or name
                case (op, n):
                    results[-n:] = [Value.record(op, *results[-n:])]
        return results.pop()


@dataclass(frozen=True, slots=True)
class Definition:
    """From here on, this name stands for what was computed last."""

    name: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "number", "name", "sign" or "end"
    text: str
    column: int


class _Reader:
    """One text being read: recursive descent over its tokens, writing the postfix program."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            message = f"Found {len(text):,} characters, but an expression may have {LONGEST:,}: cut it before column"
            raise ExpressionError(f"{message} {LONGEST + 1}.", LONGEST + 1)
        self.text = text
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0
        self.names: dict[str, None] = {}
        self.defined: dict[str, _Token] = {}
        self.unused: dict[str, _Token] = {}
        self.program: list[Any] = []

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def advance(self) -> _Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def accept(self, *signs: str) -> _Token | None:
        return self.advance() if self.token.kind == "sign" and self.token.text in signs else None

    def apply(self, op: Op, inputs: int = 2) -> None:
        self.program.append((op, inputs))

    # ---- the grammar ------------------------------------------------------------------------

    def expression(self) -> Expression:
        last = None
        while self.token.kind == "name" and self.tokens[self.position + 1].text == "=":
            last = self.definition()
        if last and self.token.kind == "end":  # y = 4x + 1: the last part is the result
            self.program.append(last.text)
            del self.unused[last.text]
        else:
            self.sum()
        for name in self.unused.values():
            raise self.error(f"{name.text!r} is defined at column {name.column} and never used: use it, or leave it out.", name.column)
        if self.token.kind != "end":
            raise self.unexpected('an operator, such as "+" or "*"')
        return Expression(self.text, tuple(self.names), tuple(self.program))

    def definition(self) -> _Token:
        name, equals = self.advance(), self.advance()
        taken = "a function" if name.text in FUNCTIONS else "a constant" if name.text in CONSTANTS else ""
        taken = taken or ("defined already" if name.text in self.defined else "used as a variable before" * (name.text in self.names))
        if taken:
            raise self.error(f"{name.text!r} at column {name.column} is {taken}: give this part another name.", name.column)
        self.sum()
        if name.text in self.names:
            wrong = f"{name.text!r} at column {name.column} is used in what it stands for"
            raise self.error(f"{wrong}: give one of the two another name.", name.column)
        if not self.accept(";") and self.token.kind != "end":
            raise self.unexpected('an operator or ";"')
        if self.token.kind == "end" and not self.names:
            raise self.error(
                f'Found "=" at column {equals.column}, but there is no variable: write an expression, and give values '
                f"separately, as in {name.text}=1.",
                equals.column,
            )
        self.program.append(Definition(name.text))
        self.defined[name.text] = self.unused[name.text] = name
        return name

    def sum(self) -> None:
        self.product()
        while sign := self.accept("+", "-"):
            self.product()
            self.apply(ops.ADD if sign.text == "+" else ops.SUB)

    def product(self) -> None:
        self.signed()
        while True:
            if sign := self.accept("*", "/"):
                self.signed()
                self.apply(ops.MUL if sign.text == "*" else ops.DIV)
            elif self.product_sign_left_out():
                self.power()
                self.apply(ops.MUL)
            else:
                return

    def product_sign_left_out(self) -> bool:
        """`4x`, `4(x+1)`, `(x+1)(x-1)` and `(x+1)x`; anything else side by side is refused."""
        last = self.tokens[self.position - 1]
        begins = self.token.kind in ("number", "name") or self.token.text == "("
        if not begins:
            return False
        if self.token.kind == "number" or (last.kind == "name" and self.token.kind == "name"):
            raise self.error(
                f'Found {self.token.text!r} at column {self.token.column} right after {last.text!r}: '
                f'write an operator between them, such as "*".'
            )
        return last.kind == "number" or last.text == ")"

    def signed(self) -> None:
        with_minus = False
        while sign := self.accept("+", "-"):
            with_minus ^= sign.text == "-"
        self.power()
        if with_minus:
            self.apply(ops.NEG, 1)

    def power(self) -> None:
        self.atom()
        if self.accept("^"):
            self.deeper(self.signed)
            self.apply(ops.POW)

    def atom(self) -> None:
        token = self.advance()
        if token.kind == "number":
            self.program.append(self.number(token))
        elif token.kind == "name":
            self.name(token)
        elif token.text == "(" and token.kind == "sign":
            self.deeper(self.sum)
            self.close(token)
        else:
            self.position -= 1
            raise self.unexpected('a number, a name or "("')

    def number(self, token: _Token) -> float:
        following = self.token
        if following.text == "." or (following.kind == "number" and following.column == token.column + len(token.text)):
            raise self.error(
                f"Found {token.text + following.text!r} at column {token.column}, which is not a number: "
                "write one decimal point, as in 2.5.",
                token.column,
            )
        value = float(token.text.replace("−", "-"))
        if math.isinf(value):
            raise self.error(
                f"Found {token.text[:20]!r} at column {token.column}: numbers go up to about 1.8e308.", token.column
            )
        return value

    def name(self, token: _Token) -> None:
        if self.token.text == "(":
            self.call(token)
        elif token.text in FUNCTIONS:
            raise self.error(
                f"Found the function {token.text!r} at column {token.column} without brackets: "
                f"write what it is to be applied to, as in {token.text}({', '.join('xy'[: FUNCTIONS[token.text].arity])}).",
                token.column,
            )
        else:
            if token.text in self.defined:
                self.unused.pop(token.text, None)
            elif token.text not in CONSTANTS:
                self.names.setdefault(token.text)
            self.program.append(token.text)

    def call(self, name: _Token) -> None:
        if name.text not in FUNCTIONS:
            raise self.not_a_function(name)
        op = FUNCTIONS[name.text]
        bracket = self.advance()
        arguments = 1
        self.deeper(self.sum)
        while self.accept(","):
            self.deeper(self.sum)
            arguments += 1
        self.close(bracket)
        if op.arity not in (None, arguments) or (op is ops.DOT and arguments < 2):
            raise self.error(
                f"Found {arguments} argument{'s' * (arguments > 1)} for {name.text!r} at column {name.column}; "
                f"it takes {op.arity or 'at least 2'}.",
                name.column,
            )
        self.apply(op, arguments)

    def not_a_function(self, name: _Token) -> ExpressionError:
        close = get_close_matches(name.text, FUNCTIONS, n=1)
        meant = f"perhaps you meant {close[0]}; " if close else ""
        return self.error(
            f"Found {name.text!r} before a bracket at column {name.column}, but it is not a function: for a product "
            f"write {name.text}*{self.bracketed_at(self.token)}; {meant}the functions are {', '.join(sorted(FUNCTIONS))}.",
            name.column,
        )

    def bracketed_at(self, bracket: _Token) -> str:
        """The text from this bracket to the one that closes it, if that is short; otherwise `(…)`."""
        depth = 0
        for i, char in enumerate(self.text[bracket.column - 1 :][:40]):
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return self.text[bracket.column - 1 :][: i + 1]
        return "(…)"

    def close(self, bracket: _Token) -> None:
        if not self.accept(")"):
            wanted = f'an operator or ")" for the "(" at column {bracket.column}'
            raise self.unexpected(wanted)

    def deeper(self, rule: Any) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(
                f"Found more than {DEEPEST} brackets or exponents inside one another at column {self.token.column}: "
                "name a part of the expression and compute it first."
            )
        rule()
        self.depth -= 1

    # ---- what went wrong --------------------------------------------------------------------

    def error(self, sentence: str, column: int | None = None) -> ExpressionError:
        return ExpressionError(sentence, column or self.token.column)

    def unexpected(self, wanted: str) -> ExpressionError:
        token = self.token
        found = "the end" if token.kind == "end" else f'"{token.text}"'
        if token.kind == "end" and self.position == 0:
            return self.error('Found nothing, but expected an expression, such as "4*x+1".')
        advice = ""
        if token.text == "=":
            advice = "; an equals sign gives a part its name, as in u = x*x; u + u*u, and values are given separately"
        elif token.text == ";":
            advice = "; only a part that has a name ends with one, as in u = x*x; u + u*u"
        elif token.text == "," and self.tokens[self.position + 1].kind == "number":
            advice = "; a decimal number is written with a point, as in 2.5"
        return self.error(f"Found {found} at column {token.column}, but expected {wanted}{advice}.")


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        match = TOKEN.match(text, position)
        kind = match.lastgroup
        word = SIGNS.get(match.group(), match.group())
        known = word.isidentifier() if kind == "name" else kind == "number" or word in "+-*/^(),.=;"
        if not known:  # a superscript ², say, is part of no name
            base = word.rstrip(RAISED)
            power = f"; write the power as {base}^{normalize('NFKC', word[len(base) :])}" if base != word else ""
            raise ExpressionError(
                f"Found {word!r} at column {position + 1}, but an expression has only numbers, names that begin with a "
                f"letter, brackets, commas and + - * / ^{power}.",
                position + 1,
            )
        # names are normalised as Python does with those of arguments: µ is μ
        yield _Token(kind, normalize("NFKC", word) if kind == "name" else word, position + 1)
        position = match.end()
    yield _Token("end", "", len(text) + 1)
