/** Files that are kept of what a process writes, the one in use included: `log`, and the next older `log.1` … */
export const LOG_COUNT = 4;

/** Files of a folder that belongs to one program; all paths are whole. */
export interface HostFiles {
  /** A small file; `undefined` when there is none. @throws HostError FILE_ACCESS */
  read(path: string): Promise<string | undefined>;
  /** Replaces the file in one step; only its owner can read it. @throws HostError FILE_ACCESS */
  replace(path: string, text: string): Promise<void>;
  /** Whether there was no such file before; nobody ever sees a part of it. @throws HostError FILE_ACCESS */
  create(path: string, text: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Names in a folder; `undefined` when there is none. @throws HostError FILE_ACCESS */
  list(path: string): Promise<readonly string[] | undefined>;
  makeFolder(path: string): Promise<void>;
  /** A file or a folder with all that is in it. @throws HostError FILE_ACCESS */
  removeAll(path: string): Promise<void>;
  /** Nothing happens to one that holds something. @throws HostError FILE_ACCESS */
  removeEmptyFolder(path: string): Promise<void>;
  /**
   * At most `bytes` from `from` on, or from the end if `from` is absent, and how long the whole file is; `undefined`
   * when there is no file. @throws HostError FILE_ACCESS
   */
  slice(
    path: string,
    range: { readonly from?: number; readonly bytes: number },
  ): Promise<{ readonly content: Uint8Array; readonly size: number } | undefined>;
}
