import { choice, element, explorer, more, program, slider, stage, stepper, typed } from "./runtime.js";
import { plane } from "./planes.js";
import { journey, problem, shown, slots } from "./chain_journey.py";

const CHAIN = "The chain. Left and right arrow: the nudge goes a link back or on, Home and End: to the start, to the end.";
const VIEWS = { lines: "number lines", dials: "dials", shares: "shares", notch: "notch" };

export default explorer((ui) => {
  const { get, set, root, error, fail, state } = ui;
  let scene, runs, x, sliders; // what is shown, its programs, and where it starts: the last that gets through
  const box = typed(ui, "Chain");
  const view = stage(ui, "chain", { help: CHAIN, plane, table: ["Table of all links", ["at", "value", "slope", "share"]] });
  const steps = stepper(ui, {
    state: () => ({ step: get("step"), steps: runs.length }), go: (step) => set({ step }), picture: view.picture,
  });
  const views = choice("View", VIEWS, (view) => set({ view }));
  const rows = element("div");
  root.append(...box.nodes, error, steps.node, view.picture, view.sentence, rows, more(views.node, view.save, view.facts));

  function renew() {
    scene = box.scene();
    runs = scene.programs.map(program);
    x = undefined;
    const [low, high] = scene.span;
    const within = (name, least, most) => (v) => set({ [name]: Math.max(low - least(), Math.min(high - most(), v)) });
    sliders = [
      slider(scene.names[0], { low, high, move: within("x", () => Math.min(0, get("nudge")), () => Math.max(0, get("nudge"))) }),
      slider("nudge", { low: -1, high: 1, step: 0.01, move: within("nudge", () => get("x"), () => get("x")) }),
    ];
    rows.replaceChildren(...sliders.map(({ node }) => node));
    views.node.children[2].hidden = !scene.straight;
  }

  return () => {
    if (box.scene() !== scene) renew();
    const step = Math.min(get("step"), runs.length);
    if (step < get("step")) return set({ step });
    const wrong = problem(scene, journey(scene.leaves, runs, get("x"), 0));
    fail(get("_answer").error || wrong);
    box.show();
    views.show(get("view"));
    sliders[0].show(get("x"));
    sliders[1].show(get("nudge"));
    steps.show();
    if (!wrong) x = get("x");
    if (x === undefined) return; // this chain has had no value yet
    const way = journey(scene.leaves, runs, x, get("nudge"));
    const now = shown(state, scene, way, step);
    view.show(scene.pictures[now.view], { ...now, slots: slots(scene, way, step, get("nudge"), now.view) });
  };
});
