import { isAbortError } from "@sprtn/runtime";

/** What a verb of a program has of it. */
export interface VerbContext {
  readonly version: string;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Reads its settings from `args`, does its work, and gives the exit code. */
export type Verb = (args: readonly string[], context: VerbContext) => Promise<number>;

/** What programs with verbs end with. */
export enum Exit {
  WELL = 0,
  FAILED = 1,
  /** Wrong usage or settings. */
  USAGE = 2,
  UNREACHABLE = 3,
  /** Going on could cost somebody something, or another command works on the same. */
  REFUSED = 4,
  TIMED_OUT = 5,
  INTERRUPTED = 130,
}

/** Whether somebody pressed Ctrl-C. An AbortSignal throws its own reason, which is the signal's name here. */
export function isInterruption(error: unknown): boolean {
  return isAbortError(error) || error === "SIGINT" || error === "SIGTERM";
}
