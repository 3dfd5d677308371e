import { choice, element, explorer, group, more, program, say, slider, stage } from "./runtime.js";
import { good, shown } from "./jacobian_explorer.py";

export default explorer((ui) => {
  const { get, set, root, error, fail, state } = ui;
  const { inputs, outputs, modes, programs, picture } = get("_scene");
  const runs = programs.map(program);
  const sliders = (trait, names, title = "") => {
    const rows = names.map((name, i) => slider(title + name, { move: (x) => set({ [trait]: get(trait).with(i, x) }) }));
    const node = element("div", { className: "bpl-side" }, ...rows.map(({ node }) => node));
    return { node, show: () => rows.forEach((row, i) => row.show(get(trait)[i])) };
  };
  const mode = choice("Multiply", modes, (mode) => set({ mode }));
  const point = sliders("x", inputs);
  const sides = { jvp: sliders("tangent", inputs, "v for "), vjp: sliders("cotangent", outputs, "v for ") };
  const pair = element("div", { className: "bpl-stage bpl-pair" });
  const shapes = element("p", { className: "bpl-quiet" });
  const view = stage(ui, "jacobian", { table: ["Table of the Jacobian", ["", ...inputs]] });
  const rare = more(group("More", view.save), view.facts);
  point.node.classList.add("bpl-more");
  root.append(mode.node, pair, error, view.picture, view.sentence, shapes, rare);

  return () => {
    if (good(get("_scene"), runs, get("x"))) set({ _at: get("x") });
    const now = shown(state, runs);
    view.show(picture, now);
    fail(now.error);
    say(shapes, now.shapes);
    const side = sides[get("mode")];
    if (!side.node.isConnected) pair.replaceChildren(side.node, point.node);
    mode.show(get("mode"));
    point.show();
    side.show();
  };
});
