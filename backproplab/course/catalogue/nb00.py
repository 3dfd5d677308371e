"""Exercises of notebook 00."""

from ..exercises import Exercise

EXERCISES: dict[str, Exercise] = {}
