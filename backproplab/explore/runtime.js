import { bracketed } from "../notation.py";

// What every explorer is made of. An explorer is a module NAME.js beside its NAME.py, which says what is shown:
//
//     import { explorer, slider, stage } from "./runtime.js";
//     import { shown } from "./NAME.py"; // translate.py writes it as JavaScript; Python joins all texts into one
//     export default explorer((ui) => {                                // build the page once …
//       const { get, set, root, error, state } = ui;
//       const row = slider("h", { low: 0, high: 1, step: 0.01, move: (h) => set({ h }) });
//       const view = stage(ui, "picture");
//       root.append(error, row.node, view.picture, view.sentence);
//       return () => {                                                 // … and show the state whenever it has changed
//         row.show(get("h"));
//         view.show(get("_scene").picture, shown(state));
//       };
//     });
//
// The state lives in the traits, never in the page: so Python, a second view and a page without a kernel see the same.
// What makes a control returns its `node`, and a `show` for the present value.

// ---- the life of a view ----

/**
 * `build` gets get(name) and set({ name: value, … }) for traits, and `state`, whose properties they are; root; error, the
 * error box, to be put beside what causes errors, and fail(sentence), which fills or empties it; announce(sentence) for
 * screen readers once all is at rest; signal, for listeners and timers that end with the view; alone: there is no kernel;
 * and host, which shows other widgets (in a notebook only).
 */
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
    root.addEventListener("keydown", ({ key }) => key === "Escape" && root.closest(".jp-Cell")?.focus(), { signal }); // JupyterLab's again
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

/** An HTML element. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  made.dataset.lmSuppressShortcuts = ""; // keys pressed here are ours, not JupyterLab's
  return made;
}

/** Sets a text, if it differs; never markup. */
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

/** A row of controls. */
export function group(label, ...children) {
  return element("div", { className: "bpl-group", role: "group", ariaLabel: label }, ...children);
}

/** What is needed less often: the last rows of an explorer, the more important ones first. A deck hides them at first. */
export function more(...rows) {
  return element("div", { className: "bpl-more" }, ...rows);
}

/**
 * `move` gets finite numbers only, with `whole` whole ones from low to high; show(value, high) may set the range. The
 * range widens as long as a value needs it. With `log`, low, high and step are powers of ten. `aside` is for words beside it.
 */
export function slider(name, { low = -5, high = 5, step = 0.05, move, unit = "", whole, log }) {
  const [there, back] = log ? [Math.log10, (at) => Number((10 ** at).toPrecision(3))] : [(x) => x, (x) => x];
  const range = element("input", { type: "range", className: "bpl-slider", ariaLabel: `${name}, slider` });
  const exact = element("input", { type: "number", step: "any", className: "bpl-exact", ariaLabel: `${name}, exact value` });
  const aside = element("span", { className: "bpl-aside" });
  let shown;
  const pass = (x) => move(whole ? Math.max(low, Math.min(Math.round(x), high)) + 0 : x + 0); // + 0: −0 becomes 0
  range.addEventListener("input", () => {
    range.focus({ preventScroll: true }); // a mouse may move it before it has the focus
    pass(back(range.valueAsNumber));
  });
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

/** Radio buttons in a row, for options { key: text }: from Python as pairs, as a saved notebook sorts keys. */
export function choice(label, options, choose) {
  const name = freshId();
  const radios = Object.keys(options).map((value) => element("input", { type: "radio", name, value }));
  const labels = radios.map((radio) => element("label", { className: "bpl-option" }, radio, options[radio.value]));
  const node = element("fieldset", { className: "bpl-choice" }, element("legend", {}, label), ...labels);
  node.addEventListener("change", (event) => choose(event.target.value));
  const show = (key) => radios.forEach((radio) => (radio.checked = radio.value === key));
  return { node, show };
}

/**
 * A text box for the `expression`, which only Python can read: it is sent on Enter, on leaving, and when typing pauses.
 * Show it after fail(…): it says if Python is silent.
 */
export function asked({ get, set, error, fail, signal, alone }, label) {
  const what = label.toLowerCase();
  const note = `There is no Python behind this page, so it keeps this ${what}; in a notebook you can type another one.`;
  const silent = `Python does not answer: everything else works, but for another ${what} run this cell again.`;
  const input = element("input", { type: "text", className: "bpl-text", spellcheck: false, autocomplete: "off", disabled: alone });
  input.setAttribute("aria-describedby", error.id);
  let pause, waiting, waited;
  signal.addEventListener("abort", () => clearTimeout(waiting));
  const send = () => {
    clearTimeout(pause);
    if (!input.isConnected || input.value === get("expression")) return; // as when the box is left after Enter
    set({ expression: input.value });
    clearTimeout(waiting);
    waited = false;
    waiting = setTimeout(() => ((waited = true), show()), 5000);
  };
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(send, 700);
  });
  input.addEventListener("change", send);
  input.addEventListener("keydown", (event) => event.key === "Enter" && send());
  const show = () => {
    if (waited && get("_answer").text !== get("expression")) fail(silent);
    input.setAttribute("aria-invalid", error.textContent !== "");
    if (document.activeElement !== input) input.value = get("expression");
  };
  const box = element("label", { className: "bpl-label" }, label, input);
  return { nodes: [box, element("p", { className: "bpl-quiet", hidden: !alone }, note)], show };
}

/** The same for a TypedExplorer (typed.py), with its `choices`, and the scene of what is to be shown. */
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

/**
 * Reset, back, on, all, play; and arrow keys, Home and End on `picture`. state() is { step, steps, next, count }: `next` is
 * which of the buttons `forward` does the next step, `count` says where we are. go(step) sets it, `last` goes to the end.
 * `open`: what is shown at the end waits for somebody's choice. The view's root gets both as its `story`, which slides tell.
 */
export function stepper({ root, signal }, { state, go, picture, forward = STEP, last = LAST, beat = 900 }) {
  root.story = { state, go };
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

/**
 * A picture that Python drew, with slots (see slots.py), the sentence under it, a button that saves it as `name`, and a table
 * with a caption and heads. show(drawing, { alt, sentence, slots, rows }) fills them. With `help` the picture can have the
 * focus, and that is its label; `plane` draws planes.
 */
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

/** The same facts to read; made only while it is open. */
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

/** A button that saves the svg inside `picture` as it looks now. */
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

/** As in notation.py, and so is `fill`. */
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

export function fill(template, words) {
  return template.replace(/\{(\(?)(\w+)\)?\}/g, (_, bracket, name) => (bracket ? bracketed(words[name]) : words[name]));
}

// ---- computing ----

/** The function that program.py wrote. */
export const program = (text) => new Function(`return ${text}`)();

/** As in random.py. */
export class Mulberry {
  constructor(seed) {
    this.state = seed;
  }
  random() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
