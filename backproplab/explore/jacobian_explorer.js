import { bracketed, choice, compact, element, explorer, fill, group, number, program, saver, say, slider, table } from "./runtime.js";

export default explorer(({ get, set, root, error, fail, announce }) => {
  const { inputs, outputs, words, fixed, feeds, slopes, modes, programs, picture: drawing } = get("_scene");
  const runs = programs.map(program);
  /** For each output its value and its row of the Jacobian. */
  const at = (x) => runs.map((run, i) => {
    const { values, gradients } = run(feeds[i].map((place) => [...x, ...fixed][place]));
    return [values.at(-1), ...slopes[i].map((node) => gradients[node] ?? 0)];
  });
  /** Σ aᵢbᵢ, and 0 for what is nothing but rounding. */
  const dot = (a, b) => {
    const [total, size] = a.reduce(([total, size], x, i) => [total + x * b[i], size + Math.abs(x * b[i])], [0, 0]);
    return Math.abs(total) < 1e-12 * size ? 0 : total;
  };
  const vector = (numbers) => `(${numbers.map((x) => number(x)).join(", ")})`;
  const where = (x) => inputs.map((name, j) => `${name} = ${number(x[j])}`).join(", ");

  const sliders = (trait, names, title = "") => {
    const rows = names.map((name, i) => slider(title + name, { move: (x) => set({ [trait]: get(trait).with(i, x) }) }));
    const node = element("div", { className: "bpl-side" }, ...rows.map(({ node }) => node));
    return { node, show: () => rows.forEach((row, i) => row.show(get(trait)[i])) };
  };
  const mode = choice("Multiply", modes, (mode) => set({ mode }));
  const point = sliders("x", inputs);
  const sides = { jvp: sliders("tangent", inputs, "v for "), vjp: sliders("cotangent", outputs, "v for ") };
  const stage = element("div", { className: "bpl-stage bpl-pair" });
  const picture = element("div", { className: "bpl-picture", innerHTML: drawing });
  const svg = picture.firstElementChild;
  const sentence = element("p", { className: "bpl-sentence" });
  const shapes = element("p", { className: "bpl-quiet" });
  const facts = table("Table of the Jacobian", ["", ...inputs]);
  root.append(mode.node, stage, error, picture, sentence, shapes, group("More", saver(picture, "jacobian")), facts.node);

  return () => {
    const [wanted, now] = ["x", "mode"].map(get);
    const good = at(wanted).flat().every(Number.isFinite);
    if (good) set({ _at: wanted });
    fail(good ? "" : fill(words.none, { point: where(wanted) }));

    const x = get("_at");
    const backward = now === "vjp";
    const v = get(backward ? "cotangent" : "tangent");
    const found = at(x);
    const [y, J] = [found.map(([y]) => y), found.map(([, ...row]) => row)];
    const product = backward ? x.map((_, j) => dot(v, J.map((row) => row[j]))) : J.map((row) => dot(v, row));
    const real = backward ? [] : at(x.map((it, j) => it + v[j])).map(([after], i) => dot([1, -1], [after, y[i]]));
    const numbers = { x, y, J: J.flat(), ...(backward ? { left: v, down: product } : { top: v, right: product, real }) };
    for (const part of svg.querySelectorAll("[data-part]")) {
      const shown = numbers[part.dataset.part];
      part.setAttribute("visibility", shown ? "visible" : "hidden");
      part.querySelectorAll("[data-slot]").forEach((slot, i) => shown && say(slot, compact(shown[i])));
    }
    const most = Math.max(...numbers.J.map(Math.abs)) || 1;
    svg.querySelectorAll("[data-sign]").forEach((cell, i) => {
      const [entry, weight] = [numbers.J[i], v[backward ? Math.floor(i / x.length) : i % x.length]];
      cell.setAttribute("fill-opacity", Math.abs(entry) / most / 2);
      Object.assign(cell.dataset, { sign: entry < 0 ? "-" : "+", state: weight ? "on" : "off" });
    });

    const [kind, names] = backward ? ["row", outputs] : ["column", inputs];
    const terms = v.map((it, i) => it && `${bracketed(number(it))}·${kind} ${names[i]}`).filter(Boolean).join(" + ") || "0";
    say(sentence, fill(words[now], { terms, product: vector(product), real: vector(real) }));
    say(shapes, words[kind]);
    svg.setAttribute("aria-label", fill(words.alt, { point: where(x), rows: J.map(vector).join(", ") }) + sentence.textContent);
    announce(sentence.textContent);
    if (!sides[now].node.isConnected) stage.replaceChildren(point.node, sides[now].node);
    [mode, point, sides[now]].forEach((it) => it.show(now));
    facts.show(() => J.map((row, i) => [outputs[i], ...row.map((it) => number(it))]));
  };
});
