// Builds the API reference of every lib into docs-api/ (`npm run docs:api`); with --check it only looks. Exits 1 with
// what
// is wrong: links that lead nowhere, and what docstrings.mjs finds. typedoc works on TypeScript's JavaScript API, which
// TypeScript 7 no longer has, so this folder's package brings a TypeScript 6 of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Application, LogLevel, OptionDefaults, TSConfigReader } from "typedoc";
import { readWorkspace, root } from "../checks/workspace.mjs";
import { docstringProblems, undocumentedSymbols } from "./docstrings.mjs";

const output = join(root, "docs-api");
const list = new URL("undocumented.json", import.meta.url);

/** Sources of the entry points that are code. */
function entryPointsOf({ dir, manifest }) {
  return Object.values(manifest.exports ?? {})
    .map(target => (typeof target === "string" ? target : target.default))
    .filter(file => file.endsWith(".js"))
    .map(file => join(dir, file.replace("./dist/", "src/").replace(/\.js$/, ".ts")));
}

/** One package as typedoc's JSON. The build has found its type errors already. */
async function convert(lib, directory) {
  const app = await Application.bootstrap(
    {
      name: lib.manifest.name,
      entryPoints: entryPointsOf(lib),
      tsconfig: join(lib.dir, "tsconfig.json"),
      readme: join(lib.dir, "README.md"),
      skipErrorChecking: true,
      excludePrivate: true,
      excludeInternal: true,
      disableGit: true,
      sourceLinkTemplate: "https://github.com/sprtn/sprtn/blob/main/{path}#L{line}",
      logLevel: LogLevel.Warn,
      basePath: join(lib.dir, "src"),
    },
    [new TSConfigReader()],
  );
  const project = await app.convert();
  if (project === undefined) throw new Error(`typedoc cannot read ${lib.manifest.name}`);
  const path = join(directory, `${lib.name}.json`);
  await app.generateJson(project, path);
  return { path, problems: app.logger.warningCount + app.logger.errorCount };
}

const libs = readWorkspace().filter(({ dir }) => dirname(dir).endsWith("/libs"));
const directory = mkdtempSync(join(tmpdir(), "sprtn-api-"));
try {
  const converted = [];
  for (const lib of libs) converted.push(await convert(lib, directory));
  const app = await Application.bootstrap({
    name: "SPRTN",
    entryPointStrategy: "merge",
    entryPoints: converted.map(({ path }) => path),
    readme: join(root, "README.md"),
    highlightLanguages: [...OptionDefaults.highlightLanguages, "mermaid"],
    validation: { invalidLink: true, notDocumented: false, notExported: false },
    logLevel: LogLevel.Warn,
  });
  const project = await app.convert();
  app.validate(project);
  if (!process.argv.includes("--check")) await app.generateDocs(project, output);
  const found = undocumentedSymbols(project);
  const missing = docstringProblems(found, JSON.parse(readFileSync(list, "utf8")));
  for (const problem of missing) console.error(problem);
  if (process.argv.includes("--list")) writeFileSync(list, `${JSON.stringify(found, null, 2)}\n`);
  const warnings = app.logger.warningCount + app.logger.errorCount;
  const problems = converted.reduce((sum, one) => sum + one.problems, warnings + missing.length);
  console.log(problems === 0 ? `api: ${libs.length} packages` : `api: ${problems} problems`);
  process.exitCode = problems === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}
