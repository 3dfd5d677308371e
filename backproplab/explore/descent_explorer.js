import { choice, element, explorer, fill, group, number, saver, say, slider, stepper, table } from "./runtime.js";
import { axis, axisAround, frame, grid, levels, picture, tag, written } from "./plane.js";
import { eigenvalues, hessian, landscape, listed, solve, surface, times } from "./surface.js";

// The same as descent_explorer.py, which explains it: the run, what is said of it, and the picture.

const NEARLY = 1e-9;
const HELP = "Landscape. Left and right arrow step along the run; a click or drag places the start.";

export default explorer((ui) => {
  const { get, set, root, fail, announce } = ui;
  let scene, at, run, here, k, heights;
  const land = landscape(ui, HELP);
  const sentence = element("p", { className: "bpl-sentence" });
  const verdict = element("p", { className: "bpl-verdict" });
  const steps = stepper(ui, { state: () => ({ step: k, steps: run.length - 1 }), go: (step) => set({ step }), picture: land.view });
  const kinds = choice("Learning rate", get("_scene").kinds, (kind) => set({ kind }));
  const rate = slider("η", { low: 0, high: 0.1, step: 0.0005, move: (rate) => set({ rate }) });
  const entries = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) => {
    const move = (x) => {
      const rows = get("matrix").with(i, get("matrix")[i].with(j, x));
      const [[a, b], [c, d]] = rows;
      const [least] = eigenvalues([[a, (b + c) / 2], [(b + c) / 2, d]]);
      if (least >= -1e-12 * Math.max(1, Math.abs(a), Math.abs(d))) return set({ matrix: rows });
      fail(fill(scene.words["not positive"], { lowest: number(least) }));
    };
    return { i, j, ...slider(`M row ${i + 1}, column ${j + 1}`, { low: i === j ? 0 : -1, high: 1, step: 0.005, move }) };
  });
  const momentum = slider("momentum", { low: 0, high: 0.99, step: 0.01, move: (x) => set({ momentum: Math.max(0, Math.min(x, 0.999)) }) });
  const fog = slider("fog beyond", { low: 0, high: 5, step: 0.05, move: (x) => set({ fog: Math.max(0, x) }) });
  const facts = table("Table of all steps", ["step", "at", "L", "gradient", "distance to the minimum"]);
  const settings = element("div", {}, rate.node, ...entries.map(({ node }) => node), momentum.node, fog.node);
  root.append(
    ...land.nodes, steps.node, land.view, sentence, verdict, kinds.node,
    element("div", { className: "bpl-columns" }, settings, land.sliders), group("More", saver(land.view, "descent")), facts.node,
  );

  const kind = () => (scene.names.length === 2 ? get("kind") : "number");
  const rates = () => {
    const entry = (i, j) => (kind() === "full" ? get("matrix")[i][j] : i !== j ? 0 : kind() === "number" ? get("rate") : get("matrix")[i][i]);
    return scene.names.map((_, i) => scene.names.map((_, j) => entry(i, j)));
  };
  function descend() {
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
  const curvature = ({ point }) => hessian((p) => at(p).gradient, point, scene.quadratic);
  const effects = (H) => {
    const columns = H.map((column) => times(rates(), column)); // H is symmetric
    return eigenvalues(columns.map((_, i) => columns.map((column) => column[i])));
  };
  const toward = ({ point, gradient }, H) =>
    scene.quadratic && eigenvalues(H)[0] > 0 ? solve(H, gradient).map((x) => -x) : point.map(() => 0);
  const names = () => (scene.names.length === 1 ? scene.names[0] : `(${scene.names.join(", ")})`);

  // ---- words ----

  function told() {
    const { words } = scene;
    const [here, last] = [run[k], run[Math.max(0, k - 1)]];
    const change = here.point.map((x, i) => x - last.point[i]);
    const facts = { names: names(), step: k, before: listed(last.point), at: listed(here.point), change: listed(change), gradient: listed(last.gradient), was: number(last.value), loss: number(here.value) };
    const said = fill(words[k ? "step" : "start"], facts);
    if (k < run.length - 1 || k === get("length")) return said;
    const end = here.trouble ? "trouble" : !here.finite ? "infinite" : here.gradient.some((g) => g !== 0) ? "stuck" : "arrived";
    return said + fill(words[end], { ...here, gradient: listed(here.gradient) });
  }

  function judged(H, found) {
    if (!H.flat().every(Number.isFinite)) return "";
    const { words, quadratic } = scene;
    const [low, high, top, mu, one] = [eigenvalues(H)[0], eigenvalues(H).at(-1), found.at(-1), get("momentum"), kind() === "number"];
    const bound = 2 * (1 + mu);
    const factor = Math.max(...found.map((effect) => left(effect, mu)));
    const facts = Object.fromEntries(Object.entries({ rate: get("rate"), momentum: mu, curvature: high, low, top, bound, factor }).map(([key, x]) => [key, number(x)]));
    Object.assign(facts, { here: quadratic ? "" : " here", limit: high ? number(bound / high) : "" });
    facts.limit = fill(words[!one ? "bound" : mu ? "limit with momentum" : "limit"], facts);
    facts.eta = fill(words[one ? "eta" : "etas"], facts);
    const which = judge(low, high, found, mu, quadratic);
    const said = [fill(words[which], facts)];
    if (["across", "below"].includes(which) && low >= 0) said.push(fill(words[H.length === 1 ? "leaves" : "slowest"], facts));
    const { point, gradient } = here;
    const [to, way] = [toward(here, H), (one ? gradient : times(rates(), gradient)).map((x) => -x)];
    const size = Math.hypot(...way) * Math.hypot(...to);
    if (way.length === 2 && size > 0) {
      const cosine = (way[0] * to[0] + way[1] * to[1]) / size;
      const angle = Math.floor((Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI + 0.5);
      const minimum = point.map((x, i) => (Math.abs(x + to[i]) > NEARLY * Math.max(Math.abs(x), Math.abs(to[i])) ? x + to[i] : 0));
      const what = one ? "gradient" : "M·gradient";
      said.push(fill(words.angle, { at: listed(point), what, angle: String(angle), minimum: listed(minimum) }));
    }
    return said.join(" ");
  }

  function alternative() {
    const mu = get("momentum") ? ` and momentum ${number(get("momentum"))}` : "";
    const eta = kind() === "number" ? `η = ${number(get("rate"))}` : `M = [${rates().map(listed).join(", ")}]`;
    const hidden = get("fog") ? `, in fog beyond ${number(get("fog"))}` : "";
    const [first, now] = [run[0], run[k]];
    return (
      `descent on ${scene.formula} with ${eta}${mu}${hidden}: from ${names()} = ${listed(first.point)}, L = ${number(first.value)}, ` +
      `after ${k} steps at ${listed(now.point)}, L = ${number(now.value)}`
    );
  }

  // ---- the picture ----

  function ground(now) {
    const [middle, width] = [land.look(now.point), get("width")];
    const axes = scene.names.map((name, i) => axis(name, middle[i] - width / 2, middle[i] + width / 2));
    const key = JSON.stringify([middle, width]);
    const two = middle.length === 2;
    if (heights?.key !== key || heights.scene !== scene) {
      const xs = Array.from({ length: 201 }, (_, i) => middle[0] - width / 2 + (width * i) / 200);
      heights = { key, scene, rows: two ? grid((p) => at(p).value, middle, width, 57) : xs.map((x) => [x, at([x]).value]) };
    }
    const { rows } = heights;
    const plane = frame(52, 20, 400, 400, axes[0], two ? axes[1] : axisAround("L", rows.map(([, y]) => y)));
    if (two) plane.contours(rows, levels(rows), true, { stroke: "value", "stroke-width": 1.2, "stroke-opacity": 0.75 });
    else plane.line(rows, { stroke: "value", "stroke-width": 2.6 });
    return plane;
  }

  function pointers(plane, now, next, place, H) {
    const dashes = { stroke: "gradient", "stroke-width": 1.6, "stroke-dasharray": "6 4" };
    const { point, gradient, value } = now;
    if (point.length === 1) {
      plane.line([-1, 1].map((way) => [point[0] + (way * get("width")) / 6, value + (gradient[0] * way * get("width")) / 6]), dashes);
    } else {
      const way = toward(now, H);
      if (way.some((x) => x) && !get("fog")) plane.line([place, place.map((x, i) => x + way[i])], { ...dashes, stroke: "muted", "stroke-dasharray": "2 4" });
      const size = Math.hypot(...gradient);
      if (size > 0) plane.line([place, place.map((x, i) => x - ((get("width") / 4) * gradient[i]) / size)], dashes);
    }
    if (next) plane.arrow(place, point.length === 1 ? [next.point[0], value] : next.point, "gradient", 3);
  }

  function ruler(found, two) {
    const bound = 2 * (1 + get("momentum"));
    const line = frame(540, 306, 300, 34, axis("step × curvature, in each direction", 0, 1.5 * bound), axis("", 0, 1, "bare"));
    const zones = get("momentum") ? [["comes nearer", bound]] : [["creeps", 1], ["jumps across", 2]];
    let begin = 0;
    for (const [name, end] of [...zones, ["flies away", 1.5 * bound]]) {
      line.line([[end, 0], [end, 1]], { stroke: "line" });
      line.put(written(name, line.place([(begin + end) / 2, 0])[0], 13, { "font-size": 12.5, "text-anchor": "middle" }));
      begin = end;
    }
    for (const effect of found.filter(Number.isFinite)) line.dot([Math.max(0, Math.min(effect, 1.48 * bound)), 0.28], 6, { fill: "active", stroke: "ink" });
    const legend = ["○ start   ● now", "→ next step", two ? "┄ −gradient" : "┄ tangent", two && scene.quadratic && !get("fog") ? "·· to the minimum" : ""];
    const colours = ["ink", "gradient", "gradient", "muted"];
    return line.svg() + legend.map((text, i) => written(text, 540 + 160 * (i % 2), 408 + 22 * (i >> 1), { fill: colours[i] })).join("");
  }

  function drawn(H, found) {
    const now = run[k];
    const plane = ground(now);
    const two = scene.names.length === 2;
    const places = run.slice(0, k + 1).map(({ point, value }) => (two ? point : [point[0], value]));
    if (get("fog")) plane.fog(places[k], (400 * get("fog")) / get("width"), !two);
    plane.line(places, { stroke: "ink", "stroke-width": 1.6 });
    places.slice(-60).forEach((place) => plane.dot(place, 2.8, { fill: "ink" }));
    if (now.finite) pointers(plane, now, run[k + 1], places[k], H);
    plane.dot(places[0], 6, { fill: "none", stroke: "ink", "stroke-width": 2 });
    plane.dot(places[k], 5.5, { fill: "ink", stroke: "ground", "stroke-width": 1.5 });
    const losses = run.slice(0, k + 1).map(({ value }, i) => [i, value]);
    const seen = losses.map(([, loss]) => loss).filter(Number.isFinite);
    const [low, high] = [Math.min(...seen), Math.max(...seen)];
    const scale = low >= 0 && high > 50 * low ? "log" : "linear";
    const chart = frame(540, 20, 300, 190, axis("step", 0, Math.max(10, k)), axisAround("L after each step", losses.map(([, loss]) => loss), scale));
    chart.line(losses, { stroke: "value", "stroke-width": 2.2 });
    losses.slice(-60).forEach((point) => chart.dot(point, 2.8, { fill: "value" }));
    return picture(884, 492, alternative(), plane.svg(), chart.svg(), ruler(found, two));
  }

  return () => {
    if (land.fresh()) {
      scene = get("_scene");
      at = surface(scene);
    }
    run = descend();
    k = Math.min(get("step"), run.length - 1);
    if (k < get("step")) return set({ step: k }); // another run may be shorter; this comes back here
    here = run.slice(0, k + 1).findLast(({ finite }) => finite) ?? run[0];
    const H = curvature(here);
    const found = effects(H);
    land.show(drawn(H, found));
    steps.show();
    kinds.show(kind());
    kinds.node.hidden = scene.names.length === 1;
    rate.node.hidden = kind() !== "number";
    entries.forEach(({ i, j, node, show }) => {
      node.hidden = kind() === "number" || (kind() === "diagonal" && i !== j);
      show(get("matrix")[i][j]);
    });
    rate.show(get("rate"));
    momentum.show(get("momentum"));
    fog.show(get("fog"));
    say(sentence, told());
    say(verdict, judged(H, found));
    announce(`${sentence.textContent} ${verdict.textContent}`);
    facts.show(() =>
      run.map((stop, i) => {
        const way = stop.finite && scene.quadratic ? Math.hypot(...toward(stop, H)) : NaN;
        return [i, listed(stop.point), number(stop.value), listed(stop.gradient), Number.isNaN(way) ? "" : number(way)];
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
  if (low < -NEARLY * size && (quadratic || high <= 0)) return quadratic ? "hill" : "bends";
  if (!size) return "flat";
  if (Number.isNaN(ratio)) return "complex";
  if (top < 0 && high > 0) return "uphill";
  if (ratio > 2 + NEARLY) return "above";
  if (ratio > 2 - NEARLY) return "equal";
  if (Math.abs(found[0]) <= NEARLY * Math.abs(top)) return "never";
  if (momentum) return "below";
  return found.every((x) => Math.abs(x - 1) < NEARLY) ? "one" : ratio > 1 ? "across" : "below";
}
