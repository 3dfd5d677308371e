import { button, choice, element, explorer, group, idle, saver, say, slider, stepper, table } from "./runtime.js";

// Python trains, and tells each moment as a frame: a byte for every number that is drawn, and all texts. The page makes
// paths of the bytes (as training_picture.py does) and goes back and forth between frames; it never trains.

const HELP = "The training. Left and right arrow: an earlier and a later step, Home and End: the first and the newest.";
const ALONE = "There is no Python behind this page: it replays what was recorded; in a notebook you can train on.";
const SILENT = "Python does not answer, so this only replays what was recorded: to train on, run this cell again.";

export default explorer((ui) => {
  const { get, set, root, error, fail, announce, signal, alone } = ui;
  const scene = get("_scene");
  let lost = alone ? ALONE : "";
  let frames, here, waiting;
  signal.addEventListener("abort", () => clearTimeout(waiting));

  const picture = element("div", { className: "bpl-picture", tabIndex: 0, role: "group", ariaLabel: HELP });
  picture.innerHTML = scene.picture;
  const svg = picture.firstElementChild;
  svg.style.minWidth = "760px";
  const slots = new Map([...svg.querySelectorAll("[data-slot]")].map((it) => [it.dataset.slot, it]));
  const put = (name, text) => {
    const it = slots.get(name);
    if (it?.tagName === "path") it.setAttribute("d", text);
    else if (it) say(it, text);
  };

  const go = (i) => set({ running: false, step: frames[i].step });
  const steps = stepper(ui, {
    state: () => ({ step: here, steps: frames.length - 1, count: `step ${frames[here].step} of ${frames.at(-1).step}` }),
    go, picture, beat: 150,
    forward: [["Next", "To the step recorded next (right arrow)"]],
    last: ["Newest", "To the newest step (End)"],
  });
  const train = (until) => {
    const before = get("_recent");
    set({ running: true, until });
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (get("_recent") !== before) return;
      lost = SILENT;
      set({ running: false });
    }, 5000);
  };
  const one = button("One batch", "Learn from one more batch, from here", () => train(frames[here].step + 1));
  const run = button("Train", "Learn on and on from here", () => (get("running") ? set({ running: false }) : train(null)));
  const rewind = element("input", { type: "range", className: "bpl-slider", min: 0, ariaLabel: "Rewind" });
  rewind.addEventListener("input", () => go(rewind.valueAsNumber));
  steps.node.lastChild.before(rewind);

  const { high } = scene;
  const rate = slider("η", { low: 0, high, step: high / 200, move: (rate) => set({ rate: Math.max(0, rate) }) });
  const kinds = { yes: "set to 0 each time", no: "zero_grad forgotten" };
  const zero = choice("Gradients", kinds, (it) => set({ zero_grad: it === "yes" }));
  const paces = Object.fromEntries(scene.paces.map((it) => [it, it]));
  const pace = choice("Batches per picture", paces, (it) => set({ pace: Number(it) }));
  const silence = element("p", { className: "bpl-quiet" });
  const sentence = element("p", { className: "bpl-sentence" });
  const facts = table("Table of all numbers", ["what", "how much"]);
  root.append(
    group("Training", one, run, rate.node), silence, error, group("Settings", zero.node, pace.node),
    steps.node, picture, sentence, group("More", saver(picture, "training")), facts.node,
  );

  return () => {
    frames = [...get("_older"), ...get("_recent")];
    here = Math.max(0, frames.findLastIndex(({ step }) => step <= get("step")));
    const [{ step, data, texts, sentence: told, alt, rows, error: broken }, running] = [frames[here], get("running")];
    const bytes = Int8Array.from(atob(data), (it) => it.charCodeAt(0));
    const [x, y, width, height] = scene.plot;
    let used = 0;
    for (const part of scene.parts) {
      const paths = (part.levels ? shades : signs)(part, bytes.subarray(used, (used += part.count * part.places.length)));
      Object.entries(paths).forEach(([slot, path]) => put(`${part.name} ${slot}`, path));
    }
    Object.entries({ ...texts, ...get("_curve") }).forEach(([slot, text]) => put(slot, text));
    put("now", `M${short(x + (step / get("_curve").steps) * width)} ${y}v${height}`);
    svg.setAttribute("aria-label", alt);
    fail(broken);
    say(sentence, told);
    say(silence, lost);
    say(run, running ? "Pause" : "Train");
    if (!running) announce(told);
    [one, run].forEach((it) => idle(it, Boolean(lost || (broken && !running))));
    Object.assign(rewind, { max: frames.length - 1, value: here, ariaValueText: `step ${step}` });
    facts.show(() => rows);
    steps.show();
    rate.show(get("rate"));
    pace.show(String(get("pace")));
    zero.show(get("zero_grad") ? "yes" : "no");
    [rate, pace, zero].forEach(({ node }) => node.querySelectorAll("input").forEach((it) => (it.disabled = lost)));
  };
});

const short = (x) => Math.floor(100 * x + 0.5) / 100;

function shades({ columns: n, levels }, numbers) {
  return levels.map((level) => {
    let path = "";
    for (let r = 0; r < n; r++) {
      for (let c = 0, start = 0; c <= n; c++) {
        if (c < n && numbers[r * n + c] >= level) continue;
        if (c > start) path += `M${start} ${r}h${c - start}v1H${start}z`;
        start = c + 1;
      }
    }
    return path;
  });
}

function signs({ columns, places, count }, numbers) {
  const path = { "+": "", "−": "" };
  numbers.forEach((v, i) => {
    if (!v) return;
    const [[x, y], k] = [places[Math.floor(i / count)], i % count];
    const side = 0.9 * Math.sqrt(Math.min(Math.abs(v), 127) / 127);
    const [left, top, s] = [x + (k % columns) + (1 - side) / 2, y + Math.floor(k / columns) + (1 - side) / 2, side].map(short);
    path[v < 0 ? "−" : "+"] += `M${left} ${top}${v === -128 ? `l${s} ${s}m0 -${s}l-${s} ${s}` : `h${s}v${s}H${left}z`}`;
  });
  return path;
}
