// Fits what a notebook shows on slides, gives the clicker's keys to the frames of its explorers first, then starts reveal.js.

const PAGE = { width: 1280, height: 720 };
const ROOM = { width: PAGE.width - 64, height: PAGE.height - 30 }; // without the margins of deck.css
const GAP = 15; // between the parts of a slide
const SMALLEST = 18.02; // pixels of a letter that can be read at the back of a lecture hall: 18, as browsers round a zoom
const LARGE = 24; // larger letters do not help
const PRINTED = 18; // the smallest letters in an image, before it is scaled: see SIZE in draw/plots/canvas.py
const printing = /print-pdf/.test(location.search);

addEventListener("load", async () => {
  await globalThis.explorersShown;
  await document.fonts.ready;
  const begin = stories(document).map((it) => [it, beginning(it)]);
  begin.forEach(([it]) => goTo(it, largest(it))); // there is room for each frame, if there is for this one
  document.querySelectorAll(".slides > section > section").forEach(fit);
  for (const [it, step] of begin) {
    goTo(it, largest(it)); // which may be another one now that the controls may be beside the picture
    settleAgain(it.closest(".block"));
    goTo(it, step);
  }
  document.querySelectorAll(".bpl-explorer").forEach(addDrawer);
  if (printing) document.querySelectorAll(".slides > section > section").forEach(printed);
  document.querySelector("main").classList.add("reveal");
  await Reveal.initialize({
    ...PAGE, margin: 0, center: false, transition: "none", hash: true, controls: false, slideNumber: "c/t", plugins: [RevealNotes],
    pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, maxScale: 4, jumpToSlide: true,
    keyboard: {
      39: forward, 34: forward, 78: forward, 37: back, 33: back, 80: back, 35: end,
      32: ({ shiftKey }) => (shiftKey ? back() : forward()), 13: () => Reveal.toggleOverview(false),
    },
    keyboardCondition: () => !held(),
  });
  Reveal.on("slidechanged", () => (closeDrawers(), letGo()));
  if (!printing) {
    share();
    document.querySelectorAll("[data-explorer]").forEach(keepInside);
  }
  document.documentElement.dataset.ready = "";
});

// ---- frames: an explorer with a `story` (see stepper in runtime.js) is told before the slide turns ----

const LONG = 20; // steps that are told one by one; a longer story is told in leaps, each as far as all before it

const stories = (root) => [...root.querySelectorAll(".bpl-explorer")].filter((it) => it.story);

/** The steps that are shown to a class. */
function frames({ story }) {
  const { steps } = story.state();
  const all = Array.from({ length: steps + 1 }, (_, i) => i);
  return steps > LONG ? all.filter((i) => (i & (i - 1)) === 0 || i === steps) : all;
}

/** The frame after (way 1) or before (way −1) the present one; undefined if there is none. */
function neighbour(it, way) {
  const { step } = it.story.state();
  return way > 0 ? frames(it).find((i) => i > step) : frames(it).findLast((i) => i < step);
}

const goTo = ({ story }, step) => story.go(step);

/** What was saved at its end is told from its start, but not if it waits for somebody's choice. */
function beginning({ story }) {
  const { step, steps, open } = story.state();
  return step === steps && !open ? 0 : step;
}

/** The frame that needs most room: the highest, and of those the one with most words, which a narrow column makes high. */
function largest(it) {
  const sizes = frames(it).map((step) => (goTo(it, step), 1e5 * it.offsetHeight + it.textContent.length));
  return frames(it)[sizes.indexOf(Math.max(...sizes))];
}

/** Goes one frame on or back, and tells whether there was one; what waits as a fragment has its turn where it stands. */
function told(slide, way) {
  const parts = [...slide.querySelectorAll(".fragment, .bpl-explorer")];
  const due = (it) => (it.matches(".fragment") ? it.matches(".visible") === way < 0 : it.story && neighbour(it, way) !== undefined);
  const it = way > 0 ? parts.find(due) : parts.findLast(due);
  if (!it?.story) return false;
  goTo(it, neighbour(it, way));
  return true;
}

/** Puts a copy of the slide before it for each frame but the last, and leaves it at that. */
function printed(slide) {
  slide.querySelectorAll(".fragment").forEach((it) => it.classList.remove("fragment")); // all of them are shown on paper
  for (let i = 0, copy = slide.cloneNode(true); told(slide, 1); i += 1, copy = slide.cloneNode(true)) {
    copy.querySelectorAll(".notes").forEach((it) => it.remove());
    copy.querySelectorAll("[type=radio]").forEach((it) => (it.name += `-${i}`)); // one of each group is chosen in each copy
    slide.before(copy);
  }
}

// ---- the keys ----

const turned = (way) => !Reveal.isOverview() && told(Reveal.getCurrentSlide(), way);
const forward = () => turned(1) || Reveal.next();
const back = () => turned(-1) || Reveal.prev();

function end() {
  const { h, v } = Reveal.getIndices(Reveal.getSlides().at(-1));
  Reveal.slide(h, v);
}

const TURNS = ["PageDown", "PageUp", "ArrowRight", "ArrowLeft", " ", "Escape"];

/** The control that keeps the keys, because it has the focus: Escape gives them back, and so does another slide. */
const held = () => document.activeElement?.closest(".bpl-explorer") && document.activeElement;
const letGo = () => held()?.blur();
const typing = () => held()?.matches("[type=number], [type=text]");

addEventListener("keydown", (event) => {
  const woken = Reveal.isPaused() && TURNS.includes(event.key); // what turns slides ends a blank screen, too
  if (woken) Reveal.togglePause(false);
  else if (event.key !== "Escape" || (!held() && !closeDrawers())) return;
  closeDrawers();
  letGo();
  event.stopPropagation();
}, { capture: true });

addEventListener("keyup", ({ key }) => key === "Enter" && typing() && letGo()); // it has been typed

// What was clicked or dragged needs no keys: whoever has the mouse in one hand has the clicker in the other. At once, as
// the next key may come before any timer; a click after the pointer, as that of a label moves the focus.
const clicked = () => typing() || letGo();
addEventListener("pointerup", clicked);
addEventListener("click", ({ detail }) => detail && clicked()); // 0: a click by keyboard

// ---- the lecturer's window (S) has this deck in it once more: reveal.js turns the slides of both, here explorers follow ----

const others = /[?&]receiver\b/.test(location.search) ? [parent.opener] : []; // the windows that show the same deck
const changed = {}; // of each explorer, the traits that were changed

function share() {
  let teller;
  for (const it of document.querySelectorAll("[data-explorer]")) {
    it.explorer.on("change", (changes) => {
      const all = (changed[it.dataset.explorer] ??= {});
      Object.assign(all, changes);
      others.filter((other) => other !== teller).forEach((other) => tell(other, { [it.dataset.explorer]: changes }));
    });
  }
  addEventListener("message", ({ data, source }) => {
    if (!data?.explorers) return; // it is for reveal.js, or for an extension of the browser
    if (!others.includes(source)) others.push(source) && tell(source, changed);
    teller = source;
    for (const [i, changes] of Object.entries(data.explorers)) document.querySelector(`[data-explorer="${i}"]`).explorer.set(changes);
    teller = undefined;
  });
  others.forEach((it) => tell(it, {})); // here we are
}

const tell = (other, explorers) => other.postMessage({ explorers }, "*");

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

function settleAgain(part) {
  const others = [...part.parentElement.children].filter((it) => it !== part && !it.matches(".notes"));
  settle(part, others.reduce((room, it) => room - height(it) - GAP, ROOM.height));
}

/** Another view has a picture of another size, and another sentence one line more: then an explorer is settled once more. */
function keepInside(explorer) {
  let drawing = drawn(explorer);
  const check = () => {
    if (pressed || !explorer.checkVisibility() || (drawing === drawn(explorer) && !sticksOut(explorer))) return;
    drawing = drawn(explorer);
    const { style } = document.querySelector(".slides");
    const { transform } = style; // by which reveal.js fits slides into the window
    style.transform = "none";
    settleAgain(explorer.closest(".block"));
    style.transform = transform;
    addDrawer(explorer);
  };
  explorer.explorer.on("change", check);
  ["pointerup", "pointercancel"].forEach((name) => addEventListener(name, check));
}

let pressed = false; // nothing moves under a hand that drags
addEventListener("pointerdown", () => (pressed = true));
["pointerup", "pointercancel"].forEach((name) => addEventListener(name, () => (pressed = false)));

const drawn = (explorer) => pictures(explorer).map((it) => it.querySelector("svg")?.getAttribute("viewBox")).join();

function sticksOut(explorer) {
  const slide = explorer.closest("section").getBoundingClientRect();
  const lowest = Math.max(...[explorer.closest(".block"), ...pictures(explorer)].map((it) => it.getBoundingClientRect().bottom));
  return explorer.scrollWidth > explorer.clientWidth || lowest - slide.top > (PAGE.height / PAGE.width) * slide.width;
}

/** What is short is said louder, words without anything else in the middle. */
function spread(section) {
  const parts = [...section.children].filter((it) => !it.matches(".notes"));
  if (parts.some((it) => it.matches(".dense") || pictures(it).length)) return;
  const alone = parts.every((it) => it.matches(".words, .printed"));
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
 * slide of its own everything fits, its lines closer together and smaller if need be.
 */
function settle(part, room) {
  const well = () => height(part) <= room && readable(part);
  part.classList.remove("dense");
  place(part, room);
  if (room === ROOM.height && !well()) {
    part.classList.add("dense");
    place(part, room);
    shrink([part], () => height(part) <= room);
  }
  return well();
}

function place(part, room) {
  part.style.zoom = 1;
  const explorer = part.querySelector(".bpl-explorer");
  if (explorer) arrange(explorer, room);
  else pictures(part).forEach((it) => magnify(it, ROOM.width));
  shrink(pictures(part), () => height(part) <= room);
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
  const widest = ROOM.width * (beside ? 0.7 : 1);
  const shown = pictures(explorer);
  shown.forEach((it) => magnify(it, widest, SMALLEST));
  const rows = controls(explorer);
  const stay = explorer.querySelector("[aria-label=Steps]") ? 0 : 1; // something is left to play with
  while (!fits() && rows.length > stay) rows.pop().classList.add("tucked");
  shrink(shown, fits);
  const found = () => Math.min(LARGE, ...shown.map(letters));
  const wide = () => shown.some((it) => it.getBoundingClientRect().width > widest);
  const grows = () => fits() && found() < LARGE && !wide();
  for (let i = 0; i < 40 && grows(); i += 1) shown.forEach((it) => scale(it, 1.02));
  if (!fits() || wide()) shown.forEach((it) => scale(it, 1 / 1.02));
  const sticksOut = explorer.scrollWidth > explorer.clientWidth;
  const read = sticksOut ? 0 : Math.round(Math.min(SMALLEST, found()));
  return { beside, read, tucked: explorer.querySelectorAll(".tucked").length, letters: found() };
}

/** The parts of an explorer that can be put away, the most important first: not its picture, its words, its steps. */
function controls(root) {
  return [...root.children].flatMap((it) => {
    if (it.matches(".bpl-stage, .bpl-side")) return controls(it);
    const stays = it.matches(".bpl-picture, p, [aria-label=Steps], .drawer") || it.querySelector(".bpl-picture") || !it.checkVisibility();
    return stays ? [] : [it];
  });
}

/** What was put away comes out of a drawer, if anything was; there it is said why nothing can be typed, too. */
function addDrawer(explorer) {
  const away = explorer.querySelectorAll(":is(.tucked, .bpl-label:has(:disabled) + .bpl-quiet):not(.drawer *)");
  if (away.length) (explorer.querySelector(".drawer") ?? newDrawer(explorer)).lastChild.append(...away);
}

function newDrawer(explorer) {
  const drawer = Object.assign(document.createElement("details"), { className: "drawer" });
  drawer.innerHTML = '<summary class="bpl-button">More controls</summary><div></div>';
  (explorer.querySelector("[aria-label=Steps]") ?? explorer).append(drawer);
  return drawer;
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
