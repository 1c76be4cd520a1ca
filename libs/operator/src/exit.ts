import { Exit, HostError, HostErrorCode, isInterruption } from "@sprtn/host";
import { SettingsError } from "@sprtn/settings";
import { OperatorError, OperatorErrorCode as Code } from "./operator-error.js";

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
