"""Pictures drawn from code: graphs, networks, block diagrams in LeCun's notation, and chains of functions."""

from .bench import shapes
from .blocks import BlackBox, BlockDiagram, Computed, Cost, Module, Observed, Parameter, blocks
from .figures import figure, legend
from .gears import dials
from .graphs import draw
from .networks import network
from .picture import Picture
from .products import factors
from .stages import number_lines

__all__ = [
    "BlackBox", "BlockDiagram", "Computed", "Cost", "Module", "Observed", "Parameter", "Picture",
    "blocks", "dials", "draw", "factors", "figure", "legend", "network", "number_lines", "shapes",
]  # fmt: skip
