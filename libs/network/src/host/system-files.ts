import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "@sprtn/primitives";
import { makeFolder } from "@sprtn/runtime";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import type { NetworkFiles } from "./network-host.js";

/** Only for their owner: a record tells where keys are used, and a token is a secret. */
const PRIVATE = 0o600;

/** The files of this machine. */
export class SystemFiles implements NetworkFiles {
  async read(path: string): Promise<string | undefined> {
    return accessing(path, "read", () => unlessMissing(readFile(path, "utf8")));
  }

  async replace(path: string, text: string): Promise<void> {
    const draft = `${path}.new`;
    await accessing(path, "written", async () => {
      const file = await open(draft, "w", PRIVATE);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await chmod(draft, PRIVATE);
      await rename(draft, path);
      // The rename itself is safe only once its folder is on disk.
      const folder = await open(dirname(path), "r");
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    });
  }

  async create(path: string, text: string): Promise<boolean> {
    return accessing(path, "written", async () => {
      try {
        const file = await open(path, "wx", PRIVATE);
        try {
          await file.writeFile(text);
        } finally {
          await file.close();
        }
        return true;
      } catch (error) {
        if (codeIn(error) === "EEXIST") return false;
        throw error;
      }
    });
  }

  async remove(path: string): Promise<void> {
    await accessing(path, "deleted", () => rm(path, { force: true }));
  }

  async list(path: string): Promise<readonly string[] | undefined> {
    return accessing(path, "read", () => unlessMissing(readdir(path)));
  }

  async makeFolder(path: string): Promise<void> {
    await accessing(path, "made", () => makeFolder(path, { mkdir, stat, dirname }));
  }

  async removeFolder(path: string): Promise<void> {
    await accessing(path, "deleted", () => rm(path, { recursive: true, force: true }));
  }

  async slice(
    path: string,
    { from, bytes }: { readonly from?: number; readonly bytes: number },
  ): Promise<{ readonly content: Uint8Array; readonly from: number } | undefined> {
    return accessing(path, "read", async () => {
      const file = await unlessMissing(open(path, "r"));
      if (file === undefined) return undefined;
      try {
        const { size } = await file.stat();
        const start = from ?? Math.max(0, size - bytes);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
        return { content: buffer.subarray(0, bytesRead), from: start };
      } finally {
        await file.close();
      }
    });
  }
}

async function accessing<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new NetworkError(
      NetworkErrorCode.FILE_ACCESS,
      `${path} cannot be ${what} (${messageOf(cause)}): make it and its folder accessible to this user, or give ` +
        "another directory",
      { path },
      { cause },
    );
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeIn(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeIn(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
