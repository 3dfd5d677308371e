"""backproplab: understand backpropagation by watching it, breaking it and building it.

>>> from backproplab import parse
>>> graph = parse("(4*x+1)^2", x=1.0)
>>> graph.backward()
>>> graph.output.data, graph["x"].grad
(25.0, 40.0)
"""

from importlib import import_module
from typing import Any

from .expression import ExpressionError, parse
from .graph import Graph
from .ops import FUNCTIONS, DomainError
from .value import Value, dot, sum

globals().update(FUNCTIONS)  # exp, log, sqrt, sin, cos, tan, tanh, sigmoid, relu, softplus, abs, maximum, …

__version__ = "0.1.0"
__all__ = ["DomainError", "ExpressionError", "Graph", "Value", "dot", "parse", "sum", *FUNCTIONS]


def __getattr__(name: str) -> Any:
    """`draw` and `explore` are loaded on first use: importing backproplab stays light."""
    if name in ("course", "draw", "explore"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
