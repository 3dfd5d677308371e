import { button, element, explorer, fill, group, idle, saver, say, slider } from "./runtime.js";

export default explorer(({ get, set, root, error, announce }) => {
  const { names, dimensions, words, picture: drawing, sizes: [SHORT, LONG, GAP, LETTER, high] } = get("_scene");
  /** What is left after these joins, and what each has cost. */
  const multiply = (joins) => {
    const parts = get("blocks").map((block) => {
      const k = Math.abs(block) - 1;
      const [rows, columns] = get("lengths").slice(k, k + 2);
      return block > 0 ? { name: names[k], rows, columns } : { name: `${names[k]}ᵀ`, rows: columns, columns: rows };
    });
    const costs = [];
    for (const at of joins) {
      const [a, b] = parts.slice(at, at + 2);
      if (a?.columns !== b?.rows || !b) break;
      parts.splice(at, 2, { ...a, name: `${a.name}·${b.name}`, columns: b.columns });
      costs.push(a.rows * a.columns * b.columns);
    }
    return { parts, costs, cost: costs.reduce((sum, cost) => sum + cost, 0) };
  };
  const joints = names.slice(1);
  const [left, right] = [joints.map(() => 0), joints.map((_, i) => i).reverse()];
  const made = () => get("joins").slice(0, multiply(get("joins")).costs.length);
  const change = (i, block, j = i, other = block) => set({ blocks: get("blocks").with(i, block).with(j, other), joins: [] });

  const move = (i) => (d) => set({ lengths: get("lengths").with(i, d) });
  const lengths = dimensions.map((name, i) => slider(name, { low: 1, high, whole: true, move: move(i) }));
  const products = joints.map((_, i) => button("", "Multiply these two", () => set({ joins: [...made(), i] })));
  const undo = button("Undo", "Take the last product back", () => set({ joins: made().slice(0, -1) }));
  const all = { "From the left": left, "From the right": right };
  const ends = Object.keys(all).map((text) => button(text, "Multiply all of them", () => set({ joins: all[text] })));
  const swaps = joints.map((_, i) => button("", "Swap these two", () => change(i, get("blocks")[i + 1], i + 1, get("blocks")[i])));
  const turns = names.map((_, i) => button("", "Transpose", () => change(i, -get("blocks")[i])));
  const picture = element("div", { className: "bpl-picture", innerHTML: drawing });
  const svg = picture.firstElementChild;
  const slots = [...svg.querySelectorAll("[data-slot]")];
  const sentence = element("p", { className: "bpl-sentence" });
  root.append(
    error, group("Order", ...swaps, ...turns), group("Products", ...products, ...ends, undo), picture, sentence,
    element("p", { className: "bpl-quiet" }, words.note), ...lengths.map(({ node }) => node),
    group("More", saver(picture, "shapes")),
  );

  return () => {
    const { parts, costs, cost } = multiply(get("joins"));
    const largest = Math.max(...get("lengths"));
    const side = (d) => SHORT + (LONG - SHORT) * Math.sqrt(d / largest);
    const boxes = parts.map(({ name, rows, columns }, i) => {
      const shape = `[${rows}×${columns}]`;
      const width = Math.max(side(columns), LETTER * Math.max(parts.length > 1 ? name.length : 0, shape.length));
      return { name, shape, width, height: side(rows), gap: parts[i + 1] && parts[i + 1].rows !== columns ? GAP : 0 };
    });
    let x = (868 - boxes.reduce((sum, { width, gap }) => sum + width + gap, 0)) / 2;
    slots.forEach((slot, i) => {
      slot.setAttribute("visibility", boxes[i] ? "visible" : "hidden");
      if (!boxes[i]) return;
      const { name, shape, width, height, gap } = boxes[i];
      const [box, ...texts] = slot.children;
      Object.entries({ x, y: (LONG - height) / 2, width, height }).forEach((pair) => box.setAttribute(...pair));
      [name, shape, gap ? "≠" : ""].forEach((text, j) => {
        say(texts[j], text);
        texts[j].setAttribute("x", x + width / 2 + (j > 1 ? (width + GAP) / 2 : 0));
      });
      x += width + gap;
    });

    const many = (count) => count.toLocaleString("en");
    const at = boxes.findIndex(({ gap }) => gap);
    const [a, b] = parts.slice(at, at + 2);
    const kind = at >= 0 ? "misfit" : parts.length === 1 ? "done" : costs.length ? "part" : "fits";
    const told = {
      parts: boxes.map(({ name, shape }) => `${name} ${shape}`).join(", "),
      a: a?.name, b: b?.name, columns: a?.columns, rows: b?.rows,
      cost: many(cost), last: many(costs.at(-1) ?? 0), left: many(multiply(left).cost), right: many(multiply(right).cost),
    };
    say(sentence, fill(words[kind], told));
    svg.setAttribute("aria-label", fill(words.alt, told) + sentence.textContent);
    announce(sentence.textContent);
    const whole = multiply([]).parts;
    products.forEach((it, i) => {
      it.hidden = !boxes[i + 1];
      say(it, `${boxes[i]?.name} × ${boxes[i + 1]?.name}`);
      idle(it, boxes[i]?.gap > 0);
    });
    swaps.forEach((it, i) => say(it, `${whole[i].name} ⇄ ${whole[i + 1].name}`));
    turns.forEach((it, i) => say(it, `(${whole[i].name})ᵀ`));
    idle(undo, !costs.length);
    lengths.forEach((it, i) => it.show(get("lengths")[i]));
  };
});
