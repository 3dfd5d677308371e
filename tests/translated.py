"""Functions in the Python that translate.py writes as JavaScript, to be run in both languages."""

import math
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

FIRST, SECOND = 2, [3, 4]


class Pair(NamedTuple):
    """Two numbers."""

    a: float
    b: float = 5

    @property
    def total(self) -> float:
        return self.a + self.b


class Counter:
    """A class with all that one can have in the page."""

    def __init__(self, start, step=1):
        self.count, self.step = start, step
        self.asked = 0

    @classmethod
    def from_zero(cls, step):
        return cls(0, step)

    @property
    def twice(self):
        return self.count * 2

    @cached_property
    def once(self):
        self.asked += 1
        return [self.count, self.asked]

    def move(self, times=1):
        for _ in range(times):
            self.count += self.step
        return self.count

    def told(self, name, **more):
        return {"name": name, **more, "count": self.count}


class Loud(Counter):
    def __init__(self, start):
        super().__init__(start, 10)

    def move(self, times=1):
        return [super().move(times), "!"]


def numbers(a, b=2):
    """Arithmetic, with a docstring that says so."""
    c: float = a + b * 2 - a / 4
    c -= 1
    return [c, -a, (a + b) * (a - b), a // b, a % 3, 2**a, (-a) ** 2, abs(-a), int(2.7), math.sqrt(16), math.floor(-0.5)]


def truths(x, y):
    both = x and y
    either = x or y
    return [both, either, not x, bool_of(x), bool_of(math.nan), x == y, x != y, [1, [2]] == [1, [2]], 1 < 2 <= 3, x is None]


def bool_of(x):
    if x:
        return "yes"
    elif x is None:
        return "none"
    else:
        return "no"


def lists(xs):
    first, *rest = xs
    made = [*xs, 7]
    made.append(8)
    made[0] = 9
    return [
        first, rest, made, xs[-1], xs[1:], xs[:-1], xs[::-1], len(xs), sum(xs), max(xs), min(3, 4), sorted(xs), xs.index(2), 2 in xs, 5 not in xs,
        [x * x for x in xs if x > 1], [[i, x] for i, x in enumerate(xs)], [a + b for a, b in zip(xs, xs[1:])], [b - a for a, b in pairwise(xs)],
        [x + y for x in xs for y in xs if x != y], list(range(3)), list(range(2, 9, 3)), list(range(5, 0, -2)), [None] * 2, list(accumulate(xs)),
        math.prod(xs), any(x > 2 for x in xs), all(xs), list(reversed(xs)), next((x for x in xs if x > 1), 0), next((x for x in xs if x > 9), 0),
        max([], default=4), max(xs, key=lambda x: -x), min(xs, key=lambda x: abs(x - 2)), list(dict.fromkeys([2, 1, 2])), len({x % 2 for x in xs}),
        sorted(xs, key=lambda x: -x), math.inf > max(xs), [list(map_) for map_ in zip(*[xs, xs])],
    ]  # fmt: skip


def dicts(d):
    found = {"a": 1, **d, "list": [x for x in d]}
    found["more"] = d.get("x", "nothing")
    found |= {key: value * 2 for key, value in d.items()}
    return [found, d.get("missing"), list(d.keys()), sum(d.values()), "x" in d, len(d), d | {"z": 1}, {**d}["x"]]


def texts(name, count):
    return [
        f"{name}: {count:,} `${{x}}` \\ {'s' * 0}", ", ".join(str(i) for i in range(3)), name.startswith("a"), name.replace("a", "b"), "a" in name, len("🙂"),
        f" {name} ".strip(), "é\n\"'<", f"{count / 7:.1f}",
    ]  # fmt: skip


def flow(n):
    found = []
    for i in range(n):
        if i == 1:
            continue
        if i > 5:
            break
        found.append(i)
    while len(found) < 8:
        found = [*found, named(b=n, a=1).b]

    def twice(x):
        n = 2 * x
        return n

    return [found, twice(3), n, named(4), Pair(b=1, a=2).a, FIRST, SECOND[FIRST - 1]]


def classes(n):
    counter, loud, zero = Counter(n), Loud(n), Counter.from_zero(3)
    sums, more = [], {"b": 2}
    for i in range(1, n):
        sums.append(i)
        i = n
    first = counter.once
    counter.move()
    return [
        counter.move(3), counter.twice, first, counter.once, loud.move(2), zero.move(2), counter.told("a", a=1, **more, **{"c": 3}), sums,
        (loud if n > 9 else counter).count, ([7] if n > 9 else [8, 9])[1], (sums if n > 9 else first)[-1:], getattr(counter, ["count", "step"][1]), f"{n / 4:g}", Pair(1, 2).total, sorted([3, 1], key=lambda x: x + counter.count),
    ]  # fmt: skip


def named(a, b=3):
    pair = Pair(a)
    return pair if b == 3 else Pair(a, b)
