import { type Epoch, type Slot, UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { epochEnd, lastSlot, slotAt } from "./time.js";

type WindowParameters = Pick<
  RollupParameters,
  "genesisTime" | "slotDuration" | "epochDuration" | "proofWindow" | "challengeWindow"
>;

/**
 * PROV-2: until D1 only the holder of the proving right may prove an epoch, from D1 to D2 anyone may; after D2 it can
 * be pruned (PROV-4).
 */
export function provingDeadlines(
  parameters: WindowParameters,
  epoch: Epoch,
): { readonly d1: UnixSeconds; readonly d2: UnixSeconds } {
  const d1 = epochEnd(parameters, epoch) + parameters.proofWindow;
  return { d1: UnixSeconds(d1), d2: UnixSeconds(d1 + parameters.challengeWindow) };
}

/** PROV-1: no more blocks can come for `epoch`. */
export function isEpochOver(
  parameters: Pick<RollupParameters, "epochDuration" | "proposalLateness">,
  epoch: Epoch,
  currentSlot: Slot,
): boolean {
  return currentSlot > lastSlot(parameters, epoch) + parameters.proposalLateness;
}

/** Where an epoch stands on L1's clock: before its end, before D1, before D2, after D2 (PROV-2, PROV-4). */
export type ProvingPhase = "too-early" | "right-holder" | "anyone" | "prunable";

/** Who may prove `epoch` at L1 time `at` (PROV-1, PROV-2, PROV-4). @throws ConsensusError BEFORE_GENESIS */
export function provingPhase(
  parameters: WindowParameters & Pick<RollupParameters, "proposalLateness">,
  epoch: Epoch,
  at: UnixSeconds,
): ProvingPhase {
  if (!isEpochOver(parameters, epoch, slotAt(parameters, at))) return "too-early";
  const { d1, d2 } = provingDeadlines(parameters, epoch);
  if (at < d1) return "right-holder";
  return at <= d2 ? "anyone" : "prunable";
}
