// What is cut off, too small or outside: for looking at many screens at once.

/** Every such place on the page, in words. */
export function faults(): string[] {
  const bad: string[] = [];
  for (const e of document.querySelectorAll<HTMLElement>("#app *")) {
    if (e.closest("svg, .unseen, canvas") || e.tagName === "INPUT") continue;
    const box = e.getBoundingClientRect(), look = getComputedStyle(e), name = `${e.tagName}.${e.className} "${(e.textContent ?? "").slice(0, 24).trim()}"`;
    if (!box.width || look.display === "none") continue;
    const scrolls = /auto|scroll/.test(look.overflowY);
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1 && look.textOverflow !== "ellipsis") bad.push(`wide ${name} ${e.scrollWidth}>${e.clientWidth}`);
    if (e.clientHeight && !scrolls && e.scrollHeight > e.clientHeight + 2 && look.overflow !== "visible") bad.push(`high ${name} ${e.scrollHeight}>${e.clientHeight}`);
    if (!e.closest(".grow, .list, .rooms") && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1)) bad.push(`off ${name}`);
    if (e.tagName === "BUTTON" && box.height < 47.5) bad.push(`low ${name} ${box.height}`);
  }
  return bad;
}
