"""A deck is one file that can be shown without network: everything fits, the keys go through frames, it prints.

Three decks are measured here; with BACKPROPLAB_DECKS=all, as before the site is published, every deck is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import NOTEBOOKS, PUBLISHED
from playwright.sync_api import Page

from backproplab.__main__ import main
from backproplab.publish import missing
from backproplab.publish.assets import SIGNS
from backproplab.publish.deck import PLANS
from backproplab.publish.notebook import markdown

if missing() and not os.environ.get("CI"):
    pytest.skip(f"Slides need {', '.join(missing())}: install the extra `slides`.", allow_module_level=True)

ONE = "04-forks-sums-and-order"
LECTURES = [lecture.name for plan in PLANS.values() for lecture in plan]
MEASURED = [*PUBLISHED, *(LECTURES if PUBLISHED == NOTEBOOKS else [])]
LARGEST = 3_000_000  # bytes
SIZE = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def made(published) -> Callable[[str], Path]:
    """The deck of this name."""
    return lambda name: published / "slides" / f"{name}.html"


@pytest.fixture
def show(browser, made) -> Iterator[Callable[..., Page]]:
    """Opens a deck without a network; whatever it asks for, and whatever it complains about, is a failure."""
    context = browser.new_context(viewport=SIZE, offline=True)
    told: list[str] = []

    def opened(name: str = ONE, after: str = "") -> Page:
        page = context.new_page()
        page.on("request", lambda it: it.url.startswith(("file:", "data:", "blob:")) or told.append(it.url))
        page.on("console", lambda message: message.type == "error" and told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(made(name).as_uri() + after)
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        return page

    yield opened
    context.close()
    assert told == []


# Of each slide, each frame of its explorers, each choice that they offer and both ends of each slider: what is painted
# farthest down and right, and the smallest letters.
MEASURE = """() => Reveal.getSlides().flatMap((slide) => {
    const { h, v } = Reveal.getIndices(slide);
    const measured = () => {
        const painted = [...slide.querySelectorAll(".block, .block *")].filter((it) =>
            !it.closest(".bpl-heard, .notes") && !it.ownerSVGElement && it.checkVisibility({ visibilityProperty: true }));
        const boxes = painted.map((it) => it.getBoundingClientRect()).filter((box) => box.width && box.height);
        const letters = Math.min(...[...slide.querySelectorAll(".block")].map((it) => smallest(it)));
        const [bottom, right] = ["bottom", "right"].map((side) => Math.max(...boxes.map((box) => box[side])));
        return { h, v, bottom, right, letters, empty: boxes.length === 0 };
    };
    Reveal.slide(h, v, 99);
    const found = [measured()];
    for (const it of stories(slide)) {
        for (const step of frames(it)) (goTo(it, step), found.push({ ...measured(), step }));
    }
    for (const it of slide.querySelectorAll("[type=radio]")) (it.click(), found.push({ ...measured(), chosen: it.parentElement.textContent }));
    for (const it of slide.querySelectorAll("[type=range]")) {
        for (const end of [it.min, it.max]) {
            it.value = end;
            it.dispatchEvent(new Event("input", { bubbles: true }));
            found.push({ ...measured(), moved: it.ariaLabel, to: it.value });
        }
    }
    return found;
})"""


# Presses a key of the clicker until nothing changes any more; what was seen: slides, and frames of the explorers on them.
PRESS = """(key) => {
    const seen = [];
    const here = () => [...Object.values(Reveal.getIndices()), ...stories(Reveal.getCurrentSlide()).map((it) => it.story.state().step)];
    while (JSON.stringify(here()) !== JSON.stringify(seen.at(-1)) && seen.length < 2000) (seen.push(here()), Reveal.triggerKey(key));
    return { seen, first: Reveal.isFirstSlide(), last: Reveal.isLastSlide() };
}"""
PAGE_UP, PAGE_DOWN = 33, 34


@pytest.mark.parametrize("name", MEASURED)
def test_every_slide_fits_and_can_be_read_and_the_clicker_shows_every_frame_there_and_back(show, made, name):
    assert made(name).stat().st_size <= LARGEST
    page = show(name)
    there, back = page.evaluate(PRESS, PAGE_DOWN), page.evaluate(PRESS, PAGE_UP)
    assert there["last"] and back["first"]
    page.keyboard.press("End")
    assert page.evaluate("Reveal.isLastSlide()")
    frames = page.evaluate("document.querySelectorAll('.slides .bpl-count').length") * 21  # of each explorer with steps, at most
    assert 0 <= len(there["seen"]) - page.evaluate("Reveal.getTotalSlides()") <= frames + page.locator(".fragment").count()
    slides = page.evaluate(MEASURE)
    assert len(slides) > 10
    amiss = [
        slide for slide in slides
        if slide["empty"] or slide["letters"] < 18 or slide["bottom"] > SIZE["height"] or slide["right"] > SIZE["width"]
    ]  # fmt: skip
    assert not amiss


def test_notes_are_there_and_are_not_shown(show):
    page = show()
    notes = page.evaluate('[...document.querySelectorAll(".notes")].map((it) => [it.innerHTML, it.checkVisibility()])')
    assert len(notes) > 5
    for text, visible in notes:
        assert not visible and "<summary>" not in text and len(text) > 40


@pytest.mark.parametrize("name", ["03-chain-rule", ONE])
def test_on_paper_each_frame_has_its_page(show, name):
    seen = show(name).evaluate(PRESS, PAGE_DOWN)["seen"]
    frames = {(h, v, *steps) for h, v, _, *steps in seen}  # what waits as a fragment on a slide is all there on paper
    page = show(name, after="?print-pdf")
    assert page.locator(".pdf-page").count() == len(frames)
    assert page.pdf(width="1280px", height="720px", print_background=True).count(b"/Type /Page\n") == len(frames)


# ---- without a browser ------------------------------------------------------------------------------


def test_formulas_become_mathml():
    html = markdown(r"Slope $\frac{dy}{dx} < 1$, and" + "\n\n$$\\begin{pmatrix} 1 & 2 \\end{pmatrix}$$")
    assert html.count("<math") == 2 and "<mfrac>" in html and "<mtable" in html and "$" not in html
    assert "<mo>&#x0003C;</mo>" in html


def test_a_hat_is_an_accent_and_no_sign_for_a_power():
    assert "<mo>&#x002C6;</mo></mover>" in markdown(r"$\hat y$") and "^" not in markdown(r"$\hat{y}_i$")
    assert 0x2C6 in SIGNS


def test_a_notebook_that_is_not_there_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["slides", str(tmp_path / "no.ipynb")])
    assert refused.value.code == 2
    assert capsys.readouterr().err.startswith(f"There is no notebook {tmp_path / 'no.ipynb'}: ")
