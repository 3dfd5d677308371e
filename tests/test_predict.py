"""Predict: nothing is revealed before a prediction, and every prediction is answered in words and noted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from numbers import Real

import pytest
import traitlets
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_browser import python_says, shown_in_lab

from backproplab.course import progress
from backproplab.course.catalogue import EXERCISES
from backproplab.course.exercises import Exercise
from backproplab.course.progress import PROGRESS
from backproplab.draw import dials
from backproplab.explore import NudgeExplorer, Predict
from backproplab.explore.page import page as html
from backproplab.explore.page import traits

ORDER = Exercise(right=("y", "m", "u", "x"), because="Every use of u comes before u.", mistakes={("y", "u", "m", "x"): "m uses u."})


@pytest.fixture
def make(monkeypatch, tmp_path) -> Iterator:
    monkeypatch.setenv(PROGRESS, str(tmp_path / "progress.json"))
    monkeypatch.setitem(EXERCISES, "03.order", ORDER)
    made = []

    def make(*arguments, **options):
        made.append(Predict(*arguments, **options))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


def boxed(right) -> bool:
    """Whether an answer has a place in the page: a word, a number, or several numbers."""
    return isinstance(right, str | Real) or isinstance(right, tuple) and all(isinstance(part, Real) for part in right)


ASKED = [name for name, exercise in EXERCISES.items() if boxed(exercise.right)]


@pytest.mark.parametrize("name", ASKED)
def test_before_a_prediction_the_page_knows_no_answer(make, name):
    prediction = make(name, reveal=dials(["a", "b"], [2]))
    exercise = EXERCISES[name]
    assert prediction.snapshot().text == "No prediction yet."
    sent = json.dumps(traits(prediction), ensure_ascii=False)
    assert exercise.because not in sent and "svg" not in sent
    assert not any(words in sent for words in dict(exercise.mistakes).values())
    if not isinstance(exercise.right, str):
        numbers = exercise.right if isinstance(exercise.right, tuple) else (exercise.right,)
        assert not any(f'"{number}"' in sent for number in numbers if number not in range(4))
    assert str(prediction) == f"Predict({name!r})" and prediction.guess is None


@pytest.mark.parametrize("name", ASKED)
def test_the_right_answer_is_right_and_noted(make, name):
    right = EXERCISES[name].right
    prediction = make(name)
    prediction.answer = [str(part) for part in right] if isinstance(right, tuple) else [str(right)]
    assert prediction.verdict == "right" and EXERCISES[name].because in prediction.words
    assert progress().attempts[name].right


def test_what_has_no_box_is_refused_in_words(make):
    with pytest.raises(TypeError, match="asks for more than numbers"):
        make("09.outer")


def test_a_mistake_gets_its_own_words_and_the_reveal_opens(make):
    prediction = make("03.forty", reveal=dials(["a", "b"], [2]))
    assert prediction._revealed == ""
    prediction.answer = ["25"]
    assert prediction.words.startswith("✗ You predicted 25. 25 is the value at 1.") and "It is 40" in prediction.words
    assert prediction._revealed.startswith("<img")
    assert not progress().attempts["03.forty"].right
    prediction.answer = ["40"]  # it stands
    assert prediction.verdict == "wrong" and progress().attempts["03.forty"].tries == 1
    assert "You predicted 25" in prediction.snapshot().text


@pytest.mark.parametrize(("text", "words"), [("", "a wrong guess"), ("forty", "Expected a number"), ("=7", "got '=7'"), ("4; 7", "got '4; 7'"), ("4*", "column 3"), ("1/0", "no value")])
def test_what_is_no_number_reveals_nothing(make, text, words):
    prediction = make("03.forty", reveal=dials(["a", "b"], [2]))
    prediction.answer = [text]
    assert prediction.verdict == "unclear" and words in prediction.words and "40" not in prediction.words.replace("such as 40", "")
    assert prediction.answer is None and prediction._revealed == "" and "03.forty" not in progress().attempts
    prediction.answer = ["40"]
    assert prediction.verdict == "right"


def test_no_choice_is_no_prediction(make):
    prediction = make("00.knob", options=["a", "b"])
    prediction.answer = [""]
    assert prediction.verdict == "unclear" and "a wrong guess" in prediction.words and "00.knob" not in progress().attempts


@pytest.mark.parametrize("text", ["-0.25", "−1/4", "-1/4", " -.25 "])
def test_a_number_may_be_written_as_a_learner_does(make, text):
    prediction = make("03.flat")
    prediction.answer = [text]
    assert prediction.verdict == "right"


def test_an_order_is_moved_and_judged(make):
    prediction = make("03.order", items=["x", "u", "m", "y"])
    assert prediction.entered == ["x", "u", "m", "y"]
    with pytest.raises(traitlets.TraitError, match="all of these in an order: x, u, m, y"):
        prediction.entered = ["x", "x", "m", "y"]
    prediction.answer = ["y", "u", "m", "x"]
    assert "m uses u." in prediction.words


def test_junk_is_refused(make):
    with pytest.raises(KeyError, match="no prediction called '03.fifty'; those of this notebook are 03.how"):
        make("03.fifty")
    with pytest.raises(TypeError, match="asks for a function"):
        make("03.chain")
    with pytest.raises(TypeError, match="reveal shows an explorer, a picture or a plot; got int"):
        make("03.forty", reveal=3)
    with pytest.raises(traitlets.TraitError, match="one of a, b"):
        make("00.knob", options=["a", "b"]).answer = ["c"]
    with pytest.raises(traitlets.TraitError, match="a list of 1 text"):
        make("03.forty").answer = ["4", "0"]


# ---- in a page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_python_it_stays_closed_and_says_so(browser, tmp_path, make, scheme):
    asked = [make("03.forty", question="How steep?"), make("00.knob", options={"a": "the <big> knob", "b": "b"})]
    asked.append(make("03.order", items=["x", "u", "m", "y"]))
    (tmp_path / "page.html").write_text(html(*asked), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    expect(page.get_by_text("There is no Python behind this page")).to_have_count(3)
    expect(page.get_by_label("Your prediction", exact=True).first).to_be_disabled()
    expect(page.get_by_text("the <big> knob")).to_be_visible()
    page.get_by_role("button", name="Predict").first.click(force=True)
    assert asked[0].answer is None and problems == []
    found = Axe().run(page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []
    page.close()


def test_a_reveal_that_is_an_explorer_is_named_only_after_the_prediction(make):
    prediction = make("01.corner", reveal=NudgeExplorer("a*b", a=3, b=4))
    prediction.answer = ["19"]
    assert prediction._revealed == f"IPY_MODEL_{prediction._reveal.model_id}" and "corner" in prediction.words


# ---- in a real JupyterLab ------------------------------------------------------------------------

CORNER = """
from backproplab.explore import NudgeExplorer, Predict
corner = Predict("01.corner", question="The new area?", reveal=NudgeExplorer("a*b", a=3, b=4))
corner
"""


def test_a_prediction_opens_its_reveal(browser, lab, lab_folder):
    for page in shown_in_lab(browser, lab, lab_folder, "corner.ipynb", [CORNER]):
        view = page.locator(".bpl-explorer").first
        expect(view.locator("svg")).to_have_count(0)
        view.get_by_role("button", name="Predict").click()
        expect(view.locator(".bpl-error")).to_have_text("Predict first: a wrong guess teaches more than none.")
        view.get_by_label("Your prediction").fill("19")
        view.get_by_label("Your prediction").press("Enter")
        expect(view.locator("> .bpl-sentence")).to_contain_text("✗ You predicted 19. 19 is 12 + 4 + 3")
        inner = view.locator(".bpl-explorer")
        expect(inner.locator(".bpl-sentence")).to_contain_text("The corner, h·h = 1, is the whole difference")
        inner.get_by_label("h, exact value").fill("0.1")
        inner.get_by_label("h, exact value").press("Enter")
        python_says(page, "print(corner._reveal.h, corner.verdict)", "0.1 wrong")
        expect(view.get_by_label("Your prediction")).to_be_disabled()
        assert page.foreign == [] and page.complaints == []
