import { presets, withDerived } from "@sprtn/deployment";
import { Seconds, UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";

/** Slots of 4 s and epochs of 4 of them: with four validators each proposes once an epoch. */
export const SLOT_SECONDS = 4;
export const EPOCH_SLOTS = 4;
export const VALIDATORS = 4;
/** Deploying and starting the processes takes about as long. */
const STARTUP_SECONDS = 12;

export interface ShortTimes {
  readonly proofSeconds: number;
  readonly challengeSeconds: number;
  readonly slotSeconds?: number;
  readonly epochSlots?: number;
}

export function shortParameters(
  { proofSeconds, challengeSeconds, slotSeconds = SLOT_SECONDS, epochSlots = EPOCH_SLOTS }: ShortTimes,
  nowMs: number,
): RollupParameters {
  return {
    ...withDerived({
      ...presets.local.parameters,
      slotDuration: Seconds(slotSeconds),
      epochDuration: epochSlots,
      committeeSize: VALIDATORS,
      proofWindow: Seconds(proofSeconds),
      challengeWindow: Seconds(challengeSeconds),
    }),
    // Slot 1, the first that can hold a block, begins then.
    genesisTime: UnixSeconds(Math.floor(nowMs / 1000) + STARTUP_SECONDS - slotSeconds),
  };
}
