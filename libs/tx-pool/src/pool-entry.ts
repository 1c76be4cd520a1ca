import { CallKind, constants, type Gas, gasOf, type GasFees, MAX_TX_BYTES, maxFeeOf, type Tx } from "@sprtn/protocol";
import { scoreOf } from "./score-of.js";

/** A transaction in the pool, with what its rules ask for again and again. */
export interface PoolEntry {
  readonly tx: Tx;
  /** Counts up with every admission: the tie-break between equal scores. */
  readonly arrival: number;
  /** Of its wire form. */
  readonly bytes: number;
  readonly gas: Gas;
  /** What its fee payer's public balance must cover, wei; 0 if the fee comes out of notes. */
  readonly due: bigint;
  /** What it pays into its fee payer's public balance before the fee is charged, wei (TX-3). */
  readonly credit: bigint;
  /** Under the base fees of the next block. */
  score: bigint;
  /** It came from the network, or the network has it. */
  submitted: boolean;
}

const BYTES_WITHOUT_PROOF = MAX_TX_BYTES - constants.MAX_PROOF_BYTES;

export function createPoolEntry(
  tx: Tx,
  place: { readonly arrival: number; readonly baseFees: GasFees; readonly submitted: boolean },
): PoolEntry {
  const { inputs } = tx;
  const gas = gasOf(inputs);
  const paysItself = inputs.call.kind === CallKind.DEPOSIT && inputs.call.target === inputs.feePayer;
  return {
    tx,
    arrival: place.arrival,
    bytes: BYTES_WITHOUT_PROOF + tx.proof.length,
    gas,
    due: inputs.feePayer === 0n ? 0n : maxFeeOf(inputs.gas),
    credit: paysItself ? inputs.call.amount : 0n,
    score: scoreOf(tx, gas, place.baseFees),
    submitted: place.submitted,
  };
}
