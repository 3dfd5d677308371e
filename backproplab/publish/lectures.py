"""The lectures: which notebooks they take their slides from, and how many minutes each of them gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LENGTH = 50  # minutes of a lecture; what its parts leave is for questions


@dataclass(frozen=True)
class Part:
    """What a lecture takes from one notebook."""

    notebook: str
    minutes: int
    what: str


@dataclass(frozen=True)
class Lecture:
    """Parts of some notebooks.

    Of each, a lecture takes the slides that are tagged `lecture`. A lecture that is `whole` takes all slides whose notes
    for the lecturer do not say ", or leave it for reading" after their minutes.
    """

    name: str
    title: str
    parts: tuple[Part, ...]
    whole: bool = False

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    def starts(self) -> Iterator[tuple[int, Part]]:
        """Each part, and after how many minutes it begins."""
        minute = 0
        for part in self.parts:
            yield minute, part
            minute += part.minutes

    def opening(self) -> str:
        """The first slide, in Markdown."""
        whats = "\n".join(f"- {part.what}" for part in self.parts)
        return f"# {self.title}\n\n{whats}\n\n{self.name.replace('-', ' ').capitalize()}"

    def timetable(self) -> str:
        """The lecturer's notes on the first slide, in Markdown: when each part begins."""
        rows = [f"- **{minute}** {part.what} ({part.notebook}, {part.minutes} minutes)" for minute, part in self.starts()]
        rest = f"- **{self.minutes}** questions ({LENGTH - self.minutes} minutes)"
        return "\n".join(["At minute", "", *rows, rest])


def table(lectures: list[Lecture]) -> str:
    """A plan as the README shows it, in Markdown.

    >>> print(table(LECTURES[:1]).splitlines()[2])
    | 1 One number | `01` 10, `02` 6, `03` 14, `04` 15 | 5 |
    """
    rows = []
    for i, it in enumerate(lectures, 1):
        parts = ", ".join(f"`{part.notebook[:2]}` {part.minutes}" for part in it.parts)
        rows.append(f"| {i} {it.title} | {parts} | {LENGTH - it.minutes} |")
    return "\n".join(["| lecture | notebooks and minutes | left |", "|---|---|---|", *rows])


THREE = [
    Lecture("lecture-1-of-3", "One number", (
        Part("01-nudges", 10, "The corner: what a derivative leaves out"),
        Part("02-functions-as-graphs", 6, "A formula becomes a graph"),
        Part("03-chain-rule", 14, "Multiply along a path"),
        Part("04-forks-sums-and-order", 15, "Add over paths, and wait for all uses"),
    )),
    Lecture("lecture-2-of-3", "The loop", (
        Part("05-build-value", 15, "The engine, built and broken"),
        Part("06-gradient-descent", 13, "One step, for ever, or gone"),
        Part("07-models-layers-and-losses", 7, "What is minimised"),
        Part("08-sgd-noise", 12, "Thirty-two opinions"),
    )),
    Lecture("lecture-3-of-3", "Real ones", (
        Part("09-jacobians-and-tensor", 13, "Which end first: rows instead of matrices"),
        Part("10-trunk-and-branches", 12, "What bends are for, and what gradients share"),
        Part("11-when-there-is-no-gradient", 10, "−5 or +4.5: a slope without a slope"),
        Part("12-capstone", 12, "Which of these programs is broken?"),
    )),
]  # fmt: skip
SIX = [
    Lecture("lecture-1-of-6", "A nudge and a graph", (
        Part("00-start-here", 9, "Guess the knob"),
        Part("01-nudges", 18, "The corner: what a derivative leaves out"),
        Part("02-functions-as-graphs", 19, "A formula becomes a graph"),
    ), whole=True),
    Lecture("lecture-2-of-6", "Along a path, and over paths", (
        Part("03-chain-rule", 22, "Multiply along a path"),
        Part("04-forks-sums-and-order", 25, "Add over paths, and wait for all uses"),
    ), whole=True),
    Lecture("lecture-3-of-6", "An engine, and what it is for", (
        Part("05-build-value", 27, "The engine, built and broken"),
        Part("06-gradient-descent", 20, "One step, for ever, or gone"),
    ), whole=True),
    Lecture("lecture-4-of-6", "What is minimised, and by whom", (
        Part("07-models-layers-and-losses", 19, "Models, layers and losses"),
        Part("08-sgd-noise", 28, "Thirty-two opinions"),
    ), whole=True),
    Lecture("lecture-5-of-6", "Rows instead of matrices", (
        Part("09-jacobians-and-tensor", 27, "Which end first?"),
        Part("10-trunk-and-branches", 21, "What bends are for, and what gradients share"),
    ), whole=True),
    Lecture("lecture-6-of-6", "Where gradients end", (
        Part("11-when-there-is-no-gradient", 24, "−5 or +4.5: a slope without a slope"),
        Part("12-capstone", 22, "Which of these programs is broken?"),
    ), whole=True),
]  # fmt: skip
LECTURES = THREE + SIX
