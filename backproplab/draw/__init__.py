"""Pictures of computation graphs, drawn from code."""

from .picture import Picture
from .svg import draw

__all__ = ["Picture", "draw"]
