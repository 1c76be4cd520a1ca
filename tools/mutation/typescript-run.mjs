// Mutants of a lib's compiled modules, and which of them its tests notice.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { filesBelow, root } from "../checks/workspace.mjs";
import { readCommitted } from "./committed-results.mjs";
import { digestOf } from "./digest.mjs";
import { KeptResults } from "./kept-results.mjs";
import { instrument } from "./mutate.mjs";
import { holdsNoRule, projects } from "./projects.mjs";
import { judgeMutant, testLimitMs, workLimitMs } from "./time-limit.mjs";
import { WorkerProcess } from "./worker-process.mjs";

const script = fileURLToPath(new URL("worker.mjs", import.meta.url));
/** Processor time for loading the tests; without a mutant they have all the time that they need. */
const LOAD_MS = 120_000;
const NO_LIMIT = Number.POSITIVE_INFINITY;
/** What killed the last mutants is likely to kill the next. */
const RECENT_KILLERS = 4;

/** A lib's compiled code beside its dist, so that relative paths stay the same, with the mutants in it. */
function prepare({ lib, folder, tests, others = [] }) {
  const libDir = join(root, "libs", lib);
  const base = join(libDir, ".mutation");
  rmSync(base, { recursive: true, force: true });
  // What is compiled from a source that is gone stays behind in dist.
  const isStale = path => path.endsWith(".js") && !existsSync(path.replace("/dist/", "/src/").replace(/\.js$/, ".ts"));
  cpSync(join(libDir, "dist"), base, { recursive: true, filter: path => !isStale(path) });
  mkdirSync(join(libDir, "dist-mutation"), { recursive: true });
  const mutants = [];
  const digests = {};
  for (const path of filesBelow(base, [".js"]).toSorted()) {
    const name = relative(base, path);
    const source = readFileSync(path, "utf8");
    digests[name] = digestOf(source);
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
  const ownTests = filesBelow(base, [".js"]).filter(path => tests.test(path));
  const otherTests = others.map(path => join(root, "libs", path));
  for (const path of otherTests) digests[relative(base, path)] = digestOf(readFileSync(path, "utf8"));
  return { libDir, base, mutants, testFiles: [...ownTests, ...otherTests], digests };
}

/** @returns the `mutants` with their results, "not run" where the time was over, and all of them `packed` */
export async function runTypescript(name, { only, until, isFresh }) {
  const { mutants, testFiles, libDir, base, digests } = prepare(projects[name]);
  const path = join(libDir, "dist-mutation", `results-${name.replaceAll("/", "-")}.json`);
  const results = new KeptResults(path, { mutants, digests, isFresh, committed: readCommitted(name) });
  const urlOf = folder => `${pathToFileURL(join(libDir, folder)).href}/`;
  const argument = { files: testFiles, dist: urlOf("dist"), copy: urlOf(".mutation") };
  const worker = new WorkerProcess({ script, argument, cwd: libDir });
  const isToBeRun = ({ id, file }) => results.of(id) === undefined && !(only && !file.includes(only));
  if (Date.now() < until && mutants.some(isToBeRun)) {
    const coverage = { ...(await baselineOf(name, worker)), killers: [] };
    // Those that need a process each come last.
    const isAtLoad = ({ id }) => Number(coverage.atLoad.has(id));
    for (const mutant of mutants.filter(isToBeRun).toSorted((a, b) => isAtLoad(a) - isAtLoad(b))) {
      if (Date.now() > until) break;
      const result = await resultOf(mutant, { worker, coverage });
      if (result !== undefined) results.set(mutant.id, { ...result, by: result.by && relative(base, result.by) });
    }
  }
  worker.stop();
  results.save();
  rmSync(base, { recursive: true, force: true });
  return {
    mutants: mutants.map(mutant => ({ ...mutant, result: results.of(mutant.id)?.result ?? "not run" })),
    packed: results.packed(),
  };
}

/** Runs all tests without a mutant, and learns which test reaches which. */
async function baselineOf(name, worker) {
  const { ready } = await worker.start({ workMs: LOAD_MS });
  if (!ready) throw new Error(`${name}: the tests do not load: build first, then run one of them to see why`);
  const answer = await worker.ask({ baseline: true, limitMs: 0 }, NO_LIMIT);
  const { failed, coverage, testMs, atLoad, inOnceHooks, ever, order } = answer;
  if (failed !== undefined || coverage === undefined)
    throw new Error(`${name}: the tests fail without a mutant: ${failed?.title} ${failed?.message}`);
  const testsOf = new Map();
  for (const [title, ids] of Object.entries(coverage))
    for (const id of ids) testsOf.set(id, [...(testsOf.get(id) ?? []), title]);
  // What a hook that runs once reaches may show in any test.
  for (const id of inOnceHooks) testsOf.set(id, undefined);
  return { testsOf, testMs, atLoad: new Set(atLoad), ever: new Set(ever), order };
}

/** @returns `{ result, by }`, the test file that killed it, if one did; undefined if it has to be run once more */
async function resultOf({ id }, { worker, coverage: { testsOf, testMs, atLoad, ever, order, killers } }) {
  if (!ever.has(id)) return { result: "not reached" };
  const isAtLoad = atLoad.has(id);
  const titles = isAtLoad ? undefined : testsOf.has(id) ? testsOf.get(id) : [];
  const times = (titles ?? Object.keys(testMs)).map(title => testMs[title] ?? 0);
  const workMs = workLimitMs(times.reduce((sum, ms) => sum + ms, 0));
  const limitMs = testLimitMs(Math.max(0, ...times));
  const run = async (mutant, only = titles) => {
    const isOwnProcess = isAtLoad && mutant !== -1;
    if (isOwnProcess) worker.stop();
    if (!worker.isRunning) {
      const started = await worker.start({ env: { MUTANT: String(isOwnProcess ? mutant : -1) }, workMs: LOAD_MS });
      if (!started.ready) {
        worker.stop();
        return { ...started, isFresh: true };
      }
    }
    const workOf = title => workLimitMs(testMs[title] ?? 0);
    const likely = isOwnProcess ? killers.filter(title => only?.includes(title) ?? true) : [];
    let answer = {};
    for (const some of likely.length > 0 ? [likely, only] : [only]) {
      answer = await worker.ask({ mutant, titles: some, order, limitMs }, workMs, workOf);
      if (answer.died || answer.hung || answer.killedBy) break;
    }
    if (answer.died || answer.hung || answer.killedBy?.isTimeout || isOwnProcess) worker.stop();
    const killer = answer.killedBy?.title ?? answer.at?.title;
    if (mutant !== -1 && killer in testMs)
      killers.splice(
        0,
        killers.length,
        ...[killer, ...killers.filter(other => other !== killer)].slice(0, RECENT_KILLERS),
      );
    return { ...answer, isFresh: isOwnProcess };
  };
  const result = await judgeMutant(
    () => run(id),
    title => run(-1, title in testMs ? [title] : titles),
    // A process of its own has met no other mutant.
    isAtLoad ? undefined : title => run(-1, titles?.includes(title) ? [title] : titles),
  );
  // It may be the process that is spoilt.
  if (result === undefined) worker.stop();
  return result;
}
