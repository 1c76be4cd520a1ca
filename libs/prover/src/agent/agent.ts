import { codeOf, messageOf } from "@sprtn/primitives";
import type { CircuitName, Clock, JobSource, LeasedJob, Logger, Meter, ProofBackend, Service } from "@sprtn/ports";
import { isAbortError, Loop, sleep } from "@sprtn/runtime";

export interface AgentDependencies {
  readonly jobs: JobSource;
  readonly backend: ProofBackend;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

export interface AgentSettings {
  readonly name: string;
  /** PROVER_AGENT_CONCURRENCY: jobs at a time. */
  readonly concurrency: number;
  /** How long an idle agent waits before it asks again. */
  readonly pollMs: number;
  readonly circuits: readonly CircuitName[];
}

/** Errors of these codes are the inputs' fault: another agent would fail as well. */
const hopeless = new Set(["CIRCUIT_CONSTRAINT", "CIRCUIT_BAD_INPUTS", "CIRCUIT_BAD_CHILD"]);

/** Takes jobs from a broker, proves them, keeps the leases alive, and hands the proofs in. It keeps nothing: any number may run, anywhere. */
export class ProverAgent implements Service {
  readonly #loops: Loop[];
  readonly #seconds;

  constructor(private readonly dependencies: AgentDependencies, settings: AgentSettings) {
    const { clock, logger, meter } = dependencies;
    this.#seconds = meter.histogram<"circuit">({ name: "sprtn_agent_prove_seconds", help: "Time to make a proof", labels: ["circuit"], buckets: [0.01, 0.1, 1, 5, 10, 20, 40, 80, 160] });
    let reachable = true;
    const onError = (error: unknown) => {
      if (reachable) logger.warn("the broker cannot be reached; the agent keeps trying", { code: codeOf(error), reason: messageOf(error) });
      reachable = false;
    };
    const step = async (signal: AbortSignal) => {
      for (;;) {
        const job = await dependencies.jobs.take(settings.name, settings.circuits);
        reachable = true;
        if (job === null || signal.aborted) return;
        await this.#work(job, signal);
      }
    };
    this.#loops = Array.from({ length: settings.concurrency }, () => new Loop({ clock, step, onError }, { intervalMs: settings.pollMs }));
  }

  async start(signal: AbortSignal): Promise<void> {
    for (const loop of this.#loops) await loop.start(signal);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map(loop => loop.stop()));
  }

  async #work(job: LeasedJob, signal: AbortSignal): Promise<void> {
    const { jobs, backend, clock, logger } = this.dependencies;
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    const beating = this.#beat(job, over, stop);
    const startedMs = clock.nowMs();
    try {
      const proof = await backend.prove(job.circuit, job.inputs, stop);
      this.#seconds.observe((clock.nowMs() - startedMs) / 1000, { circuit: job.circuit });
      await jobs.complete(job.id, job.lease, proof);
    } catch (error) {
      if (isAbortError(error) || stop.aborted) return;
      logger.warn("a proof failed", { job: job.id, circuit: job.circuit, code: codeOf(error), reason: messageOf(error) });
      await jobs.fail(job.id, job.lease, { code: codeOf(error), reason: messageOf(error), retry: !hopeless.has(codeOf(error)) });
    } finally {
      over.abort();
      await beating;
    }
  }

  /** Keeps the lease; aborts the work when the broker has given the job to another. A broker that does not answer is asked again: its lease lasts three beats. */
  async #beat(job: LeasedJob, over: AbortController, stop: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await sleep(this.dependencies.clock, job.heartbeatMs, stop);
        const held = await this.dependencies.jobs.heartbeat(job.id, job.lease).catch((error: unknown) => {
          this.dependencies.logger.verbose("heartbeat failed", { job: job.id, code: codeOf(error) });
          return true;
        });
        if (!held) over.abort();
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}
