const HEIGHTS = 256;
const EPOCHS = 8192;

/**
 * BullMQ's priority of a job, lowest first, from 1 to 2^21: nearest to the root first, then the older epoch (the count
 * of epochs begins anew every 8192: for a moment their order is wrong, which costs nothing).
 */
export function priorityOf({ height, epoch }: { readonly height: number; readonly epoch: number }): number {
  return Math.min(2 ** 21, 1 + (HEIGHTS - 1 - Math.min(height, HEIGHTS - 1)) * EPOCHS + (epoch % EPOCHS));
}
