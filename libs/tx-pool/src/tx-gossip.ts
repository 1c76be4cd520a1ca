import { codeOf, type Field, fieldToHex, messageOf, sha256ToField } from "@sprtn/primitives";
import { encodeTx, type Tx } from "@sprtn/protocol";
import type { Admission, Clock, Gossip, Logger, TxDecoder, ValidationResult } from "@sprtn/ports";
import { LruMap, RateLimiter } from "@sprtn/runtime";
import { isMalformed, TxRefusalCode } from "./refusal.js";

export interface TxGossipDependencies {
  readonly gossip: Gossip;
  readonly decoder: TxDecoder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly admit: (tx: Tx) => Promise<Admission>;
}

/** Peers whose rate is remembered. */
const PEERS = 1_000;
/** A proof that does not verify costs its peer as much as so many transactions: about the ratio of the work. */
const INVALID_PROOF_COST = 50;
/** By peer and transaction: an hour of 10 transactions a second, in at most 10 MB. */
const FORMS_REMEMBERED = 32_768;

/** Topic `tx`: judges what peers send and passes on what this node has. */
export class TxGossip {
  readonly #dependencies: TxGossipDependencies;
  readonly #rates: RateLimiter;
  readonly #peerBurst: number;
  /** By peer, how many of its transactions are being judged; those alone are kept in memory for it. */
  readonly #judging = new Map<string, number>();
  /** By peer and transaction, the digest of the message that it came in. */
  readonly #forms = new LruMap<string, Field>(FORMS_REMEMBERED);

  constructor(
    dependencies: TxGossipDependencies,
    settings: { readonly peerTxsPerSecond: number; readonly peerBurst: number },
  ) {
    this.#dependencies = dependencies;
    this.#peerBurst = settings.peerBurst;
    this.#rates = new RateLimiter(dependencies, {
      burst: settings.peerBurst,
      tokensPerSecond: settings.peerTxsPerSecond,
      maxKeys: PEERS,
    });
  }

  subscribe(): void {
    this.#dependencies.gossip.subscribe("tx", message => this.judge(message));
  }

  /** REJECT for what no honest peer passes on, IGNORE for what it may. */
  async judge(message: { readonly data: Uint8Array; readonly from: string }): Promise<ValidationResult> {
    const { from } = message;
    const judging = this.#judging.get(from) ?? 0;
    if (judging >= this.#peerBurst || !this.#rates.tryTake(from))
      return { result: "ignore", code: TxRefusalCode.PEER_LIMIT };
    const tx = this.#decode(message.data);
    if ("result" in tx) return tx;
    if (this.#isSecondForm(from, tx, message.data))
      return { result: "ignore", code: TxRefusalCode.SECOND_FORM, penalty: "mild" };
    this.#judging.set(from, judging + 1);
    try {
      const admission = await this.#dependencies.admit(tx);
      if (admission.accepted) return { result: "accept" };
      if (admission.code === TxRefusalCode.INVALID_PROOF) this.#rates.charge(from, INVALID_PROOF_COST);
      return { result: isMalformed(admission.code) ? "reject" : "ignore", code: admission.code };
    } finally {
      const left = (this.#judging.get(from) ?? 1) - 1;
      if (left > 0) this.#judging.set(from, left);
      else this.#judging.delete(from);
    }
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

  /**
   * LIMIT-16: whether the peer sent the same transaction with another proof before. A pool takes one proof of a
   * transaction and passes on that one, so that an honest peer sends no other, unless its pool had to forget the first.
   */
  #isSecondForm(from: string, tx: Tx, data: Uint8Array): boolean {
    const key = `${from} ${tx.hash}`;
    const form = sha256ToField(data);
    const first = this.#forms.get(key);
    if (first === undefined) this.#forms.set(key, form);
    return first !== undefined && first !== form;
  }

  #decode(data: Uint8Array): Tx | ValidationResult {
    try {
      return this.#dependencies.decoder.decode(data);
    } catch (error) {
      this.#dependencies.logger.debug("malformed transaction", { code: codeOf(error), reason: messageOf(error) });
      return { result: "reject", code: codeOf(error) };
    }
  }
}
