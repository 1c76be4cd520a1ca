import { CodedError } from "@sprtn/primitives";

/** A constraint that does not hold, inputs of another form, a child whose proof or key is wrong. */
export enum CircuitErrorCode {
  CONSTRAINT = "CIRCUIT_CONSTRAINT",
  BAD_INPUTS = "CIRCUIT_BAD_INPUTS",
  BAD_CHILD = "CIRCUIT_BAD_CHILD",
}

/** Thrown by the circuits' twins where the Noir circuit would have no witness. */
export class CircuitError extends CodedError<CircuitErrorCode, { readonly constraint?: string }> {}

/** A constraint of a circuit's twin; `constraint` is the message that the Noir circuit gives too. */
export function constrain(holds: boolean, constraint: string): asserts holds {
  if (!holds) throw new CircuitError(CircuitErrorCode.CONSTRAINT, `constraint failed: ${constraint}`, { constraint });
}
