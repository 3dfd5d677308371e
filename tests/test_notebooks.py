"""What strict nbval cannot see: that notebooks were run, in order, and keep to the style of the course."""

from __future__ import annotations

import ast
import copy
import re
from html.parser import HTMLParser
from pathlib import Path
from statistics import median

import nbformat
import pytest

from backproplab.course.catalogue import EXERCISES
from backproplab.course.refresh import WIDGET_VIEW, strip

PATHS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
IGNORED_OUTPUTS = 0  # cells that may ask nbval to ignore their output, over all notebooks
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", "-"}

notebooks = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


def cells(path: Path, kind: str | None = None) -> list:
    return [cell for cell in nbformat.read(path, 4).cells if kind in (None, cell.cell_type)]


def outputs(path: Path) -> list:
    return [output for cell in cells(path, "code") for output in cell.outputs]


def code_lines(cell) -> int:
    return sum(1 for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def words(cell) -> int:
    return len(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", cell.source)))


def test_notebooks_are_found():
    assert [path.name[:2] for path in PATHS] == [f"{i:02d}" for i in range(len(PATHS))] and len(PATHS) >= 4


@notebooks
def test_valid_with_ids_of_their_own(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@notebooks
def test_run_from_top_to_bottom(path):
    """nbval passes a cell that was never run: its output is not compared."""
    counts = [cell.execution_count for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@notebooks
def test_stored_as_make_notebooks_would(path):
    notebook = nbformat.read(path, 4)
    stripped = copy.deepcopy(notebook)
    strip(stripped)
    assert stripped == notebook


@notebooks
def test_no_errors_no_warnings_no_widget_views(path):
    for output in outputs(path):
        assert output.output_type != "error"
        assert output.get("name") != "stderr"
        assert WIDGET_VIEW not in output.get("data", {})


@notebooks
def test_no_output_that_changes_from_run_to_run(path):
    for output in outputs(path):
        text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
        assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|/root/|ipykernel_|np\.float", text), text
        if output.output_type == "execute_result":
            assert not re.fullmatch(r"-?\d+\.\d*(e-?\d+)?", output["data"]["text/plain"]), f"a bare float: {text}"


@notebooks
def test_nothing_that_nbval_does_not_compare(path):
    for cell in cells(path, "code"):
        assert "nbval-skip" not in cell.metadata.get("tags", []) and "NBVAL" not in cell.source
        assert not cell.source.rstrip().endswith(";"), "nbval captures the output all the same"
        names = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}
        assert not names & {"_", "__", "In", "Out"}, "nbval runs without history"


def test_ignored_outputs_stay_within_the_budget():
    tags = [tag for path in PATHS for cell in cells(path) for tag in cell.metadata.get("tags", [])]
    assert sum(tag.startswith("nbval-ignore") for tag in tags) <= IGNORED_OUTPUTS


@notebooks
def test_code_is_short_and_prose_is_not(path):
    lines = [code_lines(cell) for cell in cells(path, "code")]
    assert median(lines) <= 4 and max(lines) <= 25
    assert sum(map(words, cells(path, "markdown"))) >= 5 * sum(lines)


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.alts: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


@notebooks
def test_every_image_has_alt_text(path):
    for output in outputs(path):
        data = output.get("data", {})
        assert "image/png" not in data and "image/jpeg" not in data, "a picture without alt text: use draw.plots"
        images = _Images()
        images.feed(data.get("text/html", ""))
        assert all(len(alt) > 10 for alt in images.alts), images.alts
    for cell in cells(path, "markdown"):
        assert not re.search(r"!\[\]\(", cell.source)


@notebooks
def test_every_cell_has_its_place_on_the_slides(path):
    types = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells(path)]
    assert set(types) <= SLIDE_TYPES
    assert types[0] == "slide" and "notes" in types
    lecture = [cell for cell in cells(path) if "lecture" in cell.metadata.get("tags", [])]
    assert 1 <= len(lecture) <= 6
    assert all(cell.metadata.slideshow.slide_type in ("slide", "subslide") for cell in lecture)


def asked(path: Path) -> list[str]:
    """The names of the exercises and predictions that a notebook asks."""
    source = "\n".join(cell.source for cell in cells(path, "code"))
    return re.findall(r"\b(?:check|predict|exercise)\(\"([^\"]+)\"", source)


@notebooks
def test_every_exercise_is_asked_in_its_notebook(path):
    catalogue = [name for name in EXERCISES if name[:2] == path.name[:2]]
    assert sorted(set(asked(path))) == sorted(catalogue)
    assert len(catalogue) >= 4 or path.name.startswith("00")


@notebooks
def test_what_is_committed_reveals_nothing(path):
    for cell in cells(path, "code"):
        for name in re.findall(r"\b(?:check|predict|exercise)\(\"([^\"]+)\"", cell.source):
            said = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            if not name.startswith("00"):  # 00 shows what a wrong and a right answer look like
                assert said.startswith("○"), f"{name} is committed with an answer"
