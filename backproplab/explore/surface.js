import { asked, element, fill, number, program, say, slider, stepper } from "./runtime.js";
import { Paper } from "./paper.js";

// What the explorers of descent share in the page: surface.py explains it.

const HELP = "Landscape. Left and right arrow step along the run; a click or drag places the start.";

/** The function of a scene: `at(point, row)` is what it is there. */
function surface(scene) {
  const run = program(scene.program);
  const troubled = (values, node) => {
    const [pattern, inputs, needs] = scene.undefined[node];
    return `${fill(pattern, inputs.map((x) => number(values[x])))} has no value: ${needs}.`;
  };
  const at = (point, row = []) => {
    const given = [...point, ...row];
    const { values, gradients, undefined: node } = run(scene.order.map((k) => given[k]));
    const [value, gradient] = [values.at(-1), scene.parameters.map((k) => gradients[k])];
    return { value, gradient, finite: [value, ...gradient].every(Number.isFinite), trouble: node < 0 ? "" : troubled(values, node) };
  };
  return { ...scene, at, memory: {} };
}

/**
 * The page of such an explorer, of parts that its module puts in order. `show()` shows the Run that the traits tell of,
 * and returns it, unless that was not the last word.
 */
export function landscape(ui, Run) {
  const { get, set, error, fail, announce } = ui;
  let run, here, rows, scene;
  const box = asked(ui, "Function");
  const formula = element("div", { className: "bpl-formula" });
  const view = element("div", { className: "bpl-picture bpl-plane", tabIndex: 0, role: "group", ariaLabel: HELP });
  const steps = stepper(ui, { state: () => ({ step: run.step, steps: run.run.length - 1 }), go: (step) => set({ step }), picture: view });
  const [sentence, verdict] = ["bpl-sentence", "bpl-verdict"].map((className) => element("p", { className }));

  const knob = (label, low, high, step, value, move, least = -Infinity, most = Infinity) => {
    const row = slider(label, { low, high, step, move: (x) => move(Math.max(least, Math.min(most, Number.isInteger(step) ? Math.round(x) : x))) });
    return { node: row.node, show: () => row.show(value()) };
  };
  const [rate, ...others] = get("_scene").knobs.map(([label, trait, low, high, step, ...ends]) =>
    knob(label, low, high, step, () => get(trait), (x) => set({ [trait]: x }), ...ends),
  );
  const settings = element("div", { className: "bpl-columns" });

  const start = (changes) => set({ start: { ...get("start"), ...changes } });
  const place = (event) => {
    const seen = view.querySelector("g > rect").getBoundingClientRect();
    const parts = [(event.clientX - seen.left) / seen.width, (seen.bottom - event.clientY) / seen.height];
    if (event.type === "pointerdown" && parts.every((part) => part >= 0 && part <= 1)) view.setPointerCapture(event.pointerId);
    if (!view.hasPointerCapture(event.pointerId)) return;
    const unit = 10 ** Math.floor(Math.log10(get("width") / 200));
    const at = (part, i) => Number((Math.round((run.middle[i] + get("width") * (part - 0.5)) / unit) * unit).toPrecision(9));
    start(Object.fromEntries(scene.names.map((name, i) => [name, at(parts[i], i)])));
  };
  view.addEventListener("pointerdown", place);
  view.addEventListener("pointermove", place);

  function renew() {
    scene = get("_scene");
    here = surface(scene);
    formula.innerHTML = scene.mathml;
    const { widest: wide, home, names } = scene;
    const startOf = (name, i) =>
      knob(`start ${name}`, home[i] - wide / 2, home[i] + wide / 2, wide / 200, () => get("start")[name], (x) => start({ [name]: x }));
    const zoom = knob("window width", wide / 100, 2 * wide, wide / 100, () => get("width"), (width) => set({ width }), 1e-9, 1e9);
    rows = [rate, ...others, ...names.map(startOf), zoom];
    settings.replaceChildren(...rows.slice(1).map(({ node }) => node));
  }

  function show() {
    if (scene !== get("_scene")) renew();
    run = new Run(here, Object.fromEntries(scene.state.map((trait) => [trait, get(trait)])));
    if (run.step < get("step")) return set({ step: run.step }); // another run may be shorter; this comes back here
    const paper = new Paper(...run.size, run.alt);
    run.draw(paper);
    view.replaceChildren(paper.root);
    fail(get("_answer").error);
    box.show();
    rows.forEach((row) => row.show());
    steps.show();
    say(sentence, run.sentence);
    say(verdict, run.verdict);
    announce(`${run.sentence} ${run.verdict}`);
    return run;
  }
  return { top: [...box.nodes, error, formula], rate, steps, view, said: [sentence, verdict], settings, show };
}
