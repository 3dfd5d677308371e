import { element, explorer, fill, group, saver, say, slider, stepper, table } from "./runtime.js";

// Row i has links 0 … 2i + 1 of the trunk, and the branch to the weights of the i-th layer from the top.

const HELP = "Rows of factors. Left and right arrow: a row less or more. A click on a link of the trunk cuts it.";

export default explorer((ui) => {
  const { get, set, root, error, announce } = ui;
  const { words, most, sizes, picture: drawing } = get("_scene");
  const picture = element("div", { className: "bpl-picture", tabIndex: 0, role: "group", ariaLabel: HELP });
  picture.innerHTML = drawing;
  const svg = picture.firstElementChild;
  const [body, foot, count, more] = ["rows", "foot", "count", "more"].map((it) => svg.querySelector(`[data-role=${it}]`));
  const rows = [...body.children].map((row) => [...row.querySelectorAll("[data-node]")]);
  const links = (layers = get("layers")) => 2 * Math.min(layers, rows.length);
  body.addEventListener("click", ({ target }) => {
    const cell = target.closest("[data-node]");
    const cut = Math.max(...rows.map((cells) => cells.indexOf(cell))) + 1;
    if (cut <= links()) set({ cut: cut === get("cut") ? 0 : cut });
  });
  const resize = (layers) => {
    const step = get("step") === get("layers") ? layers : Math.min(get("step"), layers);
    set({ layers, step, cut: Math.min(get("cut"), links(layers)) });
  };
  const depth = slider("layers", { low: 1, high: most, whole: true, move: resize });
  const knife = slider("cut", { low: 0, whole: true, move: (cut) => set({ cut }) });
  const steps = stepper(ui, { state: () => ({ step: get("step"), steps: get("layers") }), go: (step) => set({ step }), picture });
  const sentence = element("p", { className: "bpl-sentence" });
  const facts = table("Table of all rows", ["gradient", "factors", "as above", "now"]);
  root.append(error, depth.node, knife.node, steps.node, picture, sentence, group("More", saver(picture, "trunk")), facts.node);

  return () => {
    const [layers, step, cut] = ["layers", "step", "cut"].map(get);
    const at = (i) => String(layers - i).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
    const node = (k) => (k ? `∂${"sz"[k % 2]}${at((k - 1) >> 1)}` : "∂C");
    const weights = (i) => `∂W${at(i)}`;
    const parts = (i, k) => [node(k), k > 2 * i + 1 ? weights(i) : node(k + 1)];
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
      say(row.firstElementChild, `∂C/${weights(i)}`);
      cells.forEach((cell, k) => {
        const [title, , above, , below] = cell.children;
        const names = parts(i, k);
        cell.dataset.state = state(i, k);
        [names.join("/"), ...names].forEach((text, j) => say([title, above, below][j], text));
      });
    });
    const many = (count) => count.toLocaleString("en");
    const rest = layers - rows.length;
    const size = sizes[Math.min(layers, sizes.length) - 1];
    [svg, body, foot].forEach((it, i) => Object.entries(size[i]).forEach((pair) => it.setAttribute(...pair)));
    say(more, rest > 0 ? `and ${rest} more row${rest > 1 ? "s" : ""} that go on like these` : "");

    const [i, gone, part] = [step - 1, Math.max(0, step - alive), step < layers ? `${step} of ${layers}` : `${layers}`];
    const told = {
      link: parts(layers, cut - 1).join("/"), alive, layers, dead: layers - alive, gone, are: gone === 1 ? "is" : "are",
      gradient: `∂C/${weights(i)}`, fresh: [0, 1, 2].map((j) => parts(i, 2 * i + j).join("/")).join(", "), reused: 2 * i,
      row: 2 * step,
      written: many(step * (step + 2)), different: 3 * step, alone: many(step * (step + 1)), shared: Math.max(0, 3 * step - 1),
    };
    const write = (name) => fill(words[name], told);
    say(count, write("counts"));
    svg.setAttribute("aria-label", `${part} product${part === "1" ? "" : "s"}: ${write("counts")}${cut ? write("gone") : ""}`);
    say(sentence, write(["start", "first"][step] ?? "next") + (cut ? write("cut") : ""));
    announce(sentence.textContent);
    depth.show(layers);
    knife.show(cut, links());
    say(knife.aside, cut ? told.link : "nothing");
    steps.show();
    facts.show(() => Array.from({ length: layers }, (_, i) => [`∂C/${weights(i)}`, `${2 * i + 3}`, `${2 * i}`, state(i)]));
  };
});
