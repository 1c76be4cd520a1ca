/** How a value is spoilt. Where one does not apply, the whole result is text. */
export const malformations = [
  "text",
  "object",
  "array",
  "negative",
  "huge",
  "short-hash",
  "long-hash",
  "no-topics",
  "nothing",
] as const;

/** A way to spoil a value. */
export type Malformation = (typeof malformations)[number];

const TEXT = "banana";
/** Of more than 256 bits. */
const HUGE = `0x1${"00".repeat(32)}`;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isHash = (value: unknown): value is string => typeof value === "string" && /^0x[0-9a-f]{64}$/i.test(value);
const isQuantity = (value: unknown): boolean => typeof value === "string" && /^0x[0-9a-f]{1,16}$/i.test(value);

/** A result as no working endpoint gives it, inside of an answer that is otherwise right. */
export function malformed(result: unknown, how: Malformation): unknown {
  const spoilt = spoil(result, how);
  return JSON.stringify(spoilt) === JSON.stringify(result) ? TEXT : spoilt;
}

function spoil(result: unknown, how: Malformation): unknown {
  switch (how) {
    case "text":
      return each(result, isQuantity, () => TEXT);
    case "object":
      return {};
    case "array":
      return Array.isArray(result) ? [[]] : [];
    case "negative":
      return each(result, isQuantity, () => "-0x1");
    case "huge":
      return each(result, isQuantity, () => HUGE);
    case "short-hash":
      return each(result, isHash, hash => String(hash).slice(0, -2));
    case "long-hash":
      return each(result, isHash, hash => `${String(hash)}00`);
    case "no-topics":
      return each(
        result,
        (_, name) => name === "topics",
        () => [],
      );
    case "nothing":
      return each(
        result,
        value => value !== null,
        () => null,
      );
  }
}

/** A value, or an object's fields, or those of each object in a list, changed where they fit. */
function each(
  result: unknown,
  fits: (value: unknown, name: string) => boolean,
  change: (value: unknown) => unknown,
): unknown {
  if (Array.isArray(result)) return result.map(item => (isFields(item) ? each(item, fits, change) : item));
  if (!isFields(result)) return fits(result, "") ? change(result) : result;
  return Object.fromEntries(
    Object.entries(result).map(([name, value]) => [name, fits(value, name) ? change(value) : value]),
  );
}
