"""What may be wrong with a drawing, measured in a real browser: `faults(page, svg)` is empty if nothing is.

A drawing names its parts, so that they can be measured:

- `<g data-node="NAME">` is a node; its first shape is its box, and its text lies in it;
- `<g data-edge="SOURCE>TARGET:PORT">` is an arrow, from the box of one node to that of another (one of the two
  names may be left out: an arrow from nowhere or to nowhere); its first line starts at the source;
- `<g data-label="NAME">` is text that stands by itself, with or without a ground of its own; one that belongs to an
  edge lies in the edge's group or has its name. Inside a node's group it is a part of that node.

A node with other nodes inside is a frame: arrows may pass through it, and labels lie on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from math import dist, inf
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

WIDEST = 900  # pixels: an output cell of a notebook
SMALLEST = 13.4  # pixels: the smallest letters; a slide enlarges a picture by a third, to 18
SLIDE, IN_THE_LAST_ROW = (1216, 640), 18  # pixels: the room for a picture on a slide of 1280 × 720, and letters there
CONTRAST = 4.5  # WCAG 2, AA
SLACK = 0.6  # pixels: coordinates are rounded, outlines are antialiased
TOUCH = 3  # pixels: how far from a box its arrows may start and end

Rectangle = list[float]  # left, top, right, bottom

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
NUMBER = re.compile(r"(?<![\w.])[−-]?(?:\d+(?:\.\d+)?(?:e[+−-]?\d+)?|∞|nan)(?!\w)")


def faults(page: Any, svg: str) -> list[str]:
    """Everything that is wrong with a drawing, in words; `page` is a page of Playwright."""
    drawing = measure(page, svg)
    return [*forbidden(svg), *(fault for rule in RULES for fault in rule(drawing))]


def measure(page: Any, svg: str) -> dict:
    """Where everything is, by measure.js, in a window large enough to paint all of it."""
    width, height = (int(ElementTree.fromstring(svg).get(side)) for side in ("width", "height"))
    page.set_viewport_size({"width": max(width, 100), "height": max(height, 100)})
    page.set_content("<body style='margin:0'>")
    return page.evaluate(MEASURE, svg)


def on_a_slide(svg: str) -> tuple[float, float]:
    """Width and height of a drawing that is enlarged until its smallest letters can be read in the last row."""
    root = ElementTree.fromstring(svg)
    scale = IN_THE_LAST_ROW / min(float(it.get("font-size", inf)) for it in root.iter())
    _, _, width, height = map(float, root.get("viewBox").split())
    return width * scale, height * scale


# ---- rules about the markup -------------------------------------------------------------------


def forbidden(svg: str) -> Iterator[str]:
    """Only presentation attributes: converters strip the rest, or a page runs it."""
    for element in ElementTree.fromstring(svg).iter():
        tag = element.tag.partition("}")[2]
        if tag in ("style", "script", "foreignObject", "image", "use"):
            yield f"there is a <{tag}>"
        for name, value in element.attrib.items():
            if name in ("style", "class") or name.startswith("on") or name.endswith("href"):
                yield f"<{tag}> has the attribute {name}={value!r}"


def ids(svg: str) -> set[str]:
    """The ids in a drawing; two drawings on a page must have none in common."""
    return {element.get("id") for element in ElementTree.fromstring(svg).iter()} - {None}


def unstated_numbers(svg: str, text: str) -> list[str]:
    """The numbers in the drawing that its text does not give, be it with more digits."""
    stated = NUMBER.findall(text)
    shown = (found for piece in painted_text(svg) for found in NUMBER.findall(piece))
    return [number for number in dict.fromkeys(shown) if not any(same_number(number, other) for other in stated)]


def painted_text(svg: str) -> Iterator[str]:
    for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        yield "".join(element.itertext())


def same_number(short: str, long: str) -> bool:
    """Whether `short` is `long`, or `long` rounded because there was no room for it."""
    if short == long or not re.search("[.e]", short) or "∞" in short + long or "nan" in short + long:
        return short == long
    short, long = (Decimal(number.replace("−", "-")) for number in (short, long))
    return abs(short - long) <= Decimal((0, (5,), short.as_tuple().exponent - 1))


# ---- rules about what is painted --------------------------------------------------------------


def outside(drawing: dict) -> Iterator[str]:
    width, height = drawing["size"]
    if width > WIDEST:
        yield f"the drawing is {width:.0f} px wide, wider than {WIDEST}"
    if abs(drawing["scale"] - 1) > 0.01:
        yield f"the drawing is scaled by {drawing['scale']:.2f}: sizes are not what they say"
    for name, (left, top, right, bottom) in drawing["marks"]:
        if min(left, top) < -SLACK or right > width + SLACK or bottom > height + SLACK:
            yield f"{name!r} reaches out of the drawing"


def overlapping(drawing: dict) -> Iterator[str]:
    """Boxes on boxes, labels on labels, labels on boxes; a part may lie in what it is a part of, a label on a frame."""
    owners = drawing["owners"]
    loose = [{"kind": "label", "name": text["text"], **text} for text in drawing["texts"] if text["loose"]]
    for (i, lower), (j, upper) in combinations(enumerate(owners + loose), 2):
        related = j in lower.get("within", ()) or i in upper.get("within", ())
        labelled = is_frame(lower, owners) and upper["kind"] == "label"
        if not (related or labelled) and overlap(lower["rectangle"], upper["rectangle"]):
            yield f"the {upper['kind']} {upper['name']!r} lies on the {lower['kind']} {lower['name']!r}"


def overflowing(drawing: dict) -> Iterator[str]:
    for owner in drawing["owners"]:
        for text in owner["overflowing"]:
            yield f"the text {text!r} does not fit in the {owner['kind']} {owner['name']!r}"


def entering(drawing: dict) -> Iterator[str]:
    """Edges through the boxes of other nodes or through the labels of other edges."""
    owners = drawing["owners"]
    for edge in drawing["edges"]:
        ends = [end for end in ends_of(edge, owners) or () if end]
        points = [point for line in edge["lines"] for point in line]
        own = [owner for i, owner in enumerate(owners) if owner["name"] == edge["name"] or i in edge["labels"]]
        reach = [most(point[side] for point in points) for most in (min, max) for side in (0, 1)]
        for i, owner in enumerate(owners):
            part = owner["kind"] == "label" and any(owner is label or i in label.get("within", ()) for label in own)
            inside_end = any(owner is end or i in end["within"] for end in ends)
            if is_frame(owner, owners) or part or inside_end or not overlap(reach, owner["rectangle"]):
                continue
            if any(inside(point, owner["rectangle"]) for point in points):
                yield f"the edge {edge['name']!r} runs through the {owner['kind']} {owner['name']!r}"


def dangling(drawing: dict) -> Iterator[str]:
    """Edges that do not start at one box and reach the other."""
    for edge in drawing["edges"]:
        ends = ends_of(edge, drawing["owners"])
        if not ends:
            yield f"the edge {edge['name']!r} does not name two nodes"
            continue
        source, target = ends
        if source and distance(edge["lines"][0][0], source["rectangle"]) > TOUCH:
            yield f"the edge {edge['name']!r} does not start at its source"
        if target and min(distance(point, target["rectangle"]) for line in edge["lines"] for point in line) > TOUCH:
            yield f"the edge {edge['name']!r} does not reach its target"


def illegible(drawing: dict) -> Iterator[str]:
    for text in drawing["texts"]:
        if text["size"] < SMALLEST - 0.05:
            yield f"the text {text['text']!r} is {text['size']:.1f} px high, smaller than {SMALLEST}"
        if text["hidden"]:
            yield f"the text {text['text']!r} is painted over"
        worst = min(contrast(ink, ground) for ink, ground in text["colours"])
        if worst < CONTRAST:
            yield f"the text {text['text']!r} has a contrast of {worst:.2f}, less than {CONTRAST}"


RULES = (outside, overlapping, overflowing, dangling, entering, illegible)


def ends_of(edge: dict, owners: list[dict]) -> tuple[dict | None, dict | None] | None:
    """The nodes that an edge names; of several with one name, as constants have, the one that it starts or ends at."""
    named: dict[str, list[dict]] = {"": []}
    for owner in owners:
        if owner["kind"] == "node":
            named.setdefault(owner["name"], []).append(owner)
    whole = edge["name"]
    for name in (whole.rpartition(":")[0], whole):
        for arrow in re.finditer(">", name):  # a name may hold a > itself
            source, target = name[: arrow.start()], name[arrow.end() :]
            if source in named and target in named:
                points = [point for line in edge["lines"] for point in line]
                return nearest(points[:1], named[source]), nearest(points, named[target])
    return None


def is_frame(owner: dict, owners: list[dict]) -> bool:
    return any(owners[inner]["kind"] == "node" for inner in owner.get("within", ()))


def nearest(points: list[list[float]], nodes: list[dict]) -> dict | None:
    return min(nodes, key=lambda node: min(distance(point, node["rectangle"]) for point in points), default=None)


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return all(max(one[side], other[side]) + SLACK < min(one[side + 2], other[side + 2]) for side in (0, 1))


def inside(point: list[float], rectangle: Rectangle) -> bool:
    """Whether the point lies well inside: an arrow may graze the outline."""
    return all(rectangle[side] + 1 < point[side] < rectangle[side + 2] - 1 for side in (0, 1))


def distance(point: list[float], rectangle: Rectangle) -> float:
    """How far a point is from a rectangle; 0 inside."""
    closest = [min(max(point[side], rectangle[side]), rectangle[side + 2]) for side in (0, 1)]
    return dist(point, closest)


def contrast(ink: list[float], ground: list[float]) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((luminance(ink), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: list[float]) -> float:
    channels = [channel / 255 for channel in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))
