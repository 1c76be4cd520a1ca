import type { BlockNumber } from "@sprtn/primitives";
import { throwIfAborted } from "@sprtn/runtime";
import type { StateStore } from "@sprtn/ports";
import type { L2Block } from "@sprtn/protocol";
import { ArchiverError, ArchiverErrorCode } from "../archiver-error.js";
import { BlockFault } from "../block-fault.js";
import type { ChainReader } from "../store/chain-reader.js";
import type { ChainSnapshot } from "../store/chain-snapshot.js";
import { applyBlock } from "./apply-block.js";
import { applyFinalized } from "./apply-finalized.js";

/** Blocks read from the store at once. */
const READ_BLOCKS = 256;

/** Whether the state is that of `block`. */
export function isStateOf(state: StateStore, block: L2Block): boolean {
  const tip = state.tip();
  return tip.number === block.header.number && tip.archive === block.archive;
}

/** The world state, and the chain that it is of. */
export interface Stores {
  readonly state: StateStore;
  readonly stored: ChainReader;
}

/**
 * Brings the state to the stored pending tip, after a start or after something failed on the way: unwinds what is not
 * stored, applies again what is. A state whose oldest block is above
 * the stored chain stays as it is: the archiver reads those blocks from L1 again.
 *
 * @throws ArchiverError STATE_DIVERGED
 */
export async function reconcileState(
  stores: Stores,
  { chain, cursor }: ChainSnapshot,
  signal: AbortSignal,
): Promise<void> {
  const { state, stored } = stores;
  const pending = chain.pending.number;
  const onStoredChain = (): boolean => {
    const { number } = state.tip();
    return number <= pending && isStateOf(state, stored.knownBlock(number));
  };
  while (!onStoredChain() && state.tip().number > state.oldest())
    await state.unwind(Math.max(state.oldest(), Math.min(state.tip().number - 1, pending)) as BlockNumber);
  if (!onStoredChain()) return requireAhead(state, cursor.finalized.number);
  await replay(stores, { from: state.tip().number, finalized: cursor.finalized.number, pending }, signal);
  if (state.oldest() < cursor.finalized.number) await state.finalize(cursor.finalized.number);
}

/**
 * A state that is not on the stored chain is ahead of what is finalized there, or on another chain.
 * @throws ArchiverError STATE_DIVERGED
 */
export function requireAhead(state: StateStore, finalized: BlockNumber): void {
  if (state.tip().number <= finalized) throw stateDiverged(state);
}

export function stateDiverged(state: StateStore): ArchiverError {
  const { number } = state.tip();
  return new ArchiverError(
    ArchiverErrorCode.STATE_DIVERGED,
    `the world state is at a block ${number} that is not on L1's chain, and cannot go back: check that the data ` +
      "belongs to this deployment; if it does, delete the folder state of the data directory, and it will be " +
      "rebuilt from the archiver's data",
    { block: number },
  );
}

async function replay(
  { state, stored }: Stores,
  { from, finalized, pending }: { from: number; finalized: number; pending: number },
  signal: AbortSignal,
): Promise<void> {
  for (let first = from + 1; first <= pending;) {
    throwIfAborted("applying stored blocks", signal);
    // A batch is finalized as a whole, or not at all.
    const last = Math.min(first + READ_BLOCKS - 1, first <= finalized ? finalized : pending);
    const blocks = Array.from({ length: last - first + 1 }, (_, i) => stored.blockToApply((first + i) as BlockNumber));
    first = last + 1;
    try {
      if (last <= finalized) await applyFinalized(state, blocks);
      else for (const block of blocks) await applyBlock(state, block);
    } catch (cause) {
      throw rejectedNow(cause) ?? cause;
    }
  }
}

function rejectedNow(cause: unknown): ArchiverError | undefined {
  if (!(cause instanceof BlockFault)) return undefined;
  return new ArchiverError(
    ArchiverErrorCode.STATE_DIVERGED,
    `the world state rejects block ${cause.payload.block}, which it accepted before: delete the folder ` +
      "state of the data directory, and it will be rebuilt from the archiver's data",
    cause.payload,
    { cause },
  );
}
