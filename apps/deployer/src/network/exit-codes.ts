import { Exit, HostError, HostErrorCode, isInterruption } from "@sprtn/host";
import { NetworkError, NetworkErrorCode } from "@sprtn/network";
import { codeOf, messageOf } from "@sprtn/primitives";

const codes: { readonly [Code in NetworkErrorCode]?: Exit } = {
  [NetworkErrorCode.BAD_PARAMETERS]: Exit.USAGE,
  [NetworkErrorCode.OTHER_PARAMETERS]: Exit.USAGE,
  [NetworkErrorCode.UNKNOWN_NAME]: Exit.USAGE,
  [NetworkErrorCode.NOT_READY]: Exit.TIMED_OUT,
  [NetworkErrorCode.NOT_STOPPED]: Exit.TIMED_OUT,
};

/** What the program ends with for an error. */
export function exitCodeOf(error: unknown): Exit {
  if (isInterruption(error)) return Exit.INTERRUPTED;
  if (error instanceof HostError && error.code === HostErrorCode.BUSY) return Exit.REFUSED;
  return (error instanceof NetworkError ? codes[error.code] : undefined) ?? Exit.FAILED;
}

/** Says it to people, with its code. */
export function tell(error: unknown): void {
  if (isInterruption(error)) process.stderr.write("interrupted\n");
  else process.stderr.write(`${codeOf(error)}: ${messageOf(error)}\n`);
}
