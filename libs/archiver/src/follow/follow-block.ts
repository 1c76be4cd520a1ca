import { type BlockNumber, CodedError, type Field, sha256ToField } from "@sprtn/primitives";
import type { L1Position } from "@sprtn/ports";
import { type BlockHeader, decodeHeader, inHashOf } from "@sprtn/protocol";
import { eventsMissing } from "../archiver-error.js";
import { BlockFault, BlockFaultCode, isCheckedByL1 } from "../block-fault.js";
import { type BlockProposed, validateBlock } from "../validate-block.js";
import { applyBlock } from "../state/apply-block.js";
import type { ChainDraft } from "../store/chain-draft.js";
import { l1TipOf } from "../store/l1-tip.js";
import type { Following } from "./following.js";

/** PEND-8: takes a block from L1, or stops below it if it breaks a rule. @throws ArchiverError L1_EVENTS_MISSING */
export async function followBlock(following: Following, event: BlockProposed): Promise<void> {
  const { draft, state, parameters, waiting, logger } = following;
  if (isKnown(draft, event)) return;
  const { bad } = draft.chain;
  const tip = l1TipOf(draft);
  // PEND-1: L1 takes no other number, so what lies between, or the prune before it, is missing.
  if (event.number !== tip.number + 1)
    throw eventsMissing(`block ${event.number} came after block ${tip.number}`, {
      block: event.number,
      l1Block: event.position.blockNumber,
    });
  const messages = draft.read.subtree(event.number);
  if (bad) {
    // On top of a bad block nothing can be judged; L1 will prune it together with the bad one.
    requireLinks(event, { archive: tip.archive, messages });
    draft.change({ bad: { ...bad, tip: { number: event.number, archive: event.archive } } });
    return logger.debug("ignoring a block on top of a rejected one", { block: event.number });
  }
  try {
    const block = validateBlock({ event, parent: draft.tip, messages, parameters });
    if (block.effects.some(effect => draft.read.tx(effect.txHash)))
      throw new BlockFault(
        BlockFaultCode.TX_TWICE,
        `block ${event.number}: it contains a transaction of an earlier block`,
        { block: event.number },
      );
    if (waiting) waiting.push({ block, messages });
    else await applyBlock(state, { block, messages });
    draft.addBlock(block, event);
  } catch (error) {
    const { archive, position, number } = event;
    rejectBlock(following, error, { number, archive, position, headerHash: sha256ToField(event.header) });
  }
}

/**
 * PEND-1 and PEND-6, which L1 checks: a block names the one below it and the messages that it consumes. A header that
 * cannot be read names nothing.
 *
 * @throws ArchiverError L1_EVENTS_MISSING
 */
function requireLinks(
  { number, header: bytes, position }: BlockProposed,
  { archive, messages }: { readonly archive: Field; readonly messages: readonly Field[] },
): void {
  const header = readableHeader(bytes);
  if (!header) return;
  const where = { block: number, l1Block: position.blockNumber };
  if (header.lastArchive !== archive)
    throw eventsMissing(
      `block ${number} builds on a block ${number - 1} that differs from the one that was read`,
      where,
    );
  if (header.inHash !== inHashOf(messages))
    throw eventsMissing(`block ${number} consumes messages that differ from those that were read`, where);
}

function readableHeader(bytes: Uint8Array): BlockHeader | undefined {
  try {
    return decodeHeader(bytes);
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

/** A block as L1 holds it, whatever is in it. */
interface OnL1 {
  readonly number: BlockNumber;
  readonly archive: Field;
  readonly headerHash: Field;
  readonly position: L1Position;
}

/**
 * Stops below the block that a fault names; `newest` when it is not in the draft yet.
 * @throws ArchiverError L1_EVENTS_MISSING for what L1 would not have taken, and whatever is not a fault of a block
 */
export function rejectBlock({ draft }: Following, error: unknown, newest?: OnL1): void {
  if (!(error instanceof BlockFault)) throw error;
  const { block: number } = error.payload;
  const faulty = newest ?? onL1(draft, number);
  if (isCheckedByL1(error.code))
    throw eventsMissing(error.message, { block: number, l1Block: faulty.position.blockNumber }, error);
  const tip = newest ?? { number: draft.chain.pending.number, archive: draft.tip.archive };
  if (number <= draft.chain.pending.number) draft.cutTo((number - 1) as typeof number);
  const { headerHash, archive, position } = faulty;
  draft.change({
    bad: {
      number,
      code: error.code,
      reason: error.message,
      evidence: {
        l1Block: position.blockNumber,
        l1Hash: position.blockHash,
        transactionHash: position.transactionHash,
        headerHash,
        archive,
      },
      tip: { number: tip.number, archive: tip.archive },
      proven: false,
    },
  });
}

function onL1(draft: ChainDraft, number: BlockNumber): OnL1 {
  const { archive, headerHash } = draft.block(number);
  return { number, archive, headerHash, position: draft.read.l1Position(number) as L1Position };
}

/** Whether this very event has been followed: L1 is being read again. */
function isKnown(draft: ChainDraft, { number, position }: BlockProposed): boolean {
  if (number > draft.chain.pending.number) return false;
  const known = draft.read.l1Position(number);
  return known?.blockHash === position.blockHash && known.logIndex === position.logIndex;
}
