"""What a learner has done so far: a small file beside the notebooks, which can be carried to another machine."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from .catalogue import EXERCISES
from .exercises import told

FILE = "backproplab-progress.json"
PROGRESS = "BACKPROPLAB_PROGRESS"  # the environment variable that names another file
_unwritten: dict[Path, Mapping[str, Attempts]] = {}  # where no file can be written, this kernel at least remembers
TRIED = ("wrong", "right")  # the verdicts that count as an attempt; the others say that there was none


@dataclass(frozen=True, slots=True)
class Attempts:
    """What happened at one exercise: how often it was tried, until it was right if it ever was, and which help was taken.

    `first` is the first answer, as a text, if that was no program.
    """

    tries: int = 0
    right: bool = False
    hints: int = 0
    solution: bool = False
    first: str = ""

    def __or__(self, other: Attempts) -> Attempts:
        """The better of each: nothing that was done is lost."""
        *mine, first = astuple(self)
        *theirs, others = astuple(other)
        return Attempts(*map(max, mine, theirs), first or others)


def location() -> Path:
    """Where the progress is kept: beside the notebook, or where the environment variable PROGRESS says."""
    return Path(os.environ.get(PROGRESS) or FILE)


def attempts(name: str) -> Attempts:
    """What happened at an exercise so far."""
    return _read_ours().get(name, Attempts())


def note(name: str, verdict: str, answer: Any) -> None:
    """Remember the verdict on an answer to an exercise; once it was right, nothing changes."""
    before = attempts(name)
    if verdict in TRIED and not before.right:
        first = before.first if before.tries or callable(answer) else told(answer)
        _write(_read_ours() | {name: replace(before, tries=before.tries + 1, right=verdict == "right", first=first)})


def take(name: str, hints: int = 0, solution: bool = False) -> None:
    """Remember which help with an exercise was taken."""
    _write(_read_ours() | {name: attempts(name) | Attempts(hints=hints, solution=solution)})


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
        saved = read(Path(path))
        found = _read_ours()
        _write(found | {name: found.get(name, attempts) | attempts for name, attempts in saved.items()})
        return Progress()

    def reset(self, notebook: str = "") -> None:
        """Forget everything, or what was done in one notebook (its number, as in "03")."""
        kept = {name: done for name, done in _read_ours().items() if notebook and _notebook(name) != notebook}
        _write(kept)

    def _rows(self) -> list[tuple[str, int, int, str]]:
        """For each notebook that was begun: its number, how many exercises are right, how many there are, what it took."""
        rows = []
        for notebook in sorted({_notebook(name) for name in self.attempts.keys() & EXERCISES.keys()}):
            names = [name for name in EXERCISES if _notebook(name) == notebook]
            done = [self.attempts[name] for name in names if name in self.attempts]
            rows.append((notebook, sum(one.right for one in done), len(names), _taken(done)))
        return rows

    def _total(self) -> str:
        return f"Exercises and predictions right so far: {sum(right for _, right, _, _ in self._rows())}"

    def __repr__(self) -> str:
        lines = [f"  {notebook}: {right} of {count} right{taken}" for notebook, right, count, taken in self._rows()]
        return "\n".join([self._total(), *lines])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{notebook}</td><td><progress value='{right}' max='{count}'></progress></td>"
            f"<td>{right} of {count} right{taken}</td></tr>"
            for notebook, right, count, taken in self._rows()
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


def _taken(done: Iterable[Attempts]) -> str:
    """What some exercises took, as in ", after 3 tries, 2 hints, 1 solution"; nothing that was not needed is mentioned."""
    counts = [sum(counted) for counted in zip(*((one.tries, one.hints, one.solution) for one in done))]
    words = [("try", "tries"), ("hint", "hints"), ("solution", "solutions")]
    said = [f"{count} {one if count == 1 else many}" for count, (one, many) in zip(counts, words) if count]
    return f", after {', '.join(said)}" if said else ""


def _notebook(name: str) -> str:
    return name.partition(".")[0]


def _plain(attempts: Mapping[str, Attempts]) -> dict[str, Any]:
    return {"exercises": {name: asdict(done) for name, done in sorted(attempts.items())}}


def read(path: Path) -> dict[str, Attempts]:
    """What a file says of each exercise; a ValueError, in one sentence, if it is not there or is none of ours."""
    try:
        exercises = json.loads(path.read_text(encoding="utf-8-sig"))["exercises"]  # an editor may have left its mark
        return {
            told(name): Attempts(
                tries=int(done["tries"]),
                right=done["right"] is True,
                hints=int(done.get("hints", 0)),
                solution=done.get("solution") is True,
                first=told(done.get("first", "")),
            )
            for name, done in exercises.items()
        }
    except OSError:
        raise ValueError(f"There is no file {path.name!r} here: upload it into the folder of this notebook first.") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise ValueError(f"{path.name!r} holds no progress of this course; expected a file made by progress().download().") from None


def _read_ours() -> dict[str, Attempts]:
    """The progress of this learner; a file that somebody damaged is left alone until the next attempt."""
    if location().absolute() in _unwritten:
        return _unwritten[location().absolute()]
    try:
        return read(location())
    except ValueError:
        return {}


def _write(attempts: Mapping[str, Attempts]) -> None:
    path = location()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:  # first beside it, then in its place: an interruption never leaves half a file
        beside.write_text(json.dumps(_plain(attempts), indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
        _unwritten.pop(path.absolute(), None)
    except OSError:
        _unwritten[path.absolute()] = dict(attempts)
