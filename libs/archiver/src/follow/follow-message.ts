import { constants, hashL1ToL2Message } from "@sprtn/protocol";
import type { L1Event } from "@sprtn/ports";
import { eventsMissing } from "../archiver-error.js";
import type { Following } from "./following.js";

/**
 * MSG-1: `globalIndex = 16·(block − 1) + position`. L1 numbers messages without a gap: a gap or a wrong hash means
 * that an endpoint left something out. A message that is there already is being read again: its hash covers its index.
 *
 * @throws ArchiverError L1_EVENTS_MISSING
 */
export function followMessage(
  { draft, identity }: Following,
  event: Extract<L1Event, { readonly type: "message-sent" }>,
): void {
  if (draft.read.messageIndex(event.hash) === event.message.globalIndex) return;
  const position = draft.read.subtree(event.blockNumber).length;
  const index = BigInt(constants.MESSAGES_PER_BLOCK * (event.blockNumber - 1) + position);
  if (
    event.message.globalIndex !== index ||
    position >= constants.MESSAGES_PER_BLOCK ||
    hashL1ToL2Message(identity, event.message) !== event.hash
  ) {
    throw eventsMissing(`message ${event.message.globalIndex} came where message ${index} was expected`, {
      block: event.blockNumber,
      l1Block: event.position.blockNumber,
    });
  }
  draft.addMessage(event.blockNumber, event.hash, index);
}
