import {
  bracketed, button, choice, compact, difference, element, explorer, fill, group, influence, number, program, saver, say,
  slider, stepper, table, textBox,
} from "./runtime.js";

// The page of a GraphExplorer. `_scene` is what Python made of the expression: a drawing with a slot for every number, a
// program that computes them, and templates for what is said. A node is its place in `_scene.nodes`.

const PATIENCE = 5000; // milliseconds without an answer after which there is no kernel

export default explorer((ui) => {
  const { get, set, root, error, fail, announce, signal, alone } = ui;
  let scene, drawing; // what Python sent last, and its picture in the page
  let now; // all that is known about the present state; after an impossible move, about the one before
  let rows = new Map();
  let waiting;
  signal.addEventListener("abort", () => clearTimeout(waiting));

  // ---- the controls ----

  const box = textBox("Expression", error, (expression) => {
    set({ expression });
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (get("_answer").text === get("expression")) return;
      fail("Python does not answer: everything else works, but for a new expression run this cell again.");
    }, PATIENCE);
  });
  box.input.disabled = alone;
  const why = element("p", { className: "bpl-quiet", hidden: !alone });
  say(why, "There is no Python behind this page, so it keeps this expression; in a notebook you can type another.");
  const formula = element("div", { className: "bpl-formula" });
  const picture = element("div", { className: "bpl-picture", tabIndex: 0, role: "group" });
  picture.ariaLabel = "Computation graph. Left and right arrow step; up and down arrow go to a node, Enter jumps to its step.";
  const sentence = element("p", { className: "bpl-sentence" });
  const verdict = element("p", { className: "bpl-verdict" });
  const steps = stepper(ui, {
    state: () => ({ step: now.step, steps: now.story.length, next: Number(now.step >= now.forward) }),
    go: (step) => set({ step }),
    picture,
    forward: [
      ["Forward", "Compute the next node (right arrow)"],
      ["Backward", "Send the gradient through the next edge (right arrow)"],
    ],
  });
  const engines = Object.entries(get("_scene").engines).map(([name, { label }]) => [name, label]);
  const engine = choice("Engine", Object.fromEntries(engines), (engine) => {
    const atEnd = now.step === now.story.length;
    const fresh = { engine, earlier: get("values"), order: [] };
    const { story, forward } = compute(fresh);
    const step = engine === "yours" ? forward + 1 : atEnd ? story.length : Math.min(now.step, story.length);
    set({ ...fresh, step });
  });
  const again = button("New order", "Forget your order and choose again", () => set({ order: [], step: now.forward + 1 }));
  const variables = element("div");
  const facts = table("Table of all numbers", ["node", "formula", "value", "slopes", "gradient"]);
  root.append(
    box.node, why, error, formula, steps.node, picture, sentence, verdict, engine.node, variables,
    group("More", again, saver(picture, "graph")), facts.node,
  );

  // ---- going to a node ----

  const goTo = (node) => {
    if (now.engine === "yours" && now.step > now.forward) {
      if (!scene.nodes[node].inputs.length || !scene.nodes[node].moves) {
        return say(sentence, fill(scene.words.nothing, { node: scene.nodes[node].name }));
      }
      const order = [...get("order"), scene.nodes[node].name];
      return set({ order, step: compute({ order }).story.length });
    }
    const forward = now.story.findIndex((step) => step.node === node && step.phase === "forward") + 1;
    const backward = now.story.findLastIndex((step) => step.node === node && step.phase === "backward") + 1;
    const places = (now.step > now.forward ? [backward, forward] : [forward, backward]).filter((place) => place);
    const place = places.find((place) => place !== now.step);
    if (place) set({ step: place });
  };
  const nodeAt = (target) => drawing.boxes.findIndex((it) => it && it === target.closest("[data-node]"));
  picture.addEventListener("click", ({ target }) => nodeAt(target) >= 0 && goTo(nodeAt(target)));
  picture.addEventListener("keydown", (event) => {
    const here = nodeAt(event.target);
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way) {
      let next = here < 0 && way < 0 ? scene.nodes.length : here;
      do next += way;
      while (scene.nodes[next] && !drawing.boxes[next]);
      (drawing.boxes[next] ?? picture).focus();
    } else if ((event.key === "Enter" || event.key === " ") && here >= 0) goTo(here);
    else return;
    event.preventDefault();
  });

  // ---- computing ----

  /** Everything about one state: `changes` take the place of traits. */
  function compute(changes = {}) {
    const trait = (name) => changes[name] ?? get(name);
    const at = (values) => scene.leaves.map((leaf) => values[scene.nodes[leaf].name] ?? NaN);
    const [engine, values, earlier] = [trait("engine"), at(trait("values")), at(trait("earlier"))];
    const found = scene.run(engine === "stale" ? earlier : values);
    const leftover = new Map();
    if (engine === "leftover") {
      const before = scene.run(earlier).gradients;
      scene.leaves.forEach((leaf) => leftover.set(leaf, before[leaf]));
    }
    const story = [];
    scene.nodes.forEach(({ inputs }, node) => inputs.length && story.push({ phase: "forward", node, value: found.values[node] }));
    const forward = story.length;
    const state = { engine, values, earlier, found, leftover, story, forward };
    if (scene.nodes.at(-1).moves) walk(state, visits(engine, trait("order")));
    return { ...state, step: Math.min(trait("step"), story.length) };
  }

  const handsOn = ({ inputs, moves }) => moves && inputs.length > 0;

  function visits(engine, order) {
    if (engine === "unordered") return scene.recursion;
    if (engine === "yours") return order.map((name) => scene.nodes.findIndex((node) => handsOn(node) && node.name === name));
    return scene.nodes.map((_, i) => i).filter((i) => handsOn(scene.nodes[i])).reverse();
  }

  /** The backward steps in this order of visits (`walk` in story.py, `backward` in engines.py). */
  function walk({ engine, found, leftover, story }, order) {
    const gradient = new Map(leftover);
    const gone = new Set();
    const give = (node, contribution, overwrite, more) => {
      const before = gradient.get(node);
      const total = before === undefined || overwrite ? contribution : before + contribution;
      gradient.set(node, total);
      story.push({ phase: "backward", node, contribution, before, total, ...more });
    };
    give(scene.nodes.length - 1, 1, false, {});
    for (const through of order) {
      const missing = scene.uses[through].filter(([use]) => !gone.has(use)).map(([use]) => scene.nodes[use].name);
      const remark = gone.has(through) ? "again" : missing.length ? "early" : "";
      scene.nodes[through].inputs.forEach((node, port) => {
        if (!scene.nodes[node].moves) return;
        const edge = scene.nodes[through].edge + port;
        const [slope, upstream] = [found.slopes[edge], gradient.get(through) ?? 0];
        const contribution = influence(upstream, slope, found.values[through]);
        give(node, contribution, engine === "overwrite", { through, edge, slope, upstream, remark, missing });
      });
      gone.add(through);
    }
  }

  /** What the picture shows after the present step (`State.after` in draw/graphs.py). */
  function picturedState() {
    const { story, step, found, leftover } = now;
    const values = new Map();
    scene.nodes.forEach(({ inputs }, i) => inputs.length || values.set(i, found.values[i]));
    scene.leaves.forEach((leaf, i) => values.set(leaf, now.values[i]));
    const backward = step > now.forward;
    const gradients = new Map(backward ? leftover : []);
    const contributions = new Map();
    for (const { phase, node, value, edge, contribution, total } of story.slice(0, step)) {
      if (phase === "forward") values.set(node, value);
      else gradients.set(node, total);
      if (edge !== undefined) contributions.set(edge, contribution);
    }
    return { values, gradients, contributions, slopes: backward ? found.slopes : [], last: story[step - 1] ?? {} };
  }

  // ---- words ----

  const name = (node) => scene.nodes[node]?.name;
  const point = (values) => scene.leaves.map((leaf, i) => `${name(leaf)} = ${number(values[i])}`).join(", ");
  const filled = ({ filled, inputs }, values) => fill(filled, inputs.map((x) => number(values[x])));

  function told({ phase, node, value, through, remark, missing, ...numbers }) {
    if (!phase) return scene.opening;
    const { name: called, written } = scene.nodes[node];
    if (phase === "forward") {
      const forms = [called, written, filled(scene.nodes[node], now.found.values), number(value)];
      return `${[...new Set(forms)].join(" = ")}.`;
    }
    if (through === undefined) return fill(scene.words.start, { node: called });
    const { words } = scene;
    const had = numbers.before === undefined ? "" : now.engine === "overwrite" ? words.overwritten : words.added;
    return fill(`${words.edge}${had}.${words[remark] ?? ""}`, {
      ...Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, number(x ?? NaN)])),
      through: name(through), written: scene.nodes[through].written, node: called,
      missing: missing.join(", "), due: number(now.found.gradients[through] ?? NaN),
    });
  }

  function judged({ gradients }) {
    if (now.step < now.story.length || !scene.nodes.at(-1).moves) return "";
    const { words, engines } = scene;
    const done = new Set(get("order"));
    const missing = scene.nodes.filter((node) => handsOn(node) && !done.has(node.name)).map(({ name }) => name);
    if (now.engine === "yours" && missing.length) return fill(words.choose, { missing: missing.join(", ") });
    const here = scene.run(now.values);
    const agree = (a, b) =>
      !(Math.abs(a - b) > 1e-4 * Math.max(Math.abs(a), Math.abs(b)) + 1e-7 * Math.max(1, Math.abs(here.values.at(-1))));
    const more = { earlier: point(now.earlier), calls: scene.calls };
    let sentences = [];
    let wrong = false;
    scene.leaves.forEach((leaf, i) => {
      const [gradient, nudged] = [gradients.get(leaf) ?? 0, nudge(i)];
      const told = { node: name(leaf), found: number(gradient), nudged: number(nudged) };
      if (Number.isNaN(nudged)) return;
      if (!agree(here.gradients[leaf], nudged)) sentences.push(fill(words.corner, told));
      else if (!agree(gradient, nudged)) wrong = Boolean(sentences.push(fill(words.differs, told)));
    });
    sentences = sentences.slice(0, 3);
    const { wrong: reason, lucky } = engines[now.engine];
    if (wrong) sentences.push(fill(reason, more));
    else if (!sentences.length) sentences.push(`${words.agrees}${lucky ? `, ${fill(lucky, more)}` : ""}.`);
    return sentences.join(" ");
  }

  const nudge = (i) => difference((at) => scene.run(at).values.at(-1), now.values, i);

  // ---- showing ----

  function draw() {
    scene = { ...get("_scene") };
    scene.run = program(scene.program);
    scene.uses = scene.nodes.map(() => []); // the node and the edge of each use through which a gradient comes
    let edge = 0;
    scene.nodes = scene.nodes.map((node, i) => ({ ...node, edge: (edge += node.inputs.length) - node.inputs.length, i }));
    for (const { inputs, moves, edge, i } of scene.nodes) {
      inputs.forEach((x, port) => moves && scene.nodes[x].moves && scene.uses[x].push([i, edge + port]));
    }
    formula.innerHTML = scene.mathml;
    picture.innerHTML = scene.picture;
    drawing = pictureOf(picture.firstElementChild, scene.nodes);
    now = undefined;
  }

  function showPicture(state) {
    const at = scene.leaves.length ? ` at ${point(now.engine === "stale" ? now.earlier : now.values)}` : "";
    const output = scene.nodes.length - 1;
    const known = scene.leaves.filter((leaf) => state.gradients.has(leaf));
    const facts = [
      ...(state.values.has(output) ? [`output ${number(state.values.get(output))}`] : []),
      ...known.map((leaf) => `gradient of ${name(leaf)} ${number(state.gradients.get(leaf))}`),
    ];
    drawing.svg.setAttribute("aria-label", `graph of ${scene.formula}${at}: ${facts.join(", ") || "nothing computed yet"}`);
    scene.nodes.forEach((node, i) => drawing.showNode(node, state, scene.uses[i].map(([, edge]) => edge)));
    drawing.edges.forEach((edge) => edge && drawing.showEdge(edge, state));
  }

  function showVariables({ gradients }) {
    const values = get("values");
    const names = Object.keys(values);
    if (names.join("\n") !== [...rows.keys()].join("\n") || scene !== rows.scene) {
      rows = new Map(names.map((name) => [name, slider(name, { move: (x) => set({ values: { ...get("values"), [name]: x } }) })]));
      rows.scene = scene;
      variables.replaceChildren(...[...rows.values()].map((row) => row.node));
    }
    for (const [called, row] of rows) {
      row.show(values[called]);
      const i = scene.leaves.findIndex((leaf) => name(leaf) === called);
      const gradient = gradients.get(scene.leaves[i]);
      row.aside.replaceChildren();
      if (gradient === undefined || now.values[i] !== values[called]) continue;
      const words = Number.isNaN(gradient) ? "it has none" : number(gradient);
      const more = now.story.slice(now.step).some(({ node }) => node === scene.leaves[i]);
      row.aside.append(`gradient of ${name(scene.nodes.length - 1)} in ${called}: `);
      row.aside.append(element("b", { className: "bpl-gradient" }, more ? `${words} so far` : words));
      if (more) continue; // another path is still to come
      const nudged = nudge(i);
      row.aside.append(element("span", { className: "bpl-quiet" }, ` by nudging: ${Number.isNaN(nudged) ? "not possible here" : number(nudged, 6)}`));
    }
  }

  function tableRows({ values, gradients, slopes }) {
    const say = (x) => (x === undefined || x === null ? "" : number(x));
    return () =>
      scene.nodes.map(({ name: called, written, inputs, edge }, i) => {
        const sloped = inputs.map((x, port) => (slopes[edge + port] == null ? "" : `${number(slopes[edge + port])} to ${name(x)}`));
        return [called, inputs.length ? written : "", say(values.get(i)), sloped.filter(Boolean).join(", "), say(gradients.get(i))];
      });
  }

  return () => {
    if (!scene || scene.program !== get("_scene").program || scene.text !== get("_scene").text) draw();
    const found = compute();
    const { undefined: bad } = found.found;
    now = bad < 0 ? found : now ?? compute({ values: Object.fromEntries(scene.leaves.map((leaf, i) => [name(leaf), scene.point[i]])) });
    now.step = found.step;
    const impossible = bad < 0 ? "" : `${filled(scene.nodes[bad], found.found.values)} has no value: ${scene.nodes[bad].needs}.`;
    fail(get("_answer").error || impossible);
    const state = picturedState();
    box.show(get("expression"));
    showPicture(state);
    steps.show();
    engine.show(now.engine);
    again.hidden = now.engine !== "yours";
    say(sentence, told(state.last));
    say(verdict, judged(state));
    announce(`${sentence.textContent} ${verdict.textContent}`);
    showVariables(state);
    facts.show(tableRows(state));
  };
});

// ---- the picture that Python drew ------------------------------------------------------------------

function pictureOf(svg, nodes) {
  const boxes = new Map([...svg.querySelectorAll("[data-node]")].map((it) => [it.dataset.node, it]));
  const arrows = new Map([...svg.querySelectorAll("[data-edge]")].map((it) => [it.dataset.edge, it]));
  const pills = new Map([...svg.querySelectorAll("[data-label]")].map((it) => [it.dataset.label, it]));
  const slot = (it, role) => it?.querySelector(`[data-role="${role}"]`);
  const shown = nodes.map(({ name, moves, inputs }) => {
    const box = boxes.get(name);
    const [value, gradient, sum] = ["value", "gradient", "sum"].map((role) => slot(box, role));
    return box && (moves || inputs.length) && { box, value, gradient, sum };
  });
  const edges = nodes.flatMap(({ name, inputs, i, edge }) =>
    inputs.map((x, port) => {
      const key = `${nodes[x].name}>${name}:${port}`;
      const pill = pills.get(key);
      const text = slot(pill, "slope");
      return { target: i, edge: edge + port, arrow: arrows.get(key), pill, text, rect: pill?.querySelector("rect"), x: Number(text?.getAttribute("x")) };
    }),
  );
  const [left, , width] = svg.viewBox.baseVal ? [svg.viewBox.baseVal.x, 0, svg.viewBox.baseVal.width] : [];
  const put = (it, x) => it && (say(it, x === undefined ? "·" : compact(x)), it.classList.toggle("bpl-unknown", x === undefined));
  const mark = (it, state) => it && it.dataset.state !== state && (it.dataset.state = state);

  svg.style.minWidth = `${0.6 * svg.width.baseVal.value}px`; // in a narrow window it scrolls before it becomes unreadable
  svg.setAttribute("role", "group");
  shown.forEach((it, i) => {
    if (!it) return;
    Object.assign(it.box, { role: "button", ariaLabel: nodes[i].name }).setAttribute("tabindex", -1);
    it.box.dataset.lmSuppressShortcuts = "";
  });
  return {
    svg,
    boxes: shown.map((it) => it?.box),
    edges,
    showNode({ i }, { values, gradients, contributions, last }, uses) {
      const it = shown[i];
      if (!it) return;
      put(it.value, values.get(i));
      put(it.gradient, gradients.get(i));
      if (it.sum) {
        const text = sumOf([...contributions].filter(([edge]) => uses.includes(edge)).map(([, x]) => x), uses.length, gradients.get(i));
        say(it.sum, text);
        say(it.sum.previousElementSibling, text && "=");
      }
      const known = gradients.size ? gradients.has(i) && uses.every((edge) => contributions.has(edge)) : values.has(i);
      mark(it.box, last.node === i ? "active" : known ? "done" : "waiting");
    },
    showEdge({ target, edge, arrow, pill, text, rect, x }, { slopes, gradients, contributions, last }) {
      const active = last.phase === "backward" ? last.edge === edge : last.node === target;
      mark(arrow, active ? "active" : contributions.has(edge) ? "done" : "waiting");
      if (!pill) return;
      const slope = slopes[edge];
      pill.setAttribute("visibility", slope == null ? "hidden" : "visible");
      if (slope == null) return;
      const through = last.phase === "backward" && active;
      const [plain, upstream, part] = [slope, last.upstream, last.contribution].map((x) => (x === undefined ? "" : compact(x)));
      say(text, through ? `${bracketed(plain)} × ${bracketed(upstream)} = ${part}` : plain);
      mark(pill, through ? "active" : "");
      const wide = (text) => Math.ceil(text.length * 7.3) + 8;
      const shown = wide(text.textContent);
      const centre = Math.min(Math.max(x, left + shown / 2 + 2), left + width - shown / 2 - 2);
      text.setAttribute("x", centre);
      rect.setAttribute("width", shown);
      rect.setAttribute("x", centre - shown / 2);
    },
  };
}

/** The terms of a gradient that several uses give parts of (`sum_text` in draw/cards.py). */
function sumOf(terms, count, gradient) {
  const [total, size] = [terms.reduce((a, b) => a + b, 0), terms.reduce((a, b) => a + Math.abs(b), 0)];
  if (!terms.length || Math.abs(total - gradient) > 1e-6 * size) return "";
  for (const digits of [4, 3, 2]) {
    const texts = [...terms.map((x) => number(x, digits)), ...Array(count - terms.length).fill("·")];
    const text = [texts[0], ...texts.slice(1).map(bracketed)].join(" + ");
    if (text.length <= 15) return text;
  }
  return terms.length === count ? `sum of ${count}` : `${terms.length} of ${count} so far`;
}
