import { choice, element, explorer, fill, group, more, number, saver, slider, table } from "./runtime.js";
import { landscape } from "./surface.js";
import { Descent, WORDS, least } from "./descent.py";

// The controls of descent_explorer.py; what they show is computed and drawn by descent.py.

export default explorer((ui) => {
  const { get, set, root, fail } = ui;
  const land = landscape(ui, Descent);
  const kinds = choice("Learning rate", Object.fromEntries(get("_scene").kinds), (kind) => set({ kind }));
  const entries = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) => {
    const move = (x) => {
      const matrix = get("matrix").with(i, get("matrix")[i].with(j, x));
      if (least(matrix) >= 0) set({ matrix });
      else fail(fill(WORDS["not positive"], { lowest: number(least(matrix)) }));
    };
    return { i, j, ...slider(`M${"₁₂"[i]}${"₁₂"[j]}`, { low: i === j ? 0 : -1, high: 1, step: 0.005, move }) };
  });
  const matrix = element("div", { className: "bpl-matrix" }, ...entries.map(({ node }) => node));
  const step = group("Step", kinds.node, land.rate.node);
  let kind;
  const facts = table("Table of all steps", ["step", "at", "L", "gradient", "distance to the minimum"]);
  const rare = more(land.settings, group("More", saver(land.view, "descent")), facts.node);
  root.append(...land.top, step, matrix, land.steps.node, land.view, ...land.said, rare);

  return () => {
    const run = land.show();
    if (!run) return;
    if (run.kind !== kind) kind = run.kind, kind === "diagonal" ? step.append(matrix) : step.after(matrix); // two have room beside
    kinds.show(run.kind);
    kinds.node.hidden = !run.two;
    land.rate.node.hidden = run.kind !== "number";
    entries.forEach(({ i, j, node, show }) => {
      node.hidden = run.kind === "number" || (run.kind === "diagonal" && i !== j);
      show(get("matrix")[i][j]);
    });
    facts.show(() => run.rows());
  };
});
