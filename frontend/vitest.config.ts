import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { __VERSION__: JSON.stringify("0.0.0") },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"] },
});
