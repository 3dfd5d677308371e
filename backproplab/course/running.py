"""Running a learner's code so that whatever it does, the notebook goes on: it gets copies, a time limit and no screen."""

from __future__ import annotations

import ctypes
import io
import linecache
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

SECONDS = 5.0  # for one call; what is asked in the course takes milliseconds
KEPT = 200  # characters of what was printed


class _Stop(BaseException):
    """Raised in a learner's code when its time is over; no Exception, so that their `except Exception` lets it pass."""


@dataclass(slots=True)
class Outcome:
    """What a call did: the value returned or else the `problem`, a sentence; what it printed; whether its inputs changed."""

    value: Any = None
    problem: str = ""
    error: BaseException | None = None
    printed: str = ""
    changed: bool = False


def run(function: Callable, inputs: Sequence[Any]) -> Outcome:
    """Call a function on copies of the inputs, for at most SECONDS. Whatever it raises becomes the outcome's problem.

    >>> run(lambda x: 1 / x, [0]).problem
    'your code stopped with ZeroDivisionError: division by zero.'
    """
    # A loop without end must be stopped without ending the kernel, on every system: signals reach the main thread
    # only, and not on Windows; another process would not know what the learner has defined. So the call runs in a
    # thread, and when its time is over an exception is raised in that thread from here, which CPython can do.
    outcome = Outcome()
    screen = _Screen()
    given = deepcopy(tuple(inputs))
    lock, over = threading.Lock(), threading.Event()

    def work() -> None:
        try:
            try:
                before = _facts(given)
                outcome.value = function(*given)
                outcome.changed = _facts(given) != before
            except BaseException as error:  # whatever a learner's code does is an answer
                outcome.error = error
            with lock:
                over.set()
            for _ in range(2):  # a stop that was sent just before arrives in a loop, so here at the latest
                pass
        except _Stop:
            over.set()

    with redirect_stdout(screen), redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:  # not thread.join: interrupted, it takes the thread for ended, and the interpreter crashes (Python 3.11)
            in_time = over.wait(SECONDS)
        except KeyboardInterrupt:  # the learner has pressed the stop button, which comes to the same
            in_time = False
        for _ in range(40):  # more than once, because a bare `except` swallows it
            with lock:
                if over.is_set():
                    break
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Stop))
            over.wait(0.05)
    printed = screen.text()
    if not in_time:
        stopped = "was stopped" if over.is_set() else "does not let itself be stopped; restart the kernel"
        problem = f"your code does not come to an end, and {stopped}. Is there a loop whose condition stays true?"
        return Outcome(problem=problem, printed=printed)
    outcome.printed = printed
    if outcome.error is not None:
        outcome.problem = _problem(outcome.error)
    return outcome


def _problem(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "your code calls itself without end. Which call should answer without calling again?"
    if isinstance(error, SystemExit):
        return "your code ends Python: write return instead of exit()."
    try:
        said = f"{type(error).__name__}: {error}".rstrip(": ").partition("\n")[0]
    except Exception:
        said = type(error).__name__
    return f"your code stopped with {said.rstrip('.')}{_place(error)}."


def _place(error: BaseException) -> str:
    """The line of a learner's own code where it happened: the last one in a cell."""
    lines = [
        linecache.getline(frame.f_code.co_filename, number).strip()
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") == "__main__"
    ]
    return f", in the line: {lines[-1]}" if lines and lines[-1] else ""


def _facts(value: Any) -> Any:
    """What would differ if a function had changed it: the numbers in lists, dictionaries and arrays, and which objects they hold."""
    if isinstance(value, list | tuple):
        return [_facts(part) for part in value]
    if isinstance(value, Mapping):
        return [(key, _facts(part)) for key, part in value.items()]
    if hasattr(value, "tolist"):
        return repr(value.tolist())
    return value if isinstance(value, str | int | float) else id(value)


class _Screen(io.TextIOBase):
    """Takes what is printed and keeps the beginning, because an endless loop may print without end."""

    def __init__(self) -> None:
        self.kept = ""

    def write(self, text: str) -> int:
        if len(self.kept) <= KEPT:
            self.kept += text[: KEPT + 1]
        return len(text)

    def text(self) -> str:
        kept = " ".join(self.kept.split())
        return kept if len(kept) <= KEPT else kept[:KEPT] + "…"
