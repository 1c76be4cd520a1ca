import { hash } from "node:crypto";
import type { TxDecoder } from "@sprtn/ports";
import type { Tx } from "@sprtn/protocol";

/** As many as a pool holds, and again as many that blocks hold. */
const MOST = 32_768;

/**
 * Reads a transaction once for all validators of a process, which then hold the same object. Which are held is for
 * their pools to say: this remembers none that no pool holds.
 */
export class SharedTxs implements TxDecoder {
  readonly #own: TxDecoder;
  /** By the digest of the wire form, the newest last. */
  readonly #known = new Map<string, WeakRef<Tx>>();

  constructor(dependencies: { readonly own: TxDecoder }) {
    this.#own = dependencies.own;
  }

  decode(bytes: Uint8Array): Tx {
    const digest = hash("sha256", bytes, "base64");
    const known = this.#known.get(digest)?.deref();
    if (known !== undefined) return known;
    const tx = this.#own.decode(bytes);
    this.#known.delete(digest);
    this.#known.set(digest, new WeakRef(tx));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return tx;
  }
}
