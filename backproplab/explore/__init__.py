"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .descent_explorer import DescentExplorer
from .graph_explorer import GraphExplorer
<<<<<<< HEAD
from .training_explorer import TrainingExplorer

__all__ = ["GraphExplorer", "TrainingExplorer"]
=======
from .sgd_explorer import SGDExplorer

__all__ = ["DescentExplorer", "GraphExplorer", "SGDExplorer"]
>>>>>>> d03ff4252febae0b8b054f73600ba0224827b48b
