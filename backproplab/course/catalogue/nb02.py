"""Exercises of 02-functions-as-graphs."""

from ..exercises import Exercise


def _leaves(width: int, layers: int) -> int:
    count = 1
    for _ in range(layers):
        count = width * (1 + count) + 1
    return count


def _leaves_without_bias(width: int, layers: int) -> int:
    count = 1
    for _ in range(layers):
        count = width * (1 + count)
    return count


def _leaves_without_weights(width: int, layers: int) -> int:
    count = 1
    for _ in range(layers):
        count = width * count + 1
    return count


def _leaves_of_shared_weight(width: int, layers: int) -> int:
    count = 1
    for _ in range(layers):
        count = width * count + width
    return count + 1


EXERCISES = {
    "02.digits": Exercise(
        right=8,
        because="69,273,665 symbols, because every neuron writes out all 32 neurons of the layer below it.",
        mistakes={
            3: "Three digits is about five times one neuron: that adds the layers up. They are inside one another.",
            4: "Four digits is how many parameters there are, each counted once. The formula repeats them.",
            5: "Five digits is what you have written after three layers. Two more layers, each about 32 times as long.",
            6: "Six digits: the right idea, repetition. After three layers there are five digits, after four seven; and there are five layers.",
            10: "Ten digits is 65⁵. Only the 32 inputs of a neuron get longer from layer to layer, not its weights and bias.",
            2: "Two digits is what one neuron of the first layer needs: 65 symbols. The second layer repeats it 32 times.",
            7: "Seven digits is where the fourth layer ends. The fifth is 32 times as long again.",
            9: "A little too many: each layer multiplies by about 32, not by 65, which is only what one neuron starts with.",
            69273665: "That is the number itself, to the last digit. Asked is how many digits it has.",
            4257: "4,257 is how many weights and biases there are, each counted once. Asked is how many digits the "
            "number of written symbols has.",
            12: "Far too many, by a factor of ten thousand: each layer makes the formula about 32 times as long, and "
            "there are five.",
        },
    ),
    "02.other-order": Exercise(
        right=31,
        because="First the square, 2² = 4, and then 7·4 + 3 = 31.",
        mistakes={
            289: "289 is g(f(2)): 7·2 + 3 first, the square afterwards. In f(g(2)) the inner function g goes first.",
            199: "199 is (7·2)² + 3: you squared 7x. Here the square comes first, g(2) = 4, and f does the rest with that 4.",
            68: "68 is f(2)·g(2) = 17·4. Feeding one function into another is not multiplying the two.",
            21: "21 is f(2) + g(2) = 17 + 4. That combines the two with a plus; here the output of g is the input of f.",
            122: "122 is f(f(2)) = 7·17 + 3. The inner function is g, the square: 2² = 4.",
            17: "17 is f(2), the other function alone. First g, 2² = 4, and then f of that.",
            4: "4 is g(2), the first stage. f is still to come: 7·4 + 3.",
            28: "28 is 7·4: the + 3 is missing.",
        },
    ),
    "02.minus-and-power": Exercise(
        right=-9,
        because="The power binds tighter than the minus: −x² is −(x²), as in algebra books and in Python.",
        mistakes={
            9: "9 is (−3)²: you let the minus bind first. Without brackets the power goes first and the minus comes last.",
            -1: "−1 is what Python makes of -3^2: there ^ is no power, it compares bits. Python's power is **.",
            -6: "−6 is −(2·3): the exponent 2 makes a product of two threes, it does not double.",
        },
    ),
    "02.tower": Exercise(
        right=512,
        because="A tower of powers is read from the top: 3² = 9 first, then 2⁹ = 512.",
        mistakes={
            64: "64 is (2^3)^2, read from left to right. Sums and products are read that way, a tower of powers from its top.",
            36: "36 is (2·3)^2. Both signs are powers here.",
            12: "12 is 2·3·2: a power is repeated multiplication, not one multiplication.",
            18: "18 is 2·9: the top of the tower is right, 3^2 = 9; the lower sign is a power too.",
            3: "3 is what Python makes of 2^3^2: there ^ is no power, it compares bits. Python's power is **.",
            8: "8 is 2^3, as if the second power sign were not there.",
        },
    ),
    "02.brackets": Exercise(
        right=9,
        because="The bracket is computed first: 4 − 3 = 1, and 10 − 1 = 9.",
        mistakes={
            3: "3 is 10 − 4 − 3: the bracket was lost. Taking away (b − c) gives c back.",
            -9: "The operands of a minus have an order: a − b, not b − a.",
            11: "11 is 10 − (3 − 4): inside the bracket the operands have changed places.",
            17: "17 is 10 + 4 + 3: both signs are minus signs. First 4 − 3, and then 10 minus that.",
            7: "7 is 10 − 3: where is b? First b − c = 4 − 3, and then 10 minus that.",
        },
    ),
    "02.not-a-leaf": Exercise(
        right="b",
        because="−x is an operation, a minus, and the leaf is the x below it. Four leaves there are: e, x, 1 and 1.",
        mistakes={
            "a": "Its a is Euler's number, 2.718…: a constant, with nothing below it, so it is a leaf.",
            "d": "Its d is the constant 1, so it is a leaf. Look for one of the four that something was done to.",
            "f": "Its f is the constant 1, so it is a leaf. Look for one of the four that something was done to.",
            "c": "c = a^b is no leaf, true, but the source does not say that it is. Which of a, b, d, f is not one?",
            "e": "e = c + d is no leaf, true, but the source does not say that it is. Which of a, b, d, f is not one?",
            "g": "g = f/e is the output. Which of a, b, d, f is no leaf?",
            "-x": "Yes, −x: now give the letter that the source has for it.",
            "x": "x is a leaf indeed, but none of the four letters. Which of a, b, d, f is what was done to x?",
            "b=-x": "Yes, b = −x: give the letter alone.",
            "minus": "Yes, the minus: now give the letter that the source has for −x.",
        },
        hints=(
            "A leaf has nothing below it. Ask of each of the four: was anything done to something else to get it?",
            "Three of the four letters stand for a bare number. The fourth holds the x, and something was done to that x.",
            "Look at the minus sign: it is an operation with one operand. Which letter is −x?",
        ),
        solution="**b**. $b = -x$ is an operation, a minus with the operand $x$; the leaf is the $x$ below it. The "
        "others are constants: $a = 2.718…$, $d = 1$, $f = 1$. So the tree does have four leaves, but they "
        "are $e$, $x$, 1 and 1.",
    ),
    "02.impossible-order": Exercise(
        right="C",
        because="It wants c = b − 3 before b is known. Every other list has operands before results.",
        mistakes={
            "A": "A works: it is the order our graph itself takes. An order fails when a result comes before one of its operands.",
            "B": "B works: b and c do not need a, so a may wait until d asks for it. Look for a result before its operand.",
            "D": "D works: a and b need nothing but x, so either may go first. Look for a result before its operand.",
        },
        hints=(
            "Go through each list from left to right. At every letter ask: are its operands already there?",
            "a = x + 1 and b = 2x need only the leaves. c = b − 3 needs b, and d = a·c needs a and c.",
            "One list computes c before b. Which?",
        ),
        solution="**C**: c, b, a, d. Its first step would be $c = b - 3$, and there is no $b$ yet. In A, B and D "
        "every letter comes after its operands: b before c, and a and c before d.",
    ),
    "02.count-leaves": Exercise(
        right=(4, 3),
        because="x, 1, x, 2 on paper; x, 1, 2 in the graph: the two x are one node.",
        mistakes={
            (4, 4): "4 and 4 is a tree: it has a leaf for each x that you write. Our graph has one node per variable.",
            (3, 3): "3 and 3: the formula as written says x twice, and each counts as an occurrence.",
            (4, 1): "The graph keeps the constants 1 and 2 as nodes at the bottom too, not only the variable.",
            (4, 2): "The graph has x, 1 and 2 at the bottom: was one of the constants forgotten?",
            (7, 6): "7 and 6 count the operations as well: two sums and a product. Leaves are only what has nothing below it.",
            (3, 4): "The two numbers are in the other order: first the formula as written, then the graph.",
            (2, 1): "You have counted the x. The constants 1 and 2 are leaves as well.",
            (2, 3): "3 is right for the graph. As written, the constants count as well: x, 1, x, 2.",
            (7, 3): "3 is right for the graph. 7 counts the operations as well: two sums and a product. Leaves have "
            "nothing below them.",
            (5, 5): "(5, 5) was only to show how two numbers are written. Count the letters and numbers of (x + 1)·(x + 2).",
        },
        hints=(
            "Underline every letter and every number in the formula. That is the first count.",
            "As written there are two letters and two numbers. For the graph: which of the four underlined things mean the same variable?",
            "Both x are one node; each constant has a node of its own. So count: how many nodes are x, how many are constants?",
        ),
        solution="**(4, 3)**. As written: x, 1, x, 2, which is four. In the graph both x are the same node: x, 1, 2, "
        "which is three.",
    ),
    "02.squarings": Exercise(
        right=(1024, 11),
        because="Every squaring doubles what has to be written, 2¹⁰ = 1,024, but adds one single node to the graph: 10 + x.",
        mistakes={
            (1024, 10): "10 products is right, and x itself is a node too: 11.",
            (1024, 1024): "1,024 is the formula as written. The graph keeps y once and draws two arrows from it to y·y.",
            (1024, 2047): "2,047 are the nodes of the tree: 1,024 leaves and 1,023 products. The graph computes each of them once.",
            (20, 11): "20 = 2·10 adds where it should double: the second squaring repeats both x of the first.",
            (11, 1024): "The two numbers are in the other order: first the formula as written, then the graph.",
            (10, 11): "Each squaring writes all of y twice, so the number of x doubles ten times.",
            (2048, 11): "2,048 is eleven doublings: you begin with one x, so ten squarings make 2 to the power of 10.",
            (512, 11): "512 is nine doublings: the first squaring makes two x of one, so ten make 2 to the power of 10.",
            (512, 10): "That is nine squarings: 2⁹ letters, and nine products and x. Here there are ten.",
            (8, 11): "8 is what Python makes of 2^10: there ^ is no power, it compares bits. Python's power is **.",
            (100, 11): "100 is 10². The letters double ten times: 2·2·…·2, which is 2¹⁰.",
            (1024, 20): "The letters are right. In the graph each squaring adds one node, y·y; two arrows lead to it.",
            (1024, 21): "The letters are right. 21 gives each squaring two nodes. It adds one, y·y, with two arrows to it.",
            (11, 11): "11 is right for the graph. As written, each squaring repeats all of y: the letters double, ten times.",
        },
        hints=(
            "Do three squarings by hand: x·x, then (x·x)·(x·x), then that times itself. Count the letters each time.",
            "The letters double with every squaring: 2, 4, 8, … The graph gets one new node for every squaring, y·y.",
            "Letters: 2 to the power of 10. Nodes: the ten products, and one node that was there from the start.",
        ),
        solution="**(1024, 11)**. Each squaring writes all of y twice: $1 \\to 2 \\to 4 \\to \\dots \\to 2^{10} = 1024$ "
        "letters. The graph has the node x and ten products, $1 + 10 = 11$; two arrows lead from each node "
        "to the next.",
    ),
    "02.formula-of-a-graph": Exercise(
        right=lambda x: 3 * (x - 2) ** 2 + (x - 2),
        because="3(x − 2)² + (x − 2): on paper the node a appears three times if you write the square as a product, in the graph once.",
        mistakes=[
            (lambda x: 3 * x - 2 * x - 2 + x - 2, "The bracket around x − 2 is missing: write (x - 2) wherever a is used."),
            (lambda x: (3 * (x - 2)) ** 2 + (x - 2), "You squared the 3 too. b = a·a is finished before c multiplies it by 3."),
            (lambda x: 3 * (x - 2) ** 2 + x, "The last sum takes a, which is x − 2, not x itself."),
            (lambda x: 3 * x - 2**2 + x - 2, "The square takes in the 2 only: write the bracket, (x - 2)**2."),
            (lambda x: 4 * (x - 2) ** 2, "d = c + a, and you added b: follow the last arrow back to a = x − 2."),
            (lambda x: 3 * (x - 2) ** 2, "That is c. One operation is left: d = c + a."),
            (
                lambda x: (3 * x - 2) ** 2 + x - 2,
                "The 3 has slipped into the bracket: the square is that of x − 2, and the 3 multiplies it afterwards.",
            ),
            (lambda x: (x - 2) ** 2 + (x - 2), "The 3 is missing: c = 3·b."),
            (lambda x: 3 * x**2 - 2 + x - 2, "You squared x alone: b is the square of the whole of a, so write (x - 2)**2."),
            (lambda x: 3 * (x - 2) * 2 + (x - 2), "* 2 doubles. A square is ** 2."),
            (
                lambda x: 3 * (x - 2) ** 2 - (x - 2),
                "The last sum is c + a, with a = x − 2. You took a away, or wrote 2 − x for it, which is the same "
                "here: the square does not notice, the last a does.",
            ),
            (lambda x: 3 * (x - 2) ** 2 * (x - 2), "d = c + a: the last operation is a sum, and you multiplied."),
        ],
        hints=(
            "Start at d and go backwards: d = c + a. What stands in the place of c, and what in the place of a?",
            "c is 3·b, and b is a·a, so c is 3·a·a. Now put x − 2 in the place of every a, in brackets.",
            "Your line has the form return 3 * (…) ** 2 + (…), with the same bracket twice.",
        ),
        solution="From the output down, $d = c + a = 3b + a = 3a^2 + a$, with $a = x - 2$:\n\n```python\ndef "
        "formula(x):\n    return 3 * (x - 2) ** 2 + (x - 2)\n```\n\nThe brackets keep x − 2 together; in the "
        "graph the arrows do.",
        inputs=((3.0,), (5.0,), (-1.0,)),
    ),
    "02.leaves-of-a-network": Exercise(
        right=_leaves,
        because="width·(1 + leaves) + 1 for every layer: for each input a weight and all that is written below it, and one bias.",
        mistakes=[
            (_leaves_without_bias, "Each neuron has a bias too: one leaf more per neuron, in every layer."),
            (_leaves_without_weights, "Each input of a neuron comes with a weight: count 1 + leaves for it, not leaves alone."),
            (_leaves_of_shared_weight, "A bias belongs to every neuron, also to those inside: add 1 in every turn of the loop."),
            (lambda width, layers: (2 * width + 1) ** layers, "Only the inputs of a neuron get longer from layer to layer; each weight and the bias stay one symbol."),
            (lambda width, layers: width**layers, "width to the power of layers counts only the inputs. Weights and biases are leaves as well."),
            (lambda width, layers: layers * (2 * width + 1), "You added the layers up. Each layer's inputs are the layer below: put its count inside."),
            (
                lambda width, layers: layers * width * (width + 1),
                "That is the number of parameters, each counted once: the graph. The question is the formula as written.",
            ),
            (
                lambda width, layers: 2 * width + 1,
                "That is one layer. For each further layer a whole neuron of the layer below stands in the place of "
                "each input: a loop over the layers.",
            ),
            (
                lambda width, layers: 69273665,
                "That is right for width 32 and 5 layers only. Your function must answer for any width and any number "
                "of layers.",
            ),
            (
                lambda width, layers: (2 * width + 1) * width ** (layers - 1),
                "Only the first layer has its weights and biases here. The neurons of the other layers have them as "
                "well: add them in each turn of a loop.",
            ),
        ],
        hints=(
            "One neuron of the first layer: width weights, width inputs, one bias. How many symbols is that?",
            "A neuron one layer up has the same form, but in the place of each input stands a whole neuron of the layer below.",
            "Start with symbols = 1. For each layer: symbols = width * (1 + symbols) + 1. The 1 + is the weight, the last 1 is the bias.",
        ),
        solution="Each of the `width` inputs brings a weight and everything that is written below it; then comes one "
        "bias:\n\n```python\ndef symbols_written(width, layers):\n    symbols = 1\n    for layer in "
        "range(layers):\n        symbols = width * (1 + symbols) + 1\n    return symbols\n```",
        inputs=((2, 1), (2, 2), (3, 3), (32, 5)),
    ),
    "02.choose": Exercise(
        right="graph",
        because="The same number with 4,257 weights and biases looked at once each, instead of 69 million leaves.",
        mistakes={
            "formula": "It would be right, and some 23,000 pages long, and every shared part would be computed again wherever it is written.",
            "either": "The number is the same, the work is not: the formula computes each shared part again wherever it is written.",
        },
        hints=(
            "The numbers come out the same. What differs is how often the same thing is computed.",
            "In the written-out formula a neuron of the first layer stands some 32,000 times. How often does each program compute it for one input?",
            "Forward through the graph every node is computed once. The formula computes a shared part again wherever it is written.",
        ),
        solution="**graph**. Per input it looks at each of the 4,257 weights and biases once. The formula goes "
        "through 69 million symbols to arrive at the same number, and that a hundred times.",
    ),
}
