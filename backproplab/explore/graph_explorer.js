import {
  asked, bracketed, button, choice, compact, difference, element, explorer, fill, group, influence, number, program, saver, say,
  slider, stepper, table,
} from "./runtime.js";

// `_scene` is what Python made of the expression: a drawing with a slot for every number, a program that computes them,
// and templates for what is said. A node or an edge is its place in `_scene`; a number that is not there is undefined.

export default explorer((ui) => {
  const { get, set, root, error, fail, announce } = ui;
  const first = get("_scene");
  let scene, nodes, leaves, words, run, picture; // what Python sent last, the program in it and the drawing in it
  let now; // the state that is shown; after an impossible move, the one before
  let rows = [];

  const box = asked(ui, "Expression");
  const formula = element("div", { className: "bpl-formula" });
  const frame = element("div", { className: "bpl-picture", tabIndex: 0, role: "group", ariaLabel: first.words.help });
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
  const engine = choice("Engine", Object.fromEntries(first.labels), (engine) => {
    const fresh = { engine, earlier: get("values"), order: [] };
    const { story, forward, step } = compute(fresh);
    const atEnd = now.step === now.story.length;
    set({ ...fresh, step: engine === "yours" ? forward + 1 : atEnd ? story.length : step });
  });
  const again = button("New order", "Forget your order and choose again", () => set({ order: [], step: now.forward + 1 }));
  const variables = element("div");
  const facts = table("Table of all numbers", ["node", "formula", "value", "slopes", "gradient"]);
  const more = group("More", again, saver(frame, "graph"));
  const side = element("div", { className: "bpl-side" }, variables, engine.node, verdict, more);
  const stage = element("div", { className: "bpl-stage" }, frame, side);
  root.append(...box.nodes, error, formula, steps.node, sentence, stage, facts.node);

  // ---- going to a node ----

  const goTo = (node) => {
    const { name, hands } = nodes[node];
    if (now.engine === "yours" && now.step > now.forward) {
      if (!hands) return say(verdict, fill(words.nothing, { node: name }));
      const begun = get("order").filter((_, i, order) => compute({ order: order.slice(0, i) }).story.length < now.step);
      const order = [...begun, name]; // stepping back has taken back the others
      return set({ order, step: compute({ order }).story.length });
    }
    const at = (phase) => now.story.findLastIndex((step) => step.node === node && step.phase === phase) + 1;
    const places = now.step > now.forward ? [at("backward"), at("forward")] : [at("forward"), at("backward")];
    set({ step: places.find((place) => place && place !== now.step) ?? now.step });
  };
  const nodeAt = ({ target }) => picture.boxes.indexOf(target.closest("[role=button]"));
  frame.addEventListener("click", (event) => nodeAt(event) >= 0 && goTo(nodeAt(event)));
  frame.addEventListener("keydown", (event) => {
    const here = nodeAt(event);
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      const boxes = picture.boxes.filter(Boolean);
      const place = boxes.indexOf(picture.boxes[here]);
      boxes.at(event.key === "ArrowDown" ? (place + 1) % boxes.length : Math.max(place, 0) - 1)?.focus();
    } else if (["Enter", " "].includes(event.key) && here >= 0) goTo(here);
    else return;
    event.preventDefault();
  });

  // ---- computing ----

  /** Everything about a state: the present one, but for these changes of traits. */
  function compute(changes = {}) {
    const trait = (name) => changes[name] ?? get(name);
    const last = now?.values ?? scene.point; // where the picture stays, if the values are those of another expression
    const at = (values) => leaves.map((leaf, i) => values[nodes[leaf].name] ?? last[i]);
    const [engine, values, earlier] = [trait("engine"), at(trait("values")), at(trait("earlier"))];
    const found = run(engine === "stale" ? earlier : values);
    const steps = nodes.map((_, node) => ({ phase: "forward", node, value: found.values[node] }));
    const story = steps.filter(({ node }) => nodes[node].inputs.length);
    const forward = story.length;
    const leftover = [];
    if (engine === "leftover") leaves.forEach((leaf) => (leftover[leaf] = run(earlier).gradients[leaf]));
    const yours = trait("order").map((name) => nodes.findIndex((node) => node.hands && node.name === name));
    const visits = scene.visits[engine] ?? yours.filter((node) => node >= 0);
    if (nodes.at(-1).moves) story.push(...walk(found, visits, [...leftover], engine === "overwrite"));
    return { engine, values, earlier, found, story, forward, leftover, step: Math.min(trait("step"), story.length) };
  }

  /** The backward steps in this order of visits (`walk` in story.py, `backward` in engines.py). */
  function walk({ slopes, values }, visits, gradients, overwrite) {
    const give = (node, contribution, more) => {
      const before = gradients[node];
      gradients[node] = before === undefined || (overwrite && more) ? contribution : before + contribution;
      return { phase: "backward", node, contribution, before, total: gradients[node], ...more };
    };
    const start = give(nodes.length - 1, 1);
    const gone = new Set();
    const steps = visits.flatMap((through) => {
      const { inputs, uses, edge } = nodes[through];
      const missing = [...new Set(uses.map(([use]) => use))].filter((use) => !gone.has(use)).map((use) => nodes[use].name);
      const remark = gone.has(through) ? "again" : missing.length ? "early" : "";
      gone.add(through);
      return inputs.flatMap((node, port) => {
        if (!nodes[node].moves) return [];
        const [slope, upstream] = [slopes[edge + port], gradients[through] ?? 0];
        const contribution = influence(upstream, slope, values[through]);
        return give(node, contribution, { through, edge: edge + port, slope, upstream, remark, missing });
      });
    });
    return [start, ...steps];
  }

  /** What is known after the present step (`State.after` in draw/graphs.py). */
  function known({ story, step, forward, found, leftover, values: variables }) {
    const values = found.values.map((value, i) => (nodes[i].inputs.length ? undefined : value));
    leaves.forEach((leaf, i) => (values[leaf] = variables[i]));
    const backward = step > forward;
    const gradients = backward ? [...leftover] : [];
    const contributions = new Map();
    for (const { phase, node, value, edge, contribution, total } of story.slice(0, step)) {
      if (phase === "forward") values[node] = value;
      else gradients[node] = total;
      if (edge !== undefined) contributions.set(edge, contribution);
    }
    const slopes = backward ? found.slopes.map((slope) => slope ?? undefined) : [];
    return { values, gradients, contributions, slopes, backward, last: story[step - 1] ?? {} };
  }

  const nudge = (i) => difference((point) => run(point).values.at(-1), now.values, i);

  // ---- words ----

  const written = (x) => (x === undefined ? "" : number(x));
  const point = (values) => leaves.map((leaf, i) => `${nodes[leaf].name} = ${number(values[i])}`).join(", ");
  const filled = ({ filled, inputs }, values) => fill(filled, inputs.map((x) => number(values[x])));

  function told({ phase, node, value, through, remark, missing, slope, upstream, contribution, before, total }) {
    if (!phase) return scene.opening;
    const { name, written: own } = nodes[node];
    if (phase === "forward") {
      return `${[...new Set([name, own, filled(nodes[node], now.found.values), number(value)])].join(" = ")}.`;
    }
    const had = before === undefined ? "" : now.engine === "overwrite" ? words.overwritten : words.added;
    const numbers = { slope, upstream, contribution, before, total, due: now.found.gradients[through] };
    const texts = Object.fromEntries(Object.entries(numbers).map(([key, x]) => [key, written(x)]));
    if (through === undefined) return fill(`${words.start}${had}.`, { ...texts, node: name });
    const names = { node: name, through: nodes[through].name, written: nodes[through].written, missing: missing.join(", ") };
    return fill(`${words.edge}${had}.${words[remark] ?? ""}`, { ...texts, ...names });
  }

  /** What the referee says after the last step (`verdict` in engines.py). */
  function judged({ gradients }) {
    if (now.step < now.story.length || !nodes.at(-1).moves) return "";
    const missing = nodes.filter(({ hands, name }) => hands && !get("order").includes(name)).map(({ name }) => name);
    if (now.engine === "yours" && missing.length) return fill(words.choose, { missing: missing.join(", ") });
    const right = run(now.values);
    const size = Math.abs(right.values.at(-1));
    const agree = (a, b, size = 1) => {
      const most = 1e-4 * Math.max(Math.abs(a), Math.abs(b)) + 1e-7 * Math.max(1, size);
      return a === b || (Math.abs(a - b) <= most && most < Infinity);
    };
    const { wrong, lucky } = scene.engines[now.engine];
    const more = { earlier: point(now.earlier), calls: scene.calls };
    let reason = "";
    const sentences = leaves.flatMap((leaf, i) => {
      const [gradient, due, nudged] = [gradients[leaf] ?? 0, right.gradients[leaf], nudge(i)];
      const differs = !agree(gradient, due);
      const rough = !agree(due, nudged, size) || (differs && agree(gradient, nudged, size));
      const said = Number.isNaN(nudged) ? "nowhere" : rough ? "rough" : differs ? "differs" : "";
      if (!said) return [];
      if (said === "differs") reason = ` ${fill(wrong, more)}`;
      return fill(words[said], { node: nodes[leaf].name, found: number(gradient), nudged: number(nudged) });
    });
    if (sentences.length) return sentences.slice(0, 3).join(" ") + reason;
    const luck = slipped() ? words.harmless : lucky;
    return luck ? `${words.agrees}, ${fill(luck, more)}.` : `${words.agrees}.`;
  }

  /** Whether the engine has done anything that the right one would not, be it without consequence. */
  function slipped() {
    if (now.engine === "overwrite") return now.story.some(({ before }) => before !== undefined);
    if (now.engine === "stale") return now.values.some((x, i) => x !== now.earlier[i]);
    if (now.engine === "leftover") return now.leftover.some((x) => x !== 0);
    return now.story.some(({ remark }) => remark);
  }

  function alternative({ values, gradients }) {
    const at = leaves.length ? ` at ${point(now.engine === "stale" ? now.earlier : now.values)}` : "";
    const facts = leaves.filter((leaf) => leaf in gradients);
    const texts = facts.map((leaf) => `gradient of ${nodes[leaf].name} ${number(gradients[leaf])}`);
    if (values.at(-1) !== undefined) texts.unshift(`output ${number(values.at(-1))}`);
    return `graph of ${scene.formula}${at}: ${texts.join(", ") || "nothing computed yet"}`;
  }

  // ---- showing ----

  function draw() {
    scene = get("_scene");
    ({ nodes, leaves, words } = scene);
    run = program(scene.program);
    formula.innerHTML = scene.mathml;
    frame.innerHTML = scene.picture;
    picture = pictureOf(frame.firstElementChild, nodes);
    now = undefined;
  }

  function showVariables({ gradients }) {
    const values = get("values");
    const place = (name) => leaves.findIndex((leaf) => nodes[leaf].name === name);
    const known = leaves.map((leaf) => nodes[leaf].name).filter((name) => name in values);
    const names = [...new Set([...known, ...Object.keys(values)])]; // a saved notebook has sorted them by letters
    if (names.join("\n") !== rows.map(({ name }) => name).join("\n")) {
      const move = (name) => (x) => set({ values: { ...get("values"), [name]: x } });
      const row = (name) => rows.find((row) => row.name === name) ?? { name, ...slider(name, { move: move(name) }) };
      rows = names.map(row); // somebody may be typing in one
      variables.replaceChildren(...rows.map(({ node }) => node));
    }
    for (const { name, show, aside } of rows) {
      show(values[name]);
      aside.replaceChildren();
      const i = place(name);
      const leaf = leaves[i];
      if (!(leaf in gradients) || now.values[i] !== values[name]) continue;
      const gradient = Number.isNaN(gradients[leaf]) ? "it has none" : number(gradients[leaf]);
      const more = now.story.slice(now.step).some(({ node }) => node === leaf); // another path is still to come
      const found = element("b", { className: "bpl-gradient" }, more ? `${gradient} so far` : gradient);
      aside.append(`gradient of ${nodes.at(-1).name} in ${name}: `, found);
      if (more) continue;
      const nudged = Number.isNaN(nudge(i)) ? "not possible here" : number(nudge(i), 6);
      aside.append(element("span", { className: "bpl-quiet" }, ` by nudging: ${nudged}`));
    }
  }

  const tableRows = ({ values, gradients, slopes }) =>
    nodes.map(({ name, written: own, inputs, edge }, i) => {
      const sloped = inputs.map((x, port) => slopes[edge + port] !== undefined && `${number(slopes[edge + port])} to ${nodes[x].name}`);
      return [name, inputs.length ? own : "", written(values[i]), sloped.filter(Boolean).join(", "), written(gradients[i])];
    });

  return () => {
    if (scene !== get("_scene")) draw();
    const next = compute();
    const bad = nodes[next.found.undefined];
    if (!bad) now = next;
    else if (now) now.step = Math.min(next.step, now.story.length);
    else now = compute({ values: Object.fromEntries(leaves.map((leaf, i) => [nodes[leaf].name, scene.point[i]])) });
    fail(get("_answer").error || (bad ? `${filled(bad, next.found.values)} has no value: ${bad.needs}.` : ""));
    const state = known(now);
    box.show();
    picture.show(state, alternative(state));
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

/** The picture that Python drew, node by node and edge by edge, and how it shows what is `known`: as draw/graphs.py does. */
function pictureOf(svg, nodes) {
  const all = (kind) => [...svg.querySelectorAll(`[data-${kind}]`)];
  const slot = (it, role) => it.querySelector(`[data-role="${role}"]`);
  const [groups, arrows, labels] = ["node", "edge", "label"].map(all);
  const boxes = groups.map((it, i) => (nodes[i].moves || nodes[i].inputs.length ? it : undefined));
  const pills = new Map(labels.map((it) => [it.dataset.label, it]));
  const targets = nodes.flatMap(({ inputs }, node) => inputs.map(() => node));
  const mark = (it, state) => it.dataset.state !== state && (it.dataset.state = state);
  const hide = (it, yes) => it.setAttribute("visibility", yes ? "hidden" : "visible");
  const put = (it, x) => {
    if (!it) return;
    say(it, x === undefined ? "·" : compact(x));
    it.classList.toggle("bpl-unknown", x === undefined);
  };

  svg.style.minWidth = `${0.6 * svg.width.baseVal.value}px`; // in a narrow window it scrolls before it becomes unreadable
  svg.setAttribute("role", "group");
  boxes.forEach((box, i) => {
    if (!box) return;
    Object.entries({ role: "button", "aria-label": nodes[i].name, tabindex: -1 }).forEach((pair) => box.setAttribute(...pair));
    box.dataset.lmSuppressShortcuts = "";
  });

  function showBox(box, i, { values, gradients, contributions, backward, last }) {
    put(slot(box, "value"), values[i]);
    put(slot(box, "gradient"), gradients[i]);
    const uses = nodes[i].uses.map(([, edge]) => edge);
    const sum = slot(box, "sum");
    if (sum) {
      const terms = [...contributions].filter(([edge]) => uses.includes(edge)).map(([, x]) => x);
      say(sum, sumOf(terms, uses.length, gradients[i]));
      say(sum.previousElementSibling, sum.textContent && "=");
    }
    const done = backward ? i in gradients && uses.every((edge) => contributions.has(edge)) : values[i] !== undefined;
    mark(box, last.node === i ? "active" : done ? "done" : "waiting");
  }

  function showArrow(arrow, edge, { values, slopes, contributions, backward, last }) {
    const active = backward ? last.edge === edge : last.node === targets[edge];
    if (active) groups[0].before(arrow); // on top of what it crosses
    const done = backward ? contributions.has(edge) : values[targets[edge]] !== undefined;
    mark(arrow, active ? "active" : done ? "done" : "waiting");
    hide(slot(arrow, "back"), !active || !backward);
    const pill = pills.get(arrow.dataset.edge);
    if (pill) showPill(pill, slopes[edge], active ? last : {});
    if (pill && active) svg.append(pill);
  }

  function showPill(pill, slope, { upstream, contribution }) {
    hide(pill, slope === undefined);
    if (slope === undefined) return;
    const texts = [slope, upstream, contribution].filter((x) => x !== undefined).map((x) => compact(x));
    const space = texts.some((text) => text.length === 7) ? "" : " ";
    const lines = texts.map((text, i) => (i ? ["", "×", "="][i] + space : "") + text);
    mark(pill, lines.length > 1 ? "active" : "");
    const [rect, ...slots] = pill.children;
    pill.centre ??= [Number(slots[0].getAttribute("x")), Number(slots[0].getAttribute("y")) - 4.2];
    const [width, height] = [Math.ceil(Math.max(...lines.map((line) => line.length)) * 7.3) + 8, 15 * lines.length + 1];
    const [x, y] = [pill.centre[0] - width / 2, pill.centre[1] - height / 2];
    Object.entries({ width, height, x, y }).forEach((pair) => rect.setAttribute(...pair));
    slots.forEach((text, i) => {
      say(text, lines[i] ?? "");
      text.setAttribute("y", y + 12.2 + 15 * i);
    });
  }

  const show = (state, words) => {
    svg.setAttribute("aria-label", words);
    boxes.forEach((box, i) => box && showBox(box, i, state));
    arrows.forEach((arrow, edge) => showArrow(arrow, edge, state));
  };
  return { boxes, show };
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
