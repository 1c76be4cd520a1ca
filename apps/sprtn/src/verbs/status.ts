import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { type NodeReport, status as nodeStatus, statusJson, statusText } from "@sprtn/operator";
import { isAbortError, sleep } from "@sprtn/runtime";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { statusVerbSettings } from "../settings.js";

const usage = `Shows what the node of a directory does, and what is wrong.

sprtn status [--watch] [--json] [--dir DIR]
Ends with 0 if all is well, 1 if something is wrong, 3 if the node does not run.`;

const WATCH_MS = 2_000;
/** Home, and clear to the end: what stays the same does not flicker. */
const [HOME, CLEAR] = ["\u001b[H", "\u001b[J"];
const exits: Readonly<Record<NodeReport["verdict"], Exit>> = {
  ok: Exit.WELL,
  failed: Exit.FAILED,
  down: Exit.UNREACHABLE,
};

/** `sprtn status`. */
export const status: Verb = async (args, { signal }) => {
  const read = readVerb({ settings: statusVerbSettings, usage, args });
  if (read === HELPED) return Exit.WELL;
  const { status: options, installation } = read.settings;
  const directory = resolve(installation.dir);
  const host = thisHost();
  const shown = (report: NodeReport) => (installation.json ? `${statusJson(report)}\n` : statusText(report));
  let report = await nodeStatus(host, directory);
  if (!options.watch) {
    process.stdout.write(shown(report));
    return exits[report.verdict];
  }
  const terminal = process.stdout.isTTY && !installation.json;
  try {
    for (;;) {
      process.stdout.write(terminal ? `${HOME}${shown(report)}${CLEAR}` : shown(report));
      await sleep(host.clock, WATCH_MS, signal);
      report = await nodeStatus(host, directory);
    }
  } catch (error) {
    // That is how watching ends.
    if (!isAbortError(error)) throw error;
    return exits[report.verdict];
  }
};
