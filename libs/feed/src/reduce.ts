import { proposerIndex } from "@sprtn/consensus";
import { Slot } from "@sprtn/primitives";
import type { FeedEvent } from "./feed-event.js";
import { type BlockRow, type EpochRow, type FeedState, KEPT_SLOTS, type SlotRow } from "./feed-state.js";

/**
 * The state after an event. Of a slot that the state does not hold (any longer), an event changes nothing but the
 * number: nothing that arrives late or twice can make a state grow.
 */
export function reduce(state: FeedState, event: FeedEvent): FeedState {
  const next = { ...state, seq: event.seq, atMs: event.atMs };
  switch (event.t) {
    case "slot":
      return withSlot(next, event);
    case "epoch":
      return withEpoch(next, event.epoch);
    case "proposal":
      return change(next, event.slot, row =>
        row.proposal === undefined
          ? { ...row, proposal: { block: event.block, txs: event.txs, afterMs: event.afterMs } }
          : row,
      );
    case "attestation":
      return change(next, event.slot, row => {
        const known = new Set(row.attested.map(([member]) => member));
        return { ...row, attested: [...row.attested, ...event.from.filter(([member]) => !known.has(member))] };
      });
    case "step":
      return change(next, event.slot, row => {
        const { step, fromMs, toMs } = event;
        return { ...row, steps: [...row.steps.filter(one => one.step !== step), { step, fromMs, toMs }] };
      });
    case "own": {
      const { outcome, code, reason } = event;
      return change(next, event.slot, row => ({ ...row, own: { outcome, code, reason } }));
    }
    case "blocks":
      return withBlocks(next, event);
    case "tips":
      return { ...next, tips: event.tips };
    case "proofs":
      return { ...next, proofs: event.proofs };
    case "pool":
      return { ...next, pool: event.pool };
    case "peers":
      return { ...next, peers: event.peers };
    case "machine":
      return { ...next, machine: event.machine };
    case "fees":
      return { ...next, fees: event.fees };
    case "health":
      return { ...next, health: event.health };
    default:
      return next;
  }
}

function withSlot(state: FeedState, { slot }: Extract<FeedEvent, { t: "slot" }>): FeedState {
  const last = state.slots.at(-1)?.slot;
  if (last !== undefined && slot <= last) return state;
  const row: SlotRow = { slot, proposer: proposerIn(state.epochs, slot, state), attested: [], steps: [], blocks: [] };
  // After a gap, of a machine that slept, the lanes begin anew.
  const earlier = last === slot - 1 ? state.slots : [];
  const slots = [...earlier, row].slice(-KEPT_SLOTS);
  return { ...state, slots, epochs: stillShown(state.epochs, slots, state) };
}

function withEpoch(state: FeedState, row: EpochRow): FeedState {
  const others = state.epochs.filter(({ epoch }) => epoch !== row.epoch);
  const epochs = stillShown([...others, row], state.slots, state).toSorted((a, b) => a.epoch - b.epoch);
  const slots = state.slots.map(one => ({ ...one, proposer: proposerIn(epochs, one.slot, state) }));
  return { ...state, epochs, slots };
}

/** Nobody asks for the committees of slots that are not shown. */
function stillShown(
  epochs: readonly EpochRow[],
  slots: readonly SlotRow[],
  { rules }: Pick<FeedState, "rules">,
): readonly EpochRow[] {
  const of = (row: SlotRow | undefined) => Math.floor((row?.slot ?? -1) / rules.epochDuration);
  return epochs.filter(({ epoch }) => epoch >= of(slots[0]) && epoch <= of(slots.at(-1)));
}

function proposerIn(epochs: readonly EpochRow[], slot: number, { rules }: Pick<FeedState, "rules">): string | null {
  const row = epochs.find(({ epoch }) => epoch === Math.floor(slot / rules.epochDuration));
  return row === undefined || row.committee.length === 0
    ? null
    : (row.committee[proposerIndex(Slot(slot), row.committee.length)] ?? null);
}

function withBlocks(state: FeedState, event: Extract<FeedEvent, { t: "blocks" }>): FeedState {
  const removed = new Set(event.removed);
  const { cause = "reorg" } = event;
  const without = state.slots.map(row =>
    row.blocks.some(({ hash }) => removed.has(hash))
      ? { ...row, blocks: row.blocks.map(block => (removed.has(block.hash) ? { ...block, removed: cause } : block)) }
      : row,
  );
  let next: FeedState = { ...state, slots: without };
  for (const block of event.added)
    next = change(next, block.slot, row => ({ ...row, blocks: withBlock(row.blocks, block) }));
  return next;
}

/** One that comes back after a reorg stands again. */
function withBlock(blocks: readonly BlockRow[], block: BlockRow): readonly BlockRow[] {
  return [...blocks.filter(({ hash }) => hash !== block.hash), block].slice(-MAX_BLOCKS_OF_SLOT);
}

/** An L1 that reorganises on and on must not make a row grow. */
const MAX_BLOCKS_OF_SLOT = 4;

function change(state: FeedState, slot: number, to: (row: SlotRow) => SlotRow): FeedState {
  const index = slot - (state.slots[0]?.slot ?? slot + 1);
  const row = state.slots[index];
  return row === undefined ? state : { ...state, slots: state.slots.with(index, to(row)) };
}
