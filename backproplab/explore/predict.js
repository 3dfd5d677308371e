import { button, choice, element, explorer, idle, say } from "./runtime.js";

// A prediction's input and what Python says of it; predict.py explains it. Nothing here knows the answer.

export default explorer(({ get, set, root, error, fail, announce, signal, alone, host }) => {
  const { kind, labels, question, words } = get("_asked");
  let waiting, revealed;
  signal.addEventListener("abort", () => clearTimeout(waiting));
  const enter = (i, text) => set({ entered: get("entered").with(i, text) });
  const inputs = {
    numbers: () => labels.map(([, label], i) => {
      const input = element("input", { type: "text", className: "bpl-exact", autocomplete: "off" });
      input.addEventListener("input", () => enter(i, input.value));
      input.addEventListener("keydown", (event) => event.key === "Enter" && give());
      const show = ({ [i]: text }) => document.activeElement !== input && (input.value = text);
      return { node: element("label", { className: "bpl-label" }, label, input), show };
    }),
    choice: () => {
      const radios = choice("Your prediction", Object.fromEntries(labels), (word) => enter(0, word));
      return [{ node: radios.node, show: ([word]) => radios.show(word) }];
    },
    order: () => labels.map((_, i) => {
      const text = element("span", { className: "bpl-name" });
      const move = (by) => button(by < 0 ? "↑" : "↓", "", () => {
        const all = get("entered");
        if (all[i + by] !== undefined) set({ entered: all.with(i, all[i + by]).with(i + by, all[i]) });
      });
      const moves = [move(-1), move(1)];
      const show = (all) => {
        say(text, `${i + 1}. ${all[i]}`);
        moves.forEach((it, k) => (it.ariaLabel = `${all[i]}: ${k ? "later" : "earlier"}`));
      };
      return { node: element("div", { className: "bpl-row" }, ...moves, text), show };
    }),
  }[kind]();
  const give = () => {
    if (done() || alone) return;
    if (get("entered").some((text) => !text.trim())) return fail(words.empty);
    fail("");
    set({ answer: get("entered") });
    clearTimeout(waiting);
    waiting = setTimeout(() => get("words") || fail(words.silent), 5000);
  };
  const done = () => ["right", "wrong"].includes(get("verdict"));
  const send = button("Predict", "Give your prediction and see what happens", give);
  const told = element("p", { className: "bpl-sentence" });
  const reveal = element("div");
  root.append(element("p", {}, question), ...inputs.map(({ node }) => node), send, error, told, reveal);

  return () => {
    inputs.forEach(({ node, show }) => {
      show(get("entered"));
      node.querySelectorAll("input").forEach((it) => (it.disabled = done() || alone));
      node.querySelectorAll("button").forEach((it) => idle(it, done() || alone));
    });
    idle(send, done() || alone);
    if (get("words")) fail("");
    say(told, get("words") || (alone ? words.alone : ""));
    announce(get("words"));
    const [id, isExplorer] = [get("_revealed").replace("IPY_MODEL_", ""), get("_revealed").startsWith("IPY_MODEL_")];
    if (!id || revealed === id) return;
    revealed = id;
    if (!isExplorer) reveal.innerHTML = id;
    else host?.get_model(id).then((model) => host.create_view(model)).then(({ el }) => reveal.replaceChildren(el));
  };
});
