import type { FaultMode } from "@sprtn/l1-client/faulty-l1";

/** A fault of an L1 endpoint, and how a node without another endpoint reports it. */
export interface FaultCase {
  readonly fault: FaultMode;
  /** One of these keeps the node from being ready, and is warned of; none: the node copes. */
  readonly codes: readonly string[];
  /** The endpoint stands still for a while before, so that the node has to catch up with the fault on. */
  readonly behind?: boolean;
  /** All endpoints of all nodes have it. */
  readonly everywhere?: boolean;
}

const UNREACHABLE = ["L1_UNREACHABLE"];
/** It may begin just when logs are asked for, of which it then looks like too many. */
const UNREACHABLE_OR_RANGE = ["L1_UNREACHABLE", "L1_RANGE_TOO_LARGE"];
const BAD_ANSWER = ["L1_BAD_ANSWER"];

/** Every mode, and what it does to a node. */
export const faultCases: readonly FaultCase[] = [
  { fault: { mode: "delay", ms: 100 }, codes: [] },
  { fault: { mode: "finalized-unknown" }, codes: [] },
  { fault: { mode: "drop" }, codes: UNREACHABLE },
  { fault: { mode: "hang" }, codes: UNREACHABLE_OR_RANGE },
  { fault: { mode: "rate-limit-status", retryAfterSeconds: 2 }, codes: ["L1_RATE_LIMITED"] },
  { fault: { mode: "rate-limit-body" }, codes: ["L1_RATE_LIMITED"] },
  { fault: { mode: "http-413" }, codes: UNREACHABLE_OR_RANGE },
  { fault: { mode: "http-503" }, codes: UNREACHABLE },
  { fault: { mode: "http-500-json" }, codes: UNREACHABLE },
  { fault: { mode: "html" }, codes: BAD_ANSWER },
  { fault: { mode: "truncated" }, codes: BAD_ANSWER },
  { fault: { mode: "null-result" }, codes: BAD_ANSWER },
  { fault: { mode: "malformed-values" }, codes: BAD_ANSWER },
  { fault: { mode: "stalled-head" }, codes: ["L1_STALE_HEAD"] },
  { fault: { mode: "wrong-chain" }, codes: ["L1_WRONG_CHAIN"] },
  { fault: { mode: "log-range-count", maxBlocks: 2 }, codes: [], behind: true },
  { fault: { mode: "log-range-time", maxBlocks: 2 }, codes: [], behind: true },
  { fault: { mode: "older-heads", blocks: 3 }, codes: [] },
  { fault: { mode: "missing-logs" }, codes: ["ARCHIVER_L1_EVENTS_MISSING"] },
  // A block that is still to come.
  { fault: { mode: "hole", below: -3 }, codes: ["ARCHIVER_L1_BLOCK_MISSING"] },
];
