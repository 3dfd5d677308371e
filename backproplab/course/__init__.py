"""Exercises and predictions for the notebooks: answers in words, never a traceback."""

from .answers import check, exercise, hint, predict, reveal, solution
from .exercises import TODO, Feedback
from .progress import progress

__all__ = ["TODO", "Feedback", "check", "exercise", "hint", "predict", "progress", "reveal", "solution"]
