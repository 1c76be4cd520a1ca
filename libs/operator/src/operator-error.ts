import { CodedError } from "@sprtn/primitives";

/** What keeps an operator's command from doing its work. */
export enum OperatorErrorCode {
  /** A flag is missing, or does not go with the others. */
  USAGE = "OPERATOR_USAGE",
  /** The folder holds no installation. */
  NOT_INSTALLED = "OPERATOR_NOT_INSTALLED",
  /** A line of it is no setting; the text says which. */
  BAD_ENV_FILE = "OPERATOR_BAD_ENV_FILE",
  BAD_RECORD = "OPERATOR_BAD_RECORD",
  BAD_KEY = "OPERATOR_BAD_KEY",
  UNREACHABLE = "OPERATOR_UNREACHABLE",
  /** Somebody answered, with something else than what was asked for. */
  BAD_ANSWER = "OPERATOR_BAD_ANSWER",
  /** L1 or the node answered with an error. */
  REFUSED = "OPERATOR_REFUSED",
  PORT_TAKEN = "OPERATOR_PORT_TAKEN",
  WRONG_CHAIN = "OPERATOR_WRONG_CHAIN",
  /** L1 does not hold the contracts that the network names. */
  FOREIGN_DEPLOYMENT = "OPERATOR_FOREIGN_DEPLOYMENT",
  /** Two nodes with one key sign twice. */
  KEY_IN_USE = "OPERATOR_KEY_IN_USE",
  RUNNING = "OPERATOR_RUNNING",
  ENDED = "OPERATOR_ENDED",
  NOT_READY = "OPERATOR_NOT_READY",
  NOT_STOPPED = "OPERATOR_NOT_STOPPED",
  UNSUPPORTED = "OPERATOR_UNSUPPORTED",
}

/** What a program can do about it besides showing the text. */
export interface OperatorErrorPayload {
  readonly path?: string;
  readonly url?: string;
  readonly names?: readonly string[];
}

/** What an operator's command could not do, with what to do about it. */
export class OperatorError extends CodedError<OperatorErrorCode, OperatorErrorPayload> {}
