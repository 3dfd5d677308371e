"""A network from `nn` as a block diagram, with the values and gradients of a real run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .wiring import Computed, Cost, Module, Observed, Parameter, Variable

Network = Any  # a Module of nn, which is a floor above: known by its `parameters()` and its `layers`


def wired(model: Network, loss: Any = None, x: Any = None, y: Any = None) -> Variable:
    """The output, or the cost, of a network wired with one block per layer.

    The states are called x, z_1, z_2, … and ȳ, all parameters of layer k together w_k, the cost C. Without x there
    are no values; without a loss there are no gradients.
    """
    layers = _layers(model)
    if any(not hasattr(p, "shape") for p in model.parameters()):
        raise ValueError("This network computes with Values; draw.network draws it, unit by unit.")
    if loss is not None and (x is None or y is None):
        raise ValueError("A loss needs an input x and a target y; leave the loss out to draw the network alone.")
    states, cost = _run(layers, loss, x, y)
    gradients = _gradients(cost, [*states, *(p for layer in layers for p in layer.parameters())])
    names = ["x", *(f"z_{k}" for k in range(1, len(layers))), "ȳ"]
    kinds = [Observed] + [Computed] * len(layers)
    variables = [
        kind(name, value=state, gradient=gradients.get(state)) for kind, name, state in zip(kinds, names, states)
    ]
    modules: dict[Any, Module] = {}  # a layer that is used twice is one module, with one set of parameters
    for k, (layer, before, after) in enumerate(zip(layers, variables, variables[1:]), start=1):
        if layer not in modules:
            modules[layer] = _as_module(layer, k, gradients)
        modules[layer](before, to=after)
    if loss is None:
        return variables[-1]
    name = getattr(loss, "__name__", type(loss).__name__).removesuffix("_loss")
    square = Cost("C", formula=name.replace("_", " "))
    return square(variables[-1], Observed("y", value=y), to=Computed("", value=cost, gradient=1.0))


def _layers(model: Network) -> list[Network]:
    """The layers of a Sequential, and of those inside it; anything else is one block."""
    if type(model).__name__ != "Sequential":
        return [model]
    return [layer for part in model.layers for layer in _layers(part)]


def _run(layers: Sequence[Network], loss: Any, x: Any, y: Any) -> tuple[list[Any], Any]:
    """The state before and after every layer, and the cost; None where there is nothing to compute with."""
    if x is None:
        return [None] * (len(layers) + 1), None
    from ..nn import states
    from ..tensor import Tensor

    x = x if isinstance(x, Tensor) else Tensor(x)
    passed = [x, *states(layers, x)]
    return passed, None if loss is None else loss(passed[-1], y)


def _gradients(cost: Any, tensors: Sequence[Any]) -> dict[Any, Any]:
    if cost is None:
        return {}
    from ..derivatives import gradient

    return dict(zip(tensors, gradient(cost, tensors)))


def _as_module(layer: Network, k: int, gradients: Mapping[Any, Any]) -> Module:
    """A layer as a module; all its parameters are one vector, in the order of `named_parameters`."""
    held = layer.parameters()
    parameters = []
    if held:
        value = [entry for p in held for entry in p.data.ravel().tolist()]
        known = all(p in gradients for p in held)
        gradient = [entry for p in held for entry in gradients[p].data.ravel().tolist()] if known else None
        parameters = [Parameter(f"w_{k}", value=value, gradient=gradient)]
    widths = getattr(layer, "weight", None)
    formula = "" if widths is None else "{1} → {0}".format(*widths.shape)
    return Module(type(layer).__name__, parameters, formula=formula)
