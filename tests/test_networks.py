"""Pictures of networks: the numbers they show are those of the engine, and the lines say them truly."""

from __future__ import annotations

import math
import re
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from test_draw import luminance

from backproplab import Tensor, draw, no_grad
from backproplab.draw.paper import THEMES
from backproplab.nn import MLP, Flatten, Layer, Linear, NearestNeighbour, Neuron, ReLU, Sequential, Softmax, Tanh

SVG = "{http://www.w3.org/2000/svg}"


def squared(y):
    return (y - 1.0) ** 2


def neuron() -> Neuron:
    """tanh(0.5·x1 − x2 + 0.25)."""
    made = Neuron(2, "tanh")
    made.w[0].data, made.w[1].data, made.b.data = 0.5, -1.0, 0.25
    return made


def parts(picture: draw.Picture, attribute: str) -> dict[str, ElementTree.Element]:
    """The groups of a picture that carry this attribute, by its content, which must be unique."""
    groups = [group for group in ElementTree.fromstring(picture.svg).iter(f"{SVG}g") if group.get(attribute)]
    found = {group.get(attribute): group for group in groups}
    assert len(found) == len(groups)
    return found


def written(picture: draw.Picture, role: str) -> dict[str, str]:
    found = {name: group.find(f"*[@data-role='{role}']") for name, group in parts(picture, "data-node").items()}
    return {name: text.text for name, text in found.items() if text is not None}


def lines(picture: draw.Picture) -> dict[str, ElementTree.Element]:
    return {name: group.find(f"{SVG}line") for name, group in parts(picture, "data-edge").items()}


def assert_fits(picture: draw.Picture, browser) -> None:
    """Measured in the page, because fonts are the reader's: at most a slide, all text on the sheet, none on another."""
    page = browser.new_page()
    page.set_content(picture.svg)
    width, height = page.evaluate("() => ['width', 'height'].map(a => +document.querySelector('svg').getAttribute(a))")
    assert width <= 900 and height <= 720
    measured = "b => [b.left, b.top, b.right, b.bottom]"
    sheet = page.evaluate(f"() => ({measured})(document.querySelector('svg > rect').getBoundingClientRect())")
    boxes = page.evaluate(
        f"""() => [...document.querySelectorAll("text")].filter(t => t.textContent)
                  .map(t => [t.textContent, ...({measured})(t.getBoundingClientRect())])"""
    )
    page.close()
    for words, left, top, right, bottom in boxes:
        assert sheet[0] < left and sheet[1] < top and right < sheet[2] and bottom < sheet[3], words
    for (a, l0, t0, r0, b0), (b, l1, t1, r1, b1) in combinations(boxes, 2):
        across, down = min(r0, r1) - max(l0, l1), min(b0, b1) - max(t0, t1)
        assert across <= 0 or down <= 3, (a, b)  # a line of text is a little taller than its letters


# ---- what it says -------------------------------------------------------------------------------


def test_a_neuron_shows_its_numbers():
    picture = draw.network(neuron(), [1.0, 0.5], loss=squared)
    y = math.tanh(0.25)
    s = 2 * (y - 1) * (1 - y * y)
    assert written(picture, "value") == {"x1": "1", "x2": "0.5", "y": "0.2449"} and f"{y:.4f}" == "0.2449"
    assert written(picture, "gradient")["x1"] == "∂−0.71" and 0.5 * s == pytest.approx(-0.71, abs=5e-3)
    assert picture.alt == "2–1 network with 3 parameters at x1 = 1, x2 = 0.5: y = 0.2449, loss 0.5701"
    assert "0.25 (∂ −1.42)" in picture.text and s == pytest.approx(-1.42, abs=5e-3)


@pytest.mark.parametrize("sizes", [[1], [2, 1], [3, 3, 2]], ids=str)
def test_every_gradient_in_the_table_is_that_of_backward(sizes):
    model = MLP(2, sizes, "tanh", seed=3)
    picture = draw.network(model, [0.5, -1.0], loss=lambda y: y**2 if len(sizes) < 3 else y[0] * y[1])
    assert all(p.grad == 0.0 for p in model.parameters())  # drawing leaves no trace
    y = model([0.5, -1.0])
    (y**2 if len(sizes) < 3 else y[0] * y[1]).backward()
    told = sorted(float(g.replace("−", "-")) for g in re.findall(r"\(∂ ([^)]*)\)", picture.text))
    assert told == pytest.approx(sorted(p.grad for p in model.parameters()), rel=1e-3)


def test_layers_on_tensors_show_the_same_as_neurons_on_values():
    values = MLP(3, [4, 2], "tanh", seed=5)
    tensors = Sequential(Linear(3, 4), Tanh(), Linear(4, 2))
    for layer, linear in zip(values.layers, (tensors.layers[0], tensors.layers[2])):
        linear.weight.data = [[w.data for w in neuron.w] for neuron in layer.neurons]
        linear.bias.data = [0.1 * i for i, _ in enumerate(layer.neurons)]
        for neuron, b in zip(layer.neurons, linear.bias.data):
            neuron.b.data = b
    x = [0.3, -0.2, 0.9]
    one = draw.network(values, x, loss=lambda y: y[0] * y[0] + y[1])
    other = draw.network(tensors, x, loss=lambda y: y[0, 0] * y[0, 0] + y[0, 1])
    assert one.text == other.text and one.svg == other.svg
    assert all(p.grad is None for p in tensors.parameters())


def test_stored_gradients_can_be_shown_without_a_sample():
    model = Sequential(Linear(2, 2, seed=1))
    with pytest.raises(ValueError, match="no gradients yet; call backward"):
        draw.network(model, gradients=True)
    model([[1.0, 2.0], [3.0, 4.0]]).sum().backward()
    picture = draw.network(model, gradients=True)
    assert [text.text for text in ElementTree.fromstring(picture.svg).findall(".//*[@data-role='weight']")] == [
        "4", "6", "4", "6"
    ]  # fmt: skip
    assert "x1 0.3456 (∂ 4), x2 0.8216 (∂ 6)" in picture.text


def test_what_stands_before_the_first_layer_and_after_the_last_belongs_to_it():
    model = Sequential(Flatten(), Linear(4, 2, seed=1), ReLU(), Softmax())
    picture = draw.network(model, [[[1.0, 2.0], [3.0, 4.0]]], loss=lambda p: -p[0, 0].log())
    assert "output, relu, softmax" in picture.text
    assert written(picture, "value") == {"x1": "1", "x2": "2", "x3": "3", "x4": "4"} | {
        f"y{i + 1}": f"{p:.4g}" for i, p in enumerate(model([[[1.0, 2.0], [3.0, 4.0]]]).data[0])
    }


def test_weight_matrices_are_a_network_without_bends_or_biases():
    first, second = [[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], [[1.0, -1.0, 2.0]]
    picture = draw.network([first, np.array(second)], [1.0, -1.0])
    assert written(picture, "value")["y"] == f"{(np.array(second) @ first @ [1, -1])[0]:g}".replace("-", "−")
    folded = draw.network([np.array(second) @ first], [1.0, -1.0])
    assert written(folded, "value")["y"] == written(picture, "value")["y"]


def test_units_that_are_not_connected_have_no_line():
    picture = draw.network([[[1.0, None, 2.0], [None, 0.0, None]]], [5.0, 6.0, 7.0])
    assert set(lines(picture)) == {"x1>y1:0", "x3>y1:2", "x2>y2:1"}
    assert written(picture, "value")["y1"] == "19"
    assert "x1 1, x3 2" in picture.text


def test_a_list_of_sizes_is_the_bare_shape():
    picture = draw.network([3, 4, 2])
    assert len(lines(picture)) == 20 and picture.alt == "3–4–2 network"
    assert {line.get("stroke-width") for line in lines(picture).values()} == {"1.2"}


def test_names_and_titles():
    picture = draw.network(
        [[[1.0, 2.0]]], names=[["size & <age>", "rooms"], ["price"]], titles=["what is known", "what is wanted"]
    )
    assert set(parts(picture, "data-node")) == {"size & <age>", "rooms", "price"}
    assert "what is wanted  price" in picture.text and "size & <age> 1, rooms 2" in picture.text


# ---- lines --------------------------------------------------------------------------------------


def test_sign_is_the_style_of_a_line_and_magnitude_its_width():
    drawn = lines(draw.network([[[1.0, -2.0, 0.5, 0.0]]]))
    widths = {name: float(line.get("stroke-width")) for name, line in drawn.items()}
    assert widths["x2>y:1"] == 2 * widths["x1>y:0"] == 4 * widths["x3>y:2"]
    assert {name for name, line in drawn.items() if line.get("stroke-dasharray")} == {"x2>y:1", "x4>y:3"}
    assert drawn["x4>y:3"].get("stroke") == THEMES["light"].line  # neither sign


def test_gradients_take_the_place_of_weights_on_the_lines():
    picture = draw.network(neuron(), [1.0, 0.5], loss=squared, gradients=True)
    shown = {name: group.find(f"{SVG}text").text for name, group in parts(picture, "data-label").items() if ">" in name}
    assert shown == {"x1>y:0": "−1.42", "x2>y:1": "−0.710"}
    assert all(line.get("stroke-dasharray") for line in lines(picture).values())


def test_a_scale_keeps_widths_comparable_from_one_picture_to_the_next():
    def width(weight: float, **options) -> float:
        return float(lines(draw.network([[[weight]]], **options))["x>y:0"].get("stroke-width"))

    assert width(1.0) == width(2.0)
    assert width(1.0, scale=2.0) == width(2.0, scale=2.0) / 2
    assert width(9.0, scale=2.0) == width(2.0, scale=2.0)
    with pytest.raises(ValueError, match="The scale is .* a number above 0; got 0"):
        draw.network([[[1.0]]], scale=0)


def test_bias_units_carry_the_biases_as_weights():
    model = MLP(2, [2, 1], "tanh")
    model.layers[0].neurons[1].b.data = -9.0
    picture = draw.network(model, bias_units=True)
    assert {"bias 1>h1:2", "bias 1>h2:2", "bias 2>y:2"} < set(lines(picture))
    assert lines(picture)["bias 1>h2:2"].get("stroke-width") == "6"
    assert "bias of" not in picture.svg
    assert 'data-label="bias of h2"' in draw.network(MLP(2, [2, 1], "tanh")).svg


def test_weights_that_are_nan_or_infinite_can_be_drawn():
    picture = draw.network([[[math.nan, math.inf, 1.0]]])
    assert "x1 nan, x2 ∞, x3 1" in picture.text and 'stroke-width="nan' not in picture.svg


# ---- layout -------------------------------------------------------------------------------------


PICTURES = {
    "neuron": lambda: draw.network(neuron(), [1.0, 0.5], loss=squared),
    "2-2-1": lambda: draw.network(MLP(2, [2, 1], "tanh"), [1.0, 0.5], loss=squared),
    "2-2-1 with bias units": lambda: draw.network(MLP(2, [2, 1], "tanh"), [1.0, 0.5], bias_units=True),
    "3-3-1": lambda: draw.network(MLP(3, [3, 1])),
    "long names": lambda: draw.network([2, 2], names=[["the size of the house", "😀" * 20], ["price", "W" * 30]]),
    "2-5-5-5-1": lambda: draw.network(MLP(2, [5, 5, 5, 1]), [1.0, 0.5], loss=squared),
    "64-16-10": lambda: draw.network(Sequential(Linear(64, 16), ReLU(), Linear(16, 10))),
    "deep": lambda: draw.network([6] * 12),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_fits_a_notebook_and_a_slide_and_nothing_overlaps(name, browser):
    assert_fits(PICTURES[name](), browser)


def segment(group: ElementTree.Element) -> list[complex]:
    line = group.find(f"{SVG}line")
    return [complex(*(float(line.get(f"{axis}{end}")) for axis in "xy")) for end in "12"]


def distance(point: complex, a: complex, b: complex) -> float:
    along = ((point - a) * (b - a).conjugate()).real / abs(b - a) ** 2
    return abs(point - a - (b - a) * min(1.0, max(0.0, along)))


@pytest.mark.parametrize("name", PICTURES)
def test_no_line_runs_through_a_unit_or_number_that_is_not_its_own(name):
    picture = PICTURES[name]()
    units, edges, labels = (parts(picture, f"data-{kind}") for kind in ("node", "edge", "label"))
    for edge, group in edges.items():
        ends = edge.rpartition(":")[0].split(">")
        for unit, other in units.items():
            circle = other.find(f"{SVG}circle")
            centre = complex(float(circle.get("cx")), float(circle.get("cy")))
            gap = distance(centre, *segment(group)) - float(circle.get("r"))
            assert gap > 2 if unit not in ends else gap == pytest.approx(0, abs=0.2), (edge, unit)
        for label in set(labels) & set(edges) - {edge}:
            rect = labels[label].find(f"{SVG}rect")
            x, y, w, h = (float(rect.get(side)) for side in ("x", "y", "width", "height"))
            for corner in (x + 1j * y, x + w + 1j * y, x + 1j * (y + h), x + w + 1j * (y + h)):
                assert distance(corner, *segment(group)) > 1, (edge, label)


def test_numbers_stand_on_the_lines_only_where_there_is_room_for_all():
    assert len(set(parts(PICTURES["3-3-1"](), "data-label")) & set(lines(PICTURES["3-3-1"]()))) == 12
    assert not set(parts(PICTURES["2-5-5-5-1"](), "data-label")) & set(lines(PICTURES["2-5-5-5-1"]()))


def test_nothing_moves_whatever_the_numbers():
    def places(factor: float, **options) -> list[str]:
        model = MLP(2, [2, 1], "tanh", seed=1)
        for p in model.parameters():
            p.data = p.data * factor
        svg = draw.network(model, [factor, -factor], loss=squared, **options).svg
        return re.findall(r'<(?:svg|circle|line|text|tspan)[^>]*? (?:viewBox|c?[xy][12]?)="[^"]*"', svg)

    assert [re.sub(" stroke.*", "", p) for p in places(1.0)] == [re.sub(" stroke.*", "", p) for p in places(-1e5)]
    assert len({draw.network(MLP(2, [2, 1]), [1, 2], loss=squared, step=k).width for k in range(6)}) == 1


def test_large_layers_are_drawn_in_part_and_say_so():
    picture = draw.network(Sequential(Linear(600, 60), ReLU(), Linear(60, 10)))
    assert len(parts(picture, "data-node")) == 11 + 11 + 10
    assert len(lines(picture)) == 11 * 11 + 11 * 10
    assert "11 of 600 units of input drawn, 11 of 60 units of hidden drawn" in picture.alt
    assert "… 589 more" in picture.text and "x600" in picture.text and "600 from −" in picture.text
    assert len(parts(draw.network([64, 10], most=5), "data-node")) == 8
    with pytest.raises(ValueError, match="At least 3 units of a layer are drawn; got most=2"):
        draw.network([64, 10], most=2)


# ---- walking through it -------------------------------------------------------------------------


def test_a_step_shows_what_is_known_by_then():
    def states(step: int) -> str:
        picture = draw.network(MLP(2, [2, 1], "tanh"), [1.0, 0.5], loss=squared, step=step)
        units = parts(picture, "data-node")
        shown = [written(picture, role)[name] not in ("·", "∂·") for name in ("x1", "h1", "y") for role in ROLES]
        return "".join(units[name].get("data-state")[0] for name in ("x1", "h1", "y")) + "".join(" v"[i] for i in shown)

    ROLES = ("value", "gradient")
    assert [states(k) for k in range(6)] == [
        "awwv     ", "dawv v   ", "ddav v v ", "wwav v vv", "wadv vvvv", "addvvvvvv"
    ]  # fmt: skip


def test_lines_follow_the_units_that_they_reach():
    def states(step: int) -> list[str]:
        picture = draw.network(MLP(1, [1, 1]), [1.0], loss=squared, step=step)
        return [parts(picture, "data-edge")[name].get("data-state") for name in ("x>h1:0", "h1>y:0")]

    assert [states(k) for k in (1, 2, 4)] == [["active", "waiting"], ["done", "active"], ["waiting", "active"]]


def test_the_text_keeps_silent_about_what_is_not_known_yet():
    at = {k: draw.network(neuron(), [1.0, 0.5], loss=squared, step=k) for k in (0, 1, 2)}
    assert "0.2449" not in at[0].text + at[0].svg and "0.2449" in at[1].text
    assert "1.42" not in at[1].text + at[1].svg and "1.42" in at[2].text
    assert at[2].alt.endswith("y = 0.2449, loss 0.5701, step 2 of 3, gradients of output")
    assert "0.5701" not in at[1].svg and "0.5701" in at[2].svg


@pytest.mark.parametrize(("options", "last"), [({}, 1), ({"loss": squared}, 3)], ids=["forward", "both"])
def test_a_step_that_does_not_exist_is_an_error(options, last):
    with pytest.raises(ValueError, match=f"has {last} steps; got step={last + 1}, expected 0 to {last}"):
        draw.network(neuron(), [1.0, 0.5], step=last + 1, **options)
    with pytest.raises(ValueError, match="without a sample has no steps; give x as well"):
        draw.network(neuron(), step=0)


# ---- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (NearestNeighbour([[0.0, 1.0]]), "A network is .* got a NearestNeighbour. Put the layers"),
        (Sequential(Linear(2, 2), NearestNeighbour([[0.0, 1.0]])), "got a Sequential with a NearestNeighbour in it"),
        ("network", "got a str"),
        ([], "got a list"),
        (ReLU(), "got a ReLU"),
        (None, "got a NoneType"),
    ],
    ids=["other module", "inside", "text", "nothing", "activation", "None"],
)
def test_what_is_no_network_is_refused(model, message):
    with pytest.raises(TypeError, match=message):
        draw.network(model)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ([[[1.0, 2.0]], [[1.0, 2.0]]], "a unit of layer 2 has 2 weights, and 1 units come before it"),
        (Sequential(Linear(3, 4), ReLU(), Linear(5, 2)), "a unit of layer 2 has 5 weights, and 4 units come before"),
        ([[[1.0, 2.0], [1.0]]], "Weight matrix 1 must be rows of equal length"),
        ([[1.0, 2.0]], "Weight matrix 1 must be rows of equal length"),
        ([[[]]], "Weight matrix 1 must be rows of equal length"),
        ([3, 0], r"at least two sizes, each 1 or more, inputs first; got \[3, 0\]"),
        ([3], r"at least two sizes, each 1 or more, inputs first; got \[3\]"),
        ([2] * 13, "A network of 12 layers is too deep to draw .at most 11"),
    ],
    ids=["matrices", "layers", "ragged", "vector", "empty", "zero", "one", "deep"],
)
def test_layers_that_do_not_fit_together_are_refused(model, message):
    with pytest.raises(ValueError, match=message):
        draw.network(model)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"x": [1.0]}, ValueError, "takes one sample of 2 numbers; got 1"),
        ({"x": [[1.0, 2.0], [3.0, 4.0]]}, ValueError, "takes one sample of 2 numbers; got 4"),
        ({"loss": squared}, ValueError, "A loss is computed at a sample; give x as well"),
        ({"x": [1.0, 2.0], "loss": lambda y: 3.0}, TypeError, "must give one Value or Tensor .* got float"),
        ({"x": [1.0, 2.0], "loss": lambda y: y * 1.0}, ValueError, r"a single number .* got shape \(1, 3\)"),
        ({"names": [["a", "b"]]}, ValueError, "names has one entry for each layer, inputs first: 2 here"),
        ({"names": [["a"], None]}, ValueError, r"takes a list of 2 names; got \['a'\]"),
        ({"names": [["a", "a"], None]}, ValueError, "'a' is given twice"),
        ({"titles": "ab"}, ValueError, "titles has one entry for each layer"),
        ({"theme": "pink"}, ValueError, "no theme 'pink'"),
    ],
    ids=["short", "batch", "no x", "no node", "not one", "layers", "units", "twice", "titles", "theme"],
)
def test_what_does_not_fit_the_network_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        draw.network(Sequential(Linear(2, 3)), **options)


def test_a_shape_computes_nothing_and_a_sample_may_be_a_tensor():
    with pytest.raises(ValueError, match="A bare shape has no weights"):
        draw.network([2, 1], [1.0, 2.0])
    with no_grad():
        assert written(draw.network(Sequential(Linear(2, 1)), Tensor([1.0, 2.0])), "value")["x2"] == "2"


def test_a_layer_with_one_neuron_gives_its_loss_a_list_as_the_layer_does():
    draw.network(Layer(2, 1), [1.0, 2.0], loss=lambda y: y[0] * 2)
    draw.network(MLP(2, [1]), [1.0, 2.0], loss=lambda y: y * 2)


# ---- the same for everyone ----------------------------------------------------------------------


def test_only_presentation_attributes():
    svg = PICTURES["2-2-1"]().svg
    assert not re.search(r"<style| style=| class=|href| id=", svg)


@pytest.mark.parametrize("name", THEMES)
def test_the_colours_of_signs_can_be_seen_and_are_not_those_of_values_and_gradients(name):
    theme = THEMES[name]
    for colour in (theme.positive, theme.negative):
        dark, light = sorted((luminance(colour), luminance(theme.ground)))
        assert (light + 0.05) / (dark + 0.05) >= 3
    assert len({theme.positive, theme.negative, theme.value, theme.gradient}) == 4
