import { costOf, type Gas, type GasFees, tipsPerGas, type Tx } from "@sprtn/protocol";

/** The score of a transaction whose maximum fees do not reach the base fees: it waits, and is the first to go. */
export const NOT_INCLUDABLE = -1n;

const SCALE_BITS = 32n;

/**
 * TX-2: the tip that a proposer earns with the transaction for each unit of its gas, of both kinds together; in wei /
 * 2^32.
 */
export function scoreOf(tx: Tx, gas: Gas, baseFees: GasFees): bigint {
  const { maxFees } = tx.inputs.gas;
  if (maxFees.perL2Gas < baseFees.perL2Gas || maxFees.perDaGas < baseFees.perDaGas) return NOT_INCLUDABLE;
  return (costOf(gas, tipsPerGas(tx.inputs.gas, baseFees)) << SCALE_BITS) / (gas.l2 + gas.da);
}

const REPLACEMENT_PERCENT = 110n;

/** Whether a score is at least 10 % higher, and higher at all. */
export function outbids(score: bigint, other: bigint): boolean {
  return score > other && score * 100n >= other * REPLACEMENT_PERCENT;
}
