"""A notebook as it is after a run, with its explorers as places in a page, and its texts as HTML with formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..course.refresh import WIDGET_VIEW, executed

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def run_all(paths: Sequence[Path]) -> dict[str, Any]:
    """Each of these notebooks after a run, by its name."""
    notebooks = {}
    for path in paths:
        print(f"Running {path} …", flush=True)
        notebooks[path.stem] = run(path)
    return notebooks


def run(path: Path) -> Any:
    """The notebook after a run in which every reveal is open; an explorer's output has its state in its metadata.

    The file is not changed. Raises a ValueError, in one sentence, if it is no notebook or a cell fails.
    """
    notebook = executed(path, reveal="open")
    notebook.metadata.name = path.stem
    saved = notebook.metadata.pop("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for output in outputs(notebook.cells):
        model = output.get("data", {}).pop(WIDGET_VIEW, {}).get("model_id")
        state = saved.get(model, {}).get("state", {})
        if "_esm" in state:  # explorers are such widgets
            output.metadata["explorer"] = state
    return notebook


def outputs(cells: list[Any]) -> Iterator[Any]:
    """All outputs of these cells, from first to last."""
    return (output for cell in cells for output in cell.get("outputs", ()))


def placed(cells: list[Any]) -> list[dict[str, Any]]:
    """Turn each explorer of these cells into a place in a page, each picture into its SVG; return the explorers' states.

    What stands in the places is the business of `machinery`, which needs the states in this order.
    """
    states: list[dict[str, Any]] = []
    for output in outputs(cells):
        data = output.get("data", {})
        if state := output.get("metadata", {}).pop("explorer", None):
            output["data"] = {"text/html": f'<div data-explorer="{len(states)}"></div>'}
            states.append(state)
        elif "image/svg+xml" in data:
            output["data"] = {"text/html": f'<div class="picture">{"".join(data["image/svg+xml"])}</div>'}
        elif data.get("text/html", "").startswith("<img"):
            output["data"] = {"text/html": f'<div class="picture">{data["text/html"]}</div>'}
    return states


def kind(cell: Any) -> str:
    """The cell's place on slides, as Jupyter's metadata have it."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "-")


def title(notebook: Any) -> str:
    """Its heading, in Markdown; its name, if it does not begin with one."""
    heading = re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)
    return heading[1] if heading else notebook.metadata.name


def markdown(source: str) -> str:
    """HTML of a text in Markdown, with its formulas as MathML, which browsers typeset without any library.

    Links to other notebooks lead to their pages or decks, which are in the same folder.
    """
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def block_math(self, body: str) -> str:
            return formula(body, "block")

        def inline_math(self, body: str) -> str:
            return formula(body, "inline")

        def heading(self, text: str, level: int, **attributes: Any) -> str:  # nbconvert's own breaks formulas in it
            return f"<h{level}>{text}</h{level}>\n"

    html = MarkdownWithMath(renderer=Renderer(escape=False)).render(source)
    return re.sub(r'href="([\w-]+)\.ipynb', r'href="\1.html', html)


def formula(tex: str, display: str) -> str:
    """MathML. The words over an arrow get their room: browsers do not know relative widths, and would let them overlap.

    A hat becomes the accent, which sits on its letter: of the sign for powers, browsers make a tent around it.
    """
    from latex2mathml.converter import convert

    html = convert(tex, display=display).replace("<mo>&#x0005E;</mo></mover>", "<mo>&#x002C6;</mo></mover>")
    return re.sub(r'<mpadded width="\+[^>]*>(.*?)<mspace depth[^>]*/></mpadded>', r"\1", html)
