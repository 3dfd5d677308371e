"""Exercises of 03-chain-rule."""

from collections.abc import Callable, Sequence

from ..exercises import Exercise
from .functions import AFFINE, EXPONENTIAL, SINE, SQUARE

Links = Sequence[tuple[Callable[[float], float], Callable[[float], float]]]


def _chain(links: Links, x: float) -> float:
    total = 1.0
    for f, slope in links:
        total *= slope(x)
        x = f(x)
    return total


def _all_at_the_start(links: Links, x: float) -> float:
    total = 1.0
    for _, slope in links:
        total *= slope(x)
    return total


def _after_the_link(links: Links, x: float) -> float:
    total = 1.0
    for f, slope in links:
        x = f(x)
        total *= slope(x)
    return total


def _added(links: Links, x: float) -> float:
    total = 0.0
    for f, slope in links:
        total += slope(x)
        x = f(x)
    return total


def _at_the_result(links: Links, x: float) -> float:
    total = 1.0
    for f, slope in links:
        total *= slope(f(x))
    return total


def _values(links: Links, x: float) -> float:
    total = 1.0
    for f, _ in links:
        total *= f(x)
        x = f(x)
    return total


def _moved_by_slope(links: Links, x: float) -> float:
    total = 1.0
    for _, slope in links:
        total *= slope(x)
        x = slope(x)
    return total


def _outermost_first(links: Links, x: float) -> float:
    return _chain(links[::-1], x)


def _last_only(links: Links, x: float) -> float:
    total = 1.0
    for f, slope in links:
        total = slope(x)
        x = f(x)
    return total


def _value(links: Links, x: float) -> float:
    for f, _ in links:
        x = f(x)
    return x


EXERCISES = {
    "03.how-much-arrives": Exercise(
        right=7,
        because="0.00000039 arrives, the product of ten slopes, of which the largest is 0.25.",
        mistakes={
            1: "The first decimal place, 0.25, is where one link ends. Each further link lets through a quarter of that, at most.",
            3: "The third place is 0.001 to 0.009: four links do that, and there are ten.",
            4: "The fourth place is 0.5¹⁰ = 0.00098: ½ is the sigmoid's value at 0. What arrives is a matter of its slopes.",
            5: "A good guess, and still too hopeful by a factor of about a hundred.",
            9: "Too gloomy by a factor of about a hundred: ten factors of a quarter come to about 0.000001.",
            2: "The second place is where two or three links end, or a tenth of 0.25. Ten links are ten factors, not one tenth.",
            6: "Close: 0.25 to the power of 9 ends there. There are ten links, and only the first is as steep as 0.25.",
            8: "A little too gloomy: the slopes are between 0.22 and 0.25, so ten of them multiply to about 0.0000004.",
            10: "Ten links, ten places: that would be a tenth for each link. A link lets through about a quarter.",
            3.9e-7: "That is the share itself, and it is right. Asked is the place of its first digit that is not 0.",
            0.25**10: "That is ten times a quarter, a little more than what arrives. Asked is the place of the first "
            "digit that is not 0.",
        },
    ),
    "03.dials": Exercise(
        right=8,
        because="One turn of the walker’s dial turns the bicycle's dial 4 times, and each of those turns the car's dial twice: 2·4 = 8.",
        mistakes={
            6: "6 is 2 + 4. Each of the bicycle's 4 turns makes 2 of the car's: rates along a chain multiply.",
            2: "2 is the car's rate compared with the bicycle. The question starts at the walker.",
            4: "4 is how far the bicycle's dial moves. The car's dial is one link further up.",
            0.5: "½ is 2 ÷ 4. The car is faster than the bicycle, which is faster than the walker: nothing is divided.",
            1: "1 is how far the walker's dial moves. The bicycle's goes 4 times as far, and the car's twice as far again.",
            0.125: "⅛ is the way back, from the car to the walker. Here the walker is moved, and the car responds.",
            16: "16 is 4·4. The second link has the rate 2.",
        },
    ),
    "03.forty": Exercise(
        right=40,
        because="10 · 1 · 4: twice the base, the sum's 1, the product's 4.",
        mistakes={
            10: "10 is the slope of the square, 2·5: you stopped at the outer link. Carry it on through the sum (1) and the product (4).",
            25: "25 is the value at 1. The question is how fast it grows there.",
            8: "8 is the slope at x = 0: the base was taken as 1. Each factor belongs at its forward value, here 4·1 + 1 = 5.",
            100: "100 is 25·4: the value was carried through the inner link. What the outer link passes on is its slope, 2·5.",
            5: "5 is the base, b, on the way forward. The slope of the square there is 2·5; then come the inner links.",
            20: "20 is 4·5: the power rule's 2 is missing.",
            14: "14 is 10 + 4. Along a path the factors multiply.",
            2: "2 is the exponent. The slope of b² is 2b, and b is 5 here; then come the inner links.",
            56: "56 is the change for a whole step, from 25 to 81. The slope is what change ÷ step tends to as the step shrinks.",
            4: "4 is the slope of the inner link. The square multiplies it by its own slope, 2·5.",
            50: "50 is 2·25: twice the value. The slope of b² is 2b, twice the base, and then come the inner links.",
            200: "200 is 2·25·4, with the value in place of the base. The slope of b² is 2b = 10.",
        },
    ),
    "03.flat": Exercise(
        right=-0.25,
        because="The slope is 8·(4x + 1), and 4x + 1 = 0 at x = −¼: the parabola's lowest point.",
        mistakes={
            0: "At x = 0 the slope is 8: the base there is 1, not 0. The first factor is twice the base.",
            0.25: "The size is right. 4x + 1 = 0 needs a negative x.",
            -1: "At −1 the base is −3 and the slope −24. Where is the base 0?",
            -4: "4x + 1 = 0 gives x = −1/4: divide by the 4, do not multiply.",
            -0.125: "At −⅛ the base is ½, and the slope 4. Where is the base, 4x + 1, exactly 0?",
            -0.5: "At −½ the base is −1 and the slope −8: you have gone past it. Where is the base 0?",
        },
    ),
    "03.w2": Exercise(
        right=4,
        because="b = w₂·x₂ has the slope x₂ in w₂, and y = a + b hands it on with a 1: 4 · 1.",
        mistakes={
            -1: "−1 is w₂ itself. In a product, each factor's slope is the other factor.",
            3: "3 is x₁, which belongs to w₁'s branch. The branch of w₂ runs through b = w₂·x₂.",
            1: "1 is b's gradient: you stopped one link early. Go on through b = w₂·x₂.",
            7: "7 is x₁ + x₂. The path from y down to w₂ does not pass through x₁.",
            -4: "−4 is the value of b. The question is how fast y moves with w₂.",
            2: "2 is the value of w₁, and of y as well. The slope in w₂ is made of neither.",
            -2: "−2 is w₁·w₂. The path from y to w₂ runs through b = w₂·x₂ alone.",
        },
    ),
    "03.edges": Exercise(
        right=3,
        because="Only the arrows on the path to x: into the square, into the sum, into the product.",
        mistakes={
            6: "6 is every arrow of the graph. Three of them come from constants, which never move: nobody asks for their slopes.",
            5: "5 leaves out one arrow of six. Three of the six come from constants, which never move: leave out all three.",
            4: "4 counts the start as well, or one of the constants. Count arrows, and only those on a path to x.",
            2: "2 is one too few: follow the path all the way down to x.",
            1: "1 is the last arrow only. Everything between the output and x is needed.",
            7: "7 is the number of nodes. Slopes live on arrows.",
            0: "No slope at all would leave x without a gradient. Follow the movement of x up to c, and count the arrows.",
        },
        hints=(
            "The gradient of x asks what happens when x moves. Which arrows would carry that movement?",
            "Start at x and follow the arrows up to c. Count the arrows on this way; the constants 4, 1 and 2 do not move.",
            "One arrow goes into ×, one into +, one into the square.",
        ),
        solution="**3**. Only the arrows on the path count: x → a (slope 4), a → b (slope 1), b → c (slope 10). The "
        "other three come from the constants 4, 1 and 2.",
    ),
    "03.which-way": Exercise(
        right="dd/dc",
        because="The sum rule for e = d + c asks how each term moves with c: dd/dc + dc/dc = 0 + 1.",
        mistakes={
            "∂d/∂c": "Yes, that is the one. Now write it with plain letters, as in the cell's example.",
            "dc/dd": "dc/dd is 0 too, so the sentence is true, but nobody needs it: we nudge c and watch d, not the other way round.",
            "de/dd": "de/dd is 1, not 0, and it would answer what happens when d is nudged. We nudge c.",
            "de/dc": "de/dc is the whole sum, 1. One of its two terms is the 0.",
            "dc/dc": "dc/dc is 1: anything moves with itself. The other term is the 0.",
            "∂c/∂d": "∂c/∂d is what the post wrote. It is 0, but nobody needs it: we nudge c and watch d, not the other way round.",
            "dd/de": "de stands below, so e would be nudged. But it is c that we nudge: it stands below.",
            "dc/de": "de stands below, so e would be nudged. But it is c that we nudge, and the other term that we watch.",
        },
        hints=(
            "Whatever you nudge stands below, whatever you watch stands above. What is nudged here?",
            "c is nudged. The sum e = d + c has two terms: how far does each of them move?",
            "The term c moves with itself, one for one. For the other term, d, we need how far d moves when c is nudged. Write this as d…/d…",
        ),
        solution="**dd/dc**. $\\dfrac{\\partial e}{\\partial c} = \\dfrac{\\partial d}{\\partial c} + \\dfrac{\\partial "
        "c}{\\partial c} = 0 + 1$. We nudge c and watch d: c stands below, d above.",
    ),
    "03.start": Exercise(
        right=1,
        because="∂c/∂c = 1, whatever c is: the first link is slope × 1, like all the others.",
        mistakes={
            25: "25 is the output's value. Its gradient says how far the output moves if the output moves by 1.",
            10: "10 is what comes after the first link. Before any link the output moves with itself, one for one.",
            0: "0 would say that the output does not move when it moves. And then everything below would be 0 as well.",
            40: "40 is where it ends, in x. The question is where it starts.",
            5: "5 is the value of b. The question is about the output c: if it moves by 1, how far does it move?",
            2: "2 is the exponent, which belongs to the first link. Before any link the output moves with itself.",
        },
        hints=(
            "Say what a gradient is: how far the output moves for each unit that this node moves. Now let this node be the output.",
            "If c moves by 0.1, how far does c move?",
            "It moves as far as it moves: the ratio is the same for every c, and it is not 25.",
        ),
        solution="**1**. The gradient of a node is $\\partial c/\\partial(\\text{node})$. For the output itself it is "
        "$\\partial c/\\partial c = 1$, whatever its value: c moves by as much as c moves.",
    ),
    "03.sigmoid-slope": Exercise(
        right=0.8807970779778823 * (1 - 0.8807970779778823),
        because="σ(1 − σ) = 0.8808 · 0.1192: the slope comes out of the value that the forward pass has left.",
        mistakes={
            0.8808: "0.8808 is the value at 2. The slope is made from it: σ·(1 − σ).",
            -2: "−2 is x(1 − x): the input in the place of the output. The σ in σ(1 − σ) is the value, 0.8808.",
            0.25: "0.25 is the slope at 0, the steepest place. At 2 the curve is already flatter.",
            0.1192: "0.1192 is 1 − σ. One factor is missing: σ itself.",
            0.1353: "0.1353 is e^(−2), the slope of one link only. The others are −1, 1 and −1/c².",
            0.1966: "0.1966 is the slope at x = 1, which stands above. At 2 the value is 0.8808: put this in.",
            0.2242: "0.2242 is 1 − σ², the slope of tanh, with the sigmoid's value in it. For the sigmoid it is σ·(1 − σ).",
            0.7758: "0.7758 is σ². The second factor is 1 − σ.",
        },
        hints=(
            "The slope is made of the value σ = 0.8808 alone. The x = 2 is not needed any more.",
            "The formula stands in the heading: one factor is σ. What is the other?",
            "1 − σ = 1 − 0.8808 = 0.1192. Multiply it with σ.",
        ),
        solution="$\\sigma'(2) = \\sigma\\,(1-\\sigma) = 0.8808\\cdot 0.1192 = $ **0.1050**.",
    ),
    "03.four-links": Exercise(
        right=0.0625,
        because="(−½)⁴ = 1/16, and four minus signs make a plus.",
        mistakes={
            -0.0625: "The size is right. Each link turns the direction round: after four links it is the old one again. "
            "(In Python, -0.5**4 is −(0.5⁴): write (-0.5)**4.)",
            -2: "−2 is −½ − ½ − ½ − ½. Along a chain the slopes multiply, they do not add.",
            -0.5: "−½ is what one link does. The next link halves and turns that again.",
            0.125: "1/8 in size is three links. There are four.",
            -0.125: "−1/8 is three links. There are four.",
            0.5: "½ has lost the repetition: each of the four links halves what arrives.",
            0.25: "¼ is what two links let through. There are four.",
            0.063: "Rounded a little too far: ½·½·½·½ has an exact value, 1/16.",
            16: "16 is upside down: each link halves, so what arrives is less than 1.",
        },
        hints=(
            "What does one link do to a nudge? It halves it, and turns it round.",
            "After one link −0.5, after two 0.25. Go on.",
            "Four factors of −½: the size is ½·½·½·½, and four minus signs make …",
        ),
        solution="$(-\\tfrac12)^4 = \\tfrac1{16} = $ **0.0625**: −0.5, 0.25, −0.125, 0.0625.",
    ),
    "03.cube": Exercise(
        right=150,
        because="Forward: 8, 5, 125. Backward: 3·5² = 75 through the cube, 1 through the difference, 2 through the product.",
        mistakes={
            75: "75 is 3·5²: you stopped at the outer link. The inner 2x − 3 has the slope 2.",
            125: "125 is the value at 4. The slope is found on the way back.",
            96: "96 is 3·4²·2: the cube's slope was taken at x = 4. It belongs at the forward value, b = 5.",
            48: "48 is 3·4²: taken at x instead of at b = 5, and without the inner slope 2.",
            50: "50 is 5²·2: the 3 of the power rule is missing.",
            30: "30 is 3·5·2: the slope of b³ is 3b², so the 5 must be squared.",
            77: "77 is 75 + 2. Along a path the slopes multiply.",
            25: "25 is b², at b = 5. The slope of b³ is 3b², and then come the inner links.",
            15: "15 is 3·5: the slope of b³ is 3b², so the 5 must be squared; and the inner 2 is missing.",
            -75: "−75 has −1 for the inner slope, 2 − 3. A constant does not move: the slope of 2x − 3 is 2.",
            384: "384 is 3·8²·2: the cube's slope was taken at a = 8, one stage too early. What goes into the cube is b = 5.",
            218: "218 is the change for a whole step, from 125 to 343. The slope is what change ÷ step tends to as "
            "the step shrinks.",
            300: "300 is 3·5²·4, with x = 4 for the inner slope. The slope of 2x − 3 is 2.",
        },
        hints=(
            "Name the stages: a = 2x, b = a − 3, c = b³. Forward first: what are a, b and c at x = 4?",
            "Forward: 8, 5, 125. Backward, from c down to x: which slope has each of the three stages, and where is it taken?",
            "The cube's slope at b = 5 is 3·5², the difference has 1, the product 2. Multiply.",
        ),
        solution="Forward: $a = 8,\\ b = 5,\\ c = 125$. Backward: $3b^2 = 75$ through the cube, 1 through the "
        "difference, 2 through the product: $75\\cdot1\\cdot2 = $ **150**.",
    ),
    "03.chain": Exercise(
        right=_chain,
        because="One loop: the slope is taken at the value that arrives, and only then does the value move on.",
        mistakes=[
            (_all_at_the_start, "All your slopes are evaluated at the start. Each belongs at the value that arrives at its own link: move x forward."),
            (_after_the_link, "Your x moves on before its slope is taken: f′ belongs at the link's input, not at its result."),
            (_added, "You added the slopes. Along a path they multiply; adding is for several paths."),
            (_last_only, "Only the last link's slope is left at the end: multiply it to what you have, do not replace it."),
            (lambda links, x: 40.0, "40 is right for one chain, at one place. Your function must work for any links and any x."),
            (lambda links, x: links[0][1](x), "That is the first link's slope only: go through all of them. (Is your return inside the loop?)"),
            (_value, "That is the value at the end of the chain, the forward pass. Collect the product of the slopes on the way."),
            (lambda links, x: 1 + _added(links, x), "You added the slopes to the 1. Along a path they multiply: total = total * slope(…)."),
            (lambda links, x: 0.0, "Your product begins with 0, and so it stays 0. Begin with 1."),
            (_at_the_result, "That is each link's slope at its own result, and x stays where it began. The slope is taken at what arrives, x; then x = f(x)."),
            (_values, "You multiplied the values, f(x). What is multiplied along the path are the slopes, slope(x)."),
            (_moved_by_slope, "Your x moves on by the slope. It is f that moves it: x = f(x)."),
            (_outermost_first, "You began at the outer end. The loop goes as x travels, through the innermost link first: as they stand in the list."),
            (lambda links, x: (_chain(links, x), _value(links, x)), "You returned two numbers, and the first of them is right: return it alone."),
            (lambda links, x: 1.0, "Your total is still 1: in the loop, multiply it by each slope, total = total * slope(…)."),
        ],
        hints=(
            "The loop visits the links from the inside out, just as x travels. At each link there are two things to do: multiply, and move on.",
            "First total = total * slope(…), then x = f(…). What stands in both brackets? The number that arrives at this link.",
            "total = total * slope(x), then x = f(x), both inside the loop; after the loop return total.",
        ),
        solution="Take the slope where x has arrived, and only then move x on:\n\n```python\ndef chain(links, x):\n    "
        "total = 1\n    for f, slope in links:\n        total = total * slope(x)\n        x = f(x)\n    return "
        "total\n```",
        inputs=(([AFFINE, SQUARE], 1.0), ([SQUARE, AFFINE, SINE], 0.5), ([EXPONENTIAL, SQUARE, SINE, SQUARE], 0.3)),
    ),
    "03.choose": Exercise(
        right="backward",
        because="One forward and one backward pass, whatever the number of parameters.",
        mistakes={
            "nudge": "It works, and it is how we check the others. But every parameter needs a forward pass of its own.",
            "formula": "Each of the 4,257 derivatives would be at least as long as the formula itself, of 69 million leaves.",
        },
        hints=(
            "Count the passes through the network: each way needs a different number of them.",
            "Nudging needs a pass of its own for every parameter. Writing out the derivatives needs thousands of formulas as long as the network's. And the third?",
            "One of the three needs two passes, whatever the number of parameters.",
        ),
        solution="**backward**. One forward and one backward pass give all 4,257 partial derivatives. Nudging needs "
        "4,258 passes at least, and each written-out derivative is at least as long as the formula of the "
        "network, 69 million symbols.",
    ),
}
