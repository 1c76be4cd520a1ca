/** Characters that move a terminal's cursor, colour it, end a line or turn the direction of text. */
const control = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** Whether a text holds characters that a log or a terminal would obey instead of showing them. */
export function hasControlCharacters(text: string): boolean {
  return text.search(control) >= 0;
}

/** The text with such characters written out, as in `\u001b`. */
export function withoutControlCharacters(text: string): string {
  return text.replace(control, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
