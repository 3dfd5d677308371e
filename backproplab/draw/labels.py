"""Labels as a textbook sets them: letters in italics, with real sub- and superscripts, in plain SVG text."""

from __future__ import annotations

import math
import re
from typing import NamedTuple
from unicodedata import combining, east_asian_width, normalize
from xml.etree.ElementTree import Element

from .paper import Paper

MATHS = "STIX Two Text, Cambria, Times New Roman, Liberation Serif, DejaVu Serif, serif"
SCRIPT = 0.72  # the size of a sub- or superscript
RAISED = {-1: -0.24, 0: 0.0, 1: 0.4}  # how far above the line it stands, both in parts of the font size

_SCRIPTS = re.compile(r"([_^])(?:\{([^{}]*)\}|([0-9]+|[^\W\d_](?![^\W_])))")
_LETTER = re.compile(r"(?<![^\W\d_])(d?[^\W\d_][\u0300-\u036f]*)(?![^\W\d_])")


_ACCENTS = {"\u0304": "\u00af", "\u0302": "\u02c6", "\u0303": "\u02dc"}  # above the line of its own, in any font


class Span(NamedTuple):
    """A piece of a label: its text, whether it stands below (-1), on (0) or above (1) the line, its slant."""

    text: str
    level: int
    italic: bool


def spans(label: str) -> list[Span]:
    """The pieces of a label. `_k`, `_12` and `_{k+1}` stand below the line, `^2` and `^{(n)}` above it.

    A letter on its own is a variable and slants, and so do dz and dC; words, numbers and signs do not. Whatever
    is no such script, as in `snake_case`, is shown as typed.

    >>> [(span.text, span.level) for span in spans("∂C/∂z_{k+1}")]
    [('∂', 0), ('C', 0), ('/∂', 0), ('z', 0), ('k', -1), ('+1', -1)]
    >>> spans("snake_case")
    [Span(text='snake_case', level=0, italic=False)]
    """
    pieces, end = [], 0
    for script in _SCRIPTS.finditer(label):
        if not script.start():
            continue  # a script needs something to stand beside
        pieces.append((label[end : script.start()], 0))
        pieces.append((script[2] if script[2] is not None else script[3], -1 if script[1] == "_" else 1))
        end = script.end()
    pieces.append((label[end:], 0))
    return [
        Span(part, level, bool(i % 2))
        for text, level in pieces
        for i, part in enumerate(_LETTER.split(text))
        if part
    ]


def plain(label: str) -> str:
    """The label for a line of text: the braces of its scripts go, or become brackets.

    >>> plain("∂C/∂z_{k+1}"), plain("z_{10}")
    ('∂C/∂z_(k+1)', 'z_10')
    """

    def script(found: re.Match) -> str:
        text = found[2] if found[2] is not None else found[3]
        return found[1] + (text if text.isalnum() or text.startswith("(") else f"({text})")

    return _SCRIPTS.sub(script, label)


def label_width(label: str, size: float) -> int:
    """About how many pixels a label takes in whatever serif font the reader has; rather too many than too few."""
    total = 0.0
    for span in spans(label):
        ems = sum(_em(char) for char in span.text)
        total += ems * (SCRIPT if span.level else 1.0)
    return math.ceil(total * size)


def _em(char: str) -> float:
    if combining(char):
        return 0.0
    if east_asian_width(char) in "WF":
        return 1.1
    if char in "WM@%":
        return 0.92
    if char in "mw∂Σ‖×→":
        return 0.72
    return 0.68 if char.isupper() else 0.34 if char in " .,:;'′|!()[]/ijl" else 0.55


def write(
    paper: Paper, parent: Element, label: str, x: float, y: float, fill: str, size: float, anchor: str = "middle",
    **more: object,
) -> None:  # fmt: skip
    """Write a label; `y` is the line it stands on. It becomes a group that carries the label as it was typed."""
    group = paper.add(parent, "g", data_label=label)
    text = paper.add(
        group, "text", x=x, y=y, fill=fill, font_size=size, font_family=MATHS, text_anchor=anchor, **more
    )
    height = 0.0
    for span in spans(label):
        wanted = RAISED[span.level] * size
        attributes = {"dy": round(height - wanted, 1)} if wanted != height else {}
        if span.level:
            attributes["font_size"] = round(size * SCRIPT, 1)
        if span.italic:
            attributes["font_style"] = "italic"
        for part, accent in _accents(span.text):
            paper.add(text, "tspan", part, **attributes)
            attributes.pop("dy", None)
            if accent:  # over the letter before it, and back
                paper.add(text, "tspan", accent, **attributes, dx=round(-0.44 * size, 1), dy=round(0.13 * size, 1))
                attributes |= {"dx": round(0.11 * size, 1), "dy": round(-0.13 * size, 1)}
        height = wanted


def _accents(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the accent that its last letter wears if few fonts have the two as one sign."""
    pieces, start = [], 0
    for i, char in enumerate(text):
        letters = normalize("NFD", char)
        if len(letters) == 2 and letters[1] in _ACCENTS and char > "\u017f":
            pieces.append((text[start:i] + letters[0], _ACCENTS[letters[1]]))
            start = i + 1
        elif char in _ACCENTS and i:
            pieces.append((text[start:i], _ACCENTS[char]))
            start = i + 1
    return [*pieces, (text[start:], "")] if text[start:] or not pieces else pieces
