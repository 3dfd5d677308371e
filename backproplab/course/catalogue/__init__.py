"""Every exercise and prediction of the course, by name: the notebook's number and what is asked.

A module per notebook; each mistake has a sentence of its own, because each shows something else.
"""

from . import nb00, nb01, nb02, nb03, nb04

EXERCISES = nb00.EXERCISES | nb01.EXERCISES | nb02.EXERCISES | nb03.EXERCISES | nb04.EXERCISES
