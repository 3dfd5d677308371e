"""The commands of `python -m backproplab`: `graph` tells the two passes of a formula, `lab` opens the course, `slides`
makes lectures of its notebooks, `site` web pages, `progress` tells what a class has done, `refresh` renews stored outputs.

A command that cannot do what it was asked says so in one sentence, and its exit code is 2.
"""

import argparse
import codecs
import json
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from .expression import SIGNS, parse
from .graph import Graph
from .terminal import lines

CLONE = Path(__file__).resolve().parents[1]
START = "00-start-here.ipynb"

# How a notebook looks while JupyterLab shows it as slides (jupyterlab-slideshow): to be read in the last row, from the
# top of the page. What is too high for it is scrolled inside its cell, with the buttons and the sentence in view: the
# page itself must not move, or a click would miss what it was meant for. (CSS, as jupyterlab-fonts reads it.)
STICKY = {"position": "sticky", "z-index": "1", "background": "var(--bpl-page)"}
PICTURE = ":is(.jp-RenderedSVG svg, .jp-RenderedHTML img)"
SLIDES = {
    "--jp-content-font-size1": "22px",
    "--jp-code-font-size": "18px",
    "& .jp-RenderedHTMLCommon table": {"font-size": "20px"},
    "& .jp-Deck.jp-NotebookPanel": {"place-content": "start"},
    "& .jp-Deck .jp-WindowedPanel-viewport": {
        "display": "flex", "flex-direction": "column", "max-height": "calc(100vh - 20px)",
    },
    "& .jp-Deck .jp-Cell.jp-deck-mod-onscreen": {"flex": "none"},
    "& .jp-Deck .jp-Cell.jp-deck-mod-onscreen:not(.jp-deck-mod-visible)": {"display": "none"},
    "& .jp-Deck .jp-CodeCell.jp-deck-mod-onscreen:has(.bpl-picture, .jp-RenderedSVG, img)": {
        "flex": "0 1 auto", "min-height": "45vh", "overflow-y": "auto",
    },
    "& .jp-CodeCell:has(.bpl-picture) :is(.jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output)": {
        "overflow": "visible",
    },
    "& .jp-Collapser": {"visibility": "hidden"},
    f"& {PICTURE}, & .bpl-explorer": {"zoom": "1.3"},
    f"& {PICTURE}": {"max-height": "54vh", "width": "auto"},
    f"& .jp-MarkdownCell.jp-deck-mod-onscreen ~ .jp-CodeCell {PICTURE}": {"max-height": "42vh"},
    "& .bpl-explorer": {"max-width": "none"},
    "& .bpl-side": {"flex-basis": "300px"},
    "& .bpl-formula, & .bpl-facts, & .bpl-button[title^='Save the picture']": {"display": "none"},
    "& .bpl-group:has(+ .bpl-sentence)": {**STICKY, "top": "0"},
    "& .bpl-picture + .bpl-sentence": {**STICKY, "bottom": "0"},
}  # fmt: skip

# JupyterLab's toast about news would cover the first page, and a lesson saved without its widgets' state
# would be a page of "model not found" when it is opened again. A clicker turns slides by PageDown and PageUp.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    "@deathbeds/jupyterlab-fonts:fonts": {"styles": {"body[data-jp-deck-mode='presenting']": SLIDES}},
    "@jupyterlab/shortcuts-extension:shortcuts": {
        "shortcuts": [
            {
                "command": "deck:go",
                "args": {"direction": first, "alternate": second},
                "keys": [key],
                "selector": ".jp-Deck .jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus",
            }
            for key, first, second in (("PageDown", "down", "forward"), ("PageUp", "up", "back"))
        ]
    },
}


DESCRIPTION = """\
backproplab: understand backpropagation by watching it.

Start with a formula. Its graph is computed forward, then every gradient
backward, one number at a time:

  python -m backproplab graph "(4*x+1)^2" x=1
"""

GRAPH = """\
Compute a formula forward, then all of its gradients backward, one number at a
time, and tell every step.

  python -m backproplab graph "(4*x+1)^2" x=1
      the derivative of (4x+1)^2 at x = 1 is the gradient of x, at the end: 40
  python -m backproplab graph "w*x + b" w=0.5 x=3 b=-1
      three variables, three gradients, one backward pass
  python -m backproplab graph "u = x*x; u + u*u" x=2
      u is one node, used three times: its gradients add up
  python -m backproplab graph "sigmoid(x)" x=-pi/2 --svg sigmoid.svg
      the same as a picture, for a browser or a slide
  python -m backproplab graph "(4*x+1)^2" x=1 --step 5 --svg dark.svg --theme dark
      what is known after step 5

Write + - * / ^ and brackets, pi and e, and functions such as exp, tanh, relu.
Quote the formula, or your shell will read its brackets and stars. A variable
without a number is 1.
"""


PROGRESS = """\
What a class has done, from the files that its learners have saved by
progress().download() and handed in.

  python -m backproplab progress handed-in
      all files in this folder and the folders in it: who has done what, where
      people are stopped, and what they predicted before they saw it
  python -m backproplab progress handed-in --csv class.csv
      the same with a row for each learner and exercise, for a spreadsheet

A learner is called as the file is, or as the folder that it is in. A file
that is none of ours is named and left out.
"""


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, and says where there is help."""

    def error(self, message: str) -> None:
        self.exit(2, f"{message[0].upper()}{message[1:]}; `{self.prog} --help` shows what can be written.\n")


def main(argv: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser, commands = _parsers()
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["graph"]:
        words = [_typed(word) for word in words]
    arguments, others = parser.parse_known_args(words)
    if arguments.command == "lab":
        return lab(others)
    if arguments.command == "graph":  # a formula and its values may stand on both sides of an option
        arguments.words += others
        others = [word for word in arguments.words if word.startswith("--")]
    if others:
        commands[arguments.command].error(f"unrecognized arguments: {' '.join(others)}")
    if arguments.command == "graph":
        return graph(commands["graph"], arguments)
    if arguments.command in ("slides", "site"):
        return publish(commands[arguments.command], arguments)
    if arguments.command == "progress":
        return progress(commands["progress"], arguments)
    return refresh(commands["refresh"], arguments)


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser of all arguments, and that of each command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="python -m backproplab", description=DESCRIPTION, formatter_class=as_written)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    graph = commands.add_parser(
        "graph", help="tell both passes of a formula, number by number", description=GRAPH, formatter_class=as_written,
        usage='%(prog)s "FORMULA" [NAME=NUMBER ...] [options]',
    )  # fmt: skip
    graph.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    graph.add_argument("--svg", metavar="FILE", help="save the graph as a picture, too; the name ends in .svg")
    graph.add_argument("--step", metavar="N", type=_whole, help="stop after N steps of the two passes (default: all)")
    graph.add_argument("--theme", choices=["light", "dark"], default="light", help="of the picture (default: light)")
    commands.add_parser("lab", add_help=False, help="open your copies of the notebooks in JupyterLab; takes its options")
    slides = commands.add_parser("slides", help="make a deck of slides, a single file, from each notebook")
    site = commands.add_parser("site", help="make web pages of the notebooks, with their slides and a gallery")
    for made in (slides, site):
        place = f"build/{made.prog.split()[-1]}"
        made.add_argument("notebooks", nargs="*", default=["notebooks"], help="files or folders (default: notebooks)")
        made.add_argument("--out", metavar="FOLDER", default=place, help=f"where to (default: {place})")
    progress = commands.add_parser(
        "progress", help="tell what a class has done, from the files that it handed in", description=PROGRESS,
        formatter_class=as_written,
    )  # fmt: skip
    progress.add_argument("files", nargs="+", metavar="FILE_OR_FOLDER", help="files that learners handed in")
    progress.add_argument("--csv", metavar="FILE", help="save it for a spreadsheet, too")
    refresh = commands.add_parser("refresh", help="run notebooks and store their outputs")
    refresh.add_argument("notebooks", nargs="*", default=["notebooks"], help="files or folders (default: notebooks)")
    return parser, commands.choices


# ---- graph ----------------------------------------------------------------------------------------

def _typed(word: str) -> str:
    """A word in which argparse does not take the minus of -x^2 for an option's: nobody can type a zero byte."""
    return f"\0{word}" if word[:1] == "-" and word[:2] != "--" and word != "-h" else word


def _whole(text: str) -> int:
    try:
        return int(text.removeprefix("\0"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, such as 5, and got {text!r}") from None


def graph(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Print the graph of a formula and both of its passes, and save its picture if a name for it is given."""
    if not arguments.words:
        parser.error('expected a formula in quotes, such as "(4*x+1)^2", and got none')
    formula, *given = [word.removeprefix("\0") for word in arguments.words]
    try:
        graph = parse(formula, **values(given))
        told = list(lines(graph, arguments.step))
        saved = save(graph, arguments) if arguments.svg is not None else []
    except (ValueError, OSError) as error:
        parser.exit(2, f"{error}\n")
    print_plainly(*told, *saved)
    return 0


def values(words: list[str]) -> dict[str, float]:
    """The values of variables, from words such as `x=-1.5` and `y=pi/2`.

    >>> values(["x=-1.5", "y=1/4"])
    {'x': -1.5, 'y': 0.25}
    """
    found: dict[str, float] = {}
    for word in words:
        name, equals, text = (part.strip() for part in word.partition("="))
        if not (equals and name.isidentifier() and text):
            raise ValueError(f"Expected a name and its number, such as x=1, after the formula, and found {word!r}.")
        if name in found:
            raise ValueError(f"{name!r} has been given two numbers: leave one of them out.")
        number = parse(text)
        if number.leaves:
            raise ValueError(f"Expected a number for {name!r}, such as 2.5 or pi/2, and found {text!r}.")
        found[name] = number.output.data
    return found


def save(graph: Graph, arguments: argparse.Namespace) -> list[str]:
    """Draw the graph into a file; return what there is to say about it."""
    if arguments.step is None:
        graph.backward()
    try:
        graph.draw(step=arguments.step, theme=arguments.theme).save(arguments.svg)
    except OSError as error:
        raise OSError(f"The picture cannot be written to {arguments.svg}: {error.strerror}.") from None
    return ["", f"The picture is in {arguments.svg}."]


def print_plainly(*lines: str) -> None:
    """Print to any terminal or pipe: one that has no signs of mathematics gets those that one types."""
    if sys.stdout is None:  # nobody listens
        return
    codecs.register_error("typed", lambda error: (SIGNS.get(error.object[error.start], "?"), error.start + 1))
    sys.stdout.reconfigure(errors="typed")
    print(*lines, sep="\n", flush=True)


# ---- notebooks: slides, site and refresh ----------------------------------------------------------


def publish(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Make the decks or the web pages of some notebooks, and say where they are."""
    from backproplab.publish import build, missing
    from backproplab.publish.site import site

    if packages := missing():
        names = ", ".join(packages)
        parser.exit(2, f'This needs {names}: install them with pip install "backproplab[slides]", then try again.\n')
    paths = found(parser, arguments.notebooks)
    names = {path.stem: path for path in reversed(paths)}
    if alike := [path for path in paths if names[path.stem] != path]:
        parser.exit(2, f"{names[alike[0].stem]} and {alike[0]} would become the same page: rename one of them.\n")
    folder = Path(arguments.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before the notebooks are run, which takes a while
        build(paths, folder) if arguments.command == "slides" else site(paths, CLONE / "README.md", folder)
    except BrokenPipeError:
        raise
    except OSError as error:
        parser.exit(2, f"Nothing can be written to {folder}: {error.strerror}.\n")
    except ValueError as error:
        parser.exit(2, f"{error}\n")
    print_plainly(f"Open {folder / 'index.html'} in a browser.")
    return 0


def refresh(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Run some notebooks and store their outputs."""
    from backproplab.course.refresh import main as refresh_notebooks

    try:
        refresh_notebooks(found(parser, arguments.notebooks))
    except ValueError as error:
        parser.exit(2, f"{error}\n")
    return 0


def found(parser: argparse.ArgumentParser, names: list[str]) -> list[Path]:
    """The notebooks with these names, or in folders with these names, each once."""
    paths = [path for it in names for path in (sorted(Path(it).glob("*.ipynb")) if os.path.isdir(it) else [Path(it)])]
    lost = [name for name in names if not os.path.exists(name)] or [str(path) for path in paths if not path.is_file()]
    if lost or not paths:
        parser.exit(2, f"There is no notebook {', '.join(it or repr(it) for it in lost or names)}: give files or folders that exist.\n")
    return list(dict.fromkeys(paths))


# ---- progress -------------------------------------------------------------------------------------


def progress(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Print what the learners have done whose files are given, and save it as a table if a name for it is given."""
    from backproplab.course.collect import collect, lines, save

    if arguments.csv is not None and not arguments.csv.endswith(".csv"):  # it might be a learner's file
        parser.exit(2, f"The table is saved as CSV; got {arguments.csv!r}, expected a name that ends in .csv.\n")
    handed_in, left_out = collect([Path(name) for name in arguments.files])
    if not handed_in:
        parser.exit(2, "\n".join([*left_out, "There is nothing to tell: give files that were made by progress().download().\n"]))
    if arguments.csv:
        try:
            save(handed_in, Path(arguments.csv))
        except OSError as error:
            parser.exit(2, f"The table cannot be written to {arguments.csv}: {error.strerror}.\n")
        left_out.append(f"The table is in {arguments.csv}.")
    print_plainly(*lines(handed_in), *([""] if left_out else []), *left_out)
    return 0


# ---- lab ------------------------------------------------------------------------------------------


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


def in_a_shell() -> int:
    """The exit code of a command whose output goes to a pipe that may be closed, or a disk that may be full."""
    try:
        return main()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes there when Python ends
        if isinstance(error, BrokenPipeError):  # whoever reads has seen enough, as `head` has
            return 0
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(in_a_shell())
