// Mutants of the contracts, and which of them the contracts' tests notice. All that solc takes together are compiled
// in at once, the others one by one. The tests run in a copy of contracts/ beside it.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { filesBelow, root } from "../checks/workspace.mjs";
import { readCommitted } from "./committed-results.mjs";
import { digestOf } from "./digest.mjs";
import { KeptResults } from "./kept-results.mjs";
import { mutantsOf, mutated } from "./mutate-solidity.mjs";
import { solidityFiles, solidityTests } from "./projects.mjs";
import { SolidityCompiler } from "./solidity-compiler.mjs";
import { compileTogether } from "./solidity-schemata.mjs";
import { SolidityTests } from "./solidity-tests.mjs";

const contracts = join(root, "contracts");
const kept = join(contracts, "dist-mutation");
// At the depth of contracts/, so that relative paths lead to the same files.
const work = join(root, ".mutation");
const unitOf = name => `project/src/${name}.sol`;
const fileOf = name => `contracts/src/${name}.sol`;

/** What is expensive to make, kept on disk while `digest` is the same. */
async function cached(name, digest, make) {
  const path = join(kept, `${name}.json`);
  if (existsSync(path)) {
    const before = JSON.parse(readFileSync(path, "utf8"));
    if (before.digest === digest) return before.value;
  }
  const value = await make();
  writeFileSync(path, JSON.stringify({ digest, value }));
  return value;
}

/** A copy without what Hardhat would build: it is compiled here. */
function prepare() {
  rmSync(work, { recursive: true, force: true });
  const isLeftOut = path => /[\\/](?:node_modules|dist-mutation|build-info|cache|types|dist)$/.test(path);
  cpSync(contracts, work, { recursive: true, filter: path => !isLeftOut(path) });
  symlinkSync(join(contracts, "node_modules"), join(work, "node_modules"));
}

/** Puts compiled code where Hardhat looks for it. */
function install(artifacts) {
  for (const { name, contract, ...compiled } of artifacts) {
    const sourceName = name.replace("project/", "");
    mkdirSync(join(work, "artifacts", sourceName), { recursive: true });
    const noLinks = { linkReferences: {}, deployedLinkReferences: {}, immutableReferences: {} };
    const artifact = { _format: "hh3-artifact-1", contractName: contract, sourceName, ...compiled, ...noLinks };
    const path = join(work, "artifacts", sourceName, `${contract}.json`);
    writeFileSync(path, JSON.stringify({ ...artifact, inputSourceName: name }));
  }
}

function readDigests() {
  const paths = [
    ...filesBelow(join(contracts, "src"), [".sol"]),
    ...filesBelow(join(contracts, "test"), [".ts", ".json"]),
    ...filesBelow(join(contracts, "test/support"), [".sol"]),
  ];
  return Object.fromEntries(paths.map(path => [relative(root, path), digestOf(readFileSync(path, "utf8"))]));
}

export class SolidityRun {
  #compiler;
  #mutants;
  #digests = readDigests();
  #results;
  #tests;

  constructor({ isFresh }) {
    mkdirSync(kept, { recursive: true });
    this.isFresh = isFresh;
  }

  /** @returns the mutants of a file with their results, "not run" where the time was over */
  async run(name, { only, until }) {
    const mutants = await this.#mutantsOf(name);
    const isOpen = mutant => [undefined, "open"].includes(this.#results.of(mutant.id - 1)?.result);
    const toBeRun = mutants.filter(mutant => isOpen(mutant) && !(only && mutant.function !== only));
    if (Date.now() < until && toBeRun.length > 0) await this.#runMutants(toBeRun, until);
    return mutants.map(mutant => {
      const { result } = this.#results.of(mutant.id - 1) ?? {};
      return { ...mutant, result: result === undefined || result === "open" ? "not run" : result };
    });
  }

  /** What is known of all files, once one was run or looked at. */
  packed() {
    return this.#results.packed();
  }

  stop() {
    this.#tests?.stop();
    rmSync(work, { recursive: true, force: true });
  }

  async #mutantsOf(name) {
    this.#mutants ??= await cached("mutants", this.#digest(), () => {
      this.#compiler ??= new SolidityCompiler(contracts);
      const found = solidityFiles.flatMap(file =>
        mutantsOf(this.#compiler.sources[unitOf(file)], this.#compiler.treeOf(unitOf(file))).map(mutant => ({
          ...mutant,
          file: fileOf(file),
          module: fileOf(file),
          unit: unitOf(file),
        })),
      );
      return found.map((mutant, i) => ({ ...mutant, id: i + 1 }));
    });
    this.#results ??= new KeptResults(join(kept, "results.json"), {
      mutants: this.#mutants,
      digests: this.#digests,
      isFresh: this.isFresh,
      committed: readCommitted("contracts"),
    });
    return this.#mutants.filter(({ file }) => file === fileOf(name));
  }

  /** Of all that a build depends on, or what a test file reaches. */
  #digest(file) {
    const tools = ["mutate-solidity.mjs", "solidity-schemata.mjs", "projects.mjs"];
    const texts = tools.map(name => readFileSync(new URL(name, import.meta.url), "utf8"));
    const matters = ([name]) =>
      name.endsWith(".sol") || (file && (name.endsWith(file) || /test\/(?:support|fixtures|vectors)\//.test(name)));
    return digestOf(JSON.stringify([Object.entries(this.#digests).filter(matters), texts]));
  }

  /** Compiles and runs all once without a mutant, unless that was done. */
  async #start() {
    prepare();
    const build = await cached("build", this.#digest(), () => {
      this.#compiler ??= new SolidityCompiler(contracts);
      return compileTogether(this.#mutants, this.#compiler);
    });
    install(build.artifacts);
    this.together = new Set(build.together);
    this.#tests = new SolidityTests({ work, files: solidityTests(work) });
    for (const file of solidityTests(work)) {
      const name = `baseline-${file.replaceAll("/", "-").replace(/\.test\.ts$/, "")}`;
      this.#tests.learn(file, await cached(name, this.#digest(file), () => this.#tests.baseline(file)));
    }
    this.build = build;
  }

  async #runMutants(mutants, until) {
    if (this.#tests === undefined) await this.#start();
    const keep = ({ id }, { by, ...result }) =>
      this.#results.set(id - 1, { ...result, by: by && join("contracts", relative(work, by)) });
    const together = mutants.filter(({ id }) => this.together.has(id));
    await this.#tests.run(together, { until, keep, known: ({ id }) => this.#results.of(id - 1) });
    for (const mutant of mutants.filter(({ id }) => !this.together.has(id))) {
      if (Date.now() > until) return;
      this.#compiler ??= new SolidityCompiler(contracts);
      const { unit } = mutant;
      const text = mutated(this.#compiler.sources[unit], mutant);
      const { errors, artifacts } = this.#compiler.compile({ [unit]: text }, this.#compiler.dependantsOf(unit));
      if (errors.length > 0) {
        keep(mutant, { result: "invalid" });
        continue;
      }
      install(artifacts);
      await this.#tests.runAlone(mutant, { keep });
      install(this.build.artifacts);
    }
  }
}
