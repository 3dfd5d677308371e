"""Block diagrams: what they say, what they show, what comes back through them, and that nothing moves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from backproplab import Tensor, draw, nn
from backproplab.draw import BlackBox, Computed, Cost, Module, Observed, blocks, figure
from backproplab.draw.blocks import BlockDiagram
from backproplab.draw.figures import FIGURES, diagram
from backproplab.draw.labels import plain, spans
from backproplab.draw.paper import THEMES
from backproplab.draw.stack import wired
from backproplab.draw.wiring import Wiring

SVG = "{http://www.w3.org/2000/svg}"


def groups(picture: draw.Picture, kind: str) -> dict[str, ElementTree.Element]:
    found = [g for g in ElementTree.fromstring(picture.svg).iter(f"{SVG}g") if g.get(f"data-{kind}")]
    return {g.get(f"data-{kind}"): g for g in found}


def model_and_cost():
    return Cost("C")(Module("G", parameters="w")(Observed("x"), to="ȳ"), Observed("y"))


def stack(depth: int):
    z = Observed("z_0")
    for k in range(depth):
        z = Module(f"f_{k}", f"w_{k}")(z, to=f"z_{k + 1}")
    return Cost("C")(z)


# ---- signs and arrows ---------------------------------------------------------------------------


def test_figure_1_has_its_parts_and_the_arrows_between_them():
    picture = blocks(model_and_cost())
    assert set(groups(picture, "node")) == {"x", "w", "y", "ȳ", "G", "C"}
    assert set(groups(picture, "edge")) == {"x>G:0", "w>G:1", "G>ȳ:0", "ȳ>C:0", "y>C:1"}
    assert picture.alt == "block diagram: ȳ = G(x, w); C(ȳ, y)"


def test_gradients_go_back_to_what_learns_and_to_nothing_else():
    picture = blocks(model_and_cost(), backward=True)
    back = {key: g for key, g in groups(picture, "edge").items() if g.find(f"{SVG}path").get("stroke-dasharray")}
    assert set(back) == {"C>ȳ:0", "ȳ>G:0", "G>w:1"}  # not to the observed x and y
    assert set(groups(picture, "label")) >= {"∂C/∂ȳ", "∂C/∂w", "∂C/∂C = 1"} and "∂C/∂x" not in picture.text


def test_each_variable_and_each_kind_of_function_has_a_sign_of_its_own():
    theme = THEMES["light"]
    n = Observed("n", discrete=True)
    z = Module("G", "w")(Observed("x"), n, to=Computed("z", shape=("d", 1)))
    nodes = groups(blocks(Cost("C")(z)), "node")
    assert nodes["x"][0].get("fill") == theme.muted and nodes["z"][0].get("fill") == theme.card  # filled and open
    assert nodes["n"][0].get("stroke-dasharray") and not nodes["x"][0].get("stroke-dasharray")
    assert nodes["z"].find(f"{SVG}path") is not None and nodes["x"].find(f"{SVG}path") is None  # the rim of a tensor
    assert nodes["w"].find(f"{SVG}line") is not None  # the pointer of a knob
    assert nodes["G"][0].tag == f"{SVG}path" and nodes["C"][0].tag == f"{SVG}rect"


@pytest.mark.parametrize("direction, corner", [("up", 1), ("right", 0)])
def test_the_rounded_side_of_a_module_is_its_output(direction, corner):
    outline = groups(blocks(model_and_cost(), direction=direction), "node")["G"][0].get("d")
    arcs = [tuple(map(float, arc)) for arc in re.findall(r"0 0 1 ([\d.]+) ([\d.]+)", outline)]
    corners = [tuple(map(float, c)) for c in re.findall(r"M([\d.]+) ([\d.]+)", outline)]
    if direction == "up":
        assert max(y for _, y in arcs) < max(y for _, y in corners)
    else:
        assert min(x for x, _ in arcs) > min(x for x, _ in corners)


@pytest.mark.parametrize("direction, axis", [("up", 0), ("right", 1)])
def test_the_trunk_is_straight(direction, axis):
    z = Module("g", "w_1")(Observed("x"), to="z")
    output = Cost("C")(Module("+")(Module("f", "w_2")(z, to="s"), z, to="ȳ"), Observed("y"))
    plan = BlockDiagram(Wiring(output), backward=True, direction=direction)
    places = {name: plan.at[node] for name, node in plan.wiring.by_name.items()}
    assert len({places[name][axis] for name in ("x", "g", "z", "f", "s", "+", "ȳ", "C")}) == 1
    assert places["w_1"][axis] != places["x"][axis] != places["y"][axis]


def test_it_goes_up_unless_it_is_asked_to_go_right_or_is_too_tall():
    upright = BlockDiagram(Wiring(stack(2)))
    assert upright.up and not BlockDiagram(Wiring(stack(2)), direction="right").up
    assert not BlockDiagram(Wiring(stack(4))).up  # too tall for a slide, and fits to the right
    assert BlockDiagram(Wiring(stack(12)), direction="right").up  # would be wider than a notebook


def test_a_shared_parameter_is_one_variable_with_two_arrows():
    G = Module("G", parameters="w")
    picture = blocks(Cost("C")(G(Observed("a"), to="p"), G(Observed("b"), to="q")), backward=True)
    assert {"w>G:1", "w>G#2:1", "G>w:1", "G#2>w:1"} <= set(groups(picture, "edge"))
    plan = BlockDiagram(Wiring(Cost("C")(G(Observed("a"), to="p"), G(Observed("b"), to="q"))))
    places = {name: plan.at[node] for name, node in plan.wiring.by_name.items()}
    assert places["w"][1] > max(places["G"][1], places["G#2"][1])  # below both, like any variable


def test_parts_stay_in_place_whatever_their_state_and_their_numbers():
    def places(number: float, **state) -> list:
        z = Module("G", "w")(Observed("x", value=number), to=Computed("z", value=-number))
        plan = BlockDiagram(Wiring(Cost("C")(z)), backward=True)
        plan.picture(**state)
        return sorted(plan.at.values())

    assert places(1.0) == places(-12345.678) == places(1e-9, step=4) == places(0.1, lit={"z": "active"})


# ---- real numbers -------------------------------------------------------------------------------

X, Y = np.array([[1.0, -0.5, 2.0], [0.0, 1.0, 1.0]]), np.array([[1.0], [0.0]])


def two_layers() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 2, seed=1), nn.Tanh(), nn.Linear(2, 1, seed=2))


def test_a_network_shows_the_values_and_gradients_of_a_real_run():
    model = two_layers()
    text = blocks(model, loss=nn.mse_loss, x=X, y=Y, backward=True, shapes=True).text
    loss = nn.mse_loss(model(X), Y)
    loss.backward()
    weight, bias = model.layers[2].parameters()
    expected = ", ".join(f"{g:.4g}".replace("-", "−") for g in [*weight.grad.ravel(), *bias.grad])
    assert "w_3: parameter, [3], value (" in text and f"∂C/∂w_3 = ({expected}) [3]" in text
    assert f"C is {loss.item():.4g}" in text.splitlines()[0] and "C: cost, mse, C(ȳ, y)" in text
    assert "Linear#2: module, 2 → 1, ȳ = Linear(z_2, w_3)" in text and "x: observed, [2×3], value (1, −0.5, 2," in text


def test_drawing_a_network_leaves_its_gradients_alone():
    model = two_layers()
    blocks(model, loss=nn.mse_loss, x=X, y=Y, backward=True)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_inner_gradients_obey_the_chain_rule_of_the_jacobians():
    model = two_layers()
    x = X[:1]
    wiring = Wiring(wired(model, nn.mse_loss, x, Y[:1]))
    z, after = (np.array(wiring.by_name[name].gradient.flat) for name in ("z_1", "z_2"))
    assert z == pytest.approx(after @ model.layers[1].jacobians(Tensor(model.layers[0](x).data)).state)


def test_many_numbers_become_bars_and_very_many_their_norm():
    few = blocks(nn.Sequential(nn.ReLU()), x=np.arange(12.0).reshape(3, 4))
    assert "12 numbers" in groups(few, "label") and "norm" not in few.text
    many = blocks(nn.Sequential(nn.ReLU()), x=np.arange(100.0).reshape(10, 10))
    assert "x: observed, value norm 573" in many.text and any("‖·‖" in label for label in groups(many, "label"))


def test_a_layer_used_twice_is_one_module_with_one_set_of_parameters():
    layer = nn.Linear(2, 2, seed=1)
    model = nn.Sequential(layer, nn.ReLU(), layer)
    picture = blocks(model, loss=nn.mse_loss, x=[[1.0, 2.0]], y=[[0.0, 0.0]], backward=True)
    assert "w_1" in groups(picture, "node") and "w_3" not in groups(picture, "node")


def test_a_network_needs_no_data_to_be_drawn():
    picture = blocks(nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Sequential(nn.Linear(32, 10))))
    assert picture.alt == "block diagram: z_1 = Linear(x, w_1); z_2 = ReLU(z_1); ȳ = Linear(z_2, w_3)"


# ---- what a cut, a black box and a choice of variables do ------------------------------------------


def greyed(picture: draw.Picture) -> set[str]:
    return set(re.findall(r"^  (\S+): .*\((?:greyed, )?gradient greyed\)", picture.text, re.M))


def test_what_depends_on_a_cut_gradient_is_greyed():
    picture = blocks(stack(3), backward=True, cut=["f_1>z_1:0"])
    assert greyed(picture) == {"z_1", "w_0"} and "cut at f_1>z_1:0" in picture.alt
    assert "∂C/∂w_0" not in picture.alt and "∂C/∂w_1" in picture.alt


def test_a_second_way_keeps_a_gradient_alive():
    assert greyed(figure("skip", backward=True, cut="f>z:0")) == set()
    assert greyed(figure("skip", backward=True, cut=["f>z:0", "+>z:1"])) == {"z", "w_1"}


def test_a_cut_value_greys_all_that_is_computed_from_it_and_all_gradients():
    picture = blocks(stack(2), backward=True, cut=["z_1>f_1:0"])
    assert "z_2: computed, ∂C/∂z_2 (greyed, gradient greyed)" in picture.text
    assert "z_1: computed, ∂C/∂z_1 (gradient greyed)" in picture.text


def test_no_gradient_passes_an_opaque_cost():
    picture = figure("opaque cost", backward=True)
    assert "no gradient comes back" in picture.alt and ">G:" in picture.svg.replace("&gt;", ">")
    assert not [key for key in groups(picture, "edge") if key.startswith("C>ȳ")]
    unnamed = Cost("C", opaque=True)(Module("G", "w")(Observed("x"), to="ȳ"))
    assert set(groups(blocks(unnamed, backward=True), "edge")) == {"x>G:0", "w>G:1", "G>ȳ:0", "ȳ>C:0"}


def test_gradients_pass_a_black_box():
    z = BlackBox("below")(to="z")
    edges = groups(blocks(Cost("C")(BlackBox("above")(z)), backward=True), "edge")
    assert {"C>above:0", "above>z:0", "z>below:0"} <= set(edges)


def test_only_branches_that_lead_to_the_wanted_variable_are_taken():
    picture = blocks(model_and_cost(), backward=True, wrt=["x"])
    assert "∂C/∂x" in picture.alt and "∂C/∂w" not in picture.alt


@pytest.mark.parametrize(
    "learning, back", [("actor", {"ĉ>Ĉ:0", "Ĉ>a:0", "a>G:0", "G>w:1"}), ("critic", {"D>ĉ:0", "ĉ>Ĉ:0", "Ĉ>v:1"})]
)
def test_actor_and_critic_learn_in_turn(learning, back):
    edges = groups(figure("actor and critic", backward=True, learning=learning), "edge")
    assert {key for key, g in edges.items() if g.find(f"{SVG}path").get("stroke-dasharray")} == back


# ---- states ---------------------------------------------------------------------------------------


def test_the_walk_goes_forward_block_by_block_and_comes_back():
    steps = diagram(9, stages=2, backward=True).steps()
    assert [sentence for sentence, _ in steps] == [
        "f_k takes z_k and w_k and gives z_(k+1).",
        "f_(k+1) takes z_(k+1) and w_(k+1) and gives z_(k+2).",
        "c takes z_(k+2) and y and gives the cost.",
        "The pass back begins: ∂c/∂c = 1.",
        "c sends back ∂c/∂z_(k+2).",
        "f_(k+1) sends back ∂c/∂z_(k+1) and ∂c/∂w_(k+1).",
        "f_k sends back ∂c/∂z_k and ∂c/∂w_k.",
    ]
    assert steps[0][1]["f_{k}"] == "active" and steps[0][1]["∂z_k"] == "greyed"
    assert steps[5][1]["∂z_{k+1}"] == "active" and steps[5][1]["∂z_{k+2}"] == "done"
    assert "greyed" not in steps[-1][1].values()


def test_the_second_of_two_ways_adds_to_the_gradient():
    sentences = [sentence for sentence, _ in diagram("skip", backward=True).steps()]
    assert "+ sends back ∂C/∂s and ∂C/∂z." in sentences
    assert "f adds to ∂C/∂z and sends back ∂C/∂w_2." in sentences


def test_lit_parts_are_drawn_and_said():
    picture = blocks(model_and_cost(), backward=True, lit={"G": "active", "x": "done", "∂w": "greyed"})
    nodes = groups(picture, "node")
    assert nodes["G"][0].get("stroke") == THEMES["light"].active and nodes["x"][0].get("stroke") == THEMES["light"].done
    assert "now at G" in picture.alt and "(gradient greyed)" in picture.text


# ---- figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_fits_a_notebook_and_says_what_it_shows(name):
    picture = figure(name, backward=True, shapes=True)
    assert picture.width <= 900 and picture.alt.startswith("block diagram: ")
    for label in groups(picture, "node"):
        assert plain(label) in picture.text or label == "p = 0"


def test_figure_2_has_a_card_for_each_sample_as_long_as_there_is_room():
    def cards(samples: int) -> list[str]:
        return sorted(name for name in groups(figure(2, samples=samples), "node") if name[0] in "p⋯")

    assert cards(1) == ["p = 0"] and cards(3) == ["p = 0", "p = 1", "p = 2"]
    assert cards(1000) == ["p = 0", "p = 1", "p = 2", "p = 999", "⋯"]
    assert "P = 1000" in figure(2, samples=1000).text


def test_figure_8_gives_the_shapes_of_the_chain_rule():
    text = figure(8, backward=True).text
    assert "∂c/∂z_f = ∂c/∂z_g · ∂z_g/∂z_f\n  [1×d_f] = [1×d_g] [d_g×d_f]" in text
    assert "z_f: computed, [d_f×1], ∂c/∂z_f [1×d_f]" in text and "multiplies by ∂z_g/∂z_f [d_g×d_f]" in text


def test_figure_9_has_two_jacobians_per_module():
    text = figure(9, backward=True, shapes=True).text
    assert "multiplies by ∂f_k/∂z_k [d_(k+1)×d_k], ∂f_k/∂w_k [d_(k+1)×p_k]" in text


@pytest.mark.parametrize("layers, factors", [(1, 3), (3, 15)])
def test_trunk_and_branches_writes_the_factors_of_003(layers, factors):
    lines = figure("trunk", layers=layers, backward=True).text.splitlines()[-layers:]
    assert sum(line.split("=")[1].count("∂") for line in lines) == 2 * factors
    assert lines[0].strip() == "∂f/∂W^(n) = ∂f/∂g · ∂g/∂h · ∂h/∂W^(n)"
    assert all("= (∂f/∂g · ∂g/∂h" in line for line in lines[1:])  # what an earlier row has used


def test_figure_4_is_a_network_unit_by_unit():
    assert figure(4, sizes=[2, 3, 1]).alt == draw.network([2, 3, 1]).alt


def test_the_legend_explains_every_sign():
    text = draw.legend().text
    for sign in ("observed", "computed", "parameter", "tensor", "discrete", "module", "cost", "black box", "backward"):
        assert f"\n  {sign}" in text


# ---- labels -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label, levels",
    [
        ("z_k", [("z", 0), ("k", -1)]),
        ("w_{k+1}^2", [("w", 0), ("k", -1), ("+1", -1), ("2", 1)]),
        ("snake_case", [("snake_case", 0)]),
        ("_x", [("_x", 0)]),
        ("my_var_1", [("my_var", 0), ("1", -1)]),
        ("x^", [("x", 0), ("^", 0)]),
    ],
)
def test_scripts_are_recognised_and_everything_else_is_shown_as_typed(label, levels):
    assert [(span.text, span.level) for span in spans(label)] == levels


@pytest.mark.parametrize("name", ['<script>alert("x")</script>', "a & b", "σ😀", "'\"", "]]>", "{", "\x00"])
def test_labels_are_shown_as_typed(name):
    picture = blocks(Cost(name)(Module("G", name + "w")(Observed(name + "x"), to=name + "y")), backward=True)
    text = "".join(ElementTree.fromstring(picture.svg).itertext())
    assert name.replace("\x00", "\ufffd") in text
    assert "<script" not in picture.svg and "<script" not in picture.html()


def test_only_presentation_attributes():
    for picture in (figure(9, backward=True), figure(2), draw.legend("dark")):
        assert not re.search(r"<style| style=| class=|href|foreignObject| id=", picture.svg)


# ---- bad input ------------------------------------------------------------------------------------------


def circle():
    z = Computed("z")
    Module("back")(Module("there")(z, to="s"), to=z)
    return Cost("C")(z)


BAD = {
    "The wiring goes round in a circle through": lambda: blocks(circle()),
    "There is no variable 'q' in this diagram; there are": lambda: blocks(model_and_cost(), wrt=["q"]),
    "There is no variable 'Q' in this": lambda: blocks(model_and_cost(), of="Q"),
    "There is no part 'H' to light; there are x, ȳ, y, w": lambda: blocks(model_and_cost(), lit={"H": "done"}),
    "A part is active, done, greyed; got 'red' for G": lambda: blocks(model_and_cost(), lit={"G": "red"}),
    "There is no arrow 'a>b:0' to cut; there are x>G:0": lambda: blocks(model_and_cost(), cut=["a>b:0"]),
    "f takes 2 inputs; it was wired to 1": lambda: Module("f", takes=[None, None])(Observed("x"), to="y"),
    r"g takes an input of shape \[d_g\]; x has shape \[3×2\]": lambda: Module("g", takes=[["d_g"]])(
        Observed("x", shape=(3, 2))
    ),
    r"x was given the shape \[2\] and numbers of shape \[3\]": lambda: Observed("x", shape=[2], value=[1, 2, 3]),
    "The rows of a value have different lengths": lambda: Observed("x", value=[[1], [1, 2]]),
    "Two variables are called 'x'": lambda: blocks(Module("f")(Observed("x"), Observed("x"), to="y")),
    "f cannot produce y: g already does": lambda: Module("f")(to=Module("g")(Observed("x"), to="y")),
    "f cannot produce x: x is observed": lambda: Module("f")(to=Observed("x")),
    "There is nothing to draw: wire variables": lambda: blocks(Observed("x")),
    "This diagram has 2 outputs; say whose": lambda: blocks(Module("f", "w")(to=["a", "b"]), backward=True),
    'A block diagram goes "up" or "right"; got': lambda: blocks(model_and_cost(), direction="left"),
    "This diagram has 2 steps; got step=9, expected 0 to 2": lambda: blocks(model_and_cost(), step=9),
    "There is no theme 'pink'; the themes are light, dark": lambda: blocks(model_and_cost(), theme="pink"),
    "loss, x and y belong to a network from nn": lambda: blocks(model_and_cost(), x=X),
    "A loss needs an input x and a target y": lambda: blocks(two_layers(), loss=nn.mse_loss),
    "Layer 1, Linear: This layer takes rows of 3": lambda: blocks(two_layers(), x=[[1.0, 2.0]]),
    "Predictions have shape": lambda: blocks(two_layers(), loss=nn.mse_loss, x=X, y=[1.0, 2.0, 3.0]),
    "This network computes with Values; draw.network": lambda: blocks(nn.MLP(2, [1])),
    "There is no figure 10; there are 1, 2, 5": lambda: figure(10),
    "Figure 3 is a plot": lambda: figure(3),
    "needs at least 1 of its samples; got 0": lambda: figure(2, samples=0),
    "letters for at most 5 layers; got 6": lambda: figure("trunk", layers=6),
    'Either the "actor" or the "critic" learns': lambda: figure("actor and critic", learning="both"),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_answered_in_one_sentence(message):
    with pytest.raises(ValueError, match=message) as caught:
        BAD[message]()
    assert "\n" not in str(caught.value)


def test_a_module_takes_variables_only():
    with pytest.raises(TypeError, match="G takes variables, such as Observed.*got 3"):
        Module("G")(3)


# ---- promises of the house ------------------------------------------------------------------------------


def in_a_new_process(code: str, seed: str = "0") -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_same_diagram_gives_the_same_bytes():
    code = (
        "from backproplab.draw import figure, legend\n"
        "for name in (2, 7, 9, 'skip', 'trunk', 'actor and critic'): print(figure(name, backward=True).svg)\n"
        "print(figure(9, backward=True, step=6).text, figure('skip', backward=True, cut=['f>z:0']).svg, legend().svg)"
    )
    assert in_a_new_process(code, "1") == in_a_new_process(code, "2")


def test_diagrams_need_no_numpy():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['numpy', 'matplotlib']))\n"
        "from backproplab.draw import figure; print(figure(1).alt)"
    )
    assert in_a_new_process(code) == "block diagram: ȳ = G(x, w); C(ȳ, y)\n"
