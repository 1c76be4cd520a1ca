import { CodedError } from "./coded-error.js";

export enum PrimitiveErrorCode {
  OUT_OF_RANGE = "PRIMITIVE_OUT_OF_RANGE",
  BAD_HEX = "PRIMITIVE_BAD_HEX",
  BAD_LENGTH = "PRIMITIVE_BAD_LENGTH",
}

export class PrimitiveError extends CodedError<PrimitiveErrorCode, { value: string; expected: string }> {}

/** Throws OUT_OF_RANGE: `what` names the unit, `expected` the range. */
export function outOfRange(what: string, value: unknown, expected: string): never {
  throw new PrimitiveError(PrimitiveErrorCode.OUT_OF_RANGE, `${String(value)} is no ${what}: give ${expected}`, {
    value: String(value),
    expected,
  });
}
