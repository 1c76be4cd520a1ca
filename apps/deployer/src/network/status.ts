import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { networkStatus, statusJson, statusTable } from "@sprtn/network";
import { readProgramSettings } from "@sprtn/wiring/program";
import { hostFor } from "./programs.js";
import { statusSettings } from "./settings.js";

const usage = `Shows every node of a network, and what is wrong.

apps/deployer/bin/deployer network status [--dir DIR] [--json]
Ends with 0 if all is well, 1 if something is wrong, 3 if nothing of the network runs.`;

const exits = { ok: Exit.WELL, failed: Exit.FAILED, down: Exit.UNREACHABLE } as const;

/** `network status`. */
export const status: Verb = async (args, { version, signal }) => {
  const { settings } = readProgramSettings({ settings: statusSettings, usage, version, args });
  const directory = resolve(settings.place.dir);
  const found = await networkStatus(hostFor(directory), { directory, signal });
  process.stdout.write(settings.output.json ? `${statusJson(found)}\n` : statusTable(found));
  return exits[found.verdict];
};
