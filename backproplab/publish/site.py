"""The course as web pages: an index, a page for each notebook, the slides, and a gallery of all that can be drawn.

All links are relative, so the folder may lie under any address, or on a disk; nothing is asked of another host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from ..draw.paper import THEMES
from ..explore.explorer import HERE as EXPLORE
from ..explore.explorer import style
from ..explore.page import LIFE
from .assets import font
from .deck import contents, held, write
from .gallery import EXPLORERS, PICTURES, explorer, given
from .lesson import Shelf, anchored, code, lesson, output, words
from .notebook import markdown, run_all, title

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates" / "site"
ABOUT = "A course that lets you watch backpropagation, one number at a time, and build an engine that does it."
MATH = 5  # the number of the font for formulas
DARK = "@media (prefers-color-scheme: dark)"
WHITE = [  # white is the ground of a picture, cards on it, and letters in the dark fields of diagrams
    '.picture > svg [stroke="#ffffff"] { stroke: var(--ground); }',
    '.picture > svg [fill="#ffffff"] { fill: var(--ground); }',
    '.picture > svg [fill="#ffffff"][stroke] { fill: var(--card); }',
    '.picture > svg [fill="#262c33"] ~ g > text[fill="#ffffff"] { fill: var(--on_opaque); }',
]
IDEA = re.compile(r"^\| `(\d\d-[a-z-]+)` \| (.+) \|$", re.MULTILINE)  # a row of the README's table of notebooks
BINDER = re.compile(r"\(([^()\s]+/gh/([\w.-]+/[\w.-]+)/HEAD[^()\s]*?)00-start-here\.ipynb\)")  # the badge there


def site(paths: Sequence[Path], readme: Path, folder: Path) -> Path:
    """Run these notebooks and write the site into `folder`; returns its index.

    The `readme` says what each notebook is about, and where the course lies.
    """
    notebooks = run_all(paths)
    write(notebooks, folder / "slides")
    return Pages(folder, notebooks, readme.read_text(encoding="utf-8")).write()


class Pages:
    """The pages of a site, with what they have in common."""

    def __init__(self, folder: Path, notebooks: Mapping[str, Any], readme: str) -> None:
        self.folder, self.notebooks = folder, notebooks
        self.shelf = Shelf(folder)
        self.ideas = dict(IDEA.findall(readme))
        self.binder, self.repository = BINDER.search(readme).groups()

    def write(self) -> Path:
        (self.folder / "assets").mkdir(exist_ok=True)
        for name, text in {"site.css": stylesheet(), "math.css": font(MATH), "site.js": script()}.items():
            (self.folder / "assets" / name).write_text(text, encoding="utf-8")
        for name in self.notebooks:
            self.lesson(name)
        self.gallery()
        self.slides()
        return self.index()

    def page(self, file: str, title: str, about: str, main: str, parts: Sequence[tuple[str, str]] = ()) -> Path:
        """Write a page; `parts` make its table of contents."""
        links = "\n".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in parts)
        inside = f"<details><summary>On this page</summary>\n<ol>\n{links}\n</ol></details>"
        text = filled(
            "page", title=escape(title), about=escape(about), main=main, root="../" * file.count("/"),
            repository=self.repository,
            contents=f'<nav class="contents" aria-label="On this page">{inside}</nav>' if parts else "",
        )  # fmt: skip
        path = self.folder / file
        path.write_text(text, encoding="utf-8")
        return path

    def lesson(self, name: str) -> None:
        notebook = self.notebooks[name]
        start = filled("lesson", binder=f"{self.binder}{name}.ipynb", name=name)
        html, parts = lesson(notebook, self.shelf, start)
        about = plain(self.ideas.get(name, ABOUT))
        self.page(f"{name}.html", f"{title(notebook)} · backproplab", about, html + self.turn(name), parts)

    def turn(self, name: str) -> str:
        """Links to the lessons before and after."""
        names = list(self.notebooks)
        i = names.index(name)
        links = [
            f'<a class="{way.lower()}" href="{names[j]}.html"><small>{way}</small> {escape(title(self.notebooks[names[j]]))}</a>'
            for j, way in ((i - 1, "Previous"), (i + 1, "Next"))
            if 0 <= j < len(names)
        ]
        return f'<nav class="turn" aria-label="Lessons">{"".join(links)}</nav>'

    def index(self) -> Path:
        rows = "\n".join(
            f'<li><a href="{name}.html">{escape(title(notebook).partition(" ")[2])}</a> '
            f"<span>{inline(self.ideas.get(name, ''))}</span></li>"
            for name, notebook in self.notebooks.items()
        )
        questions = "\n".join(
            f'<li><a href="gallery.html#{it.name.lower()}">{escape(it.question)}</a></li>' for it in EXPLORERS
        )
        lectures = ""
        for plan, found in held(self.notebooks).items():
            links = [f'<a href="slides/{it.name}.html">{escape(it.title)}</a> ({it.minutes} minutes)' for it in found]
            lectures += f"<li>{plan}: {', '.join(links)}</li>\n"
        main = filled(
            "index", explorer=self.live(EXPLORERS[0].code), lessons=rows, explorers=questions, lectures=lectures,
            repository=self.repository, binder=f"{self.binder}00-start-here.ipynb",
        )  # fmt: skip
        return self.page("index.html", "backproplab: backpropagation, one number at a time", ABOUT, main)

    def slides(self) -> None:
        main = f'<div class="words">{filled("slides")}{contents(self.notebooks)}</div>'
        self.page("slides/index.html", "Slides · backproplab", "Decks for the lecture hall, alive without a network.", main)

    def gallery(self) -> None:
        explorers = "\n".join(
            f"<h3>{it.name}</h3>\n{words(f'**{it.question}** Try: {it.tries}.')}\n{code(it.code)}\n{self.live(it.code)}"
            for it in EXPLORERS
        )
        pictures = "\n".join(
            f"<h2>{escape(section)}</h2>\n" + "\n".join(map(self.drawn, drawings, drawings.values()))
            for section, drawings in PICTURES.items()
        )
        html, parts = anchored(f"{filled('gallery')}\n<h2>Explorers</h2>\n{explorers}\n{pictures}")
        about = "All explorers, alive, with the questions they answer, and every kind of picture with its code."
        self.page("gallery.html", "Gallery · backproplab", about, html, parts)

    def drawn(self, name: str, source: str) -> str:
        bundle = {"data": given(source)._repr_mimebundle_()}
        return f"<h3>{escape(name)}</h3>\n{code(source)}\n{output(bundle, self.shelf)}"

    def live(self, source: str) -> str:
        made = explorer(source)
        place = self.shelf.explorer(made.get_state(), made.snapshot().svg)
        made.close()
        return place


# ---- texts ------------------------------------------------------------------------------------------


def filled(name: str, /, **values: str) -> str:
    """A part of a page, with these values in it."""
    return Template((TEMPLATES / f"{name}.html").read_text(encoding="utf-8")).substitute(values)


def inline(source: str) -> str:
    """A line of Markdown as HTML that may stand within a paragraph."""
    return markdown(source).strip().removeprefix("<p>").removesuffix("</p>")


def plain(source: str) -> str:
    """A line of Markdown without its signs."""
    return re.sub("[`*]", "", source)


# ---- what all pages share ---------------------------------------------------------------------------


def stylesheet() -> str:
    from pygments.formatters import HtmlFormatter

    sheets = sorted(file for file in EXPLORE.glob("*.css") if file.stem != "runtime")
    light, dark = (HtmlFormatter(style=it).get_style_defs(".highlight") for it in ("default", "github-dark"))
    files = [*sheets, HERE / "site.css"]
    texts = [palette(), light, f"{DARK} {{\n{dark}\n}}", style(), *(file.read_text(encoding="utf-8") for file in files)]
    return "\n".join(texts)


def palette() -> str:
    """The colours of the pictures as variables; in the dark, a picture that was drawn in the light takes the dark ones."""
    light, dark = (asdict(theme) for theme in THEMES.values())
    variables = [f":root {{ {' '.join(f'--{name}: {colour};' for name, colour in it.items())} }}" for it in (light, dark)]
    rules = [
        f'.picture > svg [{attribute}="{light[name]}"] {{ {attribute}: var(--{name}); }}'
        for name in light
        if name != "border"  # which is, in the light, the grey of a line
        for attribute in ("fill", "stroke")
    ]
    return "\n".join([variables[0], f"{DARK} {{", variables[1], *rules, *WHITE, "}"])


def script() -> str:
    return f"{{\n{LIFE}\n{(HERE / 'site.js').read_text(encoding='utf-8')}\n}}\n"
