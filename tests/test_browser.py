"""Notebook 03 in a real JupyterLab in a real Chromium: what a learner does, and what they then read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from facts import FACTS, FUZZ
from nbformat import v4, write
from playwright.sync_api import Locator, Page, expect

NOTEBOOK = "03-chain-rule.ipynb"


@pytest.fixture(scope="module")
def page(browser, lab: str) -> Iterator[Page]:
    """Notebook 03, opened and run from top to bottom; requests to other machines are noted."""
    page = opened(browser, lab, NOTEBOOK)
    yield page
    page.context.close()


def opened(browser, lab: str, notebook: str) -> Page:
    """A notebook, opened and run from top to bottom; requests to other machines and complaints are noted."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.foreign, page.complaints = [], []
    page.on("request", lambda request: page.foreign.append(request.url) if _is_foreign(request.url, lab) else None)
    page.on("console", lambda it: page.complaints.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{lab}/lab/workspaces/test/tree/{notebook}?reset")
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
    return page


def shown_in_lab(browser, lab: str, lab_folder: Path, name: str, cells: list[str]) -> Iterator[Page]:
    """A notebook made of these cells, run without an error: what the fixtures of the browser tests yield."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell.strip()) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(notebook, lab_folder / name)
    page = opened(browser, lab, name)
    assert page.ran, page.locator(".jp-OutputArea").all_inner_texts()
    yield page
    page.context.close()


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


IN_PYTHON = """async (code) => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    let printed = "";
    const request = kernel.requestExecute({ code, store_history: false });
    request.onIOPub = (message) => { printed += message.content.text ?? message.content.traceback?.join("\\n") ?? ""; };
    await request.done;
    return printed.trim();
}"""


def python(page: Page, code: str) -> str:
    """What this code prints in the notebook's kernel."""
    return page.evaluate(IN_PYTHON, code)


def python_says(page: Page, code: str, wanted: str) -> None:
    """Waits until Python knows what the page already shows."""
    for _ in range(50):
        if (printed := python(page, code)) == wanted:
            break
        page.wait_for_timeout(100)
    assert printed == wanted


LIVING_EXPLORERS = """
from ipywidgets.widgets import widget
print(sum(type(it).__name__ == "GraphExplorer" for it in widget._instances.values()))
"""


def test_running_a_cell_again_closes_the_explorer_it_replaces(page: Page) -> None:
    before = python(page, LIVING_EXPLORERS)
    assert int(before) > 0
    assert page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    assert python(page, LIVING_EXPLORERS) == before


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


def test_an_expression_of_other_variables_that_has_no_value_leaves_the_picture(explorer: Locator) -> None:
    press(explorer, "Run all")
    for text in ("0/0", "log(y-1)"):
        type_expression(explorer, text)
        expect(explorer.locator(".bpl-error")).to_contain_text("0 / 0 has no value" if text == "0/0" else "log(0) has no value")
        expect(shown(explorer, "x", "value")).to_have_text("1")
        expect(explorer.locator(".bpl-picture svg")).to_have_attribute("aria-label", re.compile("at x = 1: output 25, gradient of x 40"))


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
    set_variable(explorer, "x", "1")
    expect(shown(explorer, "x", "gradient")).to_have_text("40")
    expect(explorer.locator(".bpl-error")).to_contain_text("run this cell again")  # the box still holds 2*x


# ---- a notebook of its own: two views of one explorer, driven from both sides ---------------------

FORK = """
from backproplab import Graph, Value
from backproplab.explore import GraphExplorer
x = Value(2.0, "x")
u = x * x
m = u * u
u.label, m.label = "u", "m"
explorer = Graph(u + m).explore()
explorer
"""


@pytest.fixture(scope="module")
def desk(browser, lab: str, lab_folder) -> Iterator[Page]:
    """A notebook that shows one explorer twice."""
    yield from shown_in_lab(browser, lab, lab_folder, "desk.ipynb", [FORK, "explorer"])


@pytest.fixture
def views(desk: Page) -> list[Locator]:
    """Both views, with the fork y = u + u·u, u = x·x at x = 2 as it was made, all steps done."""
    if desk.locator(".bpl-explorer").count() != 2:
        python(desk, "explorer.close()")
        assert desk.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    views = desk.locator(".bpl-explorer")
    expect(views).to_have_count(2)
    python(desk, "explorer.engine, explorer.order, explorer.values = 'right', [], {'x': 2.0}\nexplorer.step = explorer.steps")
    for view in views.all():
        expect(view.locator(".bpl-count")).to_have_text("step 10 of 10")
        expect(shown(view, "x", "gradient")).to_have_text("36")
    return views.all()


def test_two_views_and_python_stay_in_step(views: list[Locator], desk: Page) -> None:
    python(desk, "heard = []\nexplorer.observe(lambda change: heard.append((change.name, change.new)), ['step', 'engine'])")
    set_variable(views[0], "x", "3")
    views[1].get_by_label("= instead of +=").check()
    views[0].get_by_role("button", name="Step back").click()
    for view in views:
        expect(view.locator(".bpl-count")).to_have_text("step 9 of 10")
        expect(view.locator(".bpl-sentence")).to_have_text("Through u = x·x: slope 3, upstream 9, so x gets 3 × 9 = 27.")
        expect(view.get_by_label("x, exact value")).to_have_value("3")
    told = "{'x': 3.0} overwrite 9 [('engine', 'overwrite'), ('step', 9)]"
    python_says(desk, "print(explorer.values, explorer.engine, explorer.step, heard)", told)
    python(desk, "explorer.step = 10")
    for view in views:
        expect(shown(view, "x", "gradient")).to_have_text("27")
        expect(view.locator(".bpl-verdict")).to_contain_text("this engine says 27, nudging says 114")


def test_the_table_says_what_the_picture_says(views: list[Locator]) -> None:
    views[0].get_by_text("Table of all numbers").first.click()
    rows = views[0].locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(2).locator("th, td")).to_have_text(["m", "u·u", "16", "4 to u, 4 to u", "1"])


def test_the_picture_can_be_saved_as_it_is(views: list[Locator], desk: Page) -> None:
    with desk.expect_download() as download:
        views[0].get_by_role("button", name="Save picture").click()
    svg = download.value.path().read_text()
    assert 'fill="rgb(255, 255, 255)"' in svg and ">36<" in svg and "gradient of x 36" in svg


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_no_serious_finding_of_the_accessibility_checker(views: list[Locator], desk: Page, theme: str) -> None:
    desk.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    expect(views[0]).to_have_attribute("data-theme", "dark" if "Dark" in theme else "light")
    found = Axe().run(desk, context=".bpl-explorer").response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []


MOVE_WHEN_ANSWERED = """(root) => new MutationObserver((_, observer) => {
    observer.disconnect();
    const y = root.querySelector("[aria-label='y, exact value']");
    y.value = "-1.25";
    y.dispatchEvent(new Event("change"));
}).observe(root.querySelector(".bpl-formula"), { childList: true })"""


def test_what_is_moved_while_python_reads_an_expression_is_not_lost(views: list[Locator], desk: Page) -> None:
    type_expression(views[0], "x*y")
    set_variable(views[0], "y", "-3")
    python(desk, "import time; explorer.observe(lambda change: time.sleep(2), '_scene')")
    views[0].evaluate(MOVE_WHEN_ANSWERED)
    type_expression(views[0], "x*y + log(z)")
    set_variable(views[0], "x", "2.5")
    views[0].get_by_label("= instead of +=").check()
    told = "x*y + log(z) {'x': 2.5, 'y': -1.25, 'z': 1.0} overwrite"
    python_says(desk, "print(explorer.expression, explorer.values, explorer.engine)", told)
    for view in views:
        expect(view.get_by_label("x, exact value")).to_have_value("2.5")
        expect(view.get_by_label("y, exact value")).to_have_value("-1.25")
        expect(view.get_by_label("= instead of +=")).to_be_checked()
    python(desk, "explorer.close()")


def test_a_thousand_random_interactions_leave_a_state_that_python_agrees_with(views: list[Locator], desk: Page) -> None:
    views[0].evaluate(FUZZ, [1000, 2])
    type_expression(views[0], "log(x)*y + x/y")
    expect(views[0]).to_have_attribute("aria-busy", "false")  # sliders come and go until Python has read all that was typed
    set_variable(views[0], "x", "2.5")
    set_variable(views[0], "y", "-1.25")
    expect(views[0].locator(".bpl-picture svg")).to_have_attribute("aria-label", re.compile("x/y at x = 2.5, y = −1.25:"))
    press(views[0], "Run all")
    python(desk, f"import json, sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); from facts import told_by_python")
    python_says(desk, "print(explorer.values, explorer.step == explorer.steps)", "{'x': 2.5, 'y': -1.25} True")
    in_python = json.loads(python(desk, "facts = told_by_python(explorer); del facts['pills']; print(json.dumps(facts))"))
    assert "at x = 2.5, y = −1.25" in in_python["alt"]
    for view in views:
        expect(view.locator(".bpl-error")).to_have_text("")
        in_page = view.evaluate(FACTS)
        del in_page["pills"]
        assert in_page == in_python
    python(desk, "explorer.close()")


def test_nothing_went_wrong_and_nothing_was_asked_of_another_machine(desk: Page) -> None:
    assert desk.foreign == [] and desk.complaints == []


def test_a_closed_notebook_leaves_nothing_running(views: list[Locator], desk: Page) -> None:
    """JupyterLab itself keeps the elements for a while, so this asks whether anything of ours still moves in them."""
    python(desk, "explorer.step = 0")
    views[0].get_by_role("button", name="Play").click()
    expect(views[0].locator(".bpl-count")).to_have_text("step 1 of 10")
    desk.evaluate("window.left = document.querySelector('.bpl-explorer')")
    desk.evaluate("window.jupyterapp.shell.currentWidget.context.save()")
    desk.evaluate("window.jupyterapp.commands.execute('application:close')")
    expect(desk.locator(".bpl-explorer")).to_have_count(0)
    state = "[window.left.querySelector('.bpl-count').textContent, window.left.dataset.theme]"
    before = desk.evaluate(state)
    desk.evaluate("document.body.dataset.jpThemeLight = String(document.body.dataset.jpThemeLight !== 'true')")
    desk.wait_for_timeout(2000)
    assert desk.evaluate(state) == before
