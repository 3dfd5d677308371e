"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .descent_explorer import DescentExplorer
from .graph_explorer import GraphExplorer
from .nudge_explorer import NudgeExplorer
from .sgd_explorer import SGDExplorer
from .training_explorer import TrainingExplorer

__all__ = ["DescentExplorer", "GraphExplorer", "NudgeExplorer", "SGDExplorer", "TrainingExplorer"]
