import { element, explorer, fill, group, saver, say, slider, stepper, table } from "./runtime.js";

// Row i has links 0 … 2i + 1 of the trunk, and the branch to the weights of the i-th layer from the top.

const HELP = "Rows of factors. Left and right arrow: a row less or more. A click on a link of the trunk cuts it.";

export default explorer((ui) => {
  const { get, set, root, error, announce } = ui;
  const { words, most, sizes, picture: drawing } = get("_scene");
  const picture = element("div", { className: "bpl-picture", tabIndex: 0, role: "group", ariaLabel: HELP, innerHTML: drawing });
  const svg = picture.firstElementChild;
  const [body, foot, count, more] = ["rows", "foot", "count", "more"].map((it) => svg.querySelector(`[data-role=${it}]`));
  const rows = [...body.children].map((row) => [...row.querySelectorAll("[data-node]")]);
  const links = () => 2 * Math.min(get("layers"), rows.length);
  body.addEventListener("click", ({ target }) => {
    const cut = 1 + Math.max(...rows.map((cells) => cells.indexOf(target.closest("[data-node]"))));
    if (cut <= links()) set({ cut: cut === get("cut") ? 0 : cut });
  });
  const depth = slider("layers", { low: 1, high: most, whole: true, move: (layers) => set({ layers, step: layers, cut: 0 }) });
  const knife = slider("cut", { low: 0, whole: true, move: (cut) => set({ cut }) });
  const steps = stepper(ui, { state: () => ({ step: get("step"), steps: get("layers") }), go: (step) => set({ step }), picture });
  const sentence = element("p", { className: "bpl-sentence" });
  const facts = table("Table of all rows", ["gradient", "factors", "now"]);
  root.append(error, depth.node, knife.node, steps.node, picture, sentence, group("More", saver(picture, "trunk")), facts.node);

  return () => {
    const [layers, step, cut] = ["layers", "step", "cut"].map(get);
    const at = (i) => String(layers - i).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
    const node = (k) => (k ? `∂${"sz"[k % 2]}${at((k - 1) >> 1)}` : "∂C");
    const parts = (i, k) => [node(k), k > 2 * i + 1 ? `∂W${at(i)}` : node(k + 1)];
    const alive = cut ? (cut - 1) >> 1 : layers; // the rows above the cut
    const state = (i, k) => {
      if (i >= step) return "waiting";
      if (i >= alive) return k === cut - 1 ? "cut" : "gone";
      return k < 2 * i ? "reused" : "new";
    };
    rows.forEach((cells, i) => {
      const row = body.children[i];
      row.setAttribute("display", i < layers ? "inline" : "none");
      row.dataset.state = state(i);
      say(row.firstElementChild, `∂C/∂W${at(i)}`);
      cells.forEach((cell, k) => {
        cell.dataset.state = state(i, k);
        parts(i, k).forEach((text, j) => say(cell.querySelectorAll("text")[j], text));
      });
    });
    const size = sizes[Math.min(layers, sizes.length) - 1];
    [svg, body, foot].forEach((it, i) => Object.entries(size[i]).forEach((pair) => it.setAttribute(...pair)));

    const many = (count) => count.toLocaleString("en");
    const told = {
      link: parts(layers, cut - 1).join("/"), alive, layers, dead: layers - alive, rest: layers - rows.length,
      gradient: `∂C/∂W${at(step - 1)}`, reused: 2 * step - 2, alone: 2 * step,
      fresh: [2, 1, 0].map((j) => parts(step - 1, 2 * step - j).join("/")).join(", "),
      written: many(step * (step + 2)), different: 3 * step, apart: many(step * (step + 1)), shared: Math.max(0, 3 * step - 1),
    };
    const write = (name) => fill(words[name], told);
    say(more, told.rest > 0 ? write("more") : "");
    say(count, write("counts"));
    say(sentence, write(["start", "first"][step] ?? "next") + (cut ? write("cut") : ""));
    svg.setAttribute("aria-label", `${write("alt")}${write("counts")}. ${sentence.textContent}`);
    announce(sentence.textContent);
    depth.show(layers);
    knife.show(cut, links());
    say(knife.aside, cut ? told.link : "nothing");
    steps.show();
    facts.show(() => Array.from({ length: layers }, (_, i) => [`∂C/∂W${at(i)}`, `${2 * i + 3}`, state(i)]));
  };
});
