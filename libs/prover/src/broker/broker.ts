import { toHex } from "@sprtn/primitives";
import type {
  CircuitName,
  Clock,
  JobOutcome,
  JobSource,
  JobTrouble,
  KvStore,
  LeasedJob,
  Logger,
  Meter,
  Proof,
  ProofJob,
  ProofQueue,
  QueueStatus,
  Random,
} from "@sprtn/ports";
import { abortError, onAbort } from "@sprtn/runtime";
import { ProverError, ProverErrorCode } from "../prover-error.js";
import {
  failedAfter,
  forgotten,
  heartbeatMs,
  type JobFailure,
  leasesLost,
  unknownJob,
  VANISHING,
  wrongProof,
  wrongProofOf,
} from "./broker-answers.js";
import { endedJobs, lostLeases } from "./broker-metrics.js";
import { isProofOf, type ProofCheckDependencies } from "./is-proof-of.js";
import { type JobRecord, JobStore, newRecord } from "./job-store.js";

/** Where jobs are kept, and what tells a right proof. */
export interface BrokerDependencies extends ProofCheckDependencies {
  readonly store: KvStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** How long a lease lasts, and after how many failures a job is given up. */
export interface BrokerSettings {
  readonly prefix: Uint8Array;
  /** A lease without a heartbeat for this long is given to another agent. */
  readonly leaseMs: number;
  /** Times that a job may fail before it counts as failed. */
  readonly attempts: number;
  /** Agents that may vanish over a job before it counts as failed. */
  readonly lostLeases: number;
}

interface Lease {
  readonly token: string;
  readonly agent: string;
  expiresMs: number;
}

interface Entry {
  record: JobRecord;
  lease: Lease | undefined;
  readonly waiting: Set<(outcome: JobOutcome) => void>;
  /** Results of one job are judged and written one after the other. */
  turn: Promise<void>;
}

const newEntry = (record: JobRecord): Entry => ({
  record,
  lease: undefined,
  waiting: new Set(),
  turn: Promise.resolve(),
});

/**
 * A durable queue of proof jobs (PROV-5): idempotent by content hash, leased with heartbeats, retried, the oldest epoch
 * first, then nearest to the root. Records are on disk before they count; that a job is given out is there too, but not
 * to whom: after a restart it is given out again, and a result that arrives late is taken if it verifies. A job over
 * which agents vanish goes behind the others of its epoch, and has failed when too many have (ADR 0038).
 */
export class Broker implements ProofQueue, JobSource {
  readonly #jobs = new Map<string, Entry>();
  /** Jobs on their way to the disk: asking twice at once makes one job. */
  readonly #adding = new Map<string, Promise<void>>();
  readonly #store: JobStore;
  /** Forgotten jobs that may be on disk still. */
  #removing: Pick<ProofJob, "epoch" | "id">[] = [];
  readonly #ended;
  readonly #lost;

  readonly #dependencies: BrokerDependencies;

  private constructor(
    dependencies: BrokerDependencies,
    private readonly settings: BrokerSettings,
  ) {
    this.#dependencies = dependencies;
    this.#store = new JobStore(dependencies.store, settings.prefix);
    this.#ended = endedJobs(dependencies.meter);
    this.#lost = lostLeases(dependencies.meter);
  }

  /** Opens the queue with what an earlier run left. */
  static async open(dependencies: BrokerDependencies, settings: BrokerSettings): Promise<Broker> {
    const broker = new Broker(dependencies, settings);
    for await (const record of broker.#store.load()) broker.#jobs.set(record.job.id, newEntry(record));
    return broker;
  }

  enqueue(job: ProofJob): Promise<void> {
    const adding = this.#adding.get(job.id) ?? this.#enqueue(job).finally(() => this.#adding.delete(job.id));
    this.#adding.set(job.id, adding);
    return adding;
  }

  async #enqueue(job: ProofJob): Promise<void> {
    const known = this.#jobs.get(job.id);
    // A failed job that is asked for again gets another chance: its agents may have been at fault.
    if (known !== undefined && known.record.outcome?.status !== "failed") return;
    await this.#store.add(job);
    this.#removing = this.#removing.filter(({ id }) => id !== job.id);
    const record = newRecord(job);
    if (known === undefined) this.#jobs.set(job.id, newEntry(record));
    else known.record = record;
  }

  outcome(id: string, signal: AbortSignal): Promise<JobOutcome> {
    const entry = this.#entry(id);
    if (entry.record.outcome !== null) return Promise.resolve(entry.record.outcome);
    const { promise, resolve, reject } = Promise.withResolvers<JobOutcome>();
    const release = onAbort(signal, () => reject(abortError(`waiting for job ${id}`, signal)));
    entry.waiting.add(resolve);
    return promise.finally(() => {
      release();
      entry.waiting.delete(resolve);
    });
  }

  async forgetBefore(epoch: number): Promise<void> {
    const old = [...this.#jobs.values()].filter(entry => entry.record.job.epoch < epoch);
    // First here: a write that fails may have removed them all the same, and a job without its inputs is not a job.
    for (const { record, waiting } of old) {
      this.#jobs.delete(record.job.id);
      for (const resolve of waiting) resolve(forgotten);
    }
    this.#removing.push(...old.map(entry => entry.record.job));
    if (this.#removing.length === 0) return;
    await this.#store.remove(this.#removing);
    this.#removing = [];
  }

  status(): QueueStatus {
    const entries = [...this.#jobs.values()];
    const count = (matches: (entry: Entry) => boolean) => entries.filter(matches).length;
    return {
      queued: count(entry => entry.record.outcome === null && !this.#leased(entry)),
      leased: count(entry => entry.record.outcome === null && this.#leased(entry)),
      done: count(entry => entry.record.outcome?.status === "done"),
      failed: count(entry => entry.record.outcome?.status === "failed"),
    };
  }

  async troubles(): Promise<readonly JobTrouble[]> {
    return [...this.#jobs.values()].flatMap(({ record: { job, trouble, outcome } }) =>
      trouble === null || outcome?.status === "done"
        ? []
        : [{ job: job.id, circuit: job.circuit, epoch: job.epoch, ...trouble }],
    );
  }

  async take(agent: string, circuits: readonly CircuitName[]): Promise<LeasedJob | null> {
    for (;;) {
      const next = this.#mostUrgent(circuits);
      if (next === undefined) return null;
      const lost = next.record.lost + Number(next.record.leased);
      if (next.record.leased) this.#reportLost(next.record.job, lost);
      if (lost < this.settings.lostLeases) return this.#lease(next, agent, lost);
      const failure = leasesLost(lost);
      next.record = { ...next.record, lost, leased: false, trouble: failure };
      await this.#inTurn(next, () => this.#end(next, { status: "failed", ...failure }));
    }
  }

  #mostUrgent(circuits: readonly CircuitName[]): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#jobs.values()) {
      const { job, outcome } = entry.record;
      if (outcome !== null || this.#leased(entry) || !circuits.includes(job.circuit)) continue;
      if (best === undefined || compareUrgency(entry.record, best.record) < 0) best = entry;
    }
    return best;
  }

  async #lease(entry: Entry, agent: string, lost: number): Promise<LeasedJob> {
    const { leaseMs } = this.settings;
    const { job } = entry.record;
    // A store that cannot be read is not a lease of the job's; a job whose inputs are gone must not stop the others.
    const inputs = this.#store.inputs(job);
    const token = toHex(this.#dependencies.random.bytes(16));
    entry.lease = { token, agent, expiresMs: this.#dependencies.clock.steadyMs() + leaseMs };
    const trouble = lost > entry.record.lost ? leasesLost(lost) : entry.record.trouble;
    entry.record = { ...entry.record, lost, leased: true, trouble };
    if (inputs === undefined)
      throw new ProverError(
        ProverErrorCode.CORRUPT_QUEUE,
        "a job's inputs are lost: delete the prover's data directory, and its work will be done again",
        { job: job.id },
      );
    try {
      await this.#store.lease(entry.record);
    } catch (error) {
      if (entry.lease?.token === token) entry.lease = undefined;
      entry.record = { ...entry.record, leased: false };
      throw error;
    }
    return { ...job, inputs, lease: token, heartbeatMs: heartbeatMs(leaseMs) };
  }

  #reportLost(job: JobRecord["job"], lost: number): void {
    this.#lost.add(1, { circuit: job.circuit });
    if (lost === Math.min(this.settings.attempts, this.settings.lostLeases))
      this.#dependencies.logger.warn(VANISHING, { job: job.id, circuit: job.circuit, epoch: job.epoch, lost });
  }

  async heartbeat(id: string, lease: string): Promise<boolean> {
    const entry = this.#jobs.get(id);
    if (entry?.lease?.token !== lease || entry.record.outcome !== null) return false;
    entry.lease.expiresMs = this.#dependencies.clock.steadyMs() + this.settings.leaseMs;
    return true;
  }

  async complete(id: string, lease: string, proof: Proof): Promise<void> {
    const entry = this.#entry(id);
    if (entry.record.outcome !== null) return;
    const { job } = entry.record;
    const inputs = this.#store.inputs(job);
    const right = inputs !== undefined && (await isProofOf(this.#dependencies, { ...job, inputs }, proof));
    await this.#inTurn(entry, () => (right ? this.#end(entry, { status: "done", proof }) : this.#refuse(entry, lease)));
  }

  async fail(
    id: string,
    lease: string,
    error: { readonly code: string; readonly reason: string; readonly retry: boolean },
  ): Promise<void> {
    const entry = this.#entry(id);
    await this.#inTurn(entry, async () => {
      if (entry.lease?.token !== lease) return;
      if (error.retry) await this.#retry(entry, error);
      else await this.#end(entry, { status: "failed", code: error.code, reason: error.reason });
    });
  }

  async release(id: string, lease: string): Promise<void> {
    const entry = this.#entry(id);
    await this.#inTurn(entry, async () => {
      if (entry.lease?.token !== lease) return;
      entry.lease = undefined;
      entry.record = { ...entry.record, leased: false };
      await this.#store.lease(entry.record);
    });
  }

  /** Does `work` when the results before have been dealt with, unless they ended the job. */
  #inTurn(entry: Entry, work: () => Promise<void>): Promise<void> {
    const done = entry.turn.then(() => (entry.record.outcome === null ? work() : undefined));
    // Each caller is told of its own result's trouble.
    entry.turn = done.catch(() => {});
    return done;
  }

  async #refuse(entry: Entry, lease: string): Promise<never> {
    const { job } = entry.record;
    const holder = entry.lease?.token === lease ? entry.lease.agent : undefined;
    this.#dependencies.logger.warn("an agent sent a proof that does not verify", {
      job: job.id,
      agent: holder ?? "one whose lease has expired",
      circuit: job.circuit,
    });
    // An agent whose lease is over takes the job from no one.
    if (holder !== undefined) await this.#retry(entry, wrongProofOf(holder));
    throw wrongProof(job.id);
  }

  async #retry(entry: Entry, error: JobFailure): Promise<void> {
    entry.lease = undefined;
    const attempts = entry.record.attempts + 1;
    const trouble = { code: error.code, reason: error.reason };
    entry.record = { ...entry.record, attempts, leased: false, trouble };
    if (attempts >= this.settings.attempts) await this.#end(entry, failedAfter(attempts, error));
    else await this.#store.update(entry.record);
  }

  async #end(entry: Entry, outcome: JobOutcome): Promise<void> {
    if (this.#jobs.get(entry.record.job.id) !== entry) return;
    const trouble = outcome.status === "failed" ? { code: outcome.code, reason: outcome.reason } : null;
    const record = { ...entry.record, leased: false, trouble, outcome };
    await this.#store.update(record);
    entry.record = record;
    entry.lease = undefined;
    this.#ended.add(1, { circuit: record.job.circuit, outcome: outcome.status });
    for (const resolve of entry.waiting) resolve(outcome);
  }

  #leased(entry: Entry): boolean {
    return entry.lease !== undefined && entry.lease.expiresMs > this.#dependencies.clock.steadyMs();
  }

  #entry(id: string): Entry {
    const entry = this.#jobs.get(id);
    if (entry === undefined) throw unknownJob(id);
    return entry;
  }
}

/** PROV-5: negative if `a` goes first. Neither is leased. */
function compareUrgency(a: JobRecord, b: JobRecord): number {
  const lost = (record: JobRecord) => record.lost + Number(record.leased);
  return a.job.epoch - b.job.epoch || lost(a) - lost(b) || b.job.height - a.job.height;
}
