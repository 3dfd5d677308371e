"""Stochastic descent: runs, the spread of batches, what is said of them, and the picture, in Python and in the page.

The page runs this too: translate.py writes it as JavaScript.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ..draw.paper import Paper
from ..draw.plane import Axis, Frame, contours, grid, levels
from ..notation import fill, number
from .landscape import ASIDE, BOX, LOOKS, NEAR, ROOM, At, Landscape, Vector, listed
from .random import Random

SAMPLES = 320  # that a run sees, or what ten steps need
SIDE = 172  # how wide each of the two charts is
COARSE, SMOOTH = 41, 121  # points each way of a landscape; of a curve
DRAWS = 400  # batches that a spread is measured with
SIZES = [1, 2, 4, 8, 16, 32]  # of batches
LETTERS = ["A", "B", "C", "D"]  # of runs that are kept
STATE = ["start", "step", "rate", "batch", "replacement", "copies", "seed", "fan", "kept", "centre", "width"]
SETTINGS = ["start", "rate", "batch", "replacement", "copies", "seed"]  # all that a run depends on

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
    "outside": " The point is outside the window.",
    "fan": "All {count} step{s} of a single sample from {at}: {up} raise the average, {own} raise their own loss.",
    "spread": "Here one sample's gradient is off by σ = {sigma}; a batch of {batch} by {measured}, measured; {manner}: {theory}.",
    "with": "σ/√B",
    "without": "σ/√B·√((n − B)/(n − 1))",
    "run all": "η = {rate}, all of {copies}×{count} samples a step",
    "run": "η = {rate}, B = {batch}, {manner} replacement, {copies}×{count} samples, seed {seed}",
}


@dataclass
class Stop:
    """A point of a run, how many samples have been seen, which the last step saw, and the average there when asked for."""

    surface: Any
    point: Vector
    seen: int
    rows: list[int]

    @cached_property
    def average(self) -> At:
        return average(self.surface, self.point, list(range(len(self.surface.rows))))


class Spread(NamedTuple):
    """How far the gradient of a batch of each size lies from that of all: √E‖g_B − g‖², measured and by theory."""

    sizes: list[int]
    with_replacement: list[float]
    without: list[float]
    theory_with: list[float]
    theory_without: list[float]


class Single(NamedTuple):
    """Where the step of one sample would lead, and whether it raises the average and that sample's own loss."""

    head: Vector
    average: bool
    own: bool


def average(surface: Any, point: Vector, rows: list[int]) -> At:
    """The mean of the losses and gradients of these samples."""
    found = [surface.at(point, surface.rows[p]) for p in rows]
    gradient = [sum([at.gradient[i] for at in found]) / len(found) for i in range(len(point))]
    trouble = next((at.trouble for at in found if at.trouble != ""), "")
    return At(sum([at.value for at in found]) / len(found), gradient, trouble)


class Batches:
    """The rows of one batch after the other; copies of a row have its number."""

    def __init__(self, count: int, settings: dict[str, Any]) -> None:
        self.count, self.everything = count, count * settings["copies"]
        self.size, self.replacement = settings["batch"], settings["replacement"]
        self.draw, self.order = Random(settings["seed"]), []

    def take(self) -> list[int]:
        if self.size == "all":
            return list(range(self.count))
        if self.replacement:
            return [self.draw.below(self.everything) % self.count for _ in range(self.size)]
        if len(self.order) == 0:
            self.order = [p % self.count for p in self.draw.permutation(self.everything)]
        batch, self.order = self.order[: self.size], self.order[self.size :]
        return batch


def descend(surface: Any, start: Vector, settings: dict[str, Any]) -> list[Stop]:
    """The run with these settings, until a number is no longer finite or enough samples are seen."""
    count = len(surface.rows)
    size = count * settings["copies"] if settings["batch"] == "all" else settings["batch"]
    point, run, batches = start, [Stop(surface, start, 0, [])], Batches(count, settings)
    for _ in range(math.ceil(max(SAMPLES, 10 * size) / size)):
        rows = batches.take()
        gradient = average(surface, point, rows).gradient
        if not all([math.isfinite(x) for x in [*point, *gradient]]):
            break
        point = [x - settings["rate"] * g for x, g in zip(point, gradient)]
        run.append(Stop(surface, point, run[-1].seen + (size if settings["batch"] == "all" else len(rows)), rows))
    return run


def square(v: Vector) -> float:
    return sum([x * x for x in v])


def measured(surface: Any, point: Vector, copies: int, seed: int) -> Spread:
    """Batches are drawn one sample after the other, so each serves all sizes on its way."""
    gradients = [surface.at(point, row).gradient for row in surface.rows]
    count, draw = len(gradients), Random(seed)
    n = count * copies
    mean = [sum([g[i] for g in gradients]) / count for i in range(len(gradients[0]))]
    off = [[x - m for x, m in zip(g, mean)] for g in gradients]
    sigma = math.sqrt(sum([square(g) for g in off]) / count)
    sizes = [size for size in SIZES if size <= n]
    order, roots = list(range(n)), []
    totals = [[0.0 for _ in sizes] for _ in (0, 1)]
    for _ in range(DRAWS):
        for without in (0, 1):
            batch, taken = [0.0 for _ in mean], 0
            for k in range(sizes[-1]):
                j = k + draw.below(n - k) if without == 1 else draw.below(n)
                p = order[j] if without == 1 else j
                if without == 1:
                    order[k], order[j] = p, order[k]
                for i in range(len(batch)):
                    batch[i] += off[p % count][i]
                if k + 1 == sizes[taken]:
                    totals[without][taken] += square(batch) / (k + 1) ** 2
                    taken += 1
    for total in totals:
        found = [math.sqrt(x / DRAWS) for x in total]
        roots.append([0.0 if x <= NEAR * sigma else x for x in found])  # all but rounding
    theory = [sigma / math.sqrt(size) for size in sizes]
    shrunk = [x * math.sqrt((n - size) / max(1, n - 1)) for x, size in zip(theory, sizes)]
    return Spread(sizes, roots[0], roots[1], theory, shrunk)


def thinned(run: list[Stop]) -> list[Stop]:
    """Some hundred stops: the first ones, then every so many, and the last."""
    every = math.ceil(len(run) / 100)
    return [stop for i, stop in enumerate(run) if i < 20 or i % every == 0 or i == len(run) - 1]


def way(was: float, loss: float) -> str:
    """Whether a loss falls or rises, and from what to what."""
    which = "falls" if loss < was else "rises" if loss > was else "stays" if loss == was else "ends"
    return fill(WORDS[which], {"was": number(was), "loss": number(loss)})


class Stochastic(Landscape):
    """A run from where it starts to the present step, and the runs that are kept."""

    def __init__(self, surface: Any, state: dict[str, Any]) -> None:
        super().__init__(surface, state)
        self.settings = {name: state[name] for name in SETTINGS}
        self.arrive(self.run_with(self.settings, "run"))
        self.finite = self.now.average.finite
        self.arrows = self.singles() if state["fan"] and self.finite else []

    def run_with(self, settings: dict[str, Any], name: str) -> list[Stop]:
        start = self.beginning(settings["start"])
        key = [start, *[settings[setting] for setting in SETTINGS[1:]]]
        return self.recall(name, key, lambda: descend(self.surface, start, settings))

    def singles(self) -> list[Single]:
        """The steps of all samples, each alone, from here."""
        surface, point, before, found = self.surface, self.now.point, self.now.average.value, []
        for row in surface.rows:
            own = surface.at(point, row)
            head = [x - self.state["rate"] * g for x, g in zip(point, own.gradient)]
            there = Stop(surface, head, 0, [])
            found.append(Single(head, there.average.value > before, surface.at(head, row).value > own.value))
        return found

    @property
    def spread(self) -> Spread:
        """How far batches are off, here."""
        point, copies, seed = self.now.point, self.state["copies"], self.state["seed"]
        return self.recall("spread", [point, copies, seed], lambda: measured(self.surface, point, copies, seed))

    # ---- words ------------------------------------------------------------------------------

    def named(self, settings: dict[str, Any]) -> str:
        words = {name: str(settings[name]) for name in ("batch", "copies", "seed")}
        manner = "with" if settings["replacement"] else "without"
        more = {"rate": number(settings["rate"]), "count": str(len(self.surface.rows)), "manner": manner}
        return fill(WORDS["run all" if settings["batch"] == "all" else "run"], {**words, **more})

    @property
    def alt(self) -> str:
        start, now = self.run[0], self.now
        words = {"formula": self.surface.formula, "how": self.named(self.settings), "seen": str(now.seen)}
        ends = {"from": listed(start.point), "was": number(start.average.value)}
        return fill(WORDS["alt"], {**words, **ends, "at": listed(now.point), "loss": number(now.average.value)})

    @property
    def sentence(self) -> str:
        """What the present step does, in words."""
        surface, now, last = self.surface, self.now, self.last
        count, own = len(surface.rows) * self.state["copies"], ""
        if len(now.rows) > 0:
            own = way(average(surface, last.point, now.rows).value, average(surface, now.point, now.rows).value)
        words = {
            "names": self.name,
            "step": str(self.step),
            "at": listed(now.point),
            "count": str(count),
            "s": "s" if count > 1 else "",
            "batch": str(len(now.rows)),
            "sample": str(now.rows[0] + 1) if len(now.rows) > 0 else "",
            "loss": number(now.average.value),
            "trouble": now.average.trouble,
            "own": own,
            "all": way(last.average.value, now.average.value),
        }
        which = "every" if self.state["batch"] == "all" else "one" if len(now.rows) == 1 else "some"
        end = "" if self.finite else WORDS["trouble" if now.average.trouble != "" else "infinite"]
        return fill(WORDS[which if self.step > 0 else "start"] + end + self.left(WORDS["outside"]), words)

    @property
    def verdict(self) -> str:
        """What all single steps from here would do, if they are shown."""
        arrows = self.arrows
        up, own = len([it for it in arrows if it.average]), len([it for it in arrows if it.own])
        s, at = "s" if len(arrows) > 1 else "", listed(self.now.point)
        words = {"count": str(len(arrows)), "s": s, "at": at, "up": str(up), "own": str(own)}
        return fill(WORDS["fan"], words) if len(arrows) > 0 else ""

    @property
    def noise(self) -> str:
        """The spread of a batch of the chosen size, or of 8, in words."""
        if not self.finite:
            return ""
        found, batch, all_from = self.spread, self.state["batch"], self.state["replacement"]
        wanted = 8 if batch == "all" or batch == 1 else batch
        i = len([size for size in found.sizes if size <= wanted]) - 1
        words = {
            "sigma": number(found.theory_with[0], 3),
            "batch": str(found.sizes[i]),
            "measured": number((found.with_replacement if all_from else found.without)[i], 3),
            "manner": WORDS["with" if all_from else "without"],
            "theory": number((found.theory_with if all_from else found.theory_without)[i], 3),
        }
        return fill(WORDS["spread"], words)

    def rows(self) -> list[list[str]]:
        """A table of the spread."""
        found = self.spread
        columns = [found.with_replacement, found.theory_with, found.without, found.theory_without]
        return [[str(size), *[number(column[i]) for column in columns]] for i, size in enumerate(found.sizes)]

    # ---- drawing ----------------------------------------------------------------------------

    def draw(self, paper: Paper) -> None:
        plane, now, lowest = self.landscape(paper), self.now, self.surface.lowest
        places = [self.place(stop.point, 0.0 if self.two else stop.average.value) for stop in self.until]
        if lowest is not None:
            x, y = plane.place(self.place(lowest, Stop(self.surface, lowest, 0, []).average.value))
            plane.put("path", "start", d=f"M{x - 5:g} {y - 5:g}l10 10m0 -10l-10 10")
        for it in self.arrows:
            plane.arrow(places[-1], self.place(it.head, now.average.value), "raises" if it.average else "lowers")
        self.trajectory(plane, places)
        if self.step > 0 and self.finite:
            plane.arrow(places[-2], places[-1], "step")
        self.chart(paper)
        self.spreading(paper)
        self.legend(paper)

    def place(self, point: Vector, height: float) -> Vector:
        return point if self.two else [point[0], height]

    def sampled(self, row: Vector) -> list[list[At]]:
        """One sample over the window: what it is at every point of the landscape, or of the curve."""
        at = self.surface.at
        if self.two:
            return grid(lambda p: at(p, row), self.middle, self.state["width"], COARSE)
        return [[at([x], row) for x in self.places(SMOOTH)]]

    def ground(self) -> dict[str, Any]:
        """What every sample, and the average, is over the window; and the lines that show it."""
        samples = [self.sampled(row) for row in self.surface.rows]
        heights = [[[found.value for found in line] for line in sample] for sample in samples]
        slopes = [[[found.gradient[-1] for found in line] for line in sample] for sample in samples]
        columns, lines = range(len(samples[0][0])), range(len(samples[0]))
        mean = [[sum([sample[j][i] for sample in heights]) / len(heights) for i in columns] for j in lines]
        if not self.two:
            return {"heights": heights, "mean": mean}
        troughs = [contours(sample, [0.0]) for sample in slopes]
        return {"heights": heights, "troughs": troughs, "lines": contours(mean, levels(mean))}

    def landscape(self, paper: Paper) -> Frame:
        """The average's contours, where each sample's loss is lowest, and the contours of the last step's sample."""
        key, alone = [self.middle, self.state["width"]], self.now.rows[0] if len(self.now.rows) == 1 else -1
        ground = self.recall("ground", key, lambda: self.ground())
        looks = ["own trough" if p == alone else "trough" for p in range(len(self.surface.rows))]
        if not self.two:
            mean, xs = ground["mean"][0], self.places(SMOOTH)
            plane = Frame(paper, BOX, self.axes[0], Axis.around("L", mean), LOOKS)
            for sample, look in zip(ground["heights"], looks):
                plane.line(list(zip(xs, sample[0])), look)
            plane.line(list(zip(xs, mean)), "curve")
            return plane
        plane = Frame(paper, BOX, self.axes[0], self.axes[1], LOOKS)
        for trough, look in zip(ground["troughs"], looks):
            plane.contours(trough, look)
        if alone >= 0:
            own = ground["heights"][alone]
            plane.contours(self.recall(f"own {alone}", key, lambda: contours(own, levels(own, 6))), "own contour")
        plane.contours(ground["lines"], "contour", True)
        return plane

    def chart(self, paper: Paper) -> None:
        """The average against the samples seen: this run so far, and the kept ones."""
        kept = [self.run_with(settings, letter) for settings, letter in zip(self.state["kept"], LETTERS)]
        curves = [[[stop.seen, stop.average.value] for stop in thinned(run)] for run in [self.until, *kept]]
        most = max([100, *[curve[-1][0] for curve in curves]])
        up = Axis.around("average loss", [y for curve in curves for _, y in curve], "log")
        chart = Frame(paper, (ASIDE, 8, SIDE, 112), Axis("samples seen", 0, most, "count"), up, LOOKS)
        for letter, curve in zip(LETTERS, curves[1:]):
            chart.line(curve, letter)
            x, y = chart.place(curve[len(curve) // 3])
            chart.write(letter, x + 3, y - 5, LOOKS[letter]["stroke"])
        chart.line(curves[0], "curve")
        chart.dot(curves[0][-1], 4, "curve point")

    def spreading(self, paper: Paper) -> None:
        """The spread of the gradient against the size of a batch: dots are measured, lines theory."""
        found, largest = self.spread, SIZES[-1]
        sigma = found.theory_with[0]
        if not 0 < sigma < math.inf:
            return
        up = Axis("gradient off by", 0.5 * sigma / math.sqrt(largest), 1.6 * sigma, "log")
        chart = Frame(paper, (ASIDE + ROOM - SIDE, 8, SIDE, 112), Axis("size of the batch", 0.8, 1.25 * largest, "log"), up, LOOKS)
        chart.line(list(zip(found.sizes, found.theory_with)), "with")
        chart.line(list(zip(found.sizes, found.theory_without)), "without")
        for size, a, b in zip(found.sizes, found.with_replacement, found.without):
            chart.dot([size, a], 4, "drawn")
            chart.dot([size, b], 5.5, "drawn once")
