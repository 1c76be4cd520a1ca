// Writes libs/circuits/lib/src/constants.nr from libs/protocol/constants.json. With --check it only compares.
import { fileURLToPath } from "node:url";
import { readConstants, writeOrCheck } from "./generated-page.mjs";

export const noirConstantsPath = "libs/circuits/lib/src/constants.nr";

const constantCase = name => name.replaceAll("-", "_").toUpperCase();

/** The Noir source that the protocol's constants imply. */
export function noirConstants(constants = readConstants()) {
  return [
    "// Generated from libs/protocol/constants.json by tools/codegen/noir-constants.mjs; change that, not this.",
    ...Object.entries(constants.numbers).map(([name, value]) => `pub global ${name}: u32 = ${value};`),
    "",
    "// First input of every struct's Poseidon2 hash.",
    ...Object.entries(constants.domainSeparators).map(
      ([name, value]) => `pub global DOMAIN_${name}: Field = ${value};`,
    ),
    "",
    "// Each circuit's index in the key tree.",
    ...constants.circuits.map((name, index) => `pub global KEY_${constantCase(name)}: u32 = ${index};`),
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeOrCheck(noirConstantsPath, noirConstants());
