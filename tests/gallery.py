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

from backproplab import Graph, Value, parse, relu, tanh
from backproplab.draw import Picture
from backproplab.draw.paper import THEMES

Draw = Callable[[str], Picture]  # from a theme


def drawn(graph: Graph, *, backward: bool = True, **options) -> Draw:
    """The picture of a graph, after the backward pass unless it is to be drawn without."""
    if backward:
        graph.backward()
    return lambda theme: graph.draw(theme=theme, **options)


def formula(text: str, *, backward: bool = True, options: dict | None = None, **values: float) -> Draw:
    return drawn(parse(text, **values), backward=backward, **options or {})


def step(text: str, count: int, **values: float) -> Draw:
    return formula(text, backward=False, options={"step": count}, **values)


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


def wide_sum(terms: int) -> Graph:
    return Graph(sum((Value(i / 8, f"x{i}") for i in range(2, terms + 1)), Value(1 / 8, "x1")))


NEURON = "tanh(w1*x1+w2*x2+b)"
AT = dict(w1=-3.0, x1=2.0, w2=1.0, x2=0.5, b=6.88)

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
    "all steps done": step("(a*b+c)*relu(a)", 11, a=2.0, b=-3.0, c=10.0),
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
    "huge and tiny": formula("x*y/z", x=-1.23456e300, y=1e-300, z=7.7e-5),
    "not a number": drawn(Graph(Value(nan, "x") * Value(2.0, "y"))),
    "infinite": formula("sqrt(x)*y", x=0.0, y=-inf),
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
        page = browser.new_page(viewport={"width": 1280, "height": 720})

        def show(html: str, theme: str, name: str, **options) -> None:
            ground = THEMES[theme].ground
            page.set_content(f'<body style="margin:0;background:{ground}">{html}')
            page.screenshot(path=folder / f"{name}.{theme}.png", **options)

        for (name, theme), picture in drawings.items():
            file = name.replace(" ", "-").replace(",", "")
            show(f'<main style="width:900px">{fitting(picture, "max-width:100%")}</main>', theme, file, full_page=True)
            centred = "display:grid;place-items:center;width:1280px;height:720px"
            fit = "width:100%;height:100%;object-fit:contain;box-sizing:border-box;padding:24px"
            show(f'<main style="{centred}">{fitting(picture, fit)}</main>', theme, f"{file}.slide")
        for theme in THEMES:
            figures = "".join(
                f'<figure style="margin:8px;break-inside:avoid"><figcaption>{name}</figcaption>'
                f"{fitting(picture, 'max-width:100%')}</figure>"
                for (name, of), picture in drawings.items()
                if of == theme
            )
            columns = f'<main style="columns:3;font-family:sans-serif;color:{THEMES[theme].ink}">{figures}</main>'
            page.set_viewport_size({"width": 1900, "height": 720})
            show(columns, theme, "all", full_page=True)


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
