import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, open, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "@sprtn/primitives";
import { makeFolder } from "@sprtn/runtime";
import { HostError, HostErrorCode } from "./host-error.js";
import type { HostFiles } from "./host-files.js";

/** Only for their owner: a record tells where keys are used, and a token is a secret. */
const PRIVATE = 0o600;

/** Of a file that is read at once: a network of 400 processes is noted in half a MiB. */
const MAX_READ_BYTES = 16 * 2 ** 20;
/** Without waiting for somebody to write, where the file is a pipe. */
const READ_AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK;

/** The files of this machine. */
export class SystemFiles implements HostFiles {
  async read(path: string): Promise<string | undefined> {
    return accessing(path, "read", async () => {
      const file = await unlessMissing(open(path, READ_AT_ONCE));
      if (file === undefined) return undefined;
      try {
        const about = await file.stat();
        if (!about.isFile()) throw new TypeError("it is no file");
        if (about.size > MAX_READ_BYTES)
          throw new RangeError(`it has ${about.size} bytes, more than any that we write`);
        return await file.readFile("utf8");
      } finally {
        await file.close();
      }
    });
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
      // Whole from the first moment on: a part of it could be taken for what somebody who was killed has left.
      const draft = `${path}.${randomUUID()}`;
      try {
        await writeFile(draft, text, { flag: "wx", mode: PRIVATE });
        await link(draft, path);
        return true;
      } catch (error) {
        if (codeIn(error) === "EEXIST") return false;
        throw error;
      } finally {
        await rm(draft, { force: true });
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

  async removeAll(path: string): Promise<void> {
    await accessing(path, "deleted", () => rm(path, { recursive: true, force: true }));
  }

  async removeEmptyFolder(path: string): Promise<void> {
    await accessing(path, "deleted", async () => {
      try {
        await rmdir(path);
      } catch (error) {
        if (!["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(String(codeIn(error)))) throw error;
      }
    });
  }

  async slice(
    path: string,
    { from, bytes }: { readonly from?: number; readonly bytes: number },
  ): Promise<{ readonly content: Uint8Array; readonly size: number } | undefined> {
    return accessing(path, "read", async () => {
      const file = await unlessMissing(open(path, "r"));
      if (file === undefined) return undefined;
      try {
        const { size } = await file.stat();
        const start = from ?? Math.max(0, size - bytes);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
        return { content: buffer.subarray(0, bytesRead), size };
      } finally {
        await file.close();
      }
    });
  }
}

/** What the system refused of a file, with what to do. */
export function fileError(what: string, path: string, cause: unknown): HostError {
  const isFull = ["ENOSPC", "EDQUOT"].includes(String(codeIn(cause)));
  return new HostError(
    isFull ? HostErrorCode.DISK_FULL : HostErrorCode.FILE_ACCESS,
    `${what} (${messageOf(cause)}): ` +
      (isFull
        ? "free some space on its disk, and try again (ending what runs works without)"
        : "make it and its folder accessible to this user, or give another directory"),
    { path },
    { cause },
  );
}

async function accessing<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileError(`${path} cannot be ${what}`, path, cause);
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
