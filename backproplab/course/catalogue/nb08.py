"""Exercises of 08-sgd-noise."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...data import thirty_two
from ..exercises import Exercise

Batches = Sequence[Sequence[int]]
Path = list[tuple[float, float]]

x, y = thirty_two()


def gradient(xs: np.ndarray, ys: np.ndarray, w: float, b: float) -> tuple[float, float]:
    r = w * xs + b - ys
    return np.mean(r * xs), np.mean(r)


def _instead(found: Callable[[np.ndarray, np.ndarray], tuple]) -> Callable[..., tuple]:
    """The same function with something else made of the inputs and the errors."""
    return lambda xs, ys, w, b: found(xs, w * xs + b - ys)


def _sgd(batches: Batches, eta: float, w: float, b: float) -> Path:
    return _walk(lambda w, b, g_w, g_b, eta: (w - eta * g_w, b - eta * g_b))(batches, eta, w, b)


def _walk(step: Callable[..., tuple[float, float]]) -> Callable[..., Path]:
    """The loop over the thirty-two points with a step of any kind."""

    def sgd(batches: Batches, eta: float, w: float, b: float) -> Path:
        path = [(w, b)]
        for rows in batches:
            w, b = step(w, b, *gradient(x[rows], y[rows], w, b), eta)
            path.append((w, b))
        return path

    return sgd


def _one_after_the_other(batches: Batches, eta: float, w: float, b: float) -> Path:
    """Moves b by a gradient taken where w has already been moved."""
    path = [(w, b)]
    for rows in batches:
        w = w - eta * gradient(x[rows], y[rows], w, b)[0]
        b = b - eta * gradient(x[rows], y[rows], w, b)[1]
        path.append((w, b))
    return path


def _averaged_twice(batches: Batches, eta: float, w: float, b: float) -> Path:
    path = [(w, b)]
    for rows in batches:
        path.append(_sgd([rows], eta / len(rows), *path[-1])[-1])
    return path


def _left_early(batches: Batches, eta: float, w: float, b: float) -> Path:
    return _sgd(batches[:1], eta, w, b)


def _combine(gradients: Sequence[Any], sizes: Sequence[int]) -> Any:
    return sum(size * np.asarray(g) for size, g in zip(sizes, gradients)) / sum(sizes)


def _pieces(combine: Callable[..., Any], gradients: Sequence[Any], sizes: Sequence[int]) -> Any:
    return combine(gradients, sizes)


EXERCISES = {
    "08.pieces": Exercise(
        right=2,
        because="(4·0 + 4·0 + 2·10) / 10 = 2: each piece counts as much as it has samples.",
        mistakes={
            10 / 3: "3.33 is the mean of the three means. The last piece has only two samples, and must not count as much as the others.",
            20: "20 is the sum of the ten gradients. The average of ten is a tenth of that.",
            10: "10 is the average of the last piece alone.",
            5: "5 leaves a piece out. All ten samples count, also those whose gradient is 0.",
            0: "Eight of ten say 0, but an average is no vote: the two others count as well.",
        },
    ),
    "08.thirty-two": Exercise(
        right=0,
        because="All 32 raise it, and each lowers its own.",
        mistakes={
            32: "A gradient step does lower a loss, but the loss whose gradient it is: that of the one sample.",
            16: "One would think so: noise is fair. But this is no noise around a slope. We stand at the lowest point.",
            31: "So many? Each of these steps was made for one sample, not for the average.",
            1: "Not even one. What do we know of the point where we stand?",
        },
    ),
    "08.gradient": Exercise(
        right=gradient,
        because="The average of r·x and the average of r, over the samples that were asked, however many they are.",
        mistakes=[
            (_instead(lambda xs, r: (np.sum(r * xs), np.sum(r))), "Those are sums. The average of the samples asked is wanted: with sums, a batch of 16 makes a step 16 times as long."),
            (_instead(lambda xs, r: (np.sum(r * xs) / 32, np.sum(r) / 32)), "That divides by 32 even if fewer were asked. Divide by how many there are in this batch."),
            (_instead(lambda xs, r: (np.mean(r), np.mean(r * xs))), "The right two numbers in the wrong order: first the one in w, which is made with x, then the one in b."),
            (_instead(lambda xs, r: (np.mean(r), np.mean(r))), "The x is missing in the first one: w is multiplied by x on the way to the error."),
            (_instead(lambda xs, r: (np.mean(r) * np.mean(xs), np.mean(r))), "The average of the products r·x is not the product of the averages: multiply first, then take the mean."),
            (_instead(lambda xs, r: (-np.mean(r * xs), -np.mean(r))), "The size is right, the sign is not. The gradient is how the loss grows; the minus belongs to the step."),
            (_instead(lambda xs, r: (2 * np.mean(r * xs), 2 * np.mean(r))), "Twice too much: the ½ in front of the square takes the 2 away."),
            (_instead(lambda xs, r: (r * xs, r)), "Those are the gradients of the single samples. What is wanted is their average."),
            (_instead(lambda xs, r: (r * xs / len(xs), r / len(xs))), "Each sample's share of the average is there. Add them up: np.sum, or np.mean of r·x without the division."),
            (_instead(lambda xs, r: np.mean(r * xs)), "That is the one in w. Return two numbers: the one in b comes after it."),
            (_instead(lambda xs, r: (r[0] * xs[0], r[0])), "That is the gradient of the first sample alone. All that are in xs were asked."),
            (_instead(lambda xs, r: (r[-1] * xs[-1], r[-1])), "That is the gradient of the last sample alone. All that are in xs were asked."),
            (_instead(lambda xs, r: (np.mean(xs), np.mean(r))), "The error is missing in the first one: the slope towards w is r·x."),
            (_instead(lambda xs, r: (np.mean(r**2) / 2, np.mean(r))), "The first one is the loss itself. Its slope towards w is the average of r·x."),
        ],
        hints=(
            "An average of arrays: NumPy has a function for it.",
            "np.mean(…) of what? For w it is each error times its x, for b each error.",
            "return np.mean(r * …), np.mean(…)",
        ),
        solution="```python\ndef gradient(xs, ys, w, b):\n    r = w * xs + b - ys\n    return np.mean(r * xs), np.mean(r)\n```\n\nFor all samples it is the gradient of the full batch, for one that of SGD, for a few that of a mini-batch.",
        inputs=(
            (np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.0, -1.0]), 1.5, 0.25),
            (np.array([-0.75]), np.array([2.0]), -0.5, 3.0),
        ),
    ),
    "08.sgd": Exercise(
        right=_sgd,
        because="Both parameters move against their own gradient, which was computed at the old place.",
        mistakes=[
            (_walk(lambda w, b, g_w, g_b, eta: (w + eta * g_w, b + eta * g_b)), "That goes uphill: take the gradient away."),
            (_walk(lambda w, b, g_w, g_b, eta: (w - g_w, b - g_b)), "The learning rate is missing: the whole gradient is taken."),
            (_walk(lambda w, b, g_w, g_b, eta: (-eta * g_w, -eta * g_b)), "That forgets the old place: a step starts from where we are."),
            (_walk(lambda w, b, g_w, g_b, eta: (w - eta * g_b, b - eta * g_w)), "The two gradients have changed places: w moves by g_w, b by g_b."),
            (_walk(lambda w, b, g_w, g_b, eta: (w - eta * g_w, b)), "b stays where it is. Both parameters move in every step."),
            (_walk(lambda w, b, g_w, g_b, eta: (w, b - eta * g_b)), "w stays where it is. Both parameters move in every step."),
            (_walk(lambda w, b, g_w, g_b, eta: (w - eta * g_w, b - g_b)), "The learning rate is missing in the step of b."),
            (_walk(lambda w, b, g_w, g_b, eta: (g_w, g_b)), "Those are the gradients. Where do we stand after the step?"),
            (_walk(lambda w, b, g_w, g_b, eta: (w - eta * g_w, b - eta * g_w)), "b has moved by the gradient in w. Its own is g_b."),
            (_walk(lambda w, b, g_w, g_b, eta: (w - eta * g_w, b + eta * g_b)), "b goes uphill: take its gradient away, too."),
            (_averaged_twice, "The gradient is an average already. Divided by the size of the batch once more, it makes the steps of large batches too short."),
            (_left_early, "return stands inside the loop, so only the first step was made. Move it to the left, under for."),
            (_one_after_the_other, "b was moved by a gradient taken at the new w. Take both gradients at the old place, then move both."),
        ],
        hints=(
            "It is w ← w − η·g, written twice: once for w and once for b.",
            "The new w is the old w minus eta times g_w. And b?",
            "w, b = w - eta * …, b - …",
        ),
        solution="```python\ndef sgd(batches, eta, w, b):\n    path = [(w, b)]\n    for rows in batches:\n        g_w, g_b = gradient(x[rows], y[rows], w, b)\n        w, b = w - eta * g_w, b - eta * g_b\n        path.append((w, b))\n    return path\n```\n\nWho is asked stands in `batches`, and nowhere else: `[[p], [q], …]` is SGD, `[all, all, …]` the full batch.",
        inputs=(([[8], [3], [21]], 0.2, -0.5, 3.0), ([[0, 1, 2, 3], [4, 5, 6, 7], [30, 31]], 0.1, 1.0, 0.5)),
    ),
    "08.whole-batch": Exercise(
        right=0,
        because="The whole pack of cards has only one average, and that is the gradient of the full batch.",
        mistakes={
            2.65 / 32**0.5: "σ/√32 is the noise of 32 independent draws. But cards are not independent: each card that has been dealt changes what can still come.",
            0.47: "0.47 is σ/√32, the noise of 32 independent draws. But cards are not independent: who has been dealt cannot come again.",
            2.65 / 32: "That is σ/32. With dice it would be σ/√32; but these are cards.",
            0.083: "0.083 is σ/32. With dice it would be σ/√32; but these are cards.",
            2.65: "As noisy as one alone? The errors of 32 samples partly cancel. How much is left if each of them is in the batch once?",
        },
    ),
    "08.copies": Exercise(
        right="the same",
        because="It draws one sample after the other, and from 64 copies it draws just what it would draw from one.",
        mistakes={
            "64 times as many": "That is what the full batch needs: it reads every copy. SGD does not even know how many there are.",
            "8 times as many": "8 is the root of 64, but nothing is averaged here. SGD draws one sample at a time, from a larger pack of the same cards.",
        },
    ),
    "08.overtakes": Exercise(
        right=128,
        because="That is its fourth step. After three, at 96 samples, SGD is still ahead.",
        mistakes={
            32: "After its first step the full batch is still far off, and SGD is nearly as near as it gets.",
            64: "After two steps the excess of the full batch is still more than ten times that of SGD.",
            96: "Close: at 96 samples SGD is still ahead, but for the last time.",
            256: "Earlier. By then the excess of the full batch is a thousand times smaller.",
            "never": "SGD stalls: at constant η it does not get nearer. The full batch has time.",
        },
    ),
    "08.digits": Exercise(
        right=0,
        because="One step of the full batch costs 1,437 images, and SGD is there with fewer.",
        mistakes={
            1: "One step costs 1,437 images. SGD is there earlier.",
            10: "Ten steps of the full batch would be 14,370 images. SGD is there much earlier.",
            3: "Three steps would be 4,311 images. SGD is there much earlier.",
            25: "25 steps is what the full batch needs to get there itself, with its best learning rate.",
        },
    ),
    "08.spread-16": Exercise(
        right=0.75,
        because="3/√16 = 3/4: sixteen samples, a quarter of the noise.",
        mistakes={
            3 / 16: "0.1875 is σ/B. It is the squares that are divided by B; the noise itself is divided by √B.",
            3 / 4 * (16 / 31) ** 0.5: "That is the formula without replacement, for 32 samples. Here the batch is drawn with replacement.",
            0.54: "0.54 is the formula without replacement, with P = 32. The batch is drawn with replacement.",
            9 / 16: "0.5625 is σ²/B, the square of the noise. Take the root.",
            12: "12 is 3·√16. A batch is calmer than one sample, not wilder.",
            3: "3 is the noise of one sample. The errors of sixteen partly cancel.",
            48: "48 is the sum, 3·16. A batch averages.",
        },
        hints=(
            "The formula of “Ask more than one”: what stands below the line?",
            "√16 is 4.",
            "3 divided by 4.",
        ),
        solution=r"$\sigma/\sqrt B = 3/\sqrt{16} = 3/4 = 0.75$. In squares: $\sigma^2/B = 9/16$, and the root of that is $3/4$.",
    ),
    "08.true-one": Exercise(
        right="b",
        because="That is what unbiased means: right on average over the samples, at a fixed point. It promises nothing else.",
        mistakes={
            "a": "At the best line all 32 raise the average, and a smaller η does not change that: from the lowest point every move goes up.",
            "c": "It held for our line, whose gradient is linear in w and b. For other losses the average of the paths goes its own way.",
            "d": "At the start we measured more than 2 along w and little more than 1 along b; at the best line it was the other way round.",
        },
        hints=(
            "Three of the four say more than was measured, or the contrary of it.",
            "Which one is the formula under “Right on average, noisy in each”?",
            "Look for the words “at a fixed point”.",
        ),
        solution=r"**b**: $\frac1P\sum_p \nabla L_p = \nabla L$, at every fixed point. **a** is wrong at the best line, for every η. **c** holds if the gradient is linear in the parameters, and not in general. **d** is wrong even for our line: see the two lines printed at the end of “Ask more than one”.",
    ),
    "08.sum-loss": Exercise(
        right=1 / 32,
        because="The sum is 32 times the mean, and so is its gradient: a 32nd of η makes the same step.",
        mistakes={
            32: "The wrong way round: the gradient of the sum is already 32 times as large.",
            1: "“Only a constant”, and yet each step would be 32 times as long. The lowest point is the same, the step is not.",
            1 / 32**0.5: "The root belongs to the noise. Here nothing is drawn: the gradient is 32 times as large.",
        },
        hints=(
            "How many times as large as the mean is the sum? And its gradient?",
            "η·g must stay what it was, and g has become 32 times as large.",
            "32 · factor = 1",
        ),
        solution=r"$\sum_p L_p = 32\,L$, so its gradient is $32\,g$. The step $\eta' \cdot 32\,g$ is the old $\eta\,g$ if $\eta' = \eta/32$. The factor is $1/32$.",
    ),
    "08.rests": Exercise(
        right="b",
        because="Exactly on a line, all samples agree at the lowest point: no gradient is left there, not even a single one. So nothing shakes it.",
        mistakes={
            "a": "They disagree, if only a little: the excess stays at about 0.0045, for ever.",
            "c": "More points that disagree are still points that disagree: the ball does not depend on how many there are.",
            "d": "So one often reads. But look at the picture of the label noises: with 0, the excess falls without end.",
        },
        hints=(
            "What keeps the ball alive, chance or disagreement?",
            "In which run are all the gradients 0 at the lowest point?",
            "If one line suits every sample, nobody pulls there.",
        ),
        solution="**b**. At the lowest point of a and c the single gradients are not 0, they only add up to 0: so the next sample pulls away, at constant η for ever. If all points lie on one line, every single gradient is 0 there.",
    ),
    "08.slip": Exercise(
        right="b",
        because="A batch of B has 1/B of the squared noise, so at the same η its ball is smaller. For the rest the source is right: in samples, a batch gains next to nothing.",
        mistakes={
            "a": "With B times the rate the curves lay nearly on one another: counted in samples, the batch was as good, not better.",
            "c": "Both are unbiased: one sample is right on average, too. What differs is how far it is off.",
            "d": "Nearly, if η grows with B. But keep η as it is, and look at the excess in the ball for B = 1, 4 and 16.",
        },
        hints=(
            "Under “Why batches?” two things were measured: batches with as many times the rate, and batches at the same rate.",
            "In which of the two did the size of the batch make a difference?",
            "B = 1, 4, 16 at η = 0.2: what happened to the excess?",
        ),
        solution="**b**: at η = 0.2 the excess in the ball fell in proportion to 1/B. The source is *nearly* right all the same: with B times the rate, the curves for B = 1, 8 and 32 meet, so the batch is paid for with as many samples as it saves. What is won is time on hardware that works in parallel.",
    ),
    "08.choose": Exercise(
        right=16,
        because="Like 1, it makes use of samples that are alike; and it pays the bookkeeping of a step, in time, only for every sixteenth sample.",
        mistakes={
            1: "As good per sample, and if only arithmetic took time, as good as 16. But each step has its bookkeeping, even on one core, and you pay it for every sample.",
            "all": "All, before the first step? They are much alike: most of those 60,000 would be waste.",
            60000: "60,000 is all: the first step would come after so many samples, and they are much alike. Most of that is waste.",
        },
        hints=(
            "Samples that are much alike: what did that mean for the full batch?",
            "1 and 16 need about as many samples, if the rates fit. So which takes less time per sample?",
            "How long did a step with 16 samples take, compared with a step with one?",
        ),
        solution="Not **60000**: on data that are alike it reads far too much before each step. **1** and **16**, each with a rate that fits, need about as many samples. But a step has bookkeeping around its arithmetic, which takes time on every machine; with 16 it is paid a sixteenth as often. So **16**; 32 or 64 would be as good an answer.",
    ),
    "08.combine": Exercise(
        right=_combine,
        because="Each piece counts as much as it has samples.",
        mistakes=[
            (lambda gradients, sizes: sum(np.asarray(g) for g in gradients) / len(gradients), "That is the mean of the means. A short piece must not count as much as a long one: 3.33 in place of 2, in the warm-up."),
            (lambda gradients, sizes: sum(np.asarray(g) for g in gradients), "That is the sum of the pieces' averages. What is wanted is the average over all samples."),
            (lambda gradients, sizes: sum(n * np.asarray(g) for n, g in zip(sizes, gradients)), "That is the sum over all samples. Divide it by how many they are."),
            (lambda gradients, sizes: sum(n * np.asarray(g) for n, g in zip(sizes, gradients)) / len(sizes), "The sum over all samples is right, but it is divided by the number of pieces. Divide by the number of samples."),
            (lambda gradients, sizes: sum(np.asarray(g) for g in gradients) / sum(sizes), "Each piece's average stands for all its samples: multiply it by their number before you add."),
            (lambda gradients, sizes: np.average([np.mean(g) for g in gradients], weights=sizes), "The weights are right, but each gradient has become one number. Every parameter keeps its own."),
        ],
        hints=(
            "The warm-up: pieces of 4, 4 and 2, with the averages 0, 0 and 10, make 2.",
            "Multiply each gradient by the size of its piece, add, and divide by the number of all samples. Or look up the weights of np.average.",
            "return np.average(gradients, axis=0, weights=…)",
        ),
        solution="```python\ndef combine(gradients, sizes):\n    return np.average(gradients, axis=0, weights=sizes)\n```\n\nor, written out, `sum(n * g for n, g in zip(sizes, gradients)) / sum(sizes)` for arrays g.",
        inputs=(
            ([0.0, 0.0, 10.0], [4, 4, 2]),
            ([np.array([1.0, -2.0]), np.array([4.0, 0.5])], [3, 1]),
            ([np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[0.0, -2.0], [8.0, 1.0]])], [334, 333]),
        ),
        use=_pieces,
    ),
}
