// Shrinks a card's title and name together until nothing is cut (UX section 1).

const STEPS: readonly (readonly [title: number, name: number])[] = [
  [104, 56],
  [88, 56],
  [104, 44],
  [88, 44],
  [88, 40],
  [76, 40],
];

function lines(element: Element): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  const tops = [...range.getClientRects()].filter((box) => box.width > 0).map((box) => box.top);
  const height = Number.parseFloat(getComputedStyle(element).lineHeight);
  const spread = Math.max(...tops) - Math.min(...tops);
  return tops.length ? Math.round(spread / height) + 1 : 0;
}

function fits(card: HTMLElement, nameSize: number): boolean {
  const title = card.querySelector(".title");
  const name = card.querySelector(".name");
  if (card.scrollHeight > card.clientHeight || card.scrollWidth > card.clientWidth + 1) return false;
  if (title && (title.scrollWidth > title.clientWidth + 1 || lines(title) > 2)) return false;
  return !name || (name.scrollWidth <= name.clientWidth + 1 && lines(name) <= (nameSize < 56 ? 2 : 1));
}

/** For the longest names only: the title keeps what is read from afar, the name is as large as the line. */
const TIGHT_STEPS: typeof STEPS = [...STEPS, [76, 34]];

/** Sets the largest sizes that fit; where none does, leaves the organisation out and draws everything closer, and as a last resort has the facts and the icon smaller. */
export function fitCard(card: HTMLElement): void {
  for (const closer of [0, 1, 2]) {
    card.classList.toggle("tight", closer > 0);
    card.classList.toggle("packed", closer > 1);
    for (const [title, name] of closer > 0 ? TIGHT_STEPS : STEPS) {
      card.style.setProperty("--title", String(title / 10));
      card.style.setProperty("--name", String(name / 10));
      if (fits(card, name)) return;
    }
  }
}
