"""Looking at a learner's answer: not tried yet, right, or which mistake this is."""

from __future__ import annotations

import ast
import inspect
import math
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from numbers import Real
from typing import Any, NamedTuple

from .running import Outcome, run

TOLERANCE = 2e-3  # relative: three digits by hand are enough where the answer is not a whole number
NOTHING = "Your answer is None, that is, nothing. (print shows a number and gives none back: write the number itself.)"
WITHOUT_COMMA = "write 1000 for a thousand, and 0.5 for a half"
IN_COMMAS = re.compile(r"\s*[-−+]?[\d.]+(,[\d.]+)+\s*")  # 38,910 or 0,25

ARITHMETIC = (
    ast.Expression, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UnaryOp, ast.UAdd, ast.USub, ast.Call, ast.Load,
    ast.Tuple, ast.List,
)  # fmt: skip


class _Todo:
    """The answer that has not been given yet."""

    def __repr__(self) -> str:
        return "TODO"


TODO = _Todo()


class Diagnosis(NamedTuple):
    """A verdict ("todo", "unclear", "right" or "wrong"), what to say about it, and whether that names the mistake."""

    verdict: str
    words: str = ""
    named: bool = True


def _call(answer: Callable, *inputs: Any) -> Any:
    return answer(*inputs)


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is asked, and what each answer tells.

    An answer is a number, a word, True or False, a tuple or an array of those, a dictionary, or a function or a class.
    What a function gives is compared with what `right`, the reference, gives at each of the `inputs`, a tuple of
    arguments each; both get copies of them. `use(answer, *inputs)` says what is compared if it is not what the function
    returns: of a class, what one of its objects computes; of a function that changes its arguments, these.
    `mistakes` maps a wrong answer to what it shows; for functions, it is a list of pairs of a wrong function and what it
    shows. What is checked has three `hints`, from a nudge to nearly the answer, and a `solution` in Markdown, which for
    a function may be left to its source; a prediction has neither.

    >>> double = Exercise(lambda x: 2 * x, "Twice x.", [(lambda x: x * x, "That is the square.")], inputs=[(1.0,), (3.0,)])
    >>> double.diagnose(lambda x: x + x)
    Diagnosis(verdict='right', words='Twice x.', named=True)
    >>> double.diagnose(lambda x: x**2).words
    'That is the square.'
    >>> double.diagnose(lambda x: x + 1).words
    'With x = 3 it gives 4; expected 6.'
    """

    right: Any
    because: str
    mistakes: Mapping[Any, str] | Sequence[tuple[Callable, str]] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    solution: str = ""
    inputs: Sequence[tuple] = ()
    use: Callable[..., Any] = _call

    def diagnose(self, answer: Any) -> Diagnosis:
        """The verdict on an answer, and what to say about it."""
        try:
            if _is_todo(answer):
                return Diagnosis("todo", NOTHING if answer is None else "")
            return self._diagnose_function(answer) if self.inputs else self._diagnose_value(plain(answer))
        except RecursionError:  # a list that contains itself, for instance
            return Diagnosis("unclear", "This answer has no end, so it cannot be compared with anything.")

    def worked(self) -> str:
        """The solution, in Markdown; where none is written, the source of the reference if it has one with a name."""
        name = getattr(self.right, "__name__", "<lambda>")
        if self.solution or name == "<lambda>":
            return self.solution
        source = textwrap.dedent(inspect.getsource(self.right)).rstrip()
        return f"```python\n{source.replace(name, name.lstrip('_'))}\n```"

    def _diagnose_value(self, answer: Any) -> Diagnosis:
        right = plain(self.right)
        if not isinstance(answer, str | tuple | list | Mapping | Real) or isinstance(answer, bool) != isinstance(right, bool):
            return Diagnosis("unclear", f"Expected {_kind(right)}; got {_typed(answer)}.")
        if same(answer, right):
            return Diagnosis("right", self.because)
        for mistake, shows in dict(self.mistakes).items():
            if same(answer, mistake):
                return Diagnosis("wrong", shows)
        if _other_kind(answer, right):
            return Diagnosis("unclear", f"Expected {_kind(right)}; got {shown(answer)}.{_advice(answer, right)}")
        if isinstance(answer, Real) and not isinstance(answer, bool) and same(-answer, right):
            return Diagnosis("wrong", "The size is right, the sign is not.")
        return Diagnosis("wrong", f"{shown(answer)} is not it.", named=False)

    def _diagnose_function(self, answer: Any) -> Diagnosis:
        if not callable(answer):
            return Diagnosis("unclear", f"{shown(answer)} is no function: define one with def and pass its name, without brackets.")
        found = []
        for inputs in self.inputs:
            outcome = self._run(answer, inputs)
            if diagnosis := self._without_value(outcome, answer, inputs):
                return diagnosis
            found.append(outcome)
        values = [outcome.value for outcome in found]
        printed = _quoted(found)
        expected = [self._run(self.right, inputs) for inputs in self.inputs]
        if same(values, [outcome.value for outcome in expected]):
            for inputs, mine, ours in zip(self.inputs, found, expected):
                if mine.changed and not ours.changed:
                    return Diagnosis(
                        "wrong",
                        f"With {self._with(inputs)} the result is right, but your function has changed what it was given, "
                        f"which whoever called it may still need. Work on a copy.{printed}",
                    )
            return Diagnosis("right", self.because + printed)
        for wrong, shows in self.mistakes:
            if same(values, [self._run(wrong, inputs).value for inputs in self.inputs]):
                return Diagnosis("wrong", shows + printed)
        for inputs, value, ours in zip(self.inputs, values, expected):
            if not same(value, ours.value):
                mine, wanted = plain(value), plain(ours.value)
                words = f"With {self._with(inputs, _differ_in_shape(mine, wanted))} {_differing(mine, wanted)}.{printed}"
                return Diagnosis("wrong", words, named=False)
        raise AssertionError("unreachable: some input must differ")

    def _run(self, answer: Callable, inputs: tuple) -> Outcome:
        return run(partial(self.use, answer), inputs)

    def _without_value(self, outcome: Outcome, answer: Callable, inputs: tuple) -> Diagnosis | None:
        """What to say where a call has given nothing that could be compared."""
        printed = _quoted([outcome])
        if outcome.problem:
            if f"'{_Todo.__name__}'" in outcome.problem:  # it stopped because it came to the place that is still open
                return Diagnosis("todo")
            if self.use is _call and (wanted := self._arguments(answer, inputs)):
                return Diagnosis("unclear", wanted)
            return Diagnosis("wrong", f"With {self._with(inputs, by_shape=True)}: {outcome.problem}{printed}", named=False)
        if outcome.value is None and outcome.printed:
            return Diagnosis("wrong", f"Your function returns nothing, it only prints. Write return in place of print.{printed}")
        if outcome.value is None:
            words = "Your function returns nothing yet: its last line is return, followed by the result."
            return Diagnosis("todo", f"{words} (reverse, sort and append change a list, and return nothing themselves.)")
        return Diagnosis("todo") if _is_todo(outcome.value) else None

    def _arguments(self, answer: Callable, inputs: tuple) -> str:
        """What to say if a function cannot even be called with such inputs."""
        try:
            inspect.signature(answer).bind(*inputs)
        except TypeError:
            return f"Your function is called with {len(inputs)} input{'s' * (len(inputs) > 1)} ({', '.join(self._names())}); it is not made for that."
        except ValueError:  # nothing is known of some built-in functions
            pass
        return ""

    def _names(self) -> list[str]:
        """What the reference, or what uses it, calls each input."""
        function, skipped = (self.right, 0) if self.use is _call else (self.use, 1)
        return [name.strip("_") for name in inspect.signature(function).parameters][skipped:]

    def _with(self, inputs: tuple, by_shape: bool = False) -> str:
        """The inputs by name; arrays by their shape if that is asked for, or if they are too long to be read."""

        def told(name: str, value: Any) -> str:
            text, shape = shown(value), getattr(value, "shape", ())
            return f"{name} of shape {shape}" if shape and (by_shape or text.endswith("…")) else f"{name} = {text}"

        return ", ".join(told(name, value) for name, value in zip(self._names(), inputs))


def _differing(value: Any, expected: Any) -> str:
    """What is not as expected: the shape of an array, the first wrong part of a dictionary, or the value."""
    if isinstance(value, Mapping) and isinstance(expected, Mapping) and value.keys() == expected.keys():
        name = next(name for name in expected if not _same(value[name], expected[name]))
        return f"{name} is {shown(value[name])}; expected {shown(expected[name])}"
    if _differ_in_shape(value, expected):
        return f"the result has shape {_shape(value)}; expected {_shape(expected)}"
    return f"it gives {shown(value)}; expected {shown(expected)}"


def _differ_in_shape(value: Any, expected: Any) -> bool:
    """Whether both are arrays, one of them at least a matrix, and of different shapes."""
    shape, wanted = _shape(value), _shape(expected)
    return bool(shape and wanted) and shape != wanted and max(len(shape), len(wanted)) > 1


def _shape(value: Any) -> tuple[int, ...] | None:
    """The shape of a number or of nested lists of numbers; None of anything else."""
    if not isinstance(value, list | tuple):
        return () if isinstance(value, Real) else None
    shapes = {_shape(part) for part in value}
    return (len(value), *shapes.pop()) if len(shapes) == 1 and None not in shapes else None


def _quoted(outcomes: Sequence[Outcome]) -> str:
    printed = next((outcome.printed for outcome in outcomes if outcome.printed), "")
    return f" (It printed: {printed})" if printed else ""


def _is_todo(answer: Any) -> bool:
    """Whether the answer, or a part of it, is still open."""
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    if isinstance(answer, tuple | list):
        return any(map(_is_todo, answer))
    return answer is TODO or answer is None or answer is ...


def plain(answer: Any) -> Any:
    """An answer as numbers, words and lists of them: what a Value or a Tensor holds, an array as lists."""
    try:
        if isinstance(answer, tuple | list):
            return type(answer)([plain(part) for part in answer]) if type(answer) in (tuple, list) else list(map(plain, answer))
        if isinstance(answer, Mapping):
            return {plain(key): plain(value) for key, value in answer.items()}
        if hasattr(answer, "grad"):
            answer = answer.data
        return answer.tolist() if hasattr(answer, "tolist") else answer
    except Exception:  # a learner's object may do anything when it is looked at
        return answer


def same(answer: Any, expected: Any) -> bool:
    """Equal as answers: counts exactly, other numbers to three digits, words whatever their case and spaces, the rest by its parts.

    Where options are marked a), b), c), an answer may be, too.
    """
    return _same(plain(answer), plain(expected))


def _same(answer: Any, expected: Any) -> bool:
    if isinstance(expected, bool) or isinstance(answer, bool):
        return answer is expected
    if isinstance(expected, str) or isinstance(answer, str):
        return isinstance(answer, str) and isinstance(expected, str) and _word(expected) in _readings(_word(answer))
    if isinstance(expected, Mapping):
        return isinstance(answer, Mapping) and answer.keys() == expected.keys() and all(_same(answer[key], expected[key]) for key in expected)
    if isinstance(expected, tuple | list):
        return isinstance(answer, tuple | list) and len(answer) == len(expected) and all(map(_same, answer, expected))
    try:
        number, wanted = float(answer), float(expected)
    except Exception:  # a learner's object may do anything when it is asked for a number
        return answer is expected
    tolerance = 1e-9 if isinstance(expected, int) else TOLERANCE
    return math.isclose(number, wanted, rel_tol=tolerance, abs_tol=1e-9) or (math.isnan(number) and math.isnan(wanted))


def _word(text: str) -> str:
    """A word without what may differ in typing it: capitals, spaces, and the sign of a minus."""
    return "".join(text.lower().split()).replace("−", "-")


def _readings(word: str) -> tuple[str, str]:
    return word, word.strip("().")


def _other_kind(answer: Any, right: Any) -> bool:
    if isinstance(right, Mapping) or isinstance(answer, Mapping):
        return not (isinstance(right, Mapping) and isinstance(answer, Mapping) and answer.keys() == right.keys())
    if isinstance(right, tuple | list):
        return not isinstance(answer, tuple | list) or len(answer) != len(right) or any(map(_other_kind, answer, right))
    return isinstance(right, str) != isinstance(answer, str) or isinstance(answer, tuple | list)


def _advice(answer: Any, right: Any) -> str:
    """What is too much in an answer of another kind, where that can be seen: quotes, brackets, a comma."""
    number, one = isinstance(right, Real), isinstance(right, Real | str)
    if number and isinstance(answer, str) and IN_COMMAS.fullmatch(answer):
        return f" Leave out the quotes, and the comma: {WITHOUT_COMMA}."
    if not isinstance(right, str) and _reads_as_numbers(answer):
        return " Leave out the quotes."
    if one and isinstance(answer, tuple | list) and len(answer) == 1:
        return f" Leave out the {'brackets' if isinstance(answer, list) else 'comma'}."
    if number and isinstance(answer, tuple) and answer and all(type(part) is int for part in answer):
        return f" The comma has made several numbers of it: {WITHOUT_COMMA}."
    return ""


def _reads_as_numbers(answer: Any) -> bool:
    """Whether it is what Python would compute to a number or to some, but typed in quotes: '36', '1/32', '8 * log(2)', '(1, 2)'."""
    try:
        parts = [*ast.walk(ast.parse(answer.replace("−", "-").strip(), mode="eval"))] if isinstance(answer, str) else []
    except (SyntaxError, ValueError, MemoryError):
        return False
    called = [part.func for part in parts if isinstance(part, ast.Call)]
    return bool(parts) and all(
        isinstance(part, ARITHMETIC) or part in called or (isinstance(part, ast.Constant) and type(part.value) in (int, float)) for part in parts
    )


def _kind(right: Any) -> str:
    if isinstance(right, Mapping):
        return f"a dictionary with {', '.join(map(repr, right))}"
    if isinstance(right, tuple | list):
        if all(isinstance(part, tuple | list) for part in right):
            return f"{len(right)} rows, each of them {_kind(right[0])}"
        return f"{len(right)} {'words' if isinstance(right[0], str) else 'numbers'} in brackets, separated by commas"
    if isinstance(right, bool):
        return "True or False"
    return "a word in quotes" if isinstance(right, str) else "a number"


def shown(value: Any) -> str:
    """A value as a sentence shows it: digits that matter, not too long, and never an error."""
    try:
        text = _text(plain(value))
        if " at 0x" not in text:  # an address says nothing
            return text if len(text) <= 80 else f"{text[:79]}…"
    except Exception:
        pass
    return f"something of type {type(value).__name__}"


def _typed(value: Any) -> str:
    """A value of which one would not see the type, with its type; a function or a class by its name."""
    name, kind = getattr(value, "__name__", ""), type(value).__name__
    text = name if isinstance(name, str) and name.isidentifier() else shown(value)
    return text if text.endswith(f"of type {kind}") else f"{text}, which is of type {kind}"


def told(value: Any) -> str:
    """As `shown`, but a word is told without its quotes, and without what no one can read."""
    text = value if isinstance(value, str) else shown(value)
    return "".join(filter(str.isprintable, text))[:80]


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        parts = ", ".join(map(_text, value[:80]))
        return f"[{parts}]" if isinstance(value, list) else f"({parts}{',' * (len(value) == 1)})"
    return f"{value + 0:.6g}" if isinstance(value, float) else repr(value)


@dataclass(frozen=True, slots=True, repr=False)
class Feedback:
    """A verdict in words, with a sign that does not depend on colour."""

    verdict: str
    words: str

    SIGNS = {"todo": "○", "unclear": "?", "right": "✓", "wrong": "✗"}

    def __repr__(self) -> str:
        return f"{self.SIGNS[self.verdict]} {self.words}"

    def _repr_html_(self) -> str:
        colour = {"todo": "#8a949e", "unclear": "#8a949e", "right": "#0072b2", "wrong": "#d98e00"}[self.verdict]
        return f'<div style="border-left: 4px solid {colour}; padding: 4px 12px">{escape(repr(self)).replace(chr(10), "<br>")}</div>'
