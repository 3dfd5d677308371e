import { button, choice, element, explorer, group, idle, more, saver, say, table } from "./runtime.js";
import { landscape } from "./surface.js";
import { LETTERS, Stochastic } from "./stochastic.py";

// The controls of sgd_explorer.py; what they show is computed and drawn by stochastic.py.

export default explorer((ui) => {
  const { get, set, root } = ui;
  const land = landscape(ui, Stochastic);
  const { batches, manners } = get("_scene");
  let run;
  const batch = choice("Samples a step", batches, (size) => set({ batch: size === "all" ? size : Number(size) }));
  const manner = choice("Drawn", manners, (how) => set({ replacement: how === "with" }));
  const fan = button("Each sample alone, from here", "Where each of them would lead if it were the only one", () => set({ fan: !get("fan") }));
  const lowest = button("Start at the lowest point", "Where the average is lowest, looking closely", () => {
    const { names, lowest, widest } = run.surface;
    set({ step: 0, width: Math.min(get("width"), widest / 4), start: Object.fromEntries(names.map((name, i) => [name, lowest[i]])) });
  });
  const keep = button("Keep this run", "To compare others with it", () => {
    if (!get("kept").some((known) => JSON.stringify(known) === JSON.stringify(run.settings))) set({ kept: [...get("kept"), run.settings].slice(-LETTERS.length) });
  });
  const forget = button("Forget kept runs", "", () => set({ kept: [] }));
  const noise = element("p", { className: "bpl-verdict" });
  const list = element("ul", { className: "bpl-quiet" });
  const facts = table("Table of the spread", ["size of the batch", "measured with replacement", "σ/√B", "measured without", "by theory"]);
  const questions = group("Questions", fan, lowest, keep, forget, saver(land.view, "sgd"));
  const rare = more(questions, list, manner.node, land.settings, facts.node);
  root.append(...land.top, group("Step", batch.node, land.rate.node), land.steps.node, land.view, ...land.said, noise, rare);

  return () => {
    run = land.show() ?? run;
    say(noise, run.noise);
    batch.show(String(get("batch")));
    manner.show(get("replacement") ? "with" : "without");
    fan.setAttribute("aria-pressed", get("fan"));
    idle(lowest, !run.surface.lowest);
    idle(forget, !get("kept").length);
    list.replaceChildren(...get("kept").map((settings, i) => element("li", {}, `${LETTERS[i]}: ${run.named(settings)}`)));
    facts.show(() => run.rows());
  };
});
