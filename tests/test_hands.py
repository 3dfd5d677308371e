"""What hands do with explorers: the same in JupyterLab, with Python behind them, and on the slides of a deck, without.

A deck makes explorers and their pictures larger or smaller: there, too, the mouse is where it points.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4, write
from playwright.sync_api import Locator, Page, expect
from test_browser import opened, python

import backproplab.explore
from backproplab.publish import build, missing

EXPLORERS = {
    "graph": 'GraphExplorer("(4*x+1)^2", x=1.0)',
    "fork": 'GraphExplorer("u = x*x; m = u*u; y = u + m; y", x=2.0)',
    "nudge": 'NudgeExplorer(["3*x^2+4*x", "a*b"], x=2, a=3, b=4)',
    "chain": 'ChainExplorer(["4*x, x+1, x^2", "bicycle = 4*walker, car = 2*bicycle"], x=1)',
    "fan": "FanExplorer([2, -1, 3, 0.5], [1, 4, 2, 2])",
    "descent": 'DescentExplorer("0.5*(u^2+9*v^2)", rate=0.1)',
    "sgd": "SGDExplorer()",
    "jacobian": 'JacobianExplorer("matrix")',
    "shapes": "ShapeExplorer([1, 10, 40, 60, 600])",
    "trunk": "TrunkExplorer(3)",
    "training": "TrainingExplorer()",
}
MORE = {"training": "training.run(30)"}  # what is done before it is shown


def test_every_kind_of_explorer_is_here():
    kinds = {source.partition("(")[0] for source in EXPLORERS.values()}
    assert kinds == {name for name in backproplab.explore.__all__ if name.endswith("Explorer")}


# ---- two hosts -----------------------------------------------------------------------------------


class Lab:
    """JupyterLab: each explorer in a cell, whose kernel must hear of what is done in the page."""

    python = True

    def __init__(self, page: Page) -> None:
        self.page = page

    def explorer(self, name: str) -> Locator:
        """This explorer as it is at first, where it can be seen: its cell is run again."""
        place = list(EXPLORERS).index(name) + 1  # after the cell that imports
        cell = self.page.locator(".jp-Cell").nth(place)
        cell.locator(".bpl-explorer").evaluate_all("(all) => all.forEach((it) => it.classList.add('before'))")
        self.page.evaluate(RUN, place)
        view = cell.locator(".bpl-explorer:not(.before)")
        expect(view).to_have_count(1)
        view.scroll_into_view_if_needed()
        return view

    def trait(self, name: str, trait: str) -> Any:
        return json.loads(python(self.page, f"import json; print(json.dumps({name}.{trait}))"))


RUN = """(i) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = i;
    return window.jupyterapp.commands.execute("notebook:run-cell");
}"""


class Deck:
    """A deck: each explorer on a slide."""

    python = False

    def __init__(self, page: Page) -> None:
        self.page = page

    def explorer(self, name: str) -> Locator:
        """This explorer as it was saved, on its slide."""
        place = list(EXPLORERS).index(name)
        self.page.evaluate(SHOW, place)
        return self.page.locator(f'[data-explorer="{place}"]')

    def trait(self, name: str, trait: str) -> Any:
        place = list(EXPLORERS).index(name)
        return self.page.evaluate("([i, trait]) => document.querySelector(`[data-explorer='${i}']`).explorer.get(trait)", [place, trait])


SHOW = """(i) => {
    const it = document.querySelector(`[data-explorer="${i}"]`);
    const { h, v } = Reveal.getIndices(it.closest("section"));
    Reveal.slide(h, v);
    document.activeElement.blur();
    it.querySelector(".drawer")?.removeAttribute("open");
    it.explorer.set(JSON.parse(document.getElementById("bpl-explorers").textContent).explorers[i].state);
}"""


@pytest.fixture(scope="session")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with every explorer, each on a slide."""
    cells = [v4.new_code_cell("from backproplab.explore import *", metadata={"slideshow": {"slide_type": "skip"}})]
    for name, source in EXPLORERS.items():
        code = "\n".join([f"{name} = {source}", *([MORE[name]] if name in MORE else []), name])
        cells.append(v4.new_code_cell(code, metadata={"slideshow": {"slide_type": "slide"}}))
    made = v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = tmp_path_factory.mktemp("hands") / "hands.ipynb"
    write(made, path)
    return path


@pytest.fixture(scope="session")
def deck_file(notebook: Path) -> Path:
    if missing():
        pytest.skip(f"Slides need {', '.join(missing())}: install the extra `slides`.")
    return build([notebook], notebook.parent)[0]


def in_lab(browser, request: pytest.FixtureRequest) -> Lab:
    lab, folder = request.getfixturevalue("lab"), request.getfixturevalue("lab_folder")
    notebook = request.getfixturevalue("notebook")
    (folder / notebook.name).write_bytes(notebook.read_bytes())
    page = opened(browser, lab, notebook.name)
    assert page.ran, page.locator(".jp-OutputArea").all_inner_texts()
    return Lab(page)


def in_deck(browser, request: pytest.FixtureRequest) -> Deck:
    """The window is not as large as a slide, so that everything is scaled once more."""
    return Deck(shown(browser, request.getfixturevalue("deck_file")))


def shown(browser, file: Path) -> Page:
    page = browser.new_context(viewport={"width": 1500, "height": 860}, offline=True).new_page()
    page.foreign, page.complaints = [], []
    page.on("request", lambda it: it.url.startswith("http") and page.foreign.append(it.url))
    page.on("console", lambda it: it.type == "error" and page.complaints.append(it.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    return page


@pytest.fixture(scope="module", params=[in_lab, in_deck], ids=["lab", "deck"])
def host(request, browser) -> Iterator[Lab | Deck]:
    made = request.param(browser, request)
    yield made
    made.page.context.close()
    assert made.page.foreign == [] and made.page.complaints == []


@pytest.fixture
def view(host: Lab | Deck, request: pytest.FixtureRequest) -> Locator:
    """The explorer that the test asks for with @on(name)."""
    return host.explorer(request.node.get_closest_marker("on").args[0])


@pytest.fixture
def becomes(host: Lab | Deck, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Waits until the explorer's traits are these: in Python, where there is one."""
    name = request.node.get_closest_marker("on").args[0]

    def becomes(**traits: Any) -> None:
        for trait, value in traits.items():
            for _ in range(50):
                if (found := host.trait(name, trait)) == value:
                    break
                host.page.wait_for_timeout(100)
            assert found == value, trait

    return becomes


on = pytest.mark.on


# ---- hands ---------------------------------------------------------------------------------------


def out(control: Locator) -> Locator:
    """A control, out of the drawer in which a slide may keep it."""
    drawer = control.locator("xpath=ancestor::details[contains(@class, 'drawer')]")
    if drawer.count() and drawer.get_attribute("open") is None:
        drawer.locator("> summary").click()
    return control


def press(view: Locator, *buttons: str) -> None:
    for button in buttons:
        out(view.get_by_role("button", name=button, exact=True, include_hidden=True)).click()


def choose(view: Locator, label: str, group: str | None = None) -> None:
    within = view.get_by_role("group", name=group, exact=True, include_hidden=True) if group else view
    out(within.get_by_label(label, exact=True)).check()


def enter(view: Locator, name: str, value: str) -> None:
    box = out(view.get_by_label(f"{name}, exact value"))
    box.fill(value)
    box.press("Enter")


def pull(view: Locator, name: str, *shares: float) -> None:
    """Drags a slider with the mouse to these shares of its width, one after the other."""
    box = out(view.get_by_label(f"{name}, slider")).bounding_box()
    drag(view, box, *((share, 0.5) for share in shares))


def drag(view: Locator, box: dict[str, float], *places: tuple[float, float]) -> None:
    mouse = view.page.mouse
    for i, (across, down) in enumerate(places):
        mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=4)
        if i == 0:
            mouse.down()
    mouse.up()


def keys(view: Locator, control: Locator, *names: str) -> None:
    out(control).focus()
    for name in names:
        view.page.keyboard.press(name)


def node(view: Locator, name: str) -> Locator:
    return view.locator(f'[data-node="{name}"]')


def number(view: Locator, name: str, role: str) -> Locator:
    return node(view, name).locator(f'[data-role="{role}"]')


def says(view: Locator, *words: str) -> None:
    for text in words:
        expect(view.locator(".bpl-sentence")).to_contain_text(text)


def at(view: Locator, where: str) -> None:
    expect(view.locator(".bpl-count")).to_have_text(where)


# ---- a graph -------------------------------------------------------------------------------------


@on("graph")
def test_stepping_gives_25_10_10_40(view):
    press(view, "Forward", "Forward", "Forward")
    expect(number(view, "c", "value")).to_have_text("25")
    expect(number(view, "x", "gradient")).to_have_text("·")
    press(view, *["Backward"] * 4)
    for name, gradient in {"c": "1", "b": "10", "a": "10", "x": "40"}.items():
        expect(number(view, name, "gradient")).to_have_text(gradient)
    says(view, "Through a = 4·x: slope 4, upstream 10, so x gets 4 × 10 = 40.")
    expect(view.locator(".bpl-aside")).to_have_text("gradient of c in x: 40 by nudging: 40")
    expect(view.locator(".bpl-verdict")).to_have_text("Nudging agrees.")


@on("graph")
def test_stepping_back_takes_the_last_number_away(view):
    press(view, "Run all")
    expect(number(view, "x", "gradient")).to_have_text("40")
    press(view, "Step back")
    expect(number(view, "x", "gradient")).to_have_text("·")
    press(view, "Reset")
    expect(number(view, "a", "value")).to_have_text("·")


@on("graph")
def test_the_mouse_pulls_a_slider_and_gradients_follow(view, becomes):
    press(view, "Run all")
    pull(view, "x", 0.6, 0.2, 0.004)  # the whole way is from −5 to 5
    expect(number(view, "c", "value")).to_have_text("361")
    expect(number(view, "x", "gradient")).to_have_text("−152")
    becomes(values={"x": -5})


@on("graph")
def test_everything_works_from_the_keyboard(view, host):
    picture = view.locator(".bpl-picture")
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 7), ("Home", 0)):
        keys(view, picture, key)
        at(view, f"step {step} of 7")
    keys(view, view.get_by_label("x, slider"), *["ArrowRight"] * 40)  # none of them is lost when a key is held
    expect(view.get_by_label("x, exact value")).to_have_value("3")
    keys(view, view.get_by_role("button", name="Forward"), "Space")
    expect(number(view, "a", "value")).to_have_text("12")


@on("graph")
def test_a_slider_does_not_move_under_the_hand(view):
    enter(view, "x", "100")
    slider = view.get_by_label("x, slider")
    expect(slider).to_have_attribute("max", "100")
    pull(view, "x", 0.8, *[0.801, 0.8] * 5)
    assert 70 < float(slider.input_value()) < 90
    expect(slider).to_have_attribute("max", "100")


@on("graph")
@pytest.mark.parametrize("typed", ["", "1e309", "junk", "-", "<script>"])
def test_an_invalid_number_is_taken_back(view, becomes, typed):
    exact = out(view.get_by_label("x, exact value"))
    exact.fill("")
    exact.press_sequentially(typed)
    exact.press("Tab")
    expect(exact).to_have_value("1")
    becomes(values={"x": 1})


@on("fork")
def test_play_goes_on_by_itself_until_the_end(view):
    keys(view, view.locator(".bpl-picture"), "End", "ArrowLeft", "ArrowLeft")
    press(view, "Play")
    expect(view.get_by_role("button", name="Pause")).to_be_visible()
    at(view, "step 10 of 10")
    expect(view.get_by_role("button", name="Play")).to_be_visible()


@on("fork")
@pytest.mark.parametrize(
    ("engine", "gradient"), [("= instead of +=", "8"), ("no order", "76"), ("stale values", "36"), ("no zero_grad", "72")]
)
def test_a_switch_breaks_the_engine(view, engine, gradient):
    press(view, "Run all")
    choose(view, engine)
    expect(number(view, "x", "gradient")).to_have_text(gradient)
    wrong = "says " + gradient if gradient != "36" else "Nudging agrees, so far"
    expect(view.locator(".bpl-verdict")).to_contain_text(wrong)


@on("fork")
def test_a_learner_schedules_it_by_clicking_and_by_keyboard(view, becomes):
    choose(view, "your order")
    expect(view.locator(".bpl-verdict")).to_contain_text("Still to come: u, m, y.")
    for name in ("y", "u"):
        node(view, name).click()
    says(view, "Too early: m still to come, so u hands on 1 where 9 is due.")
    node(view, "m").click()
    expect(view.locator(".bpl-verdict")).to_contain_text("this engine says 4, nudging says 36")
    becomes(order=["y", "u", "m"])
    press(view, "New order")
    keys(view, view.locator(".bpl-picture"), "ArrowUp", "Enter", "ArrowUp", "Enter", "ArrowUp", "Enter")  # y, m, u
    expect(view.locator(".bpl-verdict")).to_contain_text("your order is a right one")


@on("fork")
def test_stepping_back_takes_back_what_was_scheduled(view, becomes):
    choose(view, "your order")
    for name in ("y", "u"):
        node(view, name).click()
    press(view, "Step back", "Step back")
    node(view, "m").click()
    expect(view.locator(".bpl-verdict")).to_contain_text("Still to come: u.")
    becomes(order=["y", "m"])


@on("fork")
def test_a_click_on_a_node_goes_to_its_step(view):
    press(view, "Run all")
    for name, step in (("m", 6), ("m", 2), ("m", 6), ("x", 10)):  # m has its gradient after step 6, its value after step 2
        node(view, name).click()
        at(view, f"step {step} of 10")


# ---- nudges --------------------------------------------------------------------------------------


@on("nudge")
def test_a_nudge_gets_smaller_from_a_secant_to_a_tangent(view, becomes):
    enter(view, "h", "0.01")
    says(view, "0.1603 ÷ 0.01 = 16.03; the slope, by rule, is 16.")
    keys(view, view.get_by_label("h, slider"), *["ArrowLeft"] * 10)
    expect(view.get_by_label("h, exact value")).to_have_value("0.001")
    pull(view, "h", 0.9, 1)
    becomes(h=1)


@on("nudge")
def test_one_side_of_a_rectangle_is_nudged_alone(view, becomes):
    choose(view, "a*b")
    says(view, "The corner, h·h = 1, is the whole difference")
    choose(view, "a", "Nudge")
    becomes(nudged="a")
    says(view, "At this h they agree.")
    choose(view, "curve")
    becomes(view="curve")


@on("chain")
def test_a_nudge_travels_through_a_chain(view, becomes):
    keys(view, view.locator(".bpl-picture"), "Home")
    says(view, "x = 1 is nudged by 0.1. Press Step: the nudge goes through the first link.")
    press(view, "Step", "Step", "Step")
    at(view, "step 3 of 3")
    enter(view, "x", "-0.25")
    says(view, "4·0 = 0 times as large")
    enter(view, "x", "77")
    expect(view.get_by_label("x, exact value")).to_have_value("1.9")
    choose(view, "bicycle = 4*walker, car = 2*bicycle")
    choose(view, "dials")
    expect(view.locator('[data-role="product"]')).to_have_text("4·2 = 8 times as far as walker")
    pull(view, "nudge", 0.5, 0)
    becomes(nudge=-1, view="dials")


@on("fan")
def test_branches_of_a_fan_are_closed_and_opened(view, becomes):
    out(view.get_by_label("branch s[1] open")).uncheck()
    says(view, "So dC/dz = 2·1 + 3·2 + 0.5·2 = 9. Closed branches hand nothing on")
    node(view, "s[1]").click()
    becomes(opened=[True] * 4)
    enter(view, "z", "-2")
    says(view, "= 5.")
    for i in range(4):
        node(view, f"s[{i}]").click()
    says(view, "So dC/dz = 0 = 0.")
    becomes(z=-2, opened=[False] * 4)


# ---- landscapes ----------------------------------------------------------------------------------


@on("descent")
def test_the_start_of_a_descent_is_where_the_mouse_is(view, becomes):
    land = view.locator(".bpl-picture g > rect").first.bounding_box()  # 2.6 wide, around (0, 0)
    drag(view, land, (0.25, 0.25))
    becomes(start=near(u=-0.65, v=0.65))
    drag(view, land, (0.25, 0.25), (0.5, 0.5), (0.75, 0.9))  # and it follows
    becomes(start=near(u=0.65, v=-1.04))
    press(view, "Step", "Run all")
    expect(view.locator(".bpl-count")).to_have_text(re.compile(r"step (\d+) of \1"))


def near(**point: float) -> Any:
    return pytest.approx(point, abs=0.02)  # a pixel is less


@on("descent")
def test_a_learning_rate_becomes_a_matrix(view, becomes):
    enter(view, "η", "0.3")
    press(view, "Run all")
    expect(view.locator(".bpl-verdict")).to_contain_text("η = 0.3 is above 2 ÷ the largest curvature = 2 ÷ 9")
    choose(view, "one for each parameter")
    enter(view, "M₂₂", "0.1")
    becomes(kind="diagonal", rate=0.3)
    keys(view, view.locator(".bpl-picture"), "Home", "ArrowRight", "ArrowRight", "ArrowLeft")
    becomes(step=1)


@on("sgd")
def test_samples_disagree_at_the_lowest_point(view, becomes):
    press(view, "Start at the lowest point", "Each sample alone, from here")
    expect(view.locator(".bpl-verdict").first).to_contain_text("32 raise the average, 0 raise their own loss")
    press(view, "Keep this run", "Keep this run")  # the same run is kept once
    expect(view.locator("ul li")).to_have_count(1)
    choose(view, "8", "Samples a step")
    becomes(batch=8, fan=True)
    press(view, "Forget kept runs")
    becomes(kept=[])
    drag(view, view.locator(".bpl-picture g > rect").first.bounding_box(), (0.4, 0.5), (0.5, 0.5))
    becomes(fan=True)


# ---- rows and columns ----------------------------------------------------------------------------


@on("jacobian")
def test_v_weighs_columns_and_rows(view, becomes):
    enter(view, "v for x₂", "1")
    expect(view.locator('[data-part="right"] [data-slot]')).to_have_text(["−1.5", "1.5"])
    expect(view.locator('[data-part="real"] [data-slot]')).to_have_text(["−1.5", "1.5"])
    becomes(tangent=[0.5, 1, 0])
    choose(view, "vᵀJ: weigh y by v")
    enter(view, "v for y₁", "1")
    enter(view, "v for y₂", "-1")
    expect(view.locator('[data-part="down"] [data-slot]')).to_have_text(["−2", "−2", "1.5"])
    becomes(cotangent=[1, -1], mode="vjp")


@on("shapes")
def test_brackets_and_lengths_are_chosen(view, becomes):
    press(view, "From the left")
    says(view, "takes 38,800 multiplications")
    press(view, "From the right")
    says(view, "1,686,000 multiplications; from the left it takes 38,800")
    press(view, "Undo", "Undo", "v × J₃")
    says(view, "1,440,400 multiplications so far, 400 of them for the last product.")
    press(view, "(J₂)ᵀ")
    says(view, "J₃ and J₂ᵀ do not fit: 40 columns meet 60 rows.")
    expect(view.get_by_role("button", name="J₃ × J₂ᵀ")).to_have_attribute("aria-disabled", "true")
    enter(view, "d₃", "40")
    says(view, "All neighbours fit.")
    press(view, "v ⇄ J₃")
    says(view, "J₃ and v do not fit: 40 columns meet 1 row.")


@on("trunk")
def test_rows_are_stepped_through_and_links_are_cut(view, becomes):
    count, alive = view.locator('[data-role="count"]'), view.locator('[data-product][data-state="new"]:not([display="none"])')
    keys(view, view.locator(".bpl-picture"), "ArrowLeft")
    expect(count).to_have_text("8 factors, 6 different; 6 multiplications, 5 if common beginnings are kept")
    keys(view, view.locator(".bpl-picture"), "End")
    expect(alive).to_have_count(3)
    view.locator("[data-product]").nth(2).locator("[data-node]").nth(2).click()
    says(view, "∂s₃/∂z₂ lets nothing through. Gradients still alive: 1 of 3")
    becomes(cut=3)
    expect(alive).to_have_count(1)
    keys(view, view.get_by_label("cut, slider"), "ArrowRight")
    says(view, "∂z₂/∂s₂ lets nothing through. Gradients still alive: 1 of 3")
    keys(view, view.get_by_label("cut, slider"), "Home")
    expect(alive).to_have_count(3)
    enter(view, "layers", "99.7")
    expect(count).to_contain_text("10,200 factors, 300 different")


# ---- training ------------------------------------------------------------------------------------


@on("training")
def test_what_was_trained_is_rewound_and_replayed(view):
    at(view, "step 30 of 30")
    keys(view, view.locator(".bpl-picture"), "Home", "ArrowRight")
    at(view, "step 1 of 30")
    keys(view, view.get_by_label("Rewind"), "End", "ArrowLeft", "ArrowLeft")
    at(view, "step 28 of 30")
    press(view, "Play")
    at(view, "step 30 of 30")
    expect(view.get_by_role("button", name="Play")).to_be_visible()  # and not Pause: it has come to rest


# ---- what needs Python ---------------------------------------------------------------------------

TYPED = {
    "graph": ("Expression", "3*x + 1", lambda view: at(view, "step 0 of 5")),
    "nudge": ("Function", "exp(sin(x))", lambda view: says(view, "the slope, by rule, is")),
    "chain": ("Chain", "2*x, x+3", lambda view: at(view, "step 2 of 2")),
    "descent": ("Function", "0.5*(p^2+q^2)", lambda view: expect(view.get_by_label("start p, exact value")).to_be_attached()),
    "sgd": ("Function", "abs(w*x+b-y)", lambda view: expect(view.locator(".bpl-error")).to_have_text("")),
}


@pytest.mark.parametrize("name", TYPED)
def test_another_formula_is_typed_or_said_to_need_python(host, name):
    view, (label, text, check) = host.explorer(name), TYPED[name]
    box = view.get_by_label(label, exact=True)
    if not host.python:
        expect(box).to_be_disabled()
        return expect(out(view.get_by_text("There is no Python behind this page, so it keeps this"))).to_be_visible()
    for typed, problem in ((text + "+", "column"), (text, "")):
        box.fill(typed)
        box.press("Enter")
        expect(view.locator(".bpl-error")).to_have_text(re.compile(f".*{problem}.*" if problem else "^$"))
    check(view)
    assert host.trait(name, "expression") == text


@on("training")
def test_training_goes_on_or_is_said_to_need_python(host, view):
    if host.python:
        press(view, "One batch")
        return at(view, "step 31 of 31")
    expect(out(view.get_by_text("There is no Python behind this page: it replays what was recorded"))).to_be_visible()
    for name in ("One batch", "Train"):
        expect(view.get_by_role("button", name=name)).to_have_attribute("aria-disabled", "true")
    expect(view.get_by_label("η, slider")).to_be_disabled()


# ---- what only JupyterLab has --------------------------------------------------------------------

SET = {
    "graph": "graph.values, graph.step = {'x': -2.0}, 7",
    "nudge": "nudge.values = {'x': 1.3}",
    "chain": "chain.x, chain.step = 0.5, 1",
    "fan": "fan.opened = [True, False, True, False]",
    "descent": "descent.rate, descent.step = 0.3, 5",
    "sgd": "sgd.batch, sgd.step = 8, 40",
    "jacobian": "jacobian.mode, jacobian.cotangent = 'vjp', [1, -1]",
    "shapes": "shapes.joins = [2, 1, 0]",
    "trunk": "trunk.cut = 3",
    "training": "training.run(5)",
}


@pytest.mark.parametrize("host", [in_lab], indirect=True, ids=["lab"])
@pytest.mark.parametrize("name", SET)
def test_what_python_sets_the_page_shows(host, name):
    view = host.explorer(name)
    python(host.page, SET[name])
    expect(view.locator(".bpl-picture svg").first).to_have_attribute("aria-label", python(host.page, f"print({name}.snapshot().alt)"))


# ---- the keys of a deck, and the window of the lecturer -----------------------------------------


@pytest.fixture
def deck(browser, deck_file: Path) -> Iterator[Deck]:
    """A deck as it is when it has just been opened."""
    page = shown(browser, deck_file)
    yield Deck(page)
    page.context.close()
    assert page.foreign == [] and page.complaints == []


def slide(deck: Deck) -> str:
    """The name of the explorer that the class sees."""
    return list(EXPLORERS)[deck.page.evaluate("Reveal.getIndices().h")]


WALK = """(i) => {
    Reveal.slide(i);
    const seen = [];
    const { story } = document.querySelector(`[data-explorer="${i}"]`);
    while (Reveal.getIndices().h === i && story.state().step !== seen.at(-1)) (seen.push(story.state().step), Reveal.triggerKey(34));
    return seen;
}"""


def test_every_explorer_with_steps_is_told_before_the_slide_turns(deck):
    """A long story is told in leaps."""
    leaps = {"graph": [*range(8)], "fork": [*range(11)], "chain": [0, 1, 2, 3], "trunk": [0, 1, 2, 3], "training": [0, 1, 2, 4, 8, 16, 30]}
    leaps["descent"] = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300]
    leaps["sgd"] = [*leaps["descent"][:-1], 320]
    assert {name: deck.page.evaluate(WALK, list(EXPLORERS).index(name)) for name in leaps} == leaps


@pytest.mark.parametrize(("on", "back"), [("ArrowRight", "ArrowLeft"), ("PageDown", "PageUp"), ("Space", "Shift+Space"), ("n", "p")])
def test_all_keys_that_turn_slides_go_through_frames(deck, on, back):
    press_key = deck.page.keyboard.press
    for step in (1, 2, 3):
        press_key(on)
        assert (slide(deck), deck.trait("graph", "step")) == ("graph", step)
    press_key(back)
    assert deck.trait("graph", "step") == 2
    press_key("End")
    assert slide(deck) == "training"
    press_key("Home")
    assert (slide(deck), deck.trait("graph", "step")) == ("graph", 2)  # as it was left


def test_what_waits_for_a_choice_opens_as_it_was_saved_and_what_was_left_is_kept(deck):
    deck.page.evaluate("Reveal.slide(1)")
    view = deck.page.locator('[data-explorer="1"]')
    choose(view, "your order")
    node(view, "y").click()
    assert deck.page.evaluate("beginning(document.querySelector('[data-explorer=\"1\"]'))") == deck.trait("fork", "step")
    deck.page.keyboard.press("PageDown")
    assert slide(deck) == "nudge"
    deck.page.keyboard.press("PageUp")
    expect(view.locator(".bpl-verdict")).to_contain_text("Still to come: u, m.")


def test_a_control_keeps_the_keys_until_escape(deck):
    slider = deck.page.locator('[data-explorer="0"]').get_by_label("x, slider")
    out(slider).focus()
    for key in ("ArrowLeft", "PageDown", "ArrowLeft", "Home", "PageUp"):
        before = slider.input_value()
        deck.page.keyboard.press(key)
        assert slider.input_value() != before and deck.trait("graph", "step") == 0
    for name in ("picture", "button"):
        deck.page.locator(f'[data-explorer="0"] .bpl-{name}').first.focus()
        deck.page.keyboard.press("PageDown")
        assert deck.trait("graph", "step") == 0
    deck.page.keyboard.press("Escape")
    deck.page.keyboard.press("PageDown")
    assert deck.trait("graph", "step") == 1


def test_the_mouse_leaves_the_keys_to_the_slides(deck):
    """Whatever was clicked, dragged or typed: the next key of the clicker turns the slide, or shows the next frame.

    It may come before any timer, as on a busy machine: here none ever comes.
    """
    page = deck.page
    page.evaluate("window.setTimeout = () => 0")
    deeds = [
        lambda: press(view, "Forward"), lambda: pull(view, "x", 0.5, 0.7), lambda: choose(view, "no order"),
        lambda: node(view, "a").click(), lambda: enter(view, "x", "2"), lambda: view.locator(".bpl-picture").click(position={"x": 3, "y": 60}),
    ]  # fmt: skip
    for do in deeds:
        view = deck.explorer("graph")
        do()
        step = deck.trait("graph", "step")
        page.keyboard.press("PageDown")
        assert (slide(deck), deck.trait("graph", "step")) == ("graph", step + 1)


def test_tab_stays_on_the_slide(deck):
    deck.page.evaluate("Reveal.slide(3)")
    for _ in range(30):
        deck.page.keyboard.press("Tab")
        place = deck.page.evaluate("document.activeElement.closest('[data-explorer]')?.dataset.explorer")
        assert place in (None, "3")
    assert deck.page.evaluate("[scrollX, scrollY, document.querySelector('.slides').scrollTop]") == [0, 0, 0]


def test_a_blank_screen_and_the_overview_are_left_with_the_same_keys(deck):
    page = deck.page
    for blank, wake in (("b", "b"), (".", "PageDown"), ("b", "Escape")):
        page.keyboard.press(blank)
        assert page.evaluate("Reveal.isPaused()")
        page.keyboard.press(wake)
        assert not page.evaluate("Reveal.isPaused() || Reveal.isOverview()")
    page.keyboard.press("Escape")
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert not page.evaluate("Reveal.isOverview()") and slide(deck) == "nudge" and deck.trait("graph", "step") == 0
    for key in ("Escape", "Home", "Enter"):
        page.keyboard.press(key)
    assert not page.evaluate("Reveal.isOverview()") and slide(deck) == "graph"
    page.keyboard.press("g")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    assert slide(deck) == "chain"


def test_a_click_in_the_overview_chooses_a_slide_and_presses_nothing_on_it(deck):
    deck.page.keyboard.press("Escape")
    box = deck.page.locator('[data-explorer="0"]').get_by_role("button", name="Forward").bounding_box()
    deck.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert not deck.page.evaluate("Reveal.isOverview()")
    assert (slide(deck), deck.trait("graph", "step")) == ("graph", 0)


def test_what_others_say_to_the_window_is_not_heard(deck):
    """As extensions of browsers do; an error would end up in the complaints."""
    deck.page.evaluate("[null, 1, 'a', [], { source: 'an extension' }].forEach((it) => postMessage(it, '*'))")
    deck.page.evaluate("new Promise((rested) => setTimeout(rested, 100))")
    press(deck.explorer("graph"), "Forward")
    assert deck.trait("graph", "step") == 1


def test_the_window_of_the_lecturer_shows_the_same_and_its_keys_turn_the_slides(deck):
    page = deck.page
    with page.expect_popup() as opening:
        page.keyboard.press("s")
    lecturer = opening.value
    mirror = lecturer.locator("#current-slide iframe").content_frame
    mirror.locator("html[data-ready]").wait_for(timeout=60_000)
    count = mirror.locator('[data-explorer="0"] .bpl-count')
    for window, key, step in ((lecturer, "PageDown", 1), (page, "PageDown", 2), (lecturer, "PageDown", 3), (lecturer, "ArrowLeft", 2)):
        window.keyboard.press(key)
        expect(count).to_have_text(f"step {step} of 7")
        expect(page.locator('[data-explorer="0"] .bpl-count')).to_have_text(f"step {step} of 7")
    enter(page.locator('[data-explorer="0"]'), "x", "3")
    expect(mirror.locator('[data-explorer="0"]').get_by_label("x, exact value")).to_have_value("3")
    page.locator('[data-explorer="0"]').get_by_label("x, slider").focus()  # that keeps keys here, not keys from there
    for _ in range(6):
        lecturer.keyboard.press("PageDown")
        page.wait_for_timeout(50)
    page.wait_for_function("Reveal.getIndices().h === 1")
