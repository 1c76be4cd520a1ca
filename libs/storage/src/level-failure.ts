import { messageOf } from "@sprtn/primitives";
import { closedError, StorageError, StorageErrorCode } from "./storage-error.js";

const remedies: {
  readonly code: StorageErrorCode;
  readonly pattern: RegExp;
  readonly text: (path: string) => string;
}[] = [
  {
    code: StorageErrorCode.LOCKED,
    pattern: /LEVEL_LOCKED/,
    text: path =>
      `another process is using the database in ${path}: stop it, or give this one a separate data directory ` +
      "(DATA_DIRECTORY)",
  },
  {
    code: StorageErrorCode.DISK_FULL,
    pattern: /ENOSPC|No space left|EDQUOT|quota exceeded/i,
    text: path =>
      `the disk of ${path} is full: free some space; a running node then continues by itself, and a stopped one ` +
      "must be started again; nothing that was written before is lost",
  },
  {
    code: StorageErrorCode.NOT_WRITABLE,
    pattern: /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i,
    text: path =>
      `${path} is not writable: give this user permission to write there, or choose another data directory ` +
      "(DATA_DIRECTORY)",
  },
  {
    code: StorageErrorCode.NOT_WRITABLE,
    pattern: /ENOTDIR|EEXIST|Not a directory/,
    text: path => `${path} is a file, or is inside one: give a directory (DATA_DIRECTORY)`,
  },
  {
    code: StorageErrorCode.NOT_WRITABLE,
    pattern: /ENOENT.* mkdir/,
    text: path => `no directory can be made at ${path}: choose another data directory (DATA_DIRECTORY)`,
  },
  {
    code: StorageErrorCode.CORRUPT,
    pattern: /LEVEL_CORRUPTION|MANIFEST-\d+: No such file/,
    text: path => `the database in ${path} is damaged: delete that directory and sync again, or restore a copy of it`,
  },
  {
    code: StorageErrorCode.CLOSED,
    pattern: /LEVEL_DATABASE_NOT_OPEN|LEVEL_ITERATOR_NOT_OPEN|LEVEL_BATCH_NOT_OPEN/,
    text: () => closedError().message,
  },
];

/**
 * The coded error for what the level library threw. An opening that failed carries its reason as its cause: that one
 * counts.
 */
export function levelFailure(error: unknown, path: string): StorageError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const described = `${codeText(reason)} ${messageOf(reason)}`;
  const remedy = remedies.find(({ pattern }) => pattern.test(described));
  if (remedy) return new StorageError(remedy.code, remedy.text(path), { path }, { cause: error });
  return new StorageError(
    StorageErrorCode.IO,
    `the database in ${path} failed: ${messageOf(reason)}; check the disk, then start again`,
    { path },
    { cause: error },
  );
}

function codeText(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
