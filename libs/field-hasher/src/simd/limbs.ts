import { FIELD_MODULUS } from "@sprtn/primitives";

/** Limbs of a field element. */
export const LIMBS = 9;
/** Bits of a limb. */
export const LIMB_BITS = 29;
/** The largest limb. */
export const LIMB_MASK = 2 ** LIMB_BITS - 1;
/** R of Montgomery's form: 2^261. */
export const MONTGOMERY_R = 1n << BigInt(LIMBS * LIMB_BITS);
/** In memory two elements of two independent hashes are stored limb by limb: 9 × (u32, u32). */
export const PAIR_BYTES = 8 * LIMBS;

/** The limbs of a value, the least significant first. */
export function toLimbs(value: bigint): number[] {
  return Array.from({ length: LIMBS }, (_, i) => Number((value >> BigInt(LIMB_BITS * i)) & BigInt(LIMB_MASK)));
}

export function toMontgomery(value: bigint): bigint {
  return (value * MONTGOMERY_R) % FIELD_MODULUS;
}

const modulus = toLimbs(FIELD_MODULUS);

/** Elements in a module's memory, as 32-bit words: limb k of the one at `at` is word `at + 2k`. */
export class LimbWords {
  constructor(readonly words: Uint32Array) {}

  /** Splits 32 big-endian bytes into limbs. */
  read(bytes: DataView, offset: number, at: number): void {
    const { words } = this;
    const w0 = bytes.getUint32(offset + 28);
    const w1 = bytes.getUint32(offset + 24);
    const w2 = bytes.getUint32(offset + 20);
    const w3 = bytes.getUint32(offset + 16);
    const w4 = bytes.getUint32(offset + 12);
    const w5 = bytes.getUint32(offset + 8);
    const w6 = bytes.getUint32(offset + 4);
    const w7 = bytes.getUint32(offset);
    words[at] = w0 & LIMB_MASK;
    words[at + 2] = ((w0 >>> 29) | (w1 << 3)) & LIMB_MASK;
    words[at + 4] = ((w1 >>> 26) | (w2 << 6)) & LIMB_MASK;
    words[at + 6] = ((w2 >>> 23) | (w3 << 9)) & LIMB_MASK;
    words[at + 8] = ((w3 >>> 20) | (w4 << 12)) & LIMB_MASK;
    words[at + 10] = ((w4 >>> 17) | (w5 << 15)) & LIMB_MASK;
    words[at + 12] = ((w5 >>> 14) | (w6 << 18)) & LIMB_MASK;
    words[at + 14] = ((w6 >>> 11) | (w7 << 21)) & LIMB_MASK;
    words[at + 16] = w7 >>> 8;
  }

  /** Writes limbs (normal, of a value < 2p) as 32 big-endian bytes of the canonical field. */
  write(at: number, bytes: DataView, offset: number): void {
    const { words } = this;
    const limb = (i: number): number => words[at + 2 * i] as number;
    let i = LIMBS - 1;
    while (i >= 0 && limb(i) === modulus[i]) i--;
    if (i < 0 || limb(i) > (modulus[i] as number)) {
      let borrow = 0;
      for (let k = 0; k < LIMBS; k++) {
        const difference = limb(k) - (modulus[k] as number) - borrow;
        borrow = difference < 0 ? 1 : 0;
        words[at + 2 * k] = difference & LIMB_MASK;
      }
    }
    bytes.setUint32(offset + 28, limb(0) | (limb(1) << 29));
    bytes.setUint32(offset + 24, (limb(1) >>> 3) | (limb(2) << 26));
    bytes.setUint32(offset + 20, (limb(2) >>> 6) | (limb(3) << 23));
    bytes.setUint32(offset + 16, (limb(3) >>> 9) | (limb(4) << 20));
    bytes.setUint32(offset + 12, (limb(4) >>> 12) | (limb(5) << 17));
    bytes.setUint32(offset + 8, (limb(5) >>> 15) | (limb(6) << 14));
    bytes.setUint32(offset + 4, (limb(6) >>> 18) | (limb(7) << 11));
    bytes.setUint32(offset, (limb(7) >>> 21) | (limb(8) << 8));
  }
}
