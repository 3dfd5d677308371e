"""What the library can show: each explorer with the question it answers, each picture with the code that draws it.

The code is run as it is written here, so what is shown beside it is what it gives. The README's table of explorers is tested
against `EXPLORERS`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Explained:
    """An explorer: the code that makes it, the classic question that it answers, and what to try."""

    code: str
    question: str
    tries: str

    @property
    def name(self) -> str:
        return self.code.partition("(")[0]


EXPLORERS = [
    Explained(
        'GraphExplorer("(4*x+1)^2", x=1.0)',
        "In which order are the gradients found, and what is each made of?",
        "step forward and back, click an order of your own, switch to an engine that is wrong",
    ),
    Explained(
        'NudgeExplorer("3*x^2+4*x", x=2.0)',
        "Is a derivative more than a quotient of two small numbers?",
        "shrink a nudge: from secant to tangent, and on to where rounding takes over",
    ),
    Explained(
        'ChainExplorer("4*x, x+1, x^2", 1.0)',
        "Why do slopes multiply along a chain?",
        "send a nudge through a chain of functions, or turn three coupled dials",
    ),
    Explained(
        "FanExplorer([2, -1, 3], [1, 4, 2])",
        "Why are gradients added where a number is used twice?",
        "open and close three branches that use one number, and see what adds up",
    ),
    Explained(
        'DescentExplorer("ravine")',
        "What does the learning rate do, and why does training blow up?",
        "turn the learning rate up until it flies away; then momentum, then a matrix for a learning rate",
    ),
    Explained(
        "SGDExplorer()",
        "How can a gradient of one sample be any good?",
        "let each of thirty-two samples pull its own way, one at a time, then in batches",
    ),
    Explained(
        'JacobianExplorer("softmax", [1.0, 2.0, 0.5])',
        "What is a Jacobian, and why is it never written out?",
        "weigh rows and columns: vᵀJ and Jv",
    ),
    Explained(
        "ShapeExplorer()",
        "Why backward? Is forward not as good?",
        "see which products of matrices fit, and from which end they are cheap",
    ),
    Explained(
        "TrunkExplorer(3)",
        "What is saved by going backward once for all parameters?",
        "see which factors the gradients share, and what a cut takes away",
    ),
    Explained(
        "TrainingExplorer()",
        "What happens inside a network while it learns?",
        "train a small network on points or on handwritten digits, pause, rewind, break it",
    ),
]

# What the pictures' code finds already imported.
IMPORTS = """\
from math import cos, exp, sin
import numpy as np
from backproplab import Graph, Tensor, data, nn, parse, sigmoid
from backproplab.draw import *
from backproplab.draw import plots
"""

PICTURES = {  # section: title of a picture: code, whose last line is the picture
    "Graphs of numbers": {
        "After both passes": 'graph = parse("(4*x+1)^2", x=1.0)\ngraph.backward()\ngraph.draw()',
        "In the middle of the backward pass": 'parse("x*x + x", x=3.0).draw(step=6)',
        "A neuron": (
            'graph = parse("tanh(w1*x1+w2*x2+b)", w1=-3.0, x1=2.0, w2=1.0, x2=0.5, b=6.88)\n'
            "graph.backward()\ngraph.draw()"
        ),
        "With the rules instead of numbers": 'parse("tanh(w*x+b)^2", w=0.5).draw(rules=True)',
        "A network, folded into its neurons": (
            "network_of_values = nn.MLP(2, [4, 4, 1])\n"
            "graph = Graph(network_of_values([1.0, -2.0]))\ngraph.backward()\ngraph.draw()"
        ),
        "Arrays": (
            'W = Tensor([[0.5, -1.0], [2.0, 0.0], [1.0, 1.5]], "W")\n'
            'x = Tensor([1.0, -2.0], "x")\n'
            "graph = Graph(((W @ x) ** 2).mean())\ngraph.backward()\ngraph.draw()"
        ),
        "How to read all this": "legend()",
    },
    "LeCun's figures": {
        "Figure 1: model and cost": "figure(1, backward=True)",
        "Figure 2: the average loss": "figure(2, backward=True)",
        "Figure 3: a noisy path": (
            "X, Y = data.thirty_two()\n"
            "def loss(w, b, p=slice(None)):\n"
            "    return np.mean((w * X[p] + b - Y[p]) ** 2) / 2\n"
            "def gradient(at, p):\n"
            "    residual = at[0] * X[p] + at[1] - Y[p]\n"
            "    return residual * np.array([X[p], 1.0])\n"
            "path = [np.array([-0.5, 3.0])]\n"
            "for p in np.random.default_rng(0).integers(32, size=60):\n"
            "    path.append(path[-1] - 0.08 * gradient(path[-1], p))\n"
            'plots.contours(loss, paths={"one sample at a time": path}, x="w", y="b")'
        ),
        "Figure 4: a network of units": "figure(4)",
        "Figure 5: layers with their parameters": "figure(5, backward=True)",
        "Figure 6: through a function": "figure(6, backward=True)",
        "Figure 7: through a sum": "figure(7, backward=True)",
        "Figure 8: through a module": "figure(8, backward=True)",
        "Figure 9: many stages": "figure(9, backward=True, shapes=True)",
        "A unit": 'figure("unit", backward=True)',
        "Linear and non-linear layers": 'figure("layers", backward=True)',
        "Trunk and branches": 'figure("trunk", backward=True)',
        "A skip connection": 'figure("skip", backward=True, slopes=True)',
        "An opaque cost": 'figure("opaque cost")',
        "Actor and critic": 'figure("actor and critic", backward=True)',
    },
    "Block diagrams": {
        "Wired by hand": (
            'G = Module("G", Parameter("w"))\n'
            'z1, z2 = G(Observed("x_1"), to="z_1"), G(Observed("x_2"), to="z_2")\n'
            'blocks(Cost("C", formula="‖z_1 − z_2‖²")(z1, z2), backward=True)'
        ),
        "From a network, with its real gradients": (
            "model = nn.Sequential(nn.Linear(3, 2, seed=1), nn.Tanh(), nn.Linear(2, 1, seed=2))\n"
            "x, y = [[1.0, -0.5, 2.0], [0.0, 1.0, 1.0]], [[1.0], [0.0]]\n"
            "blocks(model, x=x, y=y, loss=nn.half_mse_loss, backward=True, shapes=True)"
        ),
    },
    "Networks": {
        "Weights and activations": 'network(nn.MLP(2, [3, 1], "tanh", seed=1), [1.0, -2.0])',
        "Gradients": (
            'network(nn.MLP(2, [8, 8, 1], "tanh"), [0.5, -0.3], loss=lambda y: (y - 1) ** 2, gradients=True)'
        ),
        "A large one": "network(nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10)))",
    },
    "Chains and products": {
        "Number lines": (
            'number_lines({"u = 7x + 3": lambda x: 7 * x + 3, "y = u²": lambda u: u * u}, 1.0, span=(-2, 2), nudge=0.25)'
        ),
        "Two sigmoids": (
            'two = {"σ(x)": sigmoid, "σ(σ(x))": sigmoid}\nnumber_lines(two, 0.0, span=(-2, 2), nudge=0.8, common=True)'
        ),
        "Coupled dials": 'dials(["walker", "bicycle", "car"], [4, 2])',
        "Factors that gradients share": "factors(3)",
        "What a cut takes away": 'factors(3, cut="∂s₃/∂z₂")',
        "Which end first": 'shapes(["g", "J_3", "J_2", "J_1"], [(1, 10), (10, 40), (40, 60), (60, 600)], order="left")',
    },
    "Plots": {
        "Secants and the tangent": "plots.tangent(lambda x: x * x, 1.0, steps=(1, 0.5))",
        "Too large a step, too small a step": "plots.step_error(lambda x: exp(sin(x)), 1.3, exp(sin(1.3)) * cos(1.3))",
        "One nudge at a time": 'plots.nudges(lambda a, b: a * b, {"a": 3.0, "b": 4.0}, h=0.1, label="a·b")',
        "The corner": "plots.rectangle(3, 4, 0.5, 0.5)",
        "Functions": 'plots.curves({"tanh": np.tanh, "its slope": lambda x: 1 - np.tanh(x) ** 2}, (-4, 4))',
        "Losses of x², from x = 2": (
            "def losses(eta, steps=30):\n"
            "    return [(2 * (1 - 2 * eta) ** k) ** 2 for k in range(steps)]\n"
            'plots.losses({f"η = {eta}": losses(eta) for eta in (0.1, 0.3, 0.97)}, log=True)'
        ),
        "What a batch is worth": (
            "random = np.random.default_rng(0)\n"
            "g, sizes = random.normal(size=32), [1, 2, 4, 8, 16, 32]\n"
            "found = [np.std([random.choice(g, size).mean() for _ in range(1000)]) for size in sizes]\n"
            'plots.spread(g.std(), {"measured": (sizes, found)})'
        ),
        "Numbers by name": (
            'plots.bars({"3 layers": {"written": 15, "different": 9}, "10 layers": {"written": 120, "different": 30}})'
        ),
        "A decision": (
            "X, y = data.two_moons(200, 0.15)\n"
            "plots.decision_boundary(lambda X: X[:, 1] - 0.25 - 0.5 * np.cos(2 * X[:, 0]), X, 1 - y)"
        ),
        "A matrix": (
            "p = np.array([0.1, 0.2, 0.7])\n"
            'plots.heatmap(np.diag(p) - np.outer(p, p), title="the Jacobian of a softmax")'
        ),
        "Handwritten digits (Alpaydin and Kaynak, CC BY 4.0)": "images, labels = data.digits()[:2]\nplots.digits(images[:7], labels[:7])",
    },
}  # fmt: skip


def given(code: str) -> Any:
    """What the last line of this code gives.

    >>> given('graph = parse("x*x", x=3.0)\\ngraph.draw()').alt
    'graph of x·x at x = 3: output 9'
    """
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    *before, last = ast.parse(code).body
    exec(compile(ast.Module(before, []), "gallery", "exec"), names)
    return eval(compile(ast.Expression(last.value), "gallery", "eval"), names)


def explorer(code: str) -> Any:
    """The explorer that this code makes."""
    from .. import explore

    return eval(code, vars(explore))
