import { button, choice, element, explorer, idle, say } from "./runtime.js";

// A prediction's input and what Python says of it; predict.py explains it. Nothing here knows the answer.

export default explorer(({ get, set, root, error, fail, announce, signal, alone, host }) => {
  const { kind, labels, question, words } = get("_asked");
  let waiting, revealed;
  signal.addEventListener("abort", () => clearTimeout(waiting));
  const closed = () => alone || ["right", "wrong"].includes(get("verdict"));
  const enter = (i, text) => set({ entered: get("entered").with(i, text) });

  const number = ([, label], i) => {
    const input = element("input", { type: "text", className: "bpl-exact", autocomplete: "off" });
    input.addEventListener("input", () => enter(i, input.value));
    input.addEventListener("keydown", (event) => event.key === "Enter" && give());
    const show = ({ [i]: text }) => document.activeElement !== input && (input.value = text);
    return { node: element("label", { className: "bpl-label" }, label, input), show };
  };
  const place = (_, i) => {
    const text = element("span", { className: "bpl-name" });
    const swap = (all, j) => all[j] !== undefined && set({ entered: all.with(i, all[j]).with(j, all[i]) });
    const [up, down] = [["↑", i - 1], ["↓", i + 1]].map(([arrow, j]) => button(arrow, "", () => swap(get("entered"), j)));
    const show = ({ [i]: item }) => {
      say(text, `${i + 1}. ${item}`);
      [up.ariaLabel, down.ariaLabel] = [`${item}: earlier`, `${item}: later`];
    };
    return { node: element("div", { className: "bpl-row" }, up, down, text), show };
  };
  const wording = () => {
    const { node, show } = choice("Your prediction", Object.fromEntries(labels), (word) => enter(0, word));
    return { node, show: ([word]) => show(word) };
  };
  const inputs = kind === "choice" ? [wording()] : labels.map(kind === "order" ? place : number);

  const give = () => {
    if (closed()) return;
    if (get("entered").some((text) => !text.trim())) return fail(words.empty);
    fail("");
    set({ answer: get("entered") });
    clearTimeout(waiting);
    waiting = setTimeout(() => get("words") || fail(words.silent), 5000);
  };
  const send = button("Predict", "Give your prediction and see what happens", give);
  const told = element("p", { className: "bpl-sentence" });
  const reveal = element("div");
  root.append(element("p", {}, question), ...inputs.map(({ node }) => node), send, error, told, reveal);

  return () => {
    for (const { node, show } of inputs) {
      show(get("entered"));
      node.querySelectorAll("input").forEach((it) => (it.disabled = closed()));
      node.querySelectorAll("button").forEach((it) => idle(it, closed()));
    }
    idle(send, closed());
    if (get("words")) fail("");
    say(told, get("words") || (alone ? words.alone : ""));
    announce(get("words"));
    if (revealed === get("_revealed")) return;
    revealed = get("_revealed");
    const id = /^IPY_MODEL_(.+)/.exec(revealed)?.[1];
    if (!id) reveal.innerHTML = revealed;
    else host?.get_model(id).then((model) => host.create_view(model)).then(({ el }) => reveal.replaceChildren(el));
  };
});
