import { element, fill, number, program, slider, textBox } from "./runtime.js";

// What the explorers of descent share in the page: surface.py explains it.

const PATIENCE_HERE = 5000; // milliseconds without an answer after which there is no kernel
const NOT_HERE = "There is no Python behind this page, so it keeps this function; in a notebook you can type another one.";
const NO_ANSWER = "Python does not answer: everything else works, but for another function run this cell again.";

export function surface(scene) {
  const run = program(scene.program);
  const troubled = (values, node) => {
    const [pattern, inputs, needs] = scene.undefined[node];
    return `${fill(pattern, inputs.map((x) => number(values[x])))} has no value: ${needs}.`;
  };
  return (point, row = []) => {
    const given = [...point, ...row];
    const { values, gradients, undefined: node } = run(scene.order.map((k) => given[k]));
    const [value, gradient] = [values.at(-1), scene.parameters.map((k) => gradients[k])];
    const finite = [value, ...gradient].every(Number.isFinite);
    return { value, gradient, finite, trouble: node < 0 ? "" : troubled(values, node) };
  };
}

export function hessian(gradient, point, quadratic) {
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

/** The box for a function, a picture in which a click or drag places the start, sliders for start and window. */
export function landscape({ get, set, error, fail, signal, alone }, help) {
  let scene, waiting, rows, zoom;
  signal.addEventListener("abort", () => clearTimeout(waiting));
  const box = textBox("Function", error, (expression) => {
    set({ expression });
    clearTimeout(waiting);
    waiting = setTimeout(() => get("_answer").text === get("expression") || fail(NO_ANSWER), PATIENCE_HERE);
  });
  box.input.disabled = alone;
  const note = element("p", { className: "bpl-quiet", hidden: !alone }, NOT_HERE);
  const formula = element("div", { className: "bpl-formula" });
  const view = element("div", { className: "bpl-picture bpl-plane", tabIndex: 0, role: "group", ariaLabel: help });
  const sliders = element("div");
  const begin = (changes) => set({ start: { ...get("start"), ...changes } });

  let middle;
  const place = (event) => {
    const box = view.querySelector("g > rect").getBoundingClientRect();
    const parts = [(event.clientX - box.left) / box.width, (box.bottom - event.clientY) / box.height];
    if (event.type === "pointerdown") {
      if (parts.some((part) => part < 0 || part > 1)) return;
      view.setPointerCapture(event.pointerId);
    } else if (!view.hasPointerCapture(event.pointerId)) return;
    const unit = 10 ** Math.floor(Math.log10(get("width") / 200));
    const at = (part, i) => Number((Math.round((middle[i] + get("width") * (part - 0.5)) / unit) * unit).toPrecision(9));
    begin(Object.fromEntries(scene.names.map((name, i) => [name, at(parts[i], i)])));
  };
  view.addEventListener("pointerdown", place);
  view.addEventListener("pointermove", place);

  /** Take over a new function, if there is one. */
  const fresh = () => {
    if (scene === get("_scene")) return false;
    scene = get("_scene");
    formula.innerHTML = scene.mathml;
    const wide = { low: scene.widest / 100, high: 2 * scene.widest, step: scene.widest / 100 };
    zoom = slider("window width", { ...wide, move: (width) => set({ width: Math.max(1e-9, Math.min(1e9, width)) }) });
    rows = scene.names.map((name, i) => {
      const span = { low: scene.home[i] - scene.widest / 2, high: scene.home[i] + scene.widest / 2, step: scene.widest / 200 };
      return slider(`start ${name}`, { ...span, move: (x) => begin({ [name]: x }) });
    });
    sliders.replaceChildren(...[...rows, zoom].map(({ node }) => node));
    return true;
  };
  const show = (svg) => {
    view.innerHTML = svg;
    fail(get("_answer").error);
    box.show(get("expression"));
    zoom.show(get("width"));
    rows.forEach(({ show }, i) => show(get("start")[scene.names[i]]));
  };
  /** The middle of the window when one is at this point. */
  const look = (point) => {
    const near = Math.min(1, get("width") / scene.widest);
    return (middle = scene.names.map((name, i) => {
      const centre = get("centre")[name];
      const far = !(Math.abs(point[i] - centre) < 1e6 * get("width"));
      return far ? centre : point[i] + (centre - point[i]) * near;
    }));
  };
  return { nodes: [box.node, note, error, formula], view, sliders, fresh, show, look };
}
