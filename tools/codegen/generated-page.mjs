// A page that is generated and committed: written, or with --check compared.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../checks/workspace.mjs";

/** Whether the committed page is what the code gives. */
export function isCurrent(path, text) {
  const file = join(root, path);
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

/** The constants that TypeScript, Solidity and Noir share. */
export function readConstants() {
  return JSON.parse(readFileSync(join(root, "libs/protocol/constants.json"), "utf8"));
}

/** The command line of a generator: `node tools/codegen/NAME.mjs [--check]`. */
export function writeOrCheck(path, text, { args = process.argv.slice(2) } = {}) {
  if (!args.includes("--check")) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return;
  }
  if (isCurrent(path, text)) return;
  console.error(`${path} is out of date: run the generator that its first line names, or npm run docs`);
  process.exitCode = 1;
}
