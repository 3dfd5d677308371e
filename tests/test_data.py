"""The data sets: their shapes, laws and seeds, the digits and their splits, and mini-batches."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from backproplab import data

PLANE = {
    "two_moons": data.two_moons,
    "circles": data.circles,
    "spiral": data.spiral,
    "xor": data.xor,
}
LINES = {"noisy_line": data.noisy_line}


@pytest.mark.parametrize("name", PLANE)
def test_points_in_the_plane_have_the_shapes_and_labels_that_are_promised(name):
    X, y = PLANE[name](51, noise=0.3)
    assert X.shape == (51, 2) and y.shape == (51,)
    assert X.dtype == y.dtype == np.float64
    assert set(y) == {0.0, 1.0} and abs(y.sum() - 25.5) < 1


@pytest.mark.parametrize("name", [*PLANE, *LINES])
def test_the_same_seed_gives_the_same_points_and_another_seed_others(name):
    make = (PLANE | LINES)[name]
    first, again, other = make(20, noise=0.1), make(20, noise=0.1, seed=0), make(20, noise=0.1, seed=1)
    assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("name", [*PLANE, *LINES])
def test_a_generator_goes_on_where_it_stands(name):
    make, rng = (PLANE | LINES)[name], np.random.default_rng(0)
    first, second = make(20, noise=0.1, seed=rng), make(20, noise=0.1, seed=rng)
    assert np.array_equal(first[0], make(20, noise=0.1)[0])
    assert not np.array_equal(first[0], second[0])


@pytest.mark.parametrize("name", PLANE)
def test_noise_is_the_standard_deviation_of_both_coordinates(name):
    clean, noisy = PLANE[name](4000, noise=0.0)[0], PLANE[name](4000, noise=0.2)[0]
    assert (noisy - clean).std(axis=0) == approx([0.2, 0.2], rel=0.04)


def test_moons_are_half_circles_about_their_centres():
    X, y = data.two_moons(40, noise=0.0)
    assert np.linalg.norm(X[y == 0], axis=1) == approx(np.ones(20)) and (X[y == 0, 1] > -1e-12).all()
    assert np.linalg.norm(X[y == 1] - [1, 0.5], axis=1) == approx(np.ones(20)) and (X[y == 1, 1] < 0.5 + 1e-12).all()


def test_circles_have_the_radii_that_were_asked_for():
    X, y = data.circles(40, noise=0.0, ratio=0.3)
    assert np.linalg.norm(X, axis=1) == approx(np.where(y == 0, 1.0, 0.3))
    assert X.mean(axis=0) == approx([0, 0], abs=1e-12)


def test_the_arms_of_a_spiral_are_the_same_arm_turned():
    X, y = data.spiral(90, noise=0.0, arms=3, turns=1.0)
    z = X[:, 0] + 1j * X[:, 1]
    assert z[y == 1] == approx(z[y == 0] * np.exp(2j * np.pi / 3))
    assert z[y == 2] == approx(z[y == 0] * np.exp(4j * np.pi / 3))
    assert z[y == 0][-1] == approx(1.0)  # radius 1 after one full turn


@pytest.mark.parametrize(("name", "share"), [("two_moons", 0.89), ("spiral", 0.645)])
def test_a_line_separates_only_so_much(name, share):
    X, y = PLANE[name](200)
    A, w = np.column_stack([X, np.ones(200)]), np.zeros(3)
    for _ in range(3000):  # logistic regression
        w = w - 0.02 * A.T @ (1 / (1 + np.exp(-A @ w)) - y)
    assert ((A @ w > 0) == (y == 1)).mean() == approx(share, abs=0.02)


def test_the_best_plane_through_xor_says_one_half_everywhere_and_two_bends_are_right():
    X, y = data.xor()
    A = np.column_stack([X, np.ones(4)])
    assert A @ np.linalg.lstsq(A, y, rcond=None)[0] == approx(np.full(4, 0.5))
    total = X.sum(axis=1)
    assert np.array_equal(np.maximum(total, 0) - 2 * np.maximum(total - 1, 0), y)


# ---- lines --------------------------------------------------------------------------------------


def test_copies_repeat_the_points_and_fresh_ones_are_alike():
    x, y = data.noisy_line(32)
    copied, fresh = data.noisy_line(32, copies=16), data.noisy_line(32, copies=16, fresh=True)
    assert np.array_equal(copied[0], np.tile(x, 16)) and np.array_equal(copied[1], np.tile(y, 16))
    assert np.array_equal(fresh[0][:32], x) and np.array_equal(fresh[1][:32], y)
    assert len(set(fresh[0])) == 512
    assert np.std(fresh[1] - 1.5 * fresh[0] + 0.5) == approx(0.5, rel=0.1)
    assert -1 <= fresh[0].min() < -0.95 and 0.95 < fresh[0].max() <= 1


def test_thirty_two_are_the_noisy_line_to_two_decimals():
    for literal, drawn in zip(data.thirty_two(), data.noisy_line(32, seed=0)):
        assert np.array_equal(literal, drawn.round(2))


def test_nobody_can_change_the_thirty_two_for_the_others():
    data.thirty_two()[0][0] = 99.0
    assert data.thirty_two()[0][0] == 0.27


@pytest.mark.parametrize(
    ("at", "agree", "raise_the_mean", "gradient", "sigma"),
    [
        ((-0.5, 3.0), 32, 0, 3.261, 2.646),
        ((0.0, 0.0), 25, 10, 0.596, 1.198),
        ("minimum + (0.3, 0)", 21, 18, 0.118, 0.599),
        ("minimum", None, 32, 0.0, 0.554),
    ],
)
def test_the_thirty_two_opinions(at, agree, raise_the_mean, gradient, sigma):
    x, y = data.thirty_two()
    A = np.column_stack([x, np.ones(32)])
    if isinstance(at, str):
        at = np.linalg.lstsq(A, y, rcond=None)[0] + ([0.3, 0] if "+" in at else [0, 0])
    w = np.array(at)

    def losses(v):
        return (A @ v - y) ** 2 / 2

    g_p = (A @ w - y)[:, None] * A
    g = g_p.mean(axis=0)
    stepped = np.array([losses(w - 0.2 * g_p[p]) for p in range(32)])
    assert np.linalg.norm(g) == approx(gradient, abs=5e-4)
    assert np.sqrt(((g_p - g) ** 2).sum(axis=1).mean()) == approx(sigma, abs=5e-4)
    assert (stepped.mean(axis=1) > losses(w).mean()).sum() == raise_the_mean
    assert (np.diag(stepped) > losses(w)).sum() == 0
    assert agree is None or (g_p @ g > 0).sum() == agree


@pytest.mark.parametrize("copies", [1, 64])
def test_sgd_needs_about_seventeen_samples_however_often_the_points_are_repeated(copies):
    x, y = data.thirty_two(copies)
    A = np.column_stack([x, np.ones(len(x))])
    best = np.linalg.lstsq(A, y, rcond=None)[0]
    H = A.T @ A / len(x)
    excess = np.zeros(60)
    for seed in range(200):
        w = np.array([-0.5, 3.0])
        samples = chain.from_iterable(repeat(data.batches(A, y, 1, seed, replace=True)))  # epoch after epoch
        for t, (xb, yb) in zip(range(60), samples):
            excess[t] += (w - best) @ H @ (w - best) / 2 / 200
            w = w - 0.2 * (xb @ w - yb) @ xb
    assert 15 <= np.argmax(excess <= 0.02 * excess[0]) <= 20
    assert excess[0] == approx(5.914, abs=1e-3)


# ---- digits -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def random_split():
    return data.digits()


@pytest.mark.parametrize("split", ["random", "unshuffled"])
def test_digits_have_the_shapes_that_are_promised(split):
    train_x, train_y, test_x, test_y = data.digits(split)
    assert train_x.shape == (1437, 64) and test_x.shape == (360, 64)
    assert train_y.shape == (1437,) and test_y.shape == (360,)
    assert train_x.dtype == np.float64 and train_y.dtype.kind == "i"
    assert train_x.min() == 0.0 and train_x.max() == 1.0 and set(train_y) == set(test_y) == set(range(10))


def test_these_are_the_images_of_uci(random_split):
    x = np.concatenate([random_split.train_x, random_split.test_x]) * 16
    y = np.concatenate([random_split.train_y, random_split.test_y])
    assert np.array_equal(x, x.round()) and x.sum() == 561718
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # UCI's own table
    first = data.digits("unshuffled").train_x[0] * 16
    assert first[:16].tolist() == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]
    assert data.digits("unshuffled").train_y[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]


def test_both_splits_hold_the_same_digits_in_another_order(random_split):
    def sorted_rows(split):
        x, y = np.concatenate([split.train_x, split.test_x]), np.concatenate([split.train_y, split.test_y])
        return sorted(map(tuple, np.column_stack([x, y])))

    unshuffled = data.digits("unshuffled")
    assert sorted_rows(random_split) == sorted_rows(unshuffled)
    assert not np.array_equal(random_split.test_y, unshuffled.test_y)
    assert np.array_equal(random_split.test_x, data.digits().test_x)


@pytest.mark.parametrize(("split", "right"), [("random", 0.989), ("unshuffled", 0.956)])
def test_the_nearest_neighbour_reads_as_many_as_expected(split, right):
    train_x, train_y, test_x, test_y = data.digits(split)
    distance = (train_x**2).sum(axis=1) - 2 * test_x @ train_x.T
    assert (train_y[distance.argmin(axis=1)] == test_y).mean() == approx(right, abs=5e-4)


def test_the_digits_are_small_plain_and_attributed():
    path = Path(data.__file__).with_name("digits.npz")
    assert path.stat().st_size < 200_000
    with np.load(path, allow_pickle=False) as file:
        about = str(file["about"])
        assert all(file[name].dtype.kind == "u" for name in ("images", "labels", "order"))
        assert sorted(file["order"]) == list(range(1797))
    for text in (about, data.digits.__doc__):
        for word in ("Alpaydin", "Kaynak", "1998", "UCI", "CC BY 4.0", "Optical Recognition of Handwritten Digits"):
            assert word in text
    assert "https://creativecommons.org/licenses/by/4.0/" in about and "Changes:" in about


# ---- mini-batches -------------------------------------------------------------------------------


@given(n=st.integers(1, 40), data_=st.data())
def test_every_epoch_shows_each_example_once_and_the_last_batch_may_be_short(n, data_):
    size = data_.draw(st.integers(1, n))
    x, y = np.arange(n), np.arange(n) * 10
    loop = data.batches(x, y, size)
    for _ in range(2):
        pairs = list(loop)
        sizes = [len(xb) for xb, yb in pairs]
        assert len(pairs) == len(loop) and sizes[:-1] == [size] * (len(pairs) - 1)
        assert sizes[-1] == n - size * (len(pairs) - 1)
        assert sorted(np.concatenate([xb for xb, yb in pairs])) == list(range(n))
        assert all(np.array_equal(yb, xb * 10) for xb, yb in pairs)


def test_each_epoch_is_reshuffled_and_the_seed_decides_how():
    def epochs(seed):
        loop = data.batches(np.arange(20), np.arange(20), 6, seed)
        return [np.concatenate([xb for xb, yb in loop]).tolist() for _ in range(3)]

    first, second, third = epochs(0)
    assert first != second != third != first
    assert epochs(0) == [first, second, third] and epochs(1) != [first, second, third]
    assert first != list(range(20))


def test_with_replacement_each_batch_is_a_draw_from_all():
    x = np.arange(4.0)
    loop = data.batches(x, x, 3, replace=True)
    drawn = np.concatenate([xb for _ in range(2000) for xb, yb in loop])
    assert len(drawn) == 8000 and np.bincount(drawn.astype(int)) / 8000 == approx([0.25] * 4, abs=0.02)
    loop = data.batches(np.arange(50), np.arange(50), 50, replace=True)
    ((xb, yb),) = loop
    assert len(xb) == 50 and len(set(xb)) < 50 and np.array_equal(xb, yb)


def test_the_spread_of_batch_means_with_and_without_replacement():
    x = np.array([1.0, 2.0, 3.0, 10.0])  # σ² = 12.5; B = 2: 6.25 with replacement, 25/6 without

    def variance(replace):
        loop = data.batches(x, x, 2, replace=replace)
        return np.var([xb.mean() for _ in range(5000) for xb, yb in loop])

    assert variance(True) == approx(6.25, rel=0.05)
    assert variance(False) == approx(25 / 6, rel=0.05)


def test_rows_of_any_shape_stay_with_their_label():
    x, y = np.arange(24.0).reshape(6, 2, 2), np.eye(6)
    for xb, yb in data.batches(x, y, 4):
        assert np.array_equal(xb, x[yb.argmax(axis=1)])
    assert (
        repr(data.batches(x, y, 4, replace=True)) == "Batches of 4 from 6 examples, 2 an epoch, drawn with replacement"
    )


# ---- errors, in one sentence --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: data.two_moons(1), "n is 1, but must be a whole number of at least 2", id="few"),
        pytest.param(lambda: data.xor(2.5), "n is 2.5, but must be a whole number", id="half"),
        pytest.param(lambda: data.xor(True), "n is True, but must be a whole number", id="bool"),
        pytest.param(lambda: data.spiral(arms=0), "arms is 0, but must be a whole number of at least 1", id="arms"),
        pytest.param(lambda: data.circles(ratio=1.5), "ratio is 1.5, but the inner ring must lie inside", id="ratio"),
        pytest.param(
            lambda: data.two_moons(noise=-1), "noise is -1, but a standard deviation is at least 0", id="noise"
        ),
        pytest.param(lambda: data.noisy_line(noise=np.nan), "noise is nan, but a standard deviation", id="nan"),
        pytest.param(lambda: data.noisy_line(copies=0), "copies is 0, but must be", id="copies"),
        pytest.param(lambda: data.thirty_two(-1), "copies is -1, but must be", id="copies of 32"),
        pytest.param(
            lambda: data.xor(seed=None), "seed is None, but every data set here can be drawn again", id="seed"
        ),
        pytest.param(lambda: data.digits("test"), "There is no split called 'test'; choose", id="split"),
        pytest.param(
            lambda: data.batches([1, 2], [1], 1), "x of shape (2,) and y of shape (1,) do not pair up", id="pair"
        ),
        pytest.param(lambda: data.batches(1, 2, 1), "x of shape () and y of shape () do not pair up", id="scalars"),
        pytest.param(lambda: data.batches([1], [1], 0), "size is 0, but must be a whole number", id="size"),
        pytest.param(
            lambda: data.batches([1], [1], 2), "size is 2, but there are 1 examples: give at most 1", id="big"
        ),
    ],
)
def test_errors_say_what_was_found_and_what_to_do(call, message):
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        call()
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_numpy_is_all_that_data_needs():
    code = "import sys, backproplab.data; print({'sklearn', 'matplotlib', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
