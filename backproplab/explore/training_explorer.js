import { button, choice, element, explorer, group, idle, more, say, slider, stage, stepper } from "./runtime.js";
import { slots } from "./training_slots.py";

// Python trains, and tells each moment as a frame: a byte for every number that is drawn, and all texts. The page goes back
// and forth between frames; it never trains.

export default explorer((ui) => {
  const { get, set, root, error, fail, signal, alone } = ui;
  const { pictures, views, parts, plot, high, paces, words } = get("_scene");
  let lost = alone ? words.alone : "";
  let frames, here, waiting;
  signal.addEventListener("abort", () => clearTimeout(waiting));

  const stand = stage(ui, "training", { help: words.help, table: ["Table of all numbers", ["what", "how much"]] });
  const go = (i) => set({ running: false, step: frames[i].step });
  const steps = stepper(ui, {
    state: () => ({ step: here, steps: frames.length - 1, count: `step ${frames[here].step} of ${frames.at(-1).step}` }),
    go, picture: stand.picture, beat: 150,
    forward: [["Next", "To the step recorded next (right arrow)"]],
    last: ["Newest", "To the newest step (End)"],
  });
  const train = (until) => {
    const before = get("_recent");
    set({ running: true, until });
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (get("_recent") !== before) return;
      lost = words.silent;
      set({ running: false });
    }, 5000);
  };
  const one = button("One batch", "Learn from one more batch, from here", () => train(frames[here].step + 1));
  const run = button("Train", "Learn on and on from here", () => (get("running") ? set({ running: false }) : train(null)));
  const rewind = element("input", { type: "range", className: "bpl-slider", min: 0, ariaLabel: "Rewind" });
  rewind.addEventListener("input", () => go(rewind.valueAsNumber));
  steps.node.lastChild.before(rewind);

  const rate = slider("η", { low: 0, high, step: high / 200, move: (rate) => set({ rate: Math.max(0, rate) }) });
  const kinds = { yes: "set to 0 each time", no: "zero_grad forgotten" };
  const zero = choice("Gradients", kinds, (it) => set({ zero_grad: it === "yes" }));
  const pace = choice("Batches per picture", Object.fromEntries(paces.map((it) => [it, it])), (it) => set({ pace: Number(it) }));
  const view = choice("Show", Object.fromEntries(views), (view) => set({ view }));
  view.node.hidden = views.length === 1;
  const [silence, health] = ["bpl-quiet", "bpl-verdict"].map((className) => element("p", { className }));
  const rare = more(group("Settings", zero.node, pace.node), stand.save, stand.facts);
  root.append(group("Training", one, run, rate.node), more(silence), error, steps.node, view.node, stand.picture, stand.sentence, health, rare);

  return () => {
    frames = [...get("_older"), ...get("_recent")];
    here = Math.max(0, frames.findLastIndex(({ step }) => step <= get("step")));
    const [frame, running] = [frames[here], get("running")];
    const numbers = [...Int8Array.from(atob(frame.data), (it) => it.charCodeAt(0))];
    const texts = { ...frame.texts, ...get("_curve") };
    stand.show(pictures[get("view")], { ...frame, slots: slots(parts, get("view"), numbers, texts, plot, frame.step) });
    view.show(get("view"));
    fail(frame.error);
    say(silence, lost);
    say(health, frame.health);
    say(run, running ? "Pause" : "Train");
    [one, run].forEach((it) => idle(it, Boolean(lost || (frame.error && !running))));
    Object.assign(rewind, { max: frames.length - 1, value: here, ariaValueText: `step ${frame.step}` });
    steps.show();
    rate.show(get("rate"));
    pace.show(String(get("pace")));
    zero.show(get("zero_grad") ? "yes" : "no");
    [rate, pace, zero].forEach(({ node }) => node.querySelectorAll("input").forEach((it) => (it.disabled = lost)));
  };
});
