"""FanExplorer: contributions add, closed branches hand nothing on, and the page says the same."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import traitlets
from playwright.sync_api import expect
from twins import drawn_by_python, drawn_in_page

from backproplab.explore import FanExplorer
from backproplab.explore.page import page as html


@pytest.fixture
def make() -> Iterator:
    made = []

    def make(*arguments, **options):
        made.append(FanExplorer(*arguments, **options))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


@pytest.mark.parametrize(
    ("opened", "gradient"),
    [([True, True, True], 4), ([True, False, True], 8), ([False, True, False], -4), ([False, False, False], 0)],
    ids=str,
)
def test_contributions_of_open_branches_add(make, opened, gradient):
    fan = make([2, -1, 3], [1, 4, 2])
    fan.opened = opened
    assert fan.gradient == gradient and f"= {gradient}".replace("-", "−") in fan.sentence
    assert ("Closed branches hand nothing on: with all of them open it is 4." in fan.sentence) == (not all(opened))


def test_a_nudge_moves_c_as_the_gradient_says(make):
    fan = make([2, -1, 3], [1, 4, 2], z=5, nudge=-0.1)
    assert "moves the sums by −0.2, 0.1, −0.3, and C by 1·(−0.2) + 4·0.1 + 2·(−0.3) = −0.4." in fan.sentence
    assert "z = 5 moves s[0] = 10, s[1] = −5, s[2] = 15" in fan.snapshot().alt


@pytest.mark.parametrize(("trait", "value"), [("z", math.nan), ("nudge", "much"), ("opened", [True]), ("opened", [1, 2, 3])], ids=str)
def test_junk_is_refused_and_changes_nothing(make, trait, value):
    fan = make()
    before = fan.get_state()
    with pytest.raises(traitlets.TraitError):
        setattr(fan, trait, value)
    assert fan.get_state() == before
    for weights, slopes in (([1, 2], [1, 2, 3]), ([1], [1]), ([1] * 7, [1] * 7)):
        with pytest.raises(ValueError, match=f"2 to 6 weights and as many slopes; got {len(weights)} and {len(slopes)}"):
            make(weights, slopes)


def test_a_fan_may_have_two_to_six_branches(make):
    for count in range(2, 7):
        fan = make([0.5 * i for i in range(count)], [1] * count)
        assert fan.gradient == sum(fan.weights) and f"s[{count - 1}]" in fan.snapshot().svg


STATES = [{}, {"opened": [True, False, True]}, {"z": -0.35, "nudge": 1.5, "opened": [False, True, True]}, {"opened": [False] * 3}]


def test_the_page_shows_what_python_draws(browser, tmp_path, make):
    fans = [make() for _ in STATES] + [make([1, -2], [3, 0.5]), make([1, 2, 3, 4, 5, 6], [-1] * 6)]
    (tmp_path / "page.html").write_text(html(*fans), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    for i, (fan, state) in enumerate(zip(fans, [*STATES, {"opened": [False, True]}, {"z": 2.0}])):
        here = page.locator(f'[data-explorer="{i}"]')
        expect(here.locator(".bpl-heard")).to_have_count(1)
        here.evaluate("(it, state) => it.explorer.set(state)", state)
        for name, value in state.items():
            setattr(fan, name, value)
        expect(here.locator("svg").first).to_have_attribute("aria-label", fan.snapshot().alt)
        expect(here.locator(".bpl-sentence")).to_have_text(fan.sentence)
        places = ("d", "x", "y", "cx", "cy", "points", "opacity")
        found, due = drawn_in_page(here, places), drawn_by_python(fan.snapshot().svg, places)
        assert [it for it in found if it[0] != "g" or it[2].strip()] == [it for it in due if it[0] != "g" or it[2].strip()]
    page.close()
