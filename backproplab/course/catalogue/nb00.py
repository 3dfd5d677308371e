"""Exercises of 00-start-here."""

from ..exercises import Exercise

EXERCISES = {
    "00.knob": Exercise(
        right="b",
        because="A nudge of b goes some ninety times as far as the same nudge of a: tanh is nearly flat at 4a = 4.",
        mistakes={
            "a": "The 5 and the 4 in front of a look strong, but between them stands tanh, and what tanh lets through "
            "depends on where it is. Size in the formula is not slope.",
            "same": "Equal steps of the knobs need not give equal steps of y. Look at each knob's own path to y.",
        },
        hints=('Answer "a", "b" or "same".',),
    ),
    "00.how-to": Exercise(
        right=14,
        because="The product first, then the sum: 2 + 12.",
        mistakes={
            20: "20 comes from adding first: (2 + 3) × 4. The product binds more tightly than the sum.",
            24: "24 is the product of all three. Look again at the first sign.",
        },
        hints=("Which of the two signs goes first?",),
    ),
    "00.other-point": Exercise(
        right="a",
        because="At a = 0 tanh is at its steepest, so dy/da = 5 × 1 × 4 = 20, while dy/db is still 2.4.",
        mistakes={
            "b": "b was the stronger knob at a = 1. A slope belongs to a point: move the point and ask again. "
            "Set a to 0 in the explorer and run all steps.",
            "same": "They differ by far. Set a to 0 in the explorer above, run all steps and read both gradients.",
        },
        hints=('Answer "a", "b" or "same"; the explorer above shows both gradients at a = 0.',),
    ),
    "00.read-gradient": Exercise(
        right=5,
        because="The vermillion number after ∂ in the box of w: if w moves a little, the output moves 5 times as far.",
        mistakes={
            2: "2 is the blue number after “=”: the value of w. The gradient stands after “∂”, in vermillion.",
            7: "7 is the value of the output. The gradient of w stands in the box of w, after “∂”.",
            1: "1 is the gradient of the product w·x, one box further on. Read the box of w itself.",
            10: "10 is the value of the product. Read the box of w, and the number after “∂”.",
            -3: "−3 is the value of b. Find the box named w, then the number after “∂”.",
        },
        hints=("Find the box named w and read the number after “∂”.",),
    ),
    "00.read-slope": Exercise(
        right=2,
        because="The slope at the arrow from x into × is the other operand, w = 2.",
        mistakes={
            5: "5 is the slope at the other arrow into ×, the one that comes from w. Follow the arrow that starts at x.",
            1: "1 is the slope at an arrow into +. The question is about ×, the operation that x goes into.",
            10: "10 is the value of the product. The slope stands in the small pill on the arrow.",
        },
        hints=("Start at the box of x and follow its arrow: the pill on it holds the slope.",),
    ),
    "00.slip": Exercise(
        right="B",
        because="The loss is what responds, the parameter is what we move: ∂loss/∂w, the derivative of the loss "
        "with respect to the parameter.",
        mistakes={
            "A": "A turns it round, as 000 does in line 45. Read it as a nudge: w is moved, the loss responds. The "
            "derivative is that of whatever responds, so the loss is named first.",
            "both": "They are two different things, ∂w/∂loss and ∂loss/∂w. Say which of the two you move, and which "
            "responds: the one that responds is named first.",
        },
        hints=('Answer "A", "B" or "both".',),
    ),
    "00.operand": Exercise(
        right="operand",
        because="An operand goes in, a result comes out. Nobody has to remember who is whose parent.",
        mistakes={
            "parent": "That is 000's word for it, and 002 turns the family tree upside down. We say operand instead.",
            "child": "002 and micrograd call it a child, 000 calls it a parent. We say operand, and avoid the family.",
            "operands": "Yes, in the singular: one of them is an operand.",
            "input": "An input is what a whole formula is given. What goes into one single operation has a word of its own.",
            "result": "The result is what comes out of an operation: here c. What goes in has the other name.",
        },
        hints=("One word from the first column of the table of words.",),
    ),
    "00.circle": Exercise(
        right="open",
        because="ȳ is computed by the model, so its circle is open. Observed things, x and y, are filled.",
        mistakes={
            "filled": "A filled circle is something observed, like x and y. Nobody observes ȳ: the model computes it.",
            "square": "A square is the cost function, not a variable. ȳ is a variable that was computed.",
        },
        hints=('Answer "filled", "open" or "square".',),
    ),
    "00.nudge-runs": Exercise(
        right=101,
        because="One run where you stand, and one more for each knob that you nudge.",
        mistakes={
            100: "Almost: nudged results have to be compared with something. Count the run where you stand, too.",
            200: "That is the price of nudging each knob both up and down. Here each knob is nudged once, and compared with one run at the start.",
            1: "One run gives one value. To see how knob 1 matters you must move knob 1 and run again, and so on.",
            2: "Two runs show one knob, or all knobs mixed together. Each knob needs a run of its own.",
        },
        hints=("How many runs does one knob need? And the second?",),
    ),
    "00.which": Exercise(
        right="backward",
        because="One forward and one backward pass give every gradient at once, however many knobs there are.",
        mistakes={
            "nudge": "Nudging is the honest check, and we use it in every lesson, for one or two knobs. For 100 "
            "knobs it needs 101 runs of the formula for a single set of gradients.",
            "either": "For two knobs, yes. For 100, count the runs of the formula that nudging needs.",
        },
        hints=('Answer "nudge", "backward" or "either".',),
    ),
}
