import { asked, element, fill, number, program, say, slider, stepper } from "./runtime.js";
import { axis, picture, tag, written } from "./plane.js";

// What the explorers of descent share in the page: surface.py explains it.

const HELP = "Landscape. Left and right arrow step along the run; a click or drag places the start.";

export function surface(scene) {
  const run = program(scene.program);
  const troubled = (values, node) => {
    const [pattern, inputs, needs] = scene.undefined[node];
    return `${fill(pattern, inputs.map((x) => number(values[x])))} has no value: ${needs}.`;
  };
  const { order, parameters } = scene;
  return (point, row) => {
    const { values, gradients, undefined: node } = run(order.map((k) => (k < point.length ? point[k] : row[k - point.length])));
    const [value, gradient] = [values[values.length - 1], parameters.map((k) => gradients[k])];
    const finite = Number.isFinite(value) && gradient.every(Number.isFinite);
    return { value, gradient, finite, trouble: node < 0 ? "" : troubled(values, node) };
  };
}

export function hessian(gradient, here, quadratic) {
  const point = quadratic ? here.map(() => 0) : here;
  const columns = point.map((x, j) => {
    const h = quadratic ? 1 : 1e-4 * Math.max(1, Math.abs(x));
    const [above, below] = [h, -h].map((d) => gradient(point.with(j, x + d)));
    return above.map((a, i) => (a - below[i]) / (2 * h));
  });
  return columns.map((column, i) => column.map((_, j) => (columns[i][j] + columns[j][i]) / 2));
}

export const times = (matrix, v) => matrix.map((row) => row.reduce((sum, m, i) => sum + m * v[i], 0));

export function eigenvalues([[a, b], [c, d] = []]) {
  if (b === undefined) return [a];
  const [mean, apart] = [(a + d) / 2, (a - d) / 2];
  const under = apart * apart + b * c;
  if (!(under >= -1e-12 * mean * mean)) return [NaN, NaN];
  const root = Math.sqrt(Math.max(under, 0));
  return [mean - root, mean + root];
}

export function solve([[a, b], [c, d] = []], [v, w]) {
  const det = a * d - b * c;
  return b === undefined ? [v / a] : [(d * v - b * w) / det, (a * w - c * v) / det];
}

export const listed = (v) => (v.length === 1 ? number(v[0]) : `(${v.map((x) => number(x)).join(", ")})`);

/**
 * What the page of such an explorer has, and what happens at each change: `begin(descend)` computes the run and gives the
 * present stop, or nothing if this is not the last word; `end` shows a picture of these parts and what is said of it.
 * `knobs` are sliders for traits, by their labels: trait, low, high, step, and what the trait cannot be under or above.
 */
export function landscape(ui, knobs) {
  const { get, set, error, fail, announce } = ui;
  const land = { k: 0, run: [] };
  let starts, zoom, middle;
  const box = asked(ui, "Function");
  const formula = element("div", { className: "bpl-formula" });
  const view = element("div", { className: "bpl-picture bpl-plane", tabIndex: 0, role: "group", ariaLabel: HELP });
  const steps = stepper(ui, { state: () => ({ step: land.k, steps: land.run.length - 1 }), go: (step) => set({ step }), picture: view });
  const [sentence, verdict] = ["bpl-sentence", "bpl-verdict"].map((className) => element("p", { className }));
  const within = (x, low = -Infinity, high = Infinity) => Math.max(low, Math.min(high, x));
  const turned = Object.entries(knobs).map(([label, [trait, low, high, step, ...ends]]) => {
    const row = slider(label, { low, high, step, move: (x) => set({ [trait]: within(Number.isInteger(step) ? Math.round(x) : x, ...ends) }) });
    return { ...row, trait };
  });
  const [settings, window] = [element("div", {}, ...turned.map(({ node }) => node)), element("div")];

  const start = (changes) => set({ start: { ...get("start"), ...changes } });
  const place = (event) => {
    const seen = view.querySelector("g > rect").getBoundingClientRect();
    const parts = [(event.clientX - seen.left) / seen.width, (seen.bottom - event.clientY) / seen.height];
    if (event.type === "pointerdown" && parts.every((part) => part >= 0 && part <= 1)) view.setPointerCapture(event.pointerId);
    if (!view.hasPointerCapture(event.pointerId)) return;
    const unit = 10 ** Math.floor(Math.log10(get("width") / 200));
    const at = (part, i) => Number((Math.round((middle[i] + get("width") * (part - 0.5)) / unit) * unit).toPrecision(9));
    start(Object.fromEntries(land.scene.names.map((name, i) => [name, at(parts[i], i)])));
  };
  view.addEventListener("pointerdown", place);
  view.addEventListener("pointermove", place);

  function renew() {
    const scene = (land.scene = get("_scene"));
    const { widest: wide, home } = scene;
    land.at = surface(scene);
    formula.innerHTML = scene.mathml;
    zoom = slider("window width", { low: wide / 100, high: 2 * wide, step: wide / 100, move: (x) => set({ width: within(x, 1e-9, 1e9) }) });
    starts = scene.names.map((name, i) => {
      const span = { low: home[i] - wide / 2, high: home[i] + wide / 2, step: wide / 200 };
      return slider(`start ${name}`, { ...span, move: (x) => start({ [name]: x }) });
    });
    window.replaceChildren(...[...starts, zoom].map(({ node }) => node));
  }
  const begin = (descend) => {
    if (land.scene !== get("_scene")) renew();
    land.run = descend();
    land.k = Math.min(get("step"), land.run.length - 1);
    if (land.k === get("step")) return land.run[land.k];
    set({ step: land.k }); // another run may be shorter; this comes back here
  };
  /** The middle of the window when one is at this point, its axes, and that many numbers across it. */
  const look = (point, count) => {
    const [width, { names, widest }] = [get("width"), land.scene];
    middle = names.map((name, i) => {
      const centre = get("centre")[name];
      return Math.abs(point[i] - centre) < 1e6 * width ? centre + (point[i] - centre) * (1 - Math.min(1, width / widest)) : centre;
    });
    const axes = names.map((name, i) => axis(name, middle[i] - width / 2, middle[i] + width / 2));
    return { middle, width, axes, xs: Array.from({ length: count }, (_, i) => middle[0] - width / 2 + (width * i) / (count - 1)) };
  };
  const trajectory = (plane, places) => {
    plane.line(places, "path");
    places.slice(-60).forEach((place) => plane.dot(place, 2.6, "stop"));
    plane.dot(places[0], 6, "start");
    plane.dot(places.at(-1), 5.5, "now");
  };
  const end = (alt, parts, told, judged) => {
    view.innerHTML = picture(alt, ...parts, ...legend(land.scene));
    fail(get("_answer").error);
    box.show();
    zoom.show(get("width"));
    starts.forEach(({ show }, i) => show(get("start")[land.scene.names[i]]));
    turned.forEach(({ show, trait }) => show(get(trait)));
    steps.show();
    say(sentence, told);
    say(verdict, judged);
    announce(`${told} ${judged}`);
  };
  const top = [...box.nodes, error, formula, steps.node, view, sentence, verdict];
  const bottom = element("div", { className: "bpl-columns" }, settings, window);
  return Object.assign(land, { top, bottom, view, settings, turned, begin, look, trajectory, end });
}

const legend = ({ legend, marks, looks }) =>
  legend.map(([mark, look, words, x, y]) => {
    const sample = { d: marks[mark], transform: `translate(${x} ${y})`, fill: "none", ...looks[look] };
    return tag("path", sample) + written(words, x + 24, y);
  });
