// Mutation run over the rules: node tools/mutation/run.mjs [project …] [--file part-of-a-path] [--function name]
// [--minutes 50] [--fresh] [--report], after a build. A project is one of projects.mjs or contracts/Name. Every mutant
// is one small change; a test has to fail for it. What survives is either argued in argued.json, a line each, or a
// missing test. Finished mutants are kept in dist-mutation of the lib and run again only when their result may have
// changed: the same command goes on where the last one stopped, or where the committed results.json leaves off. --fresh
// runs all again, --report writes docs/reports/mutation.md and results.json from what is known of all projects.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../checks/workspace.mjs";
import { isAlive, judge, keyOf } from "./argued.mjs";
import { writeCommitted } from "./committed-results.mjs";
import { projects, solidityFiles } from "./projects.mjs";
import { reportOf } from "./report.mjs";
import { SolidityRun } from "./solidity-run.mjs";
import { runTypescript } from "./typescript-run.mjs";

const argued = JSON.parse(readFileSync(new URL("argued.json", import.meta.url), "utf8"));
const prefix = "contracts/";

async function runProject(name, options) {
  const isSolidity = name.startsWith(prefix);
  const short = isSolidity ? name.slice(prefix.length) : name;
  const { mutants, packed } = isSolidity
    ? { mutants: await solidity.run(short, { ...options, only: options.function }) }
    : await runTypescript(name, { ...options, only: options.file });
  const folder = isSolidity ? `contracts/src/${short}.sol` : `libs/${projects[name].lib}/src/${projects[name].folder}`;
  return { name, mutants, packed, ...judge(mutants, argued, folder) };
}

const count = ({ mutants }, result) => mutants.filter(mutant => mutant.result === result).length;

/** @returns how many mutants and reasons are left to be dealt with */
function tell(run) {
  const { name, mutants, explained, missing, stale } = run;
  const notRun = count(run, "not run");
  console.log(
    `${name}: ${mutants.length - count(run, "invalid")} mutants, ${count(run, "killed")} killed, ` +
      `${mutants.filter(isAlive).length} alive, ${explained.length} of them argued, ${notRun} not run`,
  );
  for (const mutant of missing)
    console.log(`  ${mutant.file}:${mutant.line} ${mutant.result}: ${keyOf(mutant).slice(mutant.file.length + 3)}`);
  for (const key of stale) console.log(`  argued.json is stale, no mutant alive is called: ${key}`);
  if (notRun > 0) console.log(`  ${notRun} are still to be run: the same command goes on`);
  return missing.length + stale.length + notRun;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: "string" },
    function: { type: "string" },
    minutes: { type: "string", default: "50" },
    fresh: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});
const all = [...Object.keys(projects), ...solidityFiles.map(name => prefix + name)];
const solidity = new SolidityRun({ isFresh: values.fresh });
const until = Date.now() + Number(values.minutes) * 60_000;
const runs = new Map();
let faults = 0;
for (const name of positionals.length > 0 ? positionals : all) {
  const run = await runProject(name, { ...values, until, isFresh: values.fresh });
  runs.set(name, run);
  faults += tell(run);
}
if (values.report) {
  for (const name of all) if (!runs.has(name)) runs.set(name, await runProject(name, { until: 0, isFresh: false }));
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  mkdirSync(join(root, "docs/reports"), { recursive: true });
  const page = reportOf(
    all.map(name => runs.get(name)),
    { commit, argued },
  );
  writeFileSync(join(root, "docs/reports/mutation.md"), page);
  const typescript = Object.keys(projects).map(name => [name, runs.get(name).packed]);
  writeCommitted({ ...Object.fromEntries(typescript), contracts: solidity.packed() });
}
solidity.stop();
process.exitCode = faults > 0 ? 1 : 0;
