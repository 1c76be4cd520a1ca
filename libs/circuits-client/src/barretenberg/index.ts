export { BarretenbergError, BarretenbergErrorCode, type BarretenbergErrorPayload } from "./barretenberg-error.js";
export { type CrsPoints, crsGenerator } from "./crs-points.js";
export { bytecodeOf } from "./gunzip.js";
export { type DerivedKey, NativeCircuitTools, type NativeCircuitToolsSettings } from "./native/native-circuit-tools.js";
export { NativeProofEngine, type NativeProofEngineSettings } from "./native/native-proof-engine.js";
export type { MadeProof, ProcessUsage, ProofEngine, ProofTarget, ProveRequest, VerifyRequest } from "./proof-engine.js";
export { type KeyFacts, readVerificationKey, verificationKeyFields, verificationKeyHash } from "./verification-key.js";
export type { WasmSettings } from "./wasm/wasm-instance.js";
export {
  WasmProofEngine,
  type WasmProofEngineDependencies,
  type WasmProofEngineSettings,
} from "./wasm/wasm-proof-engine.js";
