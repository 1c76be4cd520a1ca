import { CodedError } from "@sprtn/primitives";

export enum CircuitErrorCode {
  CONSTRAINT = "CIRCUIT_CONSTRAINT",
  BAD_INPUTS = "CIRCUIT_BAD_INPUTS",
  BAD_CHILD = "CIRCUIT_BAD_CHILD",
}

export class CircuitError extends CodedError<CircuitErrorCode, { readonly constraint?: string }> {}

/** A constraint of a circuit's twin; `constraint` is the message that the Noir circuit gives too. */
export function constrain(holds: boolean, constraint: string): void {
  if (!holds) throw new CircuitError(CircuitErrorCode.CONSTRAINT, `constraint failed: ${constraint}`, { constraint });
}
