"""The layered layout: what a drawing may never do, whatever the graph."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, pairwise

import gallery
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backproplab.draw.graphs import Diagram
from backproplab.draw.layout import Box, Edge, layered

PILL = (44, 14)
SLACK = 0.15  # everything is rounded to one decimal


def graph(operations):
    """Boxes and edges from one line per box: its operation, then the indices of its inputs."""
    boxes, edges = [], []
    for target, (operation, *inputs) in enumerate(operations):
        height = max(54, 18 * len(inputs))
        boxes.append(Box(120 if inputs else 84, height, ordered=operation in "-/@"))
        edges += [Edge(source, target, port) for port, source in enumerate(inputs)]
    return boxes, edges


def chain(length):
    return graph([("x",)] + [("f", i) for i in range(length)])


NEURON = graph([("w1",), ("x1",), ("w2",), ("x2",), ("b",), ("*", 0, 1), ("*", 2, 3), ("+", 5, 6),
                ("+", 7, 4), ("tanh", 8)])  # fmt: skip

MICROGRAD = graph([
    ("a",), ("b",), ("+", 0, 1), ("*", 0, 1), ("^3", 1), ("+", 3, 4), ("1",), ("+", 2, 6), ("+", 2, 7),
    ("1",), ("+", 8, 9), ("neg", 0), ("+", 10, 11), ("+", 8, 12), ("2",), ("*", 5, 14), ("+", 1, 0),
    ("relu", 16), ("+", 15, 17), ("+", 5, 18), ("3",), ("*", 20, 19), ("-", 1, 0), ("relu", 22),
    ("+", 21, 23), ("+", 19, 24), ("-", 13, 25), ("^2", 26), ("2",), ("/", 27, 28), ("10",), ("/", 30, 27),
    ("+", 29, 31),
])  # fmt: skip

GRAPHS = {
    "one box": ([Box(84, 54)], []),
    "x*x": graph([("x",), ("*", 0, 0)]),
    "u+u*u": graph([("x",), ("*", 0, 0), ("*", 1, 1), ("+", 1, 2)]),
    "sigmoid": graph([("x",), ("neg", 0), ("exp", 1), ("1",), ("+", 3, 2), ("1",), ("/", 5, 4)]),
    "neuron": NEURON,
    "chain": chain(12),
    "micrograd": MICROGRAD,
    "sum": graph([("x",)] * 12 + [("sum", *range(12))]),
    "ordered": graph([("x",)] * 3 + [("@", 0, 1, 2, 0, 1, 2, 0, 1, 2)]),
}


def rectangle(centre, width, height):
    (x, y) = centre
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def overlap(one, other):
    return all(
        max(one[axis], other[axis]) + SLACK < min(one[axis + 2], other[axis + 2]) for axis in (0, 1)
    )


def box_rectangles(boxes, drawing):
    return [rectangle(centre, box.width, box.height) for box, centre in zip(boxes, drawing.centers)]


def pill_rectangles(edges, drawing):
    return [rectangle(centre, *(edge.label or PILL)) for edge, centre in zip(edges, drawing.pills)]


def enters(points, rect):
    left, top, right, bottom = rect
    return any(left + 1 < x < right - 1 and top + 1 < y < bottom - 1 for x, y in points)


def dense(drawing, edge):
    """Points along an edge, so close together that none could slip through a box."""
    return [
        (x0 + (x1 - x0) * t / 8, y0 + (y1 - y0) * t / 8)
        for (x0, y0), (x1, y1) in pairwise(drawing.polyline(edge))
        for t in range(9)
    ]


def crossings(edges, drawing):
    """How many crossings one sees: edges of one box that run in one line cross another as one."""

    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    def cross(p, q, r, s):
        return side(p, q, r) * side(p, q, s) < 0 and side(r, s, p) * side(r, s, q) < 0

    def extent(points):
        (left, top), (right, bottom) = (tuple(map(most, *points)) for most in (min, max))
        return left - 1, top - 1, right + 1, bottom + 1

    lines = [(edge.source, drawing.polyline(index)) for index, edge in enumerate(edges)]
    near = [pair for pair in combinations(lines, 2) if overlap(extent(pair[0][1]), extent(pair[1][1]))]
    seen = {
        frozenset([(source, a), (other_source, b)])
        for (source, one), (other_source, other) in near
        for a in pairwise(one)
        for b in pairwise(other)
        if cross(*a, *b)
    }
    return len(seen)


def check(boxes, edges, drawing):
    """All that holds for every drawing."""
    rects, pills = box_rectangles(boxes, drawing), pill_rectangles(edges, drawing)
    assert not any(overlap(one, other) for one, other in combinations(rects, 2)), "boxes overlap"
    assert not any(overlap(one, other) for one, other in combinations(pills, 2)), "pills overlap"
    assert not any(overlap(one, other) for one in pills for other in rects), "a pill on a box"
    for left, top, right, bottom in rects + pills:
        assert -SLACK <= left and right <= drawing.width + SLACK, "outside"
        assert -SLACK <= top and bottom <= drawing.height + SLACK, "outside"
    for index, edge in enumerate(edges):
        points = dense(drawing, index)
        assert all(-SLACK <= x <= drawing.width + SLACK for x, _ in points), "outside"
        assert all(-SLACK <= y <= drawing.height + SLACK for _, y in points), "outside"
        assert not any(enters(points, rect) for rect in rects), "an edge runs through a box"
        foreign = [rect for other, rect in enumerate(pills) if other != index]
        assert not any(enters(points, rect) for rect in foreign), "an edge runs through a pill"
        assert edge.label == (0, 0) or enters(points, pills[index]), "a pill is off its edge"
        assert points[-1] == drawing.tips[index]


@pytest.mark.parametrize("fit", [10_000, 1], ids=["right", "narrow"])
@pytest.mark.parametrize("name", GRAPHS)
def test_nothing_collides(name, fit):
    boxes, edges = GRAPHS[name]
    check(boxes, edges, layered(boxes, edges, fit=fit))


def test_many_inputs_top_down():
    tail = [("f", 4 + i) for i in range(6)]
    boxes, edges = graph([("x",)] + [("g", 0)] * 3 + [("sum", *[1, 2, 3] * 4)] + tail)
    flat = [Box(box.width, 54, box.ordered) for box in boxes]
    drawing = layered(boxes, edges, down_boxes=flat)
    assert drawing.direction == "down"
    check(flat, edges, drawing)


@st.composite
def dags(draw):
    size = draw(st.integers(1, 25))
    operations = []
    for i in range(size):
        inputs = draw(st.lists(st.integers(0, i - 1), max_size=5)) if i else []
        operations.append((draw(st.sampled_from("+-*/")), *inputs))
    boxes, edges = graph(operations)
    labels = st.sampled_from([None, (0, 0), (90, 14), (20, 40)])
    return boxes, [replace(edge, label=draw(labels), weight=draw(st.sampled_from([0.5, 1]))) for edge in edges]


@settings(max_examples=60)
@given(dags(), st.sampled_from([1, 900, 10_000]))
def test_nothing_collides_in_random_graphs(dag, fit):
    check(*dag, layered(*dag, fit=fit))


@pytest.mark.parametrize("length, direction", [(3, "right"), (12, "down")])
def test_left_to_right_only_where_it_fits(length, direction):
    drawing = layered(*chain(length))
    assert drawing.direction == direction
    assert drawing.width <= 900


def test_the_limit_itself_fits():
    width = layered(*NEURON, fit=1e9).width
    narrowest = layered(*NEURON, fit=width - 75).width
    assert layered(*NEURON, fit=width).direction == "right"
    assert narrowest <= width - 75


def test_the_narrower_one_where_neither_fits():
    boxes, edges = GRAPHS["sum"]
    drawing = layered(boxes, edges, fit=1)
    assert drawing.direction == "right" and drawing.width < 12 * 84


def test_down_boxes_are_used_top_down():
    boxes, edges = chain(12)
    drawing = layered(boxes, edges, down_boxes=[Box(200, 20)] * len(boxes))
    assert drawing.width == 200


def test_micrograd_crosses_at_most_seven_edges():
    assert crossings(MICROGRAD[1], layered(*MICROGRAD)) <= 7


def test_a_network_of_106_nodes_crosses_at_most_42_edges():
    nodes = gallery.network(2, 4, 4, 1).nodes
    assert len(nodes) == 107  # one is the exponent of the square
    place = {node: i for i, node in enumerate(nodes)}
    network = graph([(node.op.symbol if node.op else "", *(place[x] for x in node.inputs)) for node in nodes])
    assert crossings(network[1], layered(*network)) <= 42


def test_the_same_network_folded_crosses_at_most_42_edges():
    diagram = Diagram(gallery.network(2, 4, 4, 1))
    place = {part.node: i for i, part in enumerate(diagram.parts)}
    edges = [Edge(place[link.source], place[part.node], port) for link, part, port in diagram.arrows]
    assert diagram.width <= 900 and crossings(edges, diagram.layout) <= 42


def test_a_layer_keeps_within_the_width_if_it_can():
    assert layered(*MICROGRAD, fit=900).width <= 900
    narrow = layered(*MICROGRAD, fit=620)
    assert narrow.direction == "down" and narrow.width <= 620
    check(*MICROGRAD, narrow)


def test_edges_bend_more_tightly_where_that_makes_the_drawing_fit():
    usual = layered(*NEURON, fit=1e9).width - 4 * 14
    assert layered(*NEURON, fit=usual - 15).direction == "right"


def test_parallel_edges_are_two_curves_to_two_ports():
    drawing = layered(*GRAPHS["x*x"])
    assert len(set(drawing.paths)) == len(set(drawing.tips)) == 2


def test_ports_of_ordered_boxes_keep_their_order():
    for boxes, edges in (GRAPHS["ordered"], graph([("x",), ("y",), ("-", 1, 0)])):
        tips = [y for _, y in layered(boxes, edges).tips]
        assert tips == sorted(tips)


def test_ports_of_unordered_boxes_take_inputs_as_they_arrive():
    boxes, edges = graph([("x",), ("y",), ("z",), ("+", 2, 0, 1)])
    drawing = layered(boxes, edges)
    assert crossings(edges, drawing) == 0
    assert [drawing.tips[i][1] for i in (1, 2, 0)] == sorted(y for _, y in drawing.tips)


def test_earlier_boxes_stand_higher_up():
    heights = [y for _, y in layered(*NEURON).centers]
    assert heights[:4] == sorted(heights[:4])


def test_a_leaf_stands_right_beside_its_first_use():
    drawing = layered(*NEURON, fit=1e9)
    first_sum, bias = drawing.centers[7], drawing.centers[4]
    assert bias[0] == first_sum[0]


def test_long_edges_and_chains_are_straight():
    boxes, edges = graph([("x",), ("f", 0), ("f", 1), ("f", 2), ("+", 0, 3)])
    assert "C" not in layered(boxes, edges, fit=1e9).paths[3]
    assert all("C" not in path for path in layered(*chain(4)).paths)


def test_the_main_path_is_straight_and_constants_make_way():
    boxes, edges = GRAPHS["sigmoid"]
    paths = layered(boxes, edges, fit=1e9).paths
    main = [path for path, edge in zip(paths, edges) if edge.source not in (3, 5)]
    assert all("C" not in path for path in main)


def test_a_running_sum_runs_in_one_line():
    boxes, edges = graph([("x",), ("x",), ("+", 0, 1), ("x",), ("+", 2, 3), ("x",), ("+", 4, 5), ("x",), ("+", 6, 7)])
    for fit, axis in ((1e9, 1), (1, 0)):
        drawing = layered(boxes, edges, fit=fit)
        assert len({drawing.centers[i][axis] for i in (2, 4, 6, 8)}) == 1
        assert all("C" not in path for path, edge in zip(drawing.paths, edges) if edge.source in (2, 4, 6))


def test_a_lighter_edge_makes_way():
    boxes, edges = graph([("4",), ("x",), ("*", 0, 1)])
    for light, heavy in ((0, 1), (1, 0)):
        weighted = [replace(edge, weight=0.5 if edge.source == light else 1) for edge in edges]
        drawing = layered(boxes, weighted)
        assert drawing.centers[heavy][1] == drawing.centers[2][1] and "C" not in drawing.paths[heavy]


def test_the_long_edges_of_a_box_share_a_line():
    boxes, edges = graph([("x",)] + [("+", 0, max(0, i)) for i in range(9)])
    routes = layered(boxes, edges, fit=1).routes
    from_x = [route for route, edge in zip(routes, edges) if edge.source == 0 and edge.target > 2]
    assert len({route[1] for route in from_x}) == 1


def test_the_edges_of_a_fork_leave_where_they_are_straight():
    paths = layered(*GRAPHS["x*x"]).paths
    assert not any("C" in path for path in paths)


def test_same_bytes_under_any_hash_seed():
    code = "import tests.test_layout as t; print([t.layered(*graph) for graph in t.GRAPHS.values()])"
    command = [sys.executable, "-c", code]

    def output(seed):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    assert output("1") == output("2") != b""


def test_a_chain_of_5000():
    boxes, edges = chain(4999)
    drawing = layered(boxes, edges)
    heights = [y for _, y in drawing.centers]
    assert heights == sorted(set(heights))


def test_failures_are_one_sentence():
    with pytest.raises(ValueError, match="a layout needs at least one box"):
        layered([], [])
    with pytest.raises(ValueError, match="the edges form a cycle"):
        layered([Box(9, 9)] * 2, [Edge(0, 1), Edge(1, 0)])
    with pytest.raises(ValueError, match="the edges form a cycle"):
        layered([Box(9, 9)], [Edge(0, 0)])
