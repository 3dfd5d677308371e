"""TrunkExplorer: what it counts, says and refuses; what happens in the page is in test_static.py."""

from __future__ import annotations

import pytest
import traitlets

from backproplab.draw.products import Count
from backproplab.explore import TrunkExplorer


@pytest.fixture
def explorer():
    made = TrunkExplorer(3)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("layers", "count"), [(3, (15, 9, 12, 8)), (10, (120, 30, 110, 29)), (100, (10200, 300, 10100, 299))]
)
def test_factors_and_multiplications_of_003(explorer, layers, count):
    explorer.layers = explorer.step = layers
    explorer.step = layers
    assert explorer.count == Count(*count)
    assert f"{count[0]:,} factors, {count[1]} different" in explorer.snapshot().alt


def test_each_row_says_what_is_new_and_what_is_reused(explorer):
    explorer.step = 2
    assert explorer.sentence == (
        "∂C/∂W₂: the product of its first 2 factors is there already, from the row above. With three new ones, "
        "∂s₃/∂z₂, ∂z₂/∂s₂, ∂s₂/∂W₂, that makes 3 multiplications in place of 4."
    )
    assert len(explorer.frames()) == 4
    assert explorer.frames()[1].alt.endswith("are all new, and take 2 multiplications.")


@pytest.mark.parametrize(("cut", "link", "alive"), [(1, "∂C/∂z₃", ""), (2, "∂z₃/∂s₃", ""), (3, "∂s₃/∂z₂", "3"), (6, "∂z₁/∂s₁", "32")])
def test_a_cut_leaves_the_branches_above_it_alive(explorer, cut, link, alive):
    explorer.cut = cut
    assert explorer.link == link
    assert explorer.alive == [f"∂C/∂W{'₀₁₂₃'[int(n)]}" for n in alive]
    assert f"{link} lets nothing through. Gradients still alive: {len(alive)} of 3" in explorer.snapshot().alt


def test_fewer_layers_have_fewer_rows_and_links(explorer):
    explorer.cut = 6
    explorer.layers = 2
    assert (explorer.step, explorer.cut) == (2, 4)
    explorer.cut, explorer.step = 99, -5
    assert (explorer.step, explorer.cut) == (0, 4)


@pytest.mark.parametrize(("name", "junk"), [("layers", 0), ("layers", 101), ("layers", 2.5), ("cut", -1), ("step", "2")])
def test_junk_is_refused_and_changes_nothing(explorer, name, junk):
    before = explorer.get_state()
    with pytest.raises(traitlets.TraitError, match=name):
        setattr(explorer, name, junk)
    assert explorer.get_state() == before


def test_of_many_layers_ten_rows_are_drawn_and_the_rest_is_told(explorer):
    explorer.layers = 12
    explorer.step = 12
    picture = explorer.snapshot()
    assert picture.svg.count("data-product=") == 10
    assert "rows below that go on like these: 2" in picture.svg and picture.text.endswith("and 2 more")


def test_it_is_written_as_the_python_that_makes_it(explorer):
    assert repr(explorer) == "TrunkExplorer(3)"
