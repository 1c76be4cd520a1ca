import { Seconds, UnixSeconds, Wei } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";

/** A small deployment's parameters for tests: slots of 12 s, epochs of 4 slots, no rewards, `change` apart. */
export function buildParameters(change: Partial<RollupParameters> = {}): RollupParameters {
  return {
    genesisTime: UnixSeconds(1_700_000_000),
    slotDuration: Seconds(12),
    epochDuration: 4,
    committeeSize: 4,
    proposalLateness: 0,
    proofWindow: Seconds(96),
    challengeWindow: Seconds(96),
    capacity: 64,
    gasTarget: { l2: 100_000n, da: 10_000n },
    initialBaseFees: { perL2Gas: 1_000_000n, perDaGas: 1_000_000n },
    pendingReward: Wei(0n),
    provenReward: Wei(0n),
    proverShareBps: 5000,
    minimumStake: Wei(0n),
    exitGraceEpochs: 4,
    minimumDeposit: Wei(1n),
    openBootstrap: false,
    provingRight: "coordinator",
    ...change,
  };
}
