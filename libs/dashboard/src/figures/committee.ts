import type { EpochRow, FeedState, SlotRow } from "@sprtn/feed";
import { standing } from "./lanes.js";
import { epochOf } from "./time.js";

/** The committee that a slot belongs to, if it is known. */
export function committeeOf(state: FeedState, slot: number): EpochRow | undefined {
  const epoch = epochOf(state.rules, slot);
  return state.epochs.find(one => one.epoch === epoch);
}

/** COM-2, of a slot whose committee is known. */
export function proposerOf(slot: number, committee: readonly string[]): string | null {
  return committee[slot % committee.length] ?? null;
}

/** When the last attestation that a quorum needs arrived, ms into the slot; null before, or if nobody need attest. */
export function quorumMs(row: SlotRow, quorum: number): number | null {
  if (quorum === 0) return null;
  const times = row.attested.map(([, afterMs]) => afterMs).toSorted((a, b) => a - b);
  return times[quorum - 1] ?? null;
}

/** Whether members could attest in a slot, and this node heard any of them. */
export function wasAsked(row: SlotRow): boolean {
  return row.attested.length > 0 && (row.proposal !== undefined || row.blocks.length > 0);
}

/** Slots that are over, newest first. */
function finished(state: FeedState, currentSlot: number): readonly SlotRow[] {
  return state.slots.filter(row => row.slot < currentSlot).toReversed();
}

/** Duties in a row after whose neglect a member counts as silent. */
const SILENT_AFTER = 3;

/** Members of the current committee that neglected their last three duties, though others were heard. */
export function silentMembers(state: FeedState, currentSlot: number): readonly string[] {
  const current = state.epochs.at(-1);
  if (current === undefined) return [];
  const asked = finished(state, currentSlot).filter(wasAsked);
  return current.committee.filter(member => {
    let neglected = 0;
    for (const row of asked) {
      const committee = committeeOf(state, row.slot)?.committee ?? [];
      const index = committee.indexOf(member);
      if (index < 0) continue;
      if (row.proposer === member || row.attested.some(([one]) => one === index)) return false;
      if (++neglected === SILENT_AFTER) return true;
    }
    return false;
  });
}

/** The newest finished slot with a proposal, if that found no quorum and no block. */
export function slotWithoutQuorum(state: FeedState, currentSlot: number): { row: SlotRow; quorum: number } | undefined {
  const row = finished(state, currentSlot).find(one => one.proposal !== undefined || one.blocks.length > 0);
  if (row === undefined || standing(row) !== undefined || row.proposal === undefined) return undefined;
  const quorum = committeeOf(state, row.slot)?.quorum ?? 0;
  return quorum > row.attested.length ? { row, quorum } : undefined;
}

/** The next slot that a member proposes in, as far as committees are known; null if none is. */
export function nextProposal(state: FeedState, member: string, currentSlot: number): number | null {
  for (const { epoch, committee } of state.epochs) {
    if (committee.length === 0) continue;
    const first = Math.max(epoch * state.rules.epochDuration, currentSlot + 1);
    const end = (epoch + 1) * state.rules.epochDuration;
    for (let slot = first; slot < end; slot++) if (proposerOf(slot, committee) === member) return slot;
  }
  return null;
}
