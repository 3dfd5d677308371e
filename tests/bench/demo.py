"""micrograd's demo loop (demo.ipynb): 100 points of two moons, an MLP 2-16-16-1, a max-margin loss with L2.

The loop is the notebook's, but for scikit-learn (the moons are made here) and NumPy's numbers (the points are
floats: in the notebook they are `np.float64`, which slow micrograd down and are converted by our Value).
"""

import importlib
import math
import random
import types
from importlib.util import find_spec
from pathlib import Path


def two_moons(n=100, noise=0.1):
    """Points on two interleaved half circles, and a label −1 or 1 for each."""
    source = random.Random(1337)
    points, labels = [], []
    for i in range(n):
        angle, label = math.pi * (i // 2) / (n // 2 - 1), i % 2
        x, y = (1 - math.cos(angle), 0.5 - math.sin(angle)) if label else (math.cos(angle), math.sin(angle))
        points.append([x + source.gauss(0, noise), y + source.gauss(0, noise)])
        labels.append(2 * label - 1)
    return points, labels


def nn_of_micrograd(engine):
    """micrograd/nn.py as it was installed, with only its import of the engine changed."""
    source = Path(find_spec("micrograd.nn").origin).read_text()
    module = types.ModuleType("nn")
    exec(source.replace("from micrograd.engine import", f"from {engine} import"), module.__dict__)
    return module


def start(model):
    """The same parameters for everyone: uniform weights as in micrograd, biases 0."""
    source = random.Random(1337)
    inputs = [2] * 16 + [16] * 17
    weights = [w for n in inputs for w in [*(source.uniform(-1, 1) for _ in range(n)), 0.0]]
    for p, w in zip(model.parameters(), weights, strict=True):
        p.data = w


class Demo:
    """The notebook's loop with the given Value and model."""

    def __init__(self, Value, model):
        self.Value, self.model, self.k = Value, model, 0
        self.X, self.y = two_moons()
        start(model)

    def loss(self):
        Value, model, X, y = self.Value, self.model, self.X, self.y

        inputs = [list(map(Value, xrow)) for xrow in X]
        scores = list(map(model, inputs))

        # svm "max-margin" loss
        losses = [(1 + -yi*scorei).relu() for yi, scorei in zip(y, scores)]  # fmt: skip
        data_loss = sum(losses) * (1.0 / len(losses))
        # L2 regularization
        alpha = 1e-4
        reg_loss = alpha * sum((p*p for p in model.parameters()))  # fmt: skip
        return data_loss + reg_loss

    def step(self):
        total_loss = self.loss()
        self.model.zero_grad()
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * self.k / 100
        for p in self.model.parameters():
            p.data -= learning_rate * p.grad
        self.k += 1

    def check(self):
        """The loss and its gradient at the present parameters."""
        loss = self.loss()
        self.model.zero_grad()
        loss.backward()
        return loss.data, [p.grad for p in self.model.parameters()]


class OneNodePerSum(Demo):
    """The same loss as one would write it with our library: plain numbers go in, each sum is one node."""

    def loss(self):
        from backproplab import dot
        from backproplab import sum as total

        scores = [self.model(row) for row in self.X]
        losses = [(1 - yi * score).relu() for yi, score in zip(self.y, scores)]
        parameters = self.model.parameters()
        return total(losses) / len(losses) + 1e-4 * dot(parameters, parameters)


def imported(engine):
    """micrograd's own nn.py on the Value of this engine."""
    return Demo(importlib.import_module(engine).Value, nn_of_micrograd(engine).MLP(2, [16, 16, 1]))


def own_mlp(one_node_per_sum=False):
    """Our nn.MLP, in the notebook's loop or in our own words."""
    from backproplab import Value, nn

    return (OneNodePerSum if one_node_per_sum else Demo)(Value, nn.MLP(2, [16, 16, 1]))
