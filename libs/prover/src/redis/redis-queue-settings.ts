/** The Redis and the network, and how patient the queue is. */
export interface RedisQueueSettings {
  /** PROVER_QUEUE_URL. */
  readonly url: string;
  /** Which deployment's jobs these are: several may share a Redis. */
  readonly network: string;
  readonly leaseMs: number;
  readonly attempts: number;
  /** Agents that may vanish over a job before it counts as failed. */
  readonly lostLeases: number;
  /** How long Redis may take to answer at the start. */
  readonly connectMs?: number;
  /** How often the jobs that are waited for are looked at. */
  readonly pollIntervalMs?: number;
  /** How often jobs without a lease are looked for; a third of a lease if not given. */
  readonly stalledMs?: number;
}
