"""What strict nbval cannot see: that notebooks were run, in order, and keep to the style of the course."""

from __future__ import annotations

import ast
import copy
import re
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from textwrap import wrap

import nbformat
import pytest

from backproplab import explore
from backproplab.course.catalogue import EXERCISES
from backproplab.course.refresh import WIDGET_VIEW, refresh, strip

PATHS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]
IGNORED_OUTPUTS = 0  # cells that may ask nbval to ignore their output, over all notebooks
SLIDE_TYPES = {"slide", "subslide", "fragment", "skip", "notes", None}

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
    assert [name[:3] for name in NAMES] == [f"{i:02}-" for i in range(len(NAMES))] and len(NAMES) >= 13


def test_the_first_lists_all():
    text = "\n".join(cell.source for cell in cells(PATHS[0], "markdown"))
    assert re.findall(r"^\| \[.*?\]\((.*?)\.ipynb\)", text, re.MULTILINE) == NAMES[1:]


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


@notebooks
def test_every_cell_is_there_once_and_imports_come_first(path):
    sources = [cell.source for cell in cells(path)]
    assert len(set(sources)) == len(sources)
    importing = [any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(cell.source))) for cell in cells(path, "code")]
    assert importing[0] and not any(importing[1:])


@notebooks
def test_no_wall_of_text(path):
    """A paragraph has at most six lines of what a notebook shows, about 110 characters wide."""
    for cell in cells(path, "markdown"):
        for paragraph in re.split(r"\n\s*\n|\n(?=- |\d+\. |\|)", re.sub(r"\]\([^)]*\)|<[^>]+>", "", cell.source)):
            assert len(wrap(paragraph, 110)) <= 6 or paragraph.startswith("|"), paragraph


@notebooks
def test_it_has_the_parts_of_a_lesson(path):
    first = cells(path, "markdown")[0]
    assert first.source.startswith(f"# {path.name[:2]} ") and "What you will be able to do" in first.source
    assert 3 <= len(re.findall(r"^- .*?\*\*", first.source, re.MULTILINE)) <= 5
    text = "\n".join(cell.source for cell in cells(path, "markdown"))
    assert re.search("which would you choose", text, re.IGNORECASE)
    recap = next(cell.source for cell in cells(path) if re.match("## .*(recap|in five lines)", cell.source, re.IGNORECASE))
    assert 3 <= len(re.findall(r"^(\d\.|-) ", recap, re.MULTILINE)) <= 5
    assert "## Where this comes from" in text
    following = dict(zip(NAMES, NAMES[1:])).get(path.stem)
    assert re.findall(r"Next:?\**:? \[.*?\]\((.*?)\)", text) == ([f"{following}.ipynb"] if following else [])


@notebooks
def test_it_is_explored_and_lectured(path):
    source = "\n".join(cell.source for cell in cells(path, "code"))
    assert any(re.search(rf"\b{name}\(", source) for name in explore.__all__ if name != "Predict")
    assert len(re.findall(r"\breveal\(", source)) <= 5
    notes = [cell for cell in cells(path) if cell.metadata.get("slideshow", {}).get("slide_type") == "notes"]
    for cell in notes:
        opened, empty, *_, blank, closed = cell.source.splitlines()
        assert (opened, empty, blank, closed) == ("<details><summary>For the lecturer</summary>", "", "", "</details>")


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


def names(path: Path, calls: str = r"check|exercise|predict|Predict|reveal|hint|solution") -> list[str]:
    """The names of the exercises and predictions in a notebook, for some of the calls that take one."""
    source = "\n".join(cell.source for cell in cells(path, "code"))
    return re.findall(rf"\b(?:{calls})\(\s*[\"']([^\"']+)", source)


@notebooks
def test_every_exercise_is_asked_in_its_notebook(path):
    catalogue = [name for name in EXERCISES if name[:2] == path.name[:2]]
    assert sorted({*names(path, "check|exercise|predict|Predict")}) == sorted(catalogue)
    assert set(names(path)) <= set(catalogue)
    assert len({*names(path, "check|exercise")}) >= 4
    assert names(path, "predict|Predict")


@notebooks
def test_what_is_committed_reveals_nothing(path):
    predicted = {*names(path, "predict|Predict")}
    assert {*names(path, "reveal")} <= predicted, "what is revealed must be predicted first"
    for cell in cells(path, "code"):
        for call, name in re.findall(r"\b(check|exercise|predict|Predict|reveal)\(\s*[\"']([^\"']+)", cell.source):
            said = "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
            if call == "Predict":
                assert "No prediction yet." in said
            elif not name.startswith("00.how-to"):  # which shows what a wrong and a right answer look like
                assert said.startswith("○"), f"{name} is committed with an answer"


def test_running_a_notebook_again_changes_no_byte(tmp_path):
    path = tmp_path / PATHS[0].name
    path.write_bytes(PATHS[0].read_bytes())
    refresh(path)
    once = path.read_bytes()
    refresh(path)
    assert path.read_bytes() == once and [file.name for file in tmp_path.iterdir()] == [path.name]
