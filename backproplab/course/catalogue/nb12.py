"""Exercises of 12-capstone."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ... import nn
from ..exercises import TODO, Exercise

ETA = 0.1  # as in the notebook

# ---- a small network on which programs are tried: no two of its sizes agree, so that a wrong transpose cannot hide


Net = namedtuple("Net", "W1 b1 W2 b2")


class Watched(Net):
    """A net that notices when its second layer is used: then somebody has begun, even if nothing has moved yet."""

    begun = False

    @property
    def W2(self) -> np.ndarray:
        self.begun = True
        return self[2]

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "begun":  # net.W1 -= …, of which Python would only say that it cannot
            raise AttributeError(f"{name} of net cannot be set; move(net, {name}=…) changes what is in it")
        super().__setattr__(name, value)


Watched.__name__ = "Net"  # as learners know it


def move(net: Net, **gradients: np.ndarray) -> None:
    for name, g in gradients.items():
        w = getattr(net, name)
        w -= ETA * g


def _drawn(seed: int) -> dict[str, np.ndarray]:
    """Weights and a batch of 5 rows: 4 inputs, 3 hidden units (some at work, some not), 2 scores."""
    random = np.random.default_rng(seed)
    sizes = {"W1": (3, 4), "b1": (3,), "W2": (2, 3), "b2": (2,), "x": (5, 4), "d2": (5, 2)}
    drawn = {name: random.normal(size=size).round(1) for name, size in sizes.items()}
    drawn["s"] = drawn["x"] @ drawn["W1"].T + drawn["b1"]
    return drawn | {"z": np.maximum(drawn["s"], 0.0)}


def _parts(seed: int, *names: str) -> tuple[np.ndarray, ...]:
    return tuple(_drawn(seed)[name].round(2) for name in names)


ROWS = [_parts(seed, "d2", "W2", "s") for seed in (1, 2)]
BATCHES = [(seed,) for seed in (1, 2)]
NOT_MOVED, WITHOUT_GRADIENTS = "nothing has moved", "there were no gradients when it was to move"


def moved(learn: Callable, batch: int) -> Any:
    """What a way back is compared by: by which gradient each array was moved, against the loss, η taken out."""
    drawn = _drawn(batch)
    net = Watched(*(drawn[name].copy() for name in Net._fields))
    result = learn(net, drawn["x"], drawn["s"], drawn["z"], drawn["d2"])
    found = _differences(Net._fields, [drawn[name] for name in Net._fields], net, result)
    return NOT_MOVED if found is TODO and net.begun else found


def stepped(step: Callable, batch: int) -> Any:
    """The same, of a program that is given a model and a batch, after two steps on two batches."""
    random = np.random.default_rng(batch)
    model = nn.Sequential(nn.Linear(4, 3, seed=batch), nn.ReLU(), nn.Linear(3, 2, seed=batch + 1))
    names, before = zip(*((name, p.data.copy()) for name, p in model.named_parameters()))
    for n in (5, 6):
        try:
            result = step(model, random.normal(size=(n, 4)), random.integers(2, size=n))
        except TypeError:  # η · None
            if any(p.grad is not None for p in model.parameters()):
                raise
            return WITHOUT_GRADIENTS
    found = _differences(names, before, [p.data for p in model.parameters()], result)
    return NOT_MOVED if found is TODO and any(p.grad is not None for p in model.parameters()) else found


def _differences(names: Any, before: Any, after: Any, result: Any) -> Any:
    found = {f"the gradient that moved {name}": ((was - now) / ETA).round(9).tolist() for name, was, now in zip(names, before, after)}
    if any(np.any(g) for g in found.values()):
        return found
    return TODO if result is None else {NOT_MOVED: result}


def _added(d: np.ndarray) -> np.ndarray:
    return d.sum(axis=0)


def _way_back(
    net: Net, x: Any, s: Any, z: Any, d2: Any, *, bend: Any = None, bias: Callable = _added, times: float = 1, early: bool = False
) -> None:  # fmt: skip
    """The right way back, or with one thing changed."""
    second = {"W2": times * d2.T @ z, "b2": times * bias(d2)}
    if early:
        move(net, **second)
    d1 = d2 @ net.W2 * (s > 0 if bend is None else bend)
    move(net, W1=times * d1.T @ x, b1=times * bias(d1), **({} if early else second))


def _weights_only(net: Net, x: Any, s: Any, z: Any, d2: Any) -> None:
    move(net, W1=(d2 @ net.W2 * (s > 0)).T @ x, W2=d2.T @ z)


def _biases_only(net: Net, x: Any, s: Any, z: Any, d2: Any) -> None:
    move(net, b1=(d2 @ net.W2 * (s > 0)).sum(0), b2=d2.sum(0))


def _before_the_bend(net: Net, x: Any, s: Any, z: Any, d2: Any) -> None:
    _way_back(net, x, s, s, d2, bend=s > 0)


def _without_move(net: Net, x: Any, s: Any, z: Any, d2: Any) -> None:
    through(d2, net.W2, s)


def _returning(net: Net, x: Any, s: Any, z: Any, d2: Any) -> tuple:
    d1 = d2 @ net.W2 * (s > 0)
    return d1.T @ x, d1.sum(0), d2.T @ z, d2.sum(0)


def _second_only(net: Net, x: Any, s: Any, z: Any, d2: Any) -> None:
    move(net, W2=d2.T @ z, b2=d2.sum(0))


def _first_only(net: Net, x: Any, s: Any, z: Any, d2: Any) -> None:
    d1 = d2 @ net.W2 * (s > 0)
    move(net, W1=d1.T @ x, b1=d1.sum(0))


def descend(model: nn.Module, rate: float = ETA) -> None:
    for p in model.parameters():
        p.data -= rate * p.grad


def _loop(
    model: nn.Module, x: Any, y: Any, *, reset: str = "before", loss: Callable = nn.cross_entropy, rate: float = ETA
) -> None:
    """The right step, or with one thing changed."""
    if reset == "before":
        model.zero_grad()
    loss(model(x), y).backward()
    if reset == "between":
        model.zero_grad()
    descend(model, rate)


def _of_softmax(scores: Any, y: Any) -> Any:
    return nn.cross_entropy(scores.softmax(), y)


def _summed(scores: Any, y: Any) -> Any:
    return nn.cross_entropy(scores, y, per_sample=True).sum()


def _summed_of_softmax(scores: Any, y: Any) -> Any:
    return _summed(scores.softmax(), y)


def _only_the_loss(model: nn.Module, x: Any, y: Any) -> Any:
    return nn.cross_entropy(model(x), y)


def _without_moving(model: nn.Module, x: Any, y: Any) -> None:
    model.zero_grad()
    nn.cross_entropy(model(x), y).backward()


# ---- references. (They are shown to learners, so they are written as theirs.)


def through(d2, W2, s):
    return d2 @ W2 * (s > 0)


def bias_gradient(d):
    return d.sum(axis=0)


def learn(net, x, s, z, d2):
    d1 = through(d2, net.W2, s)
    move(net, W1=d1.T @ x, b1=bias_gradient(d1), W2=d2.T @ z, b2=bias_gradient(d2))


def step(model, x, y):
    model.zero_grad()
    nn.cross_entropy(model(x), y).backward()
    descend(model)


def nudged(image, g, length):
    return image - length * g / np.linalg.norm(g)


EXERCISES = {
    "12.new-writers": Exercise(
        right=92,
        because="New hands cost six points. It still reads most of them, because a 3 is a 3 in many hands.",
        mistakes={
            98: "That is what it reaches if the same people have written training images, too. New hands are harder.",
            75: "So much it does not lose: most strokes are common to all writers.",
            50: "That would be a network that has learned hands, and no digits.",
        },
    ),
    "12.right-one": Exercise(
        right="D",
        because="Every bias adds up all rows, ReLU's slope is there, nothing moves before all is computed, and W₂ itself sends the gradient back.",
        mistakes={
            "A": "A has the best accuracy, and is wrong: look at what it takes for the gradient of a bias. One row of 32.",
            "B": "B is wrong: ReLU has a slope, 0 where the sum was negative, and B lets everything through.",
            "C": "C is wrong, by little: it moves W₂, and then sends the gradient back through the W₂ that has moved.",
            "E": "E is wrong: the gradient must come back through the W₂ of the way forward, and it comes through R.",
        },
    ),
    "12.caught": Exercise(
        right=1,
        because="F alone is caught. The gradients of G and I are right, each for its own loss, and H has nothing old to add yet.",
        mistakes={
            0: "One is caught: F keeps the gradients of the last image only, so what it moves by is not the gradient of the mean loss.",
            2: "One fewer. Which of your two has a wrong gradient of its *own* loss, at the *first* step?",
            3: "It is the other way round: three pass. A right gradient of a loss that nobody wanted is still a right gradient.",
            4: "They are all broken, but the check only asks one thing: is this the gradient of this loss? For three of them it is.",
        },
    ),
    "12.mend-relu": Exercise(
        right=through,
        because="Slope 1 where the sum was above 0, slope 0 elsewhere: no way forward, no way back.",
        mistakes=[
            (lambda d2, W2, s: d2 @ W2, "That is what B wrote. ReLU has a slope, too: multiply by it, entry by entry. In Python: (s > 0)."),
            (lambda d2, W2, s: d2 @ W2 * s, "You multiply by the sum itself. The slope of ReLU is 1 or 0: (s > 0)."),
            (lambda d2, W2, s: d2 @ W2 * np.maximum(s, 0), "You multiply by the *value* of ReLU. What is handed back is multiplied by its slope, 1 or 0: (s > 0)."),
            (lambda d2, W2, s: np.maximum(d2 @ W2, 0), "You cut off where the *gradient* is negative, and it may be. What counts is where the sum s was above 0."),
            (lambda d2, W2, s: d2 @ W2 * (s < 0), "The other way round: the gradient passes where s is above 0."),
            (lambda d2, W2, s: d2 @ W2 * np.sign(s), "Where s is below 0, the slope of ReLU is 0, not −1: (s > 0)."),
            (lambda d2, W2, s: d2 @ W2 * (s > 0) / len(d2), "ReLU is right. But 1/N is in d2 already: do not divide once more."),
            (lambda d2, W2, s: d2 @ np.maximum(W2, 0), "You cut off negative *weights*. The bend stands before W2, at the sums s: (s > 0)."),
            (lambda d2, W2, s: s > 0, "That is the slope. What came back through W2 is still to be multiplied by it: d2 @ W2 * (s > 0)."),
        ],
        hints=(
            "B has sent d2 through W2, and that is right. Which module stands before W2?",
            "Entry by entry, times the slope of ReLU. Where s is above 0 it is 1, elsewhere 0.",
            "In Python (s > 0) is an array of True and False, which count as 1 and 0. Multiply what B wrote by it.",
        ),
        inputs=ROWS,
    ),
    "12.mend-bias": Exercise(
        right=bias_gradient,
        because="A fork with a branch for each row: what comes back from all of them adds up.",
        mistakes=[
            (lambda d: d[0], "That is A's: the first row only. The bias was added in every row."),
            (lambda d: d[-1], "That is the last row only. The bias was added in every row."),
            (lambda d: d[:, 0], "That is the first *column*: one unit, and a number for each image. Add the rows: axis 0."),
            (lambda d: len(d) * d[0], "That is N times the first row. Each image has its own: add them all."),
            (lambda d: -d.sum(axis=0), "The sum is right. The minus is in move, and would be there twice."),
            (lambda d: d.mean(axis=1), "A mean along the rows gives a number for each *image*, and divides. Add over axis 0: a number for each *unit*."),
            (lambda d: d.mean(axis=0), "The mean divides by N once more. 1/N is in d already, so the rows are added."),
            (lambda d: d.sum(axis=1), "You add along the rows, so that there is a number for each *image*. There should be one for each *unit*: axis 0."),
            (lambda d: d.sum(), "Everything is added up to one number. Each unit has a bias of its own: add over the rows only, axis 0."),
            (lambda d: d, "That still has a row for each image. A bias has one number for each unit: add the rows."),
        ],
        hints=(
            "One bias, N uses. What does the fork rule say about what comes back from N uses?",
            "Add the rows: d.sum(…), along one axis, so that a number for each unit is left.",
            "The rows lie along axis 0.",
        ),
        inputs=[(d2,) for d2, *_ in ROWS],
    ),
    "12.mend-order": Exercise(
        right=learn,
        because="Everything was computed with the weights that made the loss, and only then anything moved.",
        mistakes=[
            (partial(_way_back, early=True), "That is C again: W2 has moved before d1 was computed. First d1, then one move for all four."),
            (partial(_way_back, bend=1), "The order is right, but ReLU's slope is missing in d1: through(d2, net.W2, s)."),
            (partial(_way_back, bias=lambda d: d[0]), "The order is right, but a bias gets the first row only: bias_gradient(d1), bias_gradient(d2)."),
            (partial(_way_back, bias=partial(np.mean, axis=0)), "The order is right, but the biases get the mean of the rows. 1/N is in d1 and d2 already: bias_gradient adds."),
            (partial(_way_back, times=-1), "It climbs. move takes the gradients as they are; the minus is in move."),
            (_weights_only, "The weights are right. The biases have not moved: b1 and b2 want a gradient, too."),
            (partial(_way_back, times=2), "Everything is right, but it moves twice."),
            (partial(_way_back, times=1 / 5), "The directions are right, but too short: you have divided by the number of images, and 1/N is in d2 already."),
            (partial(_way_back, bend=1, bias=lambda d: d[0]), "The order is right. What A and B forgot is missing still: through(d2, net.W2, s), and bias_gradient(d1), bias_gradient(d2)."),
            (_before_the_bend, "W1 is right. But the second layer has seen z, not s: d2.T @ z."),
            (_biases_only, "The biases are right. The weights have not moved: W1=d1.T @ x, W2=d2.T @ z."),
            (_without_move, "A beginning, but nothing has moved yet: call move(net, W1=…, b1=…, W2=…, b2=…) with the four gradients."),
            (lambda net, x, s, z, d2: through(d2, net.W2, s), "That is d1, and it is right. With it, move all four: move(net, W1=…, b1=…, W2=…, b2=…). Nothing is returned."),
            (_returning, "Those are the right gradients, but nothing has moved: give them to move(net, W1=…, b1=…, W2=…, b2=…)."),
            (_second_only, "Only the second layer has moved. d1 gives the gradients of W1 and b1."),
            (_first_only, "Only the first layer has moved. d2 gives the gradients of W2 and b2."),
        ],
        hints=(
            "Take program D apart: what does it compute, and when does it move?",
            "First line: d1 = through(d2, net.W2, s). Second line: one move with four gradients.",
            "The weights get d1.T @ x and d2.T @ z, the biases bias_gradient(d1) and bias_gradient(d2).",
        ),
        inputs=BATCHES,
        use=moved,
    ),
    "12.mend-loop": Exercise(
        right=step,
        because="Reset, backward from the mean loss of the scores, move: nothing missing, and nothing twice.",
        mistakes=[
            (partial(_loop, reset=""), "That is H: nobody resets, so the second step moves by the sum of two gradients. model.zero_grad() comes first, with its brackets."),
            (partial(_loop, loss=_of_softmax), "That is G: cross_entropy contains the softmax already. Give it the scores, model(x)."),
            (partial(_loop, loss=_summed), "That is I: the sum makes each step N times as long. cross_entropy gives the mean by itself."),
            (partial(_loop, reset="between"), "When it is to move, there are no gradients. Is backward() missing, does it start from a loss that the model has no part in, or does zero_grad come after it?"),
            (partial(_loop, reset="", loss=_of_softmax), "Two things: nobody resets, as in H, and the softmax is there twice, as in G."),
            (partial(_loop, reset="", loss=_summed), "Two things: nobody resets, as in H, and the sum makes the steps N times as long, as in I."),
            (partial(_loop, loss=_summed_of_softmax), "Two things: the softmax is there twice, as in G, and the sum makes the steps N times as long, as in I."),
            (partial(_loop, loss=lambda s, y: nn.cross_entropy(s.relu(), y)), "No ReLU after the last layer: scores may be negative. Give cross_entropy model(x) as it is."),
            (partial(_loop, loss=lambda s, y: s.sum()), "That goes back from the sum of the scores. What is to become small is the loss, nn.cross_entropy(model(x), y)."),
            (_only_the_loss, "That is the loss. Now go back from it, with .backward(), and then descend(model)."),
            (_without_moving, "The gradients are there, and nothing has moved: descend(model) is missing."),
            (partial(_loop, rate=-ETA), "It climbs: the step goes against the gradient. descend(model) has the minus in it."),
            (partial(_loop, rate=2 * ETA), "It moves twice as far. Is descend(model) there twice, or backward()? Once is enough."),
        ],
        hints=(
            "You have seen these three lines: at the top of this notebook, in program.",
            "model.zero_grad(), then a loss and its backward(), then descend(model).",
            "The loss is nn.cross_entropy(model(x), y): scores, no softmax, no sum.",
        ),
        inputs=BATCHES,
        use=stepped,
    ),
    "12.nudge": Exercise(
        right=nudged,
        because="Against the gradient, and as long as was asked for.",
        mistakes=[
            (lambda image, g, length: image + length * g / np.linalg.norm(g), "That goes uphill: the loss of the answer 9 would rise. Against the gradient: minus."),
            (lambda image, g, length: image - length * g, "The direction is right. But this step is length times as long as g: divide by the length of g, np.linalg.norm(g)."),
            (lambda image, g, length: image + length * g, "Uphill, and not of the length asked for: the minus is missing, and a division by np.linalg.norm(g)."),
            (lambda image, g, length: image - g, "That step is as long as g itself. Divide it by np.linalg.norm(g), then multiply by length."),
            (lambda image, g, length: -length * g / np.linalg.norm(g), "That is the step. Add it to the image."),
            (lambda image, g, length: length * g / np.linalg.norm(g), "That is as long as it should be, but it points uphill: take it away from the image."),
            (lambda image, g, length: g / np.linalg.norm(g), "That is the direction, uphill, and of length 1. Times length, and away from the image."),
            (lambda image, g, length: image - length * g * np.linalg.norm(g), "The direction is right. But *divide* by the length of g: then it has length 1."),
            (lambda image, g, length: (image - length * g) / np.linalg.norm(g), "The bracket divides the image, too. Only g is divided by its length."),
            (lambda image, g, length: image - length * np.linalg.norm(g), "That takes the same from every pixel: of g only its length is left. Its direction is g / np.linalg.norm(g)."),
            (lambda image, g, length: image - length, "That takes the same from every pixel. Where is g?"),
            (lambda image, g, length: image - length * g / g.max(), "That makes the largest entry 1. It is the *length* of g that should be 1: divide by np.linalg.norm(g)."),
            (lambda image, g, length: image - g / np.linalg.norm(g), "That step has length 1. Multiply it by length."),
            (lambda image, g, length: image - length * np.sign(g), "That moves every pixel equally far, and only the sign of g is left: for 64 pixels the step is eight times too long. Divide g by its own length."),
            (lambda image, g, length: image - length * g / np.abs(g).sum(), "That divides by the sum of the entries' sizes. The length is the root of the sum of squares: np.linalg.norm(g)."),
            (lambda image, g, length: image - length * g / np.linalg.norm(g) ** 2, "That divides by the *square* of the length of g. Once is enough."),
        ],
        hints=(
            "g points uphill. Divide it by its own length, and it has length 1.",
            "Then times length, and subtracted from the image.",
            "The direction is g / np.linalg.norm(g).",
        ),
        inputs=[(np.array([0.2, 0.8, 0.5]), np.array([3.0, -4.0, 12.0]), 0.1), (np.array([0.0, 1.0]), np.array([-0.06, 0.08]), 0.5)],
    ),
    "12.noise": Exercise(
        right=0,
        because="A random direction among 64 has hardly any share in the one that matters.",
        mistakes={
            100: "Not even so many: none at all. The network is not nervous, it is weak in a few directions.",
            500: "Not a single one. The change that made a 9 was small, but all of it pointed the same way.",
            900: "Not a single one. What looks like no change at all was a very special change.",
        },
    ),
    "12.passes": Exercise(
        right=4820,
        because="Two for each parameter, one a little above and one a little below.",
        mistakes={
            2410: "One for each parameter would be 2,410. Central differences need two: a little above and a little below.",
            2411: "That is for differences on one side: one for each parameter, and one where you stand. Ours look on both sides.",
            2: "Two for each parameter, and there are 2,410.",
            4821: "Nearly: two for each of 2,410. The loss where you stand is not needed.",
            4822: "Two for each of 2,410: the loss where you stand is not needed.",
            154240: "That counts each of 32 images. A batch goes through in *one* pass.",
            1: "One pass says where you are, not how the loss moves with each of the 2,410 parameters.",
        },
        hints=(
            "How many parameters are there? How often does measured call loss for one of them?",
            "Above and below: two calls for each parameter.",
            "Twice 2,410.",
        ),
        solution="Central differences look at the loss on both sides of each parameter: $2\\cdot 2410 = 4820$ forward passes.",
    ),
    "12.zeros": Exercise(
        right=1,
        because="Only b₂. z is 0, so W₂ gets nothing; W₂ is 0, so nothing comes back through it.",
        mistakes={
            4: "Then zeros would do no harm. Follow the two formulas: what is z, and what is W₂?",
            0: "One moves: b₂ gets the sum of the rows of p − e_t, and there is no product with 0 in that.",
            2: "The first layer gets nothing, since W₂ is 0. And of the second, W₂ is multiplied by z. What is z?",
            3: "The first layer gets nothing at all: its gradients come back through W₂, which is 0.",
        },
    ),
    "12.parameters": Exercise(
        right=38910,
        because="600·60 + 60, and 60·40 + 40, and 40·10 + 10.",
        mistakes={
            38800: "That is without biases. Each unit has one, though nobody wrote it: 60 + 40 + 10.",
            6010: "That is one layer from 600 to 10, to which this network would collapse without its ReLUs.",
            36060: "That is the first layer. Two more follow: 60 to 40, and 40 to 10.",
            36000: "Those are the weights of the first layer. It has biases, too, and two more layers follow.",
            38500: "Those are the first two layers. One more follows, from 40 to 10.",
            710: "You counted units. A layer has a weight for each *pair* of an input and a unit.",
            110: "Those are the biases. Each layer has weights, too.",
            3: "Three layers. Each has many parameters: inputs · units weights, and a bias for each unit.",
        },
        hints=(
            "A layer has a weight for each pair of an input and a unit, and a bias for each unit.",
            "The first: 600·60 + 60. The second takes 60 and gives 40, the third takes 40 and gives 10.",
            "36,060, then 60·40 + 40 more, then 40·10 + 10.",
        ),
        solution="$600\\cdot60+60 = 36060$, $\\;60\\cdot40+40 = 2440$, $\\;40\\cdot10+10 = 410$; together 38,910. "
        "Or let Python count: `sum(p.size for p in mynet.parameters())`.",
    ),
    "12.shared": Exercise(
        right=1640,
        because="One object is one set of weights. It is a fork: its gradients from both uses add up.",
        mistakes={
            3280: "There are two uses, but only one object, and the parameters are inside the object.",
            1600: "Those are the weights. Linear makes biases, too: 40 of them.",
            3200: "Two mistakes: one object is one set of weights, and there are 40 biases.",
            1680: "h gives 40 numbers, so it has 40 biases, once: one for each unit, none for the inputs.",
            40: "Those are the biases. A layer from 40 to 40 has 40·40 weights, too.",
            80: "Those would be biases only, and of two layers. A layer from 40 to 40 has 40·40 weights.",
        },
        hints=(
            "Where are the parameters kept: in the network, or in the object h?",
            "h has 40·40 weights, and biases.",
            "There is only one h, so count 40·40 + 40 once.",
        ),
        solution="`h` has $40\\cdot40+40 = 1640$ parameters, and there is only one `h`. Used twice, it is a fork: the gradients from both uses add up. "
        "That can be what you want (convolutions and recurrent networks do it); for two *different* layers you need two objects.",
    ),
    "12.tell": Exercise(
        right="cannot tell",
        because="Programs with a wrong gradient reach it, too, and the right one ended anywhere between 97.8 and 98.6 %.",
        mistakes={
            "yes": "C and E reached just that with a wrong gradient, and A even more. Accuracy is no test of a gradient.",
            "no": "A right program may well have 97.8 %: D has. Another beginning moves it by almost a point.",
        },
        hints=(
            "Which of the five programs A to E would you have found by its accuracy?",
            "Both right and wrong programs ended between 97.5 and 98.1 %.",
            "Neither “yes” nor “no” can be defended.",
        ),
        solution="**\"cannot tell\"**. D, which is right, has 97.8 %, and so have C and E, which are wrong. Ask for the gradient check, for two steps.",
    ),
    "12.early": Exercise(
        right="a",
        because="A gradient belongs to one point: that of the way forward. C mixes two.",
        mistakes={
            "b": "The order of the *moves* is free, once all gradients are computed. What matters is what they were computed with.",
            "c": "It moves once in each step. But too early: somebody still needed it as it was.",
        },
        hints=(
            "Would C be right if it moved W₂ first, and kept a copy of the old W₂ for d1?",
            "Yes, it would. So it is not the moving that does the harm.",
            "The harm is done to d1. Which W₂ is in it?",
        ),
        solution="**a.** The chain rule multiplies slopes *at the values of the way forward*. C's $d_1$ has a $W_2$ that is one step further. "
        "The error grows with η: that is why it is small, and easily overlooked.",
    ),
    "12.slip": Exercise(
        right="b",
        because="view(-1) makes one row of everything: 19,200 numbers, and the layer wants 600. Flatten all but the first axis.",
        mistakes={
            "a": "d0 is 600 for each image, also in a batch. That line is right as long as it is asked of *one* image.",
            "c": "There the error is raised, that is true: m0 wants 600 numbers and gets 19,200. But another line has made them so many.",
            "d": "The scores: one row of 10 for each image. Nothing wrong with that.",
        },
        hints=(
            "Follow the shape (32, 3, 10, 20) line by line. Where do images get mixed up?",
            "600 numbers belong to one image. How many does m0 receive?",
            "One line makes one long row of everything that it gets.",
        ),
        solution="**b.** `x.view(-1)` makes $32\\cdot 600 = 19200$ numbers in a row, and `m0` takes 600. "
        "For a batch: `x.flatten(1)` in PyTorch, `x.reshape(len(x), -1)` or `nn.Flatten()` with us.",
    ),
    "12.choose": Exercise(
        right=("nearest", "network"),
        because="The desk has time and memory, and each mistake is dear: 95.6 against 91.7 %. The sensor has no room for 91,968 numbers.",
        mistakes={
            ("network", "network"): "For the sensor, yes. The desk has all the time and memory it wants, and there the nearest image makes about half as many mistakes on new writers.",
            ("nearest", "nearest"): "For the desk, yes. But the sensor has room for 10,000 numbers, and the nearest image must keep 91,968.",
            ("network", "nearest"): "The other way round: the one that is more accurate needs the room, and the other one fits into the sensor.",
        },
        hints=(
            "What is dear in (1): time, memory, or a mistake? And in (2)?",
            "Look at the accuracy on the *unshuffled* split for (1), and at the numbers to store for (2).",
            "91,968 numbers do not fit where there is room for 10,000.",
        ),
        solution="**(\"nearest\", \"network\")**. The simple reader is slower and larger, and better, on this small data set: 8×8 pixels leave little to learn. "
        "With a million images of a million pixels it would be the other way round. Always try the simple thing first.",
    ),
}
