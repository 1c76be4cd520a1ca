import { resolve } from "node:path";
import { Exit, type Verb, type VerbContext } from "@sprtn/host";
import {
  requireInstalled,
  runSupervisor,
  assertStopped,
  start as startNode,
  stop as stopNode,
  traitsOf,
} from "@sprtn/operator";
import { installedPrograms, nodeEnvironment, thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { restartVerbSettings, startVerbSettings } from "../settings.js";

const usage = `Starts the node of a directory. It goes on when this terminal is closed. Crashed, it is started again
after 1 s, 2 s, … 60 s, unless it crashes five times in ten minutes, or ends with 2 or 4, which need somebody to mend
something.

sprtn start [--wait [3m]] [--foreground] [--dir DIR]`;

const restartUsage = `Ends the node of a directory, and starts it again.

sprtn restart [--timeout 40s] [--wait [3m]] [--dir DIR]`;

/** `sprtn start`. */
export const start: Verb = async (args, context) => {
  const read = readVerb({ settings: startVerbSettings, usage, args });
  if (read === HELPED) return Exit.WELL;
  const { start: options, installation } = read.settings;
  const directory = resolve(installation.dir);
  if (options.foreground) return inForeground(directory, context.signal);
  return inBackground({ directory, waitMs: options.waitMs, json: installation.json }, context);
};

/** `sprtn restart`. */
export const restart: Verb = async (args, context) => {
  const read = readVerb({ settings: restartVerbSettings, usage: restartUsage, args });
  if (read === HELPED) return Exit.WELL;
  const { start: options, stop, installation } = read.settings;
  const directory = resolve(installation.dir);
  const { signal } = context;
  await stopNode(thisHost(), { directory, timeoutMs: stop.timeoutMs, signal });
  if (options.foreground) return inForeground(directory, signal);
  return inBackground({ directory, waitMs: options.waitMs, json: installation.json }, context);
};

async function inBackground(
  options: { readonly directory: string; readonly waitMs: number | undefined; readonly json: boolean },
  { signal }: VerbContext,
): Promise<number> {
  const { directory, waitMs, json } = options;
  const { mains } = installedPrograms();
  const started = await startNode(thisHost(), { directory, mains, waitMs, signal });
  if (json) process.stdout.write(`${JSON.stringify(started)}\n`);
  else {
    const { name, pid, rpcUrl, ready, waitsFor } = started;
    process.stdout.write(`${name} ${ready ? "is ready" : "was started"} (process ${pid})\n`);
    if (waitsFor !== undefined) process.stdout.write(`it is not ready: ${waitsFor}\n`);
    if (rpcUrl !== undefined) process.stdout.write(`open ${rpcUrl} in a browser; sprtn status, sprtn logs -f\n`);
  }
  return Exit.WELL;
}

async function inForeground(directory: string, signal: AbortSignal): Promise<number> {
  const host = thisHost();
  const { role } = await requireInstalled(host.files, directory);
  await assertStopped(host, directory);
  const { mains } = installedPrograms();
  await host.files.makeFolder(`${directory}/run`);
  return runSupervisor({
    directory,
    main: mains[traitsOf(role).program],
    environment: nodeEnvironment(),
    outputs: [process.stdout],
    signal,
  });
}
