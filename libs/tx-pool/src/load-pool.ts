import { BlockNumber, type Field, fieldToHex } from "@sprtn/primitives";
import type { L2Block } from "@sprtn/protocol";
import type { BlockSource, Logger } from "@sprtn/ports";
import { checkStatic } from "./admission/plan-admission.js";
import type { PoolContents } from "./pool-contents.js";
import { createPoolEntry } from "./pool-entry.js";
import type { PoolRules } from "./pool-rules.js";
import type { StoredTx } from "./stored-tx.js";
import type { TxJournal } from "./tx-journal.js";
import { TxPoolError, TxPoolErrorCode } from "./tx-pool-error.js";

export interface LoadPoolDependencies {
  readonly blocks: BlockSource;
  readonly contents: PoolContents;
  readonly journal: TxJournal;
  readonly rules: PoolRules;
  readonly logger: Logger;
}

/**
 * Where each stored transaction is follows from the disk and the chain. Nothing is forgotten before both are read.
 * Resolves with the arrival number that comes next.
 */
export async function loadPool(dependencies: LoadPoolDependencies): Promise<number> {
  const { blocks, contents, journal, rules, logger } = dependencies;
  const { pending, finalized } = blocks.tips();
  const tip = await knownBlock(blocks, pending.number);
  const mined: L2Block[] = [];
  for (let number = finalized.number + 1; number <= pending.number; number++)
    mined.push(await knownBlock(blocks, BlockNumber(number)));
  const minedHashes = new Set(mined.flatMap(block => block.effects.map(effect => effect.txHash)));
  const kept: Field[] = [];
  const stored: StoredTx[] = [];
  let nextArrival = 0;
  await journal.open();
  for await (const each of journal.readAll()) {
    nextArrival = Math.max(nextArrival, each.arrival + 1);
    // Blocks that are not final yet may hold more than the memory should.
    if (minedHashes.has(each.tx.hash)) kept.push(each.tx.hash);
    else stored.push(each);
  }
  contents.clear();
  rules.setTip(tip);
  for (const block of mined) contents.mined.add(block);
  for (const hash of kept) contents.mined.keep(hash);
  for (const { tx, arrival } of stored.toSorted((a, b) => a.arrival - b.arrival)) {
    const entry = createPoolEntry(tx, { arrival, baseFees: rules.baseFees, submitted: false });
    const refusal = checkStatic(entry, rules.view());
    if (refusal) {
      logger.warn("a stored transaction belongs to another network: dropping it", {
        tx: fieldToHex(tx.hash),
        code: refusal.code,
      });
      journal.forget([tx.hash], refusal.code);
      continue;
    }
    contents.setAside([entry], rules.currentSlot());
  }
  await rules.sweep();
  logger.info("transaction pool loaded", {
    pending: contents.pending.size,
    waiting: contents.waiting.size,
    mined: contents.mined.keptCount,
  });
  return nextArrival;
}

/** @throws TxPoolError BLOCK_MISSING */
export async function knownBlock(blocks: BlockSource, number: BlockNumber): Promise<L2Block> {
  const block = await blocks.block(number);
  if (block) return block;
  throw new TxPoolError(
    TxPoolErrorCode.BLOCK_MISSING,
    `block ${number} is on the chain but not in this node's archive: restart the node, and report this if it ` +
      "happens again",
    { what: String(number) },
  );
}
