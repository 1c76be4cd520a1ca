import type { FeedText } from "@sprtn/ports";

/** The last events, oldest first; numbers are consecutive. LIMIT-38: at most `capacity`. */
export class EventRing {
  #events: FeedText[] = [];

  constructor(private readonly capacity: number) {}

  add(event: FeedText): void {
    // Dropping half at once costs less than one by one.
    if (this.#events.length >= this.capacity) this.#events = this.#events.slice(this.capacity / 2);
    this.#events.push(event);
  }

  /** Those after `seq`; undefined if some of them are gone, or `seq` was never reached. */
  since(seq: number): readonly FeedText[] | undefined {
    const first = this.#events[0]?.seq;
    const last = this.#events.at(-1)?.seq ?? 0;
    if (seq > last) return undefined;
    if (seq === last) return [];
    return first === undefined || seq < first - 1 ? undefined : this.#events.slice(seq - first + 1);
  }
}
