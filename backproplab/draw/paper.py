"""What every drawing is drawn on: a sheet in the colours of a theme, and the parts that all drawings share.

A drawing consists of presentation attributes only, because converters strip style sheets.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element, SubElement, tostring

from ..notation import number
from .layout import Box

MARGIN = 16  # around a drawing, in pixels
LONGEST_NAME = 18  # characters; the whole name is in the tooltip and in the text
WIDEST, TALLEST = 900, 478  # pixels: what a notebook shows without shrinking, and a slide, where they are a third more
SMALL, LARGE = 13.5, 15  # font sizes; nothing is smaller, and so on a slide at least 18 pixels
DIGIT = 8.2  # width of a character of SMALL in MONO
CHARACTERS = 7  # room for a number, whatever its value: sliding a variable never moves a node

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # control characters

MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"
SANS = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture. Text contrasts with its ground by at least 4.5 : 1 (WCAG AA)."""

    ground: str
    ink: str
    muted: str
    line: str
    card: str
    border: str
    leaf: str
    constant: str
    badge: str
    value: str  # blue, in both themes
    gradient: str  # vermillion, in both themes
    positive: str  # the sign of a weight; neither blue nor vermillion, which mean value and gradient
    negative: str
    active: str
    done: str
    opaque: str  # a box into which nobody looks; its text is `on_opaque`
    on_opaque: str


THEMES = {
    "light": Theme(
        ground="#ffffff", ink="#1b1f24", muted="#57606a", line="#8a949e", card="#ffffff", border="#8a949e",
        leaf="#eaf3fb", constant="#f4f4f4", badge="#e7ebef", value="#005a8c", gradient="#b54700",
        positive="#00795a", negative="#a13a86", active="#d98e00", done="#0072b2",
        opaque="#262c33", on_opaque="#ffffff",
    ),
    "dark": Theme(
        ground="#111418", ink="#e8ebee", muted="#a2adb8", line="#7c8792", card="#1d2329", border="#606b76",
        leaf="#18293a", constant="#22262b", badge="#2d353d", value="#63b8ec", gradient="#ff9d57",
        positive="#3ec79b", negative="#e58cc9", active="#f0b429", done="#56b4e9",
        opaque="#000000", on_opaque="#f0f2f4",
    ),
}  # fmt: skip


class Paper:
    """A sheet of `width` × `height` pixels, shown `scale` times as large; `svg()` is the finished drawing."""

    def __init__(self, theme: str, width: int, height: int, alt: str, scale: float = 1.0) -> None:
        if theme not in THEMES:
            raise ValueError(f"There is no theme {theme!r}; the themes are {', '.join(THEMES)}.")
        self.theme = theme = THEMES[theme]
        self.root = Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"{-MARGIN} {-MARGIN} {width} {height}",
            "width": str(round(width * scale)), "height": str(round(height * scale)), "role": "img", "aria-label": NOT_XML.sub("\N{REPLACEMENT CHARACTER}", alt), "font-family": SANS,
        })  # fmt: skip
        self.add(self.root, "rect", x=-MARGIN, y=-MARGIN, width=width, height=height, rx=8, fill=theme.ground)

    def add(self, parent: Element, tag: str, text: str = "", **attributes: Any) -> Element:
        names = {
            name.replace("_", "-"): NOT_XML.sub("\N{REPLACEMENT CHARACTER}", coordinate(value))
            for name, value in attributes.items()
        }
        element = SubElement(parent, tag, names)
        element.text = NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text) or None
        return element

    def card(self, group: Element, x: float, y: float, box: Box, fill: str, **attributes: Any) -> None:
        attributes = {"rx": 8, "stroke": self.theme.border, "stroke_width": 1.3} | attributes
        self.add(group, "rect", x=x, y=y, width=box.width, height=box.height, fill=fill, **attributes)

    def number(
        self, parent: Element, text: str, x: float, y: float, fill: str, size: float, anchor: str = "start", **more: Any
    ) -> None:
        self.add(
            parent, "text", text, x=x, y=y, font_size=size, font_family=MONO, fill=fill, text_anchor=anchor, **more
        )

    def svg(self) -> str:
        """The drawing as text."""
        return tostring(self.root, encoding="unicode")


def wide(text: str, per_character: float) -> int:
    """About how many pixels a text takes in whatever font the reader has; rather too many than too few."""
    wide = sum(0.85 * (char in "WMmw@%") + 0.9 * (east_asian_width(char) in "WF") for char in text)
    return math.ceil((len(text) + wide) * per_character)


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def compact(x: float, characters: int = CHARACTERS) -> str:
    """`x` with as many significant digits, up to four, as fit.

    >>> compact(-0.36791758), compact(-1.2345e-5), compact(123456.0)
    ('−0.3679', '−1e−05', '1.2e+05')
    """
    for digits in (4, 3, 2, 1):
        text = number(x, digits)
        if len(text) <= characters:
            break
    return text


def coordinate(value: Any) -> str:
    """A number as it stands in an SVG; anything else as text."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
