"""Pictures of computation graphs, drawn from code."""

from .graphs import draw
from .picture import Picture

__all__ = ["Picture", "draw"]
