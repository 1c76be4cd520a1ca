import { codeOf, type FieldHasher, fieldToHex, messageOf } from "@sprtn/primitives";
import { decodeTx, encodeTx, type Tx } from "@sprtn/protocol";
import type { Admission, Clock, Gossip, Logger, Verdict } from "@sprtn/ports";
import { RateLimiter } from "@sprtn/runtime";
import { isMalformed, TxRefusalCode } from "./refusal.js";

export interface TxGossipDependencies {
  readonly gossip: Gossip;
  readonly hasher: FieldHasher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admit: (tx: Tx) => Promise<Admission>;
}

/** Peers whose rate is remembered. */
const PEERS = 1_000;

/** Topic `tx`: judges what peers send and passes on what this node has. */
export class TxGossip {
  readonly #dependencies: TxGossipDependencies;
  readonly #rates: RateLimiter;

  constructor(
    dependencies: TxGossipDependencies,
    settings: { readonly peerTxsPerSecond: number; readonly peerBurst: number },
  ) {
    this.#dependencies = dependencies;
    this.#rates = new RateLimiter(dependencies, {
      burst: settings.peerBurst,
      tokensPerSecond: settings.peerTxsPerSecond,
      maxKeys: PEERS,
    });
  }

  subscribe(): void {
    this.#dependencies.gossip.subscribe("tx", message => this.judge(message));
  }

  /** Section 8: REJECT for what no honest peer passes on, IGNORE for what it may. */
  async judge(message: { readonly data: Uint8Array; readonly from: string }): Promise<Verdict> {
    if (!this.#rates.tryTake(message.from)) return { result: "ignore", code: TxRefusalCode.PEER_LIMIT };
    const tx = this.#decode(message.data);
    if ("result" in tx) return tx;
    const admission = await this.#dependencies.admit(tx);
    if (admission.accepted) return { result: "accept" };
    return { result: isMalformed(admission.code) ? "reject" : "ignore", code: admission.code };
  }

  /** Whether a peer has heard it. */
  async publish(tx: Tx): Promise<boolean> {
    try {
      return (await this.#dependencies.gossip.publish("tx", encodeTx(tx))) > 0;
    } catch (error) {
      this.#dependencies.logger.verbose("a transaction could not be gossiped: it will be tried again", {
        tx: fieldToHex(tx.hash),
        code: codeOf(error),
        error: messageOf(error),
      });
      return false;
    }
  }

  #decode(data: Uint8Array): Tx | Verdict {
    try {
      return decodeTx(this.#dependencies.hasher, data);
    } catch (error) {
      return { result: "reject", code: codeOf(error) };
    }
  }
}
