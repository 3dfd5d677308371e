"""What the explorers of a typed text have in common: Python reads it, and a mistake leaves the last good picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import traitlets

from ..value import to_float
from .explorer import Explorer


class TypedExplorer(Explorer):
    """An explorer of an expression; given several, the page offers them as `choices`, also without a kernel.

    A subclass says in `_understood` what it makes of a text (a ValueError says what is wrong with it), in `_described`
    what the page needs of that, and in `_renewed` what else follows from a new one (a ValueError says that it cannot be
    shown as things are). `_drawn` is what is shown.
    """

    expression = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _scenes = traitlets.Dict().tag(sync=True)  # expression -> what the page computes with
    _answer = traitlets.Dict().tag(sync=True)  # the text that Python has dealt with, what was wrong, and what is shown

    def __init__(self, expression: str | Sequence[str], **state: Any) -> None:
        texts = [expression] if isinstance(expression, str) else expression
        if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
            raise TypeError(f"{type(self).__name__} needs a text, or a list of texts; got {expression!r}.")
        self._known = {text: self._understood(text) for text in texts}
        self._drawn = self._known[texts[0]]
        super().__init__(expression=texts[0], choices=list(self._known)[: len(self._known) * (len(texts) > 1)], **state)
        self._scenes = {text: self._described(understood) for text, understood in self._known.items()}
        self._take(self._drawn)

    def _understood(self, text: str) -> Any:
        raise NotImplementedError

    def _described(self, understood: Any) -> dict[str, Any]:
        raise NotImplementedError

    def _renewed(self, understood: Any) -> None:
        """Bring the other traits in line with a new expression."""

    @property
    def error(self) -> str:
        """What is wrong with the text, in words; nothing if all is well."""
        return self._answer["error"]

    @traitlets.observe("expression")
    def _on_expression(self, change: Any) -> None:
        if not self._answer:  # still being built
            return
        try:
            self._take(self._known.get(self.expression) or self._understood(self.expression))
        except ValueError as problem:
            self._answer = {**self._answer, "text": self.expression, "error": str(problem)}

    def _again(self) -> None:
        """Something else has changed: perhaps the text can now be shown."""
        if self._answer["error"]:
            self._on_expression(None)

    def _take(self, understood: Any) -> None:
        """Show the present expression."""
        with self.hold_sync():
            self._renewed(understood)
            self._drawn = understood
            if self.expression not in self._scenes:
                offered = {text: scene for text, scene in self._scenes.items() if text in self.choices}
                self._scenes = {**offered, self.expression: self._described(understood)}
            self._answer = {"text": self.expression, "error": "", "shown": self.expression}


def finite(name: str, x: Any) -> float:
    """A number that a trait can hold; −0 becomes 0."""
    try:
        x = to_float(x) + 0.0
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"{name}: {error}") from None
    if not math.isfinite(x):
        raise traitlets.TraitError(f"{name} needs a finite number; got {x}.")
    return x
