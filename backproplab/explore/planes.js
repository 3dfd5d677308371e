import { Paper } from "./paper.js";
import { draw_plane } from "./slots.py";

/** A plane that is given as data, as text of SVG. */
export function plane(data) {
  const paper = new Paper(1, 1, "");
  draw_plane(paper, data);
  return paper.root.lastChild.outerHTML;
}
