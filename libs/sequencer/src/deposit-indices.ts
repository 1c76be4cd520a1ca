import type { Field } from "@sprtn/primitives";
import type { BlockSource, Clock } from "@sprtn/ports";
import { CallKind, type Tx } from "@sprtn/protocol";

const AT_ONCE = 256;

/** Message indices of the deposits among `txs`, in their order, as many as can be looked up by `deadlineMs`. */
export async function depositIndices(
  { blocks, clock }: { readonly blocks: Pick<BlockSource, "messageIndex">; readonly clock: Clock },
  txs: readonly Tx[],
  deadlineMs: number,
): Promise<ReadonlyMap<Field, bigint | undefined>> {
  const messages = txs.filter(tx => tx.inputs.call.kind === CallKind.DEPOSIT).map(tx => tx.inputs.call.message);
  const found = new Map<Field, bigint | undefined>();
  for (let at = 0; at < messages.length && clock.nowMs() <= deadlineMs; at += AT_ONCE) {
    const some = messages.slice(at, at + AT_ONCE);
    const indices = await Promise.all(some.map(message => blocks.messageIndex(message)));
    some.forEach((message, i) => found.set(message, indices[i]));
  }
  return found;
}
