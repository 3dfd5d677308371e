"""Looking at a learner's answer: not tried yet, right, or which mistake this is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from numbers import Real
from typing import Any

TOLERANCE = 2e-3  # relative: three digits by hand are enough where the answer is not a whole number


class _Todo:
    """The answer that has not been given yet."""

    def __repr__(self) -> str:
        return "TODO"


TODO = _Todo()


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is asked, and what each answer tells.

    An answer is a number, a word, a tuple of numbers, or a function, which is then compared with `right` at
    `inputs`. `mistakes` maps a wrong answer to what it shows; for functions, it is a list of pairs of a wrong
    function and what it shows.
    """

    right: Any
    because: str
    mistakes: Mapping[Any, str] | Sequence[tuple[Callable, str]] = field(default_factory=dict)
    hint: str = ""
    inputs: Sequence[tuple] = ()

    def diagnose(self, answer: Any) -> tuple[str, str]:
        """The verdict on an answer ("todo", "unclear", "right" or "wrong") and what to say about it."""
        if _is_todo(answer):
            return "todo", ""
        if self.inputs:
            return self._diagnose_function(answer)
        if isinstance(answer, bool) or not isinstance(answer, str | tuple | list | Real):
            return "unclear", f"{shown(answer)} is a {type(answer).__name__}; expected {_kind(self.right)}."
        if same(answer, self.right):
            return "right", self.because
        for mistake, shows in dict(self.mistakes).items():
            if same(answer, mistake):
                return "wrong", shows
        if self._other_kind(answer):
            return "unclear", f"Expected {_kind(self.right)}; got {shown(answer)}."
        if isinstance(answer, Real) and same(-answer, self.right):
            return "wrong", "The size is right, the sign is not."
        return "wrong", f"{shown(answer)} is not it. {self.hint}".strip()

    def _diagnose_function(self, answer: Any) -> tuple[str, str]:
        if not callable(answer):
            return "unclear", f"{shown(answer)} is no function: define one with def and pass its name, without brackets."
        found = []
        for inputs in self.inputs:
            try:
                found.append(answer(*inputs))
            except (Exception, SystemExit) as error:  # whatever a learner's code does is an answer
                return "wrong", f"With {_call(inputs)} your function stopped: {type(error).__name__}: {error}."
            if _is_todo(found[-1]):
                return "todo", ""
        if same(found, [self.right(*inputs) for inputs in self.inputs]):
            return "right", self.because
        for wrong, shows in self.mistakes:
            if same(found, [wrong(*inputs) for inputs in self.inputs]):
                return "wrong", shows
        for inputs, value in zip(self.inputs, found):
            expected = self.right(*inputs)
            if not same(value, expected):
                return "wrong", f"With {_call(inputs)} it returns {shown(value)}; expected {shown(expected)}. {self.hint}"
        raise AssertionError("unreachable: some input must differ")

    def _other_kind(self, answer: Any) -> bool:
        if isinstance(self.right, tuple):
            return not isinstance(answer, tuple | list) or len(answer) != len(self.right)
        return isinstance(self.right, str) != isinstance(answer, str) or isinstance(answer, tuple | list)


def _is_todo(answer: Any) -> bool:
    parts = answer if isinstance(answer, tuple | list) else (answer,)
    return any(part is TODO or part is None or part is ... for part in parts)


def same(answer: Any, expected: Any) -> bool:
    """Equal as answers: counts exactly, other numbers to three digits, words whatever their case, tuples by part."""
    if isinstance(answer, bool):
        return False
    if isinstance(expected, str) or isinstance(answer, str):
        return isinstance(answer, str) and isinstance(expected, str) and answer.strip().lower() == expected.lower()
    if isinstance(expected, tuple | list):
        both = isinstance(answer, tuple | list) and len(answer) == len(expected)
        return both and all(map(same, answer, expected))
    try:
        tolerance = 1e-9 if isinstance(expected, int) else TOLERANCE
        return math.isclose(float(answer), float(expected), rel_tol=tolerance, abs_tol=1e-9)
    except Exception:  # a learner's object may do anything when it is asked for a number
        return False


def _kind(right: Any) -> str:
    if isinstance(right, tuple):
        return f"{len(right)} numbers in brackets, separated by commas"
    return "a word in quotes" if isinstance(right, str) else "a number"


def shown(value: Any) -> str:
    try:
        return f"{value:.6g}" if isinstance(value, float) else repr(value)[:60]
    except Exception:
        return f"something of type {type(value).__name__}"


def _call(inputs: tuple) -> str:
    return ", ".join(shown(value) for value in inputs)


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
        return f'<div style="border-left: 4px solid {colour}; padding: 4px 12px">{escape(repr(self))}</div>'
