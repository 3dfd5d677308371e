"""Exercises of notebook 02."""

from ..exercises import Exercise

EXERCISES: dict[str, Exercise] = {}
