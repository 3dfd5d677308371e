"""The floors of the house: imports only go down, and `import backproplab` stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import backproplab

HOUSE = Path(backproplab.__file__).parent

# Each room, and the rooms below that it may use. A new module must be given its floor here.
FLOORS = {
    "notation": set(),
    "ops": {"notation"},
    "node": {"ops"},
    "graph": {"notation", "ops", "node"},
    "rules": {"notation", "ops", "graph"},
    "story": {"notation", "node", "graph", "rules"},
    "value": {"ops", "node"},
    "array_ops": {"ops"},
    "tensor": {"ops", "node", "array_ops"},
    "check": {"value", "tensor"},
    "derivatives": {"node", "value", "tensor", "check"},
    "expression": {"ops", "graph", "value"},
    "unroll": {"ops", "node", "value", "tensor"},
    "program": {"ops", "graph"},
    "nn": {"ops", "array_ops", "value", "tensor", "derivatives"},
    "optim": {"value", "tensor"},
    "search": {"notation"},
    "data": set(),
    "draw": {"notation", "ops", "node", "graph", "rules", "story", "value", "tensor", "derivatives", "nn"},
    "explore": {"notation", "ops", "graph", "story", "value", "expression", "program", "draw", "tensor", "nn", "unroll", "optim", "data", "course"},
    "course": {"ops", "node", "graph", "story", "value", "tensor", "derivatives", "expression", "program", "nn", "optim", "search", "data"},
    "terminal": {"notation", "graph", "story"},
    "publish": {"draw", "explore", "course"},
    "__main__": {"graph", "expression", "terminal", "course", "publish"},
    "__init__": {"ops", "graph", "value", "expression", "notation"},
}
UPWARD = {("graph", room) for room in ("rules", "story", "program", "draw", "explore")}  # conveniences of Graph, in its methods
OUTSIDE = {  # what each room may import besides the standard library, when it is imported
    **dict.fromkeys(["array_ops", "tensor", "check", "derivatives", "nn", "unroll", "optim", "search", "data", "course"], {"numpy"}),
    "draw": {"matplotlib", "numpy"},  # matplotlib only in draw/plots, see below
    "explore": {"anywidget", "traitlets", "IPython", "numpy"},
    "publish": set(),
}

MODULES = sorted(HOUSE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, bool]]:
    """Every imported module as a full name, and whether it is imported at the top of the file."""
    package = ["backproplab", *path.relative_to(HOUSE).parent.parts]
    tree = ast.parse(path.read_text())
    top = {node for node in ast.iter_child_nodes(tree)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            names = [name] if node.module else [f"{name}.{alias.name}" for alias in node.names]
            found += [(name, node in top) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_only_go_down(path):
    here = room(path)
    for name, _ in imports(path):
        parts = name.split(".")
        if parts[0] == "backproplab" and len(parts) > 1:
            there = parts[1]
            assert there == here or there in FLOORS[here] or (here, there) in UPWARD, f"{here} must not use {there}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_upward_and_foreign_imports_are_not_made_on_import(path):
    here = room(path)
    for name, at_top in imports(path):
        first, *others = name.split(".")
        if at_top and first == "backproplab" and others:
            assert (here, others[0]) not in UPWARD
        elif at_top and first not in sys.stdlib_module_names | {"backproplab"}:
            assert first in OUTSIDE.get(here, set()), f"{here} must not import {first} at the top"
        if first == "matplotlib":
            assert path.parent == HOUSE / "draw" / "plots", "whatever else draws must do without matplotlib"


def in_a_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_backproplab_is_light():
    heavy = "numpy matplotlib ipywidgets anywidget IPython traitlets".split()
    assert in_a_new_process(f"import sys, backproplab; print(set({heavy}) & set(sys.modules))") == "set()\n"


def test_the_scalar_half_works_without_numpy_and_matplotlib():
    code = """
import sys
sys.modules.update(dict.fromkeys(["numpy", "matplotlib", "anywidget", "ipywidgets"]))  # importing them now fails
from backproplab import parse
graph = parse("(4*x+1)^2", x=1.0)
graph.backward()
print(graph.draw().alt)
"""
    assert in_a_new_process(code) == "graph of (4x+1)^2 at x = 1: output 25, gradient of x 40\n"


def test_no_network_addresses_in_the_library():
    for path in (p for p in HOUSE.rglob("*") if p.suffix in (".py", ".js", ".css")):
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text and "https://" not in text, path
