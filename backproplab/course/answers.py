"""What a learner calls: `check` an answer, `predict` before looking."""

from __future__ import annotations

from typing import Any

from .catalogue import EXERCISES
from .exercises import Exercise, Feedback, shown
from .progress import note


def check(name: str, answer: Any) -> Feedback:
    """What your answer to an exercise shows; it is noted in your progress. Never raises for a wrong answer.

    >>> check("01.slope-of-3xx-4x", 20)
    ✗ 20 is the value of 3x² + 4x at 2, and also what 6x + 4x gives. The slope is how fast it grows: 6x + 4.
    >>> from backproplab.course import TODO
    >>> check("01.slope-of-3xx-4x", TODO)
    ○ Not tried yet: put your answer in place of TODO and run this cell again.
    """
    verdict, words = _exercise(name).diagnose(answer)
    if verdict == "todo":
        words = "Not tried yet: put your answer in place of TODO and run this cell again."
    if verdict == "right":
        words = f"Right. {words}"
    note(name, verdict)
    return Feedback(verdict, words)


def predict(name: str, guess: Any) -> Feedback:
    """Your prediction against what happens. Nothing is revealed before you have made one."""
    exercise = _exercise(name)
    verdict, words = exercise.diagnose(guess)
    if verdict == "todo":
        words = "No prediction yet. Guess first, in place of TODO: a wrong guess teaches more than none."
    elif verdict == "right":
        words = f"You predicted {shown(guess)}, and so it is. {words}"
    elif verdict == "wrong":
        words = f"You predicted {shown(guess)}. {words} It is {shown(exercise.right)}: {exercise.because}"
    note(name, verdict)
    return Feedback(verdict, words)


def _exercise(name: str) -> Exercise:
    if name not in EXERCISES:
        raise KeyError(f"There is no exercise called {name!r}; those of this notebook are {_siblings(name)}.")
    return EXERCISES[name]


def _siblings(name: str) -> str:
    return ", ".join(known for known in EXERCISES if known[:2] == name[:2]) or ", ".join(EXERCISES)
