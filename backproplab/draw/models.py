"""A model as the layers that it consists of, in numbers: what a picture of a network is drawn from.

Models are told by their parts, as in `backproplab.nn`: neurons have `w` and `b`, linear layers `weight` and
`bias`, and what has no parameters is an activation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from numbers import Integral
from typing import Any

from ..value import Value, dot

DEEPEST = 11  # layers, inputs not counted


@dataclass(slots=True)
class Layer:
    """One layer in numbers; rows of weights are [units × units before], None where two are not connected."""

    size: int
    activation: str = ""
    weights: list[list[float | None]] = field(default_factory=list)  # empty: inputs, or the bare shape
    biases: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    gradients: list[float] = field(default_factory=list)
    weight_gradients: list[list[float | None]] = field(default_factory=list)
    bias_gradients: list[float] = field(default_factory=list)

    @property
    def parameters(self) -> int:
        return sum(w is not None for row in self.weights for w in row) + len(self.biases)


class _Row:
    """A linear neuron without a bias, from a row of numbers; None where it is not connected."""

    b = activation = None

    def __init__(self, row: Sequence[float | None]) -> None:
        self.w = [None if w is None else Value(w) for w in row]

    def __call__(self, x: Sequence[Value]) -> Value:
        pairs = [(w, xi) for w, xi in zip(self.w, x) if w is not None]
        return dot([w for w, _ in pairs], [xi for _, xi in pairs])


class _Neurons:
    """A layer of neurons on Values."""

    def __init__(self, neurons: Sequence[Any]) -> None:
        self.neurons = neurons
        self.parameters = [p for neuron in neurons for p in (*neuron.w, neuron.b) if p is not None]
        self.activation = neurons[0].activation.name if neurons[0].activation else ""

    def __call__(self, x: list[Value]) -> list[Value]:
        return [neuron(x) for neuron in self.neurons]

    def arranged(self, numbers: dict[Any, float]) -> tuple[list, list]:
        """The rows of weights and the biases, from a number for each parameter."""
        rows = [[None if w is None else numbers[w] for w in neuron.w] for neuron in self.neurons]
        return rows, [numbers[neuron.b] for neuron in self.neurons if neuron.b is not None]

    @staticmethod
    def sample(x: Any) -> list[Value]:
        return [v if isinstance(v, Value) else Value(v) for v in x]

    @staticmethod
    def units(h: list[Value]) -> list[Value]:
        return h

    @staticmethod
    def numbers(units: Sequence[Value]) -> list[float]:
        return [unit.data for unit in units]


class _Linear:
    """A linear layer on Tensors, with the modules that follow it up to the next one, and those before the first."""

    def __init__(self, linear: Any, before: Sequence[Any]) -> None:
        self.linear, self.before, self.after = linear, list(before), []
        self.parameters = [p for p in (linear.weight, linear.bias) if p is not None]

    @property
    def activation(self) -> str:
        return ", ".join(type(module).__name__.lower() for module in self.after)

    def __call__(self, h: Any) -> Any:
        for module in (self.linear, *self.after):
            h = module(h)
        return h

    def arranged(self, numbers: dict[Any, Any]) -> tuple[list, list]:
        bias = self.linear.bias
        return numbers[self.linear.weight].tolist(), [] if bias is None else numbers[bias].tolist()

    def sample(self, x: Any) -> Any:
        from ..tensor import Tensor

        h = Tensor(x.data if isinstance(x, Tensor) else x)
        h = h.reshape(1, -1) if h.ndim == 1 else h
        for module in self.before:
            h = module(h)
        return h

    @staticmethod
    def units(h: Any) -> list[Any]:
        return [h]

    @staticmethod
    def numbers(units: Sequence[Any]) -> list[float]:
        return units[0].data.ravel().tolist()


class Reading:
    """A model as the layers that it consists of, and what it computes."""

    def __init__(self, stages: Sequence[Any], sizes: Sequence[int], single: bool = False) -> None:
        self.stages, self.single = stages, single
        self.loss: float | None = None
        self.layers = [Layer(size) for size in sizes]
        numbers = {p: p.data for stage in stages for p in stage.parameters}
        for stage, layer in zip(stages, self.layers[1:]):
            layer.activation = stage.activation
            layer.weights, layer.biases = stage.arranged(numbers)

    def run(self, x: Any, loss: Callable[[Any], Any] | None) -> None:
        """The activations of one sample and, with a loss, the gradients of all units and parameters."""
        if not self.stages:
            raise ValueError("A bare shape has no weights, so it computes nothing; give weight matrices or a model.")
        h = self.stages[0].sample(x)
        passed = [h]
        found = len(h) if isinstance(h, list) else h.size
        if found != self.layers[0].size:
            raise ValueError(f"This network takes one sample of {self.layers[0].size} numbers; got {found}.")
        for stage in self.stages:
            passed.append(h := stage(h))
        for stage, layer, h in zip([self.stages[0], *self.stages], self.layers, passed):
            layer.values = stage.numbers(stage.units(h))
        if loss:
            self._differentiate(loss(passed[-1][0] if self.single else passed[-1]), passed)

    def _differentiate(self, y: Any, passed: Sequence[Any]) -> None:
        if not hasattr(y, "backward"):
            raise TypeError(f"The loss must give one Value or Tensor made from the output; got {type(y).__name__}.")
        from ..derivatives import gradient

        units = [self.stages[0].units(h) for h in passed]
        wanted = [u for layer in units for u in layer] + [p for stage in self.stages for p in stage.parameters]
        found = dict(zip(wanted, gradient(y, wanted)))
        self.loss = float(y.data.item() if hasattr(y.data, "item") else y.data)
        for stage, layer, nodes in zip([self.stages[0], *self.stages], self.layers, units):
            layer.gradients = stage.numbers([found[node] for node in nodes])
        self._arrange({p: g.data for p, g in found.items()})

    def take_stored_gradients(self) -> None:
        """The gradients that `backward()` has left in the parameters."""
        numbers = {p: p.grad for stage in self.stages for p in stage.parameters}
        if not numbers or any(g is None for g in numbers.values()):
            raise ValueError("This network has no gradients yet; call backward() on a loss, or give x and loss.")
        self._arrange(numbers)

    def _arrange(self, gradients: dict[Any, Any]) -> None:
        for stage, layer in zip(self.stages, self.layers[1:]):
            layer.weight_gradients, layer.bias_gradients = stage.arranged(gradients)


def read(model: Any) -> Reading:
    """The layers of a model; a TypeError for what is no network, a ValueError for layers that do not fit together."""
    reading = _read(model)
    _refuse_misfits(reading)
    return reading


def _read(model: Any) -> Reading:
    if isinstance(model, list | tuple) and model:
        return _read_sizes(model) if all(isinstance(n, Integral) for n in model) else _read_matrices(model)
    parts = list(_parts(model))
    if parts and all(hasattr(part, "neurons") or hasattr(part, "w") for part in parts):
        stages = [_Neurons(getattr(part, "neurons", [part])) for part in parts]
        single = not hasattr(model, "neurons") and len(stages[-1].neurons) == 1
        return Reading(stages, [len(stages[0].neurons[0].w), *(len(stage.neurons) for stage in stages)], single)
    stages = _stages(model, parts)
    return Reading(stages, [stages[0].linear.weight.shape[1], *(stage.linear.weight.shape[0] for stage in stages)])


def _parts(model: Any) -> Iterator[Any]:
    """The modules of a model in their order, out of whatever they are nested in."""
    if hasattr(model, "layers"):
        for part in model.layers:
            yield from _parts(part)
    else:
        yield model


def _stages(model: Any, parts: Sequence[Any]) -> list[_Linear]:
    stages: list[_Linear] = []
    before = []
    for part in parts:
        if hasattr(part, "weight") and hasattr(part, "bias"):
            stages.append(_Linear(part, before if not stages else ()))
        elif hasattr(part, "parameters") and callable(part) and not part.parameters():
            (stages[-1].after if stages else before).append(part)
        else:
            _refuse(model, part)
    return stages or _refuse(model, model)


def _refuse(model: Any, part: Any) -> Any:
    inside = "" if part is model else f" with a {type(part).__name__} in it"
    raise TypeError(
        "A network is a Neuron, a Layer, an MLP, a Sequential of Linear layers and activations, or a list of weight "
        f"matrices; got a {type(model).__name__}{inside}. Put the layers of a module of your own into a Sequential."
    )


def _read_sizes(sizes: Sequence[int]) -> Reading:
    if min(sizes) < 1 or len(sizes) < 2:
        raise ValueError(f"A shape is at least two sizes, each 1 or more, inputs first; got {list(sizes)}.")
    return Reading([], sizes)


def _read_matrices(matrices: Sequence[Any]) -> Reading:
    rows = [matrix.tolist() if hasattr(matrix, "tolist") else matrix for matrix in matrices]
    for k, matrix in enumerate(rows, 1):
        lists = isinstance(matrix, list | tuple) and matrix and all(isinstance(row, list | tuple) for row in matrix)
        if not lists or not matrix[0] or any(len(row) != len(matrix[0]) for row in matrix):
            raise ValueError(f"Weight matrix {k} must be rows of equal length, one row for each unit of its layer.")
    stages = [_Neurons([_Row(row) for row in matrix]) for matrix in rows]
    return Reading(stages, [len(rows[0][0]), *(len(matrix) for matrix in rows)], single=len(rows[-1]) == 1)


def _refuse_misfits(reading: Reading) -> None:
    for k, (before, layer) in enumerate(pairwise(reading.layers), 1):
        wrong = next((row for row in layer.weights if len(row) != before.size), None)
        if wrong is not None:
            raise ValueError(
                f"The layers do not fit together: a unit of layer {k} has {len(wrong)} weights, and {before.size} "
                "units come before it; each needs one weight."
            )
    depth = len(reading.layers) - 1
    if depth > DEEPEST:
        raise ValueError(f"A network of {depth} layers is too deep to draw (at most {DEEPEST}); draw a part of it.")
