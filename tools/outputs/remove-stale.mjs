// Removes the outputs of deleted sources from a project's dist: `tsc -b` leaves them there, and mocha would run deleted
// tests. Each build runs this first, in the project's folder. What a bundler writes, it removes itself.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const compiled = /\.(?:js|d\.ts)(?:\.map)?$/;
/** Bundles are made of many sources and named after none. */
const bundled = /^assets\//;

/** Removes the stale outputs of the project in `directory`. @returns {string[]} their paths below dist */
export function removeStaleOutputs(directory) {
  const [dist, src] = [join(directory, "dist"), join(directory, "src")];
  if (!existsSync(dist) || !existsSync(src)) return [];
  const sources = new Set(readdirSync(src, { recursive: true }));
  const stale = readdirSync(dist, { recursive: true }).filter(
    path => compiled.test(path) && !bundled.test(path) && !sources.has(path.replace(compiled, ".ts")),
  );
  for (const path of stale) rmSync(join(dist, path));
  return stale;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const path of removeStaleOutputs(".")) console.log(`removed dist/${path}: its source is gone`);
