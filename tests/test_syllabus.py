"""Every row of the syllabus is found in its notebooks: cells name the places in the sources that they teach."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import nbformat
from test_notebooks import NAMES, notebooks

# A line for each row: where it stands in a source, the notebooks that must teach it (none: it may be named), and what it is.
with (Path(__file__).parent / "syllabus.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def named(path: Path) -> list[str]:
    """The tags on the cells of a notebook, in metadata.backproplab.syllabus."""
    return [tag for cell in nbformat.read(path, 4).cells for tag in cell.metadata.get("backproplab", {}).get("syllabus", [])]


def test_every_row_can_be_read():
    for row in ROWS:
        assert re.fullmatch(r"00[0-3]:(L\d+(-\d+)?|tool|tool-usage|figures)|none:[a-z-]+", row["tag"]), row
        assert set(row["notebooks"].split()) <= {name[:2] for name in NAMES} and row["words"], row
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS)


@notebooks
def test_a_notebook_teaches_its_rows(path):
    missing = [f"{row['tag']} ({row['words']})" for row in ROWS if path.name[:2] in row["notebooks"].split() and row["tag"] not in named(path)]
    assert missing == [], "tag the cells that teach them: metadata.backproplab.syllabus"


@notebooks
def test_a_notebook_names_only_rows_that_exist(path):
    assert sorted(set(named(path)) - {row["tag"] for row in ROWS}) == [], "not in tests/syllabus.csv, or spelled otherwise"
