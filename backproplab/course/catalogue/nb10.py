"""Exercises of 10-trunk-and-branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...nn import Linear, Module, Tanh
from ...tensor import Tensor
from ..exercises import Exercise

MISFIT = "shapes that do not fit"
BOTH_AT_ONCE = "a product with both Jacobians at once"


def fitting(function: Callable, *inputs: Any) -> Any:
    """What a function gives, or that it has multiplied what does not fit."""
    try:
        return function(*inputs)
    except ValueError as error:
        if "matmul" in str(error) or "shapes" in str(error) or "broadcast" in str(error) or "takes rows of" in str(error):
            return MISFIT
        if "inhomogeneous" in str(error):
            return BOTH_AT_ONCE
        raise


# ---- two affine layers are one. (References are shown to learners, so they are written as theirs.)


def fold(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1 + b2


def _folded(fold: Callable, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return fitting(fold, W1, b1, W2, b2)


PAIRS = (
    (np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, -1.0]), np.array([[2.0, 0.0], [1.0, -1.0]]), np.array([0.5, 4.0])),
    (np.array([[1.0, -1.0], [2.0, 0.0], [0.0, 3.0]]), np.array([1.0, 0.0, -2.0]), np.array([[1.0, 2.0, -1.0]]), np.array([5.0])),
)


# ---- the backward pass through a stack of modules


@dataclass(frozen=True, slots=True)
class Stack:
    """Modules, the states of a forward pass through them and the cost's row at the end, made afresh for each answer."""

    name: str
    sizes: Sequence[int]  # a Linear from each size to the next one, and a Tanh after each but the last

    def make(self) -> tuple[list[Module], list[Tensor], np.ndarray]:
        modules: list[Module] = []
        for n, m in zip(self.sizes, self.sizes[1:]):
            linear = Linear(n, m)
            linear.weight.data = np.linspace(-1.0, 1.5, n * m).reshape(m, n) ** 2 - 0.4
            linear.bias.data = np.linspace(0.3, -0.2, m)
            modules += [linear, Tanh()]
        modules.pop()
        states = [Tensor(np.linspace(1.0, -0.5, self.sizes[0])[np.newaxis])]
        for module in modules:
            states.append(module(states[-1]))
        return modules, states, np.linspace(1.0, -2.0, self.sizes[-1])

    def __repr__(self) -> str:
        return self.name


SQUARE = Stack("a stack with layers 2 → 2 → 2", (2, 2, 2))
UNEQUAL = Stack("a stack with layers 2 → 3 → 2", (2, 3, 2))


def backward(modules, states, row):
    gradients = [None] * len(modules)
    for k in reversed(range(len(modules))):
        J = modules[k].jacobians(states[k])  # where the module stood in the forward pass
        gradients[k] = row @ J.weights  # the branch
        row = row @ J.state  # the trunk
    return gradients


def _rows(backward: Callable, stack: Stack) -> Any:
    rows = fitting(backward, *stack.make())
    if isinstance(rows, list) and any(row is not None for row in rows):  # begun, so what is still missing is a mistake
        return ["nothing" if row is None else row for row in rows]
    return rows


def _wrong(place: int = 0, trunk: str = "after", order: int = -1, turned: bool = False, sums: bool = False) -> Callable:
    """The same loop with one thing gone wrong."""

    def walk(modules: list, states: list, row: Any) -> list:
        gradients: list = [None] * len(modules)
        for k in range(len(modules))[::order]:
            J = modules[k].jacobians(states[k + place] if place < 2 else states[0])
            state, weights = (J.state.T, J.weights) if turned else J
            if trunk == "before":
                row = row @ state
            gradients[k] = weights.sum(0) if sums else row @ weights
            if trunk == "after":
                row = row @ state
        return gradients

    return walk


def _on_the_right(modules: list, states: list, row: Any) -> list:
    return [module.jacobians(z).weights @ row for module, z in zip(modules, states)]


def _states_only(modules: list, states: list, row: Any) -> list:
    gradients: list = [None] * len(modules)
    for k in reversed(range(len(modules))):
        row = row @ modules[k].jacobians(states[k]).state
        gradients[k] = row
    return gradients


def _last_first(modules: list, states: list, row: Any) -> list:
    return backward(modules, states, row)[::-1]


def _left_early(modules: list, states: list, row: Any) -> list:
    return [None] * (len(modules) - 1) + backward(modules, states, row)[-1:]


def _not_to_the_end(modules: list, states: list, row: Any) -> list:
    return [None, *backward(modules, states, row)[1:]]


def _trunk_alone(modules: list, states: list, row: Any) -> Any:
    for module, z in zip(reversed(modules), reversed(states[:-1])):
        row = row @ module.jacobians(z).state
    return row


def _without_row(modules: list, states: list, row: Any) -> list:
    return [module.jacobians(z).weights for module, z in zip(modules, states)]


def _both_at_once(modules: list, states: list, row: Any) -> list:
    return [row @ modules[-1].jacobians(states[-2])]


EXERCISES = {
    # ---- predictions
    "10.different": Exercise(
        right=30,
        because="Only three factors of each row are new, two for the trunk and one for its own branch: 3 · 10.",
        mistakes={
            120: "If no two were alike, every gradient would have to be found on its own.",
            21: "The last row has 21 factors, but each of the nine other rows also ends with one that stands nowhere else.",
            20: "20 is the trunk alone. Each row also has a last factor of its own, the one with W below.",
            10: "10 are the last factors, one for each W. The trunk that leads to them has factors, too.",
            29: "29 is very near: that many multiplications are enough.",
            12: "The two factors of the first row's trunk come back everywhere. But each row adds two more of its own.",
        },
    ),
    "10.bends": Exercise(
        right=65,
        because="64.5 %, and with a single layer exactly the same. Layers without bends are one layer, and its border is a straight line.",
        mistakes={
            100: "Three layers, 354 numbers that learn, and nothing is gained by them.",
            90: "That would be much for the border that it can draw.",
            50: "Guessing gives 50. It does a little better than that.",
        },
    ),
    "10.cut": Exercise(
        right=6,
        because="W₁₀ to W₅. The branch to W₅ leaves the trunk just before the cut; everything below hangs on it.",
        mistakes={
            5: "W₅ lives as well: its branch ∂s₅/∂W₅ leaves the trunk at s₅, before the link ∂s₅/∂z₄ that is cut.",
            4: "Those four are the ones that die. Gradients come from the cost's end, not from the input's.",
            9: "Not only W₄ hangs on that link: W₃, W₂ and W₁ get everything through it.",
            10: "A factor that is 0 makes every product with it 0.",
            0: "The rows above do not contain the link that is cut.",
        },
    ),
    "10.composition": Exercise(
        right="graph",
        because="It is functions of functions, but a state may be used twice, and then the factors do not stand in one row: paths add.",
        mistakes={
            "chain": "In the networks of today values also go past layers, so that they are used twice.",
            "no": "Whatever is computed step by step is functions of functions.",
        },
    ),
    "10.skip": Exercise(
        right=1.1,
        because="1 along the way past f, 0.1 through it, and paths add.",
        mistakes={
            0.1: "0.1 is what arrives through f. The other way, past f, is missing: chain only.",
            1.0: "1 is what arrives past f. What goes through f is missing: skip only.",
            0.11: "Along one path slopes multiply. These are two paths.",
            2.0: "There are two ways, but through f only 0.1 arrives.",
        },
    ),
    # ---- layers on layers, and without bends
    "10.naming": Exercise(
        right=(3, 4),
        because="Three linear maps, between four variables. Who only says “a 3-layer network” may mean 600–60–40–10, or a network with one layer less.",
        mistakes={
            (4, 3): "The other way round: there are four variables, and a linear map between each two neighbours.",
            (2, 4): "2 is the number of hidden variables. The map from 40 to 10 is a linear map, too.",
            (2, 3): "That is right for the network in the picture. This one has one layer more.",
            (5, 4): "5 is the number of modules, with the two ReLUs. They are the second half of a pair and do not count alone.",
            (3, 5): "600, 60, 40, 10: four variables.",
            (3, 3): "Three linear maps have two ends each: count the sizes.",
            (4, 4): "Four variables have only three gaps between them.",
        },
        hints=(
            "The sizes are those of the variables. The linear maps are between them.",
            "How many numbers are in 600–60–40–10, and how many dashes?",
            "The dashes come first in the answer, then the numbers.",
        ),
        solution="600, 60, 40 and 10 are four variables, and between them are three linear maps: **(3, 4)**. We count linear maps, as source 001 does.",
    ),
    "10.affine": Exercise(
        right="A",
        because="3u + 3v is 3(u + v), whatever u and v are. With 3x + 1 the sum is larger by 1, and with relu it fails for 1 and −1.",
        mistakes={
            "B": "At 0 it gives 1, and from a linear map 0 must come. 3x + 1 is affine: a linear map and a bias.",
            "C": "relu(−1) + relu(1) is 1, but relu(−1 + 1) is 0: that is the bend.",
        },
        hints=(
            "What does each of them give at 0?",
            "When the sign of x changes, the result of a linear map changes its sign, and nothing else: f(−x) = −f(x).",
            "One of them gives 1 at 0. Another gives 1 at 1, but 0 at −1, where a linear map has to give −1.",
        ),
        solution="**A.** f(0) = 0 and f(u) + f(v) = f(u + v) hold for 3x. For 3x + 1 the left side is larger by 1. For relu they fail at u = 1, v = −1.",
    ),
    "10.fold": Exercise(
        right=fold,
        use=_folded,
        because="W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂).",
        mistakes=[
            (lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2), "The first bias goes through the second layer as well: W₂b₁, not b₁."),
            (lambda W1, b1, W2, b2: (W2 @ W1, W1 @ b1 + b2), "The first bias has W₁ behind it already. What it still goes through is W₂."),
            (lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2), "W₂ stands on the left of what it acts on: W2 @ b1."),
            (lambda W1, b1, W2, b2: (W2 @ W1, b2), "The first bias is lost. What does the second layer make of it?"),
            (lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1), "The second bias is lost."),
            (lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2), "The matrix that is applied first stands on the right: W₂W₁."),
            (lambda W1, b1, W2, b2: (W1 @ W2, W1 @ b2 + b1), "That is the second layer first. W₁ and b₁ act on x, the others on what comes out."),
            (lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2), "The matrix that is applied first stands on the right, and the first bias goes through W₂ as well."),
            (lambda W1, b1, W2, b2: (W2 * W1, W2 @ b1 + b2), "* multiplies entry by entry. Functions are composed, and that multiplies matrices: @."),
            (lambda W1, b1, W2, b2: (W2 * W1, b1 + b2), "* multiplies entry by entry. Functions are composed: write @, and let the first bias go through W₂."),
            (lambda W1, b1, W2, b2: (W2 * W1, b2 * b1), "That multiplies the two layers. They are composed: put W₁x + b₁ in place of x in the second one."),
            (lambda W1, b1, W2, b2: (W2 + W1, b2 + b1), "That is both layers side by side and added. The second one gets the result of the first."),
            (lambda W1, b1, W2, b2: W2 @ W1, "That is the matrix. Return two things: the matrix and the bias."),
        ],
        hints=(
            "Write W₁x + b₁ where the second layer has its x, and multiply out.",
            "The terms with x give the matrix, those without x the bias. There are two terms without x.",
            "The matrix is W2 @ W1. The bias is what the second layer makes of b1, with b2 in it.",
        ),
        inputs=PAIRS,
    ),
    # ---- two Jacobians
    "10.where": Exercise(
        right="z1",
        because="Each Jacobian is taken at the state that its own module got. Only a forward pass knows it.",
        mistakes={
            "z0": "z₀ is where the first module stands. The second one never saw it: it got z₁ = f₀(z₀).",
            "z2": "z₂ is what f₁ made. A slope is taken where the function starts, not where it arrives.",
            "z3": "z₃ is where the whole stack arrives.",
        },
        hints=(
            "g′(h(s)): what does the outer function get?",
            "z₂ = f₁( … ): which state stands in the brackets?",
            "The state with the same number as the module.",
        ),
        solution="**`z1`**. z₂ = f₁(z₁), so its slopes are those of f₁ at z₁. For tanh, 1 − tanh²(z₁).",
    ),
    "10.shapes": Exercise(
        right=((10, 40), (10, 410)),
        because="A row for each output; a column for each of 40 inputs, or for each of 40·10 + 10 parameters.",
        mistakes={
            ((40, 10), (410, 10)): "Outputs are the rows, inputs the columns: both are turned round.",
            ((10, 40), (10, 400)): "And the ten biases?",
            ((10, 40), (10, 40)): "That is the shape of the weights themselves. The second Jacobian has a column for each of them.",
            ((10, 40), (410, 10)): "The second one is turned round: a row for each output.",
            ((40, 10), (10, 410)): "The first one is turned round: a row for each output.",
            ((40, 10), (400, 10)): "Outputs are the rows. And ten biases are missing.",
            ((10, 40), (10, 10)): "Ten biases are parameters, and 400 weights are, too.",
        },
        hints=(
            "Entry i, j of a Jacobian says how output i moves with input j.",
            "How many outputs are there? So many rows have both.",
            "For the second one count the parameters: a matrix of 10 by 40 and a bias for each output.",
        ),
        solution="Ten outputs, so ten rows. In z there are 40 columns: **[10 × 40]**. In w there are 10 · 40 weights and 10 biases: **[10 × 410]**.",
    ),
    "10.backward": Exercise(
        right=backward,
        use=_rows,
        because="At each module the row meets two Jacobians: one leads to its weights and ends there, the other leads on.",
        mistakes=[
            (_wrong(place=1), "The Jacobians are taken where each module arrives. It stood at states[k], not at states[k + 1]."),
            (_wrong(place=2), "Every Jacobian is taken at the input of the whole stack. Module k got states[k]."),
            (_wrong(trunk="before"), "The trunk went first: the branch then starts one module too low. Use the row for the weights before you replace it."),
            (_wrong(trunk="never"), "The row is the cost's for every module. After each module it must become row @ J.state."),
            (_wrong(order=1), "You began at the first module. The row belongs to the end of the stack: go from the last module to the first."),
            (_wrong(turned=True), "The row stands on the left: row @ J.state. On the right, J.state @ row, the matrix is used transposed."),
            (_wrong(sums=True), "The Jacobian alone says how the module's outputs move. How much each of them matters is in the row."),
            (
                _on_the_right,
                "The shapes do not fit. A row stands on the left of its matrix, [1 × outputs] times [outputs × parameters]: row @ J.weights. "
                "And the place of each Jacobian is the module's own states[k].",
            ),
            (_left_early, "Only the last module has got its row: return stands inside the loop, so it ends the first round. Move it to the left, under for."),
            (_not_to_the_end, "The first module has got nothing: k must go down to 0."),
            (_trunk_alone, "That is the row where the trunk has arrived, at the input. Return the list, gradients."),
            (_without_row, "Those are the Jacobians themselves. The gradient is the row times the Jacobian: row @ J.weights."),
            (_both_at_once, "J holds two matrices, so say which: row @ J.weights for the branch, row @ J.state for the trunk."),
            (_states_only, "Those are the rows of the trunk, ∂c/∂z. The gradients of the weights are row @ J.weights."),
            (_last_first, "All rows are right, and their order is turned round: gradients[k] belongs to modules[k]."),
        ],
        hints=(
            "For each k: the module's two Jacobians, then two products with the row.",
            "J = modules[k].jacobians(…) at the state that this module got. Both products have the row on the left.",
            "gradients[k] is row @ J.weights. Only after that the row is replaced, by its product with J.state.",
        ),
        inputs=((SQUARE,), (UNEQUAL,)),
    ),
    # ---- the work
    "10.factors": Exercise(
        right=(15, 9),
        because="3 + 5 + 7 written; three new ones in each of three rows.",
        mistakes={
            (15, 6): "6 is the trunk only. Each row also ends with a factor of its own, the branch to its W.",
            (9, 9): "The rows do not have equal length: each layer further down has two factors more.",
            (15, 7): "7 is the longest row. The two other rows end with a factor that is not in it.",
            (15, 15): "Then none would occur twice. Look at how the rows begin.",
            (9, 15): "The other way round: fewer are different than are written.",
            (12, 8): "Those are the multiplications.",
            (21, 9): "Each row has one factor that leads to its W: 3, 5 and 7.",
        },
        hints=(
            "How many factors has the first row, and how many more has each row after it?",
            "Written: 3 + 5 + … Different: how many are new in each row?",
            "Three rows of 3, 5 and 7; in each of them three factors are new.",
        ),
        solution="Written 3 + 5 + 7 = 15. In each row two factors of the trunk and one branch are new: 3 · 3 = 9.",
    ),
    "10.frozen": Exercise(
        right=14,
        because="The trunk ends at W₆: five rows, so 3 · 5 − 1.",
        mistakes={
            29: "29 are needed for all ten. Below W₆ nobody asks for anything.",
            15: "The first row needs only two: its first factor is there without a multiplication.",
            10: "10 are the trunk's or the branches'. Five rows of three, less the one that the first row saves.",
            30: "30 is the number of factors for all ten layers.",
            0: "W₆ to W₁₀ are to learn, so they need gradients.",
        },
        hints=(
            "How far down does the trunk have to go?",
            "The rows of W₁₀, W₉, W₈, W₇ and W₆. How many multiplications does each of them add?",
            "The first row takes 2, each of the four others 3.",
        ),
        solution="$2 + 4\\cdot 3 = 14$. If the *last* five layers were frozen, the trunk would still have to go all the way down, without their branches. "
        "So it saves most to freeze the layers next to the input.",
    ),
    # ---- at the end
    "10.rank": Exercise(
        right=2,
        because="Everything goes through two numbers, so the results lie in a plane.",
        mistakes={
            5: "5 is what a single layer from 8 to 5 can have. This one has to pass through 2.",
            8: "There are only 5 outputs, so at most 5; and before that there is a narrower place.",
            10: "2 · 5 counts weights. The rank counts directions that get through.",
            16: "8 · 2 counts weights. The rank counts directions that get through.",
        },
        hints=(
            "How many numbers are left in the middle?",
            "A chain of maps lets through no more directions than its narrowest place.",
            "Of 8, 2 and 5, take the smallest.",
        ),
        solution="rank(W₂W₁) is at most the smallest of 8, 2 and 5: **2**.",
    ),
    "10.slip": Exercise(
        right="product",
        because="It is the composition. The matrices are multiplied, the functions are put into each other: 2x · 3x = 6x² is not linear, 2·(3x) = 6x is.",
        mistakes={
            "linear": "With a bias it should be called affine, that is true. But the statement stays right for affine maps. Another word makes it wrong.",
            "layer": "One layer is enough, indeed. Why it is enough is said with a wrong word.",
            "bends": "That is right: it is about layers with nothing bent between them.",
            "equal": "One layer can do all that the two do, that much is true. But the reason given for it is not.",
        },
        hints=(
            "Try it with f(x) = 3x and g(x) = 2x. What happens in a network, and what does the statement do?",
            "One of them gives 6x, the other 6x².",
            "In a network g gets the result of f. Which of the five words says something else?",
        ),
        solution="**product.** The *composition* of two linear maps is linear. Their product, 2x · 3x = 6x², is not. (For matrices the word is right, and that is where it comes from.)",
    ),
    "10.keras": Exercise(
        right=1,
        because="No bend was asked for, and in Keras none is there unless one asks. All of them together are one affine map to ten numbers, and the widths are nowhere below 10.",
        mistakes={
            4: "Between them is no bend: look for activation= in the listing.",
            2: "Two would be needed for one bend between them. There is none.",
            3: "Three would be two hidden layers and an output, with bends after the hidden ones. The listing has none.",
            0: "No layer at all would give back x. The map to ten numbers has to be learned.",
        },
        hints=(
            "What stands between the layers?",
            "An activation has to be asked for: Dense(512, activation=\"relu\"). Is it?",
            "Layers without bends fold into … how many?",
        ),
        solution="**1**, `model.add(Dense(10))`. With `activation=\"relu\"` in all but the last one, four layers would be four.",
    ),
    "10.ten-skips": Exercise(
        right=1.1**10,
        because="Each layer multiplies by 1 + 0.1, and 1.1¹⁰ ≈ 2.594.",
        mistakes={
            0.1**10: "That is the chain without skips: 0.1¹⁰.",
            1.0: "That is the one path that goes past every layer. There are 1,023 more.",
            2.0: "1 + 10 · 0.1 counts the paths through no layer or one. Paths go through two or more layers as well.",
            11.0: "10 · 1.1 adds. Layers come one after the other: multiply.",
            1.1: "That is one layer.",
        },
        hints=(
            "What is the slope of one such layer?",
            "Layer after layer: do the slopes add or multiply?",
            "The slope of one layer, ten times as a factor.",
        ),
        solution="$(1 + 0.1)^{10} = 1.1^{10} \\approx 2.594$. Multiplied out it is the sum over all $2^{10} = 1{,}024$ paths, each layer passed or gone through.",
    ),
    "10.choose": Exercise(
        right="skip",
        because="In the trunk each layer's factor becomes 1 + f′, and 1 + something small, fifty times, does not vanish.",
        mistakes={
            "rate": "The last layers, whose gradients are a hundred million million times larger, would be thrown out at the first step.",
            "linear": "Then no link is small because of a bend. But fifty layers without bends are one.",
            "zeros": "Then every link ∂s/∂z is 0, and nothing at all arrives.",
        },
        hints=(
            "Which of them changes the factors of the trunk, and leaves the network able to bend?",
            "A product of fifty factors is small if they are small. What turns 0.1 into 1.1?",
            "It is drawn in the section “A graph, not a chain”.",
        ),
        solution="**\"skip\"**: z + f(z) in place of f(z). (Weights that begin at a good size, and normalisation, help as well.) A step that is large enough for the first "
        "layers is far too large for the last, and layers without bends fold into one.",
    ),
}
