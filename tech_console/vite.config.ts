// How the console becomes static files. The console's origin serves them under a Content-Security-Policy without
// inline scripts, so nothing here may put a script or a data: address into a page (docs/protocol.md, origins).
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  // The machine that builds must not leave its settings in the files.
  envPrefix: "CHAPERONE_CONSOLE_",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // WebCrypto Ed25519 and X25519 already ask for browsers of this age.
    target: "es2023",
    // A data: address would need a hole in the policy.
    assetsInlineLimit: 0,
    // The polyfill is a script written into the page.
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  worker: { format: "es" },
});
