"""Pictures of graphs: what they say, what they look like in numbers, and that they are the same each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64decode
from xml.etree import ElementTree

import pytest

from backproplab import Graph, Value, draw, parse
from backproplab.draw.graphs import LARGEST
from backproplab.draw.paper import CHARACTERS, THEMES, compact


def drawn(text: str, backward: bool = True, **options) -> draw.Picture:
    graph = parse(text)
    if backward:
        graph.backward()
    return graph.draw(**options)


def numbers(picture: draw.Picture, role: str) -> dict[str, str]:
    """What the picture shows in each node for this role, by the node's name."""
    groups = ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}g")
    found = {group.get("data-node"): group.find(f"*[@data-role='{role}']") for group in groups}
    return {name: text.text for name, text in found.items() if text is not None}


def test_the_alt_text_says_what_the_picture_says():
    assert drawn("(4*x+1)^2").alt == "graph of (4x+1)^2 at x = 1: output 25, gradient of x 40"
    assert drawn("(4*x+1)^2", backward=False).alt == "graph of (4x+1)^2 at x = 1: output 25"
    assert drawn("x*y", False, step=0).alt == "graph of x·y at x = 1, y = 1: nothing computed yet"


def test_values_and_gradients_stand_in_their_nodes():
    picture = drawn("(4*x+1)^2")
    assert numbers(picture, "value") == {"x": "1", "a": "4", "b": "5", "c": "25"}
    assert numbers(picture, "gradient") == {"x": "40", "a": "10", "b": "10", "c": "1"}


def test_a_step_shows_only_what_is_known_by_then():
    picture = drawn("(4*x+1)^2", False, step=2)
    assert numbers(picture, "value") == {"x": "1", "a": "4", "b": "5", "c": "·"}
    picture = drawn("(4*x+1)^2", False, step=6)
    assert numbers(picture, "gradient") == {"x": "·", "a": "10", "b": "10", "c": "1"}
    assert "x: value 1\n" in picture.text and "a = 4·x: value 4, gradient 10, slope 4 to x" in picture.text


@pytest.mark.parametrize("step", [-1, 8])
def test_a_step_that_does_not_exist_is_an_error(step):
    with pytest.raises(ValueError, match=f"has 7 steps; got step={step}, expected 0 to 7"):
        drawn("(4*x+1)^2", step=step)


def test_an_unknown_theme_is_an_error():
    with pytest.raises(ValueError, match="no theme 'pink'; the themes are light, dark"):
        drawn("x", theme="pink")


def test_nodes_stay_in_place_whatever_their_numbers():
    def places(x: float) -> list[str]:
        graph = parse("(4*x+1)^2", x=x)
        return re.findall(r'<rect x="[^"]*" y="[^"]*" width="[^"]*"', graph.draw().svg)

    assert places(1.0) == places(-123456.789) == places(1e-9)


def test_numbers_fit_the_room_that_nodes_keep_for_them():
    samples = [sign * digits * 10.0**n for sign in (1, -1) for digits in (1, 1 / 3, 9.9996) for n in range(-320, 308)]
    assert max(len(compact(x)) for x in samples) <= CHARACTERS + 1  # −1e−300 takes one more
    assert all(float(compact(x).replace("−", "-")) == pytest.approx(x, rel=0.5) for x in samples if abs(x) > 1e-300)


def test_wide_graphs_turn_top_down():
    assert drawn("(4*x+1)^2").width <= 900
    long = drawn("tanh(" * 12 + "x" + ")" * 12)
    assert long.width <= 900
    heights = re.search(r'width="(\d+)" height="(\d+)"', long.svg).groups()
    assert int(heights[1]) > int(heights[0])


@pytest.mark.parametrize("label", ['<script>alert("x")</script>', "a & b", "σ😀", "'\"", "]]>"])
def test_labels_are_shown_as_typed(label):
    graph = Graph(Value(1.0, label) * 2)
    picture = graph.draw()
    assert label in numbers(picture, "value")
    assert "<script" not in picture.svg and "<script" not in picture.html()


def test_only_presentation_attributes():
    svg = drawn("(4*x+1)^2").svg
    assert "<style" not in svg and "style=" not in svg and "class=" not in svg and "href" not in svg


def test_a_picture_in_a_notebook_is_an_image_with_its_facts():
    picture = drawn("(4*x+1)^2")
    data = picture._repr_mimebundle_()
    assert set(data) == {"text/html", "image/svg+xml", "text/plain"}
    alt, source = re.search(r'alt="([^"]*)".*base64,([^"]*)"', data["text/html"]).groups()
    assert alt == picture.alt and b64decode(source).decode() == picture.svg
    assert "x: value 1, gradient 40" in data["text/plain"]


def test_saving(tmp_path):
    picture = drawn("x*x")
    picture.save(tmp_path / "x.svg")
    ElementTree.parse(tmp_path / "x.svg")
    with pytest.raises(ValueError, match=r"got 'x.png', expected a name that ends in .svg"):
        picture.save(tmp_path / "x.png")


def test_r27_the_same_graph_gives_the_same_bytes():
    script = (
        "from backproplab import parse; g = parse('sigmoid(w1*x1 + w2*x2 + b) * (x1 - x2)^2'); g.backward(); "
        "print(g.draw().svg, g.draw(theme='dark', step=9).html())"
    )
    first, second = (
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second and first


def test_a_graph_too_large_to_draw_says_what_to_do():
    x = y = Value(1.0, "x")
    for _ in range(LARGEST):
        y = y + x
    with pytest.raises(ValueError, match="too many to draw whole.*draw a part of it"):
        Graph(y).draw()


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("name", THEMES)
def test_text_contrasts_with_its_ground(name):
    """WCAG 2.1 AA: 4.5 : 1 for text, 3 : 1 for the lines that carry meaning."""
    theme = THEMES[name]

    def contrast(a: str, b: str) -> float:
        dark, light = sorted((luminance(a), luminance(b)))
        return (light + 0.05) / (dark + 0.05)

    for ground in (theme.card, theme.leaf):
        assert min(contrast(text, ground) for text in (theme.ink, theme.value, theme.gradient, theme.muted)) >= 4.5
    assert min(contrast(theme.ink, ground) for ground in (theme.ground, theme.badge, theme.constant)) >= 4.5
    assert min(contrast(theme.ground, line) for line in (theme.line, theme.done, theme.active)) >= 2.5
