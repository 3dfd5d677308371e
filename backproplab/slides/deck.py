"""From a notebook to a deck: run it, keep what is shown to a class, write it into one HTML file.

What needs a learner's answer or Python is left out. How much fits on a slide is decided in the page, by deck.js.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from importlib.metadata import Distribution, distribution
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..course.answers import REVEAL
from ..course.progress import PROGRESS
from ..course.refresh import WIDGET_VIEW
from ..explore.page import machinery

HERE = Path(__file__).parent
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
WAITS = re.compile(r"= *TODO\b|\bTODO *\)|^Predict\(", re.MULTILINE)  # code that waits for a learner's answer
FOLDED = re.compile(r"</?details>|<summary>.*?</summary>", re.DOTALL)  # a lecturer's notes are closed in the notebook
STEPPED = "GraphExplorer"  # its steps are frames: the clicker goes through them before it turns the slide

# Latin, Greek, raised and lowered letters, signs, arrows, shapes; for formulas also slanted letters and high brackets.
LETTERS = [*range(0x20, 0x17F), *range(0x300, 0x400), *range(0x1D2C, 0x1D6B), *range(0x2000, 0x2300)]
LETTERS += [*range(0x25A0, 0x2600), *range(0x2700, 0x27C0)]
SIGNS = [*range(0x20, 0x100), *range(0x391, 0x3D7), *range(0x2010, 0x2060), *range(0x2100, 0x2150)]
SIGNS += [*range(0x2190, 0x2300), *range(0x27E6, 0x27F0), *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)]
MATPLOTLIB, MATH = "matplotlib/mpl-data/fonts/ttf", "ziamath/fonts"
FONTS = [  # family, weight, style; the file, and which of its characters are taken along
    ("DejaVu Sans", 400, "normal", f"{MATPLOTLIB}/DejaVuSans.ttf", LETTERS),
    ("DejaVu Sans", 700, "normal", f"{MATPLOTLIB}/DejaVuSans-Bold.ttf", LETTERS),
    ("DejaVu Sans", 400, "italic", f"{MATPLOTLIB}/DejaVuSans-Oblique.ttf", LETTERS),
    ("DejaVu Sans Mono", 400, "normal", f"{MATPLOTLIB}/DejaVuSansMono.ttf", LETTERS),
    ("DejaVu Sans Mono", 700, "normal", f"{MATPLOTLIB}/DejaVuSansMono-Bold.ttf", LETTERS),
    ("STIX Two Math", 400, "normal", f"{MATH}/STIXTwoMath-Regular.ttf", SIGNS),
]
REVEALJS = "sphinx_revealjs/_static/revealjs"


NEEDED = ["fonttools", "latex2mathml", "nbclient", "nbconvert", "sphinx-revealjs", "ziamath"]


def missing() -> list[str]:
    """The packages that making slides needs, and that are not installed."""
    return [name for name in NEEDED if next(Distribution.discover(name=name), None) is None]


def build(notebooks: Sequence[Path], folder: Path) -> list[Path]:
    """Write a deck for each notebook, and index.html with all of them, into `folder`; return the files of the decks."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for path in notebooks:
        print(f"Making slides of {path} …", flush=True)
        files.append(folder / f"{path.stem}.html")
        files[-1].write_text(deck(path), encoding="utf-8")
    links = "\n".join(f'<li><a href="{escape(file.name)}">{escape(file.stem)}</a></li>' for file in files)
    index = (HERE / "index.html").read_text(encoding="utf-8").replace("{links}", links)
    (folder / "index.html").write_text(index, encoding="utf-8")
    return files


def deck(path: Path) -> str:
    """The deck of one notebook, as a page with everything inside it. The notebook is run for it, but not changed.

    Raises nbclient's CellExecutionError if a cell fails.
    """
    from nbconvert import SlidesExporter

    notebook = run(path)
    saved = notebook.metadata.pop("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    states = {name: it["state"] for name, it in saved.items() if "_esm" in it["state"]}  # explorers are such widgets
    shown: list[dict[str, Any]] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            live(output, states, shown)
    notebook.cells = list(told(notebook.cells))
    exporter = SlidesExporter(
        template_name="backproplab",
        extra_template_basedirs=[str(HERE / "templates")],
        filters={"markdown2html": markdown},
    )
    parts = {"style": style(), "script": script(), "explorers": machinery(*shown)}
    return exporter.from_notebook_node(notebook, {"deck": parts, "metadata": {"name": path.stem}})[0]


def run(path: Path) -> Any:
    """The notebook after a run in which every reveal is open, with the state of its widgets."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}})
    with TemporaryDirectory() as empty:
        client.execute(env={**os.environ, PROGRESS: str(Path(empty) / "progress.json"), REVEAL: "open"})
    return notebook


def live(output: dict[str, Any], states: dict[str, dict[str, Any]], shown: list[dict[str, Any]]) -> None:
    """Turn an output into HTML: an explorer into a place for it, listed in `shown`; a picture into its SVG."""
    data = output.get("data", {})
    state = states.get(data.pop(WIDGET_VIEW, {}).get("model_id"))
    if state:
        frames = " data-frames" if state["_anywidget_id"].endswith(f".{STEPPED}") else ""
        output["data"] = {"text/html": f'<div data-explorer="{len(shown)}"{frames}></div>'}
        shown.append(state)
    elif "image/svg+xml" in data:
        output["data"] = {"text/html": f'<div class="picture">{"".join(data["image/svg+xml"])}</div>'}
    elif data.get("text/html", "").startswith("<img"):
        output["data"] = {"text/html": f'<div class="picture">{data["text/html"]}</div>'}


def told(cells: list[Any]) -> Iterator[Any]:
    """The cells for a class, with the lecturer's notes on each slide that they belong to."""
    from nbformat.v4 import new_markdown_cell

    kept = [cell for cell in cells if kind(cell) != "skip" and not waits(cell)]
    for i, cell in enumerate(kept):
        if kind(cell) == "notes":
            continue
        cell.metadata["picture"] = any(drawn(output) for output in cell.get("outputs", ()))
        yield cell
        if i + 1 == len(kept) or kind(kept[i + 1]) in ("slide", "subslide", "notes"):
            following = next((it for it in kept[i + 1 :] if kind(it) in ("slide", "notes")), None)
            if following and kind(following) == "notes":
                notes = {"slideshow": {"slide_type": "notes"}}
                yield new_markdown_cell(FOLDED.sub("", following.source), metadata=notes)


def kind(cell: Any) -> str:
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def drawn(output: Any) -> bool:
    """Whether an output is a picture or an explorer: a class sees it without the code that made it."""
    return output.get("data", {}).get("text/html", "").startswith(("<div data-explorer", '<div class="picture"'))


def waits(cell: Any) -> bool:
    return cell.cell_type == "code" and bool(WAITS.search(cell.source))


def markdown(source: str) -> str:
    """HTML of a text in Markdown, with its formulas as MathML, which browsers typeset without any library."""
    from latex2mathml.converter import convert
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def block_math(self, body: str) -> str:
            return convert(body, display="block")

        def inline_math(self, body: str) -> str:
            return convert(body)

    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


# ---- what every deck has inside ---------------------------------------------------------------------


def style() -> str:
    from pygments.formatters import HtmlFormatter

    files = [located(f"{REVEALJS}/dist/reveal.css"), HERE / "deck.css"]
    sheets = [HtmlFormatter().get_style_defs(".highlight"), *(file.read_text(encoding="utf-8") for file in files)]
    return "\n".join([*map(font, range(len(FONTS))), *sheets])


def script() -> str:
    files = [located(f"{REVEALJS}/dist/reveal.js"), located(f"{REVEALJS}/plugin/notes/notes.js"), HERE / "deck.js"]
    return "\n".join(f"<script>{inside(file.read_text(encoding='utf-8'))}</script>" for file in files)


def inside(program: str) -> str:
    """A program as it may stand in a page: it does not end its own element, and asks for no source map."""
    return re.sub(r"^//# sourceMappingURL=.*", "", program, flags=re.MULTILINE).replace("</script", r"<\/script")


@cache
def font(i: int) -> str:
    """A rule with font number `i`, and inside it those of its characters that a lecture may need."""
    from fontTools import subset

    family, weight, style, file, characters = FONTS[i]
    options = subset.Options(flavor="woff", notdef_outline=True)
    options.drop_tables += ["FFTM"]  # when it was made
    with subset.load_font(str(located(file)), options) as whole:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(whole)
        written = BytesIO()
        subset.save_font(whole, written, options)
    source = f"data:font/woff;base64,{base64.b64encode(written.getvalue()).decode()}"
    rule = f'font-family: "{family}"; font-weight: {weight}; font-style: {style}; src: url({source});'
    return f"@font-face {{ {rule} }}"


def located(file: str) -> Path:
    """Where a file of an installed package is; the package itself is not imported."""
    package = file.split("/")[0]
    return Path(str(distribution(package.replace("_", "-")).locate_file(file)))
