/** What a verb has of the program it runs in. */
export interface VerbContext {
  readonly version: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Reads its settings from `args`, does its work, and gives the exit code. */
export type Verb = (args: readonly string[], context: VerbContext) => Promise<number>;

/** The exit codes of load tests. */
export enum Exit {
  WELL = 0,
  /** An expectation was not met, or the figures mean nothing. */
  FAILED = 1,
  /** Wrong usage, or a scenario or report that cannot be read. */
  USAGE = 2,
  NO_NETWORK = 5,
  INTERRUPTED = 130,
}
