// Runs a copy of a lib's compiled tests again and again in one process, each time with another mutant at work. Told by
// its parent over IPC: { baseline } → { coverage, order }, { mutant, order } → { killedBy }.
import fc from "fast-check";
import Mocha from "mocha";

// The same cases each time: a mutant that one run kills must not survive the next.
fc.configureGlobal({ seed: 20_240_229 });

const [, , files] = process.argv;
let active = Number(process.env.MUTANT ?? -1);
let reached = new Set();
const ever = new Set();
globalThis.isMutantAtWork = id => {
  reached.add(id);
  ever.add(id);
  return id === active;
};

const mocha = new Mocha({ timeout: 60_000, bail: true });
mocha.cleanReferencesAfterRun(false);
mocha.reporter(function silent() {});
for (const file of JSON.parse(files)) mocha.addFile(file);
await mocha.loadFilesAsync();
const atLoad = [...reached];

/** @returns what failed, if anything did: `{ title, file }` */
function run(titles, { onTest, onOnceHook } = {}) {
  // A test's title may hold anything; a marker that none holds keeps an empty list from matching all.
  const escaped = titles?.map(title => title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  mocha.grep(escaped === undefined ? /.*/ : new RegExp(`^(?:${escaped.join("|") || "\u0000"})$`));
  return new Promise(resolve => {
    let failed;
    const runner = mocha.run(() => resolve(failed));
    runner.on("test", test => onTest?.("begin", test.fullTitle()));
    runner.on("test end", test => onTest?.("end", test.fullTitle()));
    const isOnceHook = ({ title }) => /^"(?:before|after) all"/.test(title);
    runner.on("hook", hook => isOnceHook(hook) && onOnceHook?.("begin"));
    runner.on("hook end", hook => isOnceHook(hook) && onOnceHook?.("end"));
    runner.on("fail", test => (failed ??= { title: test.fullTitle(), file: test.file ?? test.parent?.file }));
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

async function answer({ baseline, mutant, titles, order }) {
  if (baseline) {
    const coverage = {};
    const inOnceHooks = new Set();
    const failed = await run(undefined, {
      onTest: (when, title) => {
        if (when === "begin") reached = new Set();
        else coverage[title] = [...new Set([...(coverage[title] ?? []), ...reached])];
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
      atLoad,
      inOnceHooks: [...inOnceHooks],
      ever: [...ever],
      order: Object.fromEntries(durations),
    });
    return;
  }
  sortSuites(order);
  active = mutant;
  const killedBy = await run(titles);
  process.send({ killedBy });
}

process.on("message", message => void answer(message));
process.on("unhandledRejection", () => {});
process.send({ ready: true });
