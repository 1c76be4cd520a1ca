import { CodedError } from "@sprtn/primitives";

export enum WiringErrorCode {
  NO_NETWORK = "WIRING_NO_NETWORK",
  FAULT_REFUSED = "WIRING_FAULT_REFUSED",
  KEY_MISSING = "WIRING_KEY_MISSING",
  NO_DEPLOYMENT = "WIRING_NO_DEPLOYMENT",
  /** A local network's L1 is not the one that its data directory was made with. */
  L1_LOST = "WIRING_L1_LOST",
  REAL_PROOFS_UNAVAILABLE = "WIRING_REAL_PROOFS_UNAVAILABLE",
}

export class WiringError extends CodedError<WiringErrorCode> {}
