"""Training that can be watched: one batch at a time, measured at any moment, and set back to any earlier one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..data import Split, batches
from ..nn import Flatten, Linear, Module, Sequential, cross_entropy, half_mse_loss, hinge_loss, mse_loss, sse_loss
from ..notation import number
from ..optim import Optimizer
from ..tensor import Tensor, no_grad

USUAL_RATE = 0.5  # with which most small networks learn
LARGEST = 10_000  # parameters: every one of them is drawn, and kept for every frame
EXPLODED = 1e6  # a loss that is so many times the first one has left for good
SLIGHT = 0.1  # of an activation's steepest slope: a unit with less hardly passes a gradient
RARELY = 0.05  # of the training points
CLASSES = 16  # kinds of points that can be told apart
IMAGE = 8  # pixels along an edge

# What a loss compares the outputs with: labels, rows with a 1 for the class and this elsewhere; and what separates
# two classes if there is one output.
ROWS = {mse_loss: 0.0, half_mse_loss: 0.0, sse_loss: 0.0, hinge_loss: -1.0}


class Layer(NamedTuple):
    """A Linear layer, the path to it (as in "0"), and the activation that follows it, if any."""

    name: str
    linear: Linear
    activation: tuple[Module, ...]


class Unit(NamedTuple):
    """A hidden unit: at which share of the training points it passes the gradient on, and what ails it if that is rare.

    It does so where the slope of its activation is at least a tenth of the steepest one. A ReLU, whose slope is exactly
    0 on one side, is "dead" if it is there for all training points, and "almost dead" if for nearly all; a sigmoid or
    tanh, out on its flat sides, is "saturated".
    """

    name: str
    share: float
    ill: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that the next batches depend on, but for the settings that a hand may change meanwhile."""

    steps: int
    parameters: list[np.ndarray]
    gradients: list[np.ndarray | None]
    optimiser: dict[str, Any]
    sampler: tuple[dict[str, Any], int]


class Breakdown(ArithmeticError):
    """Training that cannot go on, in words."""


class Sampler:
    """Batches without end, epoch after epoch, that can be set back to an earlier `position`."""

    def __init__(self, x: np.ndarray, y: np.ndarray, size: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._epochs = batches(x, y, size, self._random)
        self._begin()

    def _begin(self) -> None:
        self._start, self._taken = self._random.bit_generator.state, 0
        self._left = iter(self._epochs)

    def __len__(self) -> int:
        return len(self._epochs)

    def __next__(self) -> tuple[np.ndarray, np.ndarray]:
        if self._taken == len(self):
            self._begin()
        self._taken += 1
        return next(self._left)

    @property
    def position(self) -> tuple[dict[str, Any], int]:
        """The state of the generator when this epoch began, and how many batches were taken since."""
        return self._start, self._taken

    @position.setter
    def position(self, position: tuple[dict[str, Any], int]) -> None:
        self._random.bit_generator.state, taken = position
        self._begin()
        for _ in range(taken):
            next(self)


class Training:
    """A model, its data, its loss and its optimiser, and how far they have come."""

    def __init__(
        self, model: Module, data: Split, loss: Callable | None, optimiser: Callable, lr: float, size: int, seed: int
    ) -> None:
        self.model, self.data = model, data
        self.classes = 1 + int(max(data.train_y.max(), data.test_y.max()))
        self.layers = list(_layers(model))
        names = dict(model.named_parameters())
        self.names, self.parameters = list(names), list(names.values())
        self.outputs = self._outputs()
        self.loss = loss or (mse_loss if self.outputs == 1 else cross_entropy)
        self.optimiser: Optimizer = optimiser(self.parameters, lr=lr)
        self.sampler = Sampler(data.train_x, data.train_y, min(size, len(data.train_x)), seed)
        self.zero_grad = True
        self.first = self._batch_loss(data.train_x, data.train_y).item()
        if not math.isfinite(self.first):
            raise ValueError(
                f"The loss is {number(self.first)} before the first step: give a model with finite weights."
            )

    @property
    def steps(self) -> int:
        return self.optimiser.steps

    def _outputs(self) -> int:
        count = sum(parameter.size for parameter in self.parameters)
        if count > LARGEST:
            raise ValueError(
                f"Every weight is drawn, so a model may have at most {LARGEST:,} parameters; this one has {count:,}."
            )
        with no_grad():
            outputs = self.model(self.data.train_x[:2]).shape
        if len(outputs) != 2 or outputs[1] < self.classes - (self.classes == 2):
            raise ValueError(
                f"The model must end in {self.classes} outputs, one per class; for two samples "
                f"it gave shape {outputs}: change its last layer."
            )
        return outputs[1]

    # ---- a step ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Learn from the next batch; a Breakdown says why that is not possible."""
        before = self._largest("data"), self._largest("grad")
        with np.errstate(all="ignore"):
            loss = self._backward()
            bad = "" if loss <= EXPLODED * max(self.first, 1.0) else f"the loss of its batch is {number(loss)}"
            bad = bad or self._unsound("gradients", "grad")
            if bad:
                self.optimiser.steps += 1
            else:
                self.optimiser.step()
                bad = self._unsound("weights", "data")
        if bad:
            raise Breakdown(self._explained(bad, *before))

    def _unsound(self, what: str, kind: str) -> str:
        return (
            ""
            if all(np.isfinite(array).all() for array in self._arrays(kind))
            else f"not all its {what} are numbers any more"
        )

    def _backward(self) -> float:
        if self.zero_grad:
            self.optimiser.zero_grad()
        else:
            for parameter in self.parameters:
                parameter.grad = None if parameter.grad is None else parameter.grad.copy()  # on purpose: no warning
        loss = self._batch_loss(*next(self.sampler))
        loss.backward()
        return loss.item()

    def _batch_loss(self, x: np.ndarray, y: np.ndarray) -> Tensor:
        loss = self.loss(self.model(x), self.targets(y))
        if not isinstance(loss, Tensor) or loss.size != 1:
            raise TypeError("The loss must be one Tensor that holds a single number: take the mean over the batch.")
        return loss

    def targets(self, y: np.ndarray) -> np.ndarray:
        """What the loss compares the outputs with."""
        if self.loss not in ROWS:
            return y
        rows = np.eye(max(self.classes, 2))[y] if self.outputs > 1 else y[:, None].astype(float)
        return np.where(rows > 0, 1.0, ROWS[self.loss])

    def _arrays(self, kind: str) -> list[np.ndarray]:
        return [found for found in (getattr(parameter, kind) for parameter in self.parameters) if found is not None]

    def _largest(self, kind: str) -> float:
        return max((float(np.abs(array).max()) for array in self._arrays(kind)), default=0.0)

    def _explained(self, bad: str, weight: float, gradient: float) -> str:
        rate = self.optimiser.lr
        cure = f"choose a learning rate η well below {number(rate)} (try {number(min(rate / 10, USUAL_RATE), 1)})"
        if not self.zero_grad:
            cure = f"let zero_grad set the gradients to 0 (all batches so far are added up in them), or {cure}"
        return (
            f"Step {self.steps} broke the training: {bad}. Before it, the largest weight was {number(weight)} and the "
            f"largest gradient {number(gradient)}. If they were large, the steps leapt over the valley; if not, the loss "
            f"itself is no number here, as log(0) is none. Rewind to where the loss still fell, {cure}, and run on from there."
        )

    # ---- going back -----------------------------------------------------------------------------

    def checkpoint(self) -> Checkpoint:
        own = {name: deepcopy(it) for name, it in vars(self.optimiser).items() if name not in ("parameters", "lr")}
        parameters = [parameter.data.copy() for parameter in self.parameters]
        gradients = [None if parameter.grad is None else parameter.grad.copy() for parameter in self.parameters]
        return Checkpoint(self.steps, parameters, gradients, own, self.sampler.position)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from there: with the same settings, the same path comes again."""
        for parameter, data, gradient in zip(self.parameters, checkpoint.parameters, checkpoint.gradients):
            parameter.data = data.copy()
            parameter.grad = None if gradient is None else gradient.copy()
        vars(self.optimiser).update(deepcopy(checkpoint.optimiser))
        self.sampler.position = checkpoint.sampler

    # ---- looking at it --------------------------------------------------------------------------

    def scores(self, x: np.ndarray) -> np.ndarray:
        """How much the model is for each class, (N, classes): probabilities, or outputs that were to be 0 or 1."""
        with no_grad():
            return self._scores(self.model(x))

    def _scores(self, outputs: Tensor) -> np.ndarray:
        if self.outputs == 1:
            one = outputs.data if self.loss is not hinge_loss else (outputs.data + 1) / 2
            return np.hstack([1 - one, one])
        return outputs.data if self.loss in ROWS else outputs.softmax().data

    def margins(self, x: np.ndarray) -> np.ndarray:
        """By how much each class is ahead of the best other one, (N, classes), from −1 to 1: above 0 for one only."""
        scores = self.scores(x)
        best = np.sort(scores, axis=1)[:, -2:]
        ahead = scores - np.where(scores == best[:, 1:], best[:, :1], best[:, 1:])
        return np.clip(ahead, -1, 1)

    def measured(self) -> tuple[list[float], list[float]]:
        """The loss and the share of right answers, on the training data and on the held-out data."""
        losses, shares = [], []
        with no_grad():
            for x, y in (self.data[:2], self.data[2:]):
                outputs = self.model(x)
                losses.append(self.loss(outputs, self.targets(y)).item())
                shares.append(float((self._scores(outputs).argmax(1) == y).mean()))
        return losses, shares

    def hidden(self, x: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """For each hidden layer and each sample: the sums of its units, what they make of them, and their slopes."""
        found, h = [], x
        for layer in self.layers[:-1]:
            with no_grad():
                z = layer.linear(h)
            z, a = _through(layer.activation, z.data)
            found.append((z.data, a.data, z.grad))
            h = a.data
        return found

    def units(self) -> list[Unit]:
        """The health of every hidden unit."""
        found = []
        for i, (layer, (_, _, slopes)) in enumerate(zip(self.layers, self.hidden(self.data.train_x))):
            usual = np.abs(_through(layer.activation, np.linspace(-3, 3, 31)[:, None])[0].grad)
            shares = (np.abs(slopes) >= SLIGHT * usual.max()).mean(0)
            shut = (slopes == 0).all(0)
            for j, share in enumerate(shares.tolist()):
                ill = "saturated" if usual.all() else "dead" if shut[j] else "almost dead"
                name = f"h{j + 1}" if len(self.layers) == 2 else f"h{i + 1}.{j + 1}"
                found.append(Unit(name, share, ill if share < RARELY else ""))
        return found


def _through(activation: tuple[Module, ...], z: np.ndarray) -> tuple[Tensor, Tensor]:
    """Sums (with the slopes as their gradient) and what the activation makes of them."""
    z = a = Tensor(z)
    for module in activation:
        a = module(a)
    if activation:
        a.sum().backward()
    else:
        z.grad = np.ones_like(z.data)
    return z, a


def _layers(model: Module) -> Iterator[Layer]:
    parts = list(_parts(model))
    places = [i for i, (_, part) in enumerate(parts) if isinstance(part, Linear)]
    others = [part for _, part in parts if not isinstance(part, Linear)]
    before = parts[: places[0]] if places else []
    if (
        not places
        or any(part.parameters() for part in others)
        or any(not isinstance(part, Flatten) for _, part in before)
    ):
        raise TypeError(
            f"A model is a Sequential of Linear layers, each with an activation after it; got a "
            f"{type(model).__name__}. Put its layers into a Sequential, a Linear first."
        )
    for place, end in zip(places, [*places[1:], len(parts)]):
        name, linear = parts[place]
        yield Layer(name, linear, tuple(part for _, part in parts[place + 1 : end]))


def _parts(module: Module, path: str = "") -> Iterator[tuple[str, Module]]:
    """The modules of a model in their order, out of whatever they are nested in."""
    if not isinstance(module, Sequential):
        yield path, module
        return
    for i, part in enumerate(module.layers):
        yield from _parts(part, f"{path}.{i}" if path else str(i))


# ---- data ---------------------------------------------------------------------------------------


def split(data: Any, seed: int) -> Split:
    """Data as examples to learn from and examples held out; of a pair (x, y), a quarter is held out."""
    if not isinstance(data, tuple) or len(data) not in (2, 4):
        raise TypeError("data is a pair (x, y), or a split (train_x, train_y, test_x, test_y), as digits() gives it.")
    if len(data) == 2:
        x, y = map(np.asarray, data)
        order = np.random.default_rng(seed).permutation(len(x))
        kept, held = order[len(x) // 4 :], order[: len(x) // 4]
        data = (x[kept], y[kept], x[held], y[held])
    x, y, test_x, test_y = map(np.asarray, data)
    return Split(*_checked(x, y), *_checked(test_x, test_y))


def _checked(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if x.ndim != 2 or x.shape[1] not in (2, IMAGE * IMAGE) or y.shape != (len(x),) or not len(x):
        raise ValueError(
            f"The data are points of shape (N, 2) or images of shape (N, 64), with N labels; got shape {x.shape} "
            f"with labels of shape {y.shape}."
        )
    whole = y.astype(int)
    if (whole != y).any() or whole.min() < 0 or whole.max() >= CLASSES or not np.isfinite(x).all():
        raise ValueError(
            f"Labels are whole numbers from 0 to at most {CLASSES - 1}, and all data finite numbers; change the data."
        )
    return x.astype(float), whole
