"""Exercises of 04-forks-sums-and-order."""

from collections.abc import Callable, Mapping, Sequence

from ..exercises import Exercise

Operands = Mapping[str, Sequence[str]]
Arrows = Mapping[str, Sequence[tuple[str, float]]]


# ---- an order -----------------------------------------------------------------------------------


def order(operands, output):
    done = []

    def visit(name):
        if name not in done:
            for operand in operands[name]:
                visit(operand)
            done.append(name)

    visit(output)
    return done


def _output_first(operands: Operands, output: str) -> list[str]:
    return order(operands, output)[::-1]


def _again_and_again(operands: Operands, output: str) -> list[str]:
    below = [name for operand in operands[output] for name in _again_and_again(operands, operand)]
    return [*below, output]


def _itself_first(operands: Operands, output: str) -> list[str]:
    done: list[str] = []

    def visit(name: str) -> None:
        if name not in done:
            done.append(name)
            for operand in operands[name]:
                visit(operand)

    visit(output)
    return done


def _breadth_first(operands: Operands, output: str) -> list[str]:
    done = [output]
    for name in done:
        done += [operand for operand in dict.fromkeys(operands[name]) if operand not in done]
    return done


def _without_leaves(operands: Operands, output: str) -> list[str]:
    return [name for name in order(operands, output) if operands[name]]


# Each of these graphs has one order only, so that whatever is right is equal to the reference.
FORK: Operands = {"y": ["u", "a"], "a": ["u", "u"], "u": ["x", "x"], "x": []}
LADDER: Operands = {"x": [], "p": ["x"], "q": ["p", "x"], "r": ["p", "q"], "y": ["q", "r", "x"]}
SHORTCUT: Operands = {"b": ["a", "x"], "y": ["b", "a"], "x": [], "a": ["x"]}


# ---- the backward pass --------------------------------------------------------------------------


def backward(names, arrows):
    grad = {name: 0 for name in names}
    grad[names[0]] = 1
    for name in names:
        for operand, slope in arrows[name]:
            grad[operand] += slope * grad[name]
    return grad


def _backward_with(hand_on: Callable[[float, float, float], float]) -> Callable[[Sequence[str], Arrows], dict[str, float]]:
    """A backward pass in which `hand_on(present, slope, upstream)` is what an operand has afterwards."""

    def backward(names: Sequence[str], arrows: Arrows) -> dict[str, float]:
        grad: dict[str, float] = dict.fromkeys(names, 0)
        grad[names[0]] = 1
        for name in names:
            for operand, slope in arrows[name]:
                grad[operand] = hand_on(grad[operand], slope, grad[name])
        return grad

    return backward


FORK_ARROWS: Arrows = {"y": [("u", 1), ("a", 1)], "a": [("u", 4), ("u", 4)], "u": [("x", 2), ("x", 2)], "x": []}
FAN_ARROWS: Arrows = {
    "C": [("s0", 1), ("s1", 4), ("s2", 2)], "s0": [("z", 2)], "s1": [("z", -1)], "s2": [("z", 3)], "z": [],
}  # fmt: skip
CHAIN_ARROWS: Arrows = {"c": [("b", 10)], "b": [("a", 1)], "a": [("x", 4)], "x": []}


EXERCISES = {
    "04.four-answers": Exercise(
        right=36,
        because="Three arrows bring 1 + 4 + 4 = 9 to u, and two arrows of slope 2 take it to x: 9·(2 + 2).",
        mistakes={
            4: "4 is only the direct path: u's part of the sum, 1, handed on to x along two arrows of slope 2, before the product has sent its part.",
            8: "8 is what comes out if a new contribution replaces the old one: u keeps a 4 in place of 1 + 4 + 4, and x one arrow's 4·2.",
            76: "76 counts paths twice: u has handed on its gradient each time it was reached, with all it had by then: 1, then 9, then 9 again.",
            32: "32 is the product's part only, 8·4. u is also a term of the sum, and that path brings 1·4 more.",
            9: "9 is the gradient of u, 1 + 4 + 4. It has still to go on from u to x.",
            20: "20 is the value of y. (It is also what you get if u·u has one arrow in place of two: (1 + 4)·4.)",
            18: "18 is 9·2: x is used twice by u = x·x, so two arrows of slope 2 lead to it.",
            10: "10 is 5·2: both products have lost one of their two arrows.",
            12: "12 is 2x + 4x. The power rule leaves x³ of x⁴: 2x + 4x³.",
            34: "34 is 2 + 32. In x² + x⁴ the first slope is 2x, and x is 2 here.",
        },
    ),
    "04.twice": Exercise(
        right=2,
        because="Both uses move, each with slope 1, and their effects add: 1 + 1.",
        mistakes={
            1: "1 is what one of the two arrows brings. The nudge runs along the other one as well, at the same time.",
            0: "0 would mean that a has no influence. a − a would be such a case: there 1 and −1 meet.",
            4: "4 would be 2 · 2. There are two arrows with slope 1 each, and they add.",
            0.5: "Nothing is shared out at a fork: each use gets the whole nudge.",
        },
    ),
    "04.paths": Exercise(
        right=6,
        because="3 ways from u to y, and for each of them 2 from x to u: 3 · 2.",
        mistakes={
            3: "3 is the number of ways from u to y. Between x and u there are two arrows, so each of these ways begins in two ways.",
            2: "2 would be one direct path and one through the product. But u·u has two arrows to u, and x·x has two to x.",
            5: "5 is 3 + 2. After each of the 2 ways to u you can take any of the 3: numbers of ways multiply.",
            4: "4 go through the product. The direct use of u adds two more.",
            7: "7 is the number of arrows. A path is a whole way from x to y.",
            8: "8 is 2·2·2, as if all three operations doubled the ways. The sum adds one way: from u to y there are 2 through the product and 1 direct.",
            36: "36 is the sum of what the paths bring. How many are there?",
        },
        hints=(
            "How many ways are there from u to y? And from x to u?",
            "From x to u there are 2 ways: x·x has two arrows to x. From u to y there is the direct one, and one through each factor of u·u.",
            "Each of the 2 ways to u can be continued in each of the 3 ways: multiply the two numbers.",
        ),
        solution="From $x$ to $u$ there are 2 ways, one for each factor of $x\\cdot x$. From $u$ to $y$ there are 3: the direct use in the sum, and one for each factor of $u\\cdot u$. Each of the 2 can be continued by each of the 3: $2\\cdot 3 = 6$ paths.",
    ),
    "04.waits": Exercise(
        right=3,
        because="One from the sum y, two from the product: one for each arrow that leaves u.",
        mistakes={
            2: "2 is the number of nodes that use u, y and a. But a uses it twice, as both factors: count arrows.",
            1: "With the first one alone it would be handed on too early. Look at all the arrows that leave u.",
            5: "5 counts the arrows from x, too. They lead into u on the way forward; gradients arrive along those that leave it.",
            4: "4 is one too many. Look at the picture: how many arrows leave u?",
            7: "7 is the number of all arrows. Only those that leave u bring something back to u.",
            9: "9 is what the contributions add up to. How many are there?",
        },
        hints=(
            "Gradients come back along the same arrows along which values went forward.",
            "Which operations use u? And does one of them use it more than once?",
            "Count the arrows that leave u: one goes to y, and the others go to a = u·u.",
        ),
        solution="$u$ is used by $y = u + a$ once and by $a = u\\cdot u$ twice, as both factors. Three arrows leave it, so 3 contributions arrive: 1, 4 and 4.",
    ),
    "04.orders": Exercise(
        right=2,
        because="y, q, r, p and y, r, q, p: p has to wait for both, and q and r do not need each other.",
        mistakes={
            1: "There is one more: is there any path between q and r? If not, either may go first.",
            24: "24 is every order of four names. But y must come first: it has the only gradient that is known.",
            6: "6 lets the other three go in any order after y. p is used by both q and r, and waits for them.",
            4: "4 is too many. y comes first and p last; what is left?",
            3: "3 is one too many: p may not go between q and r, since one of its parts would still be missing.",
        },
        hints=(
            "One of the four must be first, because only its gradient is known at the start.",
            "p is used by q and by r. What does that say about its place?",
            "y is first and p is last. In how many ways can q and r stand between them?",
        ),
        solution="$y$ comes first: only its gradient, 1, is known. $p$ is used by $q$ and $r$, so it comes after both, last. Between $q$ and $r$ there is no path, so either may go first: $y, q, r, p$ and $y, r, q, p$, 2 orders.",
    ),
    "04.order": Exercise(
        right=order,
        because="Operands first, then the node itself, and no node twice: this is a topological order.",
        mistakes=[
            (_output_first, "This is the right order backwards, with the output first. Each operand has to come before its results: append a name only when its operands are done."),
            (_again_and_again, "Names come more than once: do nothing if the name is in the list already."),
            (_itself_first, "Each name stands before its operands. Visit the operands first, then append the name itself."),
            (lambda operands, output: _itself_first(operands, output)[::-1], "This is “itself first, then the operands”, turned round. That fails at forks: in the graph of u + u·u, a comes before u. Visit the operands first, then append."),
            (_breadth_first, "This goes from the output outwards, level by level, and the output comes first. Operands have to come before results."),
            (lambda operands, output: _breadth_first(operands, output)[::-1], "This is breadth-first, turned round: the order that gave 4. A node can be near the output along one path and far from it along another; so visit operands first, then append."),
            (lambda operands, output: list(operands), "This is the order in which the dictionary happens to be written. It is no good in general: start at the output, and visit operands first."),
            (lambda operands, output: list(operands)[::-1], "This is the dictionary, from its end. That works for the graph above and not in general: start at the output, and visit operands first."),
            (_without_leaves, "The leaves are missing: a name without operands belongs into the list, too."),
            (lambda operands, output: [], "The list is still empty: in visit, append the name once its operands have been visited."),
            (lambda operands, output: order(operands, output)[:-1], "The output itself is missing: every name that is visited goes to the end of the list, once its operands are done."),
            (lambda operands, output: [output], "Only the output is there: visit must call itself for every operand, before it appends."),
        ],
        hints=(
            "When may a name go to the end of the list? When all its operands stand in it.",
            "Inside visit: if the name is in done already, there is nothing to do. Otherwise call visit for its operands, in a loop.",
            "if name not in done: then a loop over operands[name] that calls visit, and after the loop done.append(name). At the end: return done.",
        ),
        inputs=((FORK, "y"), (LADDER, "y"), (SHORTCUT, "y")),
    ),
    "04.backward": Exercise(
        right=backward,
        because="slope × upstream, added with +=: one line, and it is the whole of backpropagation.",
        mistakes=[
            (_backward_with(lambda present, slope, upstream: slope * upstream), "This is = in place of +=: 8 for the graph above. At a fork the last contribution has replaced the others; add them."),
            (_backward_with(lambda present, slope, upstream: present + slope), "You add slopes only. What an arrow hands on is slope × upstream, and the upstream is grad[name]."),
            (_backward_with(lambda present, slope, upstream: slope), "Only a slope is left at each name. What an arrow hands on is slope × upstream, and it is added: +=."),
            (_backward_with(lambda present, slope, upstream: present + slope + upstream), "You add slope and upstream. Along an arrow they are multiplied."),
            (_backward_with(lambda present, slope, upstream: present + upstream), "The upstream is handed on unchanged: multiply it by the arrow's slope."),
            (_backward_with(lambda present, slope, upstream: present + slope * present), "Nothing arrives beyond the output. Your line should add something to grad[operand], and this something is made of slope and grad[name]; grad[operand] itself is still 0, so multiplying by it gives 0 again."),
            (_backward_with(lambda present, slope, upstream: present - slope * upstream), "There is a minus: contributions are added. (Going downhill, in notebook 06, is where a minus belongs.)"),
            (lambda names, arrows: backward(names, arrows)[names[-1]], "The number is right, for the last name. Return the whole dictionary: grad."),
        ],
        hints=(
            "What does an arrow hand on? And what happens at a fork, where something has arrived already?",
            "grad[name] is the upstream, and grad[operand] is where the product goes.",
            "The line begins with grad[operand] += and multiplies slope and grad[name]. At the end: return grad.",
        ),
        inputs=((list(FORK_ARROWS), FORK_ARROWS), (list(FAN_ARROWS), FAN_ARROWS), (list(CHAIN_ARROWS), CHAIN_ARROWS)),
    ),
    "04.fan": Exercise(
        right=4,
        because="2·1 − 1·4 + 3·2 = 2 − 4 + 6. (The weights alone add up to 4 as well; that is a coincidence.)",
        mistakes={
            (2, -4, 6): "These are the three contributions, each right. There is one z, and it has one gradient: add them.",
            28: "28 is 4·7: the weights were added, and the slopes, and then multiplied. Multiply along each branch first, then add.",
            7: "7 is 1 + 4 + 2, without the weights. Each branch's gradient comes back through its weight.",
            12: "12 is 2 + 4 + 6: a sign is lost. The weight −1 turns its contribution round.",
            8: "8 leaves out the branch with weight −1. A contribution below 0 counts, too.",
            6: "6 is the last branch alone: contributions are added, they do not replace each other.",
            2: "2 is the first branch alone. The other two bring −4 and 6.",
            -48: "−48 is the product of the three contributions. Along a path multiply; over paths add.",
        },
    ),
    "04.closed": Exercise(
        right=8,
        because="2·1 + 3·2: the contribution −4 is gone.",
        mistakes={
            4: "4 is with all three branches open. The closed one brought −1·4 = −4, which is now missing.",
            5: "5 is 2 + 3, the weights alone. Each is multiplied by its branch's dC/ds: 2·1 + 3·2.",
            0: "0 is 4 − 4. The closed branch had brought −4; take away −4, and the sum grows.",
            3: "3 is 1 + 2, without the weights.",
            15: "15 is (2 + 3)·(1 + 2). Multiply along each branch first, then add.",
            12: "12 is 2 + 4 + 6. The closed branch brings nothing, and open it brought −4.",
            6: "6 is the last branch alone. Branch 0 is open, too.",
            2: "2 is the first branch alone. Branch 2 is open, too.",
            -4: "−4 is what the closed branch had brought. What do the other two bring?",
            (2, 6): "These are the two contributions; add them.",
        },
        hints=(
            "A closed branch sends nothing back. What do the other two send?",
            "Each branch sends weight × slope. The weights of the open ones are 2 and 3, the slopes 1 and 2.",
            "Add 2·1 and 3·2.",
        ),
        solution="The closed branch hands nothing on, the other two do as before: $2\\cdot 1 + 3\\cdot 2 = 8$. That is more than the 4 from before, because the closed one had brought $-1\\cdot 4 = -4$.",
    ),
    "04.bias": Exercise(
        right=1,
        because="The sum passes its gradient on undivided, and ReLU, open here, passes on all of it: 1 · 1.",
        mistakes={
            -1: "−1 is the value of b. If b grows by a little, how much does the sum grow?",
            0: "0 would be right for a constant. The bias is a parameter: move it, and the sum moves.",
            2: "2 is w₁, the gradient of x₁. The bias is not multiplied by anything.",
            0.2: "A sum does not share its gradient out among its operands: each gets all of it.",
            3: "3 is x₁, the gradient of w₁. The bias is not multiplied by anything.",
            4: "4 is x₂, the gradient of w₂. The bias is not multiplied by anything.",
        },
    ),
    "04.asleep": Exercise(
        right=0,
        because="At s = −1 ReLU is flat: δ = 0, and x₁ · 0 = 0.",
        mistakes={
            3: "3 is x₁ · 1, as long as ReLU is open. Here the sum is −1.",
            -3: "−3 would be x₁ · (−1), with the value of the sum. What travels is ReLU's slope, and left of 0 it is flat.",
            2: "2 is w₁ itself. Its gradient would be x₁ times what comes back through ReLU.",
            1: "1 is the slope of ReLU right of 0. At s = −1 we are on the left.",
            -1: "−1 is the value of the sum s. What is the slope of ReLU there?",
        },
    ),
    "04.parameters": Exercise(
        right=11,
        because="Ten weights, one for each input, and one bias.",
        mistakes={
            10: "10 are the weights. The bias is learned as well.",
            20: "20 counts the inputs, too. They come from outside; only what learning changes is a parameter.",
            21: "21 counts the inputs, too. They come from outside; only what learning changes is a parameter: 10 + 1.",
            12: "12 is one too many. ReLU has no parameter.",
            5: "5 are the weights whose input is not 0 this time. The others are parameters, too, and may get a gradient from the next input.",
            6: "6 are the parameters that get a gradient with this input. The others are there as well.",
        },
        hints=(
            "A parameter is what learning changes. Which letters of the formula are that?",
            "The inputs come from outside, so they do not count. The weights do; what else?",
            "One weight for each of the ten inputs, and one bias.",
        ),
        solution="$\\mathrm{ReLU}(w_1x_1 + \\dots + w_{10}x_{10} + b)$ has ten weights and one bias: $10 + 1 = 11$ parameters. The inputs are not parameters, and ReLU has none.",
    ),
    "04.threshold": Exercise(
        right=0,
        because="step is flat on both sides: a small nudge of w₁ changes nothing, and no gradient comes through.",
        mistakes={
            3: "3 is what ReLU lets through: x₁ · 1. step is 1 at s = 1, and 1 at s = 1.1, too: what is its slope?",
            1: "1 is the value of step there. Its slope says how much that changes when s is nudged.",
            float("inf"): "At s = 0 the function jumps. Here s is 1: what is the slope there?",
            4: "4 is x₂. And what is the slope of step at s = 1, with which it would be multiplied?",
        },
        hints=(
            "What is step(1)? And what is step a little to the right of 1?",
            "step(1) = 1 and step(1.1) = 1. So what is its slope there?",
            "The gradient of w₁ is x₁ × the slope of step at 1, and the graph of step is flat there.",
        ),
        solution="Left and right of 1, $\\mathrm{step}$ is 1: its slope is 0. Slope × upstream along the way: $x_1\\cdot 0 = 3\\cdot 0 = 0$. So it is for every weight, at every $s \\neq 0$; at $s = 0$ the function jumps and has no slope at all. A network of thresholds gives backpropagation nothing to work with.",
    ),
    "04.up": Exercise(
        right=2,
        because="w[4,2]·1 + w[5,2]·2 = −1·1 + 1.5·2.",
        mistakes={
            (-1, 3): "These are the two contributions, each right. Unit 2 has one gradient: add them.",
            -1: "−1 is what comes back through unit 4. Unit 2 feeds unit 5 as well.",
            3: "3 is what comes back through unit 5. Unit 2 feeds unit 4 as well.",
            0.5: "0.5 is −1 + 1.5, the weights alone. Each is multiplied by what arrives at its unit: 1 at unit 4, 2 at unit 5.",
            1.5: "1.5 is 0.5·3: added before multiplying (or the weight of one branch alone). Multiply along each branch first, then add.",
            -3: "−3 is −1 · 3: the two contributions were multiplied. At a fork they add.",
            4: "4 has lost a sign: the weight from 2 to 4 is −1.",
        },
        hints=(
            "Which units does unit 2 feed? Look at UP: in whose set does it stand?",
            "Unit 2 feeds units 4 and 5, with weights −1 and 1.5. At the sums of these units the gradients are 1 and 2.",
            "Multiply each of the two weights by the gradient at its unit, and add.",
        ),
        solution="Unit 2 stands in $UP(4)$ and $UP(5)$. Back through unit 4 come $w[4,2]\\cdot 1 = -1$, through unit 5 $w[5,2]\\cdot 2 = 3$. Together $\\partial z[6]/\\partial z[2] = -1 + 3 = 2$.",
    ),
    "04.by-hand": Exercise(
        right=21,
        because="u is 3. Each factor u brings 3·2 = 6 back to x, the factor x brings 3·3 = 9: 6 + 6 + 9.",
        mistakes={
            15: "15 is 6 + 9: u is a factor twice, so 6 comes twice.",
            12: "12 is what comes through u. x is a factor itself, too, and that arrow brings 9 more.",
            9: "9 is the direct arrow only, the factor x. Two more paths run through u.",
            18: "18 is the value of y at 2. The question is how fast it grows there.",
            6: "6 is one path of three.",
            54: "54 is 6·9. Along a path multiply; over paths add.",
        },
        hints=(
            "First forward: what is u? Then: how often is x used, and how often is u?",
            "Three factors, so three terms. The slope of a product towards one factor is what the other factors make.",
            "Towards each u it is u·x = 6, and from u on to x the slope is 1. Towards x itself it is u·u.",
        ),
        solution="Forward: $u = 3$, $y = 3\\cdot 3\\cdot 2 = 18$. The slope of $u\\cdot u\\cdot x$ towards each factor is the product of the other two: 6, 6 and 9. $u$ gets $6 + 6 = 12$ and hands it on to $x$ with slope 1. Directly $x$ gets 9. Together $12 + 9 = 21$. School agrees: $y = x^3 + 2x^2 + x$ and $y' = 3x^2 + 4x + 1 = 12 + 8 + 1$.",
    ),
    "04.two-neurons": Exercise(
        right=2,
        because="At x = 5 the first ReLU is open and passes on 2·1; the second, at −15, is closed and passes on nothing.",
        mistakes={
            -1: "−1 is 2 − 3, as if both were open. At x = 5 the second ReLU stands at −15.",
            5: "5 is 2 + 3. The second branch is closed at x = 5; and if it were open, its slope would be −3.",
            -3: "−3 is the second branch alone. At x = 5 it is the first that is open.",
            10: "10 is the value of y at 5.",
            0: "0 would be right if both ReLUs were closed. 2·5 is above 0.",
            1: "1 is the slope of the open ReLU. Its branch goes on through 2x.",
        },
        hints=(
            "For each branch: is its ReLU open at x = 5?",
            "2·5 is above 0, and −3·5 is not. A closed branch brings 0.",
            "The open branch brings 1 (the ReLU) times 2.",
        ),
        solution="At $x = 5$ the sums are $10$ and $-15$: the first ReLU has slope 1, the second 0. Over both branches $1\\cdot 2 + 0\\cdot(-3) = 2$. (For $x < 0$ it is the other way round, and the derivative is $-3$.)",
    ),
    "04.slip": Exercise(
        right=8,
        because="Nothing in it says “add”. “Compute” means = and not +=: at u the last 4 remains, and at x one 4·2. What is missing is the fork rule.",
        mistakes={
            36: "36 needs a sum at u and at x. Look for the word: the recipe computes and multiplies, and nowhere does it add.",
            4: "4 comes from handing on too early. But the order of the recipe is right: a, and with it all uses, comes before u.",
            76: "76 comes from recursion without an order. The recipe has an order, and each operation has its turn once.",
            20: "20 is the value of y. The question is what the recipe gives as gradient of x.",
            2: "2 has the first contribution at u, 1. = keeps the last one: 4.",
            9: "9 is the true gradient of u. The recipe does not add there, either.",
            16: "16 has = at u (the last 4) and += at x (4·2 + 4·2). The recipe adds in neither place.",
        },
        hints=(
            "At u three contributions arrive: 1, 4 and 4. What does the recipe say about the second and the third?",
            "“Compute the gradient” is one = for each arrow. The order is right. So which of the four engines is it?",
            "At u the last 4 remains. Then u sends 4·2 to x, twice; the second replaces the first.",
        ),
        solution="The order is right ($y$, $a$, $u$), but nothing is added. From $y$, $u$ gets 1; from $a$ it gets 4, then 4 again, and each time the old number is replaced: 4 remains. Then $x$ gets $2\\cdot 4 = 8$, and once more 8 in its place. The recipe is fine for graphs without forks; the missing word is *add*.",
    ),
    "04.choose": Exercise(
        right="fork",
        because="u is used by two operations, one of them an operand of the other, and it hands on to x: all three bugs show.",
        mistakes={
            "product": "No node is used twice there, so there is nothing to add and nothing to wait for: all the wrong engines pass.",
            "double": "It catches = for +=. But a is a leaf and hands nothing on, so it cannot do so too early or too often: the other two bugs pass.",
        },
    ),
}
