"""The training step that a good engineer would write by hand: the measure of what a library may cost."""

import numpy as np
from problems import Problem, flat


class ByHand:
    """Forward and backward pass spelled out, in place wherever an array is not needed again."""

    def __init__(self, name):
        self.problem = p = Problem(name)
        self.weights, self.biases, self.lr = p.weights, p.biases, p.lr
        self.rows = np.arange(len(p.x))

    def forward(self):
        """The input of every layer, and the output of the last."""
        layers = [self.problem.x]
        for w, b in zip(self.weights, self.biases):
            s = layers[-1] @ w
            s += b
            layers.append(s)
            if w is not self.weights[-1]:
                np.maximum(s, 0.0, out=s)
        return layers

    def loss_and_slope(self, s):
        """The loss and its gradient in the output s, which is overwritten."""
        y = self.problem.y
        if self.problem.regression:
            s -= y
            loss = np.vdot(s, s) / s.size
            s *= 2 / s.size
            return loss, s
        s -= s.max(1, keepdims=True)
        picked = s[self.rows, y].sum()
        np.exp(s, out=s)
        total = s.sum(1, keepdims=True)
        loss = (np.log(total).sum() - picked) / len(s)
        s /= total
        s[self.rows, y] -= 1.0
        s /= len(s)
        return loss, s

    def pass_back(self, layers, g):
        """For each layer, the last one first: its gradients in weight and bias."""
        for i in reversed(range(len(self.weights))):
            x, w = layers[i], self.weights[i]
            dw, db = x.T @ g, g.sum(0)
            if i > 0:
                g = g @ w.T
                g *= x > 0.0
            yield i, dw, db

    def step(self):
        *layers, s = self.forward()
        loss, g = self.loss_and_slope(s)
        for i, dw, db in self.pass_back(layers, g):
            dw *= self.lr
            db *= self.lr
            self.weights[i] -= dw
            self.biases[i] -= db

    def check(self):
        *layers, s = self.forward()
        loss, g = self.loss_and_slope(s)
        gradients = list(self.pass_back(layers, g))[::-1]
        return float(loss), flat([dw for _, dw, _ in gradients], [db for _, _, db in gradients])
