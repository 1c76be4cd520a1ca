import { inHashOf } from "@sprtn/protocol";
import { BlockNumber } from "@sprtn/primitives";
import type { L1Block, L1BlockRef, L1ChainState, L1Reader } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import type { ChainDraft } from "../store/chain-draft.js";
import { l1TipOf } from "../store/l1-tip.js";
import type { L1Range, RangeContent } from "./read-range.js";

/**
 * Compares what was read with what L1 says of itself. A range with a hole in it is not taken; where an endpoint keeps
 * no state to compare with, the chain counts as doubtful until it can be compared.
 */
export class CompletenessCheck {
  #doubtful = true;

  constructor(private readonly l1: L1Reader) {}

  /**
   * Whether the events that were read are all there are: what they add up to is compared with the contracts' state
   * after the last block. An open range whose blocks' blooms rule out any event, and that had none, needs no
   * comparison. Where the endpoint keeps no state, blocks whose bloom allows for events and that had none are asked
   * again, one by one.
   *
   * @throws ArchiverError L1_EVENTS_MISSING
   */
  async range(draft: ChainDraft, { final }: L1Range, { blocks, events }: RangeContent): Promise<void> {
    if (!final && !this.#doubtful && events.length === 0 && blocks.every(block => block.eventless)) return;
    if (await this.chain(draft, blocks.at(-1) as L1Block)) return;
    this.#doubtful = true;
    // Finalized blocks are not asked for one by one: a hole in them shows in the state that comes after.
    if (final) return;
    const full = new Set(events.map(event => event.position.blockNumber));
    for (const { number, eventless } of blocks) {
      if (eventless || full.has(number) || (await this.l1.events(number, number)).length === 0) continue;
      throw eventsMissing(`L1 block ${number} showed no event at first`, { l1Block: number });
    }
  }

  /** Whether the chain was compared with the state after `block`, the last that was read. */
  async chain(draft: ChainDraft, block: L1BlockRef): Promise<boolean> {
    const state = await this.l1.stateAt(block);
    if (!state) return false;
    compare(draft, state, block);
    this.#doubtful = false;
    return true;
  }

  /** What was compared may not have been stored. */
  doubt(): void {
    this.#doubtful = true;
  }

  /** Compares the chain as it stands, if that is still to be done. @throws ArchiverError L1_EVENTS_MISSING */
  async rest(draft: ChainDraft): Promise<void> {
    const last = draft.l1Blocks.at(-1);
    if (!this.#doubtful || !last) return;
    const block = await this.l1.block(last.number);
    if (block?.hash === last.hash) await this.chain(draft, block);
  }
}

function compare(draft: ChainDraft, state: L1ChainState, { number: l1Block }: L1BlockRef): void {
  const tip = l1TipOf(draft);
  const after = `after L1 block ${l1Block}`;
  if (state.pending !== tip.number || state.archive !== tip.archive)
    throw eventsMissing(
      `${after} the rollup's tip is block ${state.pending}, but its events lead to ` +
        (state.pending === tip.number ? "a different block with that number" : `block ${tip.number}`),
      { block: state.pending, l1Block },
    );
  // Of a chain that this node does not follow to its tip, what is proven counts as far as it does.
  const proven = Math.min(state.proven, draft.chain.pending.number);
  if (proven !== draft.chain.proven.number)
    throw eventsMissing(
      `${after} block ${state.proven} is proven, but the events lead to proven block ${draft.chain.proven.number}`,
      { block: state.proven, l1Block },
    );
  state.inHashes.forEach((inHash, i) => {
    const block = BlockNumber(state.pending + 1 + i);
    if (inHash !== inHashOf(draft.read.subtree(block)))
      throw eventsMissing(`${after} block ${block} should consume messages that differ from those that were read`, {
        block,
        l1Block,
      });
  });
}
