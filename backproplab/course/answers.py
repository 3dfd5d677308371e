"""What a learner calls: `check` an answer, `predict` before looking, ask for a `hint` or a `solution`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from types import FunctionType
from typing import Any

from .catalogue import EXERCISES
from .exercises import Diagnosis, Exercise, Feedback, shown
from .progress import attempts, note, take

REVEAL = "BACKPROPLAB_REVEAL"  # the environment variable that opens all reveals if it is "open", for a deck of slides

MOST = 6  # words that an answer is one of; where there are more, they are free


def _known(call: Callable[..., Any]) -> Callable[..., Any]:
    """Says in words if there is no exercise of the name that a learner has given."""

    @wraps(call)
    def asked(name: str, *arguments: Any) -> Any:
        if isinstance(name, str) and name in EXERCISES:
            return call(name, *arguments)
        siblings = [known for known in EXERCISES if known[:2] == str(name)[:2]] or [*EXERCISES]
        meant = get_close_matches(str(name), siblings, n=1)
        which = f"did you mean {meant[0]!r}?" if meant else f"those of this notebook are {', '.join(siblings)}."
        return Feedback("unclear", f"There is no exercise called {shown(name)}; {which}")

    return asked


@_known
def check(name: str, answer: Any) -> Feedback:
    """What your answer to an exercise shows; it is noted in your progress. Never raises.

    >>> check("01.rule-power", 8)
    ✗ 8 is the value of x³ at 2. The slope is 3x².
    >>> from backproplab.course import TODO
    >>> check("01.rule-power", TODO)
    ○ Not tried yet: put your answer in place of TODO and run this cell again. Stuck? hint("01.rule-power")
    """
    exercise = EXERCISES[name]
    verdict, words, named = _diagnosed(exercise, answer)
    note(name, verdict, answer)
    if verdict == "todo":
        words = words or "Put your answer in place of TODO and run this cell again."
        words = f"Not tried yet: {words[0].lower()}{words[1:]}"
    if verdict == "right":
        words = f"Right. {words}"
    stuck = exercise.hints and (verdict == "todo" or not named)
    return Feedback(verdict, f'{words} Stuck? hint("{name}")' if stuck else words)


def exercise(name: str) -> Callable[[Any], Any]:
    """Above a function or a class of yours: shows what `check` says about it.

    If it is right, the cells below use yours, otherwise the reference, so that they can run.

    >>> from backproplab.course import TODO
    >>> @exercise("03.chain")
    ... def chain(links, x):
    ...     return TODO
    ○ Not tried yet: put your answer in place of TODO and run this cell again. Stuck? hint("03.chain")
      Until yours is right, the cells below use ours.
    >>> chain([(abs, abs)], 3.0)
    3.0
    """

    def examine(learners: Any) -> Any:
        _bind(learners)
        feedback = check(name, learners)
        if feedback.verdict == "right" or name not in EXERCISES:
            _show(feedback)
            return learners
        _show(Feedback(feedback.verdict, f"{feedback.words}\n  Until yours is right, the cells below use ours."))
        return EXERCISES[name].right

    return examine


@_known
def predict(name: str, guess: Any) -> Feedback:
    """Your prediction against what happens. Nothing is revealed before you have made one."""
    exercise = EXERCISES[name]
    verdict, words, named = _diagnosed(exercise, guess)
    note(name, verdict, guess)
    if verdict == "todo":
        words = "No prediction yet. Guess first, in place of TODO: a wrong guess teaches more than none."
    elif verdict == "right":
        words = f"You predicted {shown(guess)}, and so it is. {words}"
    elif verdict == "wrong":
        remark = f"{words} " if named else ""
        words = f"You predicted {shown(guess)}. {remark}It is {shown(exercise.right)}: {exercise.because}"
    return Feedback(verdict, words)


@_known
def reveal(name: str, make: Callable[[], Any]) -> Any:
    """What `make()` gives, once the prediction was made, now or earlier; before that, a sentence that it is closed."""
    if attempts(name).tries or os.environ.get(REVEAL) == "open":
        made = make()
        return Sentence(made) if isinstance(made, str) else made
    return Feedback("todo", f"Closed until you have predicted: answer {name} above, then run this cell again.")


@_known
def hint(name: str) -> Feedback | Page:
    """The next hint to an exercise: a nudge first, then more. What you take is kept in your progress, and costs nothing."""
    hints = EXERCISES[name].hints
    if not hints:
        return Feedback("unclear", "A prediction has no hints: guess. A wrong guess teaches more than none.")
    number = attempts(name).hints + 1
    if number > len(hints):
        return Page("\n".join([*(f"{i}. {text}" for i, text in enumerate(hints, 1)), "", f'A worked solution: `solution("{name}")`']))
    take(name, hints=number)
    more = f'the next: `hint("{name}")`' if number < len(hints) else f'a worked solution: `solution("{name}")`'
    return Page(f"**Hint {number} of {len(hints)}.** {hints[number - 1]}\n\nStill stuck? Try what it says, then {more}")


@_known
def solution(name: str) -> Feedback | Page:
    """A worked solution, after an attempt of yours or all hints."""
    exercise, done = EXERCISES[name], attempts(name)
    if not exercise.worked():
        return Feedback("unclear", f'There is no solution to a prediction: predict("{name}", …) tells what happens.')
    if not done.tries and done.hints < len(exercise.hints):
        return Feedback("todo", f'The solution comes after an attempt of yours, however wrong, or after all hints: hint("{name}")')
    take(name, solution=True)
    return Page(exercise.worked())


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """A text in Markdown, which a notebook sets."""

    markdown: str

    def __repr__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown


class Sentence(str):
    """A text that a notebook shows without quotes."""

    __repr__ = str.__str__


def _bind(learners: Any) -> None:
    """Give it its name where it was defined, which otherwise happens after the check, too late if it calls itself."""
    functions = [learners, *vars(learners).values()] if isinstance(learners, type) else [learners]
    for function in functions:
        if isinstance(function, FunctionType):
            function.__globals__[learners.__name__] = learners


def _show(feedback: Feedback) -> None:
    try:
        from IPython.display import display
    except ImportError:
        print(feedback)
    else:
        display(feedback)


def _diagnosed(exercise: Exercise, answer: Any) -> Diagnosis:
    """The diagnosis; a word that is not among those to choose from is no attempt."""
    diagnosis = exercise.diagnose(answer)
    words = sorted({exercise.right, *exercise.mistakes}) if isinstance(exercise.right, str) else []
    if 0 < len(words) <= MOST and diagnosis.verdict == "wrong" and not diagnosis.named:
        choices = ", ".join(f'"{word}"' for word in words)
        return Diagnosis("unclear", f"{shown(answer)} is none of the answers: {choices}.")
    return diagnosis
