import type { Bytes32, EthAddress } from "@sprtn/primitives";

/** Signs 32-byte digests with one secp256k1 key. */
export interface Signer {
  readonly address: EthAddress;
  /** 64 bytes, EIP-2098. */
  sign(digest: Bytes32): Uint8Array;
}

/** Recovers signers; `undefined` for what is not a signature. */
export interface SignatureRecovery {
  recover(digest: Bytes32, compactSignature: Uint8Array): EthAddress | undefined;
}
