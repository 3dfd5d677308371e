"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .chain_explorer import ChainExplorer
from .descent_explorer import DescentExplorer
from .graph_explorer import GraphExplorer
from .nudge_explorer import NudgeExplorer
from .sgd_explorer import SGDExplorer
from .training_explorer import TrainingExplorer

__all__ = ["ChainExplorer", "DescentExplorer", "GraphExplorer", "NudgeExplorer", "SGDExplorer", "TrainingExplorer"]
