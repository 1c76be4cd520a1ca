// Mutation run over the TypeScript rules: node tools/mutation/run.mjs [project …] [--file part-of-a-path]
// [--minutes 50] [--fresh] [--report], after a build. Every mutant is a small change of a compiled module; a test has
// to fail for it. What
// survives is either argued in argued.json, a line each, or a missing test. Finished mutants are kept in dist-mutation
// of the lib and run again only when their result may have changed. --fresh runs all again, --report writes
// docs/reports/mutation.md.
import { execFileSync, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { filesBelow, root } from "../checks/workspace.mjs";
import { isAlive, judge, keyOf } from "./argued.mjs";
import { namesOf, stillHolds } from "./kept-results.mjs";
import { instrument } from "./mutate.mjs";
import { holdsNoRule, projects } from "./projects.mjs";
import { reportOf } from "./report.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const argued = JSON.parse(readFileSync(join(here, "argued.json"), "utf8"));

/** A lib's compiled code beside its dist, so that relative paths stay the same, with the mutants in it. */
function prepare({ lib, folder, tests }) {
  const libDir = join(root, "libs", lib);
  const copy = join(libDir, "dist-mutation");
  rmSync(join(copy, "code"), { recursive: true, force: true });
  rmSync(join(libDir, ".mutation"), { recursive: true, force: true });
  // What is compiled from a source that is gone stays behind in dist.
  const isStale = path => path.endsWith(".js") && !existsSync(path.replace("/dist/", "/src/").replace(/\.js$/, ".ts"));
  cpSync(join(libDir, "dist"), join(libDir, ".mutation"), { recursive: true, filter: path => !isStale(path) });
  mkdirSync(copy, { recursive: true });
  const base = join(libDir, ".mutation");
  const mutants = [];
  const digests = {};
  for (const path of filesBelow(base, [".js"]).toSorted()) {
    const name = relative(base, path);
    const source = readFileSync(path, "utf8");
    digests[name] = createHash("sha256").update(source).digest("hex");
    const isMutated =
      name.startsWith(folder) && !/(^|\/)test(ing)?\/|\.test\.js$/.test(name) && !holdsNoRule.test(name);
    if (!isMutated) continue;
    const { code, mutants: found } = instrument(source, { firstId: mutants.length });
    writeFileSync(path, code);
    const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, "utf8")));
    for (const mutant of found) {
      const line = (map.findEntry(mutant.line - 1, mutant.column).originalLine ?? -1) + 1;
      mutants.push({ ...mutant, module: name, file: `libs/${lib}/src/${name.replace(/\.js$/, ".ts")}`, line });
    }
  }
  const testFiles = filesBelow(base, [".js"]).filter(path => tests.test(path));
  return { libDir, base, copy, mutants, testFiles, digests };
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

/** What was found earlier and still holds, by the mutant's number. */
function keptResults(resultsFile, { mutants, names, digests }) {
  if (!existsSync(resultsFile)) return {};
  const before = JSON.parse(readFileSync(resultsFile, "utf8"));
  if (before.digests === undefined) return {};
  const holds = mutant => {
    const kept = before.results[names[mutant.id]];
    return kept !== undefined && stillHolds(kept, { module: mutant.module, before: before.digests, now: digests });
  };
  return Object.fromEntries(mutants.filter(holds).map(({ id }) => [id, before.results[names[id]]]));
}

async function runProject(name, { only, until, isFresh }) {
  const { mutants, testFiles, libDir, base, copy, digests } = prepare(projects[name]);
  const resultsFile = join(copy, `results-${name.replaceAll("/", "-")}.json`);
  const names = namesOf(mutants);
  const results = isFresh ? {} : keptResults(resultsFile, { mutants, names, digests });
  const save = () => {
    const byName = Object.fromEntries(Object.entries(results).map(([id, result]) => [names[id], result]));
    writeFileSync(resultsFile, JSON.stringify({ digests, results: byName }));
  };
  const worker = new Worker(testFiles, libDir);
  const isToBeRun = mutant => results[mutant.id] === undefined && !(only && !mutant.file.includes(only));
  if (mutants.some(isToBeRun)) {
    const coverage = await baselineOf(name, worker);
    for (const mutant of mutants.filter(isToBeRun)) {
      if (Date.now() > until) break;
      results[mutant.id] = await resultOf(mutant, { worker, coverage, base });
      save();
    }
  }
  worker.stop();
  save();
  rmSync(base, { recursive: true, force: true });
  return mutants.map(mutant => ({ ...mutant, result: results[mutant.id]?.result ?? "not run" }));
}

/** Runs all tests without a mutant, and learns which test reaches which. */
async function baselineOf(name, worker) {
  const { ready } = await worker.start();
  if (!ready) throw new Error(`${name}: the tests do not load: build first, then run one of them to see why`);
  const startedMs = Date.now();
  const { failed, coverage, atLoad, inOnceHooks, ever, order } = await worker.ask({ baseline: true }, 600_000);
  if (failed !== undefined || coverage === undefined)
    throw new Error(`${name}: the tests fail without a mutant: ${failed?.title ?? "no answer"}`);
  const testsOf = new Map();
  for (const [title, ids] of Object.entries(coverage))
    for (const id of ids) testsOf.set(id, [...(testsOf.get(id) ?? []), title]);
  // What a hook that runs once reaches may show in any test.
  for (const id of inOnceHooks) testsOf.set(id, undefined);
  const timeoutMs = (Date.now() - startedMs) * 3 + 20_000;
  return { testsOf, atLoad: new Set(atLoad), ever: new Set(ever), order, timeoutMs };
}

/** @returns `{ result, by }`, the name of the test file that killed it, if one did */
async function resultOf({ id }, { worker, coverage: { testsOf, atLoad, ever, order, timeoutMs }, base }) {
  if (!ever.has(id)) return { result: "not reached" };
  const isAtLoad = atLoad.has(id);
  if (isAtLoad || worker.child === undefined) {
    worker.stop();
    const { ready } = await worker.start(isAtLoad ? id : -1);
    if (!ready) {
      worker.stop();
      return { result: "killed" };
    }
  }
  const titles = isAtLoad ? undefined : testsOf.has(id) ? testsOf.get(id) : [];
  const { killedBy, died, hung } = await worker.ask({ mutant: id, titles, order }, timeoutMs);
  if (died || hung || isAtLoad) worker.stop();
  if (killedBy === undefined) return { result: died || hung ? "killed" : "survived" };
  return { result: "killed", by: killedBy.file && relative(base, killedBy.file) };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: "string" },
    minutes: { type: "string", default: "50" },
    fresh: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});
const until = Date.now() + Number(values.minutes) * 60_000;
const runs = [];
let faults = 0;
for (const name of positionals.length > 0 ? positionals : Object.keys(projects)) {
  const mutants = await runProject(name, { only: values.file, until, isFresh: values.fresh });
  const { lib, folder } = projects[name];
  const { explained, missing, stale } = judge(mutants, argued, `libs/${lib}/src/${folder}`);
  runs.push({ name, mutants, explained, missing });
  const count = result => mutants.filter(mutant => mutant.result === result).length;
  faults += missing.length + stale.length + count("not run");
  console.log(
    `${name}: ${mutants.length} mutants, ${count("killed")} killed, ${mutants.filter(isAlive).length} alive, ` +
      `${explained.length} of them argued, ${count("not run")} not run`,
  );
  for (const mutant of missing)
    console.log(`  ${mutant.file}:${mutant.line} ${mutant.result}: ${keyOf(mutant).slice(mutant.file.length + 3)}`);
  for (const key of stale) console.log(`  argued.json is stale, no mutant alive is called: ${key}`);
  if (count("not run") > 0) console.log(`  ${count("not run")} are still to be run: the same command goes on`);
}
if (values.report) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  mkdirSync(join(root, "docs/reports"), { recursive: true });
  const page = reportOf(runs, { commit: git("rev-parse", "--short=12", "HEAD"), argued });
  writeFileSync(join(root, "docs/reports/mutation.md"), page);
}
process.exitCode = faults > 0 ? 1 : 0;
