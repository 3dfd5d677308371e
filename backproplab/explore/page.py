"""Explorers in a page of their own: one HTML file that needs no kernel, no server and no network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from .explorer import Explorer

# The page's side of a widget: a model that holds the traits, and the `render` of the explorer's module.
LIFE = """
const address = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
const enliven = (el, module, saved) => {
  const state = structuredClone(saved);
  const heard = new Set();
  const model = {
    kernel: false,
    get: (name) => state[name],
    set: (changes) => (Object.assign(state, changes), heard.forEach((listener) => listener(changes))),
    on: (_, listener) => heard.add(listener),
    off: (_, listener) => heard.delete(listener),
    save_changes() {},
  };
  el.explorer = model;
  module.default.render({ model, el });
};
"""

# All explorers of a page that has them inside; `explorersShown` is a promise of them.
HOST = LIFE + """
const told = JSON.parse(document.getElementById("bpl-explorers").textContent);
const modules = told.modules.map((text) => import(address(text)));
globalThis.explorersShown = Promise.all([...document.querySelectorAll("[data-explorer]")].map(async (el) => {
  const { module, state } = told.explorers[el.dataset.explorer];
  enliven(el, await modules[module], state);
}));
"""


def page(*explorers: Explorer, title: str = "backproplab") -> str:
    """An HTML page with these explorers in their present state, everything inside it.

    Sliders, steps and switches work; what needs Python says so. Where scripts are off, the static twins are shown.
    """
    parts = "\n".join(place(explorer, i) for i, explorer in enumerate(explorers))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0 auto; max-width: 940px; padding: 12px; font-family: system-ui, sans-serif; background: Canvas; }}
</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{parts}
</main>
{machinery(*[explorer.get_state() for explorer in explorers])}
</body>
</html>
"""


def place(explorer: Explorer, i: int) -> str:
    """Where explorer number `i` of a page will be, with its twin until then."""
    twin = f"<noscript>{explorer.snapshot().html()}</noscript>"
    return f'<section data-explorer="{i}" aria-label="Explorer {i + 1}">{twin}</section>'


def machinery(*states: Mapping[str, Any]) -> str:
    """Style, modules (each once), saved traits, and the script that brings the places of these explorers to life.

    A state is what an explorer sends to a page, or what a notebook has saved of it.
    """
    modules = list(dict.fromkeys(state["_esm"] for state in states))
    styles = dict.fromkeys(state["_css"] for state in states)
    saved = {
        "modules": modules,
        "explorers": [{"module": modules.index(state["_esm"]), "state": own_traits(state)} for state in states],
    }
    data = json.dumps(saved, allow_nan=False).replace("<", "\\u003c")
    return (
        f"<style>{' '.join(styles)}</style>\n"
        f'<script type="application/json" id="bpl-explorers">{data}</script>\n'
        f'<script type="module">{HOST}</script>'
    )


def traits(explorer: Explorer) -> dict[str, Any]:
    """The state of an explorer: everything that it sends to a page, except what every widget sends."""
    return own_traits(explorer.get_state())


def own_traits(state: Mapping[str, Any]) -> dict[str, Any]:
    """What of a state only this explorer has."""
    foreign = {*Explorer.__mro__[1].class_trait_names(), "_esm", "_css", "_anywidget_id"}
    return {name: value for name, value in state.items() if name not in foreign}
