/** A line of somebody else's without what could drive a terminal or turn the direction of text. */
export function harmless(line: string): string {
  return line.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, char => (char === "\t" ? char : "\ufffd"));
}
