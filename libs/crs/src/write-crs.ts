import { createHash, type Hash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "@sprtn/runtime";
import { type FileRecord, type Manifest, writeManifest } from "./manifest.js";

/** Bytes that belong to the end of some of the files, by name. */
export type Portion = Readonly<Record<string, Uint8Array>>;

export interface CrsWriting {
  readonly folder: string;
  /** Where the files grow; on the same file system, and removed by the caller some time. */
  readonly stagingFolder: string;
  readonly portions: AsyncIterable<Portion>;
  /** Judges the finished files. */
  readonly isRight: (files: Manifest) => boolean;
}

/**
 * Writes the files of a CRS, and puts them in place when all are finished and right; `false` if they are not. Each file
 * replaces its forerunner at once; the manifest comes last, so that a
 * crash in between leaves files that their manifest does not fit.
 */
export async function writeCrs({ folder, stagingFolder, portions, isRight }: CrsWriting): Promise<boolean> {
  for (const path of [folder, stagingFolder]) await makeFolder(path, { mkdir, stat, dirname });
  const writers = new Map<string, FileWriter>();
  try {
    for await (const portion of portions) {
      for (const [name, bytes] of Object.entries(portion)) {
        const writer = writers.get(name) ?? (await FileWriter.open(join(stagingFolder, name)));
        writers.set(name, writer);
        await writer.append(bytes);
      }
    }
    const files: Record<string, FileRecord> = {};
    for (const [name, writer] of writers) files[name] = await writer.finish();
    if (!isRight(files)) return false;
    for (const [name, writer] of writers) await writer.put(join(folder, name));
    await writeManifest(folder, files);
    return true;
  } finally {
    for (const writer of writers.values()) await writer.discard();
  }
}

class FileWriter {
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;

  private constructor(
    private readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  static async open(path: string): Promise<FileWriter> {
    const temporary = `${path}.${randomUUID()}`;
    return new FileWriter(temporary, await open(temporary, "wx"));
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.file.writeFile(bytes);
  }

  async finish(): Promise<FileRecord> {
    await this.file.sync();
    await this.file.close();
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  async put(path: string): Promise<void> {
    await rename(this.temporary, path);
  }

  /** Leaves nothing behind; harmless after the file is in place. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(this.temporary, { force: true });
  }
}
