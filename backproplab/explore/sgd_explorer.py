"""Thirty-two opinions: the same step seen by one sample and by all, batches of any size, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import traitlets

from ..data import thirty_two
from ..draw import Picture
from ..draw.paper import Paper
from ..draw.plane import Axis, Frame, grid, levels
from ..notation import fill, number
from .explorer import module, style
from .random import Random
from .surface import BOX, LOOKS, NEAR, At, Surface, SurfaceExplorer, Vector, _finite, listed, lowest

LOSS = "0.5*(w*x+b-y)^2"
BEGIN = {"w": -0.5, "b": 3.0}  # of the thirty-two opinions: so far away that all agree
SAMPLES = 320  # that a run sees, or what ten steps need
GRID, FINE = 41, 121  # points each way of a landscape; of a curve
DRAWS, LARGEST = 400, 32  # batches that a spread is measured with; the largest size
ROWS, COPIES, KEPT = 500, 64, 4  # at most

BATCHES = {"1": "one", "2": "2", "4": "4", "8": "8", "16": "16", "all": "all"}
MANNERS = {"with": "each from all (with replacement)", "without": "shuffled (without replacement)"}

WORDS = {
    "alt": "descent on the average of {formula}: {how}; from {from}, average {was}, after {seen} samples at {at}, average {loss}",
    "start": "Start at {names} = {at}: the average loss of {count} sample{s} is {loss}.",
    "one": "Step {step}: sample {sample} alone. Its own loss {own}; the average of all {count} {all}.",
    "some": "Step {step}: a batch of {batch}. Its own average loss {own}; the average of all {count} {all}.",
    "every": "Step {step}: all {count} samples. Their average loss {all}.",
    "rises": "rises from {was} to {loss}",
    "falls": "falls from {was} to {loss}",
    "stays": "stays at {loss}",
    "ends": "goes from {was} to {loss}",
    "trouble": " {trouble} So there is no gradient to step by.",
    "infinite": " That is more than a float can hold.",
    "fan": "All {count} step{s} of a single sample from {at}: {up} raise the average, {own} raise their own loss.",
    "spread": "Here one sample's gradient is off by {sigma} on average (σ); a batch of {batch} by {measured}, measured; {manner}: {theory}.",
    "with": "σ/√B",
    "without": "σ/√B·√((n − B)/(n − 1))",
    "run": "η = {rate}, B = {batch}, {manner} replacement, {copies}×{count} samples, seed {seed}",
}


@dataclass
class Stop:
    """A point of a run, how many samples have been seen, which the last step saw, and the average there when asked for."""

    surface: Surface
    point: Vector
    seen: int
    rows: list[int]

    @cached_property
    def average(self) -> At:
        return _average(self.surface, self.point)


def _thinned(run: list[Stop]) -> list[Stop]:
    """Some hundred stops: the first ones, then every so many, and the last."""
    every = math.ceil(len(run) / 100)
    return [stop for i, stop in enumerate(run) if i < 20 or i % every == 0 or i == len(run) - 1]


class Spread(NamedTuple):
    """How far the gradient of a batch of each size lies from that of all: √E‖g_B − g‖², measured and by theory."""

    sizes: list[int]
    with_replacement: list[float]
    without: list[float]
    theory_with: list[float]
    theory_without: list[float]


class SGDExplorer(SurfaceExplorer):
    """Stochastic gradient descent on any loss per sample: one sample, a batch, or all of them a step.

    Give a loss as an expression of data columns and one or two parameters, and the `data` as lists by their names; left
    out, they are the thirty-two points of `data.thirty_two`. Every other name is a parameter, and its start a number
    by its name. The public traits hold the whole state: `expression`, `data`, `start`, `step` (0 … `steps`), `rate` (η),
    `batch` (a size, or "all"), `replacement` (draw each sample from all, or shuffle once an epoch), `copies` (the data
    so many times over), `seed`, `fan` (show all steps of a single sample from the present point), `kept` (settings of
    runs to compare with), `centre` and `width` of the window.

    >>> explorer = SGDExplorer()
    >>> explorer.step = 1
    >>> print(explorer.sentence)
    Step 1: sample 9 alone. Its own loss falls from 7.821 to 4.985; the average of all 32 falls from 6.031 to 3.84.
    >>> explorer.start = explorer.minimum
    >>> explorer.step = 0
    >>> explorer.raising
    (32, 0)
    >>> explorer.close()
    """

    _esm = module("sgd_explorer")
    _css = style("surface")

    data = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    batch = traitlets.Union([traitlets.Int(), traitlets.Enum(["all"])], default_value=1).tag(sync=True)
    replacement = traitlets.Bool(True).tag(sync=True)
    copies = traitlets.Int(1).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    fan = traitlets.Bool(False).tag(sync=True)
    kept = traitlets.List(traitlets.Dict()).tag(sync=True)

    _runs: dict[Any, list[Stop]]

    def __init__(
        self,
        expression: str = LOSS,
        /,
        *,
        data: Mapping[str, Sequence[float]] | None = None,
        rate: float = 0.2,
        batch: int | str = 1,
        replacement: bool = True,
        copies: int = 1,
        seed: int = 0,
        width: float | None = None,
        centre: Mapping[str, float] | None = None,
        **start: float,
    ) -> None:
        if data is None:
            data = dict(zip("xy", (column.tolist() for column in thirty_two())))
            start = {**BEGIN, **start}
        self._columns = _checked(data)
        self._runs, self._ground, self._spread = {}, {}, (None, None)
        given = {"width": width, "centre": centre and dict(centre)}
        traits = {name: value for name, value in given.items() if value is not None}
        traits |= {"rate": rate, "batch": batch, "replacement": replacement, "copies": copies, "seed": seed}
        super().__init__(expression, data=self._columns, start=start, **traits)

    def _understood(self, text: str, start: Mapping[str, float]) -> tuple[Surface, dict[str, Any]]:
        surface = Surface(text, start, self._columns)
        if not surface.columns:
            raise ValueError(f"The loss needs a column of the data; there are: {', '.join(self._columns)}.")
        begin = list(surface.start.values())
        self._minimum = lowest(lambda p: _average(surface, p), begin, surface.quadratic)
        goal = self._minimum or begin
        width = float(f"{1.6 * max(abs(a - b) for a, b in zip(begin, goal)):.2g}") or 6.0
        centre = {name: float(f"{(a + b) / 2:.3g}") for name, a, b in zip(surface.names, begin, goal)}
        return surface, {"start": surface.start, "centre": centre, "width": width}

    def _described(self) -> dict[str, Any]:
        more = {
            "rows": self._surface.rows,
            "lowest": self._minimum,
            "words": WORDS,
            "batches": BATCHES,
            "manners": MANNERS,
        }
        return {**super()._described(), **more}

    def _legend(self) -> list[tuple[str, str, str]]:
        found = [("point", "start", "start"), ("point", "now", "now")]
        if self._minimum:
            found.append(("cross", "start", "lowest average"))
        found += [("arrow", "step", "last step"), ("line", "curve", "average loss")]
        one = "one sample's loss"
        if len(self._surface.names) == 2:
            one = f"one sample: no slope along {self._surface.names[-1]}"
        found += [("line", "trough", one), ("line", "own trough", "the last sample")]
        alone = "alone, it would"
        return [*found, ("arrow", "lowers", f"{alone} lower the average"), ("arrow", "raises", f"{alone} raise it")]

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def path(self) -> list[tuple[float, ...]]:
        """Every point of the run, the start first."""
        return [tuple(stop.point) for stop in self._run()]

    @property
    def losses(self) -> list[float]:
        """The average loss at every point of the run."""
        return [stop.average.value for stop in self._run()]

    @property
    def seen(self) -> list[int]:
        """How many samples had been seen at every point of the run."""
        return [stop.seen for stop in self._run()]

    @property
    def steps(self) -> int:
        """How many steps the run has."""
        return len(self._run()) - 1

    @property
    def minimum(self) -> dict[str, float] | None:
        """Where the average loss is lowest, as a start; None if no such place was found."""
        return self._minimum and dict(zip(self._surface.names, self._minimum))

    @property
    def raising(self) -> tuple[int, int]:
        """Of all steps of a single sample from here: how many raise the average, how many their own loss."""
        fan = self._fan(self._run()[self.step].point)
        return sum(up for _, up, _ in fan), sum(own for _, _, own in fan)

    @property
    def spread(self) -> Spread:
        """How far a batch's gradient lies from that of all samples, at the present point."""
        return self._measured(self._run()[self.step].point)

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        return self._told(min(self.step, self.steps))

    @property
    def verdict(self) -> str:
        """What all single steps from here would do, if they are shown."""
        here = self._run()[self.step]
        return self._judged(here.point) if self.fan and here.average.finite else ""

    def snapshot(self, step: int | None = None) -> Picture:
        run = self._run()
        k = max(0, min(self.step if step is None else step, self.steps))
        here, alt = run[k], self._alt(k)
        paper = Paper(self.theme, 884, 512, alt)
        plane = self._landscape(paper, here)
        place = (lambda point, _: point) if len(here.point) == 2 else (lambda point, y: [point[0], y])
        places = [place(stop.point, stop.average.value if len(stop.point) == 1 else 0.0) for stop in run[: k + 1]]
        if self._minimum:
            x, y = plane.place(place(self._minimum, _average(self._surface, self._minimum).value))
            plane.put("path", "start", d=f"M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10")
        if self.fan and here.average.finite:
            for head, up, _ in self._fan(here.point):
                plane.arrow(places[-1], place(head, here.average.value), "raises" if up else "lowers")
        self._trajectory(plane, places)
        if k and here.average.finite:
            plane.arrow(places[-2], places[-1], "step")
        self._chart(paper, k)
        self._spreading(paper, here)
        return self._picture(paper, alt, self._facts(k))

    def __repr__(self) -> str:
        default = thirty_two()
        known = self._columns == dict(zip("xy", (column.tolist() for column in default)))
        given = "" if known else ", data=data"
        options = {name: getattr(self, name) for name in ("rate", "batch", "replacement", "copies", "seed")}
        given += "".join(f", {name}={value!r}" for name, value in {**options, **self.start}.items())
        return f'SGDExplorer("{self._drawn}"{given})'

    # ---- computing --------------------------------------------------------------------------

    def _settings(self) -> dict[str, Any]:
        """All that a run depends on, besides the loss and the data."""
        return {name: getattr(self, name) for name in ("start", "rate", "batch", "replacement", "copies", "seed")}

    def _run(self, settings: Mapping[str, Any] | None = None) -> list[Stop]:
        settings = settings or self._settings()
        key = (id(self._surface), repr(settings))
        if key not in self._runs:
            if len(self._runs) > 2 * KEPT:
                self._runs.clear()
            self._runs[key] = self._descend(settings)
        return self._runs[key]

    def _descend(self, settings: Mapping[str, Any]) -> list[Stop]:
        surface, rate = self._surface, settings["rate"]
        count = len(surface.rows) * settings["copies"]
        size = count if settings["batch"] == "all" else settings["batch"]
        point = [settings["start"].get(name, 1.0) for name in surface.names]
        run = [Stop(surface, point, 0, [])]
        for rows in islice(_batches(len(surface.rows), settings), math.ceil(max(SAMPLES, 10 * size) / size)):
            gradient = _average(surface, point, rows).gradient
            if not all(map(math.isfinite, [*point, *gradient])):
                break
            point = [x - rate * g for x, g in zip(point, gradient)]
            seen = run[-1].seen + (size if settings["batch"] == "all" else len(rows))
            run.append(Stop(surface, point, seen, rows))
        return run

    def _fan(self, point: Vector) -> list[tuple[Vector, bool, bool]]:
        """For each sample, where its step leads, and whether it raises the average and its own loss."""
        before, found = _average(self._surface, point).value, []
        for row in self._surface.rows:
            own = self._surface.at(point, row)
            head = [x - self.rate * g for x, g in zip(point, own.gradient)]
            found.append(
                (head, _average(self._surface, head).value > before, self._surface.at(head, row).value > own.value)
            )
        return found

    def _measured(self, point: Vector) -> Spread:
        key = (id(self._surface), tuple(point), self.copies, self.seed)
        if self._spread[0] != key:
            gradients = [self._surface.at(point, row).gradient for row in self._surface.rows]
            self._spread = key, _spread(gradients, self.copies, self.seed)
        return self._spread[1]

    # ---- words ------------------------------------------------------------------------------

    def _told(self, k: int) -> str:
        run, surface = self._run(), self._surface
        here, last = run[k], run[max(0, k - 1)]
        rows = here.rows
        own = [_average(surface, stop.point, rows).value for stop in (last, here)] if rows else [0.0, 0.0]
        names = surface.names[0] if len(surface.names) == 1 else f"({', '.join(surface.names)})"
        told = {
            "names": names,
            "step": str(k),
            "at": listed(here.point),
            "count": str(len(surface.rows) * self.copies),
            "s": "s" * (len(surface.rows) * self.copies > 1),
            "batch": str(len(rows)),
            "sample": str(rows[0] + 1) if rows else "",
            "loss": number(here.average.value),
            "trouble": here.average.trouble,
            "own": _way(*own),
            "all": _way(last.average.value, here.average.value),
        }
        which = "start" if not k else "every" if self.batch == "all" else "one" if len(rows) == 1 else "some"
        end = "" if here.average.finite else WORDS["trouble" if here.average.trouble else "infinite"]
        return fill(WORDS[which] + end, told)

    def _judged(self, point: Vector) -> str:
        fan = self._fan(point)
        up, own = sum(up for _, up, _ in fan), sum(own for _, _, own in fan)
        return fill(WORDS["fan"], {"count": str(len(fan)), "s": "s" * (len(fan) > 1), "at": listed(point), "up": str(up), "own": str(own)})

    def _noise(self, point: Vector) -> str:
        """The spread of a batch of the chosen size, or of 8, in words."""
        found, wanted = self._measured(point), self.batch if isinstance(self.batch, int) and self.batch > 1 else 8
        i = max(i for i, size in enumerate(found.sizes) if size <= wanted)
        measured, theory = (found[1], found[3]) if self.replacement else (found[2], found[4])
        numbers = {"sigma": found.theory_with[0], "measured": measured[i], "theory": theory[i]}
        told = {name: number(x, 3) for name, x in numbers.items()}
        manner = WORDS["with" if self.replacement else "without"]
        return fill(WORDS["spread"], {**told, "batch": str(found.sizes[i]), "manner": manner})

    def _named(self, settings: Mapping[str, Any]) -> str:
        told = {name: str(settings[name]) for name in ("batch", "copies", "seed")}
        told |= {"rate": number(settings["rate"]), "count": str(len(self._surface.rows))}
        return fill(WORDS["run"], told | {"manner": "with" if settings["replacement"] else "without"})

    def _alt(self, k: int) -> str:
        run = self._run()
        start, here = run[0], run[k]
        told = {
            "formula": self._surface.graph.formula,
            "how": self._named(self._settings()),
            "from": listed(start.point),
            "was": number(start.average.value),
            "seen": str(here.seen),
            "at": listed(here.point),
            "loss": number(here.average.value),
        }
        return fill(WORDS["alt"], told)

    def _facts(self, k: int) -> list[str]:
        here = self._run()[k]
        said = [self._told(k)]
        if here.average.finite:
            said += [*([self._judged(here.point)] if self.fan else []), self._noise(here.point)]
        for letter, settings in zip("ABCD", self.kept):
            run = self._run(settings)
            said.append(
                f"{letter}: {self._named(settings)}: average {number(run[-1].average.value)} after {run[-1].seen} samples"
            )
        return [f"  {sentence}" for sentence in said]

    # ---- drawing ----------------------------------------------------------------------------

    def _landscape(self, paper: Paper, here: Stop) -> Frame:
        """The average's contours, where each sample's loss is lowest, and the contours of the last step's sample."""
        middle = self._window(here.point)
        axes, (samples, average) = self._axes(middle), self._heights(middle)
        alone = here.rows[0] if len(here.rows) == 1 else -1
        if len(axes) == 1:
            xs = [axes[0].low + self.width * i / (FINE - 1) for i in range(FINE)]
            plane = Frame(paper, BOX, axes[0], Axis.around("L", average), LOOKS)
            for p, sample in enumerate(samples):
                plane.line(list(zip(xs, (found.value for found in sample))), "own trough" if p == alone else "trough")
            plane.line(list(zip(xs, average)), "curve")
            return plane
        plane = Frame(paper, BOX, *axes, LOOKS)
        for p, sample in enumerate(samples):
            slopes = [[found.gradient[-1] for found in row] for row in sample]
            plane.contours(slopes, [0.0], "own trough" if p == alone else "trough")
        if alone >= 0:
            own = [[found.value for found in row] for row in samples[alone]]
            plane.contours(own, levels(own, 6), "own contour")
        plane.contours(average, levels(average), "contour", labels=True)
        return plane

    def _heights(self, middle: Vector) -> tuple[list[Any], list[Any]]:
        """What every sample, and the average, is over the window."""
        key = (id(self._surface), tuple(middle), self.width)
        if key not in self._ground:
            surface, (rows, width) = self._surface, (self._surface.rows, self.width)
            if len(middle) == 1:
                xs = [middle[0] - width / 2 + width * i / (FINE - 1) for i in range(FINE)]
                samples: list[Any] = [[surface.at([x], row) for x in xs] for row in rows]
                average: list[Any] = [sum(found.value for found in here) / len(rows) for here in zip(*samples)]
            else:
                samples = [grid(lambda p, row=row: surface.at(p, row), middle, width, GRID) for row in rows]
                lines = (zip(*line) for line in zip(*samples))
                average = [[sum(found.value for found in here) / len(rows) for here in line] for line in lines]
            self._ground = {key: (samples, average)}
        return self._ground[key]

    def _chart(self, paper: Paper, k: int) -> None:
        """The average against the samples seen: this run so far, and the kept ones."""
        runs = [self._run()[: k + 1], *(self._run(settings) for settings in self.kept)]
        curves = [[(stop.seen, stop.average.value) for stop in _thinned(run)] for run in runs]
        most = max(100, *(curve[-1][0] for curve in curves))
        up = Axis.around("average loss", [y for curve in curves for _, y in curve], "log")
        chart = Frame(paper, (540, 20, 300, 160), Axis("samples seen", 0, most, "count"), up, LOOKS)
        for letter, curve in zip("ABCD", curves[1:]):
            chart.line(curve, letter)
            x, y = chart.place(curve[len(curve) // 3])
            colour = getattr(paper.theme, LOOKS[letter]["stroke"])
            paper.add(chart.inside, "text", letter, x=x + 3, y=y - 5, font_size=13, fill=colour)
        chart.line(curves[0], "curve")
        chart.dot(curves[0][-1], 4, "curve point")

    def _spreading(self, paper: Paper, here: Stop) -> None:
        """The spread of the gradient against the size of a batch: dots are measured, lines theory."""
        found = self._measured(here.point)
        sigma = found.theory_with[0]
        if not 0 < sigma < math.inf:
            return
        up = Axis("gradient off by: ● with, ○ without replacement", 0.5 * sigma / math.sqrt(LARGEST), 1.6 * sigma, "log")
        chart = Frame(paper, (540, 262, 300, 160), Axis("size of the batch", 0.8, 1.25 * LARGEST, "log"), up, LOOKS)
        chart.line(list(zip(found.sizes, found.theory_with)), "with")
        chart.line(list(zip(found.sizes, found.theory_without)), "without")
        for size, a, b in zip(*found[:3]):
            chart.dot([size, a], 4, "drawn")
            chart.dot([size, b], 5.5, "drawn once")

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("data")
    def _columns_of_numbers(self, proposal: Any) -> dict[str, list[float]]:
        try:
            return _checked(proposal.value)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None

    @traitlets.validate("batch", "copies")
    def _in_range(self, proposal: Any) -> Any:
        name, value = proposal.trait.name, proposal.value
        most = COPIES if name == "copies" else ROWS * COPIES
        if value != "all" and not 1 <= value <= most:
            raise traitlets.TraitError(f"{name} needs a whole number from 1 to {most}; got {value}.")
        return value

    @traitlets.validate("kept")
    def _settings_of_runs(self, proposal: Any) -> list[dict[str, Any]]:
        for settings in proposal.value:
            if not isinstance(settings, dict) or set(settings) != set(self._settings()):
                raise traitlets.TraitError(
                    f"kept needs the settings {', '.join(self._settings())} of each run; got {settings}."
                )
        return proposal.value[-KEPT:]

    @traitlets.observe("data")
    def _on_data(self, change: Any) -> None:
        if self._answer:
            self._columns, self._drawn = self.data, None
            self._try()

    @traitlets.observe("start", "rate", "batch", "replacement", "copies", "seed")
    def _on_change(self, change: Any) -> None:
        if self._answer:
            self.step = min(self.step, self.steps)  # another run may be shorter


def _checked(data: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Columns of equally many finite numbers."""
    try:
        given = {name: list(column) for name, column in data.items()}
    except (AttributeError, TypeError):
        raise TypeError(f"data needs lists of numbers by their names; got {data!r}.") from None
    columns = {name: [_finite(f"column {name}", x) for x in column] for name, column in given.items()}
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1 or not 1 <= max(lengths) <= ROWS:
        found = ", ".join(f"{name} with {len(column)}" for name, column in columns.items()) or "none"
        raise ValueError(f"data needs columns of equally many numbers, at most {ROWS}; got {found}.")
    return columns


def _average(surface: Surface, point: Vector, rows: Sequence[int] | None = None) -> At:
    """The mean of the samples' losses and gradients, of all samples or of these."""
    found = [surface.at(point, surface.rows[p]) for p in (range(len(surface.rows)) if rows is None else rows)]
    gradient = [sum(g) / len(found) for g in zip(*(at.gradient for at in found))]
    trouble = next((at.trouble for at in found if at.trouble), "")
    return At(sum(at.value for at in found) / len(found), gradient, trouble)


def _batches(count: int, settings: Mapping[str, Any]) -> Iterator[list[int]]:
    """The rows of one batch after the other; copies of a row have its number."""
    draw, size = Random(settings["seed"]), settings["batch"]
    everything = count * settings["copies"]
    while True:
        if size == "all":
            yield list(range(count))
        elif settings["replacement"]:
            yield [draw.below(everything) % count for _ in range(size)]
        else:
            order = [p % count for p in draw.permutation(everything)]
            yield from (order[i : i + size] for i in range(0, everything, size))


def _spread(gradients: list[Vector], copies: int, seed: int) -> Spread:
    """Batches are drawn one sample after the other, so each serves all sizes on its way."""
    count, draw = len(gradients), Random(seed)
    n = count * copies
    mean = [sum(g) / count for g in zip(*gradients)]
    off = [[x - m for x, m in zip(g, mean)] for g in gradients]
    sigma = math.sqrt(sum(x * x for g in off for x in g) / count)
    sizes = [size for size in (1, 2, 4, 8, 16, 32) if size <= n]
    order, totals = list(range(n)), [[0.0] * len(sizes), [0.0] * len(sizes)]
    for _ in range(DRAWS):
        for way, total in enumerate(totals):
            batch = [0.0] * len(mean)
            for k in range(sizes[-1]):
                j = draw.below(n) if way == 0 else k + draw.below(n - k)
                if way:
                    order[k], order[j] = order[j], order[k]
                g = off[(order[k] if way else j) % count]
                batch = [a + b for a, b in zip(batch, g)]
                if k + 1 in sizes:
                    total[sizes.index(k + 1)] += sum(x * x for x in batch) / (k + 1) ** 2
    measured = [[math.sqrt(x / DRAWS) for x in total] for total in totals]
    measured = [[0.0 if x <= NEAR * sigma else x for x in roots] for roots in measured]  # all but rounding
    theory = [sigma / math.sqrt(size) for size in sizes]
    without = [x * math.sqrt((n - size) / max(1, n - 1)) for x, size in zip(theory, sizes)]
    return Spread(sizes, *measured, theory, without)


def _way(was: float, loss: float) -> str:
    """Whether a loss falls or rises, and from what to what."""
    which = "falls" if loss < was else "rises" if loss > was else "stays" if loss == was else "ends"
    return fill(WORDS[which], {"was": number(was), "loss": number(loss)})
