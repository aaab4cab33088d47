// Times, dates and spans, always in the event's time zone. Leaves the words around them to the locale files.

import { intlTag, type Language, type Message } from "./messages";

/** How times are written: the language and the event's zone. */
export interface Place {
  language: Language;
  /** IANA name; an unknown one falls back to the computer's own. */
  zone: string | null;
}

function formatter(place: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = intlTag(place.language);
  if (place.zone) {
    try {
      return new Intl.DateTimeFormat(tag, { ...options, timeZone: place.zone });
    } catch {
      // A zone that this computer does not know: its own zone is the nearest truth.
    }
  }
  return new Intl.DateTimeFormat(tag, options);
}

/** 10:42 */
export function clock(ms: number, place: Place): string {
  return formatter(place, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
}

/** 10:42:07 */
export function clockSeconds(ms: number, place: Place): string {
  return formatter(place, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(ms);
}

/** 12 May */
export function day(ms: number, place: Place): string {
  return formatter(place, { day: "numeric", month: "long" }).format(ms);
}

/** 10:42 on the same day, 12 May, 10:42 on another. */
export function moment(ms: number, now: number, place: Place): string {
  return day(ms, place) === day(now, place) ? clock(ms, place) : `${day(ms, place)}, ${clock(ms, place)}`;
}

/** "64 GB", "150 MB": rounded down to whole units, so that never more is promised than there is. */
export function size(bytes: number, place: Place): string {
  const [unit, in_unit] = bytes >= 1e9 ? (["gigabyte", 1e9] as const) : (["megabyte", 1e6] as const);
  return new Intl.NumberFormat(intlTag(place.language), { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(Math.floor(bytes / in_unit));
}

/** A span in its largest whole unit: "40 s", "12 min", "3 h", "2 days". Never negative. */
export function span(ms: number): Message {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return { key: "span.seconds", values: { count: seconds } };
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return { key: "span.minutes", values: { count: minutes } };
  const hours = Math.round(minutes / 60);
  if (hours < 48) return { key: "span.hours", values: { count: hours } };
  return { key: "span.days", values: { count: Math.round(hours / 24) } };
}
