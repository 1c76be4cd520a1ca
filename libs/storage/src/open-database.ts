import type { KvOperation, KvStore } from "@sprtn/ports";
import { Database } from "./database.js";
import { putSchemaRecord, readSchemaRecord, type SchemaRecord } from "./schema-record.js";
import { StorageError, StorageErrorCode } from "./storage-error.js";

/** One step between neighbouring schema versions. */
export interface Migration {
  /** The version that it leads to, from the one before. */
  readonly to: number;
  /** The operations that change the records; they and the new version are written in one batch, or not at all. */
  operations(store: KvStore): Promise<readonly KvOperation[]>;
}

export interface DatabaseOptions extends SchemaRecord {
  readonly store: KvStore;
  readonly migrations?: readonly Migration[];
  /** Hears of each step that was made. */
  readonly onMigrated?: (step: { readonly from: number; readonly to: number }) => void;
}

/**
 * Checks that the store's data is this deployment's and brings it to `schemaVersion`, step by step: a crash in between
 * leaves a store that the next opening brings on.
 * @throws OTHER_DEPLOYMENT, NEWER_SCHEMA, NO_MIGRATION, FOREIGN_DATA
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { store, schemaVersion, deployment } = options;
  const found = await readSchemaRecord(store);
  if (!found) await store.write([putSchemaRecord({ schemaVersion, deployment })], { sync: true });
  else {
    if (found.deployment !== deployment) {
      const text =
        `the data belongs to deployment ${found.deployment}, but this program runs ${deployment}: choose another ` +
        "DATA_DIRECTORY, or delete this one if that network no longer exists";
      throw new StorageError(StorageErrorCode.OTHER_DEPLOYMENT, text, {
        found: found.deployment,
        expected: deployment,
      });
    }
    if (found.schemaVersion > schemaVersion) {
      const text =
        `the data has schema ${found.schemaVersion}, but this program supports at most ${schemaVersion}: run the ` +
        "newer program that wrote it, or delete the data directory and sync again";
      throw new StorageError(StorageErrorCode.NEWER_SCHEMA, text, {
        found: String(found.schemaVersion),
        expected: String(schemaVersion),
      });
    }
    await migrate(options, found.schemaVersion);
  }
  return new Database({ store });
}

async function migrate(
  { store, schemaVersion, deployment, migrations = [], onMigrated }: DatabaseOptions,
  from: number,
): Promise<void> {
  for (let version = from; version < schemaVersion; version++) {
    const to = version + 1;
    const step = migrations.find(migration => migration.to === to);
    if (!step) {
      const text =
        `the data has schema ${version}, and there is no migration from it to ${to}: delete the data directory and ` +
        "sync again";
      throw new StorageError(StorageErrorCode.NO_MIGRATION, text, {
        found: String(version),
        expected: String(schemaVersion),
      });
    }
    await store.write([...(await step.operations(store)), putSchemaRecord({ schemaVersion: to, deployment })], {
      sync: true,
    });
    onMigrated?.({ from: version, to });
  }
}
