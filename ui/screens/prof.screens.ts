import { inject, it } from "vitest";
import { Browser } from "/tmp/wt-screens/ui/screens/browser";
const browser = new Browser(inject("session"));
it("profile", async () => {
  await browser.open("desk");
  await browser.size({ width: 1024, height: 600 });
  const r = await browser.run(`(async () => {
    const t = { show: 0, faults: 0, n: 0, frame: 0 };
    for (const name of window.usherHarness.places().slice(0, 40)) {
      const a = performance.now(); await window.usherHarness.show(name, "en", "light");
      const b = performance.now(); window.usherHarness.faults?.(); const c = performance.now();
      await new Promise(requestAnimationFrame); const d = performance.now();
      t.show += b - a; t.faults += c - b; t.frame += d - c; t.n++;
    }
    return t; })()`);
  console.log(JSON.stringify(r));
});
