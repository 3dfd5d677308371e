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
    what the page needs of that, and in `_renewed` what else follows from a new one. `_drawn` is what is shown.
    """

    expression = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _scenes = traitlets.Dict().tag(sync=True)  # expression -> what the page computes with
    _answer = traitlets.Dict().tag(sync=True)  # the text that Python has dealt with, what was wrong, and what is shown

    def __init__(self, expression: str | Sequence[str], **state: Any) -> None:
        texts = [expression] if isinstance(expression, str) else expression
        if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
            raise TypeError(f"{type(self).__name__} needs a text, or a list of texts; got {expression!r}.")
        self._known = {text: self._understood(text, state.get("values", {})) for text in texts}
        self._drawn = self._known[texts[0]]
        super().__init__(expression=texts[0], choices=list(self._known)[: len(self._known) * (len(texts) > 1)], **state)
        self._take()

    def _understood(self, text: str, values: dict[str, float]) -> Any:
        raise NotImplementedError

    def _described(self, understood: Any) -> dict[str, Any]:
        raise NotImplementedError

    def _renewed(self) -> None:
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
            self._drawn = self._known.get(self.expression) or self._understood(self.expression, self.values)
        except ValueError as problem:
            self._answer = {**self._answer, "text": self.expression, "error": str(problem)}
        else:
            self._take()

    def _take(self) -> None:
        """Show the present expression."""
        shown = {**{text: self._known[text] for text in self.choices}, self.expression: self._drawn}
        with self.hold_sync():
            self._renewed()
            self._scenes = {text: self._described(understood) for text, understood in shown.items()}
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
