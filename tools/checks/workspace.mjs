// Reads the workspace once: every project, its floor, its declared and its actual imports.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What commands write and Git ignores, such as coverage/, and code that is generated. */
const skipped = new Set([
  "generated",
  ...readFileSync(join(root, ".gitignore"), "utf8")
    .split("\n")
    .filter(line => line.endsWith("/"))
    .map(line => basename(line)),
]);

/** Every file below `dir` whose name ends with one of `endings`, what commands write left out. */
export function filesBelow(dir, endings) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(path, endings);
    return endings.some(ending => entry.name.endsWith(ending)) ? [path] : [];
  });
}

const importPattern = new RegExp(
  [
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*["']([^"']+)["']/,
    /(?:^|\n)\s*import\s*["']([^"']+)["']/,
    /import\(\s*["']([^"']+)["']\s*\)/,
  ]
    .map(form => form.source)
    .join("|"),
  "g",
);

export function importsOf(source) {
  return [...source.matchAll(importPattern)].map(match => match[1] ?? match[2] ?? match[3]);
}

/** Whether only a test runner loads the file: a package's users, and the pages that they bundle, never do. */
export function isTestFile(path) {
  return /\.(test|e2e|soak)\.ts$/.test(path) || /\/test\//.test(path.replace(root, ""));
}

export function isTest(path) {
  return isTestFile(path) || /\/testing\//.test(path.replace(root, ""));
}

/** The workspace's projects: `{ name, dir, floor, manifest, files: [{ path, source, imports }] }`. */
export function readWorkspace() {
  return ["libs", "apps"].flatMap(group =>
    (existsSync(join(root, group)) ? readdirSync(join(root, group)) : [])
      .filter(name => existsSync(join(root, group, name, "package.json")))
      .map(name => {
        const dir = join(root, group, name);
        const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
        const floor = manifest.nx?.tags?.find(tag => tag.startsWith("floor:"))?.slice("floor:".length);
        const files = filesBelow(join(dir, "src"), [".ts", ".tsx"]).map(path => {
          const source = readFileSync(path, "utf8");
          return { path: relative(root, path), source, imports: importsOf(source) };
        });
        return { name, dir, floor, manifest, files };
      }),
  );
}
