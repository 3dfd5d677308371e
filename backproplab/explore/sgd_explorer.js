import { button, choice, element, explorer, fill, group, idle, inWords, number, random, saver, say, table } from "./runtime.js";
import { axis, axisAround, frame, grid, levels } from "./plane.js";
import { landscape, listed } from "./surface.js";

// The same as sgd_explorer.py, which explains it: runs, what is said of them, and the picture.

const [AT_LEAST, DRAWN, LETTERS] = [320, 400, "ABCD"];
const mean = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

export default explorer((ui) => {
  const { get, set, root } = ui;
  const kept = {}; // what takes a while to compute, with what it was computed from
  const remember = (name, key, compute) => {
    const text = JSON.stringify(key);
    if (kept[name]?.text !== text || kept[name].scene !== land.scene) kept[name] = { text, scene: land.scene, found: compute() };
    return kept[name].found;
  };
  const land = landscape(ui, {
    η: ["rate", 0, 2, 0.01],
    "copies of the data": ["copies", 1, 64, 1, 1, 64],
    seed: ["seed", 0, 20, 1, 0, 1e9],
  });
  const { batches, manners } = get("_scene");
  const noise = element("p", { className: "bpl-verdict" });
  const batch = choice("Samples a step", batches, (size) => set({ batch: size === "all" ? size : Number(size) }));
  const manner = choice("Drawn", manners, (how) => set({ replacement: how === "with" }));
  const fan = button("Each sample alone, from here", "Where each of them would lead if it were the only one", () => set({ fan: !get("fan") }));
  const lowest = button("Start at the lowest point", "Where the average is lowest, looking closely", () =>
    set({ step: 0, width: Math.min(get("width"), land.scene.widest / 4), start: Object.fromEntries(land.scene.names.map((name, i) => [name, land.scene.lowest[i]])) }),
  );
  const keep = button("Keep this run", "To compare others with it", () => set({ kept: [...get("kept"), settings()].slice(-4) }));
  const forget = button("Forget kept runs", "", () => set({ kept: [] }));
  const list = element("ul", { className: "bpl-quiet" });
  const facts = table("Table of the spread", ["size of the batch", "measured with replacement", "σ/√B", "measured without", "by theory"]);
  const questions = group("Questions", fan, lowest, keep, forget, saver(land.view, "sgd"));
  root.append(...land.top, noise, batch.node, manner.node, questions, list, land.bottom, facts.node);

  // ---- computing ----

  const settings = () => Object.fromEntries(["start", "rate", "batch", "replacement", "copies", "seed"].map((name) => [name, get(name)]));
  const average = (point, rows = land.scene.rows.keys()) => {
    let [value, count, trouble] = [0, 0, ""];
    const gradient = point.map(() => 0);
    for (const p of rows) {
      const found = land.at(point, land.scene.rows[p]);
      value += found.value;
      found.gradient.forEach((g, i) => (gradient[i] += g));
      trouble ||= found.trouble;
      count += 1;
    }
    value /= count;
    gradient.forEach((_, i) => (gradient[i] /= count));
    return { value, gradient, trouble, finite: [value, ...gradient].every(Number.isFinite) };
  };

  function* batchesOf({ batch, replacement, copies, seed }) {
    const [draw, count] = [random(seed), land.scene.rows.length];
    const n = count * copies;
    while (true) {
      if (batch === "all") yield [...land.scene.rows.keys()];
      else if (replacement) yield Array.from({ length: batch }, () => draw.below(n) % count);
      else {
        const order = draw.permutation(n).map((p) => p % count);
        for (let i = 0; i < n; i += batch) yield order.slice(i, i + batch);
      }
    }
  }
  const stop = (point, seen, rows) => {
    let found;
    return { point, seen, rows, average: () => (found ??= average(point)) };
  };
  const thinned = (run) => run.filter((_, i) => i < 20 || i % Math.ceil(run.length / 100) === 0 || i === run.length - 1);
  function descend(told) {
    const { scene } = land;
    const whole = scene.rows.length * told.copies;
    const size = told.batch === "all" ? whole : told.batch;
    let point = scene.names.map((name) => told.start[name] ?? 1);
    const path = [stop(point, 0, [])];
    let left = Math.ceil(Math.max(AT_LEAST, 10 * size) / size);
    for (const rows of batchesOf(told)) {
      const { gradient } = average(point, rows);
      if (!left-- || ![...point, ...gradient].every(Number.isFinite)) return path;
      point = point.map((x, i) => x - told.rate * gradient[i]);
      path.push(stop(point, path.at(-1).seen + (told.batch === "all" ? size : rows.length), rows));
    }
  }
  const singles = ({ point, average: before }) =>
    land.scene.rows.map((row) => {
      const own = land.at(point, row);
      const head = point.map((x, i) => x - get("rate") * own.gradient[i]);
      return { head, up: average(head).value > before().value, own: land.at(head, row).value > own.value };
    });

  function spread({ point }) {
    const draw = random(get("seed"));
    const gradients = land.scene.rows.map((row) => land.at(point, row).gradient);
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
          if (way) {
            const taken = order[p];
            order[p] = order[k];
            p = order[k] = taken;
          }
          const g = off[p % count];
          for (let i = 0; i < g.length; i++) sum[i] += g[i];
          if (!(k & (k + 1))) totals[way][k + 1] = (totals[way][k + 1] ?? 0) + square(sum) / (k + 1) ** 2;
        }
      }
    }
    const root = (x) => (Math.sqrt(x) <= 1e-9 * sigma ? 0 : Math.sqrt(x)); // of all but rounding
    const measured = totals.map((total) => sizes.map((size) => root(total[size] / DRAWN)));
    const theory = sizes.map((size) => sigma / Math.sqrt(size));
    return { sizes, measured, theory: [theory, theory.map((x, i) => x * Math.sqrt((n - sizes[i]) / Math.max(1, n - 1)))] };
  }

  // ---- words ----

  const way = (was, loss) => fill(land.scene.words[loss < was ? "falls" : loss > was ? "rises" : loss === was ? "stays" : "ends"], inWords({ was, loss }));
  const named = (told) =>
    fill(land.scene.words.run, { ...told, rate: number(told.rate), count: land.scene.rows.length, manner: told.replacement ? "with" : "without" });
  function told({ run, k, scene: { words, names, rows: samples } }) {
    const [{ rows, point, average: whole }, last] = [run[k], run[Math.max(0, k - 1)]];
    const { value, finite, trouble } = whole();
    const own = rows.length ? way(average(last.point, rows).value, average(point, rows).value) : "";
    const which = !k ? "start" : get("batch") === "all" ? "every" : rows.length === 1 ? "one" : "some";
    const numbers = { step: k, count: samples.length * get("copies"), batch: rows.length, sample: rows[0] + 1, loss: number(value) };
    numbers.s = numbers.count > 1 ? "s" : "";
    const facts = { names: names.length === 1 ? names[0] : `(${names.join(", ")})`, at: listed(point), own, all: way(last.average().value, value) };
    return fill(words[which] + (finite ? "" : words[trouble ? "trouble" : "infinite"]), { ...numbers, ...facts, trouble });
  }
  function noisy({ sizes, measured, theory }) {
    const wanted = get("batch") > 1 ? get("batch") : 8;
    const [i, how] = [sizes.findLastIndex((size) => size <= wanted), get("replacement") ? 0 : 1];
    const numbers = inWords({ sigma: theory[0][0], measured: measured[how][i], theory: theory[how][i] }, 3);
    return fill(land.scene.words.spread, { ...numbers, batch: sizes[i], manner: land.scene.words[how ? "without" : "with"] });
  }
  function alternative({ run, k, scene: { words, formula } }) {
    const [first, here] = [run[0], run[k]];
    const facts = inWords({ was: first.average().value, loss: here.average().value });
    return fill(words.alt, { ...facts, formula, how: named(settings()), seen: here.seen, from: listed(first.point), at: listed(here.point) });
  }

  // ---- the picture ----

  function ground({ point, rows: seen }) {
    const { at, scene } = land;
    const { middle, width, axes, xs } = land.look(point, 121);
    const { values, slopes, whole, rings } = remember("ground", [middle, width], () => {
      const line = (row) => [xs.map((x) => at([x], row))];
      const found = scene.rows.map((row) => (axes.length === 2 ? grid((p) => at(p, row), middle, width, 41) : line(row)));
      const [values, slopes] = [({ value }) => value, ({ gradient }) => gradient.at(-1)].map((part) => found.map((rows) => rows.map((row) => row.map(part))));
      const whole = values[0].map((row, j) => row.map((_, i) => mean(values.map((rows) => rows[j][i]))));
      return { values, slopes, whole, rings: levels(whole) };
    });
    const plane = frame([52, 20, 400, 400], axes[0], axes[1] ?? axisAround("L", whole[0]), scene.looks);
    const alone = seen.length === 1 ? seen[0] : -1;
    const look = (p) => (p === alone ? "own trough" : "trough");
    if (axes.length === 1) {
      const curve = (ys, look) => plane.line(ys.map((y, i) => [xs[i], y]), look);
      values.forEach(([ys], p) => curve(ys, look(p)));
      curve(whole[0], "curve");
      return plane;
    }
    slopes.forEach((rows, p) => plane.contours(rows, [0], look(p)));
    if (alone >= 0) plane.contours(values[alone], levels(values[alone], 6), "own contour");
    plane.contours(whole, rings, "contour", true);
    return plane;
  }

  function chart({ run, k, scene: { looks } }) {
    const others = get("kept").map((told, i) => remember(LETTERS[i], told, () => descend(told)));
    const [curve, ...curves] = [run.slice(0, k + 1), ...others].map((path) => thinned(path).map((it) => [it.seen, it.average().value]));
    const most = Math.max(100, ...[curve, ...curves].map((curve) => curve.at(-1)[0]));
    const up = axisAround("average loss", [curve, ...curves].flat().map(([, y]) => y), "log");
    const all = frame([540, 20, 300, 160], axis("samples seen", 0, most, "count"), up, looks);
    curves.forEach((curve, i) => {
      all.line(curve, LETTERS[i]);
      const [x, y] = all.place(curve[curve.length / 3 | 0]);
      all.write(LETTERS[i], x + 3, y - 5, { fill: looks[LETTERS[i]].stroke });
    });
    all.line(curve, "curve");
    all.dot(curve.at(-1), 4, "curve point");
    return all.svg();
  }

  function spreading({ sizes, measured, theory }) {
    const sigma = theory[0][0];
    if (!(sigma > 0 && sigma < Infinity)) return "";
    const up = axis("gradient off by: ● with, ○ without replacement", (0.5 * sigma) / Math.sqrt(32), 1.6 * sigma, "log");
    const plane = frame([540, 262, 300, 160], axis("size of the batch", 0.8, 40, "log"), up, land.scene.looks);
    ["with", "without"].forEach((look, how) => plane.line(theory[how].map((y, i) => [sizes[i], y]), look));
    sizes.forEach((size, i) => {
      plane.dot([size, measured[0][i]], 4, "drawn");
      plane.dot([size, measured[1][i]], 5.5, "drawn once");
    });
    return plane.svg();
  }

  return () => {
    const here = land.begin(() => remember("run", settings(), () => descend(settings())));
    if (!here) return;
    const { scene, run, k } = land;
    const { finite } = here.average();
    const arrows = get("fan") && finite ? singles(here) : [];
    const found = remember("spread", [here.point, get("copies"), get("seed")], () => spread(here));
    const plane = ground(here);
    const place = (point, y) => [...point, y].slice(0, 2);
    const places = run.slice(0, k + 1).map((it) => place(it.point, it.point.length === 1 && it.average().value));
    if (scene.lowest) {
      const [x, y] = plane.place(place(scene.lowest, average(scene.lowest).value));
      plane.put("path", "start", { d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` });
    }
    arrows.forEach(({ head, up }) => plane.arrow(places[k], place(head, here.average().value), up ? "raises" : "lowers"));
    land.trajectory(plane, places);
    if (k && finite) plane.arrow(places[k - 1], places[k], "step");
    const count = (name) => arrows.filter((arrow) => arrow[name]).length;
    const counts = { count: arrows.length, s: arrows.length > 1 ? "s" : "", at: listed(here.point), up: count("up"), own: count("own") };
    const parts = [plane.svg(), chart(land), spreading(found)];
    land.end(alternative(land), parts, told(land), arrows.length ? fill(scene.words.fan, counts) : "");
    say(noise, finite ? noisy(found) : "");
    batch.show(String(get("batch")));
    manner.show(get("replacement") ? "with" : "without");
    fan.setAttribute("aria-pressed", get("fan"));
    idle(lowest, !scene.lowest);
    idle(forget, !get("kept").length);
    list.replaceChildren(...get("kept").map((told, i) => element("li", {}, `${LETTERS[i]}: ${named(told)}`)));
    facts.show(() => found.sizes.map((size, i) => [size, ...[0, 1].flatMap((how) => [found.measured[how][i], found.theory[how][i]].map((x) => number(x)))]));
  };
});
