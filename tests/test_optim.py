"""Optimisers against their formulas, on Values and Tensors."""

from __future__ import annotations

import numpy as np
import pytest
from pytest import approx

from backproplab import Tensor, Value, optim


def descend(make, steps: int, w=None) -> list:
    """x after each step on (4x + 1)² from x = 1 (curvature 32), or on ½(w₁² + 25w₂²) for a Tensor."""
    w = Value(1.0) if w is None else w
    optimizer = make([w])
    path = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = (4 * w + 1) ** 2 if isinstance(w, Value) else (w * w * [0.5, 12.5]).sum()
        loss.backward()
        optimizer.step()
        path.append(np.array(w.data))
    return path


def test_r25_one_step_by_hand():
    assert descend(lambda p: optim.SGD(p, lr=0.01), 1) == approx([0.6])
    assert descend(lambda p: optim.SGD(p, lr=1 / 32), 1) == [-0.25]


@pytest.mark.parametrize("make", [lambda: Value(1.0, "w"), lambda: Tensor([1.0], "w")], ids=["Value", "Tensor"])
def test_r06_a_forgotten_zero_grad_is_noticed(make):
    """Leaves keep adding up by definition, but hardly ever on purpose once a step has used them."""
    w = make()
    optimizer = optim.SGD([w], lr=0.01)

    def loss():
        squared = (4 * w + 1) ** 2
        return squared if isinstance(w, Value) else squared.sum()

    loss().backward()
    loss().backward()  # adding up before a step, as over the parts of a batch, is nobody's mistake
    optimizer.step()
    with pytest.warns(UserWarning, match="w still holds the gradient of an earlier step"):
        loss().backward()
    optimizer.zero_grad()
    loss().backward()
    optimizer.step()
    w.grad = 0.0 if isinstance(w, Value) else None
    loss().backward()


def test_lesson_06_bounces_for_ever_at_one_sixteenth():
    assert descend(lambda p: optim.SGD(p, lr=1 / 16), 4) == [-1.5, 1.0, -1.5, 1.0]
    assert abs(descend(lambda p: optim.SGD(p, lr=0.07), 20)[-1]) > 10


def test_momentum_and_nesterov_by_hand():
    g1, g2 = 40.0, 8 * (4 * 0.6 + 1)
    assert descend(lambda p: optim.SGD(p, lr=0.01, momentum=0.5), 2) == approx([0.6, 0.6 - 0.01 * (0.5 * g1 + g2)])
    first = 1 - 0.01 * (g1 + 0.5 * g1)
    assert descend(lambda p: optim.SGD(p, lr=0.01, momentum=0.5, nesterov=True), 1) == approx([first])


def test_weight_decay():
    assert descend(lambda p: optim.SGD(p, lr=0.01, weight_decay=0.1), 1) == approx([1 - 0.01 * 40.1])


def test_adam_by_hand():
    """The first step has length lr whatever the gradient; the second is computed here from the paper's formula."""
    path = descend(lambda p: optim.Adam(p, lr=0.1), 2)
    g1, g2 = 40.0, 8 * (4 * 0.9 + 1)
    m, v = 0.9 * 0.1 * g1 + 0.1 * g2, 0.999 * 0.001 * g1**2 + 0.001 * g2**2
    second = 0.9 - 0.1 * (m / (1 - 0.9**2)) / ((v / (1 - 0.999**2)) ** 0.5 + 1e-8)
    assert path == approx([0.9, second], rel=1e-7)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: optim.SGD(p, lr=0.03),
        lambda p: optim.SGD(p, lr=0.01, momentum=0.9),
        lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
        lambda p: optim.Adam(p, lr=0.3),
    ],
    ids=["sgd", "momentum", "nesterov", "adam"],
)
def test_all_reach_the_minimum_of_a_valley(make):
    assert descend(make, 400, Tensor([10.0, 1.0]))[-1] == approx([0.0, 0.0], abs=1e-3)


def test_values_and_tensors_take_the_same_steps():
    for make in (lambda p: optim.SGD(p, lr=0.01, momentum=0.9, weight_decay=0.1), lambda p: optim.Adam(p, lr=0.1)):
        value, tensor = Value(1.0), Tensor([1.0])
        for w in (value, tensor):
            optimizer = make([w])
            for _ in range(5):
                optimizer.zero_grad()
                loss = (4 * w + 1) ** 2
                (loss if w is value else loss.sum()).backward()
                optimizer.step()
        assert tensor.data == approx([value.data], rel=1e-14)


def test_a_matrix_for_a_learning_rate():
    assert descend(lambda p: optim.MatrixSGD(p, np.diag([1, 1 / 25])), 1, Tensor([10.0, 1.0]))[0] == approx([0, 0])
    flat = descend(lambda p: optim.MatrixSGD(p, np.diag([0.04, 0.0])), 20, Tensor([10.0, 1.0]))
    assert flat[-1][1] == 1.0  # the null space never moves
    x, y = Value(1.0), Value(2.0)
    optimizer = optim.MatrixSGD([x, y], [[1, -1], [-1, 1]])
    x.grad = y.grad = 2.5
    optimizer.step()
    assert (x.data, y.data) == (1.0, 2.0)  # positive semi-definite, and still not downhill


def test_a_matrix_need_not_be_symmetric():
    turn = [[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]
    assert optim.positive_semidefinite(turn, 2).shape == (2, 2)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda w: optim.MatrixSGD([w], [[1.0]]), r"shape \(2, 2\) for 2 numbers; got \(1, 1\)"),
        (lambda w: optim.MatrixSGD([w], [[1, 0], [0, -1]]), "eigenvalue -1"),
        (lambda w: optim.SGD([], lr=0.1), "at least one parameter"),
        (lambda w: optim.SGD([w * 2], lr=0.1), "was not computed"),
        (lambda w: optim.SGD([3.0], lr=0.1), "got 3.0"),
        (lambda w: optim.SGD([w], lr=0.1, nesterov=True), "momentum above 0"),
    ],
)
def test_mistakes_are_named(wrong, words):
    with pytest.raises((ValueError, TypeError), match=words):
        wrong(Tensor([1.0, 2.0]))


def test_schedules():
    assert [optim.inverse_time(0.2, 50)(t) for t in (0, 50, 150)] == approx([0.2, 0.1, 0.05])
    assert [optim.step_decay(1.0, every=10)(t) for t in (0, 9, 10, 25)] == [1.0, 1.0, 0.5, 0.25]
    assert optim.exponential(1.0, 0.5)(3) == 0.125
    assert [optim.cosine(1.0, 10)(t) for t in (0, 5, 10, 99)] == approx([1.0, 0.5, 0.0, 0.0])
    w = Value(1.0)
    optimizer = optim.SGD([w], lr=lambda t: 1.0 / (t + 1))
    for _ in range(2):
        w.grad = 1.0
        optimizer.step()
    assert w.data == 1.0 - 1.0 - 0.5


def test_a_parameter_that_got_no_gradient_stays():
    w, unused = Tensor([1.0]), Tensor([5.0])
    optimizer = optim.SGD([w, unused], lr=0.1)
    (w * w).sum().backward()
    optimizer.step()
    assert unused.data == [5.0] and w.data == approx([0.8])


def test_the_old_graph_is_stale_after_a_step():
    w = Tensor([1.0])
    loss = (w * w).sum()
    loss.backward()
    optim.SGD([w], lr=0.1).step()
    with pytest.raises(RuntimeError, match="given new data"):
        loss.backward()
