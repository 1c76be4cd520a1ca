/** JSON in which integers of any size are `#` and hex digits. */
export function encodeState(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `#${part.toString(16)}` : part));
}

/**
 * The inverse of {@link encodeState}; throws SyntaxError for what is none. The caller knows the shape: it wrote it, or
 * it authenticated it.
 */
export function decodeState<T extends object>(text: string): T {
  return JSON.parse(text, (_, part: unknown) =>
    typeof part === "string" && part.startsWith("#") ? BigInt(`0x${part.slice(1)}`) : part,
  ) as T;
}
