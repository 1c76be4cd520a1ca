import { type EntryFilter, isWanted, type LogEntry, LogReader } from "@sprtn/host";
import { isAbortError, sleep } from "@sprtn/runtime";
import type { OperatorHost } from "../host/operator-host.js";
import { requireInstalled } from "../installation/read-installation.js";
import { logPath } from "../supervise/run-record.js";
import { assertNative } from "./start.js";

const LOOK_EVERY_MS = 500;

/** Which node's log is shown, and who reads it. */
export interface LogsOptions extends EntryFilter {
  readonly directory: string;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: LogEntry) => void;
}

/**
 * What a node has logged, oldest first, and with `follow` what it logs until the signal.
 * @throws OperatorError NOT_INSTALLED, UNSUPPORTED; HostError FILE_ACCESS
 */
export async function logs(host: OperatorHost, options: LogsOptions): Promise<void> {
  const { directory, follow, signal, onEntry } = options;
  const { name, mode } = await requireInstalled(host.files, directory);
  assertNative(mode);
  const reader = new LogReader(host, { name, path: logPath(directory) });
  const show = async () => {
    for await (const entry of reader.entries({ isLast: !follow })) {
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
