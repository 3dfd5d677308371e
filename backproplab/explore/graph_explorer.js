// The page of a GraphExplorer: Python computes and describes (`_view`), this shows it and passes on what
// the learner does. Every control is a native one, so the keyboard works without code.

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  made.dataset.lmSuppressShortcuts = ""; // keys pressed here are ours, not JupyterLab's
  return made;
}

function pageTheme() {
  const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false" ? "dark" : "light";
  return vscodeThemeKind?.includes("dark") ? "dark" : "light";
}

function expressionBox(set) {
  const input = element("input", { type: "text", className: "bpl-expression", spellcheck: false });
  const error = element("p", { className: "bpl-error", role: "alert", id: `bpl-error-${Math.random().toString(36).slice(2)}` });
  input.setAttribute("aria-describedby", error.id);
  let pause;
  const send = () => {
    clearTimeout(pause);
    set("expression", input.value);
  };
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(send, 700);
  });
  input.addEventListener("change", send);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") send();
  });
  const label = element("label", { className: "bpl-label" }, "Expression ", input);
  return { input, error, node: element("div", {}, label, error) };
}

function variableRow(name, move) {
  const slider = element("input", { type: "range", step: "0.05", className: "bpl-slider" });
  const exact = element("input", { type: "number", step: "any", className: "bpl-exact" });
  const gradient = element("span", { className: "bpl-gradient" });
  let sent, shown; // the number last passed on, until it is answered; the number last shown
  const pass = (value) => move(name, (sent = value));
  slider.setAttribute("aria-label", `${name}, slider`);
  exact.setAttribute("aria-label", `${name}, exact value`);
  slider.dataset.variable = exact.dataset.variable = gradient.dataset.variable = name;
  slider.addEventListener("input", () => pass(slider.valueAsNumber));
  exact.addEventListener("change", () => {
    if (!Number.isFinite(exact.valueAsNumber)) exact.value = shown;
    else if (exact.valueAsNumber !== shown) pass(exact.valueAsNumber);
  });
  const node = element("div", { className: "bpl-variable" });
  node.append(element("span", { className: "bpl-name" }, name), slider, exact, gradient);
  const show = ({ value, low, high, gradient: slope, difference }, output) => {
    if (value === sent) sent = undefined; // the answer to the last move; an earlier one must not pull the slider back
    if (sent === undefined) {
      Object.assign(slider, { min: low, max: high });
      slider.value = shown = value;
      if (document.activeElement !== exact) exact.value = value;
    }
    gradient.replaceChildren();
    if (slope === undefined) return;
    const of = element("span", {}, `gradient of ${output} in ${name}: `);
    const found = element("b", { className: "bpl-number" }, slope);
    gradient.append(of, found);
    if (difference === undefined) return;
    gradient.append(element("span", { className: "bpl-check" }, ` by nudging: ${difference}`));
  };
  return { node, show };
}

function buttons(go) {
  const make = (text, title, action) => {
    const made = element("button", { type: "button", className: "bpl-button", title }, text);
    made.addEventListener("click", () => go(action));
    return made;
  };
  const controls = {
    reset: make("Reset", "Back to the start (Home)", "reset"),
    back: make("Step back", "Undo one step (left arrow)", "back"),
    forward: make("Forward", "Compute the next node (right arrow)", "forward"),
    backward: make("Backward", "Send the gradient through the next edge (right arrow)", "backward"),
    all: make("Run all", "Do all the steps that are left (End)", "all"),
  };
  const count = element("span", { className: "bpl-count" });
  const node = element("div", { className: "bpl-buttons", role: "group" }, ...Object.values(controls), count);
  node.setAttribute("aria-label", "Steps");
  return { ...controls, count, node };
}

const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "reset", End: "all" };

const PATIENCE = 5000; // milliseconds without an answer after which there is no kernel, as in a reopened notebook

function render({ model, el }) {
  let waiting;
  const set = (name, value) => {
    if (JSON.stringify(model.get(name)) === JSON.stringify(value)) return;
    model.set(name, value);
    model.save_changes();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      showError("Python does not answer: run this cell again to bring the explorer to life.");
    }, PATIENCE);
  };
  const go = (action) => {
    const step = model.get("step");
    const { steps, forward } = model.get("_view");
    const possible = { forward: step < forward, backward: step >= forward }[action] ?? true;
    if (!possible) return;
    const wanted = { reset: 0, back: step - 1, all: steps }[action] ?? step + 1;
    set("step", Math.max(0, Math.min(wanted, steps)));
  };
  const move = (name, value) => set("values", { ...model.get("values"), [name]: value });

  const box = expressionBox(set);
  const formula = element("div", { className: "bpl-formula" });
  const picture = element("div", { className: "bpl-picture", tabIndex: 0 });
  picture.setAttribute("aria-label", "Computation graph. Arrow keys step through it.");
  picture.setAttribute("role", "group");
  const sentence = element("p", { className: "bpl-sentence" });
  sentence.setAttribute("aria-live", "polite");
  const controls = buttons(go);
  const variables = element("div", { className: "bpl-variables" });

  el.classList.add("bpl-explorer");
  picture.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    go(KEYS[event.key]);
  });
  el.append(box.node, formula, controls.node, picture, sentence, variables);

  let rows = new Map();
  const showVariables = (wanted, output) => {
    const names = wanted.map((variable) => variable.name);
    if (JSON.stringify(names) !== JSON.stringify([...rows.keys()])) {
      rows = new Map(names.map((name) => [name, variableRow(name, move)]));
      variables.replaceChildren(...[...rows.values()].map((row) => row.node));
    }
    for (const variable of wanted) rows.get(variable.name).show(variable, output);
  };
  const showError = (sentence) => {
    if (box.error.textContent !== sentence) box.error.textContent = sentence; // a screen reader reads every change
    box.input.setAttribute("aria-invalid", sentence !== "");
  };

  const show = () => {
    const view = model.get("_view");
    clearTimeout(waiting);
    showError(view.error);
    formula.innerHTML = view.formula;
    picture.innerHTML = view.picture;
    const svg = picture.firstElementChild; // in a narrow window it scrolls before it becomes unreadable
    svg.style.minWidth = `${0.6 * svg.width.baseVal.value}px`;
    sentence.textContent = view.sentence;
    const idle = (button, yes) => button.setAttribute("aria-disabled", yes); // keeps the keyboard's focus
    idle(controls.reset, view.step === 0);
    idle(controls.back, view.step === 0);
    idle(controls.forward, view.step >= view.forward);
    idle(controls.backward, view.step < view.forward || view.step === view.steps);
    idle(controls.all, view.step === view.steps);
    controls.count.textContent = `step ${view.step} of ${view.steps}`;
    showVariables(view.variables, view.output);
  };
  const showExpression = () => {
    if (document.activeElement !== box.input) box.input.value = model.get("expression");
  };
  const showTheme = () => {
    if (model.get("theme") !== pageTheme()) set("theme", pageTheme());
  };

  model.on("change:_view", show);
  model.on("change:expression", showExpression);
  const themes = new MutationObserver(showTheme);
  themes.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  showExpression();
  show();
  showTheme();
  return () => {
    themes.disconnect();
    clearTimeout(waiting);
    model.off("change:_view", show);
    model.off("change:expression", showExpression);
  };
}

export default { render };
