export type { ClosableFieldHasher } from "./closable-field-hasher.js";
export { createFieldHasher, type FieldHasherKind, type FieldHasherSettings } from "./create-field-hasher.js";
export { HasherError, HasherErrorCode } from "./hasher-error.js";
export { NativeFieldHasher } from "./native-field-hasher.js";
export { CachingHasher } from "./caching-hasher.js";
export { SimdFieldHasher } from "./simd/simd-field-hasher.js";
export { WasmFieldHasher } from "./wasm-field-hasher.js";
