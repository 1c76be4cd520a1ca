import { WiringError, WiringErrorCode } from "./wiring-error.js";
import type { Gossip, RequestResponse } from "@sprtn/ports";

/** A node by itself (P2P_ENABLED=false): what it publishes reaches no one, and it has no peers to ask. */
export class NoNetwork implements Gossip, RequestResponse {
  subscribe(): void {}

  async publish(): Promise<number> {
    return 0;
  }

  serve(): void {}

  peers(): readonly string[] {
    return [];
  }

  async request(): Promise<never> {
    return Promise.reject(
      new WiringError(
        WiringErrorCode.NO_NETWORK,
        "this node runs without peers (P2P_ENABLED=false): there is nobody to ask",
      ),
    );
  }

  penalize(): void {}
}
