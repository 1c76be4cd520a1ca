// What a wallet in a browser proves with: nothing here needs Node. It fetches the compiled circuits, the keys and as
// many points of the CRS as its circuit takes, from where it likes.
export { BarretenbergError, BarretenbergErrorCode } from "../barretenberg/barretenberg-error.js";
export type { CrsPoints } from "../barretenberg/crs-points.js";
export {
  type CircuitKey,
  type CircuitKeys,
  circuitKeysFrom,
  keyTreeOf,
  type KeysFile,
  proofTargetOf,
} from "../keys/circuit-keys.js";
export { KeysError, KeysErrorCode } from "../keys/keys-error.js";
export { InlineWitnessSolver, type InlineWitnessSolverDependencies } from "../noir/inline-witness-solver.js";
export type { SolvedWitness, WitnessSolver } from "../noir/witness-solver.js";
export { type ProofEngines, RealBackend, type RealBackendDependencies } from "../real/real-backend.js";
export { WasmEngines } from "../real/wasm-engines.js";
