"""What translate.py writes means in the page what it means in Python; the rest is refused where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import translated

from backproplab.explore import translate
from backproplab.explore.explorer import module

CALLS = [
    ("numbers", [3]), ("numbers", [7, 5]), *(("truths", [x, y]) for x in (0, 2, "", "a", [], [0], {}, None) for y in (2, [])), ("bool_of", [None]),
    ("lists", [[3, 1, 2]]), ("dicts", [{"x": 1, "y": 2}]), ("texts", ["anna", 1234567]), ("flow", [9]), ("classes", [5]),
]  # fmt: skip


@pytest.fixture
def house(monkeypatch, tmp_path):
    """A house with one module, whose text can be set."""
    monkeypatch.setattr(translate, "HOUSE", tmp_path)
    translate._Source.of.cache_clear()
    yield lambda text: (tmp_path / "translated.py").write_text(text, encoding="utf-8")
    translate._Source.of.cache_clear()


def plain(x):
    """As JSON has it; a Pair is an object there."""
    if isinstance(x, translated.Pair):
        return x._asdict()
    return [plain(it) for it in x] if isinstance(x, list | tuple) else x


def test_it_means_the_same_in_both_languages(browser, house):
    house(Path(translated.__file__).read_text(encoding="utf-8"))
    names = list(dict.fromkeys(name for name, _ in CALLS))
    text = "\n".join([str(module("python")), translate.javascript("translated", names), f"export default {{ {', '.join(names)} }};"])
    page = browser.new_page()
    run = """async ([text, calls]) => {
        const { default: found } = await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
        return calls.map(([name, given]) => JSON.stringify(found[name](...given)));
    }"""
    answers = page.evaluate(run, [text, CALLS])
    page.close()
    for (name, given), answer in zip(CALLS, answers):
        for found, due in zip(json.loads(answer), plain(getattr(translated, name)(*given)), strict=True):
            assert found == due and type(found) in (type(due), int, float), (name, given)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("with a: pass", "line 2: with a"),
        ("return [x for x in a] + unknown", "unknown cannot be translated: it is neither"),
        ("return a[::2]", "line 2"),
        ("return f'{a:.3f}'", "line 2"),
        ("truth = a", "truth for something else"),
        ("new = a", "new for something else"),
        ("a.b = 1", "cannot be assigned to"),
        ("global b", "line 2"),
        ("return await_(a)", "await_"),
        ("for x in a:\n    pass\n  else:\n    pass", "line 2"),
    ],
)
def test_what_cannot_be_translated_is_refused_where_it_stands(house, body, words):
    house(f"def f(a):\n  {body}\n")
    with pytest.raises(ValueError, match=words):
        translate.javascript("translated", ["f"])


def test_two_things_of_one_name_are_refused(house, tmp_path):
    house("from .other import g\nX = 1\ndef f():\n  return g() + X\n")
    (tmp_path / "other.py").write_text("X = 2\ndef g():\n  return X\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Two things are called X"):
        translate.javascript("translated", ["f"])


def test_what_a_function_uses_comes_with_it_and_nothing_else(house):
    house("A = 1\nB = 2\ndef f():\n  return g()\ndef g():\n  return f() + A\ndef h():\n  return B\n")
    text = translate.javascript("translated", ["f"])
    assert "const A = 1;" in text and "function g" in text and "h" not in text.replace("const", "") and "B" not in text



def test_the_javascript_that_is_written_by_hand_stays_within_its_budget():
    files = Path(translate.__file__).parent.glob("*.js")
    assert sum(len(file.read_bytes()) for file in files) <= 60_000
