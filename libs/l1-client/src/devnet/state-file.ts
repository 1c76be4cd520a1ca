import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { L1Error, L1ErrorCode } from "../l1-error.js";

const [OPEN, CLOSE] = [..."{}"].map(brace => brace.charCodeAt(0)) as [number, number];

/** Where anvil writes: it overwrites in place, so that a full disk or a crash costs what the file held before. */
export function nextState(stateFile: string): string {
  return `${stateFile}.next`;
}

/**
 * Puts what anvil wrote last in the place of the state before it, if it is whole; `false` if it wrote nothing.
 * @throws DEVNET_BAD_STATE for a part of a state, and leaves it and the state before it as they are
 */
export async function keepState(stateFile: string): Promise<boolean> {
  const next = nextState(stateFile);
  if (!(await isThere(next))) return false;
  await requireWhole(next, stateFile);
  await rename(next, stateFile);
  return true;
}

/** The state that a devnet continues from, if there is any. @throws DEVNET_BAD_STATE */
export async function stateToLoad(stateFile: string): Promise<string | undefined> {
  if (await keepState(stateFile)) return stateFile;
  if (!(await isThere(stateFile))) return undefined;
  await requireWhole(stateFile, stateFile);
  return stateFile;
}

/** What is known of a state that cannot be used, and what can be done. */
export async function badState(path: string, stateFile: string, cause?: unknown): Promise<L1Error> {
  const before = path === stateFile ? undefined : await stat(stateFile).catch(() => undefined);
  const begin = "delete it together with all data made on that L1";
  const remedy =
    before === undefined
      ? `then ${begin}`
      : "if the devnet ended only now, start again; otherwise delete it, and what nodes have stored of that L1, to " +
        `continue from ${stateFile}, the L1 of ${before.mtime.toISOString()}, which lacks all later transactions; or ` +
        begin;
  return new L1Error(
    L1ErrorCode.DEVNET_BAD_STATE,
    `the devnet's state in ${path} is missing, cut off or damaged, because the disk was full, or the process or the ` +
      `machine failed while it was being written: free some space if there is none; ${remedy}`,
    {},
    cause === undefined ? {} : { cause },
  );
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}

async function requireWhole(path: string, stateFile: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    if (!(await isWhole(file))) throw await badState(path, stateFile);
    // Before it replaces another: a rename may reach the disk before the bytes do.
    await file.sync();
  } finally {
    await file.close();
  }
}

/** One JSON object with nothing in its strings but names, numbers and hex: any part of it has a brace left open. */
async function isWhole(file: FileHandle): Promise<boolean> {
  let depth = 0;
  let closed = false;
  for await (const chunk of file.createReadStream({ autoClose: false, start: 0 })) {
    for (const byte of chunk as Buffer) {
      if (byte === OPEN) depth += 1;
      else if (byte === CLOSE) closed = --depth === 0;
    }
  }
  return closed && depth === 0;
}
