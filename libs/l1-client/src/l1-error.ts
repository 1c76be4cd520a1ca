import { CodedError } from "@sprtn/primitives";

/** Trouble of an endpoint, refusals of the contracts, and what becomes of a transaction that was sent. */
export enum L1ErrorCode {
  /** No endpoint answered; the payload names them without their paths, which may hold keys. */
  UNREACHABLE = "L1_UNREACHABLE",
  /** An endpoint answers for another chain than the deployment's. */
  WRONG_CHAIN = "L1_WRONG_CHAIN",
  /** L1 answered with an error that is not a revert. */
  REQUEST_FAILED = "L1_REQUEST_FAILED",
  /** An endpoint limits the rate of requests; `retryAfterMs` is how long it asks to wait, if it said so. */
  RATE_LIMITED = "L1_RATE_LIMITED",
  /** An endpoint does not give the logs of that many blocks, or not in time. */
  RANGE_TOO_LARGE = "L1_RANGE_TOO_LARGE",
  /** An endpoint's answer is not one that a working L1 node gives: no JSON-RPC, or a value that cannot be. */
  BAD_ANSWER = "L1_BAD_ANSWER",
  /** An endpoint's newest block is old: it has stopped importing, or is catching up. */
  STALE_HEAD = "L1_STALE_HEAD",
  /** This machine's clock and L1's blocks differ by more than L1_MAX_CLOCK_SKEW: set the clock (NTP). */
  CLOCK_SKEW = "L1_CLOCK_SKEW",
  /** The blocks changed while they were read: read again. */
  REORGED = "L1_REORGED",
  /** L1 does not have a block that was asked for (yet, or any more). */
  NO_SUCH_BLOCK = "L1_NO_SUCH_BLOCK",
  /** What a log refers to is not on L1: a wrong start block, or an endpoint that omits logs. */
  BAD_LOG = "L1_BAD_LOG",
  /** A contract refused; `reason` is the name of its custom error. */
  REVERTED = "L1_REVERTED",
  /** L1's next block comes before the time from which on it can hold the transaction. */
  TOO_EARLY = "L1_TOO_EARLY",
  INSUFFICIENT_BALANCE = "L1_INSUFFICIENT_BALANCE",
  /** The node did not take the transaction, and no other fee or nonce would help. */
  REJECTED = "L1_REJECTED",
  /** L1 counts a transaction's nonce as used and does not show by what: it may have been carried out, or not. */
  UNCERTAIN = "L1_UNCERTAIN",
  /** Somebody else keeps sending with this key. */
  NONCE_CONTENTION = "L1_NONCE_CONTENTION",
  /** A key or mnemonic that is none. The text never holds it. */
  BAD_KEY = "L1_BAD_KEY",
  /** A setting that makes no sense. */
  BAD_SETTING = "L1_BAD_SETTING",
  DEVNET_PORT_TAKEN = "L1_DEVNET_PORT_TAKEN",
  DEVNET_NO_BINARY = "L1_DEVNET_NO_BINARY",
  DEVNET_FAILED = "L1_DEVNET_FAILED",
  /** A devnet's state is missing, cut off or damaged: the disk was full, or a crash came while it was written. */
  DEVNET_BAD_STATE = "L1_DEVNET_BAD_STATE",
}

/** The request, transaction or contract error that the error is about. */
export type L1ErrorPayload = Partial<{
  readonly endpoints: readonly string[];
  readonly method: string;
  readonly expected: string;
  readonly actual: string;
  readonly number: number;
  /** That L1 changed while it was read: `L1Changed` of the port `L1Reader`. */
  readonly changed: true;
  readonly retryAfterMs: number;
  /** How long an endpoint had to answer. */
  readonly timeoutMs: number;
  /** Name of the contract's custom error. */
  readonly reason: string;
  /** Its arguments, by name. */
  readonly args: Readonly<Record<string, string>>;
  readonly transactionHash: string;
  readonly needed: bigint;
  readonly balance: bigint;
  readonly port: number;
  /** The last lines that the devnet's process wrote. */
  readonly output: string;
}>;

export class L1Error extends CodedError<L1ErrorCode, L1ErrorPayload> {}
