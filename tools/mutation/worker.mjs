// Runs a copy of a lib's compiled tests again and again in one process, each time with another mutant at work. Told by
// its parent over IPC: { baseline } → { coverage, testMs, order }, { mutant, order } → { begins } for each test, then
// { killedBy }.
import { registerHooks } from "node:module";
import fc from "fast-check";
import Mocha from "mocha";
import { failureOf, limitTests, patternOf, placeOf } from "./mocha-control.mjs";

// The same cases each time: a mutant that one run kills must not survive the next.
fc.configureGlobal({ seed: 20_240_229 });

const { files, dist, copy } = JSON.parse(process.argv[2]);
// Other libs' tests import the mutated lib by its name: they too get the copy with the mutants.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return found.url.startsWith(dist) ? { ...found, url: `${copy}${found.url.slice(dist.length)}` } : found;
  },
});
let active = Number(process.env.MUTANT ?? -1);
let reached = new Set();
const ever = new Set();
globalThis.isMutantAtWork = id => {
  reached.add(id);
  ever.add(id);
  return id === active;
};

const mocha = new Mocha({ bail: true });
mocha.cleanReferencesAfterRun(false);
mocha.reporter(function silent() {});
for (const file of files) mocha.addFile(file);
mocha.suite.on("pre-require", (_, file) => process.send({ begins: { title: "loading", file } }));
await mocha.loadFilesAsync();
const atLoad = [...reached];

/** @returns what failed, if anything did: `{ title, file, isTimeout }` */
function run(titles, { onTest, onOnceHook } = {}) {
  mocha.grep(patternOf(titles));
  return new Promise(resolve => {
    let failed;
    const runner = mocha.run(() => resolve(failed));
    runner.on("test", test => onTest?.("begin", placeOf(test)));
    runner.on("test end", test => onTest?.("end", placeOf(test)));
    const isOnceHook = ({ title }) => /^"(?:before|after) all"/.test(title);
    runner.on("hook", hook => isOnceHook(hook) && onOnceHook?.("begin"));
    runner.on("hook end", hook => isOnceHook(hook) && onOnceHook?.("end"));
    runner.on("fail", (test, error) => (failed ??= failureOf(test, error)));
  });
}

/** Quick suites first: most mutants are killed by them. */
function sortSuites(order) {
  const place = ({ file, title }) => order[`${file} ${title}`] ?? 0;
  mocha.suite.suites.sort((a, b) => place(a) - place(b));
}

const durationOf = suite =>
  suite.suites.reduce((sum, child) => sum + durationOf(child), 0) +
  suite.tests.reduce((sum, { duration = 0 }) => sum + duration, 0);

async function answer({ baseline, mutant, titles, order, limitMs }) {
  limitTests(mocha.suite, limitMs);
  if (baseline) {
    const coverage = {};
    const testMs = {};
    let begunMs;
    const inOnceHooks = new Set();
    const failed = await run(undefined, {
      onTest: (when, { title }) => {
        if (when === "begin") {
          reached = new Set();
          begunMs = performance.now();
        } else {
          coverage[title] = [...new Set([...(coverage[title] ?? []), ...reached])];
          testMs[title] = (testMs[title] ?? 0) + performance.now() - begunMs;
        }
      },
      onOnceHook: when => {
        if (when === "begin") reached = new Set();
        else for (const id of reached) inOnceHooks.add(id);
      },
    });
    const durations = mocha.suite.suites.map(suite => [`${suite.file} ${suite.title}`, durationOf(suite)]);
    process.send({
      failed,
      coverage,
      testMs,
      atLoad,
      inOnceHooks: [...inOnceHooks],
      ever: [...ever],
      order: Object.fromEntries(durations),
    });
    return;
  }
  sortSuites(order);
  active = mutant;
  // What never ends can then be told from what has much to do.
  const onTest = (when, { title, file }) => when === "begin" && process.send({ begins: { title, file } });
  const killedBy = await run(titles, { onTest });
  process.send({ killedBy });
}

process.on("message", message => void answer(message));
process.on("unhandledRejection", () => {});
process.send({ ready: true });
