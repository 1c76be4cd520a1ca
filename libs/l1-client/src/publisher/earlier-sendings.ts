import { LruMap } from "@sprtn/runtime";
import type { Sending } from "./sending.js";

/** Deeper reorgs than as many transactions of one key leave their nonces to be used up. */
const REMEMBERED = 64;

/** What one key has sent lately, by nonce, mined or given up: an L1 reorg may take it back, or L1 include it late. */
export class EarlierSendings {
  readonly #byNonce = new LruMap<number, Sending>(REMEMBERED);

  add(sendings: readonly Sending[]): void {
    for (const sending of sendings) this.#byNonce.set(sending.nonce, sending);
  }

  get(nonce: number): Sending | undefined {
    return this.#byNonce.peek(nonce);
  }
}
