// The window over the whole screen, as far as the window system allows: it may refuse, and then the window stays as it is.

/** Whether the window fills the screen. */
export function fillsScreen(): boolean {
  return document.fullscreenElement !== null;
}

/** Over the whole screen, or no longer. */
export async function fillScreen(on: boolean): Promise<void> {
  try {
    if (!on && fillsScreen()) await document.exitFullscreen();
    else if (on && !fillsScreen()) await document.documentElement.requestFullscreen();
  } catch {
    // Refused.
  }
}

/** Keeps the screen filled. It is only given to a hand, and Esc takes it: each next touch or key asks again. Gives back how to stop. */
export function keepScreenFilled(): () => void {
  const before = fillsScreen();
  const fill = (): void => void fillScreen(true);
  fill();
  window.addEventListener("pointerup", fill, true);
  window.addEventListener("keydown", fill, true);
  return () => {
    window.removeEventListener("pointerup", fill, true);
    window.removeEventListener("keydown", fill, true);
    if (!before) void fillScreen(false);
  };
}
