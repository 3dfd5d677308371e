"""Exercises of 09-jacobians-and-tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..exercises import Exercise


def pulled(rule: Callable, g: Any, a: Any, b: Any) -> Any:
    """What a rule of a product is compared by: what it returns, or that it multiplies shapes that do not fit."""
    return _fitting(rule, g, a, b)


def pulled_back(rule: Callable, g: Any, x: Any) -> Any:
    """The same, for a rule of one operand."""
    return _fitting(rule, g, x)


def pulled_row(rule: Callable, v: Any, p: Any) -> Any:
    """The same, for the rule of softmax."""
    return _fitting(rule, v, p)


def _fitting(rule: Callable, *inputs: Any) -> Any:
    try:
        return rule(*inputs)
    except ValueError as error:
        if "operands could not be broadcast" in str(error) or "matmul" in str(error):
            return "an error: shapes that do not fit"
        raise


# ---- softmax. (References are shown to learners, so they are written as theirs.)


def softmax_pull(v, p):
    return p * (v - v @ p)  # v∘p − (v·p) p


# ---- undo broadcasting ----------------------------------------------------------------------


def undo(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


def _undoing(new: Callable, stretched: Callable) -> Callable:
    """`undo` with these in place of its two sums."""

    def rule(g: Any, shape: tuple) -> Any:
        while g.ndim > len(shape):
            g = new(g)
        for axis, length in enumerate(shape):
            if length == 1:
                g = stretched(g, axis)
        return g

    return rule


def _sum(g: Any, axis: int = 0) -> Any:
    return g.sum(axis=axis)


def _mean(g: Any) -> Any:
    return g.mean(axis=0)


def _first(g: Any) -> Any:
    return g[0]


def _kept_sum(g: Any, axis: int) -> Any:
    return g.sum(axis=axis, keepdims=True)


def _kept_mean(g: Any, axis: int) -> Any:
    return g.mean(axis=axis, keepdims=True)


def _everything(g: Any, shape: tuple) -> Any:
    return g.sum()


# ---- the product and the sum ----------------------------------------------------------------


def matmul_pull(g, a, b):
    return g @ b.T, a.T @ g


def sum_pull(g, x):
    return g[:, None] * np.ones_like(x)


def _array(*rows: Any) -> np.ndarray:
    return np.array(rows, dtype=float)


G = _array([1, -2, 0.5, 3], [0, 1, -1, 2], [4, 0.5, 2, -3])  # [3×4]
SQUARE = (_array([1, 2], [-1, 3]), _array([2, 0], [5, 1]), _array([3, -1], [4, 2]))
OBLONG = (G, _array([1, 2], [0, -1], [3, 0.5]), _array([2, -1, 0, 1], [1, 3, -2, 0.25]))  # [3×4], [3×2], [2×4]

EXERCISES = {
    "09.ends": Exercise(
        right="40 times",
        because="1,686,000 multiplications, 43 times as many: from the right every product is a large table, from the left always one row.",
        mistakes={
            "as many": "The result is the same, but not the work: J₂·J₁ alone is a table of 40·600 entries.",
            "43 times": "Counted exactly. Of the four answers, “40 times” comes nearest.",
            "4 times": "J₂·J₁ alone takes 40·60·600 = 1,440,000 multiplications.",
            "600 times": "600 times is what 600 separate runs from the input's end would take, one for each input. We shall meet them.",
        },
    ),
    "09.shape": Exercise(
        right=(3, 5),
        because="A row for each output, a column for each input.",
        mistakes={
            (5, 3): "That is the transpose. Outputs are the rows, inputs the columns.",
            (5, 5): "Only as many rows as there are outputs.",
            (3, 3): "Only as many columns as there are inputs.",
            15: "15 is the number of its entries. How are they arranged?",
        },
        hints=(
            "What does one row belong to, an input or an output?",
            "A row for each output, and in each row one slope for each input.",
            "First the number of outputs, then the number of inputs.",
        ),
        solution="$J_{ij} = \\partial y_i/\\partial x_j$: i counts the 3 outputs, j the 5 inputs. **(3, 5)**.",
    ),
    "09.row": Exercise(
        right=(-2, -2),
        because="1·(1, 2) − 1·(3, 4): a mix of the rows.",
        mistakes={
            (-1, -1): "That is Wv, the jvp: a mix of the columns, 1·(1, 3) − 1·(2, 4). A row stands on the left and mixes rows.",
            ((1, 2), (-3, -4)): "The rows have their weights. Now add them: two paths lead back to each input.",
            (4, 6): "The second weight is −1: subtract the second row.",
            (2, 2): "Turned round: the first row counts +1, the second −1.",
            (1, -4): "That is the diagonal, each with its weight. Every entry of W takes part.",
            -4: "Do not add the two: each input has a gradient of its own.",
        },
        hints=(
            "vᵀW takes the rows of W, each with its weight from v, and adds them.",
            "The first row is (1, 2) with weight 1, the second (3, 4) with weight −1.",
            "First entry: 1·1 + (−1)·3. The second goes the same way with 2 and 4.",
        ),
        solution="$v^{\\mathsf T}W = 1\\cdot(1, 2) - 1\\cdot(3, 4) = (1 - 3,\\ 2 - 4) = (-2, -2)$",
    ),
    "09.fits": Exercise(
        right=2,
        because="v·J, a row [1×3], and Jᵀ·vᵀ, the same three numbers as a column [3×1]: one and the same statement.",
        mistakes={
            1: "One of them is v·J. Turn everything round: the other order, and both transposed.",
            4: "4 would fit if J were square: then shapes no longer tell J from Jᵀ.",
            8: "Neighbours fit only if the columns of the first are the rows of the second.",
            0: "v is [1×2], J is [2×3]: 2 meets 2.",
            3: "Try each: two orders, and for each of them four ways to transpose.",
        },
        hints=(
            "Press the buttons that swap and transpose, and watch for the sign ≠.",
            "With v at the left only one choice of transposes fits. With J at the left also.",
            "v·J is one. The other one is its transpose.",
        ),
        solution="$v\\,J$ is [1×2]·[2×3], and $J^{\\mathsf T}v^{\\mathsf T}$ is [3×2]·[2×1]. In all others unequal lengths meet. **2.**",
    ),
    "09.column": Exercise(
        right=0,
        because="The probabilities always add up to 1, so their changes add up to 0.",
        mistakes={
            1: "1 is what the probabilities add up to. A column holds their changes.",
        },
    ),
    "09.relu": Exercise(
        right=1000,
        because="Unit i depends on input i only: the diagonal, and of that only where the input is above 0.",
        mistakes={
            1_000_000: "Each unit looks at its own input only. Moving input 3 does not move unit 7.",
            500: "About 500 if half of the inputs are above 0. At most, all are.",
            1: "Each of the 1,000 units may have a slope of 1.",
            0: "Where an input is above 0, its unit moves with it.",
        },
    ),
    "09.softmax-pull": Exercise(
        right=softmax_pull,
        because="v∘p − (v·p)p: some 3n multiplications in place of a table of n² entries.",
        mistakes=[
            (lambda v, p: v * p, "That is diag(p) alone, the diagonal. The part with ppᵀ is missing: v @ p is a number, times p."),
            (lambda v, p: v * p * (1 - p), "Those are the entries on the diagonal of J, p(1 − p). The others are not 0: raise one score, and all probabilities move."),
            (lambda v, p: p * (v @ p), "That is vᵀppᵀ, the second part. It is subtracted from v * p."),
            (lambda v, p: p * (v @ p - v), "Both parts are there, with the signs turned round."),
            (lambda v, p: p * (v - v.sum()), "Almost: the sum needs weights, Σ vᵢpᵢ, which is v @ p."),
            (lambda v, p: v - (v @ p) * p, "The second part is right. The first is v times diag(p): v * p."),
            (lambda v, p: v * p - v @ p, "v @ p is one number. In vᵀppᵀ it is multiplied by p."),
            (lambda v, p: v * p - v @ p @ p, "Nearly: v @ p is one number, and a number is multiplied with *, not with @: (v @ p) * p."),
            (lambda v, p: v * p + (v @ p) * p, "Both parts are there. The second one is subtracted: diag(p) − ppᵀ."),
            (lambda v, p: p * (1 - p), "Those are the entries on the diagonal of J. Where is v? A pull multiplies it by J."),
            (lambda v, p: np.diag(p) - np.outer(p, p), "That is J itself, the whole table. Multiply v by it, and do without the table."),
            (lambda v, p: v * p - (p @ p) * v, "In the second part the number is v @ p, and p stays as the vector: vᵀp first, then pᵀ."),
            (lambda v, p: v @ p, "That is one number. vᵀJ has as many as p."),
        ],
        hints=(
            "Multiply out: vᵀdiag(p) − vᵀppᵀ. The first part is v times p, entry by entry.",
            "In the second part start at the left: vᵀp is one number, v @ p. Then it is multiplied by p.",
            "v * p minus the number (v @ p), times p.",
        ),
        inputs=(
            (_array(1, -2, 0.5), _array(0.2, 0.5, 0.3)),
            (_array(0, 3, 1, -1), _array(0.1, 0.2, 0.3, 0.4)),
        ),
        use=pulled_row,
    ),
    "09.bias": Exercise(
        right=(16, 20),
        because="Four copies of b, so four rows are added: 1 + 3 + 5 + 7 and 2 + 4 + 6 + 8.",
        mistakes={
            (4, 5): "That is the mean of the rows. A fork adds. If the cost is a mean over samples, its 1/N is already in the rows that come back.",
            (1, 2): "That is the first row only. Each of the four copies has something to say.",
            ((1, 2), (3, 4), (5, 6), (7, 8)): "That has the shape (4, 2). b has the shape (2,), so its gradient must have it too: broadcasting is to be undone.",
            (3, 7, 11, 15): "You have added within the rows. b has one entry for each column: add the rows, that is, down the columns.",
            (10, 20): "That is b itself. Its gradient is made of what comes back.",
            36: "36 is the sum of everything. b has two entries, each with its own gradient.",
            (7, 8): "That is the last row only, as if each copy had overwritten the one before. Add: +=.",
            (4, 4): "4 is how often each entry is used. Each use sends back its own number: add those.",
        },
        hints=(
            "How often is the first entry of b used? What does each use send back?",
            "The first entry stands in the first column of each row. A fork adds.",
            "Down the columns: 1 + 3 + 5 + 7, and the same with the second numbers.",
        ),
        solution="$db = \\sum_k dS_{k} = (1 + 3 + 5 + 7,\\ 2 + 4 + 6 + 8) = (16, 20)$, in NumPy `dS.sum(axis=0)`.",
    ),
    "09.undo": Exercise(
        right=undo,
        because="What was repeated forward is added backward, and the gradient has the operand's shape again.",
        mistakes=[
            (_undoing(_mean, _kept_mean), "That averages. Each copy is a use of its own, and a fork adds: sum, not mean."),
            (_undoing(_mean, _kept_sum), "The second loop is right. The first one averages: a fork adds, so sum, not mean."),
            (_undoing(_sum, _kept_mean), "The first loop is right. The second one averages: a fork adds, so sum, not mean."),
            (_undoing(lambda g: g.sum(axis=-1), _kept_sum), "New axes stand in front, so it is axis 0 that goes: g.sum(axis=0)."),
            (_everything, "That is one number, the sum of everything. Only what was copied is added, axis by axis: g.sum(axis=…)."),
            (_undoing(_first, lambda g, axis: g.take([0], axis)), "That keeps the first copy and forgets the others. A fork adds: sum."),
            (_undoing(_first, _kept_sum), "The second loop is right. In the first, all copies must be added, not only the first one kept: g.sum(axis=0)."),
            (_undoing(_sum, lambda g, axis: g), "The new axes are gone, but a stretched one is still there: the second loop must add along its axis, with keepdims=True."),
            (_undoing(_sum, _sum), "The second loop loses the axis altogether. It must stay with length 1: keepdims=True."),
            (_undoing(_sum, lambda g, axis: _kept_sum(g, 0)), "In the second loop it is not always the first axis: add along `axis`."),
            (lambda g, shape: g, "That hands on g as it is. It must get the operand's shape, by adding what belongs to the same entry."),
            (lambda g, shape: g.reshape(-1)[: int(np.prod(shape))].reshape(shape), "The shape is right, but entries are cut off. All copies must be added."),
        ],
        hints=(
            "What was copied forward must be added backward: twice it is a sum.",
            "In the first loop the first axis disappears: sum along axis 0. In the second, the axis is called axis, and must stay with length 1.",
            "First g.sum(axis=0). Then the same along axis, with keepdims=True.",
        ),
        inputs=(
            (_array([1, 2], [3, 4], [5, 7]), (1,)),
            (_array(G, 2 * G + 1), (1, 4)),
            (G, (4,)),
            (G, (3, 1)),
            (G, (3, 4)),
            (_array(G, 2 * G + 1), (2, 1, 4)),
            (G, ()),
        ),
    ),
    "09.matmul-pull": Exercise(
        right=matmul_pull,
        because="∂c/∂A = g·Bᵀ and ∂c/∂B = Aᵀ·g: the shapes [n×m] and [m×k] come out, and so do the numbers.",
        mistakes=[
            (lambda g, a, b: (a.T @ g, g @ b.T), "Both are right, in the wrong order: ∂c/∂A comes first."),
            (lambda g, a, b: (g @ b, a.T @ g), "In the first a transpose is missing. It fits only if B is square: [n×k] must meet [k×m]."),
            (lambda g, a, b: (g @ b.T, a @ g), "In the second a transpose is missing. It fits only if A is square: [m×n] must meet [n×k]."),
            (lambda g, a, b: (g @ b, a @ g), "Both transposes are missing. With oblong matrices that does not even fit: [n×k] must meet [k×m]."),
            (lambda g, a, b: (b.T @ g, g @ a.T), "The right factors, multiplied in the wrong order: g comes from the left of A's gradient, and from the right of B's."),
            (lambda g, a, b: (g @ b.T, g @ a.T), "The first is right. In the second, the factors are in the wrong order: Aᵀ [m×n] must meet g [n×k]."),
            (lambda g, a, b: (g @ b.T, g.T @ a), "The first is right. The second is the transpose of the gradient: turn it round, and it has the shape of B."),
            (lambda g, a, b: (g * b, g * a), "That is the rule of the product of numbers. For matrices the product is @, and shapes must fit."),
            (lambda g, a, b: a @ b, "That is the forward pass. The rule takes g, and returns two gradients."),
            (lambda g, a, b: (b @ g.T, g.T @ a), "Those are the transposes of the gradients. Each must have the shape of its operand."),
            (lambda g, a, b: (b, a), "Those would be the slopes if a and b were numbers. A rule for matrices takes g and multiplies."),
            (lambda g, a, b: (b.T, a.T), "That is where g has to go through. Multiply it in: g · Bᵀ for A."),
            (lambda g, a, b: (g * b.T, a.T * g), "* multiplies entry by entry. A product of matrices is @."),
            (lambda g, a, b: g @ b.T, "That is the first. Return both, as a pair: ∂c/∂A, ∂c/∂B."),
        ],
        hints=(
            "The first is in the picture above the cell: g and a transposed B.",
            "The second must have the shape of B, [m×k], made of A, [n×m], and g, [n×k]. Which arrangement fits?",
            "g @ b.T is the first. In the second a is transposed and stands at the left of g.",
        ),
        inputs=(SQUARE, OBLONG),
        use=pulled,
    ),
    "09.notices": Exercise(
        right="no",
        because="For this B, B and Bᵀ are the same matrix. The referee compares numbers, and they agree.",
        mistakes={"yes": "It would with almost any other matrix. But look at B: what is its transpose?"},
    ),
    "09.scores": Exercise(
        right=(0.2, -0.5, 0.3),
        because="Probability minus truth: only the right label's score should rise.",
        mistakes={
            (-0.2, 0.5, -0.3): "That is truth minus probability: the step that you would take. The gradient points uphill.",
            (0, 1, 0): "That is the truth. It is subtracted from the probabilities.",
            (0.2, 0.5, -0.7): "The right label is the one in the middle: there the 1 is subtracted.",
            (0.2, 0.5, 0.3): "Those are the probabilities. Subtract the truth, (0, 1, 0).",
            (0, -2, 0): "−1/p is the slope towards the probabilities. Send it back through softmax, too.",
            (0, -0.5, 0): "The other two scores matter as well: raising one of them takes probability away from the right one.",
            (0.8, -0.5, 0.7): "Only at the right label 1 is subtracted. At the others the truth is 0: 0.2 and 0.3 stay.",
            (0.1, -0.25, 0.15): "There is no p in front any more: it has cancelled against −1/p.",
            (-0.1, 0.25, -0.15): "That is a row of softmax's Jacobian. The factor −1/p of the cost is missing.",
        },
        hints=(
            "The formula has two terms, and both are vectors of three numbers.",
            "p − e_t, where e_t is 1 at the right label and 0 elsewhere.",
            "(0.2 − 0, 0.5 − 1, and so on).",
        ),
        solution="$p - e_t = (0.2, 0.5, 0.3) - (0, 1, 0) = (0.2, -0.5, 0.3)$. The entries add up to 0, as the rows of softmax's Jacobian do.",
    ),
    "09.outer": Exercise(
        right=((3, 6), (-1, -2)),
        because="The outer product δzᵀ: each entry is what comes back times what went in.",
        mistakes={
            ((3, -1), (6, -2)): "That is zδᵀ, the transpose. Row a of W makes output a: in its row stand δₐ·z₁, δₐ·z₂.",
            1: "1 is δ·z, the inner product. W has four entries, each with a gradient: the outer product.",
            ((3, 0), (0, -2)): "That is only the diagonal. Each output depends on each entry of its row.",
            ((3, 6), (1, 2)): "The second entry of δ is −1: its row has minus signs.",
            ((3, 3), (-1, -1)): "Each row has its δ. Now what went in: each column is multiplied by its z.",
            (3, -2): "Entry by entry is not enough: each δ meets each z.",
            ((1, 2), (1, 2)): "Those are the slopes z. Each row must be multiplied by its δ.",
            ((3, 6, -1, -2),): "The right numbers, flat. The gradient has the shape of W: two rows.",
            (3, 6, -1, -2): "The right numbers, flattened. The gradient has the shape of W: two rows.",
        },
        hints=(
            "How far does s₁ move if W₁₂ moves by 1? And how far does the cost move for each unit of s₁?",
            "dW has in row a, column b: δ of output a times z of input b.",
            "The first row is 3·(1, 2). The second goes the same way with −1.",
        ),
        solution="$dW = \\delta z^{\\mathsf T} = \\begin{pmatrix}3\\cdot1 & 3\\cdot2\\\\ -1\\cdot1 & -1\\cdot2\\end{pmatrix} = \\begin{pmatrix}3 & 6\\\\ -1 & -2\\end{pmatrix}$, in NumPy `np.outer(delta, z)`.",
    ),
    "09.batch": Exercise(
        right="A",
        because="[N×2]·[2×3] = [N×3]: row by row it is ∂c/∂z = ∂c/∂s · W.",
        mistakes={
            "B": "[N×2] meets [3×2]: that does not fit. Forward it was Wᵀ, backward it is W.",
            "C": "[3×2] meets [N×2]. Wᵀ stands at the left if samples are columns; here they are rows.",
            "dS @ W": "Yes, that product. Answer with its letter.",
            "D": "[2×N] meets [2×3]. dS is transposed in the gradient of W, dSᵀ·Z.",
        },
        hints=(
            "Which shape must it have? That of Z, [N×3].",
            "dS is [N×2], W is [2×3]. Do you need a transpose at all?",
            "Rows of dS are rows in the sense of LeCun as well: a row times W.",
        ),
        solution="$dZ = dS\\cdot W$, [N×3] = [N×2]·[2×3]: **A**. Each row is LeCun's formula ∂c/∂z = ∂c/∂s · W for one sample.",
    ),
    "09.sum-pull": Exercise(
        right=sum_pull,
        because="Each entry of a row moves its sum one for one: the slope is 1, so g is repeated along the row.",
        mistakes=[
            (lambda g, x: g[:, None] * x, "The slope of a sum is 1, whatever the entries are: x itself does not matter, only its shape."),
            (lambda g, x: g * x, "The slope of a sum is 1, so x itself does not matter; and g must be set upright: g[:, None]."),
            (lambda g, x: g * np.ones_like(x), "That repeats g along the wrong axis, and fits only if x is square. Set it upright: g[:, None]."),
            (lambda g, x: g[:, None] * np.ones_like(x) / x.shape[1], "Divided by the length of a row, this is the rule of the mean."),
            (lambda g, x: np.ones_like(x), "1 is the slope. Times what comes back: g."),
            (lambda g, x: np.full_like(x, g.sum()), "Each row has its own g: the sum over all of them mixes the rows."),
            (lambda g, x: g[:, None], "That has the shape (N, 1). Repeat it to the shape of x, for instance times np.ones_like(x)."),
            (lambda g, x: g, "That has the shape of y. The gradient of x has the shape of x: each row repeats its g."),
            (lambda g, x: x.sum(axis=1), "That is y itself, the forward pass."),
        ],
        hints=(
            "Move one entry in row k by 1. Which entry of y moves, and how far?",
            "So each entry of row k receives g[k]: g, set upright, is repeated along the row.",
            "g[:, None] times an array of ones in the shape of x: np.ones_like(x).",
        ),
        inputs=(
            (_array(1, -2), _array([1, 2], [3, 4])),
            (_array(1, -2), _array([1, 2, 3], [4, 5, 7])),
        ),
        use=pulled_back,
    ),
    "09.slip": Exercise(
        right=(60, 60, 600),
        because="One index for the output, two for the entry of W: no matrix, before one says how W is flattened.",
        mistakes={
            (60, 36000): "Right once W has been flattened, and then it is a matrix. But somebody must say so, and in which order: row by row or column by column.",
            (60, 600): "That is the shape of W, and of ∂s/∂z. For ∂s/∂W there are 60 outputs for each of the 36,000 entries.",
            (600, 60): "That is Wᵀ. For ∂s/∂W there are 60 outputs for each of the 36,000 entries of W.",
            (60, 600, 60): "The right lengths, in another order. The output comes first, ∂s_i/∂W_ab.",
            (60, 60): "The entry of W has two indices: its row (60) and its column (600).",
            (600, 60, 60): "The right lengths, in another order. The output comes first, then the row and the column of the entry of W.",
            2_160_000: "That is how many entries there are. Which lengths does the object have?",
            36_000: "That is how many entries W has. Each of them moves every output, by 0 or not.",
            3: "Three indices, right. How far does each of them run?",
            2: "An entry of W has two indices by itself, and the output has one more.",
            (36000, 60): "The outputs come first, and nothing has been flattened yet.",
        },
        hints=(
            "∂sᵢ/∂W_ab: how many indices are there?",
            "i counts the outputs, a the rows of W, b its columns.",
            "Three lengths: the outputs, then the two lengths of W.",
        ),
        solution="$\\partial s_i/\\partial W_{ab}$ has three indices, of lengths 60, 60 and 600: **(60, 60, 600)**. Flattened row by row it is the "
        "matrix kron(I, zᵀ), [60×36,000]. With that said, the source's “two Jacobian matrices” are right.",
    ),
    "09.choose": Exercise(
        right="jvp",
        because="3 forward passes give the 3 columns; vjp would take 1,000 backward passes, one for each row.",
        mistakes={
            "either": "That would be so if J were square. Count: how many passes for the columns, how many for the rows?",
            "vjp": "Backward you get one row at a time, and there are 1,000 of them. Training has one output, the cost: there vjp is the choice.",
        },
        hints=(
            "One jvp gives a column of J, one vjp a row. How many columns, how many rows are there?",
            "J is [1000×3].",
            "3 passes or 1,000 passes?",
        ),
        solution="**\"jvp\"**: a column for each of 3 settings. With 1 output and a million weights it is the other way round. "
        "A square Jacobian favours neither; then other things decide, as that backward must keep all values of the forward pass.",
    ),
}
