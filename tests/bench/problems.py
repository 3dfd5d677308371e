"""The training steps that arrays are compared on: data, first parameters and learning rate, the same for everyone."""

import numpy as np

SHAPES = {  # rows, widths; one output: mean squared error; ten: softmax cross-entropy
    "100×2-16-16-1": (100, (2, 16, 16, 1)),
    "64×64-32-10": (64, (64, 32, 10)),
    "256×64-128-10": (256, (64, 128, 10)),
    "128×784-128-64-10": (128, (784, 128, 64, 10)),
}


class Problem:
    """x (N, d), y (N, 1) or N labels, weights (inputs, outputs) and biases (outputs,); all float64."""

    def __init__(self, name):
        np.empty(3 << 20)  # 24 MB, at once freed: from then on glibc keeps what is freed for the next step. A program
        # that has loaded any data is in this state; otherwise each step may return its memory and fault it in again,
        # which doubles the time of some contenders by luck.
        random = np.random.default_rng(0)
        n, self.widths = SHAPES[name]
        self.regression = self.widths[-1] == 1
        self.x = random.normal(size=(n, self.widths[0]))
        self.y = np.sin(self.x.sum(1, keepdims=True)) if self.regression else random.integers(0, self.widths[-1], n)
        pairs = list(zip(self.widths, self.widths[1:]))
        self.weights = [random.normal(0, np.sqrt(2 / inputs), (inputs, outputs)) for inputs, outputs in pairs]
        self.biases = [random.normal(0, 0.1, outputs) for _, outputs in pairs]
        self.lr = 0.01


def flat(weights, biases):
    """All gradients as one list, weights (inputs, outputs) first."""
    return np.concatenate([np.ravel(g) for g in (*weights, *biases)]).tolist()
