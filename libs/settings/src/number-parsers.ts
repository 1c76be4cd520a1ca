import type { Parser } from "./parser.js";

/** Bounds of a number, both included; absent: none. */
export interface Range<N extends number | bigint = number> {
  readonly min?: N;
  readonly max?: N;
}

/** " from A to B", " of at least A", " of at most B" or nothing. */
export function rangeText<N extends number | bigint>({ min, max }: Range<N>): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? "" : ` of at most ${max}`;
}

export function inRange<N extends number | bigint>(value: N, { min, max }: Range<N>): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** A whole number that a double holds exactly; underscores may part its digits. */
export function integer(range: Range = {}): Parser<number> {
  return {
    expected: `a whole number${rangeText(range)}`,
    read(text) {
      if (!/^-?\d+(_\d+)*$/.test(text)) return undefined;
      const value = Number(text.replaceAll("_", ""));
      return Number.isSafeInteger(value) && inRange(value, range) ? value : undefined;
    },
  };
}

/** A whole number of any size. */
export function bigInteger(range: Range<bigint> = {}): Parser<bigint> {
  return {
    expected: `a whole number${rangeText(range)}`,
    read(text) {
      if (!/^-?\d+(_\d+)*$/.test(text)) return undefined;
      const value = BigInt(text.replaceAll("_", ""));
      return inRange(value, range) ? value : undefined;
    },
  };
}

/** A number with or without a fraction: 0.02, 10. */
export function decimal(range: Range = {}): Parser<number> {
  return {
    expected: `a number${rangeText(range)}`,
    read(text) {
      if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
      const value = Number(text);
      return Number.isFinite(value) && inRange(value, range) ? value : undefined;
    },
  };
}

/** A TCP or UDP port; 0 lets the system choose a free one. */
export const port: Parser<number> = {
  ...integer({ min: 0, max: 65_535 }),
  expected: "a port, 0 to 65535 (0: any free one)",
};
