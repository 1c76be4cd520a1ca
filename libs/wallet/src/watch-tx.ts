import type { Field } from "@sprtn/primitives";
import type { Clock, NodeApi, TxReceipt } from "@sprtn/ports";
import { sleep } from "@sprtn/runtime";

export interface WatchOptions {
  readonly clock: Clock;
  readonly node: Pick<NodeApi, "getTxReceipt">;
  readonly pollMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** After these nothing follows. */
const finalStages: readonly TxReceipt["stage"][] = ["finalized", "dropped"];

/**
 * A transaction's receipt now and whenever its stage or its block changes (a reorg takes it back).
 * @throws RUNTIME_ABORTED when `signal` fires, and what the node throws
 */
export async function* watchTx(
  hash: Field,
  { clock, node, pollMs, signal }: WatchOptions,
): AsyncGenerator<TxReceipt, void, undefined> {
  let last: TxReceipt | undefined;
  for (;;) {
    const receipt = await node.getTxReceipt(hash);
    if (receipt.stage !== last?.stage || receipt.block?.hash !== last.block?.hash) {
      last = receipt;
      yield receipt;
      if (finalStages.includes(receipt.stage)) return;
    }
    await sleep(clock, pollMs, signal);
  }
}
