// Two values at a time in WebAssembly's vectors: the hasher, and its multiplication for computing under another
// modulus. Runs anywhere.
export type { ClosableFieldHasher } from "../closable-field-hasher.js";
export { HasherError, HasherErrorCode } from "../hasher-error.js";
export { LIMB_BITS, LIMB_MASK, LIMBS, LimbWords, MONTGOMERY_R, PAIR_BYTES, toLimbs } from "./limbs.js";
export { at as memoryLayout } from "./memory-layout.js";
export { poseidon2Module } from "./poseidon2-module.js";
export { SimdFieldHasher } from "./simd-field-hasher.js";
