import { packFields } from "@sprtn/merkle-trees";
import { Field, type FieldHasher, ZERO_FIELD } from "@sprtn/primitives";
import {
  balanceSlot,
  type L2Block,
  NO_ENCRYPTED_NOTES,
  NO_WRITE,
  type PublicDataWrite,
  type RollupParameters,
  type TxEffect,
} from "@sprtn/protocol";
import { applyGenesis, type RollupState } from "@sprtn/state-transition";

/** What a genesis with balances is made of. */
interface BalanceGenesis {
  /** Wei by L2 address. */
  readonly balances: ReadonlyMap<Field, bigint>;
  readonly parameters: RollupParameters;
  readonly hasher: FieldHasher;
}

/** Writes public balances to an empty `state` and applies genesis; the block shows them as writes to its readers. */
export function applyBalanceGenesis(state: RollupState, { balances, parameters, hasher }: BalanceGenesis): L2Block {
  const writes = [...balances].map(([address, wei]) => ({ slot: balanceSlot(hasher, address), value: Field(wei) }));
  if (writes.length > 0) state.publicData.write(packFields(writes.flatMap(({ slot, value }) => [slot, value])));
  return { ...applyGenesis(state, parameters), effects: writes.map(writing) };
}

/** An effect of no transaction. */
function writing(write: PublicDataWrite): TxEffect {
  return {
    txHash: ZERO_FIELD,
    reverted: false,
    fee: 0n,
    nullifiers: [ZERO_FIELD, ZERO_FIELD],
    noteHashes: [ZERO_FIELD, ZERO_FIELD],
    writes: [write, NO_WRITE, NO_WRITE, NO_WRITE],
    l2ToL1Message: ZERO_FIELD,
    encryptedNotes: NO_ENCRYPTED_NOTES,
  };
}
