"""From notebooks to a deck: keep what is shown to a class, write it into one HTML file.

What needs a learner's answer or Python is left out. How much fits on a slide is decided in the page, by deck.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from html import escape
from pathlib import Path
from typing import Any

from ..explore.page import machinery
from .assets import REVEALJS, fonts, inside, located
from .lectures import LECTURES, Lecture
from .notebook import kind, markdown, outputs, placed, run_all, title

HERE = Path(__file__).parent
WAITS = re.compile(r"= *TODO\b|\bTODO *\)|^Predict\(", re.MULTILINE)  # code that waits for a learner's answer
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
    for lecture in held(notebooks):
        decks[lecture.name] = deck(lecture.title, list(spoken(lecture, notebooks)))
    for name, text in decks.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return [folder / f"{name}.html" for name in decks]


def held(notebooks: Mapping[str, Any]) -> list[Lecture]:
    """The lectures for which these notebooks are enough."""
    return [lecture for lecture in LECTURES if {part.notebook for part in lecture.parts} <= notebooks.keys()]


def contents(notebooks: Mapping[str, Any]) -> str:
    """Links to the decks of these notebooks, with what they tell and how long the lectures take."""
    lectures = "".join(
        f'<li><a href="{lecture.name}.html">{escape(lecture.title)}</a>, {lecture.minutes} minutes'
        f"<ul>{''.join(f'<li>{escape(part.what)}, {part.minutes}</li>' for part in lecture.parts)}</ul></li>\n"
        for lecture in held(notebooks)
    )
    lessons = "".join(
        f'<li><a href="{name}.html">{escape(title(notebook))}</a></li>\n' for name, notebook in notebooks.items()
    )
    return f"<h2>Lectures</h2>\n<ul>\n{lectures}</ul>\n<h2>Lessons</h2>\n<ul>\n{lessons}</ul>" if lectures else f"<ul>\n{lessons}</ul>"


def deck(title: str, cells: list[Any]) -> str:
    """These cells as slides, in a page with everything inside it. The cells are not changed."""
    from nbconvert import SlidesExporter
    from nbformat.v4 import new_notebook

    cells = deepcopy(cells)
    for cell in cells:
        cell.metadata["picture"] = any(map(drawn, outputs([cell])))
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

    kept = [cell for cell in cells if kind(cell) != "skip" and not waits(cell)]
    for i, cell in enumerate(kept):
        if kind(cell) == "notes":
            continue
        yield cell
        if i + 1 == len(kept) or kind(kept[i + 1]) in ("slide", "subslide", "notes"):
            following = next((it for it in kept[i + 1 :] if kind(it) in ("slide", "notes")), None)
            if following and kind(following) == "notes":
                notes = {"slideshow": {"slide_type": "notes"}}
                yield new_markdown_cell(FOLDED.sub("", following.source), metadata=notes)


def spoken(lecture: Lecture, notebooks: dict[str, Any]) -> Iterator[Any]:
    """The cells of a lecture: its title, then of each notebook the slides that are tagged `lecture`."""
    from nbformat.v4 import new_markdown_cell

    yield new_markdown_cell(lecture.opening(), metadata={"slideshow": {"slide_type": "slide"}})
    for part in lecture.parts:
        shown = False
        for cell in told(notebooks[part.notebook].cells):
            if kind(cell) in ("slide", "subslide"):
                shown = "lecture" in cell.metadata.get("tags", ())
            if shown:
                yield cell


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
