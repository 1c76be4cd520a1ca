/** The parts of `node:fs/promises` and `node:path` with which folders are made. */
export interface FolderSystem {
  mkdir(path: string): Promise<unknown>;
  stat(path: string): Promise<{ isDirectory(): boolean }>;
  dirname(path: string): string;
}

/**
 * Makes the folder and those above it that are missing. One by one: `mkdir` with `recursive` never returns where a
 * folder exists in which none can be made, such as `/proc`. Throws what the system throws.
 */
export async function makeFolder(path: string, system: FolderSystem): Promise<void> {
  try {
    await makeOne(path, system);
  } catch (error) {
    const parent = system.dirname(path);
    if (codeIn(error) !== "ENOENT" || parent === path) throw error;
    await makeFolder(parent, system);
    await makeOne(path, system);
  }
}

/** Another may have made it, and who may not make it may use it. */
async function makeOne(path: string, { mkdir, stat }: FolderSystem): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() !== true) throw error;
  }
}

function codeIn(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
