/** Time as everything above the adapters sees it. Tests and simulation advance it by hand. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number;
  /**
   * Milliseconds since some moment. Nobody sets this clock, so spans are measured by it; its values mean nothing to
   * other processes, nor after a restart.
   */
  steadyMs(): number;
  /**
   * Calls `callback` once, `delayMs` from now (a delay that is not above 0 means as soon as possible); returns a
   * function that cancels it.
   */
  schedule(delayMs: number, callback: () => void): () => void;
}
