import { join } from "node:path";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { NetworkHost, ProcessIdentity } from "../host/network-host.js";

/** What keeps two commands apart that change the network in `directory`. */
export const lockPath = (directory: string): string => join(directory, "network.lock");

/**
 * Does `work` while no other command changes the network in `directory`, which exists. What a command that was killed
 * left behind does not count.
 * @throws BUSY
 */
export async function withLock<T>(host: NetworkHost, directory: string, work: () => Promise<T>): Promise<T> {
  await take(host, directory);
  try {
    return await work();
  } finally {
    await host.files.remove(lockPath(directory));
  }
}

async function take({ files, processes }: NetworkHost, directory: string): Promise<void> {
  const path = lockPath(directory);
  const own = JSON.stringify(await processes.own());
  if (await files.create(path, own)) return;
  await assertLeft({ files, processes }, path);
  // One at a time takes over, so that nobody removes a lock that another one has just taken.
  const turn = `${path}.turn`;
  if (!(await files.create(turn, own)))
    throw new NetworkError(
      NetworkErrorCode.BUSY,
      `another command is about to work on this network: try again, and delete ${turn} if this lasts`,
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
async function assertLeft({ files, processes }: Pick<NetworkHost, "files" | "processes">, path: string): Promise<void> {
  const text = await files.read(path);
  if (text === undefined) return;
  const holder = identityIn(text);
  if (holder !== undefined && (await processes.isRunning(holder))) throw busy(path, holder);
}

function busy(path: string, holder: ProcessIdentity | undefined): NetworkError {
  const who = holder === undefined ? "another command" : `another command (process ${holder.pid})`;
  return new NetworkError(
    NetworkErrorCode.BUSY,
    `${who} is working on this network: wait for it, or end it with Ctrl-C, and try again`,
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
