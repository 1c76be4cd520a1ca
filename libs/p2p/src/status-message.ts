import { bytesToUint, concatBytes, uintToBytes } from "@sprtn/primitives";
import type { NetworkId } from "./network.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

// What peers tell each other first: which network they belong to.

const VERSION = 1;
/** LIMIT-10: bytes of a status, no more and no fewer. */
export const STATUS_BYTES = 1 + 32 + 32;

/** `u8(1) ‖ u256(chainId) ‖ u256(rollupVersion)`. */
export function encodeStatus({ chainId, rollupVersion }: NetworkId): Uint8Array {
  return concatBytes(Uint8Array.of(VERSION), uintToBytes(chainId, 32), uintToBytes(rollupVersion, 32));
}

/** @throws MALFORMED */
export function decodeStatus(bytes: Uint8Array): NetworkId {
  if (bytes[0] !== VERSION || bytes.length !== STATUS_BYTES) {
    throw new P2pError(
      P2pErrorCode.MALFORMED,
      `a status of ${bytes.length} bytes and version ${bytes[0]} cannot be decoded: the peer runs another release`,
      {},
    );
  }
  return { chainId: bytesToUint(bytes.subarray(1, 33)), rollupVersion: bytesToUint(bytes.subarray(33)) };
}

/** Whether both belong to the same deployment. */
export function sameNetwork(a: NetworkId, b: NetworkId): boolean {
  return a.chainId === b.chainId && a.rollupVersion === b.rollupVersion;
}
