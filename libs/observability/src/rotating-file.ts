import { copyFile, type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Writable } from "node:stream";
import { messageOf } from "@sprtn/primitives";
import { makeFolder } from "@sprtn/runtime";
import { ObservabilityError, ObservabilityErrorCode } from "./observability-error.js";

/** Where it is, and how much of it is kept. */
export interface RotatingFileSettings {
  readonly path: string;
  /** The file is set aside before a write would make it larger than this. */
  readonly maxBytes: number;
  /** Files that are kept: `path`, `path.1` (the next older) … */
  readonly count: number;
  /** The file is copied and emptied instead of replaced: somebody else appends to it too, such as standard error. */
  readonly inPlace?: boolean;
}

/**
 * A stream into a file that is replaced when it is large. No line is split or lost at the turn, and a disk that fails
 * ends nothing: what it refuses is dropped, reported once until it works again, and the next write tries again.
 */
export class RotatingFile extends Writable {
  readonly #settings: RotatingFileSettings;
  readonly #onError: (error: unknown) => void;
  #file: FileHandle | undefined;
  #bytes = 0;
  #failing = false;

  constructor(dependencies: { readonly onError: (error: unknown) => void }, settings: RotatingFileSettings) {
    super({ decodeStrings: true });
    this.#settings = settings;
    this.#onError = dependencies.onError;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    void this.#appendThen([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    void this.#appendThen(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: () => void): void {
    void this.#closeThen(done);
  }

  async #appendThen(lines: readonly Buffer[], done: () => void): Promise<void> {
    await this.#append(lines);
    done();
  }

  async #closeThen(done: () => void): Promise<void> {
    await this.#guarded(() => this.#closeFile());
    done();
  }

  /** Appends whole lines, as many at once as fit the file. Never rejects. */
  async #append(lines: readonly Buffer[]): Promise<void> {
    await this.#measure();
    let waiting: Buffer[] = [];
    let bytes = 0;
    const flush = async () => {
      const batch = Buffer.concat(waiting);
      [waiting, bytes] = [[], 0];
      if (batch.length > 0) await this.#guarded(() => this.#appendBatch(batch));
    };
    for (const line of lines) {
      if (this.#bytes + bytes + line.length > this.#settings.maxBytes) {
        await flush();
        if (this.#bytes > 0) await this.#guarded(() => this.#rotate());
      }
      waiting.push(line);
      bytes += line.length;
    }
    await flush();
  }

  /** What others have appended counts too; a disk that does not tell leaves what is known. */
  async #measure(): Promise<void> {
    if (!this.#settings.inPlace) return;
    const now = await this.#file?.stat().catch(() => undefined);
    this.#bytes = now?.size ?? this.#bytes;
  }

  async #appendBatch(batch: Buffer): Promise<void> {
    this.#file ??= await this.#openFile();
    if (this.#bytes > 0 && this.#bytes + batch.length > this.#settings.maxBytes) {
      await this.#rotate();
      this.#file ??= await this.#openFile();
    }
    await this.#file.appendFile(batch);
    this.#bytes += batch.length;
  }

  async #openFile(): Promise<FileHandle> {
    await makeFolder(dirname(this.#settings.path), { mkdir, stat, dirname });
    const file = await open(this.#settings.path, "a");
    this.#bytes = (await file.stat()).size;
    return file;
  }

  async #rotate(): Promise<void> {
    const { path, count, inPlace = false } = this.#settings;
    if (!inPlace) await this.#closeFile();
    for (let age = count - 1; age > (inPlace ? 1 : 0); age--) {
      await rename(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`).catch((error: NodeJS.ErrnoException) => {
        // Fewer files than may be kept.
        if (error.code !== "ENOENT") throw error;
      });
    }
    if (inPlace) return this.#empty();
    if (count === 1) await (await open(path, "w")).close();
    this.#bytes = 0;
  }

  /** The bound holds also where there is no room for a copy. */
  async #empty(): Promise<void> {
    const { path, count } = this.#settings;
    try {
      if (count > 1) await copyFile(path, `${path}.1`);
    } finally {
      this.#file ??= await this.#openFile();
      await this.#file.truncate();
      this.#bytes = 0;
    }
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #failure(error: unknown): ObservabilityError {
    const { path } = this.#settings;
    return new ObservabilityError(
      ObservabilityErrorCode.LOG_FILE,
      `the log file ${path} cannot be written (${messageOf(error)}), and lacks lines until it can: free some space, ` +
        "give this user permission to write there, or choose another LOG_FILE",
      {},
      { cause: error },
    );
  }

  async #guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#onError(this.#failure(error));
      this.#failing = true;
    }
  }
}
