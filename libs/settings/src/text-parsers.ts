import { hasControlCharacters } from "./control-characters.js";
import type { Parser } from "./parser.js";
import { formatValue } from "./parser.js";

/** Any text that is not empty and without control characters; `what` says what it stands for: "a directory". */
export function text(what = "a text"): Parser<string> {
  return {
    expected: what,
    read: value => (value === "" || hasControlCharacters(value) ? undefined : value),
    advise: value => (hasControlCharacters(value) ? "leave out line breaks and other control characters" : undefined),
  };
}

const truths = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

/** A flag without a value means true. */
export const boolean: Parser<boolean> = {
  expected: "true or false",
  bare: "true",
  read: value => truths.get(value.toLowerCase()),
};

/** One of a few words. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]): Parser<Choice> {
  return { expected: `one of ${choices.join(", ")}`, read: value => choices.find(choice => choice === value) };
}

/** Values with commas between them; spaces around them do not count. */
export function list<T>(
  item: Parser<T>,
  size: { readonly min?: number; readonly max?: number } = {},
): Parser<readonly T[]> {
  const { min = 0, max = 1000 } = size;
  const { redact, advise } = item;
  const least = min > 0 ? `, at least ${min}` : "";
  return {
    // What should have been escaped may be a comma in a password: then the list is one text.
    ...(redact && { redact: value => (value.includes("@") ? [value] : value.split(",")).map(redact).join(",") }),
    ...(advise && {
      advise: value =>
        value
          .split(",")
          .map(part => advise(part.trim()))
          .find(Boolean),
    }),
    expected: `a comma-separated list, each ${item.expected}${least}`,
    read(value) {
      const items = value === "" ? [] : value.split(",").map(part => item.read(part.trim()));
      if (items.length < min || items.length > max || items.includes(undefined)) return undefined;
      return items as T[];
    },
    format: values => (values.length === 0 ? "none" : values.map(value => formatValue(item, value)).join(",")),
  };
}
