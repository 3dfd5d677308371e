"""What a learner has done so far: a small file beside the notebooks, which can be carried to another machine."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from .catalogue import EXERCISES

FILE = "backproplab-progress.json"
PROGRESS = "BACKPROPLAB_PROGRESS"  # the environment variable that names another file
TRIED = ("wrong", "right")  # the verdicts that count as an attempt; the others say that there was none


@dataclass(frozen=True, slots=True)
class Attempts:
    """What happened at one exercise: how often it was tried, until it was right if it ever was."""

    tries: int
    right: bool

    def __or__(self, other: Attempts) -> Attempts:
        return Attempts(max(self.tries, other.tries), self.right or other.right)


def location() -> Path:
    """Where the progress is kept: beside the notebook, or where the environment variable PROGRESS says."""
    return Path(os.environ.get(PROGRESS) or FILE)


def note(name: str, verdict: str) -> None:
    """Remember the verdict on an attempt at an exercise. Where nothing can be written, nothing is remembered."""
    if verdict in TRIED:
        found = _read_ours()
        before = found.get(name, Attempts(0, False))
        if not before.right:
            _write(found | {name: Attempts(before.tries + 1, verdict == "right")})


class Progress:
    """An overview of a learner's progress, as the file says at this moment."""

    def __init__(self) -> None:
        self.attempts = _read_ours()

    def download(self) -> Download:
        """A link that saves the progress as a file, to be given to `restore` on another machine."""
        return Download(json.dumps(_plain(self.attempts), indent=1))

    def restore(self, path: str | Path = FILE) -> Progress:
        """Add what is in a file that was downloaded earlier, and was uploaded beside this notebook.

        Nothing is lost: of an exercise that both know, the better result counts. Raises a ValueError if the
        file is not there or is none of ours.
        """
        saved = _read(Path(path))
        found = _read_ours()
        _write(found | {name: found.get(name, attempts) | attempts for name, attempts in saved.items()})
        return Progress()

    def reset(self, notebook: str = "") -> None:
        """Forget everything, or what was done in one notebook (its number, as in "03")."""
        kept = {name: done for name, done in _read_ours().items() if notebook and _notebook(name) != notebook}
        _write(kept)

    def _rows(self) -> list[tuple[str, int, int, int]]:
        """For each notebook: its number, how many exercises are right, how many there are, and all tries."""
        rows = []
        for notebook in sorted({*map(_notebook, EXERCISES)}):
            names = [name for name in EXERCISES if _notebook(name) == notebook]
            done = [self.attempts[name] for name in names if name in self.attempts]
            rows.append((notebook, sum(one.right for one in done), len(names), sum(one.tries for one in done)))
        return rows

    def _total(self) -> str:
        right, count, _ = (sum(column) for column in list(zip(*self._rows()))[1:])
        return f"{right} of {count} exercises and predictions right so far"

    def __repr__(self) -> str:
        lines = [f"  {notebook}: {right} of {count} right{_after(tries)}" for notebook, right, count, tries in self._rows()]
        return "\n".join([self._total(), *lines])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{notebook}</td><td><progress value='{right}' max='{count}'></progress></td>"
            f"<td>{right} of {count} right{_after(tries)}</td></tr>"
            for notebook, right, count, tries in self._rows()
        )
        return f"<table><caption>{self._total()}</caption><tr><th>Notebook</th><th></th><th></th></tr>{rows}</table>"


def progress() -> Progress:
    """How far you have come; `.download()`, `.restore()` and `.reset()` take it with you, back, and away."""
    return Progress()


@dataclass(frozen=True, slots=True, repr=False)
class Download:
    """A file that is offered as a link, made of its text."""

    text: str

    def __repr__(self) -> str:
        return f"{FILE}: {len(json.loads(self.text)['exercises'])} exercises"

    def _repr_html_(self) -> str:
        source = b64encode(self.text.encode()).decode()
        return f'<a download="{FILE}" href="data:application/json;base64,{source}">Save {escape(repr(self))}</a>'


def _after(tries: int) -> str:
    return f", after {tries} {'try' if tries == 1 else 'tries'}" if tries else ""


def _notebook(name: str) -> str:
    return name.partition(".")[0]


def _plain(attempts: Mapping[str, Attempts]) -> dict[str, Any]:
    return {"exercises": {name: {"tries": done.tries, "right": done.right} for name, done in sorted(attempts.items())}}


def _read_ours() -> dict[str, Attempts]:
    """The progress of this learner; a file that somebody damaged is left alone until the next attempt."""
    try:
        return _read(location())
    except ValueError:
        return {}


def _read(path: Path) -> dict[str, Attempts]:
    try:
        exercises = json.loads(path.read_text(encoding="utf-8"))["exercises"]
        return {str(name): Attempts(int(done["tries"]), done["right"] is True) for name, done in exercises.items()}
    except OSError:
        raise ValueError(f"There is no file {path.name!r} here: upload it into the folder of this notebook first.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(f"{path.name!r} holds no progress of this course; expected a file made by progress().download().") from None


def _write(attempts: Mapping[str, Attempts]) -> None:
    path = location()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:  # first beside it, then in its place: an interruption never leaves half a file
        beside.write_text(json.dumps(_plain(attempts), indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError:
        pass
