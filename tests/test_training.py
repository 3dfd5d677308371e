"""The Python side of TrainingExplorer: it learns, goes back, says what went wrong, and leaves nothing running."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import numpy as np
import pytest
import traitlets

from backproplab import nn
from backproplab.data import circles, digits, spiral, two_moons
from backproplab.explore import TrainingExplorer
from backproplab.explore.training import Sampler
from backproplab.optim import SGD, Adam


def momentum(parameters, lr):
    return SGD(parameters, lr=lr, momentum=0.9)


def network(*activations: type[nn.Module], outputs: int = 2, inputs: int = 2, width: int = 6) -> nn.Sequential:
    layers = []
    for i, activation in enumerate(activations):
        layers += [nn.Linear(width if i else inputs, width, seed=i), activation()]
    return nn.Sequential(*layers, nn.Linear(width if activations else inputs, outputs, seed=9))


@pytest.fixture
def train():
    made = []

    def train(*arguments, **options) -> TrainingExplorer:
        made.append(TrainingExplorer(*arguments, **options))
        return made[-1]

    yield train
    for explorer in made:
        explorer.close()


def weights(explorer: TrainingExplorer) -> dict[str, list]:
    return {name: array.tolist() for name, array in explorer.model.state_dict().items()}


# ---- learning ------------------------------------------------------------------------------------


def test_it_takes_the_same_steps_as_a_loop_by_hand(train):
    x, y = two_moons(120, 0.2, seed=3)
    split = (x[::2], y[::2], x[1::2], y[1::2])
    explorer = train(network(nn.Tanh), split, optimiser=Adam, lr=0.05, batch_size=7, seed=5)
    explorer.run(40)

    from backproplab.data import batches

    model, labels = network(nn.Tanh), y[::2].astype(int)
    optimiser = Adam(model.parameters(), lr=0.05)
    loop = batches(x[::2], labels, 7, seed=5)
    while optimiser.steps < 40:
        for xb, yb in loop:
            if optimiser.steps < 40:
                optimiser.zero_grad()
                nn.cross_entropy(model(xb), yb).backward()
                optimiser.step()
    assert weights(explorer) == {name: array.tolist() for name, array in model.state_dict().items()}


@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.mse_loss, nn.half_mse_loss, nn.sse_loss, nn.hinge_loss])
@pytest.mark.parametrize("outputs", [1, 2])
def test_every_loss_learns_to_separate_the_moons(train, loss, outputs):
    if loss is nn.cross_entropy and outputs == 1:
        pytest.skip("one score has no cross entropy")
    lr = 0.01 if loss is nn.sse_loss else 0.2
    explorer = train(network(nn.Tanh, outputs=outputs), loss=loss, lr=lr)
    explorer.run(300)
    right = explorer.snapshot().alt.rpartition(", ")[2]
    assert int(right.split()[0]) >= 84, right


def test_digits_are_learned_and_mistakes_are_shown_first(train):
    explorer = train(data=digits())
    explorer.run(60)
    texts = explorer._frame(60).texts
    said = [texts[f"said {i}"] for i in range(24)]
    wrong = [text.startswith("✗") for text in said]
    assert 0 < sum(wrong) <= 12 and wrong == sorted(wrong, reverse=True)
    scores = explorer._training.scores(digits().test_x)
    assert explorer.snapshot().alt.endswith(f"and {round(100 * (scores.argmax(1) == digits().test_y).mean())}\N{NO-BREAK SPACE}% right")


def test_a_class_is_ahead_where_its_margin_is_above_0(train):
    explorer = train(network(nn.ReLU, outputs=3), spiral(90, arms=3))
    explorer.run(20)
    training = explorer._training
    margins = training.margins(explorer._sheet.grid)
    scores = training.scores(explorer._sheet.grid)
    assert ((margins > 0).sum(1) == 1).all()
    assert (margins.argmax(1) == scores.argmax(1)).all()
    ordered = np.sort(scores, axis=1)
    assert np.allclose(margins.max(1), ordered[:, -1] - ordered[:, -2])


# ---- going back ----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimiser", [SGD, momentum, Adam])
@pytest.mark.parametrize("zero_grad", [True, False])
def test_from_an_earlier_step_the_same_path_comes_again(train, optimiser, zero_grad):
    explorer = train(optimiser=optimiser, lr=0.01, batch_size=32)  # 200 examples: the last batch of an epoch is short
    explorer.zero_grad = zero_grad
    explorer.run(53)
    there, picture = weights(explorer), explorer.snapshot()
    for back in (0, 17, 52, 53):
        explorer.step = back
        explorer.run(53 - back)
        assert explorer.step == 53 and weights(explorer) == there
        assert explorer.snapshot().text == picture.text


def test_other_settings_give_another_path_and_the_old_curve_stays_to_compare(train):
    explorer = train()
    explorer.run(30)
    old = explorer.snapshot()
    assert explorer._curve["before"] == ""
    explorer.step, explorer.rate = 10, 0.05
    explorer.run(20)
    assert explorer.snapshot().text != old.text
    assert explorer._curve["before"].count("L") == 30


def test_a_sampler_goes_on_from_any_position():
    x = np.arange(10.0)
    sampler = Sampler(x, x, 4, seed=1)
    for _ in range(5):
        next(sampler)
    position, to_come = sampler.position, [next(sampler)[0].tolist() for _ in range(7)]
    sampler.position = position
    assert [next(sampler)[0].tolist() for _ in range(7)] == to_come


def test_long_runs_keep_fewer_frames_evenly_and_always_the_newest(train):
    explorer = train()
    explorer.run(1001)
    recorded = explorer.recorded
    assert len(recorded) <= 121 and recorded[0] == 0 and recorded[-1] == 1001
    assert {b - a for a, b in zip(recorded[:-1], recorded[1:-1])} == {16}
    assert len(json.dumps(explorer._older)) + len(json.dumps(explorer._recent)) < 2**21
    explorer.step = 500
    assert explorer.step == 496  # the recorded one before
    explorer.step = -3
    assert explorer.step == 0


def test_what_is_sent_is_the_whole_recording_once_it_rests(train):
    explorer = train()
    for steps in (1, 1, 40, 3, 200, 1, 1):
        explorer.run(steps)
        assert [frame["step"] for frame in [*explorer._older, *explorer._recent]] == explorer.recorded
    explorer.step = explorer.recorded[7]
    explorer.run(1)
    assert [frame["step"] for frame in [*explorer._older, *explorer._recent]] == explorer.recorded


# ---- what goes wrong -----------------------------------------------------------------------------


def test_a_training_that_breaks_says_which_step_and_what_to_do_and_can_be_mended(train):
    explorer = train(network(nn.ReLU, outputs=1), lr=60.0)
    explorer.run(500)
    broken = explorer.step
    assert 0 < broken < 500
    assert explorer.error.startswith(f"Step {broken} broke the training: the loss of its batch is")
    assert "the largest weight was" in explorer.error and "well below 60 (try 0.5)" in explorer.error
    explorer.run(5)
    assert explorer.step == broken  # not from here
    explorer.step, explorer.rate = 0, 0.05
    assert explorer.error == ""
    explorer.run(200)
    assert explorer.step == 200 and explorer.error == ""


def test_nan_is_shown_as_such(train):
    model = network(nn.Tanh)
    explorer = train(
        model,
        loss=lambda outputs, labels: (
            nn.cross_entropy(outputs, labels) * (np.nan if model.layers[2].bias.data.any() else 1.0)
        ),
    )
    explorer.run(5)
    assert explorer.step == 2 and "the loss of its batch is nan" in explorer.error
    assert -128 in np.frombuffer(explorer._frames[-1].data, np.int8)
    assert "not all are numbers" in explorer.snapshot().text


def test_forgotten_zero_grad_is_named_as_a_cause(train):
    explorer = train(network(nn.ReLU, outputs=1), lr=0.5)
    explorer.zero_grad = False
    explorer.run(500)
    assert "let zero_grad set the gradients to 0" in explorer.error


def test_an_error_of_the_learners_own_loss_is_told_in_words(train):
    calls = []

    def loss(outputs, labels):
        calls.append(1)
        if len(calls) > 6:
            raise KeyError("temperature")
        return nn.cross_entropy(outputs, labels)

    explorer = train(loss=loss)
    explorer.run(10)
    assert "could not be computed" in explorer.error and "temperature" in explorer.error
    assert explorer._training.sampler.position == explorer._checkpoints[-1].sampler  # all as in the newest frame


def test_dead_and_saturated_units_are_named(train):
    model = network(nn.ReLU, nn.Sigmoid)
    model.layers[0].bias.data[2] = -100.0
    model.layers[2].bias.data[1] = 9.0
    explorer = train(model)
    assert "Dead: h1.3," in explorer.sentence and "Saturated: h2.2," in explorer.sentence
    assert "unit h1.3: passes the gradient on at 0\N{NO-BREAK SPACE}% of the training points: dead" in explorer.snapshot().text
    assert explorer._training.units()[0].ill == ""
    layer, x = model.layers[0], explorer._training.data.train_x
    layer.bias.data[4] = -np.sort(x @ layer.weight.data[4])[-3:-1].mean()  # above 0 for two of 200 points
    assert explorer._training.units()[4] == ("h1.5", 0.01, "almost dead")
    # what "dead" claims: this batch gives it no gradient at all
    explorer.run(1)
    assert not model.layers[0].weight.grad[2].any() and model.layers[0].weight.grad[0].any()


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"data": (np.zeros((4, 3)), np.zeros(4))}, ValueError, "points of shape"),
        ({"data": (np.zeros((4, 2)), np.array([0, 1, 2, 0.5]))}, ValueError, "whole numbers"),
        ({"data": np.zeros((4, 2))}, TypeError, "pair"),
        (
            {"model": nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2)), "data": spiral(90, arms=3)},
            ValueError,
            "3 outputs",
        ),
        ({"model": nn.Sequential(nn.Linear(2, 5000), nn.ReLU(), nn.Linear(5000, 2))}, ValueError, "at most 10,000"),
        ({"model": nn.NearestNeighbour([[0.0, 0.0]])}, TypeError, "Sequential"),
        ({"lr": -1.0}, ValueError, "learning rate"),
        ({"lr": float("nan")}, ValueError, "learning rate"),
        ({"batch_size": 0}, ValueError, "size"),
        ({"loss": lambda outputs, labels: outputs}, TypeError, "single number"),
        ({"loss": 5}, TypeError, "loss is a function of outputs and labels, such as nn.cross_entropy; got 5"),
        ({"optimiser": 0.1}, TypeError, "optimiser is a class such as optim.SGD"),
        ({"seed": -1}, ValueError, "seed is a whole number of at least 0; got -1"),
    ],
    ids=["shape", "labels", "no pair", "outputs", "too large", "no network", "negative", "nan", "no batch", "no loss", "a number as loss",
         "a number as optimiser", "negative seed"],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        TrainingExplorer(**wrong)


@pytest.mark.parametrize(("trait", "junk"), [("rate", -1.0), ("rate", float("inf")), ("pace", 0), ("running", True)])
def test_junk_is_refused_and_changes_nothing(train, trait, junk):
    explorer = train()
    before = getattr(explorer, trait)
    with pytest.raises(traitlets.TraitError):
        setattr(explorer, trait, junk)
    assert getattr(explorer, trait) == before


# ---- in slices, on an event loop -----------------------------------------------------------------


def on_a_loop(live) -> None:
    """Runs it with an event loop, at whose end nothing may be waiting."""

    async def run() -> None:
        await live()
        await asyncio.sleep(0.1)
        assert asyncio.get_running_loop()._scheduled == []

    asyncio.run(run())


async def until(condition) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def test_it_trains_while_others_work_until_it_is_paused(train):
    explorer = train()

    async def live() -> None:
        explorer.running = True
        turns = 0
        while explorer.step < 50:
            await asyncio.sleep(0)
            turns += 1
        assert turns > 5  # others had their turns between the slices
        explorer.rate = 0.1  # at once, for the next batch
        explorer.running = False
        step = explorer.step
        await asyncio.sleep(0.1)
        assert explorer.step == step == explorer.steps

    on_a_loop(live)


def test_one_batch_is_one_batch(train):
    explorer = train()

    async def live() -> None:
        for step in (1, 2, 3):
            explorer.until, explorer.running = step, True
            await until(lambda: not explorer.running)
            assert explorer.step == explorer.steps == step and explorer.until is None

    on_a_loop(live)


def test_in_slices_or_at_once_the_path_is_the_same(train):
    slices, at_once = train(), train()
    at_once.run(120)

    async def live() -> None:
        slices.pace, slices.until, slices.running = 7, 120, True
        await until(lambda: not slices.running)

    on_a_loop(live)
    assert weights(slices) == weights(at_once) and slices.snapshot().text == at_once.snapshot().text


def test_rewinding_pauses_and_going_on_starts_there(train):
    explorer = train()

    async def live() -> None:
        explorer.running = True
        await until(lambda: explorer.step > 30)
        explorer.set_state({"running": False, "step": 5})  # as the page says it
        assert explorer.step == 5 and not explorer.running
        explorer.running = True
        explorer.step = 3
        assert not explorer.running
        explorer.set_state({"running": True, "until": 8})
        await until(lambda: not explorer.running)
        assert explorer.recorded[-1] == explorer.step == 8

    on_a_loop(live)


def test_what_the_page_sends_may_come_in_another_thread(train):
    """As JupyterLab does it, with the subshells of ipykernel 7: a pause in the middle of a slice, and a new start."""

    def loss(*pair):
        time.sleep(0.001)  # here the other thread comes in
        return nn.cross_entropy(*pair)

    async def live() -> None:
        explorer = train(loss=loss)
        explorer.run(50)
        end = weights(explorer)
        for _ in range(10):
            await asyncio.to_thread(explorer.set_state, {"running": True, "step": 0, "until": 50})
            page = threading.Timer(0.01, explorer.set_state, [{"running": False}])
            page.start()
            await until(lambda page=page: not page.is_alive())
            there = explorer.steps
            await asyncio.sleep(0.06)
            assert explorer.recorded[-1] == explorer.steps == explorer.step == there
        explorer.set_state({"running": True, "until": 50})
        await until(lambda: not explorer.running)
        assert weights(explorer) == end

    on_a_loop(live)


@pytest.mark.parametrize("end", ["close", "break"])
def test_nothing_is_left_running(train, end):
    explorer = train(network(nn.ReLU, outputs=1), lr=60.0 if end == "break" else 0.1)

    async def live() -> None:
        explorer.running = True
        if end == "close":
            await until(lambda: explorer.step > 3)
            explorer.close()
        else:
            await until(lambda: not explorer.running)
            assert "broke the training" in explorer.error

    on_a_loop(live)


# ---- pictures ------------------------------------------------------------------------------------


def test_the_twin_states_what_the_sentence_says(train):
    explorer = train()
    explorer.run(50)
    picture = explorer.snapshot()
    assert picture.text.startswith(explorer.sentence)
    assert explorer.snapshot(20).alt.startswith("training after 20 steps: loss")
    assert picture.svg == explorer.snapshot().svg and "style" not in picture.svg
    pictures = explorer.frames(5)
    assert [it.alt.split(":")[0] for it in pictures] == [f"training after {step} steps" for step in (0, 12, 25, 38, 50)]


def test_each_view_shows_what_it_says_and_a_network_has_those_that_it_has_something_for(train):
    explorer = train(network(nn.ReLU, nn.Tanh, outputs=1, width=30))
    explorer.run(3)
    drawn = {}
    for explorer.view in ("classes", "units", "weights"):
        drawn[explorer.view] = explorer.snapshot().svg
    assert "loss" in drawn["classes"] and "class 0 line" in drawn["classes"] and "unit 0" not in drawn["classes"]
    assert "what each unit responds to (24 of 60)" in drawn["units"] and "h1.24" in drawn["units"] and "h1.25" not in drawn["units"]
    assert all(f"{kind}, layer {k}" in drawn["weights"] for kind in ("weights", "gradients") for k in (1, 2, 3))
    one = train(network(outputs=1))
    with pytest.raises(traitlets.TraitError, match="has no view 'units'; it has: classes, weights"):
        one.view = "units"
    images = train(network(nn.ReLU, inputs=64, outputs=10, width=40), digits())
    images.view = "units"
    assert "weights of each unit (32 of 40)" in images.snapshot().svg
    read = train(nn.Sequential(nn.Linear(64, 10)), digits())
    assert list(read._sheet.views) == ["classes", "units"]
    with pytest.raises(traitlets.TraitError):
        train(view="everything")


def test_the_repr_is_python_without_an_address(train):
    assert repr(train()) == "TrainingExplorer()"
    made = train(network(nn.ReLU), circles(80), optimiser=Adam, lr=0.01, seed=2)
    assert repr(made) == "TrainingExplorer(model, data, optimiser=Adam, lr=0.01, seed=2)"
