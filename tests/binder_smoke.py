"""Rebuild what Binder would build, without Docker: a lesson runs in it, and its first explorer answers in a browser.

A clean clone, a fresh environment with the packages of Binder's base image, then nothing but the files in `binder/`.
By hand, and in `make bench`: `python tests/binder_smoke.py`, which also tells what is installed and how long a learner
waits for the first explorer.
"""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

REPOSITORY = Path(__file__).resolve().parents[1]
LESSON = "notebooks/03-chain-rule.ipynb"

# What every image of repo2docker 2026.4.0 holds before our own files are read.
BASE_IMAGE = ["jupyterlab==4.4.9", "notebook==7.4.7", "jupyter_server==2.17.0", "ipykernel==7.0.1", "ipywidgets==8.1.7"]

# The files whose effect is rebuilt here: any other one in binder/ would go unproved.
PROVED = {"requirements.txt", "runtime.txt", "postBuild"}


class NotHere(Exception):
    """This machine lacks what the proof needs: its message says what."""


class Image(NamedTuple):
    """What Binder would have built, with JupyterLab running in it."""

    clone: Path
    environment: dict[str, str]
    address: "Address"
    added: dict[str, float]  # the packages that the base image does not hold, and their megabytes


@contextmanager
def image(repository: Path = REPOSITORY) -> Iterator[Image]:
    """Build from the last commit, and serve it."""
    python = find_python(required_version(repository))
    with temporary_folder() as folder:
        clone = clone_commit(repository, folder / "clone")
        extra = {path.name for path in (clone / "binder").iterdir()} - PROVED
        assert not extra, f"binder/ holds {sorted(extra)}, which this test does not rebuild: teach it to."
        environment, added = build(python, clone, folder)
        with server(clone, environment, folder / "server.log") as address:
            yield Image(clone, environment, address, added)


def required_version(repository: Path) -> str:
    """Return the Python version that binder/runtime.txt asks for, as in "3.11"."""
    return (repository / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")


def find_python(version: str) -> str:
    """Return a Python of this version: the one running, or one that is on the PATH and starts."""
    for python in (sys.executable, shutil.which(f"python{version}")):
        if python is None:
            continue
        found = subprocess.run([python, "-V"], capture_output=True, text=True)
        if found.stdout.startswith(f"Python {version}."):
            return python
    raise NotHere(f"Binder uses Python {version}, and there is none on this machine.")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a new folder, and remove it at the end whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix="binder-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clone_commit(repository: Path, clone: Path) -> Path:
    """Clone the last commit: files that are not committed do not reach Binder either."""
    result = subprocess.run(["git", "clone", "--quiet", repository, clone], capture_output=True, text=True)
    if result.returncode:
        raise NotHere(f"{repository} cannot be cloned: {result.stderr.strip()}")
    return clone


def build(python: str, clone: Path, folder: Path) -> tuple[dict[str, str], dict[str, float]]:
    """Make the environment as Binder does, step by step.

    Return the variables that programs in it run with, and the packages that were added to the base image.
    """
    prefix = folder / "environment"
    check([python, "-m", "venv", prefix], clone, dict(os.environ))
    environment = isolated_variables(prefix, folder)
    base = run(["python", "-m", "pip", "install", "--quiet", *BASE_IMAGE], clone, environment)
    if base.returncode:
        raise NotHere(f"The packages of Binder's base image cannot be had: {base.stderr.strip().splitlines()[-1]}")
    before = packages(clone, environment)
    check(["python", "-m", "pip", "install", "--quiet", "--requirement", "binder/requirements.txt"], clone, environment)
    check(["binder/postBuild"], clone, environment)
    check(["python", "-m", "pip", "check"], clone, environment)
    after = packages(clone, environment)
    return environment, {name: size for name, size in after.items() if name not in before}


SIZES = """
import json, os
from importlib.metadata import distributions
sizes = {}
for each in distributions():
    files = {os.path.realpath(each.locate_file(file)) for file in each.files or ()}
    name = each.metadata["Name"].lower().replace("_", "-")
    sizes[name] = sum(os.path.getsize(file) for file in files if os.path.isfile(file)) / 1e6
print(json.dumps(sizes))
"""


def packages(clone: Path, environment: dict[str, str]) -> dict[str, float]:
    """Return the installed packages, each with the megabytes of all its files."""
    return json.loads(check(["python", "-I", "-c", SIZES], clone, environment))


def isolated_variables(prefix: Path, folder: Path) -> dict[str, str]:
    """Return variables that point into the new environment and hide this user's own Python and Jupyter from it."""
    hidden = ("PYTHON", "JUPYTER", "IPYTHON", "CONDA", "VIRTUAL_ENV", "BACKPROPLAB")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    ours = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "XDG_CACHE_HOME")
    folders = {name: str(folder / name.lower()) for name in ours}
    downloads = {"PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip")}
    return kept | folders | downloads | {"PATH": f"{prefix / 'bin'}:/usr/bin:/bin", "VIRTUAL_ENV": str(prefix)}


def run(command: list, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment and keep what it prints."""
    program = shutil.which(command[0], path=environment["PATH"]) or folder / command[0]
    return subprocess.run([program, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True)


def check(command: list, folder: Path, environment: dict[str, str]) -> str:
    """Run a command that must succeed; return all it printed."""
    result = run(command, folder, environment)
    printed = result.stdout + result.stderr
    assert result.returncode == 0, f"{' '.join(map(str, command))} failed:\n{printed}"
    return printed


@contextmanager
def server(clone: Path, environment: dict[str, str], log: Path) -> Iterator["Address"]:
    """Run JupyterLab on the clone; stop it with all its kernels at the end."""
    address = Address(free_port(), secrets.token_hex(8))
    options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={address.port}",
               "--ServerApp.port_retries=0", f"--IdentityProvider.token={address.token}"]
    python = shutil.which("python", path=environment["PATH"])
    with log.open("w") as output:
        process = subprocess.Popen([python, "-m", "jupyterlab", *options], cwd=clone, env=environment,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until_it_answers(address, process, log)
        yield address
    finally:
        stop_group(process)


class Address:
    """Where the server listens, and the token that opens it."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token

    def request(self, path: str, data: dict | None = None, method: str | None = None) -> bytes:
        """Ask the server's REST interface; return the body of its answer."""
        body = None if data is None else json.dumps(data).encode()
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(address: Address, process: subprocess.Popen, log: Path) -> None:
    """Ask until the server answers: it logs its address before it listens."""
    deadline = time.monotonic() + 60
    while True:
        try:
            address.request("/api/status")
            return
        except OSError:
            alive = process.poll() is None and time.monotonic() < deadline
            assert alive, f"The server did not start:\n{log.read_text()}"
            time.sleep(0.2)


def stop_group(process: subprocess.Popen) -> None:
    """End the server and every kernel it started: they are in one process group of their own."""
    try:
        process.terminate()
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def run_lesson(address: Address, clone: Path, lesson: str, environment: dict[str, str]) -> list[str]:
    """Open the lesson by the server's own interface and run it; return a sentence for each output that differs."""
    assert address.request(f"/lab/tree/{lesson}"), "JupyterLab's page is empty."
    extensions = check(["jupyter", "labextension", "list"], clone, environment)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", extensions)
    assert re.search(r"@jupyter-widgets/jupyterlab-manager .*enabled.*OK", plain), plain

    notebook = json.loads(address.request(f"/api/contents/{lesson}?content=1"))["content"]
    kernel = {"name": notebook["metadata"]["kernelspec"]["name"]}
    session = {"path": lesson, "name": Path(lesson).name, "type": "notebook", "kernel": kernel}
    kernel_id = json.loads(address.request("/api/sessions", session, "POST"))["kernel"]["id"]

    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells, f"{lesson} has no code to run."
    given = run_cells(address, kernel_id, [cell["source"] for cell in cells], environment)
    stored = [text_of(cell["outputs"]) for cell in cells]
    pairs = enumerate(zip(given, stored, strict=True), start=1)
    return [f"Code cell {number} gave {new!r}, and {old!r} is stored." for number, (new, old) in pairs if new != old]


def run_cells(address: Address, kernel_id: str, sources: list[str], environment: dict[str, str]) -> list[str]:
    """Run sources in a kernel over its websocket; return the text each one gave.

    The websocket client comes with the server, so this runs in the server's environment: see `talk_to_kernel`.
    """
    channel = f"ws://127.0.0.1:{address.port}/api/kernels/{kernel_id}/channels?token={address.token}"
    python = shutil.which("python", path=environment["PATH"])
    result = subprocess.run([python, __file__, channel], input=json.dumps(sources), env=environment,
                            capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return [text_of(outputs) for outputs in json.loads(result.stdout)]


def talk_to_kernel(channel: str, sources: list[str]) -> list[list[dict]]:
    """Run sources one after the other; return the outputs of each, in the form in which a notebook stores them."""
    import websocket

    connection = websocket.create_connection(channel, timeout=120)
    outputs = [run_source(connection, source) for source in sources]
    connection.close()
    return outputs


def run_source(connection, source: str) -> list[dict]:
    """Send one source to the kernel and collect its outputs until the kernel is idle again."""
    identity = secrets.token_hex(16)
    header = {"msg_id": identity, "msg_type": "execute_request", "username": "", "session": "smoke", "version": "5.3"}
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    request = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    connection.send(json.dumps(request))
    outputs = []
    while True:
        message = json.loads(connection.recv())
        if message.get("parent_header", {}).get("msg_id") != identity:
            continue
        if message["msg_type"] in ("stream", "execute_result", "display_data", "error"):
            outputs.append({"output_type": message["msg_type"], **message["content"]})
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return outputs


def text_of(outputs: list[dict]) -> str:
    """Return all that outputs say in plain text, one after the other."""
    return "".join(text_of_one(output) for output in outputs)


def text_of_one(output: dict) -> str:
    """Return what one output says in plain text."""
    if output["output_type"] == "stream":
        return "".join(output["text"])
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return "".join(output["data"].get("text/plain", ""))


# ---- in a browser ----


def badge(repository: Path = REPOSITORY) -> str:
    """Return the address on the learner's server that README's badge leads to, as BinderHub takes it from `urlpath`."""
    (link,) = re.findall(r"https://mybinder\.org/v2/[^)\s]+", (repository / "README.md").read_text(encoding="utf-8"))
    (path,) = parse_qs(urlsplit(link).query)["urlpath"]
    return f"/{path}"


def first_explorer(browser, image: Image) -> tuple[float, float]:
    """Follow the badge and press Shift+Enter until the first explorer is there, and Forward in it.

    Return after how many seconds JupyterLab was up (its frame is shown, the splash screen gone), and how many
    seconds later the explorer had answered. In between lie: opening the notebook, the start of its kernel, all cells
    above the explorer, and the explorer itself.
    """
    path = badge(image.clone)
    cells = json.loads((image.clone / path.partition("/tree/")[2]).read_text(encoding="utf-8"))["cells"]
    above = 1 + next(i for i, cell in enumerate(cells) if re.match(r"\w+Explorer\(", "".join(cell["source"])))
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    started = time.perf_counter()
    page.goto(f"http://127.0.0.1:{image.address.port}{path}?token={image.address.token}")
    page.wait_for_selector("#main.jp-LabShell", timeout=90_000)
    page.wait_for_selector("#jupyterlab-splash", state="detached", timeout=90_000)
    up = time.perf_counter()
    page.locator(".jp-Notebook .jp-Cell").first.click()
    active = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    for _ in range(4 * above):  # a page that is not yet at rest may lose a key; one too many scrolls the explorer away
        if int(active.get_attribute("data-windowed-list-index")) < above:
            page.keyboard.press("Shift+Enter")
    explorer = page.locator(".bpl-explorer:has(.bpl-count)").first
    explorer.wait_for(timeout=90_000)
    explorer.get_by_role("button", name="Forward").click()
    page.locator(".bpl-count", has_text="step 1 of").wait_for(timeout=90_000)
    answered = time.perf_counter()
    page.close()
    return up - started, answered - up


def main() -> int:
    """Prove it all, and tell what was measured; return the exit code."""
    from conftest import chromium

    with image() as built:
        for name, size in sorted(built.added.items(), key=lambda it: -it[1]):
            print(f"{name:20} {size:5.1f} MB")
        differences = run_lesson(built.address, built.clone, LESSON, built.environment)
        print("\n".join(differences) or f"{LESSON} gives its stored outputs in Binder's environment.")
        with chromium() as browser:
            for visit in ("first", "second"):
                up, answered = first_explorer(browser, built)
                print(f"{visit} visit: JupyterLab up after {up:.1f} s, its first explorer answers {answered:.1f} s later")
    return bool(differences)


if __name__ == "__main__":
    if len(sys.argv) > 1:  # in the server's environment, started by run_cells
        json.dump(talk_to_kernel(sys.argv[1], json.load(sys.stdin)), sys.stdout)
    else:
        sys.exit(main())
