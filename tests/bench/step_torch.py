"""The training step with PyTorch, eager, on the CPU."""

import torch
import torch.nn.functional as F
from problems import Problem, flat


class WrittenOut:
    """Formulas on tensors, and the update by hand; `threads` if not PyTorch's own choice."""

    def __init__(self, name, threads=None):
        if threads:
            torch.set_num_threads(threads)
        self.problem = p = Problem(name)
        self.x, self.y = torch.from_numpy(p.x), torch.from_numpy(p.y)
        self.weights = [torch.from_numpy(w).requires_grad_() for w in p.weights]
        self.biases = [torch.from_numpy(b).requires_grad_() for b in p.biases]

    def loss(self):
        h = self.x
        for w, b in zip(self.weights[:-1], self.biases):
            h = torch.addmm(b, h, w).relu()
        s = torch.addmm(self.biases[-1], h, self.weights[-1])
        return F.mse_loss(s, self.y) if self.problem.regression else F.cross_entropy(s, self.y)

    def step(self):
        self.loss().backward()
        with torch.no_grad():
            for p in (*self.weights, *self.biases):
                p.sub_(p.grad, alpha=self.problem.lr)
                p.grad = None

    def check(self):
        loss = self.loss()
        loss.backward()
        gradients = flat([w.grad.numpy() for w in self.weights], [b.grad.numpy() for b in self.biases])
        for p in (*self.weights, *self.biases):
            p.grad = None
        return loss.item(), gradients


class Modules:
    """The same with modules and an optimizer."""

    def __init__(self, name):
        self.problem = p = Problem(name)
        self.x, self.y = torch.from_numpy(p.x), torch.from_numpy(p.y)
        layers = []
        for w, b in zip(p.weights, p.biases):
            linear = torch.nn.Linear(*w.shape, dtype=torch.float64)
            linear.weight.data, linear.bias.data = torch.from_numpy(w.T.copy()), torch.from_numpy(b)
            layers += [linear, torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.loss = F.mse_loss if p.regression else F.cross_entropy
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=p.lr)

    def step(self):
        self.optimizer.zero_grad()
        self.loss(self.model(self.x), self.y).backward()
        self.optimizer.step()

    def check(self):
        self.optimizer.zero_grad()
        loss = self.loss(self.model(self.x), self.y)
        loss.backward()
        parameters = list(self.model.parameters())
        weights, biases = parameters[::2], parameters[1::2]
        return loss.item(), flat([w.grad.numpy().T for w in weights], [b.grad.numpy() for b in biases])
