"""The training step with HIPS autograd, which differentiates functions of NumPy arrays."""

import autograd.numpy as np
from autograd import value_and_grad
from problems import Problem, flat


class Functions:
    """The loss as a function of all parameters; the update is in place, as in the handwritten step."""

    def __init__(self, name):
        self.problem = p = Problem(name)
        self.parameters = [p.weights, p.biases]
        self.rows = np.arange(len(p.x))
        self.loss_and_gradients = value_and_grad(self.loss)

    def loss(self, parameters):
        (weights, biases), p = parameters, self.problem
        h = p.x
        for w, b in zip(weights[:-1], biases):
            h = np.maximum(h @ w + b, 0.0)
        s = h @ weights[-1] + biases[-1]
        if p.regression:
            return np.mean((s - p.y) ** 2)
        s = s - np.max(s, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(s), axis=1)) - s[self.rows, p.y])

    def step(self):
        _, gradients = self.loss_and_gradients(self.parameters)
        for group, slopes in zip(self.parameters, gradients):
            for w, g in zip(group, slopes):
                w -= self.problem.lr * g

    def check(self):
        loss, gradients = self.loss_and_gradients(self.parameters)
        return float(loss), flat(*gradients)
