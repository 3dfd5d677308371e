"""A nudge on its way through a chain, what is said of it and what moves, in Python and in the page (translate.py)."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..draw.gears import product_text, round_above
from ..draw.paper import DIGIT, compact
from ..draw.plane import Looks
from ..notation import fill, number

STAGE = (64, 8, 780, 264)  # where the plane of the shares is
LOOKS: Looks = {
    "share": {"stroke": "gradient", "stroke-width": 2.2},
    "positive": {"fill": "gradient", "stroke": "gradient", "stroke-width": 2},
    "negative": {"fill": "ground", "stroke": "gradient", "stroke-width": 2},
}
WORDS = {
    "alt": "chain {titles}: {passed}; a nudge of {start} arrives {share} times as large",
    "begin": "{start} = {x} is nudged by {nudge}. Press Step: the nudge goes through the first link.",
    "link": "{title}: at {before} = {value} the slope is {slope}. So the nudge arrives at {name} {had}·{(slope)} = "
    "{share} times as large: {by} by the slopes, {real} in truth.",
    "undefined": "{start} = {x} does not get through the chain: one of its links has no value there. "
    "Move {start} back.",
    "shares": "dots: the share of a nudge that arrives, as a power of ten; filled: positive, open: negative",
}


class Journey(NamedTuple):
    """A number on its way through the chain, and a nudge of it: a list of what is there after 0, 1, … links."""

    values: list[float]
    ends: list[float]  # with the nudge
    slopes: list[float]  # of each link
    shares: list[float]  # the product of the slopes so far


def journey(leaves, runs, x, nudge):
    """Through the programs of the links; `leaves` are the numbers of their variables' nodes."""
    values, ends, slopes, shares = [x], [x + nudge], [], [1.0]
    for leaf, run in zip(leaves, runs):
        found = run([values[-1]])
        slopes.append(found.gradients[leaf])
        values.append(found.values[-1])
        shares.append(shares[-1] * slopes[-1])
        ends.append(run([ends[-1]]).values[-1])
    return Journey(values, ends, slopes, shares)


def problem(scene, way):
    """Why there is nothing to see, if a link has no value."""
    words = {"start": scene["names"][0], "x": number(way.values[0])}
    return fill(WORDS["undefined"], words) if any([math.isnan(x) for x in way.values]) else ""


def shown(explorer, scene, way, step):
    """What is said in a state, and which view is shown."""
    names, titles, nudge = scene["names"], scene["titles"], explorer.nudge
    k = max(step, 1)
    words = {
        "x": number(way.values[0]),
        "nudge": number(nudge),
        "share": number(way.shares[step]),
        "had": number(way.shares[k - 1]),
        "value": number(way.values[k - 1]),
        "slope": number(way.slopes[k - 1]),
        "by": number(way.shares[step] * nudge),
        "real": number(way.ends[step] - way.values[step]),
        "titles": ", ".join(titles),
        "passed": ", ".join([f"{name} = {number(x)}" for name, x in zip(names[: step + 1], way.values)]),
        "start": names[0],
        "before": names[k - 1],
        "name": names[k],
        "title": titles[k - 1],
    }
    view = "lines" if explorer.view == "dials" and not scene["straight"] else explorer.view
    slopes = ["", *[number(slope) for slope in way.slopes]]
    return {
        "alt": fill(WORDS["alt"], words),
        "sentence": fill(WORDS["link" if step else "begin"], words),
        "view": view,
        "rows": [
            [title, number(x), slope, number(share)]
            for title, x, slope, share in zip([names[0], *titles], way.values, slopes, way.shares)
        ],
    }


def slots(scene, way, step, nudge, view):
    """What is in the slots of a view."""
    fill_in = {"lines": line_slots, "dials": dial_slots, "shares": share_slots, "notch": notch_slots}[view]
    return fill_in(scene, way, step, nudge)


def there(yes):
    return {"visibility": "visible" if yes else "hidden"}


def line_slots(scene, way, step, nudge):
    """What moves on the number lines; each has its ends in numbers, and in pixels."""
    heads, found = [scene["names"][0], *scene["titles"]], {}
    at = [place(line, x) for line, x in zip(scene["lines"], way.values)]
    to = [place(line, x) for line, x in zip(scene["lines"], way.ends)]
    for i in range(len(heads)):
        value, moved = way.values[i], way.ends[i] - way.values[i]
        found[f"node {i}"] = there(i <= step)
        found[f"dot {i}"] = {"cx": at[i]}
        found[f"dot title {i}"] = {"text": f"{heads[i]}: {number(value)}"}
        found[f"bar {i}"] = {"x1": at[i], "x2": to[i], **there(i <= step)}
        found[f"value {i}"] = {"text": compact(value), **there(i <= step)}
        found[f"nudge {i}"] = {"text": ("+" if moved > 0 else "") + compact(moved), **there(i <= step)}
    for i, slope in enumerate(way.slopes):
        top, bottom = scene["lines"][i]["y"], scene["lines"][i + 1]["y"]
        corners = [[at[i], top], [to[i], top], [to[i + 1], bottom], [at[i + 1], bottom]]
        text, middle = f"×{compact(slope)}", (at[i] + at[i + 1]) / 2
        width = math.ceil(DIGIT * len(text)) + 14
        found |= {f"{part} {i}": there(i < step) for part in ("rays", "edge", "pill")}
        found[f"way {i}"] = {"x1": at[i], "x2": at[i + 1]}
        found[f"slope title {i}"] = {"text": f"slope {number(slope)}"}
        found[f"frame {i}"] = {"x": middle - width / 2, "width": width}
        found[f"slope {i}"] = {"text": text, "x": middle}
        if math.isfinite(to[i + 1]):
            found[f"area {i}"] = {"points": " ".join([f"{x:.1f},{y:.1f}" for x, y in corners]), **there(i < step)}
        else:
            found[f"area {i}"] = there(False)
    return found


def place(line, x):
    return line["left"] + (line["right"] - line["left"]) * (x - line["low"]) / (line["high"] - line["low"])


def dial_scale(way, nudge):
    """The ends of all dials: they reach a round number above all that they show, also for a nudge of 1."""
    full = round_above(max([abs(x) for share in way.shares for x in (share, share * nudge)]))
    return [-full if min([nudge, *way.slopes]) < 0 else 0.0, full]


def dial_slots(scene, way, step, nudge):
    """What turns on the dials."""
    low, full = dial_scale(way, nudge)
    found = {}
    for i, name in enumerate(scene["names"]):
        amount = way.shares[i] * nudge
        angle = 270 * ((amount - low) / (full - low) - 0.5)
        x, y = scene["dials"][i]
        found[f"hand {i}"] = {"transform": f"rotate({angle:.1f} {x} {y})", **there(i <= step)}
        found[f"dial title {i}"] = {"text": f"{name}: {number(amount)}" if i <= step else name}
        found[f"value {i}"] = {"text": compact(amount, 6) if i <= step else "·"}
        found |= {f"tick {i} {k}": {"text": compact(low + (full - low) * k / 2, 5)} for k in range(3)}
    product = f"{product_text(way.slopes[:step])} times as far as {scene['names'][0]}" if step else ""
    return found | {"product": {"text": product}}


def share_slots(scene, way, step, nudge):
    """What arrives after each link, as powers of ten."""
    found = way.shares[: step + 1]
    points = [[k, math.log10(abs(share)) if share else -math.inf] for k, share in enumerate(found)]
    marks = [["line", points, "share"]]
    for k, share in enumerate(found):
        marks.append(["dot", points[k], 6, "positive" if share > 0 else "negative"])
        if share:
            rises = k > 0 and abs(share) > abs(found[k - 1])  # the text stands where there is no line
            marks.append(
                ["note", compact(share), points[k], -9 if rises else 9, -6, "ink", "end" if rises else "start"]
            )
    heights = [0.0, -1.0, *[y for _, y in points if math.isfinite(y)]]  # a power of ten at least
    room = 0.08 * (max(heights) - min(heights))  # for the text above the highest dot
    up = ["around", "share of the nudge that arrives: 10 to the power of …", [*heights, max(heights) + room]]
    links = len(way.slopes)
    across = ["links passed", -0.5 - 0.05 * links, 1.12 * links + 0.5]
    return {"shares": {"plane": {"box": STAGE, "across": across, "up": up, "looks": LOOKS, "marks": marks}}}


def notch_slots(scene, way, step, nudge):
    """The numbers beside figure 6."""
    slope = way.slopes[0]
    after = math.prod(way.slopes[1:])
    pairs = [
        ["C", way.values[-1]], ["z", way.values[1]], ["", after],
        ["", slope], ["s", way.values[0]], ["", slope * after],
    ]  # fmt: skip
    names = ["C", "z", "dz", "slope", "s", "ds"]
    found = {name: {"text": f"{letter} = {number(x)}".strip()} for name, (letter, x) in zip(names, pairs)}
    return found | {"h": {"text": f"h(s) = {scene['h']}"}}
