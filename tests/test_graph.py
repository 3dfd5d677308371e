"""Graph: names, replay, the steps of both passes, the finite-difference referee."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest import approx

from backproplab import DomainError, Graph, Tensor, Value, parse


def test_the_story_of_the_source():
    steps = parse("(4*x+1)^2", x=1.0).steps()
    assert [step.value for step in steps if step.phase == "forward"] == [4.0, 5.0, 25.0]
    assert [step.contribution for step in steps if step.phase == "backward"] == [1.0, 10.0, 10.0, 40.0]
    assert steps[-1].sentence == "Through a = 4·x: slope 4, upstream 10, so x gets 4 × 10 = 40."
    assert (steps[-1].node, steps[-1].through, steps[-1].slope, steps[-1].upstream) == ("x", "a", 4.0, 10.0)


def test_at_minus_one_the_gradient_is_minus_24():
    graph = parse("(4*x+1)^2", x=-1.0)
    assert graph.steps()[-1].total == -24.0
    graph.backward()
    assert graph["x"].grad == -24.0


def test_x_times_x_has_one_x_and_adds_its_two_contributions():
    graph = parse("x*x", x=3.0)
    assert list(graph.leaves) == ["x"] and len(graph.nodes) == 2
    last = graph.steps()[-1]
    assert (last.contribution, last.total) == (3.0, 6.0)
    assert last.sentence.endswith("so x gets 3 × 1 = 3; with the 3 that it already had, 6.")


@pytest.mark.parametrize("text", ["(4*x+1)^2", "x*y+sin(x*y)", "u*u+u", "max(x, y)*x", "1/(1+e^(-x))", "3", "x"])
def test_the_steps_end_where_backward_does(text):
    graph = parse(text)
    graph.backward()
    totals = {step.node: step.total for step in graph.steps() if step.phase == "backward"}
    for name, total in totals.items():
        assert total == graph[name].grad if name in graph._by_name else total == 1.0


def test_steps_change_nothing():
    graph = parse("x*y", x=2.0, y=3.0)
    graph.steps()
    assert all(node.grad == 0.0 for node in graph.nodes)


def test_constant_branches_are_pruned():
    graph = parse("2^3*x")
    assert {step.node for step in graph.steps() if step.phase == "backward"} == {"b", "x"}


def test_letters_skip_e_and_names_in_use():
    graph = parse("a + b*c + (d - 1)*2 - f")
    assert "e" not in graph.names.values()
    assert len(set(graph.leaves)) == 5
    inner = [graph.names[node] for node in graph.nodes if node.inputs]
    assert inner == ["g", "h", "i", "j", "k", "l"]


def test_labels_are_names_and_doubles_are_told_apart():
    x, other = Value(1.0, "x"), Value(2.0, "x")
    y = x * other
    y.label = "y"
    graph = Graph(y)
    assert list(graph.leaves) == ["x", "x_2"] and graph["y"] is y and graph["x_2"] is other


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match="no node called 'q'; its nodes are x, a"):
        parse("2*x")["q"]


def test_graph_wraps_only_values():
    with pytest.raises(TypeError, match="got float"):
        Graph(3.0)


def test_forward_replays_and_starts_gradients_afresh():
    graph = parse("(4*x+1)^2", x=1.0)
    graph.backward()
    assert graph.forward(x=-1.0) == 9.0
    assert all(node.grad == 0.0 for node in graph.nodes)
    graph.backward()
    assert graph["x"].grad == -24.0
    graph["x"].data = 2.0
    assert graph.forward() == 81.0


def test_backward_adds_up_in_leaves_until_zero_grad():
    graph = parse("(4*x+1)^2", x=1.0)
    graph.backward()
    graph.backward()
    assert (graph["x"].grad, graph["a"].grad) == (80.0, 10.0)
    graph.zero_grad()
    graph.backward()
    assert graph["x"].grad == 40.0


def test_a_forward_pass_that_fails_leaves_the_graph_as_it_was():
    graph = parse("y + log(x)", x=2.0, y=3.0)
    before = [node.data for node in graph.nodes]
    with pytest.raises(DomainError):
        graph.forward(x=-1.0, y=7.0)
    assert [node.data for node in graph.nodes] == before
    for wrong in ({"z": 1.0}, {"x": "two"}, {"x": None}):
        with pytest.raises((ValueError, TypeError)):
            graph.forward(**wrong)
    assert [node.data for node in graph.nodes] == before


def test_r17_a_stale_graph_is_not_described_as_if_it_were_true():
    graph = parse("x*y", x=2.0, y=3.0)
    graph["x"].data = 5.0
    assert "call forward()" in repr(graph)
    for describe in (graph.steps, graph.draw, graph.backward):
        with pytest.raises(RuntimeError, match="x was given new data"):
            describe()
    graph.forward()
    assert repr(graph) == "Graph of x·y at x = 5, y = 3: output 15"


def test_a_variable_called_like_a_constant():
    pi = Value(2.0, "pi")
    graph = Graph(pi * parse("pi").output)
    assert list(graph.leaves) == ["pi"] and graph["pi"] is pi


def test_an_expression_without_variables_has_no_backward_steps():
    assert parse("2").steps() == [] and [step.phase for step in parse("2^3").steps()] == ["forward"]


def test_difference_is_the_referee():
    graph = parse("exp(sin(x))", x=1.3)
    graph.backward()
    assert graph.difference("x") == approx(graph["x"].grad, rel=1e-9)
    assert graph["x"].data == 1.3
    assert math.isnan(parse("sqrt(x)", x=0.0).difference("x"))


def test_repr_has_no_address():
    assert repr(parse("4x+1", x=2.0)) == "Graph of 4x+1 at x = 2: output 9"


def test_deep_graphs_can_be_told_and_written():
    y = Value(1.0, "x")
    for _ in range(5000):
        y = y + y * 0.0
    graph = Graph(y)
    assert graph.steps()[-1].total == 1.0
    assert len(graph.formula) < 50  # cut: written out, it would have 2^5000 symbols


# ---- graphs of Tensors ----------------------------------------------------------------------------


def layer() -> Graph:
    random = np.random.default_rng(0)
    x, w, b = (Tensor(random.normal(size=shape), name) for name, shape in [("x", (3, 2)), ("w", (2, 4)), ("b", (4,))])
    h = (x @ w + b).tanh()
    return Graph((h * h).mean())


def test_a_graph_of_tensors_has_names_leaves_and_a_formula():
    graph = layer()
    assert list(graph.leaves) == ["x", "w", "b"]
    assert graph.formula == "mean(tanh(x @ w+b)·tanh(x @ w+b))"
    assert [graph.written(node) for node in graph.nodes if node.inputs][:2] == ["x @ w", "a + b"]
    assert repr(graph) == (
        "Graph of mean(tanh(x @ w+b)·tanh(x @ w+b)) at x of shape (3, 2), w of shape (2, 4), b of shape (4,): "
        f"output {graph.output.item():.4g}"
    )
    assert r"x \, w" in graph.latex() and "<mi>w</mi>" in graph.mathml()


def test_a_graph_keeps_the_gradients_of_inner_tensors():
    graph = layer()
    graph.backward()
    assert all(graph.gradients[node].shape == node.shape for node in graph.nodes)
    first = graph["a"].grad
    graph.backward()
    assert graph["a"].grad == approx(first)  # inner gradients start afresh, leaves keep adding up
    assert graph["w"].grad == approx(2 * graph.difference("w"))
    graph.output.backward()
    assert graph["a"].grad is None
    graph.zero_grad()
    assert graph.gradients == {}


def test_a_forward_pass_of_tensors_is_replayed():
    graph = layer()
    graph.backward()
    x = np.ones((3, 2))
    result = graph.forward(x=x, b=[0.0, 0.0, 0.0, 1.0])
    w = graph["w"].data
    assert result == approx((np.tanh(x @ w + [0, 0, 0, 1]) ** 2).mean())
    assert graph.gradients == {} and graph["b"].data.tolist() == [0.0, 0.0, 0.0, 1.0]
    x[0] = 5.0
    assert graph["x"].data[0, 0] == 1.0  # what was given is copied
    before = graph.output.item()
    with pytest.raises(ValueError, match=r"b has shape \(4,\); got data of shape \(3,\)"):
        graph.forward(b=[1.0, 2.0, 3.0])
    assert graph.output.item() == before


def test_a_replay_keeps_float32():
    x = Tensor(np.ones(3, np.float32), "x")
    graph = Graph((x * 2).sum())
    assert graph.forward(x=[1.0, 2.0, 3.0]).dtype == np.float32


def test_differences_entry_by_entry_and_of_one():
    graph = layer()
    graph.backward()
    for name in graph.leaves:
        assert graph.difference(name) == approx(graph[name].grad, rel=1e-6)
    assert graph.difference("w", at=(1, 2)) == approx(graph["w"].grad[1, 2], rel=1e-6)
    with pytest.raises(ValueError, match=r"single number at the end; this output has shape \(3,\)"):
        Graph(Tensor([1.0, 2.0, 3.0], "x") * 2).difference("x")


def test_the_steps_of_tensors_end_where_backward_does():
    graph = layer()
    graph.backward()
    steps = graph.steps()
    totals = {step.node: step.total for step in steps if step.phase == "backward"}
    assert all(totals[graph.names[node]] == approx(node.grad) for node in graph.nodes)
    values = {step.node: step.value for step in steps if step.phase == "forward"}
    assert all(values[graph.names[node]] is node.data for node in graph.nodes if node.inputs)


def test_the_story_of_tensors_tells_operations_and_shapes():
    sentences = [step.sentence for step in layer().steps()]
    assert "a = x @ w: (3, 2) @ (2, 4) gives (3, 4)." in sentences
    assert "Through a = x @ w: upstream of shape (3, 4), called δ, so w gets (2, 4): xᵀ @ δ." in sentences
    assert (
        "Through c = a + b: slope 1, upstream of shape (3, 4), so b gets (4,): slope × upstream, entry by entry, "
        "summed up where it was repeated."
    ) in sentences
    assert sum("added to what it already had" in sentence for sentence in sentences) == 1


def test_single_numbers_in_tensors_are_told_as_numbers():
    x = Tensor(3.0, "x")
    told = [[step.sentence for step in Graph(y).steps()] for y in (x * x + 1, Value(3.0, "x") ** 1 * Value(1.0, "y"))]
    assert told[0][0] == "a = x·x = 3·3 = 9."
    assert told[0][-1] == "Through a = x·x: slope 3, upstream 1, so x gets 3 × 1 = 3; with the 3 that it already had, 6."


def test_an_output_with_several_entries_needs_a_seed():
    x = Tensor([1.0, 2.0], "x")
    graph = Graph(x * x)
    with pytest.raises(ValueError, match="needs a seed"):
        graph.backward()
    graph.backward([1.0, 10.0])
    assert x.grad.tolist() == [2.0, 40.0]
    assert "an array of ones of shape (2,)" in graph.steps()[1].sentence


def test_constant_arrays_have_a_name_and_no_gradient():
    graph = Graph((Tensor([1.0, 2.0], "x") * np.array([3.0, 4.0]) * 2).sum())
    graph.backward()
    constants = [graph.names[node] for node in graph.nodes if node.constant]
    assert constants == ["a", "2"] and "a" not in graph.leaves
    assert all(not node.constant for node in graph.gradients)


def test_a_seed_scales_the_gradients_of_values():
    graph = parse("x*x", x=3.0)
    graph.backward(0.5)
    assert graph["x"].grad == 3.0


def test_an_explorer_of_arrays_is_refused_in_words():
    with pytest.raises(ValueError, match="moves single numbers"):
        layer().explore()


def test_a_constant_operand_is_passed_over():
    x = Tensor([1.0, 2.0], "x")
    graph = Graph((3 * x).sum())
    assert graph.formula == "sum(3x)"
    assert [step.port for step in graph.steps() if step.through == "a"] == [1]
