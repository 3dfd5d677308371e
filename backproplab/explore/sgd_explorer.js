import { button, choice, element, explorer, fill, group, idle, number, random, saver, say, slider, stepper, table } from "./runtime.js";
import { axis, axisAround, frame, grid, levels, picture, tag, written } from "./plane.js";
import { landscape, listed, surface } from "./surface.js";

// The same as sgd_explorer.py, which explains it: runs, what is said of them, and the picture.

const [AT_LEAST, DRAWN, LETTERS] = [320, 400, "ABCD"];
const ASIDE = "Landscape of the average loss. Left and right arrow step along the run; a click or drag places the start.";
const mean = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

export default explorer((ui) => {
  const { get, set, root, announce } = ui;
  let scene, at, run, k;
  const kept = {}; // what takes a while to compute, with what it was computed from
  const remember = (name, key, compute) => {
    const text = JSON.stringify(key);
    if (kept[name]?.text !== text || kept[name].scene !== scene) kept[name] = { text, scene, found: compute() };
    return kept[name].found;
  };
  const land = landscape(ui, ASIDE);
  const [sentence, verdict, noise] = ["bpl-sentence", "bpl-verdict", "bpl-verdict"].map((className) => element("p", { className }));
  const steps = stepper(ui, { state: () => ({ step: k, steps: run.length - 1 }), go: (step) => set({ step }), picture: land.view });
  const { batches, manners } = get("_scene");
  const batch = choice("Samples a step", batches, (size) => set({ batch: size === "all" ? size : Number(size) }));
  const manner = choice("Drawn", manners, (how) => set({ replacement: how === "with" }));
  const rate = slider("η", { low: 0, high: 2, step: 0.01, move: (rate) => set({ rate }) });
  const copies = slider("copies of the data", { low: 1, high: 64, step: 1, move: (x) => set({ copies: Math.max(1, Math.min(64, Math.round(x))) }) });
  const seed = slider("seed", { low: 0, high: 20, step: 1, move: (x) => set({ seed: Math.max(0, Math.min(1e9, Math.round(x))) }) });
  const fan = button("All single steps from here", "Show where each sample alone would step", () => set({ fan: !get("fan") }));
  const lowest = button("Start at the lowest point", "Where the average is lowest", () =>
    set({ step: 0, start: Object.fromEntries(scene.names.map((name, i) => [name, scene.lowest[i]])) }),
  );
  const keep = button("Keep this run", "To compare others with it", () => set({ kept: [...get("kept"), settings()].slice(-4) }));
  const forget = button("Forget kept runs", "", () => set({ kept: [] }));
  const list = element("ul", { className: "bpl-quiet" });
  const facts = table("Table of the spread", ["size of the batch", "measured with replacement", "σ/√B", "measured without", "by theory"]);
  root.append(
    ...land.nodes, steps.node, land.view, sentence, verdict, noise, batch.node, manner.node,
    group("Questions", fan, lowest, keep, forget, saver(land.view, "sgd")), list,
    element("div", { className: "bpl-columns" }, element("div", {}, rate.node, copies.node, seed.node), land.sliders), facts.node,
  );

  // ---- computing ----

  const settings = () => Object.fromEntries(["start", "rate", "batch", "replacement", "copies", "seed"].map((name) => [name, get(name)]));
  const average = (point, rows = scene.rows.keys()) => {
    const found = [...rows].map((p) => at(point, scene.rows[p]));
    const gradient = point.map((_, i) => mean(found.map(({ gradient }) => gradient[i])));
    const value = mean(found.map(({ value }) => value));
    const trouble = found.find(({ trouble }) => trouble)?.trouble ?? "";
    return { value, gradient, trouble, finite: [value, ...gradient].every(Number.isFinite) };
  };

  function* batchesOf({ batch, replacement, copies, seed }) {
    const [draw, count] = [random(seed), scene.rows.length];
    const n = count * copies;
    while (true) {
      if (batch === "all") yield [...scene.rows.keys()];
      else if (replacement) yield Array.from({ length: batch }, () => draw.below(n) % count);
      else {
        const order = draw.permutation(n).map((p) => p % count);
        for (let i = 0; i < n; i += batch) yield order.slice(i, i + batch);
      }
    }
  }
  function descend(told) {
    const whole = scene.rows.length * told.copies;
    const size = told.batch === "all" ? whole : told.batch;
    let point = scene.names.map((name) => told.start[name] ?? 1);
    const path = [{ point, ...average(point), seen: 0, rows: [] }];
    let left = Math.ceil(Math.max(AT_LEAST, 10 * size) / size);
    for (const rows of batchesOf(told)) {
      const { gradient } = average(point, rows);
      if (!left-- || !path.at(-1).finite || !gradient.every(Number.isFinite)) return path;
      point = point.map((x, i) => x - told.rate * gradient[i]);
      path.push({ point, ...average(point), seen: path.at(-1).seen + (told.batch === "all" ? size : rows.length), rows });
    }
  }
  const singles = ({ point, value }) =>
    scene.rows.map((row) => {
      const own = at(point, row);
      const head = point.map((x, i) => x - get("rate") * own.gradient[i]);
      return { head, up: average(head).value > value, own: at(head, row).value > own.value };
    });

  function spread({ point }) {
    const draw = random(get("seed"));
    const gradients = scene.rows.map((row) => at(point, row).gradient);
    const [count, middle] = [gradients.length, point.map((_, i) => mean(gradients.map((g) => g[i])))];
    const n = count * get("copies");
    const off = gradients.map((g) => g.map((x, i) => x - middle[i]));
    const square = (v) => v.reduce((sum, x) => sum + x * x, 0);
    const sigma = Math.sqrt(mean(off.map(square)));
    const sizes = [1, 2, 4, 8, 16, 32].filter((size) => size <= n);
    const order = Array.from({ length: n }, (_, i) => i);
    const totals = [{}, {}];
    for (let time = 0; time < DRAWN; time++) {
      for (const way of [0, 1]) {
        const sum = point.map(() => 0);
        for (let k = 0; k < sizes.at(-1); k++) {
          let p = way ? k + draw.below(n - k) : draw.below(n);
          if (way) [order[k], order[p], p] = [order[p], order[k], order[p]];
          off[p % count].forEach((x, i) => (sum[i] += x));
          totals[way][k + 1] = (totals[way][k + 1] ?? 0) + square(sum) / (k + 1) ** 2;
        }
      }
    }
    const measured = totals.map((total) => sizes.map((size) => Math.sqrt(total[size] / DRAWN)));
    const theory = sizes.map((size) => sigma / Math.sqrt(size));
    return { sizes, measured, theory: [theory, theory.map((x, i) => x * Math.sqrt((n - sizes[i]) / Math.max(1, n - 1)))] };
  }

  // ---- words ----

  const way = (was, loss) => fill(scene.words[loss < was ? "falls" : loss > was ? "rises" : "stays"], { was: number(was), loss: number(loss) });
  const named = (told) =>
    fill(scene.words.run, { ...told, rate: number(told.rate), count: scene.rows.length, manner: told.replacement ? "with" : "without" });
  function told() {
    const [here, last] = [run[k], run[Math.max(0, k - 1)]];
    const { rows } = here;
    const names = scene.names.length === 1 ? scene.names[0] : `(${scene.names.join(", ")})`;
    const own = rows.length ? way(average(last.point, rows).value, average(here.point, rows).value) : "";
    const count = scene.rows.length * get("copies");
    const which = !k ? "start" : get("batch") === "all" ? "every" : rows.length === 1 ? "one" : "some";
    const end = here.finite ? "" : scene.words[here.trouble ? "trouble" : "infinite"];
    const words = { names, step: k, at: listed(here.point), count, batch: rows.length, sample: rows[0] + 1, loss: number(here.value) };
    return fill(scene.words[which] + end, { ...words, trouble: here.trouble, own, all: way(last.value, here.value) });
  }
  function noisy({ sizes, measured, theory }) {
    const wanted = get("batch") > 1 ? get("batch") : 8;
    const [i, how] = [sizes.findLastIndex((size) => size <= wanted), get("replacement") ? 0 : 1];
    const numbers = { sigma: theory[0][0], measured: measured[how][i], theory: theory[how][i] };
    const words = Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, number(x, 3)]));
    return fill(scene.words.spread, { ...words, batch: sizes[i], manner: scene.words[how ? "without" : "with"] });
  }
  function alternative() {
    const [first, here] = [run[0], run[k]];
    return (
      `descent on the average of ${scene.formula}: ${named(settings())}; from ${listed(first.point)}, average ${number(first.value)}, ` +
      `after ${here.seen} samples at ${listed(here.point)}, average ${number(here.value)}`
    );
  }

  // ---- the picture ----

  function ground(here) {
    const [middle, width, two] = [land.look(here.point), get("width"), scene.names.length === 2];
    const axes = scene.names.map((name, i) => axis(name, middle[i] - width / 2, middle[i] + width / 2));
    const alone = here.rows.length === 1 ? here.rows[0] : -1;
    const [thin, thick] = [{ stroke: "line", "stroke-width": 0.9 }, { stroke: "active", "stroke-width": 2.2 }];
    const { xs, values, slopes, whole } = remember("ground", [middle, width], () => {
      const xs = Array.from({ length: 121 }, (_, i) => middle[0] - width / 2 + (width * i) / 120);
      const found = scene.rows.map((row) => (two ? grid((p) => at(p, row), middle, width, 41) : [xs.map((x) => at([x], row))]));
      const values = found.map((rows) => rows.map((row) => row.map(({ value }) => value)));
      const slopes = found.map((rows) => rows.map((row) => row.map(({ gradient }) => gradient.at(-1))));
      return { xs, values, slopes, whole: values[0].map((row, j) => row.map((_, i) => mean(values.map((rows) => rows[j][i])))) };
    });
    if (!two) {
      const plane = frame(52, 20, 400, 400, axes[0], axisAround("L", whole[0]));
      const curve = (ys, look) => plane.line(ys.map((y, i) => [xs[i], y]), look);
      values.forEach(([ys], p) => curve(ys, p === alone ? thick : thin));
      curve(whole[0], { stroke: "value", "stroke-width": 2.6 });
      return plane;
    }
    const plane = frame(52, 20, 400, 400, ...axes);
    slopes.forEach((rows, p) => plane.contours(rows, [0], false, p === alone ? thick : thin));
    if (alone >= 0) plane.contours(values[alone], levels(values[alone], 6), false, { stroke: "active", "stroke-width": 1, "stroke-dasharray": "5 4" });
    plane.contours(whole, levels(whole), true, { stroke: "value", "stroke-width": 1.3 });
    return plane;
  }

  function chart() {
    const curves = [run.slice(0, k + 1), ...get("kept").map((told, i) => remember(LETTERS[i], told, () => descend(told)))].map((path) =>
      path.map(({ seen, value }) => [seen, value]),
    );
    const most = Math.max(100, ...curves.map((curve) => curve.at(-1)[0]));
    const up = axisAround("average loss", curves.flat().map(([, y]) => y), "log");
    const all = frame(540, 20, 300, 160, axis("samples seen", 0, most, "count"), up);
    curves.slice(1).forEach((curve, i) => {
      const [stroke, dashes] = scene.pens[i];
      all.line(curve, { stroke, "stroke-width": 1.8, "stroke-dasharray": dashes });
      const [x, y] = all.place(curve[Math.floor(curve.length / 3)]);
      all.put(written(LETTERS[i], x + 3, y - 5, { "font-size": 12.5, fill: stroke }));
    });
    all.line(curves[0], { stroke: "value", "stroke-width": 2 });
    all.dot(curves[0].at(-1), 4, { fill: "value" });
    return all.svg();
  }

  function spreading({ sizes, measured, theory }) {
    const sigma = theory[0][0];
    if (!(sigma > 0 && sigma < Infinity)) return "";
    const up = axis("off by: ● with, ○ without replacement", (0.5 * sigma) / Math.sqrt(32), 1.6 * sigma, "log");
    const plane = frame(540, 262, 300, 160, axis("size of the batch", 0.8, 40, "log"), up);
    const pairs = (ys) => ys.map((y, i) => [sizes[i], y]);
    const look = { stroke: "gradient", "stroke-width": 1.6 };
    plane.line(pairs(theory[0]), look);
    plane.line(pairs(theory[1]), { ...look, "stroke-dasharray": "4 4" });
    sizes.forEach((size, i) => {
      plane.dot([size, measured[0][i]], 4, { fill: "gradient" });
      plane.dot([size, measured[1][i]], 5.5, { fill: "none", ...look });
    });
    return plane.svg();
  }

  function drawn(here, arrows, noise) {
    const two = scene.names.length === 2;
    const plane = ground(here);
    const places = run.slice(0, k + 1).map(({ point, value }) => (two ? point : [point[0], value]));
    if (scene.lowest) {
      const [x, y] = plane.place(two ? scene.lowest : [scene.lowest[0], average(scene.lowest).value]);
      plane.put(tag("path", { d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10`, stroke: "ink", "stroke-width": 2 }));
    }
    for (const { head, up } of arrows) {
      plane.arrow(places[k], two ? head : [head[0], here.value], up ? "negative" : "gradient", 1.3, up ? { "stroke-dasharray": "3 3" } : {});
    }
    plane.line(places, { stroke: "ink", "stroke-width": 1.6 });
    places.slice(-60).forEach((place) => plane.dot(place, 2.4, { fill: "ink" }));
    plane.dot(places[0], 6, { fill: "none", stroke: "ink", "stroke-width": 2 });
    plane.dot(places[k], 5.5, { fill: "ink", stroke: "ground", "stroke-width": 1.5 });
    if (k && here.finite) plane.arrow(places[k - 1], places[k], "gradient", 2.4);
    const legend = written("○ start   ● now   × lowest   → last step", 52, 484) + written(get("fan") ? "┄ raises the average" : "", 322, 484, { fill: "negative" });
    return picture(884, 512, alternative(), plane.svg(), chart(), spreading(noise), legend);
  }

  return () => {
    if (land.fresh()) {
      scene = get("_scene");
      at = surface(scene);
    }
    run = remember("run", settings(), () => descend(settings()));
    k = Math.min(get("step"), run.length - 1);
    if (k < get("step")) return set({ step: k }); // another run may be shorter; this comes back here
    const here = run[k];
    const arrows = get("fan") && here.finite ? singles(here) : [];
    const found = remember("spread", [here.point, get("copies"), get("seed")], () => spread(here));
    land.show(drawn(here, arrows, found));
    steps.show();
    batch.show(String(get("batch")));
    manner.show(get("replacement") ? "with" : "without");
    [rate, copies, seed].forEach(({ show }, i) => show(get(["rate", "copies", "seed"][i])));
    fan.setAttribute("aria-pressed", get("fan"));
    idle(lowest, !scene.lowest);
    idle(forget, !get("kept").length);
    list.replaceChildren(...get("kept").map((told, i) => element("li", {}, `${LETTERS[i]}: ${named(told)}`)));
    const count = (name) => arrows.filter((arrow) => arrow[name]).length;
    const counts = { count: arrows.length, at: listed(here.point), up: count("up"), own: count("own") };
    say(sentence, told());
    say(verdict, arrows.length ? fill(scene.words.fan, counts) : "");
    say(noise, here.finite ? noisy(found) : "");
    announce(`${sentence.textContent} ${verdict.textContent}`);
    facts.show(() => found.sizes.map((size, i) => [size, ...[0, 1].flatMap((how) => [found.measured[how][i], found.theory[how][i]].map((x) => number(x)))]));
  };
});
