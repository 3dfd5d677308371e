"""backproplab beside its peers, in one table: `make bench`, or `make bench BENCH_ARGS="--quick --threads 1"`.

What stands where:

- `demo.py`, `slim.py`        micrograd's demo loop on micrograd, on a slim Value, on our Value and on our nn.MLP
- `step_*.py`, `problems.py`  a training step on arrays: handwritten NumPy, our Tensor, HIPS autograd, PyTorch
- `graphs.py`                 time and memory per node of scalar graphs, small and large
- `worker.py`                 the process in which one contender runs

How it is measured, and why:

- Every contender has a process of its own: NumPy was seen to slow down thirteenfold once PyTorch had run in its.
- They take turns, round after round, and every figure is the median of each round's ratio (or difference), so a
  machine that is busy for a while slows all of them, not one. A turn begins after a short rest, in which the
  threads of the one before stop spinning.
- Before and after the race all must agree on the loss and on every gradient: nobody is fast by being wrong.
- Python's garbage collector is on, as it is by default, and then off. It is the largest cost of graphs that are
  cyclic garbage.
- NumPy and PyTorch use as many threads as they like, and PyTorch, for comparison, one. Where other programs keep a
  core busy, threads that wait for each other time the neighbours: then `--threads 1` gives everyone one.
- A peer that is not installed has a row that says so.

The targets are the project's own (see the table); nothing here is a test, since timings on a busy machine lie.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from math import isclose
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
REST = 0.04  # seconds, longer than the threads of OpenBLAS and OpenMP go on spinning

OURS, SLIM, MICROGRAD = "backproplab", "slim", "micrograd.engine"


# ---- contenders ---------------------------------------------------------------------------------


class Contender:
    """A process that waits for its turn; `missing` names the package that it lacks, if it lacks one."""

    def __init__(self, module, function, *arguments):
        command = [sys.executable, "worker.py", module, function, json.dumps(arguments)]
        self.process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        first = self._read()
        self.missing, self.ready = first.get("missing"), first.get("ready")

    def ask(self, *question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.process.args)} ended with an error (see above).")
        return json.loads(line)

    def close(self):
        self.process.communicate()


def race(entries, steps, rounds, same_loss=True):
    """What a step of every entry takes: {name: [seconds with the collector (on, off), round by round]}.

    `entries` are {name: arguments of Contender}; in place of the list stands the name of a package that is missing.
    """
    everyone = {name: Contender(*arguments) for name, arguments in entries.items()}
    running = {name: contender for name, contender in everyone.items() if not contender.missing}
    if same_loss:
        must_agree(running)
    times = {name: [] for name in running}
    for i in range(rounds + 1):
        names = list(running)
        first = i % max(len(names), 1)
        for name in names[first:] + names[:first]:  # nobody always follows the same one
            time.sleep(REST)
            seconds = running[name].ask("time", steps)
            if i > 0:  # the first round warms up
                times[name].append(seconds)
    if same_loss:
        must_agree(running)
    for contender in everyone.values():
        contender.close()
    return {name: contender.missing or times[name] for name, contender in everyone.items()}


def must_agree(running):
    """The same loss and gradients from the same parameters, up to rounding."""
    if not running:
        return
    (first, (loss, gradient)), *others = [(name, contender.ask("check")) for name, contender in running.items()]
    size = max(map(abs, gradient))
    for name, (other_loss, other_gradient) in others:
        assert isclose(loss, other_loss, rel_tol=1e-6), f"{name}: loss {other_loss}; {first}: {loss}"
        for a, b in zip(gradient, other_gradient, strict=True):
            assert abs(a - b) <= 1e-6 * size, f"the gradients of {name} and {first} differ: {a} and {b}"


# ---- comparing ----------------------------------------------------------------------------------


def times_faster(slow, fast, collector):
    """The median over the rounds of slow / fast."""
    return median(s[collector] / f[collector] for s, f in zip(slow, fast))


def microseconds_over(a, b, collector):
    """The median over the rounds of a − b, in µs."""
    return 1e6 * median(x[collector] - y[collector] for x, y in zip(a, b))


def duration(times, collector):
    seconds = median(t[collector] for t in times)
    return f"{1e3 * seconds:.3g} ms" if seconds >= 1e-3 else f"{1e6 * seconds:.3g} µs"


def verdict(figure, relation, target, unit=""):
    """The target and whether it was reached, as in `≥ 7× yes`."""
    reached = figure >= target if relation == "≥" else figure <= target
    return f"{relation} {target:g}{unit} {'yes' if reached else 'NO'}"


# ---- the table ----------------------------------------------------------------------------------

WIDTHS = (46, 10, 24, 14, 11, 24, 14)


def row(*cells):
    """What it is; with the collector on its time, how it compares and the target; the same three with it off."""
    print("  ".join(f"{cell:{width}}" for cell, width in zip(cells, WIDTHS)).rstrip())


def section(title, *columns):
    print()
    row(title, *columns)
    print("─" * (sum(WIDTHS) + 2 * len(WIDTHS) - 2), flush=True)


def compared_row(name, times, against, targets=(None, None)):
    """One contender; `against(collector)` gives the text and the figure of the comparison."""
    if isinstance(times, str):
        row(name, f"not measured: {times} is not installed")
        return
    cells = []
    for collector, target in zip((0, 1), targets):
        text, figure = against(collector)
        cells += [duration(times, collector), text, verdict(figure, *target) if target and text else ""]
    row(name, *cells)


# ---- what is measured ---------------------------------------------------------------------------


def demo(rounds):
    """(1) and (2): micrograd's demo loop."""
    peer = "micrograd"
    entries = {
        peer: ("demo", "imported", MICROGRAD),
        "slim Value, as in microgpt": ("demo", "imported", SLIM),
        "our Value, only the import changed": ("demo", "imported", OURS),
        "our nn.MLP in the same loop": ("demo", "own_mlp"),
        "our nn.MLP, each sum of the loss one node too": ("demo", "own_mlp", True),
    }
    targets = {
        "our Value, only the import changed": (("≥", 7, "×"), ("≥", 1.25, "×")),
        "our nn.MLP in the same loop": (("≥", 80, "×"), ("≥", 8, "×")),
        "our nn.MLP, each sum of the loss one node too": (("≥", 80, "×"), ("≥", 8, "×")),
    }
    section("micrograd's demo loop, one step", "gc on", "against micrograd", "target", "gc off", "against", "target")
    results = race(entries, steps=3, rounds=rounds)

    def against_micrograd(times):
        def text_and_figure(collector):
            if isinstance(results[peer], str):
                return "", 0.0
            figure = times_faster(results[peer], times, collector)
            return f"{figure:.3g}× faster", figure

        return text_and_figure

    for name, times in results.items():
        compared_row(name, times, against_micrograd(times), targets.get(name, (None, None)))


STEPS = {"100×2-16-16-1": 60, "64×64-32-10": 60, "256×64-128-10": 15, "128×784-128-64-10": 5}
OVER_NUMPY = {
    "100×2-16-16-1": ("≤", 35, " µs"),
    "64×64-32-10": ("≤", 35, " µs"),
    "256×64-128-10": ("≤", 1.25, "×"),
    "128×784-128-64-10": ("≤", 1.10, "×"),
}


def tensor_steps(shape, rounds):
    """(3): a training step on arrays, forward, backward and update."""
    hand, tensor, modules = "handwritten NumPy", "our Tensor", "our nn.Sequential and SGD"
    entries = {
        hand: ("step_numpy", "ByHand", shape),
        tensor: ("step_tensor", "WrittenOut", shape),
        modules: ("step_tensor", "Modules", shape),
        "HIPS autograd": ("step_autograd", "Functions", shape),
        "PyTorch": ("step_torch", "WrittenOut", shape),
        "PyTorch, nn.Sequential and SGD": ("step_torch", "Modules", shape),
        "PyTorch, one thread": ("step_torch", "WrittenOut", shape, 1),
    }
    columns = ("gc on", "compared", "target", "gc off", "compared", "target")
    section(f"Training step {shape}", *columns)
    results = race(entries, STEPS[shape], rounds)
    small = OVER_NUMPY[shape][2] == " µs"

    def over_numpy(times):
        def text_and_figure(collector):
            over = microseconds_over(times, results[hand], collector)
            ratio = times_faster(times, results[hand], collector)
            return f"NumPy {over:+.0f} µs, {ratio:.2f}×", over if small else ratio

        return text_and_figure

    def against_ours(times, ours):
        def text_and_figure(collector):
            figure = times_faster(times, results[ours], collector)
            return f"{'Tensor' if ours is tensor else 'ours'} is {figure:.2f}× faster", figure

        return text_and_figure

    beat_torch = ("≥", 2.5 if small else 1, "×")
    for name, times in results.items():
        if name == hand:
            compared_row(name, times, lambda collector: ("", 0.0))
        elif name in (tensor, modules):
            compared_row(name, times, over_numpy(times), (OVER_NUMPY[shape],) * 2)
        else:
            ours = modules if "Sequential" in name else tensor
            compared_row(name, times, against_ours(times, ours), (beat_torch if "PyTorch" in name else None,) * 2)


IMPORTS = ("backproplab", "backproplab.nn", "backproplab.optim", "micrograd.engine", "autograd.numpy", "torch")
IMPORT = "import sys, time, numpy; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def import_seconds(module):
    """How long it takes a fresh Python to import this once it has NumPy; None if it is not there."""
    done = subprocess.run([sys.executable, "-c", IMPORT.format(module)], capture_output=True, text=True)
    return float(done.stdout) if done.returncode == 0 else None


def import_times(rounds):
    """(4)"""
    section("Import, beyond `import numpy`", "time", "", "target")
    seconds = {module: [] for module in IMPORTS}
    for i in range(rounds + 1):
        for module in IMPORTS:
            found = import_seconds(module)
            if found is not None and i > 0:
                seconds[module].append(1e3 * found)
    for module, found in seconds.items():
        if not found:
            row(f"import {module}", "not measured: it is not installed")
            continue
        target = verdict(median(found), "≤", 30, " ms") if module == "backproplab" else ""
        row(f"import {module}", f"{median(found):.1f} ms", "", target)


def memory():
    """(5)"""
    section("Memory per node of a scalar graph (tracemalloc)", "bytes")
    for name, engine in {"our Value": OURS, "micrograd": MICROGRAD, "slim Value": SLIM}.items():
        contender = Contender("graphs", "bytes_per_node", engine)
        if contender.missing:
            row(name, f"not measured: {contender.missing} is not installed")
        else:
            row(name, f"{contender.ready:.0f}")
        contender.close()


def growth(largest, rounds):
    """(6): what a node costs in small and in large graphs, forward, backward and freed again."""
    columns = ("gc on", "against the cheapest", "target", "gc off", "against the cheapest", "target")
    section("Cost of one node of a scalar graph", *columns)
    sizes = [10**k for k in range(2, 7) if 10**k <= largest]
    few = [10**2, 10**5]  # the peers need minutes for more
    for name, engine, sizes in (("our Value", OURS, sizes), ("slim Value", SLIM, few), ("micrograd", MICROGRAD, few)):
        results = race({n: ("graphs", "Growth", engine, n) for n in sizes}, 1, rounds, same_loss=False)
        for n, times in results.items():
            target = ("≤", 1.5, "×") if engine == OURS else None
            compared_row(f"{name}, {n:,} nodes", times, against_cheapest(results, n), (target, target))


def against_cheapest(results, n):
    """How much more a node costs in the graph of n nodes than in that where it costs least."""

    def text_and_figure(collector):
        cheapest = min(results.values(), key=lambda times: median(t[collector] for t in times))
        figure = times_faster(results[n], cheapest, collector)
        return f"{figure:.2f}×", figure

    return text_and_figure


def about():
    """What was measured, on what."""
    versions = []
    for package in ("backproplab", "numpy", "micrograd", "autograd", "torch"):
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} not installed")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    torch = Contender("step_torch", "Modules", "64×64-32-10")
    threads = "" if torch.missing else f" Threads of PyTorch: {torch.ask('threads')}."
    torch.close()
    return f"Python {platform.python_version()}, {', '.join(versions)}; {machine}.{threads}\nMedians; NO marks a target that was missed."


def main():
    parser = argparse.ArgumentParser(prog="make bench", description="backproplab beside its peers, in one table.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and no graph above 100,000 nodes")
    parser.add_argument("--threads", help="threads of NumPy and PyTorch, instead of their own choice: 1 on a busy machine")
    options = parser.parse_args()
    quick = options.quick
    if options.threads:
        os.environ.update(dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], options.threads))
    print(about())
    demo(rounds=3 if quick else 9)
    for shape in STEPS:
        tensor_steps(shape, rounds=5 if quick else 25)
    import_times(rounds=3 if quick else 15)
    memory()
    growth(largest=10**5 if quick else 10**6, rounds=2 if quick else 5)


if __name__ == "__main__":
    main()
