"""Plots say in words what they show, and are the same bytes every time."""

from math import cos, exp, sin, tanh

import pytest

from backproplab.draw import plots


def wave(x: float) -> float:
    return exp(sin(x))


PLOTS = {
    "curves": lambda: plots.curves({"wave": wave}, alt="a wave", marks={"here": (1.3, wave(1.3))}),
    "tangent": lambda: plots.tangent(wave, 1.3, steps=(1, 0.1), label="wave"),
    "step_error": lambda: plots.step_error(wave, 1.3, cos(1.3) * wave(1.3)),
    "rectangle": lambda: plots.rectangle(3, 4, 1, 1),
    "nudges": lambda: plots.nudges(lambda a, b: 5 * tanh(4 * a) + 0.6 * b * b, {"a": 1.0, "b": 2.0}, label="y"),
}


@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_a_plot_carries_its_alt_text_and_its_facts(draw) -> None:
    plot = draw()
    shown = plot._repr_mimebundle_()
    assert plot.alt and f'alt="{plot.alt}"' in shown["text/html"]
    assert shown["text/html"].startswith("<img ") and "data:image/png;base64," in shown["text/html"]
    assert shown["text/plain"] == plot.text == repr(plot)
    assert plot.text.startswith(plot.alt) and "\n" in plot.text


@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_the_same_plot_is_the_same_bytes(draw) -> None:
    assert draw() == draw()
    assert b"Software" not in draw().png


def test_the_reader_s_own_settings_change_nothing() -> None:
    import matplotlib

    before = PLOTS["curves"]()
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "black"}):
        assert PLOTS["curves"]() == before
        assert matplotlib.rcParams["font.size"] == 30


def test_alt_text_is_escaped() -> None:
    assert 'alt="&quot;a&quot; &lt; b"' in plots.curves({"x": lambda x: x}, alt='"a" < b').html()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (plots.curves({"f": sin}, alt="f"), plots.curves({"f": cos}, alt="f")),
        (plots.curves({"f": sin}, alt="f"), plots.curves({"g": sin}, alt="f")),
        (plots.curves({"f": sin}, alt="f"), plots.curves({"f": sin}, (0, 1), alt="f")),
        (plots.curves({}, alt="f", marks={"P": (1, 2)}), plots.curves({}, alt="f", marks={"P": (1, 2.1)})),
        (plots.tangent(wave, 1.3, slope=0.7), plots.tangent(wave, 1.3, slope=0.8)),
        (plots.step_error(wave, 1.3, cos(1.3) * wave(1.3)), plots.step_error(wave, 1.3, wave(1.3))),
        (plots.rectangle(3, 4, 1, 1), plots.rectangle(3, 4, 1, 0.5)),
        (plots.nudges(wave, {"x": 1.0}), plots.nudges(wave, {"x": 1.1})),
    ],
)
def test_a_wrong_plot_has_other_words(right, wrong) -> None:
    assert repr(right) != repr(wrong)


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


def test_a_plot_is_saved_as_png(tmp_path) -> None:
    plot = plots.rectangle(1, 1, 1, 1)
    plot.save(tmp_path / "corner.png")
    assert (tmp_path / "corner.png").read_bytes() == plot.png
    with pytest.raises(ValueError, match="expected a name that ends in .png"):
        plot.save(tmp_path / "corner.svg")
