"""Exercises and predictions for the notebooks: answers in words, never a traceback."""

from .exercises import TODO, Feedback, check, predict

__all__ = ["TODO", "Feedback", "check", "predict"]
