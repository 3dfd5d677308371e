"""A neural network as a picture: its weights, activations and gradients, at any moment of the two passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .models import read
from .network_frame import Frame
from .network_picture import drawing
from .network_sheet import Sheet
from .picture import Picture


def network(
    model: Any,
    x: Any = None,
    *,
    loss: Callable[[Any], Any] | None = None,
    gradients: bool = False,
    step: int | None = None,
    names: Sequence[Sequence[str] | None] | None = None,
    titles: Sequence[str] | None = None,
    bias_units: bool = False,
    scale: float | None = None,
    most: int = 12,
    theme: str = "light",
    fit: float = 900,
) -> Picture:
    """The picture of a network: its weights, at `x` its activations, and with a `loss` its gradients.

    `model` is a Neuron, Layer or MLP, a Sequential of Linear layers and activations, a list of weight matrices
    (each [outputs × inputs]; None where two units are not connected), or a list of sizes for the bare shape.
    `x` is one sample, and `loss` a function of the model's output that gives one Value or Tensor. Neither
    changes the gradients that the model stores.

    `gradients=True` lets the lines show gradients instead of weights: those of `loss`, or without one those
    that the model stores. `step` shows the network after that many steps: one per layer forward and then,
    with a `loss`, one per layer back. `names` are those of the units, one list per layer, inputs first (None
    for the usual ones), and `titles` those of the layers. `bias_units=True` draws each bias as the weight of a
    unit that is always 1. `scale` is the weight that is drawn widest, if not the largest one. Layers of more
    than `most` units are drawn in part; the picture is at most `fit` pixels wide.

    Raises a TypeError for what is no network, and a ValueError for parts that do not fit together.

    >>> from backproplab.nn import Neuron
    >>> neuron = Neuron(2, "tanh")
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 0.5, -1.0, 0.25
    >>> network(neuron, [1.0, 0.5], loss=lambda y: (y - 1) ** 2)
    2–1 network with 3 parameters at x1 = 1, x2 = 0.5: y = 0.2449, loss 0.5701
      layer         unit  activation  gradient  bias            weights
      input         x1    1           −0.7098
                    x2    0.5         1.42
      output, tanh  y     0.2449      −1.51     0.25 (∂ −1.42)  x1 0.5 (∂ −1.42), x2 −1 (∂ −0.7098)
      lines show weights, the widest ±1
    """
    reading = read(model)
    if x is not None:
        reading.run(x, loss)
    elif loss:
        raise ValueError("A loss is computed at a sample; give x as well.")
    if gradients and not loss:
        reading.take_stored_gradients()
    sheet = Sheet(reading, names, titles, bias_units, most, fit)
    frame = Frame(sheet, step, gradients, scale)
    return Picture(drawing(frame, theme), frame.alt, frame.text, sheet.width)
