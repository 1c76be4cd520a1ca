import type { SignatureRecovery } from "@sprtn/ports";
import { type Bytes32, type EthAddress, fromHex } from "@sprtn/primitives";
import { addressOf } from "./address-of.js";
import { loadSecp256k1, type Secp256k1 } from "./secp256k1.js";

/** Tells who signed a digest. */
export class Secp256k1Recovery implements SignatureRecovery {
  readonly #curve: Secp256k1;

  constructor(dependencies: { readonly curve?: Secp256k1 } = {}) {
    this.#curve = dependencies.curve ?? loadSecp256k1();
  }

  recover(digest: Bytes32, compactSignature: Uint8Array): EthAddress | undefined {
    const publicKey = this.#curve.recover(fromHex(digest), compactSignature);
    return publicKey && addressOf(publicKey);
  }
}
