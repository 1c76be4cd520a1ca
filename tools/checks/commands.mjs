// What the pages tell a reader to type exists: flags, npm scripts, projects, paths and names in capitals.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBelow, root } from "./workspace.mjs";

/** Where every flag of every program is listed; a test compares it with the declarations. */
const SETTINGS = "docs/settings.md";

/** Flags of other people's programs, and of this repository's tools, which take no settings. */
const otherFlags = {
  anvil: ["--block-time", "--slots-in-an-epoch", "--port", "--state"],
  esbuild: ["--bundle", "--splitting", "--platform", "--format", "--outdir"],
  npm: ["--workspaces", "--pack-destination"],
  mocha: ["--config"],
  "every program": ["--help", "--version"],
  ".ci/nightly": ["--fresh"],
  "tools/mutation": ["--file", "--function", "--report"],
  "tools/codegen, tools/keys": ["--check"],
};

/** Names that are not this repository's, and examples of what a reader will create. */
const otherNames = ["ERR_MODULE_NOT_FOUND", "libs/clock-skew", "contracts/Rollup"];

/** Pages for readers: those of docs and the folders' READMEs. */
function pagesOf() {
  const readmes = ["libs", "apps"].flatMap(group =>
    readdirSync(join(root, group)).map(name => join(root, group, name, "README.md")),
  );
  const top = readdirSync(root)
    .filter(name => name.endsWith(".md") && name !== "CHANGELOG.md")
    .map(name => join(root, name));
  return [...top, ...filesBelow(join(root, "docs"), [".md"]), ...readmes.filter(existsSync)];
}

/** The pages, and what there is for them to name. */
export function readCommands() {
  const pages = pagesOf()
    .map(path => ({ path: relative(root, path), text: readFileSync(path, "utf8") }))
    .filter(({ path }) => !path.startsWith("docs/reports/"));
  const scriptsOf = directory => Object.keys(JSON.parse(readFileSync(join(directory, "package.json"), "utf8")).scripts);
  const samples = filesBelow(join(root, "docs/samples/src"), [".ts"]).map(path => readFileSync(path, "utf8"));
  const sources = ["libs", "apps", "tools", "contracts", ".ci"].flatMap(folder =>
    filesBelow(join(root, folder), [".ts", ".mjs", ".json", ".sol", ".nr", ".toml", "nightly", "run"]),
  );
  const projects = ["libs", "apps", "."].flatMap(group =>
    readdirSync(join(root, group)).filter(name => existsSync(join(root, group, name, "package.json"))),
  );
  return {
    pages,
    flags: new Set([
      ...(readFileSync(join(root, SETTINGS), "utf8").match(/--[a-z][\w-]*/g) ?? []),
      ...samples.flatMap(source => [...source.matchAll(/(\w+): \{ type: "string"/g)].map(match => `--${match[1]}`)),
      ...Object.values(otherFlags).flat(),
    ]),
    scripts: directory => new Set(scriptsOf(join(root, directory))),
    projects: new Set(projects),
    exists: path => existsSync(join(root, path)),
    source: [
      ...[join(root, SETTINGS), ...sources].map(path => readFileSync(path, "utf8")),
      ...pages.flatMap(({ text }) => [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1])),
    ].join("\n"),
  };
}

/** The words in the page's code: blocks of shell commands, and what stands between backticks. */
function codeOf(text) {
  const blocks = [...text.matchAll(/```(?:sh)?\n([\s\S]*?)```/g)].map(match => match[1]);
  const prose = text.replaceAll(/```[\s\S]*?```/g, "");
  return [...blocks, ...[...prose.matchAll(/`([^`]+)`/g)].map(match => match[1].replaceAll(/\s+/g, " "))];
}

const unique = values => [...new Set(values)];
const all = (pattern, pieces) => unique(pieces.flatMap(piece => [...piece.matchAll(pattern)].map(match => match[1])));

/** @returns {string[]} one line for each thing that a page names and that does not exist */
export function checkCommands({ pages, flags, scripts, projects, exists, source }) {
  return pages.flatMap(({ path, text }) => {
    const pieces = codeOf(text);
    const own = path.startsWith("docs/samples/") ? ["docs/samples", "."] : ["."];
    const known = new Set([...own, "contracts"].flatMap(folder => [...scripts(folder)]));
    return [
      ...all(/(?<![\w-])(--[a-z][\w-]*)/g, pieces)
        .filter(flag => !flags.has(flag))
        .map(flag => `no program has the flag ${flag}`),
      ...all(/\bnpm run ([\w:-]*\w)/g, pieces)
        .filter(script => !known.has(script))
        .map(script => `there is no script ${script}: npm run ${script} fails`),
      ...all(/\bnx (?:test|build|serve) ([\w-]+)/g, pieces)
        .filter(project => !projects.has(project))
        .map(project => `there is no project ${project}`),
      ...all(/(?<![\w/.-])((?:apps|libs|tools|contracts|docs|\.ci)\/[\w./-]*\w)(?![\w-]*…)/g, pieces)
        .filter(named => !/\/dist\b/.test(named) && !otherNames.includes(named) && !exists(named))
        .map(named => `${named} does not exist`),
      ...all(/(?<![\w…])([A-Z][A-Z\d]*_[A-Z\d_]*[A-Z\d])(?![\w…]|_…)/g, pieces)
        .filter(name => !otherNames.includes(name) && !new RegExp(`\\b${name}\\b`).test(source))
        .map(name => `nothing in the code is named ${name}`),
    ].map(problem => `${path}: ${problem}`);
  });
}
