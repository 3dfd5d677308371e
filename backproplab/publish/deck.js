// Fits what a notebook shows on slides, gives the clicker's keys to the frames of a graph first, then starts reveal.js.

const PAGE = { width: 1280, height: 720 };
const ROOM = { width: PAGE.width - 64, height: PAGE.height - 56 }; // without the margins of deck.css
const GAP = 15; // between the parts of a slide
const SMALLEST = 18; // pixels of a letter that can be read at the back of a lecture hall
const LARGE = 24; // larger letters do not help
const PRINTED = 13.5; // the smallest letters in an image, before it is scaled: see STYLE in draw/plots/canvas.py
const printing = /print-pdf/.test(location.search);

addEventListener("load", async () => {
  await globalThis.explorersShown;
  await document.fonts.ready;
  document.querySelectorAll(".slides > section > section").forEach(fit);
  if (printing) await showFrames();
  document.querySelectorAll(".bpl-explorer:has(.tucked)").forEach(addDrawer);
  document.querySelector("main").classList.add("reveal");
  await Reveal.initialize({
    ...PAGE, margin: 0, center: false, transition: "none", hash: true, controls: false, slideNumber: "c/t", plugins: [RevealNotes],
    pdfSeparateFragments: false, maxScale: 4,
    keyboard: { 39: forward, 34: forward, 32: forward, 37: back, 33: back },
    keyboardCondition: () => !document.activeElement.closest(".bpl-explorer"),
  });
  Reveal.on("slidechanged", () => (closeDrawers(), document.activeElement.blur()));
  document.documentElement.dataset.ready = "";
});

// ---- the keys ----

const forward = () => turned("ArrowRight") || Reveal.next();
const back = () => turned("ArrowLeft") || Reveal.prev();

/** Whether a graph on this slide had one more frame in this direction, which it now shows. */
function turned(key) {
  return [...Reveal.getCurrentSlide().querySelectorAll("[data-frames]")].some((it) => stepped(it, key));
}

function stepped(it, key) {
  const before = it.explorer.get("step");
  it.querySelector(".bpl-picture").dispatchEvent(new KeyboardEvent("keydown", { key }));
  return it.explorer.get("step") !== before;
}

// A control keeps the keys while it has the focus: Escape, or another slide, gives them back. A button that was clicked needs none.
addEventListener("keydown", (event) => {
  const control = document.activeElement.closest(".bpl-explorer");
  if (event.key !== "Escape" || (!control && !closeDrawers())) return;
  closeDrawers();
  document.activeElement.blur();
  event.stopPropagation();
}, { capture: true });
addEventListener("click", (event) => event.detail && event.target.closest?.(".bpl-button")?.blur());

// ---- a page for each frame ----

async function showFrames() {
  for (const first of document.querySelectorAll("[data-frames]")) {
    while (stepped(first, "ArrowLeft"));
    let frames = 0;
    while (stepped(first, "ArrowRight")) frames += 1;
    const section = first.closest("section");
    for (let step = 0; step < frames; step += 1) {
      const copy = section.cloneNode(true);
      copy.querySelectorAll(".notes").forEach((it) => it.remove());
      section.before(copy);
      for (const it of copy.querySelectorAll("[data-explorer]")) {
        it.replaceChildren();
        if (it.dataset.explorer === first.dataset.explorer) it.dataset.state = JSON.stringify({ step });
        await showExplorer(it);
        settle(it.closest(".block"), ROOM.height);
      }
    }
  }
}

// ---- what fits on a slide ----

/** Makes the letters of a slide large enough; moves what is then too much for it to further slides. */
function fit(section) {
  section.querySelectorAll(":scope > .fragment").forEach(unwrap);
  const parts = [...section.children].filter((it) => !it.matches(".notes"));
  const notes = section.querySelector(".notes");
  let page = section;
  let left = ROOM.height;
  for (const part of parts) {
    if (!settle(part, left) && left < ROOM.height) {
      const next = section.cloneNode(false);
      page.after(next);
      page = next;
      left = ROOM.height;
      part.classList.remove("fragment"); // alone on its slide, it need not wait
      settle(part, left);
    }
    if (page !== section) page.append(part);
    left -= height(part) + GAP;
  }
  for (let it = section; it; it = it === page ? null : it.nextElementSibling) {
    if (it !== section && notes) it.append(notes.cloneNode(true));
    spread(it);
  }
}

/** What is short is said louder, words without anything else in the middle. */
function spread(section) {
  const parts = [...section.children].filter((it) => !it.matches(".notes"));
  if (parts.some((it) => it.matches(".dense") || pictures(it).length)) return;
  const alone = parts.every((it) => it.matches(".words"));
  section.classList.toggle("said", alone);
  const total = () => parts.reduce((sum, it) => sum + height(it) + GAP, 0);
  const wide = (it) => [it, ...it.querySelectorAll("pre")].some((that) => that.scrollWidth > that.clientWidth);
  const fits = () => total() <= (alone ? 0.7 : 0.95) * ROOM.height && !parts.some(wide);
  section.classList.add("unwrapped");
  for (let i = 0; i < 25 && fits(); i += 1) parts.forEach((it) => scale(it, 1.02));
  if (!fits()) parts.forEach((it) => scale(it, Math.max(0.96, 1 / it.style.zoom)));
  section.classList.remove("unwrapped");
}

/** What comes together comes as parts, which may be moved to different slides. */
function unwrap(fragment, i) {
  for (const it of fragment.children) {
    it.classList.add("fragment");
    it.dataset.fragmentIndex = i;
  }
  fragment.replaceWith(...fragment.children);
}

/**
 * Gives a part of a slide the size that it needs in `room` pixels of height; says whether it fits, and can be read. On a
 * slide of its own everything fits, smaller if need be.
 */
function settle(part, room) {
  part.classList.remove("dense");
  part.style.zoom = 1;
  const explorer = part.querySelector(".bpl-explorer");
  if (explorer) arrange(explorer, room);
  else pictures(part).forEach((it) => magnify(it, ROOM.width));
  const fits = () => height(part) <= room;
  shrink(pictures(part), fits);
  if (room === ROOM.height) {
    part.classList.toggle("dense", !fits());
    shrink([part], fits);
  }
  return fits() && readable(part);
}

const height = (part) => part.getBoundingClientRect().height; // as painted, with its zoom
const pictures = (part) => [...part.querySelectorAll(".picture > *, .bpl-picture")];
const letters = (it) => (it.matches("img") ? PRINTED * it.currentCSSZoom : smallest(it));
const readable = (part) => pictures(part).every((it) => letters(it) > SMALLEST - 0.1);
const scale = (it, by) => (it.style.zoom = Number(it.style.zoom || 1) * by);

/** Makes a picture as large as its letters need, or its width allows. */
function magnify(it, width, wanted = LARGE) {
  it.style.zoom = 1;
  const image = it.querySelector("svg") ?? it;
  const natural = (image.width.baseVal?.value ?? image.width) * it.currentCSSZoom;
  scale(it, Math.min(wanted / letters(it), width / natural));
}

function shrink(all, fits) {
  for (let i = 0; i < 80 && all.length && !fits(); i += 1) all.forEach((it) => scale(it, 0.98));
}

/** Puts the controls of an explorer below its picture or beside it, and those away that would leave it too little room. */
function arrange(explorer, room) {
  const ways = [false, true].slice(0, pictures(explorer).length === 1 ? 2 : 1);
  const found = ways.map((beside) => arranged(explorer, room, beside));
  const better = (a, b) => b.read - a.read || a.tucked - b.tucked || b.letters - a.letters;
  const best = [...found].sort(better)[0];
  if (best !== found.at(-1)) arranged(explorer, room, best.beside);
}

function arranged(explorer, room, beside) {
  const block = explorer.closest(".block");
  const fits = () => height(block) <= room;
  explorer.classList.toggle("beside", beside);
  explorer.querySelectorAll(".tucked").forEach((it) => it.classList.remove("tucked"));
  explorer.style.zoom = 1;
  scale(explorer, Math.max(1, SMALLEST / smallest(explorer, ".bpl-picture")));
  const widest = ROOM.width * (beside ? 0.68 : 1);
  const shown = pictures(explorer);
  shown.forEach((it) => magnify(it, widest, SMALLEST));
  const [, ...rows] = controls(explorer); // the first one always stays
  while (!fits() && rows.length) rows.pop().classList.add("tucked");
  shrink(shown, fits);
  const found = () => Math.min(LARGE, ...shown.map(letters));
  const wide = () => shown.some((it) => it.getBoundingClientRect().width > widest);
  const grows = () => fits() && found() < LARGE && !wide();
  for (let i = 0; i < 40 && grows(); i += 1) shown.forEach((it) => scale(it, 1.02));
  if (!fits() || wide()) shown.forEach((it) => scale(it, 1 / 1.02));
  const sticksOut = explorer.scrollWidth > explorer.clientWidth;
  const read = sticksOut ? 0 : Math.min(SMALLEST, Math.round(found()));
  return { beside, read, tucked: explorer.querySelectorAll(".tucked").length, letters: found() };
}

/** The parts of an explorer that can be put away, the most important first: not its picture, its words, its steps. */
function controls(root) {
  return [...root.children].flatMap((it) => {
    if (it.matches(".bpl-stage, .bpl-side")) return controls(it);
    const stays = it.matches(".bpl-picture, p, [aria-label=Steps]") || it.querySelector(".bpl-picture") || !it.checkVisibility();
    return stays ? [] : [it];
  });
}

/** What was put away comes out of a drawer: here it is made. */
function addDrawer(explorer) {
  const drawer = Object.assign(document.createElement("details"), { className: "drawer" });
  drawer.innerHTML = '<summary class="bpl-button">More controls</summary><div></div>';
  (explorer.querySelector("[aria-label=Steps]") ?? explorer).append(drawer);
  drawer.lastChild.append(...explorer.querySelectorAll(".tucked"));
}

/** Says whether there was one that was open. */
function closeDrawers() {
  const open = document.querySelectorAll(".drawer[open]");
  open.forEach((it) => (it.open = false));
  return open.length > 0;
}

/** The size of the smallest letters in an element, as painted; of those that are not in what is left out. */
function smallest(root, without = "title") {
  let size = 99;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const it = text.parentElement;
    if (!text.data.trim() || !it.checkVisibility?.({ visibilityProperty: false }) || it.closest(`.bpl-heard, title, ${without}`)) continue;
    const matrix = it.ownerSVGElement ? it.getScreenCTM() : null; // in which the zoom is
    const scale = matrix ? Math.hypot(matrix.a, matrix.b) : it.currentCSSZoom ?? 1;
    size = Math.min(size, parseFloat(getComputedStyle(it).fontSize) * scale);
  }
  return size === 99 ? SMALLEST : size;
}
