"""A case of every plot, drawn from the course's own data: for the tests, and for whoever wants to look at them all.

`python -m tests.gallery_plots FOLDER` writes them as PNG.
"""

from __future__ import annotations

import sys
from math import cos, exp, log, sin, tanh
from pathlib import Path

import numpy as np

from backproplab import Tensor, data, nn, optim, parse, search
from backproplab.derivatives import jacobian
from backproplab.draw import plots


def wave(x: float) -> float:
    return exp(sin(x))


# ---- the thirty-two opinions of notebook 08 -------------------------------------------------------

X32, Y32 = data.thirty_two()
START, BEST = np.array([-0.5, 3.0]), np.polyfit(X32, Y32, 1)


def average(w: float, b: float) -> float:
    return float(np.mean((w * X32 + b - Y32) ** 2) / 2)


def one(p: int):
    return lambda w, b: 0.5 * (w * X32[p] + b - Y32[p]) ** 2


def gradients(at: np.ndarray) -> np.ndarray:
    """The gradient of every sample's loss (32, 2)."""
    residual = at[0] * X32 + at[1] - Y32
    return np.column_stack([residual * X32, residual])


def descent(eta: float, steps: int, batch: int = 32, seed: int = 0, start: np.ndarray = START) -> np.ndarray:
    rng, path = np.random.default_rng(seed), [start]
    for _ in range(steps):
        rows = slice(None) if batch == 32 else rng.integers(32, size=batch)
        path.append(path[-1] - eta * gradients(path[-1])[rows].mean(axis=0))
    return np.array(path)


def excess(path: np.ndarray) -> list[float]:
    return [max(0.0, average(*at) - average(*BEST)) for at in path]


def measured_spread(replace: bool, draws: int = 1000) -> tuple[list[int], list[float]]:
    rng, g, sizes = np.random.default_rng(0), gradients(START), [1, 2, 4, 8, 16, 32]
    means = [np.array([rng.choice(g, b, replace=replace).mean(axis=0) for _ in range(draws)]) for b in sizes]
    return sizes, [float(np.sqrt(((m - g.mean(axis=0)) ** 2).sum(axis=1).mean()).round(12)) for m in means]


def sigma() -> float:
    g = gradients(START)
    return float(np.sqrt(((g - g.mean(axis=0)) ** 2).sum(axis=1).mean()))


# ---- small trainings ------------------------------------------------------------------------------


def trained(
    X: np.ndarray, y: np.ndarray, hidden: int, classes: int, bends: bool = True, steps: int = 300, lr: float = 0.05
):
    """A small network and its losses on a training half and a held-out half, step by step."""
    layers = [nn.Linear(X.shape[1], hidden, seed=1), nn.Tanh(), nn.Linear(hidden, classes, seed=2)]
    model = nn.Sequential(*(layers if bends else layers[::2]))
    optimizer, losses, held_out = optim.Adam(model.parameters(), lr), [], []
    y = y.astype(int)
    for _ in range(steps):
        model.zero_grad()
        loss = nn.cross_entropy(model(X[::2]), y[::2])
        loss.backward()
        losses.append(loss.item())
        held_out.append(nn.cross_entropy(model(X[1::2]), y[1::2]).item())
        optimizer.step()
    model.zero_grad()
    return model, losses, held_out


def boundary(bends: bool = True, **options):
    X, y = data.two_moons(200, 0.15)
    model = trained(X, y, 16, 2, bends)[0]
    return plots.decision_boundary(model, X, y, **options)


def three_arms():
    X, y = data.spiral(240, 0.03, arms=3, turns=0.7)
    return plots.decision_boundary(trained(X, y, 32, 3, steps=400)[0], X, y)


def prototypes():
    centres = np.array([[-1.0, -0.6], [1.0, -0.5], [0.1, 1.0], [0.9, 1.1]])
    rng = np.random.default_rng(0)
    X = np.concatenate([c + 0.35 * rng.standard_normal((20, 2)) for c in centres])
    names = [f"prototype {k}" for k in range(4)]
    return plots.decision_boundary(
        nn.NearestNeighbour(centres),
        X,
        np.repeat(np.arange(4), 20),
        names=names,
        marks={"prototypes": tuple(centres.T)},
    )


def neurons():
    """One neuron on Values, trained on nothing: it takes a point at a time."""
    return plots.decision_boundary(nn.MLP(2, [4, 1], "tanh"), *data.xor(), span=(-0.5, 1.5), size=(560, 460))


def learning(log: bool):
    X, y = data.two_moons(200, 0.25)
    runs = {
        name: dict(zip(("training", "held out"), trained(X, y, 16, 2, bends)[1:]))
        for name, bends in (("tanh", True), ("no bends", False))
    }
    return plots.losses(runs, log=log)


def reader():
    split = data.digits()
    rows = slice(0, 400)
    return split, trained(split.train_x[rows], split.train_y[rows], 16, 10, steps=60)[0]


def read_digits():
    split, model = reader()
    wrong = np.flatnonzero(model(split.test_x).data.argmax(axis=1) != split.test_y)[:4]
    shown = np.sort(np.concatenate([np.arange(10), wrong]))
    return plots.digits(split.test_x[shown], split.test_y[shown], model(split.test_x[shown]).data.argmax(axis=1))


def image_and_gradient():
    split, model = reader()
    x = Tensor(split.test_x[:1])
    nn.cross_entropy(model(x), split.test_y[:1]).backward()
    image = plots.digits(split.test_x[:1], split.test_y[:1], size=(330, 400), title="the image")
    slopes = plots.heatmap(
        x.grad.reshape(8, 8), rows="row", columns="column", title="how the loss responds to each pixel", size=(470, 400)
    )
    return plots.beside(image, slopes)


def softmax_jacobian(**options):
    return plots.heatmap(jacobian(lambda z: z.softmax(), np.array([2.0, 1.0, 0.0, -1.0])), **options)


def two_jacobians():
    layer = nn.Linear(3, 2, seed=3)
    found = layer.jacobians([[0.5, -1.0, 2.0]])
    limit = max(abs(found.state).max(), abs(found.weights).max())
    return plots.beside(
        plots.heatmap(found.state, columns="input state j", limit=limit, title="∂out/∂z", size=None),
        plots.heatmap(found.weights, columns="weight or bias j", limit=limit, title="∂out/∂w"),
    )


def saddle():
    eta, together, turns = 0.1, [(1.0, 0.0)], [(1.0, 0.0)]
    for _ in range(100):
        x, y = together[-1]
        together.append((x - eta * y, y + eta * x))
        x, y = turns[-1]
        x -= eta * y
        turns.append((x, y + eta * x))
    return plots.contours(
        lambda x, y: x * y, (-2, 2), paths={"both at once": together, "in turns": turns}, size=(620, 600)
    )


def matrix_rate():
    def run(m: np.ndarray, steps: int) -> list[np.ndarray]:
        path = [np.array([10.0, 1.0])]
        for _ in range(steps):
            path.append(path[-1] - m @ (np.array([1.0, 25.0]) * path[-1]))
        return path

    eye = np.eye(2)
    paths = {
        "η = 2/26": run(2 / 26 * eye, 30),
        "M = diag(1, 1/25)": run(np.diag([1, 0.04]), 1),
        "M = diag(0.04, 0)": run(np.diag([0.04, 0]), 20),
    }
    return plots.contours(parse("0.5*(w1^2+25*w2^2)"), ((-2, 11), (-2.2, 2.2)), paths=paths)


def searches():
    d = [1, 2, 4, 8, 16, 32]
    counts: dict[str, list[float]] = {"differences": [], "(1+1) adaptive": []}
    for n in d:
        start = np.eye(n)[0]
        counts["differences"].append(search.difference_descent(lambda w: w @ w, start, stop=0.01).evaluations)
        counts["(1+1) adaptive"].append(search.evolution_strategy(lambda w: w @ w, start, stop=0.01).evaluations)
    lines = {name: (d, found) for name, found in counts.items()}
    lines["blind (the formula 10ᵈ)"] = ([1, 2, 4], [10.0, 100.0, 10_000.0])
    return plots.curves(lines, log="xy", x="dimension d", y="evaluations")


def layer_outputs():
    layer = nn.Sequential(nn.Linear(3, 32), nn.ReLU())
    return plots.bars(layer([[1.0, -0.5, 2.0]]).data[0], x="unit", y="output")


SCHEDULES = {
    "constant": lambda t: 0.2,
    "inverse_time(0.2, 50)": optim.inverse_time(0.2, 50),
    "step_decay(0.2, 64)": optim.step_decay(0.2, 64),
    "exponential(0.2, 0.98)": optim.exponential(0.2, 0.98),
    "cosine(0.2, 256)": optim.cosine(0.2, 256),
}


def fit():
    w, b = BEST
    return plots.curves(
        {"at the start": lambda x: START[0] * x + START[1], "best line": lambda x: w * x + b},
        (-1, 1),
        marks={"32 samples": (X32, Y32)},
        y="y",
    )


PLOTS = {
    "curves": lambda: plots.curves({"wave": wave}, alt="a wave", marks={"here": (1.3, wave(1.3))}),
    "curves-activations": lambda: plots.curves(
        {"relu": lambda x: max(x, 0.0), "tanh": tanh, "slope of relu": lambda x: float(x > 0), "slope of tanh": lambda x: 1 - tanh(x) ** 2}
    ),
    "curves-schedules": lambda: plots.curves(SCHEDULES, (0, 256), x="step", y="learning rate η"),
    "curves-staircase": lambda: plots.curves(
        {"staircase": search.staircase, "plateau": lambda x: min(1.0, max(0.0, 2 * x - 1)), "hole": lambda x: 1.3 - exp(-((x + 0.4) ** 2) / 0.001)},
        (-1, 1.6), x="u", y="cost",
    ),
    "curves-gap": lambda: plots.curves({"log x": log, "1/x": lambda x: 1 / x}, (-1, 2)),
    "curves-fit": fit,
    "curves-graph": lambda: plots.curves({"σ(3x)": parse("sigmoid(3*x)")}),
    "curves-dimension": searches,
    "beside": lambda: plots.beside(
        *(plots.curves({"L(p)": lambda p: p**4 / 4 - p**2 + 0.3 * p}, (c - r, c + r), x="p", size=(440, 360)) for c, r in ((0, 2.2), (-1.48, 0.05)))
    ),
    "losses": lambda: learning(log=False),
    "losses-log": lambda: learning(log=True),
    "losses-samples": lambda: plots.losses(
        {f"B = {b}": (b * np.arange(1 + 320 // b), excess(descent(0.02 * b, 320 // b, b))) for b in (1, 8, 32)},
        x="samples seen", y="excess loss", log=True,
    ),
    "losses-diverging": lambda: plots.losses({"η = 1.5": excess(descent(1.5, 20)), "η = 2.1": excess(descent(2.1, 20))}, log=True),
    "spread": lambda: plots.spread(
        sigma(), {"with replacement": measured_spread(True), "without replacement": measured_spread(False)}, samples=32
    ),
    "tangent": lambda: plots.tangent(wave, 1.3, steps=(1, 0.1), label="wave"),
    "tangent-parabola": lambda: plots.tangent(lambda x: 3 * x * x + 4 * x, 2.0, steps=(1, 0.5, 0.1), span=(1, 3.3), label="3x² + 4x"),
    "step_error": lambda: plots.step_error(wave, 1.3, cos(1.3) * wave(1.3)),
    "rectangle": lambda: plots.rectangle(3, 4, 1, 1),
    "nudges": lambda: plots.nudges(lambda a, b: 5 * tanh(4 * a) + 0.6 * b * b, {"a": 1.0, "b": 2.0}, label="y"),
    "bars": lambda: plots.bars({"right": 98.6, "ReLU forgotten": 97.8, "= for +=": 48.9}, x="test accuracy (%)"),
    "bars-groups": lambda: plots.bars({"3 layers": {"written": 15, "different": 9}, "10 layers": {"written": 120, "different": 30}}, x="factors"),
    "bars-layer": layer_outputs,
    "contours": lambda: plots.contours(
        average, ((-1.5, 3), (-1.5, 3.5)), paths={"full batch": descent(1.0, 12), "one sample at a time": descent(0.2, 64, 1)}, marks={"lowest": tuple(BEST)}, x="w", y="b",
    ),
    "contours-opinions": lambda: plots.contours(
        average, ((-3, 3), (-2.5, 3.5)), arrows={"−∇L of each sample": (START, -gradients(START)), "their mean": (START, -gradients(START).mean(axis=0))}, marks={"lowest": tuple(BEST)},
    ),
    "contours-troughs": lambda: plots.contours(average, ((-0.5, 3.5), (-2, 1.3)), samples=[one(p) for p in range(32)], marks={"lowest": tuple(BEST)}),
    "contours-one-sample": lambda: plots.beside(
        *(plots.contours(one(p), (-2, 3), title=f"sample {p}", levels=6, size=(290, 310)) for p in (0, 2, 4, 6, 8, 11)), columns=3
    ),
    "contours-saddle": saddle,
    "contours-matrix": matrix_rate,
    "contours-search": lambda: plots.contours(
        lambda w: w @ w, paths={"(1+1) evolution": search.evolution_strategy(lambda w: w @ w, [1, 0.5], evaluations=60).path, "compass": search.coordinate_search(lambda w: w @ w, [1, 0.5], evaluations=60).path}
    ),
    "decision_boundary": boundary,
    "decision_boundary-collapse": lambda: plots.beside(boundary(False, title="without bends", size=(440, 400)), boundary(True, title="with tanh", size=(440, 400))),
    "decision_boundary-three": three_arms,
    "decision_boundary-prototypes": prototypes,
    "decision_boundary-values": neurons,
    "heatmap": softmax_jacobian,
    "heatmap-row": lambda: softmax_jacobian(row=1, title="softmax", rows="probability i", columns="score j"),
    "heatmap-column": lambda: plots.heatmap(nn.Linear(12, 5, seed=1).weight.data, column=3),
    "heatmap-large": lambda: plots.heatmap(nn.Linear(600, 60, seed=1).weight.data, rows="unit", columns="pixel"),
    "heatmap-two": two_jacobians,
    "digits": read_digits,
    "digits-plain": lambda: plots.digits(data.digits().train_x[:5], data.digits().train_y[:5]),
    "digits-gradient": image_and_gradient,
}  # fmt: skip

if __name__ == "__main__":
    for name, draw in PLOTS.items():
        plot = draw()
        plot.save(Path(sys.argv[1]) / f"{name}.png")
        print(name, plot.text, sep="\n", end="\n\n")
