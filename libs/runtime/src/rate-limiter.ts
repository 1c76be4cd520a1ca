import type { Clock } from "./clock.js";
import { LruMap } from "./lru-map.js";
import { requireAtLeast } from "./runtime-error.js";

/** A token bucket's size and its flow, and how many buckets are kept. */
export interface RateLimit {
  /** Tokens that a key may spend at once. */
  readonly burst: number;
  readonly tokensPerSecond: number;
  /**
   * Keys that are remembered; the least recently used one is forgotten, and starts with a full burst if it comes back.
   */
  readonly maxKeys: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** One token bucket for each key. */
export class RateLimiter<Key extends {} = string> {
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #buckets: LruMap<Key, Bucket>;

  constructor(dependencies: { readonly clock: Clock }, limit: RateLimit) {
    this.#clock = dependencies.clock;
    this.#limit = limit;
    requireAtLeast("the burst of a rate limit", limit.burst, 0);
    requireAtLeast("the rate of a rate limit", limit.tokensPerSecond, 0);
    this.#buckets = new LruMap(limit.maxKeys);
  }

  /** Spends `cost` tokens of `key`, or returns false and spends none. */
  tryTake(key: Key, cost = 1): boolean {
    const bucket = this.#refilled(key);
    this.#buckets.set(key, bucket);
    if (bucket.tokens < cost) return false;
    bucket.tokens -= cost;
    return true;
  }

  /** Takes `cost` tokens from `key` whether it has them or not; its debt never exceeds the burst. */
  charge(key: Key, cost: number): void {
    const bucket = this.#refilled(key);
    this.#buckets.set(key, { ...bucket, tokens: Math.max(-this.#limit.burst, bucket.tokens - cost) });
  }

  /** Whether `key` has any tokens left. */
  hasAny(key: Key): boolean {
    return this.#refilled(key).tokens > 0;
  }

  /** How long until `key` may spend `cost`, in ms; Infinity if that exceeds the burst. */
  waitMs(key: Key, cost = 1): number {
    if (cost > this.#limit.burst) return Number.POSITIVE_INFINITY;
    const missing = cost - this.#refilled(key).tokens;
    return missing <= 0 ? 0 : (missing / this.#limit.tokensPerSecond) * 1000;
  }

  #refilled(key: Key): Bucket {
    const nowMs = this.#clock.steadyMs();
    const bucket = this.#buckets.peek(key) ?? { tokens: this.#limit.burst, atMs: nowMs };
    const passedMs = nowMs - bucket.atMs;
    return {
      tokens: Math.min(this.#limit.burst, bucket.tokens + (passedMs / 1000) * this.#limit.tokensPerSecond),
      atMs: nowMs,
    };
  }
}
