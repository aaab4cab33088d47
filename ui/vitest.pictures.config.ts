import { defineConfig, mergeConfig } from "vitest/config";
import screens from "./vitest.screens.config";

// The pictures of the documents, in the same browser as the tests of the screens.
export default mergeConfig({ ...screens, test: { ...screens.test, include: [] } }, defineConfig({ test: { include: ["screens/pictures.ts"] } }));
