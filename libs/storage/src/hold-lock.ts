import { StorageError, StorageErrorCode } from "./storage-error.js";

/** The part of the Web Locks API that is used here. */
interface LockManager {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    whileHeld: (lock: object | null) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/**
 * Holds a database's name against other tabs and workers, which would not see what this one writes. Resolves with what
 * releases it. Without Web Locks (pages that are not secure contexts) there is no protection.
 * @throws StorageError LOCKED
 */
export async function holdLock(name: string): Promise<() => void> {
  const { locks } = (globalThis as { readonly navigator?: { readonly locks?: LockManager } }).navigator ?? {};
  if (locks === undefined) return () => undefined;
  const taken = Promise.withResolvers<boolean>();
  const held = Promise.withResolvers<void>();
  const request = locks.request(`sprtn/${name}`, { ifAvailable: true }, lock => {
    taken.resolve(lock !== null);
    return lock === null ? undefined : held.promise;
  });
  request.catch(taken.reject);
  if (await taken.promise) return held.resolve;
  throw new StorageError(
    StorageErrorCode.LOCKED,
    `another tab or worker is using the database ${name}: close that one, or give this database another name`,
    { path: name },
  );
}
