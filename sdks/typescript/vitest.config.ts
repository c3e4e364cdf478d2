import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    testTimeout: 15_000,
    restoreMocks: true,
    // Cases of one file wait for different servers, not for the processor.
    maxConcurrency: 20,
  },
});
