import { addFields, type Field } from "@sprtn/primitives";
import type { CircuitName } from "@sprtn/protocol";
import { type CircuitInputs, encodeCircuitInputs, type RollupCircuit } from "@sprtn/state-transition/circuits";

/** One thing changed in inputs that satisfy a circuit, and the constraint that then fails. */
export interface Break {
  readonly circuit: CircuitName;
  readonly what: string;
  readonly constraint: string;
  /** Encoded. */
  readonly inputs: Uint8Array;
}

export function breakOf<Name extends RollupCircuit>(
  circuit: Name,
  [what, constraint]: readonly [what: string, constraint: string],
  inputs: CircuitInputs[Name],
): Break {
  return { circuit, what, constraint, inputs: encodeCircuitInputs(inputs) };
}

/** Another field than this one. */
export const another = (field: bigint): Field => addFields(field, 1n);

/** A path with one other sibling. */
export const otherPath = (path: readonly Field[], level = 0): Field[] => path.with(level, another(path[level]!));
