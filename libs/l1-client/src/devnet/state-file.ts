import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "@sprtn/primitives";
import { L1Error, L1ErrorCode } from "../l1-error.js";

const [OPEN, CLOSE] = [..."{}"].map(brace => brace.charCodeAt(0)) as [number, number];

/** Where anvil writes: it overwrites in place, so that a full disk or a crash costs what the file held before. */
export function nextState(stateFile: string): string {
  return `${stateFile}.next`;
}

/**
 * Where a state waits until it is known to be whole. anvil opens `next` anew for each state, so that after a rename it
 * writes to the end of the one that it has begun, and never again into that file.
 */
function takenState(stateFile: string): string {
  return `${stateFile}.taken`;
}

/** What became of the state that anvil wrote last. */
export enum Kept {
  /** It is in the place of the one before it. */
  WHOLE,
  /** It is still being written, or never was in full; the one before it is as it was. */
  PART,
  /** There was none. */
  NONE,
}

/**
 * Puts what anvil wrote last in the place of the state before it, if it is whole. Also while anvil runs.
 * @throws DEVNET_BAD_STATE if the file system hinders it
 */
export async function keepState(stateFile: string): Promise<Kept> {
  return accessing(stateFile, () => keepNext(stateFile));
}

/**
 * Puts a state that anvil has told in the place of the one before it; what anvil wrote before that is outdated.
 * @throws DEVNET_BAD_STATE
 */
export async function putState(stateFile: string, state: Uint8Array): Promise<void> {
  const draft = `${stateFile}.draft`;
  await accessing(stateFile, async () => {
    const file = await open(draft, "w");
    try {
      await file.writeFile(state);
      await file.sync();
    } finally {
      await file.close();
    }
    for (const path of [nextState(stateFile), takenState(stateFile)]) await rm(path, { force: true });
    await rename(draft, stateFile);
    await syncFolder(dirname(stateFile));
  });
}

async function keepNext(stateFile: string): Promise<Kept> {
  const taken = takenState(stateFile);
  // What was a part the last time may be whole by now, and what comes after it may not be.
  const earlier = await keepTaken(stateFile);
  if (!(await isThere(nextState(stateFile)))) return earlier;
  await rename(nextState(stateFile), taken);
  return keepTaken(stateFile);
}

async function keepTaken(stateFile: string): Promise<Kept> {
  const taken = takenState(stateFile);
  if (!(await isThere(taken))) return Kept.NONE;
  if (!(await isSafelyWhole(taken))) return Kept.PART;
  await rename(taken, stateFile);
  await syncFolder(dirname(stateFile));
  return Kept.WHOLE;
}

/**
 * The state that a devnet continues from, if there is any. If the process ended while anvil wrote, that is the state
 * before, as if it had ended a little earlier. If that lacks more than `toleratedMs`, because the disk was full for
 * instance, somebody has to choose.
 * @throws DEVNET_BAD_STATE
 */
export async function stateToLoad(stateFile: string, toleratedMs: number): Promise<string | undefined> {
  return accessing(stateFile, () => lastState(stateFile, toleratedMs));
}

async function lastState(stateFile: string, toleratedMs: number): Promise<string | undefined> {
  const kept = await keepState(stateFile);
  if (kept === Kept.WHOLE) return stateFile;
  const before = await unlessMissing(stat(stateFile));
  if (kept === Kept.PART) {
    const taken = takenState(stateFile);
    const { mtimeMs } = await stat(taken);
    if (before === undefined || mtimeMs - before.mtimeMs > toleratedMs) throw await badState(taken, stateFile);
  }
  if (before === undefined) return undefined;
  if (!(await isSafelyWhole(stateFile))) throw await badState(stateFile, stateFile);
  await rm(takenState(stateFile), { force: true });
  return stateFile;
}

/** After an end at which anvil did not write its state in full. */
export async function notKept(stateFile: string): Promise<L1Error> {
  const taken = takenState(stateFile);
  return badState((await isThere(taken)) ? taken : nextState(stateFile), stateFile);
}

/** What is known of a state that cannot be used, and what can be done. */
export async function badState(path: string, stateFile: string, cause?: unknown): Promise<L1Error> {
  const before = path === stateFile ? undefined : await stat(stateFile).catch(() => undefined);
  const begin = "delete it together with all data made on that L1";
  const remedy =
    before === undefined
      ? `then ${begin}`
      : `then start again; if that is refused too, delete it to continue from ${stateFile}, the L1 of ` +
        `${before.mtime.toISOString()}, which lacks all later transactions (the nodes of a local network then read ` +
        `that L1 anew by themselves), or ${begin}`;
  return new L1Error(
    L1ErrorCode.DEVNET_BAD_STATE,
    `the devnet's state in ${path} is missing, cut off or damaged, because the disk was full, or the process or the ` +
      `machine failed while it was being written: free some space if there is none; ${remedy}`,
    {},
    cause === undefined ? {} : { cause },
  );
}

/** @throws DEVNET_BAD_STATE for what the file system refuses */
async function accessing<T>(stateFile: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof L1Error) throw cause;
    throw new L1Error(
      L1ErrorCode.DEVNET_BAD_STATE,
      `the devnet's state in ${stateFile} cannot be read or replaced (${messageOf(cause)}): free some space if there ` +
        "is none, give this user permission to write there, or move away what is no file",
      {},
      { cause },
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await unlessMissing(stat(path))) !== undefined;
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

/** Whether it is whole; then it is on the disk too: a rename may reach that before the bytes do. */
async function isSafelyWhole(path: string): Promise<boolean> {
  const file = await open(path, "r+");
  try {
    if (!(await isWhole(file))) return false;
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

/** So that a rename in it outlives the machine. Windows opens no folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** One JSON object with nothing in its strings but names, numbers and hex: any part of it has a brace left open. */
async function isWhole(file: FileHandle): Promise<boolean> {
  let depth = 0;
  let closed = false;
  for await (const chunk of file.createReadStream({ autoClose: false, start: 0 })) {
    const bytes = chunk as Buffer;
    // By index: over tens of megabytes an iterator costs a second.
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === OPEN) depth += 1;
      else if (bytes[i] === CLOSE) closed = --depth === 0;
    }
  }
  return closed && depth === 0;
}
