"""What Binder builds from `binder/`: which packages, that a lesson gives its stored outputs, that the badge leads to an
explorer that answers."""

import os
import re
from collections.abc import Iterator

import pytest
from binder_smoke import BASE_IMAGE, LESSON, REPOSITORY, Image, NotHere, first_explorer, image, run_lesson

BASE_NAMES = {pin.partition("==")[0] for pin in BASE_IMAGE}
LINES = (REPOSITORY / "binder" / "requirements.txt").read_text().splitlines()


@pytest.fixture(scope="session")
def binder() -> Iterator[Image]:
    """The image, built and served."""
    if os.name == "nt":
        pytest.skip("Binder's images are Linux: its build script needs bash")
    try:
        with image() as built:
            yield built
    except NotHere as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))


def requirements() -> dict[str, str]:
    """Return what binder/requirements.txt asks for: each package with its version or range."""
    parts = [re.fullmatch(r"([\w.-]+)([=<>].*)", line).groups() for line in LINES if line and not line.startswith("#")]
    return dict(parts)


def test_requirements_pin_the_course_and_leave_the_base_image_alone() -> None:
    wanted = requirements()
    assert wanted.pop("ipywidgets") == ">=8.1.7,<9"
    assert all(version.startswith("==") for version in wanted.values())
    assert not BASE_NAMES & wanted.keys()


def test_every_package_that_is_added_is_listed_with_its_size_and_small(binder: Image) -> None:
    listed = {name: float(size) for line in LINES for name, size in re.findall(r"^#  ([\w-]+) +([\d.]+) MB  \w", line)}
    assert listed.keys() == binder.added.keys()
    for name, size in binder.added.items():
        assert size == pytest.approx(listed[name], rel=0.2, abs=0.2)
        assert size <= 30 or name in ("numpy", "matplotlib")


def test_a_lesson_gives_its_stored_outputs(binder: Image) -> None:
    assert run_lesson(binder.address, binder.clone, LESSON, binder.environment) == []


def test_the_fonts_are_known_before_the_first_plot(binder: Image) -> None:
    cache = binder.environment["XDG_CACHE_HOME"]
    assert [name for name in os.listdir(f"{cache}/matplotlib") if name.startswith("fontlist")]


def test_the_badge_leads_to_an_explorer_that_answers(browser, binder: Image) -> None:
    first_explorer(browser, binder)
