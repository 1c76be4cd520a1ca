import type { Parser } from "@sprtn/settings";

/** Validators by their numbers, both included. */
export interface DenseRange {
  readonly first: number;
  readonly last: number;
}

/** More than one process can run; a number below 2^16 names a validator's part of the store. */
const MAX_NUMBER = 9_999;

/** "0..63" */
export const denseRange: Parser<DenseRange> = {
  expected: `a range of validators such as 0..63, numbers up to ${MAX_NUMBER}`,
  read(text) {
    const match = /^(\d{1,4})\.\.(\d{1,4})$/.exec(text);
    if (match === null) return undefined;
    const [first, last] = [Number(match[1]), Number(match[2])];
    return first <= last ? { first, last } : undefined;
  },
  format: ({ first, last }) => `${first}..${last}`,
};
