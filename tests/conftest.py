"""Fixtures: one JupyterLab server and one Chromium for all browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import hypothesis
import pytest

from backproplab.__main__ import save_settings

# the same examples each time, however slow the machine: a test that is red now and then teaches to look away
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("steady")

# notebooks start without progress and with their reveals closed
_empty = tempfile.TemporaryDirectory()
os.environ.pop("BACKPROPLAB_REVEAL", None)
os.environ["BACKPROPLAB_PROGRESS"] = str(Path(_empty.name) / "progress.json")

ROOT = Path(__file__).parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins as a learner does, and what it answers opens nothing in a notebook that is run later."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("BACKPROPLAB_PROGRESS", str(Path(folder) / "progress.json"))
        yield


def without(what: str, advice: str) -> None:
    """Skip, saying why; in CI what is missing is a failure, so that nothing is skipped unseen."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and in CI no test of what is seen may be skipped.")
    pytest.skip(f"{what}: {advice}.")


def _works(program: str) -> bool:
    """Whether it is there and can tell its version; Ubuntu's chromium-browser may be a stub that cannot."""
    return bool(shutil.which(program)) and subprocess.run([program, "--version"], capture_output=True).returncode == 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: once it is driven, an event loop runs in this thread until the end.

    And after the last cell of a notebook its kernel is measured: a class shares one machine.
    """
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))
    last = {item.parent: item for item in items if hasattr(item.parent, "kernel")}
    for notebook, cell in last.items():
        cell.teardown = partial(is_small, notebook)


def is_small(notebook: pytest.File) -> None:
    """The kernel of a notebook, run to its end, holds at most 180 MB."""
    status = notebook.kernel and Path(f"/proc/{notebook.kernel.km.provisioner.pid}/status")
    if status and status.exists():  # on Linux
        held = int(status.read_text().split("VmRSS:")[1].split()[0]) / 1000
        assert held <= 180, f"After {notebook.path.name} its kernel holds {held:.0f} MB."


@contextmanager
def chromium() -> Iterator:
    """A headless Chromium that is on this machine, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = next(filter(_works, CHROMIUM), None)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path and shutil.which(path), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """One Chromium for all tests."""
    from playwright.sync_api import Error

    with ExitStack() as stack:
        try:
            launched = stack.enter_context(chromium())
        except Error:
            without("There is no Chromium on this machine", "install it to run the browser tests")
        yield launched


NOTEBOOKS = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
PUBLISHED = NOTEBOOKS if os.environ.get("BACKPROPLAB_DECKS") == "all" else ["00-start-here", "03-chain-rule", "04-forks-sums-and-order"]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of some notebooks, or of all with BACKPROPLAB_DECKS=all, in a folder as on GitHub Pages: not at the root."""
    from backproplab.publish import missing
    from backproplab.publish.site import site

    if missing():
        without(f"Slides need {', '.join(missing())}", "install the extra `slides`")
    folder = tmp_path_factory.mktemp("site") / "repository"
    site([ROOT / "notebooks" / f"{name}.ipynb" for name in PUBLISHED], ROOT / "README.md", folder)
    return folder


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the notebooks, in a folder of its own."""
    return Path(shutil.copytree(ROOT / "notebooks", tmp_path_factory.mktemp("lab") / "notebooks"))


@pytest.fixture(scope="session")
def lab(lab_folder: Path) -> Iterator[str]:
    """The address of a JupyterLab server on a copy of the notebooks, with settings of its own."""
    home = lab_folder.parent
    _save_settings(home / "settings")
    save_settings(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    folders |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython"}
    environment = os.environ | {name: str(home / folder) for name, folder in folders.items()}
    options = [
        "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", "--expose-app-in-browser", f"--ServerApp.root_dir={home / 'notebooks'}",
        f"--LabApp.app_settings_dir={home / 'share' / 'jupyter' / 'lab' / 'settings'}",
    ]  # fmt: skip
    log = (home / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(server, address, home / "server.log")
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _save_settings(folder: Path) -> None:
    """Every cell in the page, also those out of sight."""
    file = folder / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text('{"windowingMode": "none"}')


def _wait_for(server: subprocess.Popen, address: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
