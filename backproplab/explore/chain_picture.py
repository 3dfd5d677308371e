"""The views of a chain, in which a slot is where something moves: chain_journey.py says what is in them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from ..draw import dials, figure, number_lines
from ..draw.paper import LARGE, Paper
from .chain import Chain
from .chain_journey import STAGE, WORDS, dial_scale
from .slots import SVG, live_text

VIEWS = ("lines", "dials", "shares", "notch")
WIDTH, HEIGHT = 884, 358
NOTCH = [  # what stands beside figure 6: name, place, colour, anchor
    ("C", 180, 28, "value", "end"),
    ("z", 184, 154, "value", "end"),
    ("dz", 282, 154, "gradient", "start"),
    ("h", 258, 219, "ink", "start"),
    ("slope", 296, 257, "ink", "start"),
    ("s", 184, 301, "value", "end"),
    ("ds", 239, 325, "gradient", "start"),
]


def drawing(
    chain: Chain, view: str, theme: str, *, x: float, step: int, nudge: float, span: tuple[float, float]
) -> str:
    """A view; of number lines and dials as they are at x after so many steps, of the others with slots."""
    match view:
        case "lines":
            stages: dict[str, Any] = {link.title: link for link in chain.links}
            return number_lines(stages, x, span=span, nudge=nudge, name=chain.start, step=step, theme=theme).svg
        case "dials":
            way = chain.journey(0.0, nudge)
            return dials(chain.names, way.slopes, nudge, full=dial_scale(way, nudge)[1], step=step, theme=theme).svg
        case "shares":
            paper = Paper(theme, WIDTH, HEIGHT, "")
            paper.add(paper.root, "g", data_slot="shares")
            paper.add(paper.root, "text", WORDS["shares"], x=STAGE[0], y=334, font_size=LARGE, fill=paper.theme.ink)
            return paper.svg()
    root, paper = ElementTree.fromstring(figure(6, backward=True, theme=theme).svg), Paper(theme, 1, 1, "")
    for label in NOTCH:
        live_text(paper, *label)
    root.extend(ElementTree.fromstring(paper.svg())[1:])
    return ElementTree.tostring(root, encoding="unicode")


# ---- for the page, which moves what moves ---------------------------------------------------------


def slotted(chain: Chain, *, nudge: float, span: tuple[float, float]) -> dict[str, Any]:
    """All views that a chain has, drawn at its `home` with slots, and where its lines and dials are."""
    views = [view for view in VIEWS if view != "dials" or chain.straight]
    at_home = {"x": chain.home, "step": len(chain.links), "nudge": nudge, "span": span}
    pictures = {view: ElementTree.fromstring(drawing(chain, view, "dark", **at_home)) for view in views}
    return {
        "lines": _slotted_lines(pictures["lines"]),
        "dials": _slotted_dials(pictures["dials"]) if chain.straight else [],
        "pictures": {view: ElementTree.tostring(picture, encoding="unicode") for view, picture in pictures.items()},
    }


def _slotted_lines(root: ElementTree.Element) -> list[dict[str, float]]:
    """Give what `line_slots` moves its names; the ends of each line in numbers and in pixels, and its height."""
    groups = {kind: [it for it in root if it.get(f"data-{kind}")] for kind in ("line", "rays", "edge", "label", "node")}
    pills = [it for it in groups["label"] if ">" in it.get("data-label")]
    labels = [it for it in groups["label"] if it not in pills]
    for i, (node, label) in enumerate(zip(groups["node"], labels)):
        _named(i, {"node": node, "dot": node[0], "dot title": node[1], "value": label[0], "nudge": label[1]})
    for i, bar in enumerate(it for it in root if it.get("data-role") == "bar"):
        _named(i, {"bar": bar})
    for i, (rays, edge, pill) in enumerate(zip(groups["rays"], groups["edge"], pills)):
        _named(i, {"rays": rays, "edge": edge, "area": edge[0], "way": edge[-1]})
        _named(i, {"pill": pill, "slope title": pill[0], "frame": pill[1], "slope": pill[2]})
    return [
        {name: float(line.get(f"data-{name}")) for name in ("low", "high", "left", "right")}
        | {"y": float(line[2].get("y1"))}
        for line in groups["line"]
    ]


def _slotted_dials(root: ElementTree.Element) -> list[list[str]]:
    """Give what `dial_slots` turns its names; about which point each hand turns."""
    centres = []
    for i, dial in enumerate(it for it in root if it.get("data-node")):
        texts = {f"tick {i} {k}": it for k, it in enumerate(dial.findall(f"{SVG}text"))}
        for name, it in texts.items():
            it.set("data-slot", name)
        hand = next(it for it in dial if it.get("data-role") == "hand")
        _named(i, {"hand": hand, "dial title": dial.find(f"{SVG}title")})
        centres.append(hand.get("transform")[:-1].split(" ")[1:])
    for i, value in enumerate(it for it in root.iter() if it.get("data-role") == "value"):
        _named(i, {"value": value})
    next(it for it in root if it.get("data-role") == "product").set("data-slot", "product")
    return centres


def _named(i: int, parts: dict[str, ElementTree.Element]) -> None:
    for name, it in parts.items():
        it.set("data-slot", f"{name} {i}")
