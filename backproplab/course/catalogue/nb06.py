"""Exercises of 06-gradient-descent."""

from collections.abc import Callable, Sequence
from typing import Any

from ...value import Value
from ..exercises import Exercise

Point = Sequence[float]
Path = list[tuple[float, ...]]


def _step(w: float, g: float, eta: float) -> float:
    return w - eta * g


def _factor(eta: float, c: float) -> float:
    return 1 - eta * c


def _train(loss: Callable[..., Value], start: Point, eta: float, steps: int) -> Path:
    p = [Value(x) for x in start]
    path = [tuple(start)]
    for _ in range(steps):
        loss(*p).backward()
        for v in p:
            v.data = v.data - eta * v.grad
            v.zero_grad()
        path.append(tuple(v.data for v in p))
    return path


def _looped(move: Callable[[Value, float], None], reset: bool = True) -> Callable[..., Path]:
    """The loop with another way to move a parameter, or without the reset."""

    def train(loss: Callable[..., Value], start: Point, eta: float, steps: int) -> Path:
        p = [Value(x) for x in start]
        path = [tuple(start)]
        for _ in range(steps):
            loss(*p).backward()
            for v in p:
                move(v, eta)
                if reset:
                    v.zero_grad()
            path.append(tuple(v.data for v in p))
        return path

    return train


def _by(change: Callable[[float, float, float], float]) -> Callable[[Value, float], None]:
    def move(v: Value, eta: float) -> None:
        v.data = change(v.data, v.grad, eta)

    return move


def _only_the_first(loss: Callable[..., Value], start: Point, eta: float, steps: int) -> Path:
    return [(path[0], *start[1:]) for path in _train(loss, start, eta, steps)]


def _parabola(x: Value) -> Value:
    return (4 * x + 1) ** 2


def _ravine(w1: Value, w2: Value) -> Value:
    return 0.5 * (w1**2 + 25 * w2**2)


def _trained(train: Callable[..., Any], start: Point, eta: float, steps: int) -> Any:
    return train(_parabola if len(start) == 1 else _ravine, start, eta, steps)


EXERCISES = {
    "06.best-rate": Exercise(
        right=1 / 32,
        because="1/32 needs one single step, and stands at the lowest point.",
        mistakes={
            0.001: "The careful one. It gets there, but after 220 steps it is still 0.001 away.",
            0.01: "A good one: after 19 steps it is within 0.001. Another one is far quicker.",
            1 / 16: "That one never arrives: it jumps 1, −1.5, 1, −1.5, … for ever.",
            0.07: "That one flies away: after 20 steps it is at 92.",
        },
    ),
    "06.bounce": Exercise(
        right="for ever",
        because="It jumps from 1 to −1.5, and back to 1, and so on: each step overshoots by exactly as much as it came.",
        mistakes={
            "later": "The first step already goes twice as far as it should, to −1.5, which is as far from the bottom as 1 was.",
            "away": "Nearly: a hair more, and it does.",
        },
    ),
    "06.one-step": Exercise(
        right=0.6,
        because="1 − 0.01·40 = 0.6: the old place, minus η times the gradient.",
        mistakes={
            1.4: "1.4 went uphill: the gradient is +40, so L grows with x. Go against it.",
            0.9: "0.9 used the gradient 10, that of the square alone. The inner slope 4 is missing: 10·4 = 40.",
            -0.4: "−0.4 is the step. Add it to where you stand: the old x is 1.",
            0.4: "0.4 is η·g, the length of the step. Take it away from where you stand.",
            0.75: "0.75 used the value 25. The step is made of the gradient, 40.",
            -39: "−39 is 1 − 40: the whole gradient, without the learning rate.",
            0.99: "0.99 is 1 − 0.01: the learning rate alone. It has to be multiplied by the gradient, 40.",
            0.96: "0.96 used η = 0.001. Here η is 0.01.",
            0.92: "0.92 used the gradient 8, which is that at x = 0. You stand at x = 1, where it is 40.",
        },
        hints=(
            "Three numbers go into the formula: the old place, η, and the gradient. Which is which here?",
            "η·g = 0.01·40. Do you add that to the old place, or take it away?",
            "x ← 1 − 0.01·40",
        ),
        solution=r"The gradient at $x = 1$ is $8\,(4\cdot 1+1) = 40$, so $x \leftarrow 1 - 0.01\cdot 40 = 0.6$. It is nearer to $-\frac14$ than before, and on the same side of it.",
    ),
    "06.step": Exercise(
        right=_step,
        because="The old place, minus eta times the gradient: the minus stands in the step.",
        mistakes=[
            (lambda w, g, eta: w + eta * g, "That goes uphill: it adds what should be taken away."),
            (lambda w, g, eta: -eta * g, "That is the step without the place: add it to the old w."),
            (lambda w, g, eta: eta * g, "That is how long the step is. Where does it start, and which way does it go?"),
            (lambda w, g, eta: w - g, "The learning rate is missing: the gradient is taken as a whole."),
            (lambda w, g, eta: w - eta, "The gradient is missing: every step has the same length, uphill or down."),
            (lambda w, g, eta: eta * g - w, "The right two parts, taken away the wrong way round: start from w."),
            (lambda w, g, eta: w * (1 - eta), "That is w − eta·w: the step must be made of the gradient g, not of the place w."),
            (lambda w, g, eta: (w - g) * eta, "Only the gradient is multiplied by eta, not the old place."),
        ],
        hints=(
            "It is the formula of this section, with a return in front of it.",
            "One line: return, the old place, a minus, and the product of the learning rate and the gradient.",
            "return w - … * …",
        ),
        solution="```python\ndef step(w, g, eta):\n    return w - eta * g\n```",
        inputs=((1.0, 40.0, 0.01), (10.0, 25.0, 0.04), (-0.5, -3.0, 0.1)),
    ),
    "06.slip-sign": Exercise(
        right="c",
        because="Two minus signs cancel: c goes uphill.",
        mistakes={
            "a": "w − λ·grad is our own form of the rule. Look for one that adds in the end.",
            "b": "(−λ)·grad is the same as λ·(−grad): the minus may stand at either factor.",
            "d": "grad·λ and λ·grad are the same product.",
        },
        hints=(
            "Put numbers in: w = 1, λ = 0.01, grad = 40. Three of the four give the same.",
            "The right rule gives 0.6. Which line gives 1.4?",
            "Look for the line with two minus signs.",
        ),
        solution="With w = 1, λ = 0.01, grad = 40: a, b and d give 0.6; c gives 1 + 0.4 = 1.4. In c the minus was moved to the front and also left where it was. This is what happens to those who believe that `.grad` “already carries the minus”, and take it out again.",
    ),
    "06.largest": Exercise(
        right=1 / 16,
        because="2 ÷ 32 = 1/16: there the factor is −1, and it jumps for ever. Anything more flies away.",
        mistakes={
            1 / 32: "1/32 is the best one, which lands at once. The question is the largest: where is the factor −1?",
            1 / 8: "1/8 is 2 ÷ 16: the 2 of the square is missing in the curvature. The gradient is 32x + 8, so the curvature is 32.",
            1 / 20: "1/20 is 2 ÷ 40: that is the gradient at 1. What counts is the curvature, how fast the gradient grows: 32.",
            0.07: "0.07 is the one in the table that flies away: its factor is −1.24.",
            0.01: "0.01 is safe, but far from the limit: its factor is 0.68. Find the η with the factor −1.",
            1 / 4: "1/4 is 2 ÷ 8: the curvature is how fast 8(4x + 1) grows with x, which is 8·4.",
            0.063: "Rounded up, and so a little too long: 2 ÷ 32 may be typed as a fraction.",
            16: "Turned over: 2 ÷ 32, not 32 ÷ 2.",
        },
        hints=(
            "With which factor does the distance neither shrink nor grow?",
            "1 − 32·η = −1. Solve it for η.",
            "32·η = 2",
        ),
        solution=r"A step multiplies the distance by $1-32\,\eta$. It does not run away as long as this is at least $-1$, so $32\,\eta \le 2$ and $\eta \le \frac{2}{32} = \frac1{16}$. At $\frac1{16}$ itself the factor is $-1$.",
    ),
    "06.fog": Exercise(
        right="higher",
        because="It stops at p = −0.52, where L = 1.08. Beyond the next hill, at p = 2.32, L is 0.80.",
        mistakes={"lowest": "It is the lowest place of its neighbourhood, and nothing that can be felt through the fog says otherwise."},
    ),
    "06.angle": Exercise(
        right=60,
        because="To be exact, 62°. The ravine is 25 times as curved across as along, so most of the gradient points across.",
        mistakes={
            0: "That holds in a round bowl only. Here the ground falls much more steeply across than along.",
            20: "Too hopeful: compare the way to the minimum, (−10, −1), with −g = (−10, −25).",
            30: "Half of it. Draw the two directions (−10, −1) and (−10, −25).",
            45: "Half a right angle is what many say. To the nearest ten, please; it is more.",
            90: "Then the step would not bring you nearer at all. It does a little.",
            10: "Too hopeful: g = (10, 25) points mostly across, the minimum lies mostly along.",
            40: "Still too hopeful: (−10, −25) falls far more steeply than it goes along.",
            50: "Close. −g points 68° below the axis, the way to the minimum 6°.",
            62: "That is the exact angle; the question was to the nearest ten.",
            68: "68 is how far −g points below the axis. The way to the minimum points 6° below it, too.",
            70: "Close: −g points 68° below the axis; but the way to the minimum also points 6° below it.",
            80: "Not quite so bad: −g still goes along the ravine a little.",
        },
    ),
    "06.null": Exercise(
        right=(0, 0),
        because="1·2.5 − 1·2.5 = 0, twice. g is not 0, and nothing moves: g lies in the null space of M.",
        mistakes={
            "downhill": "That is what positive definite would promise. This M is only positive semi-definite: compute Mg.",
            (-2.5, -2.5): "That is −g, the step with no matrix at all. Multiply: each row of M with g.",
            (2.5, 2.5): "That is g itself. Multiply: each row of M with g.",
            (-5, -5): "The minus signs in M are missing: the first row gives 1·2.5 − 1·2.5.",
            (-5, 5): "The second number of each row has its own sign: −1·2.5 + 1·2.5 in the second row.",
            (5, 5): "The minus signs in M are missing, and so is the one in front of Mg: the first row gives 1·2.5 − 1·2.5.",
            0: "Yes, nothing moves. A step of two parameters has two numbers: (0, 0).",
        },
        hints=(
            "Each row of M, times g: two products, added.",
            "First row: 1·2.5 + (−1)·2.5. Second row: −1·2.5 + 1·2.5.",
            "What is 2.5 − 2.5?",
        ),
        solution=r"$Mg = (1\cdot 2.5 - 1\cdot 2.5,\; -1\cdot 2.5 + 1\cdot 2.5) = (0, 0)$. So $-Mg = (0,0)$, too: the gradient is far from 0, and still nothing moves. Vectors that a matrix sends to 0 form its *null space*; here these are all $(a, a)$.",
    ),
    "06.compute-or-use": Exercise(
        right="be",
        because="The lines b and e move parameters. The others, a, c and d find out how the loss would move: the backward pass, the rule inside it, and nudging.",
        mistakes={
            "eb": "These two it is. Now in the order of the alphabet.",
            "b, e": "These two it is. Write them with nothing in between.",
            "b and e": "These two it is. Write the two letters only.",
            "b": "b is one. There is a second line in which parameters move.",
            "e": "e is one. There is a second line in which parameters move.",
            "abe": "b and e, yes. After a, L.backward(), the gradients are there, and no parameter has moved.",
            "bde": "b and e, yes. d nudges w only to find out how the loss answers: that is a gradient computed, without any backpropagation.",
            "bce": "b and e, yes. c is the rule of the backward pass: it computes.",
            "acd": "Those are the ones that compute. The question is the others.",
            "ae": "e, yes. a only fills in the gradients; nothing has moved after it.",
            "ab": "b, yes. a only fills in the gradients; nothing has moved after it.",
        },
        hints=(
            "Ask of each line: has a parameter moved for good after it?",
            "a, and everything that happens inside of it, moves nothing.",
            "Two letters. One of the lines is this notebook's formula; the other is the same thing in the library.",
        ),
        solution="**Compute:** a (the backward pass), c (the rule it applies), d (the central difference, which needs no backpropagation at all). **Use:** b (a step written out) and e (a step of the library). So the answer is be. One can exchange one trade without touching the other: another optimiser with the same backpropagation, or gradient descent with nudged gradients.",
    ),
    "06.ravine-limit": Exercise(
        right=0.08,
        because="2 ÷ 25: the largest curvature is the first to run away.",
        mistakes={
            2: "2 is 2 ÷ 1, the limit of the gentle direction. The steep one has run away long before.",
            0.04: "0.04 is 1 ÷ 25, which lands at once in the steep direction. The limit is twice that.",
            2 / 26: "2/26 is the best compromise for both directions. The limit lies a little higher.",
            1 / 16: "1/16 was the limit on the parabola, with its curvature 32. Here the largest is 25.",
            12.5: "Turned over: 2 ÷ 25, not 25 ÷ 2.",
            1: "1 lands at once in the gentle direction. In the steep one its factor is 1 − 25 = −24.",
        },
        hints=(
            "Each direction has its own limit, 2 ÷ curvature. Both have to be kept.",
            "2 ÷ 1 and 2 ÷ 25: which is the stricter one?",
            "2 ÷ 25",
        ),
        solution=r"$w_2$ is multiplied by $1-25\,\eta$, which is at least $-1$ as long as $\eta \le \frac{2}{25} = 0.08$. $w_1$ would allow $\eta \le 2$. The largest curvature decides.",
    ),
    "06.factor": Exercise(
        right=_factor,
        because="The old distance, minus eta·c of it.",
        mistakes=[
            (lambda eta, c: eta * c, "eta·c is the part of the distance that a step goes. What is left of it?"),
            (lambda eta, c: 1 + eta * c, "With a plus every step would lead away: it goes against the gradient."),
            (lambda eta, c: abs(1 - eta * c), "That is its size. Keep the sign: it tells whether the step jumps across."),
            (lambda eta, c: 1 - eta, "The curvature is missing: at curvature 32 it was 1 − 32·eta."),
            (lambda eta, c: 1 - 32 * eta, "That is right at curvature 32 only: c takes the place of 32."),
            (lambda eta, c: eta * c - 1, "The size is right, the sign is not: what is left is 1 minus what the step goes."),
            (lambda eta, c: 2 / c, "That is the limit for eta. The question is the factor that one step makes."),
        ],
        hints=(
            "At curvature 32 it was 1 − 32·η.",
            "Put c in the place of the 32.",
            "return 1 - … * …",
        ),
        solution="```python\ndef factor(eta, c):\n    return 1 - eta * c\n```",
        inputs=((1 / 32, 22.4), (1 / 20, 41.6), (0.1, 5.0)),
    ),
    "06.choose": Exercise(
        right=1 / 32,
        because="Its factors are 0.3 and −0.3: whatever the curvature is, 70 % of the distance is gone after a step. 1/20 has −1.08 at the steep end: it flies away.",
        mistakes={
            1 / 20: "At curvature 22.4 its factor is −0.12, which is fine; at 41.6 it is −1.08, and it flies away. Nobody told you which of them you have.",
            1 / 16: "1/16 is already the limit for 32; if the curvature is larger, it flies away.",
        },
        hints=(
            "Compute the factor 1 − η·c for both rates, at 22.4 and at 41.6.",
            "1/20 at 41.6: 1 − 41.6/20 = 1 − 2.08. What happens to the distance?",
            "A choice has to be good in the worst case: ±0.3 for one, up to −1.08 for the other.",
        ),
        solution="| η | factor at 22.4 | factor at 41.6 |\n|---|---|---|\n| 1/32 | 1 − 0.7 = 0.3 | 1 − 1.3 = −0.3 |\n| 1/20 | 1 − 1.12 = −0.12 | 1 − 2.08 = −1.08 |\n\nTake **1/32**: in the worst case it is still fast. 1/20 may be faster, or lost. Too short a step costs time, too long a step costs everything.",
    ),
    "06.slip-psd": Exercise(
        right="c",
        because="Positive definite, and small enough: both words are needed.",
        mistakes={
            "a": "Two things are too strong: the matrix above is PSD and does not move at all; and every long step can overshoot.",
            "b": "Small enough, yes. But a PSD matrix may have Mg = 0 though g is not 0, as above: then nothing falls.",
            "d": "Positive definite, yes. But diag(0.1, 0.1) is positive definite, and took L from 13.0 to 28.5: the step was too long.",
        },
        hints=(
            "Two examples above contradict three of the four sentences.",
            "One example is a PSD matrix that stands still. The other is diag(0.1, 0.1), which is positive definite, with too long a step.",
            "The true sentence needs the stronger kind of matrix and the shorter kind of step.",
        ),
        solution=r"To first order a step changes the loss by $-g\cdot Mg$. PSD makes this $\le 0$, and $0$ is possible with $g\ne0$, so a and b are false. Positive definite makes it $<0$; what the first order leaves out shrinks faster than the step does, so a small enough step falls: **c**. Without “small enough” even $M = 0.1\cdot I$ went from 13.0 to 28.5, so d is false.",
    ),
    "06.train": Exercise(
        right=_train,
        because="Forward, backward, step, reset: this loop trains everything in this course.",
        mistakes=[
            (_looped(_by(_step), reset=False), "The first step is right; the later ones use the sum of all gradients so far, since backward() adds to what is still in v.grad. Reset it after the step: v.zero_grad(), with its brackets."),
            (_looped(_by(lambda w, g, eta: eta * g)), "That is how far it goes, not where it arrives: step(…) already answers with the new place, so v.data = step(…), with nothing taken away."),
            (_looped(_by(lambda w, g, eta: w)), "Nothing moves. Either the gradient was reset before the step had used it, or the line makes a new number (v = …) and leaves the parameter as it was: write v.data = …."),
            (_looped(_by(lambda w, g, eta: w + eta * g)), "It goes uphill: the minus is missing in the step."),
            (_looped(_by(lambda w, g, eta: w + eta * g), reset=False), "It goes uphill, because the minus is missing; and nobody resets the gradients."),
            (_looped(_by(lambda w, g, eta: g - eta * w)), "Place and gradient have changed seats: step(w, g, eta) takes the place first."),
            (_looped(_by(lambda w, g, eta: w - g)), "The learning rate eta is missing in the step."),
            (_looped(_by(lambda w, g, eta: w - g), reset=False), "The learning rate eta is missing in the step, and nobody resets the gradients."),
            (_looped(_by(lambda w, g, eta: -eta * g)), "That is the step without the place: v.data = v.data − eta·v.grad."),
            (_looped(_by(lambda w, g, eta: -eta * g), reset=False), "That is the step without the place: v.data = v.data − eta·v.grad. And nobody resets the gradients."),
            (lambda loss, start, eta, steps: _train(loss, start, eta, steps)[-1], "That is where it ends. Return the whole path, the start first."),
            (lambda loss, start, eta, steps: _train(loss, start, eta, steps)[1:], "The start is missing: the path begins with it."),
            (lambda loss, start, eta, steps: _train(loss, start, eta, 1), "It makes one step only. Is your return inside the loop?"),
            (_only_the_first, "Only the first parameter moves: the step belongs into the loop over all of p."),
        ],
        hints=(
            "You have written the step before. Here w is v.data, and g is v.grad.",
            "The first line is v.data = step(v.data, v.grad, eta). And what does backward() do with a gradient that is still there from the last pass?",
            "After the step, v.zero_grad() sets v.grad to 0, so that the next pass starts afresh.",
        ),
        solution="Two lines in the inner loop:\n\n```python\ndef train(loss, start, eta, steps):\n    p = [Value(x) for x in start]\n    path = [tuple(start)]\n    for k in range(steps):\n        loss(*p).backward()\n        for v in p:\n            v.data = v.data - eta * v.grad     # or: step(v.data, v.grad, eta)\n            v.zero_grad()\n        path.append(tuple(v.data for v in p))\n    return path\n```\n\nThe reset comes *after* the step has used the gradient. It is needed because `backward()` adds to `.grad`.",
        inputs=(((1.0,), 0.01, 3), ((10.0, 1.0), 0.07, 4)),
        use=_trained,
    ),
    "06.forgotten": Exercise(
        right="faster",
        because="From this start the wrong program is quicker than the right one. Each step is the sum of all past arrows, and here they happen to agree.",
        mistakes={
            "slower": "One would think so. But the steps get longer and longer, and here they point a good way.",
            "stuck": "That does happen, only not from this start: look at the other one.",
        },
    ),
}
