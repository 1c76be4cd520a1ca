// Writes libs/protocol/src/generated/constants.ts from libs/protocol/constants.json. With --check it only compares.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../checks/workspace.mjs";

const source = JSON.parse(readFileSync(join(root, "libs/protocol/constants.json"), "utf8"));
const target = join(root, "libs/protocol/src/generated/constants.ts");

const text = [
  "// Generated from ../../constants.json by tools/codegen/typescript-constants.mjs; change that, not this.",
  ...Object.entries(source.numbers).map(([name, value]) => `export const ${name} = ${value};`),
  "",
  "/** First input of every struct's Poseidon2 hash. */",
  "export const DomainSeparator = {",
  ...Object.entries(source.domainSeparators).map(([name, value]) => `  ${name}: ${value}n,`),
  "} as const;",
  "",
].join("\n");

const current = (() => {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return "";
  }
})();
if (current !== text) {
  if (process.argv.includes("--check")) {
    console.error("libs/protocol/src/generated/constants.ts is stale: run node tools/codegen/typescript-constants.mjs");
    process.exit(1);
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
