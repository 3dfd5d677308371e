"""How long a layout takes: graphs of 200 boxes of several shapes, against a plain loop in the same process.

`python tests/bench/layout.py`. The target is 0.5 s on two quiet cores, where the loop takes about 0.05 s: 10 loops.
"""

from random import Random
from statistics import median
from time import process_time

from backproplab.draw.layout import Box, Edge, layered

SIZE = 200
ROUNDS = 5


def calibrate() -> float:
    """CPU seconds for a million additions: how fast Python is here and now."""
    start = process_time()
    total = 0
    for i in range(1_000_000):
        total += i
    return process_time() - start


def chain(size: int) -> list[tuple[int, ...]]:
    return [(i - 1,) if i else () for i in range(size)]


def running_sum(size: int) -> list[tuple[int, ...]]:
    return [() if i % 2 == 0 or i == 1 else (i - 3 + (i == 3), i - 1) for i in range(size)]


def wide_sum(size: int) -> list[tuple[int, ...]]:
    return [()] * (size - 1) + [tuple(range(size - 1))]


def skip_connections(size: int) -> list[tuple[int, ...]]:
    """Each box uses the one before it, and one far back: many long edges."""
    return [(i - 1, max(0, i - 20)) if i else () for i in range(size)]


def one_leaf_everywhere(size: int) -> list[tuple[int, ...]]:
    return [(i - 1, 0) if i else () for i in range(size)]


def random_graph(size: int) -> list[tuple[int, ...]]:
    random = Random(0)
    return [tuple(random.randrange(max(0, i - 40), i) for _ in range(2)) if i > 4 else () for i in range(size)]


def dense_layers(size: int, width: int = 8) -> list[tuple[int, ...]]:
    """Each unit uses all units of the layer before it."""
    return [tuple(range(i // width * width - width, i // width * width)) if i >= width else () for i in range(size)]


SHAPES = (chain, running_sum, wide_sum, skip_connections, one_leaf_everywhere, random_graph, dense_layers)


def main() -> None:
    print(f"{'':22}{'boxes':>7}{'edges':>7}{'seconds':>10}{'loops':>8}")
    for shape in SHAPES:
        inputs = shape(SIZE)
        boxes = [Box(130 if operands else 96, 66, ordered=False) for operands in inputs]
        edges = [Edge(x, box, port) for box, operands in enumerate(inputs) for port, x in enumerate(operands)]
        ratios, seconds = [], []
        for _ in range(ROUNDS):
            loop, start = calibrate(), process_time()
            layered(boxes, edges)
            seconds.append(process_time() - start)
            ratios.append(seconds[-1] / loop)
        name = shape.__name__.replace("_", " ")
        print(f"{name:22}{SIZE:7,}{len(edges):7,}{min(seconds):10.3f}{median(ratios):8.1f}", flush=True)


if __name__ == "__main__":
    main()
