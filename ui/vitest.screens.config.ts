import { defineConfig } from "vitest/config";

// Every screen in WebKitGTK: one browser for all, so the files run one after another.
export default defineConfig({
  test: {
    include: ["screens/*.screens.ts"],
    globalSetup: "screens/setup.ts",
    fileParallelism: false,
    testTimeout: 290_000,
    hookTimeout: 120_000,
  },
});
