"""What every drawing returns: an SVG that any front end can show, with its facts in words."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A drawing: its SVG, a one-line `alt` text, and all its facts as `text`.

    In a notebook it shows itself as an `<img>`, the only form that an untrusted notebook may show. The
    text states the same facts, so whoever cannot see the picture misses nothing, and a test that compares
    text notices a wrong number.
    """

    svg: str
    alt: str
    text: str
    width: int

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "image/svg+xml": self.svg, "text/plain": self.text}

    def html(self) -> str:
        """An `<img>` element with everything inside it."""
        source = b64encode(self.svg.encode()).decode()
        return f'<img alt="{escape(self.alt)}" width="{self.width}" src="data:image/svg+xml;base64,{source}">'

    def save(self, path: str | Path) -> None:
        """Write the SVG to a file whose name ends in `.svg`."""
        path = Path(path)
        if path.suffix != ".svg":
            raise ValueError(f"A picture is saved as SVG; got {path.name!r}, expected a name that ends in .svg.")
        path.write_text(self.svg, encoding="utf-8")

    def __repr__(self) -> str:
        return self.text
