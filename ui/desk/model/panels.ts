// What may stand on the stage, and how each panel gets along with scans, messages, the focus and the door. Pure.

/** What covers the stage. */
export type Panel = "none" | "menu" | "find" | "walk_in" | "undo" | "order" | "save" | "check" | "settings" | "shift" | "ready" | "badges" | "help" | "message" | "scanner" | "supervisor" | "pin" | "leave_kiosk" | "closing";

/** How a panel behaves; what is not said of it is not so. */
export interface Manners {
  /** Something is written in it: the desk holds a scan meanwhile, and Esc alone leaves it. */
  holds?: true;
  /** It keeps the focus in a field. */
  field?: true;
  /** What is written or confirmed in it is not covered, nor lost: an urgent message waits until it is done. */
  first?: true;
  /** It may stand away from the door too. */
  anywhere?: true;
  /** A scan does not close it: the desk decides what the scan means there. */
  scans?: true;
  /** Settings that a PIN opened stay open while it stands. */
  settings?: true;
}

/** Every panel's manners. */
export const PANELS: Record<Panel, Manners> = {
  none: { field: true },
  menu: {},
  find: { field: true },
  walk_in: { holds: true, field: true, first: true },
  undo: {},
  order: { scans: true },
  save: { anywhere: true },
  check: {},
  settings: { settings: true },
  shift: {},
  ready: { scans: true },
  badges: { settings: true },
  help: {},
  message: { scans: true },
  scanner: { first: true },
  supervisor: { holds: true, field: true, first: true },
  pin: { field: true, first: true },
  leave_kiosk: { field: true, first: true },
  closing: { first: true, anywhere: true },
};
