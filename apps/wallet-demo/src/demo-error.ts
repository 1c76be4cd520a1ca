import { CodedError } from "@sprtn/primitives";

export enum DemoErrorCode {
  /** Amounts that leave nothing for fees. */
  BAD_AMOUNTS = "DEMO_BAD_AMOUNTS",
  /** A transaction was dropped or its call reverted. */
  TX_FAILED = "DEMO_TX_FAILED",
  /** The withdrawal's message is not in its block's out tree. */
  NO_MESSAGE = "DEMO_NO_MESSAGE",
  /** L1 took the withdrawal, but the recipient holds another amount. */
  NOT_PAID = "DEMO_NOT_PAID",
  /** No L1 key is given to pay with. */
  NO_KEY = "DEMO_NO_KEY",
}

export class DemoError extends CodedError<DemoErrorCode> {}
