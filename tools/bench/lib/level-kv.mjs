// A throw-away database on disk as the trees see it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";

export async function openLevel() {
  const path = mkdtempSync(join(tmpdir(), "bench-trees-"));
  const db = new ClassicLevel(path, {
    keyEncoding: "view",
    valueEncoding: "view",
    cacheSize: 64 * 2 ** 20,
    writeBufferSize: 16 * 2 ** 20,
    compression: false,
  });
  await db.open();
  return {
    kv: { get: key => db.getSync(key) },
    /** Writes what a store has collected, in one batch. */
    async flush(store) {
      const batch = store.takePuts();
      await db.batch(batch.puts);
      batch.done();
      return batch.puts.length;
    },
    async close() {
      await db.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
