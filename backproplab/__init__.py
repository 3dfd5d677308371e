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


_LATER = {  # loaded on first use, so that importing backproplab stays light and its scalar half works without NumPy
    **dict.fromkeys(["Tensor", "concatenate", "no_grad", "stack", "where"], "tensor"),
    "Program": "program",
    **dict.fromkeys(["check_gradient", "gradient", "hessian", "jacobian", "jvp", "vjp"], "derivatives"),
}
_ROOMS = ("course", "data", "draw", "explore", "nn", "optim", "search")


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name in _LATER:
        return getattr(import_module(f".{_LATER[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER, *_ROOMS})
