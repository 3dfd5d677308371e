"""Exercises of 11-when-there-is-no-gradient."""

from ..exercises import Exercise
from .functions import Function


def _best_of_three(f: Function, u: float, h: float) -> float:
    return min(u, u + h, u - h, key=f)


def _estimate(cost: float, action: int, p: float, baseline: float) -> float:
    return (cost - baseline) * (action - p)


STAIRS = Function("⌊4(u − 1)²⌋", lambda u: float(4 * (u - 1) ** 2 // 1))


EXERCISES = {
    "11.stairs": Exercise(
        right="level",
        because="949 of 1,000 nudges say exactly 0.",
        mistakes={
            "hill": "That is how steep the whole hill is. A nudge of 0.001 nearly always stays on one stair, and there it is level.",
            "huge": "Some do: those that happen to cross an edge. But edges are rare.",
        },
    ),
    "11.slip-flat": Exercise(
        right="plateau",
        because="1 − exp(−8u²) has a gradient at every single place. It is only that far out it is nearly 0, and tells nothing.",
        mistakes={
            "staircase": "At each edge of a stair the function jumps: there it has no derivative.",
            "hole": "Between −1 and 1 it has not even a value.",
            "none": "That is what the sentence of the source says. Look at the third picture: where does it have a kink or a jump?",
            "all": "The first one jumps, and the second one is missing in the middle.",
        },
        hints=(
            "Differentiable at a place: there is one tangent. Which picture has a tangent everywhere?",
            "Look for jumps, and for places without a value. One picture has neither.",
            "It is the one without edges and without gaps: where it is level, its tangent is level too.",
        ),
        solution="The **plateau**, $1-e^{-8u^2}$, is differentiable everywhere: its derivative is $16\\,u\\,e^{-8u^2}$. At $u = -2$ that is about $-4\\cdot 10^{-13}$: it exists, and is of no use. So flat functions *are* differentiable; what they lack is a gradient that tells something.",
    ),
    "11.kink": Exercise(
        right=0,
        because="Each relu says 0 at 0, and 0 − (−0) is 0. But the whole thing is just x, with the slope 1.",
        mistakes={
            1: "1 is the true slope: relu(x) − relu(−x) is x. The engine does not see that: it applies its rule at the kink, twice.",
            0.5: "½ is what nudging to both sides says of a single relu at 0. The engine's rule says another number.",
            2: "Each relu gets the slope that the rule has for the kink, 0 in this library.",
        },
    ),
    "11.compass": Exercise(
        right=_best_of_three,
        because="The lowest of three values, and if nothing is lower, stay.",
        mistakes=[
            (lambda f, u, h: max(u, u + h, u - h, key=f), "That takes the highest of the three: min, not max."),
            (lambda f, u, h: min(u, u + h, u - h), "That is always u − h, whatever f says: it compares the places. To compare what f is worth there, write min(…, key=f)."),
            (lambda f, u, h: min(f(u), f(u + h), f(u - h)), "That is the lowest value. Return the place where it is lowest."),
            (lambda f, u, h: f(min(u, u + h, u - h)), "That is what f is worth at the leftmost place. Return the place where f is lowest."),
            (lambda f, u, h: min((f(u), u), (f(u + h), u + h), (f(u - h), u - h)), "That is the lowest value and its place, as a pair. Return the place only."),
            (
                lambda f, u, h: min(range(3), key=[f(u), f(u + h), f(u - h)].__getitem__),
                "That says which of the three it is: 0, 1 or 2. Return the place itself.",
            ),
            (lambda f, u, h: min(u + h, u - h, key=f), "Staying is missing: if both neighbours are higher, it must remain at u."),
            (lambda f, u, h: min(u, u + h, key=f), "It looks to one side only: try u − h, too."),
            (lambda f, u, h: min(u, u - h, key=f), "It looks to one side only: try u + h, too."),
            (lambda f, u, h: min(u + h, u - h, u, key=f), "Nearly: where all three are equal, this goes to u + h. Move only if it is lower there: < in place of <=. (And min with key=f takes the first of equals: name u first.)"),
            (lambda f, u, h: u, "That never moves. Where f is lower beside u, go there."),
            (lambda f, u, h: min(u - h, u + h, u, key=f), "Nearly: where all three are equal, this goes to u − h. Move only if it is lower there: < in place of <=. (And min with key=f takes the first of equals: name u first.)"),
            (lambda f, u, h: u - h * (f(u + h) - f(u - h)), "That is a step by a difference. Here nothing is divided or subtracted: only compare three values."),
        ],
        hints=(
            "Three places, three values of f. Which place has the smallest?",
            "Python's min(a, b, c, key=f) gives the one of a, b, c at which f is smallest; the first, if several are.",
            "return min(u, …, …, key=f)",
        ),
        solution="```python\ndef best_of_three(f, u, h):\n    return min(u, u + h, u - h, key=f)\n```\n\n`min` returns the first of several equal ones, so u itself comes first: no step without a gain.",
        inputs=[(STAIRS, u, h) for u, h in ((-1.0, 0.5), (3.0, 0.5), (1.0, 0.5), (1.1, 0.05), (0.0, 0.25))],
    ),
    "11.one-knob": Exercise(
        right="compass",
        because="With one knob, compass search asks for three values; η = 0.2 needs five gradients.",
        mistakes={
            "gradient": "One would think so. But with one knob there are only two ways to go, and both are quickly tried.",
        },
    ),
    "11.growth": Exercise(
        right=8,
        because="Evolution needs 116 values with 8 knobs and 910 with 64: about in proportion to the number of knobs.",
        mistakes={
            1: "That would be as good as the gradient, whose 5 steps do not grow at all.",
            64: "That would be the square: 8 times as many knobs, 64 times the work. It is milder.",
            10**56: "That is what *blind* drawing does, from 10⁸ to 10⁶⁴. A search that goes on from its best point is far better.",
        },
    ),
    "11.hundred": Exercise(
        right=70,
        because="142 of 200 classes, 71 %. A hundred presses do little better than tossing a coin.",
        mistakes={
            71: "So exact? Yes, 71 %, and the nearest of the four is 70.",
            50: "A little better than that: the mean does lean the right way.",
            90: "Too hopeful: a single draw scatters by 4.75, the mean of a hundred still by 0.475, and the slope is only 0.25.",
            100: "Far too hopeful: a single draw scatters by 4.75, the mean of a hundred still by 0.475, and the slope is only 0.25.",
        },
    ),
    "11.draw": Exercise(
        right=-0.25,
        because="(9 − 9.5)·(1 − ½) = −0.25: cheaper than the baseline, so make it more frequent.",
        mistakes={
            0.25: "The size is right. Two signs: 9 − 9.5 is negative, and 1 − ½ is positive.",
            4.5: "4.5 = 9·½ is the draw without the baseline. Take 9.5 away from the cost first.",
            -0.5: "−0.5 is 9 − 9.5. It still has to be multiplied by a − π.",
            0.5: "That is only one factor, 1 − ½ or 9.5 − 9. Multiply both: cost minus baseline, and a − π.",
            -4.5: "That has no baseline, and the sign of a − π turned round.",
            -5: "9·½ − 9.5? The baseline is taken away from the cost before it is multiplied. (Or did you press button 0, without a baseline?)",
            4.25: "9 − 9.5·½? The bracket comes first: 9 − 9.5, and then times a − π.",
            -4.75: "9.5 is taken away from the cost, 9. Where is the cost?",
            -0.125: "That is multiplied by ½ once too often: π(1 − π) comes in by itself when one averages over the buttons.",
            0: "It would be 0 if the cost were just the baseline, or a just π. Here a is 1, and the cost 9.",
        },
        hints=(
            "Three numbers: the cost minus the baseline; a − π; their product.",
            "Cost minus baseline is 9 − 9.5. And a is 1, π is ½.",
            "(−0.5) · 0.5",
        ),
        solution=r"$(C-b)\,(a-\pi) = (9-9.5)\,(1-\tfrac12) = -0.5\cdot 0.5 = -0.25$. And button 0 gives $(10-9.5)\,(0-\tfrac12) = -0.25$ as well: with this baseline there is no scatter left.",
    ),
    "11.estimate": Exercise(
        right=_estimate,
        because="The cost, less the baseline, times the slope of log π(a).",
        mistakes=[
            (lambda cost, action, p, baseline: cost * (action - p), "The baseline is missing: take it away from the cost."),
            (lambda cost, action, p, baseline: (baseline - cost) * (action - p), "One of the two factors has its sign turned round: cost minus baseline, and action minus π."),
            (lambda cost, action, p, baseline: cost * (action - p) - baseline, "The baseline is taken away from the cost, before it is multiplied. Like this, it would shift the mean."),
            (lambda cost, action, p, baseline: (cost - baseline) * p, "The second factor is a − π, not π."),
            (lambda cost, action, p, baseline: (cost - baseline) * action, "The second factor is a − π: button 0 tells something, too."),
            (lambda cost, action, p, baseline: (cost - baseline) * (1 - p), "1 − π belongs to button 1 only. For both buttons, it is a − π."),
            (lambda cost, action, p, baseline: (cost - baseline) * (action - p) * p * (1 - p), "π(1 − π) comes in by itself when one averages over the buttons. The second factor is just a − π."),
            (lambda cost, action, p, baseline: (cost - 9.5) * (action - p), "9.5 was one example. What is to be taken away is given as baseline."),
            (lambda cost, action, p, baseline: (cost - baseline) * (action - 0.5), "½ was one example. π is given as p, and need not be ½."),
            (lambda cost, action, p, baseline: (cost - baseline) * action - p, "A bracket is missing: only p is taken away at the end. It is the *product* of two differences."),
            (lambda cost, action, p, baseline: cost - baseline * (action - p), "A bracket is missing: only the baseline is multiplied. It is the *product* of two differences."),
            (lambda cost, action, p, baseline: cost - baseline * action - p, "Brackets are missing. It is the *product* of two differences: cost minus baseline, and action minus π."),
            (lambda cost, action, p, baseline: (cost + baseline) * (action - p), "The baseline is taken away from the cost, not added."),
            (lambda cost, action, p, baseline: (cost - baseline) * abs(action - p), "For button 0, a − π is negative: 0 − π. Without its sign the estimate is not right in the mean."),
            (lambda cost, action, p, baseline: action - p, "That is the slope of log π(a). It still has to be multiplied by cost minus baseline."),
            (lambda cost, action, p, baseline: cost - baseline, "That is how much dearer it was than expected. It still has to be multiplied by a − π."),
        ],
        hints=(
            "It is the formula of this section, with a return in front of it.",
            "Two factors: how much dearer than the baseline, and a − π.",
            "return (cost − …) * (action − …)",
        ),
        solution="```python\ndef estimate(cost, action, p, baseline):\n    return (cost - baseline) * (action - p)\n```",
        inputs=((10.0, 0, 0.5, 0.0), (9.0, 1, 0.5, 0.0), (9.0, 1, 0.9, 9.1), (10.0, 0, 0.9, 9.1), (3.0, 1, 0.25, 5.0)),
    ),
    "11.best-baseline": Exercise(
        right=9.9,
        because="At 9.9 both buttons give (C − b)(a − π) = −0.09: no scatter at all.",
        mistakes={
            9.1: "9.1 is the mean cost, the usual choice and a good one (0.24 instead of 2.97). But there is a better one.",
            9.5: "9.5 was best at π = ½. Now the buttons are not pressed equally often.",
            9: "At 9, button 1 says 0, and button 0 says (10 − 9)·(−0.9) = −0.9: that still scatters.",
            10: "At 10, button 0 says 0, and button 1 says (9 − 10)·0.1 = −0.1: close, but it still scatters.",
            0: "At 0 it scatters by 2.97. Look for the lowest point of the curve.",
            -0.09: "−0.09 is what each press says with the best baseline. Which b makes both buttons say it?",
        },
        hints=(
            "Press Run all in the explorer above. Where does b come to rest?",
            "No scatter means that both buttons say the same: (10 − b)·(−0.9) = (9 − b)·0.1.",
            "−9 + 0.9b = 0.9 − 0.1b",
        ),
        solution=r"Both draws are equal if $(10-b)(0-0.9) = (9-b)(1-0.9)$, so $-9 + 0.9\,b = 0.9 - 0.1\,b$ and $b = 9.9$. It is $9\cdot 0.1 + 10\cdot 0.9$: each cost is weighted with the probability of the *other* button. In general, the best baseline is $E[C s^2] / E[s^2]$ with $s = a - \pi$; the mean cost $E[C]$ only comes near it.",
    ),
    "11.wrong-button": Exercise(
        right=30,
        because="About 30 of 100 came to love the dearer button. With the baseline, none.",
        mistakes={
            0: "The steps are right on average only. These learners live on single draws.",
            3: "Far more: a few unlucky draws, and button 1 is hardly ever pressed again.",
            31: "So exact? Yes, about 30.",
            50: "Not quite half: the mean does push the right way.",
        },
    ),
    "11.lopsided": Exercise(
        right="left",
        because="It stands at about 0.52: the parabola has to make do with one steepness for both sides, and puts its lowest point too far to the gentle side.",
        mistakes={
            "at": "That would need a critic that can be steep on one side and gentle on the other. A parabola cannot.",
            "right": "The right-hand side is the steep one: it pushes the parabola's lowest point away.",
        },
    ),
    "11.slow-game": Exercise(
        right="outward",
        because="1.0513 in place of 1.6446: more slowly, but outward all the same.",
        mistakes={
            "inward": "No step ever leads inward: its length is added at a right angle.",
            "circle": "Only in the limit of infinitely small steps.",
        },
    ),
    "11.differentiable": Exercise(
        right="log-probability",
        because="The slope of log π(a) is one of the two factors. The cost is only a number.",
        mistakes={
            "both": "In supervised learning, yes. Here the cost is never differentiated: it enters as a number, such as 9.",
            "cost": "The other way round: the cost enters as a number, such as 9.",
            "none": "The cost has no gradient, that is true. But in (C − b)·∇log π(a) something is differentiated.",
        },
        hints=(
            "Look at the formula: which of its factors has a ∇ in front of it?",
            "C is 9 or 10. Did we ever ask how it changes?",
            "The ∇ stands in front of log π(a).",
        ),
        solution=r"Only the **log-probability**: $(C-b)\,\nabla\log\pi(a)$ differentiates the policy, which is our own network, transparent from end to end. $C$ is a number that somebody told us; it may come from a staircase, a game, or a fall from a bicycle.",
    ),
    "11.critic-gradient": Exercise(
        right="through",
        because="Then ∂ĉ/∂a is a factor of the actor's gradient. A baseline is only subtracted, as a number.",
        mistakes={
            "baseline": "A baseline is subtracted from the cost, as a number. Nobody differentiates it with respect to the action; it may not even depend on the action.",
            "both": "A baseline is subtracted from the cost, as a number. Nobody differentiates it with respect to the action.",
            "neither": "One of them stands between the actor and the cost: the gradient has to pass through it.",
        },
        hints=(
            "In one of the two roles, a gradient travels back over the critic to the actor.",
            "Look at the block diagram: on which way do the dashed arrows come to a?",
            "A baseline is subtracted, and that is all. What is left?",
        ),
        solution=r"**Through.** In the first role the actor learns from $\frac{\partial\hat c}{\partial a}\cdot\frac{\partial a}{\partial w}$, so the critic must have a slope with respect to the action. In the second the critic only makes $C - b$ small; the gradient comes from $\nabla\log\pi$.",
    ),
    "11.slip-reward": Exercise(
        right="cost",
        because="The reward is minus the cost, so a high cost is what hurts.",
        mistakes={
            "reward": "That is how the sentence reads. But reward = −cost: much reward is little cost.",
            "both": "They have opposite signs, so one of them is good to have.",
            "neither": "One of the two is what we make small.",
        },
        hints=(
            "Which of the two do we make small?",
            "Staying upright for 500 ticks: reward 500, cost −500. Is that good or bad?",
            "We minimise it, so it is what hurts.",
        ),
        solution="The **cost**. Reward = −cost. The bicycle's reward is the number of ticks, 500 at best; its cost is −500 at best, and less negative for those who fall. Minimising the cost is maximising the reward: the cost is the punishment. With rewards the same estimate is used to go *up*.",
    ),
    "11.choose-few": Exercise(
        right="compass",
        because="Two knobs, exact answers: four neighbours are quickly asked, and each answer can be trusted.",
        mistakes={
            "evolution": "It would do, too: 37 values against 17 in the table. With two knobs and exact answers there is a cheaper one.",
            "estimate": "An estimate averages many draws to get one direction. With two knobs you can simply try them.",
        },
        hints=(
            "How many neighbours does a point have, with two knobs?",
            "Look at the line d = 2 of the table.",
            "The one that looks north, east, south and west.",
        ),
        solution="**Compass.** With two knobs there are four neighbours, and without noise a comparison of two values can be trusted. In the table it needs 17 values, evolution 37 (in the median), and an estimate averages dozens of draws for a single step.",
    ),
    "11.choose-many": Exercise(
        right="estimate",
        because="It averages over many noisy answers, and every answer counts. Single comparisons are mostly about the noise.",
        mistakes={
            "compass": "Each of its comparisons rests on two noisy values, and a lucky one is never questioned again: it ended at 1.31, above its start.",
            "evolution": "Without noise, a good choice. With noise, a lucky value is taken for progress and never questioned again: it ended at 1.15, above its start.",
        },
        hints=(
            "Two of the three compare single values. What does the noise do to a comparison?",
            "Which of the three averages?",
            "Look at the line with noise 0.1: who ended below 1, where all began?",
        ),
        solution="The **gradient estimate**, with antithetic pairs or a baseline. Compass and evolution keep the best value they have ever seen; with noise that is mostly the *luckiest* one, and nothing beats it afterwards. An estimate averages over all its draws, so half of the noise cancels whenever their number is quadrupled. And if you can get a true gradient at all, take that.",
    ),
}
