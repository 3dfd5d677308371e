"""The explorers of Jacobians in a real JupyterLab: the page and Python see the same state, and nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from test_browser import python, shown_in_lab

CELLS = [
    'from backproplab.explore import JacobianExplorer, ShapeExplorer, TrunkExplorer\njacobian = JacobianExplorer("matrix")\njacobian',
    "trunk = TrunkExplorer(3)\ntrunk",
    "shapes = ShapeExplorer([1, 10, 40, 60, 600])\nshapes",
]


@pytest.fixture(scope="module")
def bench(browser, lab: str, lab_folder) -> Iterator[Page]:
    for page in shown_in_lab(browser, lab, lab_folder, "jacobian.ipynb", CELLS):
        expect(page.locator(".bpl-explorer")).to_have_count(3)
        yield page


def in_python(page: Page, code: str, due: str) -> None:
    """A change in the page is sent when the kernel is free, so that it may take a moment."""
    for _ in range(50):
        if (found := python(page, code)) == due:
            return
        page.wait_for_timeout(100)
    assert found == due


def test_a_v_from_the_page_and_a_mode_from_python(bench: Page) -> None:
    view = bench.locator(".bpl-explorer").nth(0)
    view.get_by_label("v for x₂, exact value").fill("1")
    view.get_by_label("v for x₂, exact value").press("Enter")
    expect(view.locator('[data-part="right"] [data-slot]')).to_have_text(["−1.5", "1.5"])
    expect(view.locator('[data-part="real"] [data-slot]')).to_have_text(["−1.5", "1.5"])
    in_python(bench, "print(jacobian.tangent, jacobian.product)", "[0.5, 1.0, 0.0] [-1.5, 1.5]")
    python(bench, "jacobian.mode, jacobian.cotangent = 'vjp', [1, -1]")
    expect(view.locator('[data-part="down"] [data-slot]')).to_have_text(["−2", "−2", "1.5"])


def test_rows_are_stepped_through_and_a_link_is_cut(bench: Page) -> None:
    view = bench.locator(".bpl-explorer").nth(1)
    view.scroll_into_view_if_needed()
    view.locator(".bpl-picture").focus()
    bench.keyboard.press("ArrowLeft")
    expect(view.locator('[data-role="count"]')).to_have_text("8 factors, 6 different; 6 multiplications, 5 if common beginnings are kept")
    bench.keyboard.press("End")
    view.locator("[data-product]").nth(2).locator("[data-node]").nth(2).click()
    expect(view.locator('[data-product][data-state="gone"]:not([display="none"])')).to_have_count(2)
    in_python(bench, "print(trunk.link, trunk.alive)", "∂s₃/∂z₂ ['∂C/∂W₃']")


def test_brackets_are_set_and_counted(bench: Page) -> None:
    view = bench.locator(".bpl-explorer").nth(2)
    view.get_by_role("button", name="From the left").click()
    expect(view.locator(".bpl-sentence")).to_contain_text("takes 38,800 multiplications")
    in_python(bench, "print(shapes.joins, shapes.multiplications)", "[0, 0, 0] 38800")
    python(bench, "shapes.joins = [2, 1, 0]")
    expect(view.locator(".bpl-sentence")).to_contain_text("takes 1,686,000 multiplications")


def test_nothing_went_wrong_and_nothing_was_asked_of_another_machine(bench: Page) -> None:
    assert bench.foreign == [] and bench.complaints == []
