"""Pictures drawn from code: computation graphs, networks, and block diagrams in LeCun's notation."""

from .blocks import BlackBox, BlockDiagram, Computed, Cost, Module, Observed, Parameter, blocks
from .figures import figure, legend
from .graphs import draw
from .networks import network
from .picture import Picture

__all__ = [
    "BlackBox", "BlockDiagram", "Computed", "Cost", "Module", "Observed", "Parameter", "Picture",
    "blocks", "draw", "figure", "legend", "network",
]  # fmt: skip
