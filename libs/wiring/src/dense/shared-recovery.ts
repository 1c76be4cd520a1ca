import type { Bytes32, EthAddress } from "@sprtn/primitives";
import { toHex } from "@sprtn/primitives";
import type { SignatureRecovery } from "@sprtn/ports";
import { LruMap } from "@sprtn/runtime";

/** Two signatures a member and slot, of committees of 1,024 for some slots. */
const REMEMBERED = 8_192;

/** Recovers the signer of a message once for all validators of a process: each of them hears every attestation. */
export class SharedRecovery implements SignatureRecovery {
  readonly #own: SignatureRecovery;
  readonly #signers = new LruMap<string, { readonly signer: EthAddress | undefined }>(REMEMBERED);

  constructor(dependencies: { readonly own: SignatureRecovery }) {
    this.#own = dependencies.own;
  }

  recover(digest: Bytes32, compactSignature: Uint8Array): EthAddress | undefined {
    const key = `${digest} ${toHex(compactSignature)}`;
    const known = this.#signers.get(key);
    if (known !== undefined) return known.signer;
    const signer = this.#own.recover(digest, compactSignature);
    this.#signers.set(key, { signer });
    return signer;
  }
}
