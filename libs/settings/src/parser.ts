/** Reads one setting's text. The texts that it takes are the same in flags, environment and files. */
export interface Parser<T> {
  /** Completes "expected …" and "give …": "a port, 0 to 65535". */
  readonly expected: string;
  /** The value, or `undefined` for a text that is not `expected`. The text is trimmed and may be empty. */
  read(text: string): T | undefined;
  /** The text that stands for `value` in help and explanations; `String(value)` if absent. */
  format?(value: T): string;
  /** What of a text that does not fit may be shown, if it may hold secrets; all of it if absent. */
  redact?(text: string): string;
  /** What to do about a text that is nearly `expected`, without repeating it; completes "…: " and is one line. */
  advise?(text: string): string | undefined;
  /** What a flag without a value means; absent if a flag needs one. */
  readonly bare?: string;
}

export function formatValue(parser: Parser<unknown>, value: unknown): string {
  return parser.format ? parser.format(value) : String(value);
}
