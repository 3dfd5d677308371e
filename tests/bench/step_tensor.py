"""The training step with our Tensor: written out, and with `nn.Sequential` and `optim.SGD`."""

from backproplab import Tensor, nn, optim
from problems import Problem, flat


class WrittenOut:
    """Formulas on Tensors, and the update by hand."""

    def __init__(self, name):
        self.problem = p = Problem(name)
        self.weights, self.biases = [Tensor(w) for w in p.weights], [Tensor(b) for b in p.biases]

    def loss(self):
        p, h = self.problem, self.problem.x
        for w, b in zip(self.weights[:-1], self.biases):
            h = (h @ w + b).relu()
        s = h @ self.weights[-1] + self.biases[-1]
        return nn.mse_loss(s, p.y) if p.regression else nn.cross_entropy(s, p.y)

    def step(self):
        self.loss().backward()
        for p in (*self.weights, *self.biases):
            p.data -= self.problem.lr * p.grad
            p.grad = None

    def check(self):
        loss = self.loss()
        loss.backward()
        gradients = flat([w.grad for w in self.weights], [b.grad for b in self.biases])
        for p in (*self.weights, *self.biases):
            p.grad = None
        return loss.item(), gradients


class Modules:
    """The same with modules and an optimizer."""

    def __init__(self, name):
        self.problem = p = Problem(name)
        layers = []
        for w, b in zip(p.weights, p.biases):
            linear = nn.Linear(*w.shape)
            linear.weight.data, linear.bias.data = w.T, b
            layers += [linear, nn.ReLU()]
        self.model = nn.Sequential(*layers[:-1])
        self.loss = nn.mse_loss if p.regression else nn.cross_entropy
        self.optimizer = optim.SGD(self.model.parameters(), lr=p.lr)

    def step(self):
        self.optimizer.zero_grad()
        self.loss(self.model(self.problem.x), self.problem.y).backward()
        self.optimizer.step()

    def check(self):
        self.optimizer.zero_grad()
        loss = self.loss(self.model(self.problem.x), self.problem.y)
        loss.backward()
        weights, biases = self.model.parameters()[::2], self.model.parameters()[1::2]
        return loss.item(), flat([w.grad.T for w in weights], [b.grad for b in biases])
