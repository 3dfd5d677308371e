"""Exercises of 01-nudges."""

from ..exercises import Exercise

EXERCISES = {
    "01.slope-of-3xx-4x": Exercise(
        right=16,
        because="The slope of 3x² + 4x is 6x + 4, which is 16 at x = 2.",
        mistakes={
            20: "20 is the value of 3x² + 4x at 2. The slope there asks for something else: how fast it grows.",
            19: "19 is the change for a whole step of 1. The slope is what change ÷ step tends to as the step shrinks.",
        },
        hint="Each term by the power rule: what does 3x² give, what 4x?",
    ),
}
