"""`python -m backproplab graph` tells a formula's two passes in 80 columns, and refuses in one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backproplab import parse
from backproplab.__main__ import main
from backproplab.terminal import WIDTH, lines

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
LONG = "anextremelylongnameofavariable"


def command(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"} | variables
    run = [sys.executable, "-m", "backproplab", *words]
    return subprocess.run(run, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_the_readme_shows_what_is_printed():
    written = re.search(r"```\n\$ python -m backproplab (.*)\n([^`]*)```", README)
    assert written[1] == 'graph "(4*x+1)^2" x=1'
    assert command("graph", "(4*x+1)^2", "x=1").stdout == written[2]


@pytest.mark.parametrize(
    "text",
    [
        "1/(1+e^(-(w1*x1+w2*x2+b)))", "2+3", "7", "x",
        f"{LONG}*x + sum({LONG}{', x' * 28})", f"{LONG * 4} * x", "+".join(f"x{i}*y{i}" for i in range(60)),
        "u = x*x; v = u*u; tanh(u+v)/1e-7",
    ],
)  # fmt: skip
def test_no_line_is_wider_than_a_terminal_and_the_story_is_all_there(text):
    graph = parse(text)
    told = list(lines(graph))
    assert max(map(len, told)) <= WIDTH
    running = " ".join(" ".join(told).split())
    for i, step in enumerate(graph.steps(), start=1):
        if LONG * 4 not in step.sentence:  # which no line could hold
            assert f" {i} {step.sentence}" in running


def test_the_table_has_what_is_known_after_each_step():
    def table(step: int) -> dict[str, list[str]]:
        told = list(lines(graph, step))[3:]
        return {row.split()[0]: row.split()[1:] for row in told[: told.index("") if "" in told else None]}

    graph = parse("u = x*x; u + 3", x=2.0)
    assert table(0) == {"x": ["2"], "u": ["x·x"], "a": ["u", "+", "3"]}
    assert table(2) == {"x": ["2"], "u": ["4", "x·x"], "a": ["7", "u", "+", "3"]}
    assert table(5)["x"] == ["2", "2"]
    assert table(6) == {"x": ["2", "4"], "u": "4 1 x·x 2 to x, 2 to x".split(), "a": "7 1 u + 3 1 to u".split()}


def test_without_a_variable_it_says_that_nothing_can_move():
    told = list(lines(parse("2+3")))
    assert told[-1] == "There is no variable in it, so nothing can move, and there are no gradients."


@pytest.mark.parametrize(
    "words",
    [
        ["-x^2+y", "x=-3", "y=1/2"],
        ["--svg", "FILE", "-x^2+y", "x=-3", "y=1/2"],
        ["-x^2+y", "x=-3", "--svg", "FILE", "y=1/2"],
        ["-x^2+y", "--theme", "dark", "x=-3", "--svg", "FILE", "y=1/2"],
    ],
)
def test_minus_signs_and_options_stand_anywhere(words, tmp_path, capsys):
    file = tmp_path / "a picture.svg"
    assert main(["graph", *[str(file) if word == "FILE" else word for word in words]]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Graph of −x^2+y at x = −3, y = 0.5: output −8.5\n")
    if "FILE" in words:
        graph = parse("-x^2+y", x=-3.0, y=0.5)
        graph.backward()
        assert file.read_text(encoding="utf-8") == graph.draw(theme="dark" if "dark" in words else "light").svg
        assert told.endswith(f"\n\nThe picture is in {file}.\n")


def test_a_step_is_drawn_as_it_is_told(tmp_path, capsys):
    file = tmp_path / "step.svg"
    assert main(["graph", "(4*x+1)^2", "--step", "5", "--svg", str(file)]) == 0
    assert capsys.readouterr().out.count("Through") == 1
    assert file.read_text(encoding="utf-8") == parse("(4*x+1)^2").draw(step=5).svg


REFUSED = {
    "": "Expected a formula in quotes",
    "5x+": "Found the end at column 4",
    "-x+": "Found the end at column 4",
    "log(x)|x=-1": "log(−1) has no value",
    "x|y=1": "The expression 'x' has no variable 'y'; its variables are: x.",
    "x|5": "Expected a name and its number, such as x=1, after the formula, and found '5'.",
    "x|-x": "Expected a name and its number, such as x=1, after the formula, and found '-x'.",
    "x|x=": "Expected a name and its number",
    "x|x=1|x=2": "'x' has been given two numbers",
    "x|x=2y": "Expected a number for 'x', such as 2.5 or pi/2, and found '2y'.",
    "x|x=1/0": "1 / 0 has no value",
    "x|--step|9": "This graph has 1 step; got step 9, expected 0 to 1.",
    "x|--step|-1": "This graph has 1 step; got step -1",
    "x|--step|two": "Argument --step: expected a whole number, such as 5, and got 'two'; `python -m backproplab",
    "x|--svg|a.png": "A picture is saved as SVG; got 'a.png'",
    "x|--svg|no/such/folder.svg": "The picture cannot be written to no/such/folder.svg: No such file or directory.",
    "x|--theme|pink": "Argument --theme: invalid choice: 'pink'",
    "x|--sgv|a.svg": "Unrecognized arguments: --sgv; `python -m backproplab graph --help`",
    "+".join(f"x^x^{i}" for i in range(450)) + "|--svg|a.svg": "The graph has 1,800 nodes",
}


@pytest.mark.parametrize("words", REFUSED, ids=range(len(REFUSED)))
def test_a_refusal_is_one_sentence_and_nothing_else(words, capsys):
    with pytest.raises(SystemExit) as refused:
        main(["graph", *(words.split("|") if words else [])])
    told = capsys.readouterr()
    assert refused.value.code == 2
    assert told.out == ""
    assert told.err.startswith(REFUSED[words]) and told.err.count("\n") == 1


@given(st.lists(st.text("x1.+-*/^()=; √\n--svgstep", max_size=12), max_size=3))
def test_whatever_is_typed_there_is_no_traceback(words):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "write_text", lambda *_, **__: None)  # whatever name comes after --svg
        try:
            assert main(["graph", *words]) == 0
        except SystemExit as refused:
            assert refused.code in (0, 2)  # 0: asked for help


@pytest.mark.parametrize("words", [[], ["graph"]])
def test_help_fits_a_terminal_and_its_examples_run(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    told = capsys.readouterr().out
    examples = re.findall(r"^  python -m backproplab (.*)", told, re.MULTILINE)
    assert examples and max(map(len, told.splitlines())) <= WIDTH + 2
    for example in examples:
        assert main([quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', example)]) == 0


def test_it_needs_nothing_but_python(tmp_path):
    code = """
import sys
sys.modules.update(dict.fromkeys(["numpy", "matplotlib", "anywidget", "ipywidgets"]))  # importing them now fails
from backproplab.__main__ import main
main(["graph", "(4*x+1)^2", "x=1", "--svg", sys.argv[1]])
"""
    file = tmp_path / "graph.svg"
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert file.read_text(encoding="utf-8").startswith("<svg")


def test_a_terminal_without_signs_of_mathematics_gets_those_one_types():
    told = command("graph", "-x*y", "x=-2", PYTHONIOENCODING="ascii").stdout
    assert "Through a = -x: slope -1, upstream 1, so x gets (-1) * 1 = -1." in told
    assert command("graph", "α", PYTHONIOENCODING="ascii").stdout.startswith("Graph of ? at ? = 1: output 1")


@pytest.mark.skipif(os.name == "nt", reason="Windows closes pipes in its own way")
def test_a_reader_who_has_seen_enough_causes_no_complaint():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        run = [sys.executable, "-m", "backproplab", "graph", "x"]
        done = subprocess.run(run, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
