import {
  bracketed, button, choice, compact, difference, element, explorer, fill, group, influence, number, program, saver, say,
  slider, stepper, table, textBox,
} from "./runtime.js";

// `_scene` is what Python made of the expression: a drawing with a slot for every number, a program that computes them,
// and templates for what is said. A node or an edge is its place in `_scene`; a number that is not there is undefined.

const PATIENCE = 5000; // milliseconds without an answer after which there is no kernel
const HELP = "Computation graph. Left and right arrow step, up and down arrow go to a node, Enter takes you to its step.";
const ALONE = "There is no Python behind this page, so it keeps this expression; in a notebook you can type another one.";
const SILENT = "Python does not answer: everything else works, but for another expression run this cell again.";

export default explorer((ui) => {
  const { get, set, root, error, fail, announce, signal, alone } = ui;
  let scene, picture; // what Python sent last, and its drawing
  let now; // the state that is shown; after an impossible move, the one before
  let rows = [];
  let waiting;
  signal.addEventListener("abort", () => clearTimeout(waiting));

  const box = textBox("Expression", error, (expression) => {
    set({ expression });
    clearTimeout(waiting);
    waiting = setTimeout(() => get("_answer").text === get("expression") || fail(SILENT), PATIENCE);
  });
  box.input.disabled = alone;
  const formula = element("div", { className: "bpl-formula" });
  const frame = element("div", { className: "bpl-picture", tabIndex: 0, role: "group", ariaLabel: HELP });
  const sentence = element("p", { className: "bpl-sentence" });
  const verdict = element("p", { className: "bpl-verdict" });
  const steps = stepper(ui, {
    state: () => ({ step: now.step, steps: now.story.length, next: Number(now.step >= now.forward) }),
    go: (step) => set({ step }),
    picture: frame,
    forward: [
      ["Forward", "Compute the next node (right arrow)"],
      ["Backward", "Send the gradient through the next edge (right arrow)"],
    ],
  });
  const labels = Object.entries(get("_scene").engines).map(([key, { label }]) => [key, label]);
  const engine = choice("Engine", Object.fromEntries(labels), (engine) => {
    const fresh = { engine, earlier: get("values"), order: [] };
    const { story, forward, step } = compute(fresh);
    const atEnd = now.step === now.story.length;
    set({ ...fresh, step: engine === "yours" ? forward + 1 : atEnd ? story.length : step });
  });
  const again = button("New order", "Forget your order and choose again", () => set({ order: [], step: now.forward + 1 }));
  const variables = element("div");
  const facts = table("Table of all numbers", ["node", "formula", "value", "slopes", "gradient"]);
  const side = element("div", { className: "bpl-side" }, variables, engine.node, verdict, group("More", again, saver(frame, "graph")));
  root.append(
    box.node, element("p", { className: "bpl-quiet", hidden: !alone }, ALONE), error, formula, steps.node, sentence,
    element("div", { className: "bpl-stage" }, frame, side), facts.node,
  );

  // ---- going to a node ----

  const goTo = (node) => {
    const { name, hands } = scene.nodes[node];
    if (now.engine === "yours" && now.step > now.forward) {
      if (!hands) return say(verdict, fill(scene.words.nothing, { node: name }));
      const order = [...get("order"), name];
      return set({ order, step: compute({ order }).story.length });
    }
    const at = (phase) => now.story.findLastIndex((step) => step.node === node && step.phase === phase) + 1;
    const places = now.step > now.forward ? [at("backward"), at("forward")] : [at("forward"), at("backward")];
    set({ step: places.find((place) => place && place !== now.step) ?? now.step });
  };
  const nodeAt = ({ target }) => picture.boxes.findIndex((it) => it && it === target.closest("[data-node]"));
  frame.addEventListener("click", (event) => nodeAt(event) >= 0 && goTo(nodeAt(event)));
  frame.addEventListener("keydown", (event) => {
    const here = nodeAt(event);
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way) {
      const boxes = picture.boxes.filter(Boolean);
      (boxes.at((boxes.indexOf(picture.boxes[here]) + (here < 0 && way < 0 ? 0 : way)) % boxes.length) ?? frame).focus();
    } else if (["Enter", " "].includes(event.key) && here >= 0) goTo(here);
    else return;
    event.preventDefault();
  });

  // ---- computing ----

  /** Everything about a state: the present one, but for these changes of traits. */
  function compute(changes = {}) {
    const trait = (name) => changes[name] ?? get(name);
    const at = (values) => scene.leaves.map((leaf) => values[scene.nodes[leaf].name] ?? NaN);
    const [engine, values, earlier] = [trait("engine"), at(trait("values")), at(trait("earlier"))];
    const found = scene.run(engine === "stale" ? earlier : values);
    const story = scene.nodes.flatMap(({ inputs }, node) =>
      inputs.length ? { phase: "forward", node, value: found.values[node] } : [],
    );
    const forward = story.length;
    const leftover = [];
    if (engine === "leftover") scene.leaves.forEach((leaf) => (leftover[leaf] = scene.run(earlier).gradients[leaf]));
    const named = (name) => scene.nodes.findIndex((node) => node.hands && node.name === name);
    const visits = scene.visits[engine] ?? trait("order").map(named).filter((node) => node >= 0);
    if (scene.nodes.at(-1).moves) story.push(...walk(found, visits, [...leftover], engine === "overwrite"));
    return { engine, values, earlier, found, story, forward, leftover, step: Math.min(trait("step"), story.length) };
  }

  /** The backward steps in this order of visits (`walk` in story.py, `backward` in engines.py). */
  function walk(found, visits, gradients, overwrite) {
    const gone = new Set();
    const give = (node, contribution, more) => {
      const before = gradients[node];
      gradients[node] = before === undefined || (overwrite && more) ? contribution : before + contribution;
      return { phase: "backward", node, contribution, before, total: gradients[node], ...more };
    };
    const start = give(scene.nodes.length - 1, 1);
    const steps = visits.flatMap((through) => {
      const { inputs, uses, edge } = scene.nodes[through];
      const missing = [...new Set(uses.map(([use]) => use))].filter((use) => !gone.has(use)).map((use) => scene.nodes[use].name);
      const remark = gone.has(through) ? "again" : missing.length ? "early" : "";
      gone.add(through);
      return inputs.flatMap((node, port) => {
        if (!scene.nodes[node].moves) return [];
        const [slope, upstream] = [found.slopes[edge + port], gradients[through] ?? 0];
        const contribution = influence(upstream, slope, found.values[through]);
        return give(node, contribution, { through, edge: edge + port, slope, upstream, remark, missing });
      });
    });
    return [start, ...steps];
  }

  /** What is known after the present step (`State.after` in draw/graphs.py). */
  function known({ story, step, forward, found, leftover, values: variables }) {
    const values = found.values.map((value, i) => (scene.nodes[i].inputs.length ? undefined : value));
    scene.leaves.forEach((leaf, i) => (values[leaf] = variables[i]));
    const backward = step > forward;
    const gradients = backward ? [...leftover] : [];
    const contributions = new Map();
    for (const { phase, node, value, edge, contribution, total } of story.slice(0, step)) {
      if (phase === "forward") values[node] = value;
      else gradients[node] = total;
      if (edge !== undefined) contributions.set(edge, contribution);
    }
    return { values, gradients, contributions, backward, slopes: backward ? found.slopes : [], last: story[step - 1] ?? {} };
  }

  const output = (point) => scene.run(point).values.at(-1);
  const nudge = (i) => difference(output, now.values, i);

  // ---- words ----

  const point = (values) => scene.leaves.map((leaf, i) => `${scene.nodes[leaf].name} = ${number(values[i])}`).join(", ");
  const filled = ({ filled, inputs }, values) => fill(filled, inputs.map((x) => number(values[x])));

  function told({ phase, node, value, through, remark, missing, edge, ...numbers }) {
    const { words, nodes, opening } = scene;
    if (!phase) return opening;
    const { name, written } = nodes[node];
    if (phase === "forward") {
      return `${[...new Set([name, written, filled(nodes[node], now.found.values), number(value)])].join(" = ")}.`;
    }
    if (through === undefined) return fill(words.start, { node: name });
    const had = numbers.before === undefined ? "" : now.engine === "overwrite" ? words.overwritten : words.added;
    numbers.due = now.found.gradients[through];
    const texts = Object.entries(numbers).map(([key, x]) => [key, number(x ?? NaN)]);
    const names = { node: name, through: nodes[through].name, written: nodes[through].written, missing: missing.join(", ") };
    return fill(`${words.edge}${had}.${words[remark] ?? ""}`, { ...Object.fromEntries(texts), ...names });
  }

  /** What the referee says after the last step (`verdict` in engines.py). */
  function judged({ gradients }) {
    const { words, nodes, leaves, calls, engines } = scene;
    if (now.step < now.story.length || !nodes.at(-1).moves) return "";
    const missing = nodes.filter(({ hands, name }) => hands && !get("order").includes(name)).map(({ name }) => name);
    if (now.engine === "yours" && missing.length) return fill(words.choose, { missing: missing.join(", ") });
    const right = scene.run(now.values);
    const floor = 1e-7 * Math.max(1, Math.abs(right.values.at(-1)));
    const agree = (a, b) => !(Math.abs(a - b) > 1e-4 * Math.max(Math.abs(a), Math.abs(b)) + floor);
    let wrong = false;
    const sentences = leaves.flatMap((leaf, i) => {
      const [gradient, nudged] = [gradients[leaf] ?? 0, nudge(i)];
      const corner = !agree(right.gradients[leaf], nudged);
      if (Number.isNaN(nudged) || (!corner && agree(gradient, nudged))) return [];
      wrong ||= !corner;
      const told = { node: nodes[leaf].name, found: number(gradient), nudged: number(nudged) };
      return fill(corner ? words.corner : words.differs, told);
    });
    const { wrong: reason, lucky } = engines[now.engine];
    const more = { earlier: point(now.earlier), calls };
    if (wrong) return [...sentences.slice(0, 3), fill(reason, more)].join(" ");
    return sentences.slice(0, 3).join(" ") || `${words.agrees}${lucky ? `, ${fill(lucky, more)}` : ""}.`;
  }

  function alternative({ values, gradients }) {
    const { nodes, leaves, formula } = scene;
    const at = leaves.length ? ` at ${point(now.engine === "stale" ? now.earlier : now.values)}` : "";
    const facts = leaves.filter((leaf) => leaf in gradients).map((leaf) => `gradient of ${nodes[leaf].name} ${number(gradients[leaf])}`);
    if (values.at(-1) !== undefined) facts.unshift(`output ${number(values.at(-1))}`);
    return `graph of ${formula}${at}: ${facts.join(", ") || "nothing computed yet"}`;
  }

  // ---- showing ----

  function draw() {
    scene = { ...get("_scene"), of: get("_scene") };
    scene.run = program(scene.program);
    formula.innerHTML = scene.mathml;
    frame.innerHTML = scene.picture;
    picture = pictureOf(frame.firstElementChild, scene.nodes);
    rows = [];
    now = undefined;
  }

  function showVariables({ gradients }) {
    const values = get("values");
    if (Object.keys(values).join("\n") !== rows.map(({ name }) => name).join("\n")) {
      rows = Object.keys(values).map((name) => {
        const row = slider(name, { move: (x) => set({ values: { ...get("values"), [name]: x } }) });
        return { ...row, name };
      });
      variables.replaceChildren(...rows.map(({ node }) => node));
    }
    for (const { name, show, aside } of rows) {
      show(values[name]);
      aside.replaceChildren();
      const i = scene.leaves.findIndex((leaf) => scene.nodes[leaf].name === name);
      const leaf = scene.leaves[i];
      if (!(leaf in gradients) || now.values[i] !== values[name]) continue;
      const gradient = Number.isNaN(gradients[leaf]) ? "it has none" : number(gradients[leaf]);
      const more = now.story.slice(now.step).some(({ node }) => node === leaf); // another path is still to come
      const found = element("b", { className: "bpl-gradient" }, more ? `${gradient} so far` : gradient);
      aside.append(`gradient of ${scene.nodes.at(-1).name} in ${name}: `, found);
      if (more) continue;
      const nudged = Number.isNaN(nudge(i)) ? "not possible here" : number(nudge(i), 6);
      aside.append(element("span", { className: "bpl-quiet" }, ` by nudging: ${nudged}`));
    }
  }

  function tableRows({ values, gradients, slopes }) {
    return scene.nodes.map(({ name, written, inputs, edge }, i) => {
      const sloped = inputs.flatMap((x, port) => {
        const slope = slopes[edge + port] ?? undefined;
        return slope === undefined ? [] : `${number(slope)} to ${scene.nodes[x].name}`;
      });
      const [value, gradient] = [values[i], gradients[i]].map((x) => (x === undefined ? "" : number(x)));
      return [name, inputs.length ? written : "", value, sloped.join(", "), gradient];
    });
  }

  return () => {
    if (scene?.of !== get("_scene")) draw();
    const next = compute();
    const bad = scene.nodes[next.found.undefined];
    if (!bad) now = next;
    else if (now) now.step = Math.min(next.step, now.story.length);
    else now = compute({ values: Object.fromEntries(scene.leaves.map((leaf, i) => [scene.nodes[leaf].name, scene.point[i]])) });
    fail(get("_answer").error || (bad ? `${filled(bad, next.found.values)} has no value: ${bad.needs}.` : ""));
    const state = known(now);
    box.show(get("expression"));
    picture.svg.setAttribute("aria-label", alternative(state));
    picture.show(state);
    steps.show();
    engine.show(now.engine);
    again.hidden = now.engine !== "yours";
    say(sentence, told(state.last));
    say(verdict, judged(state));
    announce(`${sentence.textContent} ${verdict.textContent}`);
    showVariables(state);
    facts.show(() => tableRows(state));
  };
});

/** The picture that Python drew, and how it shows what is `known`: as draw/graphs.py draws it. */
function pictureOf(svg, nodes) {
  const all = (kind) => new Map([...svg.querySelectorAll(`[data-${kind}]`)].map((it) => [it.dataset[kind], it]));
  const slot = (it, role) => it?.querySelector(`[data-role="${role}"]`);
  const [boxes, arrows, labels] = ["node", "edge", "label"].map(all);
  const cards = nodes.map(({ name, moves, inputs, uses }, i) => {
    const box = moves || inputs.length ? boxes.get(name) : undefined;
    const [value, gradient, sum] = ["value", "gradient", "sum"].map((role) => slot(box, role));
    return { i, box, value, gradient, sum, through: uses.map(([, edge]) => edge) };
  });
  const edges = nodes.flatMap(({ name, inputs, edge }, target) =>
    inputs.map((source, port) => {
      const key = `${nodes[source].name}>${name}:${port}`;
      const [arrow, label] = [arrows.get(key), labels.get(key)];
      const [rect, ...slots] = label?.children ?? [];
      const [x, y] = ["x", "y"].map((name) => Number(slots[0]?.getAttribute(name)));
      return { target, edge: edge + port, arrow, back: slot(arrow, "back"), label, rect, slots, x, y: y - 4.2 };
    }),
  );
  const put = (it, x) => {
    if (!it) return;
    say(it, x === undefined ? "·" : compact(x));
    it.classList.toggle("bpl-unknown", x === undefined);
  };
  const mark = (it, state) => it && it.dataset.state !== state && (it.dataset.state = state);
  const hide = (it, yes) => it?.setAttribute("visibility", yes ? "hidden" : "visible");

  svg.style.minWidth = `${0.6 * svg.width.baseVal.value}px`; // in a narrow window it scrolls before it becomes unreadable
  svg.setAttribute("role", "group");
  for (const { i, box } of cards.filter(({ box }) => box)) {
    Object.assign(box, { role: "button", ariaLabel: nodes[i].name }).setAttribute("tabindex", -1);
    box.dataset.lmSuppressShortcuts = "";
  }

  function showCard({ i, box, value, gradient, sum, through }, { values, gradients, contributions, backward, last }) {
    if (!box) return;
    put(value, values[i]);
    put(gradient, gradients[i]);
    if (sum) {
      const terms = [...contributions].filter(([edge]) => through.includes(edge)).map(([, x]) => x);
      say(sum, sumOf(terms, through.length, gradients[i]));
      say(sum.previousElementSibling, sum.textContent && "=");
    }
    const done = backward ? i in gradients && through.every((edge) => contributions.has(edge)) : values[i] !== undefined;
    mark(box, last.node === i ? "active" : done ? "done" : "waiting");
  }

  const firstCard = svg.querySelector("[data-node]");

  function showEdge({ target, edge, arrow, back, label, rect, slots, x, y }, { slopes, contributions, backward, last }) {
    const active = backward ? last.edge === edge : last.node === target;
    if (active && arrow) firstCard.before(arrow); // on top of what it crosses
    if (active && label) svg.append(label);
    mark(arrow, active ? "active" : contributions.has(edge) ? "done" : "waiting");
    hide(back, !(active && backward));
    const slope = slopes[edge] ?? undefined;
    hide(label, slope === undefined);
    if (!label || slope === undefined) return;
    const texts = (active ? [slope, last.upstream, last.contribution] : [slope]).map((x) => compact(x));
    const space = texts.some((text) => text.length === 7) ? "" : " ";
    const lines = texts.map((text, i) => (i ? ["", "×", "="][i] + space : "") + text);
    mark(label, active ? "active" : "");
    const [width, height] = [Math.ceil(Math.max(...lines.map((line) => line.length)) * 7.3) + 8, 15 * lines.length + 1];
    const box = { width, height, x: x - width / 2, y: y - height / 2 };
    Object.entries(box).forEach(([name, x]) => rect.setAttribute(name, x));
    slots.forEach((text, i) => {
      say(text, lines[i] ?? "");
      text.setAttribute("y", box.y + 12.2 + 15 * i);
    });
  }

  const show = (state) => {
    cards.forEach((card) => showCard(card, state));
    edges.forEach((edge) => showEdge(edge, state));
  };
  return { svg, boxes: cards.map(({ box }) => box), show };
}

/** The sum that a gradient is, where several uses give parts of it (`sum_text` in draw/cards.py). */
function sumOf(terms, count, gradient) {
  const [total, size] = terms.reduce(([total, size], x) => [total + x, size + Math.abs(x)], [0, 0]);
  if (!terms.length || Math.abs(total - gradient) > 1e-6 * size) return "";
  for (const digits of [4, 3]) {
    const texts = [...terms.map((x) => number(x, digits)), ...Array(count - terms.length).fill("·")];
    const text = [texts[0], ...texts.slice(1).map(bracketed)].join(" + ");
    if (text.length <= 16) return text;
  }
  return terms.length === count ? `sum of ${count}` : `${terms.length} of ${count} so far`;
}
