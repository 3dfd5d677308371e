"""What every explorer has in common: its module and style, its static twin, a life cycle, a theme."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from IPython import get_ipython

from ..draw import Picture
from ..draw.paper import THEMES
from .translate import javascript

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{([^}]*)\} from "\.(\.?)/([\w/]+)\.(js|py)";.*\n', re.MULTILINE)


@dataclass(frozen=True)
class module:
    """The module `name.js` of an explorer; its text is written when the first one is made, not when this package is imported."""

    name: str

    def __str__(self) -> str:
        return _joined(self.name)


@cache
def _joined(name: str) -> str:
    """The text of the module `name.js`, after those of the modules that it imports: a widget can import nothing.

    What it imports from `other.py` is translated (see `javascript`).
    """
    texts: dict[str, str] = {}

    def take(name: str) -> None:
        text = (HERE / f"{name}.js").read_text(encoding="utf-8")
        for names, up, imported, language in IMPORT.findall(text):
            if language == "py":
                take("python")
                path = f"{'' if up else 'explore.'}{imported.replace('/', '.')}"
                texts[f"{imported}.py"] = javascript(path, re.findall(r"\w+", names))
            elif imported not in texts:
                take(imported)
        texts[name] = IMPORT.sub("", text)

    take(name)
    return "\n".join(texts.values())


def style(name: str = "") -> str:
    """The style sheet of all explorers, with the colours of the pictures, and `name.css` after it."""
    files = [HERE / "runtime.css", *([HERE / f"{name}.css"] if name else [])]
    return "\n".join([*_palette(), *(file.read_text(encoding="utf-8") for file in files)])


def _palette() -> list[str]:
    """Every colour of a theme as a variable; a picture that was drawn in the dark takes those of the page's theme."""
    rules = []
    for theme, colours in THEMES.items():
        variables = " ".join(f"--bpl-{name}: {colour};" for name, colour in asdict(colours).items())
        rules.append(f'.bpl-explorer[data-theme="{theme}"] {{ {variables} }}')
    for name, colour in asdict(THEMES["dark"]).items():
        rules += [
            f'.bpl-explorer svg [{attribute}="{colour}"] {{ {attribute}: var(--bpl-{name}); }}'
            for attribute in ("fill", "stroke")
        ]
    return rules


class Explorer(anywidget.AnyWidget):
    """An interactive picture that leaves a static twin where no widget can be shown.

    A subclass NAME says `_esm = module("NAME")` and `_css = style("NAME")`, keeps its state in traits, and draws
    itself in `snapshot`. (Text and not paths: anywidget watches paths, and would keep every explorer alive.) What
    is said and drawn in a state is best a function of its module, `shown`, which the page runs, too: NAME.js imports it
    from NAME.py (see translate.py).

    Explorers live in ipywidgets' registry until closed: `close()` frees one, and running a cell again closes
    the explorers that it made before.
    """

    theme = traitlets.Enum(["light", "dark"], "light").tag(sync=True)  # the page sets it to its own
    steps = 0  # how many steps its story has; a subclass with a story tells it, and has the trait `step`

    _made: ClassVar[dict[str, tuple[str, list[Explorer]]]] = {}  # cell -> (execution, explorers)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._replace_earlier_ones()

    def snapshot(self, step: int | None = None) -> Picture:
        """The static picture of the present state, or of the state after `step` steps."""
        raise TypeError(f"{type(self).__name__} has no static twin: every explorer says in `snapshot` how it is drawn.")

    def frames(self) -> list[Picture]:
        """The static pictures of all steps, the start included: a slide for each."""
        return [self.snapshot(step) for step in range(self.steps + 1)]

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, **self.snapshot()._repr_mimebundle_()}, metadata

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
