"""Modules on Values and on Tensors, losses, initialisers, saving; PyTorch compared where it is installed."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from pytest import approx

from backproplab import Graph, Tensor, Value, array_ops, nn
from backproplab.derivatives import check_gradient, jacobian
from backproplab.graph import outputs_first

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(5, 3))
Y = RANDOM.normal(size=(5, 2))
LABELS = np.array([0, 1, 1, 0, 1])


def test_a_layer_gives_all_its_neurons_the_same_inputs():
    y = nn.Layer(2, 5)([1.0, 2.0])
    assert len({x for unit in y for x in unit.inputs[0].inputs if x.constant}) == 2


def test_a_weighted_sum_is_one_node_and_can_be_unrolled():
    one, many = nn.Neuron(3, "tanh"), nn.Neuron(3, "tanh", unrolled=True)
    x = [1.0, -2.0, 0.5]
    assert one(x).data == approx(many(x).data, rel=1e-15)
    assert {node.op.name for node in outputs_first(one(x)) if node.op} == {"dot", "tanh"}
    assert {node.op.name for node in outputs_first(many(x)) if node.op} == {"add", "multiply", "tanh"}
    assert "tanh" in Graph(many(x)).draw().svg


def test_mlp_shapes_and_parameters():
    model = nn.MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert isinstance(model([1.0, Value(2.0)]), Value)
    assert len(nn.MLP(2, [3, 2])([1.0, 2.0])) == 2
    assert nn.MLP(1, [1])([-5.0]).data == approx(-5.0 * nn.MLP(1, [1]).parameters()[0].data)  # the last layer is linear
    with pytest.raises(ValueError, match="2 weights; got 3 inputs"):
        model([1.0, 2.0, 3.0])


def test_a_network_that_does_not_fit_together_says_where():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(5, 2))
    with pytest.raises(ValueError, match="^Layer 3, Linear: This layer takes rows of 5 numbers, .*; got shape \\(2, 3\\)"):
        model(np.ones((2, 4)))


def test_mlp_and_sequential_are_the_same_function():
    model = nn.MLP(3, [4, 2], activation="tanh")
    layers = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    for linear, layer in zip((layers.layers[0], layers.layers[2]), model.layers):
        linear.weight.data = [[w.data for w in neuron.w] for neuron in layer.neurons]
        linear.bias.data = [neuron.b.data for neuron in layer.neurons]
    found = layers(X)
    for row, outputs in zip(X, found.data):
        assert [y.data for y in model(list(row))] == approx(outputs)
    found.sum().backward()
    total = sum((y for row in X for y in model(list(row))), Value(0.0))
    total.backward()
    assert [[w.grad for w in neuron.w] for neuron in model.layers[0].neurons] == [
        approx(row) for row in layers.layers[0].weight.grad
    ]


def test_the_same_seed_gives_the_same_network():
    one, same, other = (nn.MLP(2, [4, 1], seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert any(not np.array_equal(one[name], other[name]) for name in one)


def test_named_parameters_find_each_once():
    shared = nn.Linear(3, 3)
    model = nn.Sequential(shared, nn.ReLU(), shared)
    assert [name for name, _ in model.named_parameters()] == ["layers.0.weight", "layers.0.bias"]
    assert [name for name, _ in nn.Neuron(2).named_parameters()] == ["w.0", "w.1", "b"]


def test_zero_grad():
    for model, x in ((nn.MLP(2, [2, 1]), [1.0, 2.0]), (nn.Sequential(nn.Linear(2, 1)), [[1.0, 2.0]])):
        for expected in (1, 1):
            y = model(x)
            (y if isinstance(y, Value) else y.sum()).backward()
            biases = [p.grad for name, p in model.named_parameters() if name.endswith(("b", "bias"))]
            assert float(np.max(biases)) == expected
            model.zero_grad()


@pytest.mark.parametrize("layer", [nn.ReLU, nn.Tanh, nn.Sigmoid, nn.Softmax], ids=lambda layer: layer.__name__)
def test_activations_have_the_right_gradient_and_no_weights(layer):
    assert check_gradient(lambda x: layer()(x), X)
    assert layer().jacobians(X[:1]).weights.shape == (3, 0)


def test_both_jacobians_of_a_linear_module():
    """∂s/∂W, flattened in C order, is kron(I, zᵀ); ∂s/∂z is W itself."""
    layer, z = nn.Linear(3, 2), X[:1]
    state, weights = layer.jacobians(z)
    np.testing.assert_allclose(state, layer.weight.data)
    np.testing.assert_allclose(weights, np.hstack([np.kron(np.eye(2), z), np.eye(2)]))


@pytest.mark.parametrize("shape", [(1, 3), (5, 3), (2, 5, 3)], ids=str)
def test_linear_agrees_with_nudging_in_all_modes(shape):
    layer, x = nn.Linear(3, 2), RANDOM.normal(size=shape)
    assert check_gradient(layer, x)
    assert check_gradient(lambda w: Tensor.record(array_ops.LINEAR, Tensor(x), w), layer.weight.data)
    np.testing.assert_allclose(jacobian(layer, x, "forward"), jacobian(layer, x, "reverse"), rtol=1e-13)


def test_both_jacobians_of_a_network_agree_with_nudging():
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    state, weights = model.jacobians(X[:1])
    h, columns = 1e-6, []
    for parameter in model.parameters():
        for i in np.ndindex(parameter.shape):
            found = []
            for sign in (1, -1):
                moved = parameter.data.copy()
                moved[i] += sign * h
                parameter.data, before = moved, parameter.data
                found.append(model(X[:1]).data.ravel())
                parameter.data = before
            columns.append((found[0] - found[1]) / (2 * h))
    np.testing.assert_allclose(weights, np.array(columns).T, atol=1e-8)
    assert state.shape == (2, 3)


def test_softmax_jacobian_is_diag_p_minus_pp():
    x = X[:1]
    p = nn.Softmax()(x).data[0]
    np.testing.assert_allclose(nn.Softmax().jacobians(x).state, np.diag(p) - np.outer(p, p), atol=1e-16)


def test_saving_and_loading(tmp_path):
    for make in (lambda seed: nn.MLP(2, [3, 1], seed=seed), lambda seed: nn.Sequential(nn.Linear(2, 3, seed=seed))):
        one, other = make(1), make(2)
        one.save(tmp_path / "model.npz")
        other.load(tmp_path / "model.npz")
        assert all(np.array_equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values()))


def test_loading_never_unpickles(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    np.savez(tmp_path / "bomb.npz", weight=np.array([Bomb()], dtype=object), bias=np.zeros(1))
    with pytest.raises(ValueError, match="allow_pickle"):
        nn.Linear(1, 1).load(tmp_path / "bomb.npz")
    (tmp_path / "bomb.npz").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ValueError):
        nn.Linear(1, 1).load(tmp_path / "bomb.npz")


@pytest.mark.parametrize(
    "state, words",
    [
        ({"weight": np.zeros((2, 3))}, r"missing \['bias'\]"),
        ({"weight": np.zeros((2, 3)), "bias": np.zeros(2), "x": 1}, r"unknown \['x'\]"),
        ({"weight": np.zeros((3, 2)), "bias": np.zeros(2)}, r"weight has shape \(3, 2\) instead of \(2, 3\)"),
        ({"weight": [["a"]], "bias": np.zeros(2)}, "real numbers"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(state, words):
    layer = nn.Linear(3, 2)
    before = layer.state_dict()
    with pytest.raises((ValueError, TypeError), match=words):
        layer.load_state_dict(state)
    assert all(np.array_equal(before[name], after) for name, after in layer.state_dict().items())


@pytest.mark.parametrize("loss", [nn.sse_loss, nn.mse_loss, nn.half_mse_loss], ids=lambda loss: loss.__name__)
def test_squared_losses(loss):
    assert check_gradient(lambda p: loss(p, Y), Y + 1.0)
    scale = {"sse_loss": 1, "mse_loss": 1 / 10, "half_mse_loss": 1 / 10}[loss.__name__]
    assert loss(Y + 2.0, Y).item() == approx(4 * 10 * scale)
    each = loss(Y + X[:, :1], Y, per_sample=True)
    assert each.shape == (5,)
    total = each.sum() if loss is nn.sse_loss else each.mean()
    assert total.item() == approx(loss(Y + X[:, :1], Y).item())
    with pytest.raises(ValueError, match=r"\(5, 2\) and targets \(5,\)"):
        loss(Y, Y[:, 0])


def test_m13_the_gradient_of_the_half_mean_square_is_one_number_per_output():
    y = Tensor([2.0, 2.0, 2.0])
    nn.half_mse_loss(y, [1.0, 2.0, 4.0]).backward()
    assert list(y.grad) == approx([1 / 3, 0.0, -2 / 3])


def test_cross_entropy():
    assert check_gradient(lambda s: nn.cross_entropy(s, LABELS), Y)
    p = np.exp(Y) / np.exp(Y).sum(1, keepdims=True)
    expected = -np.log(p[np.arange(5), LABELS])
    np.testing.assert_allclose(nn.cross_entropy(Y, LABELS, per_sample=True).data, expected)
    assert nn.cross_entropy([[1000.0, -1000.0]], [1]).item() == 2000.0
    for labels in ([0, 1], [0, 1, 2, 0, 1], [0.0, 1, 1, 0, 1], LABELS[:, None]):
        with pytest.raises(ValueError, match="cross_entropy needs"):
            nn.cross_entropy(Y, labels)


def test_cross_entropy_keeps_float32():
    scores = Tensor(Y.astype(np.float32))
    loss = nn.cross_entropy(scores, LABELS)
    loss.backward()
    assert loss.dtype == scores.grad.dtype == np.float32


def test_hinge():
    assert check_gradient(lambda s: nn.hinge_loss(s, 2 * LABELS - 1), Y[:, 0])
    assert nn.hinge_loss([0.5, -2.0, 3.0], [1, 1, 1], per_sample=True).data == approx([0.5, 3.0, 0.0])
    with pytest.raises(ValueError, match="hinge_loss needs a label"):
        nn.hinge_loss([0.5], [0])


def test_nearest_neighbour_learns_by_distance():
    model = nn.NearestNeighbour(X[:2])
    assert list(model(X[:2])) == [0, 1]
    assert check_gradient(lambda w: ((Tensor(X).expand_dims(1) - w) ** 2).sum(-1).min(-1).mean(), X[:2] + 0.1)
    model.loss(X).backward()
    assert model.prototypes.grad.shape == (2, 3)


def test_initialisers_have_the_variance_of_their_sources():
    random = np.random.default_rng(0)
    assert nn.he(random, 400, 300).var() == approx(2 / 400, rel=0.02)
    assert nn.glorot(random, 400, 300).var() == approx(2 / 700, rel=0.02)
    assert nn.lecun(random, 400, 300).var() == approx(1 / 400, rel=0.02)
    assert not nn.zeros(random, 4, 3).any()


def test_zeros_never_learn():
    model = nn.Sequential(nn.Linear(3, 4, initial="zeros"), nn.Tanh(), nn.Linear(4, 2, initial="zeros"))
    nn.mse_loss(model(X), Y).backward()
    assert not model.layers[0].weight.grad.any()


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda: nn.Neuron(2, "swish"), "no activation 'swish'; there are linear, relu"),
        (lambda: nn.Linear(2, 3, initial="ones"), "no initialiser 'ones'"),
        (lambda: nn.Module()(1), "Module has no forward"),
        (lambda: nn.Linear(3, 2)(np.ones((5, 4))), r"rows of 3 numbers, shape \(N, 3\); got shape \(5, 4\)"),
        (lambda: nn.Linear(3, 2)([1.0, 2.0, 3.0]), r"got shape \(3,\)"),
    ],
)
def test_mistakes_are_named(wrong, words):
    with pytest.raises((ValueError, TypeError), match=words):
        wrong()


def test_flatten():
    assert nn.Flatten()(np.ones((5, 3, 10, 20))).shape == (5, 600)


def test_mynet_has_38910_parameters():
    model = nn.Sequential(nn.Flatten(), nn.Linear(600, 60), nn.ReLU(), nn.Linear(60, 40), nn.ReLU(), nn.Linear(40, 10))
    assert sum(p.size for p in model.parameters()) == 38_910


def test_against_pytorch():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here")
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    weights = [torch.tensor(p.data, requires_grad=True) for p in model.parameters()]
    w1, b1, w2, b2 = weights
    loss = torch.nn.functional.cross_entropy(torch.tanh(torch.tensor(X) @ w1.T + b1) @ w2.T + b2, torch.tensor(LABELS))
    loss.backward()
    ours = nn.cross_entropy(model(X), LABELS)
    ours.backward()
    assert ours.item() == approx(loss.item(), rel=1e-14)
    for p, weight in zip(model.parameters(), weights):
        np.testing.assert_allclose(p.grad, weight.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_value_numbers_survive_math():
    assert math.isfinite(nn.MLP(2, [8, 8, 1])([1e3, -1e3]).data)
