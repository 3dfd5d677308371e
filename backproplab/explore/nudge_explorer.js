import { choice, compact, element, explorer, fill, inWords, number, program, saver, say, slider, table, typed } from "./runtime.js";
import { axis, axisAround, frame, picture, written } from "./plane.js";

// The same as nudge_explorer.py, which explains it.

export default explorer((ui) => {
  const { get, set, root, error, fail, announce } = ui;
  let scene, run, sliders, who, here, moved, slope;
  const box = typed(ui, "Function");
  const formula = element("div", { className: "bpl-formula" });
  const variables = element("div");
  const step = slider("h", { low: -15, high: 0, step: 0.1, log: true, move: (h) => h > 0 && set({ h }) });
  const view = choice("View", { curve: "curve", bars: "bars", rectangle: "rectangle" }, (view) => set({ view }));
  const stage = element("div", { className: "bpl-picture" });
  const sentence = element("p", { className: "bpl-sentence" });
  const facts = table("Table: smaller and smaller steps", ["h", "nudged by h", "off by", "nudged both ways", "off by"]);
  root.append(...box.nodes, error, formula, step.node, stage, sentence, variables, view.node, saver(stage, "nudge"), facts.node);

  function renew(fresh) {
    scene = fresh;
    here = undefined;
    run = program(scene.program);
    formula.innerHTML = scene.mathml;
    sliders = scene.names.map((name) => slider(name, { move: (x) => set({ values: { ...get("values"), [name]: x } }) }));
    who = choice("Nudge", Object.fromEntries(["", ...scene.names].map((it) => [it, it || "all"])), (nudged) => set({ nudged }));
    who.node.hidden = !scene.names[1];
    variables.replaceChildren(who.node, ...sliders.map(({ node }) => node));
    view.node.lastChild.hidden = !scene.sides;
  }

  const shift = (name, t) => here[name] + (moved.includes(name) ? t : 0);
  const at = (t) => run(scene.names.map((name) => shift(name, t))).values.at(-1);
  const nudge = (h) => {
    const [value, end, below] = [0, h, -h].map(at);
    const [forward, central] = [(end - value) / h, (end - below) / (2 * h)];
    return { value, end, forward, central, off: Math.abs(forward - slope), miss: Math.abs(central - slope) };
  };
  const whereabouts = (point) => scene.names.map((name) => `${name} = ${number(point[name], 6)}`).join(", ");

  /** What is said: the words that templates need, and which template does. */
  function told(h, { off, miss, ...found }) {
    const numbers = { ...found, h, slope, change: found.end - found.value, corner: h * h, extra: (h * h) / h };
    const many = { who: moved.join(" and "), moves: moved[1] ? "move" : "moves", off: number(off, 2), miss: number(miss, 2) };
    let kind = scene.sides && moved[1] ? "corner" : "off";
    if (off <= 1e-8 * Math.max(1, Math.abs(slope)) && h > 1e-6) kind = "exact";
    if (h < 1e-8 * Math.max(1, ...moved.map((name) => Math.abs(here[name])))) kind = "noise";
    if (moved.every((name) => here[name] + h === here[name])) kind = "nothing";
    return [kind, { formula: scene.formula, point: whereabouts(here), ...inWords(numbers, 6), ...many }];
  }

  const STAGE = [60, 20, 400, 400];
  const draw = {
    curve(h, { value, end, forward }) {
      const [base, reach] = [moved[1] ? 0 : here[moved[0]], 1.25 * Math.max(1, h)];
      const points = Array.from({ length: 161 }, (_, k) => reach * (k / 80 - 1)).map((t) => [base + t, at(t)]);
      const away = ([, y]) => Math.abs(y - value);
      const far = points.map(away).filter(Number.isFinite).sort((a, b) => a - b);
      const near = points.filter((point) => away(point) <= 2 * far[Math.floor(0.8 * (far.length - 1))]);
      const label = (moved[1] ? "added to " : "") + moved.join(" and ");
      const plane = frame(STAGE, axis(label, base - reach, base + reach), axisAround(scene.formula, near.map(([, y]) => y)), scene.looks);
      plane.line(points, "curve");
      const straight = (rise) => [-reach, reach].map((t) => [base + t, value + rise * t]);
      plane.line(straight(slope), "tangent");
      plane.line(straight(forward), "secant");
      plane.line([[base, value], [base + h, value], [base + h, end]], "nudge");
      plane.dot([base + h, end], 6, "there");
      plane.dot([base, value], 6.5, "here");
      return plane;
    },
    bars(h, { value, end }) {
      const bars = [...scene.names.map((name) => [name, here[name], shift(name, h)]), [scene.formula, value, end]];
      const across = axisAround("", [0, ...bars.flatMap(([, ...ends]) => ends)]);
      const plane = frame(STAGE, across, axis("", 0, bars.length, "bare"), scene.looks);
      bars.reverse().forEach(([name, start, end], k) => {
        plane.box([0, k + 0.2], [start, k + 0.6], "amount");
        if (end !== start) plane.box([start, k + 0.2], [end, k + 0.6], "piece");
        const [[x], [, y]] = [[Math.min(0, start, end), 0], [0, k + 0.66]].map(plane.place);
        plane.write(`${name}: ${number(start, 6)}${end === start ? "" : ` moves by ${compact(end - start)}`}`, x + 4, y);
      });
      plane.line([[0, 0], [0, bars.length]], "zero");
      return plane;
    },
    rectangle(h) {
      const [[first, second], [a, b]] = [scene.names, scene.names.map((name) => here[name])];
      const [c, d] = [shift(first, h), shift(second, h)];
      const axes = scene.names.map((name) => axis(name, Math.min(0, a, b), Math.max(0, a, b) + Math.max(1, h)));
      const plane = frame(STAGE, ...axes, scene.looks);
      const pieces = [[scene.formula, [0, 0], [a, b], "amount", "ink"], [`${second}·h`, [a, 0], [c, b], "piece", "opaque"]];
      pieces.push([`${first}·h`, [0, b], [a, d], "piece", "opaque"], ["h·h", [a, b], [c, d], "corner", "ground"]);
      for (const [name, start, end, look, fill] of pieces) {
        if (start.some((x, i) => x === end[i])) continue;
        plane.box(start, end, look);
        const [[l, t], [r, u]] = [start, end].map(plane.place);
        if (Math.abs(r - l) > 34 && Math.abs(u - t) > 18) plane.write(name, (l + r) / 2, (t + u) / 2 + 5, { fill, "text-anchor": "middle" });
      }
      return plane;
    },
  };

  function chart(h) {
    const found = [...scene.sizes, h].map((size) => [Math.log10(size), nudge(size)]);
    const [forward, central] = ["off", "miss"].map((error) => found.map(([x, it]) => [x, Math.max(it[error], 1e-16)]));
    const up = axisAround("error of the slope", [...forward, ...central].map(([, y]) => y), "log");
    const plane = frame([560, 20, 280, 230], axis("h = 10 to the power of …", -15.5, Math.max(0.5, Math.log10(h))), up, scene.looks);
    plane.line(forward.slice(0, -1), "forward");
    plane.line(central.slice(0, -1), "central");
    plane.dot(central.at(-1), 6, "now central");
    plane.dot(forward.at(-1), 5, "now");
    return plane.svg();
  }

  const beside = (words) => scene.beside.flatMap(([name, error, y, fill]) => [
    written(scene.words[name], 524, y, { "font-size": 15 }),
    written(words[name], 664, y, { "font-size": 17, "font-weight": 600, fill }),
    error ? written(`off by ${words[error]}`, 764, y, { fill: "muted" }) : "",
  ]);

  return () => {
    if (box.scene() !== scene) renew(box.scene());
    const [values, nudged, h] = [get("values"), get("nudged"), get("h")];
    const point = Object.fromEntries(scene.names.map((name) => [name, values[name] ?? 1]));
    const { values: [...all], gradients } = run(Object.values(point));
    const good = !Number.isNaN(all.at(-1));
    fail(get("_answer").error || (good ? "" : fill(scene.words.undefined, { formula: scene.formula, point: whereabouts(point) })));
    box.show();
    sliders.forEach(({ show }, i) => show(point[scene.names[i]]));
    step.show(h);
    view.show(get("view"));
    who.show(nudged);
    if (!good) return;
    here = point;
    moved = scene.names.includes(nudged) ? [nudged] : scene.names;
    slope = scene.names.reduce((sum, name, i) => (moved.includes(name) ? sum + gradients[scene.nodes[i]] : sum), 0);
    const kind = get("view") === "rectangle" && !scene.sides ? "curve" : get("view");
    const now = nudge(h);
    const [more, words] = told(h, now);
    const said = fill(scene.words.said + scene.words[more], words);
    const legend = written(fill(scene.words[kind], words), 60, 484);
    stage.innerHTML = picture(fill(scene.words.alt, words), draw[kind](h, now).svg(), chart(h), ...beside(words), legend);
    say(sentence, said);
    announce(said);
    const row = (h, { forward, off, central, miss }) => [number(h), number(forward, 6), number(off, 1), number(central, 6), number(miss, 1)];
    facts.show(() => scene.decades.map((h) => row(h, nudge(h))));
  };
});
