import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { assertStopped, envPath, OperatorError, OperatorErrorCode, requireInstalled } from "@sprtn/operator";
import { parseSettings } from "@sprtn/settings";
import { runProtectionCommand } from "@sprtn/wiring/program";
import { nodeSettings, presetOf } from "@sprtn/wiring/settings";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { protectionVerbSettings } from "../settings.js";

const usage = `The record of what a node's keys have signed, which must move together with them: a key without it may
sign twice.

sprtn slashing-protection export FILE [--dir DIR]
sprtn slashing-protection import FILE [--dir DIR]

Only while the node is stopped. export writes the record to FILE, which must not exist yet; do not start that node with
these keys again. import takes the record over: do so before the new node starts for the first time.`;

const move =
  (verb: "export" | "import"): Verb =>
  async args => {
    const read = readVerb({ settings: protectionVerbSettings, usage, args, maxPositionals: 1 });
    if (read === HELPED) return Exit.WELL;
    const { installation } = read.settings;
    const directory = resolve(installation.dir);
    const [given] = read.positionals;
    if (given === undefined)
      throw new OperatorError(OperatorErrorCode.USAGE, `which file is missing: sprtn slashing-protection ${verb} FILE`);
    const file = resolve(given);
    const host = thisHost();
    await requireInstalled(host.files, directory);
    await assertStopped(host, directory);
    const name = envPath(directory);
    const envFile = { name, text: (await host.files.read(name)) ?? "" };
    const { settings } = parseSettings(nodeSettings, { envFile, preset: presetOf });
    // Where the node itself starts from: its data directory is relative to that.
    process.chdir(directory);
    const done = await runProtectionCommand({ verb, file }, settings);
    process.stdout.write(installation.json ? `${JSON.stringify({ file, done })}\n` : `${done}\n`);
    return Exit.WELL;
  };

/** `sprtn slashing-protection export`. */
export const exportRecord: Verb = move("export");
/** `sprtn slashing-protection import`. */
export const importRecord: Verb = move("import");
