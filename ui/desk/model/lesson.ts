// The words of the first minute. Pure.

import type { LessonView } from "../../bindings/usher";
import type { Key } from "../../shared/messages";

const ORDER: readonly LessonView["step"][] = ["welcome", "ask", "anyway", "help"];
/** How many steps there are. */
export const LESSON_STEPS = ORDER.length;

/** The number of a step, from 1 on. */
export function stepAt(lesson: LessonView): number {
  return ORDER.indexOf(lesson.step) + 1;
}

/** The one line to do, or what was just done right. */
export function coachWords({ step, done }: LessonView): Key {
  switch (step) {
    case "welcome": return done ? "lesson.welcome" : "lesson.welcome_first";
    case "ask": return "lesson.ask";
    case "anyway": return done ? "lesson.anyway_done" : "lesson.anyway";
    case "help": return "lesson.end";
  }
}
