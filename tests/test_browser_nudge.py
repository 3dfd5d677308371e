"""NudgeExplorer, ChainExplorer, Predict and FanExplorer in a real JupyterLab: page and Python see the same, and nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from test_browser import python, shown_in_lab
from test_browser_jacobian import in_python

CELLS = [
    'from backproplab.explore import ChainExplorer, NudgeExplorer, Predict\nnudge = NudgeExplorer("3*x^2+4*x", x=2)\nnudge',
    'chain = ChainExplorer("4*x, x+1, x^2", x=1)\nchain',
    'corner = Predict("01.corner", question="The new area?", reveal=NudgeExplorer("a*b", a=3, b=4))\ncorner',
    "from backproplab.explore import FanExplorer\nfan = FanExplorer([2, -1, 3, 0.5], [1, 4, 2, 2])\nfan",
]


@pytest.fixture(scope="module")
def desk(browser, lab: str, lab_folder) -> Iterator[Page]:
    for page in shown_in_lab(browser, lab, lab_folder, "nudge.ipynb", CELLS):
        expect(page.locator(".bpl-explorer")).to_have_count(4)
        yield page


def test_a_nudge_gets_smaller_and_another_function_is_typed(desk: Page) -> None:
    view = desk.locator(".bpl-explorer").nth(0)
    view.scroll_into_view_if_needed()
    view.get_by_label("h, exact value").fill("0.01")
    view.get_by_label("h, exact value").press("Enter")
    expect(view.locator(".bpl-sentence")).to_contain_text("0.1603 ÷ 0.01 = 16.03; the slope, by rule, is 16.")
    in_python(desk, "print(nudge.h, round(nudge.nudge.forward, 6))", "0.01 16.03")
    view.get_by_label("Function").fill("5x+")
    view.get_by_label("Function").press("Enter")
    expect(view.locator(".bpl-error")).to_contain_text("column 4")
    expect(view.locator(".bpl-sentence")).to_contain_text("16.03")
    view.get_by_label("Function").fill("exp(sin(x))")
    view.get_by_label("Function").press("Enter")
    python(desk, "nudge.values = {'x': 1.3}")
    expect(view.locator(".bpl-picture svg").first).to_have_attribute("aria-label", python(desk, "print(nudge.snapshot().alt)"))
    expect(view.locator(".bpl-error")).to_have_text("")


def test_a_nudge_travels_and_another_chain_is_typed(desk: Page) -> None:
    view = desk.locator(".bpl-explorer").nth(1)
    view.scroll_into_view_if_needed()
    view.get_by_label("x, exact value").fill("-0.25")
    view.get_by_label("x, exact value").press("Enter")
    in_python(desk, "print(chain.x, chain.share)", "-0.25 0.0")
    view.get_by_label("Chain", exact=True).fill("bicycle = 4*walker, car = 2*bicycle")
    view.get_by_label("Chain", exact=True).press("Enter")
    view.get_by_label("dials").check()
    expect(view.locator('[data-role="product"]')).to_have_text("4·2 = 8 times as far as walker")
    python(desk, "chain.step = 1")
    expect(view.locator('[data-role="value"]')).to_have_text(["0.1", "0.4", "·"])
    in_python(desk, "print(chain.view, chain.steps)", "dials 2")


def test_a_prediction_opens_its_reveal(desk: Page) -> None:
    view = desk.locator(".bpl-explorer").nth(2)
    view.scroll_into_view_if_needed()
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
    in_python(desk, "print(corner._reveal.h, corner.verdict)", "0.1 wrong")
    expect(view.get_by_label("Your prediction")).to_be_disabled()


def test_branches_of_a_fan_are_closed_and_opened(desk: Page) -> None:
    view = desk.locator(".bpl-explorer").last  # the prediction has opened one more
    view.scroll_into_view_if_needed()
    view.get_by_label("branch s[1] open").uncheck()
    expect(view.locator(".bpl-sentence")).to_contain_text("So dC/dz = 2·1 + 3·2 + 0.5·2 = 9. Closed branches hand nothing on")
    in_python(desk, "print(fan.opened, fan.gradient)", "[True, False, True, True] 9.0")
    view.locator('[data-node="s[1]"]').click()
    view.get_by_label("z, exact value").fill("-2")
    view.get_by_label("z, exact value").press("Enter")
    in_python(desk, "print(fan.z, fan.gradient)", "-2.0 5.0")
    python(desk, "fan.opened = [False] * 4")
    expect(view.locator(".bpl-sentence")).to_contain_text("So dC/dz = 0 = 0.")
    expect(view.locator(".bpl-picture svg").first).to_have_attribute("aria-label", python(desk, "print(fan.snapshot().alt)"))


def test_nothing_went_wrong_and_nothing_was_asked_of_another_machine(desk: Page) -> None:
    assert desk.foreign == [] and desk.complaints == []
