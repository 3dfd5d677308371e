"""Exercises of 07-models-layers-and-losses."""

from __future__ import annotations

from typing import Any

from ...ops import RELU
from ...value import dot
from ..exercises import Exercise
from .functions import Function

relu, straight = Function("relu", RELU), Function("straight", lambda s: s)

# ---- layers and networks. (References are shown to learners, so they are written as theirs.)


def neuron(x, w, b, bend=relu):
    return bend(dot(w, x, b))


def layer(x, W, b, bend=relu):
    return [neuron(x, w_k, b_k, bend) for w_k, b_k in zip(W, b)]


def _without_bend(x: Any, W: Any, b: Any, bend: Any = relu) -> list:
    return [dot(w_k, x, b_k) for w_k, b_k in zip(W, b)]


def _always_relu(x: Any, W: Any, b: Any, bend: Any = relu) -> list:
    return [neuron(x, w_k, b_k) for w_k, b_k in zip(W, b)]


def run(x, layers):
    for W, b, bend in layers:
        x = layer(x, W, b, bend)
    return x


def _relu_everywhere(x: Any, layers: Any) -> Any:
    for W, b, _ in layers:
        x = layer(x, W, b)
    return x


def _from_the_last(x: Any, layers: Any) -> Any:
    return run(x, layers[::-1])


def _only_the_last(x: Any, layers: Any) -> Any:
    return run(x, layers[-1:])


WEIGHTS, BIASES = [[1.0, -1.0], [2.0, 0.5], [-1.0, 1.5]], [0.0, -1.0, 0.5]
SQUARE = ([[1.0, 2.0], [-1.0, 1.0]], [0.5, -0.5], straight)
TURNED = ([[2.0, -1.0], [0.5, 1.0]], [-1.0, 0.25], relu)

# ---- models and losses ----------------------------------------------------------------------

MODELS = Function("2x − 1", lambda x: 2 * x - 1), Function("2, whatever x is", lambda x: 2.0)
THREE, FIVE = [(1, 1), (2, 2), (3, 4)], [(0, 1), (1, -1), (2, 2), (3, 3), (4, 9)]


def average_loss(model, S):
    return sum((model(x) - y) ** 2 for x, y in S) / len(S)


def _errors(model: Any, S: Any) -> list:
    return [model(x) - y for x, y in S]


def nearest(x, W):
    squared = [sum((a - b) ** 2 for a, b in zip(x, w)) for w in W]
    return squared.index(min(squared))


def _squared(x: Any, W: Any) -> list:
    return [sum((a - b) ** 2 for a, b in zip(x, w)) for w in W]


PROTOTYPES = [[-2.0, 1.0], [2.0, 1.5], [0.0, -1.5]]

EXERCISES = {
    "07.drag": Exercise(
        right=1,
        because="Only the first term of J contains ŷ₁, so only its own entry, (ŷ₁ − y₁)/3, moves.",
        mistakes={
            3: "That would be so if each entry were the whole sum. But in the derivative with respect to ŷ₂ the term with ŷ₁ stands still.",
            2: "Two of them do not contain ŷ₁ at all.",
            0: "The slope of a square depends on where you are: at a larger error it is steeper.",
        },
    ),
    "07.zero": Exercise(
        right=0,
        because="1 − 1 + 0 = 0, divided by 3. And J is a third all the same.",
        mistakes={
            1 / 3: "A third is J itself, and the sum of squares by 6: here 2/6. The published formula adds the errors without squaring.",
            2 / 3: "That adds the sizes of the errors. In the published sum their signs count: 1 and −1.",
            2: "That is the sum of the squares. The published formula adds the errors, and divides by 3.",
        },
    ),
    "07.with-respect-to": Exercise(
        right="b",
        because="b is in all three predictions. Its contributions are the three entries, and a fork adds them.",
        mistakes={
            "one prediction": "With respect to one ŷ it is that one's entry, (ŷ_i − y_i)/N, without a sum.",
            "all predictions": "With respect to all ŷ it is three numbers. The sum is one.",
        },
        hints=(
            "The sum is one number. How many numbers does each of the three have as its gradient?",
            "Look at the last line that was printed.",
            "Which of them is used by all three predictions, so that contributions are added at it?",
        ),
        solution='**"b"**. With $\\hat y_i = 4 + b$ the slope from each $\\hat y_i$ to b is 1, so '
        "$\\frac{dJ}{db} = \\sum_i 1\\cdot\\frac{\\hat y_i-y_i}{N}$.",
    ),
    "07.layer": Exercise(
        right=layer,
        because="All neurons get the same x; each has its own row of W and its own bias.",
        mistakes=[
            (_without_bend, "The weighted sums are right. The bend is missing: let neuron do the whole work."),
            (lambda x, W, b, bend=relu: [bend(dot(w, x)) for w in W], "The bias is missing: let neuron do the whole work."),
            (_always_relu, "Hand bend on to neuron, or it takes ReLU always."),
            (lambda x, W, b, bend=relu: [neuron(x, W[0], b[0], bend) for w in W], "That is neuron 0 over and over. Each has its own row of W and its own b."),
            (lambda x, W, b, bend=relu: [neuron(x, w, b[0], bend) for w in W], "All of them have the bias b[0]. Neuron k has b[k]."),
            (lambda x, W, b, bend=relu: neuron(x, W[0], b[0], bend), "That is one neuron. A layer is a list of them."),
            (lambda x, W, b, bend=relu: sum(n.data for n in layer(x, W, b, bend)), "You added them up. The neurons of a layer stand side by side: a list."),
        ],
        hints=(
            "A layer is a list, with one call of neuron for each row of W.",
            "All of them get the same x. What differs is the row of W and the entry of b: zip(W, b) brings them together.",
            "Inside the list: neuron(x, w_k, b_k, bend) for each pair w_k, b_k from zip(W, b).",
        ),
        inputs=(([1.0, 2.0], WEIGHTS, BIASES), ([-1.0, 0.5], WEIGHTS, BIASES), ([-1.0, 0.5], WEIGHTS, BIASES, straight), ([0.5], [[1.0]], [2.0])),
    ),
    "07.layer-parameters": Exercise(
        right=96,
        because="Each neuron has two weights and a bias: 32 · 3.",
        mistakes={
            64: "64 are the weights. Each neuron has a bias as well.",
            65: "Each neuron has a bias of its own, not one for all: 32 of them.",
            66: "Each neuron has a bias of its own: 32 of them, not 2.",
            34: "Each neuron has weights of its own. They share the inputs, not the weights.",
            3: "That is one neuron. There are 32, each with parameters of its own.",
            128: "The inputs are no parameters.",
            32: "That is the number of outputs, and of biases. And the weights?",
        },
        hints=(
            "How many parameters has one neuron on two inputs?",
            "Two weights and one bias. Nothing is shared but the inputs.",
            "32 times 3.",
        ),
        solution="One neuron has 2 weights and 1 bias, and nothing is shared: $32\\cdot(2+1) = 96$. In general $m\\,(n+1)$ for m neurons on n inputs.",
    ),
    "07.network": Exercise(
        right=run,
        because="What one layer gives, the next one takes: x is replaced as the loop goes round.",
        mistakes=[
            (_relu_everywhere, "Each layer brings its own bend: layer(x, W, b, bend)."),
            (_from_the_last, "The layers come first to last: go through them as they are."),
            (_only_the_last, "Only the last layer was used. Each one must take what the one before it gave."),
            (lambda x, layers: run(x, layers[:1]), "You return after the first layer: return stands outside of the loop."),
            (lambda x, layers: x, "Nothing has been done to x yet."),
            (lambda x, layers: [layer(x, *each) for each in layers], "These are all layers on the same x. Here each takes the result of the one before."),
        ],
        hints=(
            "You have just written the function that does what one layer does.",
            "The old x goes into it, and what comes out is the x for the next round.",
            "Call layer with x and all three parts of the triple, in their order.",
        ),
        inputs=(
            ([1.0, -0.5], [SQUARE, TURNED]),
            ([0.5, 1.0], [TURNED, SQUARE, TURNED]),
            ([1.0, 2.0], [TURNED, SQUARE]),
            ([-1.0, 0.5], [SQUARE]),
        ),
    ),
    "07.signs": Exercise(
        right=("filled", "open", "rounded", "square"),
        because="Observed, computed, a deterministic function, a cost.",
        mistakes={
            ("open", "filled", "rounded", "square"): "The two circles are exchanged. Given from outside: filled. Made by the formula: open.",
            ("filled", "open", "square", "rounded"): "The two blocks are exchanged. A cost is a square; the formula, with its easy direction, has a rounded side.",
            ("open", "filled", "square", "rounded"): "Both pairs are exchanged: filled is given, open is computed; rounded is a function, a square is a cost.",
            ("filled", "filled", "rounded", "square"): "The estimated price was not observed by anybody: it is computed. (The price that was really paid would be filled.)",
            ("filled", "rounded", "open", "square"): "The estimated price is a number, so a circle; the formula makes numbers, so a block.",
            ("open", "open", "rounded", "square"): "Nobody computes the size of the house: it is given from outside.",
            ("filled", "open", "rounded", "rounded"): "“How far off” compares two numbers and gives one: a cost. It has a sign of its own.",
            ("filled", "open", "square", "square"): "Only the last one is a cost. The formula has an easy direction, which its sign shows.",
            ("filled", "open", "rounded", "open"): "“How far off” is what the cost gives: a square, whose output need not be drawn.",
        },
        hints=(
            "Circles are numbers, blocks make numbers out of numbers.",
            "Of the two circles, one is given from outside, and one is made by the block.",
            "Size of the house: observed. Estimated price: computed. The last one is a cost. Now look at the legend.",
        ),
        solution="The size is observed: **filled**. The estimate is computed: **open**. The formula is a deterministic function: **rounded**. "
        "How far off it was compares two numbers and gives one, a cost: **square**.",
    ),
    "07.nearest": Exercise(
        right=nearest,
        because="The number of the row, not how far away it is.",
        mistakes=[
            (lambda x, W: min(_squared(x, W)), "That is the distance to the nearest one. Asked is which one it is: its number k."),
            (lambda x, W: _squared(x, W).index(max(_squared(x, W))), "That is the farthest one."),
            (lambda x, W: nearest(x, W) + 1, "Rows are counted from 0."),
            (lambda x, W: W[nearest(x, W)], "That is the prototype itself. Give its number k."),
            (lambda x, W: _squared(x, W), "Those are all squared distances. Give the number of the smallest."),
            (lambda x, W: max(range(len(W)), key=lambda k: sum(a * b for a, b in zip(x, W[k]))), "That takes the largest weighted sum, which is not the smallest distance: a long w_k wins too often."),
            (lambda x, W: min(range(len(W)), key=lambda k: sum(abs(a - b) for a, b in zip(x, W[k]))), "That adds the sizes of the differences. Use distance, which squares them."),
            (lambda x, W: min(range(len(W)), key=lambda k: x[0] - W[k][0]), "Use distance, which looks at all coordinates, and squares."),
        ],
        hints=(
            "First all distances, in a list: one for each row of W.",
            "Then where in this list the smallest stands. A list has the method index; or min over range(len(W)) with a key.",
            "min(range(len(W)), key=…), where the key of k is the distance from x to W[k].",
        ),
        inputs=(([-1.0, 0.5], PROTOTYPES), ([1.0, 1.0], PROTOTYPES), ([-0.5, -1.0], PROTOTYPES), ([0.1, 0.1], [[3.0, 3.0], [0.0, 0.0]]), ([-1.0, 2.0], [[-4.0, 2.0], [-1.0, 3.0]]), ([0.0, 0.0], [[3.0, 3.0], [0.0, 5.0]])),
    ),
    "07.average-loss": Exercise(
        right=average_loss,
        because="The loss of each sample, added up, divided by how many there are.",
        mistakes=[
            (lambda model, S: sum(e**2 for e in _errors(model, S)), "That is the sum, source 000's loss. Divide by the number of samples, len(S)."),
            (lambda model, S: sum(e**2 for e in _errors(model, S)) / (2 * len(S)), "That has a ½ in front: source 003's J. Here it is the plain average."),
            (lambda model, S: sum(_errors(model, S)) / len(S), "The square is missing: errors of different sign cancel."),
            (lambda model, S: (sum(_errors(model, S)) / len(S)) ** 2, "First square, then average. The other way round errors of different sign cancel."),
            (lambda model, S: sum(map(abs, _errors(model, S))) / len(S), "That averages the sizes of the errors. Asked are their squares."),
            (lambda model, S: (sum(e**2 for e in _errors(model, S)) / len(S)) ** 0.5, "Almost: there is no root in this loss."),
            (lambda model, S: sum(_errors(model, S)) ** 2 / len(S), "The square of the sum is not the sum of the squares: square each error, then add."),
            (lambda model, S: sum(e**2 for e in _errors(model, S)) / 2 * len(S), "Python goes from left to right: / 2 * len(S) divides by 2, and then multiplies. Here only / len(S) is wanted."),
            (lambda model, S: sum(e**2 for e in _errors(model, S)) / 3, "That divides by 3, whatever S is. Count its samples: len(S)."),
            (lambda model, S: _errors(model, S)[0] ** 2 / len(S), "Only the first sample has come into it: a return inside of a loop ends the loop. Add all first."),
            (lambda model, S: _errors(model, S)[0] ** 2, "That is the first sample alone: a return inside of a loop ends it."),
            (lambda model, S: _errors(model, S)[-1] ** 2, "That is the last sample alone."),
            (lambda model, S: [e**2 for e in _errors(model, S)], "Those are the losses of the single samples. Their average is asked: one number."),
            (lambda model, S: sum(e**2 for e in _errors(model, S)) / 2, "Divide by the number of samples, len(S); S is a list of pairs, and each pair is one sample."),
        ],
        hints=(
            "The average of numbers is their sum divided by how many they are.",
            "sample_loss(model, x, y) is one of the numbers; sum adds them for all x, y in S.",
            "Divide that sum by len(S).",
        ),
        inputs=tuple((model, S) for S in (THREE, FIVE) for model in MODELS),
    ),
    "07.fork": Exercise(
        right=-10 / 3,
        because="The average of 2, 0 and −12.",
        mistakes={
            -10: "−10 is the sum. In the average each sample counts a third.",
            -12: "−12 is the last sample's alone. At a fork contributions are added, not overwritten.",
            -3.3: "Nearly; three digits, or -10/3.",
            -5: "That divides by 2. The sample that says 0 has a voice, too: three samples.",
            -4: "−4 is a third of the last one's. The first one's 2/3 comes to it.",
            -2 / 3: "−2/3 is the gradient of b. With respect to w each sample brings its x as well.",
            -5 / 3: "That has a ½ in front, as in J. Here the loss is the plain average.",
            5 / 3: "That is the loss itself, not its derivative.",
            14 / 3: "Signs count: 2 and −12 pull in opposite directions.",
        },
    ),
    "07.limit": Exercise(
        right=0.0310099,
        because="The sum is 32 times the mean, so its curvature is 32 times as large, and the limit 32 times as small.",
        mistakes={
            0.992318: "The same limit would need the same curvature. The sum is 32 times as steep, and 32 times as curved.",
            31.754: "The wrong way round. The sum curves more, so the step must be shorter: 0.992 / 32, not times 32.",
            1.984636: "That is the limit with 1/2N: half of the curvature. The sum has 32 times the mean's.",
            1 / 32: "1/32 is the factor. It multiplies the limit of the mean, which is 0.992.",
            32: "32 is how many times as steep the sum is. And the limit?",
            0.03: "Nearly; more digits: 0.992/32.",
            0.0155: "That is divided by 64. Both the sum and the mean come without a ½: 32.",
            0.1754: "That divides by √32. A factor in the loss is the same factor in the curvature.",
        },
    ),
    "07.gradient-of-j": Exercise(
        right=(1 / 3, 0, -2 / 3),
        because="(ŷ_i − y_i)/N, one entry for each sample: the errors 1, 0, −2 by 3.",
        mistakes={
            -1 / 3: "−1/3 is the sum of the three entries: dJ/db for a shared b, as in the slip of source 003. Here each ŷ_i moves alone.",
            (-1 / 3, -1 / 3, -1 / 3): "Each entry has its own error only: delete the sum.",
            (0.33, 0, -0.67): "Right in kind, but too short: give three digits, or write 1/3.",
            (0.3, 0, -0.7): "Right in kind, but one digit is too few: give three, or write 1/3.",
            (1 / 3, 0, 2 / 3): "The sizes are right. But the third prediction, 2, is below the truth, 4: its error is negative.",
            (1 / 3, 0, 4 / 3): "Those are the squares of the errors, divided by N. The derivative of a square is not a square.",
            (1, 0, -2): "Those are the errors. The 1/N is missing.",
            (2 / 3, 0, -4 / 3): "The square's 2 is still there: the ½ cancels it.",
            (2, 0, -4): "Those are the derivatives of the squares. J has 1/2N in front.",
            (-1 / 3, 0, 2 / 3): "The sign: J falls if ŷ₁ = 2 goes down to 1, so its slope is positive. The error is ŷ − y.",
            (1 / 6, 0, -1 / 3): "The ½ is counted, but the 2 of the square is forgotten. They cancel.",
            (1 / 6, 0, 2 / 3): "Those are the terms of J themselves. Differentiate them.",
        },
        hints=(
            "Three entries: how does J move if ŷ₁ alone moves? then ŷ₂ alone, then ŷ₃?",
            "The square brings down a 2, the ½ cancels it; what is left of the rest?",
            "Each error ŷ_i − y_i, divided by 3.",
        ),
        solution="$\\frac{\\partial J}{\\partial\\hat y_i} = \\frac{1}{2N}\\cdot 2\\,(\\hat y_i-y_i) = \\frac{\\hat y_i-y_i}{N}$: "
        "$\\left(\\frac{2-1}{3}, \\frac{2-2}{3}, \\frac{2-4}{3}\\right) = \\left(\\frac13, 0, -\\frac23\\right)$.",
    ),
    "07.mynet": Exercise(
        right=38_910,
        because="600·60 + 60, 60·40 + 40, 40·10 + 10: 36,060 + 2,440 + 410.",
        mistakes={
            38_800: "38,800 are the weights. Each of the 60 + 40 + 10 neurons has a bias, too.",
            6_010: "6,010 would be one layer from 600 to 10, which is what is left if there are no bends (notebook 10). Here are three layers.",
            38_803: "Each neuron has a bias of its own, not each layer: 110 of them.",
            110: "110 are the biases. And the weights: one for each neuron and each of its inputs.",
            710: "That counts units. Parameters sit on the lines: 600·60 in the first layer alone.",
            36_060: "36,060 is the first layer alone. Two more follow.",
            36_000: "36,000 are the weights of the first layer. Its neurons have biases, and two more layers follow.",
            39_510: "The 600 inputs are not neurons: they have no bias.",
        },
        hints=(
            "A layer of m neurons on n inputs has m·n weights. And what else?",
            "Three layers: 600 to 60, 60 to 40, 40 to 10. Each neuron has a bias.",
            "600·60 + 60, and 60·40 + 40, and 40·10 + 10.",
        ),
        solution="A layer of m neurons on n inputs has $m\\,n + m$ parameters: $36{,}060 + 2{,}440 + 410 = 38{,}910$.",
    ),
    "07.half": Exercise(
        right="length",
        because="J is doubled, and so is its gradient: each step is twice as long, and the limit of η half as large.",
        mistakes={
            "minimum": "Twice a function is lowest where the function is.",
            "direction": "Twice a vector points where the vector points.",
        },
        hints=(
            "Without the ½, J is doubled everywhere. What does that do to a valley, seen on a map?",
            "The gradient is doubled, too. A step is −η times the gradient.",
            "Neither the bottom of the valley nor the arrow's direction changes. What is left?",
        ),
        solution='**"length"**. $\\nabla(2J) = 2\\,\\nabla J$: the same direction, twice the length. With η/2 all steps would be as before.',
    ),
    "07.short-batch": Exercise(
        right=2,
        because="10/5. The mean of the batch means is 8/3, because the single sample in the last batch counts as much as two.",
        mistakes={
            8 / 3: "8/3 is the mean of 1, 1 and 6: there the last sample counts double. Weigh each batch by its size.",
            10: "10 is the sum. The average loss has the average gradient.",
            8: "That adds the means of the batches. Asked is the average over five samples.",
            6: "6 is what the last sample wants.",
            1: "1 is what most want. The average counts the last one, too.",
        },
        hints=(
            "Forget the batches: the gradient of the average is the average of the five gradients.",
            "The sum of all five is 10.",
            "10 divided by 5; or the three means weighed by their sizes: (2·1 + 2·1 + 1·6)/5.",
        ),
        solution="$(1+1+1+1+6)/5 = 2$. From the batches: $(2\\cdot 1 + 2\\cdot 1 + 1\\cdot 6)/5 = 2$. The plain mean of 1, 1, 6 would be 8/3: "
        "one sample would have the vote of two.",
    ),
    "07.slip": Exercise(
        right="b",
        because="`.grad` of a parameter says how far the loss moves for each unit of that parameter. The original has it the wrong way round.",
        mistakes={
            "a": "The loss does not move the parameters, they move it: the derivative is of the loss.",
            "c": "Of the loss, right. But samples stand still while we learn; what moves are the parameters.",
            "d": "New values are made by the step, w ← w − η·g. Backpropagation only finds g.",
        },
        hints=(
            "Which of the two is moved, and which one responds?",
            "“The derivative of A with respect to B” says how far A moves for each unit of B.",
            "The loss responds; the parameters are moved.",
        ),
        solution="**b)** $\\frac{\\partial L}{\\partial w}$ is the derivative *of the loss* with respect to the parameter. "
        "(Source 000 has it the other way round, and means this.)",
    ),
    "07.choose": Exercise(
        right="mean",
        because="The mean over twice as many samples of the same kind is about the same landscape. The sum is twice as steep: its limit is halved.",
        mistakes={
            "sum": "The sum over 64 samples is about twice the sum over 32, and so is its curvature: half of the old limit. Your η would be far above it.",
            "either": "The minima agree, the limits of η do not: that of the sum is halved when the data are doubled.",
        },
        hints=(
            "What happens to the curvature of each loss when the number of samples is doubled?",
            "A sum over twice as many terms is about twice as large everywhere; a mean is not.",
            "η is just below 2 ÷ curvature. For which loss does the curvature stay where it is?",
        ),
        solution='**"mean"**. Its curvature stays about the same, so η may stay. With the sum the curvature doubles, the limit of η is halved, '
        "and in the morning there is nan on the screen.",
    ),
}
