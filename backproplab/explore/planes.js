import { axis, axisAround, frame } from "./plane.js";

/** A plane that is given as data, as text of SVG: `draw_plane` in slots.py explains it. */
export function plane({ box, across, up, looks, marks }) {
  const axes = [across, up].map(([first, ...rest]) => (first === "around" ? axisAround(...rest) : axis(first, ...rest)));
  const drawn = frame(box, ...axes, looks);
  const note = (text, point, dx, dy, fill = "ink", anchor = "start") => {
    const [x, y] = drawn.place(point);
    drawn.write(text, x + dx, y + dy, { fill, "text-anchor": anchor });
  };
  for (const [kind, ...given] of marks) kind === "note" ? note(...given) : drawn[kind](...given);
  return drawn.svg();
}
