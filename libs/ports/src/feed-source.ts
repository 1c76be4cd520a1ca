/** An event of a node's page, as JSON. */
export interface FeedText {
  readonly seq: number;
  readonly json: string;
}

/** What a node's page shows, and what changes it. */
export interface FeedSource {
  /** The state as JSON, with all events up to now. */
  snapshot(): string;
  /** The events after `seq`, if all of them are still there. */
  since(seq: number): readonly FeedText[] | undefined;
  /** Tells of each event as it comes. Returns what ends the subscription. */
  subscribe(listener: (event: FeedText) => void): () => void;
}
