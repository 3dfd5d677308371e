"""Pictures of graphs, networks and chains, drawn from code."""

from .bench import shapes
from .gears import dials
from .graphs import draw
from .networks import network
from .picture import Picture
from .products import factors
from .stages import number_lines

__all__ = ["Picture", "dials", "draw", "factors", "network", "number_lines", "shapes"]
