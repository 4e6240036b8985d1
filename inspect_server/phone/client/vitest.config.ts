/** The tests of the phone's modules: `make test` runs them by way of tests/phone_build. */

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/cheap-secrets.ts"],
    environment: "node",
    // Ninety files in a worker of their own each cost twice as much. What a file stubs it puts back.
    pool: "threads",
    isolate: false,
    maxWorkers: 1,
    watch: false,
    sequence: { hooks: "list" },
    // Other tests keep the machine busy beside these: slow is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
