/**
 * Something with a life: started in order, stopped in reverse. `stop` may be called in any state and more than once.
 */
export interface Service {
  /**
   * Resolves when the service works. `signal` holds for the whole life: aborted, it cuts short whatever is under way.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing of the service runs any more. */
  stop(): Promise<void>;
}
