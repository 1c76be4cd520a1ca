import type { BlockNumber, Field } from "@sprtn/primitives";
import type { ChainDraft } from "./chain-draft.js";

/** The pending tip as L1 has it: on top of a bad block it is further than this node follows. */
export function l1TipOf({ chain, tip }: Pick<ChainDraft, "chain" | "tip">): {
  readonly number: BlockNumber;
  readonly archive: Field;
} {
  return chain.bad?.tip ?? { number: chain.pending.number, archive: tip.archive };
}
