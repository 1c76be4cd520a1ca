import { abortError, onAbort, throwIfAborted } from "./abort.js";
import { requireAtLeast, RuntimeError, RuntimeErrorCode } from "./runtime-error.js";

interface Waiting {
  readonly go: () => void;
  readonly refuse: (error: RuntimeError) => void;
}

/**
 * Runs one asynchronous task at a time, in the order in which they were given: a mutex with a bounded queue before it.
 */
export class SerialQueue {
  readonly #name: string;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<Waiting>();
  #busy = false;
  #closed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  /** `name` names the queue in errors; `maxWaiting` counts the tasks behind the running one. */
  constructor(settings: { readonly name: string; readonly maxWaiting: number }) {
    this.#name = settings.name;
    this.#maxWaiting = requireAtLeast(`the length of ${settings.name}`, settings.maxWaiting, 0);
  }

  /** Tasks behind the running one. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * The task's result.
   * @throws QUEUE_FULL, QUEUE_CLOSED, or ABORTED if `signal` fires before its turn; a running task minds the signal
   *   itself
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw this.#closedError();
    throwIfAborted(`a task of ${this.#name}`, signal);
    if (this.#busy) await this.#turn(signal);
    this.#busy = true;
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  /** Refuses new and waiting tasks with QUEUE_CLOSED; resolves when the running one has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting) waiting.refuse(this.#closedError());
    this.#waiting.clear();
    if (!this.#busy) return;
    this.#idle ??= Promise.withResolvers<void>();
    await this.#idle.promise;
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    const limit = this.#maxWaiting;
    if (this.#waiting.size >= limit) {
      throw new RuntimeError(
        RuntimeErrorCode.QUEUE_FULL,
        `${this.#name} is full with ${limit} waiting tasks: try again later`,
        { what: this.#name, limit },
      );
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        go: () => {
          release();
          resolve();
        },
        refuse: error => {
          release();
          reject(error);
        },
      };
      this.#waiting.add(waiting);
      const release = onAbort(signal, () => {
        this.#waiting.delete(waiting);
        reject(abortError(`a task of ${this.#name}`, signal as AbortSignal));
      });
    });
  }

  /** Hands the turn to the next task without letting go of it in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next.go();
      return;
    }
    this.#busy = false;
    this.#idle?.resolve();
  }

  #closedError(): RuntimeError {
    return new RuntimeError(RuntimeErrorCode.QUEUE_CLOSED, `${this.#name} is closed: it takes no more tasks`, {
      what: this.#name,
    });
  }
}
