import { CodedError } from "./coded-error.js";

/** What a value can get wrong: its range, its hex digits, its number of bytes. */
export enum PrimitiveErrorCode {
  OUT_OF_RANGE = "PRIMITIVE_OUT_OF_RANGE",
  BAD_HEX = "PRIMITIVE_BAD_HEX",
  BAD_LENGTH = "PRIMITIVE_BAD_LENGTH",
}

/** A value that is not what its unit says; the payload shows it next to what was expected. */
export class PrimitiveError extends CodedError<PrimitiveErrorCode, { value: string; expected: string }> {}

/** @throws OUT_OF_RANGE: `what` names the unit, `expected` the range */
export function outOfRange(what: string, value: unknown, expected: string): never {
  throw new PrimitiveError(
    PrimitiveErrorCode.OUT_OF_RANGE,
    `${String(value)} is not a valid ${what}: give ${expected}`,
    { value: String(value), expected },
  );
}
