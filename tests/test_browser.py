"""Notebook 03 in a real JupyterLab in a real Chromium: what a learner does, and what they then read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

NOTEBOOK = "03-chain-rule.ipynb"


@pytest.fixture(scope="module")
def page(browser, lab: str) -> Iterator[Page]:
    """Notebook 03, opened and run from top to bottom; requests to other machines are noted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.foreign = []
    page.on("request", lambda request: page.foreign.append(request.url) if _is_foreign(request.url, lab) else None)
    page.goto(f"{lab}/lab/workspaces/test/tree/{NOTEBOOK}?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=90_000)
    page.wait_for_function(
        """async () => {
            const panel = window.jupyterapp.shell.currentWidget;
            await panel?.sessionContext?.ready;
            return panel?.sessionContext?.session?.kernel?.status === "idle";
        }""",
        timeout=90_000,
    )
    page.ran = page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    yield page
    context.close()


def _is_foreign(url: str, lab: str) -> bool:
    return url.startswith("http") and not url.startswith(lab)


@pytest.fixture
def explorer(page: Page) -> Locator:
    """The first explorer of the notebook, at (4*x+1)^2, x = 1, nothing computed."""
    cell = page.locator(".jp-CodeCell").filter(has_text='GraphExplorer("(4*x+1)^2", x=1.0)').first
    explorer = cell.locator(".bpl-explorer")
    expect(explorer).to_have_count(1)
    explorer.scroll_into_view_if_needed()
    type_expression(explorer, "x")
    expect(explorer.locator(".bpl-count")).to_have_text("step 0 of 1")
    type_expression(explorer, "(4*x+1)^2")
    expect(explorer.locator(".bpl-count")).to_have_text("step 0 of 7")
    set_variable(explorer, "x", "1")
    expect(explorer.locator(".bpl-picture svg")).to_have_attribute("aria-label", re.compile(r"at x = 1:"))
    return explorer


def type_expression(explorer: Locator, text: str) -> None:
    box = explorer.get_by_label("Expression")
    box.fill(text)
    box.press("Enter")


def set_variable(explorer: Locator, name: str, value: str) -> None:
    exact = explorer.get_by_label(f"{name}, exact value")
    exact.fill(value)
    exact.press("Tab")


def press(explorer: Locator, button: str, times: int = 1) -> None:
    for _ in range(times):
        count = explorer.locator(".bpl-count")
        before = count.inner_text()
        explorer.get_by_role("button", name=button).click()
        expect(count).not_to_have_text(before)


def shown(explorer: Locator, node: str, role: str) -> Locator:
    return explorer.locator(f'[data-node="{node}"] [data-role="{role}"]')


def test_run_all_succeeds_without_leaving_the_machine(page: Page) -> None:
    assert page.ran, "a cell of the notebook failed"
    assert page.locator(".jp-OutputArea-output [data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.foreign == []


LIVING_EXPLORERS = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const code = `from ipywidgets.widgets import widget
print(sum(type(it).__name__ == "GraphExplorer" for it in widget._instances.values()))`;
    let printed = "";
    const request = kernel.requestExecute({ code, store_history: false });
    request.onIOPub = (message) => { printed += message.content.text ?? ""; };
    await request.done;
    return Number(printed);
}"""


def test_running_a_cell_again_closes_the_explorer_it_replaces(page: Page) -> None:
    before = page.evaluate(LIVING_EXPLORERS)
    assert before > 0
    assert page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    assert page.evaluate(LIVING_EXPLORERS) == before


def test_stepping_gives_25_10_10_40(explorer: Locator) -> None:
    press(explorer, "Forward", 3)
    expect(shown(explorer, "c", "value")).to_have_text("25")
    expect(shown(explorer, "x", "gradient")).to_have_text("·")
    press(explorer, "Backward", 4)
    for node, gradient in {"c": "1", "b": "10", "a": "10", "x": "40"}.items():
        expect(shown(explorer, node, "gradient")).to_have_text(gradient)
    sentence = "Through a = 4·x: slope 4, upstream 10, so x gets 4 × 10 = 40."
    expect(explorer.locator(".bpl-sentence")).to_have_text(sentence)
    expect(explorer.locator(".bpl-aside")).to_have_text("gradient of c in x: 40 by nudging: 40")
    expect(explorer.locator(".bpl-verdict")).to_have_text("Nudging agrees.")


def test_stepping_back_takes_the_last_number_away(explorer: Locator) -> None:
    press(explorer, "Run all")
    expect(shown(explorer, "x", "gradient")).to_have_text("40")
    press(explorer, "Step back")
    expect(shown(explorer, "x", "gradient")).to_have_text("·")
    press(explorer, "Reset")
    expect(shown(explorer, "a", "value")).to_have_text("·")


def test_the_slider_moves_values_and_gradients(explorer: Locator) -> None:
    press(explorer, "Run all")
    slider = explorer.get_by_label("x, slider")
    slider.evaluate("(it) => { it.value = -1; it.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(shown(explorer, "c", "value")).to_have_text("9")
    expect(shown(explorer, "x", "gradient")).to_have_text("−24")


def test_another_expression_can_be_typed(explorer: Locator) -> None:
    type_expression(explorer, "u*v+v")
    expect(explorer.locator(".bpl-name")).to_have_text(["u", "v"])
    set_variable(explorer, "u", "3")
    set_variable(explorer, "v", "2")
    expect(explorer.locator(".bpl-picture svg")).to_have_attribute("aria-label", re.compile(r"at u = 3, v = 2:"))
    press(explorer, "Run all")
    expect(shown(explorer, "v", "gradient")).to_have_text("4")  # u + 1: added over two paths
    expect(explorer.locator(".bpl-formula math")).to_be_visible()


def test_a_wrong_expression_is_explained_and_the_picture_stays(explorer: Locator) -> None:
    press(explorer, "Run all")
    type_expression(explorer, "(4*x+")
    expect(explorer.locator(".bpl-error")).to_contain_text("Found the end at column 6")
    expect(shown(explorer, "x", "gradient")).to_have_text("40")
    type_expression(explorer, "(4*x+1)^2")
    expect(explorer.locator(".bpl-error")).to_have_text("")


def test_an_undefined_value_is_explained_and_can_be_left_again(explorer: Locator) -> None:
    type_expression(explorer, "log(x-1)")
    expect(explorer.locator(".bpl-error")).to_contain_text("log(0) has no value")
    set_variable(explorer, "x", "2")
    expect(explorer.locator(".bpl-error")).to_have_text("")
    press(explorer, "Run all")
    expect(shown(explorer, "x", "gradient")).to_have_text("1")


def test_everything_works_from_the_keyboard(explorer: Locator, page: Page) -> None:
    explorer.get_by_label("Expression").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("3*x")
    page.keyboard.press("Enter")
    expect(explorer.locator(".bpl-count")).to_have_text("step 0 of 3")
    explorer.locator(".bpl-picture").focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 3), ("Home", 0)):
        page.keyboard.press(key)
        expect(explorer.locator(".bpl-count")).to_have_text(f"step {step} of 3")
    explorer.get_by_label("x, slider").focus()
    page.keyboard.press("ArrowRight")
    expect(explorer.get_by_label("x, exact value")).to_have_value("1.05")
    explorer.get_by_role("button", name="Forward").focus()
    page.keyboard.press("Space")
    expect(shown(explorer, "a", "value")).to_have_text("3.15")


def test_a_held_key_loses_no_step_of_the_slider(explorer: Locator, page: Page) -> None:
    slider = explorer.get_by_label("x, slider")
    slider.focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(explorer.locator(".bpl-picture svg")).to_have_attribute("aria-label", re.compile(r"at x = 3:"))
    expect(slider).to_have_value("3")


def test_a_slider_does_not_move_under_the_hand(explorer: Locator, page: Page) -> None:
    set_variable(explorer, "x", "100")
    slider = explorer.get_by_label("x, slider")
    expect(slider).to_have_attribute("max", "100")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(10):
        page.mouse.move(x + i % 2, y)
        page.wait_for_timeout(60)
    page.mouse.up()
    assert 70 < float(slider.input_value()) < 90
    expect(slider).to_have_attribute("max", "100")


def test_an_invalid_number_is_taken_back(explorer: Locator) -> None:
    set_variable(explorer, "x", "")
    expect(explorer.get_by_label("x, exact value")).to_have_value("1")


def test_the_picture_follows_the_page_to_dark(explorer: Locator, page: Page) -> None:
    ground = explorer.locator(".bpl-picture svg > rect").first
    for theme, colour in (("Light", "rgb(255, 255, 255)"), ("Dark", "rgb(17, 20, 24)"), ("Light", "rgb(255, 255, 255)")):
        page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", f"JupyterLab {theme}")
        expect(ground).to_have_css("fill", colour)


def test_without_a_kernel_all_but_a_new_expression_works(explorer: Locator, page: Page) -> None:
    """Last: it ends the kernel, as reopening a saved notebook does."""
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    set_variable(explorer, "x", "-1")
    press(explorer, "Run all")
    expect(shown(explorer, "x", "gradient")).to_have_text("−24")
    type_expression(explorer, "2*x")
    expect(explorer.locator(".bpl-error")).to_contain_text("run this cell again", timeout=10_000)
    expect(shown(explorer, "x", "gradient")).to_have_text("−24")
