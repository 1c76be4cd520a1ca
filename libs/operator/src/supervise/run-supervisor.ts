import { PassThrough, type Writable } from "node:stream";
import { once } from "node:events";
import { identityReader, LOG_COUNT, SystemFiles } from "@sprtn/host";
import { RotatingFile, systemClock } from "@sprtn/observability/system";
import { messageOf } from "@sprtn/primitives";
import { startNode } from "./node-process.js";
import { logPath, writeRunRecord } from "./run-record.js";
import { supervise } from "./supervise.js";

/** Of each file of its log. */
const LOG_BYTES = 10 * 2 ** 20;

/** Which node, and who else hears it. */
export interface SupervisorOptions {
  readonly directory: string;
  readonly main: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly outputs: readonly Writable[];
  readonly signal: AbortSignal;
}

/** Runs a folder's node under a supervisor in this process, until the signal. Resolves with the exit code. */
export async function runSupervisor(options: SupervisorOptions): Promise<number> {
  const { directory, main, environment, outputs, signal } = options;
  const files = new SystemFiles();
  const identities = identityReader();
  const supervisor = await identities.identityOf(process.pid);
  if (supervisor === undefined) return 1;
  const onError = (error: unknown) => process.stderr.write(`${messageOf(error)}\n`);
  const log = new RotatingFile({ onError }, { path: logPath(directory), maxBytes: LOG_BYTES, count: LOG_COUNT });
  const all = [log, ...outputs];
  const into = tee(all);
  const say = (line: string) => {
    const entry = `${new Date(systemClock.nowMs()).toISOString()} warn    sprtn:supervisor: ${line}\n`;
    into.write(entry);
  };
  try {
    return await supervise(
      {
        clock: systemClock,
        start: () => startNode(identities, { main, directory, environment, output: into }),
        note: record => writeRunRecord(files, directory, { supervisor, ...record }),
        say,
      },
      signal,
    );
  } finally {
    const told = once(into, "end");
    into.end();
    await told;
    log.end();
    await once(log, "finish");
  }
}

/** One stream into several, which stay open. */
function tee(outputs: readonly Writable[]): PassThrough {
  const through = new PassThrough();
  for (const output of outputs) through.pipe(output, { end: false });
  return through;
}
