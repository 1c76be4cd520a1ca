import type { LogFields, Logger } from "@sprtn/ports";

/** One line, as it was logged. */
export interface LogLine {
  readonly level: "error" | "warn" | "info" | "verbose" | "debug";
  readonly module: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** How much a logger keeps, and where: a child shares its parent's lines. */
interface MemoryLoggerSettings {
  readonly maxLines?: number;
  readonly lines?: LogLine[];
}

/** Keeps its newest lines and its children's; the oldest beyond `maxLines` are dropped. */
export class MemoryLogger implements Logger {
  readonly #module: string;
  readonly #fields: LogFields;
  readonly #maxLines: number;
  readonly #lines: LogLine[];

  constructor(module = "test", fields: LogFields = {}, { maxLines = 10_000, lines = [] }: MemoryLoggerSettings = {}) {
    this.#module = module;
    this.#fields = fields;
    this.#maxLines = maxLines;
    this.#lines = lines;
  }

  /** Lines of one level, or all, oldest first. */
  lines(level?: LogLine["level"]): readonly LogLine[] {
    return level === undefined ? this.#lines : this.#lines.filter(line => line.level === level);
  }

  messages(level?: LogLine["level"]): string[] {
    return this.lines(level).map(line => line.message);
  }

  error(message: string, fields?: LogFields): void {
    this.#log("error", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log("warn", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log("info", message, fields);
  }

  verbose(message: string, fields?: LogFields): void {
    this.#log("verbose", message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log("debug", message, fields);
  }

  child(module: string, fields: LogFields = {}): MemoryLogger {
    return new MemoryLogger(
      `${this.#module}:${module}`,
      { ...this.#fields, ...fields },
      { maxLines: this.#maxLines, lines: this.#lines },
    );
  }

  #log(level: LogLine["level"], message: string, fields: LogFields = {}): void {
    this.#lines.push({ level, module: this.#module, message, fields: { ...this.#fields, ...fields } });
    if (this.#lines.length > this.#maxLines) this.#lines.shift();
  }
}
