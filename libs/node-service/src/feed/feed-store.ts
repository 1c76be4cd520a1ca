import { FEED_VERSION, type FeedChange, type FeedEvent, type FeedState, reduce } from "@sprtn/feed";
import type { FeedSource, FeedText } from "@sprtn/ports";
import { EventRing } from "./event-ring.js";

/** LIMIT-38: events that are kept for pages that come back. */
const KEPT_EVENTS = 4_096;

/** The state that pages show; each change is numbered, kept for a while and told, and encoded once for all. */
export class FeedStore implements FeedSource {
  #state: FeedState;
  #encoded: { readonly seq: number; readonly json: string } | undefined;
  readonly #ring = new EventRing(KEPT_EVENTS);
  readonly #listeners = new Set<{ readonly tell: (event: FeedText) => void }>();

  constructor(
    state: FeedState,
    private readonly nowMs: () => number,
  ) {
    this.#state = state;
  }

  get state(): FeedState {
    return this.#state;
  }

  apply(change: FeedChange): void {
    const seq = this.#state.seq + 1;
    const event: FeedEvent = { v: FEED_VERSION, seq, atMs: this.nowMs(), ...change };
    this.#state = reduce(this.#state, event);
    const text: FeedText = { seq, json: JSON.stringify(event) };
    this.#ring.add(text);
    for (const { tell } of [...this.#listeners]) tell(text);
  }

  snapshot(): string {
    if (this.#encoded?.seq !== this.#state.seq)
      this.#encoded = { seq: this.#state.seq, json: JSON.stringify(this.#state) };
    return this.#encoded.json;
  }

  since(seq: number): readonly FeedText[] | undefined {
    return this.#ring.since(seq);
  }

  subscribe(listener: (event: FeedText) => void): () => void {
    const entry = { tell: listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }
}
