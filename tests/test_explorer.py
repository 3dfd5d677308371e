"""The Python side of the explorers; what happens in the page is in test_browser.py."""

from __future__ import annotations

import gc
import json
import math
import weakref

import pytest
import traitlets

from backproplab import DomainError, ExpressionError, Graph, Tensor, Value, parse
from backproplab.explore import GraphExplorer


@pytest.fixture
def explorer():
    made = GraphExplorer("(4*x+1)^2", x=1.0)
    yield made
    made.close()


def finish(explorer: GraphExplorer) -> dict:
    """Go to the last step; the whole state afterwards."""
    explorer.step = explorer.steps
    return explorer.get_state()


def test_steps_tell_25_10_10_40(explorer):
    sentences = []
    for explorer.step in range(1, explorer.steps + 1):
        sentences.append(explorer.sentence)
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
    assert explorer.gradients == {"x": -24.0} and explorer.verdict == "Nudging agrees."


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
    assert "column 4" in explorer.error
    assert explorer.get_state() == before | {"expression": "5x+", "_answer": {"text": "5x+", "error": explorer.error}}
    explorer.values = {"x": 2.0}  # the picture still answers, and the box still holds the mistake
    assert "column 4" in explorer.error
    assert explorer.graph.output.data == 81.0
    explorer.expression = "(4*x+1)^2"
    assert explorer.error == ""


def test_an_undefined_point_is_explained_and_can_be_left_again(explorer):
    picture = explorer.snapshot().svg
    explorer.expression = "log(x-1)"
    assert explorer.error.startswith("log(0) has no value")
    assert explorer.snapshot().svg == picture
    explorer.values = {"x": 2.0}
    assert explorer.error == ""
    explorer.values = {"x": 0.5}
    assert explorer.error.startswith("log(−0.5) has no value")
    assert "at x = 2" in explorer.snapshot().alt


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
    assert explorer.get_state() == before


def test_values_that_are_missing_are_1_and_unknown_ones_are_dropped(explorer):
    explorer.values = {"y": 3.0}
    assert explorer.values == {"x": 1.0} and explorer.graph.output.data == 25.0


@pytest.mark.parametrize("text", ["2", "pi", "2^3^2"])
def test_an_expression_without_variables_can_be_stepped_to_its_end(explorer, text):
    explorer.expression = text
    for explorer.step in range(explorer.steps + 1):
        assert explorer.error == "" and explorer.sentence


def test_an_error_stays_until_it_is_mended(explorer):
    explorer.values = {"x": -1.0}
    explorer.expression = "log(x)"
    for change in ({"step": 1}, {"theme": "dark"}, {"step": 0}):
        explorer.set_trait(*change.popitem())
        assert explorer.error.startswith("log(−1) has no value")
    explorer.values = {"x": 2.0}
    assert explorer.error == "" and explorer.graph.formula == "log(x)"


def test_a_new_expression_forgets_the_order_and_the_earlier_pass(explorer):
    explorer.engine, explorer.order = "yours", ["c"]
    explorer.expression = "log(x)"
    explorer.values = {"x": 3.0}
    explorer.expression = "2*x"
    assert (explorer.order, explorer.earlier, explorer.step) == ([], {"x": 3.0}, 0)


def test_minus_zero_is_zero_so_that_python_and_the_page_agree(explorer):
    explorer.values = {"x": -0.0}
    assert math.copysign(1.0, explorer.values["x"]) == 1.0


# ---- the engines ---------------------------------------------------------------------------------


@pytest.fixture
def fork():
    """y = u + u·u, u = x·x at x = 2, where every wrong engine gets another number."""
    x = Value(2.0, "x")
    u = x * x
    u.label = "u"
    m = u * u
    m.label = "m"
    made = Graph(u + m).explore()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("engine", "gradient", "why"),
    [
        ("right", 36.0, "Nudging agrees."),
        ("overwrite", 8.0, "= keeps the last contribution only"),
        ("unordered", 76.0, "5 visits in all"),
        ("stale", 36.0, "this engine stays at x = 2"),
        ("leftover", 72.0, "gradients of an earlier pass, at x = 2,"),
    ],
)
def test_every_wrong_engine_gets_its_own_number_and_is_told_why(fork, engine, gradient, why):
    fork.engine = engine
    finish(fork)
    assert fork.gradients == {"x": gradient} and why in fork.verdict


def test_typing_the_formula_of_a_given_graph_again_brings_that_graph_back(fork):
    graph, formula = fork.graph, fork.expression
    for text in (f"{formula}+", formula, "2*y", formula):
        fork.expression = text
    assert fork.graph is graph and fork.values == {"x": 1.0}
    fork.engine = "unordered"
    finish(fork)
    assert "5 visits in all" in fork.verdict


def test_an_engine_with_stale_values_gives_the_gradient_of_another_point(fork):
    fork.engine = "stale"
    fork.values = {"x": 3.0}
    finish(fork)
    assert fork.gradients == {"x": 36.0}
    assert "this engine says 36, nudging says 114. Forward was not run again" in fork.verdict
    fork.engine = "right"
    assert fork.gradients == {"x": 114.0} and fork.verdict == "Nudging agrees."


def test_left_over_gradients_are_those_of_the_earlier_pass(fork):
    fork.engine = "leftover"
    fork.values = {"x": 3.0}
    finish(fork)
    assert fork.gradients == {"x": 36.0 + 114.0}


def test_an_output_that_is_a_variable_starts_on_top_of_what_was_left_over():
    explorer = GraphExplorer("x")
    explorer.engine = "leftover"
    finish(explorer)
    assert explorer.sentence.endswith("so its gradient is 1; with the 1 that it already had, 2.")
    explorer.close()


def test_an_earlier_point_is_a_whole_one(fork):
    fork.engine = "leftover"
    fork.earlier = {"x": 3, "nobody": 1.0}
    assert fork.earlier == {"x": 3.0}
    fork.earlier = {}
    assert fork.earlier == {"x": 2.0}
    with pytest.raises(traitlets.TraitError, match="x needs a finite number; got inf"):
        fork.earlier = {"x": math.inf}


def test_an_order_of_your_own_is_judged(fork):
    fork.engine, fork.order = "yours", ["a", "u"]
    finish(fork)
    assert "Still to come: m." in fork.verdict
    assert "Too early: m still to come, so u hands on 1 where 9 is due." in fork.sentence
    fork.order = ["a", "u", "m"]
    finish(fork)
    assert fork.gradients == {"x": 4.0} and "this engine says 4, nudging says 36" in fork.verdict
    fork.order = ["a", "m", "u", "u"]
    finish(fork)
    assert fork.gradients == {"x": 72.0} and "u has been handed on before" in fork.sentence
    fork.order = ["a", "m", "u"]
    assert fork.step == fork.steps
    assert fork.gradients == {"x": 36.0} and "your order is a right one" in fork.verdict


def test_before_the_output_is_reached_your_order_says_how_to_go_on(fork):
    fork.engine = "yours"
    assert fork.step == 0 and fork.verdict.startswith("Your order: go on with Forward, and start at the output")
    fork.step = fork.steps
    assert fork.verdict.startswith("Your order: click the node") and "Still to come: u, m, a." in fork.verdict


def test_the_story_is_that_of_the_engine(fork):
    assert fork.story == fork.graph.steps()
    fork.engine = "overwrite"
    assert [step.total for step in fork.story if step.node == "u" and step.through][-1] == 4.0


def test_of_a_large_graph_it_is_said_how_to_look_at_a_part(explorer):
    assert explorer._scene["note"] == ""
    explorer.expression = "+".join(["x*y"] * 40)
    assert "has 81 nodes, more than can be taken in at once. To look at a part" in explorer._scene["note"]


def test_only_nodes_that_hand_on_can_be_in_an_order(fork):
    with pytest.raises(traitlets.TraitError, match="no node 'x' that hands on a gradient; there are: u, m, a"):
        fork.order = ["x"]
    assert fork.order == []


def test_right_by_luck_is_said_to_be_luck(explorer):
    for engine in ("overwrite", "unordered"):
        explorer.engine = engine
        finish(explorer)
        assert explorer.verdict.startswith("Nudging agrees, by luck")


@pytest.mark.parametrize(
    ("engine", "earlier", "x"),
    [("overwrite", 0, 0), ("unordered", 0, 0), ("yours", 0, 0), ("stale", 0, 1e-9), ("leftover", 1e-9, 0)],
)
def test_a_bug_without_consequence_is_not_taken_for_none(fork, engine, earlier, x):
    fork.values = {"x": earlier}
    fork.engine, fork.order = engine, ["u", "a", "m"]
    fork.values = {"x": x}
    finish(fork)
    assert fork.verdict == "Nudging agrees, by luck: what goes wrong on the way makes no difference at these values."


@pytest.mark.parametrize(
    ("expression", "x", "said"),
    [
        ("relu(x)", 0.0, "nudging says 0.5. Nudging is no judge here: at a corner it takes the mean of the slopes"),
        ("sin(100000*x)", 1.0, "no judge here"),
        ("1/x", 1e-9, "no judge here"),
        ("sqrt(x)", 0.0, "nudging is not possible here. An output next to this point has no finite value"),
        ("exp(1000*x)", 1.0, "nudging is not possible here"),
    ],
)
def test_where_nudging_is_no_referee_this_is_said(expression, x, said):
    explorer = GraphExplorer(expression, x=x)
    finish(explorer)
    assert explorer.verdict.startswith("x: ") and said in explorer.verdict
    explorer.close()


def test_why_nudging_is_no_referee_is_said_once_for_all_variables():
    explorer = GraphExplorer("relu(a + b + c + d)", a=1, b=-1, c=2, d=-2)
    finish(explorer)
    assert explorer.verdict.count("nudging says 0.5.") == 3 and explorer.verdict.count("no judge here") == 1
    explorer.close()


def test_a_wrong_gradient_is_not_right_because_nudging_is_rough():
    explorer = GraphExplorer("x*x + 1e12")
    explorer.engine = "overwrite"
    finish(explorer)
    assert explorer.gradients == {"x": 1.0} and "no judge here" in explorer.verdict
    explorer.close()


def test_forty_doublings_without_an_order_are_broken_off():
    y = Value(1.0, "x")
    for _ in range(40):
        y = y + y
    explorer = Graph(y).explore()
    explorer.engine = "unordered"
    finish(explorer)
    assert "1,099,511,627,775 visits in all, of which only the first 200 are done here." in explorer.verdict
    assert explorer.steps < 500
    explorer.close()


def test_there_is_a_frame_for_every_step_and_the_explorer_stays_where_it_is(explorer):
    explorer.step = 3
    frames = explorer.frames()
    assert len(frames) == explorer.steps + 1 and explorer.step == 3
    assert frames[3].svg == explorer.snapshot().svg
    assert frames[0].alt.endswith("nothing computed yet") and "gradient of x 40" in frames[-1].alt


def test_a_picture_of_a_step_that_is_not_there_is_that_of_the_nearest(explorer):
    assert explorer.snapshot(99).svg == explorer.frames()[-1].svg and explorer.snapshot(-1).svg == explorer.frames()[0].svg


def test_a_closed_explorer_is_freed():
    explorer = GraphExplorer("x")
    graph = weakref.ref(explorer.graph.output)
    explorer.close()
    del explorer
    gc.collect()
    assert graph() is None


def test_a_graph_too_large_to_draw_is_explained(explorer):
    explorer.expression = "*".join(["x"] * 1000)
    assert "too many to draw" in explorer.error


def test_an_explorer_is_not_made_of_a_mistake():
    with pytest.raises(ExpressionError, match="column 4"):
        GraphExplorer("5x+")
    with pytest.raises(ValueError, match="no variable 'y'"):
        GraphExplorer("5x", y=1.0)
    with pytest.raises(DomainError):
        GraphExplorer("1/x", x=0.0)


def test_a_graph_with_arrays_is_refused_in_words():
    w = Tensor([1.0, 2.0], "w")
    for refused in (Graph((w * w).sum()).explore, lambda: GraphExplorer(Graph(w.sum()))):
        with pytest.raises(ValueError, match="The explorer moves single numbers, and this graph has arrays"):
            refused()


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
    json.dumps({name: explorer.get_state()[name] for name in ("_scene", "_answer", "values")}, allow_nan=False)


def test_the_theme_changes_the_picture(explorer):
    explorer.theme = "dark"
    assert "#111418" in explorer.snapshot().svg


def test_a_graph_of_values_can_be_explored():
    x, y = Value(2.0, "a name with spaces"), Value(3.0, "y")
    explorer = Graph(x * y + y).explore()
    finish(explorer)
    assert list(explorer.gradients.values()) == [3.0, 3.0]
    assert repr(explorer) == "GraphExplorer(Graph of a name with spaces·y+y at a name with spaces = 2, y = 3: output 9)"
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
    assert "at x = 2, y = 3: output 6" in explorer.snapshot().alt and explorer.values["x"] == 2.0
    graph["x"].data = 7.0
    explorer.step = 1
    assert "at x = 2, y = 3: output 6" in explorer.snapshot().alt
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
