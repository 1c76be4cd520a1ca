import { keccak_256 } from "@noble/hashes/sha3.js";
import { Bytes32, toHex } from "./bytes.js";

/** Ethereum's hash of `bytes`: Keccak-256, not SHA3-256. */
export function keccak256(bytes: Uint8Array): Bytes32 {
  return Bytes32(toHex(keccak_256(bytes)));
}
