"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .graph_explorer import GraphExplorer
from .jacobian_explorer import JacobianExplorer
from .training_explorer import TrainingExplorer
from .trunk_explorer import TrunkExplorer

__all__ = ["GraphExplorer", "JacobianExplorer", "TrainingExplorer", "TrunkExplorer"]
