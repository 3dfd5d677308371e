"""Exercises: not tried yet, right, or which mistake this is; and never a traceback."""

from __future__ import annotations

import base64
import math
import re
import sys

import pytest

from backproplab.course import TODO, check, hint, predict, progress, reveal, solution
from backproplab.course.catalogue import EXERCISES
from backproplab.course.progress import FILE, PROGRESS

NAMES = list(EXERCISES)


@pytest.mark.parametrize("name", NAMES)
def test_the_right_answer_is_right(name):
    exercise = EXERCISES[name]
    for ask in (check, predict):
        assert ask(name, exercise.right).verdict == "right"
    assert exercise.because in check(name, exercise.right).words


@pytest.mark.parametrize("name", NAMES)
def test_each_mistake_has_a_message_of_its_own(name):
    exercise = EXERCISES[name]
    mistakes = dict(exercise.mistakes)
    assert len(set(mistakes.values())) == len(mistakes)
    for wrong, shows in mistakes.items():
        feedback = check(name, wrong)
        assert (feedback.verdict, feedback.words) == ("wrong", shows)
        assert predict(name, wrong).verdict == "wrong"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stub", [TODO, None, ..., (TODO, 1.0)], ids=repr)
def test_a_stub_is_not_tried_yet_and_reveals_nothing(name, stub):
    exercise = EXERCISES[name]
    answer = (lambda *inputs: stub) if exercise.inputs else stub
    assert check(name, answer).words.startswith("Not tried yet")
    assert predict(name, answer).words.startswith("No prediction yet")


def raising(*inputs):
    raise RuntimeError("oh")


class Awkward:
    def __repr__(self):
        raise RuntimeError("no")

    __float__ = __neg__ = __repr__


STRANGE = {
    "huge": 10**400, "returns huge": lambda *inputs: 10**400, "exits": lambda *inputs: sys.exit(3),
    "awkward": Awkward(), "returns awkward": lambda *inputs: Awkward(), "bools": (True, True, True),
    "text": "nonsense", "number": -12345.678, "nan": math.nan, "inf": math.inf, "bool": True, "complex": 1j,
    "list": [], "dict": {}, "mixed": (1, "two", 3), "object": object(), "bytes": b"x", "raises": raising,
    "no inputs": lambda: 3, "returns text": lambda *inputs: "text", "returns nan": lambda *inputs: math.nan,
    "returns a list": lambda *inputs: [inputs] * 3,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
def test_whatever_is_answered_is_answered_in_words(name, answer):
    feedback = check(name, answer)
    assert feedback.verdict in ("wrong", "unclear")
    assert feedback.words.strip() and "Traceback" not in repr(feedback)


def test_an_answer_of_another_kind_reveals_nothing():
    for ask in (check, predict):
        assert repr(ask("01.slope-of-3xx-4x", "sixteen")) == "? Expected a number; got 'sixteen'."
        assert repr(ask("00.knob", 1)) == "? Expected a word in quotes; got 1."


def test_a_sign_error_is_named():
    name = next(name for name, exercise in EXERCISES.items() if exercise.right == 16)
    assert check(name, -16).words == "The size is right, the sign is not."


def test_feedback_carries_a_sign_and_not_only_a_colour():
    feedback = check("01.slope-of-3xx-4x", 16)
    assert repr(feedback).startswith("✓ Right.")
    assert "✓ Right." in feedback._repr_html_()


CALLS = {"check": lambda name: check(name, 1), "predict": lambda name: predict(name, 1), "reveal": lambda name: reveal(name, list)}


@pytest.mark.parametrize("call", [*CALLS.values(), hint, solution], ids=[*CALLS, "hint", "solution"])
def test_an_exercise_that_does_not_exist_is_said_in_words(call):
    assert repr(call("01.slope-of-3xx-4y")) == "? There is no exercise called '01.slope-of-3xx-4y'; did you mean '01.slope-of-3xx-4x'?"
    assert "those of this notebook are 01.corner, " in call("01.????????").words


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A folder of a learner who has just begun."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(PROGRESS)
    return tmp_path


def row(notebook: str) -> str:
    return next(line for line in str(progress()).splitlines() if line.startswith(f"  {notebook}:"))


def test_progress_counts_tries_until_an_answer_is_right(fresh):
    asked = sum(name.startswith("03.") for name in NAMES)
    assert row("03") == f"  03: 0 of {asked} right"
    check("03.forty", TODO)
    check("03.forty", "no number")
    assert not (fresh / FILE).exists()
    check("03.forty", 10)
    assert row("03") == f"  03: 0 of {asked} right, after 1 try"
    predict("03.forty", 40)
    check("03.forty", 25)  # trying what a wrong answer says takes nothing away
    assert row("03") == f"  03: 1 of {asked} right, after 2 tries"
    assert str(progress()).startswith(f"1 of {len(NAMES)} exercises")
    assert [path.name for path in fresh.iterdir()] == [FILE]


def test_progress_survives_a_move_to_another_machine(fresh):
    check("03.forty", 40)
    check("01.slope-of-3xx-4x", 20)
    saved = progress().download()
    assert str(saved) == f"{FILE}: 2 exercises"
    (fresh / "saved.json").write_text(saved.text)
    progress().reset()
    assert str(progress()).startswith("0 of ")
    check("01.slope-of-3xx-4x", 16)
    restored = progress().restore("saved.json")
    assert str(restored) == str(progress()) and str(restored).startswith("2 of ")
    progress().reset("03")
    assert str(progress()).startswith("1 of ")


def test_the_link_to_the_progress_holds_it(fresh):
    check("03.forty", 40)
    saved = progress().download()
    link = re.search('download="(.*?)" href="data:application/json;base64,(.*?)"', saved._repr_html_())
    assert link[1] == FILE and base64.b64decode(link[2]).decode() == saved.text


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"exercises": 3}', '{"exercises": {"03.forty": {}}}', "\0"])
def test_a_damaged_file_is_said_in_words_and_stops_nobody(fresh, damage):
    (fresh / FILE).write_text(damage)
    assert str(progress()).startswith("0 of ")
    with pytest.raises(ValueError, match="holds no progress of this course"):
        progress().restore(FILE)
    check("03.forty", 40)
    assert str(progress()).startswith("1 of ")


def test_a_missing_file_is_said_in_words(fresh):
    with pytest.raises(ValueError, match="There is no file 'saved.json' here: upload it"):
        progress().restore("saved.json")


def test_where_nothing_can_be_written_answers_come_all_the_same(fresh, monkeypatch):
    monkeypatch.setenv(PROGRESS, str(fresh / "no such folder" / "progress.json"))
    assert check("03.forty", 40).verdict == "right"
    assert str(progress()).startswith("1 of ")  # as long as this kernel lives
    assert not (fresh / "no such folder").exists()
