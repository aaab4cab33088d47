// What is cut off, too small, outside or in the way: for looking at many screens at once.

/** The least side of a control, in CSS px; the rounding of sizes in u is allowed for. */
const CONTROL_PX_MIN = 47.5;
/** The least text, in rem (20 u). */
const TEXT_REM_MIN = 1.99;
/** The word that says what to do is at least this part of the window's shorter side. */
const TITLE_PART_MIN = 1 / 12;
/** What a rounded layout may stick out, in px. */
const SLACK_PX = 1.5;

type Look = CSSStyleDeclaration;
type Check = (e: HTMLElement, look: Look, box: DOMRect) => string | null;

const scrolls = (value: string): boolean => value === "auto" || value === "scroll";
const cuts = (value: string): boolean => value === "hidden" || value === "clip";
/** Names that people gave may end in an ellipsis in lists; our own words may not. */
function isGiven(e: HTMLElement): boolean {
  if (e.closest("bdi")) return true;
  const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  let names = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement?.closest("bdi")) names += 1;
    else if (!/^[\s·]*$/.test(text.textContent ?? "")) return false;
  }
  return names > 0;
}
/** Words for a screen reader alone are clipped away whole, by `.unseen` or where a window is narrow. */
const isSpokenOnly = (e: HTMLElement): boolean => getComputedStyle(e).clipPath === "inset(50%)" || e.closest(".unseen") !== null;
const ownText = (e: HTMLElement): boolean => [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
const isControl = (e: HTMLElement): boolean => e.matches("button, input, select, textarea, [role=button], [role=option], [role=checkbox]");

const wide: Check = (e, look) => {
  if (!e.clientWidth || e.scrollWidth <= e.clientWidth + 1) return null;
  return look.textOverflow === "ellipsis" && isGiven(e) ? null : `cut off sideways, ${e.scrollWidth} px in ${e.clientWidth}`;
};
const high: Check = (e, look) =>
  e.clientHeight && cuts(look.overflowY) && e.scrollHeight > e.clientHeight + 2 ? `cut off below, ${e.scrollHeight} px in ${e.clientHeight}` : null;
/** What scrolls, and so may stick out below. */
const SCROLLERS = ".grow, .list, .rooms, .manage, .people, .messages, .item";
const outside: Check = (e, _look, box) => {
  if (e.parentElement?.closest(SCROLLERS)) return null;
  const out = box.right > innerWidth + 1 || box.left < -1 || box.bottom > innerHeight + 1 || box.top < -1;
  return out ? `outside the window (${Math.round(box.left)}, ${Math.round(box.top)}, ${Math.round(box.right)}, ${Math.round(box.bottom)})` : null;
};
/** Cut by something around it: what overflows towards the start is no part of a scroll width. */
const clipped: Check = (e, _look, box) => {
  if (!ownText(e) && !isControl(e)) return null;
  for (let around = e.parentElement; around && around.id !== "app"; around = around.parentElement) {
    const look = getComputedStyle(around), frame = around.getBoundingClientRect();
    if (look.textOverflow === "ellipsis" && isGiven(e)) return null;
    const sideways = look.overflowX !== "visible" && (box.left < frame.left - SLACK_PX || box.right > frame.right + SLACK_PX);
    const downwards = cuts(look.overflowY) && (box.top < frame.top - SLACK_PX || box.bottom > frame.bottom + SLACK_PX);
    if (sideways || downwards) return `cut off by ${nameOf(around)}`;
    // Below this, what is not in view can be scrolled to.
    if (scrolls(look.overflowY)) return null;
  }
  return null;
};
const small: Check = (e, _look, box) =>
  isControl(e) && (box.height < CONTROL_PX_MIN || box.width < CONTROL_PX_MIN) ? `a control of ${Math.round(box.width)}x${Math.round(box.height)} px, under 48` : null;
const tiny: Check = (e, look) => {
  const least = TEXT_REM_MIN * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return ownText(e) && Number.parseFloat(look.fontSize) < least ? `text of ${Number.parseFloat(look.fontSize).toFixed(1)} px, under 20 u (${least.toFixed(1)})` : null;
};
const weak: Check = (e, look) => {
  if (!e.matches(".card .title, .idle .title")) return null;
  const least = Math.min(innerWidth, innerHeight) * TITLE_PART_MIN;
  return Number.parseFloat(look.fontSize) < least ? `a verdict of ${look.fontSize}, under 1/12 of the window (${least.toFixed(1)} px)` : null;
};
const CHECKS: readonly Check[] = [wide, high, outside, clipped, small, tiny, weak];

/** An element in words: how to find it, and what it says. */
export function nameOf(e: Element): string {
  const id = e.getAttribute("data-testid") ?? e.closest("[data-testid]")?.getAttribute("data-testid");
  const classes = [...e.classList].filter((name) => !name.startsWith("svelte-")).map((name) => `.${name}`).join("");
  return `${e.tagName.toLowerCase()}${classes}${id ? ` in ${id}` : ""} "${(e.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40)}"`;
}

/** What is in view of a control: the rest is scrolled to, and lies on nothing. */
function inView(e: HTMLElement, box: DOMRect): DOMRect {
  const frame = e.parentElement?.closest(SCROLLERS)?.getBoundingClientRect();
  if (!frame) return box;
  const top = Math.max(box.top, frame.top);
  return new DOMRect(box.x, top, box.width, Math.max(0, Math.min(box.bottom, frame.bottom) - top));
}

/** Two controls on one another: a tap would be for either. */
function overlaps(controls: readonly [HTMLElement, DOMRect][]): string[] {
  const bad: string[] = [];
  controls.forEach(([one, a], at) => {
    for (const [other, b] of controls.slice(at + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const shared = Math.min(Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
      if (shared > SLACK_PX && !one.closest(".grow, .list") && !other.closest(".grow, .list")) bad.push(`${nameOf(one)}: lies on ${nameOf(other)}`);
    }
  });
  return bad;
}

/** Every such place on the page, in words. */
export function faults(): string[] {
  const bad: string[] = [];
  const controls: [HTMLElement, DOMRect][] = [];
  for (const e of document.querySelectorAll<HTMLElement>("#app *")) {
    if (e.closest("svg, canvas") || isSpokenOnly(e)) continue;
    const box = e.getBoundingClientRect(), look = getComputedStyle(e);
    if (!box.width || look.display === "none") continue;
    if (isControl(e)) controls.push([e, inView(e, box)]);
    // A field scrolls by itself; its text is what a person typed.
    for (const check of e.tagName === "INPUT" ? [outside, small, tiny] : CHECKS) {
      const fault = check(e, look, box);
      if (fault) bad.push(`${nameOf(e)}: ${fault}`);
    }
  }
  return [...bad, ...overlaps(controls)];
}
