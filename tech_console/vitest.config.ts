// The console's tests run in Node: src/core has no DOM, and pages are tested in a real browser by tests/journeys.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // One process for each processor; the default leaves one of them idle.
    maxWorkers: "100%",
    // A test without an assertion, and a test file without a test, are faults.
    passWithNoTests: false,
    allowOnly: false,
    expect: { requireAssertions: true },
    restoreMocks: true,
  },
});
