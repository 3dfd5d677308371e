"""Exercises: not tried yet, right, or which mistake this is; and never a traceback."""

from __future__ import annotations

import base64
import inspect
import math
import re
import signal
import sys
from threading import Timer

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from backproplab import Tensor, Value
from backproplab.course import TODO, check, exercise, hint, predict, progress, reveal, running, solution
from backproplab.course.catalogue import EXERCISES
from backproplab.course.exercises import Exercise
from backproplab.course.progress import FILE, PROGRESS

NAMES = list(EXERCISES)


@pytest.mark.parametrize("name", NAMES)
def test_the_right_answer_is_right(name):
    right = EXERCISES[name].right
    for ask in (check, predict):
        assert ask(name, right).verdict == "right"
    assert EXERCISES[name].because in check(name, right).words


@pytest.mark.parametrize("name", NAMES)
def test_each_mistake_has_a_message_of_its_own(name):
    mistakes = dict(EXERCISES[name].mistakes)
    assert len(set(mistakes.values())) == len(mistakes)
    for wrong, shows in mistakes.items():
        feedback = check(name, wrong)
        assert (feedback.verdict, feedback.words) == ("wrong", shows)
        assert predict(name, wrong).verdict == "wrong"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stub", [TODO, None, ..., (TODO, 1.0)], ids=repr)
def test_a_stub_is_not_tried_yet_and_reveals_nothing(name, stub):
    answer = (lambda *inputs: stub) if EXERCISES[name].inputs else stub
    assert check(name, answer).words.startswith("Not tried yet")
    assert predict(name, answer).words.startswith("No prediction yet")


def raising(*inputs):
    raise RuntimeError("oh")


class Awkward:
    def __repr__(self):
        raise RuntimeError("no")

    __float__ = __neg__ = __repr__


ENDLESS: list = []
ENDLESS.append(ENDLESS)
STRANGE = {
    "huge": 10**400, "returns huge": lambda *inputs: 10**400, "exits": lambda *inputs: sys.exit(3),
    "awkward": Awkward(), "returns awkward": lambda *inputs: Awkward(), "bools": (True, True, True),
    "text": "nonsense", "number": -12345.678, "nan": math.nan, "inf": math.inf, "bool": True, "complex": 1j,
    "list": [], "endless list": ENDLESS, "dict": {}, "class": Awkward, "long": list(range(10**5)), "method": "text".index, "mixed": (1, "two", 3), "object": object(), "bytes": b"x", "raises": raising,
    "no inputs": lambda: 3, "returns text": lambda *inputs: "text", "returns nan": lambda *inputs: math.nan,
    "returns itself": lambda *inputs: ENDLESS, "returns a generator": lambda *inputs: (each for each in inputs),
    "returns a list": lambda *inputs: [inputs] * 3,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
def test_whatever_is_answered_is_answered_in_words(name, answer):
    feedback = check(name, answer)
    assert feedback.verdict in ("wrong", "unclear")
    assert feedback.words.strip() and "Traceback" not in repr(feedback)


def test_an_answer_of_another_kind_reveals_nothing():
    for ask in (check, predict):
        assert repr(ask("01.slope-of-3xx-4x", "sixteen")) == "? Expected a number; got 'sixteen'."
        assert repr(ask("00.knob", 1)) == "? Expected a word in quotes; got 1."


@pytest.mark.parametrize("typed", ["16", " 16.0", "−1/2", "2 + 3*4", "2**3 * log(2)"])
def test_a_number_in_quotes_is_told_to_leave_them_out(typed):
    assert repr(check("01.slope-of-3xx-4x", typed)) == f"? Expected a number; got {typed!r}. Leave out the quotes."


@pytest.mark.parametrize("typed", ["6x+4", "x", "2^4", "'16'", "f'{16}'", ""])
def test_a_text_that_python_would_not_compute_to_this_number_keeps_its_quotes(typed):
    assert repr(check("01.slope-of-3xx-4x", typed)) == f"? Expected a number; got {typed!r}."


@pytest.mark.parametrize(("name", "answer", "advice"), [
    ("01.slope-of-3xx-4x", [16], "Leave out the brackets."),
    ("01.slope-of-3xx-4x", (16,), "Leave out the comma."),
    ("03.four-links", (0.5, 625), "got (0.5, 625)."),
    ("03.choose", ["backward"], "Leave out the brackets."),
    ("01.sum", "(1, 1)", "Leave out the quotes."),
    ("01.sum", "1, 1", "Leave out the quotes."),
    ("01.sum", "one", "got 'one'."),
])  # fmt: skip
def test_what_is_too_much_in_an_answer_is_said(name, answer, advice):
    feedback = check(name, answer)
    assert feedback.verdict == "unclear" and feedback.words.endswith(advice)


def test_what_print_gives_back_is_told_to_be_nothing():
    assert check("01.corner-slope", None).words.startswith("Not tried yet: your answer is None")
    assert "None" not in check("01.corner-slope", TODO).words


def test_a_word_is_the_same_in_capitals_and_with_other_spaces():
    assert check("03.which-way", " DD / dc ").verdict == "right"
    assert check("02.not-a-leaf", "−x").words == check("02.not-a-leaf", "-x").words == EXERCISES["02.not-a-leaf"].mistakes["-x"]


def test_a_prediction_that_nobody_foresaw_is_told_the_answer_once():
    assert repr(predict("01.corner", 1000)) == f"✗ You predicted 1000. It is 20: {EXERCISES['01.corner'].because}"


@pytest.mark.parametrize("typed", [(38, 910), (0, 25), "38,910", "−0,25"], ids=str)
def test_a_comma_in_a_number_is_named(typed):
    comma = "Leave out the quotes, and the comma" if isinstance(typed, str) else "The comma has made several numbers of it"
    words = f"Expected a number; got {typed!r}. {comma}: write 1000 for a thousand, and 0.5 for a half."
    assert check("12.parameters", typed).words == words


def test_a_word_without_its_quotes_may_be_a_function():
    def D():
        pass

    assert repr(predict("12.right-one", D)) == "? Expected a word in quotes; got D, which is of type function."
    assert repr(check("12.tell", True)) == "? Expected a word in quotes; got True, which is of type bool."
    assert repr(check("12.tell", object())) == "? Expected a word in quotes; got something of type object."


def test_a_sign_error_is_named():
    name = next(name for name, asked in EXERCISES.items() if asked.right == 16)
    assert check(name, -16).words == "The size is right, the sign is not."


def test_feedback_carries_a_sign_and_not_only_a_colour():
    feedback = check("01.slope-of-3xx-4x", 16)
    assert repr(feedback).startswith("✓ Right.")
    assert "✓ Right." in feedback._repr_html_()


CALLS = {"check": lambda name: check(name, 1), "predict": lambda name: predict(name, 1), "reveal": lambda name: reveal(name, list)}


@pytest.mark.parametrize("call", [*CALLS.values(), hint, solution], ids=[*CALLS, "hint", "solution"])
def test_an_exercise_that_does_not_exist_is_said_in_words(call):
    assert repr(call("01.slope-of-3xx-4y")) == "? There is no exercise called '01.slope-of-3xx-4y'; did you mean '01.slope-of-3xx-4x'?"
    assert call(["not", "even", "a name"]).verdict == "unclear"
    assert "those of this notebook are 01.corner, " in call("01.????????").words


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A folder of a learner who has just begun."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(PROGRESS)
    return tmp_path


def row(notebook: str) -> str:
    return next((line for line in str(progress()).splitlines() if line.startswith(f"  {notebook}:")), "")


def right(overview: object) -> int:
    """How many are right, as an overview says."""
    return int(re.match("Exercises and predictions right so far: (.*)", str(overview))[1])


def test_progress_counts_tries_until_an_answer_is_right(fresh):
    asked = sum(name.startswith("03.") for name in NAMES)
    assert str(progress()) == "Exercises and predictions right so far: 0"
    check("03.forty", TODO)
    check("03.forty", "no number")
    assert not (fresh / FILE).exists()
    check("03.forty", 10)
    assert row("03") == f"  03: 0 of {asked} right, after 1 try"
    predict("03.forty", 40)
    check("03.forty", 25)  # trying what a wrong answer says takes nothing away
    assert row("03") == f"  03: 1 of {asked} right, after 2 tries"
    assert right(progress()) == 1
    assert [path.name for path in fresh.iterdir()] == [FILE]


def test_progress_survives_a_move_to_another_machine(fresh):
    check("03.forty", 40)
    check("01.slope-of-3xx-4x", 20)
    saved = progress().download()
    assert str(saved) == f"{FILE}: 2 exercises"
    (fresh / "saved.json").write_text(saved.text)
    progress().reset()
    assert right(progress()) == 0
    check("01.slope-of-3xx-4x", 16)
    restored = progress().restore("saved.json")
    assert str(restored) == str(progress()) and right(restored) == 2
    progress().reset("03")
    assert right(progress()) == 1


def test_the_link_to_the_progress_holds_it(fresh):
    check("03.forty", 40)
    saved = progress().download()
    link = re.search('download="(.*?)" href="data:application/json;base64,(.*?)"', saved._repr_html_())
    assert link[1] == FILE and base64.b64decode(link[2]).decode() == saved.text


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"exercises": 3}', '{"exercises": {"03.forty": {}}}', "\0"])
def test_a_damaged_file_is_said_in_words_and_stops_nobody(fresh, damage):
    (fresh / FILE).write_text(damage)
    assert right(progress()) == 0
    with pytest.raises(ValueError, match="holds no progress of this course"):
        progress().restore(FILE)
    check("03.forty", 40)
    assert right(progress()) == 1


def test_a_missing_file_is_said_in_words(fresh):
    with pytest.raises(ValueError, match="There is no file 'saved.json' here: upload it"):
        progress().restore("saved.json")


def test_where_nothing_can_be_written_answers_come_all_the_same(fresh, monkeypatch):
    monkeypatch.setenv(PROGRESS, str(fresh / "no such folder" / "progress.json"))
    assert check("03.forty", 40).verdict == "right"
    assert right(progress()) == 1  # as long as this kernel lives
    assert not (fresh / "no such folder").exists()


# ---- code of a learner's, which may do anything --------------------------------------------------


def total(numbers):
    result = 0
    for number in numbers:
        result += number  # noqa: F823 (just this is tried)
    return result


def endless(numbers):
    while True:
        print("round and round")


def endless_and_deaf(numbers):
    while True:
        try:
            print(len(numbers))
        except BaseException:
            pass


def without_a_base(numbers):
    return without_a_base(numbers)


def leaving(numbers):
    sys.exit(3)


def printing(numbers):
    print(total(numbers))


def looking(numbers):
    print("seen", numbers)
    return 3


def sorting(numbers):
    numbers.sort(reverse=True)
    return total(numbers)


def overwriting(numbers):
    numbers[0] = total(numbers)
    return numbers[0]


def setting_an_outer_name(numbers):
    result = 0

    def add(number):
        result += number  # noqa: F823 (just this is tried)
        return result

    for number in numbers:
        add(number)
    return result


def returning_a_change(numbers):
    return list(numbers).sort()


def open_ended(numbers):
    return 1 + TODO


def open_loop(numbers):
    for _ in TODO:
        pass


def stepping(weights, gradients):
    for i, gradient in enumerate(gradients):
        weights[i] -= 0.5 * gradient


def in_place(step, weights, gradients):
    step(weights, gradients)
    return weights


SUM = Exercise(
    total, "All of them.", [(lambda numbers: numbers[0], "Only the first.")],
    hints=("Begin with 0.", "Go through the list.", "result += number"), inputs=[([1.0, 2.0],), ([3.0, 5.0, 4.0],)],
)  # fmt: skip
STEP = Exercise(stepping, "Downhill.", [], inputs=[([1.0, 2.0], [4.0, -2.0])], use=in_place)

SAID = {
    total: "✓ Right. All of them.",
    endless: "✗ With numbers = [1, 2]: your code does not come to an end, and was stopped. Is there a loop whose condition "
    "stays true? (It printed: round and round",
    endless_and_deaf: "✗ With numbers = [1, 2]: your code does not come to an end, and was stopped. ",
    without_a_base: "✗ With numbers = [1, 2]: your code calls itself without end. Which call should answer without calling again?",
    leaving: "✗ With numbers = [1, 2]: your code ends Python: write return instead of exit().",
    printing: "✗ Your function returns nothing, it only prints. Write return in place of print. (It printed: 3.0)",
    looking: "✗ With numbers = [3, 5, 4] it gives 3; expected 12. (It printed: seen [1.0, 2.0])",
    sorting: "✗ With numbers = [1, 2] the result is right, but your function has changed what it was given",
    overwriting: "✗ With numbers = [1, 2] the result is right, but your function has changed what it was given",
    returning_a_change: "○ Not tried yet: your function returns nothing yet: its last line is return, followed by the result. "
    "(reverse, sort and append change a list",
    open_ended: "○ Not tried yet: put your answer in place of TODO",
    open_loop: "○ Not tried yet: put your answer in place of TODO",
    math.fsum: "✓ Right.",
    len: "✗ With numbers = [1, 2] it gives 2; expected 3.",
    iter: "✗ With numbers = [1, 2] it gives something of type list_iterator; expected 3.",
    math.hypot: "✗ With numbers = [1, 2]: your code stopped with TypeError: must be real number, not list.",
    math.gcd: "✗ With numbers = [1, 2]: your code stopped with TypeError: 'list' object cannot be interpreted as an integer.",
    divmod: "? Your function is called with 1 input (numbers); it is not made for that.",
    total([3.0]): "? 3 is no function: define one with def and pass its name, without brackets.",
}


@pytest.fixture
def catalogue(monkeypatch):
    monkeypatch.setitem(EXERCISES, "03.sum", SUM)
    monkeypatch.setitem(EXERCISES, "03.step", STEP)
    monkeypatch.setattr(running, "SECONDS", 0.3)


SHAPES = Exercise(lambda a: a.T, "Turned.", inputs=[(np.arange(6.0).reshape(2, 3),), (np.zeros((20, 30)),)])
PARTS = Exercise(lambda x: {"first": x, "second": [x, x]}, "Both.", inputs=[(3.0,)])
GIVEN = {
    "✗ With a of shape (2, 3) the result has shape (2, 3); expected (3, 2).": (SHAPES, lambda a: a),
    "✗ With a = [[0, 1, 2], [3, 4, 5]] it gives [[1, 4], [2, 5], [3, 6]]; expected [[0, 3], [1, 4], [2, 5]].": (SHAPES, lambda a: a.T + 1),
    "✗ With a of shape (2, 3): your code stopped with ValueError: ": (SHAPES, lambda a: a @ a),
    "✗ With a of shape (20, 30) it gives ": (SHAPES, lambda a: a.T + (len(a) > 2)),
    "✗ With x = 3 second is [3, 0]; expected [3, 3].": (PARTS, lambda x: {"first": x, "second": [x, -0.0]}),
}


@pytest.mark.parametrize("said", GIVEN)
def test_of_what_is_large_only_what_differs_is_said(monkeypatch, said):
    asked, function = GIVEN[said]
    monkeypatch.setitem(EXERCISES, "03.given", asked)
    assert repr(check("03.given", function)).startswith(said)


@pytest.mark.parametrize("function", SAID, ids=lambda function: getattr(function, "__name__", "number"))
def test_what_a_function_does_is_said(catalogue, function, capsys):
    assert repr(check("03.sum", function)).startswith(SAID[function])
    assert SUM.inputs[0] == ([1.0, 2.0],), "functions are tried on copies"
    assert capsys.readouterr() == ("", "")


def test_a_name_that_is_set_inside_a_function_is_explained(catalogue):
    words = check("03.sum", setting_an_outer_name).words  # Python's own sentence differs from version to version
    assert "UnboundLocalError" in words and "A function that sets a name with = or += has a name of its own" in words


def test_of_what_an_endless_loop_prints_only_the_beginning_is_kept(catalogue):
    screen = running._Screen()
    for _ in range(10_000):
        screen.write("round and round ")
    assert len(screen.kept) < 500 and screen.text().endswith("…")


def test_what_changes_its_inputs_on_purpose_is_compared_by_them(catalogue):
    assert check("03.step", stepping).verdict == "right"
    assert check("03.step", lambda weights, gradients: None).words.startswith("With weights = [1, 2], gradients = [4, -2] it gives [1, 2]")
    assert check("03.step", lambda weights: None).words.startswith("With weights = [1, 2], gradients = [4, -2]: your code stopped with TypeError")


def test_a_misconception_is_told_and_what_is_not_known_ends_with_the_hints(catalogue):
    assert repr(check("03.sum", lambda numbers: numbers[0])) == "✗ Only the first."
    for answer in (lambda numbers: 3.0, endless, TODO, lambda numbers: TODO, lambda numbers: None):
        assert check("03.sum", answer).words.endswith(' Stuck? hint("03.sum")')
    assert "hint" not in check("03.sum", total).words


def test_what_the_learner_interrupts_is_stopped(catalogue, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 60.0)
    Timer(0.2, signal.raise_signal, (signal.SIGINT,)).start()
    assert "was stopped" in check("03.sum", endless).words


@pytest.mark.parametrize(
    ("right", "answer", "verdict"),
    [
        (np.array([[1.0, 2.0]]), [[1, 2]], "right"), ([[1.0, 2.0]], np.array([[1.0, 2.0]]), "right"),
        ((1.0, 2.0), Tensor([1.0, 2.0]), "right"), (2.0, Value(2.0), "right"), ((1, 2), (Value(1.0), np.float64(2)), "right"),
        (np.array([1.0, 2.0]), np.array([[1.0], [2.0]]), "unclear"), ([[1, 2], [3, 4]], [[1, 2], [4, 3]], "wrong"),
        ({"w": 2, "b": 1}, {"b": 1.0, "w": 2.0}, "right"), ({"w": 2, "b": 1}, {"w": 1, "b": 2}, "wrong"), ({"w": 2}, {"v": 2}, "unclear"),
        (True, np.True_, "right"), (True, False, "wrong"), (True, 1, "unclear"), (1, True, "unclear"), (math.nan, math.nan, "right"),
        (("y", "m"), ("Y", "m"), "right"), (("y", "m"), ("m", "y"), "wrong"), (("y", "m"), "ym", "unclear"),
        ("b", "b)", "right"), ("b", "(b)", "right"), ("b", "a)", "wrong"), ("relu(x)", "relu(x)", "right"), ("(x)", "x", "wrong"),
    ],
)  # fmt: skip
def test_kinds_of_answers(right, answer, verdict):
    assert Exercise(right, "Yes.").diagnose(answer).verdict == verdict
    returned = Exercise(lambda: right, "Yes.", [], inputs=[()]).diagnose(lambda: answer)
    assert returned.verdict == ("right" if verdict == "right" else "wrong")


# ---- @exercise: a learner's own if it is right, ours otherwise -----------------------------------


def defined(source: str, name: str = "total"):
    """What a cell's namespace holds under a name after it was run."""
    cell = {"exercise": exercise, "TODO": TODO, "Value": Value}
    exec(source, cell)
    return cell[name]


def test_a_decorated_function_is_ones_own_if_it_is_right(catalogue, capsys):
    mine = defined("@exercise('03.sum')\ndef total(numbers):\n    return sum(numbers)")
    assert mine is not total and mine.__name__ == "total" and mine([1, 2]) == 3
    assert capsys.readouterr().out == "✓ Right. All of them.\n"


@pytest.mark.parametrize("body", ["return TODO", "pass", "while True: pass", "return {'w': [TODO]}", "return 0", "print(3)", "return Value(2) * TODO", "return total(numbers)", "raise SystemExit"])
def test_otherwise_the_reference_takes_its_place_and_that_is_said(catalogue, capsys, body):
    assert defined(f"@exercise('03.sum')\ndef total(numbers):\n    {body}") is total
    assert capsys.readouterr().out.endswith("\n  Until yours is right, the cells below use ours.\n")


def test_a_function_that_calls_itself_calls_itself_and_not_what_had_its_name(catalogue):
    recursive = "total = None\n@exercise('03.sum')\ndef total(numbers):\n    return numbers[0] + total(numbers[1:]) if numbers else 0"
    assert defined(recursive) is not total
    wrong = recursive.replace("else 0", "else 1").replace("total = None", "total = sum")
    assert defined(wrong) is total


def test_a_class_is_an_exercise_too(monkeypatch, capsys):
    class Dual:
        def __init__(self, value, slope):
            self.value, self.slope = value, slope

        def __mul__(self, other):
            return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    square = Exercise(Dual, "Both terms.", [], inputs=[(3.0,)], use=lambda dual, x: (dual(x, 1.0) * dual(x, 1.0)).slope)
    monkeypatch.setitem(EXERCISES, "03.dual", square)
    source = """@exercise("03.dual")
class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __mul__(self, other):
        return Dual(self.value * other.value, SLOPE)
"""
    assert defined(source.replace("SLOPE", "self.slope * other.value + self.value * other.slope"), "Dual") is not Dual
    assert capsys.readouterr().out == "✓ Right. Both terms.\n"
    for slope, said in {"self.slope * other.slope": "✗ With x = 3 it gives 1; expected 6.", "TODO": "○ Not tried yet"}.items():
        assert defined(source.replace("SLOPE", slope), "Dual") is Dual
        assert capsys.readouterr().out.startswith(said)


def test_a_notebook_with_an_endless_loop_goes_on(fresh):
    """In a real kernel: said in words, with the line where something stopped, and the cells after it run."""
    cells = [
        "from backproplab.course import TODO, check, exercise, progress, running\nrunning.SECONDS = 0.5",
        "@exercise('03.chain')\ndef chain(links, x):\n    while True:\n        x = x + 1\n        print(x)",
        "chain([(abs, lambda x: 2.0)], 1.0)",
        "def chain(links, x):\n    return chain(links, x)\ncheck('03.chain', chain)",
        "def chain(links, x):\n    (f, slope), *others = links\n    return slope / x\ncheck('03.chain', chain)",
        "progress()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(cwd=fresh)
    said = [[output.get("text") or output["data"]["text/plain"] for output in cell.outputs] for cell in notebook.cells]
    assert "your code does not come to an end, and was stopped." in said[1][0] and said[1][0].endswith("the cells below use ours.")
    assert said[2] == ["2.0"]
    assert "your code calls itself without end" in said[3][0]
    assert "TypeError: unsupported operand type(s) for /: 'Function' and 'float', in the line: return slope / x. A function is no number" in said[4][0]
    assert len(said[5]) == 1 and re.search("03: 0 of .* right, after 3 tries", said[5][0])


# ---- hints, solutions and reveals ---------------------------------------------------------------


def test_hints_come_one_by_one_and_then_the_solution(catalogue, fresh):
    assert solution("03.sum").verdict == "todo"
    assert repr(hint("03.sum")).startswith("**Hint 1 of 3.** Begin with 0.")
    assert "Hint 2 of 3.** Go through" in hint("03.sum")._repr_markdown_()
    assert repr(solution("03.sum")).startswith("○ The solution comes after an attempt of yours")
    assert repr(hint("03.sum")).endswith('a worked solution: `solution("03.sum")`')
    assert repr(hint("03.sum")) == '1. Begin with 0.\n2. Go through the list.\n3. result += number\n\nA worked solution: `solution("03.sum")`'
    assert repr(solution("03.sum")) == f"```python\n{inspect.getsource(total).rstrip()}\n```"
    assert row("03").endswith("after 3 hints, 1 solution")
    check("03.sum", total)
    assert row("03").endswith("right, after 1 try, 3 hints, 1 solution")


def test_an_attempt_opens_the_solution(catalogue, fresh):
    check("03.sum", TODO)
    assert solution("03.sum").verdict == "todo"
    check("03.sum", len)
    assert "```python" in repr(solution("03.sum"))


def test_a_prediction_has_neither(fresh, monkeypatch):
    monkeypatch.setitem(EXERCISES, "03.guess", Exercise(3, "Three."))
    assert hint("03.guess").words.startswith("A prediction has no hints")
    assert solution("03.guess").words.startswith("There is no solution to a prediction")


def test_a_reveal_opens_with_the_prediction_and_stays_open(fresh):
    made = []

    def make():
        made.append("made")
        return made[-1]

    closed = reveal("03.forty", make)
    assert repr(closed) == "○ Closed until you have predicted: answer 03.forty above, then run this cell again." and made == []
    predict("03.forty", TODO)
    predict("03.forty", "forty")
    hint("03.forty")
    assert reveal("03.forty", make).verdict == "todo" and made == []
    predict("03.forty", 10)
    assert repr(reveal("03.forty", make)) == "made"
    progress().reset()
    assert reveal("03.forty", make).verdict == "todo"


def test_a_deck_of_slides_opens_all_reveals(fresh, monkeypatch):
    monkeypatch.setenv("BACKPROPLAB_REVEAL", "open")
    assert reveal("03.forty", lambda: 3) == 3


def test_a_prediction_of_an_unknown_word_lists_those_that_can_be_chosen(fresh):
    assert repr(predict("00.knob", "c")) == "? 'c' is none of the answers: \"a\", \"b\", \"same\"."
    assert right(progress()) == 0 and "00.knob" not in progress().attempts


def test_progress_of_an_older_course_is_read(fresh):
    (fresh / FILE).write_text('{"exercises": {"03.forty": {"tries": 2, "right": true}, "03.gone": {"tries": 1, "right": false}}}')
    assert row("03").endswith("1 of 13 right, after 2 tries")
    hint("03.cube")
    assert row("03").endswith("1 of 13 right, after 2 tries, 1 hint")


def test_hints_go_on_where_nothing_can_be_written(catalogue, fresh, monkeypatch):
    monkeypatch.setenv(PROGRESS, str(fresh / "no such folder" / "progress.json"))
    assert [repr(hint("03.sum"))[:13] for _ in range(3)] == ["**Hint 1 of 3", "**Hint 2 of 3", "**Hint 3 of 3"]
