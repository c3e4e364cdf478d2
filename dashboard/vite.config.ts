import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Its sources, so that the dashboard needs neither a published package nor a build of it. */
const SDK = fileURLToPath(new URL("../sdks/typescript/src", import.meta.url));

const EXTERNAL_STORE = fileURLToPath(new URL("src/shell/external-store.ts", import.meta.url));

/** The licence of the fonts has to stand beside them wherever they are handed on. */
const fontLicences: Plugin = {
  name: "font-licences",
  apply: "build",
  generateBundle() {
    for (const font of ["inter", "jetbrains-mono"]) {
      const licence = new URL(`node_modules/@fontsource-variable/${font}/LICENSE`, import.meta.url);
      this.emitFile({
        type: "asset",
        fileName: `licences/${font}-OFL.txt`,
        source: readFileSync(licence, "utf8"),
      });
    }
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), fontLicences],
  resolve: {
    alias: [
      { find: "@livetrail/sdk/stream", replacement: `${SDK}/stream/open-stream.ts` },
      { find: /^@livetrail\/sdk\/display\/(.*)$/, replacement: `${SDK}/display/$1.ts` },
      { find: "@livetrail/sdk", replacement: `${SDK}/index.ts` },
      { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: EXTERNAL_STORE },
    ],
  },
  server: { proxy: { "/api": "http://127.0.0.1:7777" }, fs: { allow: [".", SDK] } },
  build: {
    target: ["chrome123", "firefox128", "safari17.5"],
    // The page is served under a policy that forbids data: and inline code, so every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first page loads is one file: a file for each part that others share compresses worse, and asks more often.
    // So do the icons of rows and what the navigation has of views, which parts that are loaded later use, too: each piece
    // that is shared would be a file of its own.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "first", tags: ["$initial"] },
            { name: "icons", test: /lucide-react/ },
            {
              name: "views",
              test: /src\/views\/(?:built-in|saved-query|saved-views|use-\w+-views?|view-link)/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    restoreMocks: true,
    testTimeout: 60_000,
    // The default leaves a core free, which is half of two.
    maxWorkers: "100%",
    // A zone whose clocks are changed twice a year.
    env: { TZ: "Europe/Berlin" },
  },
});
