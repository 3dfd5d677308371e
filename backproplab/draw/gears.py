"""Coupled dials: each turns so many times as far as the one before, and the rates multiply."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..notation import bracketed, number
from .paper import MARGIN, SMALL, Paper, compact, shortened, wide
from .picture import Picture

MOST = 11
SWEEP = math.radians(270)  # of a dial, from its lowest to its highest number


def dials(
    names: Sequence[str],
    rates: Sequence[float],
    turn: float = 1.0,
    *,
    full: float | None = None,
    step: int | None = None,
    theme: str = "light",
    fit: float = 900,
) -> Picture:
    """Dials in a row: the first shows `turn`, and each further one its rate times what the one before shows.

    There is one more name than there are rates. The dials run from 0 to `full` (from −full if one of them may show
    less than 0), which is the next round number above all that they show if it is not given; give it where the
    first dial is to be turned, so that the scales stay. `step` shows only so many further dials at their number.

    >>> dials(["walker", "bicycle", "car"], [4, 2])
    walker 1, bicycle 4, car 8: 4·2 = 8 times as far as walker
      rates 4 and 2, dials from 0 by 5 to 10
    """
    if len(names) != len(rates) + 1 or not 2 <= len(names) <= MOST or len(set(names)) < len(names):
        raise ValueError(
            f"Dials need 2 to {MOST} different names, and one rate less than that; got {len(names)} names and "
            f"{len(rates)} rates."
        )
    if step is not None and not 0 <= step <= len(rates):
        raise ValueError(f"There are {len(rates)} rates; got step={step}, expected 0 to {len(rates)}.")
    shown = len(rates) if step is None else step
    amounts = [float(turn)]
    for rate in rates:
        amounts.append(amounts[-1] * rate)
    if full is None:
        full = round_above(max(map(abs, amounts)))
    if not (full > 0 and max(map(abs, amounts)) <= full):
        raise ValueError(f"The dials must reach {number(max(map(abs, amounts)))}; got full={full!r}.")
    signed = turn < 0 or min(rates) < 0
    alt = _alt(names, rates, amounts, shown)
    words = alt.rpartition(": ")[2] if shown else ""
    sheet = _Sheet([str(name) for name in names], rates, amounts, full, signed, shown, words, theme, fit, alt)
    told = f"rates {' and '.join(map(number, rates))}, dials from {compact(sheet.low)} by "
    told += f"{compact((full + sheet.low) / 2)} to {compact(full)}"
    return Picture(sheet.svg(), alt, f"{alt}\n  {told}", sheet.width)


def _alt(names: Sequence[str], rates: Sequence[float], amounts: Sequence[float], shown: int) -> str:
    words = ", ".join(f"{name} {number(amount)}" for name, amount in zip(names, amounts[: shown + 1]))
    if not shown:
        return f"{words}; still to turn: {', '.join(names[1:])}"
    product = f"{product_text(rates[:shown])} times as far as {names[0]}"
    return f"{words}: {product}"


def product_text(rates: Sequence[float]) -> str:
    """`4·2 = 8`; a long product of equal rates is a power."""
    total = number(math.prod(rates))
    if len(rates) == 1:
        return total
    if len(rates) > 3 and len(set(rates)) == 1:
        return f"{bracketed(number(rates[0]))}^{len(rates)} = {total}"
    return f"{'·'.join([number(rates[0]), *(bracketed(number(rate)) for rate in rates[1:])])} = {total}"


def round_above(x: float) -> float:
    """The next of 1, 2, 5 times a power of ten, or 10 times it."""
    if not (x > 0 and math.isfinite(x)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(x))
    return next((power * k for k in (1, 2, 5, 10) if power * k >= x), x)


class _Sheet(Paper):
    """The dials on paper. Each hand is a group with its own rotation, for whoever turns it."""

    def __init__(
        self,
        names: Sequence[str],
        rates: Sequence[float],
        amounts: Sequence[float],
        full: float,
        signed: bool,
        shown: int,
        words: str,
        theme: str,
        fit: float,
        alt: str,
    ) -> None:
        self.full, self.low = full, -full if signed else 0.0
        count = len(names)
        pitch = min(290.0, (fit - 2 * MARGIN) / count)
        self.radius = min(84.0, pitch / 2 - (30 if count <= 5 else 18))
        self.width = max(math.ceil(pitch * count) + 2 * MARGIN, 340)
        self.middle = 10 + self.radius
        height = 2 * self.radius + 110
        super().__init__(theme, self.width, math.ceil(height) + 2 * MARGIN, alt)
        start = (self.width - 2 * MARGIN - pitch * count) / 2 + pitch / 2
        for i, name in enumerate(names):
            x = start + i * pitch
            if i:
                self.coupling(f"{names[i - 1]}>{name}:0", rates[i - 1], x - pitch / 2, pitch)
            self.dial(name, amounts[i], x, pitch, known=i <= shown)
        self.add(
            self.root, "text", words, x=(self.width - 2 * MARGIN) / 2, y=height - 12, font_size=16,
            text_anchor="middle", fill=self.theme.ink, data_role="product",
        )  # fmt: skip

    def angle(self, amount: float) -> float:
        """Clockwise from straight up, in degrees."""
        return math.degrees(SWEEP) * ((amount - self.low) / (self.full - self.low) - 0.5)

    def rim(self, x: float, amount: float, radius: float) -> tuple[float, float]:
        angle = math.radians(self.angle(amount))
        return x + radius * math.sin(angle), self.middle - radius * math.cos(angle)

    def dial(self, name: str, amount: float, x: float, pitch: float, known: bool) -> None:
        theme, r, y = self.theme, self.radius, self.middle
        group = self.add(self.root, "g", data_node=name, data_low=f"{self.low:g}", data_full=f"{self.full:g}")
        self.add(group, "circle", cx=x, cy=self.middle, r=r, fill=theme.card, stroke=theme.border, stroke_width=2)
        self.add(group, "title", f"{name}: {number(amount)}" if known else name)
        for k in range(11):
            tick = self.low + (self.full - self.low) * k / 10
            (x0, y0), (x1, y1) = self.rim(x, tick, r - 3), self.rim(x, tick, r - (9 if k % 5 else 14))
            self.add(group, "line", x1=x0, y1=y0, x2=x1, y2=y1, stroke=theme.ink, stroke_width=1 if k % 5 else 2)
            if k % 5 == 0 and r >= 60:
                tx, ty = self.rim(x, tick, r - 25)
                self.number(group, compact(tick, 5), tx, ty + 4, theme.muted, SMALL, anchor="middle")
        if known:
            tip = y - r + (38 if r >= 60 else 9)  # short of the numbers
            hand = self.add(
                group, "g", data_role="hand", transform=f"rotate({self.angle(amount):.1f} {x:.1f} {self.middle:.1f})"
            )
            self.add(
                hand, "polygon", fill=theme.value,
                points=f"{x - 3.5:.1f},{y + 10:.1f} {x + 3.5:.1f},{y + 10:.1f} {x:.1f},{tip:.1f}",
            )  # fmt: skip
        self.add(group, "circle", cx=x, cy=self.middle, r=4.5, fill=theme.ink)
        base, size = self.middle + r + 26, 15 if pitch > 110 else SMALL
        text = compact(amount, 6) if known else "·"
        label = self.add(self.root, "g", data_label=f"value of {name}")
        self.number(label, text, x, base, theme.value, size + 3, anchor="middle", data_role="value", font_weight=600)
        room = max(3, int(pitch / 9))
        short = shortened(name) if wide(shortened(name), 8) < pitch else name[:room] + "…"
        self.add(
            label, "text", short, x=x, y=base + 22, font_size=size, font_weight=600, text_anchor="middle",
            fill=theme.ink,
        )  # fmt: skip

    def coupling(self, name: str, rate: float, x: float, pitch: float) -> None:
        """An arrow from one dial to the next, with the rate on it."""
        group = self.add(self.root, "g", data_edge=name)
        reach, y = pitch / 2 - self.radius - 3, self.middle
        self.add(group, "line", x1=x - reach, y1=y, x2=x + reach - 6, y2=y, stroke=self.theme.line, stroke_width=2)
        tip = f"{x + reach:.1f},{y:.1f} {x + reach - 8:.1f},{y - 4.5:.1f} {x + reach - 8:.1f},{y + 4.5:.1f}"
        self.add(group, "polygon", points=tip, fill=self.theme.line)
        text = "×" + bracketed(compact(rate, 5))
        size = min(15.0, (2 * reach + 4) / (0.62 * len(text)))
        self.number(group, text, x, y - 9, self.theme.ink, size, anchor="middle", data_role="slope")
