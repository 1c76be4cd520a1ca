/** Bytes that may wait for one slow peer before its gossip stream is given up: a whole frame. */
export const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;
/** Bytes that may wait for all peers together. */
export const MAX_TOTAL_BACKLOG_BYTES = 32 * 1024 * 1024;

/** What gossipsub keeps for a peer that it speaks to; its types leave the stream out. */
export interface OutboundGossip {
  readonly rawStream: { readonly writeBufferLength: number; abort(error: Error): void };
}

/**
 * LIMIT-26: the peers whose streams are given up so that what waits for the others fits into `maxBytes`: those with the
 * longest queues. They are disconnected, and then request what they missed like any peer that was offline.
 */
export function slowestReaders(
  streams: ReadonlyMap<string, OutboundGossip>,
  maxBytes: number,
): readonly (readonly [peer: string, stream: OutboundGossip])[] {
  let total = 0;
  for (const { rawStream } of streams.values()) total += rawStream.writeBufferLength;
  if (total <= maxBytes) return [];
  const slowest: (readonly [string, OutboundGossip])[] = [];
  const byBacklog = [...streams].toSorted(
    (a, b) => b[1].rawStream.writeBufferLength - a[1].rawStream.writeBufferLength,
  );
  for (const each of byBacklog) {
    if (total <= maxBytes) break;
    total -= each[1].rawStream.writeBufferLength;
    slowest.push(each);
  }
  return slowest;
}
