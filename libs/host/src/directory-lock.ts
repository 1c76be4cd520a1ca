import { HostError, HostErrorCode } from "./host-error.js";
import type { HostFiles } from "./host-files.js";
import type { ProcessIdentity, ProcessTable } from "./process-table.js";

/** What a lock takes of a machine. */
export interface LockHost {
  readonly files: Pick<HostFiles, "read" | "create" | "remove">;
  readonly processes: Pick<ProcessTable, "own" | "isRunning">;
}

/**
 * Does `work` while nobody else holds the lock at `path`, whose folder exists. What a command that was killed left
 * behind does not count.
 * @throws BUSY
 */
export async function withLock<T>(host: LockHost, path: string, work: () => Promise<T>): Promise<T> {
  await take(host, path);
  try {
    return await work();
  } finally {
    await host.files.remove(path);
  }
}

async function take({ files, processes }: LockHost, path: string): Promise<void> {
  const own = JSON.stringify(await processes.own());
  if (await files.create(path, own)) return;
  await assertLeft({ files, processes }, path);
  // One at a time takes over, so that nobody removes a lock that another one has just taken.
  const turn = `${path}.turn`;
  if (!(await files.create(turn, own)))
    throw new HostError(
      HostErrorCode.BUSY,
      `another command is about to work in this folder: try again, and delete ${turn} if this lasts`,
      { path: turn },
    );
  try {
    await assertLeft({ files, processes }, path);
    await files.remove(path);
    if (!(await files.create(path, own))) throw busy(path, undefined);
  } finally {
    await files.remove(turn);
  }
}

/** @throws BUSY if the command that has taken it still runs */
async function assertLeft({ files, processes }: LockHost, path: string): Promise<void> {
  const text = await files.read(path);
  if (text === undefined) return;
  const holder = identityIn(text);
  if (holder !== undefined && (await processes.isRunning(holder))) throw busy(path, holder);
}

function busy(path: string, holder: ProcessIdentity | undefined): HostError {
  const who = holder === undefined ? "another command" : `another command (process ${holder.pid})`;
  return new HostError(
    HostErrorCode.BUSY,
    `${who} is working in this folder: wait for it, or end it with Ctrl-C, and try again`,
    { path },
  );
}

/** `undefined` for what a command that was killed had not written in full. */
function identityIn(text: string): ProcessIdentity | undefined {
  try {
    const { pid, started, boot } = JSON.parse(text) as Partial<ProcessIdentity>;
    return typeof pid === "number" && typeof started === "string" && typeof boot === "string"
      ? { pid, started, boot }
      : undefined;
  } catch {
    return undefined;
  }
}
