import { Epoch, UnixSeconds } from "@sprtn/primitives";
import { constants } from "@sprtn/protocol";
import { ConsensusError, ConsensusErrorCode } from "./consensus-error.js";
import { epochAt, type TimeParameters } from "./time.js";

/**
 * The last epoch whose set and seed can change no more, as an L1 block of time `at` has it. An epoch is fixed by the
 * touch two epochs before it (SEED-1), by a later touch that finds it skipped, or by its own beginning; its set is
 * fixed by then (SET-3). `touchedPlusOne` is 1 + the last epoch in which the Rollup was touched, 0 for none.
 */
export function lastFixedEpoch(time: TimeParameters, at: UnixSeconds, touchedPlusOne: number): Epoch {
  const current = epochAt(time, UnixSeconds(Math.max(at, time.genesisTime)));
  return Epoch(Math.max(current, touchedPlusOne - 1 + constants.RANDAO_LAG_EPOCHS));
}

/** @throws ConsensusError NOT_FIXED when `epoch` comes after `lastFixed` */
export function assertFixed(epoch: Epoch, lastFixed: Epoch): void {
  if (epoch <= lastFixed) return;
  throw new ConsensusError(
    ConsensusErrorCode.NOT_FIXED,
    `the committee of epoch ${epoch} is not fixed yet; the last fixed one is that of epoch ${lastFixed}: ask again ` +
      `closer to epoch ${epoch}`,
    { epoch, lastFixed },
  );
}
