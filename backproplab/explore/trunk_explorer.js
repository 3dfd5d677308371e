import { explorer, group, more, say, slider, stage, stepper } from "./runtime.js";
import { shown } from "./trunk_explorer.py";

const HELP = "Rows of factors. Left and right arrow: a row less or more. A click on a link of the trunk cuts it.";

export default explorer((ui) => {
  const { get, set, root, error, state } = ui;
  const { most, picture } = get("_scene");
  const links = () => 2 * Math.min(get("layers"), 10);
  const depth = slider("layers", { low: 1, high: most, whole: true, move: (layers) => set({ layers, step: layers, cut: 0 }) });
  const knife = slider("cut", { low: 0, whole: true, move: (cut) => set({ cut }) });
  const view = stage(ui, "trunk", { help: HELP, table: ["Table of all rows", ["gradient", "factors", "now"]] });
  const steps = stepper(ui, {
    state: () => ({ step: get("step"), steps: get("layers") }), go: (step) => set({ step }), picture: view.picture,
  });
  view.picture.addEventListener("click", ({ target }) => {
    const cut = Number(target.closest("[data-node]")?.dataset.slot.split(" ")[2]) + 1;
    if (cut <= links()) set({ cut: cut === get("cut") ? 0 : cut });
  });
  const rare = more(group("More", view.save), view.facts);
  root.append(error, steps.node, depth.node, knife.node, view.picture, view.sentence, rare);

  return () => {
    const now = shown(state, get("step"));
    view.show(picture, now);
    depth.show(get("layers"));
    knife.show(get("cut"), links());
    say(knife.aside, now.link);
    steps.show();
  };
});
