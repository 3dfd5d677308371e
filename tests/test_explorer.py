"""The Python side of the explorers; what happens in the page is in test_browser.py."""

from __future__ import annotations

import gc
import json
import math
import weakref

import pytest
import traitlets

from backproplab import DomainError, ExpressionError, Graph, Value, parse
from backproplab.explore import GraphExplorer


@pytest.fixture
def explorer():
    made = GraphExplorer("(4*x+1)^2", x=1.0)
    yield made
    made.close()


def finish(explorer: GraphExplorer) -> dict:
    explorer.step = explorer.steps
    return explorer._view


def test_steps_tell_25_10_10_40(explorer):
    sentences = []
    for explorer.step in range(1, explorer.steps + 1):
        sentences.append(explorer._view["sentence"])
    assert sentences[2] == "c = b^2 = 5^2 = 25."
    assert [sentence.rpartition(" ")[2] for sentence in sentences[4:]] == ["10.", "10.", "40."]


def test_the_step_stays_within_the_story(explorer):
    explorer.step = 99
    assert explorer.step == explorer.steps == 7
    explorer.step = -1
    assert explorer.step == 0


def test_new_values_keep_the_step_and_renew_every_number(explorer):
    finish(explorer)
    explorer.values = {"x": -1.0}
    assert explorer.step == explorer.steps
    (row,) = explorer._view["variables"]
    assert (row["gradient"], row["difference"]) == ("−24", "−24")


def test_a_new_expression_starts_over_and_keeps_known_variables(explorer):
    finish(explorer)
    explorer.values = {"x": 3.0}
    explorer.expression = "x*y"
    assert explorer.step == 0
    assert explorer.values == {"x": 3.0, "y": 1.0}
    assert explorer.graph.formula == "x·y"


def test_an_unreadable_expression_is_explained_and_changes_nothing_else(explorer):
    before = finish(explorer)
    explorer.expression = "5x+"
    assert "column 4" in explorer._view["error"]
    assert {**explorer._view, "error": ""} == before
    explorer.values = {"x": 2.0}  # the picture still answers, and the box still holds the mistake
    assert "column 4" in explorer._view["error"]
    assert explorer.graph.output.data == 81.0
    explorer.expression = "(4*x+1)^2"
    assert explorer._view["error"] == ""


def test_an_undefined_point_is_explained_and_can_be_left_again(explorer):
    picture = explorer._view["picture"]
    explorer.expression = "log(x-1)"
    assert explorer._view["error"].startswith("log(0) has no value")
    assert explorer._view["picture"] == picture
    explorer.values = {"x": 2.0}
    assert explorer._view["error"] == ""
    explorer.values = {"x": 0.5}
    assert explorer._view["error"].startswith("log(−0.5) has no value")
    assert "at x = 2" in explorer._view["picture"]


@pytest.mark.parametrize(
    "value",
    [None, "one", math.nan, math.inf, 10**400, 1j, [1.0]],
    ids=["None", "text", "nan", "inf", "too large", "complex", "list"],
)
def test_values_that_are_no_finite_numbers_are_refused_and_change_nothing(explorer, value):
    before = finish(explorer)
    with pytest.raises(traitlets.TraitError, match="number"):
        explorer.values = {"x": value}
    assert explorer.values == {"x": 1.0}
    explorer.theme = "dark"
    explorer.theme = "light"
    assert explorer._view == before


def test_values_that_are_missing_are_1_and_unknown_ones_are_dropped(explorer):
    explorer.values = {"y": 3.0}
    assert explorer.values == {"x": 1.0} and explorer.graph.output.data == 25.0


@pytest.mark.parametrize("text", ["2", "pi", "2^3^2"])
def test_an_expression_without_variables_can_be_stepped_to_its_end(explorer, text):
    explorer.expression = text
    for explorer.step in range(explorer.steps + 1):
        assert explorer._view["error"] == "" and explorer.sentence


def test_an_error_stays_until_it_is_mended(explorer):
    explorer.values = {"x": -1.0}
    explorer.expression = "log(x)"
    for change in ({"step": 1}, {"theme": "dark"}, {"step": 0}):
        explorer.set_trait(*change.popitem())
        assert explorer._view["error"].startswith("log(−1) has no value")
        assert "gradient" not in explorer._view["variables"][0]
    explorer.values = {"x": 2.0}
    assert explorer._view["error"] == "" and explorer.graph.formula == "log(x)"


def test_a_running_sum_is_not_compared_before_it_is_complete(explorer):
    explorer.expression = "x*x"
    explorer.values = {"x": 3.0}
    seen = []
    for explorer.step in range(explorer.steps + 1):
        (row,) = explorer._view["variables"]
        seen.append((row.get("gradient"), row.get("difference")))
    assert seen == [(None, None), (None, None), (None, None), ("3 so far", None), ("6", "6")]


def test_sliders_only_grow_until_the_expression_changes(explorer):
    explorer.values = {"x": 100.0}
    explorer.values = {"x": 2.0}
    (row,) = explorer._view["variables"]
    assert (row["low"], row["high"]) == (-5.0, 100.0)
    explorer.expression = "2*x"
    assert explorer._view["variables"][0]["high"] == 5.0


def test_a_closed_explorer_is_freed():
    explorer = GraphExplorer("x")
    graph = weakref.ref(explorer.graph.output)
    explorer.close()
    del explorer
    gc.collect()
    assert graph() is None


def test_a_graph_too_large_to_draw_is_explained(explorer):
    explorer.expression = "*".join(["x"] * 1000)
    assert "too many to draw" in explorer._view["error"]


def test_an_explorer_is_not_made_of_a_mistake():
    with pytest.raises(ExpressionError, match="column 4"):
        GraphExplorer("5x+")
    with pytest.raises(ValueError, match="no variable 'y'"):
        GraphExplorer("5x", y=1.0)
    with pytest.raises(DomainError):
        GraphExplorer("1/x", x=0.0)


def test_what_it_leaves_in_a_notebook_is_its_static_twin(explorer):
    finish(explorer)
    data, _ = explorer._repr_mimebundle_()
    assert set(data) >= {"text/html", "image/svg+xml", "text/plain"}
    assert 'alt="graph of (4x+1)^2 at x = 1: output 25, gradient of x 40"' in data["text/html"]
    assert "gradient 40" in data["text/plain"]
    assert repr(explorer) == 'GraphExplorer("(4*x+1)^2", x=1.0)'


def test_what_the_page_gets_is_strict_json(explorer):
    explorer.expression = "exp(1000*x)"  # overflows to infinity
    finish(explorer)
    json.dumps(explorer._view, allow_nan=False)


def test_the_theme_changes_the_picture(explorer):
    explorer.theme = "dark"
    assert "#111418" in explorer._view["picture"]


def test_a_graph_of_values_can_be_explored():
    x, y = Value(2.0, "a name with spaces"), Value(3.0, "y")
    explorer = Graph(x * y + y).explore()
    finish(explorer)
    assert [row["gradient"] for row in explorer._view["variables"]] == ["3", "3"]
    explorer.values = {"a name with spaces": 5.0, "y": 1.0}
    assert explorer.graph.output.data == 6.0 and x.data == 5.0
    explorer.expression = "2*y"
    assert explorer.graph.output.data == 2.0
    explorer.close()


def test_a_graph_that_somebody_else_moved_is_brought_back():
    graph = parse("x*y", x=2.0, y=3.0)
    explorer = graph.explore()
    graph.forward(x=5.0)
    finish(explorer)
    assert "at x = 2, y = 3: output 6" in explorer._view["picture"] and explorer.values["x"] == 2.0
    graph["x"].data = 7.0
    explorer.step = 1
    assert "at x = 2, y = 3: output 6" in explorer._view["picture"]
    explorer.close()


def test_a_graph_too_long_to_write_can_be_explored():
    graph = parse("x")
    y = graph["x"]
    for _ in range(20):
        y = y + y
    explorer = Graph(y).explore()
    explorer.values = {"x": 2.0}
    assert explorer.graph.output.data == 2.0**21
    explorer.close()
