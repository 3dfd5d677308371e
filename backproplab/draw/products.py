"""Products that share their beginnings: the factors of every gradient, written out, and which of them are new.

A gradient with respect to the weights of a layer is a product of slopes from the cost down to that layer. The
products of neighbouring layers begin alike, so what has been multiplied for one can be used for the next.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element

from ..notation import number
from .paper import LARGE, MARGIN, SMALL, Paper, compact, shortened
from .picture import Picture

LARGEST = 16.0  # letters of a factor
LINE = 22  # from one line of words to the next
HIGH = 340  # rows, if they are many
FOOT = 290  # how wide the words are that explain the rows, where they stand beside them
MOST = 30  # factors in a row
LAYERS = 10  # whose rows are drawn; those of deeper networks are counted and go on like these
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Count:
    """What it costs to evaluate products: each on its own, and with their common beginnings kept.

    >>> Count.of(layer_factors(3))
    Count(written=15, different=9, multiplications=12, shared=8)
    >>> Count.of(layer_factors(10))
    Count(written=120, different=30, multiplications=110, shared=29)
    """

    written: int  # factors
    different: int
    multiplications: int
    shared: int  # multiplications, if no product of first factors is computed twice

    @classmethod
    def of(cls, rows: Mapping[str, Sequence[str]]) -> Count:
        """Counted, not derived: a product of the first k factors of any row is one multiplication from one of k − 1."""
        products = list(rows.values())
        beginnings = {tuple(row[:k]) for row in products for k in range(2, len(row) + 1)}
        return cls(
            sum(map(len, products)),
            len({factor for row in products for factor in row}),
            sum(len(row) - 1 for row in products),
            len(beginnings),
        )


def layer_factors(layers: int) -> dict[str, list[str]]:
    """The factors of ∂C/∂W for each layer, from the last one back: z = h(s) and s = W·z below it, cost C on top.

    >>> for gradient, factors in layer_factors(2).items():
    ...     print(gradient, "=", " · ".join(factors))
    ∂C/∂W₂ = ∂C/∂z₂ · ∂z₂/∂s₂ · ∂s₂/∂W₂
    ∂C/∂W₁ = ∂C/∂z₂ · ∂z₂/∂s₂ · ∂s₂/∂z₁ · ∂z₁/∂s₁ · ∂s₁/∂W₁
    """
    if layers < 1:
        raise ValueError(f"A network has at least one layer; got {layers}.")
    rows, trunk, above = {}, [], "C"
    for k in range(layers, 0, -1):
        n = str(k).translate(SUBSCRIPTS)
        trunk += [f"∂{above}/∂z{n}", f"∂z{n}/∂s{n}"]
        rows[f"∂C/∂W{n}"] = [*trunk, f"∂s{n}/∂W{n}"]
        above = f"s{n}"
    return rows


def factors(
    rows: int | Mapping[str, Sequence[str]],
    *,
    values: Mapping[str, float] | None = None,
    step: int | None = None,
    cut: str = "",
    alt: str = "",
    theme: str = "light",
    fit: float = 900,
) -> Picture:
    """The factors of each product in a row of its own: solid where a factor is new, dashed where it stood there above.

    The round ones at the ends occur only there: they are the branches, which lead to the weights and no further.

    `rows` are the factors of each product by its name, or a number of layers (see `layer_factors`), of which ten are
    drawn and all are counted. `values` gives
    every factor a number, and the rows their products. `step` shows so many rows. `cut` is a factor that lets
    nothing through: every product with it is gone, and the others are alive.

    >>> factors(2)
    2 products: 8 factors, 6 different; 6 multiplications, 5 if common beginnings are kept
      ∂C/∂W₂ = ∂C/∂z₂ · ∂z₂/∂s₂ · ∂s₂/∂W₂, all new
      ∂C/∂W₁ = ∂C/∂z₂ · ∂z₂/∂s₂ · ∂s₂/∂z₁ · ∂z₁/∂s₁ · ∂s₁/∂W₁, the first 2 as above
    """
    most = LAYERS if isinstance(rows, int) else None
    rows = layer_factors(rows) if isinstance(rows, int) else {name: list(row) for name, row in rows.items()}
    drawn = dict(list(rows.items())[:most])
    every = {factor for row in rows.values() for factor in row}
    if not rows or not all(1 <= len(row) <= MOST for row in drawn.values()):
        raise ValueError(f"Each product has 1 to {MOST} factors; got {[len(row) for row in rows.values()]}.")
    if cut and cut not in every:
        raise ValueError(f"There is no factor {cut!r} to cut; there are {', '.join(sorted(every))}.")
    if values is not None and every - set(values):
        raise ValueError(f"Every factor needs a value; missing: {', '.join(sorted(every - set(values)))}.")
    if step is not None and not 0 <= step <= len(rows):
        raise ValueError(f"There are {len(rows)} products; got step={step}, expected 0 to {len(rows)}.")
    shown = len(rows) if step is None else step
    known = dict(list(rows.items())[:shown])
    alt = alt or _alt(known, cut, len(rows))
    sheet = _Sheet(drawn, known, values, cut, theme, fit, alt, len(rows) - len(drawn))
    told = {name: row for name, row in known.items() if name in drawn}
    lines = [*_lines(told, values, cut), *([f"and {len(known) - len(told)} more"] if len(told) < len(known) else [])]
    return Picture(sheet.svg(), alt, "\n".join([alt, *("  " + words for words in lines)]), sheet.width)


def slots(theme: str = "dark") -> tuple[str, list[dict[str, dict[str, str]]]]:
    """The rows of ten layers as an SVG in which every factor has its place, for a page that says what is in each.

    A factor is a `data-node` in its row, a `data-product`; what it looks like is left to the page's style for its
    `data-state`. The slots are "row 0", "name 0", "factor 0 0" and its two texts, "above 0 0" and "below 0 0"; "count 0" to
    "count 2" and "more"; "svg", "rows" and "foot". With it come, for 1 to 10 rows and for more, the attributes of the last three.
    """
    rows = layer_factors(LAYERS)
    sheet = _Sheet(rows, rows, None, None, theme, 900, "", 1)
    sheet.root.set("data-slot", "svg")
    for it in sheet.root.iter():
        if it.get("data-role") in ("rows", "foot", "more"):
            it.set("data-slot", it.get("data-role", ""))
        if it.get("data-role") == "count":
            for i, text in enumerate(it):
                text.set("data-slot", f"count {i}")
    for i, row in enumerate(sheet.body):
        row.set("data-slot", f"row {i}")
        row[0].set("data-slot", f"name {i}")
        for k, factor in enumerate(it for it in row if it.get("data-node")):
            factor.set("data-slot", f"factor {i} {k}")
            for text, side in zip(factor.iter("text"), ("above", "below")):
                text.set("data-slot", f"{side} {i} {k}")
    return sheet.svg(), [sheet.attributes(min(n, LAYERS), n > LAYERS) for n in range(1, LAYERS + 2)]


def _reused(rows: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many first factors of each product stand together at the beginning of one above it."""
    seen: set[tuple[str, ...]] = set()
    found = {}
    for name, row in rows.items():
        beginnings = [tuple(row[:k]) for k in range(1, len(row) + 1)]
        found[name] = sum(beginning in seen for beginning in beginnings)
        seen.update(beginnings)
    return found


def _alt(rows: Mapping[str, Sequence[str]], cut: str, count: int) -> str:
    counted = Count.of(rows)
    part = f"{len(rows)} of {count}" if len(rows) < count else str(count)
    words = f"{part} product{'s' * (part != '1')}: {costs(counted)}"
    dead = sum(cut in row for row in rows.values())
    return words + (f"; {cut} is cut, so {dead} of them {'is' if dead == 1 else 'are'} gone" if cut else "")


def costs(counted: Count) -> str:
    """What a count says, in words."""
    return "".join(_costs(counted))


def _costs(counted: Count) -> list[str]:
    """The same, in lines."""
    return [
        f"{counted.written:,} factors, {counted.different} different; ",
        f"{counted.multiplications:,} multiplications, ",
        f"{counted.shared} if common beginnings are kept",
    ]


def _more(rows: int) -> str:
    return f"rows below that go on like these: {rows}" if rows else ""


def _lines(rows: Mapping[str, Sequence[str]], values: Mapping[str, float] | None, cut: str) -> list[str]:
    lines = []
    for (name, row), reused in zip(rows.items(), _reused(rows).values()):
        words = f"{name} = {' · '.join(row)}"
        if values is not None:
            words += f" = {' · '.join(number(values[f]) for f in row)} = {number(_product(row, values, cut))}"
        words += f", the first {reused} as above" if reused else ", all new"
        lines.append(words + (", gone" if cut in row else ""))
    return lines


def _product(row: Sequence[str], values: Mapping[str, float], cut: str) -> float:
    return 0.0 if cut in row else math.prod(values[factor] for factor in row)


class _Sheet(Paper):
    """The rows on paper; a factor keeps its column, so that common beginnings stand below each other.

    The words that explain them are in the upper right corner, if the rows there are short enough, or below.
    """

    def __init__(
        self,
        rows: Mapping[str, Sequence[str]],
        known: Mapping[str, Sequence[str]],
        values: Mapping[str, float] | None,
        cut: str | None,
        theme: str,
        fit: float,
        alt: str,
        more: int,
    ) -> None:
        self.values, self.cut = values, cut  # None: every factor could be
        self.left = max(sum(map(_em, shortened(name))) for name in rows) * LARGEST + 34
        longest = max(map(len, rows.values()))
        end = 100 if values is not None else 0
        texts = {part for row in rows.values() for factor in row for part in self.parts(factor)}
        widest, room = max(sum(map(_em, text)) for text in texts), fit - 2 * MARGIN - self.left - end
        least = SMALL * widest + 1  # the last factor of a row has room, however narrow the others are
        wanted = max(LARGEST * widest + 16, 66 if values is not None else 0)
        self.column = min(wanted, room / longest, (room - least) / (longest - 1 or 1))
        self.last = max(self.column, least)
        self.size = max(SMALL, min(LARGEST, (self.column - 4) / widest))
        high = round(max(2.52 * self.size, min(3 * self.size, HIGH / len(rows))))
        self.row = high + (19 if values is not None else 0)
        self.top = high / 2 - 1.29 * self.size  # of a fraction in its box
        self.ends = [self.left + (len(row) - 1) * self.column + self.last + end for row in rows.values()]
        lines = 5 + bool(more)
        beside = self.extent(len(rows), 1.0, lines)
        self.beside = beside[0] <= fit - 2 * MARGIN
        below = max(max(self.ends), 2 * FOOT), self.row * len(rows) + LINE * (lines - 1) - 4
        width, height = beside if self.beside else below
        self.width = math.ceil(width) + 2 * MARGIN
        super().__init__(theme, self.width, math.ceil(height) + 2 * MARGIN, alt)
        reused = _reused(known)
        self.times = Counter(factor for row in rows.values() for factor in row)
        self.body = self.add(self.root, "g", data_role="rows")
        for i, (name, row) in enumerate(rows.items()):
            self.product(i, name, row, reused.get(name))
        place = (width - FOOT, 0) if self.beside else (0, self.row * len(rows) + 6)
        self.foot = self.add(self.root, "g", data_role="foot", transform=f"translate({place[0]:.1f} {place[1]})")
        y = self.legend(2 if self.beside else 4)
        counts = self.add(self.foot, "g", data_role="count")
        for text in _costs(Count.of(known)):
            self.write(counts, text, y)
            y += LINE
        if more:
            self.write(self.foot, _more(more), y, data_role="more")

    def extent(self, count: int, scale: float, lines: int) -> tuple[float, float]:
        """Width and height of so many rows, scaled, with lines of words in the upper right corner."""
        high = LINE * lines
        ends = [end * scale + (16 + FOOT) * (self.row * i * scale < high) for i, end in enumerate(self.ends[:count])]
        return max(ends), max(self.row * count * scale, high)

    def write(self, parent: Element, text: str, y: float, **more: Any) -> None:
        self.add(parent, "text", text, x=0, y=y, font_size=LARGE, fill=self.theme.ink, **more)

    def attributes(self, count: int, more: bool) -> dict[str, dict[str, str]]:
        """With fewer rows than there are, all of them larger."""
        room = self.width - 2 * MARGIN
        scale = next(s / 20 for s in range(30, 0, -1) if s == 20 or self.extent(count, s / 20, 5 + more)[0] <= room)
        width, height = self.extent(count, scale, 5 + more)
        width, height = math.ceil(width) + 2 * MARGIN, math.ceil(height) + 2 * MARGIN
        frame = {"viewBox": f"{-MARGIN} {-MARGIN} {width} {height}", "width": str(width), "height": str(height)}
        foot = {"transform": f"translate({width - 2 * MARGIN - FOOT} 0)"}
        return {"svg": frame, "rows": {"transform": f"scale({scale:g})"}, "foot": foot}

    @staticmethod
    def parts(factor: str) -> list[str]:
        """Above and below the line of a fraction."""
        return factor.split("/", 1)

    def product(self, i: int, name: str, row: Sequence[str], reused: int | None) -> None:
        y = i * self.row + self.row / 2
        gone = self.cut in row
        ink = self.theme.muted if gone or reused is None else self.theme.ink
        group = self.add(self.body, "g", data_product=name, data_state=_state(reused, gone))
        self.add(
            group, "text", shortened(name), x=self.left - 26, y=y + 5, font_size=15, font_weight=600, text_anchor="end",
            fill=ink,
        )  # fmt: skip
        self.add(group, "text", "=", x=self.left - 13, y=y + 5, font_size=15, text_anchor="middle", fill=ink)
        for k, factor in enumerate(row):
            branch = k == len(row) - 1 and self.times[factor] == 1
            state = "cut" if factor == self.cut and reused is not None else _state(reused, gone, k)
            self.factor(group, i, k, factor, state, branch)
        if self.values is not None and reused is not None:
            text = "= " + compact(_product(row, self.values, self.cut))
            x = self.left + (len(row) - 1) * self.column + self.last + 10
            self.number(group, text, x, y + 5, self.theme.gradient, 15, data_role="product")

    def look(self, state: str) -> dict[str, Any]:
        theme = self.theme
        return {
            "waiting": {"fill": theme.ground, "stroke": theme.border, "stroke_width": 0.8, "stroke_opacity": 0.4},
            "reused": {"fill": theme.ground, "stroke": theme.line, "stroke_width": 1.1, "stroke_dasharray": "4 3"},
            "new": {"fill": theme.leaf, "stroke": theme.done, "stroke_width": 2.2},
            "gone": {"fill": theme.constant, "stroke": theme.border, "stroke_width": 0.8},
            "cut": {"fill": theme.ground, "stroke": theme.active, "stroke_width": 2.6, "stroke_dasharray": "2 3"},
        }[state]

    def factor(self, parent: Element, i: int, k: int, factor: str, state: str, branch: bool) -> None:
        theme = self.theme
        x, y, width = self.left + k * self.column, i * self.row, self.last if branch else self.column
        group = self.add(parent, "g", data_node=factor, data_row=i, data_state=state)
        self.add(group, "title", factor if self.values is None else f"{factor} = {number(self.values[factor])}")
        self.add(
            group, "rect", x=x + 1.5, y=y + 1.5, width=width - 3, height=self.row - 3,
            rx=min(16.0, 0.2 * width) if branch else 5, **self.look(state),
        )  # fmt: skip
        if state == "waiting":
            return
        ink, middle = theme.muted if state in ("gone", "reused") else theme.ink, x + width / 2
        above, *below = self.parts(factor)
        look, size = {"x": middle, "font_size": self.size, "text_anchor": "middle", "fill": ink}, self.size
        y += self.top
        self.add(group, "text", above, y=y + (0.98 if below else 1.6) * size, **look)
        if below:
            bar = y + 1.22 * size
            self.add(group, "line", x1=x + 7, y1=bar, x2=x + width - 7, y2=bar, stroke=ink, stroke_width=1)
            self.add(group, "text", below[0], y=y + 2.13 * size, **look)
        if self.values is not None:
            text = "0" if state == "cut" else compact(self.values[factor], 6)
            self.number(group, text, middle, (i + 1) * self.row - 7.0, theme.value, 14, anchor="middle", data_role="slope")
        if state == "cut" or self.cut is None:  # like a wire, at both ends
            for end in (x + 1, x + width - 1):
                self.add(
                    group, "line", x1=end, y1=i * self.row, x2=end, y2=(i + 1) * self.row, stroke=theme.active, stroke_width=4,
                    data_role="cut",
                )  # fmt: skip

    def legend(self, columns: int) -> float:
        """What a factor looks like, in so many columns; where the next line is."""
        entries = [("new here", "new", 4), ("and nowhere else", "new", 9), ("as above", "reused", 4)]
        entries += [("gone", "gone", 4)] * (self.cut != "")
        for i, (words, state, round) in enumerate(entries):
            x, y = 120 * (i % columns) + 44 * (i % columns > 1), 14 + LINE * (i // columns)
            self.add(self.foot, "rect", x=x + 1, y=y - 14, width=28, height=18, rx=round, **self.look(state))
            self.add(self.foot, "text", words, x=x + 36, y=y, font_size=LARGE, fill=self.theme.muted)
        return 14 + LINE * math.ceil(len(entries) / columns)


def _em(char: str) -> float:
    """About how wide a letter is, in heights of the letters."""
    return 0.43 if char in "₀₁₂₃₄₅₆₇₈₉" else 1.0 if char in "WMmw@%" or east_asian_width(char) in "WF" else 0.6


def _state(reused: int | None, gone: bool, k: int | None = None) -> str:
    if reused is None:
        return "waiting"
    if gone:
        return "gone"
    return "reused" if k is not None and k < reused else "new"
