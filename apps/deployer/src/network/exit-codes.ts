import { HostError, HostErrorCode } from "@sprtn/host";
import { NetworkError, NetworkErrorCode } from "@sprtn/network";
import { codeOf, messageOf } from "@sprtn/primitives";
import { isAbortError } from "@sprtn/runtime";
import { Exit } from "./verb.js";

const codes: { readonly [Code in NetworkErrorCode]?: Exit } = {
  [NetworkErrorCode.BAD_PARAMETERS]: Exit.USAGE,
  [NetworkErrorCode.OTHER_PARAMETERS]: Exit.USAGE,
  [NetworkErrorCode.UNKNOWN_NAME]: Exit.USAGE,
  [NetworkErrorCode.NOT_READY]: Exit.TIMED_OUT,
  [NetworkErrorCode.NOT_STOPPED]: Exit.TIMED_OUT,
};

/** What the program ends with for an error. */
export function exitCodeOf(error: unknown): Exit {
  if (isInterrupted(error)) return Exit.INTERRUPTED;
  if (error instanceof HostError && error.code === HostErrorCode.BUSY) return Exit.REFUSED;
  return (error instanceof NetworkError ? codes[error.code] : undefined) ?? Exit.FAILED;
}

/** Says it to people, with its code. */
export function tell(error: unknown): void {
  if (isInterrupted(error)) process.stderr.write("interrupted\n");
  else process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
}

function isInterrupted(error: unknown): boolean {
  // An AbortSignal throws its own reason, which is the signal's name here.
  return isAbortError(error) || error === "SIGINT" || error === "SIGTERM";
}
