/**
 * What a stream of a node's page brings: an event as JSON; the server's clock, ms since 1970; or that events were
 * missed, so that the state must be fetched anew.
 */
export type FeedFrame =
  | { readonly kind: "event"; readonly json: string }
  | { readonly kind: "time"; readonly atMs: number }
  | { readonly kind: "resync" };

/** Reads what a node's page shows, from elsewhere. Both methods throw a coded error when the node does not answer. */
export interface FeedReader {
  /** The state as JSON, with the number of the last event that is in it. */
  snapshot(signal: AbortSignal): Promise<string>;
  /** What comes after event `since`; ends when the node closes the stream. */
  frames(since: number, signal: AbortSignal): AsyncIterable<FeedFrame>;
}
