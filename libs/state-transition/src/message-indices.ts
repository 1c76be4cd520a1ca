import type { Field } from "@sprtn/primitives";
import { CallKind, type Tx } from "@sprtn/protocol";

/** Messages that are looked up at once. */
const AT_ONCE = 256;

/** Where the leaf index of a message is looked up, and when that has to end. */
export interface MessageIndexSource {
  /** `undefined` for a message that is not in the tree. */
  messageIndex(message: Field): Promise<bigint | undefined>;
  /** Asked before each lot of 256: true leaves out the rest. Never, unless given. */
  stop?(): boolean;
}

/** Leaf indices of the messages that these transactions consume, as far as they are known and time allows. */
export async function messageIndices(
  source: MessageIndexSource,
  txs: readonly Tx[],
): Promise<ReadonlyMap<Field, bigint>> {
  const messages = txs.filter(tx => tx.inputs.call.kind === CallKind.DEPOSIT).map(tx => tx.inputs.call.message);
  const found = new Map<Field, bigint>();
  for (let at = 0; at < messages.length && source.stop?.() !== true; at += AT_ONCE) {
    const some = messages.slice(at, at + AT_ONCE);
    const indices = await Promise.all(some.map(message => source.messageIndex(message)));
    some.forEach((message, i) => {
      const index = indices[i];
      if (index !== undefined) found.set(message, index);
    });
  }
  return found;
}
