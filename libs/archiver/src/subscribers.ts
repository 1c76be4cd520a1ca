import { messageOf } from "@sprtn/primitives";
import type { ChainEvent, Logger } from "@sprtn/ports";

export type ChainListener = (event: ChainEvent) => Promise<void> | void;

/** Tells listeners what happened, one event after another, each listener awaited. */
export class Subscribers {
  readonly #listeners = new Set<{ readonly listener: ChainListener }>();

  constructor(private readonly logger: Logger) {}

  /** Returns a function that ends the subscription. */
  add(listener: ChainListener): () => void {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** A listener that throws is reported, and the others are still called. */
  async tell(events: readonly ChainEvent[]): Promise<void> {
    for (const event of events) {
      const listeners = [...this.#listeners];
      for (const entry of listeners) {
        // Its subscription may have ended, or a new one begun, while others were being told.
        if (!this.#listeners.has(entry)) continue;
        try {
          await entry.listener(event);
        } catch (error) {
          this.logger.error("a listener to chain events failed: this is a bug, please report it", {
            event: event.type,
            reason: messageOf(error),
          });
        }
      }
    }
  }
}
