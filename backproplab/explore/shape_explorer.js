import { button, element, explorer, group, idle, more, say, slider, stage } from "./runtime.js";
import { shown } from "./shape_explorer.py";

export default explorer((ui) => {
  const { get, set, root, error, state } = ui;
  const { dimensions, picture, most, ends: [left, right], note } = get("_scene");
  let now;
  const joints = left.map((_, i) => i);
  const change = (i, block, j = i, other = block) => set({ blocks: get("blocks").with(i, block).with(j, other), joins: [] });
  const move = (i) => (d) => set({ lengths: get("lengths").with(i, d) });
  const lengths = dimensions.map((name, i) => slider(name, { low: 1, high: most, whole: true, move: move(i) }));
  const products = joints.map((i) => button("", "Multiply these two", () => set({ joins: [...now.joins, i] })));
  const undo = button("Undo", "Take the last product back", () => set({ joins: now.joins.slice(0, -1) }));
  const all = Object.entries({ "From the left": left, "From the right": right });
  const ends = all.map(([text, joins]) => button(text, "Multiply all of them", () => set({ joins })));
  const swaps = joints.map((i) => button("", "Swap these two", () => change(i, get("blocks")[i + 1], i + 1, get("blocks")[i])));
  const turns = [...joints, joints.length].map((i) => button("", "Transpose", () => change(i, -get("blocks")[i])));
  const view = stage(ui, "shapes", { table: ["Table of all products", ["matrix", "shape", "multiplications"]] });
  const words = element("p", { className: "bpl-quiet" }, note);
  const rare = more(...lengths.map(({ node }) => node), words, group("More", view.save), view.facts);
  const order = group("Order", ...swaps, ...turns);
  root.append(error, order, group("Products", ...products, ...ends, undo), view.picture, view.sentence, rare);

  return () => {
    now = shown(state);
    view.show(picture, now);
    products.forEach((it, i) => {
      const [text, fits] = now.products[i] ?? [];
      it.hidden = !text;
      say(it, text ?? "");
      idle(it, !fits);
    });
    swaps.forEach((it, i) => say(it, now.swaps[i]));
    turns.forEach((it, i) => say(it, now.turns[i]));
    idle(undo, !now.joins.length);
    lengths.forEach((it, i) => it.show(get("lengths")[i]));
  };
});
