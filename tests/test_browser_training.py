"""A TrainingExplorer in JupyterLab: it trains in slices, the kernel answers meanwhile, nothing is left running."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from test_browser import python, shown_in_lab

CELL = """
from backproplab.explore import TrainingExplorer
explorer = TrainingExplorer()
explorer
"""


@pytest.fixture(scope="module")
def desk(browser, lab: str, lab_folder) -> Iterator[Page]:
    yield from shown_in_lab(browser, lab, lab_folder, "training.ipynb", [CELL])


@pytest.fixture
def view(desk: Page) -> Locator:
    """The explorer, before its first step."""
    assert desk.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    expect(desk.locator(".bpl-explorer")).to_have_count(1)
    expect(desk.locator(".bpl-count")).to_have_text("step 0 of 0")
    return desk.locator(".bpl-explorer")


def press(view: Locator, name: str) -> None:
    view.get_by_role("button", name=name, exact=True).click()


def steps(desk: Page) -> int:
    return int(python(desk, "print(explorer.steps)"))


def told(desk: Page, what: str, expected: str) -> None:
    """Waits until Python says so: the front end sends what changes one message at a time."""
    found = ""
    for _ in range(50):
        if (found := python(desk, f"print({what})")) == expected:
            return
        desk.wait_for_timeout(50)
    assert found == expected


def test_one_batch_at_a_time(view: Locator, desk: Page) -> None:
    for step in (1, 2, 3):
        press(view, "One batch")
        expect(view.locator(".bpl-count")).to_have_text(f"step {step} of {step}")
    expect(view.locator(".bpl-sentence")).to_have_text(python(desk, "print(explorer._frame(3).sentence)"))
    assert steps(desk) == 3


def test_it_trains_until_it_is_paused_and_the_kernel_answers_meanwhile(view: Locator, desk: Page) -> None:
    press(view, "Train")
    expect(view.locator(".bpl-count")).to_have_text(re.compile(r"step (\d\d+) of \1"))
    assert python(desk, "print(explorer.running, 6 * 7)") == "True 42"
    press(view, "Pause")
    expect(view.get_by_role("button", name="Train", exact=True)).to_be_visible()
    told(desk, "explorer.running", "False")
    rested = steps(desk)
    desk.wait_for_timeout(300)
    assert steps(desk) == rested
    expect(view.locator(".bpl-count")).to_have_text(f"step {rested} of {rested}")


def test_rewound_and_trained_on_it_takes_the_same_path(view: Locator, desk: Page) -> None:
    python(desk, "explorer.run(20)")
    expect(view.locator(".bpl-count")).to_have_text("step 20 of 20")
    picture = view.locator(".bpl-picture svg")
    there = picture.get_attribute("aria-label")
    view.locator(".bpl-picture").press("Home")
    expect(view.locator(".bpl-count")).to_have_text("step 0 of 20")
    assert python(desk, "print(explorer.step)") == "0"
    python(desk, "explorer.until, explorer.running = 20, True")
    expect(view.locator(".bpl-count")).to_have_text("step 20 of 20")
    expect(picture).to_have_attribute("aria-label", there)


def test_the_learning_rate_and_zero_grad_change_while_it_trains(view: Locator, desk: Page) -> None:
    press(view, "Train")
    exact = view.get_by_label("η, exact value")
    exact.fill("0.125")
    exact.press("Enter")
    view.get_by_label("zero_grad forgotten").check()
    told(desk, "explorer.rate, explorer.zero_grad, explorer.running", "0.125 False True")
    expect(view.get_by_label("zero_grad forgotten")).to_be_checked()
    press(view, "Pause")


def test_a_rate_that_is_too_large_is_explained_and_mended(view: Locator, desk: Page) -> None:
    python(desk, "explorer.rate = 1e6")
    press(view, "Train")
    expect(view.locator(".bpl-error")).to_contain_text("broke the training")
    expect(view.get_by_role("button", name="Train", exact=True)).to_have_attribute("aria-disabled", "true")
    press(view, "Reset")
    expect(view.locator(".bpl-error")).to_have_text("")
    exact = view.get_by_label("η, exact value")
    exact.fill("0.5")
    exact.press("Enter")
    press(view, "One batch")
    expect(view.locator(".bpl-count")).to_have_text("step 1 of 1")


def test_running_the_cell_again_ends_the_training(view: Locator, desk: Page) -> None:
    python(desk, "old = explorer\nold.running = True")
    expect(view.locator(".bpl-count")).to_have_text(re.compile(r"step (\d\d+) of \1"))
    assert desk.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    expect(desk.locator(".bpl-count")).to_have_text("step 0 of 0")
    then = int(python(desk, "print(old.steps)"))
    desk.wait_for_timeout(200)
    assert int(python(desk, "print(old.steps)")) == then
    assert python(desk, "print(explorer.steps)") == "0"


def test_nothing_was_complained_of_and_nothing_loaded_from_elsewhere(desk: Page) -> None:
    assert desk.complaints == [] and desk.foreign == []


def test_without_a_kernel_it_replays_and_says_so(view: Locator, desk: Page) -> None:
    """Last: it ends the kernel, as reopening a saved notebook does."""
    python(desk, "explorer.run(10)")
    expect(view.locator(".bpl-count")).to_have_text("step 10 of 10")
    desk.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    press(view, "One batch")
    expect(view.get_by_text("Python does not answer")).to_be_visible(timeout=10_000)
    view.locator(".bpl-picture").press("Home")
    expect(view.locator(".bpl-count")).to_have_text("step 0 of 10")
    press(view, "Play")
    expect(view.locator(".bpl-count")).to_have_text("step 10 of 10")
