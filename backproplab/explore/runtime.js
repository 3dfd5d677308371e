// What every explorer is made of. An explorer is a module NAME.js beside its NAME.py:
//
//     import { element, explorer, number, say, slider } from "./runtime.js";  // Python joins the texts into one scope
//     export default explorer(({ get, set, root, error }) => {     // build the page once …
//       const row = slider("h", { low: 0, high: 1, step: 0.01, move: (h) => set({ h }) });
//       const sentence = element("p", { className: "bpl-sentence" });
//       root.append(error, row.node, sentence);
//       return () => {                                             // … and show the state whenever it has changed
//         row.show(get("h"));
//         say(sentence, `h is ${number(get("h"))}`);
//       };
//     });
//
// The state lives in the traits, never in the page: so Python, a second view and a page without a kernel see the same.
// A picture is an svg inside .bpl-picture, drawn by Python in the dark theme (the style sheet recolours it); its
// aria-label is kept as snapshot().alt in Python says it.
//
// explorer(build)   `build` gets get(name), set({ name: value, … }) (held back while Python reads an expression), state
//                   (state.name is get("name")), root, error (the error box: put it beside what causes
//                   errors) and fail(sentence) which fills or empties it, announce(sentence) for screen readers once all is
//                   at rest, signal (for listeners and timers that end with the view), alone (there is no kernel), and
//                   host, which shows other widgets (in a notebook only).
// element(tag, properties, …children)   an HTML element whose keys JupyterLab leaves alone.
// say(node, text)   sets a text, if it differs; never markup.      button(text, title, press), idle(button, yes)
// group(label, …children)   a row of controls.
// slider(name, { low, high, step, move, unit, log })   → { node, show(value), aside }; move(value) gets finite numbers only;
//                   `aside` is for words beside it. The range widens as long as a value needs it. With `log`,
//                   low, high and step are powers of ten. With `whole`, move gets whole numbers from low to high, and
//                   show(value, high) sets the range.
// choice(label, { key: text }, choose)   → { node, show(key) }: radio buttons in a row. From Python take the options as a list of
//                   pairs: the state in a saved notebook has its keys sorted.
// textBox(label, error, send)   → { node, input, show(text) }: sent on Enter, on leaving, and when typing pauses.
// asked(ui, label)   → { nodes, show() }: a textBox for the `expression`, which only Python can read; `_answer.text` is what
//                   it has read. Show it after fail(…): as long as Python does not answer, the error box says so.
// typed(ui, label)   → { nodes, show(), scene() }: the same for a TypedExplorer (typed.py), with its `choices`, and the
//                   scene of what is to be shown.      inWords({ name: number, … }, digits)   the same with numbers written.
// stepper(ui, { state, go, picture, forward, last, beat })   → { node, show() }: reset, back, on, all, play, and arrow
//                   keys, Home and End on `picture`. state() → { step, steps, next, count }, where `next` is which of the
//                   buttons `forward`, [[text, title], …], does the next step, and `count` says where we are; go(step)
//                   sets it. `last` is the button that goes to the end, `beat` the milliseconds between steps played.
// stage(ui, name, { help, plane, table })   → { picture, sentence, save, facts, show(drawing, shown) }: a picture that Python drew,
//                   with slots (see slots.py), the sentence under it, a button that saves it as `name`, and a table with this
//                   caption and these heads. `shown` is what a function `shown` translated from Python gives for `state`:
//                   { alt, sentence, slots, rows }. With `help` the picture can have the focus, and that is its label; planes are
//                   drawn by `plane`, from planes.js.
// table(caption, heads)   → { node, show(() => rows) }: the same facts to read; made only while it is open.
// saver(picture, name)   a button that saves the svg inside `picture` as it looks now.
// number(x, digits = 4), compact(x), bracketed(text), fill(template, words)   as in notation.py and draw/paper.py.
// wire(x)   a number as it is sent: NaN, ±Infinity and −0 as text; Number(…) reads it back.
// influence(g, slope, y)   as in ops.py.   program(text)   the function that program.py wrote.
// difference(f, point, i)   the central difference of f(point) in point[i], as Graph.difference.
// new Random(seed)   { random(), below(n), permutation(n) }: the generator of random.py.

// ---- the life of a view ----

export function explorer(build) {
  function render({ model, el: root }) {
    const life = new AbortController();
    const { signal } = life;
    const error = element("p", { className: "bpl-error", role: "alert", id: freshId() });
    const heard = element("p", { className: "bpl-heard", role: "status" });
    let rest;
    let held = {}; // what is changed while Python reads an expression, so that its answer cannot undo it: { name: [before, after] }
    const asking = () => (model.get("_answer")?.text ?? model.get("expression")) !== model.get("expression");
    const get = (name) => (name in held ? held[name][1] : model.get(name));
    const state = new Proxy({}, { get: (_, name) => get(name) });
    const set = (changes) => {
      const fresh = Object.entries(changes).filter(([name, value]) => !alike(get(name), value));
      if (!fresh.length) return;
      if (asking() && !("expression" in changes)) {
        for (const [name, value] of fresh) held[name] = [(held[name] ?? [model.get(name)])[0], value];
        return draw();
      }
      model.set(Object.fromEntries(fresh));
      model.save_changes();
    };
    const release = () => {
      const changes = Object.entries(held).map(([name, [before, after]]) => [name, merged(before, after, model.get(name))]);
      held = {};
      set(Object.fromEntries(changes));
    };
    const fail = (sentence) => say(error, sentence); // a screen reader reads every change
    const announce = (sentence) => {
      clearTimeout(rest);
      rest = setTimeout(() => say(heard, sentence), 400);
    };

    root.classList.add("bpl-explorer");
    const show = build({ get, set, state, root, error, fail, announce, signal, alone: model.kernel === false, host: model.widget_manager });
    if (!root.contains(error)) root.prepend(error);
    root.append(heard);
    const draw = () => {
      root.ariaBusy = asking();
      if (!asking()) release();
      try {
        show();
      } catch (problem) {
        console.error(problem);
        fail(`This cannot be shown: ${problem.message}. Run the cell again; if that does not help, please report it.`);
      }
    };

    const showTheme = () => {
      root.dataset.theme = pageTheme();
      set({ theme: pageTheme() });
    };
    const themes = new MutationObserver(showTheme);
    themes.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
    systemIsDark.addEventListener("change", showTheme, { signal });
    showTheme();
    model.on("change", draw);
    draw();
    return () => {
      life.abort();
      themes.disconnect();
      clearTimeout(rest);
      model.off("change", draw);
    };
  }
  return { render };
}

const alike = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** What a trait becomes that was changed here, from `before` to `after`, and perhaps by Python's answer, to `now`. */
function merged(before, after, now) {
  if (alike(before, now)) return after;
  if (Object(now) !== now || Array.isArray(now)) return now; // another expression starts afresh
  const moved = (key) => key in after && !alike(before[key], after[key]);
  return Object.fromEntries(Object.keys(now).map((key) => [key, moved(key) ? after[key] : now[key]]));
}

const freshId = () => `bpl-${Math.random().toString(36).slice(2)}`;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function pageTheme() {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  const dark = jpThemeLight ? jpThemeLight === "false" : vscodeThemeKind?.includes("dark") ?? systemIsDark.matches;
  return dark ? "dark" : "light";
}

// ---- controls ----

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  made.dataset.lmSuppressShortcuts = ""; // keys pressed here are ours, not JupyterLab's
  return made;
}

export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function button(text, title, press) {
  const made = element("button", { type: "button", className: "bpl-button", title }, text);
  made.addEventListener("click", () => made.getAttribute("aria-disabled") === "true" || press());
  return made;
}

export function idle(button, yes) {
  button.setAttribute("aria-disabled", yes);
}

export function group(label, ...children) {
  return element("div", { className: "bpl-group", role: "group", ariaLabel: label }, ...children);
}

export function slider(name, { low = -5, high = 5, step = 0.05, move, unit = "", whole, log }) {
  const [there, back] = log ? [Math.log10, (at) => Number((10 ** at).toPrecision(3))] : [(x) => x, (x) => x];
  const range = element("input", { type: "range", className: "bpl-slider", ariaLabel: `${name}, slider` });
  const exact = element("input", { type: "number", step: "any", className: "bpl-exact", ariaLabel: `${name}, exact value` });
  const aside = element("span", { className: "bpl-aside" });
  let shown;
  const pass = (x) => move(whole ? Math.max(low, Math.min(Math.round(x), high)) + 0 : x + 0); // + 0: −0 becomes 0
  range.addEventListener("input", () => pass(back(range.valueAsNumber)));
  exact.addEventListener("change", () => {
    if (Number.isFinite(there(exact.valueAsNumber))) pass(exact.valueAsNumber);
    exact.value = shown;
  });
  exact.addEventListener("keydown", ({ key }) => key === "Enter" && exact.dispatchEvent(new Event("change"))); // JupyterLab keeps it
  const node = element("div", { className: "bpl-row" });
  node.append(element("span", { className: "bpl-name" }, name), range, exact, unit, aside);
  const [least, most] = [low, high];
  const show = (value, top = most) => {
    const at = there(value);
    const held = document.activeElement === range; // wider if need be, but not narrower again under the hand
    low = Math.min(held ? low : least, at);
    high = Math.max(held && !whole ? high : top, at);
    Object.assign(range, { min: low, max: high, step: whole ? 1 : high - low > 1000 * step ? "any" : step, value: at });
    if (log) range.ariaValueText = value;
    shown = value;
    if (document.activeElement !== exact) exact.value = value;
  };
  return { node, show, aside };
}

export function choice(label, options, choose) {
  const name = freshId();
  const radios = Object.keys(options).map((value) => element("input", { type: "radio", name, value }));
  const labels = radios.map((radio) => element("label", { className: "bpl-option" }, radio, options[radio.value]));
  const node = element("fieldset", { className: "bpl-choice" }, element("legend", {}, label), ...labels);
  node.addEventListener("change", (event) => choose(event.target.value));
  const show = (key) => radios.forEach((radio) => (radio.checked = radio.value === key));
  return { node, show };
}

export function textBox(label, error, send) {
  const input = element("input", { type: "text", className: "bpl-text", spellcheck: false, autocomplete: "off" });
  input.setAttribute("aria-describedby", error.id);
  let pause;
  const pass = () => {
    clearTimeout(pause);
    if (input.isConnected) send(input.value);
  };
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(pass, 700);
  });
  input.addEventListener("change", pass);
  input.addEventListener("keydown", (event) => event.key === "Enter" && pass());
  const show = (text) => {
    input.setAttribute("aria-invalid", error.textContent !== "");
    if (document.activeElement !== input) input.value = text;
  };
  return { node: element("label", { className: "bpl-label" }, label, input), input, show };
}

export function asked({ get, set, error, fail, signal, alone }, label) {
  const what = label.toLowerCase();
  const note = `There is no Python behind this page, so it keeps this ${what}; in a notebook you can type another one.`;
  const silent = `Python does not answer: everything else works, but for another ${what} run this cell again.`;
  let waiting;
  let waited = false;
  signal.addEventListener("abort", () => clearTimeout(waiting));
  const show = () => {
    if (waited && get("_answer").text !== get("expression")) fail(silent);
    box.show(get("expression"));
  };
  const box = textBox(label, error, (expression) => {
    if (expression === get("expression")) return; // as when the box is left after Enter
    set({ expression });
    clearTimeout(waiting);
    waited = false;
    waiting = setTimeout(() => ((waited = true), show()), 5000);
  });
  box.input.disabled = alone;
  return { nodes: [box.node, element("p", { className: "bpl-quiet", hidden: !alone }, note)], show };
}

export function typed(ui, label) {
  const { get, set } = ui;
  const box = asked(ui, label);
  const options = Object.fromEntries(get("choices").map((it) => [it, it]));
  const gallery = choice(`${label}s`, options, (it) => set({ expression: it, _answer: { text: it, error: "", shown: it } }));
  gallery.node.hidden = !get("choices").length;
  const show = () => (box.show(), gallery.show(get("expression")));
  const scene = () => get("_scenes")[get("expression")] ?? get("_scenes")[get("_answer").shown];
  return { nodes: [...box.nodes, gallery.node], show, scene };
}

const STEP = [["Step", "One step on (right arrow)"]];
const LAST = ["Run all", "Do all the steps that are left (End)"];

export function stepper({ signal }, { state, go, picture, forward = STEP, last = LAST, beat = 900 }) {
  const by = (count) => {
    const { step, steps } = state();
    go(Math.max(0, Math.min(step + count, steps)));
  };
  const reset = button("Reset", "Back to the start (Home)", () => by(-Infinity));
  const back = button("Step back", "Undo one step (left arrow)", () => by(-1));
  const nexts = forward.map(([text, title]) => button(text, title, () => by(1)));
  const all = button(...last, () => by(Infinity));
  const play = button("Play", "One step after the other, until you stop it", () => {
    if (playing) return stop();
    const { step, steps } = state();
    if (step === steps) go(0);
    playing = setInterval(() => by(1), beat);
    say(play, "Pause");
  });
  const count = element("span", { className: "bpl-count" });
  let playing;
  const stop = () => {
    playing = clearInterval(playing);
    say(play, "Play");
  };
  signal.addEventListener("abort", stop);
  const KEYS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
  picture?.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    by(KEYS[event.key]);
  });
  const show = () => {
    const { step, steps, next = 0, count: where = `step ${step} of ${steps}` } = state();
    [reset, back].forEach((it) => idle(it, step === 0));
    nexts.forEach((it, i) => idle(it, step === steps || i !== next));
    idle(all, step === steps);
    idle(play, steps === 0);
    if (step === steps && playing) stop();
    say(count, where);
  };
  return { node: group("Steps", reset, back, ...nexts, all, play, count), show };
}

export function stage({ announce }, name, { help, plane, table: facts = [] } = {}) {
  const picture = element("div", { className: "bpl-picture" });
  if (help) Object.assign(picture, { tabIndex: 0, role: "group", ariaLabel: help });
  const sentence = element("p", { className: "bpl-sentence" });
  const sheet = table(...facts);
  const fill = (slot, [name, value]) => {
    if (name === "text") return say(slot, value);
    if (name === "plane") return (slot.innerHTML = plane(value));
    slot.setAttribute(name, attribute(name, value));
  };
  let drawn;
  const show = (drawing, { alt, sentence: words, slots, rows }) => {
    if (drawing !== drawn) picture.innerHTML = drawn = drawing;
    for (const slot of picture.querySelectorAll("[data-slot]")) {
      Object.entries(slots[slot.dataset.slot] ?? {}).forEach((change) => fill(slot, change));
    }
    picture.firstElementChild.setAttribute("aria-label", alt);
    say(sentence, words);
    announce(words);
    sheet.show(() => rows);
  };
  return { picture, sentence, save: saver(picture, name), facts: sheet.node, show };
}

/** As it stands in an SVG: a tenth of a pixel is enough, of an opacity a thousandth. */
function attribute(name, value) {
  if (name === "fill" || name === "stroke") return value === "none" ? value : `var(--bpl-${value})`;
  return typeof value === "number" ? Number(value.toFixed(name.endsWith("opacity") ? 3 : 1)) : value;
}

export function table(caption = "", heads = []) {
  const row = (cells, first) => {
    const made = cells.map((text, i) => (i && !first ? element("td", {}, text) : element("th", { scope: first ?? "row" }, text)));
    return element("tr", {}, ...made);
  };
  const body = element("tbody");
  const sheet = element("table", { className: "bpl-table", ariaLabel: caption }, element("thead", {}, row(heads, "col")), body);
  const node = element("details", { className: "bpl-facts" }, element("summary", {}, caption), sheet);
  let rows = () => [];
  const renew = () => node.open && body.replaceChildren(...rows().map((cells) => row(cells)));
  node.addEventListener("toggle", renew);
  return { node, show: (made) => ((rows = made), renew()) };
}

export function saver(picture, name) {
  return button("Save picture", "Save the picture as it is now, as SVG", () => {
    const svg = picture.querySelector("svg");
    const copy = svg.cloneNode(true);
    const looks = ["fill", "stroke", "stroke-width", "stroke-dasharray", "visibility"]; // what a style sheet may have changed
    const copies = copy.querySelectorAll("*");
    svg.querySelectorAll("*").forEach((it, i) => {
      for (const look of looks) copies[i].setAttribute(look, getComputedStyle(it).getPropertyValue(look));
    });
    const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
    const link = element("a", { href: URL.createObjectURL(file), download: `${name}.svg` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

// ---- numbers and words ----

export function number(x, digits = 4) {
  if (!Number.isFinite(x) || x === 0) return x > 0 ? "∞" : x < 0 ? "−∞" : x === 0 ? "0" : "nan";
  let [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const [halfway, power] = x.toExponential(digits).split("e");
  if (halfway.endsWith("5") && x.toExponential(100).split("e")[0].replace(/0+$/, "") === halfway) {
    const down = halfway.slice(0, -1); // exactly between two roundings: the even one is taken, as in Python
    if (/[02468]\.?$/.test(down)) [mantissa, exponent] = [down, power];
  }
  const text = String(Number(`${mantissa}e${exponent < -4 || exponent >= digits ? 0 : exponent}`));
  const scale = exponent < -4 || exponent >= digits ? `e${exponent[0]}${exponent.slice(1).padStart(2, "0")}` : "";
  return `${text}${scale}`.replaceAll("-", "−");
}

export function compact(x, characters = 7) {
  for (let digits = 4; ; digits--) {
    const text = number(x, digits);
    if (text.length <= characters || digits === 1) return text;
  }
}

export const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

export function fill(template, words) {
  return template.replace(/\{(\(?)(\w+)\)?\}/g, (_, bracket, name) => (bracket ? bracketed(words[name]) : words[name]));
}

export const inWords = (numbers, digits) => Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, number(x, digits)]));

export const wire = (x) => (Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : String(x));

// ---- computing ----

export function influence(g, slope, y) {
  if (g === 0 && y === y) return 0;
  const product = g * slope;
  return product !== product && g === g && slope === slope ? 0 : product;
}

export const program = (text) => new Function(`return ${text}`)();

export function difference(f, point, i, h = 1e-5) {
  h *= Math.max(1e-3, Math.abs(point[i]));
  const [above, below] = [h, -h].map((d) => f(point.with(i, point[i] + d)));
  return (above - below) / (2 * h);
}

export function Random(seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(uniform() * n);
  const permutation = (n) => {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
  return { random: uniform, below, permutation };
}
