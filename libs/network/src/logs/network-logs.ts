import { join } from "node:path";
import { type EntryFilter, isWanted, type LogEntry, LogReader } from "@sprtn/host";
import { isAbortError, sleep } from "@sprtn/runtime";
import type { NetworkHost } from "../host/network-host.js";
import { requireRecord } from "../local/take-down.js";
import { NetworkError, NetworkErrorCode } from "../network-error.js";

const LOOK_EVERY_MS = 500;

/** Whose logs are shown, and who reads them. */
export interface LogsOptions extends EntryFilter {
  readonly directory: string;
  /** All, if there are none. */
  readonly names: readonly string[];
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: LogEntry) => void;
}

/**
 * The logs of a network's processes, merged by time: what they hold, and with `follow` what they write until the
 * signal. @throws NetworkError UNKNOWN_NAME, NOT_A_NETWORK, BAD_FILE; HostError FILE_ACCESS
 */
export async function networkLogs(host: NetworkHost, options: LogsOptions): Promise<void> {
  const { directory, names, follow, signal, onEntry } = options;
  const { plan } = await requireRecord(host, directory);
  const known = plan.processes.map(({ name }) => name);
  const unknown = names.filter(name => !known.includes(name));
  if (unknown.length > 0)
    throw new NetworkError(
      NetworkErrorCode.UNKNOWN_NAME,
      `this network has no ${unknown.join(", ")}: give some of ${known.join(", ")}`,
      { names: unknown },
    );
  const readers = (names.length === 0 ? known : names).map(
    name => new LogReader(host, { name, path: join(directory, name, "log") }),
  );
  const show = async () => {
    for await (const entry of merged(readers, { isLast: !follow })) {
      if (signal.aborted) return;
      if (isWanted(entry, options)) onEntry(entry);
    }
  };
  await show();
  if (!follow) return;
  try {
    for (;;) {
      await sleep(host.clock, LOOK_EVERY_MS, signal);
      await show();
    }
  } catch (error) {
    // That is how following ends.
    if (!isAbortError(error)) throw error;
  }
}

/** The oldest entry of all first; each log in its own order. */
async function* merged(readers: readonly LogReader[], options: { readonly isLast: boolean }): AsyncGenerator<LogEntry> {
  const heads: { entry: LogEntry; readonly rest: AsyncGenerator<LogEntry> }[] = [];
  for (const reader of readers) {
    const rest = reader.entries(options);
    const { value, done } = await rest.next();
    if (done !== true) heads.push({ entry: value, rest });
  }
  while (heads.length > 0) {
    const at = heads.reduce((best, { entry }, i) => (timeOf(entry) < timeOf(heads[best]?.entry) ? i : best), 0);
    const head = heads[at] as (typeof heads)[number];
    yield head.entry;
    const { value, done } = await head.rest.next();
    if (done === true) heads.splice(at, 1);
    else head.entry = value;
  }
}

function timeOf(entry: LogEntry | undefined): number {
  return entry?.timeMs ?? 0;
}
