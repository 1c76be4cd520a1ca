// Writes what other packages read of the compiled contracts, so that they need no Hardhat:
// dist/artifacts/<Name>.json {abi, bytecode, deployedBytecode}, dist/index.js with typed ABIs, dist/bytecode.js.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const artifacts = join(project, "artifacts/src");
const dist = join(project, "dist");
/** The contracts that are deployed, and the verifier's interface: others implement it. */
const exported = name => name === "IVerifier" || !/^I[A-Z]|(Lib|Base|Settings|Constants|Peer)$/.test(name);

const entries = readdirSync(artifacts, { recursive: true })
  .filter(path => /\.sol[\\/]\w+\.json$/.test(path))
  .map(path => JSON.parse(readFileSync(join(artifacts, path), "utf8")))
  .filter(artifact => exported(artifact.contractName))
  .sort((left, right) => (left.contractName < right.contractName ? -1 : 1));
const contracts = entries.filter(artifact => artifact.bytecode !== "0x");

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "artifacts"), { recursive: true });
for (const { contractName, abi, bytecode, deployedBytecode } of entries) {
  writeFileSync(
    join(dist, "artifacts", `${contractName}.json`),
    `${JSON.stringify({ abi, bytecode, deployedBytecode }, null, 1)}\n`,
  );
}

const constant = name => `${name[0].toLowerCase()}${name.slice(1)}Abi`;
const names = contracts.map(artifact => JSON.stringify(artifact.contractName));
writeFileSync(
  join(dist, "index.js"),
  [
    ...entries.map(({ contractName, abi }) => `export const ${constant(contractName)} = ${JSON.stringify(abi)};`),
    `export const contractNames = [${names.join(", ")}];`,
    "",
  ].join("\n"),
);
writeFileSync(
  join(dist, "index.d.ts"),
  [
    ...entries.map(({ contractName, abi }) => `export declare const ${constant(contractName)}: ${readonly(abi)};`),
    "/** Every contract that can be deployed; its creation code is in `@sprtn/contracts/bytecode` and " +
      "`/artifacts/<Name>.json`. */",
    `export declare const contractNames: readonly [${names.join(", ")}];`,
    "export type ContractName = (typeof contractNames)[number];",
    "/** A constructor or call argument: a deployment parameter, the address of an earlier step's contract, or a " +
      "tuple by field names. */",
    "export type ManifestArgument =",
    "  | { param: string }",
    "  | { ref: string }",
    "  | { struct: Record<string, ManifestArgument> };",
    "/** A call step is done already when `target.getter()` equals what `equals` resolves to. */",
    "export type ManifestStep =",
    '  | { id: string; only?: string; kind: "deploy"; contract: ContractName; args: ManifestArgument[] }',
    '  | { id: string; only?: string; kind: "call"; target: string; function: string; args: ManifestArgument[]; ' +
      "done: { getter: string; equals: ManifestArgument } };",
    "/** The shape of `@sprtn/contracts/manifest`. */",
    "export interface DeploymentManifest { version: 2; steps: ManifestStep[] }",
    "",
  ].join("\n"),
);
writeFileSync(
  join(dist, "bytecode.js"),
  [
    "export const bytecode = {",
    ...contracts.map(({ contractName, bytecode }) => `  ${contractName}: "${bytecode}",`),
    "};",
    "",
  ].join("\n"),
);
writeFileSync(
  join(dist, "bytecode.d.ts"),
  [
    'import type { ContractName } from "./index.js";',
    "/** Creation code by contract, 0x-prefixed. */",
    "export declare const bytecode: Readonly<Record<ContractName, `0x${string}`>>;",
    "",
  ].join("\n"),
);
console.log(`exported ${entries.length} ABIs, ${contracts.length} of them deployable`);

/** An ABI as a literal type. */
function readonly(value) {
  if (Array.isArray(value)) return `readonly [${value.map(readonly).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `readonly ${JSON.stringify(key)}: ${readonly(inner)}`)
    .join("; ")} }`;
}
