import type { FieldHasher } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import { blockRootCircuit } from "./block-root.js";
import type { SingleBlock } from "./circuit-inputs.js";
import type { RangePublicInputs } from "./public-inputs.js";
import { txBaseCircuit } from "./tx-base.js";

/**
 * Tx base and block root in one: no proof is made of the one to be verified by the other. Takes few messages: they are
 * dear (a third of a proof for 16).
 */
export function singleBlockCircuit(hasher: FieldHasher, { base, root }: SingleBlock): RangePublicInputs {
  return blockRootCircuit(hasher, root, {
    spans: [txBaseCircuit(hasher, base)],
    maxMessages: constants.MESSAGES_OF_SINGLE_BLOCK,
  });
}
