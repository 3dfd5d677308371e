"""Thirty-two opinions: the same step seen by one sample and by all, batches of any size, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from ..data import thirty_two
from ..notation import number
from .explorer import module, style
from .stochastic import LETTERS, SETTINGS, STATE, Spread, Stochastic, Stop
from .surface import Surface, SurfaceExplorer, lowest
from .typed import finite

LOSS = "0.5*(w*x+b-y)^2"
BEGIN = {"w": -0.5, "b": 3.0}  # of the thirty-two opinions: so far away that all agree
ROWS, COPIES, KEPT = 500, 64, len(LETTERS)  # at most

BATCHES = {"1": "one", "2": "2", "4": "4", "8": "8", "16": "16", "all": "all"}
MANNERS = {"with": "each from all (with replacement)", "without": "shuffled (without replacement)"}


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

    _model, _state = Stochastic, STATE
    _knobs = [
        ("η", "rate", 0, 2, 0.01),
        ("copies of the data", "copies", 1, COPIES, 1, 1, COPIES),
        ("seed", "seed", 0, 20, 1, 0, 1e9),
    ]

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
        given = {"width": width, "centre": centre and dict(centre)}
        traits = {name: value for name, value in given.items() if value is not None}
        traits |= {"rate": rate, "batch": batch, "replacement": replacement, "copies": copies, "seed": seed}
        super().__init__(expression, data=self._columns, start=start, **traits)

    def _understood(self, text: str, start: Mapping[str, float]) -> tuple[Surface, dict[str, Any]]:
        surface = Surface(text, start, self._columns)
        if not surface.columns:
            raise ValueError(f"The loss needs a column of the data; there are: {', '.join(self._columns)}.")
        begin = list(surface.start.values())
        surface.lowest = lowest(lambda p: Stop(surface, p, 0, []).average, begin, surface.quadratic)
        goal = surface.lowest or begin
        width = float(f"{1.6 * max(abs(a - b) for a, b in zip(begin, goal)):.2g}") or 6.0
        centre = {name: float(f"{(a + b) / 2:.3g}") for name, a, b in zip(surface.names, begin, goal)}
        return surface, {"start": surface.start, "centre": centre, "width": width}

    def _described(self) -> dict[str, Any]:
        more = {"rows": self._surface.rows, "lowest": self._surface.lowest, "batches": BATCHES, "manners": MANNERS}
        return {**super()._described(), **more}

    def _legend(self) -> list[tuple[str, str, str]]:
        found = [("point", "start", "start"), ("point", "now", "now")]
        if self._surface.lowest:
            found.append(("cross", "start", "lowest average"))
        found += [("arrow", "step", "last step"), ("line", "curve", "average loss"), ("line", "own trough", "the last sample")]
        one = "one sample's loss"
        if len(self._surface.names) == 2:
            one = f"one sample: no slope along {self._surface.names[-1]}"
        alone, off = "alone, it would", "gradient off,"
        found += [("line", "trough", one), ("arrow", "lowers", f"{alone} lower the average"), ("arrow", "raises", f"{alone} raise it")]
        return [*found, ("point", "drawn", f"{off} with replacement"), ("point", "drawn once", f"{off} without replacement")]

    # ---- what it shows ----------------------------------------------------------------------

    @property
    def losses(self) -> list[float]:
        """The average loss at every point of the run."""
        return [stop.average.value for stop in self._at().run]

    @property
    def seen(self) -> list[int]:
        """How many samples had been seen at every point of the run."""
        return [stop.seen for stop in self._at().run]

    @property
    def minimum(self) -> dict[str, float] | None:
        """Where the average loss is lowest, as a start; None if no such place was found."""
        return self._surface.lowest and dict(zip(self._surface.names, self._surface.lowest))

    @property
    def raising(self) -> tuple[int, int]:
        """Of all steps of a single sample from here: how many raise the average, how many their own loss."""
        singles = self._at().singles()
        return sum(it.average for it in singles), sum(it.own for it in singles)

    @property
    def spread(self) -> Spread:
        """How far a batch's gradient lies from that of all samples, at the present point."""
        return self._at().spread

    def _facts(self, shown: Stochastic) -> list[str]:
        said = [shown.sentence, shown.verdict, shown.noise]
        for letter, settings in zip(LETTERS, self.kept):
            end = shown.run_with(settings, letter)[-1]
            loss = number(end.average.value)
            said.append(f"{letter}: {shown.named(settings)}: average {loss} after {end.seen} samples")
        return [f"  {sentence}" for sentence in said if sentence]

    def __repr__(self) -> str:
        default = thirty_two()
        known = self._columns == dict(zip("xy", (column.tolist() for column in default)))
        given = "" if known else ", data=data"
        options = {name: getattr(self, name) for name in ("rate", "batch", "replacement", "copies", "seed")}
        given += "".join(f", {name}={value!r}" for name, value in {**options, **self.start}.items())
        return f'SGDExplorer("{self._drawn}"{given})'

    # ---- reacting ---------------------------------------------------------------------------

    @traitlets.validate("data")
    def _columns_of_numbers(self, proposal: Any) -> dict[str, list[float]]:
        try:
            return _checked(proposal.value)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from None

    @traitlets.validate("batch", "copies")
    def _in_range(self, proposal: Any) -> Any:
        return _counted(proposal.trait.name, proposal.value)

    @traitlets.validate("kept")
    def _settings_of_runs(self, proposal: Any) -> list[dict[str, Any]]:
        return [_settings(run) for run in proposal.value][-KEPT:]

    @traitlets.observe("data")
    def _on_data(self, change: Any) -> None:
        if self._answer:
            self._columns, self._drawn = self.data, None
            self._try()

    @traitlets.observe("start", "rate", "batch", "replacement", "copies", "seed")
    def _on_change(self, change: Any) -> None:
        if self._answer:
            self.step = min(self.step, self.steps)  # another run may be shorter


def _counted(name: str, value: Any) -> Any:
    """A number of samples or copies; a batch may be "all"."""
    most = COPIES if name == "copies" else ROWS * COPIES
    whole = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most
    if not whole and (name, value) != ("batch", "all"):
        raise traitlets.TraitError(f"{name} needs a whole number from 1 to {most}; got {value!r}.")
    return value


def _settings(run: Any) -> dict[str, Any]:
    """What a kept run depends on."""
    if not isinstance(run, dict) or set(run) != set(SETTINGS) or not isinstance(run["start"], dict):
        raise traitlets.TraitError(f"kept needs the settings {', '.join(SETTINGS)} of each run; got {run!r}.")
    if not isinstance(run["replacement"], bool) or not isinstance(run["seed"], int):
        raise traitlets.TraitError(f"kept needs True or False as replacement, and a whole number as seed; got {run!r}.")
    start = {name: finite(name, x) for name, x in run["start"].items()}
    counts = {name: _counted(name, run[name]) for name in ("batch", "copies")}
    return {**run, **counts, "start": start, "rate": finite("rate", run["rate"])}


def _checked(data: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Columns of equally many finite numbers."""
    try:
        given = {name: list(column) for name, column in data.items()}
    except (AttributeError, TypeError):
        raise TypeError(f"data needs lists of numbers by their names; got {data!r}.") from None
    columns = {name: [finite(f"column {name}", x) for x in column] for name, column in given.items()}
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1 or not 1 <= max(lengths) <= ROWS:
        found = ", ".join(f"{name} with {len(column)}" for name, column in columns.items()) or "none"
        raise ValueError(f"data needs columns of equally many numbers, at most {ROWS}; got {found}.")
    return columns
