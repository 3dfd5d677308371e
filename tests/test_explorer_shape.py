"""ShapeExplorer: what it counts, says and refuses; what happens in the page is in test_static.py."""

from __future__ import annotations

from itertools import pairwise, permutations
from xml.etree import ElementTree

import pytest
import traitlets

from backproplab.draw.bench import multiplications
from backproplab.explore import ShapeExplorer
from backproplab.explore.shape_explorer import shown

MYNET = [1, 10, 40, 60, 600]


@pytest.fixture
def explorer():
    made = ShapeExplorer(MYNET)
    yield made
    made.close()


def test_both_ends_cost_what_the_bench_says(explorer):
    for joins, order, cost in (([0, 0, 0], "left", 38_800), ([2, 1, 0], "right", 1_686_000)):
        explorer.joins = joins
        assert explorer.multiplications == multiplications(list(pairwise(MYNET)), order) == cost


def test_no_order_of_brackets_beats_the_end_of_the_cost(explorer):
    costs = []
    for order in permutations(range(3)):
        explorer.joins = [at - sum(done < at for done in order[:k]) for k, at in enumerate(order)]
        assert [str(part) for part in explorer.parts] == ["v·J₃·J₂·J₁ [1×600]"]
        costs.append(explorer.multiplications)
    assert min(costs) == 38_800


def test_a_transposed_chain_runs_the_other_way_round(explorer):
    explorer.blocks, explorer.joins = [-4, -3, -2, -1], [2, 1, 0]
    assert [str(part) for part in explorer.parts] == ["J₁ᵀ·J₂ᵀ·J₃ᵀ·vᵀ [600×1]"]
    assert explorer.multiplications == 38_800


def test_what_does_not_fit_is_not_multiplied(explorer):
    explorer.blocks, explorer.joins = [1, -2, 3, 4], [0]
    assert len(explorer.parts) == 4 and explorer.multiplications == 0
    assert explorer.sentence.startswith("v and J₃ᵀ do not fit: 10 columns meet 40 rows.")
    assert explorer.snapshot().svg.count("≠") == 2


@pytest.mark.parametrize(
    ("name", "junk", "sentence"),
    [
        ("lengths", [1, 2], "lengths needs 5 numbers; got 2"),
        ("lengths", [1, 2, 3, 4, 0], "lengths"),
        ("blocks", [1, 2, 3, 3], "each of 1 to 4 once"),
        ("joins", [-1], "joins"),
    ],
)
def test_junk_is_refused_and_changes_nothing(explorer, name, junk, sentence):
    before = explorer.get_state()
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(explorer, name, junk)
    assert explorer.get_state() == before


@pytest.mark.parametrize(
    ("given", "sentence"),
    [(([1, 2],), "2 to 6 matrices"), (([1, 2, 3, 4, 5, 6, 7, 8],), "2 to 6 matrices"), (([1, 2, 3], ["a"]), "2 matrices; got 1 names")],
)
def test_what_it_cannot_show_is_refused_in_a_sentence(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        ShapeExplorer(*given)


def test_it_is_written_as_the_python_that_makes_it(explorer):
    assert repr(explorer) == "ShapeExplorer([1, 10, 40, 60, 600], ['v', 'J₃', 'J₂', 'J₁'])"


def test_the_table_has_every_matrix_and_every_product(explorer):
    explorer.joins = [0, 0, 0]
    rows = shown(explorer)["rows"]
    assert rows[0] == ["v", "[1×10]", ""] and rows[4] == ["v·J₃", "[1×40]", "400"] and rows[-1] == ["all products", "", "38,800"]
    assert "v·J₃, [1×40], 400" in explorer.snapshot().text


def test_names_are_text(explorer):
    made = ShapeExplorer([1, 2, 3], ["<b>", '"&'])
    assert "<b>" not in made.snapshot().svg and "&lt;b&gt;" in made.snapshot().svg
    made.close()


@pytest.mark.parametrize(
    ("lengths", "words"),
    [(5, "whole numbers; got 5"), (["a", 2, 3], "whole numbers"), ([10**6, 2, 3], "from 1 to 1,000"), ([2, 3], "2 lengths")],
)
def test_lengths_that_are_none_are_refused_in_a_sentence(lengths, words):
    with pytest.raises((TypeError, ValueError), match=words):
        ShapeExplorer(lengths)


def test_the_longest_chain_has_room_where_nothing_fits():
    for count in (2, 4, 6):
        explorer = ShapeExplorer([1000] * (count + 1))
        explorer.lengths = [1000 - i for i in range(count + 1)]
        explorer.blocks = [-block for block in explorer.blocks]  # nothing fits
        boxes = [it for it in ElementTree.fromstring(explorer.snapshot().svg).iter() if it.get("data-slot", "").startswith("rect")]
        assert len(boxes) == count and all(0 <= float(it.get("x")) <= 868 - float(it.get("width")) for it in boxes)
        explorer.close()
