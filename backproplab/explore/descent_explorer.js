import { choice, explorer, fill, group, inWords, number, saver, slider, table } from "./runtime.js";
import { axis, axisAround, frame, grid, levels } from "./plane.js";
import { eigenvalues, hessian, landscape, listed, solve, times } from "./surface.js";

// The same as descent_explorer.py, which explains it: the run, what is said of it, and the picture.

const NEARLY = 1e-9;

export default explorer((ui) => {
  const { get, set, root, fail } = ui;
  let heights, here; // the last landscape; the last point of the run at which there is a gradient
  const land = landscape(ui, {
    η: ["rate", 0, 0.1, 0.0005],
    momentum: ["momentum", 0, 0.99, 0.01, 0, 0.999],
    "fog beyond": ["fog", 0, 5, 0.05, 0],
  });
  const kinds = choice("Learning rate", Object.fromEntries(get("_scene").kinds), (kind) => set({ kind }));
  const entries = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) => {
    const move = (x) => {
      const matrix = get("matrix").with(i, get("matrix")[i].with(j, x));
      const [[a, b], [c, d]] = matrix;
      const [least] = eigenvalues([[a, (b + c) / 2], [(b + c) / 2, d]]);
      if (least >= -1e-12 * Math.max(1, Math.abs(a), Math.abs(d))) set({ matrix });
      else fail(fill(land.scene.words["not positive"], { lowest: number(least) }));
    };
    return { i, j, ...slider(`M${"₁₂"[i]}${"₁₂"[j]}`, { low: i === j ? 0 : -1, high: 1, step: 0.005, move }) };
  });
  land.turned[0].node.after(...entries.map(({ node }) => node));
  const facts = table("Table of all steps", ["step", "at", "L", "gradient", "distance to the minimum"]);
  root.append(...land.top, kinds.node, land.bottom, group("More", saver(land.view, "descent")), facts.node);

  const kind = () => (land.scene.names.length === 2 ? get("kind") : "number");
  const rates = () => {
    if (kind() === "full") return get("matrix");
    const entry = (i) => (kind() === "number" ? get("rate") : get("matrix")[i][i]);
    return land.scene.names.map((_, i) => land.scene.names.map((_, j) => (i === j ? entry(i) : 0)));
  };
  function descend() {
    const { at, scene } = land;
    let point = scene.names.map((name) => get("start")[name]);
    let velocity = point.map(() => 0);
    const [path, M] = [[{ point, ...at(point) }], rates()];
    while (path.length <= get("length") && path.at(-1).finite) {
      velocity = velocity.map((v, i) => get("momentum") * v + path.at(-1).gradient[i]);
      const move = times(M, velocity);
      const next = point.map((x, i) => x - move[i]);
      if (next.every((x, i) => x === point[i])) break;
      point = next;
      path.push({ point, ...at(point) });
    }
    return path;
  }
  const curvature = ({ point }) => hessian((p) => land.at(p).gradient, point, land.scene.quadratic);
  const effects = (H) => {
    const columns = H.map((column) => times(rates(), column)); // H is symmetric
    return eigenvalues(columns.map((_, i) => columns.map((column) => column[i])));
  };
  const toward = ({ point, gradient }, H) =>
    land.scene.quadratic && eigenvalues(H)[0] > 0 ? solve(H, gradient).map((x) => -x) : point.map(() => 0);

  // ---- words ----

  const named = (names) => (names.length === 1 ? names[0] : `(${names.join(", ")})`);
  function told({ run, k, scene: { words, names } }) {
    const [now, last] = [run[k], run[Math.max(0, k - 1)]];
    const vectors = { before: last.point, at: now.point, change: now.point.map((x, i) => x - last.point[i]), gradient: last.gradient };
    const facts = Object.fromEntries(Object.entries(vectors).map(([key, v]) => [key, listed(v)]));
    facts.carried = get("momentum") && k > 1 ? fill(words.carried, { momentum: number(get("momentum")) }) : "";
    const said = fill(words[k ? "step" : "start"], { ...facts, ...inWords({ was: last.value, loss: now.value }), names: named(names), step: k });
    if (k < run.length - 1 || k === get("length")) return said;
    const end = now.trouble ? "trouble" : !now.finite ? "infinite" : now.gradient.some((g) => g) ? "stuck" : "arrived";
    return said + fill(words[end], { ...now, gradient: listed(now.gradient) });
  }

  function judged(H, found) {
    if (![...here.point, ...eigenvalues(H)].every(Number.isFinite)) return "";
    const { words, quadratic } = land.scene;
    const [low, high, top, mu, one] = [eigenvalues(H)[0], eigenvalues(H).at(-1), found.at(-1), get("momentum"), kind() === "number"];
    const bound = 2 * (1 + mu);
    const factor = Math.max(...found.map((effect) => left(effect, mu)));
    const facts = inWords({ rate: get("rate"), momentum: mu, curvature: high, low, top, bound, factor, limit: bound / high });
    facts.here = quadratic ? "" : " here";
    facts.run = mu ? " in the long run" : "";
    facts.limit = fill(words[!one ? "bound" : mu ? "limit with momentum" : "limit"], facts);
    facts.eta = fill(words[one ? "eta" : "etas"], facts);
    const which = judge(low, high, found, mu, quadratic);
    let said = [fill(words[which], facts)];
    if (["across", "below"].includes(which)) said.push(fill(words[H.length === 1 ? "leaves" : "slowest"], facts));
    if (!quadratic && !["bends", "flat"].includes(which)) said = [fill(words["as here"], { said: said.join(" ") })];
    const { point, gradient } = here;
    const [to, way] = [toward(here, H), (one ? gradient : times(rates(), gradient)).map((x) => -x)];
    const size = Math.hypot(...way) * Math.hypot(...to);
    if (way.length === 1 || !(size > 0 && size < Infinity) || get("fog")) return said.join(" ");
    const cosine = Math.max(-1, Math.min(1, (way[0] * to[0] + way[1] * to[1]) / size));
    const angle = Math.floor((Math.acos(cosine) * 180) / Math.PI + 0.5);
    const minimum = point.map((x, i) => (Math.abs(x + to[i]) > NEARLY * Math.max(Math.abs(x), Math.abs(to[i])) ? x + to[i] : 0));
    said.push(fill(words.angle, { at: listed(point), what: one ? "gradient" : "M·gradient", angle, minimum: listed(minimum) }));
    return said.join(" ");
  }

  function alternative({ run, k, scene: { words, names, formula } }) {
    const how = [kind() === "number" ? `η = ${number(get("rate"))}` : `M = ${rates().map(listed).join(", ")}`];
    if (get("momentum")) how.push(`momentum ${number(get("momentum"))}`);
    if (get("fog")) how.push(`fog beyond ${number(get("fog"))}`);
    const facts = { ...inWords({ was: run[0].value, loss: run[k].value }), from: listed(run[0].point), at: listed(run[k].point) };
    return fill(words.alt, { ...facts, formula, how: how.join(", "), names: named(names), step: k });
  }

  // ---- the picture ----

  function ground({ point }) {
    const { at, scene } = land;
    const { middle, width, axes, xs } = land.look(point, 201);
    const key = String([...middle, width]);
    const two = axes.length === 2;
    if (heights?.key !== key || heights.scene !== scene) {
      heights = { key, scene, rows: two ? grid((p) => at(p).value, middle, width, 57) : xs.map((x) => [x, at([x]).value]) };
    }
    const { rows } = heights;
    const plane = frame([52, 20, 400, 400], axes[0], axes[1] ?? axisAround("L", rows.map(([, y]) => y)), scene.looks);
    if (two) plane.contours(rows, levels(rows), "contour", true);
    else plane.line(rows, "curve");
    return plane;
  }

  function pointers(plane, now, next, place, H) {
    const { point, gradient } = now;
    const width = get("width");
    if (point.length === 1) {
      plane.line([-width / 6, width / 6].map((d) => [place[0] + d, place[1] + gradient[0] * d]), "slope");
    } else {
      const [way, size] = [toward(now, H), Math.hypot(...gradient)];
      if (way.some((x) => x) && !get("fog")) plane.line([place, place.map((x, i) => x + way[i])], "straight");
      if (size) plane.line([place, place.map((x, i) => x - ((width / 4) * gradient[i]) / size)], "slope");
    }
    if (next) plane.arrow(place, [...next.point, place[1]].slice(0, 2), "step");
  }

  function history(losses) {
    const seen = losses.map(([, loss]) => loss).filter(Number.isFinite);
    const [low, high] = [Math.min(...seen), Math.max(...seen)];
    const up = axisAround("L after each step", seen, low >= 0 && high > 50 * low ? "log" : "linear");
    const chart = frame([540, 20, 300, 210], axis("step", 0, Math.max(10, losses.length - 1)), up, land.scene.looks);
    chart.line(losses, "curve");
    losses.slice(-60).forEach((point) => chart.dot(point, 2.6, "curve point"));
    return chart.svg();
  }

  function ruler(found) {
    const bound = 2 * (1 + get("momentum"));
    const across = axis("step × curvature, in each direction", 0, 1.5 * bound);
    const line = frame([540, 346, 300, 34], across, axis("", 0, 1, "bare"), land.scene.looks);
    const zones = get("momentum") ? [["comes nearer", bound]] : [["creeps", 1], ["jumps across", 2]];
    let begin = 0;
    for (const [name, end] of [...zones, ["flies away", 1.5 * bound]]) {
      line.line([[end, 0], [end, 1]], "border");
      line.write(name, line.place([(begin + end) / 2, 0])[0], 13, { "font-size": 12.5, "text-anchor": "middle" });
      begin = end;
    }
    found.filter(Number.isFinite).forEach((effect) => line.dot([Math.max(0, Math.min(effect, 1.48 * bound)), 0.28], 6, "effect"));
    return line.svg();
  }

  return () => {
    const now = land.begin(descend);
    if (!now) return;
    const { run, k, scene } = land;
    const [until, two] = [run.slice(0, k + 1), scene.names.length === 2];
    here = until.findLast(({ finite }) => finite) ?? run[0];
    const H = curvature(here);
    const found = effects(H);
    const plane = ground(now);
    const places = until.map(({ point, value }) => (two ? point : [point[0], value]));
    if (get("fog")) plane.fog(places[k], (400 * get("fog")) / get("width"), !two);
    if (now.finite) pointers(plane, now, run[k + 1], places[k], H);
    land.trajectory(plane, places);
    const parts = [plane.svg(), history(until.map(({ value }, i) => [i, value])), ruler(found)];
    land.end(alternative(land), parts, told(land), judged(H, found));
    kinds.show(kind());
    kinds.node.hidden = !two;
    land.turned[0].node.hidden = kind() !== "number";
    entries.forEach(({ i, j, node, show }) => {
      node.hidden = kind() === "number" || (kind() === "diagonal" && i !== j);
      show(get("matrix")[i][j]);
    });
    facts.show(() =>
      run.map((stop, i) => {
        const way = stop.finite ? Math.hypot(...toward(stop, H)) : 0;
        return [i, listed(stop.point), number(stop.value), listed(stop.gradient), way ? number(way) : ""];
      }),
    );
  };
});

/** What a step leaves of the distance, in the long run (`_factor` in descent_explorer.py). */
function left(effect, momentum) {
  const middle = (1 + momentum - effect) / 2;
  const under = middle * middle - momentum;
  return under < 0 ? Math.sqrt(momentum) : Math.abs(middle) + Math.sqrt(under);
}

/** Which of the sentences about the learning rate holds (`_case` in descent_explorer.py). */
function judge(low, high, found, momentum, quadratic) {
  const [size, top] = [Math.max(Math.abs(low), Math.abs(high)), found.at(-1)];
  const ratio = top / (1 + momentum);
  const bent = low < -NEARLY * size;
  if (bent && (quadratic || high <= 0)) return quadratic ? "hill" : "bends";
  if (!size) return "flat";
  if (Number.isNaN(ratio)) return "complex";
  if (top < 0 && high > 0) return "uphill";
  if (ratio > 2 + NEARLY) return "above";
  if (ratio > 2 - NEARLY) return "equal";
  if (found.every((x) => !x)) return "still";
  if (low <= NEARLY * size) return bent ? "mixed" : "straight";
  if (Math.abs(found[0]) <= NEARLY * Math.abs(top)) return "never";
  if (momentum) return "below";
  return found.every((x) => Math.abs(x - 1) < NEARLY) ? "one" : ratio > 1 ? "across" : "below";
}
