"""The notebooks for others than the learner: `make slides` writes decks, single files that need no Python, server or network,
and `make site` writes web pages of it all.

What is said is the notebook's slide metadata; explorers live in the page, from the state they have after a run.
"""

from .assets import missing
from .deck import build, deck
from .notebook import run

__all__ = ["build", "deck", "missing", "run"]
