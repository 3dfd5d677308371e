"""A prediction that comes before the reveal: a number, a choice or an order; what is revealed stays closed until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from textwrap import wrap
from typing import Any

import traitlets

from ..course import predict
from ..course.catalogue import EXERCISES
from ..draw import Picture
from ..draw.paper import MARGIN, Paper
from ..expression import read
from .explorer import Explorer, module, style

OPEN = "No prediction yet."
WORDS = {
    "alone": "There is no Python behind this page, so nobody can answer a prediction here; in a notebook it works.",
    "silent": "Python does not answer, so the prediction cannot be looked at: run this cell again.",
    "empty": "Predict first: a wrong guess teaches more than none.",
}


class Predict(Explorer):
    """The question of a prediction, as a number box, a choice or an order; the reveal stays closed until it is answered.

    `name` is that of an exercise of the course. Its right answer says what is asked for: a number (or several), or one of
    some words, of which `options` (word -> label, or words) are those that can be chosen; if they are not given, they are
    the words that the exercise knows. With `items`, the learner brings these into an order, by buttons. `question` is a
    sentence above the input; `reveal` an explorer, a picture or a plot that is shown with the answer.

    `entered` (a text for each box, the chosen word, or all items in their order) is what the page holds so far; with
    `answer` it is given. Once the answer could be understood it stands, is noted in the learner's progress, and
    `verdict` and `words` say what it shows. The right answer is not in the page before.

    >>> prediction = Predict("03.forty")
    >>> print(prediction.snapshot())
    No prediction yet.
    >>> prediction.answer = ["10"]
    >>> print(prediction.words.partition(":")[0])
    ✗ You predicted 10. 10 is the slope of the square, 2·5
    >>> prediction.close()
    """

    _esm = module("predict")
    _css = style()

    name = traitlets.Unicode()
    entered = traitlets.List(traitlets.Unicode()).tag(sync=True)
    answer = traitlets.List(traitlets.Unicode(), None, allow_none=True).tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    _asked = traitlets.Dict().tag(sync=True)
    _reveal: Any = None
    _revealed = traitlets.Unicode("").tag(sync=True)  # a picture, or the reference of an explorer

    def __init__(
        self,
        name: str,
        /,
        *,
        question: str = "",
        options: Mapping[str, str] | Sequence[str] | None = None,
        items: Sequence[str] | None = None,
        reveal: Any = None,
    ) -> None:
        if name not in EXERCISES:
            known = ", ".join(known for known in EXERCISES if known[:2] == name[:2]) or ", ".join(EXERCISES)
            raise KeyError(f"There is no prediction called {name!r}; those of this notebook are {known}.")
        if reveal is not None and not isinstance(reveal, Explorer) and not hasattr(reveal, "html"):
            raise TypeError(f"reveal shows an explorer, a picture or a plot; got {type(reveal).__name__}.")
        right = EXERCISES[name].right
        if callable(right):
            raise TypeError(f"{name!r} asks for a function, which is no prediction: use check({name!r}, your_function).")
        self._reveal = reveal
        if items is not None:
            kind, labels = "order", {item: item for item in map(str, items)}
        elif isinstance(right, str):
            words = options or sorted({right, *(mistake for mistake in EXERCISES[name].mistakes)})
            kind, labels = "choice", {str(k): str(v) for k, v in (words.items() if isinstance(words, Mapping) else zip(words, words))}
        else:
            parts = right if isinstance(right, tuple) else (right,)
            if not all(isinstance(part, Real) for part in parts):
                raise TypeError(f"{name!r} asks for more than numbers, which has no box here: use check or predict in a cell.")
            many = len(parts)
            kind, labels = "numbers", {str(i): "Your prediction" if many == 1 else f"Number {i}" for i in range(1, many + 1)}
        entered = {"order": list(labels), "choice": [""]}.get(kind, [""] * len(labels))
        super().__init__(name=name, entered=entered)
        self._asked = {"kind": kind, "labels": list(map(list, labels.items())), "question": question, "words": WORDS}

    @property
    def guess(self) -> Any:
        """The answer as the exercise takes it: a number, a word or a tuple; None before there is one."""
        if self.answer is None:
            return None
        if not all(text.strip() for text in self.answer):
            raise ValueError(WORDS["empty"])
        match self._asked["kind"]:
            case "order":
                return tuple(self.answer)
            case "choice":
                return self.answer[0]
            case _:
                found = [_number(text) for text in self.answer]
                return found[0] if len(found) == 1 else tuple(found)

    def snapshot(self, step: int | None = None) -> Picture:
        """What can be said: that there is no prediction yet, or what it showed."""
        told = [self._asked["question"], self.words or OPEN]
        lines = [line for text in told if text for line in wrap(text, 92)]
        paper = Paper(self.theme, 700, 22 * len(lines) + 2 * MARGIN, "\n".join(told).strip())
        for i, line in enumerate(lines):
            paper.add(paper.root, "text", line, x=0, y=16 + 22 * i, font_size=15, fill=paper.theme.ink)
        alt = " ".join(told).strip()
        return Picture(paper.svg(), alt, alt, 700)

    def __repr__(self) -> str:
        return f"Predict({self.name!r})"

    def close(self) -> None:
        if isinstance(self._reveal, Explorer):
            self._reveal.close()
        super().close()

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("entered", "answer")
    def _as_asked(self, proposal: Any) -> Any:
        given, asked = proposal.value, self._asked
        if given is None or not asked:
            return given
        known = [key for key, _ in asked["labels"]]
        if len(given) != len(self.entered) or (asked["kind"] == "order" and sorted(given) != sorted(known)):
            raise traitlets.TraitError(f"Expected {self._wanted(known)}; got {given!r}.")
        if asked["kind"] == "choice" and given[0] not in ("", *known):
            raise traitlets.TraitError(f"Expected {self._wanted(known)}; got {given!r}.")
        return given

    def _wanted(self, known: Sequence[str]) -> str:
        match self._asked["kind"]:
            case "order":
                return f"all of these in an order: {', '.join(known)}"
            case "choice":
                return f"a list with one of {', '.join(known)}"
            case _:
                return f"a list of {len(known)} text{'s' * (len(known) > 1)}"

    @traitlets.observe("answer")
    def _on_answer(self, change: Any) -> None:
        if self.answer is None or self.verdict in ("right", "wrong"):
            return
        with self.hold_sync():
            self.entered = self.answer
            try:
                feedback = predict(self.name, self.guess)
            except ValueError as problem:  # nothing, or no number
                self.verdict, self.words, self.answer = "unclear", f"? {problem}", None
                return
            self.verdict, self.words = feedback.verdict, repr(feedback)
            if isinstance(self._reveal, Explorer):
                self._revealed = f"IPY_MODEL_{self._reveal.model_id}"
            elif self._reveal is not None:
                self._revealed = self._reveal.html()


def _number(text: str) -> float:
    """A number as a learner types it: `40`, `−1/4`, `3.9e-7`."""
    expected = f"Expected a number, such as 40 or -1/4; got {text!r}."
    if set(text) & set("=;"):  # signs of an expression with named parts, which nobody means here
        raise ValueError(expected)
    expression = read(text)
    if expression.names:
        raise ValueError(expected)
    found = expression.graph().output.data
    return int(found) if float(found).is_integer() else found
