// Mutation run over the TypeScript rules: node tools/mutation/run.mjs [project …] [--file part-of-a-path]
// [--minutes 50], after a build. Every mutant is a small change of a compiled module; a test has to fail for it. What
// survives is either argued in argued.json, a line each, or a missing test. Finished mutants are kept in
// dist-mutation/results.json of the lib and not run again while its code and tests are the same.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filesBelow, root } from "../checks/workspace.mjs";
import { instrument } from "./mutate.mjs";
import { holdsNoRule, projects } from "./projects.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const argued = JSON.parse(readFileSync(join(here, "argued.json"), "utf8"));

/** A lib's compiled code beside its dist, so that relative paths stay the same, with the mutants in it. */
function prepare({ lib, folder, tests }) {
  const libDir = join(root, "libs", lib);
  const copy = join(libDir, "dist-mutation");
  rmSync(join(copy, "code"), { recursive: true, force: true });
  rmSync(join(libDir, ".mutation"), { recursive: true, force: true });
  cpSync(join(libDir, "dist"), join(libDir, ".mutation"), { recursive: true });
  mkdirSync(copy, { recursive: true });
  const base = join(libDir, ".mutation");
  const mutants = [];
  const hash = createHash("sha256");
  for (const path of filesBelow(base, [".js"]).toSorted()) {
    const name = relative(base, path);
    const source = readFileSync(path, "utf8");
    hash.update(name).update(source);
    const isMutated =
      name.startsWith(folder) && !/(^|\/)test(ing)?\/|\.test\.js$/.test(name) && !holdsNoRule.test(name);
    if (!isMutated) continue;
    const { code, mutants: found } = instrument(source, { firstId: mutants.length });
    writeFileSync(path, code);
    const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")));
    for (const mutant of found) {
      const line = (map.findEntry(mutant.line - 1, mutant.column).originalLine ?? -1) + 1;
      mutants.push({ ...mutant, file: `libs/${lib}/src/${name.replace(/\.js$/, ".ts")}`, line });
    }
  }
  const testFiles = filesBelow(base, [".js"]).filter(path => tests.test(path));
  return { libDir, base, copy, mutants, testFiles, digest: hash.digest("hex") };
}

/** A worker that answers one message at a time; an answer that does not come in time is a hang. */
class Worker {
  constructor(files, cwd) {
    this.files = files;
    this.cwd = cwd;
  }

  async start(mutant) {
    this.child = fork(join(here, "worker.mjs"), [JSON.stringify(this.files)], {
      cwd: this.cwd,
      env: { ...process.env, MUTANT: String(mutant ?? -1) },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    return this.#answer(120_000);
  }

  async ask(message, timeoutMs) {
    this.child.send(message);
    return this.#answer(timeoutMs);
  }

  stop() {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  #answer(timeoutMs) {
    const { child } = this;
    return new Promise(resolve => {
      const done = answer => {
        clearTimeout(timer);
        child.off("message", done);
        child.off("exit", died);
        resolve(answer);
      };
      const died = () => done({ died: true });
      const timer = setTimeout(() => done({ hung: true }), timeoutMs);
      child.on("message", done);
      child.on("exit", died);
    });
  }
}

const keyOf = ({ file, kind, original }) => `${file} | ${original.replaceAll(/\s+/g, " ").slice(0, 160)} | ${kind}`;

async function runProject(name, { only, until }) {
  const prepared = prepare(projects[name]);
  const { mutants, testFiles, libDir, base, copy, digest } = prepared;
  const resultsFile = join(copy, `results-${name.replaceAll("/", "-")}.json`);
  const before = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : {};
  const results = before.digest === digest ? before.results : {};
  const save = () => writeFileSync(resultsFile, JSON.stringify({ digest, results }));
  const worker = new Worker(testFiles, libDir);
  await worker.start();
  const startedMs = Date.now();
  const { failed, coverage, atLoad, ever } = await worker.ask({ baseline: true }, 600_000);
  const baselineMs = Date.now() - startedMs;
  if (failed !== undefined || coverage === undefined)
    throw new Error(`${name}: the tests fail without a mutant: ${failed ?? "no answer"}`);
  const byMutant = new Map();
  for (const [title, ids] of Object.entries(coverage))
    for (const id of ids) byMutant.set(id, [...(byMutant.get(id) ?? []), title]);
  const loaded = new Set(atLoad);
  const reachedEver = new Set(ever);
  const timeoutMs = baselineMs * 3 + 20_000;
  for (const mutant of mutants) {
    if (results[mutant.id] !== undefined || (only && !mutant.file.includes(only))) continue;
    if (Date.now() > until) break;
    const titles = loaded.has(mutant.id) ? undefined : byMutant.get(mutant.id);
    if (!reachedEver.has(mutant.id)) {
      results[mutant.id] = "not reached";
      continue;
    }
    if (loaded.has(mutant.id) || worker.child === undefined) {
      worker.stop();
      const ready = await worker.start(loaded.has(mutant.id) ? mutant.id : -1);
      if (!ready.ready) {
        results[mutant.id] = "killed";
        worker.stop();
        continue;
      }
    }
    const { killedBy, died, hung } = await worker.ask({ mutant: mutant.id, titles }, timeoutMs);
    results[mutant.id] = killedBy !== undefined || died || hung ? "killed" : "survived";
    if (died || hung || loaded.has(mutant.id)) worker.stop();
    save();
  }
  worker.stop();
  save();
  rmSync(base, { recursive: true, force: true });
  return mutants.map(mutant => ({ ...mutant, result: results[mutant.id] ?? "not run" }));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { file: { type: "string" }, minutes: { type: "string", default: "50" } },
});
const until = Date.now() + Number(values.minutes) * 60_000;
let unexplained = 0;
let open = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(projects)) {
  const mutants = await runProject(name, { only: values.file, until });
  const count = result => mutants.filter(mutant => mutant.result === result).length;
  const alive = mutants.filter(({ result }) => result === "survived" || result === "not reached");
  const missing = alive.filter(mutant => argued[keyOf(mutant)] === undefined);
  unexplained += missing.length;
  open += count("not run");
  console.log(
    `${name}: ${mutants.length} mutants, ${count("killed")} killed, ${alive.length} alive, ` +
      `${alive.length - missing.length} of them argued, ${count("not run")} not run`,
  );
  for (const mutant of missing)
    console.log(`  ${mutant.file}:${mutant.line} ${mutant.result}: ${keyOf(mutant).slice(mutant.file.length + 3)}`);
}
if (open > 0) console.log(`${open} mutants are still to be run: the same command goes on`);
process.exitCode = unexplained > 0 || open > 0 ? 1 : 0;
