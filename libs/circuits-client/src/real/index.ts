export { createRealBackend, pointsOfLargest, type RealBackendParts } from "./create-real-backend.js";
export { NativeEngines, type NativeEnginesDependencies, type NativeEnginesSettings } from "./native-engines.js";
export { WasmEngines } from "./wasm-engines.js";
export { type ProofEngines, RealBackend, type RealBackendDependencies } from "./real-backend.js";
