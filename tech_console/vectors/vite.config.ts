// Bundles the vector program for Node. Written outside the tree by tests/vectors_run.py; never part of the console.
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  build: { ssr: "vectors.ts", target: "es2023", emptyOutDir: false, reportCompressedSize: false },
  ssr: { noExternal: true },
});
