export { type CircuitKey, type CircuitKeys, keyTreeOf, type KeysFile, proofTargetOf, readCircuitKeys } from "./circuit-keys.js";
export { KeysError, KeysErrorCode } from "./keys-error.js";
