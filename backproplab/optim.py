"""Using the gradient: gradient descent and its relatives, on Values and Tensors alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .tensor import Tensor
from .value import Value

Parameter = Value | Tensor
Rate = float | Callable[[int], float]


class Optimizer:
    """Moves parameters by their gradients; `lr`, the learning rate η, is a number or a schedule (step -> η).

    A step uses its gradients up: a backward pass that would add to them without `zero_grad` gives a warning.
    """

    def __init__(self, parameters: Iterable[Parameter], lr: Any) -> None:
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("An optimizer needs at least one parameter; got none.")
        for parameter in self.parameters:
            if not isinstance(parameter, Parameter) or parameter.op or parameter.constant:
                raise TypeError(f"A parameter is a Value or Tensor that was not computed; got {parameter!r}.")
        self.lr = lr
        self.steps = 0

    def zero_grad(self) -> None:
        """Forget all gradients, so that the next backward pass starts afresh."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self) -> None:
        """Move every parameter once, then count the step."""
        rate = self.lr(self.steps) if callable(self.lr) else self.lr
        for i, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                parameter.data += self.change(i, parameter, parameter.grad, rate)  # in place, for a Tensor
                parameter.spend()
        self.steps += 1

    def change(self, i: int, parameter: Parameter, g: Any, rate: float) -> Any:
        """What to add to parameter number i, whose gradient is g."""
        raise TypeError(f"{type(self).__name__} does not say how it changes a parameter.")


class SGD(Optimizer):
    """w ← w − η·g, with momentum v ← μv + g (Polyak 1964), Nesterov's look ahead (1983) and weight decay λw.

    As in PyTorch, the step is η·v, or η·(g + μv) with `nesterov`.

    >>> w = Value(1.0)
    >>> (4 * w + 1) ** 2
    Value(25, grad=0)
    >>> optimizer = SGD([w], lr=1 / 32)
    >>> ((4 * w + 1) ** 2).backward()
    >>> optimizer.step()
    >>> w.data
    -0.25
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: Rate,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        if nesterov and not momentum:
            raise ValueError("Nesterov's look ahead needs a momentum above 0; got momentum=0.")
        self.momentum, self.nesterov, self.weight_decay = momentum, nesterov, weight_decay
        self.velocity: list[Any] = [0.0] * len(self.parameters)

    def change(self, i: int, parameter: Parameter, g: Any, rate: float) -> Any:
        if self.weight_decay:
            g = g + self.weight_decay * parameter.data
        if self.momentum:
            self.velocity[i] = v = self.momentum * self.velocity[i] + g
            g = g + self.momentum * v if self.nesterov else v
        return -rate * g


class Adam(Optimizer):
    """Momentum divided by the running size of the gradient (Kingma and Ba 2015, algorithm 1)."""

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: Rate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr)
        self.betas, self.eps = betas, eps
        self.mean: list[Any] = [0.0] * len(self.parameters)
        self.square: list[Any] = [0.0] * len(self.parameters)

    def change(self, i: int, parameter: Parameter, g: Any, rate: float) -> Any:
        first, second = self.betas
        self.mean[i] = first * self.mean[i] + (1 - first) * g
        self.square[i] = second * self.square[i] + (1 - second) * g * g
        mean = self.mean[i] / (1 - first ** (self.steps + 1))
        square = self.square[i] / (1 - second ** (self.steps + 1))
        return -rate * mean / (square**0.5 + self.eps)


class MatrixSGD(Optimizer):
    """w ← w − M·g with a matrix M in place of η, on all parameters together as one vector.

    M must be [n × n] for n numbers, with a symmetric part that is positive semi-definite: then gᵀMg ≥ 0, so to
    first order no step goes uphill. It may still go nowhere, if Mg = 0.

    >>> w = Tensor([10.0, 1.0])
    >>> (w * w * [0.5, 12.5]).sum().backward()
    >>> MatrixSGD([w], [[1.0, 0.0], [0.0, 1 / 25]]).step()
    >>> w.data
    array([0., 0.])
    """

    def __init__(self, parameters: Iterable[Parameter], matrix: Any) -> None:
        super().__init__(parameters, lr=1.0)
        self.matrix = positive_semidefinite(matrix, sum(np.size(p.data) for p in self.parameters))

    def step(self) -> None:
        """Move all parameters by −M·g."""
        gradients = [np.zeros_like(p.data) if p.grad is None else p.grad for p in self.parameters]
        change = -self.matrix @ np.concatenate([np.ravel(g) for g in gradients])
        start = 0
        for p in self.parameters:
            size = np.size(p.data)
            piece = change[start : start + size].reshape(np.shape(p.data))
            p.data = p.data + (piece if isinstance(p, Tensor) else float(piece))
            if p.grad is not None:
                p.spend()
            start += size
        self.steps += 1


def positive_semidefinite(matrix: Any, size: int) -> np.ndarray:
    """The matrix as an array, or a ValueError that says what is wrong with it."""
    matrix = np.asarray(matrix, dtype=float)
    if matrix.shape != (size, size):
        raise ValueError(f"The matrix must have shape ({size}, {size}) for {size} numbers; got {matrix.shape}.")
    lowest = np.linalg.eigvalsh((matrix + matrix.T) / 2)[0]
    if lowest < -1e-12 * max(1.0, np.abs(matrix).max()):
        raise ValueError(
            f"The matrix must be positive semi-definite, or steps may go uphill; its symmetric part has the "
            f"eigenvalue {lowest:.4g}."
        )
    return matrix


# ---- schedules ----------------------------------------------------------------------------------


def inverse_time(lr: float, halfway: float) -> Callable[[int], float]:
    """η₀ / (1 + t/halfway): half of η₀ after `halfway` steps (Robbins and Monro 1951 ask for a decay like 1/t).

    >>> inverse_time(0.2, 50)(50)
    0.1
    """
    return lambda t: lr / (1 + t / halfway)


def step_decay(lr: float, every: int, factor: float = 0.5) -> Callable[[int], float]:
    """η₀ · factorᵏ after k times `every` steps."""
    return lambda t: lr * factor ** (t // every)


def exponential(lr: float, factor: float) -> Callable[[int], float]:
    """η₀ · factorᵗ."""
    return lambda t: lr * factor**t


def cosine(lr: float, steps: int, lowest: float = 0.0) -> Callable[[int], float]:
    """From η₀ to `lowest` along half a cosine in `steps` steps (Loshchilov and Hutter 2017, eq. 5)."""
    return lambda t: lowest + (lr - lowest) * (1 + math.cos(math.pi * min(t, steps) / steps)) / 2
