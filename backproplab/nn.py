"""Neural networks: neurons on Values, where every number can be watched, and layers on Tensors, which are fast."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from . import array_ops, ops
from .derivatives import jacobian
from .tensor import Tensor, as_tensor, to_array
from .value import Value, as_value, dot

# ---- how parameters begin -----------------------------------------------------------------------


def he(random: np.random.Generator, inputs: int, outputs: int) -> np.ndarray:
    """Normal with variance 2/inputs: keeps the size of signals through relu (He et al. 2015, eq. 10)."""
    return random.normal(0.0, math.sqrt(2.0 / inputs), (outputs, inputs))


def glorot(random: np.random.Generator, inputs: int, outputs: int) -> np.ndarray:
    """Uniform with variance 2/(inputs + outputs), for tanh (Glorot and Bengio 2010, eq. 16)."""
    limit = math.sqrt(6.0 / (inputs + outputs))
    return random.uniform(-limit, limit, (outputs, inputs))


def lecun(random: np.random.Generator, inputs: int, outputs: int) -> np.ndarray:
    """Normal with variance 1/inputs (LeCun et al. 1998, "Efficient BackProp", §4.6)."""
    return random.normal(0.0, math.sqrt(1.0 / inputs), (outputs, inputs))


def zeros(random: np.random.Generator, inputs: int, outputs: int) -> np.ndarray:
    """All zeros: every unit of a layer then stays like its neighbours, and hidden layers never learn."""
    return np.zeros((outputs, inputs))


INITIALISERS = {"he": he, "glorot": glorot, "lecun": lecun, "zeros": zeros}


def _initial(name: str, inputs: int, outputs: int, seed: int | np.random.Generator) -> np.ndarray:
    if name not in INITIALISERS:
        raise ValueError(f"There is no initialiser {name!r}; there are {', '.join(INITIALISERS)}.")
    return INITIALISERS[name](np.random.default_rng(seed), inputs, outputs)


# ---- modules ------------------------------------------------------------------------------------


class Jacobians(NamedTuple):
    """The two Jacobians of a module: of its output in its input state, and in its weights, all flattened.

    `state` is [outputs × inputs], `weights` [outputs × parameters], each in C order; the parameters stand in
    the order of `named_parameters()`.
    """

    state: np.ndarray
    weights: np.ndarray


class Module:
    """Something with parameters. They are found among its attributes, in lists and in modules inside it."""

    def __call__(self, *inputs: Any) -> Any:
        return self.forward(*inputs)

    def forward(self, *inputs: Any) -> Any:
        raise TypeError(f"{type(self).__name__} has no forward: a module says there what it computes.")

    def named_parameters(self) -> Iterator[tuple[str, Value | Tensor]]:
        """Every parameter once, with its path of attributes, as in `layers.0.weight`."""
        seen: set = set()
        for name, found in _parameters("", self):
            if found not in seen:
                seen.add(found)
                yield name, found

    def parameters(self) -> list[Value | Tensor]:
        """Every parameter once."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Forget all gradients, so that the next backward pass starts afresh."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def state_dict(self) -> dict[str, np.ndarray]:
        """A copy of every parameter's data, by name."""
        return {name: np.array(parameter.data) for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over every parameter's data; names and shapes must be exactly those of this module."""
        own = dict(self.named_parameters())
        if set(own) != set(state):
            missing, unknown = sorted(set(own) - set(state)), sorted(set(state) - set(own))
            raise ValueError(f"The state does not fit this module: missing {missing}, unknown {unknown}.")
        arrays = {name: to_array(state[name]) for name in own}
        for name, parameter in own.items():
            if arrays[name].shape != np.shape(parameter.data):
                shapes = f"{arrays[name].shape} instead of {np.shape(parameter.data)}"
                raise ValueError(f"The state does not fit this module: {name} has shape {shapes}.")
        for name, parameter in own.items():
            parameter.data = float(arrays[name]) if isinstance(parameter, Value) else arrays[name]

    def save(self, path: str | Path) -> None:
        """Write the parameters to a file of arrays (`.npz`); no code is stored."""
        np.savez(Path(path), **self.state_dict())

    def load(self, path: str | Path) -> None:
        """Read parameters that `save` wrote; nothing in the file is ever run."""
        with np.load(Path(path), allow_pickle=False) as state:
            self.load_state_dict(state)

    def jacobians(self, x: Any) -> Jacobians:
        """How the output responds to the input state and to the weights, at x (see `Jacobians`)."""
        x = Tensor(x)
        state = jacobian(self, x)
        outputs = self(x).size
        columns = [self._jacobian_in(parameter, x).reshape(outputs, -1) for parameter in self.parameters()]
        weights = np.concatenate(columns, axis=1) if columns else np.zeros((outputs, 0))
        return Jacobians(state.reshape(outputs, -1), weights)

    def _jacobian_in(self, parameter: Tensor, x: Tensor) -> np.ndarray:
        return jacobian(lambda _: self(x.data), parameter, mode="reverse")


def _parameters(path: str, thing: Any) -> Iterator[tuple[str, Value | Tensor]]:
    if isinstance(thing, Value | Tensor):
        if not thing.op and not thing.constant:
            yield path, thing
        return
    if isinstance(thing, Module):
        parts = vars(thing).items()
    elif isinstance(thing, list | tuple):
        parts = enumerate(thing)
    else:
        return
    for name, part in parts:
        yield from _parameters(f"{path}.{name}" if path else str(name), part)


# ---- on Values ----------------------------------------------------------------------------------

ACTIVATIONS = {"linear": None, "relu": ops.RELU, "tanh": ops.TANH, "sigmoid": ops.SIGMOID}


def _activation(name: str) -> Any:
    if name not in ACTIVATIONS:
        raise ValueError(f"There is no activation {name!r}; there are {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[name]


class Neuron(Module):
    """activation(Σ wᵢxᵢ + b) on Values (McCulloch and Pitts 1943, with weights that learn).

    The weighted sum is one `dot` node; `unrolled=True` writes it as multiplications and additions, to be drawn.

    >>> neuron = Neuron(2, "tanh")
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 0.5, -1.0, 0.25
    >>> neuron([1.0, 0.5])
    Value(0.244919, grad=0)
    """

    def __init__(
        self,
        inputs: int,
        activation: str = "relu",
        *,
        seed: int | np.random.Generator = 0,
        initial: str = "he",
        unrolled: bool = False,
    ) -> None:
        self.activation, self.unrolled = _activation(activation), unrolled
        self.w = [Value(w) for w in _initial(initial, inputs, 1, seed)[0]]
        self.b = Value(0.0)

    def forward(self, x: Sequence[Value | float]) -> Value:
        if len(x) != len(self.w):
            raise ValueError(f"This neuron has {len(self.w)} weights; got {len(x)} inputs.")
        s = self._unrolled(x) if self.unrolled else dot(self.w, x, self.b)
        return self.activation(s) if self.activation else s

    def _unrolled(self, x: Sequence[Value | float]) -> Value:
        s = self.w[0] * x[0]
        for w, xi in zip(self.w[1:], x[1:]):
            s = s + w * xi
        return s + self.b


class Layer(Module):
    """Neurons side by side on the same inputs.

    >>> len(Layer(3, 32)([1.0, 2.0, 3.0]))
    32
    """

    def __init__(self, inputs: int, outputs: int, activation: str = "relu", **options: Any) -> None:
        random = np.random.default_rng(options.pop("seed", 0))
        self.neurons = [Neuron(inputs, activation, seed=random, **options) for _ in range(outputs)]

    def forward(self, x: Sequence[Value | float]) -> list[Value]:
        x = [as_value(xi) for xi in x]  # the same nodes for every neuron
        return [neuron(x) for neuron in self.neurons]


class MLP(Module):
    """Layers one after the other; the last one is linear. With one unit at the end, the result is one Value.

    >>> model = MLP(2, [16, 16, 1])
    >>> len(model.parameters())
    337
    >>> type(model([1.0, -2.0])).__name__
    'Value'
    """

    def __init__(self, inputs: int, sizes: Sequence[int], activation: str = "relu", **options: Any) -> None:
        random = np.random.default_rng(options.pop("seed", 0))
        widths = [inputs, *sizes]
        names = [activation] * (len(sizes) - 1) + ["linear"]
        self.layers = [Layer(n, m, name, seed=random, **options) for n, m, name in zip(widths, widths[1:], names)]

    def forward(self, x: Sequence[Value | float]) -> Value | list[Value]:
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x


# ---- on Tensors ---------------------------------------------------------------------------------


class Linear(Module):
    """x @ weightᵀ + bias, for rows x (N, inputs) → (N, outputs); `weight` is (outputs, inputs), as in PyTorch.

    >>> Linear(3, 2)(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(
        self, inputs: int, outputs: int, *, bias: bool = True, seed: int | np.random.Generator = 0, initial: str = "he"
    ) -> None:
        self.weight = Tensor(_initial(initial, inputs, outputs, seed), "weight")
        self.bias = Tensor(np.zeros(outputs), "bias") if bias else None

    def forward(self, x: Any) -> Tensor:
        x = as_tensor(x)
        inputs = self.weight.shape[1]
        if x.ndim < 2 or x.shape[-1] != inputs:
            raise ValueError(f"This layer takes rows of {inputs} numbers, shape (N, {inputs}); got shape {x.shape}.")
        if self.bias is None:
            return Tensor.record(array_ops.LINEAR, x, self.weight)
        return Tensor.record(array_ops.AFFINE, x, self.weight, self.bias)


class ReLU(Module):
    """max(x, 0), entry by entry."""

    def forward(self, x: Any) -> Tensor:
        return as_tensor(x).relu()


class Tanh(Module):
    """tanh, entry by entry."""

    def forward(self, x: Any) -> Tensor:
        return as_tensor(x).tanh()


class Sigmoid(Module):
    """1/(1 + e⁻ˣ), entry by entry."""

    def forward(self, x: Any) -> Tensor:
        return as_tensor(x).sigmoid()


class Softmax(Module):
    """Probabilities from scores: exp divided by its sum, along the last axis. Its Jacobian is diag(p) − ppᵀ."""

    def forward(self, x: Any) -> Tensor:
        return as_tensor(x).softmax()


class Flatten(Module):
    """(N, …) → (N, d): each sample as one row."""

    def forward(self, x: Any) -> Tensor:
        x = as_tensor(x)
        return x.reshape(len(x), -1)


class Sequential(Module):
    """Modules one after the other.

    >>> model = Sequential(Linear(64, 32), ReLU(), Linear(32, 10))
    >>> sum(p.size for p in model.parameters())
    2410
    """

    def __init__(self, *layers: Module) -> None:
        self.layers = list(layers)

    def forward(self, x: Any) -> Tensor:
        for x in states(self.layers, x):
            pass
        return x


def states(layers: Iterable[Module], x: Any) -> Iterator[Any]:
    """What each of these layers hands to the next, and the last one to us; an error says in which layer it was."""
    for i, layer in enumerate(layers, 1):
        try:
            x = layer(x)
        except ValueError as error:
            raise ValueError(f"Layer {i}, {type(layer).__name__}: {error}") from None
        yield x


class NearestNeighbour(Module):
    """argmin_k ‖x − w_k‖²: the label is the number of the closest prototype (LeCun's second example).

    The label is a staircase without a useful gradient; the distance to the closest prototype has one.

    >>> model = NearestNeighbour([[0.0, 0.0], [4.0, 0.0]])
    >>> model([[1.0, 1.0], [3.0, 0.0]])
    array([0, 1])
    """

    def __init__(self, prototypes: Any) -> None:
        self.prototypes = Tensor(prototypes, "prototypes")

    def distances(self, x: Any) -> Tensor:
        """‖x − w_k‖² for rows x (N, d) and K prototypes: (N, K)."""
        x = as_tensor(x)
        return ((x.expand_dims(1) - self.prototypes) ** 2).sum(-1)

    def forward(self, x: Any) -> np.ndarray:
        x = as_tensor(x).data
        some = max(1, 1_000_000 // self.prototypes.data.size)  # rows at once: for digits all would take half a gigabyte
        starts = range(0, max(1, len(x)), some)
        return np.concatenate([self.distances(x[i : i + some]).data.argmin(-1) for i in starts])

    def loss(self, x: Any) -> Tensor:
        """The mean squared distance to the closest prototype, which learns (as k-means does)."""
        return self.distances(x).min(-1).mean()


# ---- losses -------------------------------------------------------------------------------------


def _squared(prediction: Any, target: Any) -> Tensor:
    """The squared errors, entry by entry."""
    prediction, target = as_tensor(prediction), as_tensor(target)
    if prediction.shape != target.shape:
        raise ValueError(f"Predictions have shape {prediction.shape} and targets {target.shape}; they must agree.")
    error = prediction - target
    return error * error


def _rows(squared: Tensor) -> Tensor:
    """As (N, d): each sample as one row."""
    return squared.reshape(len(squared) if squared.ndim else 1, -1)


def sse_loss(prediction: Any, target: Any, per_sample: bool = False) -> Tensor:
    """Σ(ŷ − y)²; per sample, each row's own sum."""
    squared = _squared(prediction, target)
    return _rows(squared).sum(1) if per_sample else squared.sum()


def mse_loss(prediction: Any, target: Any, per_sample: bool = False) -> Tensor:
    """The mean of (ŷ − y)² over all entries, as PyTorch's MSELoss; per sample, over each row's entries."""
    squared = _squared(prediction, target)
    return _rows(squared).mean(1) if per_sample else squared.mean()


def half_mse_loss(prediction: Any, target: Any, per_sample: bool = False) -> Tensor:
    """1/2N Σ‖ŷ − y‖², whose gradient in ŷ_i is (ŷ_i − y_i)/N; per sample ½‖ŷ − y‖².

    >>> y = Tensor([2.0, 2.0, 2.0])
    >>> half_mse_loss(y, [1.0, 2.0, 4.0]).backward()
    >>> y.grad * 3
    array([ 1.,  0., -2.])
    """
    squared = _rows(_squared(prediction, target))
    return squared.sum(1) * 0.5 if per_sample else squared.sum() * (0.5 / max(len(squared), 1))


def cross_entropy(logits: Any, labels: Any, per_sample: bool = False) -> Tensor:
    """−log softmax(logits)[label], averaged: logits (N, K), labels N whole numbers from 0 to K − 1.

    >>> cross_entropy([[0.0, 0.0]], [1]).item() == math.log(2)
    True
    """
    logits, labels = as_tensor(logits), np.asarray(labels)
    n, k = logits.shape if logits.ndim == 2 else (-1, 0)
    if labels.shape != (n,) or labels.dtype.kind not in "iu" or (n and not 0 <= labels.min() <= labels.max() < k):
        raise ValueError(
            f"cross_entropy needs scores of shape (N, K) and N whole labels from 0 to K − 1; got scores of shape "
            f"{logits.shape} and labels of shape {labels.shape}, {labels.dtype}."
        )
    losses = Tensor.record(array_ops.nll(labels), logits)
    return losses if per_sample else losses.mean()


def hinge_loss(scores: Any, labels: Any, per_sample: bool = False) -> Tensor:
    """max(0, 1 − y·s), averaged: scores of any shape, labels of the same shape, each −1 or 1."""
    scores, labels = as_tensor(scores), to_array(labels)
    if labels.shape != scores.shape or not np.isin(labels, (-1.0, 1.0)).all():
        raise ValueError(
            f"hinge_loss needs a label −1 or 1 for each score of shape {scores.shape}; got {labels.shape}."
        )
    losses = (1.0 - scores * labels).relu()
    return losses if per_sample else losses.mean()
