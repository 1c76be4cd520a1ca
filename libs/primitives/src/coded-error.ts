/**
 * The base of every package's error class: a code from that package's enum, a payload for programs, a text that tells
 * people what to do.
 *
 * A package declares `class TxPoolError extends CodedError<TxPoolErrorCode, TxPoolErrorPayload> {}`.
 */
export class CodedError<Code extends string = string, Payload extends object = object> extends Error {
  // oxlint-disable-next-line max-params -- Error's own options come last, and few callers give them
  constructor(
    readonly code: Code,
    message: string,
    readonly payload: Payload = {} as Payload,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** `error`'s code, or `fallback` for one that carries none. */
export function codeOf(error: unknown, fallback = "UNEXPECTED"): string {
  return error instanceof CodedError ? error.code : fallback;
}

/** `error`'s payload, for what a port says by it; empty for an error that carries none. */
export function detailsOf(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof CodedError ? (error.payload as Readonly<Record<string, unknown>>) : {};
}

/** A text for logs, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
