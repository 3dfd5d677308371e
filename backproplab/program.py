"""A graph as a straight-line program, forward and reverse: as Python and as JavaScript, from the rules in `ops`.

A rule is written down by running it on symbols instead of numbers: each records, as text, what is done with it. A rule
with an `if` is run once for each way that its condition may turn out. So whatever can be declared in `ops` is
a line of Python and of JavaScript, and neither is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import inf, nan
from string import ascii_lowercase
from textwrap import fill, indent
from typing import Any, NamedTuple

from .graph import Graph
from .ops import DIV, POW, TABLE, Op, influence


class Run(NamedTuple):
    """What a program finds at one point.

    `values` and `gradients` have one number per node, in the order of `graph.nodes`; `slopes` one per edge, in the order
    `for node in graph.nodes for port, x in enumerate(node.inputs)`. A constant has no gradient and no slope leads to
    it: None. `undefined` is the index of the first node that has no value here, or −1; from it on, all is nan.
    """

    values: list[float]
    slopes: list[float | None]
    gradients: list[float | None]
    undefined: int


class Program:
    """A graph of Values as straight-line code: one line per node, then one per slope and per contribution.

    Node number i of `graph.nodes` has the value n<i> and the gradient g<i>; edge number j has the slope s<j>.
    Call the program with the leaves' numbers, in the order of `graph.leaves`. A constant is part of the text.

    `python` is the source of a function of these numbers, in which the name of an operation stands for its
    `forward`. `javascript` is an arrow function, as text, that takes them as an array and returns a Run as an object
    (null for None); it needs nothing else, and labels are found only in its comments, letters and digits alone.

    Raises a TypeError for a graph of Tensors, and for an operation whose rules work on floats alone.

    >>> from backproplab import parse
    >>> program = Program(parse("(4*x+1)^2"))
    >>> program(1.0).values, program(1.0).gradients
    ([4.0, 1.0, 4.0, 1.0, 5.0, 2.0, 25.0], [None, 40.0, 10.0, None, 10.0, None, 1.0])
    >>> print(program.python)
    def program(n1):  # x
        n2 = 4.0 * n1  # a
        n4 = n2 + 1.0  # b
        n6 = power(n4, 2.0)  # c
        g6 = 1.0
        s4 = 2.0 * power(n4, 1.0)
        g4 = influence(g6, s4, n6)
        g2 = g4
        g1 = influence(g2, 4.0, n2)
        values = [4.0, n1, n2, 1.0, n4, 2.0, n6]
        slopes = [None, 4.0, 1.0, None, s4, None]
        gradients = [None, g1, g2, None, g4, None, g6]
        return values, slopes, gradients, -1
    <BLANKLINE>
    """

    def __init__(self, graph: Graph) -> None:
        for node in graph.nodes:
            if not isinstance(node.data, (float, int)):
                raise TypeError(f"Program needs a graph of Values; got one with a {type(node).__name__}.")
        self.graph = graph
        writer = _Python()
        self.python: str = writer.write(graph)
        namespace: dict[str, Any] = {**writer.functions, "nan": nan, "inf": inf}
        exec(compile(self.python, "<program>", "exec"), namespace)
        self._compute = namespace.pop("program")  # or the two would hold each other

    @cached_property
    def javascript(self) -> str:
        """The program as a JavaScript expression, `([…]) => {…}`."""
        return _JavaScript().write(self.graph)

    def __call__(self, *leaves: float) -> Run:
        """Both passes at these values of the leaves; the graph itself is left alone."""
        names = self.graph.leaves
        if len(leaves) != len(names):
            wanted = f"a number for each of {', '.join(names)}" if names else "no numbers"
            raise TypeError(f"This program needs {wanted}; got {len(leaves)}.")
        return Run(*self._compute(*[leaf.coerce(x) for leaf, x in zip(names.values(), leaves)]))

    def __reduce__(self) -> tuple:
        return Program, (self.graph,)

    def __repr__(self) -> str:
        return f"Program of {self.graph.formula}"


# ---- symbols --------------------------------------------------------------------------------------

# How tightly a piece of text holds together; a looser piece inside a tighter one gets brackets.
CHOICE, OR, AND, COMPARISON, SUM, PRODUCT, SIGNED, ATOM = range(8)


def _infix(sign: str) -> tuple[Callable[..., Symbol], Callable[..., Symbol]]:
    """The method for an operator, and the one for a number on its left."""
    return lambda a, b: a.writer.infix(sign, a, b), lambda a, b: a.writer.infix(sign, b, a)


class Symbol:
    """A piece of program that stands for a number, or for a condition: what is done with it is written down."""

    __slots__ = ("writer", "text", "tightness", "branches")

    def __init__(self, writer: _Writer, text: str, tightness: int = ATOM, branches: tuple[Symbol, ...] = ()) -> None:
        self.writer, self.text, self.tightness, self.branches = writer, text, tightness, branches

    __add__, __radd__ = _infix("+")
    __sub__, __rsub__ = _infix("-")
    __mul__, __rmul__ = _infix("*")
    __truediv__, __rtruediv__ = _infix("/")
    __lt__, __gt__ = _infix("<")[0], _infix(">")[0]
    __le__, __ge__ = _infix("<=")[0], _infix(">=")[0]
    __eq__, __ne__ = _infix("==")[0], _infix("!=")[0]

    def __neg__(self) -> Symbol:
        return Symbol(self.writer, f"-{self.writer.inside(self, ATOM)}", SIGNED)

    def __floordiv__(self, other: Any) -> Symbol:
        if isinstance(other, Symbol) or other != 1.0:  # rounding down alone is the same in both languages
            return NotImplemented
        return self.writer.infix("//", self, 1.0)

    def __pow__(self, other: Any) -> Symbol:
        return POW(self, other)

    def __rpow__(self, other: Any) -> Symbol:
        return POW(other, self)

    def __and__(self, other: Any) -> Symbol | bool:
        return self.writer.infix("and", self, other) if isinstance(other, Symbol) else other and self

    def __or__(self, other: Any) -> Symbol | bool:
        return self.writer.infix("or", self, other) if isinstance(other, Symbol) else other or self

    __rand__, __ror__ = __and__, __or__  # what stands on the left of a symbol here is True or False

    def __bool__(self) -> bool:
        return self.writer.decide(self)

    def record(self, op: Op, *inputs: Any) -> Symbol:
        """The operation on symbols and numbers, as `Op.__call__` asks for it."""
        return self.writer.apply(op, inputs)


class _Undecided(Exception):
    """A rule asks how a condition turns out, and both must be written."""

    def __init__(self, condition: Symbol) -> None:
        self.condition = condition


# An infix operation: its form, its tightness, and what its left and right side need at least.
SIGNS: dict[str, tuple[str, int, int, int]] = {
    "+": ("{} + {}", SUM, SUM, PRODUCT),
    "-": ("{} - {}", SUM, SUM, PRODUCT),
    "*": ("{} * {}", PRODUCT, PRODUCT, SIGNED),
    "//": ("{} // {}", PRODUCT, PRODUCT, SIGNED),
    "and": ("{} and {}", AND, AND, AND),
    "or": ("{} or {}", OR, OR, OR),
    **{sign: (f"{{}} {sign} {{}}", COMPARISON, SUM, SUM) for sign in ("<", ">", "<=", ">=", "==", "!=")},
}

LONGEST = 200  # characters of a formula before it goes on under a name of its own: so sums of any length compile


class _Writer:
    """One program being written, or one function of it. Each language says how in a class of its own."""

    signs: dict[str, tuple[str, int, int, int]]
    choice_form: str  # condition, if so, otherwise
    check_form: str  # condition, index
    none: str
    const: str
    variable: str
    end: str
    comment: str

    def __init__(self) -> None:
        self.functions: dict[str, Any] = {}  # what the program has to be given: name -> definition
        self.words: dict[Op, str] = {}  # how an operation is called
        self.lines: list[str] = []
        self.long: dict[str, Symbol] = {}
        self.decided: dict[str, bool] = {}
        self.checked = False  # whether there is an operation that may have no value

    def number(self, x: float) -> str:
        raise NotImplementedError

    def definition(self, rule: Callable[..., Any], parameters: Sequence[str]) -> Any:
        """A rule as a function of the language."""
        raise NotImplementedError

    # ---- rules ------------------------------------------------------------------------------

    def trace(self, rule: Callable[..., Any], *inputs: Any) -> Any:
        """What the rule gives for these symbols and numbers, with every way its conditions may turn out."""
        try:
            return rule(*inputs)
        except _Undecided as undecided:
            condition = undecided.condition
        branches = []
        for answer in (True, False):
            self.decided[condition.text] = answer
            branches.append(self.trace(rule, *inputs))
            del self.decided[condition.text]
        return self.choice(condition, *branches)

    def rule(self, op: Op, rule: Callable[..., Any], *inputs: Any) -> Any:
        """What this rule of an operation gives; a TypeError if it cannot be written down."""
        try:
            return self.trace(rule, *inputs)
        except TypeError as error:
            raise _unwritable(op) from error

    def decide(self, condition: Symbol) -> bool:
        if condition.text not in self.decided:
            raise _Undecided(condition)
        return self.decided[condition.text]

    def apply(self, op: Op, inputs: tuple) -> Symbol:
        """Arithmetic, with a sign of its own or of any number of inputs, is written out; other operations are called."""
        if op.symbol != op.name or op.arity is None:
            try:
                y = self.trace(op.forward, *inputs)
                if not (isinstance(y, Symbol) and y.branches):
                    return y
            except TypeError:  # made of something that works on floats alone
                pass
        if op not in self.words:
            self.words[op] = self.function(op)
        return self.call(self.words[op], *inputs)

    def function(self, op: Op) -> str:
        """The name of the function that is this operation, which is now defined."""
        return self.define(op, self.definition(op.forward, ascii_lowercase[: op.arity]))

    def define(self, op: Op, definition: Any) -> str:
        ours = TABLE.get(op.name) is op
        name = op.name if ours else re.sub(r"\W", "_", op.name, flags=re.ASCII) + "_"  # so it clashes with nothing
        while name in self.functions:
            name += "_"
        self.functions[name] = definition
        return name

    # ---- pieces of text ---------------------------------------------------------------------

    def symbol(self, x: Any) -> Symbol:
        """`x`, as a symbol if it is a number."""
        return x if isinstance(x, Symbol) else Symbol(self, self.number(float(x)))

    def inside(self, x: Any, tightness: int = CHOICE) -> str:
        """The text of `x`, in brackets unless it is at least this tight."""
        symbol = self.symbol(x)
        return symbol.text if symbol.tightness >= tightness else f"({symbol.text})"

    def infix(self, sign: str, a: Any, b: Any) -> Symbol:
        form, tightness, left, right = self.signs[sign]
        found = Symbol(self, form.format(self.inside(a, left), self.inside(b, right)), tightness)
        if len(found.text) < LONGEST or tightness <= COMPARISON:
            return found
        if found.text not in self.long:
            self.long[found.text] = self.assign(f"t{len(self.long)}", found)
        return self.long[found.text]

    def call(self, function: str, *inputs: Any) -> Symbol:
        return Symbol(self, f"{function}({', '.join(map(self.inside, inputs))})")

    def choice(self, condition: Symbol, a: Any, b: Any) -> Any:
        """`a` if the condition holds, otherwise `b`; where two branches are the same, their conditions are joined."""
        if isinstance(a, tuple):
            return tuple(self.choice(condition, *pair) for pair in zip(a, b))
        a, b = self.symbol(a), self.symbol(b)
        while a.branches and a.branches[2].text == b.text:
            condition, a = condition & a.branches[0], a.branches[1]
        branches = condition, a, b
        while b.branches and b.branches[1].text == a.text:
            condition, b = condition | b.branches[0], b.branches[2]
        text = self.choice_form.format(self.inside(condition, OR), self.inside(a, OR), self.inside(b))
        return Symbol(self, text, CHOICE, branches)

    # ---- the program ------------------------------------------------------------------------

    def state(self, statement: str, comment: str = "") -> None:
        self.lines.append(f"{statement}{self.end}{self.remark(comment)}")

    def remark(self, comment: str) -> str:
        """A comment that nothing in a label can end: only its letters, digits and spaces are left."""
        kept = re.sub(r"[^\w ,]", "", comment)[:60]
        return f"  {self.comment} {kept}" if kept else ""

    def assign(self, name: str, x: Any, comment: str = "") -> Symbol:
        self.state(f"{self.const}{name} = {self.inside(x)}", comment)
        return Symbol(self, name)

    def write(self, graph: Graph) -> str:
        """Both passes as statements, in a function that gives what they found."""
        values = self.forward(graph)
        slopes, gradients = self.backward(graph, values)
        for name, found in (
            ("values", [self.inside(values[node]) for node in graph.nodes]),
            ("slopes", [slopes[edge].text if edge in slopes else self.none for edge in _edges(graph)]),
            ("gradients", [gradients.get(node, self.none) for node in graph.nodes]),
        ):
            self.state(f"{self.const}{name} = {_listed(found)}")
        parameters = ", ".join(f"n{i}" for i, node in enumerate(graph.nodes) if not (node.inputs or node.constant))
        return self.framed(parameters, self.remark(", ".join(graph.leaves)))

    def framed(self, parameters: str, remark: str) -> str:
        """The whole text: the statements so far, and the return of their lists."""
        raise NotImplementedError

    def forward(self, graph: Graph) -> dict[Any, Any]:
        """The lines of the forward pass; each node's symbol, or the number that it always is."""
        values: dict[Any, Any] = {}
        for i, node in enumerate(graph.nodes):
            inputs = [values[x] for x in node.inputs]
            if not inputs:
                values[node] = node.data if node.constant else Symbol(self, f"n{i}")
                continue
            outside = self.rule(node.op, node.op.outside, *inputs) if node.op.outside else False
            if outside is not False:
                self.checked = True
                first = Symbol(self, "outside < 0", COMPARISON) & outside
                self.state(self.check_form.format(first.text, i))
            y = self.trace(node.op, *inputs)
            values[node] = self.assign(f"n{i}", y, graph.names[node]) if isinstance(y, Symbol) else y
        return values

    def backward(self, graph: Graph, values: dict[Any, Any]) -> tuple[dict[tuple, Symbol], dict[Any, str]]:
        """The lines of the backward pass; the symbol of each slope, by node and port, and the name of each gradient."""
        slopes: dict[tuple, Symbol] = {}
        gradients: dict[Any, str] = {}
        number = {node: i for i, node in enumerate(graph.nodes)}
        edges = {edge: j for j, edge in enumerate(_edges(graph))}

        def contribute(node: Any, step: str) -> None:
            first = node not in gradients
            gradients[node] = f"g{number[node]}"
            self.state(f"{self.variable if first else ''}{gradients[node]} {'=' if first else '+='} {step}")

        moving = [node for node in reversed(graph.nodes) if not node.constant]
        if moving:
            contribute(graph.output, self.number(1.0))
        for node in moving:
            op, y, inputs = node.op, values[node], [values[x] for x in node.inputs]
            together = self.rule(op, op.slopes, y, *inputs) if inputs and callable(op.slopes) else None
            for port, x in enumerate(node.inputs):
                if x.constant:
                    continue  # it does not move: no slope is asked for
                slope = self.symbol(together[port] if together else self.rule(op, op.slopes[port], y, *inputs))
                if not SHORT(slope.text):
                    slope = self.assign(f"s{edges[node, port]}", slope)
                slopes[node, port] = slope
                passes_on = slope.text == self.number(1.0)
                contribute(x, gradients[node] if passes_on else self.influence(gradients[node], slope, y))
        return slopes, gradients

    def influence(self, g: str, slope: Symbol, y: Any) -> str:
        """The contribution along one edge."""
        if "influence" not in self.functions:
            self.functions["influence"] = self.definition(influence, ("g", "slope", "y"))
        return self.call("influence", Symbol(self, g), slope, y).text


def _unwritable(op: Op) -> TypeError:
    return TypeError(
        f"The operation {op.name!r} cannot be written as a program: its rules must be made of arithmetic and of the "
        "operations in backproplab.ops, such as ops.COS in place of math.cos; for a forward that cannot, give javascript=."
    )


SHORT = re.compile(r"-?[\w.]+([+-]\d+)?").fullmatch  # a number or a name: needs no name of its own


def _edges(graph: Graph) -> Iterator[tuple[Any, int]]:
    """Every edge as the node that it leads to and its port there, in the order of `Run.slopes`."""
    return ((node, port) for node in graph.nodes for port in range(len(node.inputs)))


def _listed(items: list[str]) -> str:
    """A list, over several lines if it is long."""
    text = f"[{', '.join(items)}]"
    return text if len(text) < 100 else f"[\n{fill(text[1:-1], 100, break_on_hyphens=False)}\n]"


class _Python(_Writer):
    """Python, where an operation is its own `forward`: `/` and `math` raise where IEEE 754 has an answer."""

    signs = SIGNS | {"/": ("divide({}, {})", ATOM, CHOICE, CHOICE)}
    choice_form, check_form = "{1} if {0} else {2}", "if {}: outside = {}"
    none, const, variable, end, comment = "None", "", "", "", "#"

    def number(self, x: float) -> str:
        return repr(x)

    def definition(self, rule: Callable[..., Any], parameters: Sequence[str]) -> Any:
        return rule

    def infix(self, sign: str, a: Any, b: Any) -> Symbol:
        if sign == "/":
            self.functions["divide"] = DIV.forward
        return super().infix(sign, a, b)

    def framed(self, parameters: str, remark: str) -> str:
        body = "\n".join(self.lines)
        if self.checked:
            body = f"outside = -1\n{body}\n{BLANK_IN_PYTHON}"
        body += f"\nreturn values, slopes, gradients, {'outside' if self.checked else -1}"
        return f"def program({parameters}):{remark}\n{indent(body, '    ')}\n"


BLANK_IN_PYTHON = """\
if outside >= 0:
    values[outside:] = [nan] * (len(values) - outside)
    slopes, gradients = ([None if x is None else nan for x in found] for found in (slopes, gradients))"""


class _JavaScript(_Writer):
    """JavaScript, whose arithmetic and Math are IEEE 754's; an operation made of others becomes a function first."""

    signs = SIGNS | {
        "/": ("{} / {}", PRODUCT, PRODUCT, SIGNED),
        "//": ("Math.floor({})", ATOM, CHOICE, ATOM),
        "and": ("{} && {}", AND, AND, AND),
        "or": ("{} || {}", OR, OR, OR),
        "==": ("{} === {}", COMPARISON, SUM, SUM),
        "!=": ("{} !== {}", COMPARISON, SUM, SUM),
    }
    choice_form, check_form = "{} ? {} : {}", "if ({}) outside = {}"
    none, const, variable, end, comment = "null", "const ", "let ", ";", "//"

    def number(self, x: float) -> str:
        return repr(x).removesuffix(".0").replace("inf", "Infinity").replace("nan", "NaN")

    def function(self, op: Op) -> str:
        if op.javascript:
            return self.define(op, op.javascript)
        try:
            return super().function(op)
        except TypeError as error:  # made of something that works on floats alone: JavaScript must know it
            if op.name in MATH:
                return f"Math.{op.name}"
            raise _unwritable(op) from error

    def definition(self, rule: Callable[..., Any], parameters: Sequence[str]) -> str:
        inner = _JavaScript()
        inner.functions, inner.words = self.functions, self.words
        y = inner.inside(inner.trace(rule, *[Symbol(inner, name) for name in parameters]))
        y = f"{{ {' '.join(inner.lines)} return {y}; }}" if inner.lines else y
        return f"({', '.join(parameters)}) => {y}"

    def framed(self, parameters: str, remark: str) -> str:
        functions = [f"const {name} = {definition};" for name, definition in self.functions.items()]
        check = ["let outside = -1;"] if self.checked else []
        blank = [BLANK_IN_JAVASCRIPT] if self.checked else []
        found = f"return {{ values, slopes, gradients, undefined: {'outside' if self.checked else -1} }};"
        body = "\n".join([*functions, *check, *self.lines, *blank, found])
        return f"([{parameters}]) => {{{remark}\n{indent(body, '  ')}\n}}"


BLANK_IN_JAVASCRIPT = """\
if (outside >= 0) {
  values.fill(NaN, outside);
  for (const found of [slopes, gradients]) found.forEach((x, i) => { if (x !== null) found[i] = NaN; });
}"""


MATH = frozenset(
    "abs acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 floor hypot log log10 log1p log2 sin sinh sqrt "
    "tan tanh trunc".split()
)
"""The functions of JavaScript's Math that have the name and the meaning of those in Python's math."""
