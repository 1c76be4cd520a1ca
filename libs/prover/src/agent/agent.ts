import { codeOf, counted, messageOf } from "@sprtn/primitives";
import type {
  CircuitName,
  Clock,
  JobSource,
  LeasedJob,
  Logger,
  Meter,
  Proof,
  ProofBackend,
  Service,
} from "@sprtn/ports";
import { isAbortError, Loop, orAborted, sleep } from "@sprtn/runtime";
import { ProverErrorCode } from "../prover-error.js";
import { proveSeconds } from "./agent-metrics.js";

/** Where jobs come from, and what proves them. */
export interface AgentDependencies {
  readonly jobs: JobSource;
  readonly backend: ProofBackend;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** Which circuits the agent knows, and how many jobs it does at a time. */
export interface AgentSettings {
  readonly name: string;
  /** PROVER_AGENT_CONCURRENCY: jobs at a time. */
  readonly concurrency: number;
  /** How long an idle agent waits before it asks again. */
  readonly pollMs: number;
  readonly circuits: readonly CircuitName[];
}

/** Whoever asks without the broker's secret, or with another one, is told this. */
const UNAUTHORIZED = "RPC_UNAUTHORIZED";
const UNKNOWN_METHOD = "RPC_UNKNOWN_METHOD";
/** Nobody answers, or not in time. */
const absent = new Set([
  "RPC_UNREACHABLE",
  "RPC_NO_ANSWER",
  "RPC_TIMEOUT",
  ProverErrorCode.QUEUE_UNREACHABLE as string,
]);

/** What keeps an agent without jobs, for people. */
function troubleOf(code: string): string {
  if (code === UNAUTHORIZED)
    return (
      "the broker does not accept this agent's token: give it the prover node's PROVER_BROKER_TOKEN and start it " +
      "again, or give the prover node the agent's"
    );
  if (code === UNKNOWN_METHOD)
    return (
      "what answers at PROVER_BROKER_HOST has no broker; the agent will keep trying: give it the URL of a prover " +
      "node, or start that node with --prover-node"
    );
  return absent.has(code)
    ? "the broker cannot be reached; the agent will keep trying"
    : "the broker answers with an error instead of a job; the agent will keep trying";
}

/** How often an agent says how many simulated proofs it has made. */
const REPORT_MS = 60_000;

/** How long an agent that stops waits for a broker that does not answer. */
const LAST_WORD_MS = 2_000;

/** For people. */
function inUnits(usage: Proof["usage"]) {
  return usage === undefined
    ? {}
    : { cpuSeconds: Math.round(10 * usage.cpuSeconds) / 10, peakMegabytes: Math.round(usage.peakMemoryBytes / 1e6) };
}

/** Errors of these codes are the inputs' fault: another agent would fail as well. */
const hopeless = new Set(["CIRCUIT_CONSTRAINT", "CIRCUIT_BAD_INPUTS", "CIRCUIT_BAD_CHILD"]);
/** Errors of these codes are the broker's own answers: asking again changes nothing. */
const answers = new Set<string>(
  Object.values(ProverErrorCode).filter(code => code !== ProverErrorCode.QUEUE_UNREACHABLE),
);

/**
 * Takes jobs from a broker, proves them, keeps the leases alive, and hands the proofs in. It keeps nothing: any number
 * may run, anywhere. One that stops gives its jobs back, so that others need not wait for the leases to end.
 */
export class ProverAgent implements Service {
  readonly #loops: Loop[];
  readonly #seconds;
  /** Simulated proofs since the last line about them. */
  #unreported = 0;
  /** What is said of the broker; `undefined` while it answers. */
  #trouble: string | undefined;

  readonly #dependencies: AgentDependencies;

  constructor(
    dependencies: AgentDependencies,
    private readonly settings: AgentSettings,
  ) {
    this.#dependencies = dependencies;
    const { clock, meter } = dependencies;
    this.#seconds = proveSeconds(meter);
    const step = async (signal: AbortSignal) => {
      for (;;) {
        const job = await this.#answer(dependencies.jobs.take(settings.name, settings.circuits), signal);
        this.#trouble = undefined;
        if (job === null) return;
        if (signal.aborted) return this.#giveBack(job);
        await this.#work(job, signal);
        // A simulated proof waits for nothing: a whole block of them in one go would keep everything else in this
        // process from running.
        await sleep(clock, 0, signal);
      }
    };
    const onError = (error: unknown) => this.#withoutAnswer(error);
    this.#loops = Array.from(
      { length: settings.concurrency },
      () => new Loop({ clock, step, onError }, { intervalMs: settings.pollMs }),
    );
    const report = async () => this.#report();
    this.#loops.push(
      new Loop({ clock, step: report, onError }, { intervalMs: REPORT_MS, firstStep: "after-interval" }),
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    for (const loop of this.#loops) await loop.start(signal);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map(loop => loop.stop()));
  }

  /** Said once until the broker answers again, or is in the way for another reason. */
  #withoutAnswer(error: unknown): void {
    const code = codeOf(error);
    const text = troubleOf(code);
    if (this.#trouble !== text) this.#dependencies.logger.warn(text, { code, reason: messageOf(error) });
    this.#trouble = text;
  }

  /** One line for all simulated proofs of the last minute, so that one sees that the agent works. */
  #report(): void {
    const jobs = this.#unreported;
    this.#unreported = 0;
    if (jobs > 0) this.#dependencies.logger.info(`${counted(jobs, "job")} proved in the last minute`, { jobs });
  }

  async #work(job: LeasedJob, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    const beating = this.#beat(job, over, stop);
    try {
      const report = await this.#prove(job, stop);
      if (report !== undefined) await this.#deliver(job, report, stop);
      else if (signal.aborted) await this.#giveBack(job);
    } finally {
      over.abort();
      await beating;
    }
  }

  /** What to report to the broker; `undefined` when the job is no longer this agent's. */
  async #prove(job: LeasedJob, stop: AbortSignal): Promise<(() => Promise<void>) | undefined> {
    const { jobs, backend, clock, logger } = this.#dependencies;
    const startedMs = clock.steadyMs();
    logger.verbose("proving", { job: job.id, circuit: job.circuit, epoch: job.epoch });
    try {
      const proof = await backend.prove(job.circuit, job.inputs, stop);
      const seconds = (clock.steadyMs() - startedMs) / 1000;
      this.#seconds.observe(seconds, { circuit: job.circuit });
      // A real proof takes longer than a slot; simulated ones would be a line for every transaction, so one a minute
      // counts them.
      if (backend.mode === "simulated") this.#unreported += 1;
      else
        logger.info(`proved ${job.circuit} in ${seconds.toFixed(1)} s`, {
          job: job.id,
          epoch: job.epoch,
          ...inUnits(proof.usage),
        });
      return () => jobs.complete(job.id, job.lease, proof);
    } catch (error) {
      if (isAbortError(error) || stop.aborted) return undefined;
      const code = codeOf(error);
      logger.warn("a proof failed", { job: job.id, circuit: job.circuit, code, reason: messageOf(error) });
      return () => jobs.fail(job.id, job.lease, { code, reason: messageOf(error), retry: !hopeless.has(code) });
    }
  }

  /**
   * A proof is too expensive to lose because the broker is unreachable for a moment: tries until it answers or the job
   * is another's.
   */
  async #deliver(job: LeasedJob, report: () => Promise<void>, stop: AbortSignal): Promise<void> {
    const { clock, logger } = this.#dependencies;
    do {
      try {
        await this.#answer(report(), stop);
        this.#trouble = undefined;
        return;
      } catch (error) {
        if (isAbortError(error)) return;
        if (answers.has(codeOf(error))) {
          logger.warn("the broker does not accept a result", {
            job: job.id,
            circuit: job.circuit,
            code: codeOf(error),
            reason: messageOf(error),
          });
          return;
        }
        // One that stops tries no more.
        if (stop.aborted) return;
        this.#withoutAnswer(error);
      }
      await sleep(clock, this.settings.pollMs, stop).catch((error: unknown) => {
        if (!isAbortError(error)) throw error;
      });
    } while (!stop.aborted);
  }

  /** A broker that does not hear of it gives the job out again when its lease is over. */
  async #giveBack(job: LeasedJob): Promise<void> {
    const { jobs, logger } = this.#dependencies;
    try {
      await this.#answer(jobs.release(job.id, job.lease), AbortSignal.abort());
    } catch (error) {
      logger.verbose("a job could not be returned", { job: job.id, code: codeOf(error) });
    }
  }

  /** What the broker answers. After `signal` it waits only a moment longer. */
  #answer<T>(asking: Promise<T>, signal: AbortSignal): Promise<T> {
    const grace = { clock: this.#dependencies.clock, delayMs: LAST_WORD_MS };
    return orAborted(asking, { what: "waiting for the broker", signal, grace });
  }

  /**
   * Keeps the lease; aborts the work when the broker has given the job to another. A broker that does not answer is
   * asked again: its lease lasts three beats.
   */
  async #beat(job: LeasedJob, over: AbortController, stop: AbortSignal): Promise<void> {
    try {
      for (;;) {
        await sleep(this.#dependencies.clock, job.heartbeatMs, stop);
        const beating = this.#dependencies.jobs.heartbeat(job.id, job.lease).catch((error: unknown) => {
          this.#dependencies.logger.verbose("heartbeat failed", { job: job.id, code: codeOf(error) });
          return true;
        });
        if (!(await orAborted(beating, { what: "a heartbeat", signal: stop }))) over.abort();
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
}
