import { CodedError } from "@sprtn/primitives";

/** What keeps an epoch from being proven, and what agent and queue refuse each other. */
export enum ProverErrorCode {
  JOB_FAILED = "PROVER_JOB_FAILED",
  /** Agent after agent has vanished over a job. */
  LEASES_LOST = "PROVER_LEASES_LOST",
  WRONG_PROOF = "PROVER_WRONG_PROOF",
  UNKNOWN_JOB = "PROVER_UNKNOWN_JOB",
  CORRUPT_QUEUE = "PROVER_CORRUPT_QUEUE",
  /** Redis is unreachable, or refuses a command: it is right to try again. */
  QUEUE_UNREACHABLE = "PROVER_QUEUE_UNREACHABLE",
  /** The URL of the queue is not one of a Redis. */
  QUEUE_BAD_URL = "PROVER_QUEUE_BAD_URL",
  /** Redis is not set up to keep a queue. */
  QUEUE_UNFIT = "PROVER_QUEUE_UNFIT",
  MISSING_TXS = "PROVER_MISSING_TXS",
  STATE_NOT_KEPT = "PROVER_STATE_NOT_KEPT",
  NOTHING_TO_PROVE = "PROVER_NOTHING_TO_PROVE",
  EPOCH_NOT_OVER = "PROVER_EPOCH_NOT_OVER",
  /** Neither the epoch's coordinator nor this prover node itself asks. */
  NOT_ENTITLED = "PROVER_NOT_ENTITLED",
  WRONG_ORDER = "PROVER_WRONG_ORDER",
  DISAGREES = "PROVER_DISAGREES_WITH_CHAIN",
}

export class ProverError extends CodedError<ProverErrorCode> {}
