import { toHex } from "@sprtn/primitives";
import { type CircuitName, circuitNames } from "@sprtn/protocol";
import type {
  Clock,
  JobOutcome,
  JobSource,
  JobTrouble,
  LeasedJob,
  Logger,
  Meter,
  Proof,
  ProofJob,
  ProofQueue,
  QueueStatus,
  Random,
} from "@sprtn/ports";
import { SerialQueue } from "@sprtn/runtime";
import { encodeCircuitInputs as encodeRecord } from "@sprtn/state-transition/circuits";
import {
  failedAfter,
  forgotten,
  heartbeatMs,
  type JobFailure,
  leasesLost,
  unknownJob,
  wrongProof,
  wrongProofOf,
} from "../broker/broker-answers.js";
import { endedJobs } from "../broker/broker-metrics.js";
import { isProofOf, type ProofCheckDependencies } from "../broker/is-proof-of.js";
import { ProverError, ProverErrorCode } from "../prover-error.js";
import { BlobStore } from "./blob-store.js";
import { CheckedProofs } from "./checked-proofs.js";
import { CircuitQueue, type QueuedJob } from "./circuit-queue.js";
import { JobIndex, type JobPlace } from "./job-index.js";
import { mostUrgentFirst } from "./most-urgent-first.js";
import { OutcomeWatch } from "./outcome-watch.js";
import { QueueRound } from "./queue-round.js";
import { agentOf, attemptsOf, hasEnded, hasFailed, placeOf, triesOf } from "./queued-job.js";
import { RedisLink } from "./redis-link.js";
import type { RedisQueueSettings } from "./redis-queue-settings.js";
import { Troubles } from "./troubles.js";

/** What tells a right proof, and what the queue needs of its process. */
export interface RedisQueueDependencies extends ProofCheckDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** A job, and the lease under which somebody has it or had it. */
interface Given {
  readonly place: JobPlace;
  readonly job: QueuedJob;
  readonly lease: string;
}

/** Of what is kept in Redis; another one begins with an empty queue. */
const FORMAT = 1;
/** A lease is an agent's name and a random part: at most 64 characters. */
const MAX_NAME = 24;

/**
 * The queue of proof jobs (PROV-5) for clusters: BullMQ on Redis, shared by any number of prover nodes and agents. It
 * answers as the Broker does; the state of a job in BullMQ is the truth. A caller that relies on a proof
 * checks it: the process to which it is handed in, and each that waits for it, so that no agent that writes to Redis
 * itself can make a wrong proof count.
 */
export class RedisQueue implements ProofQueue, JobSource {
  readonly #blobs: BlobStore;
  readonly #index: JobIndex;
  readonly #troubles: Troubles;
  readonly #queues: ReadonlyMap<CircuitName, CircuitQueue>;
  readonly #watch: OutcomeWatch;
  readonly #ended;
  readonly #proofs: CheckedProofs;
  readonly #round: QueueRound;
  /** Proofs that others took in are checked one after the other. */
  readonly #checks = new SerialQueue({ name: "checks of proofs from Redis", maxWaiting: 65_536 });

  readonly #dependencies: RedisQueueDependencies;

  private constructor(
    dependencies: RedisQueueDependencies,
    private readonly settings: RedisQueueSettings,
    private readonly link: RedisLink,
  ) {
    this.#dependencies = dependencies;
    const { redis } = link;
    const { network, leaseMs, pollIntervalMs = 200, stalledMs = Math.ceil(leaseMs / 3) } = settings;
    // In braces: in a cluster, all keys of a deployment are on one node.
    const prefix = `{sprtn:${FORMAT}:${network}}`;
    this.#blobs = new BlobStore(redis, prefix);
    this.#proofs = new CheckedProofs(dependencies, this.#blobs);
    this.#index = new JobIndex(redis, prefix);
    this.#troubles = new Troubles(redis, prefix);
    this.#queues = new Map(
      circuitNames.map(circuit => [circuit, new CircuitQueue({ redis, circuit }, { prefix, leaseMs, stalledMs })]),
    );
    this.#ended = endedJobs(dependencies.meter);
    this.#round = new QueueRound(
      { ...dependencies, queues: this.#queues, troubles: this.#troubles },
      { ...settings, stalledMs },
    );
    const known = (error: unknown) => error instanceof ProverError && error.code === ProverErrorCode.QUEUE_UNREACHABLE;
    this.#watch = new OutcomeWatch(
      {
        clock: dependencies.clock,
        logger: dependencies.logger,
        outcome: place => link.promptly(() => this.#outcome(place)),
        round: () => link.promptly(() => this.#round.run()),
        known,
      },
      { intervalMs: pollIntervalMs },
    );
  }

  /** @throws ProverError QUEUE_UNREACHABLE, QUEUE_UNFIT */
  static async open(dependencies: RedisQueueDependencies, settings: RedisQueueSettings): Promise<RedisQueue> {
    const link = await RedisLink.open(dependencies, { url: settings.url, connectMs: settings.connectMs ?? 10_000 });
    const queue = new RedisQueue(dependencies, settings, link);
    await queue.#watch.start();
    return queue;
  }

  async close(): Promise<void> {
    const stopped = this.#watch.stop();
    await this.#checks.close();
    await stopped;
    await Promise.all([...this.#queues.values()].map(queue => queue.close()));
    this.link.close();
  }

  enqueue(job: ProofJob): Promise<void> {
    return this.link.patiently(async () => {
      const queue = this.#queue(job.circuit);
      await this.#index.add(job);
      const inputs = await this.#blobs.put(job.epoch, job.inputs);
      this.#proofs.noteInputs(job.id, inputs);
      const known = await queue.job(job.id);
      if (known === undefined)
        await queue.add(job.id, { epoch: job.epoch, height: job.height, inputs }, this.settings.attempts);
      // A failed job that is asked for again gets another chance: its agents may have been at fault.
      else if (hasFailed(known)) await queue.restart(known, "failed", "anew");
    });
  }

  async outcome(id: string, signal: AbortSignal): Promise<JobOutcome> {
    const place = await this.link.patiently(() => this.#place(id), signal);
    return this.#watch.wait(place, signal);
  }

  async forgetBefore(epoch: number): Promise<void> {
    await this.link.patiently(async () => {
      const old = await this.#index.before(epoch);
      for (const { id, circuit } of old) await this.#queue(circuit).remove(id);
      await this.#blobs.forget([...new Set(old.map(place => place.epoch))]);
      // Last: a crash before is made up for by the next call.
      await this.#troubles.clear(old.map(place => place.id));
      await this.#index.remove(old);
    });
    await this.#watch.look();
  }

  /** As it was a second ago or less. */
  status(): QueueStatus {
    return this.#round.status;
  }

  troubles(): Promise<readonly JobTrouble[]> {
    return this.link.promptly(() => this.#troubles.all());
  }

  /** Looks at the whole queue now: {@link status} is up to date when this resolves. */
  refresh(): Promise<void> {
    this.#round.countAgain();
    return this.#watch.look();
  }

  take(agent: string, circuits: readonly CircuitName[]): Promise<LeasedJob | null> {
    return this.link.promptly(async () => {
      await this.#round.recover();
      const queues = circuits.map(circuit => ({ circuit, waiting: this.#queue(circuit).waiting }));
      for (const circuit of await mostUrgentFirst(this.link.redis, queues)) {
        const lease = `${agent.slice(0, MAX_NAME)}/${toHex(this.#dependencies.random.bytes(16)).slice(2)}`;
        const job = await this.#queue(circuit).next(lease);
        // Another agent may have been faster.
        if (job === undefined) continue;
        if (job.stalledCounter < this.settings.lostLeases) return this.#leased(circuit, job, lease);
        await this.#fail({ place: placeOf(circuit, job), job, lease }, leasesLost(job.stalledCounter));
        return this.take(agent, circuits);
      }
      return null;
    });
  }

  heartbeat(id: string, lease: string): Promise<boolean> {
    return this.link.promptly(async () => {
      const place = await this.#index.find(id);
      return place !== undefined && this.#queue(place.circuit).extend(id, lease);
    });
  }

  complete(id: string, lease: string, proof: Proof): Promise<void> {
    return this.link.promptly(async () => {
      const { place, job } = await this.#known(id);
      if (hasEnded(job)) return;
      const inputs = await this.#proofs.inputs(place, job);
      const right =
        inputs !== undefined && (await isProofOf(this.#dependencies, { circuit: place.circuit, inputs }, proof));
      await (right ? this.#accept(place, lease, proof) : this.#refuse(place, lease));
      void this.#watch.look();
    });
  }

  fail(id: string, lease: string, error: JobFailure & { readonly retry: boolean }): Promise<void> {
    return this.link.promptly(async () => {
      const { place, job } = await this.#known(id);
      if (error.retry) await this.#retry({ place, job, lease }, error);
      else await this.#fail({ place, job, lease }, error);
      void this.#watch.look();
    });
  }

  release(id: string, lease: string): Promise<void> {
    return this.link.promptly(async () => {
      const { place, job } = await this.#known(id);
      await this.#queue(place.circuit).release(job, lease);
      void this.#watch.look();
    });
  }

  async #leased(circuit: CircuitName, job: QueuedJob, lease: string): Promise<LeasedJob> {
    const { id, epoch } = placeOf(circuit, job);
    const { height } = job.data;
    const inputs = await this.#blobs.get(epoch, job.data.inputs);
    if (inputs === undefined) {
      const error = { code: ProverErrorCode.CORRUPT_QUEUE, reason: "Redis has lost the job's inputs" };
      await this.#fail({ place: { id, circuit, epoch }, job, lease }, error);
      throw new ProverError(
        error.code,
        "Redis has lost a job's inputs: make sure that no other program deletes its keys; the prover node will " +
          "queue the job again",
        { job: id },
      );
    }
    return { id, circuit, epoch, height, inputs, lease, heartbeatMs: heartbeatMs(this.settings.leaseMs) };
  }

  /** The proof is in Redis before it counts. */
  async #accept({ id, circuit, epoch }: JobPlace, lease: string, proof: Proof): Promise<void> {
    const queue = this.#queue(circuit);
    const hash = await this.#blobs.put(epoch, encodeRecord(proof));
    this.#proofs.noteProof(id, hash);
    while (await queue.claim(id, lease)) {
      const job = await queue.job(id);
      if (job === undefined) break;
      // Another process has claimed it meanwhile.
      if (!(await queue.complete(job, lease, hash))) continue;
      await this.#troubles.clear([id]);
      this.#ended.add(1, { circuit, outcome: "done" });
      return;
    }
    // Another proof was faster, or the epoch has been forgotten.
    if ((await queue.job(id))?.returnvalue !== hash) await this.#blobs.remove(epoch, hash);
  }

  async #refuse(place: JobPlace, lease: string): Promise<void> {
    const { id, circuit } = place;
    const queue = this.#queue(circuit);
    const job = await queue.job(id);
    if (job === undefined || hasEnded(job)) return;
    const holder = (await queue.holder(id)) === lease ? agentOf(lease) : undefined;
    this.#dependencies.logger.warn("an agent sent a proof that does not verify", {
      job: id,
      agent: holder ?? "one whose lease has expired",
      circuit,
    });
    // An agent whose lease is over takes the job from no one.
    if (holder !== undefined) await this.#retry({ place, job, lease }, wrongProofOf(holder));
    throw wrongProof(id);
  }

  async #retry(given: Given, error: JobFailure): Promise<void> {
    const { place, job, lease } = given;
    if (triesOf(job) >= attemptsOf(job)) await this.#fail(given, failedAfter(triesOf(job), error));
    else if (await this.#queue(place.circuit).giveBack(job, lease, error)) await this.#troubles.set(place, error);
  }

  async #fail({ place, job, lease }: Given, error: JobFailure): Promise<void> {
    if (!(await this.#queue(place.circuit).fail(job, lease, error))) return;
    await this.#troubles.set(place, error);
    this.#ended.add(1, { circuit: place.circuit, outcome: "failed" });
  }

  async #outcome(place: JobPlace): Promise<JobOutcome | undefined> {
    const job = await this.#queue(place.circuit).job(place.id);
    if (job === undefined) return forgotten;
    if (!hasEnded(job)) return undefined;
    if (hasFailed(job)) return { status: "failed", ...(JSON.parse(job.failedReason) as JobFailure) };
    const proof = await this.#checks.run(() => this.#proofs.proof(place, job));
    return proof === undefined ? this.#proveAgain(place, job) : { status: "done", proof };
  }

  /** For a proof that is in Redis and wrong, or gone. */
  async #proveAgain({ id, circuit }: JobPlace, job: QueuedJob): Promise<JobOutcome | undefined> {
    const queue = this.#queue(circuit);
    // Another prover node may have noticed as well, and a right proof have come since.
    if ((await queue.job(id))?.returnvalue !== job.returnvalue) return undefined;
    const exhausted = triesOf(job) >= attemptsOf(job);
    this.#dependencies.logger.warn("a proof in Redis is missing or does not verify; it will be made again", {
      job: id,
      circuit,
    });
    await queue.restart(job, "completed", exhausted ? "anew" : "kept");
    return exhausted ? failedAfter(triesOf(job), wrongProofOf("an agent that writes to Redis")) : undefined;
  }

  async #known(id: string): Promise<{ readonly place: JobPlace; readonly job: QueuedJob }> {
    const place = await this.#place(id);
    const job = await this.#queue(place.circuit).job(id);
    if (job === undefined) throw unknownJob(id);
    return { place, job };
  }

  async #place(id: string): Promise<JobPlace> {
    const place = await this.#index.find(id);
    if (place === undefined) throw unknownJob(id);
    return place;
  }

  #queue(circuit: CircuitName): CircuitQueue {
    const queue = this.#queues.get(circuit);
    if (queue === undefined)
      throw new ProverError(
        ProverErrorCode.CORRUPT_QUEUE,
        `the queue holds a job for circuit ${circuit}, which this version does not know: run the same version on ` +
          "all machines",
      );
    return queue;
  }
}
