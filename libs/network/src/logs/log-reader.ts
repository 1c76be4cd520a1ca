import type { NetworkFiles } from "../host/network-host.js";
import { headOf, type LogEntry } from "./log-entry.js";

const CHUNK = 65_536;
const NEWLINE = 10;
/** Of lines that belong to one entry: more are shown as one of their own. */
const MOST_LINES = 500;

/** The entries of one log, in its order; reads on from where it was when asked again. */
export class LogReader {
  #offset = 0;
  #open: LogEntry | undefined;
  readonly #files: NetworkFiles;

  constructor(
    dependencies: { readonly files: NetworkFiles },
    private readonly log: { readonly name: string; readonly path: string },
  ) {
    this.#files = dependencies.files;
  }

  /** All that is there now. An entry is given once the next one begins or nothing follows. */
  async *entries(): AsyncGenerator<LogEntry> {
    for (let lines = await this.#lines(); lines.length > 0; lines = await this.#lines())
      for (const line of lines) {
        const done = this.#add(line);
        if (done !== undefined) yield done;
      }
    const last = this.#open;
    this.#open = undefined;
    if (last !== undefined) yield last;
  }

  #add(line: string): LogEntry | undefined {
    const head = headOf(line);
    const open = this.#open;
    if (open !== undefined && head === undefined && open.lines.length < MOST_LINES) {
      this.#open = { ...open, lines: [...open.lines, line] };
      return undefined;
    }
    const { timeMs, level } = head ?? { timeMs: open?.timeMs, level: open?.level };
    this.#open = { name: this.log.name, timeMs, level, lines: [line] };
    return open;
  }

  /** The next whole lines; a line that is still being written comes later, unless it has no end. */
  async #lines(): Promise<readonly string[]> {
    const slice = await this.#files.slice(this.log.path, { from: this.#offset, bytes: CHUNK });
    if (slice === undefined || slice.content.length === 0) return [];
    const end = slice.content.lastIndexOf(NEWLINE);
    if (end < 0 && slice.content.length < CHUNK) return [];
    const taken = slice.content.subarray(0, end < 0 ? undefined : end);
    this.#offset += end < 0 ? taken.length : end + 1;
    return new TextDecoder().decode(taken).split("\n");
  }
}
