// What a wallet in a browser proves with: nothing here needs Node. docs/browser.md says what has to be served.
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
export { NoirError, NoirErrorCode } from "../noir/noir-error.js";
export type { SolvedWitness, WitnessSolver } from "../noir/witness-solver.js";
export { type ProofEngines, RealBackend, type RealBackendDependencies } from "../real/real-backend.js";
export { WasmEngines } from "../real/wasm-engines.js";
export { browserClock } from "./browser-clock.js";
export { BrowserError, BrowserErrorCode, type BrowserErrorPayload } from "./browser-error.js";
export { type BrowserBackend, type BrowserBackendSettings, openBrowserBackend } from "./open-browser-backend.js";
export { startNoir } from "./start-noir.js";
