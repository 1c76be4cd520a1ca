import type { RequestProtocol } from "@sprtn/ports";
import { STATUS_BYTES } from "./status-message.js";

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export interface RequestLimits {
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  /** From opening the stream to the answer's last byte; the serving side gives up after as long. */
  readonly timeoutMs: number;
  /** What one peer may ask. */
  readonly perPeer: Rate;
  /** Of that, what a peer is served whatever others ask. */
  readonly guaranteed: Rate;
  /** What all peers together may ask beyond. */
  readonly total: Rate;
  /** Requests of one peer that are served at once. */
  readonly maxConcurrentPerPeer: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const REQUEST_LIMITS: Readonly<Record<RequestProtocol, RequestLimits>> = {
  status: {
    maxRequestBytes: STATUS_BYTES,
    maxResponseBytes: STATUS_BYTES,
    timeoutMs: 5_000,
    perPeer: { burst: 10, perSecond: 1 },
    guaranteed: { burst: 4, perSecond: 0.2 },
    total: { burst: 500, perSecond: 100 },
    maxConcurrentPerPeer: 2,
  },
  ping: {
    maxRequestBytes: 64,
    maxResponseBytes: 64,
    timeoutMs: 5_000,
    perPeer: { burst: 10, perSecond: 2 },
    guaranteed: { burst: 2, perSecond: 0.2 },
    total: { burst: 500, perSecond: 100 },
    maxConcurrentPerPeer: 2,
  },
  goodbye: {
    maxRequestBytes: 64,
    maxResponseBytes: 64,
    timeoutMs: 2_000,
    perPeer: { burst: 2, perSecond: 0.1 },
    guaranteed: { burst: 1, perSecond: 0.1 },
    total: { burst: 500, perSecond: 100 },
    maxConcurrentPerPeer: 1,
  },
  txs: {
    maxRequestBytes: 64 * KiB,
    maxResponseBytes: 4 * MiB,
    timeoutMs: 15_000,
    perPeer: { burst: 20, perSecond: 5 },
    guaranteed: { burst: 8, perSecond: 1 },
    total: { burst: 100, perSecond: 50 },
    maxConcurrentPerPeer: 4,
  },
};

/** Requests of all protocols and peers that are served at once, beyond each peer's first of a protocol. */
export const MAX_CONCURRENT_SERVED = 64;
