import type { BlockSource } from "@sprtn/ports";
import { CallKind, type Tx } from "@sprtn/protocol";
import { type Refusal, TxRefusalCode } from "../refusal.js";

/** TX-3: a deposit's L1→L2 message was sent; whether it is spent shows in its nullifier. */
export async function checkMessage(tx: Tx, blocks: Pick<BlockSource, "messageIndex">): Promise<Refusal | undefined> {
  const { call } = tx.inputs;
  if (call.kind !== CallKind.DEPOSIT || (await blocks.messageIndex(call.message)) !== undefined) return undefined;
  return {
    code: TxRefusalCode.MESSAGE_ABSENT,
    reason: "its L1→L2 message is not in the Inbox: wait until this node has seen it on L1",
  };
}
