import { EthAddress, keccak256 } from "@sprtn/primitives";

/** Ethereum address of an uncompressed public key (65 bytes). */
export function addressOf(publicKey: Uint8Array): EthAddress {
  return EthAddress(`0x${keccak256(publicKey.subarray(1)).slice(26)}`);
}
