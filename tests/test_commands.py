"""`python -m backproplab lab` and `make` say what they do, keep the learner's work, and fail in one sentence."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from shlex import quote

import pytest
from binder_smoke import free_port

from backproplab.__main__ import SETTINGS, START, copy_new, find_notebooks, main, save_settings

REPOSITORY = Path(__file__).resolve().parents[1]
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

needs_make = pytest.mark.skipif(
    os.name == "nt" or shutil.which("make") is None, reason="make is not installed, or this is Windows, where it is not used"
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a space in its name that looks like a clone of the course, with one empty notebook."""
    clone = tmp_path / "my clone"
    shutil.copytree(REPOSITORY / "backproplab", clone / "backproplab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "binder", clone / "binder")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, clone)
    (clone / "notebooks").mkdir()
    (clone / "notebooks" / START).write_text(json.dumps(NOTEBOOK))
    return clone


def run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True)


def test_every_notebook_is_copied_once_and_never_overwritten(tmp_path: Path) -> None:
    notebooks, work = tmp_path / "notebooks", tmp_path / "work"
    notebooks.mkdir()
    (notebooks / "01.ipynb").write_text("first")
    assert copy_new(notebooks, work) == ["01.ipynb"]

    (work / "01.ipynb").write_text("my answers")
    (notebooks / "01.ipynb").write_text("first, corrected")
    (notebooks / "02.ipynb").write_text("second")
    (notebooks / "notes.txt").write_text("no notebook")
    assert copy_new(notebooks, work) == ["02.ipynb"]
    assert copy_new(notebooks, work) == []
    assert {path.name: path.read_text() for path in work.iterdir()} == {"01.ipynb": "my answers", "02.ipynb": "second"}


def test_without_notebooks_one_sentence_says_where_they_come_from(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"There is no folder .*notebooks: .* clone .* `make lab`"):
        find_notebooks(tmp_path)


def test_without_jupyterlab_one_sentence_names_the_extra(clone: Path) -> None:
    result = run([sys.executable, "-S", "-m", "backproplab", "lab"], clone)  # -S hides all that pip installed
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        'JupyterLab is not installed: install it with pip install "backproplab[lab]", then try again.'
    ]
    assert not (clone / "work").exists()


def test_unknown_options_go_to_jupyterlab_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["refresh", "--no-browser"])
    assert "Unrecognized arguments: --no-browser;" in capsys.readouterr().err


def notebook(path: Path, *sources: str) -> Path:
    cells = [{"cell_type": "code", "metadata": {}, "source": it, "outputs": [], "execution_count": None} for it in sources]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**NOTEBOOK, "cells": cells, "nbformat_minor": 4}))
    return path


@pytest.mark.parametrize("command", ["slides", "site", "refresh"])
def test_what_cannot_be_run_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    broken, empty = tmp_path / "broken.ipynb", notebook(tmp_path / "empty.ipynb")
    broken.write_text("{")
    fails = notebook(tmp_path / "fails.ipynb", "x = 0\n1 / x")
    place = [] if command == "refresh" else ["--out", str(tmp_path / "out")]
    for given, said in (
        (str(broken), f"{broken} is no notebook: expected a file with cells that Jupyter has saved.\n"),
        (str(empty), f"{empty} is no notebook: expected a file with cells that Jupyter has saved.\n"),
        (str(fails), f"{fails} stops with ZeroDivisionError: division by zero, in the cell: x = 0\n"),
        ("", "There is no notebook '': give files or folders that exist.\n"),
        ("x" * 5000, f"There is no notebook {'x' * 5000}: give files or folders that exist.\n"),
    ):
        with pytest.raises(SystemExit) as refused:
            main([command, given, *place])
        assert (refused.value.code, capsys.readouterr().err) == (2, said)


@pytest.mark.parametrize("command", ["slides", "site"])
def test_nothing_is_run_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    good, same, file = notebook(tmp_path / "same.ipynb", "1"), notebook(tmp_path / "b" / "same.ipynb", "2"), tmp_path / "file"
    file.write_text("mine")
    for given, said in (
        ([good, "--out", file], f"Nothing can be written to {file}: File exists.\n"),
        ([good, same, "--out", tmp_path], f"{good} and {same} would become the same page: rename one of them.\n"),
    ):
        with pytest.raises(SystemExit) as refused:
            main([command, *map(str, given)])
        assert (refused.value.code, *capsys.readouterr()) == (2, "", said)
    assert file.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such shell")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("graph x | true", ""),
        ("refresh {notebook} | true", ""),
        ("graph x >&-", ""),
        pytest.param("graph x > /dev/full", "The output cannot be written: No space left on device.\n",
                     marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")),
    ],
)  # fmt: skip
def test_output_that_nobody_takes_leaves_no_traceback(tmp_path: Path, line: str, said: str) -> None:
    words = line.format(notebook=quote(str(notebook(tmp_path / "a.ipynb", "1"))))
    assert run(["sh", "-c", f"{quote(sys.executable)} -m backproplab {words}"], REPOSITORY).stderr == said


def test_settings_are_found_where_jupyterlab_looks(tmp_path: Path) -> None:
    from jupyterlab_server.settings_utils import _get_overrides

    save_settings(tmp_path)
    overrides, error = _get_overrides(str(tmp_path / "share" / "jupyter" / "lab" / "settings"))
    assert not error
    assert overrides == SETTINGS


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_lab_serves_the_copies_and_ends_quietly(clone: Path, tmp_path: Path) -> None:
    port = free_port()
    options = ["--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    variables = {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    process = subprocess.Popen([sys.executable, "-m", "backproplab", "lab", *options], cwd=clone, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables},
                               preexec_fn=listen_to_ctrl_c)
    try:
        address = wait_for(f"http://127.0.0.1:{port}/")
        process.send_signal(signal.SIGINT)
        printed, log = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert address.endswith(f"/lab/tree/{START}")
    assert (clone / "work" / START).is_file()
    assert printed.startswith(f"Copied {START}.\nYour copies are in {clone / 'work'} and are never overwritten")
    assert "Traceback" not in log
    assert process.returncode == 0


def listen_to_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and children inherit that; the tests may run there."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(url: str) -> str:
    """Ask until the server answers; return the address it led to."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return answer.url
        except OSError:
            assert time.monotonic() < deadline, "JupyterLab did not start within a minute."
            time.sleep(0.2)


@needs_make
def test_make_without_a_python_says_what_is_needed(clone: Path) -> None:
    result = run(["make", "install", "PYTHON=no-such-python"], clone)
    assert result.stderr.startswith("backproplab needs Python 3.11 or newer, but no Python was found: ")
    assert not (clone / ".venv").exists()


@needs_make
def test_make_on_a_stripped_python_names_the_package_to_install(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as on Debian without python3-venv')\n")
    result = run(["make", "install", f"PYTHON={sys.executable}"], clone, PYTHONPATH=str(tmp_path))
    version = "python{}.{}-venv".format(*sys.version_info)
    assert "run 'sudo apt-get install python3-venv'" in result.stderr
    assert version in result.stderr
    assert not (clone / ".venv").exists()


@needs_make
def test_make_trusts_a_finished_environment_but_not_a_copied_one(clone: Path) -> None:
    def plan(folder: Path) -> str:
        return run(["make", "--dry-run", "install"], folder).stdout

    assert "Creating .venv" in plan(clone)
    python = clone / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert "Creating .venv" in plan(clone), "an interrupted installation is done again"

    version = run([str(python), "-V"], clone).stdout
    (clone / ".venv" / "installed").write_text(f"{clone.resolve()} {version}")
    assert "Creating .venv" not in plan(clone)
    assert "Installing" not in plan(clone)

    copy = shutil.copytree(clone, clone.with_name("copy"), symlinks=True)
    assert "Creating .venv" in plan(copy)
