"""Labels as a textbook sets them: letters in italics, with real sub- and superscripts, in plain SVG text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from unicodedata import combining, east_asian_width, normalize
from xml.etree.ElementTree import Element

from .paper import MONO, SMALL, Paper

MATHS = "STIX Two Text, Cambria, Times New Roman, Liberation Serif, DejaVu Serif, serif"
SCRIPT = 0.72  # the size of a sub- or superscript, where that is not too SMALL
RAISED = {-1: -0.22, 0: 0.0, 1: 0.3}  # how far above the line it stands, both in parts of the font size

_SCRIPTS = re.compile(r"([_^])(?:\{([^{}]*)\}|([0-9]+(?!\w)|[^\W\d_](?!\w)))")
_LETTER = re.compile(r"(?<![^\W\d])(d?[^\W\d_][\u0300-\u036f]*)(?![^\W\d])")


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
        total += ems * (script_size(size) if span.level else size)
    return math.ceil(total)


def script_size(size: float) -> float:
    return max(round(size * SCRIPT, 1), SMALL)


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


class Run(NamedTuple):
    """A part of a line of text in a colour of its own; numbers may stand in a monospaced font."""

    label: str
    fill: str
    mono: float = 0.0  # their size, if they do


def write(
    paper: Paper, parent: Element, label: str | Sequence[Run], x: float, y: float, fill: str, size: float,
    anchor: str = "middle",
) -> None:  # fmt: skip
    """Write a label, or runs of several colours; `y` is the line it stands on.

    It becomes a group that carries the label as it was typed.
    """
    runs = [Run(label, fill)] if isinstance(label, str) else label
    group = paper.add(parent, "g", data_label=" ".join(run.label for run in runs))
    text = paper.add(group, "text", x=x, y=y, fill=fill, font_size=size, font_family=MATHS, text_anchor=anchor)
    height, back = 0.0, {}
    for i, run in enumerate(runs):
        own = {} if run.fill == fill else {"fill": run.fill}
        if run.mono:
            own |= {"font_family": MONO, "font_size": run.mono}
        pieces = [Span(run.label, 0, False)] if run.mono else spans(run.label)
        for k, span in enumerate(pieces):
            wanted = RAISED[span.level] * size
            dx, dy = back.get("dx", 0.0) + 0.3 * size * bool(i and not k), back.get("dy", 0.0) + height - wanted
            attributes = own | {name: round(by, 1) for name, by in (("dx", dx), ("dy", dy)) if by}
            if span.level:
                attributes["font_size"] = script_size(size)
            if span.italic:
                attributes["font_style"] = "italic"
            back = _write_span(paper, text, span.text, attributes, size)
            height = wanted


def _write_span(paper: Paper, text: Element, written: str, attributes: dict[str, Any], size: float) -> dict[str, float]:
    """Write a span; returns the way that the next one has to go back if this one ends in an accent."""
    back: dict[str, float] = {}
    for part, accent in _accents(written):
        paper.add(text, "tspan", part, **attributes | back)
        attributes, back = {name: value for name, value in attributes.items() if name not in ("dx", "dy")}, {}
        if accent:  # over the letter before it
            paper.add(text, "tspan", accent, **attributes, dx=round(-0.46 * size, 1), dy=round(0.14 * size, 1))
            back = {"dx": round(0.13 * size, 1), "dy": round(-0.14 * size, 1)}
    return back


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
