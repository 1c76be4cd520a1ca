import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { stop as stopNode } from "@sprtn/operator";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { stopVerbSettings } from "../settings.js";

const usage = `Ends the node of a directory: SIGTERM, and SIGKILL if it has not ended in time.

sprtn stop [--timeout 40s] [--dir DIR]`;

/** `sprtn stop`. */
export const stop: Verb = async (args, { signal }) => {
  const read = readVerb({ settings: stopVerbSettings, usage, args });
  if (read === HELPED) return Exit.WELL;
  const { stop: options, installation } = read.settings;
  const result = await stopNode(thisHost(), {
    directory: resolve(installation.dir),
    timeoutMs: options.timeoutMs,
    signal,
  });
  const { name, wasRunning, killed } = result;
  if (installation.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else if (!wasRunning) process.stdout.write(`${name} did not run\n`);
  else process.stdout.write(killed ? `${name} did not end in time: it was killed\n` : `${name} has ended\n`);
  return Exit.WELL;
};
