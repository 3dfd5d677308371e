"""Exercises and predictions for the notebooks: answers in words, never a traceback."""

from .answers import check, predict
from .exercises import TODO, Feedback
from .progress import progress

__all__ = ["TODO", "Feedback", "check", "predict", "progress"]
