import { abortError, onAbort, throwIfAborted } from "./abort.js";
import { requireAtLeast, RuntimeError, RuntimeErrorCode } from "./runtime-error.js";

interface Taker<T> {
  readonly give: (item: T) => void;
  readonly refuse: (error: RuntimeError) => void;
}

/** A first-in first-out queue in memory of at most `capacity` items; takers wait while it is empty. */
export class BoundedQueue<T> {
  readonly #name: string;
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #takers = new Set<Taker<T>>();
  #closed = false;

  /** `name` names the queue in errors. */
  constructor(settings: { readonly name: string; readonly capacity: number }) {
    this.#name = settings.name;
    this.#capacity = requireAtLeast(`the capacity of ${settings.name}`, settings.capacity, 1);
  }

  get size(): number {
    return this.#items.length;
  }

  /** Adds `item`, or returns false when the queue is full or closed. */
  offer(item: T): boolean {
    if (this.#closed) return false;
    const [taker] = this.#takers;
    if (taker) {
      this.#takers.delete(taker);
      taker.give(item);
      return true;
    }
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  /** As {@link offer}, but throws QUEUE_FULL or QUEUE_CLOSED. */
  push(item: T): void {
    if (this.offer(item)) return;
    if (this.#closed) throw this.#closedError();
    throw new RuntimeError(
      RuntimeErrorCode.QUEUE_FULL,
      `${this.#name} is full with ${this.#capacity} items: try again later`,
      { what: this.#name, limit: this.#capacity },
    );
  }

  /** The oldest item, as soon as there is one. @throws ABORTED, or QUEUE_CLOSED once a closed queue is empty */
  async take(signal?: AbortSignal): Promise<T> {
    throwIfAborted(`taking from ${this.#name}`, signal);
    if (this.#items.length > 0) return this.#items.shift() as T;
    if (this.#closed) throw this.#closedError();
    return new Promise((resolve, reject) => {
      const taker: Taker<T> = {
        give: item => {
          release();
          resolve(item);
        },
        refuse: error => {
          release();
          reject(error);
        },
      };
      this.#takers.add(taker);
      const release = onAbort(signal, () => {
        this.#takers.delete(taker);
        reject(abortError(`taking from ${this.#name}`, signal as AbortSignal));
      });
    });
  }

  /** Takes no more items and refuses who waits for one; what is inside may still be taken. */
  close(): void {
    this.#closed = true;
    for (const taker of this.#takers) taker.refuse(this.#closedError());
    this.#takers.clear();
  }

  #closedError(): RuntimeError {
    return new RuntimeError(RuntimeErrorCode.QUEUE_CLOSED, `${this.#name} is closed`, { what: this.#name });
  }
}
