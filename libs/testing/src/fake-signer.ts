import { concatBytes, equalBytes, EthAddress, fromHex, keccak256, toHex, type Bytes32 } from "@sprtn/primitives";
import type { SignatureRecovery, Signer } from "@sprtn/ports";

/** Address, hash of address and digest, zeros: 64 bytes that anyone can make, but not by mistake. */
function signatureOf(address: EthAddress, digest: Bytes32): Uint8Array {
  return concatBytes(
    fromHex(address),
    fromHex(keccak256(concatBytes(fromHex(address), fromHex(digest)))),
    new Uint8Array(12),
  );
}

/** A key that needs no cryptography. */
export class FakeSigner implements Signer {
  /** Digests signed, in order. */
  readonly signed: Bytes32[] = [];

  constructor(readonly address: EthAddress) {}

  sign(digest: Bytes32): Uint8Array {
    this.signed.push(digest);
    return signatureOf(this.address, digest);
  }
}

/** Recovers what {@link FakeSigner} signed. */
export const fakeRecovery: SignatureRecovery = {
  recover(digest, signature) {
    if (signature.length !== 64) return undefined;
    const address = EthAddress(toHex(signature.subarray(0, 20)));
    return equalBytes(signature, signatureOf(address, digest)) ? address : undefined;
  },
};
