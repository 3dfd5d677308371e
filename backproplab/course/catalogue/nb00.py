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
    ),
    "00.how-to": Exercise(
        right=14,
        because="The product first, then the sum: 2 + 12.",
        mistakes={
            20: "20 comes from adding first: (2 + 3) × 4. The product binds more tightly than the sum.",
            24: "24 is the product of all three. Look again at the first sign.",
            9: "9 is the sum of all three. Look again at the second sign.",
            12: "12 is 3 × 4, the first step. The 2 is still to be added.",
        },
        hints=(
            "Which of the two signs goes first, + or ×?",
            "× binds more tightly than +. So start with 3 × 4.",
            "3 × 4 = 12. Now add the 2.",
        ),
        solution="Products come before sums, in mathematics as in Python:\n\n$$2 + 3 \\cdot 4 = 2 + 12 = 14$$",
    ),
    "00.other-point": Exercise(
        right="a",
        because="At a = 0 tanh is at its steepest, so dy/da = 5 × 1 × 4 = 20, while dy/db is still 2.4.",
        mistakes={
            "b": "b was the stronger knob at a = 1. A slope belongs to a point: move the point and ask again. "
            "Set a to 0 in the explorer and run all steps.",
            "same": "They differ by far. Set a to 0 in the explorer above, run all steps and read both gradients.",
        },
        hints=(
            "The explorer above knows: it shows both gradients at any point.",
            "Type 5*tanh(4*a) + 0.6*b^2 into it if you changed the formula, press Run all, and type 0 into the box beside the "
            "slider of the first knob.",
            "One gradient has climbed to 20, the other is still 2.4. The knob with the larger gradient is the stronger one.",
        ),
        solution="At $a = 0$ the curve of $\\tanh$ is at its steepest: its slope there is 1. So a nudge of $a$ is made 4 times as "
        "long, passes $\\tanh$ unweakened, and is made 5 times as long:\n\n"
        "$$\\frac{\\partial y}{\\partial a} = 5 \\cdot 1 \\cdot 4 = 20 \\qquad \\frac{\\partial y}{\\partial b} = 0.6 \\cdot 2b = 2.4$$\n\n"
        "The answer is `\"a\"`. At $a = 1$ it was `\"b\"`: a slope belongs to a point.",
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
        hints=(
            "First find the box that is named w.",
            "There are two numbers in it. Blue, after “=”, is the value. The other one is the gradient.",
            "Read the vermillion number after “∂” in the box of w. (With x standing at 5, every unit of w is worth that much.)",
        ),
        solution="The box of $w$ says `= 2`, its value, and `∂ 5`, its gradient. The gradient is **5**: if $w$ moves a little, "
        "$c = w\\,x + b$ moves 5 times as far, because $x = 5$.",
    ),
    "00.read-slope": Exercise(
        right=2,
        because="The slope at the arrow from x into × is the other operand, w = 2.",
        mistakes={
            5: "5 is the slope at the other arrow into ×, the one that comes from w. Follow the arrow that starts at x.",
            1: "1 is the slope at an arrow into +. The question is about ×, the operation that x goes into.",
            10: "10 is the value of the product. The slope stands in the small pill on the arrow.",
            -3: "−3 is the value of b, which goes into +. Follow the arrow that starts at x.",
        },
        hints=(
            "Slopes sit in the small pills on the arrows, not in the boxes.",
            "Start at the box of x and follow its arrow until it meets the box with ×.",
            "Two arrows enter ×. The pill on the one from w holds the value of x, and the pill on the one from x holds the value of w.",
        ),
        solution="Follow the arrow from `x` into `×`: its pill says **2**. If $x$ moves a little, the product $w\\,x$ moves "
        "$w = 2$ times as far.",
    ),
    "00.match": Exercise(
        right=(3, 1, 0, 2),
        because="C is square, a cost; ȳ is open, for the model computes it; x is filled, for it is given; G has a rounded side, a module.",
        mistakes={
            (3, 0, 1, 2): "The circles are exchanged. Filled means observed: x is given. Nobody observes ȳ: the model computes it.",
            (2, 1, 0, 3): "The boxes are exchanged. The square is the cost, which ends in one number; the rounded side marks a module.",
            (2, 0, 1, 3): "Both pairs are exchanged: filled is observed, open is computed; square is a cost, rounded a module.",
            (3, 0, 0, 2): "Boxes right. But one circle is filled and the other is open: nobody observes ȳ, the model computes it.",
            (3, 1, 1, 2): "Boxes right. But one circle is filled and the other is open: x is not computed, it is given.",
            (0, 1, 2, 3): "These are the four meanings in their own order. The answer goes in the order of the signs: "
            "first the number of C, then of ȳ, x and G.",
            (4, 2, 1, 3): "The right meanings, but counted from 1: the list begins with 0, observed variable.",
        },
        hints=(
            "Look at the figure and then at the legend: two of the four are circles, two are boxes.",
            "Circles: filled is observed, open is computed. Boxes: a square is a cost, a rounded side makes a module.",
            "C is the square and G has the rounded side; the open circle is ȳ, the filled one x.",
        ),
        solution="| sign | drawn as | so it is |\n|---|---|---|\n| $C$ | a square | 3, a cost |\n"
        "| $\\bar y$ | an open circle | 1, computed |\n| $x$ | a filled circle | 0, observed |\n"
        "| $G$ | a box with one rounded side | 2, a module |\n\n`answer = (3, 1, 0, 2)`",
    ),
    "00.operand": Exercise(
        right="operand",
        because="An operand goes in, a result comes out. Nobody has to remember who is whose parent.",
        mistakes={
            "parent": "That is one text's word for it, and another turns the family tree upside down. We say something else, and "
            "avoid the family.",
            "child": "Some say that, and others say parent for the same thing. So we avoid the family: what goes into an operation "
            "has a word of its own.",
            "operands": "Yes, in the singular: one of them is an operand.",
            "input": "An input is what a whole formula is given. What goes into one single operation has a word of its own.",
            "result": "The result is what comes out of an operation: here c. What goes in has the other name.",
            "parents": "That is one text's word for them, and another turns the family tree upside down. What goes "
            "into an operation has a word of its own here.",
            "children": "Some call them that, and others call them parents. What goes into an operation has a word of "
            "its own here.",
            "an operand": "Yes, that is the word: now without the article.",
            "variable": "a may well be a variable, but the question is what it is to this +. In (x + 1)·2 the sum is "
            "no variable, and it goes into the × all the same.",
            "node": "Everything in a graph is a node, c too. The question is what a is to this +.",
            "argument": "A function has arguments. For what goes into an operation of a graph the table of words has another word.",
            "summand": "True of a sum. We use one word for whatever goes into an operation, be it +, × or tanh.",
        },
        hints=(
            "It stands in the table of words, above.",
            "The first row of that table has two words: one for what goes into an operation, one for what comes out.",
            "c is the result. The other word of that row has seven letters and begins like “operation”.",
        ),
        solution='`"operand"`: in $c = a + b$, $a$ and $b$ are the operands of $+$, and $c$ is its result.',
    ),
    "00.slip": Exercise(
        right="B",
        because="The loss is what responds, the parameter is what we move: ∂loss/∂w, the derivative of the loss "
        "with respect to the parameter.",
        mistakes={
            "A": "A turns it round, as one of our sources does. Read it as a nudge: w is moved, the loss responds. The "
            "derivative is that of whatever responds, so the loss is named first.",
            "both": "They are two different things, ∂w/∂loss and ∂loss/∂w. Say which of the two you move, and which "
            "responds: the one that responds is named first.",
        },
        hints=(
            "Think of a nudge. Which of the two do we move, and which one responds?",
            "We move the parameter, and the loss responds.",
            "It is the derivative of what responds, with respect to what is moved. Which sentence names the loss first?",
        ),
        solution="We move a parameter $w$ and see how the loss responds. What responds stands above the line and is named first:\n\n"
        "$$\\frac{\\partial\\, \\text{loss}}{\\partial w}$$\n\nthe derivative **of the loss with respect to the parameter**. That is B.",
    ),
    "00.nudge-runs": Exercise(
        right=101,
        because="One run where you stand, and one more for each knob that you nudge.",
        mistakes={
            100: "Almost: nudged results have to be compared with something. Count the run where you stand, too.",
            200: "That is the price of nudging each knob both up and down. Here each knob is nudged once, and compared with one run at the start.",
            1: "One run gives one value. To see how knob 1 matters you must move knob 1 and run again, and so on.",
            2: "Two runs show one knob, or all knobs mixed together. Each knob needs a run of its own.",
            201: "201 is nudging up and down, and the run at the start as well. Here each knob is nudged once, in one direction.",
            102: "One too many: one run where you stand, and then one for each of the 100 knobs.",
        },
        hints=(
            "How many runs does one knob need? And how many more does the next one?",
            "For one knob: one run before the nudge, and one after it. The run before can be used again for the next knob.",
            "So it is one run where you stand, and one for each of the 100 knobs.",
        ),
        solution="Run the formula once where you stand. Then, for each of the 100 knobs, move that knob alone, run again and compare "
        "with the first result:\n\n$$1 + 100 = 101$$",
    ),
    "00.which": Exercise(
        right="backward",
        because="One forward and one backward pass give every gradient at once, however many knobs there are.",
        mistakes={
            "nudge": "Nudging is the honest check, and we use it in every lesson, for one or two knobs. For 100 "
            "knobs it needs 101 runs of the formula for a single set of gradients.",
            "either": "For two knobs, yes. For 100, count the runs of the formula that nudging needs.",
        },
        hints=(
            "Both give the same slopes. So count what each of them costs.",
            "Exercise 3 has the cost of nudging: 101 runs. You need the slopes a thousand times.",
            "101,000 runs on one side; a thousand times one pass forward and one back on the other.",
        ),
        solution="Nudging needs 101 runs for each set of slopes, so 101,000 runs in all. A forward and a backward pass together give "
        "*all* hundred slopes at once, so a thousand of these pairs are enough: `\"backward\"`. Nudging keeps its place as the check.",
    ),
}  # fmt: skip
