"""Running a learner's code so that whatever it does, the notebook goes on: it gets copies, a time limit and no screen."""

from __future__ import annotations

import _thread
import io
import linecache
import signal
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
FUNCTIONS = "'function'", "'builtin_function_or_method'", "'Function'"  # what Python, and our exercises, call one in a message


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
    outcome, screen = Outcome(), _Screen()
    given = deepcopy(tuple(inputs))

    def call() -> None:
        before = _facts(given)
        outcome.value = function(*given)
        outcome.changed = _facts(given) != before

    with redirect_stdout(screen), redirect_stderr(_Screen()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome.error = _within(SECONDS, call)
    outcome.printed = screen.text()
    if outcome.error is not None:
        outcome.problem = _problem(outcome.error)
    return outcome


def _within(seconds: float, call: Callable[[], None]) -> BaseException | None:
    """What a call raises; _Stop if its time is over, or somebody presses the stop button.

    A loop without end must be stopped without ending the kernel, on every system. Another process would not know what
    the learner has defined, and a thread cannot be stopped safely; but a signal reaches the main thread, where cells
    run, wherever it is. Elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        return _raised(call)
    running, over = True, threading.Event()

    def stop(*_: Any) -> None:
        if running:
            raise _Stop

    def watch() -> None:
        over.wait(seconds)
        while not over.wait(0.02):  # more than once, because a bare `except` swallows it
            _interrupt()

    watching = threading.Thread(target=watch, daemon=True)
    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, stop)
        watching.start()
        error = _raised(call)
        running = False
    except _Stop as late:  # not in the call, but between it and this line
        running, error = False, late
    over.set()
    watching.join()
    signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
    return error


def _raised(call: Callable[[], None]) -> BaseException | None:
    try:
        call()
    except BaseException as error:  # whatever a learner's code does is an answer
        return error
    return None


def _interrupt() -> None:
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # ends a sleep, too
    else:  # Windows
        _thread.interrupt_main()


def _problem(error: BaseException) -> str:
    if isinstance(error, _Stop):
        return "your code does not come to an end, and was stopped. Is there a loop whose condition stays true?"
    if isinstance(error, RecursionError):
        return "your code calls itself without end. Which call should answer without calling again?"
    if isinstance(error, SystemExit):
        return "your code ends Python: write return instead of exit()."
    try:
        said = f"{type(error).__name__}: {error}".rstrip(": ").partition("\n")[0]
    except Exception:
        said = type(error).__name__
    advice = ""
    if "for ^:" in said:
        advice = " In Python a power is written **, as in x**2."
    elif "unsupported operand" in said and any(kind in said for kind in FUNCTIONS):
        advice = " A function is no number; it gives one when it is called, as in f(x)."
    elif isinstance(error, UnboundLocalError):
        advice = " A function that sets a name with = or += has a name of its own, which is empty at first. To change a list from outside, use its append."
    return f"your code stopped with {said.rstrip('.')}{_place(error)}.{advice}"


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
