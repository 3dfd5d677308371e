"""From notebooks to a deck: keep what is shown to a class, write it into one HTML file.

What needs a learner's answer or Python is left out; a prediction becomes a vote. How much fits on a slide is decided
in the page, by deck.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from html import escape
from math import isclose
from numbers import Real
from pathlib import Path
from typing import Any

from ..course.catalogue import EXERCISES
from ..course.exercises import Exercise, told as said
from ..explore.page import machinery
from .assets import REVEALJS, fonts, inside, located
from .lectures import SIX, THREE, Lecture
from .notebook import kind, markdown, outputs, placed, run_all, title

HERE = Path(__file__).parent
PLANS = {"Three lectures": THREE, "Six lectures": SIX}
WAITS = re.compile(r"= *TODO\b|\bTODO *\)|^Predict\(", re.MULTILINE)  # code that waits for a learner's answer
ASKED = re.compile(r"\b[pP]redict\(\s*[\"']([^\"']+)")  # a prediction, and its name
COMMENT = re.compile(r"TODO +# (.*)")  # what it says beside TODO
HANDS = 6  # answers to vote on
MINUTES = re.compile(r"^(\d+) minutes?\b(, or leave it)?", re.MULTILINE)  # how notes begin
LASTS = re.compile(rf"{MINUTES.pattern}[^.]*", re.MULTILINE)  # the sentence that begins so
FOLDED = re.compile(r"</?details>|<summary>.*?</summary>", re.DOTALL)  # a lecturer's notes are closed in the notebook


def build(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Run these notebooks, and write a deck for each, one for each lecture that they make up, and index.html with all.

    Returns the files of the decks, which are in `folder`.
    """
    notebooks = run_all(paths)
    files = write(notebooks, folder)
    index = (HERE / "index.html").read_text(encoding="utf-8").replace("{contents}", contents(notebooks))
    (folder / "index.html").write_text(index, encoding="utf-8")
    return files


def write(notebooks: Mapping[str, Any], folder: Path) -> list[Path]:
    """The decks of these notebooks, which were run, as files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    decks = {name: deck(name, list(told(notebook.cells))) for name, notebook in notebooks.items()}
    for lectures in held(notebooks).values():
        for lecture in lectures:
            decks[lecture.name] = deck(lecture.title, list(spoken(lecture, notebooks)))
    for name, text in decks.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return [folder / f"{name}.html" for name in decks]


def held(notebooks: Mapping[str, Any]) -> dict[str, list[Lecture]]:
    """The lectures for which these notebooks are enough, by their plan."""
    enough = {
        plan: [lecture for lecture in lectures if {part.notebook for part in lecture.parts} <= notebooks.keys()]
        for plan, lectures in PLANS.items()
    }
    return {plan: lectures for plan, lectures in enough.items() if lectures}


def contents(notebooks: Mapping[str, Any]) -> str:
    """Links to the decks of these notebooks, with what the lectures tell and how long they take."""
    lists = [
        f"<h2>{plan}</h2>\n<ol>\n" + "\n".join(
            f'<li><a href="{lecture.name}.html">{escape(lecture.title)}</a>, {lecture.minutes} minutes<ul>'
            + "".join(f"<li>{escape(part.what)}, {part.minutes}</li>" for part in lecture.parts) + "</ul></li>"
            for lecture in lectures
        ) + "\n</ol>"
        for plan, lectures in held(notebooks).items()
    ]
    lessons = [f'<li><a href="{name}.html">{escape(title(it))}</a></li>' for name, it in notebooks.items()]
    return "\n".join([*lists, "<h2>A deck for each notebook</h2>\n<ul>", *lessons, "</ul>"])


def deck(title: str, cells: list[Any]) -> str:
    """These cells as slides, in a page with everything inside it. The cells are not changed."""
    from nbconvert import SlidesExporter
    from nbformat.v4 import new_notebook

    if not cells:
        raise ValueError(f"{title} has nothing to show: expected a cell that its slides do not skip.")
    cells = deepcopy(cells)
    for cell in cells:
        if cell.cell_type == "code" and "TODO" in cell.source:
            cell.outputs = []  # the verdict on an answer that nobody has given
        cell.metadata["silent"] = "reveal(" in cell.source or any(map(drawn, outputs([cell])))
    explorers = machinery(*placed(cells))
    exporter = SlidesExporter(
        template_name="backproplab",
        extra_template_basedirs=[str(HERE / "templates")],
        filters={"markdown2html": markdown},
    )
    parts = {"style": style(), "script": script(), "explorers": explorers}
    return exporter.from_notebook_node(new_notebook(cells=cells), {"deck": parts, "metadata": {"name": title}})[0]


# ---- what is shown to a class -----------------------------------------------------------------------


def told(cells: list[Any]) -> Iterator[Any]:
    """The cells for a class, with the lecturer's notes on each slide that they belong to."""
    from nbformat.v4 import new_markdown_cell

    kept: list[Any] = []
    for cell in cells:
        if kind(cell) == "skip":
            continue
        question = kept[-1] if kept and kept[-1].cell_type == "markdown" and kind(cell) not in ("slide", "subslide") else None
        if not waits(cell):
            kept.append(cell)
        elif asked := vote(cell, told_before=bool(question)):
            if question:  # which stays with the answers, however little room there is
                asked = new_markdown_cell(f"{question.source}\n\n{asked.source}", metadata=kept.pop().metadata)
            kept.append(asked)
    for i, cell in enumerate(kept):
        if kind(cell) == "notes":
            continue
        yield cell
        if i + 1 == len(kept) or kind(kept[i + 1]) in ("slide", "subslide", "notes"):
            if following := next((it for it in kept[i + 1 :] if kind(it) == "notes"), None):
                notes = {"slideshow": {"slide_type": "notes"}}
                yield new_markdown_cell(FOLDED.sub("", following.source), metadata=notes)


def spoken(lecture: Lecture, notebooks: dict[str, Any]) -> Iterator[Any]:
    """The cells of a lecture: its title, then what it takes of each notebook."""
    from nbformat.v4 import new_markdown_cell

    yield new_markdown_cell(lecture.opening(), metadata={"slideshow": {"slide_type": "slide"}})
    yield new_markdown_cell(lecture.timetable(), metadata={"slideshow": {"slide_type": "notes"}})
    for minute, part in lecture.starts():
        cells = notebooks[part.notebook].cells
        if lecture.whole:
            yield from told(list(timed(lectured(cells), minute)))
        else:  # of a stretch, only a part may be shown
            yield from tagged(told([clocked(cell, LASTS, f"{minute} to {minute + part.minutes}") for cell in cells]))


def timed(cells: Iterator[Any], minute: int) -> Iterator[Any]:
    """These cells, whose notes say when a stretch begins and ends in place of how long it takes."""
    for cell in cells:
        end = minute + (minutes(cell) if kind(cell) == "notes" else 0)
        yield clocked(cell, MINUTES, f"{minute} to {end}")
        minute = end


def clocked(cell: Any, lasts: re.Pattern, when: str) -> Any:
    """The same cell; if it is a lecturer's notes, a copy that says when, and not how long it `lasts`."""
    if kind(cell) != "notes":
        return cell
    cell = deepcopy(cell)
    cell.source = lasts.sub(f"**Minute {when}**", cell.source, count=1)
    return cell


def tagged(cells: Iterator[Any]) -> Iterator[Any]:
    """The slides that are tagged `lecture`."""
    shown = False
    for cell in cells:
        if kind(cell) in ("slide", "subslide"):
            shown = "lecture" in cell.metadata.get("tags", ())
        if shown:
            yield cell


def lectured(cells: list[Any]) -> Iterator[Any]:
    """The stretches of a notebook that have a lecturer's notes, if these do not allow to leave it out."""
    stretch: list[Any] = []
    for cell in cells:
        stretch.append(cell)
        if kind(cell) == "notes":
            if minutes(cell):
                yield from stretch
            stretch = []


def minutes(notes: Any) -> int:
    """How long a stretch takes, by the first words of its notes, such as "4 minutes."; 0 if it may be left out."""
    number, may_be_left = MINUTES.search(notes.source).groups()
    return 0 if may_be_left else int(number)


def vote(cell: Any, told_before: bool = False) -> Any:
    """What a class sees in place of a prediction's box: the question, and answers to raise a hand for.

    The question is that of the box, or what the code says beside TODO, unless it was told just before. The answers are
    the words to choose from, or the right number among those that come from mistakes. None if the cell asks for no
    prediction.
    """
    from nbformat.v4 import new_markdown_cell

    if not (asked := ASKED.search(cell.source)):
        return None
    box = next((it.metadata["explorer"]["_asked"] for it in outputs([cell]) if "explorer" in it.metadata), {})
    answers = [label for _, label in box["labels"]] if box.get("kind") == "choice" else hands(EXERCISES[asked[1]])
    list_of_answers = "".join(f"<li>{escape(answer)}</li>" for answer in answers)
    question = f"**{box['question']}**\n\n" if box.get("question") else ""
    if not question and not told_before and (beside := COMMENT.search(cell.source)):
        question = f"**{beside[1]}**\n\n"
    return new_markdown_cell(f'{question}<ul class="vote">{list_of_answers}</ul>', metadata=cell.metadata)


def hands(exercise: Exercise) -> list[str]:
    """The right answer among the first of the wrong ones, in an order that does not say which is right.

    >>> hands(Exercise(right=40, because="", mistakes={10: "", 25: "", 8: "", 40.1: ""}))
    ['8', '10', '25', '40']
    >>> hands(EXERCISES["05.forty"])
    ['billions', 'millions', 'thousands', 'trillions']
    """
    numbers, words = [], []
    for answer in (exercise.right, *exercise.mistakes):
        if not isinstance(answer, Real):
            words.append(said(answer))
        elif not any(isclose(answer, other, rel_tol=0.02) for other in numbers):
            numbers.append(answer)
    texts = [f"{it:,}" if isinstance(it, int) and it < 10**9 else f"{it:.4g}" for it in sorted(numbers[:HANDS])]
    return [it.replace("-", "−") for it in [*texts, *sorted(words[:HANDS])]]


def drawn(output: Any) -> bool:
    """Whether an output is a picture or an explorer: a class sees it without the code that made it."""
    data = output.get("data", {})
    return "explorer" in output.get("metadata", {}) or "image/svg+xml" in data or data.get("text/html", "").startswith("<img")


def waits(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(WAITS.search(cell.source))


# ---- what every deck has inside ---------------------------------------------------------------------


def style() -> str:
    from pygments.formatters import HtmlFormatter

    files = [located(f"{REVEALJS}/dist/reveal.css"), HERE / "deck.css"]
    sheets = [HtmlFormatter().get_style_defs(".highlight"), *(file.read_text(encoding="utf-8") for file in files)]
    return "\n".join([*fonts(), *sheets])


def script() -> str:
    files = [located(f"{REVEALJS}/dist/reveal.js"), located(f"{REVEALJS}/plugin/notes/notes.js"), HERE / "deck.js"]
    return "\n".join(f"<script>{inside(file.read_text(encoding='utf-8'))}</script>" for file in files)
