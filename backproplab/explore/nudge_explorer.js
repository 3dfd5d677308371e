import { choice, element, explorer, more, program, slider, stage, typed } from "./runtime.js";
import { plane } from "./planes.js";
import { problem, shown } from "./nudge_explorer.py";

const HEADS = ["h", "nudged by h", "off by", "nudged both ways", "off by"];

export default explorer((ui) => {
  const { get, set, root, error, fail, state } = ui;
  let scene, run, here, who, sliders; // what is shown, its program, and the last point at which it has a value
  const box = typed(ui, "Function");
  const formula = element("div", { className: "bpl-formula" });
  const variables = element("div");
  const step = slider("h", { low: -15, high: 0, step: 0.1, log: true, move: (h) => h > 0 && set({ h }) });
  const views = choice("View", { curve: "curve", bars: "bars", rectangle: "rectangle" }, (view) => set({ view }));
  const view = stage(ui, "nudge", { plane, table: ["Table: smaller and smaller steps", HEADS] });
  const rare = more(variables, views.node, view.save, view.facts);
  root.append(...box.nodes, error, formula, step.node, view.picture, view.sentence, rare);

  function renew() {
    scene = box.scene();
    here = undefined;
    run = program(scene.program);
    formula.innerHTML = scene.mathml;
    sliders = scene.names.map((name) => slider(name, { move: (x) => set({ values: { ...get("values"), [name]: x } }) }));
    who = choice("Nudge", Object.fromEntries(["", ...scene.names].map((it) => [it, it || "all"])), (nudged) => set({ nudged }));
    who.node.hidden = !scene.names[1];
    variables.replaceChildren(who.node, ...sliders.map(({ node }) => node));
    views.node.lastChild.hidden = !scene.sides;
  }

  return () => {
    if (box.scene() !== scene) renew();
    const point = scene.names.map((name) => get("values")[name] ?? 1);
    const wrong = problem(scene, run, point);
    fail(get("_answer").error || wrong);
    box.show();
    sliders.forEach(({ show }, i) => show(point[i]));
    step.show(get("h"));
    views.show(get("view"));
    who.show(get("nudged"));
    if (!wrong) here = point;
    if (here) view.show(scene.picture, shown(state, scene, run, here, get("h")));
  };
});
