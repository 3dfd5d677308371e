"""The README's example is a doctest; this holds its picture and its links to what the code gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backproplab import explore, parse
from backproplab.publish.gallery import EXPLORERS, explorer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_is_what_draw_gives(theme):
    graph = parse("(4*x+1)^2", x=1.0)
    graph.backward()
    picture = graph.draw(theme=theme)
    stored = ROOT / ".github" / f"graph-{theme}.svg"
    assert stored.read_text(encoding="utf-8") == picture.svg, f"draw it again: picture.save({stored.name!r})"
    assert f'alt="{picture.alt}" src=".github/graph-light.svg"' in README


def test_links_and_notebooks_exist():
    for target in re.findall(r"\]\(((?!http)[^)]+)\)", README):
        assert (ROOT / target).exists(), target
    for name in re.findall(r"^\| `(\d\d-[a-z-]+)`", README, re.M):
        assert (ROOT / "notebooks" / f"{name}.ipynb").exists(), name
    assert len(list((ROOT / "notebooks").glob("*.ipynb"))) == len(re.findall(r"^\| `\d\d-", README, re.M))


def test_every_explorer_is_listed_and_made_as_it_is_written():
    listed = re.findall(r"^\| `([A-Z]\w+\(.*?\))` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    assert listed == [(it.code, it.question, it.tries) for it in EXPLORERS]
    assert sorted(it.name for it in EXPLORERS) == sorted(name for name in explore.__all__ if name != "Predict")
    for it in EXPLORERS:
        made = explorer(it.code)
        assert type(made).__name__ == it.name and made.snapshot().alt
        made.close()
