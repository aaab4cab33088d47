// One order's guests: whether those who are ticked can go in, and what to say about it. Pure.

import type { OrderView } from "../../bindings/usher";
import type { Key } from "../../shared/messages";

const lacks = (order: OrderView): boolean => order.places.kind === "left" && order.needs > order.places.left;

/** Whether Space lets somebody in: at least one is ticked, and there are places for all who are. */
export function orderReady(order: OrderView): boolean {
  return order.guests.some((guest) => guest.ticked) && !lacks(order);
}

/** The sentence over the list; `warns`: somebody has to look before anybody goes in. */
export function orderLead(order: OrderView): { key: Key; values?: Record<string, number>; warns: boolean } {
  const left = order.places.kind === "left" ? order.places.left : Infinity;
  const waiting = order.guests.filter((guest) => guest.status === "booked" && !guest.ticked).length;
  if (!order.guests.some((guest) => guest.can)) return { key: "order.nobody", warns: false };
  if (lacks(order)) return { key: "order.too_many", values: { count: left }, warns: true };
  if (order.changed) return { key: "order.changed", warns: true };
  if (waiting > 0 && order.needs === left) return { key: "order.few", values: { count: left }, warns: true };
  return { key: "order.lead", warns: false };
}
