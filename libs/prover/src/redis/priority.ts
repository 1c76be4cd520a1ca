const HEIGHTS = 256;
const EPOCHS = 8192;

/**
 * BullMQ's priority of a job, lowest first, from 1 to 2^21: the older epoch first (the count of epochs begins again
 * every 8192: for a moment their order is wrong, which costs nothing), then nearest to the root; last in its epoch one
 * over which agents vanish.
 */
export function priorityOf(job: { readonly height: number; readonly epoch: number }, lost = 0): number {
  const height = lost > 0 ? 0 : Math.min(job.height + 1, HEIGHTS - 1);
  return 1 + (job.epoch % EPOCHS) * HEIGHTS + (HEIGHTS - 1 - height);
}
