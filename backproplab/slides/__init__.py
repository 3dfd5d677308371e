"""Slides from the notebooks: `make slides` writes one file for each lecture, which needs no Python, server or network.

What is said is the notebook's slide metadata; explorers live in the page, from the state they have after a run.
"""

from .deck import build, deck, missing

__all__ = ["build", "deck", "missing"]
