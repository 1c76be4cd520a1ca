// Writes libs/protocol/src/generated/constants.ts from libs/protocol/constants.json. With --check it only compares.
import { fileURLToPath } from "node:url";
import { readConstants, writeOrCheck } from "./generated-page.mjs";

export const typescriptConstantsPath = "libs/protocol/src/generated/constants.ts";

/** The TypeScript source that the protocol's constants imply. */
export function typescriptConstants(constants = readConstants()) {
  return [
    "// Generated from ../../constants.json by tools/codegen/typescript-constants.mjs; change that, not this.",
    ...Object.entries(constants.numbers).map(([name, value]) => `export const ${name} = ${value};`),
    "",
    "/** First input of every struct's Poseidon2 hash. */",
    "export const DomainSeparator = {",
    ...Object.entries(constants.domainSeparators).map(([name, value]) => `  ${name}: ${value}n,`),
    "} as const;",
    "",
    "/** Circuits by their index in the key tree. The order is part of the format: a key's position says what kind of circuit it is. */",
    `export const circuitNames = [${constants.circuits.map(name => JSON.stringify(name)).join(", ")}] as const;`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeOrCheck(typescriptConstantsPath, typescriptConstants());
