"""How numbers, operations and whole formulas are written: as text, as LaTeX, as MathML.

An operation that is not in the tables below is written as a function, `name(x)`, so a new one needs no
entry here. Nothing in this module knows any calculus; a node is anything with `op`, `inputs`, `data`,
`label` and `constant`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

LONGEST_FORMULA = 250  # leaves and operations; a longer formula is cut after its outermost operation

GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
).split()


def number(x: float, digits: int = 4) -> str:
    """`x` with a few significant digits and a real minus sign.

    >>> number(-24.0), number(1 / 3), number(1e-7), number(float("inf"))
    ('−24', '0.3333', '1e−07', '∞')
    """
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.{digits}g}"
    return ("0" if float(text) == 0 else text).replace("-", "−")


def bracketed(text: str) -> str:
    """Brackets around a negative number, so that `2·(−3)` can be read."""
    return f"({text})" if text.startswith("−") else text


def fill(template: str, words: Mapping[str, str]) -> str:
    """A template with a word in each slot: `{name}`, or `{(name)}` with brackets around a negative number.

    Templates are data, so the page of an explorer writes the same sentences (`fill` in explore/runtime.js).

    >>> fill("{y} = {x}·{(w)}", {"y": "a", "x": "4", "w": "−3"})
    'a = 4·(−3)'
    """

    def word(slot: re.Match) -> str:
        return bracketed(words[slot[2]]) if slot[1] else words[slot[2]]

    return re.sub(r"\{(\(?)(\w+)\)?\}", word, template)


# One operation between names or numbers, as in "4·x" or "tanh(a)".
PATTERNS = {
    "add": "{0} + {(1)}",
    "subtract": "{0} − {(1)}",
    "multiply": "{0}·{(1)}",
    "divide": "{0} / {(1)}",
    "power": "{(0)}^{(1)}",
    "negative": "−{(0)}",
    "matmul": "{0} @ {(1)}",
    "linear": "{0} @ {(1)}ᵀ",
    "transpose": "{0}ᵀ",
}


def pattern(name: str, n: int) -> str:
    """How an operation of n operands is written, as a template whose slots are the operands' numbers.

    >>> pattern("power", 2), pattern("tanh", 1), pattern("dot", 5)
    ('{(0)}^{(1)}', 'tanh({0})', '{0}·{(2)} + {1}·{(3)} + {4}')
    """
    if name in PATTERNS:
        return PATTERNS[name]
    if name == "sum" and n > 1:
        return " + ".join(f"{{({i})}}" for i in range(n))
    slots = [f"{{{i}}}" for i in range(n)]
    if name == "dot":
        return " + ".join(dot_terms(slots, lambda w, x: f"{w}·{{({x[1:-1]})}}"))
    return f"{name}({', '.join(slots)})"


def operation(name: str, operands: Sequence[str]) -> str:
    """One operation written between its operands.

    >>> operation("multiply", ["4", "−3"]), operation("tanh", ["x"]), operation("dot", ["w", "v", "x", "y"])
    ('4·(−3)', 'tanh(x)', 'w·x + v·y')
    """
    return fill(pattern(name, len(operands)), {str(i): operand for i, operand in enumerate(operands)})


def dot_terms(operands: Sequence[Any], product: Callable[[Any, Any], Any]) -> list:
    """The terms of Σ wᵢxᵢ + b, from the operands (w₁ … wₙ, x₁ … xₙ) or (w₁ … wₙ, x₁ … xₙ, b)."""
    n = len(operands) // 2
    return [product(w, x) for w, x in zip(operands[:n], operands[n:])] + list(operands[2 * n :])


# ---- whole formulas ---------------------------------------------------------------------------

# How tightly a piece of formula holds together; a looser piece inside a tighter one gets brackets.
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A written part of a formula, how tightly it holds together, and whether a number would stick to its beginning.

    4 does not stick to x, for 4x is a product; but it sticks to 2, and to bicycle.
    """

    text: str
    tightness: int = ATOM
    numeral: bool = False
    sticks: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of writing formulas: what differs between text, LaTeX and MathML."""

    number: Callable[[str], str]
    name: Callable[[str], str]
    brackets: Callable[[str], str]
    join: Callable[[str, str, str], str]  # left, sign, right
    minus: Callable[[str], str]
    times: str
    matmul: str
    transposed: Callable[[str], str]
    ambiguous: str  # what must not follow a number without a sign: 2e3 is 2000
    function: Callable[[str, list[str]], str]
    derivative: Callable[[str, str, str, bool], str]  # of y in x is this, or: what x gets, in terms of the gradient δ of y
    forms: Mapping[str, Callable[..., Piece]]  # operations with a shape of their own: fractions, roots …
    equation: str  # that says what a name stands for
    separator: str  # between such equations and the formula that uses the names

    def inside(self, piece: Piece, tightness: int) -> str:
        """The text of `piece`, in brackets unless it is at least this tight."""
        return piece.text if piece.tightness >= tightness else self.brackets(piece.text)

    def write(self, op: str, parts: list[Piece]) -> Piece:
        """One operation, from its written operands."""
        if op in self.forms:
            return self.forms[op](*parts)
        if op in ("add", "subtract"):
            return self._sum(parts, "+" if op == "add" else "−")
        if op == "sum" and len(parts) > 1:
            return self._sum(parts, "+")
        if op == "transpose":
            return self._transposed(parts[0])
        if op in ("matmul", "linear"):
            return self._matmul(parts[0], parts[1] if op == "matmul" else self._transposed(parts[1]))
        if op == "dot":
            return self._sum(dot_terms(parts, self._product), "+")
        if op == "multiply":
            return self._product(*parts)
        if op == "negative":
            return Piece(self.minus(self.inside(parts[0], PRODUCT)), SUM)
        return Piece(self.function(op, [p.text for p in parts]), POWER)

    def _sum(self, parts: list[Piece], sign: str) -> Piece:
        text = parts[0].text
        for part in parts[1:]:
            text = self.join(text, sign, self.inside(part, PRODUCT))
        return Piece(text, SUM, sticks=parts[0].sticks) if len(parts) > 1 else parts[0]

    def _transposed(self, part: Piece) -> Piece:
        return Piece(self.transposed(self.inside(part, ATOM)), POWER)

    def _matmul(self, a: Piece, b: Piece) -> Piece:
        return Piece(self.join(self.inside(a, PRODUCT), self.matmul, self.inside(b, POWER)), PRODUCT)

    def _product(self, a: Piece, b: Piece) -> Piece:
        left, right = self.inside(a, PRODUCT), self.inside(b, POWER)
        bracketed = right != b.text
        runs_together = not bracketed and (b.sticks or right[0] in self.ambiguous)
        sign = "" if a.numeral and not runs_together else self.times
        return Piece(self.join(left, sign, right), PRODUCT, sticks=a.sticks and left == a.text)


def split_name(name: str) -> tuple[str, str]:
    """A name and its subscript: `w1` and `w_1` are w with subscript 1."""
    stem, index = re.fullmatch(r"(.*?)_?([0-9]*)", name, re.S).groups()
    return (stem, index) if stem and "_" not in stem else (name, "")


def _text_power(a: Piece, b: Piece) -> Piece:
    return Piece(f"{TEXT.inside(a, ATOM)}^{TEXT.inside(b, POWER)}", POWER, sticks=a.sticks and a.tightness == ATOM)


def _text_quotient(a: Piece, b: Piece) -> Piece:
    sticks = a.sticks and a.tightness >= PRODUCT
    return Piece(f"{TEXT.inside(a, PRODUCT)}/{TEXT.inside(b, POWER)}", PRODUCT, sticks=sticks)


TEXT = Dialect(
    number=str,
    name=str,
    brackets="({})".format,
    join="{}{}{}".format,
    minus="−{}".format,
    times="·",
    matmul=" @ ",
    transposed="{}ᵀ".format,
    ambiguous="eE",
    function=lambda name, args: f"{name}({', '.join(args)})",
    derivative=lambda y, x, slope, pulled: f"{x} gets {slope}" if pulled else f"∂{y}/∂{x} = {slope}",
    forms={"power": _text_power, "divide": _text_quotient},
    equation="{} = {}",
    separator="; ",
)


LATEX_SPECIAL = {char: "\\" + char for char in "%#$&_{}"}
LATEX_SPECIAL |= {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim ", " ": r"\ ", "\n": r"\ "}


def _latex_name(name: str) -> str:
    stem, index = split_name(name)
    if stem in GREEK:
        stem = "\\" + stem
    elif len(stem) != 1 or stem in LATEX_SPECIAL:
        stem = r"\mathit{%s}" % "".join(LATEX_SPECIAL.get(char, char) for char in stem)
    return f"{stem}_{{{index}}}" if index else stem


def _latex_number(text: str) -> str:
    mantissa, _, exponent = text.replace("−", "-").replace("∞", r"\infty").partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


LATEX_FUNCTIONS = {"log": r"\ln", "maximum": r"\max", "minimum": r"\min", "sigmoid": r"\sigma"}
LATEX_FUNCTIONS |= {name: "\\" + name for name in ("sin", "cos", "tan", "tanh")}


def _latex_function(name: str, args: list[str]) -> str:
    function = LATEX_FUNCTIONS.get(name, rf"\operatorname{{{name}}}")
    return rf"{function}\left({', '.join(args)}\right)"


LATEX = Dialect(
    number=_latex_number,
    name=_latex_name,
    brackets=r"\left({}\right)".format,
    join=lambda left, sign, right: " ".join(filter(None, (left, sign.replace("−", "-"), right))),
    minus="-{}".format,
    times=r"\cdot",
    matmul=r"\,",
    transposed=r"{}^\top".format,
    ambiguous="",
    function=_latex_function,
    derivative=lambda y, x, slope, pulled: (
        rf"{x} \leftarrow {slope}" if pulled else rf"\frac{{\partial {y}}}{{\partial {x}}} = {slope}"
    ),
    forms={
        "power": lambda a, b: Piece(
            f"{LATEX.inside(a, ATOM)}^{{{b.text}}}", POWER, sticks=a.sticks and a.tightness == ATOM
        ),
        "divide": lambda a, b: Piece(rf"\frac{{{a.text}}}{{{b.text}}}", POWER, sticks=True),  # 4 ⅔ would be 4 + ⅔
        "sqrt": lambda a: Piece(rf"\sqrt{{{a.text}}}", POWER),
        "exp": lambda a: Piece(f"e^{{{a.text}}}", POWER),
        "abs": lambda a: Piece(rf"\left|{a.text}\right|"),
    },
    equation="{} = {}",
    separator=r",\quad ",
)


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _mo(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def _mi(name: str) -> str:
    return f"<mi>{escape(name)}</mi>"


def _mathml_name(name: str) -> str:
    stem, index = split_name(name)
    if stem in GREEK:
        code = "GREEK CAPITAL LETTER " if stem[0].isupper() else "GREEK SMALL LETTER "
        stem = _unicode(code + {"lambda": "lamda", "Lambda": "lamda"}.get(stem, stem).upper())
    return f"<msub>{_mi(stem)}<mn>{index}</mn></msub>" if index else _mi(stem)


def _unicode(name: str) -> str:
    import unicodedata

    return unicodedata.lookup(name)


def _mathml_number(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return f"<mn>{text}</mn>"
    power = str(int(exponent.replace("−", "-"))).replace("-", "−")
    return _row(f"<mn>{mantissa}</mn>", _mo("·"), f"<msup><mn>10</mn><mn>{power}</mn></msup>")


MATHML_FUNCTIONS = {"log": "ln", "maximum": "max", "minimum": "min", "sigmoid": "σ"}


MATHML = Dialect(
    number=_mathml_number,
    name=_mathml_name,
    brackets=lambda text: _row(_mo("("), text, _mo(")")),
    # an invisible times keeps "4x" one product for a screen reader
    join=lambda left, sign, right: _row(left, _mo(sign or "&#x2062;"), right),
    minus=lambda text: _row(_mo("−"), text),
    times="·",
    matmul="&#x2062;",
    transposed=lambda text: f"<msup>{_row(text)}{_mo('⊤')}</msup>",
    ambiguous="",
    function=lambda name, args: _row(
        _mi(MATHML_FUNCTIONS.get(name, name)), _mo("&#x2061;"), _mo("("), _mo(",").join(args), _mo(")")
    ),
    derivative=lambda y, x, slope, pulled: (
        _row(x, _mo("←"), slope)
        if pulled
        else _row(f"<mfrac>{_row(_mo('∂'), y)}{_row(_mo('∂'), x)}</mfrac>", _mo("="), slope)
    ),
    forms={
        "power": lambda a, b: Piece(
            f"<msup>{_row(MATHML.inside(a, ATOM))}{_row(b.text)}</msup>", POWER, sticks=a.sticks and a.tightness == ATOM
        ),
        "divide": lambda a, b: Piece(f"<mfrac>{_row(a.text)}{_row(b.text)}</mfrac>", POWER, sticks=True),
        "sqrt": lambda a: Piece(f"<msqrt>{a.text}</msqrt>", POWER),
        "exp": lambda a: Piece(f"<msup><mi>e</mi>{_row(a.text)}</msup>", POWER),
        "abs": lambda a: Piece(_row(_mo("|"), a.text, _mo("|"))),
    },
    equation=_row("{}", _mo("="), "{}"),
    separator=_mo(",") + "<mspace width='1em'/>",
)


DIALECTS = {"text": TEXT, "latex": LATEX, "mathml": MATHML}


def formula(nodes: Iterable[Any], names: Mapping[Any, str], dialect: Dialect = TEXT) -> str:
    """The formula of the last of `nodes` (in forward order), with brackets where they are needed.

    A node with a label that is used more than once stands in it by its name, after the equation that says what it
    is: `u = x·x; u+u·u`. Others are written out each time they are used, so a formula can be vastly longer than its
    graph. One of more than LONGEST_FORMULA leaves is cut after the outermost operation: the rest keep their names.
    """
    nodes = list(nodes)
    output = nodes[-1]
    uses = Counter(x for node in nodes for x in node.inputs)
    named = {node for node in nodes if node.inputs and node.label and uses[node] > 1}
    size: dict[Any, int] = {}
    for node in nodes:
        size[node] = min(LONGEST_FORMULA + 1, 1 + sum(1 if x in named else size[x] for x in node.inputs))
    if sum(size[node] for node in named | {output}) > LONGEST_FORMULA:
        parts = [leaf(x, names[x], dialect) for x in output.inputs]
        return dialect.write(output.op.name, parts).text if len(parts) <= LONGEST_FORMULA else names[output]
    written: dict[Any, Piece] = {}
    equations = []
    for node in nodes:
        written[node] = leaf(node, names[node], dialect)
        if node.inputs:
            piece = dialect.write(node.op.name, [written[x] for x in node.inputs])
            if node in named:
                equations.append(dialect.equation.format(written[node].text, piece.text))
            else:
                written[node] = piece
    return dialect.separator.join([*equations, written[output].text])


def leaf(node: Any, name: str, dialect: Dialect) -> Piece:
    """A variable by its name, a constant by its number (or its name, as for e)."""
    if node.inputs or not node.constant or node.label or getattr(node, "shape", ()):
        return Piece(dialect.name(name), sticks=name[:1].isdigit() or len(split_name(name)[0]) > 1)
    text = number(node.data, digits=12)
    tightness = SUM if text.startswith("−") else PRODUCT if "e" in text else ATOM
    return Piece(dialect.number(text), tightness, numeral=True, sticks=True)
