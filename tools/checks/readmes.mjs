// Every lib has a README that says what a reader needs, and that stays true: entry points and files that it names
// exist,
// and none is left out.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./workspace.mjs";

const sections = ["Flow", "Entry points", "Ports", "Example"];
const MAX_LINES = 60;

/** What the check looks at of one lib; `exists` answers for paths relative to the lib. */
export function readReadmes(projects) {
  return projects
    .filter(({ dir }) => dirname(dir).endsWith("/libs"))
    .map(({ name, dir, manifest, files }) => {
      const path = join(dir, "README.md");
      const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
      const source = files.map(file => file.source).join("\n");
      return { name, manifest, text, source, exists: relative => existsSync(join(dir, relative)) };
    });
}

/** The page that leads to them. */
export function readLibraryPage() {
  return readFileSync(join(root, "docs/library.md"), "utf8");
}

/** @returns {string[]} one line for each lib to which the page does not lead */
export function checkLibraryPage(libs, page) {
  return libs
    .filter(({ name }) => !page.includes(`](../libs/${name}/README.md)`))
    .map(({ name }) => `docs/library.md: name libs/${name}, with a link to its README`);
}

/** @returns {string[]} one line a problem */
export function checkReadmes(libs) {
  return libs.flatMap(({ name, manifest, text, source, exists }) => {
    const file = `libs/${name}/README.md`;
    if (text === undefined) return [`${file}: write one, with the sections ${sections.join(", ")}`];
    return [
      ...missingSections(text),
      ...wrongEntryPoints(manifest, text),
      ...missingNames(text, source),
      ...missingFiles(text, exists),
      ...(/```ts\n[^`]*\bfrom "@sprtn\//.test(text) ? [] : ["give an import example in a ```ts block"]),
      ...(/\bTODO\b/.test(text) ? ["a TODO is left: write that part"] : []),
      ...(text.split("\n").length > MAX_LINES ? [`${MAX_LINES} lines at most; link to docs/ for more`] : []),
    ].map(problem => `${file}: ${problem}`);
  });
}

function missingSections(text) {
  return sections
    .filter(section => !text.includes(`\n## ${section}\n`))
    .map(section => `the section "${section}" is missing`);
}

function wrongEntryPoints(manifest, text) {
  const declared = Object.keys(manifest.exports ?? {}).map(subpath => manifest.name + subpath.slice(1));
  const table = sectionOf(text, "Entry points");
  const named = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(match => match[1]);
  return [
    ...declared
      .filter(entry => !named.includes(entry))
      .map(entry => `the table of entry points does not name ${entry}`),
    ...named.filter(entry => !declared.includes(entry)).map(entry => `the package has no entry point ${entry}`),
  ];
}

/** Names of the code that are given with the entry points. */
function missingNames(text, source) {
  return [...sectionOf(text, "Entry points").matchAll(/`([A-Za-z]\w+)`/g)]
    .map(match => match[1])
    .filter(identifier => !new RegExp(`\\b${identifier}\\b`).test(source))
    .map(identifier => `nothing in the code is named ${identifier}`);
}

function sectionOf(text, section) {
  return text.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? "";
}

/** Files and folders in backticks: `scan/`, `follow/follow-block.ts`, `compile.mjs`. */
function missingFiles(text, exists) {
  return [...sectionOf(text, "Flow").matchAll(/`([\w./-]+(?:\.m?ts|\.mjs|\.json|\/))`/g)]
    .map(match => match[1])
    .filter(path => !exists(path) && !exists(join("src", path)))
    .map(path => `${path} does not exist`);
}
