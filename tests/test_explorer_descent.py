"""DescentExplorer and SGDExplorer: what they compute, what they say of it, and that the page says the same."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from backproplab import Tensor, parse
from backproplab.data import thirty_two
from backproplab.derivatives import hessian as hessian_of
from backproplab.draw.plane import Axis, crossings, grid, levels
from backproplab.explore import DescentExplorer, SGDExplorer
from backproplab.explore.descent_explorer import SURFACES
from backproplab.explore.landscape import eigenvalues, hessian
from backproplab.explore.page import page as html
from backproplab.explore.surface import Surface, degree, lowest
from backproplab.optim import SGD, MatrixSGD


@pytest.fixture
def make() -> Iterator:
    made = []

    def make(kind, *arguments, **options):
        made.append(kind(*arguments, **options))
        return made[-1]

    yield make
    for explorer in made:
        explorer.close()


# ---- a function and its curvature ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(4*x+1)^2", 2),
        ("x*y - 3", 2),
        ("x^3", math.inf),
        ("x^0.5", math.inf),
        ("x*x*x", 3),
        ("relu(x)", math.inf),
        ("x/2", 1),
        ("2/x", math.inf),
        ("x", 1),
    ],
)
def test_a_quadratic_is_known_by_its_degree(text, expected):
    assert degree(parse(text)) == expected


def test_second_differences_are_the_hessian():
    surface = Surface("exp(x)*y^2 + sin(x*y)", {"x": 0.3, "y": -0.7})
    found = hessian(lambda p: surface.at(p).gradient, [0.3, -0.7], False)
    exact = hessian_of(lambda t: t[0].exp() * t[1] ** 2 + (t[0] * t[1]).sin(), Tensor([0.3, -0.7]))
    assert np.allclose(found, exact, rtol=1e-6)


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4))
def test_eigenvalues_are_those_of_numpy(entries):
    m = [entries[:2], entries[2:]]
    expected = np.linalg.eigvals(np.array(m))
    found = eigenvalues(m)
    if math.isnan(found[0]):
        assert abs(expected.imag).max() > 0
    else:
        assert np.allclose(found, np.sort(expected.real), atol=1e-5)


def test_newton_finds_the_lowest_point_or_says_that_there_is_none():
    assert lowest(Surface("(x-3)^2 + 2*(y+1)^2", {}).at, [0.0, 0.0], True) == pytest.approx([3.0, -1.0])
    assert lowest(Surface("x^2 - y^2", {}).at, [1.0, 1.0], True) is None
    assert lowest(Surface("log(x)", {}).at, [1.0], False) is None


def test_contours_lie_on_their_level_and_close():
    heights = grid(lambda p: p[0] ** 2 + p[1] ** 2, [0.0, 0.0], 4.0, 81)
    (ring,) = crossings(heights, 1.0)
    assert ring[0] == ring[-1]
    assert all(abs(math.hypot(i / 20 - 2, j / 20 - 2) - 1) < 1e-3 for i, j in ring)
    assert len(crossings(heights, 5.0)) == 4  # one in each corner


def test_a_curve_has_a_gap_where_there_is_no_value():
    explorer = DescentExplorer("sqrt(u^2-1)", u=-1.5)
    assert max(d.count("M") for d in re.findall(r' d="([^"]*)"', explorer.snapshot().svg)) == 2
    explorer.close()


def test_contours_of_a_saddle_do_not_cross_and_holes_are_left_out():
    heights = [[1.0, 0.0], [0.0, 1.0]]
    for level, neighbour in ((0.25, (1, 0.25)), (0.75, (0, 0.25))):  # what is high, or what is low, holds together
        chains = crossings(heights, level)
        assert len(chains) == 2
        (lower,) = (chain for chain in chains if (1 - level, 0) in chain)
        assert neighbour in lower
    assert crossings([[1.0, math.nan], [0.0, 1.0]], 0.5) == []


def test_levels_of_a_bowl_are_even_rings():
    heights = grid(lambda p: p[0] ** 2 + p[1] ** 2, [0.0, 0.0], 4.0, 81)
    radii = np.sqrt([h for h in levels(heights) if h < 4])
    assert np.diff(radii).max() / np.diff(radii).min() < 1.5
    assert levels([[1.0, 1.0], [1.0, 1.0]]) == levels([[math.nan]]) == []


def test_a_short_logarithmic_axis_has_numbers_between_the_powers_of_ten():
    assert Axis("x", 0.8, 40.0, "log").ticks() == [1, 2, 5, 10, 20]
    assert Axis("x", 1.1, 900.0, "log").ticks() == [10, 100]


@pytest.mark.parametrize("scale", ["linear", "log", "count"])
def test_an_axis_has_a_few_round_numbers(scale):
    for low, high in ((1.0, 2.0), (0.013, 940.0), (1e-9, 1e9), (3.0, 3.0)):
        axis = Axis("x", low, high, scale)
        assert len(axis.ticks()) <= 11 and all(
            -1e-6 <= axis.at(tick) <= 1 + 1e-6 for tick in axis.ticks() if low < tick < high
        )


# ---- descent ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "momentum"), [(0.01, 0.0), (0.06, 0.0), (0.02, 0.9)])
def test_a_run_is_that_of_the_optimiser(make, rate, momentum):
    explorer = make(DescentExplorer, "ravine", rate=rate, momentum=momentum)
    w = Tensor([10.0, 1.0])
    optimizer = SGD([w], lr=rate, momentum=momentum)
    for point in explorer.path[:50]:
        assert np.allclose(point, w.data)
        (w * w * [0.5, 12.5]).sum().backward()
        optimizer.step()
        optimizer.zero_grad()


def test_a_run_with_a_matrix_is_that_of_the_optimiser(make):
    matrix = [[0.3, 0.02], [-0.01, 0.05]]
    explorer = make(DescentExplorer, "ravine", matrix=matrix)
    w = Tensor([10.0, 1.0])
    (w * w * [0.5, 12.5]).sum().backward()
    MatrixSGD([w], matrix).step()
    assert explorer.path[1] == pytest.approx(tuple(w.data))


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (
            0.001,
            "η = 0.001 is below 2 ÷ the largest curvature = 2 ÷ 32 = 0.0625: it comes nearer. A step leaves 0.968 of the distance.",
        ),
        (1 / 32, "The step is gradient ÷ curvature in every direction: one step lands at the lowest point."),
        (0.05, "but above half of it: it jumps across and comes nearer. A step leaves 0.6 of"),
        (
            1 / 16,
            "η = 0.0625 is exactly 2 ÷ the largest curvature = 2 ÷ 32 = 0.0625: it jumps across and back for ever.",
        ),
        (0.07, "η = 0.07 is above 2 ÷ the largest curvature = 2 ÷ 32 = 0.0625: each step overshoots"),
        (-0.01, "η = −0.01 is below 0: steps go uphill."),
    ],
)
def test_the_verdict_on_a_learning_rate(make, rate, words):
    assert words in make(DescentExplorer, "(4*x+1)^2", rate=rate).verdict


def test_one_step_for_ever_or_gone(make):
    explorer = make(DescentExplorer, "(4*x+1)^2", rate=1 / 32)
    assert explorer.path == [(1.0,), (-0.25,)]
    explorer.rate = 1 / 16
    assert explorer.path[:4] == [(1.0,), (-1.5,), (1.0,), (-1.5,)]
    explorer.rate = 0.07
    assert round(explorer.path[20][0]) == 92
    explorer.step = 300  # so far away that x + 1 is x
    assert "2 ÷ the largest curvature = 2 ÷ 32" in explorer.verdict
    for rate, steps in ((0.001, 220), (0.01, 19)):
        explorer.rate = rate
        assert next(k for k, (x,) in enumerate(explorer.path) if abs(x + 0.25) <= 1e-3) == steps


def test_a_ravine_and_its_matrices(make):
    explorer = make(DescentExplorer, "0.5*(w1^2 + 25*w2^2)", w1=10.0, w2=1.0, rate=2 / 26)
    assert "From (10, 1), −gradient points 62° away from the minimum (0, 0)." in explorer.verdict
    assert explorer.losses[87] <= 1e-6 * explorer.losses[0] < explorer.losses[86]
    explorer = make(DescentExplorer, "ravine", matrix=[1, 1 / 25])
    assert explorer.path[1:] == [pytest.approx((0.0, 0.0), abs=1e-15)]
    assert "−M·gradient points 0° away" in explorer.verdict
    explorer = make(DescentExplorer, "ravine", matrix=[0.04, 0])
    assert {w2 for _, w2 in explorer.path} == {1.0}
    assert "away from the minimum" in explorer.verdict
    explorer.fog = 2.0
    assert "away from the minimum" not in explorer.verdict
    assert "In one direction no step ever moves" in explorer.verdict


def test_a_gradient_in_the_null_space_moves_nothing(make):
    explorer = make(DescentExplorer, "2.5*u + 2.5*v", matrix=[[1, -1], [-1, 1]])
    assert explorer.steps == 0 and "The gradient here is (2.5, 2.5), but the step made of it is 0" in explorer.sentence


def test_elsewhere_the_curvature_is_that_of_here(make):
    explorer = make(DescentExplorer, "x^4", x=2.0, rate=0.1)
    assert "If the curvature were everywhere as it is here: η = 0.1 is above 2 ÷ the largest curvature = 2 ÷ 48 = 0.04167" in explorer.verdict
    assert "bends downwards" in make(DescentExplorer, "cos(x)", x=0.1).verdict
    assert "below 0: that way it goes down ever more" in make(DescentExplorer, "saddle").verdict


@pytest.mark.parametrize(
    ("text", "start", "rate", "words"),
    [
        ("x^2+y", {}, 0.1, "in one direction the curvature is 0: there the slope never changes."),  # it does move there
        ("x^2+y^2", {}, 0.0, "With a learning rate of 0, no step ever moves."),
        ("abs(x)", {"x": 0.0}, 0.1, "Here is a kink: the slope jumps, so there is no curvature"),
        ("abs(x)", {"x": 5e-5}, 0.1, "Here is a kink"),  # so near that no difference can tell
        ("abs(x)", {"x": 0.1}, 0.1, "The curvature here is 0"),
        ("x^4", {"x": 0.0}, 0.1, "If the curvature were everywhere"),  # flat, but no kink
        ("x^2 + abs(y)", {"x": 1.0, "y": 0.0}, 0.1, "Here is a kink"),
        ("banana", {"x": -0.9844, "y": 1.088}, 0.001, "the smallest curvature is −9.705, below 0: that way steps grow."),
    ],
)
def test_a_verdict_says_no_more_than_is_true(make, text, start, rate, words):
    assert words in make(DescentExplorer, text, **start, rate=rate).verdict


def test_nothing_is_said_of_angles_and_curvatures_beyond_floats(make):
    explorer = make(DescentExplorer, "ravine", matrix=[[1e308, 0.0], [0.0, 1e308]])
    assert "above 2" in explorer.verdict and "°" not in explorer.verdict
    assert make(DescentExplorer, "e^x*y", x=700.0).verdict == ""
    assert "L = ∞" in make(DescentExplorer, "x^2", x=1e200).snapshot().alt


def test_the_legend_shows_what_is_drawn(make):
    svg = make(DescentExplorer, "ravine").snapshot().svg
    assert "−gradient" in svg and "straight to the minimum" in svg
    svg = make(DescentExplorer, "(4*x+1)^2").snapshot().svg
    assert "tangent" in svg and "straight" not in svg
    svg = make(SGDExplorer).snapshot().svg
    assert "one sample: no slope along b" in svg and "alone, it would raise it" in svg


def test_momentum_moves_the_limit(make):
    explorer = make(DescentExplorer, "(4*x+1)^2", rate=0.07, momentum=0.5)
    assert "η = 0.07 is below 2·(1 + 0.5) ÷ the largest curvature = 0.09375: it comes nearer." in explorer.verdict
    assert abs(explorer.path[-1][0] + 0.25) < 1e-9
    assert "leaves 0.7071 of the distance in the long run." in explorer.verdict
    explorer.step = 2
    (a,), (b,), (c,) = explorer.path[:3]
    assert c - b == pytest.approx(0.5 * (b - a) - 0.07 * 8 * (4 * b + 1))
    assert ", so, with 0.5 of the move before, x moves by " in explorer.sentence


def test_nan_and_infinity_are_explained(make):
    explorer = make(DescentExplorer, "log(x)", x=0.5, rate=0.3)
    explorer.step = explorer.steps
    assert explorer.sentence.endswith(
        "L goes from −0.6931 to nan. log(−0.1) has no value: log needs a number above 0. "
        "So there is no gradient to step by: every number from here on would be nan."
    )
    explorer = make(DescentExplorer, "x^4", x=5.0, rate=0.3)
    explorer.step = explorer.steps
    assert "L goes from 3.504e+237 to ∞. That is more than a float can hold" in explorer.sentence


@pytest.mark.parametrize(
    ("trait", "value", "words"),
    [
        ("matrix", [[1.0, 2.0], [2.0, 1.0]], "eigenvalue −1"),
        ("matrix", [[1.0]], "two rows of two"),
        ("matrix", [], "two rows of two"),
        ("matrix", [[math.nan, 0.0], [0.0, 1.0]], "finite"),
        ("rate", math.nan, "finite"),
        ("momentum", 1.0, "not including, 1"),
        ("fog", -1.0, "at least 0"),
        ("width", 0.0, "1e-9 to 1e9"),
        ("length", 0, "from 1 to 10,000"),
        ("start", {"x": math.inf}, "finite"),
        ("start", {"x": "far"}, "one real number"),
        ("kind", "cube", "kind"),
    ],
)
def test_junk_is_refused_in_one_sentence_and_changes_nothing(make, trait, value, words):
    explorer = make(DescentExplorer, "(4*x+1)^2")
    before = explorer.get_state()
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        explorer.set_trait(trait, value)
    assert explorer.get_state() == before


def test_an_expression_that_cannot_be_read_is_explained_and_the_picture_stays(make):
    explorer = make(DescentExplorer, "(4*x+1)^2", rate=0.07)
    picture = explorer.snapshot().svg
    for text, words in (
        ("4*x+", "column 5"),
        ("2", "Found none"),
        ("x*y*z", "Found 3: x, y, z"),
        ("log(x-1)", "log(0) has no value"),
    ):
        explorer.expression = text
        assert words in explorer.error
        assert explorer.snapshot().svg == picture
    explorer.start = {"x": 2.0}  # there, log(x − 1) has a value
    assert explorer.error == "" and "log(x−1)" in explorer.snapshot().alt


@pytest.mark.parametrize("kind", [DescentExplorer, SGDExplorer])
def test_another_expression_with_other_parameters_begins_anew(make, kind):
    explorer = make(kind) if kind is SGDExplorer else make(kind, "(4*x+1)^2", rate=0.07)
    explorer.step = 5
    explorer.expression = "0.5*(u+v-y)^2" if kind is SGDExplorer else "0.5*(u^2+9*v^2)"
    assert explorer.error == "" and explorer.step == 0
    assert explorer.start == {"u": 1.0, "v": 1.0} and explorer.steps > 0


def test_the_window_is_a_number_that_a_box_can_show():
    assert DescentExplorer("2.5*(x-2)^2 + 1", x=5.0).width == 7.8  # 2.6·3 = 7.800000000000001


@pytest.mark.parametrize("kind", [DescentExplorer, SGDExplorer])
def test_a_point_that_leaves_the_window_is_said_to_have_left(make, kind):
    explorer = make(kind, rate=30.0) if kind is SGDExplorer else make(kind, "(4*x+1)^2", rate=0.07)
    assert "outside" not in explorer.sentence
    explorer.step = 4
    assert "The point is outside the window." in explorer.sentence
    explorer.width = 1e9
    assert "outside" not in explorer.sentence


def test_a_shorter_run_takes_the_step_back(make):
    explorer = make(DescentExplorer, "(4*x+1)^2", rate=0.07)
    explorer.step = 100
    explorer.rate = 1 / 32
    assert explorer.step == explorer.steps == 1


@pytest.mark.parametrize("name", SURFACES)
def test_on_every_named_surface_it_goes_down_except_on_the_staircase(make, name):
    explorer = make(DescentExplorer, name)
    assert (min(explorer.losses) < explorer.losses[0]) is (name != "staircase")
    assert explorer.snapshot().alt.startswith("descent on ")


def test_the_picture_is_the_same_each_time_and_the_repr_makes_it_again(make):
    explorer = make(DescentExplorer, "ravine", matrix=[[0.1, 0.0], [0.0, 0.05]], fog=3.0)
    again = make(DescentExplorer, *eval(repr(explorer).replace("DescentExplorer", "(lambda *a, **k: (a, k))"))[0])
    assert repr(explorer) == 'DescentExplorer("ravine", matrix=[[0.1, 0.0], [0.0, 0.05]], fog=3.0, w1=10.0, w2=1.0)'
    assert again.snapshot().alt != explorer.snapshot().alt
    assert explorer.snapshot().svg == explorer.snapshot().svg
    assert "style" not in explorer.snapshot().svg and " id=" not in explorer.snapshot().svg
    explorer.length = 3
    assert len({frame.alt for frame in explorer.frames()}) == 4


# ---- stochastic descent ----------------------------------------------------------------------------


def test_thirty_two_opinions(make):
    explorer = make(SGDExplorer)
    assert explorer.minimum == pytest.approx({"w": 1.4625, "b": -0.3549}, abs=1e-4)
    for start, raising in (
        ((-0.5, 3.0), (0, 0)),
        ((0.0, 0.0), (10, 0)),
        ((1.7625, -0.3549), (18, 0)),
        (explorer.minimum.values(), (32, 0)),
    ):
        explorer.start = dict(zip("wb", start))
        assert explorer.raising == raising


def test_a_run_is_that_of_the_optimiser_on_the_same_samples(make):
    explorer = make(SGDExplorer, batch=4, replacement=False, rate=0.3)
    x, y = thirty_two()
    w = Tensor([-0.5, 3.0])
    optimizer = SGD([w], lr=0.3)
    seen = []
    for k, stop in enumerate(explorer._at().run[1:17]):
        rows = stop.rows
        seen += rows
        ((w[0] * x[rows] + w[1] - y[rows]) ** 2 * 0.5).mean().backward()
        optimizer.step()
        optimizer.zero_grad()
        assert np.allclose(explorer.path[k + 1], w.data)
    assert sorted(seen[:32]) == sorted(seen[32:]) == list(range(32)) and seen[:32] != seen[32:]


def test_copies_cost_the_full_batch_and_nothing_else(make):
    explorer = make(SGDExplorer, batch="all", rate=1.44)
    losses = explorer.losses
    explorer.copies = 64
    assert explorer.losses == losses and explorer.seen[:3] == [0, 2048, 4096]
    assert losses[4] - 0.11629599 == pytest.approx(0.0103, abs=1e-4)  # after 128 samples
    explorer.batch, explorer.rate = 1, 0.2
    assert explorer.seen[:3] == [0, 1, 2] and explorer.losses[17] < 1
    assert "B = 1, with replacement" in explorer.snapshot().alt
    explorer.batch = "all"
    assert "all of 64×32 samples a step" in explorer.snapshot().alt and "replacement" not in explorer.snapshot().alt


def test_the_spread_follows_sigma_over_root_b(make):
    spread = make(SGDExplorer).spread
    assert spread.sizes == [1, 2, 4, 8, 16, 32]
    assert [round(x, 3) for x in spread.theory_with] == [2.646, 1.871, 1.323, 0.936, 0.662, 0.468]
    assert [round(x, 3) for x in spread.theory_without] == [2.646, 1.841, 1.257, 0.823, 0.475, 0]
    for measured, theory in ((spread.with_replacement, spread.theory_with), (spread.without, spread.theory_without)):
        assert measured == pytest.approx(theory, rel=0.15, abs=1e-12)


def test_the_same_seed_gives_the_same_run_and_another_another(make):
    explorer = make(SGDExplorer, seed=3)
    path = explorer.path
    explorer.seed = 4
    assert explorer.path != path
    explorer.seed = 3
    assert explorer.path == path == make(SGDExplorer, seed=3).path


KEPT = {"start": {"w": 0.0, "b": 1.0}, "rate": 0.1, "batch": 1, "replacement": True, "copies": 1, "seed": 0}
JUNK = [
    ({"start": 1.0}, "kept needs the settings"),
    ({"start": {"w": "far"}}, "one real number"),
    ({"rate": math.nan}, "rate needs a finite number"),
    ({"batch": -2}, "batch needs a whole number"),
    ({"batch": "none"}, "batch needs a whole number"),
    ({"copies": 1.5}, "copies needs a whole number"),
    ({"replacement": "yes"}, "True or False"),
    ({"seed": None}, "a whole number as seed"),
]


def test_too_large_a_step_ends_and_says_so(make):
    explorer = make(SGDExplorer, rate=1e200)
    explorer.step = explorer.steps
    assert "more than a float can hold" in explorer.sentence
    assert explorer.snapshot().text


@pytest.mark.parametrize(
    ("trait", "value", "words"),
    [
        ("batch", 0, "whole number from 1"),
        ("copies", 65, "from 1 to 64"),
        ("data", {"x": [1.0], "y": [1.0, 2.0]}, "equally many"),
        ("data", {"x": [math.nan]}, "finite"),
        ("data", {}, "got none"),
        ("data", {"x": 5}, "lists of numbers by their names"),
        ("kept", [{"rate": 1.0}], "kept needs the settings"),
        *(("kept", [KEPT | junk], words) for junk, words in JUNK),
    ],
)
def test_junk_is_refused_by_the_stochastic_one_as_well(make, trait, value, words):
    explorer = make(SGDExplorer)
    before = explorer.get_state()
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        explorer.set_trait(trait, value)
    assert explorer.get_state() == before


def test_a_matrix_is_two_numbers_or_two_rows():
    for matrix in ([], [1, 2, 3], [[1.0]]):
        with pytest.raises(traitlets.TraitError, match="two rows of two"):
            DescentExplorer("ravine", matrix=matrix)


def test_one_sample_and_none_left_over(make):
    explorer = make(SGDExplorer, "log(w*x)", data={"x": [1.0]}, rate=5.0)
    assert explorer.sentence == "Start at w = 1: the average loss of 1 sample is 0."
    explorer.fan = True
    assert explorer.verdict.startswith("All 1 step of a single sample")
    explorer.step = 1
    assert "Its own loss goes from 0 to nan" in explorer.sentence and explorer.verdict == ""
    explorer = make(SGDExplorer, w=1e200)  # no rate is to blame for where it begins
    assert explorer.sentence.endswith("is ∞. That is more than a float can hold.")
    assert make(SGDExplorer).spread.without[-1] == 0


def test_another_loss_and_other_data(make):
    explorer = make(SGDExplorer, "log(1+exp(-y*(w*x+b)))", data={"x": [1.0, -2.0, 0.5], "y": [1.0, -1.0, -1.0]})
    assert explorer.steps == 320 and explorer.losses[-1] < explorer.losses[0]
    explorer.expression = "w*w"
    assert "needs a column of the data" in explorer.error
    explorer.expression = "abs(w*x-y)"
    assert explorer.error == "" and list(explorer.start) == ["w"]
    explorer.data = {"x": [1.0, 2.0], "y": [2.0, 4.0]}
    assert explorer.error == "" and len(explorer.spread.sizes) == 2


# ---- the page says and draws the same --------------------------------------------------------------

TOLD = """(explorer) => ({
    alt: explorer.querySelector("svg").getAttribute("aria-label"),
    sentence: explorer.querySelector(".bpl-sentence").textContent,
    verdict: [...explorer.querySelectorAll(".bpl-verdict")].map((it) => it.textContent),
    lines: [...explorer.querySelectorAll("svg path")].map((it) => it.getAttribute("d")),
    words: [...explorer.querySelectorAll("svg text")].map((it) => it.textContent),
})"""

STATES = {
    "ravine": lambda: DescentExplorer("ravine"),
    "matrix": lambda: DescentExplorer("ravine", matrix=[[0.1, 0.02], [-0.01, 0.04]], fog=4.0),
    "momentum": lambda: DescentExplorer("four", rate=0.005, momentum=0.8, length=40),
    "complex": lambda: DescentExplorer("bowl", matrix=[[0.5, -0.8], [0.8, 0.5]]),
    "banana": lambda: DescentExplorer("banana", width=0.5),
    "valley": lambda: DescentExplorer("valley", fog=1.0, width=5.0),
    "chain": lambda: DescentExplorer("(4*x+1)^2", rate=0.07),
    "nan": lambda: DescentExplorer("log(x)", x=0.5, rate=0.3),
    "huge": lambda: DescentExplorer("x^4", x=5.0, rate=0.3),
    "slope": lambda: DescentExplorer("x^2+y"),
    "still": lambda: DescentExplorer("ravine", rate=0.0),
    "too far": lambda: DescentExplorer("x^2", x=1e200),
    "too long": lambda: DescentExplorer("ravine", matrix=[[1e308, 0.0], [0.0, 1e308]]),
    "beyond": lambda: DescentExplorer("exp(x)*y", x=700.0),
    "corner": lambda: DescentExplorer("abs(x)", x=0.0),
    "one sample": lambda: SGDExplorer("log(w*x)", data={"x": [1.0]}, rate=5.0),
    "far": lambda: SGDExplorer(w=1e200),
    "one": lambda: SGDExplorer(),
    "shuffled": lambda: SGDExplorer(batch=8, replacement=False, seed=5, copies=3, width=2.0),
    "everything": lambda: SGDExplorer(batch="all", rate=1.44),
    "logistic": lambda: SGDExplorer("log(1+exp(-y*w*x))", data={"x": [1.0, 2.0, -1.0], "y": [1.0, -1.0, 1.0]}),
}


@pytest.mark.parametrize("name", STATES)
def test_the_page_says_and_draws_what_python_does(browser, tmp_path: Path, name):
    explorer = STATES[name]()
    if name == "one":
        explorer.kept = [{**explorer._at().settings, "batch": "all"}]
    page = browser.new_page()
    for step in (0, 1, 7, explorer.steps):
        explorer.step = step
        if isinstance(explorer, SGDExplorer):
            explorer.fan = step == 7
        (tmp_path / "page.html").write_text(html(explorer), encoding="utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        expect(page.locator(".bpl-picture svg")).not_to_have_count(0)
        found, picture = page.locator(".bpl-explorer").evaluate(TOLD), explorer.snapshot()
        noise = [explorer._at().noise] if isinstance(explorer, SGDExplorer) else []
        assert (found["alt"], found["sentence"], found["verdict"]) == (picture.alt, explorer.sentence, [explorer.verdict, *noise])
        assert found["words"] == [text for text in re.findall(r"<text[^>]*?(?:/>|>(.*?)</text>)", picture.svg)]
        drawn = re.findall(r'<path d="([^"]*)"', picture.svg)
        assert [len(d) for d in found["lines"]] == pytest.approx([len(d) for d in drawn], abs=40)
        for theirs, ours in zip(found["lines"], drawn):
            assert numbers(theirs) == pytest.approx(numbers(ours), abs=0.21)
    page.close()
    explorer.close()


def numbers(d: str) -> list[float]:
    return [float(x) for x in re.findall(r"-?[\d.]+", d)]
