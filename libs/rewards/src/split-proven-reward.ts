import { Wei } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";

/**
 * One proven block's reward: the prover's share rounds down, the rest is the proposer's; the parts add up to the whole.
 */
export function splitProvenReward(parameters: Pick<RollupParameters, "provenReward" | "proverShareBps">): {
  readonly toProver: Wei;
  readonly toCoinbase: Wei;
} {
  const toProver = (parameters.provenReward * BigInt(parameters.proverShareBps)) / 10_000n;
  return { toProver: Wei(toProver), toCoinbase: Wei(parameters.provenReward - toProver) };
}
