"""Explorers in a page without a kernel and without a network: the page computes, and says what Python would say."""

from __future__ import annotations

import json
import math
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from facts import FACTS, FUZZ, told_by_python
from playwright.sync_api import BrowserContext, Page, expect

from backproplab import Graph, Value, explore, nn
from backproplab.data import digits, spiral
from backproplab.draw.paper import THEMES, compact
from backproplab.draw.products import costs
from backproplab.explore import (
    ChainExplorer,
    DescentExplorer,
    FanExplorer,
    GraphExplorer,
    JacobianExplorer,
    NudgeExplorer,
    SGDExplorer,
    ShapeExplorer,
    TrainingExplorer,
    TrunkExplorer,
)
from backproplab.explore.engines import ENGINES
from backproplab.explore.explorer import Explorer, module
from backproplab.explore.page import page as html
from backproplab.explore.page import traits
from backproplab.explore.random import Random
from backproplab.explore.translate import javascript
from backproplab.nn import MLP, Linear, Sequential, Softmax, Tanh
from backproplab.notation import number


@pytest.fixture(scope="module")
def context(browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield context
    context.close()


@pytest.fixture
def show(context: BrowserContext, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens explorers in a page from a file; at the end nothing may have been asked of the network or complained of."""
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.complaints.append(request.url) if request.url.startswith("http") else None)

    def show(*explorers: Explorer) -> Page:
        file = tmp_path / "page.html"
        file.write_text(html(*explorers), encoding="utf-8")
        page.goto(file.as_uri())
        for i in range(len(explorers)):
            expect(page.locator(f'[data-explorer="{i}"] .bpl-heard')).to_have_count(1)
        return page

    yield show
    assert page.complaints == []
    page.close()


# ---- the runtime says numbers as Python does ------------------------------------------------------

RUN = """async ([text, use, data]) => {
    const runtime = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    return new Function("runtime", "data", `return ${use}`)(runtime, data);
}"""


@pytest.fixture
def runtime(context: BrowserContext) -> Iterator[Callable]:
    page = context.new_page()
    text = "\n".join([str(module("runtime")), javascript("draw.paper", ["compact"]), javascript("explore.random", ["Random"]), "export { compact, Random };"])
    yield lambda use, data: page.evaluate(RUN, [text, use, data])
    page.close()


def some_numbers() -> list[float]:
    draw = random.Random(0)
    edges = [0.0, -0.0, math.inf, -math.inf, math.nan, 1e308, 5e-324, 9.9995e-5, 0.00099995, 9999.5, 100.25, 2.5, 1e21]
    anything = [struct.unpack("d", draw.randbytes(8))[0] for _ in range(2000)]
    ties = [draw.randint(-(10**6), 10**6) / 2 ** draw.randint(0, 12) for _ in range(4000)]
    typed = [round(draw.uniform(-5, 5), draw.randint(0, 4)) for _ in range(1000)]
    return edges + anything + ties + typed


def test_numbers_are_written_as_in_python(runtime):
    numbers = some_numbers()
    use = "data.map(Number).map((x) => [...[1, 2, 3, 4, 6, 12].map((n) => runtime.number(x, n)), runtime.compact(x)])"
    found = runtime(use, [x if math.isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN") for x in numbers])
    for x, texts in zip(numbers, found):
        assert texts == [*(number(x, digits) for digits in (1, 2, 3, 4, 6, 12)), compact(x)], x


@pytest.mark.parametrize("seed", [0, 7, 2**31, 2**32 - 1])
def test_the_generator_gives_the_same_numbers_in_both_languages(runtime, seed):
    use = "((r) => [Array.from({ length: 1000 }, () => r.random()), r.permutation(40), r.below(6)])(new runtime.Random(data))"
    draw = Random(seed)
    assert runtime(use, seed) == [[draw.random() for _ in range(1000)], draw.permutation(40), draw.below(6)]


# ---- what is asked of every explorer: add yours to the table -----------------------------------------


def markup() -> Graph:
    """Labels that want to be more than text."""
    return Graph(Value(2.0, "<script>alert(1)</script>") * Value(3.0, '"&{0}') + Value(1.0, "🙂"))


def trained(steps: int = 60, **options: Any) -> TrainingExplorer:
    explorer = TrainingExplorer(**options)
    explorer.run(steps)
    return explorer


EXPLORERS: dict[str, Callable[[], Explorer]] = {
    "graph": lambda: GraphExplorer(markup()),
    "graph of a text": lambda: GraphExplorer("y*x + a"),
    "jacobian": lambda: JacobianExplorer("tanh"),
    "trunk": lambda: TrunkExplorer(3),
    "shapes": lambda: ShapeExplorer([1, 3, 2, 3]),
    "descent": lambda: DescentExplorer("banana", matrix=[[0.001, 0.0], [0.0, 0.002]]),
    "descent of one": lambda: DescentExplorer("sqrt(x)", rate=0.2),
    "chain": lambda: ChainExplorer(["4*x, x+1, x*x", "bicycle = 4*walker, car = 2*bicycle"], x=1.0),
    "fan": lambda: FanExplorer(),
    "nudge": lambda: NudgeExplorer(["a*b", "a*(b-a)"], a=3, b=4),
    "sgd": lambda: SGDExplorer(),
    "sgd of one": lambda: SGDExplorer("abs(w*x-y)", data={"x": [1.0, 2.0, -1.0], "y": [1.0, 1.0, 3.0]}),
    "training": lambda: trained(),
    "training on digits": lambda: trained(25, data=digits()),
}


def test_every_explorer_is_here():
    used = {name for make in (trained, *EXPLORERS.values()) for name in make.__code__.co_names}
    assert {*explore.__all__} - {"Predict"} <= used


@pytest.fixture(params=EXPLORERS)
def explorer(request) -> Iterator[Explorer]:
    made = EXPLORERS[request.param]()
    yield made
    made.close()


def test_a_thousand_random_interactions_leave_no_error_and_a_state_that_python_agrees_with(show, explorer):
    here = show(explorer).locator(".bpl-explorer")
    here.evaluate(FUZZ, [1000, 1])
    state = here.evaluate("(it, names) => Object.fromEntries(names.map((name) => [name, it.explorer.get(name)]))", list(traits(explorer)))
    explorer.set_state({name: value for name, value in state.items() if value != traits(explorer)[name]})
    assert traits(explorer) == state
    expect(here.locator(".bpl-picture svg").first).to_have_attribute("aria-label", explorer.snapshot().alt)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_the_accessibility_checker(show, explorer, scheme):
    page = show(explorer)
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".bpl-explorer")).to_have_attribute("data-theme", scheme)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert [(it["id"], it["nodes"][0]["html"]) for it in found if it["impact"] in ("serious", "critical")] == []


def test_its_picture_follows_the_page_to_dark(show, explorer):
    page = show(explorer)
    for scheme, colour in (("dark", "rgb(17, 20, 24)"), ("light", "rgb(255, 255, 255)")):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".bpl-picture svg > rect").first).to_have_css("fill", colour)


def test_it_looks_the_same_when_a_notebook_has_sorted_its_state(show, explorer, monkeypatch):
    texts = []
    for dumps in (json.dumps, partial(json.dumps, sort_keys=True)):  # as nbformat writes the state of widgets
        monkeypatch.setattr(json, "dumps", dumps)
        texts.append(show(explorer).locator(".bpl-explorer > :not(.bpl-heard)").all_inner_texts())
    assert texts[0] == texts[1]


def test_the_colours_of_the_dark_theme_can_be_told_apart():
    """The page recolours a picture that was drawn in the dark by them."""
    colours = list(asdict(THEMES["dark"]).values())
    assert len(set(colours)) == len(colours)


def test_without_scripts_its_static_twin_is_shown(browser, tmp_path, explorer):
    (tmp_path / "page.html").write_text(html(explorer), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    expect(page.get_by_alt_text(explorer.snapshot().alt)).to_be_visible()
    context.close()


# ---- a GraphExplorer says in the page what it says in Python --------------------------------------

def forked(at: float = 2.0) -> Graph:
    """y = u + u·u with u = x·x at 2: every wrong engine gets another number (and at 0, where all get 0)."""
    x = Value(at, "x")
    u = x * x
    m = u * u
    y = u + m
    u.label, m.label, y.label = "u", "m", "y"
    return Graph(y)


GRAPHS = {
    "fork": forked,
    "fork at 0": lambda: forked(0.0),
    "huge": lambda: "x*x + 1e12",
    "overflow": lambda: "exp(1000*x)*x",
    "chain": lambda: "(4*x+1)^2",
    "wide": lambda: "y*tanh(2*x+y) - x/3 + exp(-y)*abs(x)",
    "pole": lambda: "sqrt(x-1) + log(x)*0",
    "corner": lambda: "relu(x-1)",
    "constants": lambda: "2*3 + pi",
    "one variable": lambda: "x",
    "markup": markup,
    "nine variables": lambda: "+".join(f"x{i}" for i in range(9)),
}


def walked(engine: str, graph: str | Graph) -> GraphExplorer:
    explorer = GraphExplorer(graph)
    explorer.engine = engine
    if engine in ("stale", "leftover"):
        explorer.values = {name: value + 0.75 for name, value in explorer.values.items()}
    if engine == "yours":
        names = [node["name"] for node in reversed(explorer._scene["nodes"]) if node["hands"]]
        explorer.order = names[-1:] + names  # the first of them has nothing to hand on yet
    return explorer


EVERY_STEP = """(explorer, facts) => {
    const picture = explorer.querySelector(".bpl-picture");
    const found = [eval(facts)(explorer)];
    while (!explorer.querySelector(".bpl-count").textContent.match(/^step (\\d+) of \\1$/)) {
        picture.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
        found.push(eval(facts)(explorer));
    }
    return found;
}"""


@pytest.mark.parametrize("name", GRAPHS)
def test_every_step_shows_and_says_the_same_in_python_and_in_the_page(show, name):
    explorers = {engine: walked(engine, GRAPHS[name]()) for engine in ENGINES}
    page = show(*explorers.values())
    for i, (engine, explorer) in enumerate(explorers.items()):
        found = page.locator(f'[data-explorer="{i}"]').evaluate(EVERY_STEP, FACTS)
        assert len(found) == explorer.steps + 1, engine
        for explorer.step, facts in enumerate(found):
            assert facts == told_by_python(explorer), engine
        explorer.close()


# ---- the explorers of Jacobians say in the page what they say in Python -----------------

SHOWN = """(explorer) => {
    const shown = [...explorer.querySelectorAll("svg [data-part]")].filter((it) => it.getAttribute("visibility") === "visible");
    const numbers = (part) => [...part.querySelectorAll("text[data-slot]")].map((it) => it.textContent);
    return {
        alt: explorer.querySelector("svg").getAttribute("aria-label"),
        sentence: explorer.querySelector(".bpl-sentence").textContent,
        error: explorer.querySelector(".bpl-error").textContent,
        parts: Object.fromEntries(shown.map((part) => [part.dataset.part, numbers(part)])),
        states: [...explorer.querySelectorAll("svg :is([data-slot^=cell], [data-node])")]
            .filter((it) => !it.closest("[display=none]")).map((it) => it.dataset.state),
    };
}"""
SVG = "{http://www.w3.org/2000/svg}"


def shown_by_python(explorer: JacobianExplorer | TrunkExplorer) -> dict:
    svg = ElementTree.fromstring(explorer.snapshot().svg)
    parts = [it for it in svg.iter(f"{SVG}g") if it.get("data-part") and it.get("visibility") == "visible"]
    marked = [it for it in svg.iter() if it.get("data-node") or it.get("data-slot", "").startswith("cell")]
    return {
        "alt": svg.get("aria-label"),
        "sentence": explorer.sentence,
        "error": getattr(explorer, "error", ""),
        "parts": {part.get("data-part"): [it.text for it in part.iter(f"{SVG}text") if "data-slot" in it.attrib] for part in parts},
        "states": [it.get("data-state") for it in marked],
    }


def set_in_page(page: Page, **traits: object) -> dict:
    here = page.locator(".bpl-explorer")
    here.evaluate("(it, changes) => it.explorer.set(changes)", traits)
    return here.evaluate(SHOWN)


STATES = [
    {}, {"tangent": [0.0, 0.0]}, {"tangent": [0.25, -2.0]}, {"x": [-1.5, 2.0]}, {"mode": "vjp"}, {"cotangent": [1.0, -2.0, 0.5]},
    {"x": [3.0, -4.0]}, {"cotangent": [0.0, 0.0, 0.0]}, {"x": [0.0, 0.0]}, {"mode": "jvp"}, {"x": [1e200, 1e200]}, {"x": [1.0, 1e-3]},
]  # fmt: skip
FUNCTIONS = {
    "expressions": lambda: JacobianExplorer(["x*y", "log(1+x^2)/y", "relu(x) - 2"], x=1.0, y=2.0),
    "module": lambda: JacobianExplorer(Sequential(Linear(2, 4), Tanh(), Linear(4, 3), Softmax()), [1.0, 2.0]),
    "neurons": lambda: JacobianExplorer(MLP(2, [3, 3], "tanh"), [1.0, 2.0]),
    "a domain with an end": lambda: JacobianExplorer(["log(1.2-x)", "x*y", "y"], x=1.0, y=1.0),
    "an input and an output of no influence": lambda: JacobianExplorer(["x+0*y", "3", "x"], x=1.0, y=2.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_jacobian_is_the_same_in_python_and_in_the_page(show, name):
    explorer = FUNCTIONS[name]()
    page = show(explorer)
    for state in STATES:
        explorer.set_state(state)
        assert set_in_page(page, **state) == shown_by_python(explorer), state
    explorer.close()


TRUNKS = [{}, {"step": 0}, {"layers": 1, "step": 1}, {"layers": 10, "step": 10}, {"cut": 1}, {"cut": 7, "step": 6}, {"cut": 20, "step": 10},
          {"layers": 100, "step": 100, "cut": 0}, {"step": 11, "cut": 4}, {"layers": 11, "step": 11}]  # fmt: skip


def test_a_trunk_is_the_same_in_python_and_in_the_page(show):
    explorer = TrunkExplorer(3)
    page = show(explorer)
    for state in TRUNKS:
        explorer.set_state(state)
        assert set_in_page(page, **state) == shown_by_python(explorer), state
        counts = page.locator('[data-role="count"]').text_content()
        assert counts == costs(explorer.count)
    explorer.close()


def test_explorers_on_one_page_leave_the_looks_of_the_others_alone(show):
    explorers = [JacobianExplorer("matrix"), TrunkExplorer(2), GraphExplorer("2*x")]
    page = show(*explorers)
    active, done = "rgb(217, 142, 0)", "rgb(0, 114, 178)"
    entries = page.locator("[data-slot^=cell]")
    for i, stroke in enumerate([active, "rgb(138, 148, 158)"]):
        expect(entries.nth(i)).to_have_css("stroke", stroke)
    expect(entries.nth(1)).to_have_css("fill", "rgb(161, 58, 134)")
    factors = page.locator("[data-product] [data-node]:visible")
    expect(factors.first.locator("rect")).to_have_css("stroke", done)
    page.locator(".bpl-explorer").nth(1).get_by_role("button", name="Reset").click()
    expect(factors.first.locator("rect")).to_have_css("stroke-dasharray", "none")
    expect(factors.first.locator("text").first).to_have_css("visibility", "hidden")
    waiting = page.locator('[data-explorer="2"] [data-node][data-state="waiting"]')
    expect(waiting.locator("text").first).to_be_visible()
    for explorer in explorers:
        explorer.close()


PLACES = """(explorer) => [...explorer.querySelectorAll('svg [data-slot][visibility="visible"]')].map((slot) =>
    [...slot.children].map((it) => [it.textContent, ...["x", "y", "width", "height"].map((name) => Number(it.getAttribute(name) ?? 0))]))"""

BENCHES = [{}, {"joins": [1]}, {"joins": [1, 0]}, {"joins": [1, 0, 0]}, {"lengths": [1, 9, 40, 3, 40]}, {"joins": [2, 1, 0]},
           {"blocks": [1, -2, 3, 4]}, {"blocks": [4, 3, 2, 1]}, {"blocks": [-4, -3, -2, -1], "joins": [0, 0, 0]}, {"joins": [7]}]  # fmt: skip


def test_a_shape_bench_is_the_same_in_python_and_in_the_page(show):
    explorer = ShapeExplorer([1, 10, 40, 60, 600])
    page = show(explorer)
    for state in BENCHES:
        explorer.set_state(state)
        told = set_in_page(page, **state)
        svg = ElementTree.fromstring(explorer.snapshot().svg)
        assert (told["alt"], told["sentence"]) == (svg.get("aria-label"), explorer.sentence), state
        places = [
            [[it.text or "", *(float(it.get(name, 0)) for name in ("x", "y", "width", "height"))] for it in slot]
            for slot in svg.iter(f"{SVG}g")
            if slot.get("visibility") == "visible"
        ]
        for slot, due in zip(page.locator(".bpl-explorer").evaluate(PLACES), places, strict=True):
            assert slot == [[text, *(pytest.approx(x, abs=0.06) for x in numbers)] for text, *numbers in due], state
    explorer.close()


# ---- what works without Python ------------------------------------------------------------------


def test_an_impossible_move_is_explained_in_the_words_of_python(show):
    explorer = GraphExplorer("1/x + log(x+3)", x=2.0)
    explorer.step = explorer.steps
    page = show(explorer)
    for value in ("0", "-3", "1"):
        page.get_by_label("x, exact value").fill(value)
        page.keyboard.press("Enter")
        explorer.values = {"x": float(value)}
        expect(page.locator(".bpl-error")).to_have_text(explorer.error)
        assert page.locator(".bpl-explorer").evaluate(FACTS) == told_by_python(explorer)
    explorer.close()


def test_a_slider_is_as_wide_as_its_value_needs_and_no_wider(show):
    page = show(DescentExplorer("ravine", rate=0.05))
    slider, exact = page.get_by_label("η, slider"), page.get_by_label("η, exact value")
    for value, high in (("1e6", "1000000"), ("0.05", "0.1"), ("3", "3")):
        exact.fill(value)
        page.keyboard.press("Enter")
        expect(slider).to_have_attribute("max", high)
    slider.press("Home")
    expect(slider).to_have_attribute("max", "3")  # not while it is held
    expect(exact).to_have_value("0")


# ---- a TrainingExplorer replays what was recorded -------------------------------------------------

SLOTS = """(explorer) => Object.fromEntries([...explorer.querySelectorAll("[data-slot]")].map((it) =>
    [it.dataset.slot, it.tagName === "path" ? it.getAttribute("d") : it.textContent]))"""


def broken() -> TrainingExplorer:
    """Three classes, and NaN after some steps."""
    layer = nn.Linear(4, 3, seed=2)
    model = nn.Sequential(nn.Linear(2, 4, seed=1), nn.Tanh(), nn.Linear(4, 4), nn.Sigmoid(), layer)

    def loss(outputs, labels):
        return nn.cross_entropy(outputs, labels) * (np.nan if layer.bias.data.any() and explorer.steps > 4 else 1.0)

    explorer = TrainingExplorer(model, spiral(60, arms=3), loss=loss)
    explorer.run(9)
    assert explorer.error
    return explorer


@pytest.mark.parametrize("view", ["classes", "units", "weights"])
@pytest.mark.parametrize("make", [trained, lambda: trained(12, data=digits()), broken], ids=["moons", "digits", "nan"])
def test_every_recorded_step_is_drawn_and_told_as_in_python(show, make, view):
    explorer = make()
    page = show(explorer)
    here = page.locator(".bpl-explorer")
    page.get_by_role("button", name="Reset").click()
    here.get_by_label(explorer._sheet.views[view]).check()
    explorer.view = view
    for step in explorer.recorded:
        explorer.step, frame = step, explorer._frame(step)
        svg = ElementTree.fromstring(explorer.snapshot().svg)
        drawn = {it.get("data-slot"): it.get("d") or it.text or "" for it in svg.iter() if it.get("data-slot")}
        assert here.evaluate(SLOTS) == drawn, step
        assert " ".join(here.locator(".bpl-sentence, .bpl-verdict").all_text_contents()).rstrip() == explorer.sentence
        expect(here.locator(".bpl-error")).to_have_text(frame.error)
        expect(here.locator(".bpl-count")).to_have_text(f"step {frame.step} of {explorer.steps}")
        here.locator(".bpl-picture").press("ArrowRight")
    explorer.close()
