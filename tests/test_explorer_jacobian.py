"""JacobianExplorer: what it computes, says and refuses; what happens in the page is in test_static.py."""

from __future__ import annotations

import math

import numpy as np
import pytest
import traitlets

from backproplab import Tensor, jacobian
from backproplab.explore import JacobianExplorer
from backproplab.nn import MLP, Linear, Sequential, Tanh


@pytest.fixture
def matrix():
    made = JacobianExplorer("matrix")
    yield made
    made.close()


def explored(*given, **values):
    explorer = JacobianExplorer(*given, **values)
    explorer.close()
    return explorer


def test_softmax_has_diag_p_minus_p_p_transposed():
    p = Tensor([1.0, 2.0, 0.5]).softmax().data
    np.testing.assert_allclose(explored("softmax").jacobian, np.diag(p) - np.outer(p, p), atol=1e-12)


def test_the_ready_cases_are_what_they_are_called():
    assert explored("matrix").jacobian == [[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]]
    assert explored("relu").jacobian == [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    assert np.diag(explored("tanh").jacobian) == pytest.approx([1 - math.tanh(x) ** 2 for x in (0.5, -1.0, 2.0)])


def test_a_module_and_a_function_give_their_own_jacobian():
    model = Sequential(Linear(2, 3), Tanh(), Linear(3, 2))
    np.testing.assert_allclose(explored(model, [0.5, -1.0]).jacobian, model.jacobians([[0.5, -1.0]]).state, atol=1e-12)
    f = lambda x: x * x.sum()  # noqa: E731
    np.testing.assert_allclose(explored(f, [2.0, 3.0]).jacobian, jacobian(f, [2.0, 3.0]), atol=1e-12)
    assert len(explored(MLP(2, [3, 1]), [1.0, 2.0]).jacobian) == 1


def test_columns_and_rows_are_combined_as_in_exercise_20():
    """v = (1, −1), W = [[1, 2], [3, 4]]: vᵀW is (−2, −2), Wv is (−1, −1)."""
    explorer = explored(["1*x + 2*y", "3*x + 4*y"], x=0.5, y=2.0)
    explorer.tangent = explorer.cotangent = [1.0, -1.0]
    assert explorer.product == explorer.change == [-1.0, -1.0]
    explorer.mode = "vjp"
    assert explorer.product == [-2.0, -2.0]
    assert explorer.change == []


def test_the_prediction_is_beside_what_really_happens():
    explorer = explored(["x^2", "x*y"], x=3.0, y=1.0)
    explorer.tangent = [1.0, 0.0]
    assert explorer.product == [6.0, 1.0] and explorer.change == [7.0, 1.0]  # the slope of x² at 3 is 6, a step of 1 gives 7
    assert "predicted to change when x moves by v. Really it changes by (7, 1)." in explorer.sentence
    assert explorer.sentence in explorer.snapshot().text


def test_rounding_is_not_shown_as_a_number():
    explorer = explored("softmax")
    explorer.mode, explorer.cotangent = "vjp", [1.0, 1.0, 1.0]
    assert explorer.product == [0.0, 0.0, 0.0]


def test_the_shapes_of_both_conventions_are_told(matrix):
    matrix.mode = "vjp"
    assert "LeCun writes a row, [1×3] = [1×2]·[2×3]" in matrix.snapshot().text
    assert "in the shape of x, (3,): Jᵀv, [3×1] = [3×2]·[2×1]" in matrix.snapshot().text


def test_where_there_is_no_jacobian_the_last_picture_stays():
    explorer = explored(["log(x)", "x*y"], x=1.0, y=2.0)
    picture = explorer.snapshot().svg
    for x in (0.0, -1.0):
        explorer.x = [x, 2.0]
        assert explorer.error.startswith("There is no Jacobian at x = ")
        assert explorer.snapshot().svg == picture
    explorer.x = [2.0, 2.0]
    assert explorer.error == "" and explorer.jacobian == [[0.5, 0.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("name", "junk", "sentence"),
    [
        ("x", [1.0, 2.0], "x needs 3 numbers; got 2"),
        ("x", [1.0, 2.0, math.nan], "x needs finite numbers; got nan"),
        ("tangent", [1.0, 2.0, "a"], "tangent: A Value holds one real number; got 'a'"),
        ("cotangent", [1.0, 2.0, 3.0], "cotangent needs 2 numbers; got 3"),
        ("mode", "backward", "mode"),
    ],
)
def test_junk_is_refused_and_changes_nothing(matrix, name, junk, sentence):
    before = matrix.get_state()
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(matrix, name, junk)
    assert matrix.get_state() == before


@pytest.mark.parametrize(
    ("given", "values", "sentence"),
    [
        (("cosine",), {}, "There is no ready case 'cosine'; there are softmax, matrix, relu, tanh"),
        ((["x*y"],), {"z": 1.0}, "There is no variable 'z' in these expressions; there are: x, y"),
        ((["x*("],), {}, "column 4"),
        ((["log(x)"],), {"x": -1.0}, "has no value"),
        ((["x^0.5"],), {"x": 0.0}, "There is no Jacobian at x = 0: .* Start elsewhere"),
        ((["2"],), {}, "1 to 6 inputs; got 0"),
        ((Linear(10, 40), [0.0] * 10), {}, "1 to 6 inputs; got 10: take a smaller function"),
        ((Linear(2, 2),), {}, "explored at a list of numbers"),
        ((lambda x: x.max(), [1.0, 2.0]), {}, "'max' cannot be taken apart"),
    ],
    ids=lambda it: None,
)
def test_what_it_cannot_show_is_refused_in_a_sentence(given, values, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence):
        JacobianExplorer(*given, **values)


def test_it_is_written_as_the_python_that_makes_it(matrix):
    assert repr(matrix) == "JacobianExplorer('matrix', [1.0, 2.0, -1.0])"
    explorer = explored(["x*y"], x=3.0)
    assert eval(repr(explorer)).jacobian == explorer.jacobian == [[1.0, 3.0]]


def test_long_names_are_shortened_in_the_picture_and_whole_in_words():
    explorer = explored(["a_name_of_twenty_five_letters*2"], a_name_of_twenty_five_letters=3.0)
    assert "a_name_of_twenty_…" in explorer.snapshot().svg
    assert "at a_name_of_twenty_five_letters = 3" in explorer.snapshot().alt


def test_beyond_the_domain_nobody_speaks_of_a_change():
    explorer = JacobianExplorer(["log(x)", "x"], x=1.0)
    explorer.tangent = [-3.0]
    assert explorer.sentence.endswith("But at x + v not every output is a finite number: (nan, −3).")
    explorer.close()
