import { compact, number } from "./runtime.js";

// A rectangle with axes and what is drawn in it, as text of SVG: draw/plane.py, which explains it, draws the same.

const SCALES = { linear: (v) => v, bare: (v) => v, log: (v) => Math.log10(v), count: (v) => Math.log10(1 + v) };

export function axis(label, low, high, scale = "linear") {
  let [bottom, top] = [low, high].map(SCALES[scale]);
  if (!(top - bottom > 1e-9 * Math.max(Math.abs(bottom), Math.abs(top)) && top - bottom < Infinity)) [bottom, top] = [0, 1];
  const raw = (top - bottom) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  let step = power * [[1, 1.5], [2, 3.5], [5, 7.5], [10, Infinity]].find(([, most]) => raw / power < most)[0];
  const log = scale === "log" || scale === "count";
  if (log) step = Math.max(1, Math.ceil(step));
  let ticks = [];
  if (scale === "log" && top - bottom < 2) {
    // few powers of ten: numbers between them as well
    for (let k = Math.floor(bottom); k <= top; k++) ticks.push(...[0, Math.log10(2), Math.log10(5)].map((part) => k + part));
    ticks = ticks.filter((place) => bottom - 1e-9 <= place && place <= top + 1e-9);
  } else if (scale !== "bare") for (let k = Math.ceil(bottom / step - 1e-9); k <= top / step + 1e-9; k++) ticks.push(k * step);
  if (log) ticks = ticks.map((place) => 10 ** place);
  if (scale === "count") ticks.unshift(0);
  return { label, ticks, at: (v) => (SCALES[scale](v) - bottom) / (top - bottom) };
}

export function axisAround(label, values, scale = "linear") {
  const seen = values.filter((v) => Math.abs(v) < 1e300 && (scale === "linear" || v > 0));
  const [low, high] = seen.length ? [Math.min(...seen), Math.max(...seen)] : [1, 1];
  if (scale === "log") return axis(label, Math.max(low / 1.5, high * 1e-16), high * 1.5, scale);
  const margin = 0.06 * (high - low) || 0.5 * Math.max(Math.abs(high), 1e-300);
  return axis(label, low - margin, high + margin);
}

const pixel = (v) => Math.floor(10 * Math.max(-9999, Math.min(9999, v)) + 0.5) / 10 || 0;
const trail = (places) => `M${places.map((place) => place.join(" ")).join("L")}`;
const plain = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt()};`);

/** An element as text; a colour is the name of one in the pictures' palette. */
export function tag(name, look, text = "") {
  const put = ([key, x]) => ` ${key}="${/^(fill|stroke)$/.test(key) && x !== "none" ? `var(--bpl-${x})` : plain(x)}"`;
  return `<${name}${Object.entries(look).map(put).join("")}>${text}</${name}>`;
}

export const written = (text, x, y, look = {}) => tag("text", { x, y, "font-size": 13, fill: "ink", ...look }, plain(text));

/** A whole picture; `alt` is what it shows in words. */
export function picture(alt, ...parts) {
  const size = { viewBox: "-16 -16 884 512", width: 884, height: 512, role: "img", "aria-label": alt };
  const ground = tag("rect", { x: -16, y: -16, width: 884, height: 512, rx: 8, fill: "ground" });
  return tag("svg", { xmlns: "http://www.w3.org/2000/svg", ...size, "font-family": "system-ui, sans-serif" }, ground + parts.join(""));
}

export function frame([left, top, width, height], across, up, looks) {
  const [under, over] = [[], []];
  const [small, centred] = [{ "font-size": 11.5, fill: "muted" }, { "text-anchor": "middle" }];
  for (const tick of across.ticks) {
    const x = pixel(width * across.at(tick));
    under.push(tag("path", { d: `M${x} ${height}v5`, stroke: "line" }), written(compact(tick), x, height + 18, { ...small, ...centred }));
  }
  for (const tick of up.ticks) {
    const y = pixel(height * (1 - up.at(tick)));
    under.push(tag("path", { d: `M0 ${y}h-5`, stroke: "line" }), written(compact(tick), -8, y + 4, { ...small, "text-anchor": "end" }));
  }
  under.push(written(across.label, width / 2, height + 36, centred), written(up.label, 0, -7));

  const place = ([x, y]) => [pixel(width * across.at(x)), pixel(height * (1 - up.at(y)))];
  const write = (...given) => over.push(written(...given));
  const put = (name, look, shape) => over.push(tag(name, { ...shape, ...looks[look] }));
  const line = (points, look) => {
    const places = points.filter((point) => point.every(Number.isFinite)).map(place);
    if (places.length) put("path", look, { d: trail(places), fill: "none", "stroke-linejoin": "round" });
  };
  const dot = (point, r, look) => {
    const [cx, cy] = place(point);
    if (point.every(Number.isFinite)) put("circle", look, { cx, cy, r });
  };
  const box = (corner, opposite, look) => {
    const [[x0, y0], [x1, y1]] = [place(corner), place(opposite)];
    put("path", look, { d: `M${x0} ${y0}H${x1}V${y1}H${x0}Z` });
  };
  const fog = (point, r, slit) => {
    const [[x, y], reach] = [place(point), pixel(r)];
    const [start, arc] = [pixel(x - reach), `a${reach} ${reach} 0 1 0`];
    const hole = slit ? `${start} 0h${2 * reach}v${height}h${-2 * reach}` : `${start} ${y}${arc} ${2 * reach} 0${arc} ${-2 * reach} 0`;
    put("path", "fog", { d: `M0 0H${width}V${height}H0ZM${hole}Z` });
  };
  const arrow = (tail, head, look) => {
    const [[a, b], [c, d]] = [tail, head].map(place);
    put("path", look, { d: trail([[a, b], [c, d]]) });
    const [length, size] = [Math.hypot(c - a, d - b), 2.5 + 2 * looks[look]["stroke-width"]];
    if (!(length > size)) return;
    const [u, v] = [c - a, d - b].map((x) => (x / length) * size);
    const corners = [[c + u / 2, d + v / 2], [c - u - v / 2, d - v + u / 2], [c - u + v / 2, d - v - u / 2]];
    over.push(tag("path", { d: `${trail(corners.map((corner) => corner.map(pixel)))}Z`, fill: looks[look].stroke }));
  };
  const contours = (heights, levels, look, labels) => {
    const n = heights.length - 1;
    const numbers = [];
    levels.forEach((level, k) => {
      const chains = crossingsOf(heights, level).map((chain) => chain.map(([i, j]) => [pixel((width * i) / n), pixel(height * (1 - j / n))]));
      if (!chains.length) return;
      put("path", look, { d: chains.map(trail).join(""), fill: "none" });
      const longest = chains.reduce((a, b) => (b.length > a.length ? b : a));
      const room = longest.filter(([x, y]) => 14 < y && y < height - 8 && 24 < x && x < width - 24);
      if (labels && k % 2 && room.length) numbers.push([number(level), ...room.reduce((a, b) => (b[1] < a[1] ? b : a))]);
    });
    const halo = { fill: "value", "font-size": 11, ...centred, stroke: "ground", "stroke-width": 3.5, "paint-order": "stroke" };
    for (const [text, x, y] of numbers) write(text, x, y + 4, halo);
  };
  const svg = () =>
    tag("g", { transform: `translate(${left} ${top})` }, under.join("") + tag("svg", { width, height }, over.join("")) + tag("rect", { width, height, fill: "none", stroke: "line" }));
  return { place, put, write, line, dot, box, fog, arrow, contours, svg };
}

export function grid(f, centre, width, n) {
  const [xs, ys] = centre.map((c) => Array.from({ length: n }, (_, k) => c - width / 2 + (width * k) / (n - 1)));
  return ys.map((y) => xs.map((x) => f([x, y])));
}

export function levels(heights, count = 12) {
  const seen = heights.flat().filter(Number.isFinite).sort((a, b) => a - b);
  if (!seen.length || seen[0] === seen.at(-1)) return [];
  const unit = 10 ** (Math.floor(Math.log10(seen.at(-1) - seen[0])) - 3);
  const found = Array.from({ length: count }, (_, k) => seen[Math.floor((seen.length - 1) * ((k + 1) / (count + 1)) ** 2)]);
  return [...new Set(found.map((h) => Math.floor(h / unit + 0.5) * unit))];
}

const crossed = new WeakMap(); // heights → level → chains: a landscape is drawn again at every step

function crossingsOf(heights, level) {
  if (!crossed.has(heights)) crossed.set(heights, new Map());
  const known = crossed.get(heights);
  if (!known.has(level)) known.set(level, crossings(heights, level));
  return known.get(level);
}

export function crossings(heights, level) {
  const n = heights[0].length;
  const links = new Map();
  const link = (a, b) => (links.has(a) ? links.get(a).push(b) : links.set(a, [b]));
  for (let j = 0; j + 1 < heights.length; j++) {
    for (let i = 0; i + 1 < n; i++) {
      const corners = [heights[j][i], heights[j][i + 1], heights[j + 1][i + 1], heights[j + 1][i]];
      if (!corners.every(Number.isFinite)) continue;
      const above = corners.map((corner) => corner >= level);
      const here = j * n + i;
      const sides = [2 * here, 2 * here + 3, 2 * (here + n), 2 * here + 1];
      let crossed = sides.filter((_, k) => above[k] !== above[(k + 1) % 4]);
      if (crossed.length === 4 && corners.reduce((a, b) => a + b) / 4 >= level !== above[0]) crossed = [0, 3, 1, 2].map((k) => crossed[k]);
      for (let k = 0; k < crossed.length; k += 2) {
        link(crossed[k], crossed[k + 1]);
        link(crossed[k + 1], crossed[k]);
      }
    }
  }
  const point = (side) => {
    const [turned, here] = [side % 2, side >> 1];
    const [i, j] = [here % n, Math.floor(here / n)];
    const [a, b] = [heights[j][i], heights[j + turned][i + 1 - turned]];
    const part = (level - a) / (b - a);
    return turned ? [i, j + part] : [i + part, j];
  };
  const seen = new Set();
  return [...links.keys()].sort((a, b) => links.get(a).length - links.get(b).length).flatMap((start) => {
    if (seen.has(start)) return [];
    const chain = [];
    for (let side = start; side !== undefined; side = links.get(side).find((other) => !seen.has(other))) {
      seen.add(side);
      chain.push(side);
    }
    if (chain.length > 2 && links.get(chain.at(-1)).includes(start)) chain.push(start);
    return [chain.map(point)];
  });
}
