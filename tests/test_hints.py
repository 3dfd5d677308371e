"""What everything that is checked must offer: three hints, from a nudge to nearly the answer, and a solution that is right."""

from __future__ import annotations

import __future__
import ast
import inspect
import re

import pytest
from test_notebooks import PATHS, cells, names

from backproplab.course.catalogue import EXERCISES
from backproplab.course.exercises import plain, same

CHECKED = {name: path for path in PATHS for name in names(path, "check|exercise")}  # the others are predictions
checked = pytest.mark.parametrize("name", CHECKED)


def parts(right) -> list:
    """The numbers and words of which an answer consists."""
    right = list(right.values()) if isinstance(right, dict) else plain(right)
    return [part for parted in right for part in parts(parted)] if isinstance(right, list | tuple) else [right]


def tells(text: str, answer) -> bool:
    """Whether a text says an answer: a word, or a number in one of the ways to write it."""
    text = text.replace("{,}", "").replace("−", "-").replace("- ", "-").replace("¼", "1/4").replace("½", "1/2").lower()
    if isinstance(answer, str):
        return re.search(rf"(?<!\w){re.escape(answer.lower())}(?!\w)", text) is not None
    text = re.sub(r"\\[dt]?frac\{?(\d+)\}?\{?(\d+)\}?", r"\1/\2", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))
    found = re.findall(r"(-?\d+(?:\.\d+)?(?:e-?\d+)?)(?:/(\d+))?", text)
    return any(same(-number if turned else number, answer) for number in (float(a) / (float(b or 1) or 1) for a, b in found) for turned in (False, True))


@checked
def test_three_hints_and_a_solution(name):
    asked = EXERCISES[name]
    assert len(asked.hints) == 3 == len({hint.strip() for hint in asked.hints}) and all(hint.strip() for hint in asked.hints)
    assert asked.worked().strip(), "of a lambda, the solution must be written"


@checked
def test_the_first_hint_does_not_tell_the_answer(name):
    asked = EXERCISES[name]
    if callable(asked.right):
        assert "```" not in asked.hints[0] and "\n" not in asked.hints[0].strip()
    elif isinstance(asked.right, str):
        told = [tells(asked.hints[0], word) for word in (asked.right, *asked.mistakes)]
        assert not told[0] or sum(told) > 1, "naming all choices tells nothing"
    elif any(not isinstance(part, int) or abs(part) > 9 for part in parts(asked.right)):  # a digit may stand for something else
        assert not all(tells(asked.hints[0], part) for part in parts(asked.right))


@checked
def test_the_solution_is_right(name):
    """Run, if a function or a class is asked for, as it would be in place of the learner's; otherwise it says the answer."""
    asked, text = EXERCISES[name], EXERCISES[name].worked()
    if not asked.inputs:
        assert all(tells(text, part) for part in parts(asked.right) if not isinstance(part, bool))
        return
    cell = vars(inspect.getmodule(asked.right)) | {"__name__": "solution"}
    exec(cells(CHECKED[name], "code")[0].source, cell)
    code = "\n\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    exec(compile(code, "solution", "exec", __future__.annotations.compiler_flag), cell)
    *_, written = (node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    assert asked.diagnose(cell[written]).verdict == "right"


def test_predictions_have_neither():
    predictions = EXERCISES.keys() - CHECKED
    assert [name for name in sorted(predictions) if EXERCISES[name].hints or EXERCISES[name].solution] == []
