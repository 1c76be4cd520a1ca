// No line of what people write here is longer than 120 columns: code, strings, comments and prose alike. Tables and
// lines with a URL are exempt in Markdown, where they cannot be broken.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBelow, root } from "./workspace.mjs";

const MAX_COLUMNS = 120;
const endings = [".ts", ".tsx", ".mjs", ".js", ".sol", ".nr", ".sh", ".md", ".yml"];
const folders = [".github", "apps", "contracts", "docs", "libs", "tools"];
const single = [".ci/run", ".githooks/pre-commit", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"];

/** Written by a program: what comes out is as long as it is. */
const generated = new Set(["docs/errors.md", "docs/rpc.md", "docs/settings.md"]);

/** @returns {string[]} one line a violation */
export function checkLineLength(files) {
  return files.flatMap(({ path, source }) => {
    const prose = path.endsWith(".md");
    return source.split("\n").flatMap((line, i) => {
      const columns = [...line].length;
      if (columns <= MAX_COLUMNS || (prose && (/^\s*\|/.test(line) || /https?:\/\//.test(line)))) return [];
      return [`${path}:${i + 1}: ${columns} columns, ${MAX_COLUMNS} at most; break the line`];
    });
  });
}

/** Every file that people write. */
export function readLines() {
  const paths = [
    ...folders.flatMap(folder => filesBelow(join(root, folder), endings)),
    ...single.map(p => join(root, p)),
  ];
  return paths
    .map(path => ({ path: relative(root, path), source: readFileSync(path, "utf8") }))
    .filter(({ path }) => !generated.has(path));
}
