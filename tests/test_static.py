"""Explorers in a page without a kernel and without a network: the page computes, and says what Python would say."""

from __future__ import annotations

import json
import math
import random
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backproplab import Graph, Value
from backproplab.draw.paper import compact
from backproplab.explore import GraphExplorer
from backproplab.explore.engines import ENGINES
from backproplab.explore.explorer import module, wire
from backproplab.explore.page import page as html
from backproplab.explore.random import Random
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

    def show(*explorers: GraphExplorer) -> Page:
        file = tmp_path / "page.html"
        file.write_text(html(*explorers), encoding="utf-8")
        page.goto(file.as_uri())
        for i in range(len(explorers)):
            expect(page.locator(f'[data-explorer="{i}"] .bpl-facts')).to_have_count(1)
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
    yield lambda use, data: page.evaluate(RUN, [module("runtime"), use, data])
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
    found = runtime(use, [wire(x) for x in numbers])
    for x, texts in zip(numbers, found):
        assert texts == [*(number(x, digits) for digits in (1, 2, 3, 4, 6, 12)), compact(x)], x


def test_numbers_come_back_as_they_were_sent(runtime):
    numbers = some_numbers()
    found = runtime("data.map((x) => JSON.stringify(runtime.wire(Number(x))))", [wire(x) for x in numbers])
    for x, text in zip(numbers, found):
        back = float(json.loads(text))
        assert struct.pack("d", back) == struct.pack("d", x) or math.isnan(back) and math.isnan(x)


@pytest.mark.parametrize("seed", [0, 7, 2**31, 2**32 - 1])
def test_the_generator_gives_the_same_numbers_in_both_languages(runtime, seed):
    use = "((r) => [Array.from({ length: 1000 }, r.random), r.permutation(40), r.below(6)])(runtime.random(data))"
    draw = Random(seed)
    assert runtime(use, seed) == [[draw.random() for _ in range(1000)], draw.permutation(40), draw.below(6)]


# ---- a GraphExplorer says in the page what it says in Python --------------------------------------

FACTS = """(explorer) => {
    const all = (selector, say) => [...explorer.querySelectorAll(selector)].map(say);
    const text = (it, role) => it.querySelector(`[data-role="${role}"]`)?.textContent ?? "";
    return {
        alt: explorer.querySelector("svg").getAttribute("aria-label"),
        nodes: Object.fromEntries(all("[data-node]", (it) => [it.dataset.node,
            [it.dataset.state ?? "", text(it, "value"), text(it, "gradient"), text(it, "sum")]])),
        edges: Object.fromEntries(all("[data-edge]", (it) => [it.dataset.edge, it.dataset.state])),
        pills: Object.fromEntries(all("[data-label]:not([visibility=hidden])", (it) => [it.dataset.label,
            [...["slope", "upstream", "contribution"].map((role) => text(it, role)),
             ...["x", "y", "width", "height"].map((name) => Number(it.firstChild.getAttribute(name)))]])),
        sentence: explorer.querySelector(".bpl-sentence").textContent,
        verdict: explorer.querySelector(".bpl-verdict").textContent,
    };
}"""
SVG = "{http://www.w3.org/2000/svg}"


def told_by_python(explorer: GraphExplorer) -> dict:
    svg = ElementTree.fromstring(explorer.snapshot().svg)

    def text(group: ElementTree.Element, role: str) -> str:
        return next((it.text or "" for it in group.iter() if it.get("data-role") == role), "")

    groups = [group for group in svg.iter(f"{SVG}g")]
    pills = {group.get("data-label"): group for group in groups if group.get("data-label")}
    return {
        "alt": svg.get("aria-label"),
        "nodes": {
            group.get("data-node"): [group.get("data-state", ""), *(text(group, role) for role in ("value", "gradient", "sum"))]
            for group in groups
            if group.get("data-node")
        },
        "edges": {group.get("data-edge"): group.get("data-state") for group in groups if group.get("data-edge")},
        "pills": {
            key: [
                *(text(pill, role) for role in ("slope", "upstream", "contribution")),
                *(pytest.approx(float(pill[0].get(name)), abs=0.2) for name in ("x", "y", "width", "height")),
            ]
            for key, pill in pills.items()
        },
        "sentence": explorer.sentence,
        "verdict": explorer.verdict,
    }


def forked() -> Graph:
    """y = u + u·u with u = x·x at 2: every wrong engine gets another number."""
    x = Value(2.0, "x")
    u = x * x
    m = u * u
    y = u + m
    u.label, m.label, y.label = "u", "m", "y"
    return Graph(y)


GRAPHS = {
    "fork": forked,
    "chain": lambda: "(4*x+1)^2",
    "wide": lambda: "y*tanh(2*x+y) - x/3 + exp(-y)*abs(x)",
    "pole": lambda: "sqrt(x-1) + log(x)*0",
    "corner": lambda: "relu(x-1)",
    "constants": lambda: "2*3 + pi",
    "one variable": lambda: "x",
    "markup": lambda: Graph(Value(2.0, "<script>alert(1)</script>") * Value(3.0, '"&{0}') + Value(1.0, "🙂")),
}


def walked(engine: str, graph: str | Graph) -> GraphExplorer:
    explorer = GraphExplorer(graph)
    explorer.engine = engine
    if engine in ("stale", "leftover"):
        explorer.values = {name: value + 0.75 for name, value in explorer.values.items()}
    if engine == "yours":
        names = [node["name"] for node in reversed(explorer._scene["nodes"]) if node["hands"]]
        explorer.order = names[:-1] + names
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
