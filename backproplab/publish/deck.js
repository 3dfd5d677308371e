// Fits what a notebook shows on slides, gives the clicker's keys to the frames of a graph first, then starts reveal.js.

const PAGE = { width: 1280, height: 720 };
const ROOM = { width: PAGE.width - 64, height: PAGE.height - 48 }; // without the margins of deck.css
const GAP = 15; // between the parts of a slide
const SMALLEST = 18; // pixels of a letter that can be read at the back of a lecture hall
const printing = /print-pdf/.test(location.search);

addEventListener("load", async () => {
  await globalThis.explorersShown;
  await document.fonts.ready;
  document.querySelectorAll(".slides > section > section").forEach(fit);
  if (printing) await showFrames();
  document.querySelector("main").classList.add("reveal");
  await Reveal.initialize({
    ...PAGE, margin: 0, center: false, transition: "none", hash: true, controls: false, slideNumber: "c/t", plugins: [RevealNotes],
    pdfSeparateFragments: false, maxScale: 4,
    keyboard: { 39: forward, 34: forward, 32: forward, 37: back, 33: back },
    keyboardCondition: () => !document.activeElement.closest(".bpl-explorer"),
  });
  Reveal.on("slidechanged", () => document.activeElement.blur());
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
  if (event.key !== "Escape" || !control) return;
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
        enlarge(it.closest(".block"));
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
  parts.forEach(enlarge);
  let page = section;
  let left = ROOM.height;
  for (const part of parts) {
    if (height(part) > left && left < ROOM.height) {
      const next = section.cloneNode(false);
      page.after(next);
      page = next;
      left = ROOM.height;
      part.classList.remove("fragment"); // alone on its slide, it need not wait
    }
    if (page !== section) page.append(part);
    left -= height(part) + GAP;
  }
  if (notes) for (let it = section.nextElementSibling; page !== section && it; it = it.nextElementSibling) {
    it.append(notes.cloneNode(true));
    if (it === page) break;
  }
}

/** What comes together comes as parts, which may be moved to different slides. */
function unwrap(fragment, i) {
  for (const it of fragment.children) {
    it.classList.add("fragment");
    it.dataset.fragmentIndex = i;
  }
  fragment.replaceWith(...fragment.children);
}

/** Scales pictures and explorers until their smallest letter can be read, as far as there is room. */
function enlarge(part) {
  const found = part.querySelectorAll(".bpl-picture");
  if (found.length === 1 && arrange(part, false) < arrange(part, true)) return; // the controls beside the picture
  arrange(part, false);
}

/** The size of the smallest letters in the pictures of a part, which is now arranged in one of two ways. */
function arrange(part, beside) {
  const explorer = part.querySelector("[data-explorer]");
  for (const it of [part, ...pictures(part)]) it.style.zoom = 1;
  if (explorer) {
    explorer.classList.toggle("beside", beside);
    explorer.style.zoom = 1;
    explorer.style.zoom = Math.max(1, SMALLEST / smallest(explorer, ".bpl-picture"));
  }
  const widest = (explorer?.clientWidth ?? ROOM.width) * (beside ? 0.66 : 1);
  for (const it of pictures(part)) {
    it.style.zoom = Math.max(0.5, Math.min(SMALLEST / smallest(it), widest / it.scrollWidth));
  }
  squeeze(part);
  if (explorer && explorer.scrollWidth > explorer.clientWidth) return 0; // something sticks out
  return Math.min(...[...pictures(part)].map((it) => smallest(it)));
}

const height = (part) => part.getBoundingClientRect().height; // as painted, with its zoom
const pictures = (part) => part.querySelectorAll(".picture > *, .bpl-picture");

/** Scales down what is too high: the pictures first, and everything as the last resort; long programs get denser. */
function squeeze(part) {
  part.classList.toggle("dense", height(part) > ROOM.height);
  for (const all of [pictures(part), [part]]) {
    for (let i = 0; i < 60 && all.length && height(part) > ROOM.height; i += 1) {
      all.forEach((it) => (it.style.zoom = Number(it.style.zoom || 1) * 0.98));
    }
  }
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
