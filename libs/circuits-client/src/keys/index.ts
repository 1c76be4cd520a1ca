export {
  type CircuitKey,
  type CircuitKeys,
  circuitKeysFrom,
  keyTreeOf,
  type KeysFile,
  proofTargetOf,
} from "./circuit-keys.js";
export { KeysError, KeysErrorCode } from "./keys-error.js";
export { readCircuitKeys } from "./read-circuit-keys.js";
