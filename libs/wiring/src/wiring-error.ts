import { CodedError } from "@sprtn/primitives";

/** Settings that do not fit each other, the deployment, or the roles of the process. */
export enum WiringErrorCode {
  NO_NETWORK = "WIRING_NO_NETWORK",
  FAULT_REFUSED = "WIRING_FAULT_REFUSED",
  KEY_MISSING = "WIRING_KEY_MISSING",
  BROKER_TOKEN_MISSING = "WIRING_BROKER_TOKEN_MISSING",
  /** A command that was given is not understood. */
  PROTECTION_COMMAND = "WIRING_PROTECTION_COMMAND",
  /** The file that a slashing protection record moves by cannot be read or written. */
  PROTECTION_FILE = "WIRING_PROTECTION_FILE",
  /** The data are those of a process with DENSE, and this one is without, or the reverse. */
  OTHER_RECORD = "WIRING_OTHER_RECORD",
  NO_DATA_DIRECTORY = "WIRING_NO_DATA_DIRECTORY",
  /** The deployment is on another L1 than the one that is set. */
  WRONG_CHAIN = "WIRING_WRONG_CHAIN",
  NO_DEPLOYMENT = "WIRING_NO_DEPLOYMENT",
  /** Something answers at the URL of a setting, but not as a node of this release does. */
  NOT_A_NODE = "WIRING_NOT_A_NODE",
  /** The port for metrics cannot be had. */
  METRICS_PORT = "WIRING_METRICS_PORT",
  /** A local network's L1 is not the one that its data directory was made with. */
  L1_LOST = "WIRING_L1_LOST",
  /** A local network's L1 ended while the network ran. */
  L1_ENDED = "WIRING_L1_ENDED",
  /** Proofs are asked for that the deployment's verifier does not take. */
  WRONG_PROOF_MODE = "WIRING_WRONG_PROOF_MODE",
  /** Validators of a dense process executed the same proposal and got different blocks. */
  EXECUTIONS_DIFFER = "WIRING_EXECUTIONS_DIFFER",
  /** The deployment uses circuits that differ from this version's. */
  OTHER_KEYS = "WIRING_OTHER_KEYS",
}

/** What a program or node cannot be put together from. */
export class WiringError extends CodedError<WiringErrorCode> {}
