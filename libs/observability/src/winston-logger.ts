import { once } from "node:events";
import type { Writable } from "node:stream";
import { codeOf, messageOf } from "@sprtn/primitives";
import type { Clock, LogFields, Logger } from "@sprtn/ports";
import { MESSAGE } from "triple-beam";
import winston from "winston";
import { humanLine, jsonLine, type LogRecord } from "./log-line.js";
import { ObservabilityError, ObservabilityErrorCode } from "./observability-error.js";
import { outliveFullDisk } from "./outlive-full-disk.js";
import { RotatingFile } from "./rotating-file.js";
import { type LogLevel, logLevels, type ObservabilitySettings } from "./settings.js";

/** The clock of the time stamps, and where lines go. */
export interface LoggerDependencies {
  readonly clock: Clock;
  /** Where lines go, if not to standard output. */
  readonly stream?: Writable;
  /**
   * Called when a sink cannot be written or is too slow; if absent, a line is written to standard error. Logging
   * continues.
   */
  readonly onError?: (error: unknown) => void;
}

/** A logger with the end of its life: `close` resolves when every line is where it belongs. */
export interface RootLogger extends Logger {
  close(): Promise<void>;
}

const levels = Object.fromEntries(logLevels.map((level, rank) => [level, rank]));
const MIB = 2 ** 20;
/** What may wait in memory for one slow sink. */
const MAX_WAITING_BYTES = 16 * MIB;

/** The process's logger, for `module`; its children share its sinks. */
export function createLogger(
  dependencies: LoggerDependencies,
  settings: ObservabilitySettings,
  module: string,
): RootLogger {
  const { clock, onError = reportOnStderr } = dependencies;
  const { logFile, logOutputFile, logFileMaxMb, logFileCount } = settings;
  // Winston's own File transport loses lines when it ends while rotating, and never ends once it failed.
  const rotating = (path: string, inPlace: boolean) =>
    new RotatingFile({ onError }, { path, maxBytes: logFileMaxMb * MIB, count: logFileCount, inPlace });
  const file = logFile === undefined ? undefined : rotating(logFile, false);
  const stream = dependencies.stream ?? (logOutputFile === undefined ? process.stdout : rotating(logOutputFile, true));
  if (stream === process.stdout) outliveFullDisk(stream, onError);
  const transports = [
    streamTransport(stream, settings.logFormat === "human" ? humanLine : jsonLine, onError),
    ...(file ? [streamTransport(file, jsonLine, onError)] : []),
  ];
  const sink = winston.createLogger({ levels, level: settings.logLevel, transports });
  const root = new WinstonLogger({ sink, clock }, { lowestRank: levels[settings.logLevel] as number, module }, {});
  return Object.assign(root, {
    async close() {
      const handedOn = transports.map(transport => once(transport, "finish"));
      sink.end();
      await Promise.all(handedOn);
      // Standard output stays open; an empty write comes back after all those before it.
      await Promise.all([
        new Promise<void>(resolve => stream.write("", () => resolve())),
        file && new Promise<void>(resolve => file.end(resolve)),
      ]);
    },
  });
}

class WinstonLogger implements Logger {
  readonly #dependencies: { readonly sink: winston.Logger; readonly clock: Clock };

  constructor(
    dependencies: { readonly sink: winston.Logger; readonly clock: Clock },
    private readonly settings: { readonly lowestRank: number; readonly module: string },
    private readonly fields: LogFields,
  ) {
    this.#dependencies = dependencies;
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

  child(module: string, fields: LogFields = {}): Logger {
    const settings = { ...this.settings, module: `${this.settings.module}:${module}` };
    return new WinstonLogger(this.#dependencies, settings, { ...this.fields, ...fields });
  }

  #log(level: LogLevel, message: string, fields: LogFields | undefined): void {
    // Lines below the level cost nothing more than this.
    if ((levels[level] as number) > this.settings.lowestRank) return;
    const record: LogRecord = {
      timeMs: this.#dependencies.clock.nowMs(),
      level,
      module: this.settings.module,
      message,
      fields: { ...this.fields, ...fields },
    };
    this.#dependencies.sink.log({ level, message, record });
  }
}

/** Winston writes the text that it finds under MESSAGE, and skips what a format turns into false. */
function streamTransport(
  stream: Writable,
  line: (record: LogRecord) => string,
  onError: (error: unknown) => void,
): winston.transport {
  let dropped = 0;
  const format = winston.format(info => {
    if (stream.writableLength > MAX_WAITING_BYTES) {
      if (dropped++ === 0)
        onError(
          new ObservabilityError(
            ObservabilityErrorCode.LOG_OVERFLOW,
            "a log's reader or disk is too slow: lines are dropped until it catches up; reduce logging (LOG_LEVEL)",
            {},
          ),
        );
      return false;
    }
    dropped = 0;
    return Object.assign(info, { [MESSAGE]: line(info["record"] as LogRecord) });
  })();
  return new winston.transports.Stream({ stream, eol: "\n", format });
}

function reportOnStderr(error: unknown): void {
  // There is nobody left to tell.
  outliveFullDisk(process.stderr, () => undefined);
  process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
}
