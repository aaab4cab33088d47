import { describe, expect, it } from "vitest";
import { order } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { orderLead, orderReady } from "./order";

const lead = (left: number, over: Partial<ReturnType<typeof order>> = {}): string => {
  const { key, values } = orderLead({ ...order(left), ...over });
  return text("en", { key, ...(values && { values }) });
};

describe("a whole order", () => {
  it("goes in together while there are places for all who are ticked", () => {
    expect(orderReady(order(14))).toBe(true);
    expect(lead(14)).toBe("Whoever is ticked goes in together. Their tickets tick them too.");
  });

  it("asks who goes in where there are fewer places", () => {
    expect(lead(2)).toBe("2 places left here. Choose who goes in.");
    expect(orderReady(order(2))).toBe(true);
  });

  it("says so where nobody can go in, whatever places there are", () => {
    const none = { guests: order(0).guests.map((guest) => ({ ...guest, ticked: false, can: false })), needs: 0 };
    expect(lead(0, none)).toBe("Nobody of this order can be let in here now.");
  });

  it("lets nobody in while more are ticked than there are places", () => {
    const many = { needs: 3 };
    expect(orderReady({ ...order(2), ...many })).toBe(false);
    expect(lead(2, many)).toBe("Only 2 places left here. Untick the others.");
  });

  it("lets nobody in when nobody is ticked, and says when the order changed meanwhile", () => {
    const guests = order(14).guests.map((guest) => ({ ...guest, ticked: false }));
    expect(orderReady({ ...order(14), guests, needs: 0 })).toBe(false);
    expect(lead(14, { changed: true })).toBe("Something changed meanwhile. Check again who goes in.");
    expect(lead(14, { guests: guests.map((guest) => ({ ...guest, can: false })), needs: 0 })).toBe("Nobody of this order can be let in here now.");
  });
});
