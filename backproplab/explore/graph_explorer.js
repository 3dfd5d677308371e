import { asked, button, choice, element, explorer, fill, group, program, say, slider, stage, stepper } from "./runtime.js";
import { filled_in, passes, shown } from "./engines.py";

// `_scene` is what Python made of the expression: a drawing with slots, a program that computes its numbers, and the
// graph as engines.py takes it. A node is its place in there, and part of the name of its slots.

export default explorer((ui) => {
  const { get, set, root, error, fail, announce } = ui;
  const { words, labels } = get("_scene");
  let scene, names, run; // what Python sent last, its variables, and the program in it
  let both, step; // both passes and the step that are shown; after an impossible move, those before
  let rows = [];

  const box = asked(ui, "Expression");
  const formula = element("div", { className: "bpl-formula" });
  const note = element("p", { className: "bpl-quiet" });
  const verdict = element("p", { className: "bpl-verdict" });
  const view = stage(ui, "graph", {
    help: words.help, table: ["Table of all numbers", ["node", "formula", "value", "slopes", "gradient"]],
  });
  const steps = stepper(ui, {
    state: () => ({ step, steps: both.steps.length, next: Number(step >= both.forward), open: both.engine === "yours" }),
    go: (step) => set({ step }),
    picture: view.picture,
    forward: [
      ["Forward", "Compute the next node (right arrow)"],
      ["Backward", "Send the gradient through the next edge (right arrow)"],
    ],
  });
  const engine = choice("Engine", Object.fromEntries(labels), (engine) => {
    const fresh = { engine, earlier: get("values"), order: [] };
    const { steps, forward } = compute(fresh);
    const atEnd = step === both.steps.length;
    set({ ...fresh, step: engine === "yours" ? forward + 1 : atEnd ? steps.length : Math.min(step, steps.length) });
  });
  const again = button("New order", "Forget your order and choose again", () => set({ order: [], step: both.forward + 1 }));
  const variables = element("div");
  const side = element("div", { className: "bpl-side" }, variables, engine.node, verdict, group("More", again, view.save));
  const pair = element("div", { className: "bpl-stage" }, view.picture, side);
  root.append(...box.nodes, error, formula, note, steps.node, view.sentence, pair, view.facts);

  /** Both passes in the present state, but for these changes of traits. */
  function compute(changes = {}, point = both?.point ?? scene.point) {
    const trait = (name) => changes[name] ?? get(name);
    const at = (values) => names.map((name, i) => values[name] ?? point[i]); // if they are those of another expression
    return passes(scene, run, trait("engine"), at(trait("values")), at(trait("earlier")), trait("order"));
  }

  // ---- going to a node ----

  function goTo(node) {
    const { name, hands } = scene.nodes[node];
    if (both.engine === "yours" && step > both.forward) {
      if (!hands) return say(verdict, fill(words.nothing, { node: name }));
      const begun = get("order").filter((_, i, order) => compute({ order: order.slice(0, i) }).steps.length < step);
      const order = [...begun, name]; // stepping back has taken back the others
      return set({ order, step: compute({ order }).steps.length });
    }
    const at = (phase) => both.steps.findLastIndex((it) => it.node === node && it.phase === phase) + 1;
    const places = (step > both.forward ? ["backward", "forward"] : ["forward", "backward"]).map(at);
    set({ step: places.find((place) => place && place !== step) ?? step });
  }
  const boxOf = ({ target }) => target.closest("[role=button]");
  const go = (box) => goTo(Number(box.dataset.slot.split(" ")[1]));
  view.picture.addEventListener("click", (event) => boxOf(event) && go(boxOf(event)));
  view.picture.addEventListener("keydown", (event) => {
    const here = boxOf(event);
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      const boxes = [...view.picture.querySelectorAll("[role=button]")];
      const place = boxes.indexOf(here);
      boxes.at(event.key === "ArrowDown" ? (place + 1) % boxes.length : Math.max(place, 0) - 1)?.focus();
    } else if (["Enter", " "].includes(event.key) && here) go(here);
    else return;
    event.preventDefault();
  });

  // ---- showing ----

  function renew() {
    scene = get("_scene");
    names = scene.leaves.map((leaf) => scene.nodes[leaf].name);
    run = program(scene.program);
    formula.innerHTML = scene.mathml;
    say(note, scene.note);
    note.hidden = !scene.note;
    both = undefined;
  }

  function showVariables(asides) {
    const values = get("values");
    const given = [...new Set([...names.filter((name) => name in values), ...Object.keys(values)])]; // a saved notebook has sorted them
    if (given.join("\n") !== rows.map(({ name }) => name).join("\n")) {
      const move = (name) => (x) => set({ values: { ...get("values"), [name]: x } });
      const row = (name) => rows.find((row) => row.name === name) ?? { name, ...slider(name, { move: move(name) }) };
      rows = given.map(row); // somebody may be typing in one
      variables.replaceChildren(...rows.map(({ node }) => node));
    }
    for (const { name, show, aside } of rows) {
      show(values[name]);
      const i = names.indexOf(name);
      const [text, gradient, nudged] = (both.point[i] === values[name] && asides[i]) || ["", "", ""];
      const parts = [element("b", { className: "bpl-gradient" }, gradient), element("span", { className: "bpl-quiet" }, nudged)];
      aside.replaceChildren(text, ...parts);
    }
  }

  return () => {
    if (scene !== get("_scene")) renew();
    const next = compute();
    const bad = scene.nodes[next.found.undefined];
    both = bad ? (both ?? compute({ values: {} })) : next;
    step = Math.min(get("step"), both.steps.length);
    fail(get("_answer").error || (bad ? `${filled_in(bad, next.found.values)} has no value: ${bad.needs}.` : ""));
    const now = shown(scene, run, both, step);
    box.show();
    view.show(scene.picture, now);
    const all = (selector) => [...view.picture.querySelectorAll(`${selector}[data-state=active]`)];
    view.picture.querySelector("[data-node]").before(...all("[data-edge]")); // on top of what they cross
    view.picture.firstElementChild.append(...all("[data-label]"));
    steps.show();
    engine.show(both.engine);
    again.hidden = both.engine !== "yours";
    say(verdict, now.verdict);
    announce(`${now.sentence} ${now.verdict}`);
    showVariables(now.asides);
  };
});
