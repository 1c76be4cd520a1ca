import type { Malformation } from "./malformed.js";

/** The methods that a fault affects; by default all of them, or those for which it makes sense. */
interface OfMethods {
  readonly methods?: readonly string[];
}

/** What an L1 endpoint does wrong. Each is something that endpoints do. */
export type FaultMode = OfMethods &
  (
    | { readonly mode: "none" }
    /** Answers late. */
    | { readonly mode: "delay"; readonly ms: number }
    /** Does not answer until it is healed. */
    | { readonly mode: "hang" }
    /** Closes the connection. */
    | { readonly mode: "drop" }
    /** HTTP 429. */
    | { readonly mode: "rate-limit-status"; readonly retryAfterSeconds?: number }
    /** HTTP 200 with a JSON-RPC error. */
    | { readonly mode: "rate-limit-body"; readonly code?: number; readonly message?: string }
    | { readonly mode: "http-413" }
    | { readonly mode: "http-503" }
    /** HTTP 500 with a JSON-RPC error. */
    | { readonly mode: "http-500-json" }
    /** A page with status 200, as of a proxy or a login. */
    | { readonly mode: "html" }
    /** Half of the JSON. */
    | { readonly mode: "truncated" }
    | { readonly mode: "null-result" }
    /** Values that the method cannot have, in answers that are JSON-RPC otherwise; of each kind in turn unless told. */
    | { readonly mode: "malformed-values"; readonly how?: Malformation }
    /** eth_getLogs gives nothing, though there is something. */
    | { readonly mode: "missing-logs" }
    /** Its head is `blocks` below the upstream's. */
    | { readonly mode: "older-heads"; readonly blocks: number }
    /** It has stopped importing. */
    | { readonly mode: "stalled-head" }
    /** It has come to serve another chain. */
    | { readonly mode: "wrong-chain" }
    /** An error where others say null: nothing is finalized yet. */
    | { readonly mode: "finalized-unknown" }
    /** Refuses the logs of more blocks than this, in words. */
    | { readonly mode: "log-range-count"; readonly maxBlocks: number }
    /** Does not answer for the logs of more blocks than this. */
    | { readonly mode: "log-range-time"; readonly maxBlocks: number }
    /** Lacks the block that was `below` its head when the fault began. */
    | { readonly mode: "hole"; readonly below: number }
  );

/** The kinds of fault, by name. */
export type FaultName = FaultMode["mode"];

/** One of each mode, for matrices. */
export const faultModes = [
  { mode: "delay", ms: 5 },
  { mode: "hang" },
  { mode: "drop" },
  { mode: "rate-limit-status", retryAfterSeconds: 2 },
  { mode: "rate-limit-body" },
  { mode: "http-413" },
  { mode: "http-503" },
  { mode: "http-500-json" },
  { mode: "html" },
  { mode: "truncated" },
  { mode: "null-result" },
  { mode: "malformed-values" },
  { mode: "missing-logs" },
  { mode: "older-heads", blocks: 3 },
  { mode: "stalled-head" },
  { mode: "wrong-chain" },
  { mode: "finalized-unknown" },
  { mode: "log-range-count", maxBlocks: 2 },
  { mode: "log-range-time", maxBlocks: 2 },
  { mode: "hole", below: 2 },
] as const satisfies readonly FaultMode[];
