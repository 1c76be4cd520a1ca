import type { BlockToApply } from "@sprtn/ports";
import type { BlockNumber } from "@sprtn/primitives";
import { applyBlock } from "../state/apply-block.js";
import { applyFinalized } from "../state/apply-finalized.js";
import type { Following } from "./following.js";
import { rejectBlock } from "./follow-block.js";

/** Waiting blocks up to `number` are finalized: brings them into the state in bulk. */
export async function applyWaitingUpTo(following: Following, number: BlockNumber): Promise<void> {
  await apply(
    following,
    block => block.block.header.number <= number,
    blocks => applyFinalized(following.state, blocks),
  );
}

/** Brings the waiting blocks that no proof has reached yet into the state: they can be unwound. */
export async function applyWaiting(following: Following): Promise<void> {
  await apply(
    following,
    () => true,
    async blocks => {
      for (const block of blocks) await applyBlock(following.state, block);
    },
  );
}

async function apply(
  following: Following,
  select: (block: BlockToApply) => boolean,
  bring: (blocks: readonly BlockToApply[]) => Promise<void>,
): Promise<void> {
  const { waiting } = following;
  if (!waiting) return;
  try {
    await bring(waiting.filter(select));
    following.waiting = waiting.filter(block => !select(block));
  } catch (error) {
    rejectBlock(following, error);
    following.waiting = [];
  }
}
