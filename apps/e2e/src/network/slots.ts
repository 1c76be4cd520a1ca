import { UnixSeconds, type EthAddress, Slot } from "@sprtn/primitives";
import { slotAt } from "@sprtn/consensus";
import { systemClock } from "@sprtn/observability/system";
import type { L1History } from "../l1/l1-history.js";
import { assertInvariant } from "../watch/assert-invariant.js";
import type { TestNetwork } from "./test-network.js";
import type { TestNode } from "./test-node.js";

export function currentSlot({ deployment }: TestNetwork): Slot {
  const now = Math.floor(systemClock.nowMs() / 1000);
  return slotAt(deployment.parameters, UnixSeconds(Math.max(now, deployment.parameters.genesisTime)));
}

export interface SlotRecord {
  readonly slot: Slot;
  readonly proposer: EthAddress | null;
  /** Of the block that L1 accepted for it, if any. */
  readonly block: number | undefined;
}

/** What became of every slot from `first` to `last`, by L1's records and the proposers that `node` names. */
export async function slotRecords(
  history: L1History,
  { api }: TestNode,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<SlotRecord[]> {
  const blocks = new Map(history.accepted.map(({ header }) => [header.slot as number, header.number]));
  const records: SlotRecord[] = [];
  // One after another: a node takes only so many requests at once.
  for (let slot = Slot(first); slot <= last; slot = Slot(slot + 1))
    records.push({ slot, proposer: await api.getProposer(slot), block: blocks.get(slot) });
  return records;
}

export interface Filled {
  readonly own: number;
  readonly withBlock: number;
}

/** How many of a proposer's slots hold a block. */
export function filled(records: readonly SlotRecord[], proposer: EthAddress): Filled {
  const own = records.filter(record => record.proposer === proposer);
  return { own: own.length, withBlock: own.filter(record => record.block !== undefined).length };
}

/**
 * INV-9: each of these proposers has got blocks, and together nearly all that they could have; a machine with more
 * processes than cores may lose a slot.
 */
export function assertGoesOn(proposers: readonly Filled[]): Filled {
  const sum = (pick: (one: Filled) => number) => proposers.reduce((total, one) => total + pick(one), 0);
  const all = { own: sum(({ own }) => own), withBlock: sum(({ withBlock }) => withBlock) };
  assertInvariant(
    "INV-9",
    proposers.every(({ withBlock }) => withBlock > 0),
    `an honest proposer got no block in ${all.own} slots of all of them`,
  );
  assertInvariant(
    "INV-9",
    4 * all.withBlock >= 3 * all.own,
    `honest proposers got ${all.withBlock} blocks in ${all.own} slots`,
  );
  return all;
}
