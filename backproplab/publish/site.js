// Brings the explorers of a page to life as they come into view. `enliven` and `address` are those of explore/page.py.

/** What has to be scrolled can be scrolled with the keys. */
const scrolled = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const scrollable = (root) => root.querySelectorAll(".words, .wide, .picture:not(.explorer), pre, .bpl-formula, .bpl-picture:not([tabindex])")
  .forEach((el) => scrolled.observe(el));
scrollable(document);

const arrived = {}; // what the files of explorers/ have told: the text of a module, the state of an explorer
const asked = {};
globalThis.told = (name, what) => (arrived[name] = what);

/** A script, because a page that was opened from a disk may not fetch or import other files. */
const ask = (name) => (asked[name] ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  Object.assign(script, { src: `explorers/${name}.js`, onload: () => done(arrived[name]), onerror: failed });
  document.head.append(script);
}));

const modules = {};
const imported = (kind) => (modules[kind] ??= ask(kind).then((text) => import(address(text))));

async function show(el) {
  const [module, state] = await Promise.all([imported(el.dataset.module), ask(el.dataset.explorer)]);
  el.replaceChildren();
  enliven(el, module, state);
  scrollable(el);
}

const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    show(target);
  }
}, { rootMargin: "300px" });
document.querySelectorAll("[data-explorer]").forEach((el) => near.observe(el));

// ---- what else moves ----

/** Beside the text there is room for the table of contents, which says where the reader is; above it, it is folded. */
const contents = document.querySelector(".contents details");
if (contents) {
  const roomy = matchMedia("(min-width: 1240px)");
  const unfold = () => (contents.open = roomy.matches);
  roomy.addEventListener("change", unfold);
  unfold();
  const links = [...contents.querySelectorAll("a")];
  const parts = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const here = () => {
    const above = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 3).length;
    links.forEach((link, i) => (i === above - 1 ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  addEventListener("scroll", here, { passive: true });
  here();
}
