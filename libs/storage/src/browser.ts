/** What runs in a browser too: nothing of node is loaded, and a bundler takes level's browser half (IndexedDB). */
export { Bucket, RESERVED_BUCKET } from "./bucket.js";
export { Database } from "./database.js";
export { KvRepository } from "./kv-repository.js";
export { MemoryKvStore } from "./memory-kv-store.js";
export { MirroredKvStore } from "./mirrored-kv-store.js";
export { type DatabaseOptions, type Migration, openDatabase } from "./open-database.js";
export type { SchemaRecord } from "./schema-record.js";
export { StorageError, StorageErrorCode, type StorageErrorPayload } from "./storage-error.js";
