import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.{ts,tsx}"],
    testTimeout: 15_000,
    // On a busy machine a process may stand still for seconds, in which the default second is over.
    expect: { poll: { timeout: 12_000 } },
    restoreMocks: true,
    // The default leaves a core free, which is half of two.
    maxWorkers: "100%",
    // Cases of one file wait for different servers, not for the processor.
    maxConcurrency: 20,
  },
});
