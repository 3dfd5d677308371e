"""Interactive explorers for Jupyter. Needs the extra `course` (anywidget)."""

from .chain_explorer import ChainExplorer
from .descent_explorer import DescentExplorer
from .fan_explorer import FanExplorer
from .graph_explorer import GraphExplorer
from .jacobian_explorer import JacobianExplorer
from .nudge_explorer import NudgeExplorer
from .predict import Predict
from .sgd_explorer import SGDExplorer
from .shape_explorer import ShapeExplorer
from .training_explorer import TrainingExplorer
from .trunk_explorer import TrunkExplorer

__all__ = [
    "ChainExplorer", "DescentExplorer", "FanExplorer", "GraphExplorer", "JacobianExplorer", "NudgeExplorer", "Predict",
    "SGDExplorer", "ShapeExplorer", "TrainingExplorer", "TrunkExplorer",
]  # fmt: skip
