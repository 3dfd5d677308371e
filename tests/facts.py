"""What a GraphExplorer shows and says, read from its page and asked of Python; and a thousand things done to it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from backproplab.explore import GraphExplorer

FACTS = """(explorer) => {
    const all = (selector, say) => [...explorer.querySelectorAll(selector)].map(say);
    const text = (it, role) => it.querySelector(`[data-role="${role}"]`)?.textContent ?? "";
    return {
        alt: explorer.querySelector("svg").getAttribute("aria-label"),
        nodes: Object.fromEntries(all("[data-node]", (it) => [it.dataset.node,
            [it.dataset.state ?? "", text(it, "value"), text(it, "gradient"), text(it, "sum")]])),
        edges: Object.fromEntries(all("[data-edge]", (it) => [it.dataset.edge, it.dataset.state])),
        pills: Object.fromEntries(all("[data-label]:not([visibility=hidden])", (it) => [it.dataset.label,
            [...["slope", "upstream", "contribution"].map((role) => text(it, role)),
             ...["x", "y", "width", "height"].map((name) => Number(it.firstChild.getAttribute(name)))]])),
        sentence: explorer.querySelector(".bpl-sentence").textContent,
        verdict: explorer.querySelector(".bpl-verdict").textContent,
    };
}"""
SVG = "{http://www.w3.org/2000/svg}"


def told_by_python(explorer: GraphExplorer) -> dict:
    svg = ElementTree.fromstring(explorer.snapshot().svg)

    def text(group: ElementTree.Element, role: str) -> str:
        return next((it.text or "" for it in group.iter() if it.get("data-role") == role), "")

    groups = [group for group in svg.iter(f"{SVG}g")]
    pills = {group.get("data-label"): group for group in groups if group.get("data-label")}
    return {
        "alt": svg.get("aria-label"),
        "nodes": {
            group.get("data-node"): [
                group.get("data-state", ""), *(text(group, role) for role in ("value", "gradient", "sum"))
            ]
            for group in groups
            if group.get("data-node")
        },
        "edges": {group.get("data-edge"): group.get("data-state") for group in groups if group.get("data-edge")},
        "pills": {
            key: [
                *(text(pill, role) for role in ("slope", "upstream", "contribution")),
                *(pytest.approx(float(pill[0].get(name)), abs=0.2) for name in ("x", "y", "width", "height")),
            ]
            for key, pill in pills.items()
        },
        "sentence": explorer.sentence,
        "verdict": explorer.verdict,
    }


# What a hand can do to the explorer `root`, `count` times, from a seed.
FUZZ = """async (root, [count, seed]) => {
    const draw = (n) => Math.floor(((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32) * n);
    const pick = (list) => list[draw(list.length)];
    const all = (selector) => [...root.querySelectorAll(selector)];
    const numbers = ["0", "-0", "1e308", "-1e308", "", "0.1", "-3.75", "5e-324", "2"]; // "" is what junk gives
    const texts = ["(4*x+1)^2", "log(x)*y", "1/0", "x^y", "exp(1000*x)", "abs(x", "", "<script>alert(1)</script>", "x*x+x"];
    const keys = ["ArrowRight", "ArrowLeft", "Home", "End", "ArrowUp", "ArrowDown", "Enter", "a"];
    const change = (it, value, ...types) => {
        if (!it || it.disabled) return;
        it.value = value;
        types.forEach((type) => it.dispatchEvent(new Event(type, { bubbles: true })));
    };
    const buttons = all("button").filter((it) => it.textContent !== "Save picture");
    const click = (it) => it?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    const press = (it) => it?.dispatchEvent(new KeyboardEvent("keydown", { key: pick(keys), bubbles: true, cancelable: true }));
    const deeds = [
        () => change(pick(all("input[type=range]")), draw(1000) / 100 - 5, "input"),
        () => change(pick(all("input[type=number]")), pick(numbers), "input", "change"),
        () => draw(8) || change(root.querySelector("input[type=text]"), pick(texts), "input", "change"),
        () => click(pick(buttons)),
        () => pick(all("input[type=radio], input[type=checkbox]"))?.click(),
        () => click(pick(all("summary"))),
        () => click(pick(all("[data-node], [role=button]"))),
        () => press(pick(all(".bpl-picture, [data-node], [tabindex]"))),
    ];
    for (let i = 0; i < count; i++) {
        pick(deeds)();
        if (i % 50 === 0) await new Promise(requestAnimationFrame);
    }
    buttons.find((it) => it.textContent === "Pause")?.click();
}"""
