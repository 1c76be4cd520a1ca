import { FIELD_MODULUS } from "@sprtn/primitives";
import { LIMB_BITS, LIMB_MASK, LIMBS, MONTGOMERY_R, PAIR_BYTES, toLimbs, toMontgomery } from "./limbs.js";
import {
  FIRST_FULL_CONSTANTS,
  INTERNAL_DIAGONAL,
  LAST_FULL_CONSTANTS,
  PARTIAL_CONSTANTS,
} from "./poseidon2-constants.js";

/** Vectors of 16 bytes come first, then elements of PAIR_BYTES. */
const VECTORS = 6;
const elements = (first: number): number => 16 * VECTORS + PAIR_BYTES * first;

/** Where in the module's memory what lies. */
export const at = {
  /** 2^29 − 1 in each 64-bit lane. */
  mask: 0,
  /** −p^-1 mod 2^29 and the mask again, for 32-bit lanes. */
  inverse: 16,
  /** floor(2^264 / p): estimates how often p fits by the top limb. */
  reciprocal: 32,
  /**
   * Added to limbs that are to be subtracted from, so that none becomes negative: 2^37, the same less what the limb
   * below received, and that.
   */
  biasFirst: 48,
  bias: 64,
  biasTop: 80,
  modulus: elements(0),
  toMontgomery: elements(1),
  fromMontgomery: elements(2),
  zero: elements(3),
  diagonal: elements(7),
  /** Four for each first full round and for the first partial one. */
  constants: elements(11),
  /** One for each further partial round. */
  partial: elements(31),
  /** Four for each last full round. */
  last: elements(86),
  state: elements(102),
  sum: elements(106),
  power: elements(107),
  input: elements(108),
  one: elements(109),
} as const;

/** floor-shift of the product with `reciprocal`. */
export const RECIPROCAL_SHIFT = 32;

/** Fills in everything that does not change. */
export function writeConstants(memory: ArrayBuffer): void {
  const wide = new BigInt64Array(memory);
  const both = (offset: number, value: bigint): void => void wide.fill(value, offset / 8, offset / 8 + 2);
  both(at.mask, BigInt(LIMB_MASK));
  both(at.inverse, negativeInverse() | (negativeInverse() << 32n));
  both(at.reciprocal, (1n << BigInt(LIMB_BITS * (LIMBS - 1) + RECIPROCAL_SHIFT)) / FIELD_MODULUS);
  const bias = 1n << 37n;
  both(at.biasFirst, bias);
  both(at.bias, bias - (bias >> BigInt(LIMB_BITS)));
  both(at.biasTop, bias >> BigInt(LIMB_BITS));
  writePairs(memory, at.modulus, [FIELD_MODULUS]);
  writePairs(memory, at.toMontgomery, [toMontgomery(MONTGOMERY_R)]);
  writePairs(memory, at.fromMontgomery, [1n]);
  writePairs(memory, at.one, [toMontgomery(1n)]);
  writePairs(memory, at.diagonal, INTERNAL_DIAGONAL.map(toMontgomery));
  // After the first full rounds' constants, four to a round, the first partial round's, with zeros for the other
  // elements.
  const [firstPartial, ...partial] = PARTIAL_CONSTANTS as [bigint, ...bigint[]];
  const constants = [...FIRST_FULL_CONSTANTS, firstPartial, 0n, 0n, 0n, ...partial, ...LAST_FULL_CONSTANTS];
  writePairs(memory, at.constants, constants.map(toMontgomery));
}

/** The same value for both hashes. */
export function writePairs(memory: ArrayBuffer, offset: number, values: readonly bigint[]): void {
  const words = new Uint32Array(memory);
  values.forEach((value, i) => {
    toLimbs(value).forEach((limb, k) => {
      const word = (offset + i * PAIR_BYTES) / 4 + 2 * k;
      words[word] = limb;
      words[word + 1] = limb;
    });
  });
}

/** −p^-1 mod 2^29 by Newton's iteration. */
function negativeInverse(): bigint {
  let inverse = 1n;
  for (let bits = 1; bits < LIMB_BITS; bits *= 2)
    inverse = BigInt.asUintN(LIMB_BITS, inverse * (2n - FIELD_MODULUS * inverse));
  return BigInt.asUintN(LIMB_BITS, -inverse);
}
