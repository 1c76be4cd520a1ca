// Runs the contracts' tests again and again in one process against one simulated L1, each time with another mutant at
// work. Told by its parent over IPC: { baseline: files } → { coverage, testMs, fixtures, failures },
// { mutant, titles, isInFixture } → { killedBy }.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";
import { failureOf, limitTests, patternOf } from "./mocha-control.mjs";
import { isMutantSource } from "./mutate-solidity.mjs";

const { files } = JSON.parse(process.argv[2]);
const project = process.cwd();
// As Hardhat loads its tests. Its module, not the CommonJS file beside it, which require would find: that one looks for
// its loader in the wrong folder since 4.23.15.
const fromHardhat = createRequire(createRequire(join(project, "package.json")).resolve("hardhat"));
const tsx = fromHardhat.resolve("tsx/esm/api").replace(/\.cjs$/, ".mjs");
(await import(pathToFileURL(tsx).href)).register();
const { default: hre } = await import(createRequire(join(project, "package.json")).resolve("hardhat"));

let reached = new Set();
// With someone who listens for coverage, EDR lifts the limits of size and gas and tells of each call to IsMutant.
hre.hooks.registerHandlers("network", {
  onCoverageData: async (_, calls) => {
    for (const call of calls) reached.add(Number(`0x${call}`));
  },
});

const mocha = new Mocha();
mocha.cleanReferencesAfterRun(false);
mocha.reporter(function silent() {});
for (const file of files) mocha.addFile(join(project, file));
await mocha.loadFilesAsync();
const { connection, networkHelpers } = await import(pathToFileURL(join(project, "test/support/network.ts")).href);

/** Code that returns `id`: PUSH32 id, MSTORE at 0, RETURN of 32 bytes. */
const codeOf = id => `0x7f${id.toString(16).padStart(64, "0")}60005260206000f3`;
let untouched = await networkHelpers.takeSnapshot();
let active = 0;
let isDirty = true;

const setActive = () =>
  connection.provider.request({ method: "hardhat_setCode", params: [isMutantSource.address, codeOf(active)] });

/** The chain with this mutant at work, 0 for none; as the process found it if a fixture may hold a mutant's doing. */
async function begin(id, isInFixture) {
  if (isDirty || isInFixture) {
    await untouched.restore();
    await networkHelpers.clearSnapshots();
    untouched = await networkHelpers.takeSnapshot();
  }
  isDirty = isInFixture;
  active = id;
  await setActive();
}

// A fixture runs once and is a snapshot for later tests: what it reaches is reached by each test that loads it.
const reachedByFixture = new Map();
const loadFixture = networkHelpers.loadFixture.bind(networkHelpers);
networkHelpers.loadFixture = async fixture => {
  const before = reached;
  reached = new Set();
  const loaded = await loadFixture(fixture);
  reachedByFixture.set(fixture, new Set([...(reachedByFixture.get(fixture) ?? []), ...reached]));
  reached = new Set([...before, ...reachedByFixture.get(fixture)]);
  // The snapshot knows which mutant was at work when it was taken.
  await setActive();
  return loaded;
};

function run(titles, { onEvent, isFirstFailureEnough }) {
  mocha.grep(patternOf(titles));
  return new Promise(resolve => {
    const failures = [];
    const runner = mocha.run(() => resolve(failures));
    for (const event of ["test", "test end", "hook", "hook end"]) runner.on(event, at => onEvent?.(event, at));
    runner.on("fail", (test, error) => {
      failures.push(failureOf(test, error));
      if (isFirstFailureEnough) runner.abort();
    });
  });
}

const titlesOf = suite => [...suite.tests.map(test => test.fullTitle()), ...suite.suites.flatMap(titlesOf)];

/** @param only the test files of which it is asked, as in `files` */
async function baseline(only) {
  const coverage = {};
  const testMs = {};
  /** What "before all" hooks reach is reached by every test of their suite. */
  const bySuite = [];
  let begunMs;
  await begin(isMutantSource.recording, true);
  reachedByFixture.clear();
  const wanted = new Set(only.map(file => join(project, file)));
  const titles = mocha.suite.suites.filter(({ file }) => wanted.has(file)).flatMap(titlesOf);
  const failures = await run(titles, {
    onEvent: (event, at) => {
      const isOnceHook = /^"(?:before|after) all"/.test(at.title);
      if (event === "test") [reached, begunMs] = [new Set(), performance.now()];
      else if (event === "test end") {
        coverage[at.fullTitle()] = [...reached];
        testMs[at.fullTitle()] = performance.now() - begunMs;
      } else if (isOnceHook && event === "hook") reached = new Set();
      else if (isOnceHook) bySuite.push([at.parent.fullTitle(), [...reached]]);
    },
  });
  for (const [suite, ids] of bySuite)
    for (const title of Object.keys(coverage).filter(name => name.startsWith(suite)))
      coverage[title] = [...new Set([...coverage[title], ...ids])];
  const fixtures = [...reachedByFixture.values()].flatMap(ids => [...ids]);
  return { coverage, testMs, fixtures: [...new Set(fixtures)], failures };
}

async function answer({ baseline: ofFiles, mutant, titles, limitMs, isInFixture }) {
  limitTests(mocha.suite, limitMs);
  if (ofFiles) return process.send(await baseline(ofFiles));
  await begin(mutant, isInFixture);
  const [killedBy] = await run(titles, { isFirstFailureEnough: true });
  return process.send({ killedBy });
}

process.on("message", message => void answer(message));
process.on("unhandledRejection", () => {});
process.send({ ready: true });
