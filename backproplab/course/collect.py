"""The progress of a whole class, from the files that its learners have downloaded.

No line is wider than a terminal.
"""

from __future__ import annotations

import csv
import os
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from .catalogue import EXERCISES
from .exercises import told
from .progress import FILE, Attempts, read

WIDTH, NAME = 80, 18  # characters in a line, and in the column of the learners' names
MOST = 12  # exercises that are listed as those that stop people
NOTEBOOKS = sorted({name[:2] for name in EXERCISES})
PREDICTIONS = [name for name in EXERCISES if not EXERCISES[name].hints]  # what is only predicted has no hints

Class = Mapping[str, Mapping[str, Attempts]]  # of each learner, the attempts at each exercise


def collect(paths: Sequence[Path]) -> tuple[dict[str, dict[str, Attempts]], list[str]]:
    """The attempts of each learner in these files and folders, and a sentence about each file that is left out."""
    found: dict[str, dict[str, Attempts]] = {}
    left_out = []
    for root in paths:
        inside = (it for it in root.rglob("*.json") if not hidden(it.relative_to(root)))
        files = sorted(inside) if os.path.isdir(root) else [root]
        if not files:
            left_out.append(f"There is no file in {root} whose name ends in .json.")
        for file in files:
            try:
                attempts = read(file)
            except ValueError:
                why = f"{file} is left out: it holds no progress." if os.path.exists(file) else f"There is no file or folder {file}."
                left_out.append(why)
                continue
            name = learner(file, root if os.path.isdir(root) else root.parent)
            found[name if name not in found else str(file)] = attempts
    return found, left_out


def hidden(path: Path) -> bool:
    """Whether a file is one of those that programs keep for themselves, such as Jupyter's checkpoints."""
    return any(part.startswith(".") for part in path.parts)


def learner(file: Path, root: Path) -> str:
    """Whose file this is, which was found in `root`: by its name and folders, as far as they tell.

    >>> learner(Path("in/ada/backproplab-progress.json"), Path("in")), learner(Path("ada_backproplab-progress.json"), Path())
    ('ada', 'ada')
    """
    name = file.relative_to(root).with_suffix("").as_posix().replace(FILE.removesuffix(".json"), "").strip("/ _-")
    return name or file.resolve().parent.name


def lines(progress: Class) -> Iterator[str]:
    """The class as a table, the exercises that stop most people, and how many predicted what."""
    yield from done(progress)
    yield from stops(progress)
    yield from votes(progress)


def done(progress: Class) -> Iterator[str]:
    """A row for each learner: in each notebook, how many exercises and predictions were right."""
    rows = [("", *NOTEBOOKS, "all")]
    for name, attempts in progress.items():
        right = Counter(it[:2] for it in EXERCISES if it in attempts and attempts[it].right)
        rows.append((name, *(str(right[it] or "·") for it in NOTEBOOKS), str(right.total())))
    rows.append(("there are", *(str(sum(it[:2] == number for it in EXERCISES)) for number in NOTEBOOKS), str(len(EXERCISES))))
    yield f"Exercises and predictions right, of {len(progress)} learner{'s' * (len(progress) != 1)}, by notebook:"
    for name, *counts, total in rows:
        short = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
        yield f"  {short:{NAME}}{''.join(f'{it:>4}' for it in counts)}{total:>6}"


def stops(progress: Class) -> Iterator[str]:
    """The exercises that most people have tried and not solved, or solved only after looking at the solution."""
    stuck, tried = Counter(), Counter()
    for attempts in progress.values():
        for name, it in attempts.items():
            if name in EXERCISES and name not in PREDICTIONS:
                tried[name] += bool(it.tries or it.hints)
                stuck[name] += bool((it.tries or it.hints) and (it.solution or not it.right))
    yield from ("", "Not right, or only after the solution, of those who tried:")
    worst = [(name, count) for name, count in sorted(stuck.items(), key=lambda it: (-it[1], it[0])) if count][:MOST]
    for name, count in worst:
        yield from wrapped(f"  {name:24} {count:2} of {tried[name]:2}{first_answers(name, progress)}", 35)
    if not worst:
        yield "  nowhere"


def votes(progress: Class) -> Iterator[str]:
    """Of each prediction the answers that were given, the most frequent first."""
    yield from ("", "What was predicted:")
    given = [(name, first_answers(name, progress)) for name in PREDICTIONS]
    for name, answers in given:
        if answers:
            yield from wrapped(f"  {name:24} right: {told(EXERCISES[name].right)}{answers}", 27)
    if not any(answers for _, answers in given):
        yield "  nothing yet"


def first_answers(name: str, progress: Class) -> str:
    """How many learners gave which first answer, as in "; first: 20 (7), 19 (2)"."""
    counts = Counter(attempts[name].first for attempts in progress.values() if name in attempts and attempts[name].first)
    said = ", ".join(f"{answer} ({count})" for answer, count in sorted(counts.items(), key=lambda it: (-it[1], it[0])))
    return f"; first: {said}" if said else ""


def wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)


def save(progress: Class, path: Path) -> None:
    """Write a table with a row for each learner and each exercise that was tried, for other programs."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["learner", "exercise", "prediction", *(field.name for field in fields(Attempts))])
        for name, attempts in progress.items():
            rows.writerows(map(harmless, (name, it, it in PREDICTIONS, *astuple(made))) for it, made in attempts.items())


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula, whatever somebody has written into a file.

    >>> harmless("-5"), harmless("=1+1")
    ('-5', "'=1+1")
    """
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not re.fullmatch(r"-?[\d.e-]+", text) else cell
