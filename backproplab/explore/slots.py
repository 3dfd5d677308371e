"""A drawing with slots: drawn once, and what changes with the state is filled in, here and by `stage` in runtime.js alike.

What fills them is a dictionary: the name of a slot, and what is new about the elements with that `data-slot`. "text" is the
text, "plane" a whole plane (see `draw_plane`), anything else an attribute; a `fill` or a `stroke` is a colour of the theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from ..draw.paper import THEMES, Paper
from ..draw.plane import Axis, Frame

SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG[1:-1])

Slots = Mapping[str, Mapping[str, Any]]


def filled(svg: str, slots: Slots, theme: str, alt: str) -> str:
    """The drawing with this in its slots."""
    root = ElementTree.fromstring(svg)
    root.set("aria-label", alt)
    for element in [it for it in root.iter() if "data-slot" in it.attrib]:
        for name, value in slots.get(element.get("data-slot", ""), {}).items():
            if name == "text":
                element.text = value
            elif name == "plane":
                paper = Paper(theme, 1, 1, "")
                draw_plane(paper, value)
                element.append(ElementTree.fromstring(paper.svg())[1])
            else:
                element.set(name, attribute(name, value, theme))
    return ElementTree.tostring(root, encoding="unicode")


def attribute(name: str, value: Any, theme: str) -> str:
    """As it stands in an SVG: a tenth of a pixel is enough, of an opacity a thousandth."""
    if name in ("fill", "stroke"):
        return getattr(THEMES[theme], value, value)
    if isinstance(value, float):
        return f"{value:.{3 if name.endswith('opacity') else 1}f}".rstrip("0").rstrip(".")
    return str(value)


def draw_plane(paper: Paper, plane: Mapping[str, Any]) -> None:
    """A rectangle with axes, given as data: `box`, `across`, `up`, `looks`, and the `marks` in it, one after the other.

    An axis is the arguments of Axis, or, after "around", those of Axis.around; a mark is the name of a Frame's method and its
    arguments, or "note": a text, the point beside which it stands, how many pixels from it, a colour and an anchor.
    """
    axes = [Axis.around(*axis[1:]) if axis[0] == "around" else Axis(*axis) for axis in (plane["across"], plane["up"])]
    frame = Frame(paper, plane["box"], axes[0], axes[1], plane["looks"])
    for kind, *given in plane["marks"]:
        if kind == "note":
            text, point, dx, dy, *look = given
            x, y = frame.place(point)
            frame.write(text, x + dx, y + dy, *look)
        else:
            getattr(frame, kind)(*given)


def live_text(paper: Paper, name: str, x: float, y: float, colour: str, anchor: str = "start") -> None:
    """A slot for a text beside the parts of a finished picture."""
    fill = getattr(paper.theme, colour)
    paper.add(paper.root, "text", "", data_slot=name, x=x, y=y, font_size=15, fill=fill, text_anchor=anchor)
