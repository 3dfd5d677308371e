"""`make notebooks`: run every notebook from top to bottom and store its outputs. A second run changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .answers import REVEAL
from .progress import PROGRESS

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
SAFE = {"KernelManager": {"transport_encryption": "auto"}}  # with the kernel; without it, the kernel warns at each start


def refresh(path: Path) -> None:
    """Execute one notebook and write it back without what changes from run to run.

    Raises nbclient's CellExecutionError if a cell fails; the file is then left as it was.
    """
    import nbformat

    notebook = executed(path)
    strip(notebook)
    nbformat.write(notebook, path)


def executed(path: Path, reveal: str = "") -> Any:
    """This notebook after a run, as a learner has it who starts afresh; the file is not changed.

    With `reveal` "open", what predictions reveal is open. Raises nbclient's CellExecutionError if a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient
    from traitlets.config import Config

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}, config=Config(SAFE))
    with TemporaryDirectory() as empty:
        client.execute(env={**os.environ, PROGRESS: str(Path(empty) / "progress.json"), REVEAL: reveal})
    return notebook


def strip(notebook: dict) -> None:
    """Remove what is volatile: versions, times, and the views of widgets that live only in this kernel."""
    notebook["metadata"] = {**METADATA, "language_info": {"name": "python"}}
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
        if cell["metadata"].get("slideshow", {}).get("slide_type") == "-":
            del cell["metadata"]["slideshow"]  # "as the cell before": slides in JupyterLab know it only by its absence
        if "outputs" in cell:
            cell["outputs"] = list(_joined(cell["outputs"]))
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def _joined(outputs: Sequence[dict]) -> Iterator[dict]:
    """The same with what was printed in one piece, however many the kernel has sent."""
    for name, pieces in groupby(outputs, key=lambda output: output.get("name")):
        first, *rest = pieces
        if name:  # a stream
            first["text"] += "".join(piece["text"] for piece in rest)
            rest = []
        yield from (first, *rest)


def main(paths: Sequence[str | Path]) -> None:
    """Refresh the given notebooks, and all that are found in the given folders."""
    for path in map(Path, paths):
        for notebook in sorted(path.glob("*.ipynb")) if path.is_dir() else [path]:
            print(f"Running {notebook} …", flush=True)
            refresh(notebook)
