import { bracketed, choice, compact, element, explorer, fill, inWords, number, program, saver, say, slider, stepper, table, typed } from "./runtime.js";
import { axis, axisAround, frame, picture, written } from "./plane.js";

// The same as chain_explorer.py, which explains it. Dials, number lines and the notch are drawn by Python; the page moves
// what moves in them.

const CHAIN = "The chain. Left and right arrow: the nudge goes a link back or on, Home and End: to the start, to the end.";

export default explorer((ui) => {
  const { get, set, root, error, fail, announce } = ui;
  let scene, links, svg, drawn, way, x;
  const box = typed(ui, "Chain");
  const stage = element("div", { className: "bpl-picture", tabIndex: 0, role: "group", ariaLabel: CHAIN });
  const steps = stepper(ui, { state: () => ({ step: get("step"), steps: links.length }), go: (step) => set({ step }), picture: stage });
  const view = choice("View", { lines: "number lines", dials: "dials", shares: "shares", notch: "notch" }, (view) => set({ view }));
  const sentence = element("p", { className: "bpl-sentence" });
  const rows = element("div");
  const facts = table("Table of all links", ["at", "value", "slope", "share"]);
  root.append(...box.nodes, error, steps.node, stage, sentence, rows, view.node, saver(stage, "chain"), facts.node);
  let sliders;

  function renew(fresh) {
    scene = fresh;
    x = drawn = undefined;
    links = scene.links.map(([title, text, leaf]) => ({ title, leaf, run: program(text) }));
    const [low, high] = scene.span;
    const within = (name, other) => (v) => set({ [name]: Math.max(low - other(v, -1), Math.min(high - other(v, 1), v)) });
    sliders = [
      slider(scene.names[0], { low, high, move: within("x", (_, way) => way * Math.max(0, way * get("nudge"))) }),
      slider("nudge", { low: -1, high: 1, step: 0.01, move: within("nudge", () => get("x")) }),
    ];
    rows.replaceChildren(...sliders.map(({ node }) => node));
    view.node.children[2].hidden = !scene.pictures.dials;
  }

  function journey(x, nudge) {
    const at = (v, { run, leaf }) => {
      const { values, gradients } = run([v]);
      return [values.at(-1), gradients[leaf]];
    };
    const [values, ends, slopes, shares] = [[x], [x + nudge], [], [1]];
    for (const link of links) {
      const [value, slope] = at(values.at(-1), link);
      values.push(value);
      slopes.push(slope);
      shares.push(shares.at(-1) * slope);
      ends.push(at(ends.at(-1), link)[0]);
    }
    return { values, ends, slopes, shares, moves: ends.map((end, i) => end - values[i]) };
  }

  function words(step) {
    const { values, slopes, shares, moves } = way;
    const [k, dz] = [Math.max(step, 1), slopes.slice(1).reduce((a, b) => a * b, 1)];
    const numbers = { x: values[0], nudge: get("nudge"), share: shares[step], had: shares[k - 1], value: values[k - 1], slope: slopes[k - 1] };
    Object.assign(numbers, { by: shares[step] * get("nudge"), real: moves[step], s: values[0], z: values[1], C: values.at(-1), dz, ds: slopes[0] * dz });
    const passed = scene.names.slice(0, step + 1).map((name, i) => `${name} = ${number(values[i])}`).join(", ");
    const titles = links.map(({ title }) => title);
    return { ...inWords(numbers), passed, titles: titles.join(", "), start: scene.names[0], before: scene.names[k - 1], name: scene.names[k], title: titles[k - 1], h: scene.h };
  }

  // ---- the pictures ----

  const all = (selector) => [...svg.querySelectorAll(selector)];
  const put = (it, places) => Object.entries(places).forEach(([name, value]) => it.setAttribute(name, Number.isFinite(value) ? Math.round(10 * value) / 10 : value));
  const reached = (selector, step, tell) => all(selector).forEach((it, i) => {
    it.setAttribute("visibility", i <= step ? "visible" : "hidden");
    tell?.(it, i);
  });

  const moves = {
    lines(step) {
      const { values, ends, slopes, moves } = way;
      const axes = all("[data-line]").map(({ dataset: { low, high, left, right } }) => (v) => +left + ((right - left) * (v - low)) / (high - low));
      const [at, to] = [values, ends].map((it) => it.map((v, i) => axes[i](v)));
      reached("[data-rays]", step - 1);
      reached("[data-node]", step, (it, i) => {
        put(it.firstChild, { cx: at[i] });
        say(it.lastChild, `${i ? links[i - 1].title : scene.names[0]}: ${number(values[i])}`);
      });
      reached("[data-role=bar]", step, (it, i) => put(it, { x1: at[i], x2: to[i] }));
      reached("[data-role=value]", step, (it, i) => say(it, compact(values[i])));
      reached("[data-role=nudge]", step, (it, i) => say(it, (moves[i] > 0 ? "+" : "") + compact(moves[i])));
      const middle = [];
      reached("[data-edge]", step - 1, (it, i) => {
        const [area, line] = [it.querySelector("polygon"), it.lastChild];
        const [y0, y1] = ["y1", "y2"].map((name) => Number(line.getAttribute(name)));
        put(line, { x1: at[i], x2: at[i + 1] });
        const corners = [[at[i], y0], [to[i], y0], [to[i + 1], y1], [at[i + 1], y1]];
        if (area) put(area, { points: corners.map((corner) => corner.map((v) => v.toFixed(1))).join(" ") });
        middle.push((at[i] + at[i + 1]) / 2);
      });
      reached("[data-label*='>']", step - 1, (it, i) => {
        const text = `×${compact(slopes[i])}`;
        const width = Math.ceil(7.8 * text.length) + 14;
        say(it.children[0], `slope ${number(slopes[i])}`);
        put(it.children[1], { x: middle[i] - width / 2, width });
        put(it.children[2], { x: middle[i] });
        say(it.children[2], text);
      });
    },
    dials(step) {
      const amounts = way.shares.map((share) => share * get("nudge"));
      const most = Math.max(...[...amounts, ...way.shares].map(Math.abs));
      const full = [1, 2, 5, 10].map((k) => 10 ** Math.floor(Math.log10(most)) * k).find((it) => it >= most);
      const low = Math.min(get("nudge"), ...way.slopes) < 0 ? -full : 0;
      reached("[data-role=hand]", step, (it, i) => {
        const [, cx, cy] = it.getAttribute("transform").split(" ");
        put(it, { transform: `rotate(${(270 * ((amounts[i] - low) / (full - low) - 0.5)).toFixed(1)} ${cx} ${cy}` });
        const [title, ...ticks] = it.parentNode.querySelectorAll("title, text");
        say(title, scene.names[i] + (i <= step ? `: ${number(amounts[i])}` : ""));
        ticks.forEach((tick, k) => say(tick, compact(low + ((full - low) * k) / 2, 5)));
      });
      all("[data-role=value]").forEach((it, i) => say(it, i <= step ? compact(amounts[i], 6) : "·"));
      const rates = way.slopes.slice(0, step).map((it) => number(it));
      const power = step > 3 && new Set(rates).size === 1;
      const product = power ? `${bracketed(rates[0])}^${step}` : rates.map((it, i) => (i ? bracketed(it) : it)).join("·");
      const times = `${step > 1 ? `${product} = ` : ""}${number(way.shares[step])} times as far as ${scene.names[0]}`;
      say(all("[data-role=product]")[0], step ? times : "");
    },
    notch(_, told) {
      svg.querySelector("[data-told]")?.remove();
      const texts = scene.notch.map(([template, x, y, fill_, anchor]) => written(fill(template, told), x, y, { "font-size": 15, fill: fill_, "text-anchor": anchor }));
      svg.insertAdjacentHTML("beforeend", `<g data-told="">${texts.join("")}</g>`);
    },
  };

  function shares(step) {
    const points = way.shares.slice(0, step + 1).map((share, k) => [k, Math.log10(Math.abs(share))]);
    const up = axisAround("share of the nudge that arrives: 10 to the power of …", [0, ...points.map(([, y]) => y)]);
    const plane = frame([80, 24, 720, 400], axis("links passed", -0.5 - 0.05 * links.length, 1.12 * links.length + 0.5), up, scene.looks);
    plane.line(points, "share");
    points.forEach((point, k) => {
      const share = way.shares[k];
      plane.dot(point, 5, share > 0 ? "positive" : "negative");
      const [x, y] = plane.place(point);
      const rises = k && Math.abs(share) > Math.abs(way.shares[k - 1]);
      if (share) plane.write(compact(share), x + (rises ? -9 : 9), y > 20 ? y - 6 : y + 20, { "text-anchor": rises ? "end" : "start" });
    });
    return picture("", plane.svg(), written(scene.words.shares, 80, 484));
  }

  return () => {
    if (box.scene() !== scene) renew(box.scene());
    const step = Math.min(get("step"), links.length);
    if (step < get("step")) return set({ step });
    const next = journey(get("x"), get("nudge"));
    const good = !next.values.some(Number.isNaN);
    fail(get("_answer").error || (good ? "" : fill(scene.words.undefined, { start: scene.names[0], x: number(get("x")) })));
    box.show();
    view.show(get("view"));
    sliders[0].show(get("x"));
    sliders[1].show(get("nudge"));
    steps.show();
    if (good) x = get("x");
    if (x === undefined) return; // this chain has had no value yet
    way = good ? next : journey(x, get("nudge"));
    const [told, kind] = [words(step), get("view") === "dials" && !scene.pictures.dials ? "lines" : get("view")];
    if (drawn !== kind) stage.innerHTML = scene.pictures[kind] ?? "";
    if (kind === "shares") stage.innerHTML = shares(step);
    drawn = kind;
    svg = stage.firstElementChild;
    moves[kind]?.(step, kind === "notch" ? { ...told, slope: number(way.slopes[0]) } : told);
    svg.setAttribute("aria-label", fill(scene.words.alt, told));
    say(sentence, fill(scene.words[step ? "link" : "begin"], told));
    announce(sentence.textContent);
    const heads = [scene.names[0], ...links.map(({ title }) => title)];
    facts.show(() => heads.map((head, i) => [head, number(way.values[i]), i ? number(way.slopes[i - 1]) : "", number(way.shares[i])]));
  };
});
