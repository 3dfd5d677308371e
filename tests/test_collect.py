"""`python -m backproplab progress`: the files that a class has handed in become one table."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from backproplab.__main__ import main
from backproplab.course import check, hint, predict, solution
from backproplab.course.collect import WIDTH, collect
from backproplab.course.progress import FILE, PROGRESS, read

NOT_OURS = {
    "broken": "{",
    "empty": "",
    "a notebook": json.dumps({"cells": [], "metadata": {}}),
    "a list": "[1, 2]",
    "too large": '{"exercises": {"03.cube": {"tries": 1e999, "right": true}}}',
    "too deep": "[" * 100_000,
}


@pytest.fixture
def handed_in(tmp_path, monkeypatch) -> Path:
    """Folders of two learners. Ada knows; Bob guesses, and looks at the solution; both have seen the reveal."""
    for name, cube, dials in (("ada", 150, 8), ("bob", 75, 6)):
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        monkeypatch.setenv(PROGRESS, str(folder / FILE))
        check("03.cube", cube)
        predict("03.dials", dials)
        predict("03.dials", 8)
        if name == "bob":
            hint("03.cube")
            solution("03.cube")
            check("03.cube", 150)
    return tmp_path / "class"


def told(capsys, *words: object) -> list[str]:
    assert main(["progress", *map(str, words)]) == 0
    return capsys.readouterr().out.splitlines()


def row(lines: list[str], name: str) -> str:
    return " ".join(next(line for line in lines if line.startswith(f"  {name}")).split())


def test_who_has_done_what_where_people_stop_and_what_they_predicted(handed_in, capsys):
    lines = told(capsys, handed_in)
    assert row(lines, "ada") == "ada · · · 2 · · · · · · · · · 2"
    assert row(lines, "bob") == "bob · · · 2 · · · · · · · · · 2"
    assert row(lines, "03.cube") == "03.cube 1 of 2; first: 150 (1), 75 (1)"
    assert row(lines, "03.dials") == "03.dials right: 8; first: 6 (1), 8 (1)"
    assert max(map(len, lines)) <= WIDTH


def test_what_was_predicted_first_stays(handed_in):
    bob = read(handed_in / "bob" / FILE)["03.dials"]
    assert (bob.tries, bob.right, bob.first) == (2, True, "6")


@pytest.mark.parametrize("text", NOT_OURS.values(), ids=NOT_OURS)
def test_a_file_that_is_not_ours_is_named_and_left_out(handed_in, capsys, text):
    other = handed_in / "other.json"
    other.write_text(text)
    lines = told(capsys, handed_in)
    assert f"{other} is left out: it holds no progress." in lines
    assert row(lines, "ada") and not any(line.startswith("  other") for line in lines)


def test_a_file_from_before_answers_were_kept_is_read(tmp_path, capsys):
    (tmp_path / "old.json").write_text('{"exercises": {"03.dials": {"tries": 1, "right": true}, "99.gone": {"tries": 2, "right": false}}}')
    assert row(told(capsys, tmp_path / "old.json"), "old").endswith(" 1")


def test_an_editor_may_have_left_its_mark(handed_in, capsys):
    file = handed_in / "ada" / FILE
    file.write_text(file.read_text(), encoding="utf-8-sig")
    assert row(told(capsys, handed_in), "ada").endswith(" 2")


def test_no_learner_s_file_becomes_a_table_and_no_name_is_too_long(handed_in, capsys):
    file = handed_in / "ada" / FILE
    before = file.read_text()
    for words, said in (([file, "--csv", file], "The table is saved as CSV; got "), (["x" * 5000], "There is no file or folder xxx")):
        with pytest.raises(SystemExit) as refused:
            main(["progress", *map(str, words)])
        assert refused.value.code == 2 and capsys.readouterr().err.startswith(said)
    assert file.read_text() == before


def test_learners_are_called_as_their_files_and_folders_are(handed_in):
    (handed_in / "ada" / FILE).rename(handed_in / f"ada_{FILE}")
    assert sorted(collect([handed_in])[0]) == ["ada", "bob"]
    assert sorted(collect([handed_in / "bob", handed_in / f"ada_{FILE}"])[0]) == ["ada", "bob"]


def test_two_files_of_one_name_are_two_learners(handed_in):
    (handed_in / "bob.json").write_text((handed_in / "ada" / FILE).read_text())
    assert len(collect([handed_in])[0]) == 3


def test_checkpoints_are_no_learners(handed_in):
    folder = handed_in / "ada" / ".ipynb_checkpoints"
    folder.mkdir()
    (folder / FILE).write_text((handed_in / "ada" / FILE).read_text())
    assert sorted(collect([handed_in])[0]) == ["ada", "bob"]


def test_a_table_for_other_programs(handed_in, tmp_path, capsys):
    (handed_in / "=eve.json").write_text((handed_in / "ada" / FILE).read_text())
    assert f"The table is in {tmp_path / 'c.csv'}." in told(capsys, handed_in, "--csv", tmp_path / "c.csv")
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    bobs = next(it for it in rows if (it["learner"], it["exercise"]) == ("bob", "03.dials"))
    assert (bobs["prediction"], bobs["tries"], bobs["right"], bobs["first"]) == ("True", "2", "True", "6")
    assert {it["learner"] for it in rows} == {"ada", "bob", "'=eve"}  # which no spreadsheet computes


@pytest.mark.parametrize("words", [["nowhere"], [], ["--csv", "x.csv"]], ids=["no such file", "nothing", "only an option"])
def test_a_refusal_is_in_words(words, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["progress", *words])
    said = capsys.readouterr()
    assert refused.value.code == 2 and said.out == "" and "Traceback" not in said.err and said.err.endswith(".\n")


def test_a_table_that_cannot_be_written(handed_in, tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["progress", str(handed_in), "--csv", str(tmp_path / "no" / "c.csv")])
    assert refused.value.code == 2 and capsys.readouterr().err.startswith("The table cannot be written to ")


def test_help_fits_a_terminal(capsys):
    with pytest.raises(SystemExit):
        main(["progress", "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= WIDTH
