/** What a verb has of the program it runs in. */
export interface VerbContext {
  readonly version: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Reads its settings from `args`, does its work, and gives the exit code. */
export type Verb = (args: readonly string[], context: VerbContext) => Promise<number>;
