"""Every exercise and prediction of the course, by name: the notebook's number and what is asked.

A module per notebook, found by its name; each mistake has a sentence of its own, because each shows something else.
"""

from importlib import import_module
from pkgutil import iter_modules

from ..exercises import Exercise

EXERCISES: dict[str, Exercise] = {}
for _module in sorted(module.name for module in iter_modules(__path__) if module.name.startswith("nb")):
    EXERCISES |= import_module(f"{__name__}.{_module}").EXERCISES
