import { readFile } from "node:fs/promises";

/** A line of a program's log. */
export interface LogRecord {
  readonly level: string;
  readonly module: string;
  readonly message: string;
  /** Of the error or warning, if it has one. */
  readonly code?: string;
  readonly [field: string]: unknown;
}

/** The log of a program that writes JSON (LOG_FORMAT=json), from its file. */
export class JsonLog {
  /** What was written before the last {@link mark}, in characters. */
  #from = 0;

  constructor(private readonly file: string) {}

  /** From here on. */
  async mark(): Promise<void> {
    this.#from = (await this.#text()).length;
  }

  /** The lines since the last mark, or since the start. Lines that are not JSON were not written by the logger. */
  async records(): Promise<readonly LogRecord[]> {
    return (await this.#text())
      .slice(this.#from)
      .split("\n")
      .flatMap(line => parsed(line) ?? []);
  }

  async #text(): Promise<string> {
    return readFile(this.file, "utf8");
  }
}

function parsed(line: string): LogRecord | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as LogRecord;
  } catch {
    // The last line may be half there.
    return undefined;
  }
}
