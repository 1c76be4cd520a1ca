import type { Signer } from "@sprtn/ports";
import { type Bytes32, type EthAddress, fromHex } from "@sprtn/primitives";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import { addressOf } from "./address-of.js";
import { loadSecp256k1, type Secp256k1 } from "./secp256k1.js";

/** Signs with a key held in memory. No log, error or inspection shows it. */
export class PrivateKeySigner implements Signer {
  readonly address: EthAddress;
  readonly #curve: Secp256k1;
  readonly #key: Uint8Array;

  /** @throws BAD_KEY for a number that is not a key of the curve */
  constructor(dependencies: { readonly curve?: Secp256k1 }, settings: { readonly privateKey: Bytes32 }) {
    this.#curve = dependencies.curve ?? loadSecp256k1();
    this.#key = fromHex(settings.privateKey);
    if (!this.#curve.isPrivateKey(this.#key))
      throw new L1Error(L1ErrorCode.BAD_KEY, "the private key is 0 or not below the curve's order: generate a new one");
    this.address = addressOf(this.#curve.publicKey(this.#key));
  }

  sign(digest: Bytes32): Uint8Array {
    return this.#curve.sign(fromHex(digest), this.#key);
  }
}
