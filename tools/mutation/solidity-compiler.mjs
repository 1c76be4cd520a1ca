// The contracts as solc sees them: what Hardhat built, and the test harness of the libraries.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isMutantSource } from "./mutate-solidity.mjs";

/** Verifiers of the circuits' keys: half of the code, and nothing here depends on it. */
const generated = /generated\/DevRoot/;

/** Contracts of tests that know the mutated code. */
const SUPPORT = ["test/support/VectorHarness.sol", "test/support/AcceptAllVerifier.sol"];

export class SolidityCompiler {
  #solc;
  #input;
  #trees;
  /** `{ "project/src/Inbox.sol": source }` of the project's own files. */
  sources;

  constructor(contracts) {
    this.#solc = createRequire(join(contracts, "package.json"))("solc");
    const { buildInfoId } = JSON.parse(readFileSync(join(contracts, "artifacts/src/Rollup.sol/Rollup.json"), "utf8"));
    this.#input = JSON.parse(readFileSync(join(contracts, `artifacts/build-info/${buildInfoId}.json`), "utf8")).input;
    const names = readdirSync(join(contracts, "src"), { recursive: true }).filter(
      name => name.endsWith(".sol") && !generated.test(name),
    );
    for (const name of Object.keys(this.#input.sources).filter(other => generated.test(other)))
      delete this.#input.sources[name];
    this.sources = Object.fromEntries(
      [...names.map(name => `src/${name}`), ...SUPPORT].map(name => [
        `project/${name}`,
        readFileSync(join(contracts, name), "utf8"),
      ]),
    );
    for (const [name, content] of Object.entries(this.sources)) this.#input.sources[name] = { content };
    this.#trees = this.#run({ "*": { "": ["ast"] } }).sources;
  }

  treeOf(name) {
    return this.#trees[name].ast;
  }

  /** The deployable contracts that hold code of a file: `[{ name, contract }]`. */
  dependantsOf(file) {
    const importers = new Set([file]);
    for (let before = 0; before < importers.size;) {
      before = importers.size;
      for (const [name, { ast }] of Object.entries(this.#trees))
        if (ast.nodes.some(node => node.nodeType === "ImportDirective" && importers.has(node.absolutePath)))
          importers.add(name);
    }
    return [...importers].flatMap(name => this.#contractsOf(name));
  }

  #contractsOf(name) {
    return this.#trees[name].ast.nodes
      .filter(node => node.nodeType === "ContractDefinition" && node.contractKind === "contract" && !node.abstract)
      .map(node => ({ name, contract: node.name }));
  }

  /** Every contract that tests deploy, but for the generated verifiers. */
  deployable() {
    const own = Object.keys(this.sources).filter(name => !/\/(?:generated|interfaces)\//.test(name));
    return own.flatMap(name => this.#contractsOf(name));
  }

  /**
   * @param changes `{ name: source }` in place of the project's own
   * @param targets what is compiled to code: `[{ name, contract }]`
   * @returns `errors`: `[{ file, start, end, message }]`, `artifacts`: `[{ name, contract, abi, bytecode,
   * deployedBytecode }]`
   */
  compile(changes, targets) {
    const selection = {};
    for (const { name, contract } of targets)
      (selection[name] ??= {})[contract] = ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"];
    const { errors = [], contracts } = this.#run(selection, changes);
    const failures = errors
      .filter(({ severity }) => severity === "error")
      .map(({ sourceLocation, formattedMessage }) => ({
        file: sourceLocation?.file,
        start: sourceLocation?.start,
        end: sourceLocation?.end,
        message: formattedMessage,
      }));
    if (failures.length > 0) return { errors: failures, artifacts: [] };
    const artifacts = targets.map(({ name, contract }) => {
      const { abi, evm } = contracts[name][contract];
      const code = ({ object }) => `0x${object}`;
      return { name, contract, abi, bytecode: code(evm.bytecode), deployedBytecode: code(evm.deployedBytecode) };
    });
    return { errors: [], artifacts };
  }

  #run(outputSelection, changes = {}) {
    const sources = { ...this.#input.sources, [isMutantSource.name]: { content: isMutantSource.content } };
    for (const [name, content] of Object.entries(changes)) sources[name] = { content };
    // Without the optimizer it takes a fourth of the time; tests of mutants have no limits of size and gas.
    const settings = { ...this.#input.settings, optimizer: { enabled: false }, outputSelection };
    return JSON.parse(this.#solc.compile(JSON.stringify({ ...this.#input, sources, settings })));
  }
}
