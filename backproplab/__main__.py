"""The commands: `python -m backproplab lab` opens the course, `python -m backproplab refresh` renews stored outputs."""

import argparse
import json
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]
START = "00-start-here.ipynb"

# JupyterLab's toast about news would cover the first page, and a lesson saved without its widgets' state
# would be a page of "model not found" when it is opened again.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m backproplab", description="Open the course, or renew its notebooks.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lab", add_help=False, help="open your copies of the notebooks in JupyterLab; takes its options")
    refresh = commands.add_parser("refresh", help="run notebooks and store their outputs")
    refresh.add_argument("notebooks", nargs="*", default=["notebooks"], help="files or folders (default: notebooks)")
    arguments, others = parser.parse_known_args(argv)
    if arguments.command == "lab":
        return lab(others)
    if others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    from backproplab.course.refresh import main as refresh_notebooks
    return refresh_notebooks(arguments.notebooks) or 0


def lab(options: list[str], clone: Path = CLONE) -> int:
    """Copy the notebooks that the learner does not have yet, and open JupyterLab on the copies."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        sys.exit('JupyterLab is not installed: install it with pip install "backproplab[lab]", then try again.')
    work = clone / "work"
    copied = copy_new(find_notebooks(clone), work)
    if copied:
        print(f"Copied {', '.join(copied)}.")
    print(f"Your copies are in {work} and are never overwritten; delete one to start it afresh.", flush=True)
    save_settings()
    ours = [f"--ServerApp.root_dir={work}", f"--LabApp.default_url=/lab/tree/{START}"]
    if hasattr(os, "getuid") and os.getuid() == 0 and "--allow-root" not in options:
        ours.append("--allow-root")  # in a container everybody is root, and Jupyter would refuse to start
    with suppress(KeyboardInterrupt):
        LabApp.launch_instance(ours + options)
    return 0


def find_notebooks(clone: Path) -> Path:
    """Return the folder of the course's notebooks, which come with a clone and not with the installed package."""
    notebooks = clone / "notebooks"
    if not notebooks.is_dir():
        sys.exit(f"There is no folder {notebooks}: the notebooks come with a clone of the repository, so run `make lab` there.")
    return notebooks


def copy_new(notebooks: Path, work: Path) -> list[str]:
    """Copy each notebook that `work` lacks, never touching one that is there; return the names copied."""
    work.mkdir(exist_ok=True)
    new = [source for source in sorted(notebooks.glob("*.ipynb")) if not (work / source.name).exists()]
    for source in new:
        shutil.copyfile(source, work / source.name)
    return [source.name for source in new]


def save_settings(prefix: Path = Path(sys.prefix)) -> None:
    """Make SETTINGS the defaults of the JupyterLab in this environment; what a learner chooses in its menus still wins."""
    folder = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.d"
    with suppress(PermissionError):  # an environment that others share keeps its own defaults
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "backproplab.json").write_text(json.dumps(SETTINGS, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
