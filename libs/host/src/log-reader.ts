import { type HostFiles, LOG_COUNT } from "./host-files.js";
import { headOf, type LogEntry } from "./log-entry.js";

const CHUNK = 65_536;
const NEWLINE = 10;
/** Of lines that belong to one entry: more are shown as one of their own. */
const MOST_LINES = 500;

/**
 * The entries of one log and the older parts of it that are kept (`log.1` …), in their order; reads on from where it
 * was when asked again, also after the log was copied to `log.1` and emptied.
 */
export class LogReader {
  /** Of the part that is read: 0 is the log. */
  #age = LOG_COUNT - 1;
  #offset = 0;
  #open: LogEntry | undefined;
  readonly #files: Pick<HostFiles, "slice">;

  constructor(
    dependencies: { readonly files: Pick<HostFiles, "slice"> },
    private readonly log: { readonly name: string; readonly path: string },
  ) {
    this.#files = dependencies.files;
  }

  /**
   * All that is there now. An entry is given once the next one begins or nothing follows; a last line that is still
   * being written only if nobody will ask again.
   */
  async *entries({ isLast }: { readonly isLast: boolean }): AsyncGenerator<LogEntry> {
    for (let lines = await this.#lines(isLast); lines.length > 0; lines = await this.#lines(isLast))
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

  /** The next whole lines; none at the end. */
  async #lines(isLast: boolean): Promise<readonly string[]> {
    for (;;) {
      const content = await this.#content();
      const end = content.lastIndexOf(NEWLINE);
      if (content.length === 0) {
        if (this.#age === 0) return [];
        this.#age--;
        this.#offset = 0;
        continue;
      }
      // A line without end is cut, and so is the last one of an older part.
      if (end < 0 && content.length < CHUNK && this.#age === 0 && !isLast) return [];
      const taken = content.subarray(0, end < 0 ? undefined : end);
      this.#offset += end < 0 ? taken.length : end + 1;
      return new TextDecoder().decode(taken).split("\n");
    }
  }

  async #content(): Promise<Uint8Array> {
    const { path } = this.log;
    const from = this.#offset;
    const at = (age: number) => this.#files.slice(age === 0 ? path : `${path}.${age}`, { from, bytes: CHUNK });
    const slice = await at(this.#age);
    if (this.#age > 0 || (slice?.size ?? 0) >= from) return slice?.content ?? new Uint8Array();
    // Emptied since: the rest is in its copy.
    this.#age = 1;
    return (await at(1))?.content ?? new Uint8Array();
  }
}
