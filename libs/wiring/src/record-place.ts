import { existsSync } from "node:fs";
import { join } from "node:path";
import type { StorageSettings } from "@sprtn/storage/settings";
import { WiringError, WiringErrorCode } from "./wiring-error.js";

/** The store below the data directory that holds the record of what was signed. */
export enum RecordStore {
  /** Of a node. */
  NODE = "validator",
  /** Of all validators of a dense process. */
  DENSE = "validators",
}

const made: Readonly<Record<RecordStore, string>> = {
  [RecordStore.NODE]: "a node without DENSE",
  [RecordStore.DENSE]: "a process with DENSE",
};

/**
 * SIGN-1: whoever starts on the data of the other kind does not find what its keys have signed there, and could sign
 * again. @throws WiringError OTHER_RECORD
 */
export function requireRecordPlace({ dataDirectory }: Pick<StorageSettings, "dataDirectory">, own: RecordStore): void {
  const other = own === RecordStore.NODE ? RecordStore.DENSE : RecordStore.NODE;
  if (dataDirectory === undefined || !existsSync(join(dataDirectory, other))) return;
  throw new WiringError(
    WiringErrorCode.OTHER_RECORD,
    `${dataDirectory} has the record of signatures of ${made[other]}, which ${made[own]} does not read: ` +
      "start it as it was started before, or give another DATA_DIRECTORY and keys that have signed nothing for some " +
      "slots",
  );
}
