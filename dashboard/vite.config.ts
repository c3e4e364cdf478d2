import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Its sources, so that the dashboard needs neither a published package nor a build of it. */
const SDK = fileURLToPath(new URL("../sdks/typescript/src", import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@livetrail/sdk": `${SDK}/index.ts` } },
  server: { proxy: { "/api": "http://127.0.0.1:7777" }, fs: { allow: [".", SDK] } },
  build: {
    target: ["chrome123", "firefox128", "safari17.5"],
    // The page is served under a policy that forbids data: and inline code, so every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
    // A zone whose clocks are changed twice a year.
    env: { TZ: "Europe/Berlin" },
  },
});
