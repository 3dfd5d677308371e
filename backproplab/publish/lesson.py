"""A lesson for a reader without Python: the notebook after a run as HTML, its explorers alive, its answers folded.

Where the notebook waits for an answer, a prediction shows what each guess tells, once it is opened, and an exercise has
its hints and its worked solution; what a prediction reveals is closed at first.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any

from ..course.catalogue import EXERCISES
from ..course.exercises import told
from ..explore.page import own_traits
from .notebook import markdown

ASKED = re.compile(r'\b(predict|Predict|check|exercise)\("([^"]+)"')
SIGN = re.compile(r'<math [^>]*display="inline"((?!</math>).)*</math>[,.;:?!)]+', re.DOTALL)  # no comma begins a line
WIDE = re.compile(r'<table>.*?</table>|<math [^>]*display="block".*?</math>', re.DOTALL)  # may need to be scrolled
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)


class Shelf:
    """The files beside the pages of a site: a module for each kind of explorer, the state of each, pictures of pixels."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = 0
        for name in ("explorers", "pictures"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def explorer(self, state: Any, twin: str) -> str:
        """The place of an explorer, which site.js brings to life; until then, its twin (SVG)."""
        kind = state["_anywidget_id"].rpartition(".")[2]
        self.places += 1
        self._tell(kind, state["_esm"])
        self._tell(str(self.places), own_traits(state))
        return (
            f'<div class="explorer picture" role="group" aria-label="Explorer" data-explorer="{self.places}" '
            f'data-module="{kind}">{twin}</div>'
        )

    def _tell(self, name: str, what: Any) -> None:
        """A file that says it to site.js; a page from a disk may run a script, and may not fetch anything."""
        text = f"told({json.dumps(name)}, {json.dumps(what, ensure_ascii=False)});\n"
        (self.folder / "explorers" / f"{name}.js").write_text(text, encoding="utf-8")

    def pixels(self, image: str) -> str:
        """An `<img>` with its PNG inside, as one whose PNG is a file."""
        png = b64decode(re.search(r'base64,([^"]+)', image)[1])
        name = f"{sha256(png).hexdigest()[:12]}.png"
        (self.folder / "pictures" / name).write_bytes(png)
        width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        alt, wide = re.search(r'alt="(.*?)" width="(\d+)"', image).groups()
        size = f'width="{wide}" height="{round(int(wide) * height / width)}"'
        return f'<div class="picture"><img alt="{alt}" {size} loading="lazy" src="pictures/{name}"></div>'


def lesson(notebook: Any, shelf: Shelf, start: str) -> tuple[str, list[tuple[str, str]]]:
    """The lesson as HTML, and its table of contents: (anchor, HTML of the heading) for each part.

    `start` is HTML that follows the first cell.
    """
    first, *others = notebook.cells
    blocks = [block for cell in others for block in read(cell, shelf)]
    return anchored("\n".join([*read(first, shelf), start, *blocks]))


def read(cell: Any, shelf: Shelf) -> Iterator[str]:
    """What a reader sees of a cell, block by block."""
    if cell.cell_type == "markdown":
        yield words(cell.source)
        return
    asked = ASKED.search(cell.source)
    if not cell.source.startswith("Predict("):
        yield code(cell.source)
    seen = [it for it in cell.outputs if not waiting(it)]
    blocks = [output(it, shelf) for it in seen]
    if "reveal(" in cell.source and blocks:
        yield folded("Guess first, then open", "\n".join(blocks), "reveal")
    else:
        yield from blocks
    if asked and len(seen) < len(cell.outputs):
        call, name = asked.groups()
        box = cell.outputs[0].get("metadata", {}).get("explorer", {}).get("_asked", {})
        yield prediction(name, box) if call.lower() == "predict" else task(name)


def waiting(output: Any) -> bool:
    """Whether an output only says that there is no answer yet."""
    kind = output.get("metadata", {}).get("explorer", {}).get("_anywidget_id", "")
    return output.get("data", {}).get("text/plain", "").startswith("○ ") or kind.endswith(".Predict")


def output(it: Any, shelf: Shelf) -> str:
    """An output as HTML."""
    data = it.get("data", {})
    html = data.get("text/html", "")
    twin = "".join(data.get("image/svg+xml", ""))
    if state := it.get("metadata", {}).get("explorer"):
        return shelf.explorer(state, twin)
    if twin:
        return f'<div class="picture">{twin}</div>'
    if html.startswith("<img"):
        return shelf.pixels(html)
    if html:
        return text(html)
    if "text/markdown" in data or "text/latex" in data:
        return words(data.get("text/markdown") or data["text/latex"])
    return f'<pre class="printed">{escape(it.get("text") or data.get("text/plain", ""))}</pre>'


# ---- where the notebook waits for an answer -----------------------------------------------------------


def prediction(name: str, box: Mapping[str, Any]) -> str:
    """A question to guess at, from its box if it has one; what it is, and what other guesses show, is folded."""
    exercise = EXERCISES[name]
    labels = dict(box["labels"]) if box.get("kind") == "choice" else {}
    of = f" ({escape(', '.join(labels.values()))})" if labels else ""

    def said(guess: Any) -> str:
        if isinstance(guess, str):
            return escape(labels.get(guess, guess))
        short = float(guess) if isinstance(guess, int) and abs(guess) > 10**9 else guess
        return escape(told(short).replace("-", "−"))

    mistakes = dict(exercise.mistakes).items()
    others = "".join(f"<dt>{said(guess)}</dt><dd>{escape(shows)}</dd>" for guess, shows in mistakes)
    answer = f"<p>It is <strong>{said(exercise.right)}</strong>. {escape(exercise.because)}</p>"
    if others:
        answer += f"<p>If your guess was another one:</p><dl>{others}</dl>"
    question = escape(box.get("question") or "Your guess?")
    words = f"<p><strong>{question}</strong>{of} Say it aloud or write it down: a wrong guess teaches more than none.</p>"
    return f'<div class="task">{words}{folded("I have guessed: what is it?", answer)}</div>'


def task(name: str) -> str:
    """An exercise: what is asked stands above it; its hints and its solution are folded."""
    exercise = EXERCISES[name]
    hints = [folded(f"Hint {i}", words(hint)) for i, hint in enumerate(exercise.hints, 1)]
    solved = exercise.worked()
    parts = [*hints, *([folded("A worked solution", words(solved))] if solved else [])]
    there = '<a href="#notebook">in the notebook</a>'
    start = f"<p><strong>An exercise.</strong> You type your answer {there}, which says what it shows.</p>"
    return f'<div class="task">{start}{"".join(parts)}</div>'


def folded(summary: str, html: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f"<details{named}><summary>{summary}</summary>\n{html}\n</details>"


# ---- texts ------------------------------------------------------------------------------------------


def words(source: str) -> str:
    """A text in Markdown; what may be too wide in it can be scrolled."""
    return text(markdown(source))


def text(html: str) -> str:
    html = html.replace("<th></th>", "<td></td>")  # a heading that says nothing is none
    for found, kind in ((SIGN, "whole"), (WIDE, "wide")):
        html = found.sub(rf'<span class="{kind}">\g<0></span>', html)
    return f'<div class="words">{html}</div>'


def code(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight code"))


def anchored(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The same with an anchor on each heading, and the anchors and texts of those of the second rank.

    >>> anchored("<h2>In five lines</h2><h3>In <b>five</b> lines</h3>")[1]
    [('in-five-lines', 'In five lines')]
    """
    found: dict[str, str] = {}
    contents = []

    def named(heading: re.Match) -> str:
        rank, text = heading.groups()
        plain = unescape(re.sub(r"<.*?>", "", text))
        name = re.sub(r"\W+", "-", plain.lower()).strip("-") or "part"
        while name in found:
            name += "-"
        found[name] = text
        if rank == "2":
            contents.append((name, text))
        link = f'<a class="anchor" href="#{name}" aria-label="Link to this part">#</a>'
        return f'<h{rank} id="{name}">{text} {link}</h{rank}>'

    return HEADING.sub(named, html), contents
