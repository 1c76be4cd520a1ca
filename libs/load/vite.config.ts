import { defineConfig } from "vite";

// One script and one style, which a report's page has in itself.
export default defineConfig({
  build: {
    outDir: "dist/assets",
    emptyOutDir: true,
    lib: {
      entry: "src/page/main.ts",
      formats: ["iife"],
      name: "report",
      fileName: () => "report.js",
      cssFileName: "report",
    },
    rolldownOptions: { output: { banner: "/*! Draws with uPlot, (c) Leon Sorokin, MIT license */" } },
    target: "es2022",
    // The first browsers that know light-dark(), which the two themes are made of.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    reportCompressedSize: false,
  },
  logLevel: "warn",
});
