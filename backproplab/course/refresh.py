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

    Raises a ValueError, in one sentence, if it is no notebook or a cell fails; the file is then left as it was.
    """
    import nbformat

    notebook = executed(path)
    strip(notebook)
    nbformat.write(notebook, path)


def executed(path: Path, reveal: str = "") -> Any:
    """This notebook after a run, as a learner has it who starts afresh; the file is not changed.

    With `reveal` "open", what predictions reveal is open. Raises a ValueError, in one sentence, if it is no notebook or
    a cell fails.
    """
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    notebook = read(path)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}, config=Config(SAFE))
    try:
        with TemporaryDirectory() as empty:
            client.execute(env={**os.environ, PROGRESS: str(Path(empty) / "progress.json"), REVEAL: reveal})
    except CellExecutionError as error:
        said = f"{error.ename}: {error.evalue}".rstrip(": ").partition("\n")[0]
        raise ValueError(f"{path} stops with {said.rstrip('.')}, in the cell: {failed(notebook)}") from None
    except (CellTimeoutError, DeadKernelError, NoSuchKernel) as error:
        raise ValueError(f"{path} cannot be run: {str(error).partition(chr(10))[0].rstrip('.')}.") from None
    return notebook


def read(path: Path) -> Any:
    """The notebook in this file; a ValueError, in one sentence, if there is none."""
    import nbformat

    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except Exception:  # nbformat raises a different one for each way in which a file is no notebook
        notebook = None
    if not (notebook and notebook.cells):
        raise ValueError(f"{path} is no notebook: expected a file with cells that Jupyter has saved.")
    return notebook


def failed(notebook: Any) -> str:
    """The first line of the cell that ended a run."""
    cells = (it for it in notebook.cells if any(output.output_type == "error" for output in it.get("outputs", ())))
    return next((it.source.strip().partition("\n")[0] for it in cells), "")


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


def main(paths: Sequence[Path]) -> None:
    """Refresh these notebooks."""
    for path in paths:
        print(f"Running {path} …", flush=True)
        refresh(path)
