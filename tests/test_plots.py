"""Plots say in words what they show, are the same bytes every time, and can be read by everybody in the room."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import combinations
from math import cos, exp, inf, log, nan, sin, sqrt
from pathlib import Path

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from gallery_plots import PLOTS, wave
from matplotlib.figure import Figure
from matplotlib.text import Text

from backproplab import Value, parse
from backproplab.draw import plots
from backproplab.draw.plots.canvas import STYLE

SMALLEST_LETTERS = 13  # points at 100 pixels an inch: 18 pixels where a plot is shown as wide as it was made


@cache
def drawn(name: str) -> tuple[plots.Plot, list[Figure]]:
    """A plot of the gallery, and the figures that it was made of."""
    return with_figures(PLOTS[name])


def with_figures(draw: Callable[[], plots.Plot]) -> tuple[plots.Plot, list[Figure]]:
    """What is drawn, and its figures, which otherwise are let go once they are on paper."""
    figures: list[Figure] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plots.Canvas, "close", lambda self: figures.append(self.figure))
        return draw(), figures


every_plot = pytest.mark.parametrize("name", PLOTS)


# ---- what every plot is -----------------------------------------------------------------------------


@every_plot
def test_a_plot_carries_its_alt_text_and_its_facts(name) -> None:
    plot, _ = drawn(name)
    shown = plot._repr_mimebundle_()
    assert plot.alt and "\n" not in plot.alt
    assert shown["text/html"].startswith("<img ") and "data:image/png;base64," in shown["text/html"]
    assert shown["text/plain"] == plot.text == repr(plot)
    assert plot.text.startswith(plot.alt) and "\n" in plot.text
    assert "nan" not in plot.text and "∞" not in plot.text and "-" not in plot.text.replace("held-out", "")
    assert b"Software" not in plot.png


@every_plot
def test_no_letter_is_small_cut_off_or_hidden_by_the_legend(name) -> None:
    _, figures = drawn(name)
    assert figures, "a figure was kept: its megabytes stay until Python looks for what is not needed"
    with matplotlib.style.context(["default", STYLE]):
        for figure in figures:
            look_at(figure)


def look_at(figure: Figure) -> None:
    page = figure.bbox
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            assert text.get_fontsize() >= SMALLEST_LETTERS, text.get_text()
    for axes in figure.axes:
        box = axes.get_tightbbox()
        assert box.x0 >= -3 and box.y0 >= -3 and box.x1 <= page.x1 + 3 and box.y1 <= page.y1 + 3
    for legend in figure.legends:
        box = legend.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= page.x1 + 1 and box.y1 <= page.y1 + 1
        assert not any(box.overlaps(axes.get_window_extent()) for axes in figure.axes)


def test_two_hash_seeds_give_the_same_bytes() -> None:
    code = (
        "import hashlib, gallery_plots\n"
        "for name in gallery_plots.plots.__all__:\n"
        "    if name not in gallery_plots.PLOTS: continue\n"
        "    plot = gallery_plots.PLOTS[name](); print(name, hashlib.sha256(plot.png + plot.text.encode()).hexdigest())"
    )
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed},
        )
        for seed in "12"
    ]
    first, second = (run.communicate()[0] for run in runs)
    assert first == second and first.count("\n") == 13
    plot, _ = drawn("curves")
    assert f"curves {hashlib.sha256(plot.png + plot.text.encode()).hexdigest()}\n" in first


def test_the_reader_s_own_settings_change_nothing() -> None:
    before = PLOTS["curves"]()
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "black"}):
        assert PLOTS["curves"]() == before
        assert matplotlib.rcParams["font.size"] == 30


def test_alt_text_is_escaped() -> None:
    assert 'alt="&quot;a&quot; &lt; b"' in plots.curves({"x": lambda x: x}, alt='"a" < b').html()


def test_a_plot_is_saved_as_png(tmp_path) -> None:
    plot = plots.rectangle(1, 1, 1, 1)
    plot.save(tmp_path / "corner.png")
    assert (tmp_path / "corner.png").read_bytes() == plot.png
    with pytest.raises(ValueError, match="expected a name that ends in .png"):
        plot.save(tmp_path / "corner.svg")


# ---- what the words say -----------------------------------------------------------------------------

FACTS = {
    "curves-activations": ["“slope of relu”: 203 points", "lowest 0, highest 1, in 2 pieces"],
    "curves-schedules": ["step_decay(0.2, 64)”: 209 points", "(256, 0.0125)", "in 5 pieces"],
    "curves-staircase": ["“staircase”", "in 74 pieces", "“hole”: 201 points", "lowest 0.304"],
    "curves-gap": ["“log x”: 134 points", "“1/x”: 201 points", "in 2 pieces"],
    "curves-fit": ["points “32 samples”: 32 of them, −0.99 to 0.99", "on average (0.0694, −0.253)"],
    "curves-graph": ["line “σ(3x)”: 201 points, (−3, 0.000123) to (3, 1)"],
    "beside": ["1: L(p) over p from −2.2 to 2.2; 2: L(p) over p from −1.53 to −1.43", "p from −1.54 to −1.42"],
    "losses": ["tanh, training from 0.8", "“tanh, held out”: 300 points", "loss from 0 to"],
    "losses-samples": ["B = 32 from 5.914 to 0.003988", "samples seen from"],
    "spread": ["without replacement from 2.649 at B = 1 to 0 at B = 32", "law σ/√B with σ = 2.646", "(32, 0.468)", "written: 0"],
    "bars": ["= for += 48.9", "patch “right”: 0 to 98.6", "written: 97.8"],
    "bars-groups": ["10 layers: written 120, different 30", "patch “3 layers different”: 0 to 9"],
    "bars-layer": ["output of 32: lowest 0, highest 4.206, 16 of them 0", "points “exactly 0”: 16 of them"],
    "contours": ["full batch from (−0.5, 3), where it is 6.03, in 12 steps to (1.45, −0.354), where it is 0.116", "contour without a label at 0.19"],
    "contours-opinions": ["32 arrows, the mean (0.525, −3.22)", "arrows “their mean, × 0.2”: from (−0.5, 3)"],
    "contours-troughs": ["the troughs of 32 samples", "region “sample 31”:"],
    "contours-saddle": ["both at once from (1, 0)", "in 100 steps to (−1.41, −0.849)", "in turns from (1, 0)"],
    "contours-matrix": ["M = diag(1, 1/25) from (10, 1), where it is 62.5, in 1 step to (0, 0), where it is 0", "w1 from −2 to 11"],
    "decision_boundary": ["decision boundary between 2 classes", "contour “boundary” at 0", "points “class 1”: 100 of them"],
    "decision_boundary-collapse": ["1: without bends: decision boundary", "with tanh: x₁ from"],
    "decision_boundary-three": ["between 3 classes", "region “class 2”"],
    "decision_boundary-prototypes": ["between 4 classes, 5 of 80 points on the wrong side", "points “prototypes”: (−1, −0.6), (1, −0.5)"],
    "heatmap-row": ["with row 1 framed: (−0.153, 0.181, −0.0206, −0.00759)", "patch “row 1”: −0.5 to 3.5 by 0.5 to 1.5"],
    "heatmap-large": ["60 × 600 matrix, unit by pixel"],
    "heatmap-two": ["∂out/∂w: 2 × 8 matrix", "(0.5, −1, 2, 0, 0, 0, 1, 0)"],
    "digits": ["14 images, 10 read right; wrong: image 10, read as", "cells “0 ✓ 0”: 8 × 8, sum 20.7"],
    "digits-plain": ["5 images: 6, 6, 6, 2, 5"],
    "digits-gradient": ["the image: 1 image: 0", "cells “matrix”: 8 × 8, sum"],
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_a_plot_says_what_it_shows(name) -> None:
    for fact in FACTS[name]:
        assert fact in drawn(name)[0].text


def bowl(w: float, b: float) -> float:
    return w * w + b * b


def shifted(w: float, b: float) -> float:
    return (w - 0.1) ** 2 + b * b


POINTS = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 2.0]])
DIGIT, OTHER = np.eye(8)[None], np.eye(8)[None, ::-1] * 0.5


DIFFERENT = [
    (plots.curves, {"lines": {"f": sin}}, {"lines": {"f": cos}}),
    (plots.curves, {"lines": {"f": sin}}, {"lines": {"g": sin}}),
    (plots.curves, {"lines": {"f": sin}}, {"lines": {"f": sin}, "span": (0, 1)}),
    (plots.curves, {"lines": {}, "marks": {"P": (1, 2)}}, {"lines": {}, "marks": {"P": (1, 2.1)}}),
    (plots.curves, {"lines": {"f": [1, 2, 3]}}, {"lines": {"f": [1, nan, 3]}}),
    (plots.losses, {"runs": {"f": [3, 2, 1]}}, {"runs": {"f": [3, 2, 1.5]}}),
    (plots.losses, {"runs": {"f": [3, 2, 1]}}, {"runs": {"f": [3, 2, 1]}, "log": True}),
    (plots.spread, {"sigma": 2, "measured": {"m": ([1, 4], [2, 1])}}, {"sigma": 2, "measured": {"m": ([1, 4], [2, 2])}}),
    (plots.tangent, {"f": wave, "at": 1.3, "slope": 0.7}, {"f": wave, "at": 1.3, "slope": 0.8}),
    (plots.step_error, {"f": wave, "x": 1.3, "slope": cos(1.3) * wave(1.3)}, {"f": wave, "x": 1.3, "slope": 0.7}),
    (plots.rectangle, {"a": 3, "b": 4, "da": 1, "db": 1}, {"a": 3, "b": 4, "da": 1, "db": 0.5}),
    (plots.nudges, {"f": wave, "at": {"x": 1.0}}, {"f": wave, "at": {"x": 1.1}}),
    (plots.bars, {"values": {"a": 1, "b": 2}}, {"values": {"a": 1, "b": 2.1}}),
    (plots.bars, {"values": [1, 2, 3]}, {"values": [1, 2.5, 3]}),
    (plots.contours, {"f": bowl, "span": (-1, 1), "levels": [0.5]}, {"f": shifted, "span": (-1, 1), "levels": [0.5]}),
    (plots.contours, {"f": bowl, "paths": {"p": [(1, 0), (0, 0)]}}, {"f": bowl, "paths": {"p": [(1, 0), (0.1, 0)]}}),
    (
        plots.contours,
        {"f": bowl, "span": (-1, 1), "arrows": {"g": ((0, 0), [(1, 0), (0, 1)])}},
        {"f": bowl, "span": (-1, 1), "arrows": {"g": ((0, 0), [(1, 0), (0, 0.9)])}},
    ),
    (
        plots.contours,
        {"f": bowl, "span": (-1, 1), "samples": [bowl, bowl], "trough": 0.1},
        {"f": bowl, "span": (-1, 1), "samples": [bowl, shifted], "trough": 0.1},
    ),
    (plots.heatmap, {"matrix": np.ones((7, 7))}, {"matrix": np.ones((7, 7)) - np.eye(7)}),
    (plots.heatmap, {"matrix": np.ones((2, 3))}, {"matrix": np.ones((2, 3)), "column": 1}),
    (plots.digits, {"images": DIGIT}, {"images": OTHER}),
    (plots.digits, {"images": DIGIT, "labels": [1], "predictions": [1]}, {"images": DIGIT, "labels": [1], "predictions": [7]}),
    (
        plots.decision_boundary,
        {"classify": lambda X: X[:, 0] - 1, "points": POINTS, "labels": [0, 1, 0, 1]},
        {"classify": lambda X: X[:, 0] - 1.2, "points": POINTS, "labels": [0, 1, 0, 1]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("draw", "right", "wrong"), DIFFERENT, ids=[f"{draw.__name__}-{i}" for i, (draw, *_) in enumerate(DIFFERENT)]
)
def test_a_wrong_plot_has_other_words(draw, right, wrong) -> None:
    def facts(given: dict) -> str:
        plot = draw(**given)
        return plot.text.removeprefix(plot.alt)

    assert facts(right) != facts(wrong)


def test_slopes_of_tangent_and_secants_are_written() -> None:
    plot = plots.tangent(lambda x: 3 * x * x + 4 * x, 2.0, steps=(1, 0.1, 0.01))
    for slope in ("tangent: slope 16", "step 1: slope 19", "step 0.1: slope 16.3", "step 0.01: slope 16.03"):
        assert slope in plot.text


def test_the_corner_is_named_and_shrinks_fastest() -> None:
    assert "“da·db = 1”: 3 to 4 by 4 to 5" in plots.rectangle(3, 4, 1, 1).text
    assert "“da·db = 0.01”" in plots.rectangle(3, 4, 0.1, 0.1).text


def test_nudges_say_how_far_each_input_moves_the_output() -> None:
    plot = plots.nudges(lambda a, b: a - 2 * b, {"a": 3.0, "b": 4.0}, h=1.0)
    assert "“a moves by 1”: 0 to 1 by" in plot.text
    assert "−2 = −2 × 1" in plot.text


# ---- what can be drawn ------------------------------------------------------------------------------


def test_a_line_is_interrupted_at_a_jump_but_not_where_it_is_steep() -> None:
    text = plots.curves(
        {"step": lambda x: float(x > 0.1), "steep": lambda x: 1 / (1 + exp(-500 * x)), "root": lambda x: sqrt(abs(x))},
        (-1, 1),
    ).text
    assert "line “step”: 203 points" in text and text.count("pieces") == 1
    noisy = plots.curves({"level, but for rounding": lambda x: ((3 + x) * 4 - 12) / x}, (0.01, 2)).text
    assert "201 points" in noisy


def test_numbers_may_be_alone_or_pairs_or_have_gaps() -> None:
    text = plots.curves({"alone": [3, 2, 1], "pair": ([1, 2], [5, 6]), "gap": [0, 1, inf, nan, 4, 5]}).text
    for fact in (
        "“alone”: 3 points, (0, 3) to (2, 1)",
        "“pair”: 2 points, (1, 5) to (2, 6)",
        "“gap”: 4 points, (0, 0) to (5, 5)",
        "in 2 pieces",
    ):
        assert fact in text
    assert plots.losses({"a": [2.0, inf, nan]}).alt == "loss against step: a from 2 to 2, not a finite number 2 times"


def test_contours_take_numbers_a_vector_or_a_graph() -> None:
    ways = [
        bowl,
        lambda v: v @ v,
        lambda v: Value(v[0]) ** 2 + v[1] * v[1],
        parse("w^2 + b^2"),
        parse("c*(w^2 + b^2)", c=1.0),
    ]
    shown = [plots.contours(way, (-1, 1), x="w", y="b", levels=[0.5]).text for way in ways]
    assert shown == [shown[0]] * len(ways)


def test_a_function_without_value_leaves_a_hole() -> None:
    assert "contour" in plots.contours(lambda w, b: log(w) + b * b, (-1, 1)).text


def test_arrows_are_drawn_as_long_as_the_legend_says() -> None:
    arrows = {"g": ((0, 0), [(3.0, 0.0), (1.0, 0.0)])}
    assert (
        "arrows “g, × 0.2”: 2 from (0, 0), on average (0.4, 0), lengths 0.2 to 0.6"
        in plots.contours(bowl, (-1, 1), arrows=arrows).text
    )
    assert (
        "arrows “g”: 2 from (0, 0), on average (2, 0)" in plots.contours(bowl, (-1, 1), arrows=arrows, scale=1.0).text
    )


@pytest.mark.parametrize(
    ("classify", "options"),
    [
        (lambda X: X[:, 0] - 1.5, {}),
        (lambda X: 1 / (1 + np.exp(1.5 - X[:, :1])), {"threshold": 0.5}),
        (lambda X: np.column_stack([0 * X[:, 0], X[:, 0] - 1.5]), {}),
        (lambda X: (X[:, 0] > 1.5).astype(int), {}),
        (lambda point: Value(float(point[0])) - 1.5, {}),
        (lambda point: [Value(0.0), Value(float(point[0])) - 1.5], {}),
    ],
    ids=["scores", "probabilities", "scores of classes", "labels", "one point at a time", "scores at a time"],
)
def test_a_classifier_answers_in_many_ways(classify, options) -> None:
    text = plots.decision_boundary(classify, POINTS, [0, 1, 0, 1], **options).text
    assert "2 of 4 points on the wrong side" in text and "points “on the wrong side”: (1, 0), (2, 1)" in text
    line = next(fact for fact in text.splitlines() if "boundary”" in fact)
    assert [round(float(x), 1) for x in line.split(": ")[1].split(" by ")[0].split(" to ")] == [1.5, 1.5]


def test_digits_come_in_several_shapes() -> None:
    image = np.eye(8)
    ways = (image, image.ravel(), image[None], image.reshape(1, 64))
    assert len({plots.digits(way, [1]).text for way in ways}) == 1
    assert plots.digits(np.zeros((64, 64))).alt == "64 images"


def test_plots_stand_side_by_side_or_in_rows() -> None:
    small = plots.curves({"f": sin}, size=(300, 200))
    assert plots.beside(small, small, small).width == 900
    assert plots.beside(small, small, small, columns=2).width == 600
    assert plots.beside(small).alt == small.alt


BAD = {
    "no lines": lambda: plots.curves({}),
    "not by label": lambda: plots.curves([sin]),
    "neither function nor numbers": lambda: plots.curves({"f": "sin"}),
    "as many x as y": lambda: plots.curves({"f": ([1, 2], [1, 2, 3])}),
    "nothing finite": lambda: plots.losses({"f": [nan, nan]}),
    "empty run": lambda: plots.losses({"f": []}),
    "no value anywhere": lambda: plots.curves({"log": log}, (-2, -1)),
    "negative on a logarithmic axis": lambda: plots.losses({"f": [1.0, -1.0]}, log=True),
    "zero on a logarithmic x": lambda: plots.curves({"f": sin}, (0, 1), log="x"),
    "unknown axis": lambda: plots.curves({"f": sin}, log="z"),
    "span the wrong way": lambda: plots.curves({"f": sin}, (1, 0)),
    "mark without y": lambda: plots.curves({"f": sin}, marks={"P": 3}),
    "mark with nan": lambda: plots.curves({"f": sin}, marks={"P": (1, nan)}),
    "graph with two variables": lambda: plots.curves({"f": parse("u*v")}),
    "no tangent": lambda: plots.tangent(log, -1.0),
    "nan for sigma": lambda: plots.spread(nan, {"m": ([1, 2], [2, 1])}),
    "no bars": lambda: plots.bars({}),
    "nan bar": lambda: plots.bars({"a": nan}),
    "bars in a table": lambda: plots.bars([[1, 2], [3, 4]]),
    "two numbers for one bar": lambda: plots.bars({"a": [1, 2]}),
    "mark that is no pair": lambda: plots.contours(bowl, marks={"P": 3}),
    "no span": lambda: plots.contours(bowl),
    "three spans": lambda: plots.contours(bowl, ((0, 1), (0, 1), (0, 1))),
    "not a function": lambda: plots.contours(3.0, (-1, 1)),
    "graph with one variable": lambda: plots.contours(parse("x^2"), (-1, 1)),
    "path in space": lambda: plots.contours(bowl, (-1, 1), paths={"p": np.zeros((3, 3))}),
    "path with nan": lambda: plots.contours(bowl, (-1, 1), paths={"p": [(0, 0), (nan, 1)]}),
    "empty path": lambda: plots.contours(bowl, (-1, 1), paths={"p": []}),
    "two tails, three arrows": lambda: plots.contours(bowl, (-1, 1), arrows={"g": (np.zeros((2, 2)), np.ones((3, 2)))}),
    "landscape of nan": lambda: plots.contours(lambda w, b: nan, (-1, 1)),
    "heat map of nothing": lambda: plots.heatmap([]),
    "heat map with nan": lambda: plots.heatmap([[1.0, nan]]),
    "heat map of a cube": lambda: plots.heatmap(np.zeros((2, 2, 2))),
    "ragged heat map": lambda: plots.heatmap([[1.0], [1.0, 2.0]]),
    "row that is not there": lambda: plots.heatmap(np.eye(2), row=2),
    "too few names": lambda: plots.heatmap(np.eye(2), row_names=["a"]),
    "not square": lambda: plots.digits(np.zeros((3, 60))),
    "one label for two": lambda: plots.digits(np.zeros((2, 64)), [1]),
    "no classifier": lambda: plots.decision_boundary(None, POINTS, [0, 1, 0, 1]),
    "labels that are no numbers of classes": lambda: plots.decision_boundary(lambda X: X[:, 0], POINTS, [0.5, 1, 0, 1]),
    "too few labels": lambda: plots.decision_boundary(lambda X: X[:, 0], POINTS, [0, 1]),
    "probabilities without threshold": lambda: plots.decision_boundary(lambda X: 1 / (1 + np.exp(-X[:, 0])), POINTS, [0, 1, 0, 1]),
    "diverged": lambda: plots.decision_boundary(lambda X: X[:, 0] * nan, POINTS, [0, 1, 0, 1]),
    "more labels than classes": lambda: plots.decision_boundary(lambda X: X[:, 0], POINTS, [0, 1, 2, 1]),
    "classifier of words": lambda: plots.decision_boundary(lambda X: np.array(["a"] * len(X)), POINTS, [0, 1, 0, 1]),
    "nothing beside nothing": lambda: plots.beside(),
    "beside a number": lambda: plots.beside(3),
}  # fmt: skip


@pytest.mark.parametrize("draw", BAD.values(), ids=BAD)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(draw) -> None:
    with pytest.raises((TypeError, ValueError)) as refused:
        draw()
    said = str(refused.value)
    assert said[-1] == "." and "\n" not in said and 30 < len(said) < 200
    assert refused.traceback[-1].path.is_relative_to(Path(plots.__file__).parent), (
        "refused by us, not by NumPy or matplotlib"
    )


# ---- what can be seen -------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes 2009, table for severity 1.0, applied to linear RGB
SIGHT = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)


def linear(colour: str) -> np.ndarray:
    c = np.array(matplotlib.colors.to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2: 1 for equal colours, 21 for black on white."""
    light, dark = sorted((float(TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def difference(one: str, other: str, sight: str) -> float:
    """ΔE of CIE 1976: about 2 can just be seen."""

    def lab(colour: str) -> np.ndarray:
        t = TO_XYZ @ np.clip(np.array(SIGHT[sight]) @ linear(colour), 0, 1) / WHITE
        x, y, z = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
        return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])

    return float(np.linalg.norm(lab(one) - lab(other)))


@pytest.mark.parametrize("sight", SIGHT)
def test_pens_differ_for_every_kind_of_colour_vision_and_without_any(sight) -> None:
    from backproplab.draw.plots.plane import PATHS

    for pens in (plots.PENS, PATHS):
        colours, dashes = zip(*pens)
        assert len(set(dashes)) == len(set(plots.MARKERS)) == len(pens)
        assert min(difference(a, b, sight) for a, b in combinations(colours, 2)) >= 15
        assert min(contrast(colour, "#ffffff") for colour in colours) >= 3


@pytest.mark.parametrize("sight", SIGHT)
def test_signs_of_a_heat_map_differ_for_every_kind_of_colour_vision(sight) -> None:
    from backproplab.draw.plots.cells import SCALE

    scale = matplotlib.colormaps[SCALE]
    for part in (0.1, 0.3, 0.5):
        below, above = (matplotlib.colors.to_hex(scale(0.5 + sign * part)) for sign in (-1, 1))
        assert difference(below, above, sight) >= 15


def test_numbers_in_a_heat_map_can_be_read() -> None:
    from backproplab.draw.plots.cells import SCALE

    values = np.linspace(-1, 1, 40).reshape(5, 8)
    _, (figure,) = with_figures(lambda: plots.heatmap(values))
    texts = figure.axes[0].texts
    assert len(texts) == values.size
    for text, value in zip(texts, values.ravel()):
        assert contrast(text.get_color(), matplotlib.colors.to_hex(matplotlib.colormaps[SCALE]((value + 1) / 2))) >= 4.5


def test_the_numbers_of_contours_can_be_read() -> None:
    from backproplab.draw.plots import plane

    assert min(contrast(plane.HEIGHT, ground) for ground in plane.GROUND) >= 4.5


def test_a_sign_that_no_number_shows_is_hatched() -> None:
    def hatched(cells: np.ndarray) -> int:
        _, (figure,) = with_figures(lambda: plots.heatmap(cells))
        return sum(len(group.get_paths()) for group in figure.axes[0].collections if group.get_hatch())

    many = np.ones((20, 20))
    many[3, 4] = many[5, 6] = -1.5
    assert hatched(many) == 2
    assert hatched(many[:4, :5]) == 0  # there the numbers say it
