import { Field, ZERO_FIELD } from "@sprtn/primitives";
import { CallKind, constants, type Gas, gasOf, type RollupParameters } from "@sprtn/protocol";

type Windows = Pick<RollupParameters, "slotDuration" | "epochDuration" | "proofWindow" | "challengeWindow">;

/**
 * PEND-7: records enough for every block that can be unproven before a prune is due, as the Rollup's constructor counts
 * them.
 */
export function minimumCapacity({ slotDuration, epochDuration, proofWindow, challengeWindow }: Windows): number {
  return epochDuration + Math.ceil((proofWindow + challengeWindow) / slotDuration) + 2;
}

/** SET-2: the lag of sets plus the proving windows, in epochs. */
export function minimumExitGrace({ slotDuration, epochDuration, proofWindow, challengeWindow }: Windows): number {
  return constants.SET_LAG_EPOCHS + Math.ceil((proofWindow + challengeWindow) / (slotDuration * epochDuration));
}

/** Gas of the costliest transaction without teardown gas: every note, the fee from a public balance, the worst call. */
export function costliestTx(): Gas {
  const gas = {
    l2GasLimit: 0,
    daGasLimit: 0,
    l2TeardownGasLimit: 0,
    daTeardownGasLimit: 0,
    maxFees: { perL2Gas: 0n, perDaGas: 0n },
    priorityFees: { perL2Gas: 0n, perDaGas: 0n },
  };
  const kinds = Object.values(CallKind).filter((kind): kind is CallKind => typeof kind === "number");
  const costs = kinds.map(kind =>
    gasOf({
      call: { kind, target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD },
      noteHashes: [Field(1), Field(1)],
      feePayer: Field(1),
      gas,
    }),
  );
  const most = (pick: (cost: Gas) => bigint) => costs.map(pick).reduce((a, b) => (a > b ? a : b));
  return { l2: most(cost => cost.l2), da: most(cost => cost.da) };
}

/** TX-2: the target whose double, the block limit, holds `maxTxs` of the costliest transactions. */
export function gasTargetFor(maxTxs: number): Gas {
  const half = (gas: bigint) => (BigInt(maxTxs) * gas + 1n) / 2n;
  const { l2, da } = costliestTx();
  return { l2: half(l2), da: half(da) };
}

/** `parameters` with the capacity and the exit grace that their times call for; needed after a time was changed. */
export function withDerived<P extends Windows>(
  parameters: P,
): P & Pick<RollupParameters, "capacity" | "exitGraceEpochs"> {
  // An epoch more than the least: a prune that comes late finds room.
  return {
    ...parameters,
    capacity: minimumCapacity(parameters) + parameters.epochDuration,
    exitGraceEpochs: minimumExitGrace(parameters),
  };
}
