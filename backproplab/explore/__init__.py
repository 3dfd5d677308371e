"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .graph_explorer import GraphExplorer

__all__ = ["GraphExplorer"]
