"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .descent_explorer import DescentExplorer
from .graph_explorer import GraphExplorer
from .jacobian_explorer import JacobianExplorer
from .sgd_explorer import SGDExplorer
from .training_explorer import TrainingExplorer
from .trunk_explorer import TrunkExplorer

__all__ = ["DescentExplorer", "GraphExplorer", "JacobianExplorer", "SGDExplorer", "TrainingExplorer", "TrunkExplorer"]
