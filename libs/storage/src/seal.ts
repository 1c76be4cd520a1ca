import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { StorageError, StorageErrorCode } from "./storage-error.js";

const SEAL = "checksums.json";
const CHUNK_BYTES = 2 ** 20;
/** The files that hold data; the others are level's lock and its notes, and the seal. */
const holdsData = /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb|sst))$/;

/**
 * Records the checksums of a closed database's files beside them. Level checks few of the bytes that it reads: it gives
 * out changed values, and leaves out records of its log that are damaged, without a word.
 */
export async function seal(directory: string): Promise<void> {
  const text = await checksums(directory);
  const temporary = join(directory, `${SEAL}.new`);
  const file = await open(temporary, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(directory, SEAL));
}

/**
 * Compares a database's files with what was recorded when it was closed, before it is opened. After a crash nothing is
 * recorded: then only level looks at them. @throws CORRUPT
 */
export async function breakSeal(directory: string): Promise<void> {
  const path = join(directory, SEAL);
  const recorded = await readIfThere(path);
  if (recorded === undefined) return;
  const found = await checksums(directory).catch((error: unknown) => error);
  if (found !== recorded) {
    // Another process has opened the database in the meantime: level tells that.
    if ((await readIfThere(path)) === undefined) return;
    if (typeof found !== "string") throw found;
    throw new StorageError(
      StorageErrorCode.CORRUPT,
      `the files of the database in ${directory} are not what they were when it was closed (${SEAL} has their ` +
        "checksums): delete that directory and sync again, or restore a copy of it",
      { path: directory },
    );
  }
  await rm(path, { force: true });
  // It must not come back after a crash of the machine, when the files have changed.
  await synced(directory);
}

/** Also brings the files to the disk: a record of what a crash takes back would be wrong. */
async function checksums(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter(name => holdsData.test(name)).toSorted();
  const files: Record<string, number> = {};
  for (const name of names) files[name] = await checksumOf(join(directory, name));
  return JSON.stringify(files);
}

async function checksumOf(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    const chunk = new Uint8Array(CHUNK_BYTES);
    let checksum = 0;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      checksum = crc32(chunk.subarray(0, bytesRead), checksum);
    }
    await file.sync();
    return checksum;
  } finally {
    await file.close();
  }
}

async function synced(directory: string): Promise<void> {
  const folder = await open(directory, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
