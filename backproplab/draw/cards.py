"""The boxes of a graph's picture: the operation, and a body of rows with name, value and gradient; chips beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from ..notation import bracketed, number
from .arrays import CELL, LONGEST_RANGE, cells, draw_cells, grid, summary
from .layout import Box
from .paper import CHARACTERS, DIGIT, LARGE, SMALL, Paper, shortened, wide

ROW = 17  # height of a line of text in a box
PAD = 10  # what it leaves free above and below together
SIGN = 14  # room for = and ∂ before a number
GAP = 4  # around a chip
LONGEST_SUM = 14  # characters, as in 0.77 + (−0.29)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a box at one moment; None for what is not known yet."""

    value: Any = None
    gradient: Any = None
    terms: Sequence[Any] = ()  # the contributions that the gradient is the sum of, so far


@dataclass(frozen=True, slots=True)
class Body:
    """Rows of a box: name and shape, value, gradient, the sum that the gradient is at a fork, rules."""

    title: str
    shape: tuple[int, ...] = ()
    moving: bool = True  # whether it has a gradient
    uses: int = 0  # by which a gradient arrives
    together: bool = False  # several nodes in one: the title says how many
    rules: tuple[str, ...] = ()
    beside: bool = False  # the gradient beside the value, not below it

    @property
    def width(self) -> int:
        aside = (self._column + 2 * GAP) * self._two_columns
        title = wide(shortened(self.title), 9) + wide(self._shape, DIGIT) + 6 * bool(self._shape)
        terms = SIGN + wide("0" * LONGEST_SUM, DIGIT) if self.is_fork else 0
        return max(aside + max(self._column, terms), title, *(wide(r, 7.8) for r in self.rules))

    @property
    def height(self) -> int:
        rows = 1 + self.is_fork + len(self.rules)
        return ROW * rows + self._quantity_height * (1 + self.moving - self._two_columns)

    @property
    def _column(self) -> int:
        """Width of a number, or of an array's range and cells."""
        if not self.shape:
            return SIGN + 4 + math.ceil(CHARACTERS * DIGIT)
        return SIGN + max(wide("0" * LONGEST_RANGE, DIGIT), CELL * grid(self.shape)[1])

    @property
    def _quantity_height(self) -> int:
        rows = grid(self.shape)[0]
        return ROW + (CELL * rows + 3 if rows else 0)

    @property
    def _two_columns(self) -> bool:
        return self.beside and self.moving

    @property
    def _shape(self) -> str:
        return "" if self.together or not self.shape else str(self.shape)

    @property
    def is_fork(self) -> bool:
        return self.moving and self.uses > 1

    def draw(self, paper: Paper, group: Element, left: float, top: float, figures: Figures) -> None:
        """Write it, from (left, top) on."""
        theme, base = paper.theme, top + 14
        title = shortened(self.title)
        paper.add(group, "text", title, x=left, y=base, font_size=LARGE, font_weight=700, fill=theme.ink)
        if self._shape:
            paper.number(group, self._shape, left + wide(title, 9) + 6, base, theme.muted, SMALL)
        base += ROW
        self._draw_quantity(paper, group, "=", figures.value, left, base, theme.value, "value")
        x = left
        if self.moving:
            x, base = (left + self._column + 2 * GAP, base) if self._two_columns else (left, base + self._quantity_height)
            self._draw_quantity(paper, group, "∂", figures.gradient, x, base, theme.gradient, "gradient")
        base += self._quantity_height
        if self.is_fork:
            terms = sum_text(figures.terms, self.uses)
            paper.add(group, "text", "=" if terms else "", x=x, y=base, font_size=SMALL, fill=theme.muted)
            paper.number(group, terms, x + SIGN, base, theme.gradient, SMALL, data_role="sum")
            base += ROW
        for rule in self.rules:
            paper.add(group, "text", rule, x=left, y=base, font_size=SMALL, fill=theme.ink, data_role="rule")
            base += ROW

    def _draw_quantity(
        self, paper: Paper, group: Element, sign: str, x: Any, left: float, base: float, colour: str, role: str
    ) -> None:
        """A number, or an array's range and its cells."""
        paper.add(group, "text", sign, x=left, y=base, font_size=SMALL, fill=paper.theme.muted)
        text, ink = ("·", paper.theme.muted) if x is None else (summary(x), colour)
        paper.number(group, text, left + SIGN, base, ink, SMALL, data_role=role)
        if grid(self.shape)[0] and x is not None:
            draw_cells(paper, group, left + SIGN, base + 5, cells(x), colour)


def sum_text(terms: Sequence[Any], count: int) -> str:
    """The terms of a gradient that comes from `count` uses, with a dot for each that is still to come.

    >>> sum_text([10.0, 6.0], 2), sum_text([10.0], 2), sum_text([1.0] * 7, 7)
    ('10 + 6', '10 + ·', 'sum of 7')
    """
    if any(getattr(term, "shape", ()) or isinstance(term, list) for term in terms):
        return _sum_so_far(len(terms), count)
    return sum_of_numbers([float(term) for term in terms], count)


def sum_of_numbers(terms, count):
    """The same of numbers alone, which is translated for the page of an explorer."""
    if not terms:
        return ""
    for digits in (4, 3, 2):
        numbers = [*[number(term, digits) for term in terms], *["·" for _ in range(count - len(terms))]]
        text = " + ".join([numbers[0], *[bracketed(term) for term in numbers[1:]]])
        if len(text) <= LONGEST_SUM:
            return text
    return _sum_so_far(len(terms), count)


def _sum_so_far(terms, count):
    return f"sum of {count}" if terms == count else f"{terms} of {count} so far"


class Card:
    """One box: its size, and how it is drawn at a place. A plain number is a small box of its own.

    Chips stand beside the body or, where height is cheaper than width, `below` it.
    """

    def __init__(
        self,
        body: Body | str,
        badge: str = "",
        chips: Sequence[Body] = (),
        *,
        ordered: bool = True,
        below: bool = False,
    ) -> None:
        self.body, self.badge, self.chips, self.ordered, self.below = body, badge, chips, ordered, below
        self.lines = badge.split(" ") if len(badge) > 4 else [badge]
        self.badge_width = max(34, *(wide(line, 9) + 12 for line in self.lines)) if badge else 0
        self.chip_width = max((chip.width for chip in chips), default=0) + 16

    def box(self, port_room: float = 0) -> Box:
        """Its room in the layout; `port_room` is the least height."""
        if isinstance(self.body, str):
            return Box(max(44, wide(shortened(self.body), 8.5) + 22), 36)
        width, height = self.body.width + 22 + self.badge_width, self.body.height + PAD
        if self.chips and self.below:
            width = max(width, self.badge_width + self.chip_width + 2 * GAP)
            height += self._chips_height
        elif self.chips:
            width += self.chip_width + GAP
            height = max(height, self._chips_height + GAP)
        return Box(width, max(height, port_room + 12), self.ordered)

    @property
    def _chips_height(self) -> int:
        return sum(chip.height + 3 * GAP for chip in self.chips)

    def draw(
        self, paper: Paper, group: Element, box: Box, centre: tuple[float, float], figures: Figures, **border: Any
    ) -> None:
        """Draw it in `group`; `border` are attributes that say how its frame looks."""
        theme, (x, y) = paper.theme, (centre[0] - box.width / 2, centre[1] - box.height / 2)
        if isinstance(self.body, str):
            paper.card(group, x, y, box, theme.constant, rx=box.height / 2)
            paper.number(group, shortened(self.body), centre[0], centre[1] + 5, theme.ink, 14, anchor="middle")
            return
        paper.card(group, x, y, box, theme.card if self.badge else theme.leaf, **border)
        if self.badge:
            self._draw_badge(paper, group, x, y, box.height)
        height = self.body.height + (self._chips_height if self.below else 0)
        self.body.draw(paper, group, x + self.badge_width + 10, centre[1] - height / 2, figures)

    def _draw_badge(self, paper: Paper, group: Element, x: float, y: float, height: float) -> None:
        width, theme = self.badge_width, paper.theme
        paper.add(group, "rect", x=x + 3, y=y + 3, width=width - 3, height=height - 6, rx=5, fill=theme.badge)
        size = 19 if len(self.badge) < 3 else 14
        base = y + height / 2 + size / 3 - (len(self.lines) - 1) * ROW / 2
        for line in self.lines:
            paper.add(
                group, "text", line, x=x + 1.5 + width / 2, y=base, text_anchor="middle",
                font_size=size, font_weight=600, fill=theme.ink,
            )  # fmt: skip
            base += ROW

    def chip_boxes(self, box: Box, centre: tuple[float, float]) -> list[tuple[Box, tuple[float, float]]]:
        """The boxes of its chips and their centres, one below the other."""
        left, right = centre[0] - box.width / 2 + self.badge_width + GAP, centre[0] + box.width / 2 - GAP
        if self.below:
            y = centre[1] - (self.body.height + self._chips_height) / 2 + self.body.height + GAP
        else:
            left, y = right - self.chip_width, centre[1] - (self._chips_height - GAP) / 2
        placed = []
        for chip in self.chips:
            height = chip.height + 2 * GAP
            placed.append((Box(right - left, height), ((left + right) / 2, y + height / 2)))
            y += height + GAP
        return placed
