import { open, rm } from "node:fs/promises";
import { join } from "node:path";

/** What level writes when it opens: its log as a table, a new log, a new manifest. */
const OPENING_BYTES = 8 * 2 ** 20;

/**
 * Fills room for a database's opening, and twice the batch to come, and gives it back. Throws what the system throws.
 */
export async function requireRoom(directory: string, batchBytes: number): Promise<void> {
  const path = join(directory, "room-for-opening");
  const chunk = new Uint8Array(2 ** 20);
  try {
    const file = await open(path, "w");
    try {
      for (let left = OPENING_BYTES + 2 * batchBytes; left > 0; left -= chunk.length) await file.write(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(path, { force: true });
  }
}
