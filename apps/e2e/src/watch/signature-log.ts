import type { Bytes32, EthAddress, Slot } from "@sprtn/primitives";
import type { PayloadType } from "@sprtn/protocol";
import { assertInvariant } from "./assert-invariant.js";

export interface SeenSignature {
  readonly signer: EthAddress;
  readonly type: PayloadType;
  readonly slot: Slot;
  readonly digest: Bytes32;
}

/** Signatures by who gave them, of what kind, for which slot. */
export class SignatureLog {
  readonly #seen = new Map<string, SeenSignature>();

  /** INV-6: at most one of a kind for a slot. @throws INVARIANT */
  note(signature: SeenSignature): void {
    const { signer, type, slot, digest } = signature;
    const key = `${signer}/${type}/${slot}`;
    const first = this.#seen.get(key);
    if (first === undefined) this.#seen.set(key, signature);
    else
      assertInvariant(
        "INV-6",
        first.digest === digest,
        `${signer} signed two ${type}s for slot ${slot}: ${first.digest} and ${digest}`,
      );
  }

  all(): readonly SeenSignature[] {
    return [...this.#seen.values()];
  }
}
