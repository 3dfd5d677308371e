"""How long each notebook runs from top to bottom, as `make notebooks` runs it, in a copy, and how much memory its
kernel then holds: resident in all; alone, without what kernels on one machine share; and at its highest. Run by
`make bench`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path

import nbformat

from backproplab.course.refresh import refresh

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"

# The last cell of each copy: megabytes, where there is /proc. Private pages are those of no other process.
MEMORY = """
import json, re
from pathlib import Path
try:
    status, rollup = (Path(f"/proc/self/{name}").read_text() for name in ("status", "smaps_rollup"))
except OSError:
    held = {}
else:
    kilobytes = lambda text, name: sum(map(int, re.findall(rf"(?:{name}):\\s+(\\d+) kB", text)))
    held = {
        "resident": kilobytes(status, "VmRSS"),
        "alone": kilobytes(rollup, "Private_Clean|Private_Dirty"),
        "highest": kilobytes(status, "VmHWM"),
    }
print(json.dumps(held))
"""

with tempfile.TemporaryDirectory() as folder:
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        copy = Path(shutil.copy(notebook, folder))
        lesson = nbformat.read(copy, as_version=4)
        lesson.cells.append(nbformat.v4.new_code_cell(MEMORY))
        nbformat.write(lesson, copy)
        started = time.perf_counter()
        refresh(copy)
        seconds = time.perf_counter() - started
        held = json.loads(nbformat.read(copy, as_version=4).cells[-1].outputs[0].text)
        memory = ", ".join(f"{name} {size / 1000:3.0f} MB" for name, size in held.items())
        print(f"{notebook.stem:32} {seconds:5.1f} s  {memory}", flush=True)
