"""Folding: fewer boxes, and every number that is still shown is what it was."""

from __future__ import annotations

import gallery
import pytest
from pytest import approx

from backproplab import Graph, Value, dot, nn, parse, tanh
from backproplab.draw.fold import LEVELS, Part, parts_of
from backproplab.draw.graphs import Diagram, State


def box(parts: list[Part], node: object) -> Part:
    return next(part for part in parts if node in part.nodes)


def folded(text: str, level: str, **values: float) -> dict[str, str]:
    """What the boxes of a folded expression compute, by name."""
    graph = parse(text, **values)
    return {part.name(graph.names): part.written(graph.names) for part in parts_of(graph, level)}


def test_additions_are_one_sum():
    graph = parse("x^2 + y^2 + x*y + x^3")
    (total,) = [part for part in parts_of(graph, "terms") if part.badge == "Σ"]
    assert total.node is graph.output and len(total.links) == 4 and len(total.inside) == 2


def test_constants_stand_inside_their_operation():
    graph = parse("1/((4*x + 1)^2 - 3)")
    badges = [part.badge for part in parts_of(graph, "terms")]
    assert badges == ["", "× 4", "+ 1", "^ 2", "− 3", "1 ÷"]


def test_a_parameter_used_once_is_a_chip_and_one_used_twice_is_not():
    graph = parse("w*x + v*x + v")
    chips = [graph.names[chip] for part in parts_of(graph, "terms") for chip in part.chips]
    assert chips == ["w"]


def test_an_operation_keeps_an_arrow_for_what_its_parameters_act_on():
    assert folded("a*b", "neurons") == {"b": "b", "c": "a·b"}
    assert folded("a + b + c", "terms") == {"a": "a", "f": "a+b+c"}


def test_a_labelled_result_stays_in_sight():
    x, y, z = (Value(1.0, name) for name in "xyz")
    s = x * y + y * z
    s.label = "s"
    graph = Graph(s + x * z)
    assert "s" in [part.name(graph.names) for part in parts_of(graph, "layers")]


def test_a_neuron_is_one_box():
    assert folded("tanh(w1*x1 + w2*x2 + b)", "neurons") == {
        "x1": "x1", "x2": "x2", "g": "tanh(w1·x1+w2·x2+b)"
    }  # fmt: skip


def test_a_function_of_a_sum_without_parameters_is_no_neuron():
    assert folded("tanh(x+y)*(x-y)", "neurons")["b"] == "tanh(a)"


def test_x_added_many_times_is_one_arrow_with_the_sum_of_the_slopes():
    y = x = Value(1.5, "x")
    for _ in range(2000):
        y = y + x
    graph = Graph(y)
    graph.backward()
    total = parts_of(graph)[-1]
    assert len(total.links) == 1
    assert total.slopes(State.of(graph).slopes) == [2001.0]


def perturbed(graph: Graph, part: Part, port: int) -> float:
    """∂node/∂source by a central difference, when everything else at the arrows of the part stands still."""
    source, h = part.links[port].source, 1e-6

    def value(shift: float) -> float:
        data = {node: node.data for node in graph.nodes}
        moved = set(part.links[port].edges)
        for node in (*part.inside, *part.nodes):
            if node.inputs:
                inputs = [data[x] + shift * ((node, i) in moved) for i, x in enumerate(node.inputs)]
                data[node] = node.op.evaluate(*inputs)
        return data[part.node]

    assert any(node.inputs[i] is source for node, i in part.links[port].edges)
    return (value(h) - value(-h)) / (2 * h)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("widths", [(2, 4, 4, 1), (3, 2, 1), (1, 1)], ids=str)
def test_slopes_across_a_fold_are_those_of_nudging(level, widths):
    graph = gallery.network(*widths)
    graph.backward()
    slopes = State.of(graph).slopes
    checked = 0
    for part in parts_of(graph, level):
        for port, slope in enumerate(part.slopes(slopes)):
            if slope is not None:
                assert slope == approx(perturbed(graph, part, port), rel=1e-6, abs=1e-9)
                checked += 1
    assert checked > 2


@pytest.mark.parametrize("level", LEVELS)
def test_every_node_is_in_exactly_one_box(level):
    for graph in (gallery.network(2, 4, 4, 1), gallery.micrograd(), parse("2^3*x + 1")):
        contents = [node for part in parts_of(graph, level) for node in part.contents]
        assert len(contents) == len(set(contents)) and set(contents) == set(graph.nodes)


def test_gradients_at_arrows_add_up_as_in_the_whole_graph():
    graph = gallery.network(2, 4, 4, 1)
    graph.backward()
    parts = parts_of(graph, "neurons")
    slopes = State.of(graph).slopes
    for node in (graph["x1"], graph["x2"]):
        arrows = [
            part.node.grad * slope
            for part in parts
            for link, slope in zip(part.links, part.slopes(slopes))
            if link.source is node
        ]
        assert len(arrows) == 4 and sum(arrows) == approx(node.grad)


def test_a_layer_has_no_single_slope():
    model = nn.MLP(2, [8, 8, 1], activation="tanh")
    graph = Graph(model([Value(1.0, "x1"), Value(-2.0, "x2")]))
    graph.backward()
    parts = parts_of(graph, "layers")
    assert [len(part.nodes) for part in parts] == [1, 1, 8, 8, 1]
    assert [len(part.links) for part in parts] == [0, 0, 2, 1, 1]
    slopes = State.of(graph).slopes
    assert all(slope is None for part in parts for slope in part.slopes(slopes))
    text = graph.draw(fold="layers").text
    assert "layer of 8: tanh w·x" in text and "24 parameters" in text


def test_layers_need_the_same_inputs():
    x, y, z = (Value(1.0, name) for name in "xyz")
    units = [tanh(dot([Value(0.5), Value(0.25)], pair)) for pair in ((x, y), (y, z))]
    parts = parts_of(Graph(units[0] * units[1]), "layers")
    assert all(len(part.nodes) == 1 for part in parts)


def test_small_graphs_are_drawn_whole_and_large_ones_are_folded():
    small, large = parse("(4*x+1)^2"), gallery.network(2, 4, 4, 1)
    assert len(Diagram(small).parts) == len(small.nodes)
    assert len(Diagram(large).parts) == 14
    assert len(Diagram(large, fold=False).parts) == len(large.nodes) == 107
    assert len(Diagram(small, fold=True).parts) == 4


def test_expanding_shows_a_box_whole():
    graph = gallery.network(2, 4, 4, 1)
    hidden = box(parts_of(graph), graph["r"]).contents
    parts = parts_of(graph, expand="r")
    shown = {node for part in parts for node in part.nodes}
    assert set(hidden) <= shown and len(parts) == 14 + len(hidden) - 1
    assert len(parts_of(graph, expand=["r", "w121"])) == 14 + 2 * (len(hidden) - 1)
    assert len(parts_of(graph, expand=True)) == 107
    with pytest.raises(KeyError, match="no node called 'nothing'"):
        graph.draw(expand="nothing")


def test_an_unknown_level_is_an_error():
    with pytest.raises(ValueError, match="fold is True, False or one of terms, neurons, layers; got 'all'"):
        parse("x").draw(fold="all")


def test_a_step_inside_a_box_marks_the_box():
    graph = gallery.network(2, 4, 4, 1)
    steps = graph.steps()
    diagram = Diagram(graph)
    inside = {graph.names[node] for part in diagram.parts for node in part.inside if node.inputs}
    number = next(i for i, step in enumerate(steps, 1) if step.node in inside)
    svg = diagram.svg(State.after(graph, steps, number))
    assert svg.count('data-state="active"') == 1


def test_a_sum_of_thousands_of_terms_is_one_box():
    y = x = Value(1.0, "x")
    for i in range(3000):
        y = y + Value(float(i)) + 1
    parts = parts_of(Graph(y))
    assert len(parts) == 2 and parts[0].node is x
    assert parts[1].badge == "Σ + 3000 numbers" and len(parts[1].chips) == 3000


def test_a_graph_too_wide_to_fit_is_folded_although_it_is_small():
    graph = gallery.products(8)
    assert graph.draw(fold=False).width > 900
    for picture in (graph.draw(), graph.draw(step=3), graph.draw(scale=1.2)):
        assert picture.width <= 900
    assert gallery.products(4).draw().svg.count("data-node=") == 15  # what fits is drawn whole
