"""Every kind of picture that backproplab draws: a list for the tests, and a contact sheet for the eye.

`python tests/gallery.py OUT_DIR` renders each case in both themes, at the width of a notebook and on a slide.
A new kind of picture is one line in `CASES`: a name, and a function from a theme to a `Picture`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import reduce
from math import inf, nan
from operator import add
from pathlib import Path
from random import Random

import numpy as np

from backproplab import Graph, Tensor, Value, nn, parse, relu, sigmoid, tanh
from backproplab.draw import Cost, Module, Observed, Parameter, Picture, blocks, dials, factors, figure, legend
from backproplab.draw import network as units
from backproplab.draw import number_lines, shapes
from backproplab.draw.paper import THEMES

Draw = Callable[[str], Picture]  # from a theme


def drawn(graph: Graph, *, backward: bool = True, **options) -> Draw:
    """The picture of a graph, after the backward pass unless it is to be drawn without."""
    if backward:
        graph.backward()
    return lambda theme: graph.draw(theme=theme, **options)


def formula(text: str, *, backward: bool = True, options: dict | None = None, **values: float) -> Draw:
    return drawn(parse(text, **values), backward=backward, **options or {})


def step(text: str, count: int | None, **values: float) -> Draw:
    """After `count` steps, or after all of them."""
    graph = parse(text, **values)
    return drawn(graph, backward=False, step=len(graph.steps()) if count is None else count)


def micrograd() -> Graph:
    """The example in micrograd's README, operation for operation."""
    a, b = Value(-4.0, "a"), Value(2.0, "b")
    c, d = a + b, a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + relu(b + a))
    d = d + (3 * d + relu(b - a))
    f = (c - d) ** 2
    return Graph(f / 2.0 + 10.0 / f)


def network(*widths: int) -> Graph:
    """A tanh network on scalars, and its squared error: each weight, product and sum is a node."""
    random = Random(1)
    units = [Value(random.uniform(-1, 1), f"x{i}") for i in range(1, widths[0] + 1)]
    for layer, width in enumerate(widths[1:], start=1):
        sums = []
        for unit in range(1, width + 1):
            weights = [Value(random.uniform(-1, 1), f"w{layer}{unit}{i}") for i in range(1, len(units) + 1)]
            bias = Value(random.uniform(-0.3, 0.3), f"b{layer}{unit}")
            sums.append(reduce(add, (w * x for w, x in zip(weights, units)), bias))
        units = sums if layer == len(widths) - 1 else [tanh(z) for z in sums]
    return Graph((units[0] - Value(1.0, "y")) ** 2)


def labelled(first: str, second: str) -> Graph:
    return Graph(tanh(Value(0.5, first) * Value(-1.25, second)) + 2)


def weighed(model, x=None, error: bool = False, **options) -> Draw:
    """A network with its units and weights; with an error, also the gradients of that of its first output."""
    loss = (lambda y: (y - 1.0) ** 2) if error else None
    return lambda theme: units(model, x, loss=loss, theme=theme, **options)


def wide_sum(terms: int) -> Graph:
    return Graph(sum((Value(i / 8, f"x{i}") for i in range(2, terms + 1)), Value(1 / 8, "x1")))


def products(count: int) -> Graph:
    """Products, added in pairs, and the pairs in pairs."""
    terms = [Value(1.0, f"w{i}") * Value(2.0, f"x{i}") for i in range(count)]
    while len(terms) > 1:
        terms = [a + b for a, b in zip(terms[::2], terms[1::2])]
    return Graph(terms[0])


def blocked(build: Callable, **options) -> Draw:
    """A block diagram, forward and backward."""
    return lambda theme: blocks(build(), theme=theme, backward=True, **options)


def figured(name: int | str, **options) -> Draw:
    """A ready-made figure, forward and backward."""
    return lambda theme: figure(name, theme=theme, **{"backward": True} | options)


def siamese():
    G = Module("G", Parameter("w"))
    return Cost("C", formula="‖z_1 − z_2‖²")(G(Observed("x_1"), to="z_1"), G(Observed("x_2"), to="z_2"))


def many_ports():
    a, b = Module("f", ["u", "v"])(Observed("x"), Observed("t"), to=["a", "b"])
    return Cost("C")(Module("g")(a, to="c"), b, Observed("y", discrete=True))


def odd_names():
    G = Module("a_function_with_a_long_name", "<w>")
    return Cost("<b>C & 'd'")(G(Observed("👩‍🔬 loss 🎉"), to='"]]>'), Observed("学习率"))


def layers() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 2, seed=1), nn.Tanh(), nn.Linear(2, 1, seed=2))


def digits() -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10, seed=2))


ROWS = dict(x=[[1.0, -0.5, 2.0], [0.0, 1.0, 1.0]], y=[[1.0], [0.0]], loss=nn.half_mse_loss)
IMAGES = dict(x=[[[i % 7 / 7] * 8] * 8 for i in range(5)], y=[1, 2, 3, 4, 5], loss=nn.cross_entropy)

def tensors(rows: int = 4, inputs: int = 3, units: int = 2) -> Graph:
    """A layer on Tensors and its mean squared error."""
    random = np.random.default_rng(0)
    x = random.normal(size=(rows, inputs))
    w, b = Tensor(random.normal(size=(inputs, units)), "w"), Tensor(np.zeros(units), "b")
    return Graph(((relu(x @ w + b) - np.ones((rows, units))) ** 2).mean())


def attention() -> Graph:
    """Attention of three places to each other: softmax(q kᵀ) v."""
    random = np.random.default_rng(1)
    q, k, v = (Tensor(random.normal(size=(3, 2)), name) for name in "qkv")
    return Graph(((q @ k.T).softmax() @ v).sum())


def odd_tensors() -> Graph:
    """Entries that are no numbers, none at all, three axes, one number."""
    x = Tensor([[nan, inf], [-inf, 0.0]], "x")
    empty, deep = Tensor(np.zeros((0, 3)), "empty"), Tensor(np.ones((2, 2, 2)), "deep")
    return Graph(x.sum() + empty.sum() * Tensor(2.0, "number") + deep.sum() + Tensor([[1e300, -1e-300]], "far").sum())


NEURON = "tanh(w1*x1+w2*x2+b)"
AT = dict(w1=-3.0, x1=2.0, w2=1.0, x2=0.5, b=6.88)

MLP221 = nn.MLP(2, [2, 1], "tanh", seed=1)
SQUARE = {"u = 7x + 3": lambda x: 7 * x + 3, "y = u²": lambda u: u * u}
SIGMOIDS = {f"s{i}": sigmoid for i in range(1, 11)}
MYNET = [(1, 10), (10, 40), (40, 60), (60, 600)]

CASES: dict[str, Draw] = {
    "one variable": formula("x", x=3.0),
    "forward only": formula("(4*x+1)^2", backward=False),
    "after backward": formula("(4*x+1)^2"),
    "sigmoid": formula("1/(1+e^(-x))", x=0.5),
    "neuron": formula(NEURON, **AT),
    "forks": formula("(a*b+c)*relu(a)", a=2.0, b=-3.0, c=10.0),
    "twice the same": formula("x*x", x=3.0),
    "long edge": formula("x*sin(cos(x^2))", x=0.7),
    "nothing computed yet": step("(4*x+1)^2", 0),
    "a forward step": step(NEURON, 3, **AT),
    "the backward pass begins": step("x*x + x", 3, x=3.0),
    "through one edge": step(NEURON, 8, **AT),
    "a second contribution": step("x*x + x", 6, x=3.0),
    "all steps done": step("(a*b+c)*relu(a)", None, a=2.0, b=-3.0, c=10.0),
    "deep": formula("tanh(" * 12 + "x" + ")" * 12, x=1.5),
    "wide": drawn(wide_sum(12)),
    "top down": formula(NEURON, options={"fit": 500}, **AT),
    "micrograd": drawn(micrograd()),
    "network": drawn(network(2, 2, 1)),
    "long names": drawn(labelled("learning_rate_of_the_second_layer", "WWWWWWWWWWWWWWWWWWWWWWWW")),
    "markup": drawn(labelled("<b>x</b> & 'y'", '"]]> &amp; <script>')),
    "emoji": drawn(labelled("👩‍🔬 loss 🎉", "σ̂²")),
    "right to left": drawn(labelled("وزن الحافة", "משקל 3")),
    "Chinese, Japanese, Korean": drawn(labelled("学习率权重参数", "バイアス・가중치")),
    "rules": formula("tanh(w*x+b)^2/y", options={"rules": True}, w=0.5),
    "a step of a folded network": drawn(network(2, 4, 4, 1), backward=False, step=120),
    "terms": drawn(network(2, 2, 1), fold="terms"),
    "too wide to be drawn whole": drawn(products(8)),
    "neurons": drawn(network(2, 4, 4, 1)),
    "folded into layers": drawn(network(2, 4, 4, 1), fold="layers"),
    "one neuron expanded": drawn(network(2, 2, 2, 1), fold="neurons", expand="f"),
    "layers of neurons": drawn(Graph(nn.MLP(2, [16, 16, 1])([Value(1.0, "x1"), Value(-2.0, "x2")]))),
    "Tensors": drawn(tensors()),
    "Tensors, forward only": drawn(tensors(), backward=False),
    "a step with Tensors": drawn(tensors(), backward=False, step=11),
    "rules of Tensors": drawn(tensors(), rules=True),
    "softmax": drawn(attention()),
    "large Tensors": drawn(tensors(64, 784, 10)),
    "odd Tensors": drawn(odd_tensors()),
    "huge and tiny": formula("x*y/z", x=-1.23456e300, y=1e-300, z=7.7e-5),
    "not a number": drawn(Graph(Value(nan, "x") * Value(2.0, "y"))),
    "infinite": formula("sqrt(x)*y", x=0.0, y=-inf),
    "a neuron's weights": weighed(nn.Neuron(2, "tanh"), [1.0, 0.5], error=True),
    "2-2-1 weights": weighed(MLP221, [1.0, -2.0], error=True),
    "2-2-1 gradients": weighed(MLP221, [1.0, -2.0], error=True, gradients=True),
    "2-2-1 bias units": weighed(MLP221, [1.0, -2.0], error=True, bias_units=True),
    "2-2-1 forward": weighed(MLP221, [1.0, -2.0], error=True, step=1),
    "2-2-1 back": weighed(MLP221, [1.0, -2.0], error=True, step=4),
    "3-3-1 weights": weighed(nn.MLP(3, [3, 1])),
    "2-8-8-1 gradients": weighed(nn.MLP(2, [8, 8, 1], "tanh"), [0.5, -0.3], error=True, gradients=True, step=5),
    "64-16-10 weights": weighed(nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))),
    "units without weights": weighed([3, 4, 2]),
    "many layers": weighed([6] * 12),
    "sparse weights": weighed([[[1.0, -2.0, None], [None, 0.0, 1.5]]], names=[["z[0]", "z[1]", "z[2]"], None]),
    "units with long names": weighed([2, 2], names=[["the size of the house", "😀" * 20], ["<b>&", "W" * 30]]),
    "number lines": lambda theme: number_lines(SQUARE, 1.0, span=(-2, 2), nudge=0.25, theme=theme),
    "a stage of number lines": lambda theme: number_lines(SQUARE, -0.5, span=(-2, 2), step=1, theme=theme),
    "ten number lines": lambda theme: number_lines(SIGMOIDS, 0.0, span=(-1, 1), nudge=1.0, common=True, theme=theme),
    "dials": lambda theme: dials(["walker", "bicycle", "car"], [4, 2], theme=theme),
    "negative dials": lambda theme: dials(["a", "b", "c"], [-2, 1.5], step=1, theme=theme),
    "eleven dials": lambda theme: dials([f"dial {i}" for i in range(11)], [1.5] * 10, theme=theme),
    "factors": lambda theme: factors(3, theme=theme),
    "factors of ten layers": lambda theme: factors(10, theme=theme),
    "cut factors": lambda theme: factors(3, cut="∂s₃/∂z₂", theme=theme),
    "factors with values": lambda theme: factors({"a": "xy", "b": "xz"}, values=dict(x=0.5, y=-3, z=0.1), theme=theme),
    "shapes": lambda theme: shapes(["∂c/∂z_g", "J"], [(1, "d_g"), ("d_g", "d_f")], theme=theme),
    "shapes in order": lambda theme: shapes(["g", "J_3", "J_2", "J_1"], MYNET, order="right", step=1, theme=theme),
    "shapes that do not fit": lambda theme: shapes(["W", "x"], [(2, 3), (4, 1)], theme=theme),
    "figure 1": figured(1),
    "figure 1, forward only": figured(1, backward=False),
    "figure 1 to the right": figured(1, direction="right"),
    "figure 2": figured(2),
    "figure 2, one sample": figured(2, samples=1),
    "figure 2, many samples": figured(2, samples=99, backward=False),
    "figure 4": lambda theme: figure(4, theme=theme),
    "figure 5": figured(5),
    "figure 6": figured(6),
    "figure 7": figured(7),
    "figure 7, five branches": figured(7, outputs=5),
    "figure 8": figured(8),
    "figure 9": figured(9, shapes=True),
    "figure 9, a step forward": figured(9, step=2),
    "figure 9, a step back": figured(9, step=6),
    "figure 9 to the right": figured(9, direction="right", slopes=False),
    "unit": figured("unit"),
    "layers": figured("layers"),
    "trunk and branches": figured("trunk"),
    "trunk, cut": figured("trunk", cut="h>i:0"),
    "skip": figured("skip", slopes=True),
    "skip to the right": figured("skip", direction="right", slopes=True),
    "skip, cut": figured("skip", cut="f>z:0"),
    "opaque cost": figured("opaque cost"),
    "the actor learns": figured("actor and critic"),
    "the critic learns": figured("actor and critic", learning="critic"),
    "legend": legend,
    "a shared parameter": blocked(siamese),
    "a shared parameter, to the right": blocked(siamese, direction="right"),
    "many ports": blocked(many_ports, slopes=True),
    "many ports, to the right": blocked(many_ports, direction="right"),
    "odd names": blocked(odd_names),
    "a network with its numbers": blocked(layers, shapes=True, **ROWS),
    "a network to the right": blocked(layers, direction="right", **ROWS),
    "a network for images": blocked(digits, shapes=True, **IMAGES),
}


def pictures() -> dict[tuple[str, str], Picture]:
    """Every case in every theme."""
    return {(name, theme): draw(theme) for name, draw in CASES.items() for theme in THEMES}


def digests() -> str:
    """A line per picture that changes when a byte of it does."""

    def digest(picture: Picture) -> str:
        return hashlib.sha256("\0".join((picture.svg, picture.alt, picture.text)).encode()).hexdigest()

    return "\n".join(f"{name}, {theme}: {digest(picture)}" for (name, theme), picture in pictures().items())


def render(folder: Path) -> None:
    """Each picture as PNG files, and per theme one sheet with all of them."""
    from conftest import chromium

    folder.mkdir(parents=True, exist_ok=True)
    drawings = pictures()
    with chromium() as browser:
        page = browser.new_page()
        def show(name: str, theme: str, html: str, size: tuple[int, int], style: str = "") -> None:
            page.set_viewport_size(dict(zip(("width", "height"), size)))
            page.set_content(f'<body style="margin:0;background:{THEMES[theme].ground}"><main style="{style}">{html}')
            page.screenshot(path=folder / f"{name}.{theme}.png", full_page=True)

        for (name, theme), picture in drawings.items():
            file = name.replace(" ", "-").replace(",", "")
            show(file, theme, fitting(picture, "max-width:100%"), (900, 100))
            slide = "width:1280px;height:720px;object-fit:contain;padding:24px;box-sizing:border-box;display:block"
            show(f"{file}.slide", theme, fitting(picture, slide), (1280, 720))
        for theme in THEMES:
            figures = "".join(
                f'<figure style="margin:8px;break-inside:avoid"><figcaption>{name}</figcaption>'
                f"{fitting(picture, 'max-width:100%')}</figure>"
                for (name, of), picture in drawings.items()
                if of == theme
            )
            columns = f"columns:3;font-family:sans-serif;color:{THEMES[theme].ink}"
            show("all", theme, figures, (1900, 720), columns)


def fitting(picture: Picture, style: str) -> str:
    return picture.html().replace("<img", f'<img style="{style}"', 1)


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            print(digests())
        case [folder]:
            render(Path(folder))
        case _:
            sys.exit("usage: python tests/gallery.py [OUT_DIR]")
