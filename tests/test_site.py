"""The site: every page works without network, from a disk and from a server, at any width, in the light and in the dark.

Three lessons are made here; with BACKPROPLAB_DECKS=all, as before it is published, all of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import NOTEBOOKS, PUBLISHED, ROOT
from playwright.sync_api import Page, expect

from backproplab import draw
from backproplab.__main__ import main
from backproplab.draw import plots
from backproplab.draw.paper import THEMES
from backproplab.publish import missing
from backproplab.publish.deck import contents
from backproplab.publish.gallery import EXPLORERS, PICTURES, given
from backproplab.publish.lectures import LECTURES
from backproplab.publish.notebook import markdown, run
from backproplab.publish.site import stylesheet

if missing() and not os.environ.get("CI"):
    pytest.skip(f"The site needs {', '.join(missing())}: install the extra `slides`.", allow_module_level=True)

PAGES = ["index", "gallery", "slides/index", *PUBLISHED]
CODE = {name: code for drawings in PICTURES.values() for name, code in drawings.items()}
LARGEST = 800_000  # bytes of a page, its explorers not counted: they come when they come into view


@pytest.fixture(scope="session")
def folder(published) -> Path:
    return published


@pytest.fixture(scope="session")
def server(folder) -> Iterator[str]:
    """The address of the site on a server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder.parent)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}"
        server.shutdown()


@pytest.fixture
def show(browser, folder) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; whatever it asks of others, and whatever it complains about, is a failure."""
    contexts, told = [], []

    def opened(name: str, *, at: str = "", width: int = 1280) -> Page:
        own = at or folder.as_uri()
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=not at)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda it: it.url.startswith((own, "data:", "blob:")) or told.append(it.url))
        page.on("response", lambda it: it.ok or it.url.endswith("favicon.ico") or told.append(f"{it.status}: {it.url}"))
        page.on("console", lambda message: message.type == "error" and told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(f"{own}/{name}.html")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert told == []


def all_alive(page: Page) -> int:
    """Unfold everything and look at each explorer until it is alive; returns how many there are."""
    page.evaluate("document.querySelectorAll('main details').forEach((it) => (it.open = true))")
    places = page.locator("[data-explorer]")
    for i in range(places.count()):
        places.nth(i).scroll_into_view_if_needed()
        expect(places.nth(i).locator(".bpl-heard")).to_have_count(1)
    return places.count()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_others_and_all_of_it_works(show, folder, name):
    file = folder / f"{name}.html"
    assert file.stat().st_size <= LARGEST
    page = show(name, width=360)
    assert page.evaluate(WIDTH) <= 360, "before the explorers are alive"
    assert all_alive(page) == file.read_text(encoding="utf-8").count("data-explorer=")
    assert page.evaluate(WIDTH) <= 360
    for width in (900, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(WIDTH) <= width
    page.emulate_media(color_scheme="dark")  # whose contrasts are harder to reach
    accessible(page)
    if name not in NOTEBOOKS[1:]:  # lessons have one style
        page.emulate_media(color_scheme="light")
        accessible(page)


WIDTH = "document.documentElement.scrollWidth"


def accessible(page: Page) -> None:
    options = {"preload": False, "resultTypes": ["violations"]}  # from a disk it may not fetch the style sheet again
    found = Axe().run(page, {"exclude": [["svg"]]}, options)  # in pictures, test_static.py and test_gallery.py measure
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", ["index", PUBLISHED[-1]])
def test_it_works_under_any_address(show, server, name):
    assert all_alive(show(name, at=server)) > 0


def test_every_link_leads_somewhere(folder):
    unmade = {f"{name}.html" for name in NOTEBOOKS} - {f"{name}.html" for name in PUBLISHED}
    ids = {file: set(re.findall(r'\bid="([^"]+)"', file.read_text(encoding="utf-8"))) for file in folder.rglob("*.html")}
    for file in ids:
        text = re.sub(r"<script.*?</script>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            address, anchor = urldefrag(unquote(unescape(link)))
            if re.match(r"https?:|data:", address) or Path(address).name in unmade:
                continue
            target = (file.parent / address).resolve() if address else file
            assert target.is_file(), (file.name, link)
            assert not anchor or anchor in ids[target], (file.name, link)


# ---- a lesson without Python ------------------------------------------------------------------------


def test_a_prediction_is_made_before_anything_is_seen(show):
    page = show("03-chain-rule")
    reveal = page.locator("details.reveal").first
    expect(reveal.locator("[data-explorer]")).not_to_be_visible()
    task = page.locator(".task", has_text="I have guessed").nth(1)
    expect(task.get_by_text("It is 8")).not_to_be_visible()
    task.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(task.get_by_text("It is 8")).to_be_visible()
    expect(task.locator("dt").filter(has_text=re.compile("^6$"))).to_be_visible()  # what the one who guessed 6 has done
    reveal.locator("summary").first.click()
    reveal.get_by_role("button", name="Step back").click()
    expect(reveal.locator(".bpl-count")).to_contain_text("9 of 10")


def test_an_exercise_has_its_hints_and_its_solution_and_says_where_to_answer(show, folder):
    page = show("03-chain-rule")
    task = page.locator(".task", has_text="An exercise").first
    assert task.locator("summary").all_inner_texts() == ["Hint 1", "Hint 2", "Hint 3", "A worked solution"]
    assert page.locator("#notebook a", has_text="Binder").get_attribute("href").endswith("notebooks%2F03-chain-rule.ipynb")
    for name in PUBLISHED:
        text = (folder / f"{name}.html").read_text(encoding="utf-8")
        assert "Not tried yet" not in text and "Closed until" not in text and "No prediction yet" not in text


def test_the_first_page_is_alive_at_once_and_obeys_the_keyboard(show):
    page = show("index")
    explorer = page.locator("[data-explorer]")
    for name, times in (("Forward", 3), ("Backward", 4)):
        for _ in range(times):
            explorer.get_by_role("button", name=name, exact=True).focus()
            page.keyboard.press("Enter")
    expect(explorer.locator(".bpl-sentence").first).to_contain_text("40")
    page.get_by_role("link", name="The chain rule").click()
    page.get_by_role("link", name="Next").click() if len(PUBLISHED) > 2 else page.get_by_role("link", name="Previous").click()
    expect(page.locator("h1")).to_contain_text("04" if len(PUBLISHED) > 2 else "00")


def test_all_explorers_and_lessons_are_listed(folder):
    index = (folder / "index.html").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in PUBLISHED:
        idea = re.search(rf"^\| `{name}` \| (.+) \|$", readme, re.MULTILINE)[1]
        assert f'<a href="{name}.html">' in index and re.sub("`", "", idea).split("`")[0] in re.sub("<.*?>", "", unescape(index))
    for it in EXPLORERS:
        assert it.question in unescape(index)


# ---- the gallery ------------------------------------------------------------------------------------


def test_the_gallery_has_every_kind_of_picture():
    code = "\n".join(CODE.values())
    kinds = [name for name in draw.__all__ if name.islower() and name != "draw"] + [".draw"]
    kinds += [f"plots.{name}" for name in plots.__all__ if name.islower() and name not in ("beside", "canvas", "describe")]
    assert [name for name in kinds if f"{name}(" not in code] == []
    assert [n for n in (1, 2, 4, 5, 6, 7, 8, 9) if f"figure({n}" not in code] == []


def test_beside_each_picture_is_the_code_that_made_it(folder):
    text = (folder / "gallery.html").read_text(encoding="utf-8")
    shown = {unescape(re.sub("<.*?>", "", it)).strip() for it in re.findall(r"<pre>(.*?)</pre>", text, re.DOTALL)}
    assert set(CODE.values()) | {it.code for it in EXPLORERS} == shown
    alts = {unescape(it) for it in re.findall(r'(?:alt|aria-label)="([^"]*)"', text)}
    for name in ("Coupled dials", "Figure 9: many stages", "The corner"):
        assert given(CODE[name]).alt in alts


PAINTED = """() => [...document.querySelectorAll("svg")].map((svg) => [...svg.querySelectorAll("*")].map((it) =>
    [it.tagName, ...["fill", "stroke"].map((name) => it.hasAttribute(name) && getComputedStyle(it)[name])]))"""


def test_pictures_are_dark_in_the_dark(browser, monkeypatch):
    """They were drawn in the light; their letters have the colours of those drawn in the dark, and so has nearly all."""
    codes = [code for code in CODE.values() if "plots." not in code]
    light = [given(code).svg for code in codes]
    monkeypatch.setitem(THEMES, "light", THEMES["dark"])
    dark = [given(code).svg for code in codes]
    monkeypatch.undo()
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.set_content(f"<style>{stylesheet()}</style>" + "".join(f'<div class="picture">{svg}</div>' for svg in light))
    found = page.evaluate(PAINTED)
    page.set_content("".join(dark))
    expected = page.evaluate(PAINTED)
    context.close()
    ground, card, line, border = (rgb(getattr(THEMES["dark"], name)) for name in ("ground", "card", "line", "border"))
    for code, seen, wanted in zip(codes, found, expected, strict=True):
        for (tag, *colours), (_, *exact) in zip(seen, wanted, strict=True):
            for colour, right in zip(colours, exact, strict=True):
                near = tag != "text" and {colour, right} in ({ground, card}, {line, border})
                assert colour == right or near, (code, tag)


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


# ---- the slides ---------------------------------------------------------------------------------------


def test_decks_are_listed_with_their_titles_and_minutes(folder):
    notebooks = {name: nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4) for name in NOTEBOOKS}
    text = contents(notebooks)
    for lecture in LECTURES:
        assert f'<a href="{lecture.name}.html">{lecture.title}</a>, {lecture.minutes} minutes' in text
    assert '<a href="03-chain-rule.html">03 The chain rule</a>' in text
    index = (folder / "slides" / "index.html").read_text(encoding="utf-8")
    assert contents({name: notebooks[name] for name in PUBLISHED}) in index


# ---- without a browser ------------------------------------------------------------------------------


def test_formulas_in_headings_are_mathml():
    html = markdown("## $(4x+1)^2$ at $x = 1$")
    assert html.startswith("<h2><math ") and html.count("</math>") == 2


def test_a_run_says_nothing_of_its_own(tmp_path, capfd):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    nbformat.write(notebook, tmp_path / "sum.ipynb")
    assert run(tmp_path / "sum.ipynb").cells[0].outputs[0].data["text/plain"] == "2"
    assert capfd.readouterr().err == ""


def test_a_notebook_that_is_not_there_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["site", str(tmp_path / "no.ipynb")])
    assert refused.value.code == 2
    assert capsys.readouterr().err.startswith(f"There is no notebook {tmp_path / 'no.ipynb'}: ")
