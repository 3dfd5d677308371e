"""How long each notebook runs from top to bottom, as `make notebooks` runs it, in a copy. Run by `make bench`."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from backproplab.course.refresh import refresh

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

with tempfile.TemporaryDirectory() as folder:
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        copy = shutil.copy(notebook, folder)
        started = time.perf_counter()
        refresh(Path(copy))
        print(f"{notebook.stem:32} {time.perf_counter() - started:5.1f} s", flush=True)
