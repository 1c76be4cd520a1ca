/** What a proposer knows when its slot begins. */
export interface BuildSituation {
  readonly pendingTxs: number;
  /** Some L1→L2 message is in no block yet (MSG-1). */
  readonly messageWaits: boolean;
  readonly secondsSinceLastBlock: number;
}

/** When the operator wants blocks: counts of transactions, and seconds. */
export interface BuildRules {
  readonly minTxPerBlock: number;
  readonly minSecondsBetweenBlocks: number;
  readonly maxSecondsBetweenBlocks: number;
}

/**
 * A block is built for enough transactions, a waiting message, or when the last one is old enough; never too
 * soon after it.
 */
export function shouldBuild(situation: BuildSituation, rules: BuildRules): boolean {
  if (situation.secondsSinceLastBlock < rules.minSecondsBetweenBlocks) return false;
  if (situation.pendingTxs >= Math.max(1, rules.minTxPerBlock) || situation.messageWaits) return true;
  if (rules.minTxPerBlock === 0) return true;
  return rules.maxSecondsBetweenBlocks > 0 && situation.secondsSinceLastBlock >= rules.maxSecondsBetweenBlocks;
}
