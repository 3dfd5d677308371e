"""Functions of this package as JavaScript: what an explorer computes, says and draws is written once, in Python.

A page's module imports them as if they were there already,

    import { shown } from "./fan_explorer.py";

and `javascript` writes them: those functions and classes, and whatever of the house they use. A translated function takes
and gives what JSON has (numbers, texts, lists, dictionaries with texts as keys, None) and objects of translated classes;
an explorer is an object with its traits. It may use what is below and nothing else: anything else is refused where it stands.

What Python has and JavaScript has not (`range`, `zip`, truth of an empty list …) is in python.js under the same name. Some
things mean less there: an index counts from the end only as a constant, `x[-1]`; `%` is for what is not negative, and `/`
by 0 is no error; a number is written by `number`; a method is given by name only what its `**names` take.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any

HOUSE = Path(__file__).parents[1]

BUILTINS = frozenset("accumulate all any enumerate len list max min next pairwise range reversed sorted str sum zip".split())
"""What python.js exports under its Python name."""

HELPERS = frozenset("has list prod repeat reversed same thousands truth unique".split())
"""What it exports for the operators of Python: no variable may have such a name, or one of JavaScript's own words."""
WORDS = frozenset("case catch const default delete do function let new switch this throw typeof var void".split())

RUNTIME = {"number", "fill", "Mulberry"}
"""What runtime.js has: it is written there by hand, because numbers are written differently in the two languages."""

NAMES = {"None": "null", "True": "true", "False": "false", "abs": "Math.abs", "int": "Math.trunc", "tuple": "list", "set": "unique"}
MATH = {"inf": "Infinity", "nan": "NaN", "pi": "Math.PI", "isnan": "Number.isNaN", "isfinite": "Number.isFinite", "prod": "prod"}
METHODS = {"append": "push", "strip": "trim", "index": "indexOf", "startswith": "startsWith", "endswith": "endsWith", "replace": "replaceAll"}
ASKING = {"startswith", "endswith", "isnan", "isfinite", "any", "all"}  # calls that are answered by True or False

ITSELF = {"self": "this", "cls": "this"}  # in a method; not in a function inside of one, but in a lambda

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "===", ast.IsNot: "!=="}


def javascript(module: str, names: Iterable[str]) -> str:
    """A statement that defines these functions and classes of a module of the house, `explore.fan_explorer`."""
    found: dict[tuple[str, str], str] = {}
    for name in names:
        _Source.of(module).collect(name, found)
    called = [name for _, name in found]
    for name in called:
        if called.count(name) > 1:
            raise ValueError(f"Two things are called {name} in what {module} needs: in JavaScript they would be one.")
    body = "\n".join([*found.values(), f"return {{ {', '.join(names)} }};"])
    return f"const {{ {', '.join(names)} }} = (() => {{\n{indent(body, '  ')}\n}})();\n"


class _Source:
    """A module's text, taken apart: its functions, constants and imports by name."""

    @classmethod
    @cache
    def of(cls, module: str) -> _Source:
        return cls(module)

    def __init__(self, module: str) -> None:
        self.module = module
        self.tree = ast.parse((HOUSE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
        self.known: dict[str, Any] = {}
        for statement in self.tree.body:
            match statement:
                case ast.FunctionDef() | ast.ClassDef():
                    self.known[statement.name] = statement
                case ast.Assign(targets=[target]):
                    names = target.elts if isinstance(target, ast.Tuple) else [target]
                    self.known |= {name.id: statement for name in names if isinstance(name, ast.Name)}
                case ast.AnnAssign(target=ast.Name(name), value=ast.expr()):
                    self.known[name] = statement
                case ast.ImportFrom(level=level, module=other) if level:
                    package = module.split(".")[: -level]
                    for alias in statement.names:
                        self.known[alias.asname or alias.name] = ".".join([*package, *([other] if other else [])])

    def collect(self, name: str, found: dict[tuple[str, str], str]) -> None:
        """Put what this name means, after all that it uses, into `found`."""
        meaning = self.known[name]
        if isinstance(meaning, str):  # imported
            return _Source.of(meaning).collect(name, found)
        key = (self.module, name if not isinstance(meaning, ast.Assign) else ast.unparse(meaning.targets[0]))
        if key in found:
            return
        found[key] = ""  # it may call itself
        text, used = self.written(meaning)
        for other in used:
            self.collect(other, found)
        del found[key]
        found[key] = text

    @cache  # noqa: B019 (there are as many sources as modules, and they stay)
    def written(self, meaning: ast.stmt) -> tuple[str, list[str]]:
        """A definition, and the names of the house that occur in it."""
        writer = _Writer(self)
        return writer.definition(meaning), list(writer.used)

    def is_class(self, name: str) -> bool:
        meaning = self.known.get(name)
        return _Source.of(meaning).is_class(name) if isinstance(meaning, str) else isinstance(meaning, ast.ClassDef)

    def parameters(self, name: str) -> list[str] | None:
        """Of a function of the house, for arguments that are given by name."""
        meaning = self.known.get(name)
        if isinstance(meaning, str):
            return _Source.of(meaning).parameters(name)
        if isinstance(meaning, ast.ClassDef):
            return [it.target.id for it in meaning.body if isinstance(it, ast.AnnAssign)]
        return [it.arg for it in meaning.args.args] if isinstance(meaning, ast.FunctionDef) else None


class _Writer:
    """One definition being written; `used` are the names of the house that occur in it."""

    def __init__(self, source: _Source) -> None:
        self.source, self.used = source, dict[str, None]()
        self.scopes: list[set[str]] = []

    def refuse(self, node: ast.AST, why: str = "") -> ValueError:
        where = f"{self.source.module}, line {getattr(node, 'lineno', '?')}"
        return ValueError(f"{where}: {ast.unparse(node)} cannot be translated{why and ': '}{why}.")

    # ---- definitions and statements -----------------------------------------------------------

    def definition(self, node: ast.stmt) -> str:
        match node:
            case ast.FunctionDef():
                return self.function(node)
            case ast.ClassDef():
                return self.class_(node)
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                return f"const {self.target(target)} = {self(node.value)};"
        raise self.refuse(node)

    def class_(self, node: ast.ClassDef) -> str:
        """A class; of a NamedTuple or a dataclass, the fields are what it is made with."""
        fields = [it for it in node.body if isinstance(it, ast.AnnAssign)]
        parts = [self.method(it) for it in node.body if isinstance(it, ast.FunctionDef)]
        if fields:
            names = ", ".join(it.target.id for it in fields)
            given = ", ".join(it.target.id + (f" = {self(it.value)}" if it.value else "") for it in fields)
            parts.insert(0, f"constructor({given}) {{\n  Object.assign(this, {{ {names} }});\n}}")
        above = [self.name(base, base.id) for base in node.bases if isinstance(base, ast.Name) and base.id != "NamedTuple"]
        return f"class {node.name}{''.join(f' extends {it}' for it in above)} {{\n{indent(chr(10).join(parts), '  ')}\n}}"

    def method(self, node: ast.FunctionDef) -> str:
        kinds = [it.id for it in node.decorator_list if isinstance(it, ast.Name)]
        if "cached_property" in kinds:  # computed once, and then in its place
            compute = self.function(node, "get ").removeprefix(f"get {node.name}() ")
            keep = f'Object.defineProperty(this, "{node.name}", {{ value: compute() }});\nreturn this.{node.name};'
            return f"get {node.name}() {{\n{indent(f'const compute = () => {compute};{chr(10)}{keep}', '  ')}\n}}"
        heads = {"property": "get ", "classmethod": "static ", "staticmethod": "static "}
        return self.function(node, "".join(heads[kind] for kind in kinds))

    def function(self, node: ast.FunctionDef, head: str = "function ") -> str:
        parameters = self.opened(node.args, node.body)
        inner = {it.name for it in ast.walk(node) if isinstance(it, ast.FunctionDef) and it is not node}
        local = self.scopes[-1] - inner - {it.arg for it in [*node.args.args, *filter(None, [node.args.kwarg])]}
        body = [*([f"let {', '.join(sorted(local))};"] if local else []), *self.block(node.body)]
        self.scopes.pop()
        name = "constructor" if node.name == "__init__" else node.name
        return f"{head}{name}({parameters}) {{\n{indent(chr(10).join(body), '  ')}\n}}"

    def opened(self, given: ast.arguments, body: Sequence[ast.AST]) -> str:
        """The parameters, in a new scope with all that is assigned in the body."""
        if given.vararg or given.kwonlyargs:
            raise self.refuse(given, "only plain parameters, and **names, have a place in JavaScript")
        plain = [it for it in given.args if it.arg not in ITSELF]
        more = [f"{given.kwarg.arg} = {{}}"] if given.kwarg else []
        names = {it.arg for it in [*given.args, *filter(None, [given.kwarg])]} | set(_assigned(body))
        if names & (HELPERS | WORDS):
            raise self.refuse(given, f"JavaScript needs {', '.join(sorted(names & (HELPERS | WORDS)))} for something else")
        self.scopes.append(names)
        defaults = [""] * (len(plain) - len(given.defaults)) + [f" = {self(it)}" for it in given.defaults]
        return ", ".join([*(it.arg + default for it, default in zip(plain, defaults)), *more])

    def block(self, statements: Sequence[ast.stmt]) -> list[str]:
        return [line for statement in statements for line in self.statement(statement)]

    def braced(self, head: str, statements: Sequence[ast.stmt]) -> str:
        return f"{head} {{\n{indent(chr(10).join(self.block(statements)), '  ')}\n}}"

    def statement(self, node: ast.stmt) -> Iterator[str]:
        match node:
            case ast.Expr(ast.Constant(str())) | ast.Pass():  # a docstring
                return
            case ast.Return(value):
                yield f"return {self(value) if value else 'null'};"
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                text = f"{self.target(target)} = {self(node.value)}"
                yield f"({text});" if text.startswith("{") else f"{text};"
            case ast.AugAssign(target, ast.BitOr()):
                yield f"{self.target(target)} = {{ ...{self(target)}, ...{self(node.value)} }};"
            case ast.AugAssign(target, operator) if type(operator) in OPERATORS:
                yield f"{self.target(target)} {OPERATORS[type(operator)]}= {self(node.value)};"
            case ast.If(test, body, orelse):
                text = self.braced(f"if ({self.truth(test)})", body)
                if orelse:
                    text += " " + self.braced("else", orelse)
                yield text
            case ast.For(ast.Name(i), ast.Call(ast.Name("range"), [*_, end] as given), body, []) if len(given) < 3:
                start = self(given[0]) if len(given) > 1 else "0"  # no list of numbers: this may be the inmost loop
                yield self.braced(f"for (let $i = {start}, $end = {self(end)}; ({i} = $i) < $end; $i++)", body)
            case ast.For(target, over, body, []):
                yield self.braced(f"for ({self.target(target)} of {self.each(over)})", body)
            case ast.While(test, body, []):
                yield self.braced(f"while ({self.truth(test)})", body)
            case ast.Break() | ast.Continue():
                yield f"{ast.unparse(node)};"
            case ast.Expr(value):
                yield f"{self(value)};"
            case ast.FunctionDef():
                yield self.function(node)
            case _:
                raise self.refuse(node)

    def target(self, node: ast.expr) -> str:
        match node:
            case ast.Name(name):
                return name
            case ast.Tuple(elts) | ast.List(elts):
                return f"[{', '.join(map(self.target, elts))}]"
            case ast.Starred(value):
                return f"...{self.target(value)}"
            case ast.Attribute(ast.Name("self"), name):
                return f"this.{name}"
            case ast.Subscript(slice=where) if not isinstance(where, ast.Slice | ast.UnaryOp):
                return self(node)
        raise self.refuse(node, "this cannot be assigned to")

    # ---- expressions ----------------------------------------------------------------------------

    def __call__(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value):
                return NAMES.get(str(value)) or json.dumps(value, ensure_ascii=False) if value is not ... else ""
            case ast.Name(name):
                return self.name(node, name)
            case ast.List(elts) | ast.Tuple(elts):
                return f"[{', '.join(map(self, elts))}]"
            case ast.Starred(value):
                return f"...{self.each(value)}"
            case ast.Dict(keys, values):
                return f"{{ {', '.join(map(self.item, keys, values))} }}"
            case ast.Attribute(ast.Name("math"), name):
                return MATH.get(name, f"Math.{name}")
            case ast.Attribute(value, name):
                return f"{self.tight(value)}.{name}"
            case ast.Subscript(value, where):
                return self.part(self.tight(value), where)
            case ast.BinOp(ast.List([x]), ast.Mult(), count):
                return f"repeat({self(x)}, {self(count)})"
            case ast.BinOp(ast.Constant(str()) as text, ast.Mult(), count):
                return f"{self(text)}.repeat({self(count)})"
            case ast.BinOp(left, ast.BitOr(), right):
                return f"{{ ...{self(left)}, ...{self(right)} }}"
            case ast.BinOp(left, ast.FloorDiv(), right):
                return f"Math.floor({self.tight(left)} / {self.tight(right)})"
            case ast.BinOp(left, ast.Mod(), right):
                return f"{self.tight(left)} % {self.tight(right)}"
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                return f"{self.tight(left)} {OPERATORS[type(operator)]} {self.tight(right)}"
            case ast.UnaryOp(ast.USub(), operand):
                return f"-{self.tight(operand)}"
            case ast.UnaryOp(ast.Not(), operand):
                return f"!{self.truth(operand, tight=True)}"
            case ast.BoolOp(operator, values):
                return self.either(isinstance(operator, ast.Or), values)
            case ast.Compare():
                return self.compared(node)
            case ast.IfExp(test, body, orelse):
                return f"{self.truth(test, tight=True)} ? {self.tight(body)} : {self.tight(orelse)}"
            case ast.Call():
                return self.call(node)
            case ast.Lambda(given, body):
                parameters = self.opened(given, [])
                text = f"({parameters}) => {self.tight(body)}"
                self.scopes.pop()
                return text
            case ast.ListComp(elt, generators) | ast.GeneratorExp(elt, generators):
                return self.loop(generators, lambda: self.tight(elt))
            case ast.SetComp(elt, generators):
                return f"unique({self.loop(generators, lambda: self.tight(elt))})"
            case ast.DictComp(key, value, generators):
                return f"Object.fromEntries({self.loop(generators, lambda: f'[{self(key)}, {self(value)}]')})"
            case ast.JoinedStr(values):
                return f"`{''.join(map(self.piece, values))}`"
        raise self.refuse(node)

    def name(self, node: ast.AST, name: str) -> str:
        if name in ITSELF:
            return ITSELF[name]
        if any(name in scope for scope in self.scopes) or name in RUNTIME | BUILTINS:
            return name
        if name in NAMES:
            return NAMES[name]
        if name not in self.source.known:
            raise self.refuse(node, "it is neither of the house nor in python.js")
        self.used[name] = None
        return name

    def tight(self, node: ast.expr) -> str:
        """An expression as part of a larger one."""
        loose = (ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.Dict, ast.UnaryOp)
        return f"({self(node)})" if isinstance(node, loose) else self(node)

    def each(self, node: ast.expr) -> str:
        """What is iterated over: of a dictionary the keys."""
        match node:
            case ast.Call(ast.Name("zip" | "range" | "enumerate" | "sorted" | "reversed" | "accumulate" | "pairwise")) | ast.Call(
                ast.Attribute(attr="items" | "values" | "split")
            ) | ast.List() | ast.Tuple() | ast.ListComp() | ast.GeneratorExp():
                return self(node)
        return f"list({self(node)})"

    def truth(self, node: ast.expr, tight: bool = False) -> str:
        """A condition: in JavaScript an empty list is true and nan is false."""
        if _is_bool(node):
            return self.tight(node) if tight else self(node)
        return f"truth({self(node)})"

    def either(self, or_: bool, values: Sequence[ast.expr]) -> str:
        sign = "||" if or_ else "&&"
        if all(map(_is_bool, values[:-1])):
            return f" {sign} ".join(map(self.tight, values))
        text = self.tight(values[-1])
        for value in reversed(values[:-1]):
            found = self.tight(value)
            text = f"(truth({found}) ? {found} : {text})" if or_ else f"(truth({found}) ? {text} : {found})"
        return text

    def compared(self, node: ast.Compare) -> str:
        sides, texts = [node.left, *node.comparators], []
        for left, operator, right in zip(sides, node.ops, sides[1:]):
            a, b = self.tight(left), self.tight(right)
            match operator:
                case ast.In() | ast.NotIn():
                    texts.append(f"{'!' * isinstance(operator, ast.NotIn)}has({self(right)}, {self(left)})")
                case ast.Eq() | ast.NotEq():
                    plain = isinstance(left, ast.Constant) or isinstance(right, ast.Constant)
                    if isinstance(operator, ast.Eq):
                        texts.append(f"{a} === {b}" if plain else f"same({self(left)}, {self(right)})")
                    else:
                        texts.append(f"{a} !== {b}" if plain else f"!same({self(left)}, {self(right)})")
                case _:
                    texts.append(f"{a} {COMPARISONS[type(operator)]} {b}")
        return " && ".join(texts)

    def item(self, key: ast.expr | None, value: ast.expr) -> str:
        if key is None:
            return f"...{self.tight(value)}"
        return f"{self(key) if isinstance(key, ast.Constant) else f'[{self(key)}]'}: {self(value)}"

    def part(self, value: str, where: ast.expr) -> str:
        match where:
            case ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1))):
                return f"reversed({value})"
            case ast.Slice(lower, upper, None):
                ends = [self(lower) if lower else "0", *([self(upper)] if upper else [])]
                return f"{value}.slice({', '.join(ends)})"
            case ast.UnaryOp(ast.USub(), ast.Constant()):
                return f"{value}.at({self(where)})"
        return f"{value}[{self(where)}]"

    def piece(self, node: ast.expr) -> str:
        """Of an f-string."""
        match node:
            case ast.Constant(text):
                return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
            case ast.FormattedValue(value, -1, None | ast.JoinedStr([ast.Constant("g")])):
                return f"${{{self(value)}}}"
            case ast.FormattedValue(value, -1, ast.JoinedStr([ast.Constant(",")])):
                return f"${{thousands({self(value)})}}"
            case ast.FormattedValue(value, -1, ast.JoinedStr([ast.Constant(".1f")])):
                return f"${{{self.tight(value)}.toFixed(1)}}"
        raise self.refuse(node)

    def loop(self, generators: Sequence[ast.comprehension], element: Callable[[], str]) -> str:
        """A comprehension as a chain of `filter`, `map` and, for all loops but the last, `flatMap`."""
        first, *rest = generators
        text = self.each(first.iter)
        self.scopes.append(set(_names(first.target)))
        takes = f"({self.target(first.target)}) =>"
        for test in first.ifs:
            text += f".filter({takes} {self.truth(test)})"
        inner = self.loop(rest, element) if rest else element()
        self.scopes.pop()
        if inner == self.target(first.target):
            return text
        return f"{text}.{'flatMap' if rest else 'map'}({takes} {inner})"

    def call(self, node: ast.Call) -> str:
        given = [self(it) for it in node.args]
        named = {it.arg: self(it.value) for it in node.keywords}
        pairs = ", ".join(f"{it.arg}: {self(it.value)}" if it.arg else f"...{self.tight(it.value)}" for it in node.keywords)
        match node.func:
            case ast.Name("getattr"):
                return f"{self.tight(node.args[0])}[{given[1]}]"
            case ast.Attribute(ast.Call(ast.Name("super")), name):
                return f"super{'' if name == '__init__' else f'.{name}'}({', '.join(given)})"
            case ast.Attribute(value, "join"):
                return f"{given[0]}.join({self(value)})"
            case ast.Attribute(value, "get"):
                return f"({self.tight(value)}[{given[0]}] ?? {given[1] if given[1:] else 'null'})"
            case ast.Attribute(ast.Name("dict"), "fromkeys"):
                return f"unique({given[0]})"
            case ast.Attribute(value, "items" | "values" | "keys" as name):
                return f"Object.{'entries' if name == 'items' else name}({self(value)})"
            case ast.Attribute(ast.Name("math")):
                function = self(node.func)
            case ast.Attribute(attr="strip" | "split") if len(node.args) != (node.func.attr == "split"):
                raise self.refuse(node)
            case ast.Attribute(value, name):
                function = f"{self.tight(value)}.{METHODS.get(name, name)}"
                given += [f"{{ {pairs} }}"] * bool(pairs)  # for its **names
            case ast.Name(name):
                function, parameters = self(node.func), self.source.parameters(name)
                if self.source.is_class(name) or name == "cls":
                    function = f"new {function}"
                if named and parameters is None:  # a function of python.js takes them as an object
                    given.append(f"{{ {pairs} }}")
                elif named:
                    given += [named.pop(it, "undefined") for it in parameters[len(given) :]]
                    while given[-1] == "undefined":
                        given.pop()
            case _:
                function = f"({self(node.func)})"
        return f"{function}({', '.join(given)})"


def _is_bool(node: ast.expr) -> bool:
    """Whether an expression is surely True or False."""
    match node:
        case ast.Compare() | ast.UnaryOp(ast.Not()) | ast.Constant(bool()):
            return True
        case ast.BoolOp(_, values):
            return all(map(_is_bool, values))
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name)):
            return name in ASKING
    return False


def _names(target: ast.expr) -> Iterator[str]:
    return (node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _assigned(body: Iterable[ast.AST]) -> Iterator[str]:
    """The names that are assigned in these statements; not those inside functions and comprehensions."""
    inner = (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, inner):
            yield from _assigned(ast.iter_child_nodes(node))
