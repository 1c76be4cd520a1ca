import type { Field, FieldHasher } from "@sprtn/primitives";
import { hashSecret } from "@sprtn/protocol";
import { deriveDepositSecret } from "./keys/account-keys.js";

/** The secrets of a wallet's deposits, numbered and derived from its seed: a count is all that has to be kept. */
export class DepositSecrets {
  readonly #secrets = new Map<Field, Field>();
  #searched = 0;

  readonly #dependencies: { readonly hasher: FieldHasher; readonly seed: Uint8Array };

  constructor(dependencies: { readonly hasher: FieldHasher; readonly seed: Uint8Array }) {
    this.#dependencies = dependencies;
  }

  /** The hash of secret number `index`. */
  hashOf(index: number): Field {
    const secret = deriveDepositSecret(this.#dependencies.seed, index);
    const hash = hashSecret(this.#dependencies.hasher, secret);
    this.#secrets.set(hash, secret);
    return hash;
  }

  /** The secret of this hash, if it is one of the first `count`. */
  find(secretHash: Field, count: number): Field | undefined {
    for (; !this.#secrets.has(secretHash) && this.#searched < count; this.#searched++) this.hashOf(this.#searched);
    return this.#secrets.get(secretHash);
  }
}
