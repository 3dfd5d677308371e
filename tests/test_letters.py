"""The picture of every explorer can be read at the back of a lecture hall, in each of its views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pytest

from backproplab import nn
from backproplab.data import digits, spiral
from backproplab.draw.paper import SMALL
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
from backproplab.explore.explorer import Explorer

LETTER, WIDTH, HEIGHT = 18, 1216, 500  # pixels on a slide of 1280 × 720, where an explorer's controls need the rest


def letters(svg: ElementTree.Element, size: float = 16.0) -> Iterator[tuple[float, str]]:
    """Every text that is seen in a picture, with the size of its letters where a notebook shows it."""
    left, top, width, height = map(float, svg.get("viewBox", "").split())
    scale = float(svg.get("width", 0)) / width

    def within(element: ElementTree.Element, size: float) -> Iterator[tuple[float, str]]:
        if element.get("visibility") == "hidden" or element.get("display") == "none":
            return
        size = float(element.get("font-size", size))
        if element.tag.endswith(("text", "tspan")) and (element.text or "").strip():
            yield size * scale, element.text or ""
        for part in element:
            assert "font-size" not in (part.get("style") or "")
            yield from within(part, size)

    yield from within(svg, size)


def in_steps(make: Callable[[], Explorer], *steps: int) -> Callable[[], Iterator[Explorer]]:
    def states() -> Iterator[Explorer]:
        explorer = make()
        for step in steps:
            explorer.step = step
            yield explorer
        explorer.close()

    return states


def in_views(make: Callable[[], Explorer], *views: str) -> Callable[[], Iterator[Explorer]]:
    def states() -> Iterator[Explorer]:
        explorer = make()
        for view in views:
            explorer.view = view
            yield explorer
        explorer.close()

    return states


def trained(*given, steps: int = 12, **options) -> TrainingExplorer:
    explorer = TrainingExplorer(*given, **options)
    explorer.run(steps)
    return explorer


def deep() -> nn.Sequential:
    return nn.Sequential(nn.Linear(2, 16, seed=1), nn.Tanh(), nn.Linear(16, 16, seed=2), nn.Tanh(), nn.Linear(16, 2, seed=3))


def nudges() -> Iterator[Explorer]:
    explorer = NudgeExplorer("a*b", a=-3, b=4)
    for explorer.view in ("curve", "bars", "rectangle"):
        for explorer.h in (1.0, 1e-12):
            yield explorer
    explorer.close()


def jacobians() -> Iterator[Explorer]:
    explorer = JacobianExplorer(nn.Linear(6, 6, seed=1), [1.0, -2.0, 3.0, 1e-9, 12345.6, 0.0])
    for explorer.mode in ("jvp", "vjp"):
        yield explorer
    explorer.close()


VIEWS = ("classes", "units", "weights")
PICTURES: dict[str, Callable[[], Iterator[Explorer]]] = {
    "nudge": nudges,
    "descent": in_steps(lambda: DescentExplorer("ravine"), 0, 9),
    "descent with a matrix": in_steps(lambda: DescentExplorer("bowl", matrix=[[0.1, -0.1], [-0.1, 0.1]], momentum=0.5, fog=1.0), 0, 5),
    "descent of one": in_steps(lambda: DescentExplorer("valley", fog=0.8), 0, 20),
    "descent that flies away": in_steps(lambda: DescentExplorer("x^2", rate=1.7), 40),
    "sgd": in_steps(lambda: SGDExplorer(), 0, 30),
    "sgd of one": in_steps(lambda: SGDExplorer("abs(w*x-y)", data={"x": [1.0, 2.0, -1.0], "y": [1.0, 1.0, 3.0]}), 0, 7),
    "training": in_views(trained, *VIEWS),
    "training on a spiral": in_views(lambda: trained(deep(), spiral(90, arms=2)), *VIEWS),
    "training on digits": in_views(lambda: trained(data=digits()), *VIEWS),
    "training one neuron": in_views(lambda: trained(nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), loss=nn.mse_loss), "classes", "weights"),
    "trunk": in_steps(lambda: TrunkExplorer(10), 0, 10),
    "deep trunk": in_steps(lambda: TrunkExplorer(100), 100),
    "shares of a chain": in_views(lambda: ChainExplorer("4*x, x+1, sin(x), x^2, x/100", 1.0), "shares"),
    "jacobian": jacobians,
    "shapes": in_steps(lambda: ShapeExplorer([600, 60, 40, 10, 5, 6, 7]), 0),
}
OTHERS: dict[str, Callable[[], Iterator[Explorer]]] = {  # whose pictures are as high as what they show
    "graph": in_steps(lambda: GraphExplorer("5*tanh(4*a) + 0.6*b^2", a=1, b=2), 0, 9),
    "chain": in_views(lambda: ChainExplorer("bicycle = 4*walker, car = 2*bicycle", 1.0), "lines", "dials", "notch"),
    "fan": in_steps(FanExplorer, 0),
    "wide fan": in_steps(lambda: FanExplorer([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]), 0),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_slide_has_room_for_the_picture_with_letters_of_18_pixels(name):
    for explorer in PICTURES[name]():
        svg = ElementTree.fromstring(explorer.snapshot().svg)
        smallest, text = min(letters(svg))
        zoom = LETTER / smallest
        width, height = (zoom * float(svg.get(side, 0)) for side in ("width", "height"))
        assert width <= WIDTH and height <= HEIGHT, f"{width:.0f} × {height:.0f} with {text!r} at {LETTER} pixels"


@pytest.mark.parametrize("name", [*PICTURES, *OTHERS])
def test_no_letter_is_smaller_than_the_smallest(name):
    for explorer in (PICTURES | OTHERS)[name]():
        svg = ElementTree.fromstring(explorer.snapshot().svg)
        smallest, text = min(letters(svg))
        assert smallest >= SMALL, text
