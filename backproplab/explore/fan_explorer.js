import { element, explorer, group, more, slider, stage } from "./runtime.js";
import { plane } from "./planes.js";
import { shown } from "./fan_explorer.py";

export default explorer((ui) => {
  const { get, set, root, state } = ui;
  const toggle = (i) => set({ opened: get("opened").with(i, !get("opened")[i]) });
  const boxes = get("opened").map((_, i) => element("input", { type: "checkbox", onchange: () => toggle(i) }));
  const branches = boxes.map((box, i) => element("label", { className: "bpl-option" }, box, `branch s[${i}] open`));
  const rows = ["z", "nudge"].map((name) => slider(name, { low: -2, high: 2, move: (x) => set({ [name]: x }) }));
  const view = stage(ui, "fan", { plane });
  view.picture.addEventListener("click", ({ target }) => {
    const slot = target.closest("[data-node]")?.dataset.slot;
    if (slot) toggle(Number(slot.split(" ")[1]));
  });
  root.append(group("Branches", ...branches), view.picture, view.sentence, ...rows.map(({ node }) => node), more(view.save));

  return () => {
    view.show(get("_scene").picture, shown(state));
    boxes.forEach((box, i) => (box.checked = get("opened")[i]));
    rows[0].show(get("z"));
    rows[1].show(get("nudge"));
  };
});
