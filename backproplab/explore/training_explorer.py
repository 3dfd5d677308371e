"""Train a small network and watch it: boundary, loss, units, weights and gradients, forward and back in time."""

from __future__ import annotations

import asyncio
import json
import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from threading import RLock
from time import perf_counter
from typing import Any

import traitlets

from ..data import two_moons
from ..draw import Picture
from ..nn import Linear, Module, ReLU, Sequential
from ..notation import number
from ..optim import SGD
from .explorer import Explorer, module, style
from .training import IMAGE, Breakdown, Checkpoint, Training, split
from .training_frame import Frame
from .training_picture import curves, drawing, picture
from .training_sheet import VIEWS, Sheet
from .training_slots import told

SLICE, REST = 0.025, 0.03  # seconds of computing, and of leaving the kernel to others, by turns
MOST, FEWEST = 120, 16  # frames of a recording
MEMORY = 2**21  # bytes of a recording, as it is sent
UNSENT = 16  # frames that are sent on their own before they are added to the others
PACES = (1, 10, 100)
WORDS = {
    "help": "The training. Left and right arrow: an earlier and a later step, Home and End: the first and the newest.",
    "alone": "There is no Python behind this page: it replays what was recorded; in a notebook you can train on.",
    "silent": "Python does not answer, so this only replays what was recorded: to train on, run this cell again.",
}
USUAL = {"loss": None, "optimiser": SGD, "lr": 0.5, "batch_size": 25, "seed": 0}


class TrainingExplorer(Explorer):
    """A network while it learns: one batch at a time, on and on, or back to any step that was recorded.

    `data` is a pair (x, y) of points (N, 2) or 8×8 images (N, 64) with whole numbers as labels, of which a quarter is
    held out, or a split as `digits()` gives it; two moons, if there is none. `model` is a Sequential of Linear layers
    and activations. `loss(outputs, labels)` is cross_entropy, or mse_loss for a model with one output; the
    losses of `nn` get their targets as rows. `optimiser` is called with the parameters and `lr`.

    Traits: `step` is the number of batches after which it is shown, moved to one that is recorded; `running` goes
    on from there, up to `until`; `rate` is the learning rate η, `zero_grad` whether gradients are set to 0 before
    each batch, `pace` how many batches there are to a picture. They may be changed while it runs. `view` is what the
    picture shows: "classes" (what it says of the plane or of images, and the loss), "units" (what hidden units respond
    to; for images their weights, each as an image) or "weights" (and gradients, layer by layer). Going on from an
    earlier step restores weights, optimiser and the order of batches: with the same settings the same path comes
    again. Training needs the event loop of a notebook, to which it leaves half of the time; `run(steps)` trains at
    once, anywhere. What breaks the training is explained in `error`.

    >>> explorer = TrainingExplorer()
    >>> explorer.run(200)
    >>> explorer.step, explorer.error
    (200, '')
    >>> print(explorer.sentence.partition(":")[0])
    Step 200 (batch 8 of 8, epoch 25)
    >>> explorer.close()
    """

    _esm = module("training_explorer")
    _css = style("training_explorer")

    step = traitlets.Int(0).tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    until = traitlets.Int(None, allow_none=True).tag(sync=True)
    rate = traitlets.Float().tag(sync=True)
    zero_grad = traitlets.Bool(True).tag(sync=True)
    pace = traitlets.Int(10).tag(sync=True)
    view = traitlets.Enum(list(VIEWS), "classes").tag(sync=True)
    _scene = traitlets.Dict().tag(sync=True)
    _older = traitlets.List().tag(sync=True)  # frames, as they are sent
    _recent = traitlets.List().tag(sync=True)  # those after them; while it runs, the last one only
    _curve = traitlets.Dict().tag(sync=True)
    _turn = 0  # counts starts and ends, so that a slice knows when it is no longer wanted

    def __init__(
        self,
        model: Module | None = None,
        data: Any = None,
        *,
        loss: Callable | None = None,
        optimiser: Callable = SGD,
        lr: float = 0.5,
        batch_size: int = 25,
        seed: int = 0,
        view: str = "classes",
    ) -> None:
        if loss is not None and not callable(loss):
            raise TypeError(f"loss is a function of outputs and labels, such as nn.cross_entropy; got {loss!r}.")
        if not callable(optimiser):
            raise TypeError(f"optimiser is a class such as optim.SGD, called with parameters and lr; got {optimiser!r}.")
        if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
            raise ValueError(f"seed is a whole number of at least 0; got {seed!r}.")
        given = {"loss": loss, "optimiser": optimiser, "lr": lr, "batch_size": batch_size, "seed": seed}
        self._given = [name for name, it in (("model", model), ("data", data)) if it is not None]
        self._given += [f"{name}={getattr(it, '__name__', it)}" for name, it in given.items() if it != USUAL[name]]
        data = split((*two_moons(200, 0.2, seed), *two_moons(100, 0.2, seed + 1)) if data is None else data, seed)
        if model is None:
            images = data.train_x.shape[1] == IMAGE * IMAGE
            inputs, hidden = (IMAGE * IMAGE, 32) if images else (2, 8)
            outputs = max(2, 1 + int(data.train_y.max()))
            model = Sequential(Linear(inputs, hidden, seed=seed), ReLU(), Linear(hidden, outputs, seed=seed + 1))
        self._training = Training(model, data, loss, optimiser, _rate(lr), batch_size, seed)
        self._sheet = Sheet(self._training)
        self._every, self._most = 1, MOST  # steps from one frame to the next, and how many frames there may be
        self._frames: list[Frame] = []
        self._checkpoints: list[Checkpoint] = []
        self._before: list[tuple[int, list[float]]] = []
        self._lock = RLock()  # what the page sends may come in another thread, even between two lines of ours
        self._loop = _running_loop()
        self._record()
        self._most = max(FEWEST, min(MOST, MEMORY // len(json.dumps(self._frames[0].sent))))
        super().__init__(rate=self._training.optimiser.lr, view=view)
        self._scene = self._described()
        self._publish()

    # ---- what it shows --------------------------------------------------------------------------

    @property
    def model(self) -> Module:
        """The model, after the newest step."""
        return self._training.model

    @property
    def steps(self) -> int:
        """How many batches were learned from."""
        return self._training.steps

    @property
    def recorded(self) -> list[int]:
        """The steps that can be shown: all of them at first, of long runs fewer."""
        return [frame.step for frame in self._frames]

    @property
    def sentence(self) -> str:
        """What is known of the step that is shown, in words."""
        return self._frame(self.step).said

    @property
    def error(self) -> str:
        """What broke the training at the step that is shown, and what to do; nothing if all is well."""
        return self._frame(self.step).error

    def snapshot(self, step: int | None = None) -> Picture:
        frame = self._frame(self.step if step is None else step)
        return picture(self._sheet, frame, self.view, self._curve, self.theme)

    def frames(self, most: int = 12) -> list[Picture]:
        """Pictures of at most so many recorded steps, the first and the newest among them: a slide for each."""
        last = len(self._frames) - 1
        places = {round(last * i / max(most - 1, 1)) for i in range(most)}
        return [self.snapshot(self._frames[place].step) for place in sorted(places)]

    def __repr__(self) -> str:
        return f"TrainingExplorer({', '.join(self._given)})"

    # ---- training -------------------------------------------------------------------------------

    def run(self, steps: int = 100) -> None:
        """Learn from so many batches at once, from the step that is shown."""
        if steps < 0:
            raise ValueError(f"steps is {steps}; give how many batches to learn from, at least 0.")
        with self._lock:
            self.running = False
            self._go_on_from_here()
            for _ in range(steps):
                if not self._advance():
                    break
            self._publish()

    def close(self) -> None:
        self._turn += 1
        super().close()

    def set_state(self, sync_data: dict) -> None:
        with self._lock:  # not in the middle of a slice: JupyterLab may have a subshell handle what a page sends
            super().set_state(sync_data)

    def _advance(self) -> bool:
        """One batch; False if the training is broken."""
        training, error = self._training, ""
        if self._frames[-1].error:
            return False
        training.zero_grad, training.optimiser.lr = self.zero_grad, self.rate
        try:
            training.step()
        except Breakdown as broken:
            error = str(broken)
        except Exception as problem:
            self._give_up(problem)
            return False
        if error or training.steps % self._every == 0:
            self._record(error)
        return not self._frames[-1].error

    def _record(self, error: str = "") -> None:
        try:
            frame = Frame.of(self._sheet, error)
        except Exception as problem:
            self._give_up(problem)
            return
        if self._frames and (self._frames[-1].step % self._every or self._frames[-1].step == frame.step):
            del self._frames[-1], self._checkpoints[-1]  # it was kept only while it was the newest
        self._frames.append(frame)
        self._checkpoints.append(self._training.checkpoint())
        if len(self._frames) > self._most:
            self._every *= 2
            kept = [i for i, it in enumerate(self._frames) if it.step % self._every == 0 or it is frame]
            self._frames = [self._frames[i] for i in kept]
            self._checkpoints = [self._checkpoints[i] for i in kept]

    def _give_up(self, problem: Exception) -> None:
        """The learner's own loss or layer raised an error: back to the newest frame, with this error in words."""
        if not self._frames:
            raise problem
        step = self._training.steps + 1
        self._training.restore(self._checkpoints[-1])
        said = f"{type(problem).__name__}: {problem}".removesuffix(".")
        error = f"Step {step} could not be computed ({said}). Mend the model or the loss and run the cell again."
        self._frames[-1] = replace(self._frames[-1], error=error)

    def _go_on_from_here(self) -> None:
        """Forget what came after the step that is shown."""
        place = self._place(self.step)
        if place == len(self._frames) - 1 and self._training.steps == self._frames[-1].step:
            return
        self._before = [(frame.step, frame.losses) for frame in self._frames]
        del self._frames[place + 1 :], self._checkpoints[place + 1 :]
        self._training.restore(self._checkpoints[place])

    def _start(self, rest: float = 0.0) -> None:
        self._turn += 1
        self._loop.call_soon_threadsafe(self._loop.call_later, rest, self._slice, self._turn)

    def _slice(self, turn: int) -> None:
        """Some batches, then a rest in which the kernel does other things."""
        with self._lock:
            if turn != self._turn:
                return
            end = perf_counter() + SLICE
            for _ in range(self.pace):
                done = not self._advance() or self._training.steps == self.until
                if done or perf_counter() > end:
                    break
            with self.hold_sync():  # one message
                self._publish()
                self.running = not done
            if not done:
                self._start(REST)

    # ---- telling the page -----------------------------------------------------------------------

    def _publish(self, follow: bool = True) -> None:
        """Send what is new (while it runs, of the frames only the newest) and, to `follow`, show the newest step."""
        if self._frames[-1].step != self._training.steps:
            self._record()
        frames = [frame.sent for frame in self._frames]
        with self.hold_sync():
            if not self.running and (
                self._older != frames[: len(self._older)] or len(frames) - len(self._older) > UNSENT
            ):
                self._older = frames[:-1]
            self._recent = frames[-1:] if self.running else frames[len(self._older) :]
            self._curve = curves(self._sheet.plot, [(frame.step, frame.losses) for frame in self._frames], self._before)
            if follow:
                self.step = self._frames[-1].step

    def _described(self) -> dict[str, Any]:
        """What the page needs to draw any frame."""
        return {
            "pictures": {view: drawing(self._sheet, view, "dark") for view in self._sheet.views},
            "views": [*self._sheet.views.items()],
            "parts": [told(part) for part in self._sheet.parts],
            "plot": list(self._sheet.plot),
            "high": 4 * self.rate,
            "paces": PACES,
            "words": WORDS,
        }

    def _place(self, step: int) -> int:
        return max(0, bisect_right(self.recorded, step) - 1)

    def _frame(self, step: int) -> Frame:
        return self._frames[self._place(step)]

    # ---- reacting -------------------------------------------------------------------------------

    @traitlets.validate("step")
    def _recorded_step(self, proposal: Any) -> int:
        return self._frame(proposal.value).step

    @traitlets.validate("rate")
    def _positive_rate(self, proposal: Any) -> float:
        try:
            return _rate(proposal.value)
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None

    @traitlets.validate("pace")
    def _whole_pace(self, proposal: Any) -> int:
        if proposal.value < 1:
            raise traitlets.TraitError(
                f"pace is {proposal.value}; give how many batches there are to a picture, at least 1."
            )
        return proposal.value

    @traitlets.validate("view")
    def _view_of_this_network(self, proposal: Any) -> str:
        if proposal.value not in self._sheet.views:
            raise traitlets.TraitError(f"This network has no view {proposal.value!r}; it has: {', '.join(self._sheet.views)}.")
        return proposal.value

    @traitlets.validate("running")
    def _in_a_loop(self, proposal: Any) -> bool:
        if proposal.value and (self._loop is None or self._loop.is_closed()):
            self._loop = _running_loop()
            if self._loop is None:
                raise traitlets.TraitError("There is no event loop here to train in; call run(steps) instead.")
        return proposal.value

    @traitlets.observe("running")
    def _on_running(self, change: Any) -> None:
        self._turn += 1
        if self.running:
            self._go_on_from_here()
            self._start()
        else:
            self.until = None
            self._publish(follow=False)

    @traitlets.observe("step")
    def _on_step(self, change: Any) -> None:
        if self.running and self.step != self._frames[-1].step:
            self.running = False


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _rate(lr: Any) -> float:
    if isinstance(lr, bool) or not isinstance(lr, int | float) or not 0 <= lr < math.inf:
        raise ValueError(
            f"The learning rate must be a number of at least 0; got {number(lr) if isinstance(lr, float) else lr!r}."
        )
    return float(lr)
