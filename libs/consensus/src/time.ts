import { Epoch, Seconds, Slot, UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { ConsensusError, ConsensusErrorCode } from "./consensus-error.js";

/** What time is counted by (TIME-1). */
export type TimeParameters = Pick<RollupParameters, "genesisTime" | "slotDuration" | "epochDuration">;

/** TIME-1: `⌊(t − genesisTime) / slotDuration⌋`. @throws ConsensusError BEFORE_GENESIS */
export function slotAt(time: TimeParameters, at: UnixSeconds): Slot {
  if (at < time.genesisTime) {
    throw new ConsensusError(
      ConsensusErrorCode.BEFORE_GENESIS,
      `${at} is before genesis at ${time.genesisTime}: wait until the network starts, or check the clock`,
    );
  }
  return Slot(Math.floor((at - time.genesisTime) / time.slotDuration));
}

/** TIME-1: `⌊slot / epochDuration⌋`. */
export function epochOf(time: Pick<TimeParameters, "epochDuration">, slot: Slot): Epoch {
  return Epoch(Math.floor(slot / time.epochDuration));
}

/** The epoch of the slot at L1 time `at`. @throws ConsensusError BEFORE_GENESIS */
export function epochAt(time: TimeParameters, at: UnixSeconds): Epoch {
  return epochOf(time, slotAt(time, at));
}

/** First second of `slot`: the timestamp of its block (PEND-2). */
export function slotStart(time: TimeParameters, slot: Slot): UnixSeconds {
  return UnixSeconds(time.genesisTime + slot * time.slotDuration);
}

/** First second after `slot`. */
export function slotEnd(time: TimeParameters, slot: Slot): UnixSeconds {
  return UnixSeconds(slotStart(time, slot) + time.slotDuration);
}

/** The epoch's first slot; for epoch 0 that is slot 0, which has no block. */
export function firstSlot(time: Pick<TimeParameters, "epochDuration">, epoch: Epoch): Slot {
  return Slot(epoch * time.epochDuration);
}

/** The epoch's last slot, included in it. */
export function lastSlot(time: Pick<TimeParameters, "epochDuration">, epoch: Epoch): Slot {
  return Slot((epoch + 1) * time.epochDuration - 1);
}

/** First second after `epoch`. */
export function epochEnd(time: TimeParameters, epoch: Epoch): UnixSeconds {
  return slotEnd(time, lastSlot(time, epoch));
}

/** Seconds of an epoch. */
export function epochSeconds(time: Pick<TimeParameters, "slotDuration" | "epochDuration">): Seconds {
  return Seconds(time.slotDuration * time.epochDuration);
}
