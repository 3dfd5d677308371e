"""Every kind of picture, in every theme, measured in a real browser; and that the measuring finds what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations

import gallery
import legible
import pytest
from playwright.sync_api import Page

from backproplab.draw.paper import THEMES

KINDS = [(name, theme) for name in gallery.CASES for theme in THEMES]


@pytest.fixture(scope="module")
def page(browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("name, theme", KINDS, ids=[f"{name}, {theme}" for name, theme in KINDS])
def test_a_picture_is_legible_and_says_in_words_what_it_shows(page, name, theme):
    picture = gallery.CASES[name](theme)
    faults = legible.faults(page, picture.svg)
    assert not faults, "\n".join(faults)
    assert f'width="{picture.width}"' in picture.svg[:400]
    assert picture.alt and picture.alt in picture.text
    assert legible.unstated_numbers(picture.svg, picture.text) == []


TOO_LARGE = {  # for a slide, where they are shown in part, folded, or in another direction
    "deep", "wide", "top down", "micrograd", "network", "rules", "a step of a folded network", "terms", "too wide to be drawn whole", "neurons",
    "folded into layers", "one neuron expanded", "layers of neurons", "Tensors", "Tensors, forward only", "a step with Tensors",
    "rules of Tensors", "softmax", "large Tensors", "odd Tensors", "2-8-8-1 gradients", "64-16-10 weights",
    "figure 2, many samples", "figure 5", "layers", "a network for images",
}  # fmt: skip


def test_the_others_can_be_read_on_a_slide():
    sizes = {name: legible.on_a_slide(draw("light").svg) for name, draw in gallery.CASES.items()}
    too_large = {name for name, size in sizes.items() if any(side > room for side, room in zip(size, legible.SLIDE))}
    assert too_large == TOO_LARGE


def test_two_pictures_can_share_a_page():
    used = {case: legible.ids(picture.svg) for case, picture in gallery.pictures().items()}
    assert not [(one, other) for one, other in combinations(used, 2) if used[one] & used[other]]


def test_same_bytes_under_any_hash_seed():
    def digests(seed: str) -> list[str]:
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, gallery.__file__]
        return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout.splitlines()

    first = digests("1")
    assert first == digests("2") and len(first) == len(KINDS)


# ---- the measuring itself ---------------------------------------------------------------------


def sheet(*parts: str, size: str = 'width="200" height="100" viewBox="0 0 200 100"') -> str:
    ground = '<rect width="200" height="100" fill="#ffffff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{ground}{"".join(parts)}</svg>'


def node(name: str, x: float, y: float, text: str = "", fill: str = "#eee", ink: str = "#000") -> str:
    box = f'<rect x="{x}" y="{y}" width="50" height="30" rx="4" fill="{fill}"/>'
    return f'<g data-node="{name}">{box}<text x="{x + 5}" y="{y + 20}" font-size="14" fill="{ink}">{text}</text></g>'


def edge(name: str, path: str) -> str:
    return f'<g data-edge="{name}"><path d="{path}" fill="none" stroke="#000"/></g>'


def label(name: str, x: float, y: float) -> str:
    return f'<g data-label="{name}"><text x="{x}" y="{y}" font-size="14">{name}</text></g>'


GOOD = (node("a", 10, 10, "one"), node("b", 130, 10, "two"), edge("a>b:0", "M60 25H130"), label("slope", 70, 45))

BAD = {
    "the node 'c' lies on the node 'a'": node("c", 40, 30),
    "the label '0.5' lies on the node 'a'": label("0.5", 50, 20),
    "the label '0.5' lies on the label 'slope'": label("0.5", 80, 42),
    "the label 'astray' lies on the node 'a'": '<text x="20" y="15" font-size="14">astray</text>',
    "the text 'much too long' does not fit in the node 'c'": node("c", 10, 60, "much too long"),
    "the edge 'a>b:1' runs through the node 'c'": node("c", 70, 60) + edge("a>b:1", "M60 30L65 75H125L130 30"),
    "the edge 'a>b:1' runs through the label 'slope'": edge("a>b:1", "M60 30L70 41H100L130 30"),
    "the edge 'a>b:1' does not start at its source": edge("a>b:1", "M100 60L130 30"),
    "the edge 'a>b:1' does not reach its target": edge("a>b:1", "M50 40V60"),
    "the edge 'a>z:0' does not name two nodes": edge("a>z:0", "M60 25H130"),
    "the text 'pale' has a contrast of 2.46, less than 4.5": node("c", 10, 60, "pale", ink="#999999"),
    "the text 'blue' has a contrast of 2.25, less than 4.5": node("c", 10, 60, "blue", fill="#224488"),
    "the text 'under' is painted over": node("c", 10, 60, "under") + '<path d="M5 70H60V80H5z" fill="#fff"/>',
    "the text 'tiny' is 9.0 px high, smaller than 13.4": '<text x="90" y="80" font-size="9">tiny</text>',
    "'far off' reaches out of the drawing": '<text x="170" y="80" font-size="14">far off</text>',
    "there is a <style>": "<style>text { fill: red }</style>",
    "there is a <script>": "<script>alert()</script>",
    "<g> has the attribute style='fill:red'": '<g style="fill:red"/>',
    "<a> has the attribute href='x'": '<a href="x"/>',
}  # fmt: skip


def test_nothing_is_found_where_nothing_is_wrong(page):
    assert legible.faults(page, sheet(*GOOD)) == []


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_is_found(page, fault):
    assert fault in legible.faults(page, sheet(*GOOD, BAD[fault]))


def test_size_is_a_fault(page):
    found = legible.faults(page, sheet(size='width="901" height="50" viewBox="0 0 1802 100"'))
    assert "the drawing is 901 px wide, wider than 900" in found
    assert "the drawing is scaled by 0.50: sizes are not what they say" in found


def test_parts_may_lie_in_what_they_belong_to(page):
    pill = '<rect x="85" y="17" width="24" height="16" fill="#fff"/><text x="88" y="30" font-size="13.5">0.5</text>'
    frame = f'<g data-node="f"><rect x="2" y="45" width="66" height="50" fill="#fff"/>{node("c", 10, 62)}</g>'
    named = f'<g data-label="a>b:0">{pill}</g>'
    nested = f'<g data-edge="a>c:0"><path d="M35 40V62" stroke="#000"/>{label("1", 40, 58)}</g>'
    assert legible.faults(page, sheet(*GOOD[:3], frame, named, nested)) == []


def test_numbers_in_a_picture_and_in_its_words():
    svg = sheet(*(f"<text>{text}</text>" for text in ("−24", "−1.2e+05", "= 0.731", "w1", "x²", "∞", "7 × 3")))
    assert legible.unstated_numbers(svg, "−24, −123456, 0.7311, ∞, 7 and 3") == []
    wrong = legible.unstated_numbers(svg, "24, −133456, 0.732, −∞, 70 and .3")
    assert wrong == ["−24", "−1.2e+05", "0.731", "∞", "7", "3"]
