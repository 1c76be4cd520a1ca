import { bytesToUint, type Field, sha256ToField } from "@sprtn/primitives";
import { constants, leftFilledRoot, sha256Parent } from "@sprtn/protocol";

const CHUNK_BYTES = constants.EFFECTS_CHUNK_TXS * constants.TX_EFFECT_BYTES;

export interface EffectsChunk {
  readonly bytes: Uint8Array;
  /** Root of the left-filled tree of the chunk's effects. */
  readonly root: Field;
}

export interface EffectsPlan {
  /** To be published before, in this order. */
  readonly chunks: readonly EffectsChunk[];
  /** Goes with the proposal; may be empty when there are chunks. */
  readonly last: Uint8Array;
}

/**
 * How effects travel: with the proposal if they are short enough, else in chunks of EFFECTS_CHUNK_TXS and the rest with
 * the proposal (PEND-5).
 */
export function planEffects(effects: Uint8Array, limit: number = constants.MAX_EFFECTS_CALLDATA_BYTES): EffectsPlan {
  if (effects.length <= limit) return { chunks: [], last: effects };
  const chunks: EffectsChunk[] = [];
  let offset = 0;
  // The rest must be no longer than a chunk, or the roots would not combine to the block's effects hash.
  for (; effects.length - offset >= CHUNK_BYTES; offset += CHUNK_BYTES)
    chunks.push(chunkOf(effects.subarray(offset, offset + CHUNK_BYTES)));
  return { chunks, last: effects.subarray(offset) };
}

function chunkOf(bytes: Uint8Array): EffectsChunk {
  const hashes: Field[] = [];
  for (let offset = 0; offset < bytes.length; offset += constants.TX_EFFECT_BYTES)
    hashes.push(sha256ToField(bytes.subarray(offset, offset + constants.TX_EFFECT_BYTES)));
  return { bytes, root: leftFilledRoot(hashes, sha256Parent) };
}

/** Size of the committee that packed signatures speak of (PEND-4). */
export function committeeSizeOf(signatures: Uint8Array): number {
  return Number(bytesToUint(signatures.subarray(0, 2)));
}
