import { resolve } from "node:path";
import { Exit, harmless, type Verb } from "@sprtn/host";
import { logs as nodeLogs } from "@sprtn/operator";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { logsVerbSettings } from "../settings.js";

const usage = `Shows what the node of a directory logs: the last 40 MiB of it.

sprtn logs [-f] [--since 10m] [--level warn] [--dir DIR]`;

/** `sprtn logs`. */
export const logs: Verb = async (args, { signal }) => {
  const read = readVerb({ settings: logsVerbSettings, usage, args });
  if (read === HELPED) return Exit.WELL;
  const { follow, sinceMs, level } = read.settings.logs;
  const { dir, json } = read.settings.installation;
  const host = thisHost();
  // `| head` has seen enough.
  const unread = new AbortController();
  process.stdout.once("error", () => unread.abort());
  await nodeLogs(host, {
    directory: resolve(dir),
    follow,
    sinceMs: sinceMs === undefined ? undefined : host.clock.nowMs() - sinceMs,
    level,
    signal: AbortSignal.any([signal, unread.signal]),
    onEntry: entry =>
      process.stdout.write(json ? `${JSON.stringify(entry)}\n` : `${entry.lines.map(harmless).join("\n")}\n`),
  });
  return Exit.WELL;
};
