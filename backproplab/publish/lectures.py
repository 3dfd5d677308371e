"""The lectures: which notebooks they take their slides from, and how many minutes each of them gets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """What a lecture takes from one notebook: its slides that are tagged `lecture`."""

    notebook: str
    minutes: int
    what: str


@dataclass(frozen=True)
class Lecture:
    name: str
    title: str
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    def opening(self) -> str:
        """The first slide, in Markdown."""
        return f"# {self.title}\n\n" + "\n".join(f"- {part.what}" for part in self.parts)


LECTURES = [
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
