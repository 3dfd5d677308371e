"""Life without gradients: what the searches cost, what the estimates scatter, and the critic against closed forms."""

from __future__ import annotations

import re
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from backproplab import search
from backproplab.search import Balance, Categorical, Critic, Gaussian, score_function, staircase

METHODS = {
    method.__name__: method
    for method in (
        search.coordinate_search,
        search.blind_search,
        search.random_search,
        search.evolution_strategy,
        search.difference_descent,
        search.two_point_descent,
        search.actor_critic,
    )
}
DRAWING = [name for name in METHODS if name not in ("coordinate_search", "difference_descent")]


def bowl(w):
    return float(w @ w)


def away(d, seed):
    """A start at distance 1 from the bottom of the bowl."""
    direction = np.random.default_rng(1000 + seed).standard_normal(d)
    return direction / np.linalg.norm(direction)


class Counted:
    """A function that remembers where it was asked."""

    def __init__(self, f):
        self.f, self.points = f, []

    def __call__(self, w):
        self.points.append(w.copy())
        return self.f(w)


# ---- what every method promises -----------------------------------------------------------------


@pytest.mark.parametrize("name", METHODS)
@given(budget=st.integers(20, 60), d=st.integers(1, 3), seed=st.integers(0, 99))
def test_results_tell_what_was_asked_and_never_more_than_the_budget(name, budget, d, seed):
    f = Counted(bowl)
    result = METHODS[name](f, np.full(d, 0.8), evaluations=budget, seed=seed)
    values = [bowl(w) for w in f.points]
    assert result.evaluations == len(f.points) <= budget
    assert result.history == approx(np.minimum.accumulate(values))
    assert result.value == bowl(result.point) and result.point.shape == (d,)
    assert np.array_equal(result.path[-1], result.point) and result.path.shape[1:] == (d,)
    if name == "actor_critic":
        return  # it ends where the actor stands
    assert result.value == min(values) == result.history[-1]
    assert (np.diff([bowl(w) for w in result.path]) < 0).all()
    if name != "coordinate_search":  # which may end by itself, at its smallest step
        assert result.evaluations == budget


@pytest.mark.parametrize("name", METHODS)
def test_the_search_ends_at_the_first_value_below_the_threshold(name):
    f = Counted(bowl)
    result = METHODS[name](f, [0.6, 0.8], stop=0.1, seed=3)
    values = [bowl(w) for w in f.points]
    assert result.value <= 0.1
    assert values[-1] == result.value
    if name != "actor_critic":  # whose lucky probes do not count
        assert min(values[:-1]) > 0.1


@pytest.mark.parametrize("name", [name for name in METHODS if name not in ("blind_search", "actor_critic")])
def test_a_start_at_the_goal_costs_one_evaluation(name):
    result = METHODS[name](bowl, [0.0, 0.0], stop=0.0)
    assert result.evaluations == 1 and result.value == 0.0 and result.path.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize("name", DRAWING)
def test_a_seed_repeats_the_search_and_another_one_does_not(name):
    first, again, other = (METHODS[name](bowl, [0.6, 0.8], evaluations=50, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(first.path, again.path) and np.array_equal(first.history, again.history)
    assert not np.array_equal(first.point, other.point)


def test_compass_search_without_a_seed_keeps_the_order_and_with_one_shuffles_it():
    f = Counted(bowl)
    search.coordinate_search(f, [0.1] * 4, step=1.0, evaluations=9)  # every step fails: forth, back, next axis
    moved = [np.flatnonzero(w != 0.1)[0] for w in f.points[1:]]
    assert moved == [0, 0, 1, 1, 2, 2, 3, 3]
    f = Counted(bowl)
    search.coordinate_search(f, [0.1] * 4, step=1.0, evaluations=9, seed=0)
    shuffled = [np.flatnonzero(w != 0.1)[0] for w in f.points[1:]]
    assert shuffled != moved and sorted(shuffled) == moved


def test_compass_search_ends_by_itself_at_the_smallest_step():
    result = search.coordinate_search(lambda w: abs(w[0] - 0.3), [0.0], smallest=1e-3)
    assert result.value < 1e-3 and result.evaluations < 60


@pytest.mark.parametrize("name", METHODS)
def test_a_function_that_spoils_its_argument_spoils_nothing_else(name):
    def spoils(w):
        value = bowl(w)
        w[:] = 77.0
        return value

    start = np.array([0.6, 0.8])
    dirty = METHODS[name](spoils, start, evaluations=60, seed=0)
    clean = METHODS[name](bowl, start, evaluations=60, seed=0)
    assert np.array_equal(dirty.path, clean.path) and start.tolist() == [0.6, 0.8]


def test_nan_is_worse_than_any_number():
    result = search.evolution_strategy(lambda w: nan if w[0] > 0.5 else bowl(w), [0.4, 0.3], evaluations=200)
    assert result.value < 1e-3
    from_nan = search.evolution_strategy(lambda w: nan if w[0] > 0.9 else bowl(w), [1.0, 0.0], evaluations=200)
    assert from_nan.history[0] == inf and from_nan.value < 1e-3


def test_results_write_themselves_in_a_few_words():
    five = search.Result(np.array([1.0, -2.0, 3.0, 4.0, 5.0]), -0.123456, 12345, np.zeros(1), np.zeros((1, 5)))
    assert repr(five) == "−0.1235 at (1, −2, 3, … 5 numbers) after 12,345 evaluations"


def test_a_result_does_not_change_with_the_array_it_started_from():
    start = np.array([0.6, 0.8])
    result = search.evolution_strategy(bowl, start, evaluations=1)
    start[:] = 77.0
    assert result.point.tolist() == [0.6, 0.8]


def test_a_two_point_step_is_the_formula():
    f = Counted(lambda w: w @ [2.0, -1.0, 3.0])
    search.two_point_descent(f, [1.0, 1.0, 1.0], rate=0.3, h=0.5, evaluations=4)
    above, below, next_one = f.points[1], f.points[2], f.points[3]
    u = above - below  # = 2h·u
    second = np.random.default_rng(0).standard_normal((2, 3))[1]
    assert next_one - 0.5 * second == approx(np.ones(3) - 0.3 / 5 * (u @ [2.0, -1.0, 3.0]) * u)


@pytest.mark.parametrize("seed", range(5))
def test_the_actors_own_cost_ends_it_not_a_lucky_probe(seed):
    result = search.actor_critic(staircase, -0.5, stop=0.05, seed=seed)
    costs = [staircase(u) for u in result.path]
    assert costs[-1] == result.value == 0.05 < min(costs[:-1])
    assert result.evaluations == 1 + 11 * (len(costs) - 1) < 100


def test_an_actor_that_starts_at_the_goal_stays_and_needs_no_critic():
    result = search.actor_critic(staircase, 0.7, stop=0.05)
    assert (result.point[0], result.evaluations, result.critic) == (0.7, 1, None)


# ---- evaluations against dimension --------------------------------------------------------------

# Medians of 20 seeds scatter, so each bound is wide enough for other seeds and far from the next column.
MEDIANS = {
    "two_point_descent": {1: (9, 18), 2: (17, 33), 4: (35, 52), 8: (69, 96)},
    "evolution_strategy": {1: (7, 19), 2: (26, 43), 4: (52, 76), 8: (108, 138)},
    "random_search": {1: (19, 28), 2: (31, 43), 4: (54, 70), 8: (95, 125)},
    "coordinate_search": {1: (2, 6), 2: (13, 21), 4: (34, 46), 8: (74, 100)},
}


@pytest.mark.parametrize(("name", "d"), [(name, d) for name in MEDIANS for d in MEDIANS[name]])
def test_evaluations_until_the_distance_is_a_tenth(name, d):
    low, high = MEDIANS[name][d]
    counts = [METHODS[name](bowl, away(d, s), stop=0.01, seed=s).evaluations for s in range(20)]
    assert low <= np.median(counts) <= high


@pytest.mark.parametrize("d", [1, 2, 4, 8])
def test_differences_cost_five_gradients_and_a_last_look(d):
    assert search.difference_descent(bowl, away(d, 0), stop=0.01).evaluations == 5 * (d + 1) + 1


@pytest.mark.parametrize("d", [1, 2, 3])
def test_blind_search_costs_ten_to_the_dimension(d):
    counts = [
        search.blind_search(bowl, np.zeros(d), stop=0.01, seed=s, evaluations=10**5).evaluations for s in range(60)
    ]
    assert np.mean(counts) == approx(10**d, rel=0.4)  # geometric: the sd of this mean is 13 %


def test_blind_draws_fill_the_ball_evenly():
    f = Counted(bowl)
    search.blind_search(f, [1.0, 2.0, 3.0], radius=2.0, evaluations=3000)
    offsets = np.array(f.points) - [1.0, 2.0, 3.0]
    inside = (np.linalg.norm(offsets, axis=1) / 2.0) ** 3  # uniform between 0 and 1 if the ball is filled evenly
    assert inside.max() <= 1.0
    assert np.quantile(inside, [0.25, 0.5, 0.75]) == approx([0.25, 0.5, 0.75], abs=0.03)
    assert offsets.mean(axis=0) == approx([0, 0, 0], abs=0.06)


def test_strides_keep_their_length_or_learn_it():
    f = Counted(bowl)
    search.random_search(f, np.full(50, 0.9), step=0.3, evaluations=2)
    assert np.linalg.norm(f.points[1] - f.points[0]) == approx(0.3, rel=0.3)
    fixed = search.random_search(bowl, [1.0, 1.0], step=0.3, evaluations=500)
    learnt = search.evolution_strategy(bowl, [1.0, 1.0], step=0.3, evaluations=500)
    assert learnt.value < 1e-12 < 1e-7 < fixed.value


def test_about_one_child_in_five_is_better():
    result = search.evolution_strategy(bowl, np.ones(60), evaluations=4000)
    assert (np.diff(result.history) < 0).mean() == approx(0.195, abs=0.015)  # below 1/5, for the step must shrink, too


# ---- gradients from costs alone -----------------------------------------------------------------


def two_actions(action):
    return (10, 9)[action]


def policy(p):
    return Categorical(np.log([1 - p, p]))


@pytest.mark.parametrize(
    ("p", "baseline", "slope", "sd"),
    [(0.5, 0, -0.25, 4.75), (0.5, 9.5, -0.25, 0), (0.5, 100, -0.25, 45.25), (0.9, 0, -0.09, 2.97),
     (0.9, 9.1, -0.09, 0.24), (0.9, 9.9, -0.09, 0)],
)  # fmt: skip
def test_two_actions_exactly_and_measured(p, baseline, slope, sd):
    estimate = score_function(two_actions, policy(p), 10_000, baseline=baseline)
    assert policy(p).slope([10, 9])[1] == approx(slope)
    assert estimate.gradient[1] == approx(slope, abs=4 * sd / 100 + 1e-12)
    assert estimate.sd[1] == approx(sd, rel=0.02, abs=1e-12)
    assert estimate.error == approx(estimate.sd / 100) and estimate.evaluations == 10_000


def test_the_draws_of_the_lesson():
    estimate = score_function(two_actions, policy(0.5), 100)
    assert estimate.draws[:5, 1].tolist() == [-5, 4.5, 4.5, 4.5, -5]
    assert estimate.gradient[1] == approx(-0.82)
    assert score_function(two_actions, policy(0.5), 10_000).gradient[1] == approx(-0.2595)


def test_actions_come_as_often_as_the_policy_says():
    actions = Categorical(np.log([0.1, 0.2, 0.3, 0.4])).sample(np.random.default_rng(0), 20_000)
    assert np.bincount(actions) / 20_000 == approx([0.1, 0.2, 0.3, 0.4], abs=0.012)
    assert Categorical([1000.0, 0.0]).probabilities.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("law", ["categorical", "gaussian"])
def test_scores_are_the_slopes_of_the_log_probability(law):
    h = 1e-5
    if law == "categorical":
        at, action = np.array([0.3, -0.5, 1.2]), 2

        def log_probability(theta):
            return theta[action] - np.log(np.exp(theta).sum())

        score = Categorical(at).score(np.array([action]))[0]
    else:
        at, action = np.array([0.3, -0.5]), np.array([0.5, -0.4])

        def log_probability(theta):
            return -((action - theta) @ (action - theta)) / (2 * 0.2**2)

        score = Gaussian(at, 0.2).score(action[None])[0]
    slopes = [(log_probability(at + h * e) - log_probability(at - h * e)) / (2 * h) for e in np.eye(len(at))]
    assert score == approx(slopes, rel=1e-6)


def test_the_slope_of_the_mean_cost_is_the_difference_quotient():
    logits, costs, h = np.array([0.3, -0.5, 1.2]), [3.0, -1.0, 2.0], 1e-5

    def mean(at):
        return Categorical(at).probabilities @ costs

    slopes = [(mean(logits + h * e) - mean(logits - h * e)) / (2 * h) for e in np.eye(3)]
    assert Categorical(logits).slope(costs) == approx(slopes, rel=1e-6)


def test_the_batch_mean_shrinks_the_gradient_and_leave_one_out_does_not():
    def mean(baseline):
        rng = np.random.default_rng(0)
        estimates = [score_function(two_actions, policy(0.5), 2, baseline=baseline, seed=rng) for _ in range(4000)]
        return np.mean([e.gradient[1] for e in estimates])

    assert mean("batch mean") == approx(-0.125, abs=0.006)
    assert mean("leave-one-out") == approx(-0.25, abs=0.012)
    assert not score_function(lambda action: 7.0, policy(0.3), 5, baseline="leave-one-out").draws.any()


@pytest.mark.parametrize(("d", "plain"), [(1, 28), (4, 118), (8, 252)])
def test_the_variance_grows_with_the_dimension_and_pairs_cost_d_plus_one(d, plain):
    theta = np.eye(d)[0]

    def variance(**options):
        estimate = score_function(lambda w: w @ w / 2, Gaussian(theta, 0.1), 10_000, **options)
        assert estimate.gradient == approx(theta, abs=5 * np.sqrt(estimate.variance / 10_000))
        return estimate.variance

    assert variance() == approx(plain, rel=0.05)
    assert variance(antithetic=True) == approx(d + 1, rel=0.05)
    assert score_function(bowl, Gaussian(theta), 10, antithetic=True).evaluations == 20


def test_every_baseline_cancels_in_an_antithetic_pair():
    estimates = [
        score_function(bowl, Gaussian([1.0, 2.0]), 50, baseline=b, antithetic=True) for b in (0, 100, "leave-one-out")
    ]
    assert all(np.array_equal(e.draws, estimates[0].draws) for e in estimates)


def test_the_smoothed_staircase_has_a_slope():
    def quotient(u):
        return (staircase(u + 1e-3) - staircase(u - 1e-3)) / 2e-3

    quotients = np.array([quotient(u) for u in np.random.default_rng(0).uniform(-1, 2, 4000)])
    assert set(quotients.round(6)) == {-25.0, 0.0, 25.0}
    assert (quotients == 0).mean() == approx(0.94, abs=0.01)
    smooth = score_function(staircase, Gaussian([-0.5], 0.05), 10_000, antithetic=True)
    assert smooth.gradient[0] == approx(-2.40, abs=4 * smooth.error[0]) and smooth.sd[0] == approx(3.4, abs=0.15)


def test_a_staircase_has_stairs_of_a_twentieth_also_in_more_dimensions():
    assert {round(staircase(u) * 20, 9) for u in np.linspace(0.0, 1.4, 501)} == set(range(11))
    assert staircase(0.8) == 0.05  # b = 0.01 lies on the first stair, and stairs lie above the bowl
    assert staircase([0.6, 0.4]) == 0.1 and staircase([0.9, 0.7], lopsided=3.0) == 0.15
    assert staircase(0.1, lopsided=3.0) == staircase(0.1) < staircase(1.3, lopsided=3.0)


# ---- the critic ---------------------------------------------------------------------------------


def parabola(d, seed=0):
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((d, d)), rng.standard_normal(d)
    H = A @ A.T + np.eye(d)
    return H, b, lambda u: 3.0 + b @ u + u @ H @ u / 2


@pytest.mark.parametrize("d", [1, 2, 5])
def test_a_critic_finds_the_parabola_that_there_is(d):
    H, b, cost = parabola(d)
    points = np.random.default_rng(1).standard_normal((60, d)) + 2.0
    critic = Critic.fit(points, [cost(u) for u in points])
    u = np.linspace(-1, 1, d)
    assert critic(u) == approx(cost(u))
    assert critic.gradient(u) == approx(b + H @ u)
    assert critic.curvature == approx(H)
    assert critic.minimum() == approx(-np.linalg.solve(H, b))


def test_a_plane_has_the_slope_and_no_curvature():
    points = np.random.default_rng(0).standard_normal((10, 2))
    critic = Critic.fit(points, points @ [2.0, -1.0] + 4.0, degree=1)
    assert critic.gradient([5.0, 5.0]) == approx([2.0, -1.0]) and not critic.curvature.any()
    assert critic([1.0, 1.0]) == approx(5.0)


def test_the_mean_over_a_policy_includes_half_the_curvature():
    H, b, cost = parabola(3)
    points = np.random.default_rng(1).standard_normal((60, 3))
    critic, law = Critic.fit(points, [cost(u) for u in points]), Gaussian([0.5, -1.0, 0.2], 0.7)
    sampled = np.mean([cost(u) for u in law.sample(np.random.default_rng(0), 40_000)])
    assert critic.mean(law) == approx(sampled, rel=0.02)
    assert critic.mean(law) - critic(law.theta) == approx(0.49 * np.trace(H) / 2)


def test_the_critic_as_a_baseline_beats_the_cost_at_theta():
    theta = np.eye(16)[0]
    law = Gaussian(theta, 0.1)

    def cost(w):
        return w @ w / 2

    points = law.sample(np.random.default_rng(5), 600)
    critic = Critic.fit(points, [cost(u) for u in points])
    plain, here, learnt = (
        score_function(cost, law, 10_000, baseline=b).variance for b in (0.0, cost(theta), critic.mean(law))
    )
    assert plain == approx(577, rel=0.05) and here == approx(32, rel=0.06) and learnt < 0.65 * here


@pytest.mark.parametrize(("n", "noise", "error"), [(5, 0, 0.0053), (10, 0, 0.0024), (40, 0, 0.0010), (40, 0.3, 0.0235)])
def test_more_probes_of_the_staircase_find_its_bottom_better(n, noise, error):
    def missed(seed):
        rng = np.random.default_rng(seed)
        u = rng.uniform(-1, 2, n)
        costs = [staircase(x) for x in u] + noise * rng.standard_normal(n)
        return abs(Critic.fit(u, costs).minimum()[0] - 0.7)

    assert np.median([missed(seed) for seed in range(400)]) == approx(error, rel=0.2)


def test_more_probes_do_not_help_a_critic_whose_family_lacks_the_truth():
    def missed(seed, n):
        u = np.random.default_rng(seed).uniform(-1, 2, n)
        return abs(Critic.fit(u, [staircase(x, lopsided=4.0) for x in u]).minimum()[0] - 0.7)

    assert np.median([missed(seed, 160) for seed in range(20)]) == approx(0.375, abs=0.02)


@pytest.mark.parametrize("start", [-0.5, 2.0])
def test_the_actor_walks_down_the_staircase_by_the_critics_gradient(start):
    found = [search.actor_critic(staircase, start, seed=s) for s in range(20)]
    assert np.median([abs(r.point[0] - 0.7) for r in found]) < 0.01
    assert all(r.critic.gradient(r.point)[0] == approx(0, abs=0.2) for r in found)


def test_a_wide_look_misses_a_lopsided_bottom_and_a_narrow_one_finds_its_stair():
    def cost(u):
        return staircase(u, lopsided=4.0)

    wide, narrow = (
        np.median([abs(search.actor_critic(cost, -0.5, spread=w, seed=s).point[0] - 0.7) for s in range(20)])
        for w in (0.5, 0.1)
    )
    assert narrow < 0.06 < 0.12 < wide


def test_the_actor_goes_no_farther_than_its_probes():
    result = search.actor_critic(lambda u: 50 * u[0] - 80 * u[1], [0.0, 0.0], spread=0.5, probes=8, evaluations=100)
    strides = np.linalg.norm(np.diff(result.path, axis=0), axis=1)
    assert strides == approx(np.full(len(strides), 0.5 * np.sqrt(2)))


def test_the_actor_moves_in_many_dimensions_and_under_noise():
    noise = np.random.default_rng(0)
    result = search.actor_critic(
        lambda u: staircase(u) + 0.1 * noise.standard_normal(), [-0.5, 0.0, 2.0], probes=40, evaluations=1500
    )
    assert result.point == approx([0.7, 0.7, 0.7], abs=0.12)


# ---- the balance task ---------------------------------------------------------------------------


def test_rides_last_as_long_as_in_the_lesson_and_repeat_themselves():
    bicycle = Balance()
    assert [bicycle.ticks([w1, 0]) for w1 in (0, 4, 8, 12)] == [51, 68, 136, 500]
    assert bicycle.cost([8, 0]) == -136.0 and bicycle.ticks([8, 0]) == 136
    angles = bicycle.ride([8, 0])
    assert len(angles) == 137 and angles[0] == 0.05 and abs(angles[-1]) > 0.5 >= np.abs(angles[:-1]).max()
    assert Balance(1).ticks([4, 0]) != Balance(2).ticks([4, 0]) and Balance(longest=100).ticks([12, 0]) == 100


def test_without_wobble_the_ride_is_the_formula():
    angles = Balance(wobble=0.0, longest=3).ride([2.0, 1.0])
    a, v = 0.05, 0.0
    for angle in angles[1:]:
        v += 0.02 * (9 * a - 2 * a - v)
        a += 0.02 * v
        assert angle == approx(a, rel=1e-14)
    pushed = Balance(wobble=0.0, longest=1).ride([1000.0, 0.0])  # 50 would be asked for, 6 is what there is
    assert pushed[1] == approx(0.05 + 0.02 * 0.02 * (9 * 0.05 - 6))


def test_on_the_slope_the_difference_quotients_are_nothing_or_huge():
    bicycle, rng = Balance(), np.random.default_rng(0)
    found = []
    for w in np.column_stack([rng.uniform(0, 9, 100), np.zeros(100)]):
        here = bicycle.ticks(w)
        found.append([bicycle.ticks(w + e) - here for e in 1e-3 * np.eye(2)])
    both_zero = np.all(np.array(found) == 0, axis=1)
    assert both_zero.mean() > 0.9 and not both_zero.all()


def test_in_two_dimensions_trying_is_easy():
    bicycle = Balance()
    trials = [
        search.random_search(bicycle.cost, [0, 0], step=3 * np.sqrt(2), stop=-500, seed=s).evaluations
        for s in range(20)
    ]
    assert 8 <= np.median(trials) <= 15 and max(trials) <= 40


# ---- errors, in one sentence --------------------------------------------------------------------

VALUE_ERRORS = {
    "start shape": (
        lambda: search.random_search(bowl, [[1, 2]]),
        "start is an array of shape (1, 2), but must be a vector",
    ),
    "start empty": (lambda: search.random_search(bowl, []), "start is an array of shape (0,), but must be a vector"),
    "start nan": (lambda: search.random_search(bowl, [nan, 1]), "start is (nan, 1), but must be a vector of finite"),
    "budget": (lambda: search.random_search(bowl, [1], evaluations=0), "evaluations is 0, but must be a whole number"),
    "half a budget": (lambda: search.random_search(bowl, [1], evaluations=1e3), "evaluations is 1000.0, but must be"),
    "step": (lambda: search.evolution_strategy(bowl, [1], step=0), "step is 0, but must be above 0 and finite"),
    "compass": (lambda: search.coordinate_search(bowl, [1], step=-1), "step is -1, but must be above 0"),
    "radius": (lambda: search.blind_search(bowl, [1], radius=inf), "radius is inf, but must be above 0 and finite"),
    "rate": (lambda: search.difference_descent(bowl, [1], rate=nan), "rate is nan, but must be above 0"),
    "h": (lambda: search.two_point_descent(bowl, [1], h=0), "h is 0, but must be above 0"),
    "s": (lambda: Gaussian([1], s=0), "s is 0, but must be above 0"),
    "draws": (lambda: score_function(bowl, Gaussian([1]), 0), "draws is 0, but must be a whole number"),
    "baseline": (lambda: score_function(bowl, Gaussian([1]), baseline="mean"), "There is no baseline 'mean': give"),
    "one draw": (
        lambda: score_function(bowl, Gaussian([1]), 1, baseline="leave-one-out"),
        "With 1 draw there is no other",
    ),
    "mirror": (lambda: score_function(two_actions, policy(0.5), antithetic=True), "A Categorical has no mirror images"),
    "few probes": (lambda: Critic.fit([0.0, 1.0], [1, 2]), "2 probes tell only 2 of the critic's 3 coefficients"),
    "same probes": (lambda: Critic.fit([1.0] * 9, [1] * 9), "9 probes tell only 1 of the critic's 3 coefficients"),
    "pairs": (lambda: Critic.fit([0.0, 1.0], [1]), "points (2, 1) and costs (1,) do not pair up"),
    "degree": (lambda: Critic.fit([0.0], [1], degree=3), "A critic of degree 3 is not made here: choose 1"),
    "no minimum": (lambda: Critic.fit([0, 1, 2], [0, 1, 0]).minimum(), "This critic goes down for ever"),
    "small budget": (lambda: search.actor_critic(bowl, [1], evaluations=11), "evaluations is 11, but a round takes 10"),
    "rider": (lambda: Balance().ticks([1]), "w has 1 numbers, but a rider has two gains"),
    "longest": (lambda: Balance(longest=0), "longest is 0, but must be a whole number"),
}


@pytest.mark.parametrize("case", VALUE_ERRORS)
def test_errors_say_what_was_found_and_what_to_do(case):
    call, message = VALUE_ERRORS[case]
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        call()
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("returned", "named"),
    [(None, "NoneType None"), ("high", "str 'high'"), (np.ones(1), "ndarray of shape (1,)"), (1j, "complex 1j")],
    ids=["nothing", "text", "array", "complex"],
)
def test_a_function_that_returns_no_number_is_refused(returned, named):
    with pytest.raises(TypeError, match=re.escape(f"The function returned a {named}, but must return one number.")):
        search.random_search(lambda w: returned, [1.0])


def test_an_error_inside_the_function_comes_through():
    def breaks(w):
        return 1 / 0 if len(f.points) > 5 else bowl(w)

    f = Counted(breaks)
    with pytest.raises(ZeroDivisionError):
        search.evolution_strategy(f, [1.0])
