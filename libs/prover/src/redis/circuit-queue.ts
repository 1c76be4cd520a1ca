import type { CircuitName } from "@sprtn/ports";
import { createRedisBackend, Job, Queue, UnrecoverableError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { JobFailure } from "../broker/broker-answers.js";
import { CLAIM, REVIVE } from "./lease-scripts.js";
import { priorityOf } from "./priority.js";

/** What BullMQ keeps of a job: small, its inputs are a blob. The result is the hash of the proof. */
export interface JobData {
  readonly epoch: number;
  readonly height: number;
  readonly inputs: string;
}

export type QueuedJob = Job<JobData, string>;

/** Where BullMQ counts the agents that have vanished over a job, and how often it was given out. */
const STALLED_COUNT = "stc";
const STARTED_COUNT = "ats";

export interface CircuitQueueSettings {
  readonly prefix: string;
  readonly leaseMs: number;
  /** How often jobs without a lease are looked for. */
  readonly stalledMs: number;
}

const states = ["wait", "prioritized", "active", "completed", "failed"] as const;
export type JobCounts = Readonly<Record<(typeof states)[number], number>>;

/**
 * The jobs of one circuit: a queue of BullMQ's whose workers are elsewhere. Agents know different circuits, and BullMQ
 * always hands out a queue's next job, so each circuit has its own queue.
 */
export class CircuitQueue {
  readonly #queue: Queue<JobData, string>;
  readonly #worker: Worker<JobData, string>;

  readonly #dependencies: { readonly redis: Redis; readonly circuit: CircuitName };

  constructor(
    dependencies: { readonly redis: Redis; readonly circuit: CircuitName },
    private readonly settings: CircuitQueueSettings,
  ) {
    this.#dependencies = dependencies;
    const { redis, circuit } = dependencies;
    const { prefix, leaseMs, stalledMs } = settings;
    const shared = { connection: redis, prefix, skipVersionCheck: true };
    // Nothing listens to BullMQ's events: a stream of a few is enough.
    this.#queue = new Queue(circuit, { ...shared, streams: { events: { maxLen: 100 } } });
    // It is asked for jobs and never waits for them, so it needs no connection of its own. How many agents may vanish
    // over a job is RedisQueue's to say.
    const options = {
      ...shared,
      autorun: false,
      lockDuration: leaseMs,
      stalledInterval: stalledMs,
      maxStalledCount: 1_000_000,
    };
    this.#worker = new Worker(circuit, null, options, (name, own) => createRedisBackend(name, own, {}));
    // The link reports Redis's troubles.
    this.#queue.on("error", () => {});
    this.#worker.on("error", () => {});
  }

  /** Without effect for a job that is known. */
  async add(id: string, data: JobData, attempts: number): Promise<void> {
    await this.#queue.add(this.#dependencies.circuit, data, {
      jobId: id,
      priority: priorityOf(data),
      attempts,
      stackTraceLimit: 0,
    });
  }

  async job(id: string): Promise<QueuedJob | undefined> {
    return Job.fromId<JobData, string>(this.#worker, id);
  }

  async next(lease: string): Promise<QueuedJob | undefined> {
    return this.#worker.getNextJob(lease, { block: false });
  }

  /** The lease that holds a job now. */
  holder(id: string): Promise<string | null> {
    return this.#dependencies.redis.get(this.#lock(id));
  }

  async extend(id: string, lease: string): Promise<boolean> {
    const { leaseMs } = this.settings;
    if ((await this.#worker.getBackend().extendLock(id, lease, leaseMs)) === 1) return true;
    return (
      (await this.#dependencies.redis.eval(
        REVIVE,
        3,
        this.#lock(id),
        this.#key("active"),
        this.#key("stalled"),
        id,
        lease,
        leaseMs,
      )) === 1
    );
  }

  /** Gives a job to `lease`, no matter who holds it. False if it has ended or is gone. */
  async claim(id: string, lease: string): Promise<boolean> {
    const keys = [this.#lock(id), ...["active", "stalled", "wait", "prioritized"].map(name => this.#key(name))];
    return (await this.#dependencies.redis.eval(CLAIM, keys.length, ...keys, id, lease, this.settings.leaseMs)) === 1;
  }

  /** False if `lease` no longer holds the job. */
  complete(job: QueuedJob, lease: string, result: string): Promise<boolean> {
    return ifStillSo(() => job.moveToCompleted(result, lease, false));
  }

  /** Gives a job back; BullMQ keeps an error's text. False if `lease` no longer holds it. */
  giveBack(job: QueuedJob, lease: string, { code, reason }: JobFailure): Promise<boolean> {
    return ifStillSo(() => job.moveToFailed(new Error(JSON.stringify({ code, reason })), lease, false));
  }

  /** Takes a job back as it was before it was given out. Has no effect if `lease` no longer holds it. */
  async release(job: QueuedJob, lease: string): Promise<void> {
    if (!(await ifStillSo(() => job.moveToWait(lease)))) return;
    await this.#dependencies.redis.hincrby(this.#key(job.id as string), STARTED_COUNT, -1);
  }

  /** Ends a job without a proof. False if `lease` no longer holds it. */
  fail(job: QueuedJob, lease: string, { code, reason }: JobFailure): Promise<boolean> {
    return ifStillSo(() => job.moveToFailed(new UnrecoverableError(JSON.stringify({ code, reason })), lease, false));
  }

  /** Restarts a job that ended, unless another process has done so. */
  async restart(job: QueuedJob, from: "failed" | "completed", attempts: "anew" | "kept"): Promise<boolean> {
    if (attempts === "anew") await this.#dependencies.redis.hset(this.#key(job.id as string), STALLED_COUNT, 0);
    return ifStillSo(() => job.retry(from, { resetAttemptsMade: true, resetAttemptsStarted: attempts === "anew" }));
  }

  /**
   * Gives out again what agents that are gone had taken, after the other jobs of its epoch; returns it. BullMQ sees to
   * it that one process does so, once per `stalledMs`.
   */
  async recover(): Promise<readonly QueuedJob[]> {
    const ids = await this.#worker.getBackend().moveStalledJobsToWait();
    const jobs = (await Promise.all(ids.map(id => this.job(id)))).filter(job => job !== undefined);
    // BullMQ puts it ahead of everything: a job that kills its agents would be the first to kill the next one.
    for (const job of jobs) await job.changePriority({ priority: priorityOf(job.data, job.stalledCounter) });
    return jobs;
  }

  async counts(): Promise<JobCounts> {
    return (await this.#queue.getJobCounts(...states)) as JobCounts;
  }

  /** Where BullMQ keeps the next jobs: those of agents that are gone, and the others by priority. */
  get waiting(): { readonly recovered: string; readonly prioritized: string } {
    return { recovered: this.#key("wait"), prioritized: this.#key("prioritized") };
  }

  /** Also while an agent is at work on it. */
  async remove(id: string): Promise<void> {
    // BullMQ refuses while there is a lock, which a heartbeat may set again in between.
    do await this.#dependencies.redis.del(this.#lock(id));
    while ((await this.#queue.remove(id)) === 0);
  }

  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#worker.close(true)]);
  }

  #key(name: string): string {
    return this.#queue.toKey(name);
  }

  #lock(id: string): string {
    return `${this.#key(id)}:lock`;
  }
}

/** BullMQ's scripts answer a number below 0 for a job that is not where it was. */
async function ifStillSo(change: () => Promise<unknown>): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "number" && error.code < 0) return false;
    throw error;
  }
}
