import { resolve } from "node:path";
import { Exit, shownEntry, type Verb } from "@sprtn/host";
import { systemClock } from "@sprtn/observability/system";
import { networkLogs } from "@sprtn/network";
import { readProgramSettings } from "@sprtn/wiring/program";
import { hostFor } from "./programs.js";
import { logsSettings } from "./settings.js";

const usage = `Shows what a network's processes log, merged by time.

apps/deployer/bin/deployer network logs [NAME…] [-f] [--since 10m] [--level warn] [--dir DIR]`;

/** Names of a network's processes are at most this wide. */
const WIDTH = 14;
const MAX_NAMES = 1_000;

/** `network logs`. */
export const logs: Verb = async (args, { version, signal }) => {
  const program = { settings: logsSettings, usage, version, args, maxPositionals: MAX_NAMES };
  const { settings, positionals } = readProgramSettings(program);
  const { follow, sinceMs, level } = settings.logs;
  const directory = resolve(settings.place.dir);
  const { json } = settings.output;
  // `| head` has seen enough.
  const unread = new AbortController();
  process.stdout.once("error", () => unread.abort());
  await networkLogs(hostFor(directory), {
    directory,
    names: positionals,
    follow,
    sinceMs: sinceMs === undefined ? undefined : systemClock.nowMs() - sinceMs,
    level,
    signal: AbortSignal.any([signal, unread.signal]),
    onEntry: entry => process.stdout.write(json ? `${JSON.stringify(entry)}\n` : shownEntry(entry, WIDTH)),
  });
  return Exit.WELL;
};
