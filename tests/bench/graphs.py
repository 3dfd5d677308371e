"""Scalar graphs of any size: what a node costs, in time and in bytes."""

import importlib
import tracemalloc


def build(Value, nodes):
    """As many products as additions, added up in pairs, so that engines with a recursive walk survive it too."""
    leaves = [Value(0.5 + i / 20) for i in range(10)]
    level = [leaves[i % 10] * leaves[(i + 3) % 10] for i in range(nodes // 2)]
    while len(level) > 1:
        odd = level[len(level) // 2 * 2 :]
        level = [a + b for a, b in zip(level[::2], level[1::2])] + odd
    return level[0]


class Growth:
    """Forward and backward pass of a graph of `nodes` nodes; a step repeats them until it is long enough to time."""

    def __init__(self, engine, nodes):
        self.Value, self.nodes = importlib.import_module(engine).Value, nodes
        self.repeats = max(1, 20_000 // nodes)
        self.units = nodes * self.repeats  # a step is timed by the node

    def step(self):
        for _ in range(self.repeats):
            build(self.Value, self.nodes).backward()


def bytes_per_node(engine, nodes=20_000):
    """What Python holds for each node after both passes, the float in it included."""
    Value = importlib.import_module(engine).Value
    build(Value, 100).backward()  # caches that are filled once
    tracemalloc.start()
    y = build(Value, nodes)
    y.backward()
    return tracemalloc.get_traced_memory()[0] / nodes
