import { CodedError } from "@sprtn/primitives";

/** A store that cannot be opened, read or written, or that holds other data than expected. */
export enum StorageErrorCode {
  /** Another process has the database open. */
  LOCKED = "STORAGE_LOCKED",
  /** The database is damaged: delete the directory that the error names, and sync again. */
  CORRUPT = "STORAGE_CORRUPT",
  /** This user may not write to the data directory. */
  NOT_WRITABLE = "STORAGE_NOT_WRITABLE",
  /** The disk is full: free some space; a running program then continues by itself. */
  DISK_FULL = "STORAGE_DISK_FULL",
  /** It is being opened again after a write that failed: try again. */
  REOPENING = "STORAGE_REOPENING",
  /** Used after it was closed. */
  CLOSED = "STORAGE_CLOSED",
  /** The system or the database library refused; the cause says why. */
  IO = "STORAGE_IO",
  /** A record's bytes are not what its codec reads. */
  BAD_RECORD = "STORAGE_BAD_RECORD",
  BAD_BUCKET = "STORAGE_BAD_BUCKET",
  /** The data belongs to another deployment. */
  OTHER_DEPLOYMENT = "STORAGE_OTHER_DEPLOYMENT",
  /** The data was written by a newer program. */
  NEWER_SCHEMA = "STORAGE_NEWER_SCHEMA",
  /** No step leads from the data's schema to the program's. */
  NO_MIGRATION = "STORAGE_NO_MIGRATION",
  /** There is data, but not from this program. */
  FOREIGN_DATA = "STORAGE_FOREIGN_DATA",
}

/** The path, bucket or version that the error is about. */
export type StorageErrorPayload = Partial<{
  readonly path: string;
  readonly bucket: number;
  readonly found: string;
  readonly expected: string;
}>;

export class StorageError extends CodedError<StorageErrorCode, StorageErrorPayload> {}

export function closedError(): StorageError {
  return new StorageError(
    StorageErrorCode.CLOSED,
    "the database is closed: stop everything that uses it before closing it",
  );
}
