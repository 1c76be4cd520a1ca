import type { L1Event } from "@sprtn/ports";
import { followBlock } from "./follow-block.js";
import type { Following } from "./following.js";
import { followMessage } from "./follow-message.js";
import { followProof } from "./follow-proof.js";
import { followPrune } from "./follow-prune.js";

export async function followEvent(following: Following, event: L1Event): Promise<void> {
  switch (event.type) {
    case "block-proposed":
      return followBlock(following, event);
    case "block-proven":
      return followProof(following, event);
    case "pruned":
      return followPrune(following, event);
    case "message-sent":
      return followMessage(following, event);
  }
}
