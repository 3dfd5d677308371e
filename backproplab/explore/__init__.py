"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .descent_explorer import DescentExplorer
from .graph_explorer import GraphExplorer

__all__ = ["DescentExplorer", "GraphExplorer"]
