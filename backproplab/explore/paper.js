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
