import { bytesToUint, concatBytes, uintToBytes, utf8Codec } from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import { Bucket, RESERVED_BUCKET } from "./bucket.js";
import { StorageError, StorageErrorCode } from "./storage-error.js";

/** What the data in a store is: the shape of its records and the network that they belong to. */
export interface SchemaRecord {
  readonly schemaVersion: number;
  /** Names the deployment: its chain id and its rollup's address, for instance. */
  readonly deployment: string;
}

const key = new Bucket(RESERVED_BUCKET).key(utf8Codec.encode("schema"));

/**
 * The store's record; `undefined` for an empty store.
 * @throws FOREIGN_DATA for data without one, BAD_RECORD for one that does not decode
 */
export async function readSchemaRecord(store: KvStore): Promise<SchemaRecord | undefined> {
  const bytes = store.get(key);
  if (bytes) {
    if (bytes.length < 4)
      throw new StorageError(
        StorageErrorCode.BAD_RECORD,
        "the schema record is damaged: delete the data directory and sync again",
        { bucket: RESERVED_BUCKET },
      );
    return {
      schemaVersion: Number(bytesToUint(bytes.subarray(0, 4))),
      deployment: utf8Codec.decode(bytes.subarray(4)),
    };
  }
  for await (const _ of store.entries({ limit: 1 })) {
    throw new StorageError(
      StorageErrorCode.FOREIGN_DATA,
      "the data directory holds another program's data: give an empty one (DATA_DIRECTORY)",
    );
  }
  return undefined;
}

export function putSchemaRecord(record: SchemaRecord): KvOperation {
  return {
    type: "put",
    key,
    value: concatBytes(uintToBytes(record.schemaVersion, 4), utf8Codec.encode(record.deployment)),
  };
}
