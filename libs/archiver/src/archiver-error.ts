import { type BlockNumber, CodedError, type L1BlockNumber } from "@sprtn/primitives";

/** Trouble with L1 or with the own records. What is wrong with a block is a `BlockFaultCode`, never one of these. */
export enum ArchiverErrorCode {
  /** The store holds another deployment's chain, or one written by another version. */
  OTHER_CHAIN = "ARCHIVER_OTHER_CHAIN",
  BAD_RECORD = "ARCHIVER_BAD_RECORD",
  /** No L1 endpoint answers; the cause says more. */
  L1_UNREACHABLE = "ARCHIVER_L1_UNREACHABLE",
  /** L1's head is below what L1 had finalized: the endpoint is far behind, or serves another L1. */
  L1_BEHIND = "ARCHIVER_L1_BEHIND",
  /** L1 reverted a block that it had called finalized. */
  L1_FINALIZED_CHANGED = "ARCHIVER_L1_FINALIZED_CHANGED",
  /** L1's events contradict one another or L1's state: some are missing. */
  L1_EVENTS_MISSING = "ARCHIVER_L1_EVENTS_MISSING",
  /** The endpoint lacks a block below the head that it names. */
  L1_BLOCK_MISSING = "ARCHIVER_L1_BLOCK_MISSING",
  /** The endpoint's answers do not fit together for longer than L1 changes. */
  L1_UNSETTLED = "ARCHIVER_L1_UNSETTLED",
  /** The world state is not on the chain that the archiver holds, and cannot be brought there. */
  STATE_DIVERGED = "ARCHIVER_STATE_DIVERGED",
}

/** The L2 or L1 block, the request and the endpoint's own code that the error is about. */
export type ArchiverErrorPayload = Partial<{
  readonly block: BlockNumber;
  readonly l1Block: L1BlockNumber;
  readonly method: string;
  /** The L1 reader's word for it: L1 changed while it was read. */
  readonly changed: true;
  /** Code of what the L1 reader failed with. */
  readonly causeCode: string;
}>;

const ofEndpoint: ReadonlySet<string> = new Set([
  ArchiverErrorCode.L1_UNREACHABLE,
  ArchiverErrorCode.L1_BEHIND,
  ArchiverErrorCode.L1_EVENTS_MISSING,
  ArchiverErrorCode.L1_BLOCK_MISSING,
  ArchiverErrorCode.L1_UNSETTLED,
]);

/** Whether this is trouble of an L1 endpoint, which it may get over by itself and another one may not have. */
export function isOfEndpoint(code: string): boolean {
  return ofEndpoint.has(code);
}

/** What is said of events that contradict each other: no block is at fault, the node reads again. */
export function eventsMissing(what: string, payload: ArchiverErrorPayload, cause?: unknown): ArchiverError {
  return new ArchiverError(
    ArchiverErrorCode.L1_EVENTS_MISSING,
    `the L1 endpoint omits events or serves another deployment: ${what}. The events will be read again, from the ` +
      "next endpoint if there is one; if this continues, use another endpoint in ETHEREUM_HOST",
    payload,
    { cause },
  );
}

/** Trouble of the node or of its L1 endpoint. */
export class ArchiverError extends CodedError<ArchiverErrorCode, ArchiverErrorPayload> {}
