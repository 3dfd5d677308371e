"""Pictures of graphs: what they say, what they look like in numbers, and that they are the same each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest

from backproplab import Graph, Tensor, Value, draw, parse
from backproplab.draw import Picture
from backproplab.draw.graphs import Diagram, State
from backproplab.draw.paper import CHARACTERS, THEMES, compact


def drawn(text: str, backward: bool = True, **options) -> draw.Picture:
    graph = parse(text)
    if backward:
        graph.backward()
    return graph.draw(**options)


TEXT = "{http://www.w3.org/2000/svg}text"


def groups(picture: draw.Picture, attribute: str) -> list[ElementTree.Element]:
    """The groups of the drawing that have this attribute."""
    found = ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}g")
    return [group for group in found if group.get(attribute) is not None]


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
    y = Value(1.0, "x")
    for _ in range(1999):
        y = y.tanh()
    with pytest.raises(ValueError, match=r"has 2,000 nodes, too many to draw \(at most 500\).*draw a part of it, Graph"):
        Graph(y).draw()
    with pytest.raises(ValueError, match="2,004 nodes and 2,001 boxes when folded, too many"):
        Graph(y * Value(2.0, "w") + 1).draw()
    part = Graph(y.inputs[0].inputs[0])
    assert len(part.nodes) == 1998


def test_a_fork_shows_each_contribution_and_their_sum():
    graph = parse("u + u*u", u=4.0)
    sums = [numbers(graph.draw(step=step), "sum").get("u") for step in range(len(graph.steps()) + 1)]
    assert sums == [None] * 4 + ["1 + · + ·", "1 + · + ·", "1 + 4 + ·", "1 + 4 + 4"]
    graph.backward()
    picture = graph.draw()
    assert numbers(picture, "sum") == {"u": "1 + 4 + 4"} and numbers(picture, "gradient")["u"] == "9"
    assert "gradient 9 = 1 + 4 + 4" in picture.text


def test_a_leaf_that_keeps_an_earlier_gradient_shows_no_wrong_sum():
    graph = parse("u + u*u", u=4.0)
    graph.backward()
    graph.backward()
    picture = graph.draw()
    assert numbers(picture, "gradient")["u"] == "18" and "1 + 4" not in picture.text
    assert numbers(picture, "sum")["u"] is None


def test_the_active_edge_shows_slope_times_upstream():
    picture = drawn("(4*x+1)^2", False, step=7)
    label = next(group for group in groups(picture, "data-label") if group.get("data-label") == "x>a:1")
    assert [text.text for text in label.iter(TEXT)] == ["4", "× 10", "= 40"]
    assert [text.get("data-role") for text in label.iter(TEXT)] == ["slope", "upstream", "contribution"]


def test_states_are_told_without_colour():
    graph = parse("(4*x+1)^2")
    frames = {}
    for group in groups(graph.draw(step=2), "data-state"):
        if group.get("data-node"):
            rect = group.find("{http://www.w3.org/2000/svg}rect")
            frames[group.get("data-state")] = (rect.get("stroke-width"), rect.get("stroke-dasharray"))
    assert len(set(frames.values())) == len(frames) == 3
    assert frames["waiting"][1] and not frames["done"][1] and not frames["active"][1]
    assert {group.get("data-node"): group.get("data-state") for group in groups(graph.draw(step=2), "data-node")} == {
        "4": None, "x": "done", "a": "done", "1": None, "b": "active", "2": None, "c": "waiting"
    }  # fmt: skip


@pytest.mark.parametrize("step, marks", [
    (2, ("done", "active", "waiting")), (5, ("waiting", "waiting", "active")), (7, ("active", "done", "done")),
])  # fmt: skip
def test_arrows_are_marked_as_what_flows_through_them(step, marks):
    picture = drawn("(4*x+1)^2", False, step=step)
    states = {group.get("data-edge"): group.get("data-state") for group in groups(picture, "data-edge")}
    assert tuple(states[edge] for edge in ("x>a:1", "a>b:0", "b>c:0")) == marks


def test_a_fork_waits_until_its_last_contribution_has_arrived():
    graph = parse("u*u + u*v")
    steps = graph.steps()
    step = next(i for i, step in enumerate(steps, 1) if step.node == "v" and step.phase == "backward")
    states = {group.get("data-node"): group.get("data-state") for group in groups(graph.draw(step=step), "data-node")}
    assert (states["u"], states["v"], states["c"]) == ("waiting", "active", "done")


def test_every_edge_and_pill_is_named():
    picture = drawn("(4*x+1)^2")
    assert {group.get("data-edge") for group in groups(picture, "data-edge")} == {
        "4>a:0", "x>a:1", "a>b:0", "1>b:1", "b>c:0", "2>c:1"
    }  # fmt: skip
    assert {group.get("data-label") for group in groups(picture, "data-label")} == {"x>a:1", "a>b:0", "b>c:0"}


def test_slots_are_all_there_from_the_beginning_and_stay_in_place():
    graph = parse("(4*x+1)^2")
    diagram, steps = Diagram(graph), graph.steps()

    def slots(count: int) -> set[tuple]:
        picture = Picture(diagram.svg(State.after(graph, steps, count), slots=True), "", "", 0)
        return {
            (group.get("data-label"), group.find(TEXT).get("x")) for group in groups(picture, "data-label")
        }

    assert slots(0) == slots(3) == slots(5) == slots(7) and len(slots(0)) == 3
    first = diagram.svg(State.after(graph, steps, 0), slots=True)
    assert first.count('visibility="hidden"') == 3 + 6  # the pills of edges that move, and every edge's way back
    assert 'visibility="hidden"' not in diagram.svg(State.after(graph, steps, 0))


def test_scale_enlarges_the_picture_and_nothing_else():
    small, large = drawn("x*y"), drawn("x*y", scale=1.5)
    assert large.width == round(1.5 * small.width)
    resized = re.sub(r' width="\d+" height="\d+" role', " role", large.svg, count=1)
    assert resized == re.sub(r' width="\d+" height="\d+" role', " role", small.svg, count=1)
    assert drawn("x*y+z").width > 450 and drawn("x*y+z", scale=2).width <= 900  # it turns top down sooner
    with pytest.raises(ValueError, match="scale enlarges a picture and must be above 0; got 0"):
        drawn("x", scale=0)


def test_rules_stand_in_their_boxes():
    graph = parse("tanh(w*x)^3")
    picture = graph.draw(rules=True)
    assert "∂b/∂a = 1−b·b" in picture.text and "∂c/∂b = 3b²" in picture.text
    shown = [text.text for text in ElementTree.fromstring(picture.svg).iter(TEXT) if text.get("data-role") == "rule"]
    assert shown == ["∂a/∂w = x", "∂a/∂x = w", "∂b/∂a = 1−b·b", "∂c/∂b = 3b²"]


def tensors() -> Graph:
    x = np.array([[1.0, -2.0], [0.5, 0.0], [3.0, 1.0]])
    return Graph((Tensor(x, "x") @ Tensor([[0.5], [-1.0]], "w")).tanh().sum())


def test_small_arrays_are_drawn_cell_by_cell_and_signs_without_colour():
    graph = tensors()
    graph.backward()
    picture = graph.draw()
    assert numbers(picture, "value")["w"] == "−1 … 0.5"
    (box,) = [group for group in groups(picture, "data-node") if group.get("data-node") == "w"]
    full, hollow, *_ = [path for path in box.iter("{http://www.w3.org/2000/svg}path")]
    assert full.get("fill") == THEMES["light"].value and hollow.get("fill") == "none"
    sides = [float(path.get("d").split("h")[1].split("v")[0]) for path in (full, hollow)]
    assert sides[1] > sides[0]  # −1 is larger than 0.5
    assert "w: value [[0.5], [−1]] of shape (2, 1), gradient" in picture.text


def test_a_large_array_is_told_by_its_shape_and_range():
    graph = Graph(Tensor(np.linspace(-1.0, 2.0, 640).reshape(64, 10), "big").sum())
    picture = graph.draw()
    assert "big: value −1 … 2 of shape (64, 10)" in picture.text
    assert numbers(picture, "value")["big"] == "−1 … 2" and "(64, 10)" in picture.svg


def test_what_a_product_of_matrices_sends_back_stands_at_its_edges():
    graph = tensors()
    graph.backward()
    picture = graph.draw()
    pills = {group.get("data-label"): group.find(TEXT).text for group in groups(picture, "data-label")}
    assert pills["x>a:0"] == "δ @ wᵀ" and pills["w>a:1"] == "xᵀ @ δ"
    assert "sends δ @ wᵀ to x, sends xᵀ @ δ to w" in picture.text


def test_tensors_that_were_not_kept_are_drawn_as_they_are():
    graph = tensors()
    graph.output.backward()
    shown = numbers(graph.draw(), "gradient")
    assert shown["a"] == "·" and shown["w"] != "·"


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
