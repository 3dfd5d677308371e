"""Pictures of chains: number lines, dials, factors that share their beginnings, shapes that fit."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from test_networks import assert_fits, parts

from backproplab import draw, log, sigmoid
from backproplab.draw.bench import multiplications
from backproplab.draw.products import Count, layer_factors

STAGES = {"u = 7x + 3": lambda x: 7 * x + 3, "y = u²": lambda u: u * u}
MYNET = [(1, 10), (10, 40), (40, 60), (60, 600)]
JACOBIANS = ["∂c/∂z_3", "J_3", "J_2", "J_1"]


def roles(picture: draw.Picture, role: str) -> list[str]:
    return ["".join(e.itertext()) for e in ElementTree.fromstring(picture.svg).iter() if e.get("data-role") == role]


def states(picture: draw.Picture, attribute: str) -> list[str | None]:
    return [e.get("data-state") for e in ElementTree.fromstring(picture.svg).iter() if e.get(attribute)]


# ---- number lines -------------------------------------------------------------------------------


def test_a_value_passes_one_stage_after_the_other():
    picture = draw.number_lines(STAGES, 1.0, span=(-2, 2))
    assert picture.alt == "x = 1 passes 2 stages: u = 10, y = 100"
    assert roles(picture, "value") == ["1", "10", "100"] and roles(picture, "slope") == ["×7", "×20"]
    assert "product of the slopes is 140" in picture.text  # d(7x + 3)²/dx = 14(7x + 3)


def test_a_nudge_arrives_as_it_does_and_the_slopes_say_nearly_that():
    picture = draw.number_lines(STAGES, 1.0, span=(-2, 2), nudge=0.1)
    assert roles(picture, "nudge") == ["+0.1", "+0.7", "+14.49"]  # 10.7² − 100
    assert picture.text.endswith("140·0.1 = 14")
    picture = draw.number_lines({"a": sigmoid, "b": sigmoid}, 0.0, span=(-4, 4), nudge=-1.0)
    assert roles(picture, "nudge")[0] == "−1" and "·(−1) = −0.05875" in picture.text  # ¼ · σ(½)(1 − σ(½))


def places(picture: draw.Picture, line: str) -> tuple[float, float, float, float, float]:
    """The ends of a line in numbers and in pixels, and where its dot is."""
    axis, dot = parts(picture, "data-line")[line], parts(picture, "data-node")[line][0]
    return *(float(axis.get(f"data-{end}")) for end in ("low", "high", "left", "right")), float(dot.get("cx"))


def test_a_dot_is_where_its_line_says():
    picture = draw.number_lines(STAGES, 1.5, span=(-2, 2))
    for line, value in (("x", 1.5), ("u = 7x + 3", 13.5), ("y = u²", 182.25)):
        low, high, left, right, x = places(picture, line)
        assert (x - left) / (right - left) == pytest.approx((value - low) / (high - low), abs=1e-3)


def test_only_the_marks_move_with_x():
    def fixed(x: float) -> list[tuple]:
        return [places(draw.number_lines(STAGES, x, span=(-2, 2)), line)[:4] for line in ("x", *STAGES)]

    assert fixed(-2.0) == fixed(0.123) == fixed(2.0)


def test_lines_may_share_a_scale():
    stages = {f"s{i}": sigmoid for i in range(3)}
    picture = draw.number_lines(stages, 0.0, span=(-1, 1), nudge=1.0, common=True)
    assert len({places(picture, line)[:4] for line in ("x", *stages)}) == 1
    bars = [e for e in ElementTree.fromstring(picture.svg).iter() if e.get("data-role") == "bar"]
    lengths = [float(bar.get("x2")) - float(bar.get("x1")) for bar in bars]
    assert lengths[1] / lengths[0] == pytest.approx(0.2311, abs=1e-3)  # σ(1) − σ(0)


def test_a_step_keeps_silent_about_the_stages_to_come():
    picture = draw.number_lines(STAGES, 1.0, span=(-2, 2), nudge=0.1, step=1)
    assert picture.alt == "x = 1 passes 1 of 2 stages: u = 10; a nudge of 0.1 arrives as 0.7"
    assert roles(picture, "value") == ["1", "10"] and "14.49" not in picture.text + picture.svg
    assert draw.number_lines(STAGES, 1.0, span=(-2, 2), step=0).alt == "x = 1 passes 0 of 2 stages"


def test_points_where_a_stage_has_no_value_have_no_ray():
    picture = draw.number_lines({"y = log x": log}, 1.0, span=(-1, 3))
    rays = parts(picture, "data-rays")["y = log x"]
    assert len(rays) == 15  # of 21: x = −1, −0.8, … 0 have no logarithm
    assert "nan" not in picture.svg


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"x": 3.0}, ValueError, "must lie within the span -2 to 2; got x=3"),
        ({"nudge": 1.5}, ValueError, "the nudged x must lie within the span"),
        ({"span": (2, -2)}, ValueError, "within the span 2 to -2"),
        ({"x": math.nan}, ValueError, "got x=nan"),
        ({"stages": {}}, ValueError, "1 to 11 stages; got 0"),
        ({"stages": {"y": lambda x: 3.0}}, TypeError, "The stage 'y' must give a Value .* got float"),
        ({"step": 3}, ValueError, "There are 2 stages; got step=3, expected 0 to 2"),
    ],
    ids=["x", "nudge", "span", "nan", "none", "number", "step"],
)
def test_number_lines_refuse_what_they_cannot_show(change, error, message):
    with pytest.raises(error, match=message):
        draw.number_lines(**{"stages": STAGES, "x": 1.0, "span": (-2, 2)} | change)


# ---- dials --------------------------------------------------------------------------------------


def test_coupled_dials_multiply():
    picture = draw.dials(["walker", "bicycle", "car"], [4, 2])
    assert roles(picture, "value") == ["1", "4", "8"] and roles(picture, "slope") == ["×4", "×2"]
    assert picture.alt == "walker 1, bicycle 4, car 8: 4·2 = 8 times as far as walker"
    ten = draw.dials([f"d{i}" for i in range(11)], [1.5] * 10)
    assert "d10 57.67: 1.5^10 = 57.67 times as far as d0" in ten.alt


def hands(picture: draw.Picture) -> list[float]:
    """Degrees clockwise from straight up."""
    return [float(angle) for angle in re.findall(r"rotate\((\S+)", picture.svg)]


def test_a_hand_points_at_its_number():
    assert hands(draw.dials(["a", "b", "c"], [4, 2])) == [-108, -27, 81]  # of 0 to 10 on 270 degrees
    assert hands(draw.dials(["a", "b"], [-2])) == [67.5, -135]  # of −2 to 2
    assert hands(draw.dials(["a", "b"], [2], 1.0, full=4)) == hands(draw.dials(["a", "b"], [2], 10.0, full=40))


def test_dials_may_be_turned_one_after_the_other():
    picture = draw.dials(["a", "b", "c"], [-4, 2], step=1)
    assert roles(picture, "value") == ["1", "−4", "·"] and picture.alt == "a 1, b −4: −4 times as far as a"
    assert len(hands(picture)) == 2
    assert draw.dials(["a", "b"], [2], step=0).alt == "a 1; still to turn: b"


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((["a", "b"], [1, 2]), {}, "one rate less than that; got 2 names and 2 rates"),
        ((["a", "a"], [1]), {}, "different names"),
        ((["a", "b"], [4]), {"full": 3}, "The dials must reach 4; got full=3"),
        ((["a", "b"], [math.inf]), {}, "The dials must reach ∞"),
        ((["a", "b"], [4]), {"step": 2}, "There are 1 rates; got step=2, expected 0 to 1"),
    ],
    ids=["rates", "names", "full", "infinite", "step"],
)
def test_dials_refuse_what_they_cannot_show(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        draw.dials(*arguments, **options)


# ---- factors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2, 3, 10, 100])
def test_what_sharing_saves(layers):
    """3 layers: 15 factors, 9 different, 12 multiplications or 8; 10 layers: 120, 30, 110, 29."""
    counted = Count.of(layer_factors(layers))
    assert (counted.written, counted.different) == (layers * (layers + 2), 3 * layers)
    assert (counted.multiplications, counted.shared) == (layers * (layers + 1), 3 * layers - 1)


def test_only_common_beginnings_are_shared():
    assert Count.of({"a": ["x", "y", "z"], "b": ["y", "z"]}) == Count(5, 3, 3, 3)
    assert Count.of({"a": ["x", "y", "z"], "b": ["x", "y"]}) == Count(5, 3, 3, 2)
    assert Count.of({"a": ["x"]}) == Count(1, 1, 0, 0)


def test_a_factor_is_new_or_stood_above():
    picture = draw.factors(3)
    assert picture.alt == ("3 products: 15 factors, 9 different; 12 multiplications, 8 if common beginnings are kept")
    assert states(picture, "data-row") == ["new"] * 3 + ["reused"] * 2 + ["new"] * 3 + ["reused"] * 4 + ["new"] * 3
    assert "∂C/∂W₂ = ∂C/∂z₃ · ∂z₃/∂s₃ · ∂s₃/∂z₂ · ∂z₂/∂s₂ · ∂s₂/∂W₂, the first 2 as above" in picture.text


def test_a_cut_trunk_takes_everything_below_and_leaves_its_own_branch():
    picture = draw.factors(3, cut="∂s₃/∂z₂")
    assert states(picture, "data-product") == ["new", "gone", "gone"]
    assert states(picture, "data-row").count("cut") == 2
    assert picture.alt.endswith("∂s₃/∂z₂ is cut, so 2 of them are gone")
    assert draw.factors(3, cut="∂s₂/∂W₂").alt.endswith("so 1 of them is gone")


def test_rows_with_values_have_products():
    values = {factor: 2.0 for row in layer_factors(3).values() for factor in row}
    picture = draw.factors(3, values=values)
    assert roles(picture, "product") == ["= 8", "= 32", "= 128"]
    assert roles(draw.factors(3, values=values, cut="∂s₂/∂z₁"), "product") == ["= 8", "= 32", "= 0"]
    assert "2 · 2 · 2 = 8, all new" in picture.text


def test_rows_may_be_written_one_after_the_other():
    picture = draw.factors(3, step=1)
    assert picture.alt.startswith("1 of 3 products: 3 factors, 3 different; 2 multiplications, 2 if")
    assert states(picture, "data-row") == ["new"] * 3 + ["waiting"] * 12
    assert "∂W₂" not in picture.text and ">∂W₂<" not in picture.svg


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (0, {}, "A network has at least one layer; got 0"),
        ({}, {}, "Each product has 1 to 30 factors"),
        ({"a": []}, {}, r"Each product has 1 to 30 factors; got \[0\]"),
        ({"a": ["x"]}, {"cut": "y"}, "There is no factor 'y' to cut; there are x"),
        ({"a": ["x", "y"]}, {"values": {"y": 1.0}}, "Every factor needs a value; missing: x"),
        ({"a": ["x"]}, {"step": 2}, "There are 1 products; got step=2, expected 0 to 1"),
    ],
    ids=["layers", "none", "empty", "cut", "values", "step"],
)
def test_factors_refuse_what_they_cannot_show(rows, options, message):
    with pytest.raises(ValueError, match=message):
        draw.factors(rows, **options)


# ---- shapes -------------------------------------------------------------------------------------


def test_from_which_end_a_product_is_cheap():
    assert (multiplications(MYNET, "left"), multiplications(MYNET, "right")) == (38_800, 1_686_000)
    assert multiplications([(2, 3), (3, 5)], "left") == multiplications([(2, 3), (3, 5)], "right") == 30
    with pytest.raises(ValueError, match='from the "left" or the "right"; got \'middle\''):
        multiplications(MYNET, "middle")
    with pytest.raises(ValueError, match="got 'middle'"):
        draw.shapes(["a", "b"], [(1, "n"), ("n", 2)], order="middle")


def test_what_fits_and_what_does_not():
    picture = draw.shapes(["a", "b", "c"], [(2, 3), (3, 4), (5, 1)])
    assert picture.alt == "a [2×3] · b [3×4] · c [5×1]: b and c do not fit, 4 columns meet 5 rows"
    assert [state for state in states(picture, "data-label") if state] == ["fits", "misfits"] and "4 ≠ 5" in picture.svg
    picture = draw.shapes(["∂c/∂z_g", "J"], [(1, "d_g"), ("d_g", "d_f")])
    assert picture.alt == "product [1×d_f] = ∂c/∂z_g [1×d_g] · J [d_g×d_f]: they fit"


def test_sides_are_as_long_as_the_shapes_say():
    groups = parts(draw.shapes(JACOBIANS, MYNET), "data-node")
    sides = {name: [float(group[0].get(side)) for side in ("height", "width")] for name, group in groups.items()}
    assert sides["J_3"][1] == sides["J_2"][0] and sides["J_2"][1] == sides["J_1"][0]
    assert sides["product"] == [sides["∂c/∂z_3"][0], sides["J_1"][1]]
    assert sides["J_3"][0] < sides["J_3"][1] < sides["J_2"][1] < sides["J_1"][1] == 150
    letters = parts(draw.shapes(["a", "b"], [("m", "n"), ("n", 1)]), "data-node")
    assert letters["a"][0].get("height") != letters["a"][0].get("width")  # no square that would hide a transpose


def test_brackets_say_the_order_and_how_far_it_is():
    picture = draw.shapes(JACOBIANS, MYNET, order="right", step=2)
    assert picture.alt.endswith("from the right 1,686,000 multiplications, 2 of 3 products made")
    assert states(picture, "data-product") == ["done", "done", "waiting"]
    brackets = [group.find("*").get("d") for group in parts(picture, "data-product").values()]
    starts, ends = zip(*[re.match(r"M(\S+?),.* H(\S+)", d).groups() for d in brackets])
    assert len(set(ends)) == 1 and sorted(starts, key=float, reverse=True) == list(starts)
    assert "multiplications" not in draw.shapes(["a", "b"], [(1, "n"), ("n", 2)], order="left").alt


@pytest.mark.parametrize(
    ("names", "of", "options", "message"),
    [
        (["a"], [(1, 2)], {}, "2 to 7 matrices, each with a name and a shape; got 1 and 1"),
        (["a", "b"], [(1, 2)], {}, "got 2 and 1"),
        (["a", "b"], [(1, 2), (2, 0)], {}, r"each 1 or more or a letter; b has \(2, 0\)"),
        (["a", "b"], [(1, 2), (2,)], {}, r"b has \(2,\)"),
        (["a", "b"], [(1, 2), (2, 3)], {"step": 1}, "Steps are those of a product that fits and has an order"),
    ],
    ids=["one", "names", "zero", "short", "step"],
)
def test_shapes_refuse_what_they_cannot_show(names, of, options, message):
    with pytest.raises(ValueError, match=message):
        draw.shapes(names, of, **options)


def test_shapes_that_are_too_wide_for_a_page_are_refused():
    with pytest.raises(ValueError, match="do not fit side by side in 900 pixels; draw fewer matrices"):
        draw.shapes([f"weights of part {i}" for i in range(7)], [(1, 1)] * 7)


# ---- all of them --------------------------------------------------------------------------------


PICTURES = {
    "number lines": lambda **o: draw.number_lines(STAGES, 1.0, span=(-2, 2), nudge=0.25, **o),
    "many number lines": lambda **o: draw.number_lines(
        {f"s{i}": sigmoid for i in range(10)}, 0.0, span=(-1, 1), nudge=1.0, common=True, **o
    ),
    "dials": lambda **o: draw.dials(["walker", "bicycle <&>", "car"], [4, -2], **o),
    "many dials": lambda **o: draw.dials([f"dial {i}" for i in range(11)], [1.5] * 10, **o),
    "factors": lambda **o: draw.factors(3, cut="∂s₃/∂z₂", **o),
    "many factors": lambda **o: draw.factors(10, **o),
    "values": lambda **o: draw.factors(
        {"a": ["x", "y"], "b": ["x", "z"]}, values={"x": -1 / 3, "y": 1e-9, "z": 2.0}, **o
    ),
    "shapes": lambda **o: draw.shapes(JACOBIANS, MYNET, order="left", step=1, result="∂c/∂x", **o),
    "misfits": lambda **o: draw.shapes(["W", "x"], [(2, 3), (4, 1)], **o),
    "many shapes": lambda **o: draw.shapes([f"J{i}" for i in range(7)], [(100, 100)] * 7, order="right", **o),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_fits_a_notebook_and_a_slide_and_nothing_overlaps(name, browser):
    assert_fits(PICTURES[name](), browser)


@pytest.mark.parametrize("name", PICTURES)
def test_only_presentation_attributes_in_both_themes(name):
    light, dark = PICTURES[name](), PICTURES[name](theme="dark")
    assert light.text == dark.text and light.svg != dark.svg
    for picture in (light, dark):
        assert not re.search(r"<style| style=| class=|href| id=", picture.svg)
        ElementTree.fromstring(picture.svg)
    with pytest.raises(ValueError, match="no theme 'pink'"):
        PICTURES[name](theme="pink")
