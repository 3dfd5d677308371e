import { compact, number } from "./runtime.js";
import { Axis, Frame } from "../draw/plane.py";

/** A sheet as that of draw/paper.py; its colours are those of the page's theme, which may change. */
export class Paper {
  theme = new Proxy({}, { get: (_, colour) => `var(--bpl-${colour})` });

  constructor(width, height, alt) {
    const size = { viewBox: `-16 -16 ${width} ${height}`, width, height, role: "img", "aria-label": alt };
    this.root = this.add(null, "svg", { ...size, "font-family": "system-ui, sans-serif" });
    this.add(this.root, "rect", { x: -16, y: -16, width, height, rx: 8, fill: this.theme.ground });
  }
  add(parent, tag, ...more) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    const [look, text = ""] = more.reverse();
    for (const [name, value] of Object.entries(look)) {
      made.setAttribute(name.replaceAll("_", "-"), Number.isFinite(value) ? Math.round(10 * value) / 10 : value);
    }
    made.textContent = text;
    parent?.append(made);
    return made;
  }
}

// ---- as text of SVG ----

export const axis = (...given) => new Axis(...given);
export const axisAround = (...given) => Axis.around(...given);

const text = (paper) => new XMLSerializer().serializeToString(paper.root.lastChild);

export function written(words, x, y, look = {}) {
  const paper = new Paper(0, 0, "");
  const fill = look.fill ? paper.theme[look.fill] : paper.theme.ink;
  paper.add(paper.root, "text", words, { x, y, "font-size": 13, ...look, fill });
  return text(paper);
}

export function frame(box, across, up, looks) {
  const paper = new Paper(0, 0, "");
  const made = new Frame(paper, box, across, up, looks);
  const write = made.write.bind(made);
  made.place = made.place.bind(made);
  made.write = (words, x, y, look = {}) => write(words, x, y, look.fill ?? "ink", look["text-anchor"]);
  made.svg = () => text(paper);
  return made;
}

export function picture(alt, ...parts) {
  const paper = new Paper(884, 512, alt);
  return paper.root.outerHTML.replace("</svg>", `${parts.join("")}</svg>`);
}
