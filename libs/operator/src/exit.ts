import { HostError, HostErrorCode } from "@sprtn/host";
import { isAbortError } from "@sprtn/runtime";
import { SettingsError } from "@sprtn/settings";
import { OperatorError, OperatorErrorCode as Code } from "./operator-error.js";

/** What an operator's command ends with. */
export enum Exit {
  WELL = 0,
  FAILED = 1,
  /** Wrong usage or settings. */
  USAGE = 2,
  UNREACHABLE = 3,
  /** Going on could cost the operator something. */
  REFUSED = 4,
  TIMED_OUT = 5,
  INTERRUPTED = 130,
}

const exits: { readonly [C in Code]?: Exit } = {
  [Code.USAGE]: Exit.USAGE,
  [Code.NOT_INSTALLED]: Exit.USAGE,
  [Code.BAD_ENV_FILE]: Exit.USAGE,
  [Code.BAD_KEY]: Exit.USAGE,
  [Code.UNREACHABLE]: Exit.UNREACHABLE,
  [Code.BAD_ANSWER]: Exit.UNREACHABLE,
  [Code.WRONG_CHAIN]: Exit.REFUSED,
  [Code.FOREIGN_DEPLOYMENT]: Exit.REFUSED,
  [Code.KEY_IN_USE]: Exit.REFUSED,
  [Code.RUNNING]: Exit.REFUSED,
  [Code.NOT_READY]: Exit.TIMED_OUT,
  [Code.NOT_STOPPED]: Exit.TIMED_OUT,
};

/** What a command ends with for an error. */
export function exitCodeOf(error: unknown): Exit {
  if (isInterruption(error)) return Exit.INTERRUPTED;
  if (error instanceof SettingsError) return Exit.USAGE;
  if (error instanceof HostError && error.code === HostErrorCode.BUSY) return Exit.REFUSED;
  return (error instanceof OperatorError ? exits[error.code] : undefined) ?? Exit.FAILED;
}

/** Whether somebody pressed Ctrl-C. An AbortSignal throws its own reason, which is the signal's name here. */
export function isInterruption(error: unknown): boolean {
  return isAbortError(error) || error === "SIGINT" || error === "SIGTERM";
}
