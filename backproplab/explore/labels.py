"""A finished picture with live numbers written beside its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from ..draw.paper import THEMES
from ..notation import fill

SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG[1:-1])


class Label(NamedTuple):
    """A template, and where and how it is written: a page gets it as a list."""

    template: str
    x: float
    y: float
    colour: str  # of the theme
    anchor: str = "start"


def opened(svg: str, alt: str = "") -> ElementTree.Element:
    """A picture to be written on, perhaps with another alt text."""
    root = ElementTree.fromstring(svg)
    if alt:
        root.set("aria-label", alt)
    return root


def write(root: ElementTree.Element, labels: Sequence[Label], words: Mapping[str, str], theme: str) -> None:
    """Write these labels, their templates filled."""
    for template, x, y, colour, anchor in labels:
        look = {"x": f"{x:g}", "y": f"{y:g}", "font-size": "15", "fill": getattr(THEMES[theme], colour), "text-anchor": anchor}
        ElementTree.SubElement(root, f"{SVG}text", look).text = fill(template, words)


def closed(root: ElementTree.Element) -> str:
    """The picture as text again."""
    return ElementTree.tostring(root, encoding="unicode")
