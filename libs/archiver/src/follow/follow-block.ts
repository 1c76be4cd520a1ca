import { BlockFault, BlockFaultCode } from "../block-fault.js";
import { type BlockProposed, judgeBlock } from "../judge-block.js";
import { applyBlock } from "../state/apply-block.js";
import type { Following } from "./following.js";

/** PEND-8: takes a block from L1, or stops below it if it breaks a rule. */
export async function followBlock(following: Following, event: BlockProposed): Promise<void> {
  const { draft, state, parameters, waiting } = following;
  // On top of a bad block nothing can be judged; L1 will prune it together with the bad one.
  if (draft.chain.bad) return following.logger.debug("a block on top of a bad one", { block: event.number });
  const messages = draft.read.subtree(event.number);
  try {
    const block = judgeBlock({ event, parent: draft.tip, messages, parameters });
    if (block.effects.some(effect => draft.read.tx(effect.txHash)))
      throw new BlockFault(
        BlockFaultCode.TX_TWICE,
        `block ${event.number}: it holds a transaction of an earlier block`,
        { block: event.number },
      );
    if (waiting) waiting.push({ block, messages });
    else await applyBlock(state, { block, messages });
    draft.addBlock(block, event);
  } catch (error) {
    rejectBlock(following, error);
  }
}

/** Stops below the block that a fault names. @throws whatever is no fault of a block */
export function rejectBlock({ draft }: Following, error: unknown): void {
  if (!(error instanceof BlockFault)) throw error;
  const { block: number } = error.payload;
  if (number <= draft.chain.pending.number) draft.cutTo((number - 1) as typeof number);
  draft.change({ bad: { number, code: error.code, reason: error.message } });
}
