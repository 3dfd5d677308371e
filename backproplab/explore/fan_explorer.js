import { bracketed, element, explorer, fill, group, inWords, number, saver, say, slider } from "./runtime.js";
import { axis, axisAround, frame, written } from "./plane.js";

// The same as fan_explorer.py, which explains it; figure 7 is drawn by Python.

export default explorer(({ get, set, root, announce }) => {
  const { picture: base, weights, slopes, bars, labels, words, looks } = get("_scene");
  const stage = element("div", { className: "bpl-picture" });
  stage.innerHTML = base;
  const svg = stage.firstElementChild;
  svg.insertAdjacentHTML("beforeend", "<g></g>");
  const sentence = element("p", { className: "bpl-sentence" });
  const toggle = (i) => set({ opened: get("opened").with(i, !get("opened")[i]) });
  const boxes = weights.map((_, i) => {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => toggle(i));
    return box;
  });
  const rows = ["z", "nudge"].map((name) => slider(name, { low: -2, high: 2, move: (x) => set({ [name]: x }) }));
  const branches = boxes.map((box, i) => element("label", { className: "bpl-option" }, box, `branch s[${i}] open`));
  root.append(group("Branches", ...branches), stage, sentence, ...rows.map(({ node }) => node), saver(stage, "fan"));

  const parts = weights.map((_, i) => [...svg.querySelectorAll("[data-node], [data-edge]")].filter(({ dataset }) =>
    [`w[${i}]`, `s[${i}]`].some((name) => (dataset.node || dataset.edge).includes(name))));
  parts.forEach((branch, i) => branch.filter((it) => it.dataset.node).forEach((it) => it.addEventListener("click", () => toggle(i))));

  return () => {
    const [z, nudge, open] = [get("z"), get("nudge"), get("opened")];
    const given = weights.map((w, i) => (open[i] ? w * slopes[i] : 0));
    const ends = given.reduce((all, x) => [...all, all.at(-1) + x], [0]);
    const [gradient, ways] = [ends.at(-1), [...weights.keys()].filter((i) => open[i])];
    const numbers = { z, nudge, gradient, effect: gradient * nudge, all: weights.reduce((sum, w, i) => sum + w * slopes[i], 0) };
    weights.forEach((w, i) => Object.assign(numbers, { [`w${i}`]: w, [`g${i}`]: slopes[i], [`s${i}`]: w * z }));
    const told = inWords(numbers);
    const moves = weights.map((w, i) => (open[i] ? w * nudge : 0));
    const sum = (a, b) => ways.map((i) => [a[i], b[i]].map((x) => bracketed(number(x))).join("·")).join(" + ") || "0";
    const closed = weights.flatMap((_, i) => (open[i] ? [] : `s[${i}]`)).join(", ");
    Object.assign(told, {
      sums: weights.map((w, i) => `s[${i}] = ${number(w * z)}`).join(", "),
      moves: moves.map((x) => number(x)).join(", "),
      products: sum(weights, slopes),
      effects: sum(slopes, moves),
      shut: closed && fill(words.shut, { closed }),
    });
    const plane = frame(bars, axisAround("contributions to dC/dz", ends), axis("", 0, ends.length, "bare"), looks);
    [...ends.keys()].forEach((i) => {
      const [y, last] = [ends.length - 1 - i, i === weights.length];
      const [start, end] = last ? [0, gradient] : [ends[i], ends[i + 1]];
      if (start !== end) plane.box([start, y + 0.15], [end, y + 0.55], last ? "sum" : "part");
      const text = last ? `sum: ${number(gradient)}` : `w[${i}]·dC/ds[${i}]: ${open[i] ? number(end - start) : "closed"}`;
      plane.write(text, 6, plane.place([0, y + 0.65])[1]);
    });
    plane.line([[0, 0], [0, ends.length]], "zero");
    const texts = labels.map(([template, x, y, colour, anchor]) => written(fill(template, told), x, y, { "font-size": 15, fill: colour, "text-anchor": anchor }));
    svg.lastChild.innerHTML = texts.join("") + plane.svg();
    svg.setAttribute("aria-label", fill(words.alt, told));
    parts.forEach((branch, i) => branch.forEach((it) => it.setAttribute("opacity", open[i] ? 1 : 0.25)));
    boxes.forEach((box, i) => (box.checked = open[i]));
    rows.forEach(({ show }, i) => show([z, nudge][i]));
    say(sentence, fill(words.said + (closed ? words.lost : ""), told));
    announce(sentence.textContent);
  };
});
