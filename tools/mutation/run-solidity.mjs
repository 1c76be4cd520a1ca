// Mutation run over the contracts: node tools/mutation/run-solidity.mjs [Contract …] [--function name] [--minutes 50]
//, after a build. One mutant at a time is compiled and tested in a copy of contracts/ beside it. Results are kept in
// contracts/dist-mutation and hold while the contract and its tests are the same; the same command goes on.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { filesBelow, root } from "../checks/workspace.mjs";
import { judge, keyOf } from "./argued.mjs";
import { namesOf } from "./kept-results.mjs";
import { mutantsOf } from "./mutate-solidity.mjs";
import { contractTests } from "./projects.mjs";

const contracts = join(root, "contracts");
const kept = join(contracts, "dist-mutation");
// At the depth of contracts/, so that relative paths lead to the same files.
const work = join(root, ".mutation");
const solc = createRequire(join(contracts, "package.json"))("solc");
const argued = JSON.parse(readFileSync(new URL("argued.json", import.meta.url), "utf8"));

function treeOf(name, source) {
  const settings = { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } };
  const input = { language: "Solidity", sources: { [name]: { content: source } }, settings };
  return JSON.parse(solc.compile(JSON.stringify(input))).sources[name].ast;
}

function prepare() {
  rmSync(work, { recursive: true, force: true });
  cpSync(contracts, work, { recursive: true, filter: path => !/[\\/](?:node_modules|dist-mutation)$/.test(path) });
  symlinkSync(join(contracts, "node_modules"), join(work, "node_modules"));
}

/** @returns "passed", "failed", "invalid" if it does not compile, or "hung" */
function runTests(tests, timeoutMs) {
  const child = spawn("npx", ["hardhat", "test", "mocha", ...tests], { cwd: work, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", data => (output += data));
  return new Promise(resolve => {
    const stop = () => {
      try {
        // Its whole group.
        process.kill(-Number(child.pid), "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    };
    const finish = result => {
      clearTimeout(timer);
      stop();
      resolve({ result, output });
    };
    const timer = setTimeout(() => finish("hung"), timeoutMs);
    // The first failure is enough.
    child.stdout.on("data", () => /^\s+1\) /m.test(output) && finish("failed"));
    child.on("close", code => {
      if (code === 0) finish("passed");
      else finish(/HHE\d+.*[Cc]ompil|Compilation failed/.test(output) ? "invalid" : "failed");
    });
  });
}

async function runContract(name, { only, until }) {
  const file = `contracts/src/${name}.sol`;
  const source = readFileSync(join(root, file), "utf8");
  const tests = contractTests[name];
  const mutants = mutantsOf(source, treeOf(file, source)).map(mutant => ({ ...mutant, file }));
  const names = namesOf(mutants);
  const hash = createHash("sha256").update(source);
  for (const path of [
    ...tests.map(test => join(contracts, test)),
    ...filesBelow(join(contracts, "test/support"), [".ts"]),
  ])
    hash.update(readFileSync(path));
  const digest = hash.digest("hex");
  mkdirSync(kept, { recursive: true });
  const resultsFile = join(kept, `results-${name}.json`);
  const before = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, "utf8")) : {};
  const results = before.digest === digest ? before.results : {};
  const place = join(work, "src", `${name}.sol`);
  const isToBeRun = (mutant, i) => results[names[i]] === undefined && !(only && mutant.function !== only);
  if (mutants.some(isToBeRun)) {
    const startedMs = Date.now();
    const { result, output } = await runTests(tests, 600_000);
    if (result !== "passed") throw new Error(`${name}: the tests do not pass without a mutant: ${output.slice(-2000)}`);
    const timeoutMs = 3 * (Date.now() - startedMs) + 30_000;
    for (const [i, mutant] of mutants.entries()) {
      if (!isToBeRun(mutant, i)) continue;
      if (Date.now() > until) break;
      writeFileSync(place, mutant.mutated);
      const outcome = (await runTests(tests, timeoutMs)).result;
      results[names[i]] = { passed: "survived", failed: "killed", hung: "killed", invalid: "invalid" }[outcome];
      writeFileSync(resultsFile, JSON.stringify({ digest, results }));
    }
    writeFileSync(place, source);
  }
  return mutants.map((mutant, i) => ({ ...mutant, result: results[names[i]] ?? "not run" }));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { function: { type: "string" }, minutes: { type: "string", default: "50" } },
});
const until = Date.now() + Number(values.minutes) * 60_000;
let faults = 0;
prepare();
for (const name of positionals.length > 0 ? positionals : Object.keys(contractTests)) {
  const mutants = await runContract(name, { only: values.function, until });
  const { explained, missing, stale } = judge(mutants, argued, `contracts/src/${name}.sol`);
  const count = result => mutants.filter(mutant => mutant.result === result).length;
  faults += missing.length + stale.length + count("not run");
  console.log(
    `${name}: ${mutants.length} mutants, ${count("killed")} killed, ${count("invalid")} do not compile, ` +
      `${explained.length + missing.length} alive, ${explained.length} of them argued, ${count("not run")} not run`,
  );
  for (const mutant of missing) console.log(`  ${mutant.file}:${mutant.line} ${mutant.function}: ${keyOf(mutant)}`);
  for (const key of stale) console.log(`  argued.json is stale, no mutant alive is called: ${key}`);
}
rmSync(work, { recursive: true, force: true });
process.exitCode = faults > 0 ? 1 : 0;
