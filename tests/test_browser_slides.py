"""Notebook 00 as slides in JupyterLab (jupyterlab-slideshow), with its kernel: what a lecturer does in the hall."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from conftest import ROOT
from playwright.sync_api import Locator, Page, expect
from test_browser import opened, python_says, set_variable, type_expression

NOTEBOOK = "00-start-here.ipynb"
CELLS = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4).cells
EXPLORER = next(i for i, cell in enumerate(CELLS) if cell.source.startswith("GraphExplorer("))

SHOWN = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .flatMap(({ node }, i) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ? [i] : [])"""
GO_TO = "(i) => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i; }"
CAN_BE_SEEN = """(it) => {
    const { left, top, width, height } = it.getBoundingClientRect();
    return it.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


@pytest.fixture(scope="module")
def hall(browser, lab: str) -> Iterator[Page]:
    """The notebook, run from top to bottom, on a projector of 1280 × 720."""
    page = opened(browser, lab, NOTEBOOK)
    assert page.ran
    page.set_viewport_size({"width": 1280, "height": 720})
    yield page
    assert page.complaints == page.foreign == []
    page.context.close()


@pytest.fixture
def slides(hall: Page) -> Page:
    """The first slide, however the test before has ended."""
    if not presenting(hall):
        hall.locator('.jp-NotebookPanel-toolbar [data-command="deck:toggle"]').click()
    expect(hall.locator("body[data-jp-deck-mode]")).to_have_count(1)
    shows(hall, 0)
    return hall


@pytest.fixture
def explorer(slides: Page) -> Locator:
    """The explorer's slide, begun with its title, as it comes by the keys."""
    shows(slides, EXPLORER - 1, EXPLORER)
    explorer = slides.locator(".jp-deck-mod-visible .bpl-explorer")
    type_expression(explorer, "x")
    type_expression(explorer, "5*tanh(4*a) + 0.6*b^2")
    expect(explorer.locator(".bpl-count")).to_have_text("step 0 of 14")
    explorer.locator(".bpl-text").press("Escape")
    slides.evaluate(GO_TO, EXPLORER - 1)
    return explorer


def presenting(page: Page) -> bool:
    return page.evaluate("'jpDeckMode' in document.body.dataset")


def shows(page: Page, *cells: int) -> None:
    """Goes to the first of these cells, and waits until all of them are there and no others."""
    page.evaluate(GO_TO, cells[0])
    stays(page, *cells)


def stays(page: Page, *cells: int) -> None:
    page.wait_for_function(f"JSON.stringify(({SHOWN})()) === '{list(cells)}'".replace(", ", ","))


def test_space_walks_through_every_cell_of_the_lecture(slides: Page) -> None:
    seen, last = set(), None
    for _ in CELLS:
        seen.update(slides.evaluate(SHOWN))
        slides.keyboard.press("Space")
        slides.wait_for_timeout(50)
        if (now := slides.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")) == last:
            break
        last = now
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in CELLS]
    assert seen == {i for i, kind in enumerate(kinds) if kind not in ("skip", "notes")}


def test_a_clicker_turns_the_slides(slides: Page) -> None:
    shows(slides, EXPLORER - 1, EXPLORER)
    slides.keyboard.press("PageUp")
    slides.wait_for_function(f"!({SHOWN})().includes({EXPLORER})")
    slides.keyboard.press("PageDown")
    stays(slides, EXPLORER - 1, EXPLORER)


def test_the_first_click_in_an_explorer_counts(slides: Page, explorer: Locator) -> None:
    explorer.get_by_role("button", name="Forward").click()
    expect(explorer.locator(".bpl-count")).to_have_text("step 1 of 14")
    expect(explorer.locator('[data-node="c"] [data-role="value"]')).to_have_text("4")


def test_a_slider_and_a_typed_formula_are_answered(slides: Page, explorer: Locator) -> None:
    explorer.get_by_role("button", name="Run all").click()
    set_variable(explorer, "b", "3")
    expect(explorer.locator('[data-node="b"] [data-role="gradient"]')).to_have_text("3.6")
    slider = explorer.get_by_label("b, slider")
    slider.evaluate("(it) => { it.value = -1; it.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(explorer.locator('[data-node="b"] [data-role="gradient"]')).to_have_text("−1.2")
    type_expression(explorer, "u*v + v")  # only Python reads formulas
    expect(explorer.locator(".bpl-count")).to_have_text("step 0 of 7")
    python_says(slides, "print(2 + 2)", "4")


def test_keys_in_a_control_leave_the_slide_alone_until_escape(slides: Page, explorer: Locator) -> None:
    def here() -> None:
        assert presenting(slides)
        stays(slides, EXPLORER - 1, EXPLORER)

    explorer.get_by_role("button", name="Forward").focus()
    slides.keyboard.press("Space")
    expect(explorer.locator(".bpl-count")).to_have_text("step 1 of 14")
    explorer.locator(".bpl-picture").focus()
    slides.keyboard.press("ArrowRight")
    expect(explorer.locator(".bpl-count")).to_have_text("step 2 of 14")
    explorer.get_by_label("a, slider").focus()
    for key in ("ArrowRight", "ArrowDown", "PageDown"):
        slides.keyboard.press(key)
    here()
    explorer.get_by_label("Expression").focus()
    slides.keyboard.press("ArrowLeft")
    slides.keyboard.press("Space")
    here()
    slides.keyboard.press("Escape")  # gives the keys back, and leaves the slides only when pressed again
    here()
    slides.keyboard.press("ArrowRight")
    slides.wait_for_function(f"!({SHOWN})().includes({EXPLORER})")
    assert presenting(slides)


SMALLEST = """() => Math.min(...[...document.querySelectorAll(".jp-deck-mod-visible *")]
    .filter((it) => !it.closest("svg, mjx-container, .bpl-heard") && it.checkVisibility({ visibilityProperty: true }))
    .filter((it) => [...it.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((it) => parseFloat(getComputedStyle(it).fontSize) * (it.closest(".bpl-explorer") ? it.currentCSSZoom : 1)))"""


def test_words_can_be_read_in_the_last_row(slides: Page, explorer: Locator) -> None:
    assert slides.evaluate(SMALLEST) >= 18


def test_what_is_too_high_is_scrolled_in_its_cell_with_the_buttons_in_view(slides: Page, explorer: Locator) -> None:
    slides.mouse.move(400, 600)
    slides.mouse.wheel(0, 300)
    cell = slides.locator(".jp-deck-mod-visible.jp-CodeCell")
    expect(cell).not_to_have_js_property("scrollTop", 0)
    forward = explorer.get_by_role("button", name="Forward")
    for part in (slides.get_by_role("heading", name="An explorer"), forward):
        assert part.evaluate(CAN_BE_SEEN)
    forward.click()
    expect(explorer.locator(".bpl-count")).to_have_text("step 1 of 14")
    expect(slides.locator(".jp-Deck .jp-WindowedPanel-outer")).to_have_js_property("scrollTop", 0)


def test_leaving_gives_the_notebook_back(slides: Page, explorer: Locator) -> None:
    slides.keyboard.press("Escape")
    expect(slides.locator("body[data-jp-deck-mode]")).to_have_count(0)
    stays(slides, *range(len(CELLS)))
    button = slides.locator(".bpl-explorer").get_by_role("button", name="Forward").first
    button.click()
    expect(slides.locator(".bpl-count").first).to_have_text("step 1 of 14")
    assert slides.locator(".jp-NotebookPanel-toolbar").is_visible()
