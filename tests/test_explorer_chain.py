"""ChainExplorer: what arrives after each link, in words, in pictures, and the same in its page."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import traitlets
from playwright.sync_api import expect
from twins import drawn_by_python, drawn_in_page

from backproplab.explore import ChainExplorer
from backproplab.explore.page import page as html


@pytest.fixture
def make() -> Iterator:
    made = []

    def make(*arguments, **options):
        made.append(ChainExplorer(*arguments, **options))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


def test_car_bicycle_walker(make):
    explorer = make("bicycle = 4*walker, car = 2*bicycle", view="dials")
    assert explorer.share == 8.0 and explorer.nudge == 1.0
    assert "4·2 = 8 times as far as walker" in explorer.snapshot().svg


@pytest.mark.parametrize(("x", "share"), [(1, 40), (0, 8), (-0.25, 0), (-0.5, -8), (-1, -24)])
def test_the_tool_that_goes_blank_is_slid_through(make, x, share):
    explorer = make("4*x, x+1, x^2")
    explorer.x = x
    assert explorer.share == share and explorer.error == ""


def test_ten_sigmoids_let_a_nudge_die(make):
    shares = make(["sigmoid(x)"] * 10).shares
    assert shares[1] == 0.25 and shares[2] == pytest.approx(0.059, abs=5e-4) and shares[10] == pytest.approx(3.9e-7, rel=0.01)
    assert shares[10] < 0.25**10
    assert make(["1.5*x"] * 10, nudge=1, view="dials").share == pytest.approx(57.7, abs=0.05)


def test_the_shares_have_an_axis_before_the_first_step(make):
    axis = make(["sigmoid(x)"] * 10, view="shares").snapshot(0).svg
    assert "e−" not in axis and ">−1<" in axis


def test_links_are_named_as_they_are_called(make):
    assert make("tanh(s), (z-2)^2")._drawn.names == ["s", "z", "a"]
    assert make("4*x, x+1, c = x^2")._drawn.names == ["x", "a", "b", "c"]
    assert make("max(x, 0), y = e*b")._drawn.names == ["x", "b", "y"]
    assert make("a*2, a+1")._drawn.names == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4*x, x+", "Link 2: Found the end at column 4"),
        ("4*x, 3", "Link 2: Found the variables none, but expected one"),
        ("a*b", "Found the variables a, b, but expected one"),
        ("x = 4*x", "There is a 'x' already"),
        (", ".join(["x"] * 11), "Found 11 links, but a chain may have 10"),
        ("x-1, log(y)", "Link 2: log"),
    ],
)
def test_a_chain_that_is_none_is_explained_and_the_picture_stays(make, text, words):
    explorer = make("4*x, x+1, x^2", x=0.5)
    before = explorer.snapshot().svg
    explorer.expression = text
    assert words in explorer.error and explorer.snapshot().svg == before
    explorer.expression = "4*x, x^2"
    assert explorer.error == "" and explorer.step == 2
    with pytest.raises(ValueError, match="(?i)found|already|log"):
        make(text, x=0.5)


def test_a_link_without_a_value_is_explained(make):
    explorer = make("x-1, log(y)", x=2, span=(-1, 3))
    explorer.x = 0.5
    assert explorer.error.startswith("x = 0.5 does not get through the chain") and "x = 2" in explorer.snapshot().alt
    explorer.x = 1.5
    assert explorer.error == "" and explorer.share == 2.0


@pytest.mark.parametrize(
    ("trait", "value"), [("x", math.nan), ("x", 9.0), ("nudge", 9.0), ("nudge", math.inf), ("view", "pie"), ("step", "one")], ids=str
)
def test_junk_is_refused_and_changes_nothing(make, trait, value):
    explorer = make("4*x, x^2", x=1)
    before = explorer.get_state()
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, trait, value)
    assert explorer.get_state() == before


def test_dials_are_for_constant_slopes_only(make):
    explorer = make("4*x, x^2", x=1, view="dials")
    assert "dials" not in explorer._scenes["4*x, x^2"]["pictures"] and "×" in explorer.snapshot().svg


def test_the_notch_carries_live_numbers(make):
    explorer = make("tanh(s), (z-2)^2", x=0.5, view="notch")
    assert explorer.share == pytest.approx((1 - math.tanh(0.5) ** 2) * 2 * (math.tanh(0.5) - 2))
    svg = explorer.snapshot().svg
    assert "= −2.419" in svg and "= −3.076" in svg and "h(s) = tanh(s)" in svg


def test_frames_and_repr(make):
    explorer = make("4*x, x+1, x^2", x=1)
    frames = explorer.frames()
    assert [frame.alt.rpartition(" arrives ")[2] for frame in frames] == [f"{k} times as large" for k in (1, 4, 4, 40)]
    assert repr(explorer) == "ChainExplorer('4*x, x+1, x^2', x=1.0, nudge=0.1, view='lines')"


# ---- in a page ----------------------------------------------------------------------------------

MOVES = [
    ("4*x, x+1, x*x", {"x": 1}, {"x": -0.25}),
    ("4*x, x+1, x*x", {"x": 1}, {"x": 0.5, "nudge": -0.2, "step": 2}),
    ("x-1, 1/x", {"x": 2, "span": (-1, 3)}, {"x": 1.5, "step": 0}),
    ("bicycle = 4*walker, car = 2*bicycle", {"view": "dials"}, {"nudge": 0.6, "step": 1}),
    ("a = 4*w, -2*a", {"view": "dials"}, {"nudge": 1.5}),
    ("a = 4*w, 2*a", {"view": "dials"}, {"step": 0}),
    (["1.5*x"] * 10, {"view": "dials"}, {"nudge": -0.5}),
    ("4*x, x+1, x*x", {"view": "shares"}, {"x": -1}),
    (["0.25*x"] * 10, {"view": "shares"}, {"step": 7}),
    ("3*x, 0*x, x+1", {"view": "shares"}, {"x": 1}),
    (["s*s, (z-2)*z", "relu(s), z/2"], {"view": "notch"}, {"x": 1.5}),
]


def test_the_page_moves_what_python_draws(browser, tmp_path, make):
    explorers = [make(links, **options) for links, options, _ in MOVES]
    (tmp_path / "page.html").write_text(html(*explorers), encoding="utf-8")
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    for i, (explorer, (*_, state)) in enumerate(zip(explorers, MOVES)):
        here = page.locator(f'[data-explorer="{i}"]')
        expect(here.locator(".bpl-heard")).to_have_count(1)
        here.evaluate("(it, state) => it.explorer.set(state)", state)
        for name, value in state.items():
            setattr(explorer, name, value)
        expect(here.locator(".bpl-picture svg").first).to_have_attribute("aria-label", explorer.snapshot().alt)
        expect(here.locator(".bpl-sentence")).to_have_text(explorer.sentence)
        assert seen(drawn_in_page(here)) == seen(drawn_by_python(explorer.snapshot().svg)), MOVES[i]
        here.locator("summary").click()
        expect(here.locator("tbody tr")).to_have_count(len(explorer._rows()))
        found = here.locator("tbody tr").evaluate_all("(rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent))")
        assert found == explorer._rows()
    assert problems == []
    page.close()


def test_where_a_link_has_no_value_the_page_says_so_and_keeps_its_picture(browser, tmp_path, make):
    explorer = make("x-1, 1/y", x=2, span=(-1, 3))
    (tmp_path / "page.html").write_text(html(explorer), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.get_by_label("x, exact value").fill("1")
    page.keyboard.press("Enter")
    explorer.x = 1.0
    expect(page.locator(".bpl-error")).to_have_text(explorer.error)
    expect(page.locator(".bpl-sentence")).to_have_text(explorer.sentence)
    assert drawn_in_page(page.locator(".bpl-explorer")) == drawn_by_python(explorer.snapshot().svg)
    page.close()


def seen(shapes: list) -> list:
    """What is drawn, but for groups, whose number does not matter."""
    return [it for it in shapes if it[0] != "g" or it[2].strip()]
