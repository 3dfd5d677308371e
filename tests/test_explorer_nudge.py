"""NudgeExplorer: its numbers, its words, and that its page draws and says the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import traitlets
from playwright.sync_api import expect
from twins import drawn_by_python, drawn_in_page

from backproplab.explore import NudgeExplorer
from backproplab.explore.page import page as html


@pytest.fixture
def make() -> Iterator:
    made = []

    def make(*arguments, **options):
        made.append(NudgeExplorer(*arguments, **options))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


@pytest.mark.parametrize(("h", "quotient"), [(1.0, 8.0), (0.1, 7.1), (0.01, 7.01)])
def test_the_corner_is_the_whole_difference(make, h, quotient):
    explorer = make("a*b", a=3, b=4, h=h)
    assert explorer.nudge.forward == pytest.approx(quotient) and explorer.slope == 7.0
    assert "The corner" in explorer.sentence and explorer.view == "rectangle"
    assert explorer.nudge.forward - explorer.slope == pytest.approx(h)


@pytest.mark.parametrize(("nudged", "slope"), [("a", 4.0), ("b", 3.0), ("", 7.0)])
def test_one_side_alone_has_no_corner(make, nudged, slope):
    explorer = make("a*b", a=3, b=4, nudged=nudged)
    assert explorer.slope == slope
    assert ("At this h they agree." in explorer.sentence) == bool(nudged)


@pytest.mark.parametrize(("h", "quotient"), [(1.0, 19.0), (0.1, 16.3), (0.01, 16.03)])
def test_a_secant_turns_into_the_tangent(make, h, quotient):
    explorer = make("3*x^2+4*x", x=2, h=h)
    assert explorer.nudge.forward == pytest.approx(quotient) and explorer.slope == 16.0
    assert explorer.nudge.central == pytest.approx(16.0)


@pytest.mark.parametrize(("text", "x", "words"), [
    ("x*log(x)", 0.05, "on the other side, at −h, x·log(x) has no value."),
    ("sqrt(1-x)", 0.95, "From x = 0.95, x moves by h = 0.1, and there sqrt(1−x) has no value: choose a smaller h."),
])  # fmt: skip
def test_a_nudge_beyond_the_edge_is_told_in_words(make, text, x, words):
    explorer = make(text, x=x, h=0.1)
    assert explorer.sentence.endswith(words) and "nan" not in explorer.sentence + explorer.snapshot().alt
    assert "no value" in explorer.snapshot().svg and "nan" not in explorer.snapshot().svg
    explorer.h = 0.01
    assert "no value" not in explorer.sentence


def test_below_a_hundred_millionth_the_error_grows_again(make):
    explorer = make("exp(sin(x))", x=1.3)
    assert explorer.slope == pytest.approx(math.cos(1.3) * math.exp(math.sin(1.3)))
    off, miss = {}, {}
    for explorer.h in (1e-3, 1e-5, 1e-8, 1e-12):
        off[explorer.h], miss[explorer.h] = explorer.nudge.off, explorer.nudge.miss
    assert off[1e-3] > off[1e-5] > off[1e-8] and off[1e-12] > 100 * off[1e-8]
    assert miss[1e-3] > miss[1e-5] and miss[1e-12] > 1000 * miss[1e-5]
    assert "mostly rounding" in explorer.sentence
    explorer.h = 1e-17
    assert "is the same float" in explorer.sentence


def test_a_sum_passes_a_nudge_on(make):
    explorer = make("a+b", a=3, b=4, h=0.5, nudged="a", view="bars")
    assert explorer.slope == 1.0 and "a+b: 7 moves by 0.5" in explorer.snapshot().svg


def test_a_gallery_keeps_the_values_of_names_it_knows(make):
    explorer = make(["x^2", "x^5", "a*x"], x=3, h=0.1)
    assert explorer.choices == ["x^2", "x^5", "a*x"] and list(explorer._scenes) == explorer.choices
    explorer.expression = "a*x"
    assert explorer.values == {"x": 3.0, "a": 1.0} and explorer.slope == 4.0
    explorer.nudged = "a"
    explorer.expression = "x^5"
    assert explorer.nudged == "" and explorer.slope == 5 * 3.0**4


def test_a_mistake_is_explained_and_the_picture_stays(make):
    explorer = make("x^2", x=3)
    before = explorer.snapshot().svg
    explorer.expression = "5x+"
    assert "column 4" in explorer.error and explorer.snapshot().svg == before
    explorer.expression = "2"
    assert "no variable" in explorer.error
    explorer.expression = "log(x)"
    assert explorer.error == "" and explorer.slope == pytest.approx(1 / 3)
    explorer.values = {"x": -1.0}
    assert explorer.error.startswith("log(x) has no value at x = −1") and "x = 3" in explorer.snapshot().alt
    explorer.values = {"x": 2.0}
    assert explorer.error == "" and explorer.slope == 0.5


def test_a_function_without_a_value_here_is_shown_where_it_has_one(make):
    explorer = make(["x^2", "log(x-1)"], x=3)
    explorer.values = {"x": 1.0}
    explorer.expression = "log(x-1)"
    assert explorer.error.startswith("log(x−1) has no value at x = 1") and "x^2" in explorer.snapshot().alt
    explorer.values = {"x": 2.0}
    assert explorer.error == "" and explorer.snapshot().alt.startswith("log(x−1) at x = 2")


@pytest.mark.parametrize(
    ("trait", "value"),
    [("h", 0.0), ("h", -1.0), ("h", math.nan), ("h", math.inf), ("values", {"x": math.nan}), ("values", {"x": "one"}),
     ("nudged", "y"), ("view", "pie")],
    ids=str,
)  # fmt: skip
def test_junk_is_refused_and_changes_nothing(make, trait, value):
    explorer = make("x^2", x=3)
    before = explorer.get_state()
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, trait, value)
    assert explorer.get_state() == before


def test_an_explorer_is_not_made_of_a_mistake(make):
    with pytest.raises(ValueError, match="no variable 'y'"):
        make("x^2", y=1)
    with pytest.raises(TypeError, match="a list of texts"):
        make(3)
    with pytest.raises(traitlets.TraitError):
        make("x^2", h=0)


def test_frames_repr_and_twin(make):
    explorer = make("a*b", a=3, b=4)
    assert [frame.alt.partition(" nudged by ")[2].partition(":")[0] for frame in explorer.frames()] == ["1", "0.1", "0.01", "0.001"]
    assert repr(explorer) == "NudgeExplorer('a*b', h=1.0, view='rectangle', a=3.0, b=4.0)"
    again = eval(repr(explorer), {"NudgeExplorer": make})
    assert again.snapshot().svg == explorer.snapshot().svg
    assert ElementTree.fromstring(explorer.snapshot().svg).get("aria-label") == explorer.snapshot().alt
    assert "h 0.1: 7.1, off by 0.1; both ways 7" in explorer.snapshot().text


# ---- in a page ----------------------------------------------------------------------------------

STATES = [
    ("a*b", {}, {"a": 3, "b": 4}),
    ("a*b", {"h": 0.03, "nudged": "b"}, {"a": -2, "b": 1.5}),
    ("a*b", {"view": "curve", "h": 2.5}, {"a": 3, "b": 4}),
    ("a*b-c", {"view": "bars", "h": 1e-4, "nudged": "c"}, {"a": 3, "b": 4}),
    ("3*x*x+4*x", {"h": 0.1}, {"x": 2}),
    ("1/x", {"h": 0.5}, {"x": 0.5}),
    ("x*x*x", {"h": 1e-10}, {"x": -1}),
    ("x*x", {"h": 5e-9}, {"x": 0.75}),
    ("x*x", {"h": 1e-17}, {"x": 0.75}),
    ("abs(x)", {"h": 0.1}, {"x": 0}),
    ("x*log(x)", {"h": 0.1}, {"x": 0.05}),
    ("sqrt(1-x)", {"h": 0.1}, {"x": 0.95}),
]


def test_the_page_draws_and_says_what_python_does(browser, tmp_path, make):
    explorers = [make(text, **options, **values) for text, options, values in STATES]
    (tmp_path / "page.html").write_text(html(*explorers), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    for i, explorer in enumerate(explorers):
        here = page.locator(f'[data-explorer="{i}"]')
        expect(here.locator("svg").first).to_have_attribute("aria-label", explorer.snapshot().alt)
        expect(here.locator(".bpl-sentence")).to_have_text(explorer.sentence)
        assert drawn_in_page(here) == drawn_by_python(explorer.snapshot().svg), STATES[i]
        here.locator("summary").click()
        expect(here.locator("tbody tr")).to_have_count(16)
        assert [row.split("\t") for row in here.locator("tbody").inner_text().split("\n")] == explorer._rows()
    page.close()
