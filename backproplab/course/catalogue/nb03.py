"""Exercises of notebook 03."""

from ..exercises import Exercise

EXERCISES: dict[str, Exercise] = {}
