"""What every explorer has in common: a static twin, a life cycle, a theme."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget
import traitlets
from IPython import get_ipython

from ..draw import Picture


class Explorer(anywidget.AnyWidget):
    """An interactive picture that leaves a static twin where no widget can be shown.

    Explorers live in ipywidgets' registry until closed: `close()` frees one, and running a cell again closes
    the explorers that it made before.
    """

    theme = traitlets.Enum(["light", "dark"], "light").tag(sync=True)  # the page sets it to its own

    _made: ClassVar[dict[str, tuple[str, list[Explorer]]]] = {}  # cell -> (execution, explorers)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._replace_earlier_ones()

    def twin(self) -> Picture:
        """The static picture of the present state."""
        raise TypeError(f"{type(self).__name__} has no static twin: every explorer says in `twin` how it is drawn.")

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, **self.twin()._repr_mimebundle_()}, metadata

    def _replace_earlier_ones(self) -> None:
        shell = get_ipython()
        request = shell.get_parent() if hasattr(shell, "get_parent") else {}
        cell = request.get("metadata", {}).get("cellId")
        if cell is None:  # a front end that does not say which cell is running
            return
        execution = request["header"]["msg_id"]
        made_in, explorers = self._made.get(cell, (execution, []))
        if made_in != execution:
            for explorer in explorers:
                explorer.close()
            explorers = []
        self._made[cell] = (execution, [*explorers, self])
