import { bytesToUint, concatBytes, uintToBytes } from "@sprtn/primitives";
import type { NetworkId } from "./network.js";
import { P2pError, P2pErrorCode } from "./p2p-error.js";

/** What peers tell each other first: their network, and a blob about their chain tips that stations give and read. */
export interface StatusMessage {
  readonly network: NetworkId;
  readonly tips: Uint8Array;
}

const VERSION = 1;
const HEAD_BYTES = 1 + 32 + 32;
/** Bytes that a node may tell of its chain tips in a status. */
export const MAX_TIPS_BYTES = 1024;

/** `u8(1) ‖ u256(chainId) ‖ u256(rollupVersion) ‖ tips`. */
export function encodeStatus(status: StatusMessage): Uint8Array {
  if (status.tips.length > MAX_TIPS_BYTES) {
    throw new P2pError(
      P2pErrorCode.TOO_LARGE,
      `the tips of a status take ${status.tips.length} bytes: give at most ${MAX_TIPS_BYTES}`,
      { limitBytes: MAX_TIPS_BYTES },
    );
  }
  return concatBytes(
    Uint8Array.of(VERSION),
    uintToBytes(status.network.chainId, 32),
    uintToBytes(status.network.rollupVersion, 32),
    status.tips,
  );
}

/** Throws MALFORMED. */
export function decodeStatus(bytes: Uint8Array): StatusMessage {
  if (bytes[0] !== VERSION || bytes.length < HEAD_BYTES || bytes.length > HEAD_BYTES + MAX_TIPS_BYTES) {
    throw new P2pError(
      P2pErrorCode.MALFORMED,
      `a status of ${bytes.length} bytes and version ${bytes[0]} cannot be read: the peer runs another release`,
      {},
    );
  }
  return {
    network: { chainId: bytesToUint(bytes.subarray(1, 33)), rollupVersion: bytesToUint(bytes.subarray(33, 65)) },
    tips: bytes.slice(HEAD_BYTES),
  };
}

export function sameNetwork(a: NetworkId, b: NetworkId): boolean {
  return a.chainId === b.chainId && a.rollupVersion === b.rollupVersion;
}
