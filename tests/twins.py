"""Whether the picture that a page has drawn is the one that Python draws."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

PLACES = ("d", "x", "y", "cx", "cy", "r", "x1", "y1", "x2", "y2", "points", "transform")
SHAPES = """(explorer, places) => [...explorer.querySelector(".bpl-picture svg").querySelectorAll("*")]
    .filter((it) => !it.closest("[visibility=hidden]")).map((it) => [
    it.localName, it.children.length ? "" : it.textContent, places.map((name) => it.getAttribute(name) ?? "").join(" "),
])"""
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


def drawn_in_page(explorer, places=PLACES) -> list:
    """Every shape and text that is seen of the picture in a page's explorer, with its place: letters, and numbers."""
    return [_told(*it) for it in explorer.evaluate(SHAPES, list(places))]


def drawn_by_python(svg: str, places=PLACES) -> list:
    """The same of a picture that Python drew; numbers need not agree in the tenth of a pixel."""
    found = list(ElementTree.fromstring(svg).iter())[1:]
    shapes = [(it.tag.partition("}")[2], "" if len(it) else it.text or "", " ".join(it.get(name, "") for name in places)) for it in found]
    return [(*told, pytest.approx(numbers, abs=0.16)) for *told, numbers in (_told(*it) for it in shapes)]


def _told(kind: str, text: str, place: str) -> tuple:
    return kind, text, NUMBER.sub("#", place), [float(x) for x in NUMBER.findall(place)]
