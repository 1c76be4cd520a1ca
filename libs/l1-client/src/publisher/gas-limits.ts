/**
 * Gas limits of calls whose course depends on the block's time, so that an estimate may be of another course. What is
 * not used
 * costs nothing; measured use stands behind each.
 */
export const gasLimits = {
  /** 59k. */
  checkpointRandao: 200_000n,
  /** 66k. */
  prune: 400_000n,
  /** 0.14M with a simulated proof; verifying a real one adds about 1M. */
  submitProof: 4_000_000n,
  /** 103k; approved in the transaction before, which an estimate would not know. */
  deposit: 300_000n,
} as const;

/**
 * A call that publishes effects: 40 gas a byte is L1's floor price (EIP-7623), hashing and the event come close to it.
 */
export function publishGasLimit(bytes: number): bigint {
  return 150_000n + 50n * BigInt(bytes);
}

/**
 * Setting up an epoch's committee, and the touch that comes with it: 230k for 16 members, 446k for 48; the size of the
 * set does not matter (contracts/snapshots/gas.json).
 */
export function setupEpochGasLimit(committeeSize: number): bigint {
  return 300_000n + 10_000n * BigInt(committeeSize);
}

/** A proposal: storage and the first touch of an epoch, the bytes, and for each member a draw and a signature. */
export function proposeGasLimit(bytes: number, committeeSize: number): bigint {
  return 1_200_000n + 50n * BigInt(bytes) + 15_000n * BigInt(committeeSize);
}

/** No transaction may have more (EIP-7825). */
const MOST = 2n ** 24n;

/** The gas limit of several calls in one transaction. */
export function totalGasLimit(limits: readonly bigint[]): bigint {
  const total = limits.reduce((sum, limit) => sum + limit, 0n);
  return total < MOST ? total : MOST;
}
