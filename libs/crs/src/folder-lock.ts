import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { Clock } from "@sprtn/ports";
import { makeFolder, sleep } from "@sprtn/runtime";

const HEARTBEAT_MS = 2_000;
/** A holder that has not been heard of for so long is taken for dead. */
const STALE_MS = 15_000;
const POLL_MS = 200;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

export interface LockRequest {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Called once if somebody else holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Runs `work` while this caller, of all on all machines that share the folder, holds the lock file at `path`. A holder
 * that died is followed at once on its own machine, after 15 s
 * elsewhere. Two may hold it at once after a holder slept for longer than that: the lock saves double work, it is not
 * what keeps files whole.
 */
export async function withFolderLock<T>(path: string, request: LockRequest, work: () => Promise<T>): Promise<T> {
  const { clock, signal, onWait } = request;
  await makeFolder(dirname(path), { mkdir, stat, dirname });
  const holder: Holder = { token: randomUUID(), pid: process.pid, host: hostname() };
  for (let told = false; !(await take(path, holder));) {
    if (await isDead(path, clock)) {
      await takeAway(path);
      continue;
    }
    if (!told) onWait?.();
    told = true;
    await sleep(clock, POLL_MS, signal);
  }
  const stop = beat(path, clock);
  try {
    return await work();
  } finally {
    stop();
    if ((await holderOf(path))?.token === holder.token) await rm(path, { force: true });
  }
}

async function take(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** `undefined` if there is none, or while it is being written. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

async function isDead(path: string, clock: Clock): Promise<boolean> {
  const seen = await stat(path).catch(() => undefined);
  if (seen === undefined) return false;
  if (clock.nowMs() - seen.mtimeMs > STALE_MS) return true;
  const holder = await holderOf(path);
  return holder !== undefined && holder.host === hostname() && !isRunning(holder.pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Renames the file first: of several that saw the holder dead, one succeeds. */
async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Keeps the file's time fresh; returns what ends that. */
function beat(path: string, clock: Clock): () => void {
  let cancel = () => {};
  const schedule = () => {
    cancel = clock.schedule(HEARTBEAT_MS, () => {
      const seconds = clock.nowMs() / 1000;
      utimes(path, seconds, seconds).catch(() => undefined);
      schedule();
    });
  };
  schedule();
  return () => cancel();
}
