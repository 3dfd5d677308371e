"""Pictures of computation graphs and networks, drawn from code."""

from .graphs import draw
from .networks import network
from .picture import Picture

__all__ = ["Picture", "draw", "network"]
