"""Exercises of 01-nudges."""

from math import cos, e, exp, log, log10, sin

from ..exercises import Exercise
from .functions import EXPONENTIAL, SINE


def central(f, x, h):
    """The answer to 01.central, with which its mistakes are compared."""
    return (f(x + h) - f(x - h)) / (2 * h)


EXERCISES = {
    # ---- the corner
    "01.corner": Exercise(
        right=20,
        because="A strip of 4, a strip of 3, and the corner where both strips meet: 12 + 4 + 3 + 1.",
        mistakes={
            19: "19 is 12 + 4 + 3: both strips, but not the little square in the corner, where both sides have grown.",
            16: "16 is the area when only the side of 3 grows. The other side grows as well.",
            15: "15 is the area when only the side of 4 grows. The other side grows as well.",
            8: "8 is what is added: 4 + 3 + 1. The question is the new area, and 12 was there before.",
            7: "7 is two strips, 4 + 3. Both sides grow, so there is a corner too; and 12 was there before.",
            14: "14 adds 1 for each side. But each side grows along its whole length, so it adds a strip.",
            13: "13 adds 1 to the area. It is the sides that grow by 1, each along its whole length.",
            12: "12 is the area before anything grew.",
            18: "18 is the way around the new rectangle, 4 + 5 + 4 + 5. The area is width times height.",
        },
    ),
    "01.corner-slope": Exercise(
        right=7,
        because="8, 7.1, 7.01, …: the two strips give 7 per unit of h, and the corner's share is h itself, which "
        "vanishes.",
        mistakes={
            8: "8 is extra area ÷ h for h = 1, corner included. The question is where it goes as h shrinks.",
            0: "The extra area goes to 0, and so does h. Their quotient does not.",
            12: "12 is the area before anything grew. The question is about the extra area, for each unit of h.",
            1: "The corner's share is h, and it vanishes. The two strips, of length 3 and 4, remain.",
            7.1: "7.1 is the quotient at h = 0.1. On which number do the quotients settle, as h goes on shrinking?",
            7.01: "Almost: this is the quotient at one small h, with a bit of the corner still in it. Which number is "
            "left when h is gone?",
            4: "4 is one strip, the one along the side of 4. The other side grows as well.",
            3: "3 is one strip, the one along the side of 3. The other side grows as well.",
        },
        hints=(
            "Slide h further to the left: 0.001, 0.0001. Which number settles down?",
            "The last column is a whole number plus h. Which number is left when h is gone?",
            "Without the corner only the strips remain: one has length 4, the other has length 3.",
        ),
        solution="The two strips add $4h + 3h$, the corner adds $h^2$:\n\n$$\\frac{4h + 3h + h^2}{h} = 7 + h "
        "\\;\\longrightarrow\\; 7 \\quad\\text{as } h \\to 0$$",
    ),
    # ---- slope and derivative
    "01.line": Exercise(
        right=2,
        because="A straight line has the same slope everywhere: x moves by h, 2x + 7 by 2h.",
        mistakes={
            27: "27 is the value of 2x + 7 at 10. The slope says how fast it grows there.",
            9: "9 adds the 7. A constant shifts the line up but does not tilt it: it moves neither before nor after the nudge.",
            20: "20 is the value of 2x at 10. The slope is what one unit of x adds.",
            7: "7 is where the line starts, at x = 0. The slope is what one unit of x adds.",
            2.7: "2.7 is 27 ÷ 10, value by place. The slope compares two moves: by how much 2x + 7 moves, and by how much x does.",
            10: "10 is the place, where x stands. On a straight line the slope does not even depend on it.",
            29: "29 is the value one step further, at 11. It was 27 before: the slope is the difference, for a step of 1.",
            0: "0 would be a level line. The 7 is level, but 2x climbs.",
        },
    ),
    "01.slope-of-3xx-4x": Exercise(
        right=16,
        because="The slope of 3x² + 4x is 6x + 4, which is 16 at x = 2.",
        mistakes={
            20: "20 is the value of 3x² + 4x at 2, and also what 6x + 4x gives. The slope is how fast it grows: 6x + 4.",
            19: "19 is the change for a whole step of 1. The slope is what change ÷ step tends to as the step shrinks.",
            10: "10 is 3x + 4 at 2: the exponent 2 of x² must come down as a factor, so that 3x² gives 6x. (10 is "
            "also value ÷ x, which is no slope.)",
            12: "12 is 6x at 2, the slope of 3x². The term 4x has a slope too, and slopes of a sum add.",
            28: "28 is 6x² + 4 at 2: the exponent came down as a factor, and it must also become one smaller.",
            14: "14 is 3x + 4x at 2: the square has got lost. For 3x² the exponent comes down as a factor, 6x, and 4x "
            "has the slope 4.",
            8: "8 is 2x + 4 at 2: the slope of x² is 2x, but here it is 3x², three times as steep.",
            4: "4 is the slope at x = 0, or that of 4x alone. At x = 2 the 3x² is steep as well.",
            16.3: "16.3 is change ÷ step for a step of 0.1. As the step shrinks further, it tends to a whole number.",
            16.03: "16.03 is change ÷ step for a step of 0.01: nearly. It tends to a whole number.",
        },
    ),
    "01.derivative": Exercise(
        right=lambda x: 6 * x + 4,
        because="6x + 4 is a function: it gives the slope at any x, and 16 is just its value at 2.",
        inputs=((2.0,), (0.0,), (-1.0,)),
        mistakes=[
            (lambda x: 3 * x**2 + 4 * x, "This is f itself. Its derivative says how fast f grows, not how large it is."),
            (lambda x: 16, "16 is the slope at x = 2 only. The derivative is a function: it must answer for every x."),
            (lambda x: 3 * x + 4, "The exponent 2 of x² must come down as a factor: 3x² gives 2·3x."),
            (lambda x: 6 * x**2 + 4, "The exponent has come down as a factor; it must also become one smaller: 3·2·x."),
            (lambda x: 6 * x, "The slope of 3x² is there. The term 4x has a slope of its own, and slopes of a sum add."),
            (lambda x: 6 * x + 4 * x, "The slope of 4x is 4, not 4x: a straight line has the same slope everywhere."),
            (
                lambda x: 6 * x + 7,
                "This is the change for a whole step of 1. The slope is what change ÷ step tends to as the step "
                "shrinks.",
            ),
            (lambda x: 2 * x + 4, "2x is the slope of x². Here it is 3x², three times as steep."),
            (
                lambda x: 3 * x + 4 * x,
                "The square has got lost, and 4x is a straight line: 3x² has the slope 3·2x, and 4x the slope 4.",
            ),
            (lambda x: 6 * x - 4, "6x is there, and so is the 4. But 4x is added, so its slope is added as well."),
        ],
        hints=(
            "Slopes of a sum add: take 3x² and 4x one at a time.",
            "4x is a straight line, so its slope is one number. For 3x² look at the line above: f′(x) = …",
            "The slope of 3x² is 6x and that of 4x is 4: return their sum.",
        ),
        solution="Slopes of a sum add. $3x^2$ has slope $3\\cdot 2x = 6x$, and $4x$ has slope "
        "$4$:\n\n```python\ndef slope_of_f(x):\n    return 6 * x + 4\n```",
    ),
    # ---- the size of the step
    "01.best-step": Exercise(
        right="B",
        because="Of these three, 1e-8 is best for the forward difference: larger steps bend away, smaller ones "
        "drown in "
        "rounding.",
        mistakes={
            "C": "Smaller is better only on paper. At h = 1e-15 the two values differ by a unit or two in their last digit, so "
            "that rounding spoils the slope.",
            "A": "At h = 1e-2 there is no rounding to fear, but the curve bends within the step: the error is about h.",
        },
    ),
    "01.central": Exercise(
        right=central,
        because="It goes as far to the left as to the right, so that the bend of the curve cancels.",
        inputs=((EXPONENTIAL[0], 1.0, 0.1), (SINE[0], 2.0, 0.5)),
        mistakes=[
            (
                lambda f, x, h: (f(x + h) - f(x)) / h,
                "This is the forward difference: it looks to one side only. Take f(x − h) in place of f(x), and mind "
                "how wide the step has become.",
            ),
            (
                lambda f, x, h: (f(x) - f(x - h)) / h,
                "This is the backward difference: it looks to one side only. Take f(x + h) in place of f(x), and "
                "mind "
                "how wide the step has become.",
            ),
            (
                lambda f, x, h: (f(x + h) - f(x - h)) / h,
                "From x − h to x + h is a step of 2h, but you divide by h: the slope comes out twice too large.",
            ),
            (
                lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h,
                "In Python, / 2 * h divides by 2 and then multiplies by h. Put brackets around (2 * h).",
            ),
            (
                lambda f, x, h: f(x + h) - f(x - h) / (2 * h),
                "The division takes in the second value only. Put brackets around the whole difference.",
            ),
            (
                lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h,
                "That is a central difference too, with half the step. Here go a whole h to each side.",
            ),
            (
                lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h),
                "The sign is turned: it must be the value on the right minus the value on the left.",
            ),
            (
                lambda f, x, h: f(x + h) - f(x - h),
                "This is the rise, from left to right. A slope is rise over run: divide it by the distance between the two places.",
            ),
            (
                lambda f, x, h: (f(x + h) - f(x - h)) / 2,
                "You divide by 2 only. The distance between x − h and x + h is 2 times h.",
            ),
            (
                lambda f, x, h: (f(x + h) - f(x)) / (2 * h),
                "The run is right, 2h, but the rise goes from x to x + h only: take f(x − h) in place of f(x).",
            ),
            (
                lambda f, x, h: (f(x + 2 * h) - f(x)) / (2 * h),
                "This is a forward difference with a step of 2h: it looks to one side only. Go one h to the right and one h to the left.",
            ),
            (
                lambda f, x, h: (f(x + h) + f(x - h)) / (2 * h),
                "A rise is a difference: the value on the right minus the value on the left. You added them.",
            ),
            (
                lambda f, x, h: ((f(x) + h) - (f(x) - h)) / (2 * h),
                "You nudged what comes out, f(x) + h. It is the input that is nudged: f(x + h).",
            ),
        ],
        hints=(
            "Rise over run: f on the right minus f on the left, divided by the distance between them.",
            "The two places are x + h and x − h. How far apart are they?",
            "They are 2h apart. In Python the distance needs brackets: / (2 * h).",
        ),
        solution="The two places $x + h$ and $x - h$ lie $2h$ apart:\n\n```python\ndef central(f, x, h):\n    "
        "return (f(x + h) - f(x - h)) / (2 * h)\n```",
    ),
    # ---- two inputs
    "01.sum": Exercise(
        right=(1, 1),
        because="Whatever a gains, the sum gains, and the same for b: both slopes of + are 1, at every point.",
        mistakes={
            (3, 4): "3 and 4 are the operands themselves. If a goes from 3 to 4, the sum goes from 7 to 8.",
            (4, 3): "Each slope the other operand: that is multiplication. For a sum, the other operand stands still and adds nothing.",
            (7, 7): "7 is the sum. The slope is how much it grows for each unit of a nudge.",
            (0.5, 0.5): "The nudge is not shared out between them: only one operand moves at a time, and all of it arrives.",
            (2, 2): "2 is how far the sum moves if both are nudged by 1. Here one is nudged, and the other stands still.",
            (8, 8): "8 is the new value, if one operand grows by 1. The slope is how far the sum has moved, for each "
            "unit of the nudge.",
            (1, 0): "The first is right. Now nudge b by itself, from 4 to 5: the sum goes from 7 to 8.",
            (0, 1): "The second is right. Now nudge a by itself, from 3 to 4: the sum goes from 7 to 8.",
            (0, 0): "0 would say that the sum does not move. Raise a from 3 to 4: the sum goes from 7 to 8.",
        },
    ),
    "01.slope-of-product-in-a": Exercise(
        right=4,
        because="b stands still at 4, so each unit of a adds a strip of length 4: the slope in a is b, the other "
        "operand.",
        mistakes={
            3: "3 is a's own value. Raise a by 1 and the product gains one more b: the slope in a is the other operand.",
            7: "7 is both slopes together, as if a and b were nudged at once. For a's own slope b stands still.",
            12: "12 is the product. Its slope in a is how much it grows for each unit of a.",
            16: "16 is the product after a has grown by 1. It was 12 before: the slope is how far it has moved.",
            8: "8 is the move if both grow by 1, strips and corner. Here only a is nudged.",
            1: "1 is the slope of a sum. In a product each unit of a counts as often as b says.",
        },
    ),
    "01.square-by-one": Exercise(
        right=(7, 6),
        because="16 − 9 = 7 for the whole step; 2x = 6 is the slope. x² is not linear in x, so the two differ.",
        mistakes={
            (7, 7): "The step of 1 is right. But “raise by one and see” gives the slope only where f is linear in that "
            "input. x² bends: as h shrinks, 7, 6.1, 6.01, …",
            (6, 6): "The slope is right. The whole step, though, is 4² − 3²: the curve has bent upwards on the way.",
            (16, 6): "The slope is right. The first number asked how far x² rises: 4² minus 3².",
            (7, 9): "The step is right; 9 is the value of x² at 3. The slope is 2x.",
            (6, 7): "Both numbers are there, the other way round: 7 is the rise, 6 is the slope.",
            (7, 2): "The step is right. 2 is the exponent; the slope is 2x.",
            (7, 3): "The step is right; 3 is x. Both sides of the square x·x grow, so there are two strips: the slope is 2x.",
            (7, 8): "The step is right. 8 is the slope at 4, where the step ends; the question is the slope at 3.",
            (16, 9): "16 and 9 are the values of x² at 4 and at 3. How far has it risen, and how steep is it at 3?",
            (1, 6): "The slope is right. 1 is how far x moves; the question is how far x² rises.",
        },
    ),
    "01.small-change": Exercise(
        right=-0.02,
        because="4·0.01 + 3·(−0.02): each nudge times its own slope, and then the sum.",
        mistakes={
            -0.01: "−0.01 is the sum of the two nudges. Each counts as often as its own slope says: 4 and 3.",
            -0.05: "The slopes are exchanged: the slope in a is b = 4, the slope in b is a = 3.",
            0.1: "The second nudge goes downwards: 3 × (−0.02) is negative.",
            -0.0202: "−0.0202 is the exact change, with its corner. The gradient predicts the part without the corner.",
            0.04: "0.04 is what the nudge of a brings. b is nudged as well: 3 × (−0.02).",
            -0.06: "−0.06 is what the nudge of b brings. a is nudged as well: 4 × 0.01.",
            -0.2: "The sum is right, but for a point that slipped: 4 × 0.01 is 0.04, and 3 × 0.02 is 0.06.",
            11.98: "11.98 is where the product arrives. The question is by how much it changes.",
            -0.0002: "−0.0002 is the corner, the product of both nudges: that is what the gradient leaves out.",
        },
        hints=(
            "Each input has its own slope and its own nudge. Multiply, then add.",
            "The slope in a is b = 4, the slope in b is a = 3. Mind the sign of the second nudge.",
            "4 × 0.01 is 0.04, and 3 × (−0.02) is −0.06. Add the two.",
        ),
        solution="Each nudge counts as often as its own slope says:\n\n$$4\\cdot 0.01 + 3\\cdot(-0.02) = 0.04 - "
        "0.06 = -0.02$$",
    ),
    # ---- the rules
    "01.rule-constant": Exercise(
        right=0,
        because="There is no x in b²: nudge x, and nothing moves. With respect to x, b stands still like a number.",
        mistakes={
            25: "25 is the value of b². Nudge x: the 25 stays where it is.",
            10: "10 is 2b, the slope of b² in b. Here x is nudged, and b stands still.",
            6: "6 is 2x at x = 3. But it is b that is squared, and b does not move with x.",
            1: "1 is the slope of x itself. In b² there is no x that could move it.",
            3: "3 is where x stands. Whatever x is: how far does b² move when x moves?",
            5: "5 is the value of b. How far does b² move when x moves?",
            9: "9 is x², the value. But the question is about b², and it is x that is nudged.",
            2: "2 is the exponent. It would come down if b were nudged; here b stands still.",
        },
        hints=(
            "Which letter moves, and does it occur in b²?",
            "Only x moves. b stands still, so b² does too.",
            "b² is 25 before the nudge of x and 25 after it. Divide that change by h.",
        ),
        solution="There is no $x$ in $b^2$. Before and after a nudge of $x$ it is $25$:\n\n$$\\frac{25 - 25}{h} = "
        "0$$",
    ),
    "01.rule-multiple": Exercise(
        right=5,
        because="Each unit of x adds one 5, wherever you are.",
        mistakes={
            10: "10 is the value of 5x at 2. The slope is what one unit of x adds.",
            2: "2 is where we are. The slope of a product in one operand is the other operand: here the 5.",
            1: "1 is the slope of x alone. The factor 5 makes everything 5 times as steep.",
            0: "The 5 is constant, but x is not: the product moves.",
            7: "7 is 5 + 2. In a product the slope in one operand is the other operand, just as it stands.",
        },
        hints=(
            "A multiple is a product. One operand moves, the other stands still.",
            "The slope of a product in one operand is the other operand, wherever you are.",
            "In c·x the slope is c. Which number plays the part of c here?",
        ),
        solution="By the rule $(c\\,x)' = c$ with $c = 5$, the slope is $5$, at $x = 2$ as everywhere.",
    ),
    "01.rule-power": Exercise(
        right=12,
        because="3x² at 2: the exponent comes down as a factor and becomes one smaller.",
        mistakes={
            8: "8 is the value of x³ at 2. The slope is 3x².",
            6: "6 is 3·2: the exponent came down, but x kept the power 1 in place of 2.",
            4: "4 is x²: the exponent became smaller, but it must also come down as a factor. (Or did you type 3*2^2? Python's power is **.)",
            24: "24 is 3·x³: the exponent came down, but it must also become one smaller.",
            19: "19 is the change for a whole step of 1. The slope is what change ÷ step tends to as the step shrinks.",
            9: "9 is 3², with exponent and place exchanged. It is x that stands at 2: 3 · 2².",
            48: "48 is 3·2⁴: the exponent must become one smaller, not larger.",
            3: "3 is the exponent, or the slope at x = 1. The slope of x³ is 3x², and x is 2.",
            7: "7 is the change back to x = 1, a whole step. The slope is what change ÷ step tends to as the step shrinks.",
        },
        hints=(
            "The power rule: the exponent does two things.",
            "It comes down as a factor, and it becomes one smaller: 3·x².",
            "At x = 2 that is 3 times 4.",
        ),
        solution="$$(x^3)' = 3x^2, \\qquad\\text{at } x = 2:\\quad 3\\cdot 2^2 = 12$$",
    ),
    "01.rule-exponential": Exercise(
        right=8 * log(2),
        because="2³·ln 2: the value itself, times ln of the base.",
        mistakes={
            12: "12 is 3·2²: the power rule. That rule is for xⁿ, where the base moves. Here the exponent moves.",
            24: "24 is 3·2³: the exponent came down as a factor. In aˣ the factor is ln of the base, here ln 2.",
            8: "8 is the value, 2³, without the factor ln 2. Only for base e is that factor 1.",
            log(2): "ln 2 is the slope at x = 0. At x = 3 it is multiplied by the value, 2³.",
            3 * log(2): "2.079 is x·ln 2, with the place where the value belongs: aˣ is 2³ = 8.",
            8 * log(3): "8.789 is 2³·ln 3: the factor is ln of the base, and the base is 2.",
            8 * log10(2): "2.408 has the logarithm to base 10. The factor is the natural logarithm, which Python calls log.",
            8 / log(2): "11.54 is 2³ ÷ ln 2: ln of the base is a factor. It is the logarithm's slope that has it below the line.",
            4 * log(2): "2.773 is 2²·ln 2: where the exponent moves, it does not become one smaller.",
        },
        hints=(
            "Is it the base that moves, or the exponent? That decides which rule applies.",
            "The exponent moves: aˣ·ln a, here with a = 2 and x = 3.",
            "2³ is 8. Give Python the rest: 8 * log(2).",
        ),
        solution="The exponent moves, so the rule is $(a^x)' = a^x \\ln a$:\n\n$$2^3 \\cdot \\ln 2 = 8 \\cdot "
        "0.6931 = 5.545$$\n\n`answer = 2**3 * log(2)`",
    ),
    "01.slope-of-exp": Exercise(
        right=exp(2),
        because="The slope of eˣ is eˣ itself: the output, 7.389 at x = 2.",
        mistakes={
            2 * e: "5.437 is 2·e¹: the power rule x·eˣ⁻¹. That rule is for a moving base and a constant exponent. "
            "Here the exponent moves.",
            2: "2 is the input. The slope of eˣ is its output, eˣ.",
            1: "1 is the slope at x = 0. At x = 2 the curve is far steeper.",
            e: "2.718 is e¹: the exponent became one smaller. That is part of the power rule; here the exponent "
            "moves, and the whole eˣ stays.",
            2 * exp(2): "14.78 is 2·e²: the exponent came down as a factor, as in the power rule. Here the exponent "
            "moves, and no factor comes down.",
            0: "0 would be the slope of e², a constant. Here the exponent is x, and x moves.",
        },
    ),
    "01.slope-of-3^x-2x": Exercise(
        right=3 * log(3) + 2,
        because="3ˣ·ln 3 + 2 at x = 1, which is 3.296 + 2.",
        mistakes={
            3: "3 is 1·3⁰ + 2: the power rule on 3ˣ. That rule needs a constant exponent; here the exponent moves.",
            5: "5 is 3 + 2: ln 3 was left out. (It is also the value of 3ˣ + 2x at 1, but that is not the slope.)",
            3 * log(3): "3.296 is the slope of 3ˣ alone. The term 2x has slope 2, and slopes of a sum add.",
            3 * log(3) * 2: "6.592 is the product of the two slopes. The terms are added, so their slopes are added, too.",
            log(3) + 2: "3.099 is ln 3 + 2, the slope at x = 0. At x = 1 the first term is 3¹·ln 3.",
            3 * log10(3) + 2: "3.431 has the logarithm to base 10. The factor is the natural logarithm, which Python calls log.",
            3 * log(3) + 1: "4.296 is 3·ln 3 + 1: the slope of 2x is 2.",
            2: "2 is the slope of 2x alone. 3ˣ moves with x as well.",
        },
        hints=(
            "Slopes of a sum add, so find the slope of each of the two terms.",
            "3ˣ: the exponent moves, so aˣ·ln a. And 2x is a multiple of x.",
            "3·ln 3 for the first term at x = 1, and 2 for the second: 3 * log(3) + 2.",
        ),
        solution="Two terms, two rules, and slopes of a sum add:\n\n$$(3^x + 2x)' = 3^x\\ln 3 + 2, \\qquad\\text{at "
        "} x = 1:\\quad 3\\cdot 1.0986 + 2 = 5.296$$\n\n`answer = 3 * log(3) + 2`",
    ),
    "01.rule-logarithm": Exercise(
        right=1 / (2 * log(10)),
        because="1 / (x·ln a) with x = 2 and a = 10.",
        mistakes={
            0.5: "½ is 1/x, the slope of ln x. For base 10 divide by ln 10 as well.",
            log10(2): "0.3010 is the value of log₁₀ 2. The slope there is 1 / (x·ln a).",
            log(10) / 2: "1.151 is ln a / x: ln 10 belongs below the line. A logarithm to base 10 is flatter than ln.",
            1 / log(10): "0.4343 is the slope at x = 1. Divide by x as well.",
            1 / (10 * log(2)): "0.1443 has the two letters exchanged: x is 2, and the base a is 10.",
            1 / (2 * log(2)): "0.7213 has ln 2 in it: under the ln belongs the base, 10.",
            0.05: "0.05 is 1/(2·10): the base comes in by its logarithm, ln 10.",
            log(2): "0.6931 is ln 2, the value of a logarithm. The slope is 1 / (x·ln a).",
            2 * log(10): "4.605 is x·ln a, upside down. The slope is one over that: the larger x, the flatter the logarithm.",
        },
        hints=(
            "The rule has two letters, x and a. Which numbers are they here?",
            "x = 2 and a = 10 in 1 / (x·ln a).",
            "In Python: 1 / (2 * log(10)), since log is the natural logarithm.",
        ),
        solution="$$(\\log_{10} x)' = \\frac{1}{x \\ln 10}, \\qquad\\text{at } x = 2:\\quad \\frac{1}{2\\cdot "
        "2.3026} = 0.2171$$\n\n`answer = 1 / (2 * log(10))`",
    ),
    "01.rule-product": Exercise(
        right=3 * e,
        because="1²·e¹ + e¹·2·1: the first times the slope of the second, plus the second times the slope of the "
        "first.",
        mistakes={
            2 * e: "5.437 is 2x·eˣ, either the product of the two slopes or one of the two terms. Both factors move, so "
            "there are two strips: each factor times the slope of the other.",
            e: "2.718 is x²·eˣ: the value, and also the one term in which eˣ moves. The other strip, in which x² moves, is missing.",
            2 + e: "4.718 is 2x + eˣ, the slope of the sum x² + eˣ. In a product each strip is as long as the other factor.",
            3: "The two strips are 1·e and 2·e. You have counted 1 and 2, and left out the e.",
        },
        hints=(
            "Two factors move, so there are two strips.",
            "f·g′ + g·f′ with f = x² and g = eˣ. Their slopes are 2x and eˣ.",
            "At x = 1 the first strip is 1·e and the second is e·2. Add them; exp(1) is e.",
        ),
        solution="With $f = x^2$ and $g = e^x$:\n\n$$f\\,g' + g\\,f' = x^2 e^x + e^x\\cdot 2x, \\qquad\\text{at } x "
        "= 1:\\quad e + 2e = 3e = 8.155$$\n\n`answer = 3 * exp(1)`",
    ),
    "01.rule-division": Exercise(
        right=-0.25,
        because="1/x is x⁻¹, so its slope is −1·x⁻² = −1/x²: more below the line, less above it.",
        mistakes={
            0.25: "The size is right. But if x grows, 1/x gets smaller: the exponent −1 comes down with its sign.",
            0.5: "½ is the value of 1/x at 2. The slope is −1/x².",
            1: "1 is one over the slope of x. The slope of 1/x is not 1 ÷ (the slope of x).",
            -1: "−1 is −1·x⁰: the exponent −1 has become one larger. One smaller than −1 is −2.",
            -0.5: "−½ is −1·x⁻¹: the exponent came down as a factor. It must also become one smaller: x⁻¹ becomes x⁻².",
            -4: "−4 is −x². In −1·x⁻² the square stands below the line: −1/x².",
            0: "0 is the slope of a constant, but 1/x falls as x grows. (Or did you type -1*2^-2? Python's power is **.)",
            -0.125: "−⅛ is −1/x³: one too many. The exponent −1 becomes −2.",
            log(2): "0.6931 is ln 2: 1/x is the slope of ln x. Asked here is the slope of 1/x itself.",
        },
        hints=(
            "Write 1/x as a power of x. Which power is it?",
            "1/x is x⁻¹. The power rule with n = −1: the exponent comes down, with its sign.",
            "−1·x⁻² is −1/x². Put in x = 2.",
        ),
        solution="$$\\left(\\frac1x\\right)' = (x^{-1})' = -1\\cdot x^{-2} = -\\frac1{x^2}, \\qquad\\text{at } x = "
        "2:\\quad -\\frac14$$",
    ),
    "01.rule-quotient": Exercise(
        right=0.25,
        because="(2·1 − 1·1)/2² = ¼: the top's move counts as 1/g, the bottom's as −f/g².",
        mistakes={
            1: "1 is the slope of the top over the slope of the bottom, which is no rule; or it is g·f′ − f·g′, 2 − "
            "1, and is still to be divided by g².",
            0.5: "½ is the value, and also the term in which only the top moves; the bottom moves as well, and takes "
            "something away. (Or did you divide by g in place of g²?)",
            0.75: "¾ adds the bottom's share. A growing bottom makes the quotient smaller: its term carries a minus.",
            -0.25: "The two terms are exchanged: bottom × slope of the top comes first, top × slope of the bottom is taken away.",
        },
        hints=(
            "Top and bottom both move. The rule has a term for each of them.",
            "(g·f′ − f·g′)/g² with f = x and g = x + 1. Both slopes, f′ and g′, are 1.",
            "At x = 1: f = 1 and g = 2. So (2·1 − 1·1) / 2².",
        ),
        solution="With $f = x$ and $g = x + 1$, so $f' = g' = 1$:\n\n$$\\frac{g\\,f' - f\\,g'}{g^2} = \\frac{(x + "
        "1) - x}{(x+1)^2} = \\frac{1}{(x+1)^2}, \\qquad\\text{at } x = 1:\\quad \\frac14$$",
    ),
    # ---- at the end
    "01.domain": Exercise(
        right="log",
        because="For x < 0 there is no logarithm, so there is no slope of it either. The other three have both.",
        mistakes={
            "1/x": "1/x has a value and a slope on both sides; only at 0 itself it has neither.",
            "x^3": "x³ has a value and the slope 3x² everywhere.",
            "2^x": "2ˣ has a value and a slope for every x; it is the base that must be positive, and 2 is.",
        },
        hints=(
            "Try to compute each of the four at x = −2, one after the other.",
            "1/(−2) is −½, (−2)³ is −8, 2⁻² is ¼. One function is left.",
            "No power of e is negative, so one of the four has no value to the left of 0.",
        ),
        solution="| function | value at $-2$ | slope at $-2$ |\n|---|---|---|\n| $1/x$ | $-\\frac12$ | $-1/x^2 = "
        "-\\frac14$ |\n| $x^3$ | $-8$ | $3x^2 = 12$ |\n| $2^x$ | $\\frac14$ | $2^x\\ln 2 = 0.1733$ |\n| "
        "$\\ln x$ | none | none |\n\nNo power of $e$ is negative, so $\\ln$ has no value at $-2$: the "
        "answer is `\"log\"`.",
    ),
    "01.slip": Exercise(
        right="both",
        because="It is f that responds, so it is the derivative of f with respect to a; and a step of 1 gives it "
        "only "
        "because + and × are linear in each operand.",
        mistakes={
            "wording": "Yes, the roles are turned round: f responds, so it is the derivative of f with respect to a. "
            "But would the recipe, raise a by 1, also give the slope of a²? There is a second slip.",
            "step": "Yes, a step of 1 gives the slope only where f is linear in that operand. But read the words again: "
            "whose derivative is it, and with respect to what? There is a second slip.",
            "none": "For a + b and a·b the numbers are right, by luck of the examples. Try the recipe on a² at 3, and "
            "read again whose derivative is asked for.",
        },
        hints=(
            "Test two things: the sentence (whose derivative is it?) and the recipe (does it always work?).",
            "In a nudge of a, what is moved and what responds? And what does the recipe give for a² at 3, whose "
            "slope is 6?",
            "f responds, so f must be named first; and on a² at 3 a step of 1 gives 7, not 6. Count the slips.",
        ),
        solution="**Wording:** $a$ is moved and $f$ responds, so it is the derivative *of $f$ with respect to $a$*. "
        "**Step:** raising $a$ by 1 gives the slope only where $f$ is linear in $a$. For $a^2$ at 3 it "
        "gives $16 - 9 = 7$, but the slope is 6. Sum and product are linear in each operand, so the text's "
        "numbers are right all the same. There is a slip in both.",
    ),
    "01.which": Exercise(
        right="B",
        because="Its error is near 1e-10, several hundred times smaller than that of the best forward difference "
        "here.",
        mistakes={
            "A": "A is about as good as a forward difference gets, but it only looks to one side. In the chart, central with "
            "h = 1e-5 lies far below it.",
            "C": "The central formula does not help against rounding: at h = 1e-12 both curves in the chart have climbed "
            "again. A smaller step is not a better one.",
        },
        hints=(
            "Two things can spoil a slope: the bend of the curve, and rounding. Which of them spoils which of the "
            "three?",
            "A central difference loses the bend much faster than a forward one, so it can do with a larger step, "
            "and larger steps have less rounding.",
            "At h = 1e-12 rounding rules, whatever the formula. And at its best step the central error is several "
            "hundred times smaller than the forward error at its own.",
        ),
        solution="Read the errors off the chart: forward at $10^{-8}$ is off by some $10^{-8}$ to $10^{-7}$, "
        "central at $10^{-5}$ by about $10^{-10}$, and central at $10^{-12}$ by about $10^{-4}$: there "
        "rounding rules. So B.",
    ),
    "01.wave": Exercise(
        right=lambda x: x * cos(x) + sin(x),
        because="The product rule with f = x and g = sin x, whose slope is cos x.",
        inputs=((1.0,), (2.0,), (-0.5,)),
        mistakes=[
            (cos, "cos x is the slope of sin x times the slope of x. Slopes of a product are not multiplied: there are "
             "two strips, each factor times the slope of the other."),
            (lambda x: x * cos(x), "This is the strip in which sin x moves. x moves as well: its strip is missing."),
            (sin, "This is the strip in which x moves. sin x moves as well: its strip is missing."),
            (lambda x: 1 + cos(x), "1 + cos x is the slope of the sum x + sin x. In a product each strip is as long as the other factor."),
            (lambda x: x * sin(x) + cos(x), "Two strips, but exchanged: x goes with the slope of sin x, and sin x with the slope of x."),
            (lambda x: x * sin(x), "This is the function itself. How fast does it grow?"),
            (
                lambda x: sin(x) - x * cos(x),
                "The two strips add: there is no minus in the product rule, nor in the slope of sin x, which is cos x.",
            ),
            (lambda x: x * cos(x) - sin(x), "Both strips are there, but they add: the minus belongs to the rule for a quotient."),
            (lambda x: sin(x) + cos(x), "The strip in which sin x moves is as long as the other factor: x·cos x, not cos x alone."),
            (
                lambda x: x * cos(x) + x * sin(x),
                "The first strip is right. In the second, x moves, with slope 1, and sin x is its length: no x is "
                "left there.",
            ),
        ],
        hints=(
            "x·sin x is a product of two functions of x. Both factors move.",
            "f·g′ + g·f′ with f = x and g = sin x. What are f′ and g′?",
            "f′ is 1 and g′ is cos x. In Python: x * cos(x), and one more term.",
        ),
        solution="The product rule with $f = x$, $f' = 1$, $g = \\sin x$, $g' = \\cos x$:\n\n$$(x \\sin x)' = "
        "x\\cos x + \\sin x$$\n\n```python\ndef slope_of_x_sin_x(x):\n    return x * cos(x) + sin(x)\n```",
    ),
}  # fmt: skip
