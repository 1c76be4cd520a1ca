import { join } from "node:path";
import type { KvStore } from "@sprtn/ports";
import type { DiskReporter } from "./disk-reporter.js";
import { LevelKvStore } from "./level-kv-store.js";
import { MemoryKvStore } from "./memory-kv-store.js";
import type { StorageSettings } from "./settings.js";

/** The store called `name` below the data directory, or in memory if none is set; its failures go to `reporter`. */
export async function openStore(settings: StorageSettings, name: string, reporter?: DiskReporter): Promise<KvStore> {
  if (settings.dataDirectory === undefined) return new MemoryKvStore();
  return LevelKvStore.open(join(settings.dataDirectory, name), {
    cacheBytes: settings.cacheMb * 2 ** 20,
    onFailure: error => reporter?.failed(name, error),
    onHealed: () => reporter?.healed(name),
  });
}
