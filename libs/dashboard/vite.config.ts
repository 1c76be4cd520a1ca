import { defineConfig } from "vite";

// The server answers for every file below dist/assets at its path there. No script or style is inlined: the page's
// content security policy forbids it.
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "dist/assets",
    assetsDir: "ui",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    // The first browsers that know light-dark(), which the two themes are made of.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
  },
  logLevel: "warn",
});
