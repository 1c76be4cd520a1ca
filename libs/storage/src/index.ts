export { Bucket, RESERVED_BUCKET } from "./bucket.js";
export { Database } from "./database.js";
export { KvRepository } from "./kv-repository.js";
export { LevelKvStore, type LevelOptions } from "./level-kv-store.js";
export { MemoryKvStore } from "./memory-kv-store.js";
export { type DatabaseOptions, type Migration, openDatabase } from "./open-database.js";
export { openStore } from "./open-store.js";
export type { SchemaRecord } from "./schema-record.js";
export { StorageError, StorageErrorCode, type StorageErrorPayload } from "./storage-error.js";
