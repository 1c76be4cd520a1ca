import {
  concatBytes,
  type EthAddress,
  type Field,
  fromHex,
  sha256ToField,
  type Slot,
  uintToBytes,
} from "@sprtn/primitives";
import type { Gas } from "@sprtn/protocol";
import type { RollupState } from "@sprtn/state-transition";

const U128 = 2n ** 128n;
/** A transaction's priority fees are below this, wei per gas. */
const U64 = 2n ** 64n;

export interface FeeRecipientWanted {
  /** FEE_RECIPIENT, or the account derived from the validator's key. */
  readonly wanted: Field;
  readonly coinbase: EthAddress;
  readonly slot: Slot;
  readonly gasTarget: Gas;
}

/**
 * TX-3: who gets the tips of the next block on `state`. An account whose balance they could lift to 2^128 wei would
 * keep every transaction with a tip out of the block: then they go to an address that nobody owns, a different one in
 * each slot, so that nobody can fill it in advance. The proposer loses its tips, its users lose nothing. See ADR 0037.
 */
export function chooseFeeRecipient(
  state: Pick<RollupState, "publicBalance">,
  { wanted, coinbase, slot, gasTarget }: FeeRecipientWanted,
): { readonly feeRecipient: Field; readonly isWanted: boolean } {
  const mostTips = U64 * 2n * (gasTarget.l2 + gasTarget.da);
  if (state.publicBalance(wanted) + mostTips < U128) return { feeRecipient: wanted, isWanted: true };
  return { feeRecipient: nobody(coinbase, slot), isWanted: false };
}

function nobody(coinbase: EthAddress, slot: Slot): Field {
  const name = new TextEncoder().encode("sprtn.tips-for-nobody");
  return sha256ToField(concatBytes(name, fromHex(coinbase), uintToBytes(slot, 4)));
}
