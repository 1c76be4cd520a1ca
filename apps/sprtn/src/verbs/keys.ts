import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { importKey, type KeptKey, listKeys, newKey, OperatorError, OperatorErrorCode } from "@sprtn/operator";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { keysVerbSettings } from "../settings.js";
import { textIn } from "./draft.js";

const usage = `Makes, copies and lists L1 keys in the directory keys of a node. With --password-file a key is kept as a
Web3 keystore, without it as 64 hex digits; either way only you can read the file. A node is set up with it by
sprtn config --key-file FILE.

sprtn keys new [--password-file FILE] [--dir DIR]
sprtn keys import FILE [--password-file FILE] [--dir DIR]
sprtn keys list [--dir DIR]`;

const read = (args: readonly string[], maxPositionals = 0) =>
  readVerb({ settings: keysVerbSettings, usage, args, maxPositionals });

/** `sprtn keys new`. */
export const make: Verb = async args => {
  const given = read(args);
  if (given === HELPED) return Exit.WELL;
  const { keys, installation } = given.settings;
  const password = await passwordIn(keys.passwordFile);
  return tell([await newKey(thisHost(), { directory: resolve(installation.dir), password })], installation.json);
};

/** `sprtn keys import`. */
export const take: Verb = async args => {
  const given = read(args, 1);
  if (given === HELPED) return Exit.WELL;
  const { keys, installation } = given.settings;
  const [file] = given.positionals;
  if (file === undefined)
    throw new OperatorError(OperatorErrorCode.USAGE, "which key is missing: sprtn keys import FILE");
  const password = await passwordIn(keys.passwordFile);
  const text = await textIn(file);
  return tell(
    [await importKey(thisHost(), { directory: resolve(installation.dir), text, password })],
    installation.json,
  );
};

/** `sprtn keys list`. */
export const list: Verb = async args => {
  const given = read(args);
  if (given === HELPED) return Exit.WELL;
  const { installation } = given.settings;
  return tell(await listKeys(thisHost(), resolve(installation.dir)), installation.json);
};

async function passwordIn(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : textIn(file);
}

function tell(keys: readonly KeptKey[], json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else if (keys.length === 0) process.stdout.write("no keys: sprtn keys new makes one\n");
  else
    for (const { address, path, encrypted, used } of keys)
      process.stdout.write(`${address}  ${path}${encrypted ? "  encrypted" : ""}${used ? "  in use" : ""}\n`);
  return Exit.WELL;
}
