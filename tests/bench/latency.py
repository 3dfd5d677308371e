"""How long an explorer takes from a move of its slider to the painted frame: the page computes, no kernel is asked.

Run by `make bench`; needs Chromium and the test environment. Every press of a key on the slider is timed from the event's own
time stamp to the first task after the frame in which the picture has changed; `script` is what of that is ours.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from backproplab import Graph, Value, nn
from backproplab.explore import (
    ChainExplorer,
    DescentExplorer,
    FanExplorer,
    GraphExplorer,
    JacobianExplorer,
    NudgeExplorer,
    SGDExplorer,
    ShapeExplorer,
    TrainingExplorer,
    TrunkExplorer,
)
from backproplab.explore.explorer import HERE, Explorer
from backproplab.explore.page import page as html

sys.path.insert(0, str(Path(__file__).parents[1]))
from conftest import chromium  # noqa: E402

MEDIAN, P95 = 16, 33  # milliseconds: what is promised on an idle machine

TIMING = """() => {
    window.times = [];
    const slider = document.querySelector("input[type=range]:enabled");
    let started;
    window.addEventListener("input", () => { started = performance.now(); }, { capture: true });
    window.addEventListener("input", (event) => {
        const script = performance.now() - started;
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.times.push([performance.now() - event.timeStamp, script]);
            port2.postMessage(null);
        });
    });
    slider.focus();
}"""


def network() -> Graph:
    """A tanh network of 4 units on two inputs: 21 nodes as weighted sums, some sixty with their parameters."""
    model = nn.MLP(2, [4, 1], activation="tanh")
    return Graph(model([Value(0.5, "x"), Value(-1.0, "y")]))


def trained() -> TrainingExplorer:
    explorer = TrainingExplorer()
    explorer.run(100)
    return explorer


EXPLORERS = {
    "(4x+1)^2, 7 nodes": lambda: GraphExplorer("(4*x+1)^2", x=1.0),
    "three variables": lambda: GraphExplorer("sigmoid(w*x+b)*log(1+x^2) - tanh(w-b)/(2+cos(x))", x=1.0, w=0.5, b=-1.0),
    "a small network": lambda: GraphExplorer(network()),
    "a chain of ten": lambda: ChainExplorer(["sigmoid(x)"] * 10, nudge=0.01, span=(-5, 5)),
    "a fan-out": lambda: FanExplorer(),
    "a nudge": lambda: NudgeExplorer("exp(sin(x))", x=1.3, h=1e-9),
    "descent in a ravine": lambda: DescentExplorer("ravine"),
    "32 opinions": lambda: SGDExplorer(),
    "a training, rewound": trained,
    "Jacobian, 6 × 6": lambda: JacobianExplorer(nn.Sequential(nn.Linear(6, 6), nn.Tanh()), [0.5] * 6),
    "trunk of layers": lambda: TrunkExplorer(50),
    "shapes": lambda: ShapeExplorer([50, 10, 40, 60, 600]),
}


def measure(page: Page, explorer: Explorer, presses: int) -> tuple[list[float], list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        if isinstance(explorer, GraphExplorer):
            explorer.step = explorer.steps
        file.write_text(html(explorer), encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_selector(".bpl-heard", state="attached")
    page.evaluate(TIMING)
    for i in range(presses):
        page.keyboard.press("ArrowLeft" if i % 40 < 20 else "ArrowRight")
        page.wait_for_function("(count) => window.times.length >= count", arg=i + 1)
    return tuple(zip(*page.evaluate("window.times")))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer presses")
    presses = 100 if options.parse_args().quick else 400
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        print(f"From input event to painted frame, {presses} presses each (promised: median {MEDIAN} ms, p95 {P95} ms)")
        for name, make in EXPLORERS.items():
            explorer = make()
            painted, script = measure(page, explorer, presses)
            p95 = statistics.quantiles(painted, n=20)[-1]
            print(
                f"  {name:20} median {statistics.median(painted):5.1f} ms, p95 {p95:5.1f} ms; "
                f"of it ours {statistics.median(script):4.1f} ms"
            )
            explorer.close()
        size = sum(file.stat().st_size for file in HERE.glob("*.js"))
        print(f"JavaScript of all explorers: {size / 1000:.1f} kB (promised: 60)")


if __name__ == "__main__":
    main()
