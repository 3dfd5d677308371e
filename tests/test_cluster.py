"""The last section of notebook 08: the gradient of a batch from several workers, processes of a Dask cluster."""

import re
from pathlib import Path

import nbformat
import numpy as np

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "08-sgd-noise.ipynb"


def test_the_gradient_of_a_batch_is_the_same_from_a_dask_cluster():
    cells = nbformat.read(NOTEBOOK, 4).cells
    lesson = {"__name__": "__main__"}  # so that its functions travel to the workers as those of a notebook do
    for cell in cells:
        if "cluster" in cell.metadata.get("tags", []):
            exec(cell.source, lesson)
    (shown,) = re.findall(r"```python\n(from dask.*?)```", "\n".join(cell.source for cell in cells), re.DOTALL)
    lesson["shared"] = None
    exec(shown, lesson)
    assert np.abs(lesson["whole"]).max() > 0.01
    np.testing.assert_allclose(lesson["shared"], lesson["whole"], rtol=1e-9, atol=1e-12)
