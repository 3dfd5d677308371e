"""The plans of the lectures: they fit into their minutes, ask before they show, and show what they have asked."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from test_notebooks import PATHS, notebooks

from backproplab.course.catalogue import EXERCISES
from backproplab.publish.deck import ASKED, kind, lectured, minutes, spoken, tagged, told, vote
from backproplab.publish.lectures import LECTURES, LENGTH, SIX, THREE, Lecture, table

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
STEMS = [path.stem for path in PATHS]
COURSE = {path.stem: nbformat.read(path, 4).cells for path in PATHS}
REVEALED = re.compile(r"\breveal\(\s*[\"']([^\"']+)")

lectures = pytest.mark.parametrize("lecture", LECTURES, ids=[lecture.name for lecture in LECTURES])
STARTS = ("slide", "subslide")


def shown(lecture: Lecture, notebook: str) -> list:
    """The cells of a notebook that a lecture takes from its file, in which predictions are still boxes."""
    cells = [cell for cell in COURSE[notebook] if kind(cell) != "skip"]
    return list(lectured(cells) if lecture.whole else tagged(iter(cells)))


def slides(cells: list) -> list[list]:
    starts = [i for i, cell in enumerate(cells) if kind(cell) in STARTS]
    return [cells[start:end] for start, end in zip(starts, [*starts[1:], len(cells)])]


def names(cells: list, pattern: re.Pattern) -> list[str]:
    return [name for cell in cells if cell.cell_type == "code" for name in pattern.findall(cell.source)]


def test_both_plans_go_through_the_course_in_its_order():
    assert [part.notebook for lecture in SIX for part in lecture.parts] == STEMS[:13]  # what is added need not be lectured
    assert [part.notebook for lecture in THREE for part in lecture.parts] == STEMS[1:13]
    assert [lecture.parts[-1].notebook[:2] for lecture in SIX] == ["02", "04", "06", "08", "10", "12"]


@lectures
def test_a_lecture_leaves_time_for_questions(lecture):
    assert LENGTH - 6 <= lecture.minutes <= LENGTH - 2
    for part in lecture.parts:
        assert len(slides(shown(lecture, part.notebook))) <= 1.4 * part.minutes, part


@pytest.mark.parametrize("lecture", SIX, ids=[lecture.name for lecture in SIX])
def test_the_minutes_of_six_lectures_are_those_of_their_notes(lecture):
    for part in lecture.parts:
        notes = [cell for cell in COURSE[part.notebook] if kind(cell) == "notes"]
        assert sum(map(minutes, notes)) == part.minutes, part


@lectures
def test_the_notes_of_a_lecture_tell_the_time_without_a_gap(lecture):
    cells = spoken(lecture, {name: SimpleNamespace(cells=cells) for name, cells in COURSE.items()})
    notes = [cell.source.strip() for cell in cells if kind(cell) == "notes"][1:]
    spans = dict.fromkeys(re.match(r"\*\*Minute (\d+) to (\d+)\*\*[.,] ", it).groups() for it in notes)
    starts, ends = zip(*(map(int, span) for span in spans))
    assert [*starts, lecture.minutes] == [0, *ends]
    assert {minute for minute, _ in lecture.starts()} <= set(starts)


@notebooks
def test_notes_begin_with_their_minutes(path):
    for cell in COURSE[path.stem]:
        if kind(cell) == "notes":
            assert re.match(r"\d+ minutes?(\.|, )", cell.source.splitlines()[2]), cell.source


@lectures
def test_every_slide_has_notes(lecture):
    for part in lecture.parts:
        cells = list(told(list(lectured(COURSE[part.notebook]))) if lecture.whole else tagged(told(COURSE[part.notebook])))
        for slide in slides(cells):
            assert kind(slide[-1]) == "notes", slide[0].source


@notebooks
def test_what_is_asked_is_not_answered_on_the_same_slide(path):
    cells = [cell for cell in COURSE[path.stem] if kind(cell) != "skip"]
    for slide in slides(cells):
        assert not {*names(slide, ASKED)} & {*names(slide, REVEALED)}, slide[0].source


@lectures
def test_what_is_asked_in_a_lecture_is_revealed_in_it_and_what_is_revealed_was_asked(lecture):
    for part in lecture.parts:
        asked = names(shown(lecture, part.notebook), ASKED)
        revealed = names(shown(lecture, part.notebook), REVEALED)
        answered = names([cell for cell in COURSE[part.notebook] if kind(cell) != "skip"], REVEALED)
        assert {*asked} & {*answered} == {*revealed}


@notebooks
def test_every_vote_has_the_right_answer_among_others(path):
    for cell in COURSE[path.stem]:
        if cell.cell_type == "code" and kind(cell) != "skip" and (asked := ASKED.search(cell.source)):
            answers = re.findall(r"<li>(.*?)</li>", vote(cell).source)
            assert 2 <= len(answers) == len({*answers}), (asked[1], answers)


def test_a_vote_offers_the_answers_that_mistakes_give():
    cell = next(cell for cell in COURSE["04-forks-sums-and-order"] if "predict(\"04.four-answers\"" in cell.source)
    assert re.findall(r"<li>(.*?)</li>", vote(cell).source) == ["4", "8", "9", "32", "36", "76"]
    assert EXERCISES["04.four-answers"].right == 36


@notebooks
def test_a_question_stays_with_its_answers(path):
    for cell in told([cell for cell in COURSE[path.stem] if "question=" not in cell.source]):
        assert not cell.source.startswith("<ul"), cell.source


def test_the_readme_has_both_plans():
    for plan in (THREE, SIX):
        assert table(plan) in README, table(plan)
