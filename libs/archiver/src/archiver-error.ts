import { type BlockNumber, CodedError, type L1BlockNumber } from "@sprtn/primitives";

export enum ArchiverErrorCode {
  /** The store holds another deployment's chain, or one written by another version. */
  OTHER_CHAIN = "ARCHIVER_OTHER_CHAIN",
  BAD_RECORD = "ARCHIVER_BAD_RECORD",
  /** No L1 endpoint answers; the cause says more. */
  L1_UNREACHABLE = "ARCHIVER_L1_UNREACHABLE",
  /** L1's head is below what L1 had finalized: the endpoint is far behind, or serves another L1. */
  L1_BEHIND = "ARCHIVER_L1_BEHIND",
  /** L1 took back a block that it had called finalized. */
  L1_FINALIZED_CHANGED = "ARCHIVER_L1_FINALIZED_CHANGED",
  /** L1's events contradict one another: some are missing. */
  L1_EVENTS_MISSING = "ARCHIVER_L1_EVENTS_MISSING",
  /** The world state is not on the chain that the archiver holds, and cannot be brought there. */
  STATE_DIVERGED = "ARCHIVER_STATE_DIVERGED",
}

export type ArchiverErrorPayload = Partial<{
  readonly block: BlockNumber;
  readonly l1Block: L1BlockNumber;
  readonly method: string;
}>;

/** Whether this is trouble that the L1 endpoint may get over by itself, with nothing read of it. */
export function isOfEndpoint(code: string): boolean {
  return code === ArchiverErrorCode.L1_UNREACHABLE || code === ArchiverErrorCode.L1_BEHIND;
}

/** Trouble of the node or of its L1 endpoint. */
export class ArchiverError extends CodedError<ArchiverErrorCode, ArchiverErrorPayload> {}
